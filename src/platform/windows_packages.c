/*
 * What is installed: uninstall entries, services, drivers, adapters, Winsock providers, packages
 * of the store, and the switches that rules ask for. All of it may be read without rights.
 */
#include "windows.h"
#include "sockets.h"

#include <iphlpapi.h>
#include <stdlib.h>
#include <string.h>
#include <ws2spi.h>

#define UNINSTALL L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
#define SERVICES  L"SYSTEM\\CurrentControlSet\\Services"
#define STORE                                                                                      \
	L"Software\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\CurrentVersion"         \
	L"\\AppModel\\Repository\\Packages"
#define SHARING  L"SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters"
#define EXPLORER L"SOFTWARE\\Microsoft\\Internet Explorer"

/* Of services and drivers: SERVICE_* of winnt.h. */
#define TYPE_DRIVERS  (SERVICE_KERNEL_DRIVER | SERVICE_FILE_SYSTEM_DRIVER)
#define TYPE_SERVICES (SERVICE_WIN32_OWN_PROCESS | SERVICE_WIN32_SHARE_PROCESS)

/* Calls fn for each subkey of a key; false when the key cannot be opened (absent: true). */
static bool each_subkey(HKEY root, const wchar_t *path, REGSAM view,
	void (*fn)(struct inventory *inventory, HKEY key, const char *name),
	struct inventory *inventory)
{
	LONG code;
	HKEY parent = windows_key(root, path, view, &code);

	if (parent == NULL)
		return code == ERROR_FILE_NOT_FOUND;
	for (DWORD i = 0;; i++) {
		char *name = windows_subkey(parent, i);
		if (name == NULL)
			break;
		wchar_t *wide = windows_wide(name);
		HKEY key = windows_key(parent, wide, view, NULL);
		fn(inventory, key, name);
		if (key != NULL)
			RegCloseKey(key);
		free(wide);
		free(name);
	}
	RegCloseKey(parent);
	return true;
}

static void add_program(struct inventory *inventory, HKEY key, const char *name)
{
	char *title = key != NULL ? windows_string_value(key, L"DisplayName") : NULL;
	char *version = key != NULL ? windows_string_value(key, L"DisplayVersion") : NULL;
	char *publisher = key != NULL ? windows_string_value(key, L"Publisher") : NULL;

	if (title != NULL && *title != '\0')
		inventory_add(inventory, INVENTORY_PROGRAM, title, version, publisher, name);
	free(title);
	free(version);
	free(publisher);
}

static bool read_programs(struct inventory *inventory)
{
	bool all =
		each_subkey(HKEY_LOCAL_MACHINE, UNINSTALL, KEY_WOW64_64KEY, add_program, inventory);
	bool old =
		each_subkey(HKEY_LOCAL_MACHINE, UNINSTALL, KEY_WOW64_32KEY, add_program, inventory);
	bool own = each_subkey(HKEY_CURRENT_USER, UNINSTALL, 0, add_program, inventory);

	return windows_add_upgrade_codes(inventory) && all && old && own;
}

/* One that is disabled does nothing: many come with Windows that way. */
static void add_service(struct inventory *inventory, HKEY key, const char *name)
{
	DWORD type = 0, start = SERVICE_DISABLED, size = sizeof type;

	if (key == NULL ||
		RegQueryValueExW(key, L"Type", NULL, NULL, (BYTE *)&type, &size) != ERROR_SUCCESS)
		return;
	size = sizeof start;
	if (RegQueryValueExW(key, L"Start", NULL, NULL, (BYTE *)&start, &size) != ERROR_SUCCESS ||
		start == SERVICE_DISABLED)
		return;
	if (type & TYPE_DRIVERS)
		inventory_add(inventory, INVENTORY_DRIVER, name, NULL, NULL, NULL);
	else if (type & TYPE_SERVICES)
		inventory_add(inventory, INVENTORY_SERVICE, name, NULL, NULL, NULL);
}

/* "AppleInc.iTunes_12.13.1.3_x64__nzyj5cx40ttqa": name, version, architecture, publisher id. */
static void add_store(struct inventory *inventory, HKEY key, const char *full)
{
	const char *version = strchr(full, '_');
	const char *end = version != NULL ? strchr(version + 1, '_') : NULL;

	(void)key;
	if (end == NULL) {
		inventory_add(inventory, INVENTORY_STORE, full, NULL, NULL, full);
		return;
	}
	char *name = mem_strndup(full, (size_t)(version - full));
	char *number = mem_strndup(version + 1, (size_t)(end - version - 1));
	inventory_add(inventory, INVENTORY_STORE, name, number, NULL, full);
	free(name);
	free(number);
}

