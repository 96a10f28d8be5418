/* preflight list: the checks of a profile, with the requirement rows they answer for and their
 * sources. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "report.h"
#include "report/internal.h"
#include "select.h"
#include "verdict.h"

/* ---- sources of the rows: each once ---- */

struct documents {
	const struct rule_requirement **rows; /* owned; the first row of each source */
	struct strbuf *ids;                   /* owned; the rows with that source */
	size_t count;
};

static bool same_source(const struct rule_requirement *a, const struct rule_requirement *b)
{
	return strcmp(text_in(&a->source, LANG_EN), text_in(&b->source, LANG_EN)) == 0 &&
	       strcmp(text_in(&a->source, LANG_JA), text_in(&b->source, LANG_JA)) == 0;
}

static bool answered(const struct plan *plan, const char *row)
{
	for (size_t i = 0; i < plan->item_count; i++)
		if (strs_contains(&plan->items[i].check->sources, row))
			return true;
	return false;
}

static void documents_add(struct documents *list, const struct rule_requirement *row)
{
	size_t at = 0;

	while (at < list->count && !same_source(list->rows[at], row))
		at++;
	if (at == list->count) {
		list->rows[list->count] = row;
		strbuf_init(&list->ids[list->count++], 1024);
	}
	strbuf_addf(&list->ids[at], "%s%s", list->ids[at].len > 0 ? " " : "", row->id);
}

/* In the order of the rules, whatever the order of the checks. */
static void documents_init(struct documents *list, const struct selection *s)
{
	size_t most = s->rules->requirement_count + 1;

	*list = (struct documents){.rows = mem_alloc(most * sizeof list->rows[0]),
		.ids = mem_alloc(most * sizeof list->ids[0])};
	for (size_t i = 0; i < s->rules->requirement_count; i++)
		if (answered(&s->plan, s->rules->requirements[i].id))
			documents_add(list, &s->rules->requirements[i]);
}

static void documents_release(struct documents *list)
{
	for (size_t i = 0; i < list->count; i++)
		strbuf_release(&list->ids[i]);
	free(list->ids);
	free(list->rows);
}

/* ---- JSON ---- */

static json_t *text_json(const struct text *text)
{
	return json_pack("{s:s, s:s}", "ja", text_in(text, LANG_JA), "en", text_in(text, LANG_EN));
}

static json_t *rows_json(const struct rules *rules, const struct rule_check *check)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < check->sources.count; i++) {
		const struct rule_requirement *row =
			rules_requirement(rules, check->sources.items[i]);
		if (row != NULL)
			json_array_append_new(rows,
				json_pack("{s:s, s:o, s:o}", "id", row->id, "text",
					text_json(&row->text), "source", text_json(&row->source)));
	}
	return rows;
}

static json_t *check_json(const struct rules *rules, const struct rule_check *check)
{
	json_t *sources = json_array();

	for (size_t i = 0; i < check->sources.count; i++)
		json_array_append_new(sources, json_string(check->sources.items[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "id", check->id, "type",
		check->type->name, "severity", severity_name(check->severity), "phase",
		phase_name(check->phase), "title", text_json(&check->title), "source", sources,
		"rows", rows_json(rules, check));
}

static void print_json(const struct selection *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->plan.item_count; i++)
		json_array_append_new(list, check_json(s->rules, s->plan.items[i].check));
	json_dumpf(list, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(list);
}

/* ---- text ---- */

static void join(struct strbuf *out, const struct strs *words)
{
	for (size_t i = 0; i < words->count; i++)
		strbuf_addf(out, "%s%s", i > 0 ? " " : "", words->items[i]);
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

static void print_documents(const struct selection *s, const struct options *options)
{
	struct documents list;
	struct page page = {.out = stdout,
		.width = platform_is_terminal(stdout) ? platform_terminal_width(stdout) : 0,
		.lang = options->lang};

	documents_init(&list, s);
	if (list.count > 0) {
		putchar('\n');
		page_word(&page, TONE_PLAIN, message(options->lang, "list.documents"));
		page_newline(&page);
	}
	for (size_t i = 0; i < list.count; i++) {
		page_pad(&page, 2);
		page_text(&page, 2, text_in(&list.rows[i]->source, options->lang));
		page_newline(&page);
		page_pad(&page, 4);
		page_text(&page, 4, list.ids[i].data);
		page_newline(&page);
	}
	documents_release(&list);
}

static void print_text(const struct selection *s, const struct options *options)
{
	for (size_t i = 0; i < s->plan.item_count; i++)
		print_check(s->plan.items[i].check, options);
	print_documents(s, options);
}

int command_list(const struct options *options)
{
	struct selection s;
	int code = selection_make(&s, options);
	bool json = options->format != NULL && strcmp(options->format, "json") == 0;

	if (code == 0 && json)
		print_json(&s);
	else if (code == 0)
		print_text(&s, options);
	selection_release(&s);
	return code;
}
