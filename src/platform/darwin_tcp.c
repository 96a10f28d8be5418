/*
 * What became of TCP connections that a library makes. macOS tells no ICMP message and no sender;
 * a duplicate of the socket still knows this end's address after the library has closed its own,
 * unless the connection was refused or reset, which takes the address from the socket.
 */
#include "posix.h"
#include "sockets.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

intptr_t platform_tcp_watch(intptr_t fd)
{
	return fcntl((int)fd, F_DUPFD_CLOEXEC, 0);
}

void platform_tcp_end(intptr_t watch, struct tcp_end *end)
{
	union socket_address name;
	socklen_t len = sizeof name;
	static const uint8_t zero[16];

	memset(end, 0, sizeof *end);
	end->icmp_type = end->icmp_code = -1;
	if (watch < 0)
		return;
	memset(&name, 0, sizeof name);
	end->known = getsockname((int)watch, &name.any, &len) == 0;
	if (end->known)
		net_addr_of(&name.any, &end->local);
	if (memcmp(end->local.bytes, zero, sizeof zero) == 0)
		memset(&end->local, 0, sizeof end->local);
	close((int)watch);
}
