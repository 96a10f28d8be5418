#include "ike_probe.h"

#include <stdlib.h>
#include <string.h>

#include "hops.h"
#include "mem.h"
#include "platform.h"
#include "udp_probe.h"

#define NAT_BUDGET    2.3 /* seconds for NAT detection, beside what the first answer took */
#define NAT_AGAIN     1.1 /* its retransmission */
#define OFFER_WAIT    0.1 /* seconds for whether it takes a large key, at least */
#define OFFER_TIMES   2
#define LARGE_TIMES   4
#define WAIT_FACTOR   1.5 /* of what the first answer took */
#define WAIT_MAX      7.0
#define STRANGE_GRACE 2.0 /* seconds for a real answer after something that is not IKE */
#define ERROR_NEXT    0.1 /* seconds from an error to the next question */
#define ERROR_GRACE   0.3 /* seconds for a real answer after that, at least */
#define ERROR_FACTOR  3.0 /* and so many times what the error itself took */
#define USUAL_HOPS    64  /* for what follows a question of few hops */
#define NAT_GROUP     19  /* asked for where the gateway wants a group that we cannot fill */
#define QUIET_GROUP   16  /* few gateways prefer it, so that it is refused and leaves no state */
#define OFFER_GROUP   31  /* of no large key */
#define LARGE_REST    150 /* bytes of IP that a full answer has beside its key, at least */

enum { TAG_REPEAT = -1, TAG_SIZE = 100 };

enum state {
	ASKING,  /* the steps, one after the other */
	DOUBTED, /* an error came; the last question is out or about to be */
	FULL,    /* answered; a question of the full exchange is out */
	ENDED    /* only sizes are asked from here on */
};

/* What is out while the state is FULL, one after the other. */
enum exchange {
	OFFERED, /* whether it takes a large key */
	LARGE,   /* the full exchange, with one */
	WANTED   /* the full exchange, with the group that it prefers */
};

/* A question as it was sent; `bytes` is kept for retransmission. */
struct ask {
	struct ike_request request;
	uint8_t bytes[IKE_MAX];
	size_t len;
	double first_sent;
	int sent;
};

/* A question of a size. */
struct sizing {
	struct ask ask;
	struct ike_sizing plan;
	struct ike_size told;
};

struct ike_probe {
	struct loop *loop;
	struct udp_probe *udp; /* NULL: the socket could not be opened */
	struct ike_plan plan;
	const struct ike_probe_calls *calls;
	void *arg;
	struct ike_outcome outcome;
	struct ask *asks; /* owned; IKE_ASKED_MAX */
	size_t ask_count;
	size_t nat_first; /* asks from here on belong to the full exchange */
	enum exchange exchange;
	size_t wanted_count;   /* questions of WANTED */
	size_t large_ask;      /* the question of LARGE; 0: none */
	struct sizing *sizing; /* owned; IKE_SIZES_MAX, or NULL: no size was asked for */
	size_t size_count;
	size_t sending; /* the size that is being sent, or IKE_SIZES_MAX */
	size_t next_step;
	enum state state;
	double deadline, last_sent;
	struct loop_timer unopened; /* tells later that there is no socket */
};

static void end(struct ike_probe *probe)
{
	if (probe->state == ENDED)
		return;
	probe->state = ENDED;
	if (probe->udp != NULL) {
		udp_probe_unplan(probe->udp);
		udp_probe_deadline(probe->udp, -1);
	}
	probe->calls->done(probe->arg);
}

static void set_deadline(struct ike_probe *probe, double at)
{
	if (at >= probe->deadline)
		return;
	probe->deadline = at;
	udp_probe_deadline(probe->udp, at);
}

/* ---- sending ---- */

static void send_ask(struct ike_probe *probe, struct ask *ask)
{
	double now = loop_now(probe->loop);

	if (ask->first_sent < 0)
		ask->first_sent = now;
	probe->last_sent = now;
	ask->sent++;
	if (udp_probe_send(probe->udp, ask->bytes, ask->len))
		probe->outcome.sent++;
}

