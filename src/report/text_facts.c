/*
 * What lies behind a verdict, for a second look: a check's facts and timings (-v), with the
 * catalogue's names ("fact.NAME", "timing.NAME") where it has them, and units.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define TEXT_MAX   (16 * 1024)
#define DEPTH_MAX  4
#define LABEL_MOST 28 /* columns of a name; what is wider stands alone */

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- values ---- */

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool ends_with(const char *name, const char *ending)
{
	size_t len = strlen(name), tail = strlen(ending);

	return len > tail && strcmp(name + len - tail, ending) == 0;
}

static void add_number(
	const struct sheet *sheet, struct strbuf *out, const char *name, double number)
{
	static const char *const sizes[] = {"available", "total", "required", "size", "free"};
	static const char *const days[] = {"end", "extended_end", "lifecycle_date"};
	static const char *const times[] = {"not_after", "not_before", "date"};
	char text[64];

	if (is_one_of(name, sizes, COUNT(sizes))) {
		strbuf_addf(out, number >= 1e9 ? "%.1f GB" : "%.1f MB",
			number >= 1e9 ? number / 1e9 : number / 1e6);
		strbuf_addf(out, " (%.0f)", number);
	} else if (is_one_of(name, days, COUNT(days)) && number > -719528 && number < 2932897) {
		format_date(text, (long long)number);
		strbuf_adds(out, text);
	} else if (is_one_of(name, times, COUNT(times)) || ends_with(name, "_epoch")) {
		format_time(text, number);
		strbuf_adds(out, text);
	} else {
		char id[96];
		snprintf(id, sizeof id, "fact_unit.%.60s", name);
		const char *unit = message_or_null(sheet->page.lang, id);
		strbuf_addf(out, "%.15g%s", number, unit != NULL ? unit : "");
	}
}

static void add_string(
	const struct sheet *sheet, struct strbuf *out, const char *name, const char *text)
{
	static const char *const outcomes[] = {"a", "aaaa", "aaaa_outcome", "first_outcome"};
	char id[160];

	snprintf(id, sizeof id, "%.60s.%.60s",
		is_one_of(name, outcomes, COUNT(outcomes)) ? "outcome" : name, text);
	const char *word = message_or_null(sheet->page.lang, id);
	if (word != NULL)
		strbuf_addf(out, "%s (%s)", word, text);
	else
		strbuf_adds(out, text);
}

static void add_value(
	const struct sheet *sheet, struct strbuf *out, const char *name, json_t *value, int depth);

static void add_list(
	const struct sheet *sheet, struct strbuf *out, const char *name, json_t *list, int depth)
{
	size_t i;
	json_t *item;

	if (json_array_size(list) == 0)
		strbuf_adds(out, sheet_message(sheet, "fact_none"));
	json_array_foreach(list, i, item)
	{
		if (i > 0)
			strbuf_adds(out, json_is_object(item)
						 ? "\n"
						 : sheet_message(sheet, "list.separator"));
		add_value(sheet, out, name, item, depth + 1);
	}
}

static const char *fact_name(const struct sheet *sheet, const char *prefix, const char *name)
{
	return sheet_word(sheet, prefix, name);
}

/* On one line: "name: value; name: value". */
static void add_object(const struct sheet *sheet, struct strbuf *out, json_t *object, int depth)
{
	const char *name, *between = "";
	json_t *value;

	json_object_foreach(object, name, value)
	{
		strbuf_addf(out, "%s%s: ", between, fact_name(sheet, "fact", name));
		add_value(sheet, out, name, value, depth + 1);
		between = "; ";
	}
}

static void add_value(
	const struct sheet *sheet, struct strbuf *out, const char *name, json_t *value, int depth)
{
	if (depth > DEPTH_MAX || json_is_null(value))
		strbuf_adds(out, "-");
	else if (json_is_string(value))
		add_string(sheet, out, name, json_string_value(value));
	else if (json_is_boolean(value))
		strbuf_adds(
			out, sheet_message(sheet, json_is_true(value) ? "fact_yes" : "fact_no"));
	else if (json_is_number(value))
		add_number(sheet, out, name, json_number_value(value));
	else if (json_is_array(value))
		add_list(sheet, out, name, value, depth);
	else
		add_object(sheet, out, value, depth);
}

