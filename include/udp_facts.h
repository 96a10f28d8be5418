/*
 * Facts about a UDP socket's error, the same for every check that sends UDP, and what to make of
 * them.
 *
 *   error        string  net_error_name: "refused", "prohibited", ...
 *   errno        int     the OS's number
 *   icmp_type, icmp_code  int, when an ICMP message was the reason and the OS tells
 *   offender     string  address that sent the ICMP message
 *   offender_is  string  who that is, see offender.h
 */
#ifndef PREFLIGHT_UDP_FACTS_H
#define PREFLIGHT_UDP_FACTS_H

#include <stdbool.h>

#include "check.h"
#include "facts.h"
#include "route_facts.h"
#include "terminal.h"
#include "udp.h"

/*
 * Takes the answer of names_address into the facts: via, address, and the timing name_ms. Returns
 * the address to talk to, borrowed; NULL when the check is over, either because it was cut short
 * or because there is no address (then blocked_by is "name" and check_done was called).
 */
const struct net_addr *udp_facts_address(struct check_run *c, const struct name_address *address);

void udp_facts_error(struct facts *facts, const struct udp_error *error,
	const struct net_addr *target, const struct terminal *terminal);

/* Of an address that did not answer: what the terminal's own routes have to do with it. */
void udp_facts_route(
	struct facts *facts, const struct net_addr *addr, const struct terminal *terminal);

/*
 * Judges the error in the facts: a failure, with the cause and, where an offender was told, the
 * segments; unknown for an error that says nothing about the path (run.local-error). False when
 * there is no error.
 */
bool udp_facts_judge(const struct facts *facts, struct judgement *out);

/* Every cause that udp_facts_judge can give, for the lists of causes. */
#define UDP_FACTS_CAUSES                                                                           \
	"udp.refused", "udp.prohibited", "udp.unreachable", ROUTE_FACTS_CAUSES,                    \
		"net.local-denied", "run.local-error", "run.blocked"

#endif
