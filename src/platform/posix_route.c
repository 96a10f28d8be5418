/*
 * Whether packets to an address leave: connecting a UDP socket asks every table and rule that this
 * process is under, and sends nothing.
 */
#include "posix.h"
#include "sockets.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define DISCARD_PORT 9

/* What the kernel says of a kind of route that leads nowhere. */
static bool read_refusal(int number, enum route_refusal *refusal)
{
	switch (number) {
	case ENETUNREACH:
	case ENETDOWN:
	case EAFNOSUPPORT:
		*refusal = ROUTE_MISSING;
		return true;
	case EADDRNOTAVAIL:
		*refusal = ROUTE_NO_ADDRESS;
		return true;
	case EHOSTUNREACH:
		*refusal = ROUTE_UNREACHABLE;
		return true;
	case EINVAL:
		*refusal = ROUTE_BLACKHOLE;
		return true;
	case EACCES:
		*refusal = ROUTE_PROHIBITED;
		return true;
	}
	return false;
}

/* A link-local address is none to anybody behind the first router. */
static bool has_own_address(int fd, const struct net_addr *peer)
{
	union socket_address own;
	socklen_t len = sizeof own;
	struct net_addr addr;
	memset(&own, 0, sizeof own);
	if (getsockname(fd, &own.any, &len) != 0)
		return true;
	net_addr_of(&own.any, &addr);
	enum net_class own_class = net_addr_class(&addr);
	return own_class != NET_UNSPECIFIED &&
	       (own_class != NET_LINK_LOCAL || net_addr_class(peer) == NET_LINK_LOCAL);
}

int posix_route_try(
	const struct net_addr *addr, struct route_info *route, int *fd, struct strbuf *why)
{
	union socket_address peer;
	socklen_t len = socket_address(&peer, addr, DISCARD_PORT);

	memset(route, 0, sizeof *route);
	*fd = (int)platform_socket(peer.any.sa_family, SOCK_DGRAM, 0);
	if (*fd >= 0 && connect(*fd, &peer.any, len) == 0) {
		route->present = has_own_address(*fd, addr);
		route->refusal = route->present ? ROUTE_NONE : ROUTE_NO_ADDRESS;
		return 0;
	}
	int number = errno;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	if (read_refusal(number, &route->refusal))
		return 0;
	posix_why(why, "route", number);
	return -1;
}
