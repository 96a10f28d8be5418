#include "ike_desk.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "route_facts.h"

#define RUN_BUDGET   5.0 /* seconds from the start of the run until silence is a finding */
#define LEAST_BUDGET 3.0 /* seconds from the first question, when the name came late */
#define LAST_WAIT    1.0 /* seconds that the last question has for its answer, at least */
#define LINE_FACTOR  1.5 /* round trips until the next question */
#define HEAD_START   0.7 /* seconds that a silent port has before the next one is asked */
#define PACE         1.1 /* seconds from packet to packet where few a second are taken */
#define SIZE_AGAIN   0.3 /* seconds after which the first large packets are repeated */
#define SIZE_TIMES   3
#define LARGE_TIMES  2
#define NEAR_WAIT    0.15 /* seconds that the first router has, at least */
#define NEAR_TIMES   2
#define SEARCH_PACE  0.7  /* seconds from one large packet to the next, where several are out */
#define PATIENCE_MAX 7.0  /* seconds that a slow gateway has for an answer */
#define DRAIN_MAX    25.0 /* seconds that it has for all that it was asked at first */
#define DRAIN_TICK   0.1
#define IDLE_FACTOR  2.0 /* of what it took: without an answer for so long it is not busy */
#define FIRST_GROUP  21  /* few gateways prefer it, so that it is refused and leaves no state */
#define OTHER_GROUP  16
#define PORTS_FROM   49152 /* usual source ports: those that IANA keeps for private use */
#define FULL_SIZE    1500

/*
 * At the pace of a client, with one more in between. IKEv1 only where nothing speaks IKEv2, and the
 * odd question last, so that its answer is the last, too. Each goes out four times: of a line that
 * loses 5 % each way, silence is told wrongly in one of 10,000 runs.
 */
static const struct ike_step steps[] = {
	{.at = 0, .question = IKE_ASK_PROPOSAL},
	{.at = 1, .question = IKE_ASK_PROPOSAL, .again = true},
	{.at = 1.6, .question = IKE_ASK_PROPOSAL, .again = true},
	{.at = 2.1, .question = IKE_ASK_PROPOSAL, .again = true},
	{.at = 2.6, .question = IKE_ASK_V1_MAIN},
	{.at = 3.2, .question = IKE_ASK_V1_MAIN, .again = true}, /* PACE after the last proposal */
	{.at = 3.5, .question = IKE_ASK_V1_MAIN, .again = true},
	{.at = 3.7, .question = IKE_ASK_V1_MAIN, .again = true},
	{.at = 3.8, .question = IKE_ASK_VERSION},
	{.at = 3.9, .question = IKE_ASK_VERSION, .again = true},
	{.at = 3.95, .question = IKE_ASK_VERSION, .again = true},
	{.at = 4, .question = IKE_ASK_VERSION, .again = true},
};
#define STEPS   (sizeof steps / sizeof steps[0])
#define V1_STEP 4 /* the last that is new, but for the odd one */

static const struct ike_step second_steps[] = {
	{.at = 0, .question = IKE_ASK_PROPOSAL},
	{.at = PACE, .question = IKE_ASK_PROPOSAL, .again = true},
	{.at = 2 * PACE, .question = IKE_ASK_PROPOSAL, .again = true},
	{.at = 3 * PACE, .question = IKE_ASK_PROPOSAL, .again = true},
};
#define SECOND_STEPS (sizeof second_steps / sizeof second_steps[0])

/*
 * Bytes of IP that lines carry, for where a full frame is lost: PPPoE, what a tunnel needs, MAP-E
 * and DS-Lite, FLET'S PPPoE, what every IPv6 line carries, and less for filters that go by size.
 */
static const long searched[] = {1492, IKE_TUNNEL_SIZE, 1460, 1454, 1280, 1000, 576};
#define SEARCHED (sizeof searched / sizeof searched[0])

struct waiter {
	const struct ike_desk_calls *calls; /* NULL: gone, or told */
	void *arg;
	enum ike_phase until;
};

