/*
 * TCP connections where the OS tells no more than an error number.
 */
#include "platform.h"

#include <string.h>

intptr_t platform_tcp_watch(intptr_t fd)
{
	(void)fd;
	return -1;
}

void platform_tcp_end(intptr_t watch, struct tcp_end *end)
{
	(void)watch;
	memset(end, 0, sizeof *end);
	end->icmp_type = end->icmp_code = -1;
}
