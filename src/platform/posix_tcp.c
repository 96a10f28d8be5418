/*
 * TCP sockets of libraries: what is the same on every POSIX system.
 */
#include "platform.h"

#include <errno.h>
#include <unistd.h>

int platform_tcp_close(intptr_t fd)
{
	return close((int)fd);
}

/* What leaves has an address: a message that comes back finds one. */
bool platform_tcp_no_route(int number, const struct tcp_end *end)
{
	return (number == ENETUNREACH || number == ENETDOWN || number == EHOSTUNREACH ||
		       number == EHOSTDOWN) &&
	       end->icmp_type < 0 && end->local.family == 0;
}