struct ike_talk {
	struct ike_desk *desk;
	struct ike_want want;
	struct ike_probe *probe, *second; /* owned; NULL: not begun */
	struct waiter *waiters;           /* owned */
	size_t waiter_count, waiter_capacity;
	double joined, begun;
	struct loop_timer timer; /* not begun: when it does; later: advances */
	bool wanted[IKE_PHASES], over[IKE_PHASES], searching;
	bool calm;                             /* is_busy was waited for */
	enum ike_phase phase;                  /* begun: the phase under way, or IKE_PHASES */
	size_t full, full_again, df, fragment; /* questions of the probe, or IKE_SIZES_MAX */
	size_t sizes_first, sizes_open;        /* those of IKE_SIZES: from here on, so many */
	size_t proof;                          /* that the first flow still is answered */
	size_t near_question, near_full;
	size_t large; /* the large question once more */
	struct ike_near near;
	struct ike_sizes sizes;
	enum ike_second_flow second_flow;
};

struct settled {
	struct net_addr addr;
	ike_settled_fn *fn;
	void *arg;
};

struct ike_desk {
	struct loop *loop;
	struct rtt_board *rtts;
	struct ike_talk **talks; /* owned */
	size_t count, capacity;
	struct settled *settled; /* owned: who waits for that */
	size_t settled_count, settled_capacity;
};

static void advance(struct ike_talk *talk);

static double now_of(const struct ike_talk *talk)
{
	return loop_now(talk->desk->loop);
}

static double line_of(const struct ike_talk *talk)
{
	return LINE_FACTOR * rtt_line(talk->desk->rtts);
}

/* ---- who waits ---- */

static void tell_answered(struct ike_talk *talk)
{
	for (size_t i = 0; i < talk->waiter_count; i++) {
		struct waiter *waiter = &talk->waiters[i];
		if (waiter->calls != NULL && waiter->calls->answered != NULL)
			waiter->calls->answered(waiter->arg);
	}
}

static void tell_ended(struct ike_talk *talk)
{
	for (size_t i = 0; i < talk->waiter_count; i++) {
		struct waiter waiter = talk->waiters[i];
		if (waiter.calls == NULL || !talk->over[waiter.until])
			continue;
		talk->waiters[i].calls = NULL;
		waiter.calls->ended(waiter.arg);
	}
}

/* ---- the other ports of a gateway ---- */

static bool same_gateway(const struct ike_talk *a, const struct ike_talk *b)
{
	return a != b && net_addr_equal(&a->want.addr, &b->want.addr);
}

static bool is_answered(const struct ike_talk *talk)
{
	return talk->probe != NULL && ike_probe_outcome(talk->probe)->answered;
}

/* Whether it has had an answer, or an error, so that the next port may be asked. */
static bool is_settled(const struct ike_talk *talk)
{
	return talk->over[IKE_REACH] || is_answered(talk) ||
	       (talk->probe != NULL && ike_probe_outcome(talk->probe)->failed);
}

/* The earliest other port that has not begun goes next. */
static void begin_next(struct ike_talk *settled)
{
	struct ike_desk *desk = settled->desk;

	for (size_t i = 0; i < desk->count; i++) {
		struct ike_talk *talk = desk->talks[i];
		if (same_gateway(talk, settled) && talk->probe == NULL) {
			loop_timer_at(desk->loop, &talk->timer, loop_now(desk->loop));
			return;
		}
	}
}

/* ---- new flows, one after the other ---- */

/* No port of the address waits for its first answer. */
static bool ports_settled(const struct ike_desk *desk, const struct net_addr *addr)
{
	for (size_t i = 0; i < desk->count; i++)
		if (net_addr_equal(&desk->talks[i]->want.addr, addr) && !is_settled(desk->talks[i]))
			return false;
	return true;
}

/* One second flow at a time. */
static bool second_may_begin(const struct ike_talk *talk)
{
	for (size_t i = 0; i < talk->desk->count; i++)
		if (same_gateway(talk->desk->talks[i], talk) &&
			talk->desk->talks[i]->phase == IKE_SECOND)
			return false;
	return ports_settled(talk->desk, &talk->want.addr);
}

/* Nor, where a first packet was lost, is a second flow asked about, or still to be. */
static bool all_settled(const struct ike_desk *desk, const struct net_addr *addr)
{
	bool lost = false, second = false;

	for (size_t i = 0; i < desk->count; i++) {
		const struct ike_talk *talk = desk->talks[i];
		if (!net_addr_equal(&talk->want.addr, addr) || !is_answered(talk))
			continue;
		lost = lost || ike_probe_outcome(talk->probe)->repeated;
		second = second || (talk->wanted[IKE_SECOND] && !talk->over[IKE_SECOND]);
	}
	return ports_settled(desk, addr) && !(lost && second);
}

