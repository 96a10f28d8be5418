/*
 * The report as text for people: verdict, root causes, warnings, every check, checklist, footer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http_parse.h"
#include "internal.h"
#include "span.h"

#define TEXT_MAX    (16 * 1024)
#define WIDTH_LEAST 40 /* narrower pages are written this wide */

const char *sheet_message(const struct sheet *sheet, const char *id)
{
	return message(sheet->page.lang, id);
}

const char *sheet_word(const struct sheet *sheet, const char *prefix, const char *word)
{
	char id[128];

	snprintf(id, sizeof id, "%s.%s", prefix, word);
	const char *text = message_or_null(sheet->page.lang, id);
	return text != NULL ? text : word;
}

const char *member_string(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

bool member_is(const json_t *object, const char *name, const char *value)
{
	return strcmp(member_string(object, name), value) == 0;
}

const char *member_text(const struct sheet *sheet, const json_t *object, const char *name)
{
	const json_t *text = json_object_get(object, name);
	const char *found = json_string_value(json_object_get(text, lang_name(sheet->page.lang)));

	return found != NULL && *found != '\0' ? found : NULL;
}

void join_words(
	const struct sheet *sheet, struct strbuf *out, const json_t *list, const char *prefix)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));
		if (word == NULL)
			continue;
		if (out->len > 0)
			strbuf_adds(out, sheet_message(sheet, "list.separator"));
		strbuf_adds(out, prefix != NULL ? sheet_word(sheet, prefix, word) : word);
	}
}

void sheet_heading(struct sheet *sheet, const char *id)
{
	page_newline(&sheet->page);
	page_word(&sheet->page, TONE_STRONG, sheet_message(sheet, id));
	page_newline(&sheet->page);
}

void sheet_note(const struct sheet *sheet, struct strbuf *out, const char *id, json_t *value)
{
	json_t *values = json_pack("{s:o}", "value", value);

	template_expand(out, sheet_message(sheet, id), values);
	json_decref(values);
}

const json_t *find_check(const json_t *report, const char *id)
{
	const json_t *checks = json_object_get(report, "checks");

	for (size_t i = 0; id != NULL && i < json_array_size(checks); i++)
		if (member_is(json_array_get(checks, i), "id", id))
			return json_array_get(checks, i);
	return NULL;
}

/* ---- verdict ---- */

static void set_count(json_t *values, const char *name, json_int_t count)
{
	json_object_set_new(values, name, count > 0 ? json_integer(count) : json_null());
}

/* Required checks with a verdict, and how many carry a waiver. */
static json_int_t count_required(const json_t *report, const char *verdict)
{
	const json_t *checks = json_object_get(report, "checks");
	json_int_t count = 0;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		count += member_is(check, "severity", "required") &&
			 member_is(check, "verdict", verdict);
	}
	return count;
}

static json_int_t count_waived(const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");
	json_int_t count = 0;

	for (size_t i = 0; i < json_array_size(checks); i++)
		count += json_is_string(json_object_get(json_array_get(checks, i), "waived"));
	return count;
}

static json_int_t count_causes(const json_t *report, const char *verdict)
{
	const json_t *causes = json_object_get(report, "causes");
	json_int_t count = 0;

	for (size_t i = 0; i < json_array_size(causes); i++)
		count += member_is(json_array_get(causes, i), "verdict", verdict);
	return count;
}

/* What the summary's template may name; a count of zero counts as missing. */
json_t *summary_values(const json_t *report)
{
	json_t *counts = json_object_get(report, "counts"), *values = json_object(), *count;
	const char *name;

	json_object_foreach(counts, name, count) set_count(values, name, json_integer_value(count));
	json_object_set(values, "pass", json_object_get(counts, "pass"));
	set_count(values, "required_fail", count_required(report, "fail"));
	set_count(values, "required_unknown", count_required(report, "unknown"));
	set_count(values, "fail_causes", count_causes(report, "fail"));
	set_count(values, "waived", count_waived(report));
	json_object_set_new(values, "strict",
		json_boolean(json_is_true(json_object_get(report, "strict")) &&
			     count_required(report, "fail") == 0));
	json_object_set(values, "interrupted", json_object_get(report, "interrupted"));
	return values;
}

static void put_template(struct sheet *sheet, int indent, const char *id, const json_t *values)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	template_expand(&text, sheet_message(sheet, id), values);
	page_pad(&sheet->page, indent);
	/* the first bracketed part may have been left out */
	page_text(&sheet->page, indent, text.data + strspn(text.data, " "));
	page_newline(&sheet->page);
	strbuf_release(&text);
}