void ike_random_spi(uint8_t spi[8])
{
	do
		platform_random(spi, 8);
	while (spi[0] == 0); /* an SPI must not be zero, nor look like a marker */
}

static bool build(const struct ike_probe *probe, struct ask *new, enum ike_question question,
	int group, size_t pad_to)
{
	new->request = (struct ike_request){
		.question = question,
		.group = group,
		.marker = probe->plan.marker,
		.pad_to = pad_to,
		.local = probe->outcome.local,
		.local_port = probe->outcome.local_port,
		.remote = probe->plan.addr,
		.remote_port = probe->plan.port,
	};
	ike_random_spi(new->request.spi);
	new->len = ike_build(&new->request, new->bytes, sizeof new->bytes);
	new->first_sent = -1;
	new->sent = 0;
	return new->len > 0;
}

static void ask(struct ike_probe *probe, enum ike_question question, int group)
{
	struct ike_outcome *outcome = &probe->outcome;

	if (probe->ask_count == IKE_ASKED_MAX ||
		!build(probe, &probe->asks[probe->ask_count], question, group, 0))
		return;
	outcome->questions[outcome->question_count] = question;
	outcome->groups[outcome->question_count++] = group;
	send_ask(probe, &probe->asks[probe->ask_count++]);
}

static void repeat(struct ike_probe *probe)
{
	if (probe->ask_count > 0)
		send_ask(probe, &probe->asks[probe->ask_count - 1]);
}

/* The same bytes as before, so that a gateway that got them knows the question. */
static void ask_again(struct ike_probe *probe, enum ike_question question)
{
	for (size_t i = probe->ask_count; i > 0; i--)
		if (probe->asks[i - 1].request.question == question) {
			send_ask(probe, &probe->asks[i - 1]);
			return;
		}
	ask(probe, question, probe->plan.group);
}

static void size_due(struct ike_probe *probe, size_t number);

static void on_due(void *arg, int tag)
{
	struct ike_probe *probe = arg;

	if (tag == TAG_REPEAT) {
		repeat(probe);
		return;
	}
	if (tag >= TAG_SIZE) {
		size_due(probe, (size_t)(tag - TAG_SIZE));
		return;
	}
	const struct ike_step *step = &probe->plan.steps[tag];
	probe->next_step = (size_t)tag + 1;
	if (!probe->calls->may_send(probe->arg, (size_t)tag))
		return;
	if (step->again)
		ask_again(probe, step->question);
	else
		ask(probe, step->question, probe->plan.group);
}

/* ---- the full exchange ---- */

static void take_full(struct ike_outcome *outcome, const struct ike_reply *reply)
{
	outcome->full = true;
	outcome->nat_local = reply->nat_local;
	outcome->nat_remote = reply->nat_remote;
	outcome->fragmentation = reply->fragmentation;
	if (outcome->vendor == NULL)
		outcome->vendor = reply->vendor;
}

/* Asks so many times; then its time is over (exchange_silent). */
static void exchange_ask(struct ike_probe *probe, enum ike_question question, int group, int times,
	double wait, double end)
{
	double now = loop_now(probe->loop);

	udp_probe_unplan(probe->udp);
	for (int i = 1; i < times; i++)
		udp_probe_plan(probe->udp, now + i * wait, TAG_REPEAT);
	probe->deadline = now + end;
	udp_probe_deadline(probe->udp, probe->deadline);
	ask(probe, question, group);
}

static double answer_wait(const struct ike_probe *probe, double least)
{
	double wait = WAIT_FACTOR * probe->outcome.rtt;

	if (wait > WAIT_MAX)
		wait = WAIT_MAX;
	return wait > least ? wait : least;
}

static int nat_group(const struct ike_reply *reply)
{
	if (reply->answer == IKE_INVALID_KE && ike_group_known(reply->wanted_group))
		return reply->wanted_group;
	return NAT_GROUP;
}

static void wanted_ask(struct ike_probe *probe, int group)
{
	probe->exchange = WANTED;
	probe->wanted_count++;
	exchange_ask(probe, IKE_ASK_PROPOSAL, group, 2, NAT_AGAIN, NAT_BUDGET + probe->outcome.rtt);
}

