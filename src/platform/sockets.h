/*
 * Addresses as socket calls take them, and what resolvers return: alike in POSIX and Winsock.
 */
#ifndef PREFLIGHT_PLATFORM_SOCKETS_H
#define PREFLIGHT_PLATFORM_SOCKETS_H

#include <stdint.h>

#ifdef _WIN32
#include "windows.h"
#else
#include <sys/socket.h>
/* sys/socket.h comes first on the BSDs */
#include <netinet/in.h>
#endif

#include "platform.h"

union socket_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Fills *to and returns its length. */
socklen_t socket_address(union socket_address *to, const struct net_addr *from, uint16_t port);

/* The address of an AF_INET or AF_INET6 socket address; family 0 for any other, and for NULL. */
void net_addr_of(const struct sockaddr *sa, struct net_addr *addr);

/* The port, in this host's order. */
uint16_t socket_port(const union socket_address *from);

/* Adds an address to what the OS resolved, once; none of family 0. */
void os_resolve_add(struct os_resolve_result *result, const struct sockaddr *sa);

#endif