void ike_desk_settled(
	struct ike_desk *desk, const struct net_addr *addr, ike_settled_fn *fn, void *arg)
{
	if (all_settled(desk, addr)) {
		fn(arg);
		return;
	}
	desk->settled = mem_grow(desk->settled, desk->settled_count, &desk->settled_capacity,
		sizeof desk->settled[0]);
	desk->settled[desk->settled_count++] = (struct settled){*addr, fn, arg};
}

static void settled_remove(struct ike_desk *desk, size_t at)
{
	desk->settled_count--;
	for (size_t i = at; i < desk->settled_count; i++)
		desk->settled[i] = desk->settled[i + 1];
}

void ike_desk_cancel(struct ike_desk *desk, const void *arg)
{
	for (size_t i = desk->settled_count; i > 0; i--)
		if (desk->settled[i - 1].arg == arg)
			settled_remove(desk, i - 1);
}

/* Second flows that waited for this; they see for themselves. */
static void wake_seconds(struct ike_talk *talk)
{
	struct ike_desk *desk = talk->desk;

	for (size_t i = 0; i < desk->count; i++) {
		struct ike_talk *other = desk->talks[i];
		if (same_gateway(other, talk) && other->probe != NULL && other->phase == IKE_PHASES)
			loop_timer_at(desk->loop, &other->timer, loop_now(desk->loop));
	}
}

/* A callback may wait or cancel, so the search starts over after each. */
static void tell_settled(struct ike_talk *talk)
{
	struct ike_desk *desk = talk->desk;
	size_t i = 0;

	wake_seconds(talk);
	while (i < desk->settled_count) {
		struct settled wait = desk->settled[i];
		if (!net_addr_equal(&wait.addr, &talk->want.addr) ||
			!all_settled(desk, &wait.addr)) {
			i++;
			continue;
		}
		settled_remove(desk, i);
		wait.fn(wait.arg);
		i = 0;
	}
}

/* Whether a port still has something to ask that a client would ask, or fared well already. */
static bool forbids_odd_question(const struct ike_talk *talk)
{
	const struct ike_outcome *outcome =
		talk->probe != NULL ? ike_probe_outcome(talk->probe) : NULL;

	if (outcome == NULL)
		return true;
	if (outcome->answered)
		return outcome->reply.answer != IKE_COOKIE &&
		       outcome->reply.answer != IKE_INVALID_MAJOR;
	return !talk->over[IKE_REACH] && ike_probe_step(talk->probe) <= V1_STEP;
}

static bool may_send(void *arg, size_t step)
{
	const struct ike_talk *talk = arg;

	if (steps[step].question != IKE_ASK_VERSION)
		return true;
	for (size_t i = 0; i < talk->desk->count; i++)
		if (same_gateway(talk->desk->talks[i], talk) &&
			forbids_odd_question(talk->desk->talks[i]))
			return false;
	return true;
}

/* ---- reaching it ---- */

static void phase_over(struct ike_talk *talk)
{
	talk->over[talk->phase] = true;
	talk->phase = IKE_PHASES;
	begin_next(talk);
	tell_settled(talk);
	loop_timer_at(talk->desk->loop, &talk->timer, now_of(talk));
}

static bool is_slow(const struct ike_talk *talk)
{
	return is_answered(talk) && ike_probe_outcome(talk->probe)->rtt >= IKE_SLOW;
}

/* Its other ports have the same patience. */
static void slow_down_others(const struct ike_talk *talk)
{
	for (size_t i = 0; i < talk->desk->count; i++) {
		struct ike_talk *other = talk->desk->talks[i];
		if (same_gateway(other, talk) && other->probe != NULL && !is_answered(other))
			ike_probe_slow_down(
				other->probe, LINE_FACTOR * ike_probe_outcome(talk->probe)->rtt);
	}
}

/*
 * Whether a slow gateway is still busy with what it was asked at first: not all has been answered,
 * and the last answer is not long ago.
 */
