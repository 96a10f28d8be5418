/*
 * ike-mtu: whether large IKE messages get through, as a sign-in with certificates needs them: in
 * whole packets, and in fragments. They are asked over the flow that is answered (ike_desk.h), a
 * full frame and one of 1900 bytes in fragments; where the frame is lost, smaller ones show what
 * arrives. Together they tell a small path MTU, a black hole (no ICMP about it) and dropped
 * fragments apart: a fragment fills a frame too, so it is blamed only where full frames arrive.
 *
 * How large answers fare on their way back is asked where the gateway takes a large key, so that
 * its answer has one (ike_probe.h). That is no more than 1300 bytes: fragments on the way back, as
 * certificates need them, cannot be seen without signing in.
 *
 * Facts
 *   address, via, port, marker      as in ike
 *   small, full, df, fragmented     "answered", "silent", or net_error_name; of a small packet, one
 *                                   that fills a frame, one of df_bytes (both with Don't Fragment
 *                                   set, or "unsupported" where the OS cannot), one in fragments
 *   df_bytes, fragmented_bytes      int, UDP payload
 *   size_passed, size_lost          int, bytes of IP: the largest whole packet answered, and the
 *                                   least above it that was lost without a word
 *   df_error                        net_error_name, when df met an error
 *   path_mtu                        int, when the OS or an ICMP message told one
 *   error, errno, ...               see udp_facts.h: of the small question, or of df
 *   answered_nearby, router, nat_local, nat_remote   as in ike, where somebody near answers
 *   limited, stopped                true: as in ike; it answered, and then nothing of any size
 *   complete                        bool: each was answered, met an error, or had its whole time
 *   sent                            int, datagrams in all
 *   inbound                         large packets to the terminal: "answered", "silent" though as
 *                                   large a question arrived, or "not-known": not asked
 *   inbound_bytes                   int, bytes of IP: of the answer, or what it has at least
 *   blocked_by                      "name"
 * Timings: rtt_ms (small), name_ms.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "ike_desk.h"
#include "ike_facts.h"
#include "mem.h"
#include "udp_facts.h"

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

static const char *const causes[] = {"udp.fragments", "udp.mtu-small", "udp.mtu-black-hole",
	"udp.large-answers", "udp.limited", "udp.answered-nearby", UDP_FACTS_CAUSES, NULL};

struct mtu_check {
	struct check_run *c;
	struct ike_talk *talk; /* NULL: not asked */
	struct net_addr addr;
	struct name_address address;
	size_t tried; /* addresses that stayed silent */
	bool told;
};

/* ---- facts ---- */

static const char *word_of_reach(const struct ike_outcome *outcome)
{
	if (outcome->answered)
		return "answered";
	return outcome->failed ? net_error_name(outcome->error.error) : "silent";
}

static const char *word_of(enum ike_size_state state, const struct udp_error *error)
{
	switch (state) {
	case IKE_SIZE_ANSWERED:
		return "answered";
	case IKE_SIZE_TOO_BIG:
		return net_error_name(NET_MSGSIZE);
	case IKE_SIZE_FAILED:
		return error->error != NET_OK ? net_error_name(error->error) : "silent";
	case IKE_SIZE_UNSUPPORTED:
		return "unsupported";
	case IKE_SIZE_ASKED:
	case IKE_SIZE_SILENT:
		break;
	}
	return "silent";
}

/* Whether a question of this size arrives, whole or in fragments. */
static bool arrives(const struct ike_sizes *sizes, long bytes)
{
	return sizes->passed >= bytes ||
	       (sizes->full != IKE_SIZE_SILENT && sizes->fragmented == IKE_SIZE_ANSWERED);
}

/* Of a gateway that opens an exchange whose answer is small, as far as it has such. */
static void tell_inbound(
	struct facts *facts, const struct ike_outcome *outcome, const struct ike_sizes *sizes)
{
	bool answered = outcome->large == IKE_LARGE_ANSWERED;
	bool opens = outcome->full || ike_group_large(outcome->reply.wanted_group);
	bool silent =
		outcome->large == IKE_LARGE_SILENT && opens && arrives(sizes, outcome->large_sent);

	facts_str(facts, "inbound", answered ? "answered" : silent ? "silent" : "not-known");
	if (answered || silent)
		facts_int(facts, "inbound_bytes", outcome->large_bytes);
}

static void tell_sizes(struct check_run *c, const struct mtu_check *self)
{
	const struct ike_sizes *sizes = ike_talk_sizes(self->talk);
	struct facts *facts = &c->facts;

	facts_str(facts, "full", word_of(sizes->full, &sizes->error));
	facts_str(facts, "df", word_of(sizes->df, &sizes->error));
	facts_str(facts, "fragmented", word_of(sizes->fragmented, &sizes->error));
	facts_int(facts, "df_bytes", IKE_DF_BYTES);
	facts_int(facts, "fragmented_bytes", IKE_FRAGMENTED_BYTES);
	if (sizes->passed > 0)
		facts_int(facts, "size_passed", sizes->passed);
	if (sizes->lost > 0)
		facts_int(facts, "size_lost", sizes->lost);
	if (sizes->lost_all)
		facts_bool(facts, "stopped", true);
	if (sizes->df == IKE_SIZE_FAILED && sizes->error.error != NET_OK) {
		udp_facts_error(facts, &sizes->error, &self->addr, run_terminal(c->run));
		facts_str(facts, "df_error", net_error_name(sizes->error.error));
	}
	tell_inbound(facts, ike_talk_outcome(self->talk), sizes);
}

