/*
 * Don't Fragment (ip(4), ip6(4)); macOS 10.15 and older have it for IPv6 only.
 */
#include "udp.h"

#include "sockets.h"

/* Of netinet/in.h, newer than the headers of the cross compiler. */
#ifndef IP_DONTFRAG
#define IP_DONTFRAG 28
#endif
#ifndef IPV6_DONTFRAG
#define IPV6_DONTFRAG 62
#endif

int udp_dont_fragment(struct udp_socket *s, bool on)
{
	struct net_addr local;
	uint16_t port;
	int value = on;

	if (udp_local(s, &local, &port) != 0)
		return -1;
	if (local.family == 6)
		return setsockopt(
			(int)udp_fd(s), IPPROTO_IPV6, IPV6_DONTFRAG, &value, sizeof value);
	return setsockopt((int)udp_fd(s), IPPROTO_IP, IP_DONTFRAG, &value, sizeof value);
}