static void text_suggestions(struct sheet *sheet)
{
	json_t *list = json_object_get(sheet->report, "suggested_profiles");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *suggestion = json_array_get(list, i);
		bool file = member_is(suggestion, "reason", "file");
		put_template(sheet, 0, file ? "suggest.file" : "suggest.vpn", suggestion);
	}
}

static void text_judged_again(struct sheet *sheet)
{
	const json_t *first = json_object_get(sheet->report, "judged_again");
	json_t *values;

	if (!json_is_object(first))
		return;
	values =
		json_pack("{s:o, s:s}", "when", local_time(member_string(sheet->report, "started")),
			"version", member_string(first, "version"));
	put_template(sheet, 0, "summary.judged-again", values);
	json_decref(values);
}

static void add_selected(
	const struct sheet *sheet, struct strbuf *out, const char *option, const json_t *globs)
{
	for (size_t i = 0; i < json_array_size(globs); i++)
		strbuf_addf(out, "%s--%s %s",
			out->len > 0 ? sheet_message(sheet, "list.separator") : "", option,
			json_string_value(json_array_get(globs, i)));
}

static json_int_t count_settings(const json_t *report)
{
	const json_t *rules = json_object_get(report, "rules");
	json_int_t count = 0;

	for (size_t i = 0; i < json_array_size(rules); i++)
		count += member_is(json_array_get(rules, i), "file", "--set");
	return count;
}

void limits_line(const struct sheet *sheet, struct strbuf *out)
{
	const json_t *selection = json_object_get(sheet->report, "selection");
	json_int_t settings = count_settings(sheet->report);
	struct strbuf words;

	strbuf_init(&words, TEXT_MAX);
	add_selected(sheet, &words, "only", json_object_get(selection, "only"));
	add_selected(sheet, &words, "skip", json_object_get(selection, "skip"));
	if (words.len > 0)
		sheet_note(sheet, out, "summary.selection", json_string(words.data));
	if (words.len > 0 && settings > 0)
		strbuf_adds(out, " · ");
	if (settings > 0)
		sheet_note(sheet, out, "summary.set", json_integer(settings));
	strbuf_release(&words);
}

static void text_limits(struct sheet *sheet)
{
	struct strbuf line;

	strbuf_init(&line, TEXT_MAX);
	limits_line(sheet, &line);
	page_text(&sheet->page, 0, line.data);
	if (line.len > 0)
		page_newline(&sheet->page);
	strbuf_release(&line);
}

static void text_verdict(struct sheet *sheet)
{
	const char *verdict = member_string(sheet->report, "verdict");
	enum tone tone = strcmp(verdict, "ready") == 0       ? TONE_GOOD
			 : strcmp(verdict, "not-ready") == 0 ? TONE_BAD
							     : TONE_LOOK;
	json_t *values = summary_values(sheet->report);
	char id[64];

	page_word(&sheet->page, TONE_STRONG, sheet_message(sheet, "label.verdict"));
	page_word(&sheet->page, tone, sheet_word(sheet, "overall", verdict));
	page_newline(&sheet->page);
	if (json_is_true(json_object_get(sheet->report, "saved_inventory")))
		put_template(sheet, 0, "summary.saved", values);
	text_judged_again(sheet);
	text_limits(sheet);
	snprintf(id, sizeof id, "summary.%.32s", verdict);
	put_template(sheet, 0, id, values);
	put_template(sheet, 0, "summary.counts", values);
	json_decref(values);
	text_suggestions(sheet);
}

/* ---- footer ---- */

static json_t *rule_names(const struct sheet *sheet)
{
	const json_t *rules = json_object_get(sheet->report, "rules");
	json_t *names = json_array();

	for (size_t i = 0; i < json_array_size(rules); i++) {
		const json_t *file = json_array_get(rules, i);
		json_array_append_new(
			names, json_sprintf("%s (SHA-256 %.12s)",
				       sheet_word(sheet, "rules", member_string(file, "file")),
				       member_string(file, "sha256")));
	}
	return names;
}

static json_t *profile_names(const struct sheet *sheet)
{
	const json_t *profiles = json_object_get(sheet->report, "profiles");
	json_t *names = json_array();

	for (size_t i = 0; i < json_array_size(profiles); i++) {
		const json_t *profile = json_array_get(profiles, i);
		const char *title = member_text(sheet, profile, "title");
		const char *id = member_string(profile, "id");
		json_array_append_new(names,
			title != NULL ? json_sprintf("%s (%s)", title, id) : json_string(id));
	}
	return names;
}

