/*
 * The other addresses of a host that is connected to: whether each of them serves as well. DNS
 * gives them in an order that changes, so the one that does not is met by chance otherwise. And of
 * a host that does not serve where DNS leads: whether it serves where the rules have it.
 *
 * Facts, of addresses with a route, and of the family that is connected to (where its certificate
 * is wrong, of both)
 *   silent_addresses  list: no connection; after OTHERS_TLS: one, but no TLS. In the place of what
 *                     the connection itself found (fetch.h)
 *   bad_addresses     list: TLS stands, and its certificate does not prove the host; odd_problem,
 *                     odd_subject, odd_issuer (fetch.h) of the first of them. The one that is
 *                     connected to is among them where another proves the host
 *   good_addresses    list: where it does
 *   documented_works  list: after OTHERS_TLS, where nobody serves at the addresses that the name
 *                     leads to, and none of them is documented: documented ones that prove to be
 *                     the host
 */
#ifndef PREFLIGHT_CHECKS_OTHER_ADDRESSES_H
#define PREFLIGHT_CHECKS_OTHER_ADDRESSES_H

#include "check.h"
#include "fetch.h"

/* So many others at most: some names have a dozen addresses. */
#define OTHER_ADDRESSES_MAX 3

enum others_depth { OTHERS_CONNECT, OTHERS_TLS };

struct other_addresses;

/*
 * Begins when the check's facts have the connection, with the request that the check made. Calls fn
 * once, later, when the facts are in the check. NULL, and nothing is called: there is nothing to
 * ask. Free with other_addresses_free.
 */
typedef void other_addresses_fn(struct check_run *c);
struct other_addresses *other_addresses_begin(struct check_run *c, const struct fetch_want *want,
	enum others_depth depth, other_addresses_fn *fn);
void other_addresses_free(struct other_addresses *others);

#endif
