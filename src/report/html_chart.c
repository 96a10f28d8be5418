/*
 * Response times: a table whose first column draws the stages (name, TCP, TLS, answer) of each
 * host to one scale, with the numbers beside them.
 */
#include <string.h>

#include "html.h"

#define ROWS_MOST    40
#define SCALE        1000 /* units of the widest bar */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The stages in their order; the answer is the first byte or a UDP reply. */
static const struct stage {
	const char *id;
	const char *timings[2];
} stages[] = {
	{"name", {"name_ms", NULL}},
	{"tcp", {"connect_ms", NULL}},
	{"tls", {"tls_ms", NULL}},
	{"answer", {"first_byte_ms", "rtt_ms"}},
};
#define STAGE_COUNT COUNT(stages)

struct row {
	const json_t *check;
	const char *protocol;
	double ms[STAGE_COUNT]; /* negative: was not reached */
	size_t reached;
	const char *verdict; /* the worst of its checks */
};

static double stage_ms(const json_t *check, const struct stage *stage)
{
	const json_t *timings = json_object_get(check, "timings");

	for (size_t i = 0; i < 2 && stage->timings[i] != NULL; i++) {
		const json_t *value = json_object_get(timings, stage->timings[i]);
		if (json_is_number(value) && json_number_value(value) >= 0)
			return json_number_value(value) < 1e9 ? json_number_value(value) : 1e9;
	}
	return -1;
}

static const char *protocol_of(const json_t *check)
{
	static const char *const tcp[] = {"tcp", "tls", "http"}, *const udp[] = {"ike", "dtls"};

	for (size_t i = 0; i < COUNT(tcp); i++)
		if (member_is(check, "type", tcp[i]))
			return "TCP";
	for (size_t i = 0; i < COUNT(udp); i++)
		if (member_is(check, "type", udp[i]))
			return "UDP";
	return NULL;
}

static bool row_of(struct row *row, const json_t *check)
{
	*row = (struct row){
		.check = check, .protocol = protocol_of(check), .verdict = html_verdict(check)};
	for (size_t i = 0; i < STAGE_COUNT; i++) {
		row->ms[i] = stage_ms(check, &stages[i]);
		row->reached += row->ms[i] >= 0;
	}
	return row->protocol != NULL && json_is_object(json_object_get(check, "host")) &&
	       row->reached > 0;
}

static bool is_same(const struct row *a, const struct row *b)
{
	const json_t *host = json_object_get(a->check, "host");

	return strcmp(a->protocol, b->protocol) == 0 &&
	       member_is(json_object_get(b->check, "host"), "name", member_string(host, "name")) &&
	       json_equal(json_object_get(a->check, "port"), json_object_get(b->check, "port"));
}

static const char *worse(const char *a, const char *b)
{
	return strcmp(b, "fail") == 0 || strcmp(a, "pass") == 0 ? b : a;
}

/* One row for each host, protocol and port: the check that got furthest, the worst verdict. */
static void add_row(struct row *rows, size_t *count, const struct row *row)
{
	for (size_t i = 0; i < *count; i++) {
		if (!is_same(&rows[i], row))
			continue;
		const char *worst = worse(rows[i].verdict, row->verdict);
		if (row->reached > rows[i].reached)
			rows[i] = *row;
		rows[i].verdict = worst;
		return;
	}
	if (*count < ROWS_MOST)
		rows[(*count)++] = *row;
}

static double total(const struct row *row)
{
	double sum = 0;

	for (size_t i = 0; i < STAGE_COUNT; i++)
		sum += row->ms[i] >= 0 ? row->ms[i] : 0;
	return sum;
}

/* ---- writing ---- */

static void put_ms(const struct sheet *sheet, const char *label, double ms)
{
	fprintf(sheet->page.out, "<td class=\"ms\" data-label=\"");
	html_message(sheet, label);
	html_raw(sheet, "\">");
	if (ms < 0)
		html_message(sheet, "html.none");
	else
		fprintf(sheet->page.out, ms < 9.95 ? "%.1f" : "%.0f", ms);
	html_raw(sheet, "</td>");
}

