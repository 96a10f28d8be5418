/*
 * cert: a certificate of the rules as it is on this terminal: its file and password, its key,
 * dates, purpose and issuer. What was found is in identity.h; this judges it.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"

static const char *const aspects[] = {"certificate", "password", NULL};
static const char *const missing[] = {"fail", "warn", "skip", NULL};

static const struct check_key keys[] = {
	{
		.name = "certificate",
		.type = KEY_CERTIFICATE,
		.required = true,
		.text = "Certificate to look at, an id in `certificates`.",
	},
	{
		.name = "aspect",
		.type = KEY_ENUM,
		.choices = aspects,
		.fallback = "certificate",
		.text = "What is judged: the certificate itself, or the password of its file.",
	},
	{
		.name = "missing",
		.type = KEY_ENUM,
		.choices = missing,
		.fallback = "fail",
		.text = "Verdict when there is none.",
	},
	{
		.name = "expiring",
		.type = KEY_INT,
		.min = 0,
		.max = 3650,
		.fallback = "30",
		.text = "Warn when it expires within this many days.",
	},
};

static const char *const causes[] = {"cert.not-found", "cert.unreadable",
	"cert.unsupported-encryption", "cert.wrong-password", "cert.password-missing",
	"cert.password-trailing-space", "cert.no-private-key", "cert.key-mismatch",
	"cert.not-yet-valid", "cert.expired", "cert.expiring-soon", "cert.wrong-purpose",
	"cert.not-issued-by-ca", "cert.not-a-ca", "cert.not-trusted", "run.blocked",
	"run.unreadable", NULL};

static const struct rule_certificate *certificate_of(const struct rule_check *check)
{
	return rule_value(check, "certificate")->certificate;
}

static void start(struct check_run *c)
{
	const struct identity *found = run_identity(c->run, certificate_of(c->check));

	if (found != NULL)
		json_object_update(c->facts.object, identity_facts(found)->object);
	check_done(c);
}

/* ---- judging ---- */

static void set(struct judgement *out, enum verdict verdict, const char *cause)
{
	*out = (struct judgement){.verdict = verdict, .cause = cause};
}

static bool is_choice(const struct rule_check *check, const char *key, const char *word)
{
	const char *value = rule_string(check, key);

	return value != NULL && strcmp(value, word) == 0;
}

static bool is_password(const struct rule_check *check)
{
	return is_choice(check, "aspect", "password");
}

/* Whether another check of the rules tells about the password of the same certificate. */
static bool is_told_elsewhere(const struct judge_input *in)
{
	const struct rules *rules = in->rules;

	for (size_t i = 0; rules != NULL && i < rules->check_count; i++) {
		const struct rule_check *other = &rules->checks[i];
		if (other != in->check && other->type == in->check->type && is_password(other) &&
			certificate_of(other) == certificate_of(in->check))
			return true;
	}
	return false;
}

static void judge_missing(const struct rule_check *check, struct judgement *out)
{
	if (is_choice(check, "missing", "skip"))
		set(out, VERDICT_SKIP, "cert.not-found");
	else if (is_password(check))
		set(out, VERDICT_UNKNOWN, "run.blocked");
	else if (is_choice(check, "missing", "warn"))
		set(out, VERDICT_WARN, "cert.not-found");
	else
		set(out, VERDICT_FAIL, "cert.not-found");
}

