/*
 * What the parts of the connection engine share: fetch.c (requests, queue), fetch_match.c (merging
 * them), fetch_second.c (a second connection beside a silent one), fetch_redirect.c (redirects),
 * fetch_curl.c (libcurl's handles and callbacks), fetch_facts.c (numbers to facts).
 */
#ifndef PREFLIGHT_FETCH_PRIVATE_H
#define PREFLIGHT_FETCH_PRIVATE_H

#include "fetch.h"

#include <curl/curl.h>

#include "platform.h"
#include "rtt.h"
#include "strbuf.h"
#include "tls_evidence.h"
#include "trust.h"

#define FETCH_IN_FLIGHT_MAX 256
/*
 * Seconds after which a transfer that is still under way does not count as in flight: the cap is
 * there against bursts, and silent targets must not hold up the others.
 */
#define FETCH_IN_FLIGHT_TIME 0.15
#define FETCH_LEAST_CONNECT  3.0 /* seconds that a connection gets, however late it began */
#define FETCH_TURN           1.0 /* seconds of silence until another address is tried */
#define FETCH_PATIENCE       2.5 /* seconds of silence until a second connection is begun */
#define FETCH_HEADERS_MAX    200 /* header lines that are read */
#define FETCH_URL_MAX        8192
#define FETCH_LIMIT_GRACE                                                                          \
	0.5 /* seconds before the user's limit by which answers have to be there */

enum fetch_state {
	FETCH_NEW,     /* the loop has not run since it was asked for */
	FETCH_NAMING,  /* waits for an address */
	FETCH_QUEUED,  /* waits for others to end */
	FETCH_RUNNING, /* libcurl has it */
	FETCH_DONE
};

struct fetch_waiter {
	fetch_fn *fn;
	void *arg;
};

/* What the headers of the present answer say about the time. */
struct fetch_date {
	bool told, several, unreadable; /* one Date; different ones; one that is no date */
	bool cached, aged;              /* out of a cache; which says how long it kept it */
	long long seconds, age;
};

/* Redirects to the same host that were followed. */
struct redirects {
	struct strs visited; /* where they led, in order */
	struct strs cookies; /* NAME=VALUE, of the answers so far */
	bool pending;        /* the last answer was one, and is to be followed */
};

/* One transfer. */
struct fetch {
	struct fetches *owner;
	const struct rule_host *host;
	uint16_t port;
	enum fetch_depth depth;
	bool plain;
	const char *path;
	char *proxy; /* NULL: direct */
	bool brief;
	const struct identity *identity;
	int max_version;
	struct net_addr only;

	const struct rule_host *whose; /* the host, or the one whose redirect leads to it */
	struct rule_host led_host;     /* in the second case, host */
	char led_name[256];
	char *led_path; /* path, owned */

	/* What is connected to: the host, or the proxy. */
	const struct rule_host *peer;
	uint16_t peer_port;
	struct rule_host proxy_host;
	char proxy_name[256];

	enum fetch_state state;
	struct fetch_waiter *waiters;
	size_t waiter_count, waiter_capacity;
	struct loop_timer timer; /* NEW: begin; RUNNING: deadline; DONE: tell late waiters */
	struct loop_timer slow;  /* RUNNING: from then on it counts no more as in flight */
	bool counted;            /* in owner->running */
	struct fetch_result result;

	struct name_address address;
	size_t attempt;       /* index into address.addrs */
	double first_begun;   /* loop_now() of the first attempt */
	double begun;         /* of the first attempt of this round */
	double attempt_begun; /* of the present one */
	bool rtt_noted;

	CURL *easy; /* NULL: none */
	struct curl_slist *resolve, *cookie_header;
	struct fetch_socket *socket;      /* of easy; the loop's */
	struct tls_evidence *tls;         /* of the present connection */
	enum tls_standing first_standing; /* second round: what the first one's was */
	bool connected, handshake;        /* in any round */
	double connected_at;              /* loop_now() when the present attempt stood; 0: not */
	double waited;                    /* seconds without a byte, the longest of all rounds */
	double last_byte;                 /* loop_now() of the present answer's; 0: none came */

	struct fetch *second;       /* stands in for this one, which stays silent; owned, or NULL */
	struct fetch *first;        /* of a second one: for whom it stands in */
	struct loop_timer patience; /* RUNNING: when it is over, the second one begins */

	bool forgotten; /* what it saw is no evidence */
	bool again;     /* a further round: something was found that needs one more request */
	bool bare;      /* second round: of which only the handshake counts */
	char *location; /* path of the last redirect to the same host, owned */
	char *leads_to; /* Location of the last answer, owned; NULL: none */
	struct redirects redirects;
	struct strbuf body; /* FETCH_BODY_MAX */
	size_t headers;     /* lines read */
	struct fetch_date date;
	long long first_status; /* of the answer before the redirect, 0: none */
	struct strs anyconnect; /* evidence of an AnyConnect gateway, over both answers */
};