static bool is_busy(const struct ike_talk *talk)
{
	double now = now_of(talk), last = 0;
	int open = 0;

	if (talk->calm || !is_slow(talk) || now >= talk->begun + DRAIN_MAX)
		return false;
	for (size_t i = 0; i < talk->desk->count; i++) {
		const struct ike_talk *other = talk->desk->talks[i];
		if (other->probe == NULL || (other != talk && !same_gateway(other, talk)))
			continue;
		const struct ike_outcome *outcome = ike_probe_outcome(other->probe);
		open += outcome->sent - outcome->near - outcome->received;
		if (outcome->received_at > last)
			last = outcome->received_at;
	}
	return open > 0 && now < last + IDLE_FACTOR * ike_probe_outcome(talk->probe)->rtt;
}

static void on_answered(void *arg)
{
	struct ike_talk *talk = arg;

	if (is_slow(talk))
		slow_down_others(talk);
	rtt_note(talk->desk->rtts, &talk->want.addr, ike_probe_outcome(talk->probe)->rtt);
	tell_answered(talk);
	begin_next(talk);
	tell_settled(talk);
}

static void on_done(void *arg)
{
	phase_over(arg);
}

static void on_sized(void *arg, size_t number);

static const struct ike_probe_calls calls = {
	.may_send = may_send, .answered = on_answered, .done = on_done, .sized = on_sized};

/*
 * All questions fit into the time that the run has left, and never into less than the least. On a
 * slow line they are further apart.
 */
static double schedule(const struct ike_talk *talk, double *deadline)
{
	double now = now_of(talk), line = line_of(talk), late = now - talk->joined;
	double wait = line > LAST_WAIT ? line : LAST_WAIT;
	double last =
		talk->joined + LEAST_BUDGET > RUN_BUDGET ? talk->joined + LEAST_BUDGET : RUN_BUDGET;
	double wanted = line > 1 ? line : 1;

	last += late + rtt_slack(talk->desk->rtts);
	double room = (last - now - wait) / steps[STEPS - 1].at;
	double scale = room < wanted ? room : wanted;
	*deadline = now + scale * steps[STEPS - 1].at + wait;
	return scale;
}

/*
 * Runs one after the other come from the same port, as a client's do: to a router they are one
 * flow. Flow 1 is the second one.
 */
static uint16_t usual_port(const struct ike_want *want, unsigned flow)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < sizeof want->addr.bytes; i++)
		hash = (hash ^ want->addr.bytes[i]) * 16777619u;
	hash = (hash ^ want->port) * 16777619u;
	hash = (hash ^ flow) * 16777619u;
	return (uint16_t)(PORTS_FROM + hash % (65536 - PORTS_FROM));
}

/* Where the group was taken on another port, it would be here, and leave state. */
static int first_group(const struct ike_talk *talk)
{
	for (size_t i = 0; i < talk->desk->count; i++) {
		const struct ike_talk *other = talk->desk->talks[i];
		if (same_gateway(other, talk) && is_answered(other) &&
			ike_probe_outcome(other->probe)->reply.answer == IKE_SA_INIT)
			return OTHER_GROUP;
	}
	return FIRST_GROUP;
}

static struct ike_plan plan_of(const struct ike_talk *talk, unsigned flow)
{
	return (struct ike_plan){
		.addr = talk->want.addr,
		.port = talk->want.port,
		.usual_port = usual_port(&talk->want, flow),
		.marker = talk->want.marker,
		.group = first_group(talk),
	};
}

static void begin(struct ike_talk *talk)
{
	struct ike_plan plan = plan_of(talk, 0);

	plan.source_port = talk->want.source_port;
	plan.nat = talk->want.nat;
	plan.large = talk->want.large;
	plan.steps = steps;
	plan.step_count = STEPS;
	plan.scale = schedule(talk, &plan.deadline);
	talk->begun = now_of(talk);
	talk->phase = IKE_REACH;
	talk->probe = ike_probe_new(talk->desk->loop, &plan, &calls, talk);
	for (size_t i = 0; i < talk->waiter_count; i++)
		if (talk->waiters[i].calls != NULL && talk->waiters[i].calls->begun != NULL)
			talk->waiters[i].calls->begun(
				talk->waiters[i].arg, plan.scale, plan.deadline);
}

/* ---- who answers ---- */

