#include "sockets.h"

#include <string.h>

socklen_t socket_address(union socket_address *to, const struct net_addr *from, uint16_t port)
{
	memset(to, 0, sizeof *to);
	if (from->family == 6) {
		to->v6.sin6_family = AF_INET6;
		to->v6.sin6_port = htons(port);
		to->v6.sin6_scope_id = from->scope;
		memcpy(&to->v6.sin6_addr, from->bytes, 16);
		return sizeof to->v6;
	}
	to->v4.sin_family = AF_INET;
	to->v4.sin_port = htons(port);
	memcpy(&to->v4.sin_addr, from->bytes, 4);
	return sizeof to->v4;
}

void net_addr_of(const struct sockaddr *sa, struct net_addr *addr)
{
	memset(addr, 0, sizeof *addr);
	if (sa == NULL)
		return;
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, sa, sizeof in);
		addr->family = 4;
		memcpy(addr->bytes, &in.sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, sa, sizeof in6);
		addr->family = 6;
		memcpy(addr->bytes, &in6.sin6_addr, 16);
		addr->scope = in6.sin6_scope_id;
	}
}

uint16_t socket_port(const union socket_address *from)
{
	return ntohs(from->any.sa_family == AF_INET6 ? from->v6.sin6_port : from->v4.sin_port);
}

void os_resolve_add(struct os_resolve_result *result, const struct sockaddr *sa)
{
	struct net_addr addr;

	net_addr_of(sa, &addr);
	if (addr.family == 0)
		return;
	for (size_t i = 0; i < result->addr_count; i++)
		if (net_addr_equal(&result->addrs[i], &addr))
			return;
	result->addrs = mem_grow(
		result->addrs, result->addr_count, &result->addr_capacity, sizeof *result->addrs);
	result->addrs[result->addr_count++] = addr;
}
