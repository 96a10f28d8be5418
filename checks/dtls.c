/*
 * dtls: whether UDP 443 of a gateway answers a DTLS ClientHello. Real gateways answer only clients
 * that have signed in over TLS before, so silence proves nothing; the client then falls back to
 * TLS over TCP. So a failure here is a warning at most.
 *
 * The client asks where its TLS connection goes, which is to another of several addresses when the
 * first one cannot be reached: an address that an error comes from is followed by the next one.
 *
 * Silence ends early when something else of the same address has answered: three of its round
 * trips, and not less than 20 ms, after that answer and after our first datagram.
 *
 * It begins when the IKE conversations with that address are settled: those decide, and some
 * routers take one new flow a second.
 *
 * Facts
 *   address, via, port      as in ike
 *   answered, answer        bool; dtls_answer_name
 *   alert                   int, TLS alert description
 *   not_dtls, first_bytes   something else answered; its first bytes in hexadecimal
 *   error, errno, ...       see udp_facts.h
 *   sent, waited_ms         int: datagrams; milliseconds from the first of them to the end
 *   complete                bool: the time was over without an answer
 *   local_port              int
 *   blocked_by              "name"
 * Timings: rtt_ms, name_ms.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "dtls.h"
#include "ike_desk.h"
#include "mem.h"
#include "platform.h"
#include "rtt.h"
#include "udp_facts.h"
#include "udp_probe.h"

#define BUDGET        3.0  /* seconds */
#define PATIENCE      2.5  /* round trips of another answer from the same address */
#define PATIENCE_MIN  0.01 /* seconds */
#define ERROR_GRACE   0.1  /* seconds for a real answer after an ICMP error, which can be forged */
#define STRANGE_GRACE 1.0  /* seconds for one after something that is not DTLS */
#define HELLO_MAX     512
#define ADDRESSES_MAX 3 /* that are asked */

/*
 * Seconds that IKE, which decides, may hold it up: longer where the address has answered something
 * else, so that this takes no time. Both lie between the times of IKE's questions.
 */
#define HOLD      2.45
#define HOLD_LONG 4.45

/* Seconds after the first ClientHello. */
static const double times[] = {0, 1, 2};
#define FIRST 0

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	{.name = "port",
		.type = KEY_INT,
		.min = 1,
		.max = 65535,
		.fallback = "443",
		.text = "UDP port of the gateway."},
};

static const char *const causes[] = {"dtls.silent", "udp.not-dtls", UDP_FACTS_CAUSES, NULL};

struct dtls_check {
	struct check_run *c;
	struct udp_probe *probes[ADDRESSES_MAX]; /* one for each address that was asked */
	struct udp_probe *probe;     /* the present one; NULL: not begun, or no socket */
	struct name_address address; /* in the order of connections */
	size_t asked;                /* addresses */
	struct net_addr addr;
	uint8_t hello[HELLO_MAX];
	size_t hello_len;
	struct loop_timer hold; /* until it begins all the same */
	double joined, first_sent, deadline;
	int sent;
	bool begun, answered, failed, strange, complete, told;
	enum dtls_answer answer;
	int alert;
	double rtt;
	struct udp_error error;
	uint8_t first[16];
	size_t first_len;
};

/* ---- facts ---- */

