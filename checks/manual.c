/*
 * manual: what only a person can confirm; shown as a question, never as passed.
 */
#include "cause.h"
#include "check.h"

#include <string.h>

static const char *const actors[] = {"it", "network", "carrier", "desk", NULL};

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
};

static const char *const causes[] = {NULL};

static void start(struct check_run *c)
{
	facts_str(&c->facts, "ask", rule_string(c->check, "ask"));
	check_done(c);
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	const char *ask = rule_string(in->check, "ask");

	*out = (struct judgement){.verdict = VERDICT_MANUAL};
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