json_t *local_time(const char *text)
{
	int year, month, day, hour, minute, second;

	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) !=
		6)
		return json_string(text);
	long long seconds =
		days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	time_t when = (time_t)seconds;
	const struct tm *tm = localtime(&when);
	if (tm == NULL)
		return json_string(text);
	long long local =
		days_from_civil(tm->tm_year + 1900LL, tm->tm_mon + 1, tm->tm_mday) * 86400 +
		tm->tm_hour * 3600 + tm->tm_min * 60 + tm->tm_sec;
	int offset = (int)((local - seconds) / 60);
	return json_sprintf("%04d-%02d-%02d %02d:%02d:%02d (UTC%c%02d:%02d)", tm->tm_year + 1900,
		tm->tm_mon + 1, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec,
		offset < 0 ? '-' : '+', abs(offset) / 60, abs(offset) % 60);
}

/* With --wait: how often it was tried, and how long that took. */
static void add_waiting(json_t *values, const struct sheet *sheet)
{
	const json_t *ms = json_object_get(sheet->report, "waited_ms");

	if (!json_is_integer(ms))
		return;
	char *span = span_text(sheet->page.lang, (double)json_integer_value(ms) / 1000);
	json_object_set(values, "attempts", json_object_get(sheet->report, "attempts"));
	json_object_set_new(values, "waited", json_string(span));
	free(span);
}

json_t *footer_values(const struct sheet *sheet)
{
	const json_t *report = sheet->report;
	const json_t *ms = json_object_get(report, "duration_ms");
	json_t *values = json_copy(json_object_get(report, "terminal"));
	const char *kind = member_string(values, "interface");
	bool vpn = json_is_true(json_object_get(values, "vpn_connected"));
	bool known = json_is_boolean(json_object_get(values, "vpn_connected"));

	json_object_set_new(values, "interface",
		*kind != '\0' ? json_string(sheet_word(sheet, "kind", kind)) : json_null());
	json_object_set_new(
		values, "list_separator", json_string(sheet_message(sheet, "list.separator")));
	if (json_integer_value(json_object_get(values, "proxies")) == 0)
		json_object_del(values, "proxies");
	json_object_set_new(values, "vpn_up", json_boolean(vpn));
	json_object_set_new(values, "vpn_down", json_boolean(known && !vpn));
	json_object_set(values, "program_version",
		json_object_get(json_object_get(report, "program"), "version"));
	json_object_set_new(values, "rules", rule_names(sheet));
	json_object_set_new(values, "profiles", profile_names(sheet));
	json_object_set_new(values, "phase",
		json_string(sheet_word(sheet, "phase", member_string(report, "phase"))));
	add_waiting(values, sheet);
	json_object_set(values, "support_code", json_object_get(report, "support_code"));
	json_object_set(values, "forced", json_object_get(report, "phase_forced"));
	json_object_set_new(values, "when", local_time(member_string(report, "started")));
	json_object_set_new(values, "seconds", json_sprintf("%.1f", json_number_value(ms) / 1000));
	return values;
}

static void text_footer(struct sheet *sheet)
{
	json_t *values = footer_values(sheet);

	sheet_heading(sheet, "heading.footer");
	put_template(sheet, 2, "footer.terminal", values);
	put_template(sheet, 2, "footer.rules", values);
	put_template(sheet, 2, "footer.run", values);
	if (json_is_string(json_object_get(values, "waited")))
		put_template(sheet, 2, "footer.waited", values);
	if (json_is_string(json_object_get(values, "support_code")))
		put_template(sheet, 2, "footer.code", values);
	json_decref(values);
}

struct sheet sheet_begin(FILE *out, const json_t *document, const struct report_options *options)
{
	int width = options->width;

	if (width > 0 && width < WIDTH_LEAST)
		width = WIDTH_LEAST;
	return (struct sheet){
		.page = {.out = out,
			.width = width,
			.color = options->color,
			.lang = options->lang},
		.report = document,
		.verbosity = options->verbosity,
	};
}

void report_write_text(FILE *out, const json_t *report, const struct report_options *options)
{
	struct sheet sheet = sheet_begin(out, report, options);

	text_verdict(&sheet);
	text_causes(&sheet);
	if (options->verbosity < 0)
		return;
	text_warnings(&sheet);
	text_checks(&sheet);
	text_checklist(&sheet);
	text_footer(&sheet);
}
