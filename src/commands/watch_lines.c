/* Events as lines for people, or as JSON Lines. */
#include "watch.h"

#include <stdlib.h>
#include <string.h>

#include "report/internal.h"
#include "span.h"
#include "strbuf.h"

#define LINE_MAX_BYTES 8192

/* "2026-11-21T02:03:04Z" as the reader's clock shows it: "11:03:04". */
static void put_clock(struct sheet *sheet, const json_t *event)
{
	char clock[16];

	span_clock(clock, span_parse(member_string(event, "time")));
	fprintf(sheet->page.out, "%s ", clock);
}

static void put_template(struct sheet *sheet, const char *id, const json_t *values)
{
	struct strbuf line;

	strbuf_init(&line, LINE_MAX_BYTES);
	template_expand(&line, sheet_message(sheet, id), values);
	report_print_safe(sheet->page.out, line.data);
	fputc('\n', sheet->page.out);
	strbuf_release(&line);
}

static json_t *word(
	const struct sheet *sheet, const char *prefix, const json_t *object, const char *name)
{
	return json_string(sheet_word(sheet, prefix, member_string(object, name)));
}

static json_t *cause_titles(const struct sheet *sheet, const json_t *event)
{
	json_t *list = json_array(), *cause;
	size_t i;

	json_array_foreach(json_object_get(event, "causes"), i, cause)
	{
		const char *title = member_text(sheet, cause, "title");
		json_array_append_new(
			list, json_string(title != NULL ? title : member_string(cause, "code")));
	}
	if (json_array_size(list) > 0)
		return list;
	json_decref(list);
	return json_null();
}

static void put_first(struct sheet *sheet, const json_t *event)
{
	json_t *values = json_object(), *counts = json_copy(json_object_get(event, "counts"));
	const char *name;
	json_t *count;
	void *next;
	struct strbuf text;

	json_object_foreach_safe(counts, next, name, count)
	{
		if (json_integer_value(count) == 0 && strcmp(name, "pass") != 0)
			json_object_del(counts, name);
	}
	strbuf_init(&text, LINE_MAX_BYTES);
	template_expand(&text, sheet_message(sheet, "summary.counts"), counts);
	json_object_set_new(values, "counts", json_string(text.data));
	json_object_set_new(values, "verdict", word(sheet, "overall", event, "verdict"));
	json_object_set_new(values, "phase", word(sheet, "phase", event, "phase"));
	json_object_set_new(values, "causes", cause_titles(sheet, event));
	json_object_set_new(
		values, "list_separator", json_string(sheet_message(sheet, "list.separator")));
	put_clock(sheet, event);
	put_template(sheet, "watch.first", values);
	strbuf_release(&text);
	json_decref(counts);
	json_decref(values);
}

static void put_change(struct sheet *sheet, const json_t *event, const char *id, const char *prefix)
{
	json_t *values = json_object();

	json_object_set_new(values, "before", word(sheet, prefix, event, "before"));
	json_object_set_new(values, "after", word(sheet, prefix, event, "after"));
	put_clock(sheet, event);
	put_template(sheet, id, values);
	json_decref(values);
}

/* ---- checks: those that changed alike, by one cause, are one line ---- */

static bool is_alike(const json_t *a, const json_t *b)
{
	return member_is(b, "event", "check") && json_is_string(json_object_get(a, "cause")) &&
	       json_equal(json_object_get(a, "cause"), json_object_get(b, "cause")) &&
	       member_is(a, "before", member_string(b, "before")) &&
	       member_is(a, "after", member_string(b, "after"));
}

static bool told_before(const json_t *events, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (is_alike(json_array_get(events, index), json_array_get(events, i)))
			return true;
	return false;
}

