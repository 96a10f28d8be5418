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
#ifdef _WIN32
	/* Winsock's numbers ("Windows Sockets Error Codes", winsock2.h). */
	{10013, NET_LOCAL_DENIED},
	{10040, NET_MSGSIZE},
	{10047, NET_NO_ROUTE},
	{10049, NET_NO_ROUTE},
	{10050, NET_UNREACH_NET},
	{10051, NET_UNREACH_NET},
	{10053, NET_RESET},
	{10054, NET_RESET},
	{10060, NET_TIMEOUT},
	{10061, NET_REFUSED},
	{10064, NET_UNREACH_HOST},
	{10065, NET_UNREACH_HOST},
#endif
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
