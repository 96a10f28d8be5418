/*
 * Adapters, routes, DNS servers, the hosts file, and names as the system resolves them.
 */
#include "windows.h"
#include "sockets.h"

#include <iphlpapi.h>
#include <netioapi.h>
#include <stdlib.h>
#include <string.h>

#include "windows_data.h"

#define ADAPTERS_FIRST (16 * 1024)
#define DNS_PORT       53
#define DISCARD_PORT   9

IP_ADAPTER_ADDRESSES *windows_adapters(struct strbuf *why)
{
	const ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST;
	ULONG size = ADAPTERS_FIRST, code = ERROR_BUFFER_OVERFLOW;
	IP_ADAPTER_ADDRESSES *list = NULL;

	/* Adapters may come between two calls. */
	for (int i = 0; i < 4 && code == ERROR_BUFFER_OVERFLOW; i++) {
		free(list);
		list = mem_alloc(size);
		code = GetAdaptersAddresses(AF_UNSPEC, flags, NULL, list, &size);
	}
	if (code == ERROR_SUCCESS)
		return list;
	free(list);
	if (code == ERROR_NO_DATA || code == ERROR_ADDRESS_NOT_ASSOCIATED)
		return mem_alloc(sizeof *list); /* zeroed: one adapter without a name */
	windows_why(why, "GetAdaptersAddresses", code);
	return NULL;
}

/* ---- interfaces ---- */

static void add_addresses(struct netif *netif, const IP_ADAPTER_UNICAST_ADDRESS *list)
{
	for (; list != NULL; list = list->Next) {
		struct net_addr addr;
		net_addr_of(list->Address.lpSockaddr, &addr);
		if (addr.family == 0)
			continue;
		netif->addrs = mem_grow(netif->addrs, netif->addr_count, &netif->addr_capacity,
			sizeof *netif->addrs);
		netif->addrs[netif->addr_count++] = addr;
	}
}

int platform_interfaces(struct netifs *list, struct strbuf *why)
{
	IP_ADAPTER_ADDRESSES *adapters = windows_adapters(why);

	memset(list, 0, sizeof *list);
	if (adapters == NULL)
		return -1;
	for (const IP_ADAPTER_ADDRESSES *a = adapters; a != NULL; a = a->Next) {
		if (a->FriendlyName == NULL)
			continue;
		list->items =
			mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
		struct netif *netif = &list->items[list->count++];
		*netif = (struct netif){.up = a->OperStatus == IfOperStatusUp,
			.speed = a->TransmitLinkSpeed != 0 && a->TransmitLinkSpeed != UINT64_MAX
					 ? (long long)(a->TransmitLinkSpeed / 1000000)
					 : -1};
		windows_copy(netif->name, sizeof netif->name, a->FriendlyName);
		if (a->Description != NULL)
			windows_copy(netif->description, sizeof netif->description, a->Description);
		netif->kind = windows_adapter_kind(a->IfType, netif->description);
		add_addresses(netif, a->FirstUnicastAddress);
	}
	free(adapters);
	return 0;
}

/* ---- routes ---- */

static const IP_ADAPTER_ADDRESSES *adapter_of(
	const IP_ADAPTER_ADDRESSES *adapters, NET_IFINDEX index, int family)
{
	for (const IP_ADAPTER_ADDRESSES *a = adapters; a != NULL; a = a->Next)
		if ((family == 6 ? a->Ipv6IfIndex : a->IfIndex) == index)
			return a;
	return NULL;
}

/* Of two routes to the same place, Windows takes the one whose metric and adapter's metric sum to
 * less. One of an adapter without a cable stays listed, but is not used. */
static bool is_usable(const MIB_IPFORWARD_ROW2 *row, const IP_ADAPTER_ADDRESSES *adapters,
	int family, ULONG *metric)
{
	const IP_ADAPTER_ADDRESSES *a = adapter_of(adapters, row->InterfaceIndex, family);

	*metric = row->Metric;
	if (row->DestinationPrefix.PrefixLength != 0 || row->Loopback)
		return false;
	if (a == NULL)
		return true;
	*metric += family == 6 ? a->Ipv6Metric : a->Ipv4Metric;
	return a->OperStatus == IfOperStatusUp;
}