struct fetches {
	struct loop *loop;
	struct names *names;
	struct rtt_board *rtts; /* may be NULL */
	struct trust *trust;
	struct fetch **list;
	size_t count, capacity;
	size_t running, in_flight_max;
	bool prepared; /* OpenSSL and libcurl */
	/* Seconds; the tests shorten them. */
	double connect_budget, least_connect, answer_budget, page_budget, patience;
	double limit; /* loop_now() at the user's time limit; 0: none */
};

/* ---- fetch.c ---- */

/* One that is in no list yet; free with fetch_free. */
struct fetch *fetch_make(struct fetches *f, const struct fetch_want *want);
void fetch_free(struct fetch *t);
void fetch_begin_attempt(struct fetch *t);
/* After an attempt: the next one, the second round, or the end. opened: TCP stood before. */
void fetch_proceed(struct fetch *t, int code, bool opened);
void fetch_end_attempt(struct fetch *t);
/* Seconds that this line needs beyond the budgets. */
double fetch_slack(const struct fetch *t);

/* ---- fetch_match.c ---- */

/* Whether a check of the host made the request, to be sent directly or by a proxy. */
bool fetch_is_for(const struct fetch *t, const struct rule_host *host, bool by_proxy);
/* A transfer that the request can go into, or NULL. */
struct fetch *fetch_find(const struct fetches *f, const struct fetch_want *want);
/* Makes it as deep as the request wants, unless it has begun. */
void fetch_merge(struct fetch *t, const struct fetch_want *want);

/* ---- fetch_second.c ---- */

/*
 * On an established connection the OS repeats what was lost at doubling intervals; a connection of
 * its own is quicker. So where others answer and this one stays silent, a second connection tries
 * the same, once; the first of the two that ends otherwise than in silence counts.
 */
void second_init(struct fetch *t);
void second_plan(struct fetch *t); /* an attempt begins */
void second_drop(struct fetch *t); /* it is not needed any more */
/* The first one's time is over: true when the second one is further, and is waited for. */
bool second_is_ahead(const struct fetch *t);
/* The second one has ended: what it saw becomes the first one's, which is returned. Frees t. */
struct fetch *second_take(struct fetch *t);
/* The second one's time is over as well. Frees it. */
void second_silent(struct fetch *t);

/* ---- fetch_redirect.c ---- */

/*
 * An answer is there: remembers where it redirects to on the same host, to be asked next, with the
 * cookies that were set, as a browser does. false: there is no end to it, and a browser gives up.
 */
bool redirects_note(struct fetch *t, long status);
/* The value of a Set-Cookie header. */
void redirects_take_cookie(struct redirects *r, const char *value, size_t len);
/* The header that brings the cookies; NULL: there are none. Free with curl_slist_free_all. */
struct curl_slist *redirects_cookie_header(const struct redirects *r);
void redirects_copy(struct redirects *to, const struct redirects *from); /* to is empty */
void redirects_release(struct redirects *r);

/* ---- fetch_curl.c, fetch_facts.c ---- */

/* Reads the proxy's URL into proxy_name and peer_port; false when it is none. */
bool fetch_read_proxy(struct fetch *t);

/* Makes t->easy for the current attempt; false when libcurl refuses. */
bool fetch_open(struct fetch *t);
/* Frees t->easy and what belongs to it; it must not be in the loop. */
void fetch_close(struct fetch *t);
/* Asks libcurl how far it is; sets connected, connected_at and handshake. */
void fetch_look(struct fetch *t);

/* Looks after the socket of an easy handle; the loop frees it. */
struct fetch_socket *fetch_socket_new(struct loop *loop, void *easy);
/* Before a transfer is removed that is still connecting. */
void fetch_socket_ask(struct fetch_socket *s);
/* What the OS knew of the connection at its end; borrowed. */
const struct tcp_end *fetch_socket_end(const struct fetch_socket *s);

/* When the present attempt has to be over, as far as is known. */
double fetch_deadline(const struct fetch *t);

/* What the attempt shows, into the result; code: CURLcode; silent: a deadline ended it. */
void fetch_tell(struct fetch *t, int code, bool silent);
/*
 * Whether what comes over the present connection is evidence about the host: a later one must have
 * proved as much as the first.
 */
bool fetch_is_evidence(const struct fetch *t);
/* What is known in the middle of an attempt. */
void fetch_tell_unfinished(struct fetch *t);
/* The address that is being tried, into the connect facts. */
void fetch_tell_address(struct fetch *t);

/* What an error number together with the OS's evidence says. */
enum net_error fetch_net_error(int number, const struct tcp_end *end, const struct net_addr *peer);

#endif