static void near_begin(struct ike_talk *talk)
{
	double trip = LINE_FACTOR * ike_probe_outcome(talk->probe)->rtt;
	double wait = trip > NEAR_WAIT ? trip : NEAR_WAIT;
	struct ike_sizing question = {.hops = 1, .times = NEAR_TIMES, .again = wait, .every = wait};

	talk->near_question = ike_probe_size(talk->probe, &question);
	if (talk->near_question == IKE_SIZES_MAX)
		phase_over(talk);
}

static void near_end(struct ike_talk *talk, enum ike_nat nat_local, enum ike_nat nat_remote)
{
	talk->near.answered = nat_local != IKE_NAT_PRESENT;
	talk->near.nat_local = nat_local;
	talk->near.nat_remote = nat_remote;
	phase_over(talk);
}

/* Whoever answers from so near has no connections of others to lose: it is asked in full. */
static void near_ask_full(struct ike_talk *talk)
{
	const struct ike_reply *reply = &ike_probe_outcome(talk->probe)->reply;
	struct ike_sizing question = {
		.group = reply->wanted_group, .times = NEAR_TIMES, .again = PACE, .every = PACE};

	talk->near_full = IKE_SIZES_MAX;
	if (reply->answer == IKE_INVALID_KE && ike_group_known(reply->wanted_group))
		talk->near_full = ike_probe_size(talk->probe, &question);
	if (talk->near_full == IKE_SIZES_MAX)
		near_end(talk, IKE_NAT_UNKNOWN, IKE_NAT_UNKNOWN);
}

static void near_told(struct ike_talk *talk, size_t number)
{
	const struct ike_outcome *outcome = ike_probe_outcome(talk->probe);
	const struct ike_size *told = ike_probe_sized(talk->probe, number);

	if (number == talk->near_full)
		near_end(talk, told->reply.nat_local, told->reply.nat_remote);
	else if (number != talk->near_question)
		return;
	else if (told->state != IKE_SIZE_ANSWERED)
		phase_over(talk);
	else if (outcome->full)
		near_end(talk, outcome->nat_local, outcome->nat_remote);
	else
		near_ask_full(talk);
}

/* ---- sizes ---- */

static long over_ip(const struct ike_talk *talk)
{
	return talk->want.addr.family == 6 ? IKE_OVER_IPV6 : IKE_OVER_IPV4;
}

/*
 * The least time for an answer: a busy gateway may take seconds on a quick line. Its first answer
 * tells what it takes, or more than that when a question was lost.
 */
static double least_wait(const struct ike_talk *talk)
{
	double line = line_of(talk), gateway = LINE_FACTOR * ike_probe_outcome(talk->probe)->rtt;

	if (gateway > PATIENCE_MAX)
		gateway = PATIENCE_MAX;
	return gateway > PACE && gateway > line ? gateway : line;
}

static size_t ask_size(struct ike_talk *talk, long payload, bool whole, double every)
{
	double least = least_wait(talk);
	struct ike_sizing sizing = {
		.payload = (size_t)payload,
		.whole = whole,
		.times = SIZE_TIMES,
		.again = least > SIZE_AGAIN ? least : SIZE_AGAIN,
		.every = least > every ? least : every,
	};
	size_t number = ike_probe_size(talk->probe, &sizing);

	if (number < IKE_SIZES_MAX)
		talk->sizes_open++;
	return number;
}

/*
 * A full frame was lost, at a pace at which the gateway is answered otherwise, or did not fit: what
 * does arrive? All at once, the frame once more among them.
 */
static void search(struct ike_talk *talk)
{
	if (talk->searching)
		return;
	talk->searching = true;
	talk->df = ask_size(talk, IKE_DF_BYTES, true, SEARCH_PACE);
	for (size_t i = 0; i < SEARCHED && !is_slow(talk); i++)
		ask_size(talk, searched[i] - over_ip(talk), true, SEARCH_PACE);
	talk->full_again = ask_size(talk, FULL_SIZE - over_ip(talk), true, SEARCH_PACE);
}

/* Many losses in a row are no matter of size: while small answers come, a large one has to. */
static void ask_large_again(struct ike_talk *talk)
{
	double least = least_wait(talk);

	if (talk->large != IKE_SIZES_MAX ||
		ike_probe_outcome(talk->probe)->large != IKE_LARGE_SILENT)
		return;
	talk->large = ike_probe_large_again(talk->probe, LARGE_TIMES, least > PACE ? least : PACE);
	if (talk->large != IKE_SIZES_MAX)
		talk->sizes_open++;
}