static void tell(struct check_run *c)
{
	struct mtu_check *self = c->state;

	if (self == NULL || self->talk == NULL || self->told)
		return;
	self->told = true;
	const struct ike_outcome *outcome = ike_talk_outcome(self->talk);
	facts_str(&c->facts, "small", word_of_reach(outcome));
	if (outcome->answered)
		facts_real(&c->timings, "rtt_ms", outcome->rtt * 1000);
	else if (outcome->failed)
		udp_facts_error(&c->facts, &outcome->error, &self->addr, run_terminal(c->run));
	if (ike_talk_limited(self->talk))
		facts_bool(&c->facts, "limited", true);
	ike_facts_near(&c->facts, ike_talk_near(self->talk));
	if (ike_talk_sizes(self->talk)->asked)
		tell_sizes(c, self);
	if (outcome->mtu > 0)
		facts_int(&c->facts, "path_mtu", outcome->mtu);
	facts_bool(&c->facts, "complete", ike_talk_over(self->talk, IKE_SIZES));
	facts_int(&c->facts, "sent", outcome->sent);
}

/* ---- course ---- */

static void join(struct mtu_check *self);

/* VPN clients go on to the next address of a gateway that stays silent. */
static bool next_address(struct mtu_check *self)
{
	if (ike_talk_outcome(self->talk)->answered)
		return false;
	while (++self->tried < self->address.count) {
		self->addr = self->address.addrs[self->tried];
		if (!route_exists(&self->addr))
			continue;
		join(self);
		return true;
	}
	return false;
}

static void on_ended(void *arg)
{
	struct mtu_check *self = arg;

	if (self->c->finished || next_address(self))
		return;
	tell(self->c);
	check_done(self->c);
}

static const struct ike_desk_calls calls = {.ended = on_ended};

static void join(struct mtu_check *self)
{
	const struct rule_check *check = self->c->check;
	char text[NET_ADDR_STRLEN];
	struct ike_want want = {
		.addr = self->addr,
		.port = (uint16_t)rule_number(check, "port", 0),
		.marker = rule_bool(check, "marker"),
		.near = true,
		.large = true,
		.until = IKE_SIZES,
	};

	facts_str(&self->c->facts, "address", net_addr_format(&self->addr, text));
	self->talk = ike_desk_join(run_ike(self->c->run), &want, &calls, self);
}

/*
 * VPN clients sign in at the address that the OS gives first, of whatever family; what sizes
 * another one takes says nothing about that.
 */
static void on_address(void *arg, const struct name_address *address)
{
	struct check_run *c = arg;
	struct mtu_check *self = c->state;

	if (udp_facts_address(c, address) == NULL)
		return;
	self->address = *address;
	route_sort(&self->address);
	self->addr = self->address.addrs[0];
	join(self);
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
	ike_talk_leave(self->talk, self);
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
 * What happened to the packet that must not be fragmented? An error of this terminal itself (local
 * firewall, no route) is judged as what it is.
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

/*
 * Whole packets of a size that nobody told vanish. Where those of a tunnel are among them, the VPN
 * connects and carries nothing large. Smaller ones arrive, and fragments too, so what remains is
 * TCP whose segments nobody limits.
 */
static void judge_full(const struct facts *facts, struct judgement *out)
{
	bool tunnel = facts_get_int(facts, "size_lost", IKE_TUNNEL_SIZE + 1) <= IKE_TUNNEL_SIZE;

	if (out->verdict == VERDICT_PASS && is(facts, "full", "silent"))
		*out = (struct judgement){.verdict = tunnel ? VERDICT_FAIL : VERDICT_WARN,
			.cause = "udp.mtu-black-hole"};
}

static void judge_inbound(const struct facts *facts, struct judgement *out)
{
	if ((out->verdict == VERDICT_PASS || out->verdict == VERDICT_WARN) &&
		is(facts, "inbound", "silent"))
		*out = (struct judgement){.verdict = VERDICT_FAIL, .cause = "udp.large-answers"};
}

/* A fragment is as large as a full frame: where that is lost, it is the size. */
static const char *cause_of_fragments(const struct facts *facts)
{
	bool full_lost = is(facts, "full", "silent");

	return full_lost && facts_has(facts, "size_lost") ? "udp.mtu-black-hole" : "udp.fragments";
}

/* Without an answer to the small question the size is not what is wrong: that is ike's finding. */
static void judge(const struct judge_input *in, struct judgement *out)
{
	const struct facts *facts = in->facts;

	if (ike_facts_judge_near(facts, out))
		return;
	if (facts_get_bool(facts, "limited", false) || facts_get_bool(facts, "stopped", false))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "udp.limited"};
	else if (!is(facts, "small", "answered") || !facts_get_bool(facts, "complete", false))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "run.blocked"};
	else if (is(facts, "fragmented", "answered")) {
		judge_df(facts, out);
		judge_full(facts, out);
		judge_inbound(facts, out);
	} else
		*out = (struct judgement){
			.verdict = VERDICT_FAIL, .cause = cause_of_fragments(facts)};
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
