/* What stands in the cells of the table, whatever the format. */
#include <string.h>

#include "internal.h"
#include "report/internal.h"

void cell_protocol(struct strbuf *out, const json_t *row, enum lang lang)
{
	strbuf_adds(out, word_of("request.protocol", member_string(row, "protocol"), lang));
}

void cell_port(struct strbuf *out, const json_t *row)
{
	const json_t *port = json_object_get(row, "port");

	if (json_is_integer(port))
		strbuf_addf(out, "%d", (int)json_integer_value(port));
}

void cell_destination(struct strbuf *out, const json_t *row, enum lang lang)
{
	const char *host = member_string(row, "host");

	strbuf_adds(out, *host != '\0' ? host : message(lang, "request.dns-server"));
}

void cell_purpose(struct strbuf *out, const json_t *row, enum lang lang)
{
	json_t *names = json_object_get(row, "names");

	if (json_array_size(names) == 0) {
		strbuf_adds(out, text_of(row, "purpose", lang));
		return;
	}
	json_t *values = json_pack("{s:O}", "names", names);
	json_t *text = say("request.purpose.names", values);
	strbuf_adds(out, json_string_value(json_object_get(text, lang_name(lang))));
	json_decref(text);
	json_decref(values);
}

void cell_segments(struct strbuf *out, const json_t *finding, enum lang lang)
{
	const json_t *segments = json_object_get(finding, "segments");

	for (size_t i = 0; i < json_array_size(segments); i++) {
		const char *word = json_string_value(json_array_get(segments, i));
		strbuf_adds(out, i > 0 ? message(lang, "list.or") : "");
		strbuf_adds(out, word_of("segment", word != NULL ? word : "", lang));
	}
}

void cell_offender(struct strbuf *out, const json_t *finding, enum lang lang)
{
	const json_t *offender = json_object_get(finding, "offender");
	const char *is = member_string(offender, "is");

	if (json_is_object(offender))
		strbuf_adds(out, member_string(offender, "address"));
	if (*is != '\0')
		strbuf_addf(out, lang == LANG_JA ? "（%s）" : " (%s)",
			word_of("offender_is", is, lang));
}

void cell_rows(struct strbuf *out, const json_t *finding, enum lang lang)
{
	const json_t *rows = json_object_get(finding, "rows");

	for (size_t i = 0; i < json_array_size(rows); i++)
		strbuf_addf(out, "%s%d", i > 0 ? message(lang, "list.separator") : "No. ",
			(int)json_integer_value(json_array_get(rows, i)));
}

/* ---- by the name of the column ---- */

struct cell {
	const json_t *letter, *row;
	enum lang lang;
};

static void put_number(struct strbuf *out, const struct cell *c)
{
	strbuf_addf(out, "%d", (int)json_integer_value(json_object_get(c->row, "number")));
}

static void put_protocol(struct strbuf *out, const struct cell *c)
{
	cell_protocol(out, c->row, c->lang);
}

static void put_port(struct strbuf *out, const struct cell *c)
{
	cell_port(out, c->row);
}

static void put_direction(struct strbuf *out, const struct cell *c)
{
	strbuf_adds(out, word_of("request.direction", member_string(c->row, "direction"), c->lang));
}

static void put_source(struct strbuf *out, const struct cell *c)
{
	strbuf_adds(out, text_of(c->letter, "source_terminal", c->lang));
}

static void put_source_port(struct strbuf *out, const struct cell *c)
{
	bool ports = json_is_integer(json_object_get(c->row, "port"));

	strbuf_adds(out, ports ? message(c->lang, "request.any") : "");
}

static void put_host(struct strbuf *out, const struct cell *c)
{
	cell_destination(out, c->row, c->lang);
}

static void put_address(struct strbuf *out, const struct cell *c)
{
	join(out, json_object_get(c->row, "addresses"), c->lang);
}

static void put_purpose(struct strbuf *out, const struct cell *c)
{
	cell_purpose(out, c->row, c->lang);
}

static void put_ask(struct strbuf *out, const struct cell *c)
{
	strbuf_adds(out, word_of("request.ask", member_string(c->row, "ask"), c->lang));
}

static void put_severity(struct strbuf *out, const struct cell *c)
{
	strbuf_adds(out, word_of("severity", member_string(c->row, "severity"), c->lang));
}

static void put_basis(struct strbuf *out, const struct cell *c)
{
	join(out, json_object_get(c->row, "source"), c->lang);
}

static const struct {
	const char *column;
	void (*put)(struct strbuf *out, const struct cell *c);
} cells[] = {
	{"number", put_number},
	{"protocol", put_protocol},
	{"port", put_port},
	{"direction", put_direction},
	{"source", put_source},
	{"source-port", put_source_port},
	{"host", put_host},
	{"address", put_address},
	{"purpose", put_purpose},
	{"ask", put_ask},
	{"severity", put_severity},
	{"basis", put_basis},
};

void cell_of(struct strbuf *out, const char *column, const json_t *letter, const json_t *row,
	enum lang lang)
{
	struct cell cell = {.letter = letter, .row = row, .lang = lang};

	for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
		if (strcmp(cells[i].column, column) == 0)
			cells[i].put(out, &cell);
}

const char *special_ask(const json_t *row, enum lang lang)
{
	static const char *const usual[] = {"allow", "carrier", "desk"};

	for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
		if (member_is(row, "ask", usual[i]))
			return NULL;
	return word_of("request.ask", member_string(row, "ask"), lang);
}

void add_bracketed(struct strbuf *out, const char *text, enum lang lang)
{
	strbuf_addf(out, lang == LANG_JA ? "［%s］" : " [%s]", text);
}

bool letter_hides(const json_t *letter)
{
	const json_t *findings = json_object_get(letter, "findings");
	bool hides = false;

	for (size_t i = 0; i < json_array_size(findings); i++) {
		const json_t *finding = json_array_get(findings, i);
		const json_t *offender = json_object_get(finding, "offender");
		hides = hides ||
			strstr(text_of(finding, "evidence", LANG_EN), "private-") != NULL ||
			strstr(member_string(offender, "address"), "private-") != NULL;
	}
	return hides;
}

const char *letter_label(const json_t *letter, const char *part, enum lang lang)
{
	char id[64];

	snprintf(id, sizeof id, "request.%s%s", part,
		member_is(letter, "to", "network") ? "" : ".answer");
	return message(lang, id);
}
