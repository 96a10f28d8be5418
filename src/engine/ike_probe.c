#include "ike_probe.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "platform.h"
#include "udp_probe.h"

#define NAT_BUDGET    2.0 /* seconds for NAT detection after the first answer */
#define NAT_AGAIN     1.0 /* its retransmission */
#define STRANGE_GRACE 2.0 /* seconds for a real answer after something that is not IKE */
#define ERROR_NEXT    0.1 /* seconds from an error to the next question */
#define ERROR_GRACE   0.3 /* seconds for a real answer after that, at least */
#define ERROR_FACTOR  3.0 /* and so many times what the error itself took */
#define FIRST_GROUP   19

enum { TAG_REPEAT = -1 };

enum state {
	ASKING,  /* the steps, one after the other */
	DOUBTED, /* an error came; the last question is out or about to be */
	NAT,     /* answered; the full exchange is out */
	ENDED
};

/* A question as it was sent; `bytes` is kept for retransmission. */
struct ask {
	struct ike_request request;
	uint8_t bytes[IKE_MAX];
	size_t len;
	double first_sent;
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
	size_t nat_first; /* asks from here on belong to NAT detection */
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
	if (probe->udp != NULL)
		udp_probe_quiet(probe->udp);
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
	if (udp_probe_send(probe->udp, ask->bytes, ask->len))
		probe->outcome.sent++;
}

void ike_random_spi(uint8_t spi[8])
{
	do
		platform_random(spi, 8);
	while (spi[0] == 0); /* an SPI must not be zero, nor look like a marker */
}

static void ask(struct ike_probe *probe, enum ike_question question, int group)
{
	struct ike_outcome *outcome = &probe->outcome;

	if (probe->ask_count == IKE_ASKED_MAX)
		return;
	struct ask *new = &probe->asks[probe->ask_count];
	new->request = (struct ike_request){
		.question = question,
		.group = group,
		.marker = probe->plan.marker,
		.pad_to = probe->plan.pad_to,
		.local = outcome->local,
		.local_port = outcome->local_port,
		.remote = probe->plan.addr,
		.remote_port = probe->plan.port,
	};
	ike_random_spi(new->request.spi);
	new->len = ike_build(&new->request, new->bytes, sizeof new->bytes);
	new->first_sent = -1;
	if (new->len == 0)
		return;
	probe->ask_count++;
	outcome->questions[outcome->question_count] = question;
	outcome->groups[outcome->question_count++] = group;
	send_ask(probe, new);
}

void ike_probe_follow(struct ike_probe *probe, const struct ike_outcome *answered)
{
	const struct ike_outcome *own = &probe->outcome;
	size_t last = answered->question_count;

	if (probe->udp == NULL || own->answered || last == 0 ||
		(own->question_count > 0 &&
			own->questions[own->question_count - 1] == answered->questions[last - 1]))
		return;
	ask(probe, answered->questions[last - 1], answered->groups[last - 1]);
}

static void repeat(struct ike_probe *probe)
{
	if (probe->ask_count > 0)
		send_ask(probe, &probe->asks[probe->ask_count - 1]);
}

void ike_probe_repeat(struct ike_probe *probe, double at)
{
	if (probe->udp != NULL && probe->state == ASKING)
		udp_probe_plan(probe->udp, at, TAG_REPEAT);
}

static void on_due(void *arg, int tag)
{
	struct ike_probe *probe = arg;

	if (tag == TAG_REPEAT) {
		repeat(probe);
		return;
	}
	const struct ike_step *step = &probe->plan.steps[tag];
	probe->next_step = (size_t)tag + 1;
	if (!probe->calls->may_send(probe->arg, (size_t)tag))
		return;
	if (step->again)
		repeat(probe);
	else
		ask(probe, step->question, FIRST_GROUP);
}

/* ---- NAT detection ---- */

static void take_full(struct ike_outcome *outcome, const struct ike_reply *reply)
{
	outcome->full = true;
	outcome->nat_local = reply->nat_local;
	outcome->nat_remote = reply->nat_remote;
	outcome->fragmentation = reply->fragmentation;
	if (outcome->vendor == NULL)
		outcome->vendor = reply->vendor;
}

static void nat_ask(struct ike_probe *probe, int group)
{
	double now = loop_now(probe->loop);

	udp_probe_unplan(probe->udp);
	udp_probe_plan(probe->udp, now + NAT_AGAIN, TAG_REPEAT);
	ask(probe, IKE_ASK_PROPOSAL, group);
}

static int nat_group(const struct ike_reply *reply)
{
	if (reply->answer == IKE_INVALID_KE && ike_group_known(reply->wanted_group))
		return reply->wanted_group;
	return FIRST_GROUP;
}

