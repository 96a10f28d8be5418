/*
 * Windows' own VPN connections (RAS), which Wine does not have, as the registry says:
 *
 *   HKLM\Software\Planted\RAS             Length: of an item of RasEnumConnections in this Windows
 *                                         Error: what that function says, whatever there is
 *   HKLM\Software\Planted\RAS\NAME        an entry: Type, Strategy; State of its connection
 *                                         (RASCONNSTATE, none: not dialled), Device
 */
#define UNICODE
#define _WIN32_WINNT 0x0A00
#include <winsock2.h>
#include <windows.h>
#include <ras.h>
#include <raserror.h>
#include <string.h>

#define PLANTED L"SOFTWARE\\Planted\\RAS"
#define MORE    100 /* octets of an entry behind its structure */

static DWORD number(const wchar_t *name, const wchar_t *value, DWORD fallback)
{
	wchar_t path[512] = PLANTED;
	DWORD found, size = sizeof found;

	if (name != NULL) {
		wcscat(path, L"\\");
		wcsncat(path, name, 300);
	}
	return RegGetValueW(HKEY_LOCAL_MACHINE, path, value, RRF_RT_REG_DWORD, NULL, &found,
		       &size) == ERROR_SUCCESS
		       ? found
		       : fallback;
}

static BOOL entry_name(DWORD i, wchar_t *name)
{
	HKEY key;
	BOOL found = RegOpenKeyExW(HKEY_LOCAL_MACHINE, PLANTED, 0, KEY_READ, &key) == ERROR_SUCCESS;

	if (found) {
		found = RegEnumKeyW(key, i, name, RAS_MaxEntryName + 1) == ERROR_SUCCESS;
		RegCloseKey(key);
	}
	return found;
}

DWORD WINAPI stand_in_entries(const wchar_t *reserved, const wchar_t *book, RASENTRYNAMEW *list,
	DWORD *size, DWORD *count)
{
	wchar_t name[RAS_MaxEntryName + 1];
	DWORD room = *size / (DWORD)sizeof *list;

	(void)reserved;
	(void)book;
	if (list != NULL && list->dwSize != sizeof *list)
		return ERROR_INVALID_SIZE;
	for (*count = 0; entry_name(*count, name); (*count)++)
		if (list != NULL && *count < room)
			wcscpy(list[*count].szEntryName, name);
	*size = *count * (DWORD)sizeof *list;
	return *count <= room ? ERROR_SUCCESS : ERROR_BUFFER_TOO_SMALL;
}

DWORD WINAPI stand_in_properties(const wchar_t *book, const wchar_t *name, RASENTRYW *entry,
	DWORD *size, void *device, DWORD *device_size)
{
	(void)book;
	(void)device;
	(void)device_size;
	if (entry == NULL || *size < sizeof *entry + MORE) {
		*size = sizeof *entry + MORE;
		return ERROR_BUFFER_TOO_SMALL;
	}
	if (entry->dwSize != sizeof *entry)
		return ERROR_INVALID_SIZE;
	entry->dwType = number(name, L"Type", RASET_Vpn);
	entry->dwVpnStrategy = number(name, L"Strategy", 0);
	wcscpy(entry->szDeviceType, entry->dwType == RASET_Vpn ? RASDT_Vpn : RASDT_Modem);
	return ERROR_SUCCESS;
}

static void fill(RASCONNW *item, DWORD length, DWORD i, const wchar_t *name)
{
	wchar_t path[512] = PLANTED L"\\";
	DWORD size = sizeof item->szDeviceName;

	item->dwSize = length;
	item->hrasconn = (HRASCONN)(ULONG_PTR)(i + 1);
	wcscpy(item->szEntryName, name);
	wcscpy(item->szDeviceType, RASDT_Vpn);
	wcsncat(path, name, 300);
	RegGetValueW(HKEY_LOCAL_MACHINE, path, L"Device", RRF_RT_REG_SZ, NULL, item->szDeviceName,
		&size);
}

DWORD WINAPI stand_in_connections(RASCONNW *list, DWORD *size, DWORD *count)
{
	DWORD length = number(NULL, L"Length", sizeof *list), error = number(NULL, L"Error", 0);
	DWORD room = list != NULL ? *size / length : 0;
	wchar_t name[RAS_MaxEntryName + 1];

	if (error != ERROR_SUCCESS)
		return error;
	if (list != NULL && list->dwSize != length)
		return ERROR_INVALID_SIZE;
	*count = 0;
	for (DWORD i = 0; entry_name(i, name); i++) {
		if (number(name, L"State", MAXDWORD) == MAXDWORD)
			continue;
		if (*count < room)
			fill((RASCONNW *)(void *)((BYTE *)list + *count * length), length, i, name);
		(*count)++;
	}
	*size = *count * length;
	return *count <= room ? ERROR_SUCCESS : ERROR_BUFFER_TOO_SMALL;
}

DWORD WINAPI stand_in_status(HRASCONN connection, RASCONNSTATUSW *status)
{
	wchar_t name[RAS_MaxEntryName + 1];

	if (status->dwSize != sizeof *status || !entry_name((DWORD)(ULONG_PTR)connection - 1, name))
		return ERROR_INVALID_SIZE;
	status->rasconnstate = (RASCONNSTATE)number(name, L"State", 0);
	return ERROR_SUCCESS;
}
