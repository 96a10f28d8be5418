/*
 * The letters as one self-contained page for print: each begins on a sheet of A4 of its own. What
 * is for the sender only stands between them on the screen, and is not printed.
 */
#include <string.h>

#include "internal.h"
#include "report/html.h"

#define CELL_MAX (16 * 1024)

static const char style[] =
	"@page{size:A4;margin:13mm 15mm}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:190mm;padding:8mm;color:#111;background:#fff;"
	"font:10pt/1.5 \"Yu Gothic\",\"Hiragino Kaku Gothic ProN\",Meiryo,\"Noto Sans CJK JP\","
	"\"Noto Sans JP\",sans-serif;overflow-wrap:anywhere;line-break:strict}\n"
	"html[lang=en] body{font-family:\"Segoe UI\",\"Helvetica Neue\",Arial,\"Noto Sans\","
	"\"Yu Gothic\",\"Hiragino Sans\",\"Noto Sans CJK JP\",sans-serif;line-height:1.45}\n"
	"p{margin:0 0 .5em;white-space:pre-line}\n"
	"h1{font-size:14pt;text-align:center;margin:5mm 0 4mm}\n"
	"h2{font-size:11pt;margin:4mm 0 1.5mm;border-left:4px solid #345;padding-left:2mm;"
	"break-after:avoid}\n"
	"h3{font-size:10.5pt;margin:2mm 0 1mm;break-after:avoid}\n"
	"ul{margin:0 0 .5em;padding-left:1.4em}\n"
	"li{margin:0 0 .2em}\n"
	"section+section{margin-top:12mm}\n"
	".staff{border:1px solid #a60;background:#fff4dd;padding:2mm 4mm;margin:0 0 6mm}\n"
	".staff p{margin:0}\n"
	".date{text-align:right}\n"
	".head{display:flex;justify-content:space-between;gap:6mm}\n"
	".to{font-size:12pt}\n"
	".from{border-collapse:collapse;margin:0 0 0 auto}\n"
	".from th{font-weight:400;text-align:right;padding:.6mm 3mm .6mm 0;white-space:nowrap}\n"
	".from td{width:62mm;border-bottom:1px solid #111}\n"
	".rows,.finding{border-collapse:collapse;width:100%;font-size:8.5pt;line-height:1.4}\n"
	".rows th,.rows td,.finding th,.finding td{border:1px solid #667;padding:1mm 1.2mm;"
	"text-align:left;vertical-align:top}\n"
	".rows thead th,.finding th{background:#e8ecf1;font-weight:700}\n"
	".rows tr,.finding tr{break-inside:avoid}\n"
	".rows .n{text-align:right}\n"
	".rows col.c-number{width:5%}.rows col.c-protocol{width:10%}.rows col.c-port{width:7%}\n"
	".rows col.c-direction{width:10%}.rows col.c-source{width:12%}.rows col.c-host{width:15%}\n"
	".rows col.c-address{width:15%}.rows col.c-purpose{width:19%}.rows col.c-basis{width:7%}\n"
	".finding th{width:24%;font-weight:400}\n"
	".finding ul,.finding p{margin:0}\n"
	".small{font-size:8.5pt;line-height:1.4}\n"
	".end{text-align:right;margin-top:5mm}\n"
	"@media print{body{padding:0 1px;max-width:none}.staff{display:none}"
	"section+section{break-before:page;margin-top:0}}\n";

static const char *const columns[] = {
	"number", "protocol", "port", "direction", "source", "host", "address", "purpose", "basis"};
#define COLUMNS (sizeof columns / sizeof columns[0])

static void put_page_head(const struct sheet *sheet, const char *title)
{
	html_raw(sheet, "<!DOCTYPE html>\n");
	html_raw(sheet,
		sheet->page.lang == LANG_JA ? "<html lang=\"ja\">\n" : "<html lang=\"en\">\n");
	html_raw(sheet,
		"<head>\n<meta charset=\"utf-8\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		"<meta name=\"format-detection\" content=\"telephone=no\"/>\n<title>");
	html_text(sheet, title);
	html_raw(sheet, "</title>\n<style>\n");
	html_raw(sheet, style);
	html_raw(sheet, "</style>\n</head>\n<body>\n");
}

static void put_text(
	const struct sheet *sheet, const char *element, const char *class, const char *text)
{
	if (*text != '\0')
		html_element(sheet, element, class, text);
}

static void put_heading(const struct sheet *sheet, const char *text)
{
	html_element(sheet, "h2", NULL, text);
}

/* ---- head ---- */

static void put_blank(const struct sheet *sheet, const char *id)
{
	html_raw(sheet, "<tr>");
	html_element_message(sheet, "th", NULL, id);
	html_raw(sheet, "<td></td></tr>\n");
}

