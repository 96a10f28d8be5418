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
#include "ike_desk.h"
#include "mem.h"
#include "path_facts.h"
#include "path_probe.h"
#include "udp_facts.h"

#define PATH_AFTER   2.4 /* seconds after the first question, when the third was repeated */
#define PATH_GRACE   0.1 /* seconds before the end by which the path is known, or not */
#define OTHERS_MAX   3   /* further addresses that are asked */
#define OTHER_BUDGET 2.5 /* seconds that one of them may hold the check up */
#define IPV6_BUDGET  1.0 /* seconds that IPv6 may hold the check up */

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
	{.name = "second-flow",
		.type = KEY_BOOL,
		.fallback = "false",
		.text = "After an answer, also ask from another source port: a router that passes "
			"one VPN at a time leaves that unanswered."},
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

static const char *const causes[] = {"udp.silent", "udp.not-ike", "udp.version", "udp.limited",
	"udp.redirected", "udp.one-flow", "udp.answered-nearby", "net.address-silent",
	UDP_FACTS_CAUSES, NULL};

/* The conversation with one address. */
struct side {
	struct check_run *c;
	struct ike_talk *talk; /* NULL: not asked */
	struct net_addr addr;
	bool beside; /* it does not decide */
	bool done;
};

struct ike_check {
	struct side main;
	struct side others[OTHERS_MAX]; /* further addresses, asked beside */
	size_t other_count;
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
	const struct ike_outcome *outcome = ike_talk_outcome(side->talk);
	struct path_port port = path_port(side);

	path_settled(run_paths(c->run), &port);
	if (!outcome->answered && !outcome->failed && !outcome->not_ike)
		path_tell(run_paths(c->run), &port, &c->facts);
}

static void tell_gateway(struct check_run *c, const struct ike_talk *talk)
{
	enum ike_second_flow second = ike_talk_second(talk);

	if (ike_talk_limited(talk))
		facts_bool(&c->facts, "limited", true);
	ike_facts_near(&c->facts, ike_talk_near(talk));
	if (second != IKE_SECOND_UNKNOWN)
		facts_str(&c->facts, "second_flow",
			second == IKE_SECOND_ANSWERED ? "answered" : "refused");
}

static void tell_ipv6(struct check_run *c, const struct side *side)
{
	const struct ike_outcome *outcome = ike_talk_outcome(side->talk);
	char text[NET_ADDR_STRLEN];

	facts_str(&c->facts, "ipv6_address", net_addr_format(&side->addr, text));
	if (outcome->answered)
		facts_str(&c->facts, "ipv6_answer", ike_answer_name(outcome->reply.answer));
	else
		facts_str(&c->facts, "ipv6_error",
			net_error_name(outcome->failed ? outcome->error.error : NET_TIMEOUT));
}

static bool has_answered(const struct side *side)
{
	return side->talk != NULL && ike_talk_outcome(side->talk)->answered;
}

/* VPN clients try one address after the other: the first that answers decides. */
static const struct side *deciding(const struct ike_check *self)
{
	for (size_t i = 0; !has_answered(&self->main) && i < self->other_count; i++)
		if (has_answered(&self->others[i]))
			return &self->others[i];
	return &self->main;
}

/* One that stays silent beside one of its family that answers. */
static void tell_silent(struct check_run *c, const struct side *deciding, const struct side *side)
{
	char text[NET_ADDR_STRLEN];

	if (side != deciding && has_answered(deciding) && !has_answered(side) &&
		side->addr.family == deciding->addr.family)
		facts_add(&c->facts, "silent_addresses", net_addr_format(&side->addr, text));
}

static void tell_others(struct check_run *c, const struct side *deciding)
{
	const struct ike_check *self = c->state;

	tell_silent(c, deciding, &self->main);
	for (size_t i = 0; i < self->other_count; i++) {
		const struct side *other = &self->others[i];
		tell_silent(c, deciding, other);
		if (deciding == &self->main && other->addr.family == 6 &&
			deciding->addr.family == 4)
			tell_ipv6(c, other);
	}
}

static void tell(struct check_run *c)
{
	struct ike_check *self = c->state;
	char text[NET_ADDR_STRLEN];

	if (self == NULL || self->told || self->main.talk == NULL)
		return;
	self->told = true;
	const struct side *side = deciding(self);
	ike_facts(c, ike_talk_outcome(side->talk), &side->addr);
	facts_str(&c->facts, "address", net_addr_format(&side->addr, text));
	tell_gateway(c, side->talk);
	if (!ike_talk_outcome(side->talk)->answered)
		udp_facts_route(&c->facts, &side->addr, run_terminal(c->run));
	tell_path(c, side);
	tell_others(c, side);
}

/* ---- course ---- */

/* Should it stay silent; the questions' times are in the scale, so is this. */
static void on_begun(void *arg, double scale, double deadline)
{
	struct side *side = arg;
	struct path_port port = path_port(side);
	double now = loop_now(run_loop(side->c->run));

	if (!side->beside)
		path_expect(run_paths(side->c->run), &port, now + PATH_AFTER * scale,
			deadline - PATH_GRACE);
}

static void on_answered(void *arg)
{
	struct side *side = arg;
	struct path_port port = path_port(side);

	path_answered(run_paths(side->c->run), &port);
	if (ike_talk_outcome(side->talk)->rtt >= IKE_SLOW)
		path_spare(run_paths(side->c->run), &side->addr);
}