static void put_check(struct sheet *sheet, const json_t *events, size_t index)
{
	const json_t *event = json_array_get(events, index);
	const char *title = member_text(sheet, event, "title");
	const char *detail = member_text(sheet, event, "detail");
	json_t *values = json_object();
	json_int_t more = 0;

	for (size_t i = index + 1; i < json_array_size(events); i++)
		more += is_alike(event, json_array_get(events, i));
	json_object_set_new(
		values, "title", json_string(title != NULL ? title : member_string(event, "id")));
	json_object_set_new(values, "before", word(sheet, "repeat", event, "before"));
	json_object_set_new(values, "after", word(sheet, "repeat", event, "after"));
	if (more > 0)
		json_object_set_new(values, "more", json_integer(more));
	if (detail != NULL)
		json_object_set_new(values, "detail", json_string(detail));
	put_clock(sheet, event);
	put_template(sheet, "watch.change", values);
	json_decref(values);
}

/* ---- summary ---- */

static void set_clock(json_t *values, const char *name, const json_t *row)
{
	char clock[16];

	if (!json_is_string(json_object_get(row, name)))
		return;
	span_clock(clock, span_parse(member_string(row, name)));
	json_object_set_new(values, name, json_string(clock));
}

static void put_row(struct sheet *sheet, const json_t *row)
{
	double longest = json_number_value(json_object_get(row, "longest_seconds"));
	double share = json_number_value(json_object_get(row, "share"));
	const char *title = member_text(sheet, row, "title");
	json_t *values = json_object();

	json_object_set_new(
		values, "title", json_string(title != NULL ? title : member_string(row, "id")));
	json_object_set(values, "runs", json_object_get(row, "runs"));
	json_object_set(values, "bad", json_object_get(row, "bad"));
	json_object_set(values, "changes", json_object_get(row, "changes"));
	json_object_set_new(values, "share", json_integer((json_int_t)(share * 100 + 0.5)));
	if (longest > 0) {
		char *span = span_text(sheet->page.lang, longest);
		json_object_set_new(values, "longest", json_string(span));
		free(span);
	}
	set_clock(values, "first", row);
	set_clock(values, "last", row);
	fputs("  ", sheet->page.out);
	put_template(sheet, "watch.check", values);
	json_decref(values);
}

static void put_summary(struct sheet *sheet, const json_t *event)
{
	const json_t *rows = json_object_get(event, "checks"), *row;
	char *span =
		span_text(sheet->page.lang, json_number_value(json_object_get(event, "seconds")));
	json_t *values = json_pack("{s:s, s:O, s:o}", "span", span, "runs",
		json_object_get(event, "run"), "verdict", word(sheet, "overall", event, "verdict"));
	size_t i;

	fputc('\n', sheet->page.out); /* after what a terminal shows of Ctrl-C */
	put_clock(sheet, event);
	put_template(sheet, "watch.summary", values);
	json_array_foreach(rows, i, row) put_row(sheet, row);
	if (json_array_size(rows) == 0)
		fprintf(sheet->page.out, "  %s\n", sheet_message(sheet, "watch.steady"));
	json_decref(values);
	free(span);
}

static void put_event(struct sheet *sheet, const json_t *events, size_t index)
{
	const json_t *event = json_array_get(events, index);

	if (member_is(event, "event", "first"))
		put_first(sheet, event);
	else if (member_is(event, "event", "phase"))
		put_change(sheet, event, "watch.phase", "phase");
	else if (member_is(event, "event", "check") && !told_before(events, index))
		put_check(sheet, events, index);
	else if (member_is(event, "event", "verdict"))
		put_change(sheet, event, "watch.verdict", "overall");
	else if (member_is(event, "event", "summary"))
		put_summary(sheet, event);
}

void watch_write(FILE *out, const json_t *events, bool json, enum lang lang)
{
	struct sheet sheet = {.page = {.out = out, .lang = lang}};

	for (size_t i = 0; i < json_array_size(events); i++) {
		if (json) {
			json_dumpf(json_array_get(events, i), out, JSON_COMPACT);
			fputc('\n', out);
		} else {
			put_event(&sheet, events, i);
		}
	}
	fflush(out);
}