static void put_bar(const struct sheet *sheet, const struct row *row, double widest)
{
	double at = 0;

	fprintf(sheet->page.out,
		"<td class=\"bar\"><svg aria-hidden=\"true\" viewBox=\"0 0 %d 16\" "
		"preserveAspectRatio=\"none\"><rect class=\"track\" width=\"%d\" height=\"16\"/>",
		SCALE, SCALE);
	for (size_t i = 0; i < STAGE_COUNT; i++) {
		if (row->ms[i] < 0)
			continue;
		double width = widest > 0 ? row->ms[i] * SCALE / widest : 0;
		fprintf(sheet->page.out,
			"<rect class=\"k-%s\" x=\"%.1f\" width=\"%.1f\" height=\"16\"/>",
			stages[i].id, at, width);
		at += width;
	}
	html_raw(sheet, "</svg></td>");
}

static bool is_documented(const struct row *row)
{
	return member_is(json_object_get(row->check, "facts"), "via", "documented");
}

static void put_host(const struct sheet *sheet, const struct row *row)
{
	const json_t *port = json_object_get(row->check, "port");

	html_raw(sheet, "<th scope=\"row\">");
	html_text(sheet, member_string(json_object_get(row->check, "host"), "name"));
	fprintf(sheet->page.out, "<span class=\"port\">%s", row->protocol);
	if (json_is_integer(port))
		fprintf(sheet->page.out, " %lld", (long long)json_integer_value(port));
	html_raw(sheet, "</span>");
	if (strcmp(row->verdict, "pass") != 0)
		html_badge(sheet, row->verdict);
	if (is_documented(row))
		html_raw(sheet, "<span class=\"star\">*</span>");
	html_raw(sheet, "</th>");
}

static void put_row(const struct sheet *sheet, const struct row *row, double widest)
{
	char label[64];

	html_raw(sheet, "<tr>");
	put_host(sheet, row);
	put_bar(sheet, row, widest);
	for (size_t i = 0; i < STAGE_COUNT; i++) {
		snprintf(label, sizeof label, "html.stage.%s", stages[i].id);
		put_ms(sheet, label, row->ms[i]);
	}
	put_ms(sheet, "html.stage.total", row->ms[STAGE_COUNT - 1] >= 0 ? total(row) : -1);
	html_raw(sheet, "</tr>\n");
}

static void put_head(const struct sheet *sheet, double widest)
{
	char label[64];

	html_raw(sheet, "<thead><tr><th scope=\"col\">");
	html_message(sheet, "html.stage.host");
	fprintf(sheet->page.out, "</th><th scope=\"col\" class=\"bar\">0 – %.0f ms</th>", widest);
	for (size_t i = 0; i < STAGE_COUNT; i++) {
		snprintf(label, sizeof label, "html.stage.%s", stages[i].id);
		fprintf(sheet->page.out,
			"<th scope=\"col\" class=\"ms\"><svg class=\"key\" viewBox=\"0 0 10 10\" "
			"aria-hidden=\"true\"><rect class=\"k-%s\" width=\"10\" "
			"height=\"10\"/></svg> ",
			stages[i].id);
		html_message(sheet, label);
		html_raw(sheet, "</th>");
	}
	html_raw(sheet, "<th scope=\"col\" class=\"ms\">");
	html_message(sheet, "html.stage.total");
	html_raw(sheet, "</th></tr></thead>\n");
}

void html_chart(struct sheet *sheet)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	struct row rows[ROWS_MOST], row;
	size_t count = 0;
	double widest = 0;
	bool documented = false;

	for (size_t i = 0; i < json_array_size(checks); i++)
		if (row_of(&row, json_array_get(checks, i)))
			add_row(rows, &count, &row);
	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		widest = total(&rows[i]) > widest ? total(&rows[i]) : widest;
	html_raw(sheet, "<section id=\"times\" aria-labelledby=\"times-h\">\n<h2 id=\"times-h\">");
	html_message(sheet, "html.chart");
	html_raw(sheet, "</h2>\n");
	html_element_message(sheet, "p", "lead", "html.chart.text");
	html_raw(sheet, "<table class=\"chart\">\n");
	put_head(sheet, widest);
	html_raw(sheet, "<tbody>\n");
	for (size_t i = 0; i < count; i++) {
		put_row(sheet, &rows[i], widest);
		documented |= is_documented(&rows[i]);
	}
	html_raw(sheet, "</tbody></table>\n");
	if (documented)
		html_element_message(sheet, "p", "note", "html.documented");
	html_raw(sheet, "</section>\n");
}
