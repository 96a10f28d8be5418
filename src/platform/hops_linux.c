/*
 * Hop limits, and the error queue that names the router where a packet ended (ip(7): IP_TTL,
 * IP_RECVERR; ipv6(7): IPV6_UNICAST_HOPS, IPV6_RECVERR). A connection in SYN_SENT ends with
 * EHOSTUNREACH when a router reports that the SYN's time was exceeded, and since Linux 5.9 the
 * queue says which router.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "hops.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#include "platform.h"
#include "sockets.h"

enum { TIME_EXCEEDED = 11, TIME_EXCEEDED6 = 3 }; /* ICMP, ICMPv6 */

bool hops_told(enum hops_protocol protocol)
{
	(void)protocol;
	return true;
}

int hops_limit(intptr_t fd, int family, int hops)
{
	if (family == 6)
		return setsockopt((int)fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops, sizeof hops);
	return setsockopt((int)fd, IPPROTO_IP, IP_TTL, &hops, sizeof hops);
}

intptr_t hops_connect(const struct net_addr *addr, uint16_t port, int hops)
{
	union socket_address peer;
	socklen_t len = socket_address(&peer, addr, port);
	int fd = (int)platform_socket(
		peer.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	platform_tcp_prepare(fd);
	if (hops_limit(fd, addr->family, hops) == 0 &&
		(connect(fd, &peer.any, len) == 0 || errno == EINPROGRESS))
		return fd;
	close(fd);
	return -1;
}

enum net_error hops_result(intptr_t fd, struct net_addr *who)
{
	union socket_address peer;
	socklen_t len = sizeof peer;
	int number = 0;
	struct tcp_end end;

	platform_tcp_ask(fd, &end);
	*who = end.offender;
	if (end.icmp_type >= 0 &&
		end.icmp_type == (end.offender.family == 6 ? TIME_EXCEEDED6 : TIME_EXCEEDED))
		return NET_TTL_EXCEEDED;
	if (getpeername((int)fd, &peer.any, &len) == 0)
		return NET_OK;
	len = sizeof number;
	if (getsockopt((int)fd, SOL_SOCKET, SO_ERROR, &number, &len) == 0 && number != 0)
		return platform_net_error(number);
	return NET_TIMEOUT;
}

void hops_close(intptr_t fd)
{
	if (fd >= 0)
		close((int)fd);
}
