/*
 * What the checks of one connection share (tcp, tls, http, captive, clock).
 */
#ifndef PREFLIGHT_CHECKS_CONNECTION_H
#define PREFLIGHT_CHECKS_CONNECTION_H

#include "check.h"
#include "follow.h"

#define CONNECTION_KEY_PORT(standard)                                                              \
	{                                                                                          \
		.name = "port", .type = KEY_INT, .min = 1, .max = 65535, .fallback = standard,     \
		.text = "TCP port."                                                                \
	}

#define CONNECTION_KEY_CERTIFICATE                                                                 \
	{                                                                                          \
		.name = "certificate", .type = KEY_CERTIFICATE,                                    \
		.text = "Client certificate that is shown to a server that asks for one, an id "   \
			"in `certificates`; its CA is trusted besides the OS's."                   \
	}
#define CONNECTION_KEY_MAX_VERSION                                                                 \
	{                                                                                          \
		.name = "max-version", .type = KEY_ENUM, .choices = connection_versions,           \
		.fallback = "1.3", .text = "Newest TLS version that is offered."                   \
	}
extern const char *const connection_versions[]; /* "1.2", "1.3" */

/* The request that a check with `host` and `port` makes. */
struct fetch_want connection_want(const struct rule_check *check, enum fetch_depth depth);

/* Adds what `certificate` and `max-version` say. */
void connection_want_tls(struct fetch_want *want, const struct check_run *c);

/* Puts what was seen, whole or in part, into the check's facts. */
typedef void connection_fill_fn(struct check_run *c, const struct fetch_result *result);
/* Starts a check that is one transfer; connection_stop and connection_release are its slots. */
void connection_begin(struct check_run *c, const struct fetch_want *want, connection_fill_fn *fill);
/* The same, and then what sizes of TLS packets get through (tls_sizes.h), and whether the host's
 * other addresses prove to be it (other_addresses.h). */
void connection_begin_thorough(
	struct check_run *c, const struct fetch_want *want, connection_fill_fn *fill);
/* The same, and then where the page leads to (follow.h). */
void connection_begin_page(struct check_run *c, const struct fetch_want *want,
	connection_fill_fn *fill, follow_allowed_fn *allowed);
void connection_stop(struct check_run *c);
void connection_release(struct check_run *c);

/* The facts of a connection that say whom it was made to. */
extern const char *const connection_peer_facts[];

/* Nothing but dates was wrong with the chain, so that its holder is known all the same. */
bool connection_dates_only(const struct facts *tls);
/* The peer has proved to be the host, its dates apart. */
bool connection_genuine(const struct facts *tls);

/* Of several connections to the host one was not genuine: sets verdict and cause. */
void connection_judge_inconsistent(const struct facts *tls, struct judgement *out);

/* A port was reached, or why not: sets verdict and cause. */
void connection_judge(const struct facts *facts, struct judgement *out);

/* Whether a server that asked for a client certificate ended it for want of a good one. */
bool connection_client_refused(const struct facts *facts);
/*
 * Whether our certificate is of a CA that the server takes, as far as it says: a server may name
 * the CAs that it takes, and then browsers offer no certificate of another.
 */
bool connection_issuer_listed(const struct facts *facts);
/* Of such a refusal: a tls.client-* cause. */
const char *connection_client_cause(const struct facts *facts);
/* What `client-certificate` and `certificate` say against what the server did; leaves out as it is
 * when all is well. */
void connection_judge_client(
	const struct rule_check *check, const struct facts *facts, struct judgement *out);

/* Sets both. */
void judgement_set(struct judgement *out, enum verdict verdict, const char *cause);

#endif