static void offer_ask(struct ike_probe *probe)
{
	double wait = answer_wait(probe, OFFER_WAIT);

	probe->exchange = OFFERED;
	exchange_ask(probe, IKE_ASK_LARGE, OFFER_GROUP, OFFER_TIMES, wait, OFFER_TIMES * wait);
}

/* At the pace of a client: a router may take no more. */
static void large_ask(struct ike_probe *probe, int group)
{
	double wait = answer_wait(probe, NAT_AGAIN);

	probe->exchange = LARGE;
	probe->outcome.large_group = group;
	probe->large_ask = probe->ask_count;
	exchange_ask(probe, IKE_ASK_LARGE, group, LARGE_TIMES, wait, LARGE_TIMES * wait);
}

/* A gateway that wants another group gets it, as a client would do; all else stays as it is. */
static bool is_exchange_worthwhile(const struct ike_probe *probe, const struct ike_reply *reply)
{
	return (probe->plan.nat || probe->plan.large) && reply->answer == IKE_INVALID_KE &&
	       probe->outcome.rtt < IKE_SLOW;
}

static void exchange_begin(struct ike_probe *probe)
{
	probe->state = FULL;
	probe->outcome.nat_asked = probe->plan.nat;
	probe->nat_first = probe->ask_count;
	if (probe->plan.large)
		offer_ask(probe);
	else
		wanted_ask(probe, nat_group(&probe->outcome.reply));
}

/* It takes no large key, or did not say: all that is left to be asked is NAT detection. */
static void exchange_plain(struct ike_probe *probe)
{
	if (probe->plan.nat)
		wanted_ask(probe, nat_group(&probe->outcome.reply));
	else
		end(probe);
}

/* Bytes of the IP packet. */
static size_t packet_size(const struct ike_probe *probe, size_t payload)
{
	return payload + (probe->plan.addr.family == 6 ? IKE_OVER_IPV6 : IKE_OVER_IPV4);
}

static void large_told(struct ike_probe *probe, enum ike_large large, size_t bytes)
{
	struct ike_outcome *outcome = &probe->outcome;

	outcome->large = large;
	outcome->large_sent = (long)packet_size(probe, probe->asks[probe->large_ask].len);
	outcome->large_bytes = (long)bytes;
}

/*
 * The time of the last question is over. A gateway that opens no exchange for the moment is silent,
 * too: whether it does is asked with a key whose answer is small.
 */
static void exchange_silent(struct ike_probe *probe)
{
	switch (probe->exchange) {
	case OFFERED:
		exchange_plain(probe);
		break;
	case LARGE:
		large_told(probe, IKE_LARGE_SILENT,
			LARGE_REST + ike_group_size(probe->outcome.large_group));
		wanted_ask(probe, nat_group(&probe->outcome.reply));
		break;
	case WANTED:
		end(probe);
		break;
	}
}

static void offer_answered(struct ike_probe *probe, const struct ike_reply *reply)
{
	if (reply->answer == IKE_INVALID_KE && ike_group_large(reply->wanted_group))
		large_ask(probe, reply->wanted_group);
	else
		exchange_plain(probe);
}

static void exchange_answered(
	struct ike_probe *probe, const struct ask *to, const struct ike_reply *reply, size_t len)
{
	struct ike_outcome *outcome = &probe->outcome;
	bool offer = to->request.question == IKE_ASK_LARGE && to->request.group == OFFER_GROUP;
	int group = nat_group(reply);

	if (reply->answer == IKE_SA_INIT)
		take_full(outcome, reply);
	if (offer && probe->exchange != OFFERED)
		return; /* it comes twice, or late */
	if (offer && reply->answer != IKE_SA_INIT) {
		offer_answered(probe, reply);
		return;
	}
	outcome->nat_answer = reply->answer;
	if (probe->large_ask > 0 && to == &probe->asks[probe->large_ask] &&
		reply->answer == IKE_SA_INIT)
		large_told(probe, IKE_LARGE_ANSWERED, packet_size(probe, len));
	bool other = reply->answer == IKE_INVALID_KE && group != to->request.group;
	if (probe->exchange == WANTED && probe->wanted_count == 1 && other)
		wanted_ask(probe, group);
	else if (probe->exchange == LARGE && (other || reply->answer == IKE_NO_PROPOSAL))
		exchange_plain(probe);
	else
		end(probe);
}