static void ask_fragments(struct ike_talk *talk)
{
	if (talk->fragment == IKE_SIZES_MAX)
		talk->fragment = ask_size(talk, IKE_FRAGMENTED_BYTES, false, PACE);
}

static void sizes_begin(struct ike_talk *talk)
{
	talk->sizes.asked = true;
	talk->sizes_first = ike_probe_size_count(talk->probe);
	talk->sizes_open = 0;
	talk->full = ask_size(talk, FULL_SIZE - over_ip(talk), true, PACE);
	if (talk->full == IKE_SIZES_MAX)
		phase_over(talk);
}

static enum ike_size_state state_of(const struct ike_talk *talk, size_t number)
{
	return number < IKE_SIZES_MAX ? ike_probe_sized(talk->probe, number)->state
				      : IKE_SIZE_UNSUPPORTED;
}

/* The largest whole packet that was answered, and the least above it that was lost without a word.
 */
static void weigh(struct ike_talk *talk)
{
	struct ike_sizes *sizes = &talk->sizes;

	for (size_t i = talk->sizes_first; i < talk->sizes_first + talk->sizes_open; i++) {
		const struct ike_size *size = ike_probe_sized(talk->probe, i);
		long bytes = (long)size->payload + over_ip(talk);
		sizes->sent += size->sent;
		if (size->whole && size->state == IKE_SIZE_ANSWERED && bytes > sizes->passed)
			sizes->passed = bytes;
	}
	for (size_t i = talk->sizes_first; i < talk->sizes_first + talk->sizes_open; i++) {
		const struct ike_size *size = ike_probe_sized(talk->probe, i);
		long bytes = (long)size->payload + over_ip(talk);
		if (size->whole && size->state == IKE_SIZE_SILENT && bytes > sizes->passed &&
			(sizes->lost == 0 || bytes < sizes->lost))
			sizes->lost = bytes;
	}
}

static void sizes_end(struct ike_talk *talk)
{
	struct ike_sizes *sizes = &talk->sizes;

	sizes->full = state_of(talk, talk->full);
	if (state_of(talk, talk->full_again) == IKE_SIZE_ANSWERED)
		sizes->full = IKE_SIZE_ANSWERED;
	sizes->fragmented = state_of(talk, talk->fragment);
	sizes->df = talk->df < IKE_SIZES_MAX ? state_of(talk, talk->df) : IKE_SIZE_ANSWERED;
	weigh(talk);
	sizes->lost_all = sizes->passed == 0 && sizes->fragmented != IKE_SIZE_ANSWERED &&
			  sizes->df == IKE_SIZE_SILENT;
	if (sizes->df == IKE_SIZE_FAILED)
		sizes->error = ike_probe_sized(talk->probe, talk->df)->error;
	phase_over(talk);
}

static bool all_told(const struct ike_talk *talk)
{
	for (size_t i = talk->sizes_first; i < talk->sizes_first + talk->sizes_open; i++)
		if (ike_probe_sized(talk->probe, i)->state == IKE_SIZE_ASKED)
			return false;
	return true;
}

/* The path's own word is tried: what it says it carries has to arrive. */
static void take_word(struct ike_talk *talk, const struct ike_size *size)
{
	long mtu = size->error.mtu;

	if (mtu > over_ip(talk) && mtu < (long)size->payload + over_ip(talk))
		ask_size(talk, mtu - over_ip(talk), true, PACE);
	if (mtu <= 0 || mtu < IKE_DF_BYTES + over_ip(talk))
		search(talk);
}

static void second_judge(struct ike_talk *talk);

static void on_sized(void *arg, size_t number)
{
	struct ike_talk *talk = arg;
	const struct ike_size *size = ike_probe_sized(talk->probe, number);

	if (talk->phase == IKE_SECOND && number == talk->proof) {
		second_judge(talk);
		return;
	}
	if (talk->phase == IKE_NEAR)
		near_told(talk, number);
	if (talk->phase != IKE_SIZES || number < talk->sizes_first)
		return;
	if (size->state == IKE_SIZE_TOO_BIG && number == talk->full)
		take_word(talk, size);
	else if (size->state != IKE_SIZE_ANSWERED && number == talk->full)
		search(talk);
	ask_fragments(talk);
	if (size->state == IKE_SIZE_ANSWERED)
		ask_large_again(talk);
	if (all_told(talk))
		sizes_end(talk);
}

