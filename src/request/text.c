/*
 * The letters as plain text for mail: no column has to be kept, since a mail's reader may use any
 * font, so that a row of the table is a paragraph. Lines are at most 76 columns wide.
 */
#include <string.h>

#include "internal.h"
#include "report/internal.h"

#define WIDTH    76
#define BODY     2 /* column of what stands below a heading */
#define ROW      5 /* column of what belongs to a numbered row */
#define TEXT_MAX (16 * 1024)

static void put_line(struct page *page, int indent, const char *text)
{
	page_pad(page, indent);
	page_text(page, indent, text);
	page_newline(page);
}

static void put_heading(struct page *page, const char *text)
{
	page_newline(page);
	page_word(page, TONE_PLAIN, page->lang == LANG_JA ? "■ " : "* ");
	page_text(page, 0, text);
	page_newline(page);
}

static const char *say_word(const struct page *page, const char *id)
{
	return message(page->lang, id);
}

/* "Label: text", wrapped below the label's end; nothing without a text. */
static void put_labelled(struct page *page, int indent, const char *id, const char *text)
{
	if (*text == '\0')
		return;
	page_pad(page, indent);
	page_word(page, TONE_PLAIN, say_word(page, id));
	page_word(page, TONE_PLAIN, ": ");
	page_text(page, indent + 2, text);
	page_newline(page);
}

/* ---- head ---- */

/* Lines to fill in by hand. */
static void put_blank(struct page *page, const char *id)
{
	page_pad(page, BODY);
	page_word(page, TONE_PLAIN, say_word(page, id));
	page_word(page, TONE_PLAIN, ": ");
	page_word(page, TONE_PLAIN, say_word(page, "request.blank"));
	page_newline(page);
}

static void put_head(struct page *page, const json_t *letter)
{
	put_line(page, 0, say_word(page, "request.blank.date"));
	page_newline(page);
	put_line(page, 0, text_of(letter, "addressee", page->lang));
	page_newline(page);
	put_blank(page, "request.blank.facility");
	put_blank(page, "request.blank.person");
	put_blank(page, "request.blank.contact");
	if (member_is(letter, "to", "carrier"))
		put_blank(page, "request.blank.contract");
	page_newline(page);
	put_labelled(page, 0, "request.label.subject", text_of(letter, "subject", page->lang));
	page_newline(page);
	put_line(page, 0, text_of(letter, "body", page->lang));
}

/* ---- rows ---- */

static void put_row_title(struct page *page, const json_t *row)
{
	const char *direction =
		word_of("request.direction", member_string(row, "direction"), page->lang);
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	strbuf_addf(&text, "%2d. ", (int)json_integer_value(json_object_get(row, "number")));
	cell_protocol(&text, row, page->lang);
	strbuf_adds(&text, json_is_integer(json_object_get(row, "port")) ? " " : "");
	cell_port(&text, row);
	strbuf_addf(&text, "%s%s", message(page->lang, "list.separator"), direction);
	if (!member_is(row, "severity", "required"))
		add_bracketed(&text,
			word_of("severity", member_string(row, "severity"), page->lang),
			page->lang);
	page_pad(page, 1);
	page_text(page, ROW, text.data);
	page_newline(page);
	strbuf_release(&text);
}

static void put_cell(struct page *page, const char *id, struct strbuf *text)
{
	put_labelled(page, ROW, id, text->data);
	strbuf_reset(text);
}

static void put_row(struct page *page, const json_t *row)
{
	const char *ask = special_ask(row, page->lang);
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	put_row_title(page, row);
	cell_destination(&text, row, page->lang);
	put_cell(page, "request.column.host", &text);
	join(&text, json_object_get(row, "addresses"), page->lang);
	put_cell(page, "request.column.address", &text);
	cell_purpose(&text, row, page->lang);
	put_cell(page, "request.column.purpose", &text);
	strbuf_adds(&text, ask != NULL ? ask : "");
	put_cell(page, "request.column.ask", &text);
	join(&text, json_object_get(row, "source"), page->lang);
	put_cell(page, "request.column.basis", &text);
	strbuf_release(&text);
}

static void put_rows(struct page *page, const json_t *letter)
{
	const json_t *rows = json_object_get(letter, "rows");

	if (json_array_size(rows) == 0)
		return;
	put_heading(page, text_of(letter, "rows_title", page->lang));
	put_labelled(page, BODY, "request.column.source",
		text_of(letter, "source_terminal", page->lang));
	put_line(page, BODY, say_word(page, "request.intro"));
	for (size_t i = 0; i < json_array_size(rows); i++) {
		page_newline(page);
		put_row(page, json_array_get(rows, i));
	}
}

/* ---- what follows the table ---- */

static void put_notes(struct page *page, const json_t *letter)
{
	const json_t *notes = json_object_get(letter, "notes");
	struct strbuf text;

	if (json_array_size(notes) == 0)
		return;
	put_heading(page, letter_label(letter, "label.notes", page->lang));
	strbuf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < json_array_size(notes); i++) {
		const json_t *note = json_array_get(notes, i);
		const char *source = member_string(note, "source");
		strbuf_reset(&text);
		strbuf_adds(&text, text_of(note, "text", page->lang));
		if (*source != '\0')
			add_bracketed(&text, source, page->lang);
		page_steps(page, BODY, text.data);
	}
	strbuf_release(&text);
}

