/*
 * Packets that live for a few routers only, and who ended them. Implemented by the OS layer
 * (src/platform/hops_*.c): without privileges only some systems tell who sent "time exceeded".
 */
#ifndef PREFLIGHT_HOPS_H
#define PREFLIGHT_HOPS_H

#include <stdbool.h>
#include <stdint.h>

#include "net.h"

/* Whether this OS tells an ordinary program which router ended a packet. Loop thread only. */
enum hops_protocol { HOPS_UDP, HOPS_TCP };
bool hops_told(enum hops_protocol protocol);

/* Limits what a socket sends from now on to so many hops; -1 where the OS refuses. */
int hops_limit(intptr_t fd, int family, int hops);

/*
 * Begins a TCP connection whose packets live for so many hops; it becomes writable when hops_result
 * has something to say. -1: none could be begun. Close with hops_close.
 */
intptr_t hops_connect(const struct net_addr *addr, uint16_t port, int hops);
/*
 * NET_OK: it stands; NET_TIMEOUT: nothing yet; NET_TTL_EXCEEDED and other errors, with who sent the
 * ICMP message in *who (family 0: nobody told).
 */
enum net_error hops_result(intptr_t fd, struct net_addr *who);
void hops_close(intptr_t fd);

#endif
