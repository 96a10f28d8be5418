/* preflight explain: a check, a requirement row or a cause in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "report.h"
#include "select.h"
#include "verdict.h"

struct explainer {
	const struct rules *rules;
	enum lang lang;
};

static void line(const char *label, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	print_padded(label, 14);
	report_print_safe(stdout, text);
	putchar('\n');
}

static const char *say(const struct explainer *x, const char *ja, const char *en)
{
	return x->lang == LANG_JA ? ja : en;
}

static void print_actors(const struct explainer *x, unsigned actors)
{
	struct strbuf list;
	char id[32];

	strbuf_init(&list, 256);
	for (int i = 0; i < ACTOR_COUNT; i++) {
		if (!(actors & 1u << i))
			continue;
		snprintf(id, sizeof id, "actor.%s", actor_name((enum actor)(1u << i)));
		strbuf_addf(&list, "%s%s", list.len > 0 ? say(x, "、", ", ") : "",
			message(x->lang, id));
	}
	line(say(x, "対応する人", "Who"), list.data);
	strbuf_release(&list);
}

static void print_requirement(const struct explainer *x, const struct rule_requirement *row)
{
	printf("%s  ", row->id);
	report_print_safe(stdout, text_in(&row->text, x->lang));
	putchar('\n');
	line(say(x, "出典", "Source"), text_in(&row->source, x->lang));
}

static void print_cause(const struct explainer *x, const char *code, const struct text *remedy)
{
	const struct rule_cause *cause = rules_cause(x->rules, code);
	const struct cause_info *info = cause_find(code);

	printf("\n%s  ", code);
	if (cause != NULL)
		report_print_safe(stdout, text_in(&cause->title, x->lang));
	putchar('\n');
	if (remedy == NULL && cause != NULL)
		remedy = &cause->remedy;
	if (remedy != NULL)
		line(say(x, "対処", "Remedy"), text_in(remedy, x->lang));
	if (info != NULL)
		print_actors(x, info->actors);
}

static const struct text *own_remedy(const struct rule_check *check, const char *code)
{
	for (size_t i = 0; i < check->remedy_count; i++)
		if (strcmp(check->remedies[i].cause, code) == 0)
			return &check->remedies[i].text;
	return NULL;
}

static void print_check(const struct explainer *x, const struct rule_check *check)
{
	printf("%s  ", check->id);
	report_print_safe(stdout, text_in(&check->title, x->lang));
	putchar('\n');
	line(say(x, "種類", "Type"), check->type->name);
	line(say(x, "重要度", "Severity"), severity_name(check->severity));
	line(say(x, "時期", "Phase"), phase_name(check->phase));
	line(say(x, "理由", "Why"), text_in(&check->why, x->lang));
	for (size_t i = 0; i < check->sources.count; i++) {
		const struct rule_requirement *row =
			rules_requirement(x->rules, check->sources.items[i]);
		putchar('\n');
		if (row != NULL)
			print_requirement(x, row);
	}
	for (size_t i = 0; check->type->causes[i] != NULL; i++)
		if (strncmp(check->type->causes[i], "run.", 4) != 0)
			print_cause(x, check->type->causes[i],
				own_remedy(check, check->type->causes[i]));
}

static bool answers_for(const struct rule_check *check, const char *row)
{
	return strs_contains(&check->sources, row);
}

static void print_row(const struct explainer *x, const struct rule_requirement *row)
{
	print_requirement(x, row);
	for (size_t i = 0; i < x->rules->check_count; i++) {
		if (!answers_for(&x->rules->checks[i], row->id))
			continue;
		putchar('\n');
		print_padded(x->rules->checks[i].id, 24);
		report_print_safe(stdout, text_in(&x->rules->checks[i].title, x->lang));
	}
	putchar('\n');
}

static int unknown(const struct explainer *x, const char *word)
{
	size_t count = 0, most = x->rules->check_count + x->rules->requirement_count + cause_count;
	const char **names = mem_alloc((most + 1) * sizeof names[0]);

	for (size_t i = 0; i < x->rules->check_count; i++)
		names[count++] = x->rules->checks[i].id;
	for (size_t i = 0; i < x->rules->requirement_count; i++)
		names[count++] = x->rules->requirements[i].id;
	for (size_t i = 0; i < cause_count; i++)
		names[count++] = cause_table[i].code;
	const char *near = diag_suggest(word, names);
	fprintf(stderr, "preflight: explain: ");
	report_print_safe(stderr, word);
	fprintf(stderr, ": no such check, requirement or cause%s%s%s\n",
		near != NULL ? "; did you mean " : "", near != NULL ? near : "",
		near != NULL ? "?" : "");
	free(names);
	return EXIT_USAGE;
}

int command_explain(const struct options *options)
{
	const char *word = options->args.items[0];
	struct rules *rules = command_rules(options);
	struct explainer x = {.rules = rules, .lang = options->lang};
	int code = EXIT_READY;

	if (rules == NULL)
		return EXIT_USAGE;
	if (rules_check(rules, word) != NULL)
		print_check(&x, rules_check(rules, word));
	else if (rules_requirement(rules, word) != NULL)
		print_row(&x, rules_requirement(rules, word));
	else if (cause_find(word) != NULL)
		print_cause(&x, word, NULL);
	else
		code = unknown(&x, word);
	rules_free(rules);
	return code;
}
