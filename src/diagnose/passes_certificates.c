/*
 * Passes about what a certificate, a CA or the clock brings about: a server is not to blame for
 * what this terminal lacks.
 */
#include "private.h"

#include <string.h>

#include "judge.h"
#include "tls_problem.h"

/* ---- the clock ---- */

/* What the time is by the servers that told it; < 0: none did. */
static long long true_time(const struct context *x, const struct root_cause *root)
{
	long long date = -1;

	for (size_t i = 0; i < root->evidence_count && date < 0; i++)
		date = facts_get_int(x->d->results[root->evidence[i]].facts, "date", -1);
	return date;
}

/* With the right time the certificate is no good either. */
static bool is_wrong_anyway(const struct result *r, long long now)
{
	return now >= 0 && facts_has(r->facts, "not_after_epoch") &&
	       (now < facts_get_int(r->facts, "not_before_epoch", 0) ||
		       now > facts_get_int(r->facts, "not_after_epoch", 0));
}

static bool is_about_dates(const struct result *r)
{
	return result_has_cause(r, "tls.expired") || result_has_cause(r, "tls.not-yet-valid") ||
	       result_has_cause(r, "cert.expired") || result_has_cause(r, "cert.not-yet-valid");
}

static bool by_the_clock(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	if (is_about_dates(r))
		return !is_wrong_anyway(r, true_time(x, root));
	return result_has_cause(r, "run.blocked") && root_shares_host(x, root, r);
}

void pass_clock(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "clock.skew");
	if (root != NULL)
		root_take_symptoms(x, root, by_the_clock);
}

/* ---- certificates ---- */

/*
 * What a certificate that is no good brings about: the terminal's own checks of it that could not
 * be made, and what servers that asked for it said. A server that does not ask has other reasons.
 */
static bool for_the_certificate(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	bool asked = facts_get_bool(r->facts, "client_cert_requested", false) &&
		     facts_get_bool(r->facts, "verified", false);

	if (!root_shares_certificate(x, root, r) || result_has_cause(r, "tls.client-not-asked"))
		return false;
	if (result_in_family(r, "tls.client-"))
		return true;
	if (result_has_cause(r, "run.blocked"))
		return asked || !result_is_network(r);
	return asked && result_in_family(r, "http.");
}

/* Servers that are not trusted because of a CA: all, when it is not there, else its own. */
static bool is_of_authority(const struct result *authority, const struct result *r)
{
	const struct rule_certificate *ca = result_certificate(authority);
	const struct rule_certificate *named = result_certificate(r);
	const char *name = facts_get_str(authority->facts, "subject_cn");

	if (ca == NULL || !ca->authority || named == NULL || named->ca != ca ||
		!result_is_type(r, "tls"))
		return false;
	if (name != NULL && !facts_list_has(r->facts, "issuers", name))
		return false;
	return result_has_cause(r, "tls.untrusted") ||
	       result_has_cause(r, "tls.incomplete-chain") ||
	       (name != NULL && is_about_dates(r) && is_about_dates(authority));
}

static bool for_the_authority(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	for (size_t i = 0; i < root->evidence_count; i++)
		if (is_of_authority(&x->d->results[root->evidence[i]], r))
			return true;
	return false;
}

/* Something fails for this certificate's sake. */
static bool is_missed(const struct context *x, const struct result *authority)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_is_open(&x->d->results[i]) &&
			is_of_authority(authority, &x->d->results[i]))
			return true;
	return false;
}

/* A warning stands for itself, unless a server is not trusted because of it. */
static bool any_is_missed(const struct context *x, const char *code)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_is_open(&x->d->results[i]) &&
			result_has_cause(&x->d->results[i], code) &&
			is_missed(x, &x->d->results[i]))
			return true;
	return false;
}

void pass_certificates(struct context *x)
{
	for (size_t i = 0; i < cause_count; i++) {
		const char *code = cause_table[i].code;
		if (strncmp(code, "cert.", 5) != 0)
			continue;
		struct root_cause *root = root_make(x, code, !any_is_missed(x, code));
		if (root == NULL)
			continue;
		root_take_symptoms(x, root, for_the_authority);
		root_take_symptoms(x, root, for_the_certificate);
	}
}

/* ---- servers that are not genuine ---- */

/* What a connection says of its certificate; NULL: nothing is wrong with it, or nobody knows. */
static const char *cause_of_certificate(const struct facts *facts)
{
	const char *problem = tls_problem_of(facts);

	if (!facts_get_bool(facts, "handshake", false) || !facts_has(facts, "verified"))
		return NULL;
	if (!facts_get_bool(facts, "name_ok", true) && facts_count(facts, "names") > 0)
		return "tls.wrong-name";
	if (!facts_get_bool(facts, "verified", false))
		return problem != NULL ? tls_problem_cause(problem) : NULL;
	return facts_get_bool(facts, "name_ok", true) ? NULL : "tls.no-names";
}

/*
 * A check that cannot use what came, as its server is not genuine, waits for the one of the host's
 * certificate. Where no such check says so, its own connection does; and a page that browsers
 * refuse is not there.
 */
void pass_unproven(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		struct result *r = &x->d->results[i];
		const char *cause = result_is_open(r) && result_has_cause(r, "run.blocked")
					    ? cause_of_certificate(r->facts)
					    : NULL;
		if (cause == NULL)
			continue;
		judge_cause(r, cause);
		if (result_is_type(r, "http") && strncmp(cause, "tls.", 4) == 0)
			r->verdict = r->check->severity == SEVERITY_REQUIRED ? VERDICT_FAIL
									     : VERDICT_WARN;
		root_of_cause(x, cause);
	}
}