static bool nat_worthwhile(const struct ike_probe *probe, const struct ike_reply *reply)
{
	return probe->plan.nat && reply->version_major == 2 && reply->answer != IKE_SA_INIT &&
	       reply->answer != IKE_COOKIE;
}

static void nat_begin(struct ike_probe *probe, const struct ike_reply *reply)
{
	probe->state = NAT;
	probe->outcome.nat_asked = true;
	probe->nat_first = probe->ask_count;
	set_deadline(probe, loop_now(probe->loop) + NAT_BUDGET);
	nat_ask(probe, nat_group(reply));
}

static void nat_answer(struct ike_probe *probe, const struct ask *to, const struct ike_reply *reply)
{
	probe->outcome.nat_answer = reply->answer;
	if (reply->answer == IKE_SA_INIT)
		take_full(&probe->outcome, reply);
	int group = nat_group(reply);
	bool first = probe->ask_count == probe->nat_first + 1;
	if (reply->answer == IKE_INVALID_KE && first && group != to->request.group)
		nat_ask(probe, group);
	else
		end(probe);
}

/* ---- receiving ---- */

static void first_answer(
	struct ike_probe *probe, const struct ask *to, const struct ike_reply *reply)
{
	struct ike_outcome *outcome = &probe->outcome;

	outcome->answered = true;
	outcome->reply = *reply;
	outcome->rtt = loop_now(probe->loop) - to->first_sent;
	outcome->vendor = reply->vendor;
	if (reply->answer == IKE_SA_INIT)
		take_full(outcome, reply);
	udp_probe_unplan(probe->udp);
	probe->calls->answered(probe->arg);
	if (nat_worthwhile(probe, reply))
		nat_begin(probe, reply);
	else
		end(probe);
}

static void strange(struct ike_probe *probe, const uint8_t *bytes, size_t len)
{
	struct ike_outcome *outcome = &probe->outcome;

	if (outcome->not_ike || probe->state == NAT)
		return;
	outcome->not_ike = true;
	outcome->first_len = len < sizeof outcome->first ? len : sizeof outcome->first;
	memcpy(outcome->first, bytes, outcome->first_len);
	set_deadline(probe, loop_now(probe->loop) + STRANGE_GRACE);
}

static void on_datagram(void *arg, const uint8_t *bytes, size_t len)
{
	struct ike_probe *probe = arg;
	struct ike_reply reply;

	for (size_t i = 0; i < probe->ask_count; i++) {
		const struct ask *to = &probe->asks[i];
		ike_parse(&to->request, bytes, len, &reply);
		if (reply.answer == IKE_NOT_IKE)
			continue;
		if (probe->state != NAT)
			first_answer(probe, to, &reply);
		else if (i >= probe->nat_first)
			nat_answer(probe, to, &reply);
		return; /* in NAT detection the first answer may come twice */
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

/* A path MTU is an outcome only where fragments were forbidden; elsewhere the OS adapts. */
static void too_big(struct ike_probe *probe, const struct udp_error *error)
{
	probe->outcome.mtu = error->mtu;
	if (probe->plan.fragment != IKE_FRAGMENT_NEVER)
		return;
	probe->outcome.failed = true;
	probe->outcome.error = *error;
	end(probe);
}

static void on_error(void *arg, const struct udp_error *error, bool sending)
{
	struct ike_probe *probe = arg;
	bool again = probe->state == DOUBTED;

	if (probe->state == NAT)
		return;
	if (error->error == NET_MSGSIZE) {
		too_big(probe, error);
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

	probe->outcome.complete = probe->state == ASKING && !probe->outcome.answered &&
				  probe->next_step == probe->plan.step_count;
	end(probe);
}

static const struct udp_probe_calls udp_calls = {
	.due = on_due, .datagram = on_datagram, .error = on_error, .deadline = on_deadline};

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
	probe->asks = mem_alloc(IKE_ASKED_MAX * sizeof probe->asks[0]);
	loop_timer_init(&probe->unopened, on_unopened, probe);
	probe->udp = udp_probe_new(
		loop, &plan->addr, plan->port, plan->source_port, &udp_calls, probe, &error);
	if (probe->udp == NULL) {
		open_failed(probe, &error);
		return probe;
	}
	struct udp_socket *socket = udp_probe_socket(probe->udp);
	udp_local(socket, &probe->outcome.local, &probe->outcome.local_port);
	if (plan->fragment != IKE_FRAGMENT_AS_IS)
		probe->outcome.df_unsupported =
			udp_dont_fragment(socket, plan->fragment == IKE_FRAGMENT_NEVER) != 0;
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
	free(probe);
}

void ike_probe_deadline(struct ike_probe *probe, double at)
{
	if (probe->udp != NULL && probe->state != ENDED)
		set_deadline(probe, at);
}

const struct ike_outcome *ike_probe_outcome(const struct ike_probe *probe)
{
	return &probe->outcome;
}
