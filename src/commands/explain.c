/*
 * preflight explain: a check, a requirement row or a cause in words. First what is required and
 * why, then what can go wrong, what to do and who does it. Templates are filled as far as the
 * rule file knows their values.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "platform.h"
#include "report/internal.h"
#include "check_texts.h"
#include "select.h"
#include "verdict.h"

#define TEXT_MAX     (16 * 1024)
#define WIDTH        80 /* where the output is no terminal */
#define BODY         2
#define ROW_COLUMN   7
#define CHECK_COLUMN 26

struct explainer {
	const struct rules *rules;
	struct page page;
	json_t *values; /* of templates; owned */
};

static const char *say(const struct explainer *x, const char *id)
{
	return message(x->page.lang, id);
}

static void put_line(struct explainer *x, int indent, const char *text)
{
	page_pad(&x->page, indent);
	page_text(&x->page, indent, text);
	page_newline(&x->page);
}

static void put_heading(struct explainer *x, const char *id)
{
	page_newline(&x->page);
	page_word(&x->page, TONE_STRONG, say(x, id));
	page_newline(&x->page);
}

/* "Label  text", wrapped behind the label. */
static void put_labelled(struct explainer *x, int indent, const char *id, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	page_pad(&x->page, indent);
	page_word(&x->page, TONE_DIM, say(x, id));
	page_word(&x->page, TONE_PLAIN, "  ");
	page_text(&x->page, x->page.column, text);
	page_newline(&x->page);
}

/* The text with its values, in a buffer to release. */
static void expand(struct explainer *x, struct strbuf *out, const struct text *text)
{
	strbuf_init(out, TEXT_MAX);
	template_expand(out, text_in(text, x->page.lang), x->values);
}

/* ---- parts ---- */

static void put_requirement(struct explainer *x, const char *id)
{
	const struct rule_requirement *row = rules_requirement(x->rules, id);

	page_pad(&x->page, BODY);
	page_word(&x->page, TONE_STRONG, id);
	page_pad(&x->page, ROW_COLUMN);
	if (row == NULL) {
		page_newline(&x->page);
		return;
	}
	page_text(&x->page, ROW_COLUMN, text_in(&row->text, x->page.lang));
	page_newline(&x->page);
	put_labelled(x, ROW_COLUMN, "explain.source", text_in(&row->source, x->page.lang));
}

static void add_word(struct strbuf *list, const char *separator, const char *word)
{
	strbuf_addf(list, "%s%s", list->len > 0 ? separator : "", word);
}

static void put_where(struct explainer *x, const struct cause_info *info)
{
	struct strbuf list;
	char id[64];

	strbuf_init(&list, TEXT_MAX);
	for (unsigned i = 0; i < SEGMENT_COUNT; i++) {
		if (!(info->segments & 1u << i))
			continue;
		snprintf(id, sizeof id, "segment.%s", segment_name((enum segment)(1u << i)));
		add_word(&list, say(x, "list.or"), say(x, id));
	}
	put_labelled(x, 2 * BODY, "label.where", list.data);
	strbuf_release(&list);
}

static void put_who(struct explainer *x, const struct cause_info *info)
{
	struct strbuf list;
	char id[64];

	strbuf_init(&list, TEXT_MAX);
	for (unsigned i = 0; i < ACTOR_COUNT; i++) {
		if (!(info->actors & 1u << i))
			continue;
		snprintf(id, sizeof id, "actor.%s", actor_name((enum actor)(1u << i)));
		add_word(&list, say(x, "list.separator"), say(x, id));
	}
	put_labelled(x, 2 * BODY, "label.who", list.data);
	strbuf_release(&list);
}

