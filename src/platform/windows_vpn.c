/*
 * VPN connections: those of Windows' own phone books, and clients by their adapters.
 */
#include "windows.h"
#include "sockets.h"

#include <iphlpapi.h>
#include <ras.h>
#include <raserror.h>
#include <stdlib.h>
#include <string.h>

#include "windows_data.h"

static struct vpn_connection *add(struct vpn_connections *list)
{
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
	struct vpn_connection *vpn = &list->items[list->count++];
	memset(vpn, 0, sizeof *vpn);
	return vpn;
}

static struct vpn_connection *find(struct vpn_connections *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	return NULL;
}

/* ---- the phone books ---- */

/* The properties of an entry; NULL when it cannot be read. The caller frees with free(). */
static RASENTRYW *properties(const RASENTRYNAMEW *name)
{
	DWORD size = 0, code;

	/* It is longer than the structure by alternate numbers, and the structure grew over time.
	 */
	RasGetEntryPropertiesW(name->szPhonebookPath, name->szEntryName, NULL, &size, NULL, NULL);
	if (size < sizeof(RASENTRYW))
		size = sizeof(RASENTRYW);
	RASENTRYW *entry = mem_alloc(size);
	entry->dwSize = sizeof *entry;
	code = RasGetEntryPropertiesW(
		name->szPhonebookPath, name->szEntryName, entry, &size, NULL, NULL);
	if (code == ERROR_SUCCESS)
		return entry;
	free(entry);
	return NULL;
}

/* One whose properties are kept from us is taken for what such entries mostly are today. */
static void add_entry(struct vpn_connections *list, const RASENTRYNAMEW *name)
{
	RASENTRYW *entry = properties(name);
	const char *kind = "windows";
	bool vpn = true;

	if (entry != NULL) {
		vpn = entry->dwType == RASET_Vpn || _wcsicmp(entry->szDeviceType, RASDT_Vpn) == 0;
		kind = windows_vpn_strategy(entry->dwVpnStrategy);
	}
	free(entry);
	if (!vpn)
		return;
	struct vpn_connection *connection = add(list);
	windows_copy(connection->name, sizeof connection->name, name->szEntryName);
	snprintf(connection->kind, sizeof connection->kind, "%s", kind);
}

/* Entries of the user and of the computer. */
static void read_entries(struct vpn_connections *list)
{
	RASENTRYNAMEW *names = NULL;
	DWORD size = sizeof *names, count = 0, code = ERROR_BUFFER_TOO_SMALL;

	/* Entries may come between two calls. */
	for (int i = 0; i < 4 && code == ERROR_BUFFER_TOO_SMALL; i++) {
		free(names);
		names = mem_alloc(size);
		names[0].dwSize = sizeof names[0];
		code = RasEnumEntriesW(NULL, NULL, names, &size, &count);
	}
	for (DWORD i = 0; code == ERROR_SUCCESS && i < count; i++)
		add_entry(list, &names[i]);
	free(names);
}

/* Also listed while dialling; a state that cannot be read is taken for what the list says. */
static bool is_connected(const RASCONNW *c)
{
	RASCONNSTATUSW status = {.dwSize = sizeof status};

	return RasGetConnectStatusW(c->hrasconn, &status) != ERROR_SUCCESS ||
	       status.rasconnstate == RASCS_Connected;
}

static void add_connection(struct vpn_connections *list, const RASCONNW *c)
{
	char name[sizeof list->items[0].name], device[(RAS_MaxDeviceName + 1) * 3];
	struct vpn_connection *vpn;

	if (_wcsicmp(c->szDeviceType, RASDT_Vpn) != 0)
		return;
	windows_copy(name, sizeof name, c->szEntryName);
	windows_copy(device, sizeof device, c->szDeviceName);
	vpn = find(list, name);
	if (vpn == NULL)
		vpn = add(list);
	snprintf(vpn->name, sizeof vpn->name, "%s", name);
	snprintf(vpn->kind, sizeof vpn->kind, "%s", windows_vpn_kind(device));
	vpn->connected = is_connected(c);
}

/* The service that makes Windows' own connections; where it does not run, none can stand. */
static bool service_runs(void)
{
	SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
	SC_HANDLE service =
		manager != NULL ? OpenServiceW(manager, L"RasMan", SERVICE_QUERY_STATUS) : NULL;
	SERVICE_STATUS status = {.dwCurrentState = SERVICE_RUNNING};
	DWORD code = GetLastError();

	if (service != NULL)
		QueryServiceStatus(service, &status);
	else if (manager != NULL && code == ERROR_SERVICE_DOES_NOT_EXIST)
		status.dwCurrentState = SERVICE_STOPPED;
	if (service != NULL)
		CloseServiceHandle(service);
	if (manager != NULL)
		CloseServiceHandle(manager);
	return status.dwCurrentState != SERVICE_STOPPED;
}

