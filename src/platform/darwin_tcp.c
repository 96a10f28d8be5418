/*
 * What became of TCP connections that a library makes. macOS tells no ICMP message and no sender;
 * the socket knows this end's address, unless the connection was refused or reset, which takes it
 * away.
 */
#include "posix.h"
#include "sockets.h"

#include <string.h>

void platform_tcp_prepare(intptr_t fd)
{
	(void)fd;
}

void platform_tcp_ask(intptr_t fd, struct tcp_end *end)
{
	union socket_address name;
	socklen_t len = sizeof name;
	static const uint8_t zero[16];

	memset(end, 0, sizeof *end);
	end->icmp_type = end->icmp_code = -1;
	memset(&name, 0, sizeof name);
	end->known = getsockname((int)fd, &name.any, &len) == 0;
	if (end->known)
		net_addr_of(&name.any, &end->local);
	if (memcmp(end->local.bytes, zero, sizeof zero) == 0)
		memset(&end->local, 0, sizeof end->local);
}
