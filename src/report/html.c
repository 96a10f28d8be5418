/*
 * The report as one HTML file: no script, nothing from elsewhere, readable on paper. This file
 * has the page, the verdict and the record of the run.
 */
#include <string.h>

#include "html.h"

/* ---- head ---- */

static const char *overall(const struct sheet *sheet)
{
	return member_is(sheet->report, "verdict", "ready")       ? "pass"
	       : member_is(sheet->report, "verdict", "not-ready") ? "fail"
								  : "unknown";
}

static void put_head(const struct sheet *sheet)
{
	const char *lang = lang_name(sheet->page.lang);

	fprintf(sheet->page.out,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\"/>\n", lang);
	html_raw(sheet,
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		"<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		"<meta name=\"format-detection\" content=\"telephone=no\"/>\n"
		"<meta name=\"robots\" content=\"noindex\"/>\n<title>");
	html_text(sheet, sheet_word(sheet, "overall", member_string(sheet->report, "verdict")));
	html_raw(sheet, " – preflight</title>\n<style>\n");
	for (size_t i = 0; html_style[i] != NULL; i++)
		html_raw(sheet, html_style[i]);
	html_raw(sheet, "</style>\n</head>\n<body>\n<main>\n");
}

/* ---- verdict ---- */

static void put_profiles(const struct sheet *sheet)
{
	const json_t *profiles = json_object_get(sheet->report, "profiles");
	struct strbuf text;

	strbuf_init(&text, HTML_TEXT_MAX);
	for (size_t i = 0; i < json_array_size(profiles); i++) {
		const json_t *profile = json_array_get(profiles, i);
		const char *title = member_text(sheet, profile, "title");
		strbuf_adds(&text, i > 0 ? sheet_message(sheet, "list.separator") : "");
		strbuf_adds(&text, title != NULL ? title : member_string(profile, "id"));
	}
	html_element(sheet, "span", "profile", text.data);
	strbuf_release(&text);
}

static void put_counts(const struct sheet *sheet)
{
	static const char *const verdicts[] = {"fail", "unknown", "warn", "pass", "skip", "manual"};
	const json_t *counts = json_object_get(sheet->report, "counts");

	html_raw(sheet, "<ul class=\"counts\">\n");
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		json_int_t count = json_integer_value(json_object_get(counts, verdicts[i]));
		if (count <= 0)
			continue;
		html_raw(sheet, "<li>");
		html_badge(sheet, verdicts[i]);
		fprintf(sheet->page.out, " %lld</li>\n", (long long)count);
	}
	html_raw(sheet, "</ul>\n");
}

static size_t count_causes(const struct sheet *sheet, bool warnings)
{
	const json_t *causes = json_object_get(sheet->report, "causes");
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(causes); i++)
		count += member_is(json_array_get(causes, i), "verdict", "warn") == warnings;
	return count;
}

/* Several causes: each in a line, before they are told. */
static void put_overview(const struct sheet *sheet)
{
	const json_t *causes = json_object_get(sheet->report, "causes");

	if (count_causes(sheet, false) < 2)
		return;
	html_raw(sheet, "<ol class=\"overview\">\n");
	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		const char *title = member_text(sheet, cause, "title");
		if (member_is(cause, "verdict", "warn"))
			continue;
		fprintf(sheet->page.out, "<li value=\"%zu\"><a href=\"#cause-%zu\">", i + 1, i + 1);
		html_text(sheet, title != NULL ? title : member_string(cause, "code"));
		html_raw(sheet, "</a> <span class=\"who\">");
		html_words(sheet, json_object_get(cause, "actors"), "actor");
		html_raw(sheet, "</span></li>\n");
	}
	html_raw(sheet, "</ol>\n");
}

/* ---- what is left to do when nothing is wrong ---- */

static void put_next(const struct sheet *sheet, const char *id, const char *target, size_t count)
{
	json_t *values = json_pack("{s:I}", "value", (json_int_t)count);

	if (count > 0) {
		fprintf(sheet->page.out, "<li><a href=\"#%s\">", target);
		html_element_template(sheet, "span", NULL, id, values);
		html_raw(sheet, "</a></li>\n");
	}
	json_decref(values);
}

static size_t count_where(const struct sheet *sheet, const char *member, const char *value)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(checks); i++)
		count += member_is(json_array_get(checks, i), member, value);
	return count;
}

