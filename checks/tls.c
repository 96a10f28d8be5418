/*
 * Whether TLS to a host works end to end, unmodified: protocol, certificate, name, and who signed.
 *
 * A chain whose issuer is not found is "incomplete" when the last certificate sent says by http
 * where its issuer can be had, as public CAs' certificates do (CA/Browser Forum Baseline
 * Requirements 7.1.2): then the server should send more. Without that it is a CA that this
 * terminal does not know.
 */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "tls_problem.h"
#include "tls_sizes.h"

#define CLOCK_TOLERANCE 300 /* seconds by which clocks may differ before one is called wrong */

static const char *const client_certificates[] = {"any", "requested", "none", NULL};

static const struct check_key keys[] = {
	CHECK_KEY_HOST,
	CONNECTION_KEY_PORT("443"),
	{.name = "min-version",
		.type = KEY_ENUM,
		.choices = connection_versions,
		.fallback = "1.2",
		.text = "Oldest TLS version that is accepted."},
	CONNECTION_KEY_MAX_VERSION,
	CONNECTION_KEY_CERTIFICATE,
	{.name = "client-certificate",
		.type = KEY_ENUM,
		.choices = client_certificates,
		.fallback = "any",
		.text = "Whether the server asks for a client certificate: `requested` says that "
			"it "
			"must (and, without `certificate`, may refuse a visitor who has none), "
			"`none` that it must not."},
};

static const char *const causes[] = {"tls.protocol", "tls.reset", "tls.silent", "tls.handshake",
	"tls.intercepted", "clock.skew", "tls.expired", "tls.not-yet-valid", "tls.wrong-name",
	"tls.no-names", "tls.self-signed", "tls.incomplete-chain", "tls.revoked",
	"tls.root-on-demand", "tls.untrusted", "tls.invalid", "tls.chain-expired",
	"tls.root-expired", "tls.too-weak", "tls.inconsistent", "tls.client-certificate",
	"tls.client-not-asked", "tls.client-missing", "tls.client-kept", "tls.client-not-accepted",
	"tls.client-unknown-ca", "tls.client-expired", "tls.client-revoked", "tls.client-refused",
	"tls.weak", "net.address-silent", "udp.mtu-black-hole", "run.blocked", "run.unreadable",
	"run.local-error", NULL};

static const char *const http_facts[] = {"date", "date_skew", NULL};

static void tls_targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	struct fetch_want want = connection_want(check, FETCH_TLS);

	(void)terminal;
	targets_add_host(list, check, "TCP", "TLS", want.host, want.port);
}

static void fill(struct check_run *c, const struct fetch_result *result)
{
	fetch_copy(&c->facts, &result->connect, connection_peer_facts);
	fetch_copy(&c->facts, &result->tls, NULL);
	fetch_copy(&c->facts, &result->http, http_facts);
	fetch_copy(&c->timings, &result->timings, NULL);
}

static void tls_start(struct check_run *c)
{
	struct fetch_want want = connection_want(c->check, FETCH_TLS);

	connection_want_tls(&want, c);
	connection_begin_thorough(c, &want, fill);
}

/* ---- judging: each step returns a cause, or NULL to go on ---- */

static bool has_error(const struct facts *facts, const char *name)
{
	return facts_list_has(facts, "verify_errors", name);
}

static const char large_lost[] = "udp.mtu-black-hole"; /* of TCP too: one line, one cause */

static const char *judge_handshake(const struct facts *facts)
{
	const char *error = facts_get_str(facts, "error");

	if (facts_get_bool(facts, "handshake", false) || connection_client_refused(facts))
		return NULL;
	if (facts_get_int(facts, "alert", -1) == 70 || facts_get_int(facts, "alert_sent", -1) == 70)
		return "tls.protocol";
	if (error != NULL && strcmp(error, "reset") == 0)
		return "tls.reset";
	if (error != NULL && strcmp(error, "silent") == 0)
		return tls_sizes_lost(facts) ? large_lost : "tls.silent";
	return "tls.handshake";
}

