/*
 * A board on which probes note round trips per address, so that one probe can judge how long
 * another answer of the same host would take. Loop thread only.
 */
#ifndef PREFLIGHT_RTT_H
#define PREFLIGHT_RTT_H

#include "net.h"

struct rtt_board;

struct rtt_board *rtt_new(void);
void rtt_free(struct rtt_board *board); /* calls no callback */

/* Notes a measured round trip. The longest one of an address is kept. */
void rtt_note(struct rtt_board *board, const struct net_addr *addr, double seconds);

/* The round trip of an address in seconds; < 0: none noted yet. */
double rtt_get(const struct rtt_board *board, const struct net_addr *addr);

/*
 * Calls fn once, when the first round trip of the address is noted; at once (from within
 * rtt_wait) when there is one already. rtt_cancel drops every wait of `arg`.
 */
typedef void rtt_fn(void *arg, double seconds);
void rtt_wait(struct rtt_board *board, const struct net_addr *addr, rtt_fn *fn, void *arg);
void rtt_cancel(struct rtt_board *board, const void *arg);

#endif