/* ---- a second flow ---- */

static bool second_may_send(void *arg, size_t step)
{
	(void)arg;
	return step < SECOND_STEPS;
}

static void second_answered(void *arg)
{
	((struct ike_talk *)arg)->second_flow = IKE_SECOND_ANSWERED;
}

/* Silence says something only if the first flow is answered all the while. */
static void second_done(void *arg)
{
	struct ike_talk *talk = arg;

	if (talk->second_flow == IKE_SECOND_ANSWERED) {
		phase_over(talk);
		return;
	}
	talk->proof = ask_size(talk, 0, false, PACE);
	if (talk->proof == IKE_SIZES_MAX)
		phase_over(talk);
}

static void second_judge(struct ike_talk *talk)
{
	if (state_of(talk, talk->proof) == IKE_SIZE_ANSWERED)
		talk->second_flow = IKE_SECOND_REFUSED;
	phase_over(talk);
}

static const struct ike_probe_calls second_calls = {.may_send = second_may_send,
	.answered = second_answered,
	.done = second_done,
	.sized = on_sized};

static void second_begin(struct ike_talk *talk)
{
	struct ike_plan plan = plan_of(talk, 1);
	double least = least_wait(talk);

	if (ike_probe_outcome(talk->probe)->reply.answer == IKE_SA_INIT)
		plan.group = OTHER_GROUP;
	plan.steps = second_steps;
	plan.step_count = SECOND_STEPS;
	plan.scale = least > PACE ? least / PACE : 1;
	plan.deadline = now_of(talk) + plan.scale * (double)SECOND_STEPS * PACE;
	talk->second = ike_probe_new(talk->desk->loop, &plan, &second_calls, talk);
}

/* ---- phases ---- */

/* The router that packets to the gateway meet first; false: none that is known, or the gateway. */
static bool first_router(const struct ike_talk *talk, struct net_addr *router)
{
	struct route_info route;

	if (platform_route(&talk->want.addr, &route, NULL) != 0 || !route.present ||
		route.gateway.family == 0 || net_addr_equal(&route.gateway, &talk->want.addr))
		return false;
	*router = route.gateway;
	return true;
}

/* Sizes and a second flow are asked of who answers as a gateway that takes connections. */
static bool is_possible(struct ike_talk *talk, enum ike_phase phase)
{
	const struct ike_outcome *outcome = ike_probe_outcome(talk->probe);

	if (!outcome->answered || ike_talk_limited(talk))
		return false;
	if (phase == IKE_NEAR)
		return first_router(talk, &talk->near.router);
	return phase == IKE_SIZES || outcome->reply.version_major == 2;
}

static void advance(struct ike_talk *talk)
{
	while (talk->phase == IKE_PHASES) {
		enum ike_phase next = IKE_REACH;
		while (next < IKE_PHASES && (talk->over[next] || !talk->wanted[next]))
			next++;
		bool waits = next == IKE_SECOND && !second_may_begin(talk);
		if (next == IKE_PHASES || waits)
			break;
		if (is_possible(talk, next) && is_busy(talk)) {
			loop_timer_at(talk->desk->loop, &talk->timer, now_of(talk) + DRAIN_TICK);
			break;
		}
		talk->calm = true;
		talk->phase = next;
		if (!is_possible(talk, next)) {
			talk->over[next] = true;
			talk->phase = IKE_PHASES;
		} else if (next == IKE_NEAR) {
			near_begin(talk);
		} else if (next == IKE_SIZES) {
			sizes_begin(talk);
		} else {
			second_begin(talk);
		}
	}
	tell_ended(talk);
}

static void on_timer(void *arg)
{
	struct ike_talk *talk = arg;

	if (talk->probe == NULL)
		begin(talk);
	else if (talk->phase == IKE_PHASES)
		advance(talk);
}

/* ---- joining ---- */

static struct ike_talk *find(const struct ike_desk *desk, const struct ike_want *want)
{
	for (size_t i = 0; i < desk->count; i++) {
		const struct ike_want *has = &desk->talks[i]->want;
		if (net_addr_equal(&has->addr, &want->addr) && has->port == want->port &&
			has->marker == want->marker && has->source_port == want->source_port)
			return desk->talks[i];
	}
	return NULL;
}

