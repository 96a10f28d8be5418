/*
 * Whether a TCP connection to a host and port can be made, directly.
 *
 * Facts: the `connect` stage of fetch.c; which other addresses of the host are silent
 * (other_addresses.h); offender_is (offender.h) with its offender; how far it got
 * when it stays silent, and how far away a reset is made, as it always comes in the host's name
 * (path_facts.h).
 */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "mem.h"
#include "offender.h"
#include "other_addresses.h"
#include "path_facts.h"
#include "path_probe.h"
#include "route_facts.h"

#define PATH_AFTER 1.5  /* seconds from the first SYN; the second, after 1 s, has had its time */
#define PATH_GRACE 0.1  /* seconds before the end by which the path is known, or not */
#define RESET_TIME 1.2  /* seconds to find out where a reset is made */
#define RESET_LOOK 0.05 /* seconds from look to look whether that is known */
#define PATH_LEAST 3.0  /* seconds that a connection gets, as in fetch.c */

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	CONNECTION_KEY_PORT("443"),
};

static const char *const causes[] = {"tcp.refused", "tcp.reset", "tcp.silent", "tcp.unreachable",
	"tcp.prohibited", "net.address-silent", ROUTE_FACTS_CAUSES, "net.local-denied",
	"run.local-error", "run.blocked", NULL};

static void tcp_targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	struct fetch_want want = connection_want(check, FETCH_CONNECT);

	(void)terminal;
	targets_add_host(list, check, "TCP", "connection", want.host, want.port);
}

struct tcp_check {
	struct fetch_want want;
	struct name_address address;
	struct other_addresses *others; /* NULL: not asked */
	struct loop_timer timer;        /* while following: looks whether it is done */
	struct path_port port;
	double until;
	bool following;
};

/* ---- the path ---- */

static struct path_port path_port(const struct check_run *c, const struct net_addr *addr)
{
	return (struct path_port){.addr = *addr,
		.protocol = PATH_TCP,
		.port = (uint16_t)rule_number(c->check, "port", 443)};
}

/* The transfer begins with the same address at the same moment. Inside the VPN there is no path. */
static void on_address(void *arg, const struct name_address *address)
{
	struct check_run *c = arg;
	struct tcp_check *self = c->state;
	double now = loop_now(run_loop(c->run));
	double until =
		now + PATH_LEAST > FETCH_CONNECT_BUDGET ? now + PATH_LEAST : FETCH_CONNECT_BUDGET;

	if (c->finished)
		return;
	self->address = *address;
	if (address->count == 0 || rule_host(c->check, "host")->internal)
		return;
	route_sort(&self->address);
	struct path_port port = path_port(c, &self->address.addrs[0]);
	path_expect(run_paths(c->run), &port, now + PATH_AFTER, until - PATH_GRACE);
}

static void tell_path(struct check_run *c)
{
	const char *text = facts_get_str(&c->facts, "address");
	const char *error = facts_get_str(&c->facts, "error");
	struct net_addr addr;

	if (text == NULL || !net_addr_parse(text, &addr))
		return;
	struct path_port port = path_port(c, &addr);
	path_settled(run_paths(c->run), &port);
	if (facts_get_bool(&c->facts, "connected", false))
		path_answered(run_paths(c->run), &port);
	else if (error != NULL && strcmp(error, net_error_name(NET_TIMEOUT)) == 0) {
		if (rule_host(c->check, "host")->internal)
			path_facts_unavailable(&c->facts, "vpn");
		else
			path_tell(run_paths(c->run), &port, &c->facts);
	}
}

static void tell_offender(struct check_run *c)
{
	const char *text = facts_get_str(&c->facts, "address");
	const char *who = facts_get_str(&c->facts, "offender");
	const char *error = facts_get_str(&c->facts, "error");
	struct net_addr addr, offender;

	if (error != NULL && text != NULL && who != NULL && net_addr_parse(text, &addr) &&
		net_addr_parse(who, &offender))
		facts_str(&c->facts, "offender_is",
			offender_is(&offender, &addr, run_terminal(c->run)));
}

/* What somebody on the way has said is not for the terminal's routes to explain. */
static void tell_route(struct check_run *c)
{
	const char *text = facts_get_str(&c->facts, "address");
	const char *who = facts_get_str(&c->facts, "offender_is");
	struct net_addr addr;

	if (facts_has(&c->facts, "error") && text != NULL && net_addr_parse(text, &addr) &&
		(who == NULL || strcmp(who, "self") == 0))
		route_facts(&c->facts, &addr, run_terminal(c->run));
}