static void judge_closed(const struct judge_input *in, const char *error, struct judgement *out)
{
	static const struct {
		const char *error;
		enum verdict verdict;
		const char *cause;
	} rows[] = {
		{"wrong-password", VERDICT_FAIL, "cert.wrong-password"},
		{"no-password", VERDICT_UNKNOWN, "cert.password-missing"},
		{"unsupported", VERDICT_FAIL, "cert.unsupported-encryption"},
	};

	if (strcmp(error, "not-found") == 0) {
		judge_missing(in->check, out);
		return;
	}
	if (strcmp(error, "unreadable") == 0) {
		if (is_password(in->check))
			set(out, VERDICT_UNKNOWN, "run.blocked");
		else
			set(out, VERDICT_FAIL, "cert.unreadable");
		return;
	}
	set(out, VERDICT_UNKNOWN, "run.unreadable");
	if (strcmp(error, "not-saved") == 0)
		return;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].error, error) == 0)
			set(out, rows[i].verdict, rows[i].cause);
	if (!is_password(in->check) && is_told_elsewhere(in))
		set(out, VERDICT_UNKNOWN, "run.blocked");
}

/* True and the judgement when the dates decide. */
static bool judge_dates(const struct judge_input *in, struct judgement *out)
{
	long long before = facts_get_int(in->facts, "not_before_epoch", 0);
	long long after = facts_get_int(in->facts, "not_after_epoch", 0);

	if (!facts_has(in->facts, "not_before_epoch") || !facts_has(in->facts, "not_after_epoch"))
		set(out, VERDICT_FAIL, "cert.unreadable"); /* dates that are none */
	else if (in->now < (double)before)
		set(out, VERDICT_FAIL, "cert.not-yet-valid");
	else if (in->now > (double)after)
		set(out, VERDICT_FAIL, "cert.expired");
	else
		return false;
	return true;
}

static bool expires_soon(const struct judge_input *in)
{
	double days = (double)rule_number(in->check, "expiring", 0);

	return (double)facts_get_int(in->facts, "not_after_epoch", 0) - in->now < days * 86400;
}

static void judge_client(const struct judge_input *in, struct judgement *out)
{
	const struct facts *facts = in->facts;

	if (!facts_get_bool(facts, "has_key", false))
		set(out, VERDICT_FAIL, "cert.no-private-key");
	else if (!facts_get_bool(facts, "key_matches", false))
		set(out, VERDICT_FAIL, "cert.key-mismatch");
	else if (judge_dates(in, out))
		return;
	else if (!facts_get_bool(facts, "client_purpose", true))
		set(out, VERDICT_FAIL, "cert.wrong-purpose");
	else if (facts_get_bool(facts, "ca_known", false) &&
		 !facts_get_bool(facts, "issued_by_ca", false))
		set(out, VERDICT_FAIL, "cert.not-issued-by-ca");
	else if (expires_soon(in))
		set(out, VERDICT_WARN, "cert.expiring-soon");
}

/* A file that is right, but not imported, is one step short: browsers read the store. */
static void judge_authority(const struct judge_input *in, struct judgement *out)
{
	if (!facts_get_bool(in->facts, "is_ca", false))
		set(out, VERDICT_FAIL, "cert.not-a-ca");
	else if (judge_dates(in, out))
		return;
	else if (!facts_get_bool(in->facts, "in_root_store", true))
		set(out, VERDICT_WARN, "cert.not-trusted");
	else if (expires_soon(in))
		set(out, VERDICT_WARN, "cert.expiring-soon");
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	const char *error = facts_get_str(in->facts, "error");

	set(out, VERDICT_PASS, NULL);
	if (error != NULL)
		judge_closed(in, error, out);
	else if (!facts_has(in->facts, "subject"))
		set(out, VERDICT_UNKNOWN, "run.unreadable");
	else if (is_password(in->check) && facts_has(in->facts, "password_trailing"))
		set(out, VERDICT_WARN, "cert.password-trailing-space");
	else if (is_password(in->check))
		return;
	else if (certificate_of(in->check)->authority)
		judge_authority(in, out);
	else
		judge_client(in, out);
}

extern const struct check_type check_cert;
const struct check_type check_cert = {
	.name = "cert",
	.text = "A client or CA certificate on this terminal, or the password of its file.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.causes = causes,
	.targets = check_targets_none,
	.start = start,
	.stop = check_stop_none,
	.release = check_release_none,
	.collect = check_collect_none,
	.judge = judge,
};
