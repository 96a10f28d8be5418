#include "cause.h"

#include <string.h>

#define T SEGMENT_TERMINAL
#define F SEGMENT_FACILITY
#define L SEGMENT_LINE
#define S SEGMENT_SERVICE
#define V SEGMENT_VPN

/*
 * What stands nearer to the terminal, and explains more, stands further up and is told first.
 * Number: stands in support codes; a new cause gets the next free one, and none is ever given to
 * another cause.
 */
/* clang-format off */
const struct cause_info cause_table[] = {
	/* terminal */
	{"net.no-route", T, ACTOR_IT | ACTOR_NETWORK, 1},
	{"net.gateway-silent", T | F, ACTOR_IT | ACTOR_NETWORK, 131},
	{"net.on-link", T, ACTOR_IT, 132},
	{"net.no-route-family", T | F, ACTOR_IT | ACTOR_NETWORK, 133},
	{"net.no-route-host", T, ACTOR_IT, 134},
	{"net.address-silent", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 135},
	{"net.local-denied", T, ACTOR_IT, 2},
	{"net.no-internet", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 3},
	{"net.proxy-only", F, ACTOR_NETWORK, 4},
	{"http.captive-portal", F, ACTOR_IT | ACTOR_NETWORK, 5},
	{"tls.intercepted", F, ACTOR_NETWORK, 6},
	{"clock.skew", T, ACTOR_IT, 7},
	{"clock.not-told", S, ACTOR_IT, 111},
	/* names */
	{"dns.no-server", T, ACTOR_IT | ACTOR_NETWORK, 8},
	{"dns.config", T, ACTOR_IT, 118},
	{"dns.silent", F | L, ACTOR_NETWORK, 9},
	{"dns.unreachable", F | L, ACTOR_NETWORK, 10},
	{"dns.refused", F | L, ACTOR_NETWORK, 11},
	{"dns.servfail", F | L, ACTOR_NETWORK, 12},
	{"dns.malformed", F | L, ACTOR_NETWORK, 13},
	{"dns.search", T, ACTOR_IT | ACTOR_NETWORK, 121},
	{"dns.filtered", F | L, ACTOR_NETWORK, 122},
	{"dns.hijacked", F | L, ACTOR_NETWORK, 14},
	{"dns.wildcard", F | L, ACTOR_NETWORK, 15},
	{"dns.nxdomain", F | L, ACTOR_NETWORK, 16},
	{"dns.nodata", F | L, ACTOR_NETWORK, 17},
	{"dns.stale-hosts", T, ACTOR_IT, 18},
	{"dns.wrong-server", T, ACTOR_IT, 123},
	{"dns.elsewhere", F | L, ACTOR_NETWORK, 124},
	{"dns.os-differs", T, ACTOR_IT, 19},
	{"dns.address-changed", S, ACTOR_NETWORK | ACTOR_DESK, 20},
	{"dns.slow", F | L, ACTOR_NETWORK, 119},
	/* connections */
	{"tcp.refused", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 21},
	{"tcp.reset", F | L | S, ACTOR_NETWORK, 22},
	{"tcp.unreachable", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 23},
	{"tcp.prohibited", F | L, ACTOR_NETWORK, 24},
	{"tcp.silent", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 25},
	{"udp.refused", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 26},
	{"udp.prohibited", F | L, ACTOR_NETWORK, 27},
	{"udp.unreachable", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 28},
	{"udp.silent", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 29},
	{"udp.not-ike", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 30},
	{"udp.answered-nearby", F, ACTOR_NETWORK, 137},
	{"udp.not-dtls", F | L | S, ACTOR_NETWORK, 31},
	{"udp.fragments", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 32},
	{"udp.mtu-black-hole", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 33},
	{"udp.mtu-small", F | L, ACTOR_NETWORK, 34},
	{"udp.large-answers", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 138},
	{"udp.version", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 140},
	{"udp.limited", S, ACTOR_IT | ACTOR_DESK, 108},
	{"udp.redirected", S, ACTOR_NETWORK, 109},
	{"udp.one-flow", F | L, ACTOR_NETWORK, 110},
	{"dtls.silent", F | L, ACTOR_NETWORK, 35},
	/* TLS and HTTP */
	{"tls.expired", S, ACTOR_DESK, 36},
	{"tls.not-yet-valid", S, ACTOR_DESK, 37},
	{"tls.chain-expired", S, ACTOR_DESK, 113},
	{"tls.root-expired", T, ACTOR_IT, 114},
	{"tls.wrong-name", F | S, ACTOR_NETWORK | ACTOR_DESK, 38},
	{"tls.no-names", F | S, ACTOR_NETWORK | ACTOR_DESK, 112},
	{"tls.self-signed", F | S, ACTOR_NETWORK | ACTOR_DESK, 39},
	{"tls.incomplete-chain", S, ACTOR_DESK, 40},
	{"tls.untrusted", F | S, ACTOR_NETWORK | ACTOR_DESK, 41},
	{"tls.invalid", S, ACTOR_DESK, 115},
	{"tls.inconsistent", F | S, ACTOR_NETWORK | ACTOR_DESK, 116},
	{"tls.root-on-demand", T, ACTOR_IT, 106},
	{"tls.revoked", S, ACTOR_DESK, 42},
	{"tls.protocol", F | S, ACTOR_DESK, 43},
	{"tls.too-weak", F | S, ACTOR_NETWORK | ACTOR_DESK, 117},
	{"tls.weak", S, ACTOR_DESK, 44},
	{"tls.client-certificate", T | S, ACTOR_IT | ACTOR_DESK, 45},
	{"tls.reset", F | L, ACTOR_NETWORK, 46},
	{"tls.silent", F | L, ACTOR_NETWORK, 47},
	{"tls.handshake", F | S, ACTOR_NETWORK | ACTOR_DESK, 48},
	{"http.off-site", F | S, ACTOR_NETWORK | ACTOR_DESK, 49},
	{"http.redirect", F | S, ACTOR_NETWORK | ACTOR_DESK, 139},
	{"http.status", S, ACTOR_DESK, 50},
	{"http.silent", F | S, ACTOR_NETWORK | ACTOR_DESK, 51},
	{"http.broken", F | S, ACTOR_NETWORK | ACTOR_DESK, 52},
	{"http.not-gateway", F | S, ACTOR_DESK, 53},
	{"http.slow", S | F, ACTOR_NETWORK | ACTOR_DESK, 128},
	/* client certificates, as servers see them */
	{"tls.client-not-asked", F, ACTOR_NETWORK, 54},
	{"tls.client-missing", T, ACTOR_IT, 55},
	{"tls.client-kept", T, ACTOR_IT, 107},
	{"tls.client-not-accepted", T, ACTOR_IT | ACTOR_DESK, 56},
	{"tls.client-unknown-ca", T, ACTOR_IT | ACTOR_DESK, 57},
	{"tls.client-expired", T, ACTOR_IT | ACTOR_DESK, 58},
	{"tls.client-revoked", T, ACTOR_IT | ACTOR_DESK, 59},
	{"tls.client-refused", T | S, ACTOR_IT | ACTOR_DESK, 60},
	/* certificates on the terminal */
	{"cert.not-found", T, ACTOR_IT, 61},
	{"cert.unreadable", T, ACTOR_IT, 62},
	{"cert.unsupported-encryption", T, ACTOR_IT, 63},
	{"cert.wrong-password", T, ACTOR_IT, 64},
	{"cert.password-missing", T, ACTOR_IT, 65},
	{"cert.password-trailing-space", T, ACTOR_IT, 66},
	{"cert.no-private-key", T, ACTOR_IT, 67},
	{"cert.key-mismatch", T, ACTOR_IT | ACTOR_DESK, 68},
	{"cert.not-yet-valid", T, ACTOR_IT | ACTOR_DESK, 69},
	{"cert.expired", T, ACTOR_IT | ACTOR_DESK, 70},
	{"cert.expiring-soon", T, ACTOR_IT | ACTOR_DESK, 71},
	{"cert.wrong-purpose", T, ACTOR_IT | ACTOR_DESK, 72},
	{"cert.not-issued-by-ca", T, ACTOR_IT | ACTOR_DESK, 73},
	{"cert.not-a-ca", T, ACTOR_IT | ACTOR_DESK, 74},
	{"cert.not-trusted", T, ACTOR_IT, 75},
	/* the terminal itself */
	{"os.unsupported", T, ACTOR_IT, 76},
	{"os.end-of-life", T, ACTOR_IT, 77},
	{"os.extended", T, ACTOR_IT, 78},
	{"os.ending-soon", T, ACTOR_IT, 79},
	{"os.unknown", T, ACTOR_IT, 80},
	{"os.data-old", T, ACTOR_IT, 81},
	{"disk.low", T, ACTOR_IT, 82},
	{"disk.read-only", T, ACTOR_IT, 83},
	{"software.conflict", T, ACTOR_IT, 84},
	{"software.conflict-version", T, ACTOR_IT, 85},
	{"software.missing", T, ACTOR_IT, 86},
	{"software.too-old", T, ACTOR_IT, 87},
	{"software.os-not-listed", T, ACTOR_IT, 88},
	{"dump.not-found", T, ACTOR_IT, 89},
	{"dump.unreadable", T, ACTOR_IT, 90},
	{"dump.plain-sql", T, ACTOR_IT, 91},
	{"dump.other-format", T, ACTOR_IT, 92},
	{"dump.not-a-dump", T, ACTOR_IT, 93},
	{"dump.damaged", T, ACTOR_IT, 94},
	{"dump.encoding", T, ACTOR_IT, 95},
	{"link.mobile", L, ACTOR_IT | ACTOR_CARRIER, 96},
	{"link.wifi", F, ACTOR_IT, 97},
	{"proxy.configured", T | F, ACTOR_IT | ACTOR_NETWORK, 98},
	{"proxy.sign-in", T | F, ACTOR_IT | ACTOR_NETWORK, 125},
	{"proxy.bypass-unclear", T, ACTOR_IT, 126},
	{"proxy.script", T, ACTOR_IT, 136},
	/* VPN */
	{"vpn.not-connected", V, ACTOR_IT, 99},
	{"vpn.portal-down", V | S, ACTOR_IT, 100},
	/* the checker's own limits */
	{"run.blocked", 0, 0, 101},           /* something it needs failed first */
	{"run.undecided", 0, ACTOR_IT, 127},  /* it saw too little, though nothing failed before it */
	{"run.unreadable", T, ACTOR_IT, 102}, /* the OS does not tell */
	{"run.deadline", 0, 0, 103},
	{"run.interrupted", 0, 0, 104},
	{"run.not-saved", 0, ACTOR_IT, 105}, /* judged again, without its facts */
	{"run.local-error", T, ACTOR_IT, 120}, /* this machine is short of something */
};
/* clang-format on */
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

size_t cause_rank(const struct cause_info *cause)
{
	return (size_t)(cause - cause_table);
}

const struct cause_info *cause_numbered(int number)
{
	for (size_t i = 0; i < cause_count; i++)
		if (cause_table[i].number == number)
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