/* ---- receiving ---- */

static void first_answer(
	struct ike_probe *probe, const struct ask *to, const struct ike_reply *reply)
{
	struct ike_outcome *outcome = &probe->outcome;

	outcome->answered = true;
	outcome->repeated = probe->ask_count > 1 || to->sent > 1;
	outcome->reply = *reply;
	outcome->rtt = loop_now(probe->loop) - to->first_sent;
	outcome->vendor = reply->vendor;
	if (reply->answer == IKE_SA_INIT)
		take_full(outcome, reply);
	udp_probe_unplan(probe->udp);
	probe->calls->answered(probe->arg);
	if (is_exchange_worthwhile(probe, reply))
		exchange_begin(probe);
	else
		end(probe);
}

/* A gateway may repeat an answer to a run before, which had the same port. */
static bool is_for_another_run(const struct ike_probe *probe, const uint8_t *bytes, size_t len)
{
	size_t skip = probe->plan.marker ? IKE_MARKER_SIZE : 0;

	if (!ike_is_response(bytes, len, probe->plan.marker))
		return false;
	for (size_t i = 0; i < probe->ask_count; i++)
		if (memcmp(bytes + skip, probe->asks[i].request.spi, 8) == 0)
			return false;
	return true;
}

static void strange(struct ike_probe *probe, const uint8_t *bytes, size_t len)
{
	struct ike_outcome *outcome = &probe->outcome;

	if (outcome->not_ike || is_for_another_run(probe, bytes, len) || probe->state == FULL ||
		probe->state == ENDED)
		return;
	outcome->not_ike = true;
	outcome->first_len = len < sizeof outcome->first ? len : sizeof outcome->first;
	memcpy(outcome->first, bytes, outcome->first_len);
	set_deadline(probe, loop_now(probe->loop) + STRANGE_GRACE);
}

static bool size_answered(struct ike_probe *probe, const uint8_t *bytes, size_t len);

static void on_datagram(void *arg, const uint8_t *bytes, size_t len)
{
	struct ike_probe *probe = arg;
	struct ike_reply reply;

	probe->outcome.received++;
	probe->outcome.received_at = loop_now(probe->loop);
	if (probe->state == ENDED && size_answered(probe, bytes, len))
		return;
	for (size_t i = 0; i < probe->ask_count; i++) {
		const struct ask *to = &probe->asks[i];
		ike_parse(&to->request, bytes, len, &reply);
		if (reply.answer == IKE_NOT_IKE)
			continue;
		if (!probe->outcome.answered && probe->state != ENDED)
			first_answer(probe, to, &reply);
		else if (probe->state == FULL && i >= probe->nat_first)
			exchange_answered(probe, to, &reply, len);
		return; /* the first answer may come twice */
	}
	strange(probe, bytes, len);
}

/* ---- errors ---- */

/* Further errors change nothing: the last question is asked and the time for answers runs. */
static void doubt(struct ike_probe *probe)
{
	double now = loop_now(probe->loop);
	double grace = ERROR_FACTOR * (now - probe->last_sent);

	udp_probe_unplan(probe->udp);
	if (probe->next_step < probe->plan.step_count) {
		now += ERROR_NEXT;
		udp_probe_plan(probe->udp, now, (int)probe->next_step);
	}
	probe->state = DOUBTED;
	set_deadline(probe, now + (grace > ERROR_GRACE ? grace : ERROR_GRACE));
}

static void size_failed(struct ike_probe *probe, const struct udp_error *error, bool sending);

