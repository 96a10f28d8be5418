/*
 * Connections by libcurl, shared: the tcp, tls and http checks of one host and port read the same
 * transfer, so that nothing is asked twice. Always direct, whatever proxy is configured, unless
 * a proxy is named in the request.
 *
 * Evidence is collected even when the peer is not trusted: certificate verification records its
 * errors and goes on (nothing secret is ever sent), because only then can an expired certificate,
 * a wrong clock, an interception and a captive portal be told apart.
 *
 * Facts by stage (struct fetch_result). `connect`:
 *   address          str   the address tried; with several, the one that connected or the first
 *   via              str   where it comes from: name_via_name()
 *   port             int
 *   connected        bool  with a proxy: the proxy opened the way to the host
 *   blocked_by       str   "name": there is no address; nothing was sent
 *   error            str   net_error_name(); "timeout": silent until the deadline
 *   errno            int   the OS's number, when there is one
 *   offender         str   who sent the ICMP message that ended it
 *   icmp_type        int   its type; icmp_code: int
 *   local_address    str
 *   attempts         int   addresses tried, when more than one
 *   silent_addresses list  of the same family, that did not answer before one did
 *   second           bool  the first connection stayed silent, a second one told
 *   proxy            str   URL without user and password
 *   proxy_status     int   status of the answer to CONNECT
 *
 * `tls`: handshake (bool); when it is false, error: "reset", "silent", "closed", "alert",
 * "not-tls" or "other", with curl (CURLcode) and errno; and the names in tls_evidence.h.
 *
 * `http`:
 *   status           int   of the last answer
 *   first_status     int   of the answer that redirected to the same host, when one was followed
 *   followed         str   and the path that was followed
 *   location         str   location_host: str, when it names a host; location_plain: bool, http://
 *   server, via, x_cache, content_type  str
 *   date             int   the server's clock, seconds since 1970; with date_age, int: what a cache
 *                          kept for so long
 *   date_skew        int   that minus this terminal's wall clock when it came
 *   date_problem     str   why there is no date: "missing", "unreadable", "several" (different
 * ones), "cached" (for nobody knows how long) body_bytes       int   body_truncated: bool, when
 * there was more than FETCH_BODY_MAX body_title       str anyconnect       bool
 * anyconnect_evidence: list of "header", "cookie", "location", "body" waited_s         int seconds
 * until the first byte, or in vain; from FETCH_SLOW on error            str   "silent", "reset",
 * "closed", "alert", "truncated", "not-http" or "other", with curl and errno; with a status: the
 * body did not arrive; "redirects": to the same host, without end; "stranger": the next request met
 * a server that is not the one that answered before
 *
 * `timings`, milliseconds: name_ms (from the start of the run), connect_ms, tls_ms, first_byte_ms
 * (each for itself), total_ms (from the first attempt).
 */
#ifndef PREFLIGHT_FETCH_H
#define PREFLIGHT_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include "facts.h"
#include "loop.h"
#include "names.h"
#include "rules.h"

enum fetch_depth {
	FETCH_CONNECT, /* TCP only */
	FETCH_TLS,     /* and the TLS handshake */
	FETCH_HTTP     /* and one GET */
};

struct fetch_want {
	const struct rule_host *host;
	uint16_t port;
	enum fetch_depth depth;
	bool plain;        /* http:// instead of https:// */
	const char *path;  /* FETCH_HTTP: begins with '/'; borrowed for the run. NULL: any */
	const char *proxy; /* NULL: direct. Else a proxy URL; a fetch of its own */
	bool brief;        /* nobody's page waits for this proxy: an answer has the shorter time */
	/* Client certificate to show, and CAs to trust besides the OS's; NULL: none. Borrowed. */
	const struct identity *identity;
	int max_version;      /* TLS1_2_VERSION: nothing newer is offered; 0: no limit */
	struct net_addr only; /* of the host's addresses this one alone; family 0: any */
	/*
	 * Where a redirect leads to: the host whose page leads there. The request is never merged
	 * with another, and `host` need not stay. NULL: no redirect leads there.
	 */
	const struct rule_host *behalf;
	const struct strs
		*cookies; /* NAME=VALUE, to bring along; borrowed until fetch_add returns */
};

