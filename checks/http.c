/* Whether a web server answers as it should, over TLS that proves who it is. */
#include "connection.h"

#include <string.h>

#include "http_parse.h"

static const char *const gateways[] = {"none", "anyconnect", NULL};

static const char *validate_path(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || *p == '#')
			return "a path has printable ASCII characters only, without blanks and '#'";
	return text[0] == '/' ? NULL : "a path begins with '/'";
}

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	CONNECTION_KEY_PORT("443"),
	CONNECTION_KEY_MAX_VERSION,
	CONNECTION_KEY_CERTIFICATE,
	{.name = "path",
		.type = KEY_STR,
		.max = 1000,
		.fallback = "/",
		.validate = validate_path,
		.text = "Path that is asked for, with GET."},
	{.name = "expect",
		.type = KEY_STRS,
		.max = 3,
		.fallback = "[2xx, 3xx]",
		.validate = http_status_validate,
		.text = "Status codes that are right: `200`, or a class such as `2xx`."},
	{.name = "sites",
		.type = KEY_STRS,
		.max = 253,
		.text = "Other sites (globs) that a redirect may lead to, such as a sign-in "
			"service. It is followed there, and within the host's own site."},
	{.name = "gateway",
		.type = KEY_ENUM,
		.choices = gateways,
		.fallback = "none",
		.text = "`anyconnect`: the answer must look like an AnyConnect gateway's."},
};

static const char *const causes[] = {"http.captive-portal", "http.off-site", "http.redirect",
	"http.status", "http.silent", "http.broken", "http.not-gateway", "http.slow",
	"tls.client-missing", "tls.client-kept", "tls.client-refused", "tls.client-not-accepted",
	"tls.inconsistent", "run.blocked", NULL};

static const char *const tls_facts[] = {"handshake", "verified", "name_ok", "verify_errors",
	"client_cert_requested", "client_ca_names", "certificate_sent", "certificate_issuers",
	"client_cert_answer", "certificate_kept", "certificate_withheld", "key_text",
	"tls_connections", "inconsistent", "odd_problem", "odd_subject", "odd_issuer", "problem",
	"problem_code", "problem_openssl", "problem_subject", "problem_not_before",
	"problem_not_after", "names", "issuer_cn", "issuer_o", "issuer", "subject", "not_before",
	"not_after", "weak", NULL};

static struct fetch_want want_of(const struct rule_check *check)
{
	struct fetch_want want = connection_want(check, FETCH_HTTP);

	want.path = rule_string(check, "path");
	return want;
}

static void http_targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	struct fetch_want want = want_of(check);

	(void)terminal;
	targets_add_host(list, check, "TCP", "HTTP", want.host, want.port);
}

static void fill(struct check_run *c, const struct fetch_result *result)
{
	fetch_copy(&c->facts, &result->connect, connection_peer_facts);
	fetch_copy(&c->facts, &result->tls, tls_facts);
	fetch_copy(&c->facts, &result->http, NULL);
	fetch_copy(&c->timings, &result->timings, NULL);
}

static bool is_allowed_site(const struct rule_check *check, const char *host)
{
	return glob_match_any(rule_list(check, "sites"), host, true) ||
	       host_same_site(rule_host(check, "host")->name, host);
}

static bool may_follow(const struct check_run *c, const struct fetch_place *to)
{
	return is_allowed_site(c->check, to->host);
}

static void http_start(struct check_run *c)
{
	struct fetch_want want = want_of(c->check);

	connection_want_tls(&want, c);
	connection_begin_page(c, &want, fill, may_follow);
}

/* ---- judging ---- */

static bool off_site(const struct rule_check *check, const struct facts *facts)
{
	const char *host = facts_get_str(facts, "location_host");

	return facts_has(facts, "led_off_site") ||
	       (facts_get_int(facts, "status", 0) / 100 == 3 && host != NULL &&
		       !is_allowed_site(check, host));
}

/* A redirect to another scheme (ftp:, data:): browsers show no page then. */
static bool leads_nowhere(const struct facts *facts)
{
	const char *location = facts_get_str(facts, "location");

	return facts_get_int(facts, "status", 0) / 100 == 3 && location != NULL &&
	       http_other_scheme(location);
}

static bool matches(const struct rule_check *check, long long status, bool exactly)
{
	const struct strs *patterns = rule_list(check, "expect");

	for (size_t i = 0; i < patterns->count; i++)
		if ((!exactly || strpbrk(patterns->items[i], "xX") == NULL) &&
			http_status_match(patterns->items[i], status))
			return true;
	return false;
}

/* A redirect may be what the rule asks for, by its exact number, whatever it leads to. */
static bool is_asked_for(const struct rule_check *check, const struct facts *facts)
{
	return matches(check, facts_get_int(facts, "status", 0), true) ||
	       matches(check, facts_get_int(facts, "first_status", 0), true);
}

/* Else the last answer counts. */
static bool expected(const struct rule_check *check, const struct facts *facts)
{
	const char *last = facts_has(facts, "led_to") ? "led_status" : "status";

	return is_asked_for(check, facts) || matches(check, facts_get_int(facts, last, 0), false);
}

