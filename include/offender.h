/*
 * Who sent the ICMP message that ended something, as the fact `offender_is`:
 *
 *   "target"    the address that was asked
 *   "self"      this terminal
 *   "gateway"   the default gateway
 *   "facility"  another private or link-local address, if the target has none of those
 *   "carrier"   an address shared by a carrier's customers (RFC 6598)
 *   "neighbour" an address of the target's own network (/24, /64)
 *   "other"     any other
 */
#ifndef PREFLIGHT_OFFENDER_H
#define PREFLIGHT_OFFENDER_H

#include "net.h"
#include "terminal.h"

const char *offender_is(const struct net_addr *offender, const struct net_addr *target,
	const struct terminal *terminal);

/* Where that is, as a set of cause.h; 0 for NULL. unreachable: it said that the way ends there. */
unsigned offender_segments(const char *is, bool unreachable);

#endif
