/* Whether a TCP connection to a host and port can be made, directly. */
#include "connection.h"

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

static void fill(struct check_run *c, const struct fetch_result *result)
{
	fetch_copy(&c->facts, &result->connect, NULL);
	fetch_copy(&c->timings, &result->timings, NULL);
}

static void tcp_start(struct check_run *c)
{
	struct fetch_want want = connection_want(c->check, FETCH_CONNECT);

	connection_begin(c, &want, fill);
}

static void tcp_judge(const struct judge_input *in, struct judgement *out)
{
	connection_judge(in->facts, out);
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