static const MIB_IPFORWARD_ROW2 *best_default(
	const MIB_IPFORWARD_TABLE2 *table, const IP_ADAPTER_ADDRESSES *adapters, int family)
{
	const MIB_IPFORWARD_ROW2 *best = NULL;
	ULONG metric, best_metric = 0;

	for (ULONG i = 0; i < table->NumEntries; i++) {
		const MIB_IPFORWARD_ROW2 *row = &table->Table[i];
		if (is_usable(row, adapters, family, &metric) &&
			(best == NULL || metric < best_metric)) {
			best = row;
			best_metric = metric;
		}
	}
	return best;
}

static void set_route(
	struct route_info *route, const MIB_IPFORWARD_ROW2 *row, const IP_ADAPTER_ADDRESSES *a)
{
	route->present = true;
	net_addr_of((const struct sockaddr *)(const void *)&row->NextHop, &route->gateway);
	if (net_addr_class(&route->gateway) == NET_UNSPECIFIED)
		memset(&route->gateway, 0, sizeof route->gateway);
	if (a != NULL && a->FriendlyName != NULL)
		windows_copy(route->interface, sizeof route->interface, a->FriendlyName);
}

/* A terminal may have no IPv6 at all; that IPv4 is not there is no answer about its routes. */
static bool is_no_ipv6(ULONG code)
{
	return code == ERROR_NOT_SUPPORTED || code == ERROR_FILE_NOT_FOUND;
}

int platform_default_route(int family, struct route_info *route, struct strbuf *why)
{
	MIB_IPFORWARD_TABLE2 *table = NULL;
	ULONG code = GetIpForwardTable2(family == 6 ? AF_INET6 : AF_INET, &table);

	memset(route, 0, sizeof *route);
	if (code != NO_ERROR && code != ERROR_NOT_FOUND && !(family == 6 && is_no_ipv6(code))) {
		windows_why(why, "GetIpForwardTable2", code);
		return -1;
	}
	if (code == NO_ERROR) {
		IP_ADAPTER_ADDRESSES *adapters = windows_adapters(NULL);
		const MIB_IPFORWARD_ROW2 *best = best_default(table, adapters, family);
		if (best != NULL)
			set_route(route, best, adapter_of(adapters, best->InterfaceIndex, family));
		free(adapters);
	}
	if (table != NULL)
		FreeMibTable(table);
	return 0;
}

/* Whether the row's network holds the address. */
static bool covers(const MIB_IPFORWARD_ROW2 *row, const struct net_addr *addr)
{
	struct net_addr prefix;
	size_t bits = row->DestinationPrefix.PrefixLength;

	net_addr_of((const struct sockaddr *)(const void *)&row->DestinationPrefix.Prefix, &prefix);
	if (prefix.family != addr->family || bits > (addr->family == 6 ? 128u : 32u))
		return false;
	if (memcmp(prefix.bytes, addr->bytes, bits / 8) != 0)
		return false;
	unsigned mask = 0xff00u >> bits % 8 & 0xffu;
	return bits % 8 == 0 || ((prefix.bytes[bits / 8] ^ addr->bytes[bits / 8]) & mask) == 0;
}

/* The longest prefix wins, then the lowest sum of metrics. */
static const MIB_IPFORWARD_ROW2 *best_route(const MIB_IPFORWARD_TABLE2 *table,
	const IP_ADAPTER_ADDRESSES *adapters, const struct net_addr *addr)
{
	const MIB_IPFORWARD_ROW2 *best = NULL;
	ULONG best_metric = 0;

	for (ULONG i = 0; i < table->NumEntries; i++) {
		const MIB_IPFORWARD_ROW2 *row = &table->Table[i];
		const IP_ADAPTER_ADDRESSES *a =
			adapter_of(adapters, row->InterfaceIndex, addr->family);
		ULONG metric = row->Metric;

		if (!covers(row, addr) || (a != NULL && a->OperStatus != IfOperStatusUp))
			continue;
		if (a != NULL)
			metric += addr->family == 6 ? a->Ipv6Metric : a->Ipv4Metric;
		int longer = best == NULL ? 1
					  : (int)row->DestinationPrefix.PrefixLength -
						    (int)best->DestinationPrefix.PrefixLength;
		if (longer > 0 || (longer == 0 && metric < best_metric)) {
			best = row;
			best_metric = metric;
		}
	}
	return best;
}