static void on_error(void *arg, const struct udp_error *error, bool sending)
{
	struct ike_probe *probe = arg;
	bool again = probe->state == DOUBTED;

	if (probe->state == ENDED)
		size_failed(probe, error, sending);
	if (probe->state == FULL || probe->state == ENDED)
		return;
	if (error->error == NET_MSGSIZE) { /* the OS adapts by itself */
		probe->outcome.mtu = error->mtu;
		return;
	}
	if (!probe->outcome.failed) {
		probe->outcome.failed = true;
		probe->outcome.error = *error;
	}
	if (!again)
		doubt(probe);
	else if (sending)
		end(probe);
}

static void on_deadline(void *arg)
{
	struct ike_probe *probe = arg;

	if (probe->state == FULL) {
		exchange_silent(probe);
		return;
	}
	probe->outcome.complete = probe->state == ASKING && !probe->outcome.answered &&
				  probe->next_step == probe->plan.step_count;
	end(probe);
}

static const struct udp_probe_calls udp_calls = {
	.due = on_due, .datagram = on_datagram, .error = on_error, .deadline = on_deadline};

/* ---- sizes ---- */

static void size_end(struct ike_probe *probe, size_t number, enum ike_size_state state)
{
	if (probe->sizing[number].told.state != IKE_SIZE_ASKED)
		return;
	probe->sizing[number].told.state = state;
	probe->calls->sized(probe->arg, number);
}

static void size_send(struct ike_probe *probe, size_t number)
{
	struct sizing *sizing = &probe->sizing[number];
	struct udp_socket *socket = udp_probe_socket(probe->udp);

	if (udp_dont_fragment(socket, sizing->plan.whole) != 0 && sizing->plan.whole) {
		size_end(probe, number, IKE_SIZE_UNSUPPORTED);
		return;
	}
	int family = probe->plan.addr.family, hops = sizing->plan.hops;
	if (hops > 0 && hops_limit(udp_fd(socket), family, hops) != 0) {
		size_end(probe, number, IKE_SIZE_UNSUPPORTED);
		return;
	}
	sizing->told.sent++;
	probe->outcome.near += hops > 0;
	probe->sending = number;
	send_ask(probe, &sizing->ask);
	probe->sending = IKE_SIZES_MAX;
	if (hops > 0)
		hops_limit(udp_fd(socket), family, USUAL_HOPS);
	if (sizing->plan.whole)
		udp_dont_fragment(socket, false);
}

/* After the last time there is one more wait for the answer. */
static void size_due(struct ike_probe *probe, size_t number)
{
	struct sizing *sizing = &probe->sizing[number];
	bool failed = sizing->told.error.error != NET_OK;

	if (sizing->told.state != IKE_SIZE_ASKED)
		return;
	if (sizing->told.sent >= sizing->plan.times) {
		size_end(probe, number, failed ? IKE_SIZE_FAILED : IKE_SIZE_SILENT);
		return;
	}
	double wait = sizing->told.sent == 0 ? sizing->plan.again : sizing->plan.every;
	udp_probe_plan(probe->udp, loop_now(probe->loop) + wait, TAG_SIZE + (int)number);
	size_send(probe, number);
}

/* What leaves no state, of what is known to be answered. */
static int size_group(const struct ike_probe *probe)
{
	bool taken = probe->outcome.reply.answer == IKE_SA_INIT;

	return taken && probe->plan.group != QUIET_GROUP ? QUIET_GROUP : probe->plan.group;
}

/* The next one, or NULL: there were enough, or nobody answers. */
static struct sizing *size_new(struct ike_probe *probe, const struct ike_sizing *plan)
{
	if (probe->size_count == IKE_SIZES_MAX || probe->udp == NULL || !probe->outcome.answered)
		return NULL;
	if (probe->sizing == NULL)
		probe->sizing = mem_alloc(IKE_SIZES_MAX * sizeof probe->sizing[0]);
	struct sizing *sizing = &probe->sizing[probe->size_count];
	sizing->plan = *plan;
	sizing->told = (struct ike_size){.payload = plan->payload, .whole = plan->whole};
	return sizing;
}

static size_t size_begin(struct ike_probe *probe)
{
	size_t number = probe->size_count++;

	udp_probe_plan(probe->udp, loop_now(probe->loop), TAG_SIZE + (int)number);
	return number;
}

