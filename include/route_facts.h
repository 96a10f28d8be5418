/*
 * What the terminal's own routes have to do with an address that did not answer, as facts:
 *
 *   no_route        the OS has no way to the address: "terminal" nor to anything else, "family" nor
 *                   to any other address of its family, "host" to this one
 *   route_refusal   then, why: route_refusal_name
 *   address_family  then, "IPv4" or "IPv6"
 *   gateway_silent  bool, true: the way leads to `gateway`, and nobody answers there when asked for
 *                   its hardware address (ARP, ND)
 *   on_link_silent  bool, true: the OS takes the address for one of its own network, and nobody
 *                   answers to it there
 *   gateway, interface  str, with either
 */
#ifndef PREFLIGHT_ROUTE_FACTS_H
#define PREFLIGHT_ROUTE_FACTS_H

#include <stdbool.h>

#include "check.h"
#include "facts.h"
#include "names.h"
#include "net.h"
#include "terminal.h"

/* Asks the OS about an address that did not answer, and writes what there is to tell. */
void route_facts(struct facts *facts, const struct net_addr *addr, const struct terminal *terminal);

/* Judges by these facts; false when there are none. */
bool route_facts_judge(const struct facts *facts, struct judgement *out);

/* Every cause that route_facts_judge can give, for the lists of causes. */
#define ROUTE_FACTS_CAUSES                                                                         \
	"net.no-route", "net.no-route-host", "net.no-route-family", "net.gateway-silent",          \
		"net.on-link"

/* Whether the OS has a way to the address; true where it does not say. */
bool route_exists(const struct net_addr *addr);

/* The first address that there is a route to; the first of all where there is none to any. */
const struct net_addr *route_first(const struct name_address *address);

/*
 * The order in which the user's software connects: the family that the OS gives first, then the
 * other one; behind all of them the addresses that there is no route to, as RFC 6724 has it.
 */
void route_sort(struct name_address *address);

#endif
