/* Root causes and warnings, one card each. */
#include <string.h>

#include "html.h"

#define CHECKS_MOST 6 /* named for one cause; the others are counted */

static void open_row(const struct sheet *sheet, const char *class, const char *label)
{
	fprintf(sheet->page.out, "<div class=\"%s\">", class);
	html_element_message(sheet, "dt", NULL, label);
	html_raw(sheet, "<dd>");
}

static void close_row(const struct sheet *sheet)
{
	html_raw(sheet, "</dd></div>\n");
}

/* The suspects along the path, in its order. */
static void put_where(const struct sheet *sheet, const json_t *cause)
{
	const json_t *segments = json_object_get(cause, "segments");
	struct strbuf text;

	if (json_array_size(segments) == 0)
		return;
	strbuf_init(&text, HTML_TEXT_MAX);
	for (size_t i = 0; i < json_array_size(segments); i++) {
		const char *word = json_string_value(json_array_get(segments, i));
		strbuf_adds(&text, i > 0 ? sheet_message(sheet, "list.or") : "");
		strbuf_adds(&text, sheet_word(sheet, "segment", word != NULL ? word : ""));
	}
	open_row(sheet, "main", "label.where");
	html_element(sheet, "strong", NULL, text.data);
	close_row(sheet);
	strbuf_release(&text);
}

static void put_actors(const struct sheet *sheet, const json_t *cause)
{
	const json_t *actors = json_object_get(cause, "actors");

	if (json_array_size(actors) == 0)
		return;
	open_row(sheet, "main", "label.who");
	html_raw(sheet, "<strong>");
	html_words(sheet, actors, "actor");
	html_raw(sheet, "</strong>");
	close_row(sheet);
}

static void put_text(
	const struct sheet *sheet, const char *class, const char *label, const char *text)
{
	if (text == NULL)
		return;
	open_row(sheet, class, label);
	html_steps(sheet, text);
	close_row(sheet);
}

/* Checks by their titles. */
static void put_checks(const struct sheet *sheet, const char *label, const json_t *ids)
{
	size_t count = json_array_size(ids), most = count <= CHECKS_MOST + 1 ? count : CHECKS_MOST;
	struct strbuf text;

	strbuf_init(&text, HTML_TEXT_MAX);
	for (size_t i = 0; i < most; i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		const json_t *check = find_check(sheet->report, id);
		strbuf_adds(&text, i > 0 ? sheet_message(sheet, "list.separator") : "");
		strbuf_adds(&text, check != NULL ? check_title(sheet, check)
				   : id != NULL  ? id
						 : "");
	}
	if (most < count)
		sheet_note(sheet, &text, "list.more", json_integer((json_int_t)(count - most)));
	if (count > 0) {
		open_row(sheet, "minor", label);
		html_text(sheet, text.data);
		close_row(sheet);
	}
	strbuf_release(&text);
}

static void put_source(const struct sheet *sheet, const json_t *cause)
{
	const json_t *source = json_object_get(cause, "source");

	if (json_array_size(source) == 0)
		return;
	open_row(sheet, "minor", "label.source");
	html_words(sheet, source, NULL);
	close_row(sheet);
}

static void put_title(const struct sheet *sheet, const json_t *cause, size_t number)
{
	const char *title = member_text(sheet, cause, "title");
	const char *code = member_string(cause, "code");

	html_raw(sheet, "<h3>");
	html_badge(sheet, html_verdict(cause));
	fprintf(sheet->page.out, "<span class=\"number\">%zu.</span> <span class=\"title\">",
		number);
	html_text(sheet, title != NULL ? title : code);
	html_raw(sheet, "</span></h3>\n");
}

static void put_cause(const struct sheet *sheet, const json_t *cause, size_t number)
{
	fprintf(sheet->page.out, "<article class=\"cause is-%s\" id=\"cause-%zu\">\n",
		html_verdict(cause), number);
	put_title(sheet, cause, number);
	html_raw(sheet, "<dl>\n");
	put_where(sheet, cause);
	put_actors(sheet, cause);
	put_text(sheet, "wide", "label.remedy", member_text(sheet, cause, "remedy"));
	put_text(sheet, "wide", "label.evidence", member_text(sheet, cause, "evidence"));
	put_checks(sheet, "label.checks", json_object_get(cause, "checks"));
	put_checks(sheet, "label.symptoms", json_object_get(cause, "symptoms"));
	put_source(sheet, cause);
	open_row(sheet, "minor", "html.code");
	html_element(sheet, "code", NULL, member_string(cause, "code"));
	close_row(sheet);
	html_raw(sheet, "</dl>\n</article>\n");
}

/* Causes with this verdict, or with any other. */
static void put_causes(
	const struct sheet *sheet, const char *id, const char *heading, bool warnings)
{
	const json_t *causes = json_object_get(sheet->report, "causes");
	bool any = false;

	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		if (member_is(cause, "verdict", "warn") != warnings)
			continue;
		if (!any) {
			fprintf(sheet->page.out,
				"<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">",
				id, id, id);
			html_message(sheet, heading);
			html_raw(sheet, "</h2>\n");
		}
		any = true;
		put_cause(sheet, cause, i + 1);
	}
	if (any && !warnings)
		html_element_message(sheet, "p", "again", "html.again");
	if (any)
		html_raw(sheet, "</section>\n");
}

void html_causes(struct sheet *sheet, bool warnings)
{
	put_causes(sheet, warnings ? "warnings" : "causes",
		warnings ? "heading.warnings" : "heading.causes", warnings);
}
