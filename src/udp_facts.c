#include "udp_facts.h"

#include <string.h>

#include "cause.h"

static const char *offender_is(const struct net_addr *offender, const struct net_addr *target,
	const struct terminal *terminal)
{
	enum net_class cls = net_addr_class(offender);

	if (net_addr_equal(offender, target))
		return "target";
	if (terminal_is_own(terminal, offender) || cls == NET_LOOPBACK)
		return "self";
	if (terminal_is_gateway(terminal, offender) || cls == NET_PRIVATE || cls == NET_LINK_LOCAL)
		return "gateway";
	return "other";
}

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
	facts_str(&c->facts, "address", net_addr_format(&address->addrs[0], text));
	return &address->addrs[0];
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

/* An ICMP message that this terminal sent itself because the next hop does not answer (ARP). */
static unsigned own_segments(const char *cause)
{
	return strcmp(cause, "udp.unreachable") == 0 ? SEGMENT_TERMINAL | SEGMENT_FACILITY
						     : SEGMENT_TERMINAL;
}

static unsigned segments_of(const char *offender_is, const char *cause)
{
	if (offender_is == NULL)
		return 0;
	if (strcmp(offender_is, "target") == 0)
		return SEGMENT_SERVICE;
	if (strcmp(offender_is, "gateway") == 0)
		return SEGMENT_FACILITY;
	if (strcmp(offender_is, "self") == 0)
		return own_segments(cause);
	return SEGMENT_FACILITY | SEGMENT_LINE;
}

bool udp_facts_judge(const struct facts *facts, struct judgement *out)
{
	const char *error = facts_get_str(facts, "error");

	if (error == NULL)
		return false;
	*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "run.blocked"};
	for (size_t i = 0; i < sizeof error_causes / sizeof error_causes[0]; i++) {
		const struct error_cause *row = &error_causes[i];
		if (strcmp(error, net_error_name(row->error)) != 0)
			continue;
		out->verdict = VERDICT_FAIL;
		out->cause = row->cause;
		out->segments = segments_of(facts_get_str(facts, "offender_is"), row->cause);
		break;
	}
	return true;
}
