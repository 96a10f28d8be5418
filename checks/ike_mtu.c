/*
 * ike-mtu: whether large IKE messages get through, as a sign-in with certificates needs them. The
 * same question is asked three times: small; 1400 bytes with Don't Fragment; 1900 bytes, which IP
 * has to fragment. Together they tell a small path MTU, a black hole (no ICMP about it) and
 * dropped fragments apart.
 *
 * Facts
 *   address, via, port, marker      as in ike
 *   small, df, fragmented           "answered", "silent", or net_error_name; df also "unsupported"
 *                                   where the OS cannot set Don't Fragment
 *   df_bytes, fragmented_bytes      int, UDP payload
 *   df_error                        net_error_name, when df met an error
 *   path_mtu                        int, when the OS or an ICMP message told one
 *   error, errno, ...               see udp_facts.h: of the smallest question that met an error
 *   complete                        bool: each was answered, met an error, or had its whole time
 *   sent                            int, datagrams in all
 *   blocked_by                      "name"
 * Timings: rtt_ms (small), name_ms.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "ike_probe.h"
#include "mem.h"
#include "rtt.h"
#include "udp_facts.h"

#define BUDGET           4.0 /* seconds from the first question */
#define RUN_BUDGET       5.0 /* seconds from the start of the run ... */
#define LEAST_BUDGET     3.0 /* ... or from the first question, when the name came late */
#define LAST_WAIT        1.0 /* seconds that the last question has for its answer */
#define DF_BYTES         1400
#define FRAGMENTED_BYTES 1900

/*
 * A gateway may pass over one kind of question when it is padded; the next kind is tried then. Each
 * is repeated, since a large message is lost sooner: one of its fragments is enough.
 */
static const struct ike_step steps[] = {
	{.at = 0, .question = IKE_ASK_VERSION},
	{.at = 0.6, .question = IKE_ASK_VERSION, .again = true},
	{.at = 1.2, .question = IKE_ASK_REJECT},
	{.at = 1.8, .question = IKE_ASK_REJECT, .again = true},
	{.at = 2.4, .question = IKE_ASK_PROPOSAL},
	{.at = 2.7, .question = IKE_ASK_PROPOSAL, .again = true},
	{.at = 3, .question = IKE_ASK_V1_MAIN},
	{.at = 3.3, .question = IKE_ASK_V1_MAIN, .again = true},
	{.at = 3.6, .question = IKE_ASK_V1_MAIN, .again = true},
};
#define STEPS   (sizeof steps / sizeof steps[0])
#define SPACING 0.6 /* between questions; on a slow line a round trip */
#define AGAIN   0.3 /* between repetitions after the last of them; likewise */

enum size { SMALL, DF, FRAGMENTED, SIZES };

struct size_row {
	const char *fact;
	size_t bytes;
	enum ike_fragment fragment;
};

static const struct size_row sizes[SIZES] = {
	[SMALL] = {"small", 0, IKE_FRAGMENT_AS_IS},
	[DF] = {"df", DF_BYTES, IKE_FRAGMENT_NEVER},
	[FRAGMENTED] = {"fragmented", FRAGMENTED_BYTES, IKE_FRAGMENT_MAY},
};

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	{.name = "port",
		.type = KEY_INT,
		.min = 1,
		.max = 65535,
		.fallback = "4500",
		.text = "UDP port of the gateway."},
	{.name = "marker",
		.type = KEY_BOOL,
		.fallback = "true",
		.text = "Begin with the non-ESP marker (RFC 3948), as port 4500 needs it."},
};

static const char *const causes[] = {
	"udp.fragments", "udp.mtu-small", "udp.mtu-black-hole", UDP_FACTS_CAUSES, NULL};

struct mtu_check;

struct side {
	struct mtu_check *owner;
	struct ike_probe *probe;
	double last, deadline; /* when the last step is due, and when it ends */
	bool done;
};

struct mtu_check {
	struct check_run *c;
	struct side sides[SIZES];
	struct net_addr addr;
	bool started, told;
};

/* ---- facts ---- */

static const char *word(const struct ike_outcome *outcome)
{
	if (outcome->answered)
		return "answered";
	if (outcome->df_unsupported)
		return "unsupported";
	return outcome->failed ? net_error_name(outcome->error.error) : "silent";
}

