/*
 * Addresses as the socket calls of POSIX take them.
 */
#ifndef PREFLIGHT_PLATFORM_POSIX_ADDRESS_H
#define PREFLIGHT_PLATFORM_POSIX_ADDRESS_H

#include <stdint.h>
#include <sys/socket.h>
/* sys/socket.h comes first on the BSDs */
#include <netinet/in.h>

#include "net.h"

union posix_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Fills *to and returns its length. */
socklen_t posix_sockaddr(union posix_address *to, const struct net_addr *from, uint16_t port);

#endif
