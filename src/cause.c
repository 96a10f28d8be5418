#include "cause.h"

#include <string.h>

#define T SEGMENT_TERMINAL
#define F SEGMENT_FACILITY
#define L SEGMENT_LINE
#define S SEGMENT_SERVICE
#define V SEGMENT_VPN

/* Rank: what stands nearer to the terminal, and explains more, is told first. */
const struct cause_info cause_table[] = {
	/* terminal */
	{"net.no-route", T, ACTOR_IT | ACTOR_NETWORK, 0},
	{"net.local-denied", T, ACTOR_IT, 1},
	{"net.no-internet", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 2},
	{"net.proxy-only", F, ACTOR_NETWORK, 3},
	{"http.captive-portal", F, ACTOR_IT | ACTOR_NETWORK, 4},
	{"tls.intercepted", F, ACTOR_NETWORK, 5},
	{"clock.skew", T, ACTOR_IT, 6},
	/* names */
	{"dns.no-server", T, ACTOR_IT | ACTOR_NETWORK, 10},
	{"dns.silent", F | L, ACTOR_NETWORK, 11},
	{"dns.unreachable", F | L, ACTOR_NETWORK, 12},
	{"dns.refused", F | L, ACTOR_NETWORK, 13},
	{"dns.servfail", F | L, ACTOR_NETWORK, 14},
	{"dns.malformed", F | L, ACTOR_NETWORK, 15},
	{"dns.hijacked", F | L, ACTOR_NETWORK, 16},
	{"dns.wildcard", F | L, ACTOR_NETWORK, 17},
	{"dns.nxdomain", F | L, ACTOR_NETWORK, 18},
	{"dns.nodata", F | L, ACTOR_NETWORK, 19},
	{"dns.stale-hosts", T, ACTOR_IT, 20},
	{"dns.os-differs", T, ACTOR_IT, 21},
	{"dns.address-changed", S, ACTOR_NETWORK | ACTOR_DESK, 22},
	/* connections */
	{"tcp.refused", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 30},
	{"tcp.reset", F | L | S, ACTOR_NETWORK, 31},
	{"tcp.unreachable", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 32},
	{"tcp.prohibited", F | L, ACTOR_NETWORK, 33},
	{"tcp.silent", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 34},
	{"udp.refused", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 40},
	{"udp.prohibited", F | L, ACTOR_NETWORK, 41},
	{"udp.unreachable", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 42},
	{"udp.silent", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 43},
	{"udp.not-ike", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 44},
	{"udp.not-dtls", F | L | S, ACTOR_NETWORK, 45},
	{"udp.fragments", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 46},
	{"udp.mtu-black-hole", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 47},
	{"udp.mtu-small", F | L, ACTOR_NETWORK, 48},
	{"dtls.silent", F | L, ACTOR_NETWORK, 49},
	/* TLS and HTTP */
	{"tls.expired", S, ACTOR_DESK, 50},
	{"tls.not-yet-valid", S, ACTOR_DESK, 51},
	{"tls.wrong-name", F | S, ACTOR_NETWORK | ACTOR_DESK, 52},
	{"tls.self-signed", F | S, ACTOR_NETWORK | ACTOR_DESK, 53},
	{"tls.incomplete-chain", S, ACTOR_DESK, 54},
	{"tls.untrusted", F | S, ACTOR_NETWORK | ACTOR_DESK, 55},
	{"tls.revoked", S, ACTOR_DESK, 56},
	{"tls.protocol", F | S, ACTOR_DESK, 57},
	{"tls.weak", S, ACTOR_DESK, 58},
	{"tls.client-certificate", T | S, ACTOR_IT | ACTOR_DESK, 59},
	{"tls.reset", F | L, ACTOR_NETWORK, 60},
	{"tls.silent", F | L, ACTOR_NETWORK, 61},
	{"tls.handshake", F | S, ACTOR_NETWORK | ACTOR_DESK, 62},
	{"http.off-site", F | S, ACTOR_NETWORK | ACTOR_DESK, 65},
	{"http.status", S, ACTOR_DESK, 66},
	{"http.silent", F | S, ACTOR_NETWORK | ACTOR_DESK, 67},
	{"http.broken", F | S, ACTOR_NETWORK | ACTOR_DESK, 68},
	{"http.not-gateway", F | S, ACTOR_DESK, 69},
	/* the terminal itself */
	{"os.unsupported", T, ACTOR_IT, 70},
	{"os.end-of-life", T, ACTOR_IT, 71},
	{"os.extended", T, ACTOR_IT, 72},
	{"os.ending-soon", T, ACTOR_IT, 73},
	{"os.unknown", T, ACTOR_IT, 74},
	{"disk.low", T, ACTOR_IT, 75},
	{"disk.read-only", T, ACTOR_IT, 76},
	{"software.conflict", T, ACTOR_IT, 77},
	{"software.conflict-version", T, ACTOR_IT, 78},
	{"link.mobile", L, ACTOR_IT | ACTOR_CARRIER, 80},
	{"link.wifi", F, ACTOR_IT, 81},
	{"proxy.configured", T | F, ACTOR_IT | ACTOR_NETWORK, 82},
	/* VPN */
	{"vpn.not-connected", V, ACTOR_IT, 85},
	{"vpn.portal-down", V | S, ACTOR_IT, 86},
	/* the checker's own limits */
	{"run.blocked", 0, 0, 90},           /* something it needs failed first */
	{"run.unreadable", T, ACTOR_IT, 91}, /* the OS does not tell */
	{"run.deadline", 0, 0, 92},
	{"run.interrupted", 0, 0, 93},
};
const size_t cause_count = sizeof cause_table / sizeof cause_table[0];

#undef T
#undef F
#undef L
#undef S
#undef V

const struct cause_info *cause_find(const char *code)
{
	for (size_t i = 0; code != NULL && i < cause_count; i++)
		if (strcmp(cause_table[i].code, code) == 0)
			return &cause_table[i];
	return NULL;
}

const char *segment_name(enum segment segment)
{
	switch (segment) {
	case SEGMENT_TERMINAL:
		return "terminal";
	case SEGMENT_FACILITY:
		return "facility";
	case SEGMENT_LINE:
		return "line";
	case SEGMENT_SERVICE:
		return "service";
	case SEGMENT_VPN:
		return "vpn";
	}
	return "?";
}

const char *actor_name(enum actor actor)
{
	switch (actor) {
	case ACTOR_IT:
		return "it";
	case ACTOR_NETWORK:
		return "network";
	case ACTOR_CARRIER:
		return "carrier";
	case ACTOR_DESK:
		return "desk";
	}
	return "?";
}
