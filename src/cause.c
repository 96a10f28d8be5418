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
	{"net.no-route", T, ACTOR_IT | ACTOR_NETWORK, 0}, {"net.local-denied", T, ACTOR_IT, 1},
	{"net.no-internet", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 2},
	{"net.proxy-only", F, ACTOR_NETWORK, 3},
	{"http.captive-portal", F, ACTOR_IT | ACTOR_NETWORK, 4},
	{"tls.intercepted", F, ACTOR_NETWORK, 5}, {"clock.skew", T, ACTOR_IT, 6},
	/* names */
	{"dns.no-server", T, ACTOR_IT | ACTOR_NETWORK, 7}, {"dns.silent", F | L, ACTOR_NETWORK, 8},
	{"dns.unreachable", F | L, ACTOR_NETWORK, 9}, {"dns.refused", F | L, ACTOR_NETWORK, 10},
	{"dns.servfail", F | L, ACTOR_NETWORK, 11}, {"dns.malformed", F | L, ACTOR_NETWORK, 12},
	{"dns.hijacked", F | L, ACTOR_NETWORK, 13}, {"dns.wildcard", F | L, ACTOR_NETWORK, 14},
	{"dns.nxdomain", F | L, ACTOR_NETWORK, 15}, {"dns.nodata", F | L, ACTOR_NETWORK, 16},
	{"dns.stale-hosts", T, ACTOR_IT, 17}, {"dns.os-differs", T, ACTOR_IT, 18},
	{"dns.address-changed", S, ACTOR_NETWORK | ACTOR_DESK, 19},
	/* connections */
	{"tcp.refused", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 20},
	{"tcp.reset", F | L | S, ACTOR_NETWORK, 21},
	{"tcp.unreachable", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 22},
	{"tcp.prohibited", F | L, ACTOR_NETWORK, 23},
	{"tcp.silent", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 24},
	{"udp.refused", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 25},
	{"udp.prohibited", F | L, ACTOR_NETWORK, 26},
	{"udp.unreachable", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 27},
	{"udp.silent", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 28},
	{"udp.not-ike", F | L | S, ACTOR_NETWORK | ACTOR_DESK, 29},
	{"udp.not-dtls", F | L | S, ACTOR_NETWORK, 30},
	{"udp.fragments", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 31},
	{"udp.mtu-black-hole", F | L, ACTOR_NETWORK | ACTOR_CARRIER, 32},
	{"udp.mtu-small", F | L, ACTOR_NETWORK, 33}, {"dtls.silent", F | L, ACTOR_NETWORK, 34},
	/* TLS and HTTP */
	{"tls.expired", S, ACTOR_DESK, 35}, {"tls.not-yet-valid", S, ACTOR_DESK, 36},
	{"tls.wrong-name", F | S, ACTOR_NETWORK | ACTOR_DESK, 37},
	{"tls.self-signed", F | S, ACTOR_NETWORK | ACTOR_DESK, 38},
	{"tls.incomplete-chain", S, ACTOR_DESK, 39},
	{"tls.untrusted", F | S, ACTOR_NETWORK | ACTOR_DESK, 40},
	{"tls.revoked", S, ACTOR_DESK, 41}, {"tls.protocol", F | S, ACTOR_DESK, 42},
	{"tls.weak", S, ACTOR_DESK, 43},
	{"tls.client-certificate", T | S, ACTOR_IT | ACTOR_DESK, 44},
	{"tls.reset", F | L, ACTOR_NETWORK, 45}, {"tls.silent", F | L, ACTOR_NETWORK, 46},
	{"tls.handshake", F | S, ACTOR_NETWORK | ACTOR_DESK, 47},
	{"http.off-site", F | S, ACTOR_NETWORK | ACTOR_DESK, 48},
	{"http.status", S, ACTOR_DESK, 49}, {"http.silent", F | S, ACTOR_NETWORK | ACTOR_DESK, 50},
	{"http.broken", F | S, ACTOR_NETWORK | ACTOR_DESK, 51},
	{"http.not-gateway", F | S, ACTOR_DESK, 52},
	/* client certificates, as servers see them */
	{"tls.client-not-asked", F, ACTOR_NETWORK, 53}, {"tls.client-missing", T, ACTOR_IT, 54},
	{"tls.client-not-accepted", T, ACTOR_IT | ACTOR_DESK, 55},
	{"tls.client-unknown-ca", T, ACTOR_IT | ACTOR_DESK, 56},
	{"tls.client-expired", T, ACTOR_IT | ACTOR_DESK, 57},
	{"tls.client-revoked", T, ACTOR_IT | ACTOR_DESK, 58},
	{"tls.client-refused", T | S, ACTOR_IT | ACTOR_DESK, 59},
	/* certificates on the terminal */
	{"cert.not-found", T, ACTOR_IT, 60}, {"cert.unreadable", T, ACTOR_IT, 61},
	{"cert.unsupported-encryption", T, ACTOR_IT, 62}, {"cert.wrong-password", T, ACTOR_IT, 63},
	{"cert.password-missing", T, ACTOR_IT, 64},
	{"cert.password-trailing-space", T, ACTOR_IT, 65}, {"cert.no-private-key", T, ACTOR_IT, 66},
	{"cert.key-mismatch", T, ACTOR_IT | ACTOR_DESK, 67},
	{"cert.not-yet-valid", T, ACTOR_IT | ACTOR_DESK, 68},
	{"cert.expired", T, ACTOR_IT | ACTOR_DESK, 69},
	{"cert.expiring-soon", T, ACTOR_IT | ACTOR_DESK, 70},
	{"cert.wrong-purpose", T, ACTOR_IT | ACTOR_DESK, 71},
	{"cert.not-issued-by-ca", T, ACTOR_IT | ACTOR_DESK, 72},
	{"cert.not-a-ca", T, ACTOR_IT | ACTOR_DESK, 73}, {"cert.not-trusted", T, ACTOR_IT, 74},
	/* the terminal itself */
	{"os.unsupported", T, ACTOR_IT, 75}, {"os.end-of-life", T, ACTOR_IT, 76},
	{"os.extended", T, ACTOR_IT, 77}, {"os.ending-soon", T, ACTOR_IT, 78},
	{"os.unknown", T, ACTOR_IT, 79}, {"os.data-old", T, ACTOR_IT, 80},
	{"disk.low", T, ACTOR_IT, 81}, {"disk.read-only", T, ACTOR_IT, 82},
	{"software.conflict", T, ACTOR_IT, 83}, {"software.conflict-version", T, ACTOR_IT, 84},
	{"software.missing", T, ACTOR_IT, 85}, {"software.too-old", T, ACTOR_IT, 86},
	{"software.os-not-listed", T, ACTOR_IT, 87}, {"dump.not-found", T, ACTOR_IT, 88},
	{"dump.unreadable", T, ACTOR_IT, 89}, {"dump.plain-sql", T, ACTOR_IT, 90},
	{"dump.other-format", T, ACTOR_IT, 91}, {"dump.not-a-dump", T, ACTOR_IT, 92},
	{"dump.damaged", T, ACTOR_IT, 93}, {"dump.encoding", T, ACTOR_IT, 94},
	{"link.mobile", L, ACTOR_IT | ACTOR_CARRIER, 95}, {"link.wifi", F, ACTOR_IT, 96},
	{"proxy.configured", T | F, ACTOR_IT | ACTOR_NETWORK, 97},
	/* VPN */
	{"vpn.not-connected", V, ACTOR_IT, 98}, {"vpn.portal-down", V | S, ACTOR_IT, 99},
	/* the checker's own limits */
	{"run.blocked", 0, 0, 100},           /* something it needs failed first */
	{"run.unreadable", T, ACTOR_IT, 101}, /* the OS does not tell */
	{"run.deadline", 0, 0, 102}, {"run.interrupted", 0, 0, 103},
	{"run.not-saved", 0, ACTOR_IT, 104}, /* judged again, without its facts */
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
