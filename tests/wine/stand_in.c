/*
 * Stands in for two of Wine's libraries where they do not look into the registry as Windows does:
 * the Winsock catalogue, which is fixed in Wine, and the names of network adapters, which are those
 * of the system below. Everything else goes on to Wine's own; plant.py writes the list of what. Its
 * program is the one under test, with this library's name in its table of imports.
 */
#define _WIN32_WINNT 0x0A00
#include <winsock2.h>
#include <ws2spi.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <stdlib.h>
#include <string.h>

#define CATALOG L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\Parameters\\Protocol_Catalog9\\"
#define ADAPTERS                                                                                   \
	L"SYSTEM\\CurrentControlSet\\Control\\Class\\{4D36E972-E325-11CE-BFC1-08002BE10318}\\"

/* PackedCatalogItem, as Windows has it. */
struct item {
	char library[MAX_PATH];
	WSAPROTOCOL_INFOW protocol;
};

static int read_catalog(const wchar_t *path, WSAPROTOCOL_INFOW *list, DWORD *size, int *error)
{
	DWORD count = 0, room = list != NULL ? *size / (DWORD)sizeof *list : 0,
	      got = sizeof(struct item);
	struct item item;
	wchar_t name[64];
	HKEY key, entry;

	if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS)
		return 0;
	for (; RegEnumKeyW(key, count, name, 64) == ERROR_SUCCESS; count++, got = sizeof item) {
		if (RegOpenKeyExW(key, name, 0, KEY_READ, &entry) != ERROR_SUCCESS)
			continue;
		RegQueryValueExW(entry, L"PackedCatalogItem", NULL, NULL, (BYTE *)&item, &got);
		RegCloseKey(entry);
		if (count < room)
			list[count] = item.protocol;
	}
	RegCloseKey(key);
	*size = count * (DWORD)sizeof *list;
	if (count <= room)
		return (int)count;
	*error = WSAENOBUFS;
	return SOCKET_ERROR;
}

int WSPAPI stand_in_protocols(int *wanted, WSAPROTOCOL_INFOW *list, DWORD *size, int *error)
{
	(void)wanted;
	return read_catalog(CATALOG L"Catalog_Entries64", list, size, error);
}

int WSPAPI stand_in_protocols32(int *wanted, WSAPROTOCOL_INFOW *list, DWORD *size, int *error)
{
	(void)wanted;
	return read_catalog(CATALOG L"Catalog_Entries", list, size, error);
}

static void describe(IP_ADAPTER_ADDRESSES *adapter)
{
	wchar_t path[512] = ADAPTERS, text[256];
	DWORD size = sizeof text;

	wcsncat(path, adapter->FriendlyName, 200);
	if (RegGetValueW(HKEY_LOCAL_MACHINE, path, L"DriverDesc", RRF_RT_REG_SZ, NULL, text,
		    &size) == ERROR_SUCCESS)
		adapter->Description = _wcsdup(text);
}

ULONG WINAPI stand_in_adapters(
	ULONG family, ULONG flags, void *reserved, IP_ADAPTER_ADDRESSES *list, ULONG *size)
{
	ULONG code = GetAdaptersAddresses(family, flags, reserved, list, size);

	for (IP_ADAPTER_ADDRESSES *a = code == NO_ERROR ? list : NULL; a != NULL; a = a->Next)
		describe(a);
	return code;
}
