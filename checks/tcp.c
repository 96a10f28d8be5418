/*
 * Whether a TCP connection to a host and port can be made, directly. Facts: the `connect` stage of
 * fetch.c; when it stays silent, how far it got (path_facts.h). After a refusal or an unreachable
 * route: offender_is (offender.h); origin_known (bool): who cut it off is told; a reset always
 * comes in the host's name.
 */
#include "connection.h"

#include <string.h>

#include "cause.h"
#include "offender.h"
#include "path_facts.h"
#include "path_probe.h"

#define PATH_AFTER 1.5 /* seconds from the first SYN; the second, after 1 s, has had its time */
#define PATH_GRACE 0.1 /* seconds before the end by which the path is known, or not */
#define PATH_LEAST 3.0 /* seconds that a connection gets, as in fetch.c */

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	CONNECTION_KEY_PORT("443"),
};

static const char *const causes[] = {"tcp.refused", "tcp.reset", "tcp.silent", "tcp.unreachable",
	"tcp.prohibited", "net.no-route", "net.local-denied", "run.blocked", NULL};

static void tcp_targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	struct fetch_want want = connection_want(check, FETCH_CONNECT);

	(void)terminal;
	targets_add_host(list, check, "TCP", "connection", want.host, want.port);
}

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
	double now = loop_now(run_loop(c->run));
	double until =
		now + PATH_LEAST > FETCH_CONNECT_BUDGET ? now + PATH_LEAST : FETCH_CONNECT_BUDGET;

	if (c->finished || address->count == 0 || rule_host(c->check, "host")->internal)
		return;
	struct path_port port = path_port(c, &address->addrs[0]);
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

	if (error == NULL)
		return;
	if (strcmp(error, net_error_name(NET_REFUSED)) == 0 ||
		strcmp(error, net_error_name(NET_RESET)) == 0)
		facts_bool(&c->facts, "origin_known", who != NULL);
	if (text != NULL && who != NULL && net_addr_parse(text, &addr) &&
		net_addr_parse(who, &offender))
		facts_str(&c->facts, "offender_is",
			offender_is(&offender, &addr, run_terminal(c->run)));
}

static void fill(struct check_run *c, const struct fetch_result *result)
{
	fetch_copy(&c->facts, &result->connect, NULL);
	fetch_copy(&c->timings, &result->timings, NULL);
	tell_path(c);
	tell_offender(c);
}

static void tcp_start(struct check_run *c)
{
	struct fetch_want want = connection_want(c->check, FETCH_CONNECT);

	connection_begin(c, &want, fill);
	names_address(run_names(c->run), want.host, on_address, c);
}

static void tcp_judge(const struct judge_input *in, struct judgement *out)
{
	connection_judge(in->facts, out);
	if (out->cause != NULL && strcmp(out->cause, "tcp.silent") == 0)
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
	.stop = connection_stop,
	.release = connection_release,
	.collect = check_collect_none,
	.judge = tcp_judge,
};