static void tell_side(struct check_run *c, const struct mtu_check *self, enum size size)
{
	const struct ike_outcome *outcome = ike_probe_outcome(self->sides[size].probe);

	facts_str(&c->facts, sizes[size].fact, word(outcome));
	if (outcome->mtu > 0)
		facts_int(&c->facts, "path_mtu", outcome->mtu);
	if (outcome->failed && !outcome->answered && !facts_has(&c->facts, "error"))
		udp_facts_error(&c->facts, &outcome->error, &self->addr, run_terminal(c->run));
	if (size == DF && outcome->failed && !outcome->answered)
		facts_str(&c->facts, "df_error", net_error_name(outcome->error.error));
	if (size == SMALL && outcome->answered)
		facts_real(&c->timings, "rtt_ms", outcome->rtt * 1000);
}

static void tell(struct check_run *c)
{
	struct mtu_check *self = c->state;
	int sent = 0;
	bool complete = true;

	if (self == NULL || !self->started || self->told)
		return;
	self->told = true;
	for (int i = 0; i < SIZES; i++) {
		tell_side(c, self, (enum size)i);
		sent += ike_probe_outcome(self->sides[i].probe)->sent;
		complete &= self->sides[i].done;
	}
	facts_int(&c->facts, "df_bytes", DF_BYTES);
	facts_int(&c->facts, "fragmented_bytes", FRAGMENTED_BYTES);
	facts_bool(&c->facts, "complete", complete);
	facts_int(&c->facts, "sent", sent);
}

/* ---- course ---- */

static bool any_answered(const struct mtu_check *self)
{
	for (int i = 0; i < SIZES; i++)
		if (ike_probe_outcome(self->sides[i].probe)->answered)
			return true;
	return false;
}

/*
 * Large questions are asked again only of a gateway that is known to answer, and the small one is
 * repeated only where anything at all answers; what the small one got an answer to is asked at once
 * (on_answered).
 */
static bool may_send(void *arg, size_t step)
{
	const struct side *side = arg;
	const struct mtu_check *self = side->owner;

	if (step == 0 || any_answered(self))
		return true;
	return side == &self->sides[SMALL] &&
	       (!steps[step].again || rtt_line(run_rtts(self->c->run)) >= 0);
}

/*
 * What is lost, or passed over by a gateway that takes few packets a second, is not dropped for its
 * size: while there is time, the large question is repeated.
 */
static void repeat(struct side *side)
{
	struct run *run = side->owner->c->run;
	double line = rtt_line(run_rtts(run)), now = loop_now(run_loop(run));
	double again = line > AGAIN ? line : AGAIN;

	for (double at = (now > side->last ? now : side->last) + again;
		at <= side->deadline - again; at += again)
		ike_probe_repeat(side->probe, at);
}

static void on_answered(void *arg)
{
	const struct side *side = arg;
	struct mtu_check *self = side->owner;
	const struct ike_outcome *outcome = ike_probe_outcome(side->probe);

	rtt_note(run_rtts(self->c->run), &self->addr, outcome->rtt);
	for (int i = 0; side == &self->sides[SMALL] && i < SIZES; i++) {
		if (i == SMALL || self->sides[i].done)
			continue;
		ike_probe_follow(self->sides[i].probe, outcome);
		repeat(&self->sides[i]);
	}
}

/* Where the small question fails, the large ones teach nothing. */
static void give_up(struct mtu_check *self)
{
	for (int i = 0; i < SIZES; i++)
		if (!self->sides[i].done)
			ike_probe_deadline(self->sides[i].probe, loop_now(run_loop(self->c->run)));
}

static void on_done(void *arg)
{
	struct side *side = arg;
	struct mtu_check *self = side->owner;

	side->done = true;
	if (side == &self->sides[SMALL] && !ike_probe_outcome(side->probe)->answered)
		give_up(self);
	for (int i = 0; i < SIZES; i++)
		if (!self->sides[i].done)
			return;
	if (self->c->finished)
		return;
	tell(self->c);
	check_done(self->c);
}

static const struct ike_probe_calls calls = {
	.may_send = may_send, .answered = on_answered, .done = on_done};

