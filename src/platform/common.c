/*
 * What the OS layers of all systems share.
 */
#include "platform.h"

#include <stdlib.h>
#include <string.h>

const char *netif_kind_name(enum netif_kind kind)
{
	switch (kind) {
	case NETIF_UNKNOWN:
		return "unknown";
	case NETIF_ETHERNET:
		return "ethernet";
	case NETIF_WIFI:
		return "wifi";
	case NETIF_WWAN:
		return "wwan";
	case NETIF_PPP:
		return "ppp";
	case NETIF_TUNNEL:
		return "tunnel";
	case NETIF_VIRTUAL:
		return "virtual";
	case NETIF_LOOPBACK:
		return "loopback";
	}
	return "unknown";
}

const char *route_refusal_name(enum route_refusal refusal)
{
	static const char *const names[] = {
		[ROUTE_NONE] = "none",
		[ROUTE_MISSING] = "missing",
		[ROUTE_UNREACHABLE] = "unreachable",
		[ROUTE_BLACKHOLE] = "blackhole",
		[ROUTE_PROHIBITED] = "prohibited",
		[ROUTE_NO_ADDRESS] = "no-address",
	};
	return names[refusal];
}

void netifs_release(struct netifs *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].addrs);
	free(list->items);
	memset(list, 0, sizeof *list);
}

void dns_servers_release(struct dns_servers *servers)
{
	free(servers->items);
	free(servers->rules);
	strs_release(&servers->search);
	memset(servers, 0, sizeof *servers);
}

void proxy_settings_release(struct proxy_settings *list)
{
	free(list->items);
	memset(list, 0, sizeof *list);
}

void vpn_connections_release(struct vpn_connections *list)
{
	free(list->items);
	memset(list, 0, sizeof *list);
}
