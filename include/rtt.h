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

/* Notes a measured round trip. The longest and the shortest one of an address are kept. */
void rtt_note(struct rtt_board *board, const struct net_addr *addr, double seconds);

/* The longest round trip of an address in seconds; < 0: none noted yet. */
double rtt_get(const struct rtt_board *board, const struct net_addr *addr);

/*
 * What a round trip takes on this line at least: of each address the shortest, since losses make
 * others longer, and of these the longest. < 0: nothing has answered yet.
 */
double rtt_line(const struct rtt_board *board);

/*
 * Seconds by which waiting for an answer takes longer on this line than on a quick one: some round
 * trips, for what is lost and sent again, but with a limit. 0 while nothing has answered.
 */
double rtt_slack(const struct rtt_board *board);
#define RTT_SLACK_TRIPS 8
#define RTT_SLACK_MAX   4.0

/*
 * Calls fn once, when the first round trip of the address is noted; at once (from within
 * rtt_wait) when there is one already. rtt_cancel drops every wait of `arg`.
 */
typedef void rtt_fn(void *arg, double seconds);
void rtt_wait(struct rtt_board *board, const struct net_addr *addr, rtt_fn *fn, void *arg);
void rtt_cancel(struct rtt_board *board, const void *arg);

#endif
