/* Where the OS tells an ordinary program nothing about the routers on the way. */
#include "hops.h"

#include <string.h>

bool hops_told(enum hops_protocol protocol)
{
	(void)protocol;
	return false;
}

int hops_limit(intptr_t fd, int family, int hops)
{
	(void)fd;
	(void)family;
	(void)hops;
	return -1;
}

intptr_t hops_connect(const struct net_addr *addr, uint16_t port, int hops)
{
	(void)addr;
	(void)port;
	(void)hops;
	return -1;
}

enum net_error hops_result(intptr_t fd, struct net_addr *who)
{
	(void)fd;
	memset(who, 0, sizeof *who);
	return NET_OTHER;
}

void hops_close(intptr_t fd)
{
	(void)fd;
}
