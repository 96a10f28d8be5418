/* Verdicts as data: see judge_rows.h. */
#include "judge_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cause.h"
#include "check.h"

struct rules *judge_rules(const char *text)
{
	struct rule_source source = {.name = "test.yaml", .text = text, .len = strlen(text)};
	struct diags diags = {0};
	struct rules *rules = rules_load(&source, 1, &diags);

	diags_print(&diags, stderr);
	diags_release(&diags);
	assert_non_null(rules);
	return rules;
}

static bool announced(const struct check_type *type, const char *cause)
{
	for (size_t i = 0; type->causes[i] != NULL; i++)
		if (strcmp(type->causes[i], cause) == 0)
			return cause_find(cause) != NULL;
	return false;
}

static void judge_row(const struct rules *rules, const struct judge_row *row)
{
	const struct rule_check *check = rules_check(rules, row->check);
	char text[2048];

	assert_non_null(check);
	snprintf(text, sizeof text, "{%s\"end\":0}", row->facts);
	struct facts facts = {.object = json_loads(text, 0, NULL)};
	assert_non_null(facts.object);
	struct judge_input in = {.check = check, .rules = rules, .facts = &facts};
	struct judgement out = {.verdict = VERDICT_COUNT};

	check->type->judge(&in, &out);
	const char *cause = out.cause != NULL ? out.cause : "no cause";
	const char *expected = row->cause != NULL ? row->cause : "no cause";
	if (out.verdict != row->verdict || strcmp(cause, expected) != 0)
		fail_msg("%s: {%s}: %s (%s), expected %s (%s)", row->check, row->facts,
			out.verdict < VERDICT_COUNT ? verdict_name(out.verdict) : "nothing", cause,
			verdict_name(row->verdict), expected);
	if (out.cause != NULL && !announced(check->type, out.cause))
		fail_msg("%s: %s is not announced", row->check, out.cause);
	facts_release(&facts);
}

static bool has_row(const struct rules *rules, const struct judge_row *rows, size_t count,
	const struct check_type *type, const char *cause)
{
	for (size_t i = 0; i < count; i++)
		if (rules_check(rules, rows[i].check)->type == type && rows[i].cause != NULL &&
			strcmp(rows[i].cause, cause) == 0)
			return true;
	return false;
}

void judge_rows(const struct rules *rules, const struct judge_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		judge_row(rules, &rows[i]);
	for (size_t i = 0; i < rules->check_count; i++) {
		const struct check_type *type = rules->checks[i].type;
		for (size_t j = 0; type->causes[j] != NULL; j++)
			if (!has_row(rules, rows, count, type, type->causes[j]))
				fail_msg("%s: no row for %s", type->name, type->causes[j]);
	}
}
