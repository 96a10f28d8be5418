/*
 * ike: whether a gateway answers IKE on UDP 500 or 4500, and what its answer tells about address
 * translation. Any well-formed answer to one of our questions, a refusal included, proves that the
 * port is open both ways.
 *
 * ike_facts.h has the facts.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "ike_facts.h"
#include "ike_probe.h"
#include "mem.h"
#include "path_facts.h"
#include "path_probe.h"
#include "rtt.h"
#include "udp_facts.h"

#define RUN_BUDGET   5.0 /* seconds from the start of the run until silence is a finding */
#define LEAST_BUDGET 3.0 /* seconds from the first question, when the name came late */
#define LAST_WAIT    1.0 /* seconds that the last question has for its answer, at least */
#define LINE_FACTOR  1.5 /* round trips until a question that leaves state may follow */
#define PATH_AFTER   2.4 /* seconds after the first question, when the third was repeated */
#define PATH_GRACE   0.1 /* seconds before the end by which the path is known, or not */
#define IPV6_BUDGET  1.0 /* seconds that IPv6 may hold the check up */

/* Those without state on the gateway first; IKEv1 only where nothing speaks IKEv2. */
static const struct ike_step steps[] = {
	{.at = 0, .question = IKE_ASK_VERSION},
	{.at = 0.5, .question = IKE_ASK_REJECT},
	{.at = 1, .question = IKE_ASK_PROPOSAL},
	{.at = 2, .question = IKE_ASK_PROPOSAL, .again = true},
	{.at = 3, .question = IKE_ASK_V1_MAIN},
	{.at = 4, .question = IKE_ASK_V1_MAIN, .again = true},
};
#define STEPS (sizeof steps / sizeof steps[0])

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	{.name = "port",
		.type = KEY_INT,
		.required = true,
		.min = 1,
		.max = 65535,
		.text = "UDP port of the gateway: 500, or 4500 with `marker`."},
	{.name = "marker",
		.type = KEY_BOOL,
		.fallback = "false",
		.text = "Begin with the non-ESP marker (RFC 3948), as port 4500 needs it."},
	{.name = "nat",
		.type = KEY_BOOL,
		.fallback = "false",
		.text = "After an answer, ask for one full exchange that shows address "
			"translation."},
	{.name = "ipv6",
		.type = KEY_BOOL,
		.fallback = "true",
		.text = "Also ask the host's IPv6 address where this terminal has an IPv6 route; "
			"its "
			"result is shown, but does not decide."},
	{.name = "source-port",
		.type = KEY_INT,
		.min = 0,
		.max = 65535,
		.fallback = "0",
		.text = "Port to send from, for firewalls that admit only 500 to 500; 0: any."},
};

static const char *const causes[] = {"udp.silent", "udp.not-ike", UDP_FACTS_CAUSES, NULL};

/* The conversation with one address. */
struct side {
	struct check_run *c;
	struct ike_probe *probe; /* NULL: not asked */
	struct net_addr addr;
	bool done;
};

struct ike_check {
	struct side main, ipv6;
	bool told; /* the facts are filled */
};

/* ---- facts ---- */

static struct path_port path_port(const struct side *side)
{
	const struct rule_check *check = side->c->check;

	return (struct path_port){.addr = side->addr,
		.protocol = PATH_UDP,
		.port = (uint16_t)rule_number(check, "port", 0),
		.marker = rule_bool(check, "marker")};
}

static void tell_path(struct check_run *c, const struct side *side)
{
	const struct ike_outcome *outcome = ike_probe_outcome(side->probe);
	struct path_port port = path_port(side);

	path_settled(run_paths(c->run), &port);
	if (!outcome->answered && !outcome->failed && !outcome->not_ike)
		path_tell(run_paths(c->run), &port, &c->facts);
}

static void tell_ipv6(struct check_run *c, const struct side *side)
{
	const struct ike_outcome *outcome = ike_probe_outcome(side->probe);
	char text[NET_ADDR_STRLEN];

	facts_str(&c->facts, "ipv6_address", net_addr_format(&side->addr, text));
	if (outcome->answered)
		facts_str(&c->facts, "ipv6_answer", ike_answer_name(outcome->reply.answer));
	else
		facts_str(&c->facts, "ipv6_error",
			net_error_name(outcome->failed ? outcome->error.error : NET_TIMEOUT));
}

static void tell(struct check_run *c)
{
	struct ike_check *self = c->state;

	if (self == NULL || self->told || self->main.probe == NULL)
		return;
	self->told = true;
	ike_facts(c, ike_probe_outcome(self->main.probe), &self->main.addr);
	tell_path(c, &self->main);
	if (self->ipv6.probe != NULL)
		tell_ipv6(c, &self->ipv6);
}

/* ---- course ---- */

static bool may_send(void *arg, size_t step)
{
	(void)arg;
	(void)step;
	return true;
}

static void on_answered(void *arg)
{
	struct side *side = arg;

	struct path_port port = path_port(side);

	rtt_note(run_rtts(side->c->run), &side->addr, ike_probe_outcome(side->probe)->rtt);
	path_answered(run_paths(side->c->run), &port);
}

static void on_done(void *arg)
{
	struct side *side = arg;
	struct ike_check *self = side->c->state;
	struct side *ipv6 = &self->ipv6;
	double now = loop_now(run_loop(side->c->run));

	side->done = true;
	if (side == &self->main && ipv6->probe != NULL && !ipv6->done)
		ike_probe_deadline(ipv6->probe, now + IPV6_BUDGET);
	if (!self->main.done || (ipv6->probe != NULL && !ipv6->done) || side->c->finished)
		return;
	tell(side->c);
	check_done(side->c);
}