/* The first port of a gateway begins at once, the next one in its turn. */
static struct ike_talk *talk_new(struct ike_desk *desk, const struct ike_want *want)
{
	struct ike_talk *talk = mem_alloc(sizeof *talk);
	double at = loop_now(desk->loop);

	talk->desk = desk;
	talk->want = *want;
	talk->joined = at;
	talk->wanted[IKE_REACH] = true;
	talk->phase = IKE_PHASES;
	talk->full = talk->full_again = talk->df = talk->fragment = talk->proof = IKE_SIZES_MAX;
	talk->near_question = talk->near_full = talk->large = IKE_SIZES_MAX;
	loop_timer_init(&talk->timer, on_timer, talk);
	for (size_t i = 0; i < desk->count; i++)
		if (same_gateway(desk->talks[i], talk) && !is_settled(desk->talks[i]))
			at += HEAD_START;
	loop_timer_at(desk->loop, &talk->timer, at);
	desk->talks = mem_grow(desk->talks, desk->count, &desk->capacity, sizeof desk->talks[0]);
	desk->talks[desk->count++] = talk;
	return talk;
}

struct ike_talk *ike_desk_join(struct ike_desk *desk, const struct ike_want *want,
	const struct ike_desk_calls *calls_of, void *arg)
{
	struct ike_talk *talk = find(desk, want);

	if (talk == NULL)
		talk = talk_new(desk, want);
	talk->waiters = mem_grow(
		talk->waiters, talk->waiter_count, &talk->waiter_capacity, sizeof talk->waiters[0]);
	talk->waiters[talk->waiter_count++] = (struct waiter){calls_of, arg, want->until};
	talk->wanted[want->until] = true;
	talk->wanted[IKE_NEAR] |= want->near;
	talk->want.nat |= want->nat;
	talk->want.large |= want->large;
	if (talk->probe != NULL)
		ike_probe_want(talk->probe, want->nat, want->large);
	if (talk->probe != NULL && talk->phase == IKE_PHASES)
		loop_timer_at(desk->loop, &talk->timer, loop_now(desk->loop));
	return talk;
}

void ike_talk_leave(struct ike_talk *talk, const void *arg)
{
	for (size_t i = 0; talk != NULL && i < talk->waiter_count; i++)
		if (talk->waiters[i].arg == arg)
			talk->waiters[i].calls = NULL;
}

void ike_talk_deadline(struct ike_talk *talk, double at)
{
	if (talk->probe != NULL && talk->phase == IKE_REACH)
		ike_probe_deadline(talk->probe, at);
}

const struct ike_outcome *ike_talk_outcome(const struct ike_talk *talk)
{
	static const struct ike_outcome nothing;

	return talk->probe != NULL ? ike_probe_outcome(talk->probe) : &nothing;
}

bool ike_talk_over(const struct ike_talk *talk, enum ike_phase phase)
{
	return talk->over[phase];
}

const struct ike_sizes *ike_talk_sizes(const struct ike_talk *talk)
{
	return &talk->sizes;
}

const struct ike_near *ike_talk_near(const struct ike_talk *talk)
{
	return &talk->near;
}

enum ike_second_flow ike_talk_second(const struct ike_talk *talk)
{
	return talk->second_flow;
}

bool ike_talk_limited(const struct ike_talk *talk)
{
	const struct ike_outcome *outcome = ike_talk_outcome(talk);

	return outcome->answered && outcome->reply.answer == IKE_INVALID_MAJOR;
}

/* ---- life ---- */

struct ike_desk *ike_desk_new(struct loop *loop, struct rtt_board *rtts)
{
	struct ike_desk *desk = mem_alloc(sizeof *desk);

	desk->loop = loop;
	desk->rtts = rtts;
	return desk;
}

void ike_desk_free(struct ike_desk *desk)
{
	if (desk == NULL)
		return;
	for (size_t i = 0; i < desk->count; i++) {
		struct ike_talk *talk = desk->talks[i];
		loop_timer_stop(desk->loop, &talk->timer);
		ike_probe_free(talk->probe);
		ike_probe_free(talk->second);
		free(talk->waiters);
		free(talk);
	}
	free(desk->settled);
	free(desk->talks);
	free(desk);
}
