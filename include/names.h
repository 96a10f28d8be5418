/*
 * Names, resolved once and shared by every check: the OS's own resolver, whose answer is the one
 * that the user's software has, and, to explain it, the hosts file and each configured DNS server
 * by c-ares (with rcode).
 *
 * Connections go to the addresses that the OS gives (names_address). When it takes long, they begin
 * with what a server gives, or with the documented address; should the OS then give others, what
 * was seen meanwhile is no evidence, and all of it begins again (names_on_final; run.c does that
 * for every check). The `dns` check waits for everything (names_complete) and tells differences.
 */
#ifndef PREFLIGHT_NAMES_H
#define PREFLIGHT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "loop.h"
#include "net.h"
#include "platform.h"
#include "rtt.h"
#include "rules.h"
#include "terminal.h"

enum name_via {
	NAME_VIA_LITERAL,    /* the host's name is an address */
	NAME_VIA_HOSTS,      /* the OS resolver, and the hosts file says the same */
	NAME_VIA_DNS,        /* a configured DNS server, asked directly; the OS gave none */
	NAME_VIA_OS,         /* the OS resolver */
	NAME_VIA_DOCUMENTED, /* nothing resolved it: the address in the rule file */
	NAME_VIA_NONE        /* no address at all */
};
const char *name_via_name(enum name_via via); /* "hosts", "dns", … */

enum dns_outcome {
	DNS_PENDING, /* no answer yet; at the end: it was never sent */
	DNS_ANSWER,  /* NOERROR with addresses */
	DNS_NODATA,  /* NOERROR without */
	DNS_NXDOMAIN,
	DNS_SERVFAIL,
	DNS_REFUSED,
	DNS_OTHER_RCODE, /* see rcode */
	DNS_MALFORMED,
	DNS_UNREACHABLE, /* port closed, no route, TCP refused after truncation */
	DNS_SILENT
};
const char *dns_outcome_name(enum dns_outcome outcome); /* "answer", "nxdomain", … */

/* One question to one server. */
struct dns_reply {
	struct net_addr server;
	uint16_t port;
	int type; /* 1 A, 28 AAAA */
	enum dns_outcome outcome;
	int rcode;      /* -1 when there was no answer */
	bool denied;    /* this terminal itself refused to send the question */
	bool heard;     /* its server answered a question of this type, about whatever name */
	bool truncated; /* the UDP answer was truncated, the rest came by TCP */
	bool authoritative, recursion_available;
	int ares_status; /* c-ares's number */
	double ms;       /* from the question to the answer */
	struct net_addr *addrs;
	size_t addr_count;
};

/* The name with a domain of the search list behind it, asked of each server. */
struct name_search {
	const char *name;
	const struct dns_reply *replies;
	size_t reply_count;
};
#define NAMES_SEARCHES_MAX 6

/* All that is known about one name. */
struct name_facts {
	struct net_addr *hosts_addrs; /* from the hosts file */
	int *hosts_lines;
	size_t hosts_count;
	struct dns_reply *replies; /* by server, A before AAAA */
	size_t reply_count;
	bool os_done; /* its answer stands: what failed for the moment was asked again */
	struct os_resolve_result os;
	double os_ms;          /* what the answer took, once the OS was asked */
	unsigned os_asks;      /* how often it was */
	double os_quickest_ms; /* what it took for the quickest name of the run by DNS; < 0: none */
	/* A random label under the zone that must not exist, asked of each server (A only). */
	char probe_name[256]; /* "" when not asked */
	struct dns_reply *probes;
	size_t probe_count;
	/* Only where the OS gives addresses that nobody gives for the name itself. */
	struct name_search searches[NAMES_SEARCHES_MAX];
	size_t search_count;
};

/* The address that connections use. */
struct name_address {
	enum name_via via;
	struct net_addr addrs[8]; /* as the OS orders them (RFC 6724), IPv4 before IPv6 */
	size_t count;
	size_t preferred; /* the one of addrs that the OS gives first */
	double ms;        /* from the start of the run until it was known */
};

struct names;
struct names *names_new(struct loop *loop, const struct terminal *terminal);
/* Where round trips of servers are noted, and what the line needs is looked up; borrowed. */
void names_use_rtts(struct names *names, struct rtt_board *rtts);
void names_free(struct names *names); /* stops everything, calls no callback */

/*
 * Gives the addresses of the OS at once or later, exactly once for each call. While
 * the OS has not answered, those of a server or of the hosts file are given, NAMES_PATIENCE seconds
 * after the start the documented ones; so they are when everything answered no. Without any,
 * NAME_VIA_NONE.
 */
typedef void names_address_fn(void *arg, const struct name_address *address);
void names_address(
	struct names *names, const struct rule_host *host, names_address_fn *fn, void *arg);

/* Takes back every wait of `arg`. */
void names_forget(struct names *names, const void *arg);

/*
 * Called once for each name, when its addresses stand: the OS has answered, or is not waited for
 * any longer. changed: they are others than somebody was given before. The callback may ask for
 * names.
 */
typedef void names_final_fn(void *arg, const struct rule_host *host, bool changed);
void names_on_final(struct names *names, names_final_fn *fn, void *arg);
/* Whether they stand; so do those of a host that nobody asked for. */
bool names_is_final(const struct names *names, const struct rule_host *host);
/* What connections use at present; NULL while nothing is known. */
const struct name_address *names_current(const struct names *names, const struct rule_host *host);

/*
 * Waits until every question about the host is answered or given up: NAMES_BUDGET seconds after the
 * host was first asked for, and longer on a slow line (rtt_slack); half of it once another answer
 * was positive, unless the server answers other questions, so that only this one was lost. The OS
 * resolver is waited for as long as any software would where a server knows the name
 * (NAMES_OS_LIMIT), else in proportion to what the servers took; os_done tells. probe: also ask for
 * a random label under the zone. Whoever waits for the address is told before. The facts are
 * borrowed and stay valid until names_free.
 */
#define NAMES_PATIENCE 1.5 /* seconds without an address, then the documented one is tried */
#define NAMES_BUDGET   5.0 /* seconds until an unanswered question counts as silent */
/*
 * Seconds that the OS resolver has. The C library's takes 15 where a server leaves one of two
 * questions unanswered, 24 with three such servers.
 */
#define NAMES_OS_LIMIT 26.0
typedef void names_complete_fn(void *arg, const struct name_facts *facts);
void names_complete(struct names *names, const struct rule_host *host, bool probe,
	names_complete_fn *fn, void *arg);

/* What is known so far (for a run that is cut short); NULL when the host was never asked for. */
const struct name_facts *names_peek(const struct names *names, const struct rule_host *host);

#endif
