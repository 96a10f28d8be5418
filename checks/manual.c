/*
 * manual: what only a person can confirm; shown as a question, never as passed.
 */
#include "cause.h"
#include "check.h"
#include "identity.h"
#include "support.h"

#include <string.h>

static const char *const actors[] = {"it", "network", "carrier", "desk", NULL};

static const char *const protocols[] = {"esp", NULL};

static const struct check_key keys[] = {
	{
		.name = "question",
		.type = KEY_TEXT,
		.required = true,
		.text = "What to confirm, as a question.",
	},
	{
		.name = "ask",
		.type = KEY_ENUM,
		.choices = actors,
		.fallback = "it",
		.text = "Who can answer it: IT staff, the network administrator, the line carrier "
			"or ISP, or the service desk.",
	},
	{
		.name = "on",
		.type = KEY_STRS,
		.max = 100,
		.validate = os_expression_validate,
		.text = "Operating systems that the question is for; on others it is skipped.",
	},
	{
		.name = "certificate",
		.type = KEY_CERTIFICATE,
		.text = "A certificate, by its id in `certificates`, whose subject and issuer are "
			"shown with the question.",
	},
	{
		.name = "host",
		.type = KEY_HOST,
		.text = "The host that the question is about, an id in `hosts`.",
	},
	{
		.name = "protocol",
		.type = KEY_ENUM,
		.choices = protocols,
		.text = "Traffic with that host which a terminal cannot try, for the sheet of "
			"`request`: ESP, IP protocol 50.",
	},
};

static const char *const causes[] = {NULL};

/* With an unknown OS the question is asked. */
static void put_applies(struct check_run *c)
{
	const struct terminal *terminal = run_terminal(c->run);
	const struct strs *on = rule_list(c->check, "on");
	bool applies = on->count == 0 || !terminal->os_known;

	for (size_t i = 0; !applies && i < on->count; i++)
		applies = os_expression_match(on->items[i], &terminal->os);
	facts_bool(&c->facts, "applies", applies);
}

static void put_certificate(struct check_run *c)
{
	const struct rule_certificate *certificate = rule_certificate(c->check, "certificate");
	const struct identity *identity = NULL;

	if (certificate != NULL)
		identity = run_identity(c->run, certificate);
	if (identity == NULL)
		return;
	facts_str(&c->facts, "subject", facts_get_str(identity_facts(identity), "subject"));
	facts_str(&c->facts, "issuer", facts_get_str(identity_facts(identity), "issuer"));
}

static void start(struct check_run *c)
{
	facts_str(&c->facts, "ask", rule_string(c->check, "ask"));
	put_applies(c);
	put_certificate(c);
	check_done(c);
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	const char *ask = rule_string(in->check, "ask");

	*out = (struct judgement){.verdict = VERDICT_MANUAL};
	if (!facts_get_bool(in->facts, "applies", true)) {
		out->verdict = VERDICT_SKIP;
		return;
	}
	for (int i = 0; ask != NULL && i < ACTOR_COUNT; i++)
		if (strcmp(ask, actor_name((enum actor)(1 << i))) == 0)
			out->actors = 1u << i;
}

extern const struct check_type check_manual;
const struct check_type check_manual = {
	.name = "manual",
	.text = "A question that only a person can answer.",
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