static const struct ike_probe_calls calls = {
	.may_send = may_send, .answered = on_answered, .done = on_done};

/*
 * All questions fit into the time that the run has left, and never into less than the least. On a
 * slow line they are further apart, so that those with state wait for an answer to those without.
 */
static double schedule(const struct check_run *c, double now, double *deadline)
{
	double line = LINE_FACTOR * rtt_line(run_rtts(c->run));
	double wait = line > LAST_WAIT ? line : LAST_WAIT;
	double last = now + LEAST_BUDGET > RUN_BUDGET ? now + LEAST_BUDGET : RUN_BUDGET;
	double wanted = line > 1 ? line : 1;

	last += rtt_slack(run_rtts(c->run));
	double room = (last - now - wait) / steps[STEPS - 1].at;
	double scale = room < wanted ? room : wanted;
	*deadline = now + scale * steps[STEPS - 1].at + wait;
	return scale;
}

static void side_start(struct side *side, const struct net_addr *addr, bool nat)
{
	const struct rule_check *check = side->c->check;
	struct loop *loop = run_loop(side->c->run);
	double now = loop_now(loop);
	double deadline, scale = schedule(side->c, now, &deadline);
	struct ike_plan plan = {
		.addr = *addr,
		.port = (uint16_t)rule_number(check, "port", 0),
		.source_port = (uint16_t)rule_number(check, "source-port", 0),
		.marker = rule_bool(check, "marker"),
		.nat = nat,
		.steps = steps,
		.step_count = STEPS,
		.scale = scale,
		.deadline = deadline,
	};

	side->addr = *addr;
	side->probe = ike_probe_new(loop, &plan, &calls, side);
}

/* Should it stay silent; the questions' times are in the plan's scale, so is this. */
static void path_begin(struct side *side)
{
	struct loop *loop = run_loop(side->c->run);
	double now = loop_now(loop);
	double deadline, scale = schedule(side->c, now, &deadline);
	struct path_port port = path_port(side);

	path_expect(
		run_paths(side->c->run), &port, now + PATH_AFTER * scale, deadline - PATH_GRACE);
}

static const struct net_addr *ipv6_address(
	const struct check_run *c, const struct name_address *address)
{
	const struct terminal *terminal = run_terminal(c->run);

	if (!rule_bool(c->check, "ipv6") || !terminal->routes_known || !terminal->route6.present)
		return NULL;
	for (size_t i = 1; i < address->count; i++)
		if (address->addrs[i].family == 6)
			return &address->addrs[i];
	return NULL;
}

static void on_address(void *arg, const struct name_address *address)
{
	struct check_run *c = arg;
	struct ike_check *self = c->state;
	const struct net_addr *first = udp_facts_address(c, address);

	if (first == NULL)
		return;
	const struct net_addr *ipv6 = ipv6_address(c, address);
	side_start(&self->main, first, rule_bool(c->check, "nat"));
	path_begin(&self->main);
	if (ipv6 != NULL && first->family != 6)
		side_start(&self->ipv6, ipv6, false);
}

static void start(struct check_run *c)
{
	struct ike_check *self = mem_alloc(sizeof *self);

	self->main.c = self->ipv6.c = c;
	c->state = self;
	facts_int(&c->facts, "port", rule_number(c->check, "port", 0));
	facts_bool(&c->facts, "marker", rule_bool(c->check, "marker"));
	names_address(run_names(c->run), rule_host(c->check, "host"), on_address, c);
}

static void release(struct check_run *c)
{
	struct ike_check *self = c->state;

	if (self == NULL)
		return;
	ike_probe_free(self->main.probe);
	ike_probe_free(self->ipv6.probe);
	free(self);
	c->state = NULL;
}

static void targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	(void)terminal;
	targets_add_host(list, check, "UDP", "IKE", rule_host(check, "host"),
		(uint16_t)rule_number(check, "port", 0));
}

/* Silence after every question is a failure: the exchange that is required did not happen. */
static void judge(const struct judge_input *in, struct judgement *out)
{
	const struct facts *facts = in->facts;

	if (facts_has(facts, "blocked_by"))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "run.blocked"};
	else if (facts_get_bool(facts, "answered", false))
		*out = (struct judgement){.verdict = VERDICT_PASS};
	else if (facts_get_bool(facts, "not_ike", false))
		*out = (struct judgement){.verdict = VERDICT_FAIL, .cause = "udp.not-ike"};
	else if (!udp_facts_judge(facts, out))
		*out = (struct judgement){.verdict = facts_get_bool(facts, "complete", false)
							     ? VERDICT_FAIL
							     : VERDICT_UNKNOWN,
			.cause = "udp.silent"};
	if (out->cause != NULL && strcmp(out->cause, "udp.silent") == 0)
		path_facts_judge(facts, out);
}

const struct check_type check_ike = {
	.name = "ike",
	.text = "Asks a VPN gateway for an IKE exchange on a UDP port and accepts any answer.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.flags = CHECK_NETWORK | CHECK_HOST,
	.causes = causes,
	.targets = targets,
	.start = start,
	.stop = tell,
	.release = release,
	.collect = check_collect_none,
	.judge = judge,
};
