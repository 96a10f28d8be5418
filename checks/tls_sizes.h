/*
 * Sizes of TCP packets, beside a TLS connection: where TLS stands, whether a first message of
 * several packets is answered too, as browsers send it; where it is silent, whether small packets
 * get through.
 *
 * Facts
 *   large_hello     "answered" or "silent": a first message of several packets; only after a
 *                   handshake
 *   small_packets   "answered" or "silent": the same (or, where TLS stayed silent, a whole
 *                   handshake) in small packets
 */
#ifndef PREFLIGHT_CHECKS_TLS_SIZES_H
#define PREFLIGHT_CHECKS_TLS_SIZES_H

#include "check.h"
#include "fetch.h"

struct tls_sizes;

/* Calls fn once, later, when the facts are in the check. NULL, and nothing is called: there is
 * nothing to ask. Free with tls_sizes_free. */
typedef void tls_sizes_fn(struct check_run *c);
struct tls_sizes *tls_sizes_begin(
	struct check_run *c, const struct fetch_result *result, tls_sizes_fn *fn);
void tls_sizes_free(struct tls_sizes *sizes);

/* Whether the facts say that packets are lost for their size. */
bool tls_sizes_lost(const struct facts *facts);

#endif