static void put_advice(struct page *page, const char *advice)
{
	if (*advice == '\0')
		return;
	page_pad(page, ROW);
	page_word(page, TONE_PLAIN, say_word(page, "request.label.advice"));
	page_word(page, TONE_PLAIN, ":");
	page_newline(page);
	page_steps(page, ROW + 2, advice);
}

static void put_finding(struct page *page, const json_t *finding)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	strbuf_addf(&text, "%s (%s)", text_of(finding, "title", page->lang),
		member_string(finding, "code"));
	page_pad(page, BODY);
	page_word(page, TONE_PLAIN, say_word(page, "list.step"));
	page_text(page, ROW, text.data);
	page_newline(page);
	strbuf_reset(&text);
	cell_rows(&text, finding, page->lang);
	put_cell(page, "request.label.rows", &text);
	put_labelled(page, ROW, "request.label.seen", text_of(finding, "evidence", page->lang));
	cell_segments(&text, finding, page->lang);
	put_cell(page, "request.label.where", &text);
	cell_offender(&text, finding, page->lang);
	put_cell(page, "request.label.offender", &text);
	put_advice(page, text_of(finding, "advice", page->lang));
	strbuf_release(&text);
}

static void put_findings(struct page *page, const json_t *letter)
{
	const json_t *findings = json_object_get(letter, "findings");

	if (json_array_size(findings) == 0)
		return;
	json_t *when = local_time(member_string(letter, "started"));
	put_heading(page, say_word(page, "request.label.findings"));
	put_labelled(page, BODY, "request.label.checked", json_string_value(when));
	json_decref(when);
	for (size_t i = 0; i < json_array_size(findings); i++)
		put_finding(page, json_array_get(findings, i));
	if (letter_hides(letter))
		put_line(page, BODY, say_word(page, "request.note.hidden"));
}

static void put_documents(struct page *page, const json_t *letter)
{
	const json_t *documents = json_object_get(letter, "documents");
	struct strbuf text;

	if (json_array_size(documents) == 0)
		return;
	put_heading(page, say_word(page, "request.label.documents"));
	strbuf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < json_array_size(documents); i++) {
		const json_t *document = json_array_get(documents, i);
		strbuf_reset(&text);
		join(&text, json_object_get(document, "source"), page->lang);
		strbuf_addf(&text, ": %s", text_of(document, "title", page->lang));
		page_steps(page, BODY, text.data);
	}
	strbuf_release(&text);
}

static void put_letter(struct page *page, const json_t *letter)
{
	put_head(page, letter);
	put_rows(page, letter);
	put_notes(page, letter);
	put_findings(page, letter);
	put_heading(page, letter_label(letter, "label.closing", page->lang));
	put_line(page, BODY, text_of(letter, "closing", page->lang));
	put_documents(page, letter);
	page_newline(page);
	put_line(page, 0, say_word(page, "request.end"));
}

/* ---- between the letters: for who sends them ---- */

static void put_rule(struct page *page)
{
	for (int i = 0; i < WIDTH; i++)
		page_word(page, TONE_PLAIN, "=");
	page_newline(page);
}

static void put_separator(struct page *page, const json_t *letter, size_t number, size_t count)
{
	const char *when = text_of(letter, "when", page->lang);
	struct strbuf text;

	if (count < 2 && *when == '\0')
		return;
	strbuf_init(&text, TEXT_MAX);
	strbuf_addf(&text, "[%zu/%zu] %s", number, count, text_of(letter, "addressee", page->lang));
	if (number > 1)
		page_newline(page);
	put_rule(page);
	put_line(page, 0, text.data);
	if (*when != '\0')
		put_line(page, 0, when);
	put_rule(page);
	page_newline(page);
	strbuf_release(&text);
}

static void put_remarks(struct page *page, const json_t *sheet)
{
	const json_t *remarks = json_object_get(sheet, "remarks");
	size_t count = json_array_size(remarks);
	bool letters = json_array_size(json_object_get(sheet, "letters")) > 0;

	if (count > 0 && letters) {
		page_newline(page);
		put_rule(page);
	}
	for (size_t i = 0; i < count; i++)
		put_line(page, 0,
			json_string_value(json_object_get(
				json_array_get(remarks, i), lang_name(page->lang))));
}

void request_write_text(FILE *out, const json_t *sheet, enum lang lang)
{
	const json_t *letters = json_object_get(sheet, "letters");
	size_t count = json_array_size(letters);
	struct page page = {.out = out, .width = WIDTH, .lang = lang};

	for (size_t i = 0; i < count; i++) {
		put_separator(&page, json_array_get(letters, i), i + 1, count);
		put_letter(&page, json_array_get(letters, i));
	}
	put_remarks(&page, sheet);
}