static void put_cause(struct explainer *x, const char *code, const struct text *own)
{
	const struct rule_cause *cause = rules_cause(x->rules, code);
	const struct cause_info *info = cause_find(code);
	struct strbuf title, remedy;

	if (cause == NULL)
		return;
	expand(x, &title, &cause->title);
	expand(x, &remedy, own != NULL ? own : &cause->remedy);
	strbuf_addf(&title, " (%s)", code);
	put_line(x, BODY, title.data);
	if (info != NULL) {
		put_where(x, info);
		put_who(x, info);
	}
	page_steps(&x->page, 2 * BODY, remedy.data);
	strbuf_release(&title);
	strbuf_release(&remedy);
}

static void put_name(struct explainer *x, const char *id, const char *title)
{
	page_word(&x->page, TONE_STRONG, id);
	page_word(&x->page, TONE_PLAIN, "  ");
	page_text(&x->page, BODY, title);
	page_newline(&x->page);
}

/* ---- a check ---- */

static void put_question(struct explainer *x, const struct rule_check *check, int indent)
{
	const struct value *question = rule_given(check, "question"),
			   *ask = rule_given(check, "ask");
	char id[64];

	if (question == NULL)
		return;
	put_labelled(x, indent, "explain.question", text_in(&question->text, x->page.lang));
	if (ask == NULL || ask->string == NULL)
		return;
	snprintf(id, sizeof id, "actor.%.32s", ask->string);
	put_labelled(x, indent, "explain.ask", say(x, id));
}

static void put_facts(struct explainer *x, const struct rule_check *check)
{
	struct strbuf line;
	char severity[64], phase[64];

	strbuf_init(&line, TEXT_MAX);
	snprintf(severity, sizeof severity, "severity.%s", severity_name(check->severity));
	snprintf(phase, sizeof phase, "phase.%s", phase_name(check->phase));
	strbuf_addf(&line, "%s · %s · %s", say(x, severity), say(x, phase), check->type->name);
	put_line(x, BODY, line.data);
	strbuf_reset(&line);
	template_expand(&line, "[{flows}]", x->values);
	put_labelled(x, BODY, "explain.flows", line.data);
	put_labelled(x, BODY, "explain.why", text_in(&check->why, x->page.lang));
	strbuf_release(&line);
}

static void explain_check(struct explainer *x, const struct rule_check *check)
{
	const char *const *causes = check->type->causes;
	bool headed = false;

	x->values = check_values(check, x->page.lang);
	put_name(x, check->id, text_in(&check->title, x->page.lang));
	put_facts(x, check);
	put_question(x, check, BODY);
	if (check->sources.count > 0)
		put_heading(x, "explain.requirements");
	for (size_t i = 0; i < check->sources.count; i++)
		put_requirement(x, check->sources.items[i]);
	for (size_t i = 0; causes[i] != NULL; i++) {
		if (strncmp(causes[i], "run.", 4) == 0)
			continue;
		if (!headed)
			put_heading(x, "explain.causes");
		else
			page_newline(&x->page);
		headed = true;
		put_cause(x, causes[i], check_remedy(check, causes[i]));
	}
}

/* ---- a row, a cause ---- */

static void put_check(struct explainer *x, const struct rule_check *check)
{
	page_pad(&x->page, BODY);
	page_word(&x->page, TONE_PLAIN, check->id);
	page_word(&x->page, TONE_PLAIN, "  ");
	page_pad(&x->page, CHECK_COLUMN);
	page_text(&x->page, CHECK_COLUMN, text_in(&check->title, x->page.lang));
	page_newline(&x->page);
}

/* The checks of a row. */
struct answering {
	const struct rule_check **checks; /* owned */
	size_t count;
};

static void answering_init(struct answering *a, const struct rules *rules, const char *row)
{
	a->checks = mem_alloc((rules->check_count + 1) * sizeof a->checks[0]);
	a->count = 0;
	for (size_t i = 0; i < rules->check_count; i++)
		if (strs_contains(&rules->checks[i].sources, row))
			a->checks[a->count++] = &rules->checks[i];
}

