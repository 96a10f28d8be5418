/*
 * Causes: stable words for what is broken ("dns.nxdomain"), where it is and who acts. Titles and
 * remedies are in the rule file's `causes` section, in every language.
 */
#ifndef PREFLIGHT_CAUSE_H
#define PREFLIGHT_CAUSE_H

#include <stddef.h>

/* Where on the path terminal - facility - line/ISP - service - VPN; a set, as evidence allows. */
enum segment {
	SEGMENT_TERMINAL = 1 << 0,
	SEGMENT_FACILITY = 1 << 1, /* the facility's network: LAN, router, firewall, proxy */
	SEGMENT_LINE = 1 << 2,     /* line carrier and ISP */
	SEGMENT_SERVICE = 1 << 3,  /* the far end */
	SEGMENT_VPN = 1 << 4       /* the tunnel and what is inside */
};
#define SEGMENT_COUNT 5
const char *segment_name(
	enum segment segment); /* "terminal", "facility", "line", "service", "vpn" */

/* Who acts next; a set. */
enum actor {
	ACTOR_IT = 1 << 0,      /* IT staff at the terminal */
	ACTOR_NETWORK = 1 << 1, /* the facility's network administrator */
	ACTOR_CARRIER = 1 << 2, /* line carrier or ISP */
	ACTOR_DESK = 1 << 3     /* service desk of the system */
};
#define ACTOR_COUNT 4
const char *actor_name(enum actor actor); /* "it", "network", "carrier", "desk" */

struct cause_info {
	const char *code;  /* "udp.silent" */
	unsigned segments; /* default; the diagnosis narrows it by evidence */
	unsigned actors;   /* default */
	int number;        /* in support codes, from 1; never changed, never used again */
};

/* The table row, or NULL for an unknown code. Static storage. */
const struct cause_info *cause_find(const char *code);

/* Its row, from 0: the order in which root causes are told. */
size_t cause_rank(const struct cause_info *cause);

/* The row with this number, or NULL. Static storage. */
const struct cause_info *cause_numbered(int number);

/* Above all numbers; a support code has no room for more. */
#define CAUSE_NUMBERS 192

/* All rows, for lint, schema and tests. */
extern const struct cause_info cause_table[];
extern const size_t cause_count;

#endif
