/*
 * TCP connections where the OS tells no more than an error number.
 */
#include "platform.h"

#include <errno.h>
#include <string.h>

static const struct {
	int number;
	enum net_error error;
} numbers[] = {
	{0, NET_OK},
	{ECONNREFUSED, NET_REFUSED},
	{ECONNRESET, NET_RESET},
	{ECONNABORTED, NET_RESET},
	{EPIPE, NET_RESET},
	{ENETUNREACH, NET_UNREACH_NET},
	{ENETDOWN, NET_UNREACH_NET},
	{EHOSTUNREACH, NET_UNREACH_HOST},
	{ENOPROTOOPT, NET_UNREACH_PROTO},
	{EPERM, NET_LOCAL_DENIED},
	{EACCES, NET_LOCAL_DENIED},
	{EADDRNOTAVAIL, NET_NO_ROUTE},
	{EAFNOSUPPORT, NET_NO_ROUTE},
	{EMSGSIZE, NET_MSGSIZE},
	{ETIMEDOUT, NET_TIMEOUT},
};

enum net_error platform_net_error(int number)
{
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (numbers[i].number == number)
			return numbers[i].error;
	return NET_OTHER;
}

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