size_t ike_probe_size(struct ike_probe *probe, const struct ike_sizing *plan)
{
	struct sizing *sizing = size_new(probe, plan);
	bool v1 = probe->outcome.reply.version_major == 1;

	if (sizing == NULL)
		return IKE_SIZES_MAX;
	int group = plan->group != 0 ? plan->group : size_group(probe);
	if (!build(probe, &sizing->ask, v1 ? IKE_ASK_V1_MAIN : IKE_ASK_PROPOSAL, group,
		    plan->payload))
		return IKE_SIZES_MAX;
	return size_begin(probe);
}

/* The same bytes, to which a gateway gives the answer that it has. */
size_t ike_probe_large_again(struct ike_probe *probe, int times, double every)
{
	struct ike_sizing plan = {.times = times, .again = every, .every = every};
	struct sizing *sizing = size_new(probe, &plan);

	if (sizing == NULL || probe->outcome.large != IKE_LARGE_SILENT)
		return IKE_SIZES_MAX;
	sizing->ask = probe->asks[probe->large_ask];
	return size_begin(probe);
}

const struct ike_size *ike_probe_sized(const struct ike_probe *probe, size_t size)
{
	return &probe->sizing[size].told;
}

size_t ike_probe_size_count(const struct ike_probe *probe)
{
	return probe->size_count;
}

void ike_probe_sizes_end(struct ike_probe *probe)
{
	for (size_t i = 0; i < probe->size_count; i++)
		size_end(probe, i, IKE_SIZE_SILENT);
}

/* A large answer after all. */
static void size_full(
	struct ike_probe *probe, const struct ask *to, const struct ike_reply *reply, size_t len)
{
	if (to->request.question != IKE_ASK_LARGE || reply->answer != IKE_SA_INIT)
		return;
	take_full(&probe->outcome, reply);
	probe->outcome.nat_answer = reply->answer;
	large_told(probe, IKE_LARGE_ANSWERED, packet_size(probe, len));
}

static bool size_answered(struct ike_probe *probe, const uint8_t *bytes, size_t len)
{
	struct ike_reply reply;

	for (size_t i = 0; i < probe->size_count; i++) {
		ike_parse(&probe->sizing[i].ask.request, bytes, len, &reply);
		if (reply.answer == IKE_NOT_IKE)
			continue;
		if (probe->sizing[i].told.state == IKE_SIZE_ASKED)
			probe->sizing[i].told.reply = reply;
		size_full(probe, &probe->sizing[i].ask, &reply, len);
		size_end(probe, i, IKE_SIZE_ANSWERED);
		return true;
	}
	return false;
}

/* Routers pass nothing on whose hops are used up: that is the end of what was to die there. */
static void hops_used_up(struct ike_probe *probe, const struct udp_error *error)
{
	for (size_t i = 0; i < probe->size_count; i++) {
		struct sizing *sizing = &probe->sizing[i];
		if (sizing->plan.hops == 0 || sizing->told.sent == 0)
			continue;
		sizing->told.error = *error;
		size_end(probe, i, IKE_SIZE_FAILED);
	}
}

/*
 * A packet that is too big for the path ends the sizes that do not fit into it. Any other error
 * waits for an answer all the same.
 */
static void size_failed(struct ike_probe *probe, const struct udp_error *error, bool sending)
{
	bool too_big = error->error == NET_MSGSIZE;

	if (error->error == NET_TTL_EXCEEDED) {
		hops_used_up(probe, error);
		return;
	}
	if (too_big && error->mtu > 0)
		probe->outcome.mtu = error->mtu;
	for (size_t i = 0; i < probe->size_count; i++) {
		struct sizing *sizing = &probe->sizing[i];
		if (sizing->told.state != IKE_SIZE_ASKED || sizing->told.sent == 0 ||
			(sending && i != probe->sending))
			continue;
		if (too_big && (!sizing->plan.whole || packet_size(probe, sizing->plan.payload) <=
							       (size_t)error->mtu))
			continue;
		sizing->told.error = *error;
		if (too_big)
			size_end(probe, i, IKE_SIZE_TOO_BIG);
	}
}