/* The others have a little longer than the one that decides. */
static void limit_others(struct ike_check *self, double now)
{
	for (size_t i = 0; i < self->other_count; i++) {
		struct side *other = &self->others[i];
		if (other->talk != NULL && !other->done)
			ike_talk_deadline(other->talk,
				now + (other->addr.family == 6 ? IPV6_BUDGET : OTHER_BUDGET));
	}
}

static bool all_done(const struct ike_check *self)
{
	for (size_t i = 0; i < self->other_count; i++)
		if (self->others[i].talk != NULL && !self->others[i].done)
			return false;
	return self->main.done;
}

static void on_done(void *arg)
{
	struct side *side = arg;
	struct ike_check *self = side->c->state;

	side->done = true;
	if (side == &self->main)
		limit_others(self, loop_now(run_loop(side->c->run)));
	if (!all_done(self) || side->c->finished)
		return;
	tell(side->c);
	check_done(side->c);
}

static const struct ike_desk_calls calls = {
	.begun = on_begun, .answered = on_answered, .ended = on_done};

static void side_start(struct side *side, const struct net_addr *addr, bool beside)
{
	const struct rule_check *check = side->c->check;
	struct ike_want want = {
		.addr = *addr,
		.port = (uint16_t)rule_number(check, "port", 0),
		.source_port = (uint16_t)rule_number(check, "source-port", 0),
		.marker = rule_bool(check, "marker"),
		.nat = !beside && rule_bool(check, "nat"),
		.near = !beside,
		.until = beside                            ? IKE_REACH
			 : rule_bool(check, "second-flow") ? IKE_SECOND
							   : IKE_NEAR,
	};

	side->addr = *addr;
	side->beside = beside;
	side->talk = ike_desk_join(run_ike(side->c->run), &want, &calls, side);
}

/* Beside the first: the others of its family, and one of IPv6 if it may be asked. */
static bool is_asked_beside(
	const struct check_run *c, const struct net_addr *first, const struct net_addr *addr)
{
	const struct ike_check *self = c->state;

	if (addr == first || !route_exists(addr))
		return false;
	if (addr->family == first->family)
		return true;
	for (size_t i = 0; i < self->other_count; i++)
		if (self->others[i].addr.family == 6)
			return false;
	return addr->family == 6 && rule_bool(c->check, "ipv6");
}

static void on_address(void *arg, const struct name_address *address)
{
	struct check_run *c = arg;
	struct ike_check *self = c->state;
	const struct net_addr *first = udp_facts_address(c, address);

	if (first == NULL)
		return;
	side_start(&self->main, first, false);
	for (size_t i = 0; i < address->count && self->other_count < OTHERS_MAX; i++) {
		const struct net_addr *addr = &address->addrs[i];
		struct side *other = &self->others[self->other_count];
		if (!is_asked_beside(c, first, addr))
			continue;
		other->c = c;
		self->other_count++;
		side_start(other, addr, true);
	}
}

static void start(struct check_run *c)
{
	struct ike_check *self = mem_alloc(sizeof *self);

	self->main.c = c;
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
	ike_talk_leave(self->main.talk, &self->main);
	for (size_t i = 0; i < self->other_count; i++)
		ike_talk_leave(self->others[i].talk, &self->others[i]);
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

/* IKEv2 was asked for in vain, and what came of IKEv1 was a refusal: no client has been served. */
static bool only_v1_refuses(const struct facts *facts)
{
	const char *answer = facts_get_str(facts, "answer");
	size_t count = facts_count(facts, "questions");

	for (size_t i = 0; i < count; i++) {
		const char *question = facts_item(facts, "questions", i);
		if (question != NULL && strcmp(question, IKE_FACTS_V1_MAIN) == 0)
			return answer != NULL &&
			       strcmp(answer, ike_answer_name(IKE_V1_NOTIFY)) == 0;
	}
	return false;
}

/* It answered: what else that tells. */
static void judge_answered(const struct facts *facts, struct judgement *out)
{
	const char *answer = facts_get_str(facts, "answer");
	const char *second = facts_get_str(facts, "second_flow");

	*out = (struct judgement){.verdict = VERDICT_PASS};
	if (ike_facts_judge_near(facts, out))
		return;
	if (facts_get_bool(facts, "limited", false))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "udp.limited"};
	else if (only_v1_refuses(facts))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "udp.version"};
	else if (answer != NULL && strcmp(answer, ike_answer_name(IKE_REDIRECT)) == 0)
		*out = (struct judgement){.verdict = VERDICT_WARN, .cause = "udp.redirected"};
	else if (second != NULL && strcmp(second, "refused") == 0)
		*out = (struct judgement){.verdict = VERDICT_WARN, .cause = "udp.one-flow"};
	else if (facts_count(facts, "silent_addresses") > 0)
		*out = (struct judgement){.verdict = VERDICT_WARN, .cause = "net.address-silent"};
}

/* Silence after every question is a failure: the exchange that is required did not happen. */
static void judge(const struct judge_input *in, struct judgement *out)
{
	const struct facts *facts = in->facts;

	if (facts_has(facts, "blocked_by"))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "run.blocked"};
	else if (facts_get_bool(facts, "answered", false))
		judge_answered(facts, out);
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
