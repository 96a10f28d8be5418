/* Whether this terminal's clock agrees with the Date of a server that has proved who it is. */
#include "connection.h"

#include <stdlib.h>

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	CONNECTION_KEY_PORT("443"),
	{.name = "max-skew",
		.type = KEY_DURATION,
		.min = 1000,
		.max = 86400000,
		.fallback = "5m",
		.text = "Largest difference between the clocks that is accepted."},
	CONNECTION_KEY_MAX_VERSION,
	CONNECTION_KEY_CERTIFICATE,
};

static const char *const causes[] = {"clock.skew", "clock.not-told", "run.blocked", NULL};

static const char *const tls_facts[] = {
	"handshake", "verified", "name_ok", "trust", "verify_errors", NULL};
static const char *const http_facts[] = {
	"date", "date_skew", "date_age", "date_problem", "status", NULL};

static void clock_targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	struct fetch_want want = connection_want(check, FETCH_HTTP);

	(void)terminal;
	targets_add_host(list, check, "TCP", "HTTP", want.host, want.port);
}

static void fill(struct check_run *c, const struct fetch_result *result)
{
	fetch_copy(&c->facts, &result->connect, connection_peer_facts);
	fetch_copy(&c->facts, &result->tls, tls_facts);
	fetch_copy(&c->facts, &result->http, http_facts);
	fetch_copy(&c->timings, &result->timings, NULL);
}

static void clock_start(struct check_run *c)
{
	struct fetch_want want = connection_want(c->check, FETCH_HTTP);

	connection_want_tls(&want, c);
	connection_begin(c, &want, fill);
}

/*
 * The server answered and told no time (RFC 9110 section 6.6.1: one without a clock must not). Its
 * certificate is valid by our clock, which is all that needs it.
 */
static bool tells_no_time(const struct facts *facts)
{
	return facts_has(facts, "status") && facts_get_bool(facts, "verified", false);
}

/* Without trust in the peer its clock proves nothing; wrong dates are what a wrong clock makes. */
static void clock_judge(const struct judge_input *in, struct judgement *out)
{
	long long skew = facts_get_int(in->facts, "date_skew", 0);
	long long most = rule_number(in->check, "max-skew", 300000);

	if (!connection_genuine(in->facts))
		judgement_set(out, VERDICT_UNKNOWN, "run.blocked");
	else if (!facts_has(in->facts, "date_skew") && tells_no_time(in->facts))
		judgement_set(out, VERDICT_WARN, "clock.not-told");
	else if (!facts_has(in->facts, "date_skew"))
		judgement_set(out, VERDICT_UNKNOWN, "run.blocked");
	else if (llabs(skew) * 1000 > most)
		judgement_set(out, VERDICT_FAIL, "clock.skew");
	else
		judgement_set(out, VERDICT_PASS, NULL);
}

const struct check_type check_clock = {
	.name = "clock",
	.text = "The terminal's clock agrees with a server's.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.flags = CHECK_NETWORK | CHECK_HOST,
	.causes = causes,
	.targets = clock_targets,
	.start = clock_start,
	.stop = connection_stop,
	.release = connection_release,
	.collect = check_collect_none,
	.judge = clock_judge,
};
