/*
 * Addresses and names as the OS resolves them.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* EAI_NODATA */
#endif
#include "posix.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void posix_net_addr(const struct sockaddr *sa, struct net_addr *addr)
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

static enum os_resolve_status resolve_status(int code)
{
	switch (code) {
	case 0:
		return OS_RESOLVE_OK;
	case EAI_NONAME:
#if defined(EAI_NODATA) && EAI_NODATA != EAI_NONAME
	case EAI_NODATA:
#endif
#ifdef EAI_ADDRFAMILY
	case EAI_ADDRFAMILY:
#endif
		return OS_RESOLVE_NOT_FOUND;
	case EAI_AGAIN:
		return OS_RESOLVE_TEMPORARY;
	}
	return OS_RESOLVE_ERROR;
}

static void add_addr(struct os_resolve_result *result, const struct net_addr *addr)
{
	for (size_t i = 0; i < result->addr_count; i++)
		if (net_addr_equal(&result->addrs[i], addr))
			return;
	result->addrs = mem_grow(
		result->addrs, result->addr_count, &result->addr_capacity, sizeof *result->addrs);
	result->addrs[result->addr_count++] = *addr;
}

void platform_resolve(const char *name, struct os_resolve_result *result)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;

	memset(result, 0, sizeof *result);
	result->code = getaddrinfo(name, NULL, &hints, &list);
	result->status = resolve_status(result->code);
	if (result->code != 0)
		return;
	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next) {
		struct net_addr addr;

		posix_net_addr(ai->ai_addr, &addr);
		if (addr.family != 0)
			add_addr(result, &addr);
	}
	freeaddrinfo(list);
	if (result->addr_count == 0)
		result->status = OS_RESOLVE_NOT_FOUND;
}