static void tell_strange(struct facts *facts, const struct dtls_check *self)
{
	char hex[2 * sizeof self->first + 1] = "";

	for (size_t i = 0; i < self->first_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", self->first[i]);
	facts_bool(facts, "not_dtls", true);
	facts_str(facts, "first_bytes", hex);
}

static void tell_socket(struct check_run *c, const struct dtls_check *self)
{
	double waited = loop_now(run_loop(c->run)) - self->first_sent;
	struct net_addr local;
	char text[NET_ADDR_STRLEN];
	uint16_t port;

	facts_str(&c->facts, "address", net_addr_format(&self->addr, text));
	if (self->probe == NULL)
		return;
	facts_int(&c->facts, "waited_ms", (long long)(waited * 1000));
	if (udp_local(udp_probe_socket(self->probe), &local, &port) == 0)
		facts_int(&c->facts, "local_port", port);
}

static void tell(struct check_run *c)
{
	struct dtls_check *self = c->state;

	if (self == NULL || self->told || (self->probe == NULL && !self->failed))
		return;
	self->told = true;
	facts_bool(&c->facts, "answered", self->answered);
	if (self->answered) {
		facts_str(&c->facts, "answer", dtls_answer_name(self->answer));
		if (self->answer == DTLS_ALERT)
			facts_int(&c->facts, "alert", self->alert);
		facts_real(&c->timings, "rtt_ms", self->rtt * 1000);
	}
	if (self->strange)
		tell_strange(&c->facts, self);
	if (self->failed)
		udp_facts_error(&c->facts, &self->error, &self->addr, run_terminal(c->run));
	if (!self->answered)
		udp_facts_route(&c->facts, &self->addr, run_terminal(c->run));
	facts_bool(&c->facts, "complete", self->complete);
	facts_int(&c->facts, "sent", self->sent);
	tell_socket(c, self);
}

/* ---- course ---- */

static bool next_address(struct dtls_check *self);

static void end(struct dtls_check *self)
{
	rtt_cancel(run_rtts(self->c->run), self);
	ike_desk_cancel(run_ike(self->c->run), self);
	loop_timer_stop(run_loop(self->c->run), &self->hold);
	if (self->probe != NULL)
		udp_probe_quiet(self->probe);
	if (self->c->finished || next_address(self))
		return;
	tell(self->c);
	check_done(self->c);
}

static void set_deadline(struct dtls_check *self, double at)
{
	if (at >= self->deadline)
		return;
	self->deadline = at;
	udp_probe_deadline(self->probe, at);
}

static void on_rtt(void *arg, double seconds);

static void on_due(void *arg, int tag)
{
	struct dtls_check *self = arg;

	if (!udp_probe_send(self->probe, self->hello, self->hello_len))
		return;
	self->sent++;
	if (tag == FIRST)
		rtt_wait(run_rtts(self->c->run), &self->addr, on_rtt, self);
}

static void on_datagram(void *arg, const uint8_t *bytes, size_t len)
{
	struct dtls_check *self = arg;
	double now = loop_now(run_loop(self->c->run));

	self->answer = dtls_parse(bytes, len, &self->alert);
	if (self->answer != DTLS_NOT_DTLS) {
		self->answered = true;
		self->rtt = now - self->first_sent;
		end(self);
		return;
	}
	if (self->strange)
		return;
	self->strange = true;
	self->first_len = len < sizeof self->first ? len : sizeof self->first;
	memcpy(self->first, bytes, self->first_len);
	set_deadline(self, now + STRANGE_GRACE);
}

static void on_error(void *arg, const struct udp_error *error, bool sending)
{
	struct dtls_check *self = arg;

	if (self->failed)
		return;
	self->failed = true;
	self->error = *error;
	udp_probe_unplan(self->probe);
	set_deadline(self, loop_now(run_loop(self->c->run)) + (sending ? 0 : ERROR_GRACE));
}

static void on_deadline(void *arg)
{
	struct dtls_check *self = arg;

	self->complete = true;
	end(self);
}

static const struct udp_probe_calls calls = {
	.due = on_due, .datagram = on_datagram, .error = on_error, .deadline = on_deadline};

/* Something else of this address has answered within `seconds`. */
static void on_rtt(void *arg, double seconds)
{
	struct dtls_check *self = arg;
	double due = self->first_sent + PATIENCE * seconds;
	double least = loop_now(run_loop(self->c->run)) + PATIENCE_MIN;

	if (!self->strange && !self->failed)
		set_deadline(self, due > least ? due : least);
}

static void begin(void *arg)
{
	struct dtls_check *self = arg;
	struct loop *loop = run_loop(self->c->run);

	if (self->begun)
		return;
	self->begun = true;
	ike_desk_cancel(run_ike(self->c->run), self);
	loop_timer_stop(loop, &self->hold);
	self->first_sent = loop_now(loop);
	self->deadline = self->first_sent + BUDGET;
	udp_probe_deadline(self->probe, self->deadline);
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		udp_probe_plan(self->probe, self->first_sent + times[i], (int)i);
}

static void hold_until(struct dtls_check *self, double at)
{
	loop_timer_at(run_loop(self->c->run), &self->hold, at);
}

/* First in the next round of the loop, when all have joined the desk. */
static void on_hold(void *arg)
{
	struct dtls_check *self = arg;
	double held = loop_now(run_loop(self->c->run)) - self->joined;
	bool known = rtt_get(run_rtts(self->c->run), &self->addr) >= 0;

	if (held >= HOLD_LONG || (held >= HOLD && !known)) {
		begin(self);
		return;
	}
	hold_until(self, self->joined + (held >= HOLD ? HOLD_LONG : HOLD));
	if (held < HOLD)
		ike_desk_settled(run_ike(self->c->run), &self->addr, begin, self);
}

static void converse(struct dtls_check *self)
{
	struct loop *loop = run_loop(self->c->run);
	uint16_t port = (uint16_t)rule_number(self->c->check, "port", 0);
	uint8_t random[32];

	self->addr = self->address.addrs[self->asked];
	platform_random(random, sizeof random);
	self->hello_len = dtls_build(random, self->hello, sizeof self->hello);
	self->probe = udp_probe_new(loop, &self->addr, port, 0, &calls, self, &self->error);
	if (self->probe == NULL) {
		self->failed = true;
		end(self);
		return;
	}
	self->probes[self->asked++] = self->probe;
	self->joined = self->first_sent = loop_now(loop);
	hold_until(self, self->joined);
}

/* After an error, where another address is left; what was seen at this one is forgotten. */
static bool next_address(struct dtls_check *self)
{
	if (!self->failed || self->answered || self->strange || self->probe == NULL ||
		self->asked == self->address.count || self->asked == ADDRESSES_MAX ||
		!route_exists(&self->address.addrs[self->asked]))
		return false;
	self->begun = self->failed = self->complete = false;
	self->sent = 0;
	self->error = (struct udp_error){0};
	self->probe = NULL;
	converse(self);
	return true;
}

static void on_address(void *arg, const struct name_address *address)
{
	struct check_run *c = arg;
	struct dtls_check *self = c->state;

	if (udp_facts_address(c, address) == NULL)
		return;
	self->address = *address;
	route_sort(&self->address);
	converse(self);
}

static void start(struct check_run *c)
{
	struct dtls_check *self = mem_alloc(sizeof *self);

	self->c = c;
	self->alert = -1;
	loop_timer_init(&self->hold, on_hold, self);
	c->state = self;
	facts_int(&c->facts, "port", rule_number(c->check, "port", 0));
	names_address(run_names(c->run), rule_host(c->check, "host"), on_address, c);
}

static void release(struct check_run *c)
{
	struct dtls_check *self = c->state;

	if (self == NULL)
		return;
	rtt_cancel(run_rtts(c->run), self);
	ike_desk_cancel(run_ike(c->run), self);
	loop_timer_stop(run_loop(c->run), &self->hold);
	for (size_t i = 0; i < self->asked; i++)
		udp_probe_free(self->probes[i]);
	free(self);
	c->state = NULL;
}

static void targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	(void)terminal;
	targets_add_host(list, check, "UDP", "DTLS", rule_host(check, "host"),
		(uint16_t)rule_number(check, "port", 0));
}