static void fill(struct check_run *c, const struct fetch_result *result)
{
	fetch_copy(&c->facts, &result->connect, NULL);
	fetch_copy(&c->timings, &result->timings, NULL);
	tell_path(c);
	tell_offender(c);
	tell_route(c);
}

/* ---- where a reset is made ---- */

static void tell_reset(struct check_run *c)
{
	const struct tcp_check *self = c->state;

	facts_bool(&c->facts, "path_reset", true);
	path_tell(run_paths(c->run), &self->port, &c->facts);
}

static void on_look(void *arg)
{
	struct check_run *c = arg;
	struct tcp_check *self = c->state;
	struct loop *loop = run_loop(c->run);

	if (c->finished)
		return;
	if (loop_now(loop) < self->until && !path_done(run_paths(c->run), &self->port)) {
		loop_timer_at(loop, &self->timer, loop_now(loop) + RESET_LOOK);
		return;
	}
	self->following = false;
	tell_reset(c);
	check_done(c);
}

/* A reset in the host's name; its own kernel would tell of a closed port the same way. */
static bool is_reset(const struct check_run *c)
{
	const char *text = facts_get_str(&c->facts, "address");
	const char *error = facts_get_str(&c->facts, "error");
	struct net_addr addr;

	return text != NULL && error != NULL && !facts_has(&c->facts, "offender") &&
	       strcmp(error, net_error_name(NET_REFUSED)) == 0 && net_addr_parse(text, &addr) &&
	       !terminal_is_own(run_terminal(c->run), &addr) &&
	       net_addr_class(&addr) != NET_LOOPBACK && !rule_host(c->check, "host")->internal;
}

static void on_result(void *arg, const struct fetch_result *result)
{
	struct check_run *c = arg;
	struct tcp_check *self = c->state;
	struct loop *loop = run_loop(c->run);
	struct net_addr addr;

	if (c->finished)
		return;
	fill(c, result);
	self->others = other_addresses_begin(c, &self->want, OTHERS_CONNECT, check_done);
	if (self->others != NULL)
		return;
	if (!is_reset(c)) {
		check_done(c);
		return;
	}
	net_addr_parse(facts_get_str(&c->facts, "address"), &addr);
	self->port = path_port(c, &addr);
	self->until = loop_now(loop) + RESET_TIME;
	self->following = true;
	path_follow(run_paths(c->run), &self->port, self->until);
	loop_timer_at(loop, &self->timer, loop_now(loop) + RESET_LOOK);
}

static void tcp_start(struct check_run *c)
{
	struct tcp_check *self = mem_alloc(sizeof *self);

	self->want = connection_want(c->check, FETCH_CONNECT);
	loop_timer_init(&self->timer, on_look, c);
	c->state = self;
	fetch_add(run_fetches(c->run), &self->want, on_result, c);
	names_address(run_names(c->run), self->want.host, on_address, c);
}

static void tcp_stop(struct check_run *c)
{
	const struct tcp_check *self = c->state;

	if (self->following)
		tell_reset(c);
	else
		fill(c, fetch_peek(run_fetches(c->run), &self->want));
}

static void tcp_release(struct check_run *c)
{
	struct tcp_check *self = c->state;

	if (self == NULL)
		return;
	loop_timer_stop(run_loop(c->run), &self->timer);
	other_addresses_free(self->others);
	free(self);
	c->state = NULL;
}

static void tcp_judge(const struct judge_input *in, struct judgement *out)
{
	connection_judge(in->facts, out);
	if (out->cause != NULL && (strcmp(out->cause, "tcp.silent") == 0 ||
					  facts_get_bool(in->facts, "path_reset", false)))
		path_facts_judge(in->facts, out);
}

const struct check_type check_tcp = {
	.name = "tcp",
	.text = "A TCP connection to a host and port can be made.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.flags = CHECK_NETWORK | CHECK_HOST,
	.causes = causes,
	.targets = tcp_targets,
	.start = tcp_start,
	.stop = tcp_stop,
	.release = tcp_release,
	.collect = check_collect_none,
	.judge = tcp_judge,
};