/* Remedies of single checks, where they do not all say the same. */
static void put_own_remedies(
	struct explainer *x, const struct rule_check *const *checks, size_t count, const char *code)
{
	for (size_t i = 0; i < count; i++) {
		const struct text *own = check_remedy(checks[i], code);
		struct strbuf remedy;
		if (own == NULL)
			continue;
		json_decref(x->values);
		x->values = check_values(checks[i], x->page.lang);
		expand(x, &remedy, own);
		put_labelled(x, 2 * BODY, "explain.for-check", checks[i]->id);
		page_steps(&x->page, 2 * BODY, remedy.data);
		strbuf_release(&remedy);
	}
}

/* A cause of a row, once for all checks that show it. */
static void put_row_cause(struct explainer *x, const struct answering *row, const char *code)
{
	const struct rule_check **showing = mem_alloc((row->count + 1) * sizeof showing[0]);
	size_t count = 0;

	for (size_t i = 0; i < row->count; i++)
		if (check_shows(row->checks[i], code))
			showing[count++] = row->checks[i];
	const struct text *shared = checks_remedy(showing, count, code);
	json_decref(x->values);
	x->values = checks_values(showing, count, x->page.lang);
	put_cause(x, code, shared);
	if (shared == NULL)
		put_own_remedies(x, showing, count, code);
	free(showing);
}

static bool shown_before(const struct answering *row, size_t until, const char *code)
{
	for (size_t i = 0; i < until; i++)
		if (check_shows(row->checks[i], code))
			return true;
	return false;
}

static void put_row_causes(struct explainer *x, const struct answering *row)
{
	bool headed = false;

	for (size_t i = 0; i < row->count; i++) {
		const char *const *causes = row->checks[i]->type->causes;
		for (size_t k = 0; causes[k] != NULL; k++) {
			if (strncmp(causes[k], "run.", 4) == 0 || shown_before(row, i, causes[k]))
				continue;
			if (!headed)
				put_heading(x, "explain.causes");
			else
				page_newline(&x->page);
			headed = true;
			put_row_cause(x, row, causes[k]);
		}
	}
}

static void put_why(struct explainer *x, const struct rule_check *check)
{
	put_labelled(x, 2 * BODY, "explain.why", text_in(&check->why, x->page.lang));
}

static void explain_row(struct explainer *x, const struct rule_requirement *row)
{
	struct answering list;

	answering_init(&list, x->rules, row->id);
	put_requirement(x, row->id);
	if (list.count > 0)
		put_heading(x, "explain.checks");
	for (size_t i = 0; i < list.count; i++) {
		put_check(x, list.checks[i]);
		put_why(x, list.checks[i]);
		put_question(x, list.checks[i], 2 * BODY);
	}
	put_row_causes(x, &list);
	free(list.checks);
}

static void explain_cause(struct explainer *x, const char *code)
{
	bool any = false;

	x->values = values_unknown(x->page.lang);
	put_cause(x, code, NULL);
	for (size_t i = 0; i < x->rules->check_count; i++) {
		if (!check_shows(&x->rules->checks[i], code))
			continue;
		if (!any)
			put_heading(x, "explain.shown-by");
		any = true;
		put_check(x, &x->rules->checks[i]);
	}
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
	struct explainer x = {.rules = rules,
		.page = {.out = stdout,
			.width = platform_is_terminal(stdout) ? platform_terminal_width(stdout)
							      : WIDTH,
			.lang = options->lang}};
	int code = EXIT_READY;

	if (rules == NULL)
		return EXIT_USAGE;
	if (rules_check(rules, word) != NULL)
		explain_check(&x, rules_check(rules, word));
	else if (rules_requirement(rules, word) != NULL)
		explain_row(&x, rules_requirement(rules, word));
	else if (cause_find(word) != NULL)
		explain_cause(&x, word);
	else
		code = unknown(&x, word);
	json_decref(x.values);
	rules_free(rules);
	return code;
}
