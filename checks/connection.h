/*
 * What the checks of one connection share (tcp, tls, http, captive, clock).
 */
#ifndef PREFLIGHT_CHECKS_CONNECTION_H
#define PREFLIGHT_CHECKS_CONNECTION_H

#include "check.h"

#define CONNECTION_KEY_PORT(standard)                                                              \
	{                                                                                          \
		.name = "port", .type = KEY_INT, .min = 1, .max = 65535, .fallback = standard,     \
		.text = "TCP port."                                                                \
	}

/* The request that a check with `host` and `port` makes. */
struct fetch_want connection_want(const struct rule_check *check, enum fetch_depth depth);

/* Puts what was seen, whole or in part, into the check's facts. */
typedef void connection_fill_fn(struct check_run *c, const struct fetch_result *result);
/* Starts a check that is one transfer; connection_stop and connection_release are its slots. */
void connection_begin(struct check_run *c, const struct fetch_want *want, connection_fill_fn *fill);
void connection_stop(struct check_run *c);
void connection_release(struct check_run *c);

/* The facts of a connection that say whom it was made to. */
extern const char *const connection_peer_facts[];

/* Nothing but dates was wrong with the chain, so that its holder is known all the same. */
bool connection_dates_only(const struct facts *tls);
/* The peer has proved to be the host, its dates apart. */
bool connection_genuine(const struct facts *tls);

/* A port was reached, or why not: sets verdict and cause. */
void connection_judge(const struct facts *facts, struct judgement *out);

/* Sets both. */
void judgement_set(struct judgement *out, enum verdict verdict, const char *cause);

#endif