/* What was seen, by stage. A stage that was not reached has an empty object. */
struct fetch_result {
	struct facts connect; /* the names are above */
	struct facts tls;
	struct facts http;
	struct facts timings; /* name_ms, connect_ms, tls_ms, first_byte_ms, total_ms */
	/* Of a page, when it has ended: */
	const char *path;           /* of the last request; NULL: none was made */
	const char *leads_to;       /* the Location of the last answer, as it came; NULL: none */
	const struct strs *cookies; /* those that are set by then, NAME=VALUE */
	bool https_only;            /* it asks to be opened by https alone (RFC 6797) */
};

/* Where a request goes to. */
struct fetch_place {
	char host[256];
	uint16_t port;
	bool plain; /* http:// */
	char path[4096];
};
enum fetch_lead {
	FETCH_LEADS_NOWHERE,   /* a reference that makes no sense */
	FETCH_LEADS_ELSEWHERE, /* another scheme than http and https */
	FETCH_LEADS_ON
};
/* The status is one with which a browser follows a Location. */
bool fetch_is_redirect(long long status);
/* Where a Location leads to from a page; `to` is filled with FETCH_LEADS_ON alone. */
enum fetch_lead fetch_follow(
	const struct fetch_place *from, const char *location, struct fetch_place *to);

struct fetches;
struct rtt_board; /* rtt.h */
struct trust;     /* trust.h */
/* rtts: where TCP round trips are noted. */
struct fetches *fetches_new(struct loop *loop, struct names *names, struct rtt_board *rtts);
/*
 * The OS's roots, read already: taken over, and freed with the rest. NULL, or not called: they are
 * looked for when the first TLS connection is made. Before any request.
 */
void fetches_take_trust(struct fetches *f, struct trust *trust);
/* The user's time limit, in seconds since the run's start: answers are waited for until then. */
void fetches_set_limit(struct fetches *f, double limit);
void fetches_free(struct fetches *f); /* stops everything, calls no callback */

/*
 * Asks for a connection; requests of one host, port, scheme, identity and version limit made before
 * the loop first runs are merged (the deepest wins; different paths make different transfers). fn
 * is called once, later, from the loop; the result is borrowed and valid until fetches_free.
 */
typedef void fetch_fn(void *arg, const struct fetch_result *result);
void fetch_add(struct fetches *f, const struct fetch_want *want, fetch_fn *fn, void *arg);

/* What is known so far about a request (for a run cut short); never NULL after fetch_add. */
const struct fetch_result *fetch_peek(struct fetches *f, const struct fetch_want *want);

/*
 * The OS gives other addresses for the host, or for what is on the way to its page, than were
 * tried: ends what is under way for it, directly or by a proxy, and forgets what was seen. Nobody
 * is told; ask anew. Results that were given stay valid.
 */
void fetches_forget(struct fetches *f, const struct rule_host *host, bool by_proxy);
/* Whether what is asked for the host connects to this name: a proxy's, or where a redirect leads.
 */
bool fetches_go_to(const struct fetches *f, const struct rule_host *host, bool by_proxy,
	const struct rule_host *name);
/* Whether the addresses that connections for the host use stand (names_is_final). */
bool fetches_are_final(const struct fetches *f, const struct rule_host *host, bool by_proxy);

/* Copies the named facts that are there. names: NULL-terminated; NULL: all. */
void fetch_copy(struct facts *to, const struct facts *from, const char *const *names);

/* Seconds from the run's start until the TCP connection stands, but at least 3 s for each. */
#define FETCH_CONNECT_BUDGET 5.0
/* Seconds after that until all of an answer without TLS is there. */
#define FETCH_ANSWER_BUDGET 5.0
/*
 * Seconds without a byte from the TCP connection until TLS stands, and the page is there: browsers
 * give a handshake as long (net/socket/ssl_connect_job.cc), and people a page. One that comes in
 * drops has twice the time in all.
 */
#define FETCH_PAGE_BUDGET 30.0
/* Seconds without a byte, from the connection to the end of the answer, that make it slow. */
#define FETCH_SLOW 5.0
/* Bytes of a body that are read. */
#define FETCH_BODY_MAX 65536

#endif
