#include "udp_facts.h"

#include <string.h>

#include "cause.h"
#include "offender.h"

const struct net_addr *udp_facts_address(struct check_run *c, const struct name_address *address)
{
	char text[NET_ADDR_STRLEN];

	if (c->state == NULL || c->finished)
		return NULL;
	facts_str(&c->facts, "via", name_via_name(address->via));
	facts_real(&c->timings, "name_ms", address->ms);
	if (address->count == 0) {
		facts_str(&c->facts, "blocked_by", "name");
		check_done(c);
		return NULL;
	}
	const struct net_addr *first = route_first(address);
	facts_str(&c->facts, "address", net_addr_format(first, text));
	return first;
}

void udp_facts_route(
	struct facts *facts, const struct net_addr *addr, const struct terminal *terminal)
{
	const char *who = facts_get_str(facts, "offender_is");

	if (who == NULL || strcmp(who, "self") == 0)
		route_facts(facts, addr, terminal);
}

void udp_facts_error(struct facts *facts, const struct udp_error *error,
	const struct net_addr *target, const struct terminal *terminal)
{
	char text[NET_ADDR_STRLEN];

	facts_str(facts, "error", net_error_name(error->error));
	facts_int(facts, "errno", error->number);
	if (error->icmp_type >= 0) {
		facts_int(facts, "icmp_type", error->icmp_type);
		facts_int(facts, "icmp_code", error->icmp_code);
	}
	if (error->offender.family == 0)
		return;
	facts_str(facts, "offender", net_addr_format(&error->offender, text));
	facts_str(facts, "offender_is", offender_is(&error->offender, target, terminal));
}

struct error_cause {
	enum net_error error;
	const char *cause;
};

static const struct error_cause error_causes[] = {
	{NET_REFUSED, "udp.refused"},
	{NET_UNREACH_PROTO, "udp.refused"},
	{NET_PROHIBITED, "udp.prohibited"},
	{NET_UNREACH_NET, "udp.unreachable"},
	{NET_UNREACH_HOST, "udp.unreachable"},
	{NET_TTL_EXCEEDED, "udp.unreachable"},
	{NET_NO_ROUTE, "net.no-route"},
	{NET_LOCAL_DENIED, "net.local-denied"},
};

bool udp_facts_judge(const struct facts *facts, struct judgement *out)
{
	const char *error = facts_get_str(facts, "error");

	if (route_facts_judge(facts, out))
		return true;
	if (error == NULL)
		return false;
	*out = (struct judgement){.verdict = VERDICT_UNKNOWN,
		.cause = facts_has(facts, "icmp_type") ? "run.blocked" : "run.local-error"};
	for (size_t i = 0; i < sizeof error_causes / sizeof error_causes[0]; i++) {
		const struct error_cause *row = &error_causes[i];
		if (strcmp(error, net_error_name(row->error)) != 0)
			continue;
		out->verdict = VERDICT_FAIL;
		out->cause = row->cause;
		out->segments = offender_segments(facts_get_str(facts, "offender_is"),
			strcmp(row->cause, "udp.unreachable") == 0);
		break;
	}
	return true;
}