static double budget(const struct mtu_check *self, double now)
{
	double left = RUN_BUDGET - now, slack = rtt_slack(run_rtts(self->c->run));

	if (left > BUDGET)
		return BUDGET + slack;
	return (left < LEAST_BUDGET ? LEAST_BUDGET : left) + slack;
}

/* Factor on the times of the steps. */
static double scale(const struct mtu_check *self, double time)
{
	double room = (time - LAST_WAIT) / steps[STEPS - 1].at;
	double wanted = rtt_line(run_rtts(self->c->run)) / SPACING;

	if (wanted < 1)
		wanted = 1;
	return room < wanted ? room : wanted;
}

static void side_start(struct mtu_check *self, enum size size)
{
	const struct rule_check *check = self->c->check;
	struct loop *loop = run_loop(self->c->run);
	struct side *side = &self->sides[size];
	double now = loop_now(loop), time = budget(self, now);
	struct ike_plan plan = {
		.addr = self->addr,
		.port = (uint16_t)rule_number(check, "port", 0),
		.marker = rule_bool(check, "marker"),
		.pad_to = sizes[size].bytes,
		.fragment = sizes[size].fragment,
		.steps = steps,
		.step_count = STEPS,
		.scale = scale(self, time),
		.deadline = now + time,
	};

	side->owner = self;
	side->last = now + plan.scale * steps[STEPS - 1].at;
	side->deadline = plan.deadline;
	side->probe = ike_probe_new(loop, &plan, &calls, side);
}

static void on_address(void *arg, const struct name_address *address)
{
	struct check_run *c = arg;
	struct mtu_check *self = c->state;
	const struct net_addr *first = udp_facts_address(c, address);

	if (first == NULL)
		return;
	self->addr = *first;
	for (int i = 0; i < SIZES; i++)
		side_start(self, (enum size)i);
	self->started = true;
}

static void start(struct check_run *c)
{
	struct mtu_check *self = mem_alloc(sizeof *self);

	self->c = c;
	c->state = self;
	facts_int(&c->facts, "port", rule_number(c->check, "port", 0));
	facts_bool(&c->facts, "marker", rule_bool(c->check, "marker"));
	names_address(run_names(c->run), rule_host(c->check, "host"), on_address, c);
}

static void release(struct check_run *c)
{
	struct mtu_check *self = c->state;

	if (self == NULL)
		return;
	for (int i = 0; i < SIZES; i++)
		ike_probe_free(self->sides[i].probe);
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

/* ---- judge ---- */

static bool is(const struct facts *facts, const char *name, const char *value)
{
	const char *got = facts_get_str(facts, name);

	return got != NULL && strcmp(got, value) == 0;
}

/*
 * Fragments passed; what happened to the packet that must not be fragmented? An error of this
 * terminal itself (local firewall, no route) is judged as what it is.
 */
static void judge_df(const struct facts *facts, struct judgement *out)
{
	if (is(facts, "df", "answered") || is(facts, "df", "unsupported"))
		*out = (struct judgement){.verdict = VERDICT_PASS};
	else if (is(facts, "df", net_error_name(NET_MSGSIZE)))
		*out = (struct judgement){.verdict = VERDICT_WARN, .cause = "udp.mtu-small"};
	else if (is(facts, "df", "silent"))
		*out = (struct judgement){.verdict = VERDICT_FAIL, .cause = "udp.mtu-black-hole"};
	else if (!udp_facts_judge(facts, out))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "run.blocked"};
}

/* Without an answer to the small question the size is not what is wrong: that is ike's finding. */
static void judge(const struct judge_input *in, struct judgement *out)
{
	const struct facts *facts = in->facts;

	if (!is(facts, "small", "answered") || !facts_get_bool(facts, "complete", false))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "run.blocked"};
	else if (is(facts, "fragmented", "answered"))
		judge_df(facts, out);
	else
		*out = (struct judgement){.verdict = VERDICT_FAIL, .cause = "udp.fragments"};
}

const struct check_type check_ike_mtu = {
	.name = "ike-mtu",
	.text = "Sends large IKE messages, with and without IP fragments, to see whether they "
		"pass.",
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