static const char *judge_version(const struct rule_check *check, const struct facts *facts)
{
	static const char *const order[] = {"SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
	const char *version = facts_get_str(facts, "version");
	size_t least = strcmp(rule_string(check, "min-version"), "1.3") == 0 ? 4 : 3;

	for (size_t i = 0; version != NULL && i < least; i++)
		if (strcmp(version, order[i]) == 0)
			return "tls.protocol";
	return NULL;
}

static const char *judge_issuer(const struct rules *rules, const struct facts *facts)
{
	size_t count = facts_count(facts, "issuers");

	for (size_t i = 0; i < rules->interceptor_count; i++)
		for (size_t j = 0; j < count; j++) {
			const char *issuer = facts_item(facts, "issuers", j);
			if (issuer != NULL &&
				glob_match(rules->interceptors[i].issuer, issuer, true))
				return "tls.intercepted";
		}
	return NULL;
}

/* The certificates are valid by the server's clock but not by ours. */
static bool clock_explains(const struct facts *facts)
{
	long long date = facts_get_int(facts, "date", -1);
	long long skew = facts_get_int(facts, "date_skew", 0);
	long long from = facts_get_int(
		facts, "valid_from_epoch", facts_get_int(facts, "not_before_epoch", 0));
	long long until = facts_get_int(
		facts, "valid_until_epoch", facts_get_int(facts, "not_after_epoch", 0));
	long long here = date - skew;

	return date >= from && date <= until && (here < from || here > until) &&
	       llabs(skew) > CLOCK_TOLERANCE;
}

static const char root_on_demand[] = "tls.root-on-demand";
static const char incomplete_chain[] = "tls.incomplete-chain";

/* No issuer was found: who has to supply one. */
static const char *judge_missing(const struct facts *facts)
{
	bool issuer_missing = has_error(facts, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY") ||
			      has_error(facts, "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT");
	bool root_missing =
		issuer_missing || has_error(facts, "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN");

	if (root_missing && facts_get_bool(facts, "root_on_demand", false))
		return root_on_demand;
	if (issuer_missing && !facts_get_bool(facts, "chain_root", false) &&
		facts_get_bool(facts, "aia_issuers", false))
		return incomplete_chain;
	return "tls.untrusted";
}

/* The issuer may be found elsewhere; that does not make a certificate valid that has expired. */
static const char *judge_untrusted(const struct facts *facts)
{
	const char *cause = judge_missing(facts);

	if (cause == root_on_demand || cause == incomplete_chain) {
		if (has_error(facts, "X509_V_ERR_CERT_HAS_EXPIRED"))
			return "tls.expired";
		if (has_error(facts, "X509_V_ERR_CERT_NOT_YET_VALID"))
			return "tls.not-yet-valid";
	}
	return cause;
}

static const char *judge_chain(const struct facts *facts)
{
	const char *problem = tls_problem_of(facts);
	const char *cause = problem != NULL ? tls_problem_cause(problem) : "tls.untrusted";

	if (facts_get_bool(facts, "verified", false))
		return NULL;
	if (tls_problem_is_date(problem) && connection_dates_only(facts) &&
		facts_has(facts, "date") && clock_explains(facts))
		return "clock.skew";
	return strcmp(cause, "tls.untrusted") == 0 ? judge_untrusted(facts) : cause;
}

/*
 * A certificate for other names is another server's, whatever else is wrong with it. One without
 * any name (RFC 9110 section 4.3.4: the subject does not count) matters when all else is right.
 */
static const char *judge_certificate(const struct judge_input *in)
{
	const char *cause = judge_issuer(in->rules, in->facts);
	bool named = facts_get_bool(in->facts, "name_ok", false);
	bool nameless =
		!named && facts_has(in->facts, "names") && facts_count(in->facts, "names") == 0;

	if (cause == NULL && !named && !nameless)
		cause = "tls.wrong-name";
	if (cause == NULL)
		cause = judge_chain(in->facts);
	return cause == NULL && nameless ? "tls.no-names" : cause;
}

/* NIST SP 800-131A: RSA below 2048 bits, signatures with MD5 or SHA-1; RFC 7465, RFC 8429. */
static bool is_weak(const struct facts *facts)
{
	const char *type = facts_get_str(facts, "key_type");
	const char *cipher = facts_get_str(facts, "cipher");
	long long bits = facts_get_int(facts, "key_bits", 0);

	if (type != NULL && strncmp(type, "RSA", 3) == 0 && bits < 2048)
		return true;
	if (type != NULL && strcmp(type, "EC") == 0 && bits < 224)
		return true;
	return cipher != NULL && (strstr(cipher, "RC4") != NULL || strstr(cipher, "DES") != NULL ||
					 strstr(cipher, "NULL") != NULL);
}

/* The odd one is the service's own: it has the name, and only its validity or chain is wrong. */
static bool is_neglected(const char *problem)
{
	static const char *const neglect[] = {
		"expired", "early", "chain-expired", "chain-early", "root-expired", "root-early"};

	for (size_t i = 0; problem != NULL && i < sizeof neglect / sizeof neglect[0]; i++)
		if (strcmp(problem, neglect[i]) == 0)
			return true;
	return false;
}

void connection_judge_inconsistent(const struct facts *tls, struct judgement *out)
{
	judgement_set(out, VERDICT_FAIL, "tls.inconsistent");
	if (is_neglected(facts_get_str(tls, "odd_problem"))) {
		out->segments = SEGMENT_SERVICE;
		out->actors = ACTOR_DESK;
	}
}

/* Whether the OS trusts it shows when it has fetched what is missing. */
static bool is_open(const struct facts *facts, const char *cause)
{
	return cause == root_on_demand || strcmp(cause, "run.local-error") == 0 ||
	       (cause == incomplete_chain && facts_get_bool(facts, "issuers_fetched", false));
}

/* Another address of the host has a right certificate: it is this one's alone that is wrong. */
static bool is_of_one_address(const struct facts *facts, const char *cause)
{
	static const char *const kept[] = {
		"tls.intercepted", "tls.incomplete-chain", "tls.root-on-demand", "tls.too-weak"};

	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		if (strcmp(cause, kept[i]) == 0)
			return false;
	return strncmp(cause, "tls.", 4) == 0 && facts_count(facts, "good_addresses") > 0 &&
	       facts_list_has(facts, "bad_addresses", facts_get_str(facts, "address"));
}

/* All is well at the address that the OS gives first; the next time it may give another one. */
static void judge_others(const struct facts *facts, struct judgement *out)
{
	if (facts_count(facts, "bad_addresses") > 0) {
		connection_judge_inconsistent(facts, out);
		out->verdict = VERDICT_WARN;
	} else if (facts_count(facts, "silent_addresses") > 0) {
		judgement_set(out, VERDICT_WARN, "net.address-silent");
	}
}

/* What nobody signed as it says may have been made on the way; else it is the service's own. */
static void suspect_forgery(const struct facts *facts, struct judgement *out)
{
	const char *problem = tls_problem_of(facts);

	if (strcmp(out->cause, "tls.invalid") != 0 || problem == NULL ||
		(strcmp(problem, "signature") != 0 && strcmp(problem, "issuer-key") != 0))
		return;
	out->segments = SEGMENT_FACILITY | SEGMENT_SERVICE;
	out->actors = ACTOR_NETWORK | ACTOR_DESK;
}

static void tls_judge(const struct judge_input *in, struct judgement *out)
{
	const struct facts *facts = in->facts;
	const char *cause = NULL;

	if (!facts_get_bool(facts, "connected", false)) {
		judgement_set(out, VERDICT_UNKNOWN, "run.blocked");
		return;
	}
	cause = judge_handshake(facts);
	if (cause == NULL)
		cause = judge_version(in->check, facts);
	if (cause == NULL && !facts_get_bool(facts, "trust", true)) {
		judgement_set(out, VERDICT_UNKNOWN, "run.unreadable");
		return;
	}
	if (cause == NULL && facts_get_bool(facts, "inconsistent", false)) {
		connection_judge_inconsistent(facts, out);
		return;
	}
	if (cause == NULL)
		cause = judge_certificate(in);
	if (cause != NULL && is_of_one_address(facts, cause)) {
		connection_judge_inconsistent(facts, out);
		return;
	}
	if (cause == NULL && facts_count(facts, "weak") > 0)
		cause = "tls.too-weak";
	if (cause == NULL && tls_sizes_lost(facts))
		cause = large_lost;
	if (cause != NULL) {
		judgement_set(out, is_open(facts, cause) ? VERDICT_UNKNOWN : VERDICT_FAIL, cause);
		suspect_forgery(facts, out);
		return;
	}
	judgement_set(out, VERDICT_PASS, NULL);
	connection_judge_client(in->check, facts, out);
	if (out->verdict == VERDICT_PASS && is_weak(facts))
		judgement_set(out, VERDICT_WARN, "tls.weak");
	if (out->verdict == VERDICT_PASS)
		judge_others(facts, out);
}

const struct check_type check_tls = {
	.name = "tls",
	.text = "TLS to a host works end to end, with a certificate that the OS trusts.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.flags = CHECK_NETWORK | CHECK_HOST,
	.causes = causes,
	.targets = tls_targets,
	.start = tls_start,
	.stop = connection_stop,
	.release = connection_release,
	.collect = check_collect_none,
	.judge = tls_judge,
};