static void put_head(const struct sheet *sheet, const json_t *letter)
{
	enum lang lang = sheet->page.lang;

	html_element_message(sheet, "p", "date", "request.blank.date");
	html_raw(sheet, "<div class=\"head\">\n");
	html_element(sheet, "p", "to", text_of(letter, "addressee", lang));
	html_raw(sheet, "<table class=\"from\">\n");
	put_blank(sheet, "request.blank.facility");
	put_blank(sheet, "request.blank.person");
	put_blank(sheet, "request.blank.contact");
	if (member_is(letter, "to", "carrier"))
		put_blank(sheet, "request.blank.contract");
	html_raw(sheet, "</table>\n</div>\n");
	html_element(sheet, "h1", NULL, text_of(letter, "subject", lang));
	html_element(sheet, "p", NULL, text_of(letter, "body", lang));
}

/* ---- the table ---- */

/* What is more to say of a row stands behind its purpose. */
static void add_marks(struct strbuf *out, const json_t *row, enum lang lang)
{
	const char *ask = special_ask(row, lang);

	if (ask != NULL)
		add_bracketed(out, ask, lang);
	if (!member_is(row, "severity", "required"))
		add_bracketed(out, word_of("severity", member_string(row, "severity"), lang), lang);
}

static void put_row(const struct sheet *sheet, const json_t *letter, const json_t *row)
{
	struct strbuf text;

	strbuf_init(&text, CELL_MAX);
	html_raw(sheet, "<tr>");
	for (size_t i = 0; i < COLUMNS; i++) {
		strbuf_reset(&text);
		cell_of(&text, columns[i], letter, row, sheet->page.lang);
		if (strcmp(columns[i], "purpose") == 0)
			add_marks(&text, row, sheet->page.lang);
		bool number = strcmp(columns[i], "number") == 0 || strcmp(columns[i], "port") == 0;
		html_element(sheet, "td", number ? "n" : NULL, text.data);
	}
	html_raw(sheet, "</tr>\n");
	strbuf_release(&text);
}

static void put_columns(const struct sheet *sheet)
{
	char id[64];

	html_raw(sheet, "<table class=\"rows\">\n<colgroup>");
	for (size_t i = 0; i < COLUMNS; i++) {
		html_raw(sheet, "<col class=\"c-");
		html_raw(sheet, columns[i]);
		html_raw(sheet, "\"/>");
	}
	html_raw(sheet, "</colgroup>\n<thead><tr>");
	for (size_t i = 0; i < COLUMNS; i++) {
		snprintf(id, sizeof id, "request.column.%s", columns[i]);
		html_element_message(sheet, "th", NULL, id);
	}
	html_raw(sheet, "</tr></thead>\n<tbody>\n");
}

static void put_rows(const struct sheet *sheet, const json_t *letter)
{
	const json_t *rows = json_object_get(letter, "rows");

	if (json_array_size(rows) == 0)
		return;
	put_heading(sheet, text_of(letter, "rows_title", sheet->page.lang));
	put_columns(sheet);
	for (size_t i = 0; i < json_array_size(rows); i++)
		put_row(sheet, letter, json_array_get(rows, i));
	html_raw(sheet, "</tbody>\n</table>\n");
	html_element_message(sheet, "p", "small", "request.intro");
}

/* ---- what follows it ---- */

static void put_notes(const struct sheet *sheet, const json_t *letter)
{
	const json_t *notes = json_object_get(letter, "notes");
	enum lang lang = sheet->page.lang;
	struct strbuf text;

	if (json_array_size(notes) == 0)
		return;
	put_heading(sheet, letter_label(letter, "label.notes", lang));
	html_raw(sheet, "<ul>\n");
	strbuf_init(&text, CELL_MAX);
	for (size_t i = 0; i < json_array_size(notes); i++) {
		const json_t *note = json_array_get(notes, i);
		const char *source = member_string(note, "source");
		strbuf_reset(&text);
		strbuf_adds(&text, text_of(note, "text", lang));
		if (*source != '\0')
			add_bracketed(&text, source, lang);
		html_element(sheet, "li", NULL, text.data);
	}
	html_raw(sheet, "</ul>\n");
	strbuf_release(&text);
}

static void put_line(const struct sheet *sheet, const char *id, const char *text)
{
	if (*text == '\0')
		return;
	html_raw(sheet, "<tr>");
	html_element_message(sheet, "th", NULL, id);
	html_raw(sheet, "<td>");
	html_steps(sheet, text);
	html_raw(sheet, "</td></tr>\n");
}

