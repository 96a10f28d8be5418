/* Every check: its verdict and what was seen, with the facts folded below it. */
#include <stdlib.h>
#include <string.h>

#include "html.h"

static void put_pair(const struct sheet *sheet, const char *name, const char *value)
{
	html_raw(sheet, "<div>");
	html_element(sheet, "dt", NULL, name);
	html_element(sheet, "dd", NULL, value);
	html_raw(sheet, "</div>\n");
}

static void put_pairs(const struct sheet *sheet, json_t *pairs, const char *unit)
{
	const char *name;
	json_t *value;

	json_object_foreach(pairs, name, value)
	{
		const char *plain = json_string_value(value);
		char *text =
			json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
		struct strbuf line;
		strbuf_init(&line, HTML_TEXT_MAX);
		strbuf_addf(&line, "%s%s", plain != NULL ? plain : text != NULL ? text : "", unit);
		put_pair(sheet, name, line.data);
		strbuf_release(&line);
		free(text);
	}
}

/* ---- what is not a fact ---- */

static void put_prose(const struct sheet *sheet, const char *label, const char *text)
{
	if (text == NULL)
		return;
	html_raw(sheet, "<div class=\"prose\">");
	html_element_message(sheet, "span", "label", label);
	html_steps(sheet, text);
	html_raw(sheet, "</div>\n");
}

static void put_remedy(const struct sheet *sheet, const json_t *check)
{
	const json_t *root = json_object_get(check, "root");

	if (!json_is_integer(root)) /* otherwise the cause tells it */
		put_prose(sheet, "label.remedy", member_text(sheet, check, "remedy"));
}

static void put_about(const struct sheet *sheet, const json_t *check)
{
	const json_t *host = json_object_get(check, "host"), *port = json_object_get(check, "port");
	const json_t *ms = json_object_get(check, "duration_ms");
	const char *cause = json_string_value(json_object_get(check, "cause"));
	char number[64];
	struct strbuf source;

	put_pair(sheet, "id", member_string(check, "id"));
	put_pair(sheet, sheet_message(sheet, "html.severity"),
		sheet_word(sheet, "severity", member_string(check, "severity")));
	if (json_is_object(host))
		put_pair(sheet, sheet_message(sheet, "html.stage.host"),
			member_string(host, "name"));
	snprintf(number, sizeof number, "%lld", (long long)json_integer_value(port));
	if (json_is_integer(port))
		put_pair(sheet, sheet_message(sheet, "html.port"), number);
	if (cause != NULL)
		put_pair(sheet, sheet_message(sheet, "html.code"), cause);
	snprintf(number, sizeof number, "%lld ms", (long long)json_integer_value(ms));
	if (json_integer_value(ms) > 0)
		put_pair(sheet, sheet_message(sheet, "html.duration"), number);
	strbuf_init(&source, HTML_TEXT_MAX);
	join_words(sheet, &source, json_object_get(check, "source"), NULL);
	if (source.len > 0)
		put_pair(sheet, sheet_message(sheet, "label.source"), source.data);
	strbuf_release(&source);
}

static void put_facts(const struct sheet *sheet, const json_t *check)
{
	html_raw(sheet, "<div class=\"facts\">\n");
	put_prose(sheet, "explain.why", member_text(sheet, check, "why"));
	put_remedy(sheet, check);
	html_raw(sheet, "<dl class=\"about\">\n");
	put_about(sheet, check);
	html_raw(sheet, "</dl>\n");
	if (json_object_size(json_object_get(check, "facts")) +
			json_object_size(json_object_get(check, "timings")) >
		0) {
		html_raw(sheet, "<dl class=\"values\">\n");
		put_pairs(sheet, json_object_get(check, "facts"), "");
		put_pairs(sheet, json_object_get(check, "timings"), " ms");
		html_raw(sheet, "</dl>\n");
	}
	html_raw(sheet, "</div>\n");
}

/* ---- one check ---- */

static void put_evidence(const struct sheet *sheet, const json_t *check)
{
	json_t *waived = json_object_get(check, "waived");
	struct strbuf text;

	strbuf_init(&text, HTML_TEXT_MAX);
	check_evidence(sheet, &text, check);
	if (json_string_length(waived) > 0)
		sheet_note(sheet, &text, "note.waived", json_incref(waived));
	html_element(sheet, "span", "seen", text.data);
	strbuf_release(&text);
}

static void put_check(const struct sheet *sheet, const json_t *check)
{
	html_raw(sheet, "<li><details>\n<summary>");
	html_badge(sheet, html_verdict(check));
	html_element(sheet, "span", "title", check_title(sheet, check));
	put_evidence(sheet, check);
	html_raw(sheet, "</summary>\n");
	put_facts(sheet, check);
	html_raw(sheet, "</details></li>\n");
}

static void put_group(const struct sheet *sheet, size_t group)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (check_group(check) != group || check_collapses(check) ||
			member_is(check, "verdict", "manual"))
			continue;
		if (!any) {
			html_element_message(sheet, "h3", NULL, check_group_id(group));
			html_raw(sheet, "<ul class=\"checks\">\n");
		}
		any = true;
		put_check(sheet, check);
	}
	if (any)
		html_raw(sheet, "</ul>\n");
}

/* ---- skipped ones: once for each reason, and which ---- */

static void put_skipped(const struct sheet *sheet, const json_t *checks, size_t first)
{
	const char *reason = member_string(json_array_get(checks, first), "skip_reason");
	struct strbuf text;
	json_int_t count = 0;
	char id[64];

	for (size_t i = first; i < json_array_size(checks); i++)
		count += check_collapses(json_array_get(checks, i)) &&
			 member_is(json_array_get(checks, i), "skip_reason", reason);
	snprintf(id, sizeof id, "skipped.%.32s", reason);
	strbuf_init(&text, HTML_TEXT_MAX);
	sheet_note(sheet, &text, id, json_integer(count));
	html_raw(sheet, "<li><details>\n<summary>");
	html_badge(sheet, "skip");
	html_element(sheet, "span", "alone", text.data);
	html_raw(sheet, "</summary>\n<ul class=\"names\">\n");
	for (size_t i = first; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (check_collapses(check) && member_is(check, "skip_reason", reason))
			html_element(sheet, "li", NULL, check_title(sheet, check));
	}
	html_raw(sheet, "</ul>\n</details></li>\n");
	strbuf_release(&text);
}

static void put_all_skipped(const struct sheet *sheet)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		if (!check_collapses(json_array_get(checks, i)) || check_reason_seen(checks, i))
			continue;
		if (!any) {
			html_element_message(sheet, "h3", NULL, "group.skipped");
			html_raw(sheet, "<ul class=\"checks\">\n");
		}
		any = true;
		put_skipped(sheet, checks, i);
	}
	if (any)
		html_raw(sheet, "</ul>\n");
}

void html_checks(struct sheet *sheet)
{
	html_raw(sheet,
		"<section id=\"checks\" aria-labelledby=\"checks-h\">\n<h2 id=\"checks-h\">");
	html_message(sheet, "heading.checks");
	html_raw(sheet, "</h2>\n");
	html_element_message(sheet, "p", "lead screen", "html.unfold");
	for (size_t i = 0; check_group_id(i) != NULL; i++)
		put_group(sheet, i);
	put_all_skipped(sheet);
	html_raw(sheet, "</section>\n");
}
