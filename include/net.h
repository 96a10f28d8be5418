/*
 * Addresses and network errors, independent of the operating system's headers.
 */
#ifndef PREFLIGHT_NET_H
#define PREFLIGHT_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_ADDR_STRLEN 64 /* enough for every textual IPv4/IPv6 address with its zone */

struct net_addr {
	int family;        /* 4, 6, or 0 for none */
	uint8_t bytes[16]; /* network order; IPv4 uses the first four */
	uint32_t scope;    /* IPv6 zone index, else 0 */
};

/* Accepts dotted IPv4 and RFC 4291 IPv6 text, no zone, no brackets. */
bool net_addr_parse(const char *text, struct net_addr *addr);

/* Formats per RFC 5952; returns buf. */
const char *net_addr_format(const struct net_addr *addr, char buf[NET_ADDR_STRLEN]);

bool net_addr_equal(const struct net_addr *a, const struct net_addr *b);

/* Special-purpose ranges (IANA registries, RFC 6890 and what updates it). */
enum net_class {
	NET_GLOBAL,
	NET_PRIVATE,       /* RFC 1918, RFC 4193 */
	NET_LOOPBACK,      /* 127/8, ::1 */
	NET_LINK_LOCAL,    /* 169.254/16, fe80::/10 */
	NET_SHARED,        /* 100.64/10, RFC 6598 */
	NET_DOCUMENTATION, /* RFC 5737, RFC 3849 */
	NET_UNSPECIFIED,   /* 0/8, :: */
	NET_MULTICAST,     /* 224/4, ff00::/8 */
	NET_RESERVED       /* 240/4 and the rest that is never a public server */
};
enum net_class net_addr_class(const struct net_addr *addr);
const char *net_class_name(enum net_class cls); /* "global", "private", … */

/* What a socket call or an ICMP message said, mapped from errno / WSA codes by the OS layer. */
enum net_error {
	NET_OK,
	NET_REFUSED,       /* ECONNREFUSED: RST to a SYN, ICMP port unreachable */
	NET_RESET,         /* ECONNRESET, EPIPE: an established connection was torn down */
	NET_UNREACH_NET,   /* ENETUNREACH from the path */
	NET_UNREACH_HOST,  /* EHOSTUNREACH from the path, no ARP answer */
	NET_PROHIBITED,    /* ICMP 3/9, 3/10, 3/13, ICMPv6 1/1: administratively prohibited */
	NET_UNREACH_PROTO, /* ICMP 3/2 */
	NET_NO_ROUTE,      /* this terminal has no route */
	NET_LOCAL_DENIED,  /* EPERM, EACCES: this terminal's own firewall */
	NET_MSGSIZE,       /* EMSGSIZE: larger than the known path MTU with DF set */
	NET_TTL_EXCEEDED,  /* ICMP 11/0 */
	NET_TIMEOUT,       /* ETIMEDOUT */
	NET_LOCAL_ERROR, /* EMFILE, ENOMEM and the like: this machine, no word about the network */
	NET_OTHER        /* anything else; the number is kept beside it */
};
const char *net_error_name(enum net_error error); /* "refused", "reset", "no-route", … */

#endif