static void put_finding(const struct sheet *sheet, const json_t *finding)
{
	enum lang lang = sheet->page.lang;
	struct strbuf text;

	strbuf_init(&text, CELL_MAX);
	strbuf_addf(
		&text, "%s (%s)", text_of(finding, "title", lang), member_string(finding, "code"));
	html_element(sheet, "h3", NULL, text.data);
	html_raw(sheet, "<table class=\"finding\">\n");
	strbuf_reset(&text);
	cell_rows(&text, finding, lang);
	put_line(sheet, "request.label.rows", text.data);
	put_line(sheet, "request.label.seen", text_of(finding, "evidence", lang));
	strbuf_reset(&text);
	cell_segments(&text, finding, lang);
	put_line(sheet, "request.label.where", text.data);
	strbuf_reset(&text);
	cell_offender(&text, finding, lang);
	put_line(sheet, "request.label.offender", text.data);
	put_line(sheet, "request.label.advice", text_of(finding, "advice", lang));
	html_raw(sheet, "</table>\n");
	strbuf_release(&text);
}

static void put_findings(const struct sheet *sheet, const json_t *letter)
{
	const json_t *findings = json_object_get(letter, "findings");

	if (json_array_size(findings) == 0)
		return;
	json_t *when = local_time(member_string(letter, "started"));
	put_heading(sheet, sheet_message(sheet, "request.label.findings"));
	html_raw(sheet, "<p>");
	html_message(sheet, "request.label.checked");
	html_raw(sheet, ": ");
	html_text(sheet, json_string_value(when));
	html_raw(sheet, "</p>\n");
	json_decref(when);
	for (size_t i = 0; i < json_array_size(findings); i++)
		put_finding(sheet, json_array_get(findings, i));
	if (letter_hides(letter))
		html_element_message(sheet, "p", "small", "request.note.hidden");
}

static void put_documents(const struct sheet *sheet, const json_t *letter)
{
	const json_t *documents = json_object_get(letter, "documents");
	struct strbuf text;

	if (json_array_size(documents) == 0)
		return;
	put_heading(sheet, sheet_message(sheet, "request.label.documents"));
	html_raw(sheet, "<ul class=\"small\">\n");
	strbuf_init(&text, CELL_MAX);
	for (size_t i = 0; i < json_array_size(documents); i++) {
		const json_t *document = json_array_get(documents, i);
		strbuf_reset(&text);
		join(&text, json_object_get(document, "source"), sheet->page.lang);
		strbuf_addf(&text, ": %s", text_of(document, "title", sheet->page.lang));
		html_element(sheet, "li", NULL, text.data);
	}
	html_raw(sheet, "</ul>\n");
	strbuf_release(&text);
}

/* ---- letters ---- */

static void put_staff(const struct sheet *sheet, const json_t *letter, size_t number, size_t count)
{
	const char *when = text_of(letter, "when", sheet->page.lang);
	struct strbuf text;

	if (count < 2 && *when == '\0')
		return;
	strbuf_init(&text, CELL_MAX);
	strbuf_addf(&text, "[%zu/%zu] %s", number, count,
		text_of(letter, "addressee", sheet->page.lang));
	html_raw(sheet, "<div class=\"staff\">");
	html_element(sheet, "p", NULL, text.data);
	put_text(sheet, "p", NULL, when);
	html_raw(sheet, "</div>\n");
	strbuf_release(&text);
}

static void put_letter(const struct sheet *sheet, const json_t *letter, size_t number, size_t count)
{
	html_raw(sheet, "<section>\n");
	put_staff(sheet, letter, number, count);
	put_head(sheet, letter);
	put_rows(sheet, letter);
	put_notes(sheet, letter);
	put_findings(sheet, letter);
	put_heading(sheet, letter_label(letter, "label.closing", sheet->page.lang));
	put_text(sheet, "p", NULL, text_of(letter, "closing", sheet->page.lang));
	put_documents(sheet, letter);
	html_element_message(sheet, "p", "end", "request.end");
	html_raw(sheet, "</section>\n");
}

static void put_remarks(const struct sheet *sheet, const json_t *remarks, bool letters)
{
	for (size_t i = 0; i < json_array_size(remarks); i++) {
		html_raw(sheet, letters ? "<div class=\"staff\">" : "<div>");
		html_element(sheet, "p", NULL,
			json_string_value(json_object_get(
				json_array_get(remarks, i), lang_name(sheet->page.lang))));
		html_raw(sheet, "</div>\n");
	}
}

void request_write_html(FILE *out, const json_t *document, enum lang lang)
{
	const json_t *letters = json_object_get(document, "letters");
	size_t count = json_array_size(letters);
	const char *title = text_of(json_array_get(letters, 0), "subject", lang);
	struct sheet sheet = {.page = {.out = out, .lang = lang}, .report = document};

	put_page_head(&sheet, *title != '\0' ? title : "preflight");
	for (size_t i = 0; i < count; i++)
		put_letter(&sheet, json_array_get(letters, i), i + 1, count);
	put_remarks(&sheet, json_object_get(document, "remarks"), count > 0);
	html_raw(&sheet, "</body>\n</html>\n");
}
