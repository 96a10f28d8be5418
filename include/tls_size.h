/*
 * Whether the size of TCP packets decides: TLS is begun once more over a connection of its own, and
 * nothing is learnt from it but whether an answer came. The first message is either as large as
 * today's browsers send it (their key shares fill more than one packet), or what both ends send is
 * kept in small packets, by the receive window and the maximum segment size that this end announces
 * (RFC 9293, 3.7.1 and 3.8).
 */
#ifndef PREFLIGHT_TLS_SIZE_H
#define PREFLIGHT_TLS_SIZE_H

#include "loop.h"
#include "net.h"

enum tls_size_answer {
	TLS_SIZE_UNKNOWN, /* no connection, or the OS cannot do this */
	TLS_SIZE_ANSWERED,
	TLS_SIZE_SILENT
};

struct tls_size_plan {
	struct net_addr addr;
	uint16_t port;
	const char *name; /* of the host, for SNI; NULL: none */
	bool large;       /* a first message of several packets */
	bool small;       /* packets below 1000 bytes, both ways */
	bool whole;       /* the handshake has to end; else the first answer does */
	double deadline;  /* loop_now value */
};

struct tls_size;
typedef void tls_size_fn(void *arg, enum tls_size_answer answer);
/* Calls fn once, later, unless freed before. Never NULL. */
struct tls_size *tls_size_new(
	struct loop *loop, const struct tls_size_plan *plan, tls_size_fn *fn, void *arg);
void tls_size_free(struct tls_size *size);

#endif