/* Items of this length; Windows' own grew at the end, which nothing here looks at. */
static DWORD read_items(struct vpn_connections *list, DWORD length)
{
	BYTE *items = NULL;
	DWORD size = length, count = 0, code = ERROR_BUFFER_TOO_SMALL;

	/* Connections may come between two calls. */
	for (int i = 0; i < 4 && code == ERROR_BUFFER_TOO_SMALL; i++) {
		free(items);
		items = mem_alloc(size > length ? size : length);
		((RASCONNW *)(void *)items)->dwSize = length;
		code = RasEnumConnectionsW((RASCONNW *)(void *)items, &size, &count);
	}
	for (DWORD i = 0; code == ERROR_SUCCESS && i < count; i++)
		add_connection(list, (const RASCONNW *)(const void *)(items + i * length));
	free(items);
	return code;
}

/*
 * Asked without room first, as the documentation has it: that there is none is then told whatever
 * the length of an item is in this Windows.
 */
static DWORD read_connections(struct vpn_connections *list)
{
	static const DWORD lengths[] = {sizeof(RASCONNW), sizeof(RASCONNW) + sizeof(GUID)};
	DWORD size = 0, count = 0, code = RasEnumConnectionsW(NULL, &size, &count);

	if (code == ERROR_SUCCESS || code == ERROR_NO_CONNECTION ||
		code == ERROR_CANNOT_OPEN_PHONEBOOK)
		return ERROR_SUCCESS;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		code = read_items(list, lengths[i]);
		if (code != ERROR_INVALID_SIZE)
			break;
	}
	return code;
}

/* ---- adapters ---- */

static bool has_address(const IP_ADAPTER_ADDRESSES *adapter)
{
	for (const IP_ADAPTER_UNICAST_ADDRESS *u = adapter->FirstUnicastAddress; u != NULL;
		u = u->Next) {
		struct net_addr addr;
		net_addr_of(u->Address.lpSockaddr, &addr);
		if (addr.family != 0 && net_addr_class(&addr) != NET_LINK_LOCAL)
			return true;
	}
	return false;
}

/* A connection of Windows' own has an adapter by its name while it stands. */
static void name_adapter(struct vpn_connections *list, const IP_ADAPTER_ADDRESSES *a)
{
	char friendly[sizeof list->items[0].name];
	struct vpn_connection *vpn;

	windows_copy(friendly, sizeof friendly, a->FriendlyName);
	vpn = find(list, friendly);
	if (vpn != NULL && vpn->connected)
		windows_copy(vpn->interface, sizeof vpn->interface, a->FriendlyName);
}

static void read_adapter(struct vpn_connections *list, const IP_ADAPTER_ADDRESSES *a)
{
	char description[128];
	const char *name, *kind;

	if (a->FriendlyName == NULL || a->Description == NULL)
		return;
	if (a->IfType == IF_TYPE_PPP)
		name_adapter(list, a);
	windows_copy(description, sizeof description, a->Description);
	if (!windows_vpn_client(description, &name, &kind))
		return;
	struct vpn_connection *vpn = find(list, name);
	if (vpn == NULL)
		vpn = add(list);
	snprintf(vpn->name, sizeof vpn->name, "%s", name);
	snprintf(vpn->kind, sizeof vpn->kind, "%s", kind);
	windows_copy(vpn->interface, sizeof vpn->interface, a->FriendlyName);
	vpn->connected = vpn->connected || (a->OperStatus == IfOperStatusUp && has_address(a));
}

static bool any_connected(const struct vpn_connections *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].connected)
			return true;
	return false;
}

int platform_vpns(struct vpn_connections *list, struct strbuf *why)
{
	DWORD connections;

	memset(list, 0, sizeof *list);
	read_entries(list); /* whether one is set up does not decide whether one stands */
	connections = read_connections(list);
	IP_ADAPTER_ADDRESSES *adapters = windows_adapters(why);
	bool known = adapters != NULL;

	for (const IP_ADAPTER_ADDRESSES *a = adapters; a != NULL; a = a->Next)
		read_adapter(list, a);
	free(adapters);
	/* One that stands is told; that there is none, only when all was read. */
	if (known && connections != ERROR_SUCCESS && !any_connected(list) && service_runs()) {
		windows_why(why, "RasEnumConnections", connections);
		known = false;
	}
	if (!known)
		vpn_connections_release(list);
	return known ? 0 : -1;
}
