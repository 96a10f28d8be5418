/* preflight list: the checks of a profile, with the requirement rows they answer for. */
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "select.h"
#include "verdict.h"

static json_t *check_json(const struct rule_check *check)
{
	json_t *sources = json_array();

	for (size_t i = 0; i < check->sources.count; i++)
		json_array_append_new(sources, json_string(check->sources.items[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}, s:o}", "id", check->id, "type",
		check->type->name, "severity", severity_name(check->severity), "phase",
		phase_name(check->phase), "title", "ja", text_in(&check->title, LANG_JA), "en",
		text_in(&check->title, LANG_EN), "source", sources);
}

static void print_json(const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->item_count; i++)
		json_array_append_new(list, check_json(plan->items[i].check));
	json_dumpf(list, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(list);
}

static void join(struct strbuf *out, const struct strs *words)
{
	for (size_t i = 0; i < words->count; i++)
		strbuf_addf(out, "%s%s", i > 0 ? " " : "", words->items[i]);
}

/* The words that options and rule files take; in Japanese, what they mean. */
static const char *word_in(enum lang lang, const char *prefix, const char *word)
{
	char id[64];

	snprintf(id, sizeof id, "%s.%s", prefix, word);
	return lang == LANG_EN ? word : message(lang, id);
}

static void print_check(const struct rule_check *check, const struct options *options)
{
	struct strbuf rows;

	strbuf_init(&rows, 256);
	join(&rows, &check->sources);
	print_padded(check->id, 24);
	print_padded(word_in(options->lang, "severity", severity_name(check->severity)), 13);
	print_padded(word_in(options->lang, "phase", phase_name(check->phase)), 12);
	print_padded(rows.data, 12);
	report_print_safe(stdout, text_in(&check->title, options->lang));
	putchar('\n');
	const char *why = text_in(&check->why, options->lang);
	if (options->verbosity > 0 && why[0] != '\0') {
		print_padded("", 24);
		report_print_safe(stdout, why);
		putchar('\n');
	}
	strbuf_release(&rows);
}

int command_list(const struct options *options)
{
	struct selection s;
	int code = selection_make(&s, options);

	bool json = options->format != NULL && strcmp(options->format, "json") == 0;

	if (code == 0 && json)
		print_json(&s.plan);
	for (size_t i = 0; code == 0 && !json && i < s.plan.item_count; i++)
		print_check(s.plan.items[i].check, options);
	selection_release(&s);
	return code;
}