static void read_way(const struct net_addr *addr, struct route_info *route)
{
	MIB_IPFORWARD_TABLE2 *table = NULL;
	IP_ADAPTER_ADDRESSES *adapters = windows_adapters(NULL);

	if (GetIpForwardTable2(addr->family == 6 ? AF_INET6 : AF_INET, &table) == NO_ERROR) {
		const MIB_IPFORWARD_ROW2 *best = best_route(table, adapters, addr);
		if (best != NULL)
			set_route(route, best,
				adapter_of(adapters, best->InterfaceIndex, addr->family));
		FreeMibTable(table);
	}
	free(adapters);
}

/* A link-local address is none to anybody behind the first router. */
static bool has_own_address(SOCKET fd, const struct net_addr *peer)
{
	union socket_address own;
	struct net_addr addr;
	int len = sizeof own;

	memset(&own, 0, sizeof own);
	if (getsockname(fd, &own.any, &len) != 0)
		return true;
	net_addr_of(&own.any, &addr);
	enum net_class own_class = net_addr_class(&addr);
	return own_class != NET_LINK_LOCAL || net_addr_class(peer) == NET_LINK_LOCAL;
}

/* What connecting a UDP socket says: it asks the OS's routes, and sends nothing. */
int platform_route(const struct net_addr *addr, struct route_info *route, struct strbuf *why)
{
	union socket_address peer;
	int len = socket_address(&peer, addr, DISCARD_PORT), result = 0;
	SOCKET fd = (SOCKET)platform_socket(peer.any.sa_family, SOCK_DGRAM, IPPROTO_UDP);

	memset(route, 0, sizeof *route);
	if (fd != INVALID_SOCKET && connect(fd, &peer.any, len) == 0) {
		read_way(addr, route);
		route->present = has_own_address(fd, addr);
		route->refusal = route->present ? ROUTE_NONE : ROUTE_NO_ADDRESS;
		closesocket(fd);
		return 0;
	}
	switch (WSAGetLastError()) {
	case WSAENETUNREACH:
	case WSAEAFNOSUPPORT:
	case WSAENETDOWN:
		route->refusal = ROUTE_MISSING;
		break;
	case WSAEHOSTUNREACH:
		route->refusal = ROUTE_UNREACHABLE;
		break;
	case WSAEADDRNOTAVAIL:
		route->refusal = ROUTE_NO_ADDRESS;
		break;
	default:
		windows_why(why, "route", (unsigned long)WSAGetLastError());
		result = -1;
	}
	if (fd != INVALID_SOCKET)
		closesocket(fd);
	return result;
}

/* The interface's entry of a neighbour who was asked for, and has not answered. */
bool platform_neighbour_silent(const struct net_addr *addr, const char *interface)
{
	MIB_IPNET_TABLE2 *table = NULL;
	IP_ADAPTER_ADDRESSES *adapters = windows_adapters(NULL);
	bool silent = false;

	if (GetIpNetTable2(addr->family == 6 ? AF_INET6 : AF_INET, &table) != NO_ERROR) {
		free(adapters);
		return false;
	}
	for (ULONG i = 0; i < table->NumEntries; i++) {
		const MIB_IPNET_ROW2 *row = &table->Table[i];
		const IP_ADAPTER_ADDRESSES *a =
			adapter_of(adapters, row->InterfaceIndex, addr->family);
		struct net_addr known;
		char name[sizeof((struct route_info *)NULL)->interface] = "";
		net_addr_of((const struct sockaddr *)(const void *)&row->Address, &known);
		known.scope = addr->scope;
		if (a != NULL && a->FriendlyName != NULL)
			windows_copy(name, sizeof name, a->FriendlyName);
		if (net_addr_equal(&known, addr) && strcmp(name, interface) == 0)
			silent = row->State == NlnsUnreachable || row->State == NlnsIncomplete;
	}
	FreeMibTable(table);
	free(adapters);
	return silent;
}

/* ---- names ---- */

static bool is_listed(const struct dns_servers *servers, const struct net_addr *addr)
{
	for (size_t i = 0; i < servers->count; i++)
		if (net_addr_equal(&servers->items[i].addr, addr))
			return true;
	return false;
}

/* fec0:0:0:ffff::1 to ::3 stand where nothing is set; nobody answers there. */
static bool is_placeholder(const struct net_addr *addr)
{
	static const uint8_t prefix[8] = {0xfe, 0xc0, 0, 0, 0, 0, 0xff, 0xff};

	return addr->family == 6 && memcmp(addr->bytes, prefix, sizeof prefix) == 0;
}