/* ---- life ---- */

static void on_unopened(void *arg)
{
	end(arg);
}

static void open_failed(struct ike_probe *probe, const struct udp_error *error)
{
	probe->outcome.failed = true;
	probe->outcome.error = *error;
	loop_timer_at(probe->loop, &probe->unopened, loop_now(probe->loop));
}

static void schedule(struct ike_probe *probe)
{
	const struct ike_plan *plan = &probe->plan;
	double now = loop_now(probe->loop);

	for (size_t i = 0; i < plan->step_count; i++)
		udp_probe_plan(probe->udp, now + plan->steps[i].at * plan->scale, (int)i);
	udp_probe_deadline(probe->udp, plan->deadline);
}

/* The usual port may be in use, by another run perhaps; then any will do. */
static struct udp_probe *open_socket(struct ike_probe *probe, struct udp_error *error)
{
	const struct ike_plan *plan = &probe->plan;
	uint16_t port = plan->source_port != 0 ? plan->source_port : plan->usual_port;
	struct udp_probe *udp =
		udp_probe_new(probe->loop, &plan->addr, plan->port, port, &udp_calls, probe, error);

	if (udp == NULL && plan->source_port == 0 && port != 0 && error->error == NET_OTHER)
		udp = udp_probe_new(
			probe->loop, &plan->addr, plan->port, 0, &udp_calls, probe, error);
	return udp;
}

struct ike_probe *ike_probe_new(struct loop *loop, const struct ike_plan *plan,
	const struct ike_probe_calls *calls, void *arg)
{
	struct ike_probe *probe = mem_alloc(sizeof *probe);
	struct udp_error error;

	probe->loop = loop;
	probe->plan = *plan;
	probe->calls = calls;
	probe->arg = arg;
	probe->deadline = plan->deadline;
	probe->sending = IKE_SIZES_MAX;
	probe->asks = mem_alloc(IKE_ASKED_MAX * sizeof probe->asks[0]);
	loop_timer_init(&probe->unopened, on_unopened, probe);
	probe->udp = open_socket(probe, &error);
	if (probe->udp == NULL) {
		open_failed(probe, &error);
		return probe;
	}
	udp_local(udp_probe_socket(probe->udp), &probe->outcome.local, &probe->outcome.local_port);
	schedule(probe);
	return probe;
}

void ike_probe_free(struct ike_probe *probe)
{
	if (probe == NULL)
		return;
	loop_timer_stop(probe->loop, &probe->unopened);
	udp_probe_free(probe->udp);
	free(probe->asks);
	free(probe->sizing);
	free(probe);
}

void ike_probe_want(struct ike_probe *probe, bool nat, bool large)
{
	probe->plan.nat |= nat;
	probe->plan.large |= large;
}

size_t ike_probe_step(const struct ike_probe *probe)
{
	return probe->next_step;
}

void ike_probe_deadline(struct ike_probe *probe, double at)
{
	if (probe->udp != NULL && probe->state != ENDED)
		set_deadline(probe, at);
}

/* Where an answer takes long, a question is asked once more, not three times. */
static bool is_for_slow(const struct ike_plan *plan, size_t step)
{
	const struct ike_step *steps = plan->steps;

	return !steps[step].again || step + 1 == plan->step_count ||
	       steps[step + 1].question != steps[step].question;
}

void ike_probe_slow_down(struct ike_probe *probe, double gap)
{
	double at = loop_now(probe->loop);

	if (probe->udp == NULL || probe->state != ASKING)
		return;
	udp_probe_unplan(probe->udp);
	for (size_t i = probe->next_step; i < probe->plan.step_count; i++)
		if (is_for_slow(&probe->plan, i))
			udp_probe_plan(probe->udp, at += gap, (int)i);
	probe->deadline = at + gap;
	udp_probe_deadline(probe->udp, probe->deadline);
}

const struct ike_outcome *ike_probe_outcome(const struct ike_probe *probe)
{
	return &probe->outcome;
}
