/*
 * A DNS server on 127.0.0.1 for unit tests, UDP and TCP on one port, turned by the same event
 * loop as what is tested: no threads, no waiting.
 */
#ifndef PREFLIGHT_TESTS_DNS_MOCK_H
#define PREFLIGHT_TESTS_DNS_MOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loop.h"

enum dns_mock_mode {
	MOCK_ANSWER,
	MOCK_CNAME, /* an alias, then the addresses */
	MOCK_NXDOMAIN,
	MOCK_NODATA,
	MOCK_SERVFAIL,
	MOCK_REFUSED,
	MOCK_NOTIMP,
	MOCK_BARE_REFUSED, /* only the header, without the question */
	MOCK_BARE_SERVFAIL,
	MOCK_BARE_NXDOMAIN,
	MOCK_BARE_WRONG_ID,
	MOCK_BARE_QUERY, /* not marked as an answer */
	MOCK_SILENT,
	MOCK_TRUNCATE,        /* UDP: truncated; TCP: the answer */
	MOCK_TRUNCATE_SILENT, /* UDP: truncated; TCP: accepted, no answer */
	MOCK_WRONG_ID,
	MOCK_SHORT,    /* three bytes */
	MOCK_CUT,      /* an answer that ends in the middle of a record */
	MOCK_A_SILENT, /* answers AAAA, not A */
	MOCK_AAAA_SILENT
};

struct dns_mock {
	enum dns_mock_mode mode;
	const char *name;     /* the one name that exists, lower case */
	const char *a, *aaaa; /* its addresses; NULL: none */
	const char *wildcard; /* A of every other name; NULL: NXDOMAIN */
	unsigned lose, lost;  /* so many A questions by UDP are lost */
	unsigned asked_a, asked_aaaa, asked_other, asked_tcp; /* questions that came */
	char other[256];                                      /* the last other name */
	struct loop *loop;
	int udp, tcp;
	uint16_t port;
	int conns[16];
	size_t conn_count;
};

/* tcp: whether it listens there too. */
void dns_mock_start(struct dns_mock *mock, struct loop *loop, bool tcp);
void dns_mock_stop(struct dns_mock *mock);
/* A port of 127.0.0.1 on which nothing listens. */
uint16_t dns_mock_closed_port(void);

#endif
