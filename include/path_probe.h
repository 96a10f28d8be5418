/*
 * How far packets to a silent port get: the same packets once more with rising hop limits (TTL),
 * and for comparison the same to a port of that host that answers. Only silence starts it, and only
 * after a retransmission stayed without answer; it ends within the check's own time. A port that
 * resets connections is followed too (path_follow): the first hop limit with which the reset comes
 * tells how far away it is made.
 *
 * Polite: at most PATH_HOPS_MAX hops, three at a time, and no further than three silent ones; one
 * repetition for what was lost, and a later one, past moments without a line, for routers that only
 * the compared port's packets reached; at most PATH_TRACES_MAX ports a run, because routers limit
 * how many notices they send to one address. UDP sends an IKE question that seldom leaves state on
 * the gateway, each with an SPI of its own; TCP sends a SYN and closes what stands.
 *
 * The board belongs to a run; loop thread only.
 */
#ifndef PREFLIGHT_PATH_PROBE_H
#define PREFLIGHT_PATH_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "facts.h"
#include "loop.h"
#include "net.h"
#include "terminal.h"

#define PATH_TRACES_MAX 6

enum path_protocol { PATH_UDP, PATH_TCP };

struct path_port {
	struct net_addr addr;
	enum path_protocol protocol;
	uint16_t port;
	bool marker; /* UDP: with the non-ESP marker (ike.h) */
};

struct path_board;

struct path_board *path_board_new(struct loop *loop, const struct terminal *terminal);
void path_board_free(struct path_board *board); /* stops everything */

/* A port answered: others of its host are compared with it. */
void path_answered(struct path_board *board, const struct path_port *port);

/*
 * A port was asked, and should it still be silent at `at`, its path is followed until `until`
 * (loop_now values). path_settled takes this back if it has not begun.
 */
void path_expect(struct path_board *board, const struct path_port *port, double at, double until);
void path_settled(struct path_board *board, const struct path_port *port);

/* The host answers IKE, but late: what is sent to it on top makes it later still. */
void path_spare(struct path_board *board, const struct net_addr *addr);

/* Follows a port now, until `until` at most; path_done: all there is to find was found. */
void path_follow(struct path_board *board, const struct path_port *port, double until);
bool path_done(const struct path_board *board, const struct path_port *port);

/* What was found so far about a port that is silent, or resets, as facts (path_facts.h). */
void path_tell(const struct path_board *board, const struct path_port *port, struct facts *facts);

#endif