typedef int(WSPAPI *enumerate_fn)(int *, WSAPROTOCOL_INFOW *, DWORD *, int *);

/* Layered providers, and the chains that they are in; the base providers are Windows' own. */
static bool read_catalog(struct inventory *inventory, enumerate_fn enumerate)
{
	DWORD size = 0;
	int code = 0;
	int count = enumerate(NULL, NULL, &size, &code);

	if (count == SOCKET_ERROR && code != WSAENOBUFS)
		return false;
	WSAPROTOCOL_INFOW *list = mem_alloc(size > 0 ? size : sizeof *list);
	count = enumerate(NULL, list, &size, &code);
	for (int i = 0; i < count; i++) {
		if (list[i].ProtocolChain.ChainLen == BASE_PROTOCOL)
			continue;
		char *name = windows_utf8(list[i].szProtocol);
		inventory_add(inventory, INVENTORY_LSP, name, NULL, NULL, NULL);
		free(name);
	}
	free(list);
	return count != SOCKET_ERROR;
}

/* VPN clients may be 32-bit programs, which have a catalogue of their own. */
static bool read_providers(struct inventory *inventory)
{
	HMODULE library = GetModuleHandleW(L"ws2_32.dll");
	enumerate_fn old = NULL;

	if (library != NULL)
		old = (enumerate_fn)(void *)GetProcAddress(library, "WSCEnumProtocols32");
	return read_catalog(inventory, WSCEnumProtocols) &&
	       (old == NULL || read_catalog(inventory, old));
}

/* The address that Windows gives to the adapter of a shared connection. */
static bool is_sharing_address(const struct net_addr *addr)
{
	char scope[NET_ADDR_STRLEN];
	struct net_addr expected;

	if (!windows_string(HKEY_LOCAL_MACHINE, SHARING, L"ScopeAddress", scope, sizeof scope) ||
		!net_addr_parse(scope, &expected))
		net_addr_parse("192.168.137.1", &expected);
	return net_addr_equal(addr, &expected);
}

static bool read_adapters(struct inventory *inventory)
{
	IP_ADAPTER_ADDRESSES *adapters = windows_adapters(NULL);
	bool sharing = false;

	if (adapters == NULL)
		return false;
	for (const IP_ADAPTER_ADDRESSES *a = adapters; a != NULL; a = a->Next) {
		if (a->Description == NULL)
			continue;
		char *name = windows_utf8(a->Description);
		inventory_add(inventory, INVENTORY_ADAPTER, name, NULL, NULL, NULL);
		free(name);
		for (const IP_ADAPTER_UNICAST_ADDRESS *u = a->FirstUnicastAddress; u != NULL;
			u = u->Next) {
			struct net_addr addr;
			net_addr_of(u->Address.lpSockaddr, &addr);
			sharing = sharing ||
				  (a->OperStatus == IfOperStatusUp && is_sharing_address(&addr));
		}
	}
	free(adapters);
	if (sharing)
		inventory_add(inventory, INVENTORY_STATE, "internet-connection-sharing", NULL, NULL,
			NULL);
	return true;
}

static void read_explorer(struct inventory *inventory)
{
	char version[64];

	/* Version stayed at 9.x from 10 on; svcVersion is the real one. */
	if (windows_string(HKEY_LOCAL_MACHINE, EXPLORER, L"svcVersion", version, sizeof version) ||
		windows_string(HKEY_LOCAL_MACHINE, EXPLORER, L"Version", version, sizeof version))
		inventory_add(inventory, INVENTORY_STATE, "internet-explorer", version, NULL, NULL);
}

int platform_inventory(struct inventory *inventory, struct strbuf *why)
{
	bool *complete = inventory->complete;

	(void)why; /* what cannot be read is not complete */
	complete[INVENTORY_PROGRAM] = read_programs(inventory);
	complete[INVENTORY_SERVICE] = complete[INVENTORY_DRIVER] =
		each_subkey(HKEY_LOCAL_MACHINE, SERVICES, KEY_WOW64_64KEY, add_service, inventory);
	complete[INVENTORY_STORE] = each_subkey(HKEY_CURRENT_USER, STORE, 0, add_store, inventory);
	complete[INVENTORY_LSP] = read_providers(inventory);
	complete[INVENTORY_ADAPTER] = complete[INVENTORY_STATE] = read_adapters(inventory);
	read_explorer(inventory);
	return 0;
}
