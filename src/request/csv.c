/*
 * The rows of all letters as CSV (RFC 4180) for spreadsheets: UTF-8 with a byte order mark, which
 * Excel needs to tell it, and no cell that a spreadsheet would take for a formula.
 */
#include <string.h>

#include "internal.h"
#include "report/internal.h"

#define CELL_MAX (16 * 1024)

static const char *const columns[] = {"number", "to", "ask", "protocol", "port", "direction",
	"source", "source-port", "host", "address", "purpose", "severity", "basis", "document",
	"finding"};
#define COLUMNS (sizeof columns / sizeof columns[0])

/* What makes a cell a formula, also full-width, as Japanese spreadsheets read it. */
static bool is_formula(const char *text)
{
	static const char *const signs[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};

	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
		if (strncmp(text, signs[i], strlen(signs[i])) == 0)
			return true;
	return false;
}

/* One cell, quoted where it has to be; what came from outside is made safe. */
static void put_cell(FILE *out, size_t column, const char *text)
{
	struct strbuf safe;

	strbuf_init(&safe, CELL_MAX);
	if (is_formula(text))
		strbuf_addc(&safe, '\'');
	safe_append(&safe, text, true);
	fputs(column > 0 ? "," : "", out);
	bool quoted = strpbrk(safe.data, ",\"\n") != NULL;
	fputs(quoted ? "\"" : "", out);
	for (const char *c = safe.data; *c != '\0'; c++)
		fputs(*c == '"' ? "\"\"" : (char[]){*c, '\0'}, out);
	fputs(quoted ? "\"" : "", out);
	strbuf_release(&safe);
}

static void put_header(FILE *out, enum lang lang)
{
	fputs("\xef\xbb\xbf", out);
	for (size_t i = 0; i < COLUMNS; i++)
		put_cell(out, i, word_of("request.column", columns[i], lang));
	fputs("\r\n", out);
}

/* ---- cells of a row ---- */

/* The documents of those requirements that the row answers for. */
static void add_documents(
	struct strbuf *out, const json_t *letter, const json_t *row, enum lang lang)
{
	const json_t *documents = json_object_get(letter, "documents");

	for (size_t i = 0; i < json_array_size(documents); i++) {
		const json_t *document = json_array_get(documents, i);
		const json_t *source = json_object_get(document, "source");
		bool has = false;
		for (size_t k = 0; !has && k < json_array_size(source); k++)
			has = list_has(json_object_get(row, "source"),
				json_string_value(json_array_get(source, k)));
		if (has)
			strbuf_addf(out, "%s%s", out->len > 0 ? "\n" : "",
				text_of(document, "title", lang));
	}
}

static bool is_about(const json_t *finding, const json_t *row)
{
	const json_t *rows = json_object_get(finding, "rows");

	for (size_t i = 0; i < json_array_size(rows); i++)
		if (json_equal(json_array_get(rows, i), json_object_get(row, "number")))
			return true;
	return row == NULL && json_array_size(rows) == 0;
}

/* What was found about a row; row NULL: about none. */
static void add_findings(
	struct strbuf *out, const json_t *letter, const json_t *row, enum lang lang)
{
	const json_t *findings = json_object_get(letter, "findings");

	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *finding = json_array_get(findings, i);
		if (is_about(finding, row))
			strbuf_addf(out, "%s%s (%s)\n%s", out->len > 0 ? "\n" : "",
				text_of(finding, "title", lang), member_string(finding, "code"),
				text_of(finding, "evidence", lang));
	}
}

/* row NULL: a line for what was found without any traffic to name. */
static void put_line(FILE *out, const json_t *letter, const json_t *row, enum lang lang)
{
	struct strbuf text;

	strbuf_init(&text, CELL_MAX);
	for (size_t i = 0; i < COLUMNS; i++) {
		strbuf_reset(&text);
		if (strcmp(columns[i], "to") == 0)
			strbuf_adds(&text, word_of("actor", member_string(letter, "to"), lang));
		else if (strcmp(columns[i], "finding") == 0)
			add_findings(&text, letter, row, lang);
		else if (strcmp(columns[i], "document") == 0 && row != NULL)
			add_documents(&text, letter, row, lang);
		else if (row != NULL)
			cell_of(&text, columns[i], letter, row, lang);
		put_cell(out, i, text.data);
	}
	fputs("\r\n", out);
	strbuf_release(&text);
}

static void put_letter(FILE *out, const json_t *letter, enum lang lang)
{
	const json_t *rows = json_object_get(letter, "rows");
	struct strbuf rest;

	for (size_t i = 0; i < json_array_size(rows); i++)
		put_line(out, letter, json_array_get(rows, i), lang);
	strbuf_init(&rest, CELL_MAX);
	add_findings(&rest, letter, NULL, lang);
	if (rest.len > 0)
		put_line(out, letter, NULL, lang);
	strbuf_release(&rest);
}

void request_write_csv(FILE *out, const json_t *sheet, enum lang lang)
{
	const json_t *letters = json_object_get(sheet, "letters");

	put_header(out, lang);
	for (size_t i = 0; i < json_array_size(letters); i++)
		put_letter(out, json_array_get(letters, i), lang);
}