static void add_server(
	struct dns_servers *servers, const struct net_addr *addr, const wchar_t *interface)
{
	struct dns_server server = {.port = DNS_PORT, .addr = *addr};

	if (addr->family == 0 || is_placeholder(addr) || is_listed(servers, addr))
		return;
	windows_copy(server.interface, sizeof server.interface, interface);
	servers->items = mem_grow(
		servers->items, servers->count, &servers->capacity, sizeof *servers->items);
	servers->items[servers->count++] = server;
}

static ULONG metric_of(const IP_ADAPTER_ADDRESSES *a)
{
	return a->IfIndex != 0 ? a->Ipv4Metric : a->Ipv6Metric; /* without IPv4 it has no IfIndex */
}

/*
 * The adapter to ask after `last`, by metric, then as listed: in that order Windows' resolver
 * prefers the servers. NULL behind the last one.
 */
static const IP_ADAPTER_ADDRESSES *next_asked(
	const IP_ADAPTER_ADDRESSES *list, const IP_ADAPTER_ADDRESSES *last)
{
	const IP_ADAPTER_ADDRESSES *best = NULL;
	bool behind = false; /* `last` was passed */

	for (const IP_ADAPTER_ADDRESSES *a = list; a != NULL; a = a->Next) {
		bool later = last == NULL || metric_of(a) > metric_of(last) ||
			     (metric_of(a) == metric_of(last) && behind);
		if (later && (best == NULL || metric_of(a) < metric_of(best)))
			best = a;
		behind = behind || a == last;
	}
	return best;
}

int platform_dns_servers(struct dns_servers *servers, struct strbuf *why)
{
	IP_ADAPTER_ADDRESSES *adapters = windows_adapters(why);

	memset(servers, 0, sizeof *servers);
	if (adapters == NULL)
		return -1;
	for (const IP_ADAPTER_ADDRESSES *a = next_asked(adapters, NULL); a != NULL;
		a = next_asked(adapters, a)) {
		const IP_ADAPTER_DNS_SERVER_ADDRESS *d =
			a->OperStatus == IfOperStatusUp ? a->FirstDnsServerAddress : NULL;
		for (; d != NULL; d = d->Next) {
			struct net_addr addr;
			net_addr_of(d->Address.lpSockaddr, &addr);
			add_server(servers, &addr, a->FriendlyName);
		}
	}
	windows_dns_suffixes(servers, adapters);
	free(adapters);
	windows_dns_rules(servers);
	return 0;
}

int platform_hosts_path(char *buf, size_t size, struct strbuf *why)
{
	char folder[MAX_PATH * 3];

	if (!windows_string(HKEY_LOCAL_MACHINE,
		    L"SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters", L"DataBasePath",
		    folder, sizeof folder)) {
		wchar_t system[MAX_PATH];
		UINT len = GetSystemDirectoryW(system, MAX_PATH);
		if (len == 0 || len >= MAX_PATH) {
			windows_why(why, "GetSystemDirectory", GetLastError());
			return -1;
		}
		windows_copy(folder, sizeof folder - 16, system);
		strcat(folder, "\\drivers\\etc");
	}
	int len = snprintf(buf, size, "%s\\hosts", folder);
	if (len > 0 && (size_t)len < size)
		return 0;
	windows_why(why, folder, ERROR_FILENAME_EXCED_RANGE);
	return -1;
}

static enum os_resolve_status resolve_status(int code)
{
	switch (code) {
	case 0:
		return OS_RESOLVE_OK;
	case WSAHOST_NOT_FOUND:
	case WSANO_DATA:
		return OS_RESOLVE_NOT_FOUND;
	case WSATRY_AGAIN:
		return OS_RESOLVE_TEMPORARY;
	}
	return OS_RESOLVE_ERROR;
}

void platform_resolve(const char *name, struct os_resolve_result *result)
{
	ADDRINFOW hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *list = NULL;
	wchar_t *wide = windows_wide(name);

	memset(result, 0, sizeof *result);
	result->code = GetAddrInfoW(wide, NULL, &hints, &list);
	result->status = resolve_status(result->code);
	platform_is_shortage(result->code);
	free(wide);
	if (result->code != 0)
		return;
	for (const ADDRINFOW *ai = list; ai != NULL; ai = ai->ai_next)
		os_resolve_add(result, ai->ai_addr);
	FreeAddrInfoW(list);
	if (result->addr_count == 0)
		result->status = OS_RESOLVE_NOT_FOUND;
}
