/*
 * Whether somebody stands between the terminal and the Internet and answers in the host's place: a
 * captive portal. TLS that proves the host settles it; else a plain HTTP request shows who answers.
 */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "http_parse.h"
#include "mem.h"

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	{.name = "tls-port",
		.type = KEY_INT,
		.min = 1,
		.max = 65535,
		.fallback = "443",
		.text = "TCP port on which the host speaks TLS."},
	{.name = "port",
		.type = KEY_INT,
		.min = 1,
		.max = 65535,
		.fallback = "80",
		.text = "TCP port for the plain HTTP request."},
};

static const char *const causes[] = {"http.captive-portal", "run.blocked", NULL};

struct state {
	bool tls_ended, plain_ended;
};

static struct fetch_want tls_want(const struct rule_check *check)
{
	struct fetch_want want = connection_want(check, FETCH_HTTP);

	want.port = (uint16_t)rule_number(check, "tls-port", 443);
	return want;
}

static struct fetch_want plain_want(const struct rule_check *check)
{
	struct fetch_want want = connection_want(check, FETCH_HTTP);

	want.port = (uint16_t)rule_number(check, "port", 80);
	want.plain = true;
	want.path = "/";
	return want;
}

static void captive_targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	struct fetch_want tls = tls_want(check), plain = plain_want(check);

	(void)terminal;
	targets_add_host(list, check, "TCP", "TLS", tls.host, tls.port);
	targets_add_host(list, check, "TCP", "HTTP", plain.host, plain.port);
}

static void fill_tls(struct check_run *c, const struct fetch_result *result)
{
	fetch_copy(&c->facts, &result->connect, connection_peer_facts);
	facts_bool(&c->facts, "tls_verified", connection_genuine(&result->tls));
	facts_bool(&c->facts, "tls_handshake", facts_get_bool(&result->tls, "handshake", false));
	facts_bool(&c->facts, "tls_chain_ok", facts_get_bool(&result->tls, "verified", false));
	facts_bool(&c->facts, "tls_name_ok", facts_get_bool(&result->tls, "name_ok", false));
	fetch_copy(&c->timings, &result->timings, NULL);
}

/* A fact under another name. */
static void copy_as(
	struct facts *to, const char *name, const struct facts *from, const char *from_name)
{
	json_t *value = json_object_get(from->object, from_name);

	if (value != NULL)
		json_object_set(to->object, name, value);
}

static void fill_plain(struct check_run *c, const struct fetch_result *result)
{
	copy_as(&c->facts, "plain_connected", &result->connect, "connected");
	copy_as(&c->facts, "plain_error", &result->connect, "error");
	copy_as(&c->facts, "plain_error", &result->http, "error");
	copy_as(&c->facts, "plain_status", &result->http, "status");
	copy_as(&c->facts, "plain_location", &result->http, "location");
	copy_as(&c->facts, "plain_location_host", &result->http, "location_host");
	copy_as(&c->facts, "plain_server", &result->http, "server");
	copy_as(&c->facts, "plain_via", &result->http, "via");
	copy_as(&c->facts, "plain_title", &result->http, "body_title");
}

static void end_if_known(struct check_run *c)
{
	struct state *s = c->state;

	if (c->finished || !s->tls_ended)
		return;
	if (s->plain_ended || facts_get_bool(&c->facts, "tls_verified", false))
		check_done(c);
}

static void on_tls(void *arg, const struct fetch_result *result)
{
	struct check_run *c = arg;
	struct state *s = c->state;

	if (c->finished)
		return;
	s->tls_ended = true;
	fill_tls(c, result);
	end_if_known(c);
}

static void on_plain(void *arg, const struct fetch_result *result)
{
	struct check_run *c = arg;
	struct state *s = c->state;

	if (c->finished)
		return;
	s->plain_ended = true;
	fill_plain(c, result);
	end_if_known(c);
}

static void captive_start(struct check_run *c)
{
	struct fetch_want tls = tls_want(c->check), plain = plain_want(c->check);

	c->state = mem_alloc(sizeof(struct state));
	fetch_add(run_fetches(c->run), &tls, on_tls, c);
	fetch_add(run_fetches(c->run), &plain, on_plain, c);
}

static void captive_stop(struct check_run *c)
{
	struct fetch_want tls = tls_want(c->check), plain = plain_want(c->check);

	fill_tls(c, fetch_peek(run_fetches(c->run), &tls));
	fill_plain(c, fetch_peek(run_fetches(c->run), &plain));
}

static void captive_release(struct check_run *c)
{
	free(c->state);
	c->state = NULL;
}

/*
 * A portal sends elsewhere, says so (RFC 6585 section 6), or shows its own page; the last counts
 * only when the host's TLS port is held by a stranger as well: the host itself may serve a page on
 * port 80.
 */
static bool is_portal(const struct judge_input *in)
{
	const struct facts *facts = in->facts;
	long long status = facts_get_int(facts, "plain_status", 0);
	const char *host = facts_get_str(facts, "plain_location_host");

	if (status == 511)
		return true;
	if (status / 100 == 3)
		return host != NULL && !host_same_site(rule_host(in->check, "host")->name, host);
	return status == 200 && facts_get_bool(facts, "tls_handshake", false) &&
	       !facts_get_bool(facts, "tls_chain_ok", false) &&
	       !facts_get_bool(facts, "tls_name_ok", false);
}

static void captive_judge(const struct judge_input *in, struct judgement *out)
{
	if (facts_get_bool(in->facts, "tls_verified", false))
		judgement_set(out, VERDICT_PASS, NULL);
	else if (is_portal(in))
		judgement_set(out, VERDICT_FAIL, "http.captive-portal");
	else
		judgement_set(out, VERDICT_UNKNOWN, "run.blocked");
}

const struct check_type check_captive = {
	.name = "captive",
	.text = "No captive portal answers in place of a host.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.flags = CHECK_NETWORK | CHECK_HOST,
	.causes = causes,
	.targets = captive_targets,
	.start = captive_start,
	.stop = captive_stop,
	.release = captive_release,
	.collect = check_collect_none,
	.judge = captive_judge,
};