/* ---- a check's ---- */

/* A time is told once: as a date, not also as a number of seconds. */
static bool is_repeated(const json_t *facts, const char *name)
{
	char twin[64];

	if (!ends_with(name, "_epoch"))
		return false;
	snprintf(twin, sizeof twin, "%.*s", (int)(strlen(name) - strlen("_epoch")), name);
	return json_object_get(facts, twin) != NULL;
}

static int label_width(const struct sheet *sheet, json_t *facts)
{
	const char *name;
	json_t *value;
	int widest = 0;

	json_object_foreach(facts, name, value)
	{
		int width = report_text_width(fact_name(sheet, "fact", name));
		if (width > widest && width <= LABEL_MOST && !is_repeated(facts, name))
			widest = width;
	}
	return widest;
}

static void put_fact(
	struct sheet *sheet, int column, int value_column, const char *name, json_t *value)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	add_value(sheet, &text, name, value, 0);
	page_pad(&sheet->page, column);
	page_text(&sheet->page, column, fact_name(sheet, "fact", name));
	if (sheet->page.column + 2 > value_column)
		page_newline(&sheet->page);
	page_pad(&sheet->page, value_column);
	page_text(&sheet->page, value_column, text.data);
	page_newline(&sheet->page);
	strbuf_release(&text);
}

/* Milliseconds with as many digits as matter. */
static void add_ms(struct strbuf *out, double ms)
{
	strbuf_addf(out, ms < 9.95 ? "%.2f ms" : ms < 99.5 ? "%.1f ms" : "%.0f ms", ms);
}

/* The time of one DNS server's answer, "server_1_aaaa_ms", or any other by its name. */
static void add_timing_name(const struct sheet *sheet, struct strbuf *out, const char *name)
{
	int server, end = 0;
	char type[8];

	if (sscanf(name, "server_%2d_%7[a-z]_ms%n", &server, type, &end) == 2 && end > 0 &&
		name[end] == '\0')
		strbuf_addf(out, "%s %d %s ", fact_name(sheet, "timing", "server"), server,
			strcmp(type, "a") == 0 ? "A" : "AAAA");
	else
		strbuf_addf(out, "%s ", fact_name(sheet, "timing", name));
}

/* All on one line, in the order in which they passed. */
static void add_timings(const struct sheet *sheet, struct strbuf *out, json_t *timings)
{
	const char *name, *between = "";
	json_t *value;

	if (json_object_size(timings) == 0)
		return;
	strbuf_addf(out, "%s: ", sheet_message(sheet, "label.timings"));
	json_object_foreach(timings, name, value)
	{
		strbuf_adds(out, between);
		add_timing_name(sheet, out, name);
		add_ms(out, json_number_value(value));
		between = sheet_message(sheet, "list.separator");
	}
}

void text_facts(struct sheet *sheet, const json_t *check, int column)
{
	json_t *facts = json_object_get(check, "facts"), *value;
	int value_column = column + label_width(sheet, facts) + 2;
	const char *name;
	struct strbuf timings;

	json_object_foreach(facts, name, value) if (!is_repeated(facts, name))
		put_fact(sheet, column, value_column, name, value);
	strbuf_init(&timings, TEXT_MAX);
	add_timings(sheet, &timings, json_object_get(check, "timings"));
	if (timings.len > 0) {
		page_pad(&sheet->page, column);
		page_text(&sheet->page, column + 2, timings.data);
		page_newline(&sheet->page);
	}
	strbuf_release(&timings);
}

void fact_lines(const struct sheet *sheet, struct strbuf *out, const json_t *check)
{
	json_t *facts = json_object_get(check, "facts"), *value;
	const char *name;

	json_object_foreach(facts, name, value)
	{
		if (is_repeated(facts, name))
			continue;
		strbuf_addf(out, "%s: ", fact_name(sheet, "fact", name));
		add_value(sheet, out, name, value, 0);
		strbuf_addc(out, '\n');
	}
	size_t before = out->len;
	add_timings(sheet, out, json_object_get(check, "timings"));
	if (out->len > before)
		strbuf_addc(out, '\n');
}
