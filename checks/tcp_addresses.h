/*
 * The other addresses of a host that is connected to: whether each of them answers as well. DNS
 * gives them in an order that changes, so the one that stays silent is met by chance otherwise.
 *
 * Facts
 *   silent_addresses  list, of the family that is connected to, and with a route; in the place of
 *                     what the connection itself found (fetch.h)
 */
#ifndef PREFLIGHT_CHECKS_TCP_ADDRESSES_H
#define PREFLIGHT_CHECKS_TCP_ADDRESSES_H

#include "check.h"
#include "fetch.h"

/* So many others at most: some names have a dozen addresses. */
#define TCP_ADDRESSES_MAX 3

struct tcp_addresses;

/*
 * Begins where the check's facts say `connected`. Calls fn once, later, when the facts are in the
 * check. NULL, and nothing is called: there is nothing to ask. Free with tcp_addresses_free.
 */
typedef void tcp_addresses_fn(struct check_run *c);
struct tcp_addresses *tcp_addresses_begin(struct check_run *c, const struct fetch_want *want,
	const struct name_address *address, tcp_addresses_fn *fn);
void tcp_addresses_free(struct tcp_addresses *others);

#endif