/* ---- judge ---- */

/* Without UDP 443 the client works over TCP; without a way it does not work at all. */
static void soften(const struct facts *facts, struct judgement *out)
{
	bool way = facts_has(facts, "no_route") || strcmp(out->cause, "net.no-route") == 0;

	if (out->verdict == VERDICT_FAIL && !way)
		out->verdict = VERDICT_WARN;
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	const struct facts *facts = in->facts;

	if (facts_has(facts, "blocked_by"))
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "run.blocked"};
	else if (facts_get_bool(facts, "answered", false))
		*out = (struct judgement){.verdict = VERDICT_PASS};
	else if (facts_get_bool(facts, "not_dtls", false))
		*out = (struct judgement){.verdict = VERDICT_WARN, .cause = "udp.not-dtls"};
	else if (udp_facts_judge(facts, out))
		soften(facts, out);
	else if (facts_get_bool(facts, "complete", false))
		*out = (struct judgement){.verdict = VERDICT_WARN, .cause = "dtls.silent"};
	else
		*out = (struct judgement){.verdict = VERDICT_UNKNOWN, .cause = "dtls.silent"};
}

const struct check_type check_dtls = {
	.name = "dtls",
	.text = "Asks a UDP port for DTLS; silence is told, but proves nothing.",
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
