/* The lower half of the wide drawing: a line for each kind of traffic, as far as it gets. */
#include <string.h>

#include "html.h"

#define LANE        22
#define GAP         7 /* from a column's edge to its box */
#define LABEL_MOST  9 /* columns of a host's id */
#define COLUMN_MARK 9 /* half of a mark's width */

int html_lanes_height(size_t count)
{
	return (int)count * LANE;
}

/* A text cut to so many columns. */
static void add_cut(struct strbuf *out, const char *text, int most)
{
	size_t len = strlen(text);
	struct strbuf piece;

	if (report_text_width(text) <= most) {
		strbuf_adds(out, text);
		return;
	}
	strbuf_init(&piece, HTML_TEXT_MAX);
	do {
		do
			len--;
		while (len > 0 && (text[len] & 0xc0) == 0x80);
		strbuf_reset(&piece);
		strbuf_add(&piece, text, len);
	} while (len > 0 && report_text_width(piece.data) >= most);
	strbuf_addf(out, "%s…", piece.data);
	strbuf_release(&piece);
}

void html_lane_name(const struct sheet *sheet, struct strbuf *out, const struct lane *lane)
{
	struct strbuf host;
	char layer[64];

	strbuf_init(&host, HTML_TEXT_MAX);
	safe_append(&host, lane->host, false); /* before it is cut: escapes are wide */
	snprintf(layer, sizeof layer, "html.layer.%.32s", lane->layer);
	add_cut(out, host.data, LABEL_MOST);
	strbuf_addf(out, " %s", sheet_message(sheet, layer));
	if (lane->port >= 0)
		strbuf_addf(out, " %lld", lane->port);
	strbuf_release(&host);
}

static void line(const struct sheet *sheet, const char *class, int from, int to, int y)
{
	if (from == to)
		return;
	fprintf(sheet->page.out,
		"<line class=\"lane %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", class, from,
		y, to, y);
}

static void mark(const struct sheet *sheet, const char *verdict, int x, int y)
{
	fprintf(sheet->page.out,
		"<circle class=\"dot is-%s\" cx=\"%d\" cy=\"%d\" r=\"%d\"/><text class=\"sign "
		"is-%s\" x=\"%d\" y=\"%d\">",
		verdict, x, y, COLUMN_MARK, verdict, x, y + 4);
	html_text(sheet, sheet_word(sheet, "html.symbol", verdict));
	html_raw(sheet, "</text>\n");
}

static int lowest(unsigned nodes)
{
	int node = 0;

	while (node < NODE_COUNT && !(nodes >> node & 1))
		node++;
	return node;
}

static int highest(unsigned nodes)
{
	int node = NODE_COUNT - 1;

	while (node > 0 && !(nodes >> node & 1))
		node--;
	return node;
}

/* Solid as far as it is known to get, broken to the last suspect, and no further. */
static void draw(const struct sheet *sheet, const struct lane *lane, int left, int column, int y)
{
	unsigned suspects = lane->suspects != 0 ? lane->suspects : 1u << lane->end;
	int first = lowest(suspects), last = highest(suspects);
	int begin = left + column / 2, end = begin + column * (int)lane->end;
	int edge = first > 0 ? left + column * first + GAP : begin;
	int mid = left + column * (first + last + 1) / 2;
	char broken[64];

	if (strcmp(lane->verdict, "pass") == 0) {
		line(sheet, "is-pass", begin, end, y);
		mark(sheet, "pass", end, y);
		return;
	}
	if (strcmp(lane->verdict, "unknown") == 0)
		edge = begin;
	snprintf(broken, sizeof broken, "is-%.20s broken", lane->verdict);
	line(sheet, "is-pass", begin, edge, y);
	line(sheet, broken, edge, last > first ? left + column * (last + 1) - GAP : mid, y);
	mark(sheet, lane->verdict, mid, y);
}

void html_lanes(const struct sheet *sheet, const struct lane *lanes, size_t count, int left,
	int column, int top)
{
	struct strbuf name;

	strbuf_init(&name, HTML_TEXT_MAX);
	for (size_t i = 0; i < count; i++) {
		int y = top + (int)i * LANE + LANE / 2;
		strbuf_reset(&name);
		html_lane_name(sheet, &name, &lanes[i]);
		fprintf(sheet->page.out, "<text class=\"lane-name\" x=\"%d\" y=\"%d\">", left - 8,
			y + 4);
		html_text(sheet, name.data);
		html_raw(sheet, "</text>\n");
		draw(sheet, &lanes[i], left, column, y);
	}
	strbuf_release(&name);
}
