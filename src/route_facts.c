#include "route_facts.h"

#include <string.h>

#include "cause.h"

static const char *missing_for(const struct net_addr *addr, const struct terminal *terminal)
{
	const struct route_info *own = addr->family == 6 ? &terminal->route6 : &terminal->route4;
	const struct route_info *other = addr->family == 6 ? &terminal->route4 : &terminal->route6;

	if (own->present)
		return "host";
	return other->present ? "family" : "terminal";
}

static void tell_silent(struct facts *facts, const struct net_addr *addr,
	const struct net_addr *asked, const char *interface)
{
	char text[NET_ADDR_STRLEN];

	if (!platform_neighbour_silent(asked, interface))
		return;
	facts_bool(facts, asked == addr ? "on_link_silent" : "gateway_silent", true);
	facts_str(facts, "interface", interface);
	if (asked != addr)
		facts_str(facts, "gateway", net_addr_format(asked, text));
}

void route_facts(struct facts *facts, const struct net_addr *addr, const struct terminal *terminal)
{
	struct route_info route;

	if (net_addr_class(addr) == NET_LOOPBACK || terminal_is_own(terminal, addr) ||
		platform_route(addr, &route, NULL) != 0)
		return;
	if (!route.present) {
		facts_str(facts, "no_route", missing_for(addr, terminal));
		facts_str(facts, "route_refusal", route_refusal_name(route.refusal));
		facts_str(facts, "address_family", addr->family == 6 ? "IPv6" : "IPv4");
		return;
	}
	tell_silent(
		facts, addr, route.gateway.family != 0 ? &route.gateway : addr, route.interface);
}

static const struct {
	const char *word, *cause;
} missing[] = {
	{"terminal", "net.no-route"},
	{"family", "net.no-route-family"},
	{"host", "net.no-route-host"},
};

bool route_facts_judge(const struct facts *facts, struct judgement *out)
{
	const char *word = facts_get_str(facts, "no_route");
	const char *cause = NULL;

	for (size_t i = 0; word != NULL && i < sizeof missing / sizeof missing[0]; i++)
		if (strcmp(missing[i].word, word) == 0)
			cause = missing[i].cause;
	if (cause == NULL && facts_get_bool(facts, "gateway_silent", false))
		cause = "net.gateway-silent";
	else if (cause == NULL && facts_get_bool(facts, "on_link_silent", false))
		cause = "net.on-link";
	if (cause != NULL)
		*out = (struct judgement){.verdict = VERDICT_FAIL, .cause = cause};
	return cause != NULL;
}

bool route_exists(const struct net_addr *addr)
{
	struct route_info route;

	return platform_route(addr, &route, NULL) != 0 || route.present;
}

const struct net_addr *route_first(const struct name_address *address)
{
	for (size_t i = 0; address->count > 1 && i < address->count; i++)
		if (route_exists(&address->addrs[i]))
			return &address->addrs[i];
	return &address->addrs[0];
}

/* 0: has a route and is of the family that the OS gives first; 1: of the other; 2, 3: no route. */
static int place(const struct name_address *address, const struct net_addr *addr)
{
	bool other = addr->family != address->addrs[address->preferred].family;

	return (route_exists(addr) ? 0 : 2) + (other ? 1 : 0);
}

void route_sort(struct name_address *address)
{
	const size_t room = sizeof address->addrs / sizeof address->addrs[0];
	struct net_addr kept[sizeof address->addrs / sizeof address->addrs[0]];
	int places[sizeof address->addrs / sizeof address->addrs[0]];
	size_t count = 0;

	if (address->count < 2 || address->count > room)
		return;
	for (size_t i = 0; i < address->count; i++)
		places[i] = place(address, &address->addrs[i]);
	for (int at = 0; at < 4; at++)
		for (size_t i = 0; i < address->count; i++)
			if (places[i] == at)
				kept[count++] = address->addrs[i];
	memcpy(address->addrs, kept, count * sizeof kept[0]);
	address->preferred = 0;
}