/* The page leads on, to no page: that is told of, whatever its own answer is. */
static bool leads_to_no_page(const struct rule_check *check, const struct facts *facts)
{
	if (facts_has(facts, "led_error"))
		return !is_asked_for(check, facts);
	return facts_has(facts, "led_to") && !expected(check, facts);
}

/*
 * nginx ends the handshake whatever the certificate is, and answers 400 with a page of its own, or
 * what an error_page for 495 or 496 says (ngx_http_special_response.c).
 */
static const char *judge_client(const struct facts *facts)
{
	static const struct {
		long long status;
		const char *title; /* NULL: any */
		const char *cause; /* NULL: ours was refused */
	} answers[] = {
		{400, "No required SSL certificate was sent", "tls.client-missing"},
		{400, "The SSL certificate error", NULL},
		{495, NULL, NULL},
		{496, NULL, "tls.client-missing"},
	};
	const char *refused =
		connection_issuer_listed(facts) ? "tls.client-refused" : "tls.client-not-accepted";
	const char *title = facts_get_str(facts, "body_title");

	if (!facts_get_bool(facts, "client_cert_requested", false))
		return NULL;
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (facts_get_int(facts, "status", 0) == answers[i].status &&
			(answers[i].title == NULL ||
				(title != NULL && strstr(title, answers[i].title) != NULL)))
			return answers[i].cause != NULL ? answers[i].cause : refused;
	return NULL;
}

static const char *judge_answer(const struct rule_check *check, const struct facts *facts)
{
	const char *error = facts_get_str(facts, "error");

	if (error != NULL)
		return strcmp(error, "silent") == 0 ? "http.silent" : "http.broken";
	if (!facts_has(facts, "status"))
		return "http.broken";
	if (off_site(check, facts) || leads_nowhere(facts))
		return "http.off-site";
	if (leads_to_no_page(check, facts))
		return "http.redirect";
	if (expected(check, facts))
		return NULL;
	const char *client = judge_client(facts);
	return client != NULL ? client : "http.status";
}

/* The server misses what was kept from it, as its TLS is not what it should be. */
static bool is_withheld(const struct facts *facts, const char *cause)
{
	return strcmp(cause, "tls.client-missing") == 0 &&
	       facts_get_bool(facts, "certificate_withheld", false);
}

/* The server misses what this program may not show; a browser on this terminal may. */
static bool is_kept(const struct facts *facts, const char *cause)
{
	return strcmp(cause, "tls.client-missing") == 0 &&
	       facts_get_bool(facts, "certificate_kept", false);
}

static bool reached(const struct facts *facts)
{
	const char *error = facts_get_str(facts, "error");

	/* An alert after the handshake is a matter of client certificates. */
	return facts_get_bool(facts, "handshake", false) &&
	       (error == NULL || strcmp(error, "alert") != 0) && !connection_client_refused(facts);
}

/* The page came, or would have come, from another server than the one that proved itself. */
static bool is_stranger(const struct facts *facts)
{
	const char *error = facts_get_str(facts, "error");

	return error != NULL && strcmp(error, "stranger") == 0;
}

static void http_judge(const struct judge_input *in, struct judgement *out)
{
	const struct facts *facts = in->facts;
	const char *cause;

	if (!reached(facts)) {
		judgement_set(out, VERDICT_UNKNOWN, "run.blocked");
	} else if (is_stranger(facts)) {
		connection_judge_inconsistent(facts, out);
	} else if (!facts_get_bool(facts, "verified", false) ||
		   !facts_get_bool(facts, "name_ok", false)) {
		/* Somebody else answers; that it is a portal is told by where it sends us. */
		bool portal = off_site(in->check, facts) && !connection_genuine(facts);
		judgement_set(out, portal ? VERDICT_FAIL : VERDICT_UNKNOWN,
			portal ? "http.captive-portal" : "run.blocked");
	} else if ((cause = judge_answer(in->check, facts)) != NULL) {
		if (is_withheld(facts, cause))
			judgement_set(out, VERDICT_UNKNOWN, "run.blocked");
		else if (is_kept(facts, cause))
			judgement_set(out, VERDICT_UNKNOWN, "tls.client-kept");
		else
			judgement_set(out, VERDICT_FAIL, cause);
	} else if (strcmp(rule_string(in->check, "gateway"), "anyconnect") == 0 &&
		   !facts_get_bool(facts, "anyconnect", false)) {
		judgement_set(out, VERDICT_WARN, "http.not-gateway");
	} else if (facts_has(facts, "waited_s")) {
		judgement_set(out, VERDICT_WARN, "http.slow");
	} else {
		judgement_set(out, VERDICT_PASS, NULL);
	}
}

const struct check_type check_http = {
	.name = "http",
	.text = "A web server answers over trusted TLS, with the expected status.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.flags = CHECK_NETWORK | CHECK_HOST,
	.causes = causes,
	.targets = http_targets,
	.start = http_start,
	.stop = connection_stop,
	.release = connection_release,
	.collect = check_collect_none,
	.judge = http_judge,
};
