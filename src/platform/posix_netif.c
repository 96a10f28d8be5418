/*
 * Lists of network interfaces.
 */
#include "posix.h"
#include "sockets.h"

#include <stdio.h>
#include <string.h>

struct netif *posix_netif(struct netifs *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, name) == 0)
			return &list->items[i];
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
	struct netif *netif = &list->items[list->count++];
	memset(netif, 0, sizeof *netif);
	snprintf(netif->name, sizeof netif->name, "%s", name);
	netif->speed = -1;
	return netif;
}

void posix_netif_address(struct netif *netif, const struct sockaddr *sa)
{
	struct net_addr addr;

	net_addr_of(sa, &addr);
	if (addr.family == 0)
		return;
	netif->addrs = mem_grow(
		netif->addrs, netif->addr_count, &netif->addr_capacity, sizeof *netif->addrs);
	netif->addrs[netif->addr_count++] = addr;
}

int posix_adapters(struct inventory *inventory)
{
	struct netifs netifs;

	if (platform_interfaces(&netifs, NULL) != 0)
		return -1;
	for (size_t i = 0; i < netifs.count; i++)
		if (netifs.items[i].kind != NETIF_LOOPBACK)
			inventory_add(inventory, INVENTORY_ADAPTER, netifs.items[i].name, NULL,
				NULL, netifs.items[i].description);
	netifs_release(&netifs);
	return 0;
}
