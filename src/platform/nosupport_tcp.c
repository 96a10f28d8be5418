/*
 * TCP connections where the OS tells no more than an error number.
 */
#include "platform.h"

#include <string.h>

void platform_tcp_prepare(intptr_t fd)
{
	(void)fd;
}

void platform_tcp_ask(intptr_t fd, struct tcp_end *end)
{
	(void)fd;
	memset(end, 0, sizeof *end);
	end->icmp_type = end->icmp_code = -1;
}