static void put_next_steps(const struct sheet *sheet)
{
	size_t warnings = count_causes(sheet, true),
	       manual = count_where(sheet, "verdict", "manual");
	size_t inside = count_where(sheet, "skip_reason", "vpn-down");

	if (warnings + manual + inside == 0 || !member_is(sheet->report, "verdict", "ready"))
		return;
	html_element_message(sheet, "p", "next-head", "html.next");
	html_raw(sheet, "<ul class=\"next\">\n");
	put_next(sheet, "html.next.warnings", "warnings", warnings);
	put_next(sheet, "html.next.manual", "checklist", manual);
	put_next(sheet, "skipped.vpn-down", "checks", inside);
	html_raw(sheet, "</ul>\n");
}

static void put_suggestions(const struct sheet *sheet)
{
	json_t *list = json_object_get(sheet->report, "suggested_profiles");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *suggestion = json_array_get(list, i);
		html_element_template(sheet, "p", "suggest",
			member_is(suggestion, "reason", "file") ? "suggest.file" : "suggest.vpn",
			suggestion);
	}
}

static void put_top(const struct sheet *sheet, const json_t *footer)
{
	html_raw(sheet, "<p class=\"top\"><span class=\"program\">preflight</span> ");
	put_profiles(sheet);
	html_raw(sheet, " ");
	html_element(sheet, "span", "when", member_string(footer, "when"));
	html_raw(sheet, "</p>\n");
}

static void put_limits(const struct sheet *sheet)
{
	struct strbuf line;

	strbuf_init(&line, HTML_TEXT_MAX);
	limits_line(sheet, &line);
	if (line.len > 0)
		html_element(sheet, "p", "limits", line.data);
	strbuf_release(&line);
}

static void put_verdict(const struct sheet *sheet, const json_t *footer)
{
	const char *verdict = member_string(sheet->report, "verdict");
	json_t *values = summary_values(sheet->report);
	char id[64];

	fprintf(sheet->page.out, "<header class=\"verdict is-%s\">\n", overall(sheet));
	put_top(sheet, footer);
	fprintf(sheet->page.out, "<h1><span class=\"seal is-%s\" aria-hidden=\"true\">",
		overall(sheet));
	html_text(sheet, sheet_word(sheet, "html.symbol", overall(sheet)));
	html_raw(sheet, "</span> <span class=\"words\">");
	html_element_message(sheet, "span", "hidden", "label.verdict");
	html_text(sheet, sheet_word(sheet, "overall", verdict));
	html_raw(sheet, "</span></h1>\n");
	if (json_is_true(json_object_get(sheet->report, "saved_inventory")))
		html_element_template(sheet, "p", "saved", "summary.saved", values);
	put_limits(sheet);
	snprintf(id, sizeof id, "summary.%.32s", verdict);
	html_element_template(sheet, "p", "summary", id, values);
	put_counts(sheet);
	put_overview(sheet);
	put_next_steps(sheet);
	put_suggestions(sheet);
	html_raw(sheet, "</header>\n");
	json_decref(values);
}

/* ---- record ---- */

static void put_record(const struct sheet *sheet, const json_t *footer)
{
	const char *code = json_string_value(json_object_get(sheet->report, "support_code"));

	html_raw(sheet, "<footer aria-labelledby=\"record-h\">\n<h2 id=\"record-h\">");
	html_message(sheet, "heading.footer");
	html_raw(sheet, "</h2>\n");
	html_element_template(sheet, "p", NULL, "footer.terminal", footer);
	html_element_template(sheet, "p", NULL, "footer.rules", footer);
	html_element_template(sheet, "p", NULL, "footer.run", footer);
	if (code != NULL) {
		html_raw(sheet, "<p>");
		html_message(sheet, "html.support-code");
		html_element(sheet, "code", NULL, code);
		html_raw(sheet, "</p>\n");
	}
	if (json_is_true(json_object_get(sheet->report, "redacted")))
		html_element_message(sheet, "p", NULL, "html.redacted");
	html_raw(sheet, "</footer>\n");
}

void report_write_html(FILE *out, const json_t *report, const struct report_options *options)
{
	struct sheet sheet = {
		.page = {.out = out, .lang = options->lang},
		.report = report,
	};
	json_t *footer = footer_values(&sheet);

	put_head(&sheet);
	put_verdict(&sheet, footer);
	html_causes(&sheet, false);
	html_path(&sheet);
	html_causes(&sheet, true);
	html_chart(&sheet);
	html_checklist(&sheet);
	html_checks(&sheet);
	put_record(&sheet, footer);
	html_raw(&sheet, "</main>\n</body>\n</html>\n");
	json_decref(footer);
}
