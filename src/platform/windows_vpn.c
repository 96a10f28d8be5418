/*
 * VPN connections: those of Windows' own phone books, and clients whose adapter is up.
 */
#include "windows.h"
#include "sockets.h"

#include <iphlpapi.h>
#include <ras.h>
#include <raserror.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_vpn(const RASENTRYNAMEW *name)
{
	DWORD size = 0, code;
	RASENTRYW *entry;
	bool vpn = false;

	RasGetEntryPropertiesW(name->szPhonebookPath, name->szEntryName, NULL, &size, NULL, NULL);
	if (size < sizeof *entry)
		size = sizeof *entry;
	entry = mem_alloc(size);
	entry->dwSize = sizeof *entry;
	code = RasGetEntryPropertiesW(
		name->szPhonebookPath, name->szEntryName, entry, &size, NULL, NULL);
	vpn = code == ERROR_SUCCESS && _wcsicmp(entry->szDeviceType, RASDT_Vpn) == 0;
	free(entry);
	return vpn;
}

static DWORD read_entries(struct vpn_connections *list)
{
	DWORD size = 0, count = 0;
	DWORD code = RasEnumEntriesW(NULL, NULL, NULL, &size, &count);

	if (code != ERROR_BUFFER_TOO_SMALL)
		return code;
	RASENTRYNAMEW *names = mem_alloc(size);
	names[0].dwSize = sizeof names[0];
	code = RasEnumEntriesW(NULL, NULL, names, &size, &count);
	for (DWORD i = 0; code == ERROR_SUCCESS && i < count; i++) {
		if (!is_vpn(&names[i]))
			continue;
		struct vpn_connection *vpn = add(list);
		windows_copy(vpn->name, sizeof vpn->name, names[i].szEntryName);
		memcpy(vpn->kind, "windows", sizeof "windows");
	}
	free(names);
	return code;
}

/* The words of RASCONN.szDeviceName: "WAN Miniport (IKEv2)". */
static const char *kind_of(const RASCONNW *c)
{
	return wcsstr(c->szDeviceName, L"IKEv2") != NULL  ? "ikev2"
	       : wcsstr(c->szDeviceName, L"L2TP") != NULL ? "l2tp"
	       : wcsstr(c->szDeviceName, L"SSTP") != NULL ? "sstp"
	       : wcsstr(c->szDeviceName, L"PPTP") != NULL ? "pptp"
							  : "windows";
}

static void read_connections(struct vpn_connections *list)
{
	RASCONNW first = {.dwSize = sizeof first}, *items = &first;
	DWORD size = sizeof first, count = 0;
	DWORD code = RasEnumConnectionsW(items, &size, &count);

	if (code == ERROR_BUFFER_TOO_SMALL) {
		items = mem_alloc(size);
		items[0].dwSize = sizeof items[0];
		code = RasEnumConnectionsW(items, &size, &count);
	}
	for (DWORD i = 0; code == ERROR_SUCCESS && i < count; i++) {
		char name[sizeof list->items[0].name];
		if (_wcsicmp(items[i].szDeviceType, RASDT_Vpn) != 0)
			continue;
		windows_copy(name, sizeof name, items[i].szEntryName);
		struct vpn_connection *vpn = find(list, name);
		if (vpn == NULL)
			vpn = add(list);
		memcpy(vpn->name, name, sizeof name);
		snprintf(vpn->kind, sizeof vpn->kind, "%s", kind_of(&items[i]));
		vpn->connected = true;
	}
	if (items != &first)
		free(items);
}

/* ---- adapters of clients ---- */

static const struct {
	const wchar_t *description; /* the beginning of it */
	const char *name, *kind;
} clients[] = {
	{L"Cisco AnyConnect", "AnyConnect", "anyconnect"},
	{L"Cisco Secure Client", "AnyConnect", "anyconnect"},
	{L"TAP-Windows Adapter", "TAP", "tun"},
	{L"Wintun", "Wintun", "tun"},
	{L"WireGuard", "WireGuard", "wireguard"},
	{L"Check Point Virtual", "Check Point", "tun"},
	{L"PANGP Virtual", "GlobalProtect", "tun"},
	{L"Fortinet", "FortiClient", "tun"},
	{L"Juniper Networks Virtual", "Pulse Secure", "tun"},
};

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

static void read_adapter(struct vpn_connections *list, const IP_ADAPTER_ADDRESSES *a)
{
	for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
		const wchar_t *beginning = clients[i].description;
		if (a->Description == NULL ||
			wcsncmp(a->Description, beginning, wcslen(beginning)) != 0)
			continue;
		struct vpn_connection *vpn = find(list, clients[i].name);
		if (vpn == NULL)
			vpn = add(list);
		snprintf(vpn->name, sizeof vpn->name, "%s", clients[i].name);
		snprintf(vpn->kind, sizeof vpn->kind, "%s", clients[i].kind);
		windows_copy(vpn->interface, sizeof vpn->interface, a->FriendlyName);
		vpn->connected =
			vpn->connected || (a->OperStatus == IfOperStatusUp && has_address(a));
		return;
	}
}

int platform_vpns(struct vpn_connections *list, struct strbuf *why)
{
	memset(list, 0, sizeof *list);
	DWORD code = read_entries(list);
	if (code == ERROR_SUCCESS || code == ERROR_CANNOT_OPEN_PHONEBOOK)
		read_connections(list);
	IP_ADAPTER_ADDRESSES *adapters = windows_adapters(why);
	if (adapters == NULL) {
		vpn_connections_release(list);
		return -1;
	}
	for (const IP_ADAPTER_ADDRESSES *a = adapters; a != NULL; a = a->Next)
		read_adapter(list, a);
	free(adapters);
	return 0;
}
