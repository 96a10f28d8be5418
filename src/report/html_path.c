/*
 * The drawing of the path: a wide one with a line for each kind of traffic, and a tall one for
 * narrow screens; the style sheet shows one of them.
 */
#include <string.h>

#include "html.h"

#define WIDE       792
#define LEFT       162 /* names of the lanes */
#define BOX_TOP    26
#define BOX_HEIGHT 116
#define BOX_MOST   130
#define LANES_TOP  (BOX_TOP + BOX_HEIGHT + 12)
#define LANES_MOST 24
#define TALL       320
#define STEP       78 /* of the tall drawing */

/* 24 × 24, strokes only. */
static const char *const icons[NODE_COUNT] = {
	[NODE_TERMINAL] = "<rect x=\"2\" y=\"4\" width=\"20\" height=\"13\" rx=\"1.5\"/>"
			  "<path d=\"M8 21h8M12 17v4\"/>",
	[NODE_FACILITY] = "<path d=\"M3 21V7l9-4 9 4v14ZM9 21v-5h6v5M12 7v5M9.500 9.500h5\"/>",
	[NODE_LINE] = "<circle cx=\"12\" cy=\"12\" r=\"9\"/><path d=\"M3 12h18M12 3c3.500 3 3.500 "
		      "15 0 18M12 3c-3.500 3-3.500 15 0 18\"/>",
	[NODE_SERVICE] = "<rect x=\"3\" y=\"4\" width=\"18\" height=\"7\" rx=\"1.500\"/><rect "
			 "x=\"3\" y=\"13\" width=\"18\" height=\"7\" rx=\"1.500\"/><path d=\"M7 "
			 "7.500h.01M7 16.500h.01M11 7.500h6M11 16.500h6\"/>",
	[NODE_VPN] = "<rect x=\"4\" y=\"11\" width=\"16\" height=\"10\" rx=\"1.500\"/><path d=\"M8 "
		     "11V7.500a4 4 0 0 1 8 0V11M12 15v2\"/>",
	[NODE_PORTAL] = "<rect x=\"2\" y=\"4\" width=\"20\" height=\"16\" rx=\"1.500\"/><path "
			"d=\"M2 9h20M5 6.500h.01M8 6.500h.01M6 13h12M6 16.500h8\"/>",
};

static const char *node_label(const struct sheet *sheet, size_t node)
{
	return sheet_word(sheet, "html.node", path_node_names[node]);
}

static const char *state_label(const struct sheet *sheet, const struct path *path, size_t node)
{
	const json_t *terminal = json_object_get(sheet->report, "terminal");
	bool down = json_is_false(json_object_get(terminal, "vpn_connected"));

	if (node == NODE_VPN && down && path->states[node] == STATE_UNSEEN)
		return sheet_message(sheet, "html.state.down");
	return sheet_word(sheet, "html.state", path_state_names[path->states[node]]);
}

/* ---- pieces ---- */

static void text_at(const struct sheet *sheet, const char *class, int x, int y, const char *text)
{
	fprintf(sheet->page.out, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
	html_text(sheet, text);
	html_raw(sheet, "</text>\n");
}

/* Each line of a short text, the last one at y. */
static void lines_at(const struct sheet *sheet, const char *class, int x, int y, const char *text)
{
	const char *second = strchr(text, '\n');
	struct strbuf first;

	if (second == NULL) {
		text_at(sheet, class, x, y - 8, text);
		return;
	}
	strbuf_init(&first, HTML_TEXT_MAX);
	strbuf_add(&first, text, (size_t)(second - text));
	text_at(sheet, class, x, y - 16, first.data);
	text_at(sheet, class, x, y, second + 1);
	strbuf_release(&first);
}

static void icon_at(const struct sheet *sheet, size_t node, int x, int y)
{
	fprintf(sheet->page.out, "<g class=\"icon\" transform=\"translate(%d %d)\">%s</g>\n", x, y,
		icons[node]);
}

/* Appends the numbers of the causes that name a node: "原因 1". */
static void add_causes(const struct sheet *sheet, struct strbuf *out, size_t node)
{
	const json_t *causes = json_object_get(sheet->report, "causes");
	bool any = false;

	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		if (member_is(cause, "verdict", "warn") ||
			!(path_nodes(sheet->report, cause) >> node & 1))
			continue;
		if (any)
			strbuf_addf(out, ", %zu", i + 1);
		else
			sheet_note(
				sheet, out, "html.cause-number", json_integer((json_int_t)i + 1));
		any = true;
	}
}

static void causes_at(const struct sheet *sheet, size_t node, const char *class, int x, int y)
{
	struct strbuf text;

	strbuf_init(&text, 24); /* beyond that the box is full */
	add_causes(sheet, &text, node);
	if (text.len > 0)
		text_at(sheet, class, x, y, text.data);
	strbuf_release(&text);
}

/* ---- in words ---- */

/* A node's label in one line. */
static void add_label(const struct sheet *sheet, struct strbuf *out, size_t node)
{
	bool ja = sheet->page.lang == LANG_JA;

	for (const char *at = node_label(sheet, node); *at != '\0'; at++)
		if (*at != '\n')
			strbuf_addc(out, *at);
		else if (!ja)
			strbuf_addc(out, ' ');
}

static void add_node(
	const struct sheet *sheet, struct strbuf *out, const struct path *path, size_t node)
{
	add_label(sheet, out, node);
	strbuf_addf(out, ": %s", state_label(sheet, path, node));
	strbuf_adds(out, " ");
	add_causes(sheet, out, node);
	strbuf_adds(out, node + 1 < path->count ? " / " : "");
}

static void put_description(const struct sheet *sheet, const struct path *path, const char *name)
{
	struct strbuf text;

	strbuf_init(&text, HTML_TEXT_MAX);
	for (size_t i = 0; i < path->count; i++)
		add_node(sheet, &text, path, i);
	fprintf(sheet->page.out, "<title id=\"%s-title\">", name);
	html_message(sheet, "html.path");
	fprintf(sheet->page.out, "</title>\n<desc id=\"%s-desc\">", name);
	html_text(sheet, text.data);
	html_raw(sheet, "</desc>\n");
	strbuf_release(&text);
}

/* The view begins at y = top. */
static void open_svg(const struct sheet *sheet, const struct path *path, const char *name, int top,
	int width, int height)
{
	fprintf(sheet->page.out,
		"<svg class=\"%s\" role=\"img\" aria-labelledby=\"%s-title %s-desc\" "
		"viewBox=\"0 %d %d %d\">\n",
		name, name, name, top, width, height - top);
	put_description(sheet, path, name);
}

/* ---- wide ---- */

static void wide_link(
	const struct sheet *sheet, const struct path *path, size_t node, int from, int to)
{
	bool works = path->states[node + 1] == STATE_WORKS;

	fprintf(sheet->page.out,
		"<line class=\"link %s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
		works ? "s-works" : "s-unseen", from, BOX_TOP + BOX_HEIGHT / 2, to,
		BOX_TOP + BOX_HEIGHT / 2);
}

static void wide_node(const struct sheet *sheet, const struct path *path, size_t node, int middle,
	int width, int height)
{
	const char *state = path_state_names[path->states[node]];
	int top = BOX_TOP;

	fprintf(sheet->page.out,
		"<rect class=\"band s-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n"
		"<rect class=\"box s-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		"rx=\"7\"/>\n",
		state, middle - width / 2, top + BOX_HEIGHT, width, height - top - BOX_HEIGHT,
		state, middle - width / 2, top, width, BOX_HEIGHT);
	fprintf(sheet->page.out, "<g class=\"s-%s\">\n", state);
	icon_at(sheet, node, middle - 12, top + 9);
	lines_at(sheet, "name", middle, top + 66, node_label(sheet, node));
	text_at(sheet, "state", middle, top + 87, state_label(sheet, path, node));
	causes_at(sheet, node, "state", middle, top + 105);
	html_raw(sheet, "</g>\n");
}

/* The first and the last suspect; false unless there are several. */
static bool suspects(const struct path *path, int *first, int *last)
{
	*first = *last = -1;
	for (int i = 0; i < (int)path->count; i++) {
		if (path->states[i] != STATE_SUSPECT)
			continue;
		*first = *first < 0 ? i : *first;
		*last = i;
	}
	return *last > *first;
}

/* A bracket says that the cause is one of several suspects. */
static void wide_bracket(const struct sheet *sheet, int first, int last, int column, int width)
{
	int from = LEFT + column * first + (column - width) / 2;
	int to = LEFT + column * (last + 1) - (column - width) / 2;

	fprintf(sheet->page.out, "<path class=\"bracket\" d=\"M%d 24v-5H%dv5\"/>\n", from, to);
	text_at(sheet, "one-of", (from + to) / 2, 13, sheet_message(sheet, "html.one-of"));
}

static void put_wide(const struct sheet *sheet, const struct path *path)
{
	struct lane lanes[LANES_MOST];
	size_t all = path_lanes(lanes, LANES_MOST, sheet->report);
	size_t count = all < LANES_MOST ? all : LANES_MOST;
	int column = (WIDE - LEFT) / (int)path->count, width = column - 14;
	int height = LANES_TOP + html_lanes_height(count), first, last;

	width = width < BOX_MOST ? width : BOX_MOST;
	bool several = suspects(path, &first, &last);
	open_svg(sheet, path, "path-wide", several ? 0 : BOX_TOP - 4, WIDE, height + 4);
	if (several)
		wide_bracket(sheet, first, last, column, width);
	for (size_t i = 0; i < path->count; i++) {
		int middle = LEFT + column * (int)i + column / 2;
		wide_node(sheet, path, i, middle, width, height);
		if (i + 1 < path->count)
			wide_link(sheet, path, i, middle + width / 2, middle + column - width / 2);
	}
	html_lanes(sheet, lanes, count, LEFT, column, LANES_TOP);
	html_raw(sheet, "</svg>\n");
	if (all > count) {
		json_t *values = json_pack("{s:I}", "value", (json_int_t)(all - count));
		html_element_template(sheet, "p", "note", "html.more-lanes", values);
		json_decref(values);
	}
}

/* ---- tall ---- */

static void tall_node(const struct sheet *sheet, const struct path *path, size_t node, int top)
{
	bool named = path->states[node] > STATE_WORKS;
	const char *state = path_state_names[path->states[node]];

	fprintf(sheet->page.out,
		"<rect class=\"box s-%s\" x=\"4\" y=\"%d\" width=\"%d\" height=\"56\" rx=\"7\"/>\n"
		"<g class=\"s-%s\">\n",
		state, top, TALL - 8, state);
	icon_at(sheet, node, 18, top + 16);
	lines_at(sheet, "name side", 56, top + 41, node_label(sheet, node));
	text_at(sheet, "state side", 180, top + (named ? 25 : 33), state_label(sheet, path, node));
	causes_at(sheet, node, "state side", 180, top + 43);
	html_raw(sheet, "</g>\n");
}

static void put_tall(const struct sheet *sheet, const struct path *path)
{
	open_svg(sheet, path, "path-tall", 0, TALL, (int)path->count * STEP - 14);
	for (size_t i = 0; i < path->count; i++) {
		int top = 4 + (int)i * STEP;
		tall_node(sheet, path, i, top);
		if (i + 1 < path->count)
			fprintf(sheet->page.out,
				"<line class=\"link s-%s\" x1=\"30\" y1=\"%d\" x2=\"30\" "
				"y2=\"%d\"/>\n",
				path->states[i + 1] == STATE_WORKS ? "works" : "unseen", top + 56,
				top + STEP);
	}
	html_raw(sheet, "</svg>\n");
}

/* ---- around the drawing ---- */

/* The suspects of a lane that is stopped. */
static void put_suspects(const struct sheet *sheet, const struct lane *lane)
{
	struct strbuf text;

	strbuf_init(&text, HTML_TEXT_MAX);
	for (size_t i = 0; i < NODE_COUNT; i++) {
		if (!(lane->suspects >> i & 1))
			continue;
		strbuf_adds(&text, text.len > 0 ? sheet_message(sheet, "list.or") : "");
		add_label(sheet, &text, i);
	}
	if (text.len > 0)
		html_element(sheet, "span", "note", text.data);
	strbuf_release(&text);
}

/* The lanes in words: for narrow screens, and for those who hear the page. */
static void put_lanes(const struct sheet *sheet)
{
	struct lane lanes[LANES_MOST];
	size_t all = path_lanes(lanes, LANES_MOST, sheet->report);
	struct strbuf name;

	if (all == 0)
		return;
	strbuf_init(&name, HTML_TEXT_MAX);
	html_raw(sheet, "<ul class=\"lanes\">\n");
	for (size_t i = 0; i < all && i < LANES_MOST; i++) {
		fprintf(sheet->page.out,
			"<li><span class=\"badge is-%s\"><span aria-hidden=\"true\">",
			lanes[i].verdict);
		html_text(sheet, sheet_word(sheet, "html.symbol", lanes[i].verdict));
		html_raw(sheet, "</span> ");
		html_text(sheet, sheet_word(sheet, "html.reached", lanes[i].verdict));
		strbuf_reset(&name);
		html_lane_name(sheet, &name, &lanes[i]);
		html_raw(sheet, "</span> ");
		html_text(sheet, name.data);
		if (strcmp(lanes[i].verdict, "fail") == 0)
			put_suspects(sheet, &lanes[i]);
		html_raw(sheet, "</li>\n");
	}
	html_raw(sheet, "</ul>\n");
	strbuf_release(&name);
}

static void put_legend(const struct sheet *sheet)
{
	static const char *const verdicts[] = {"pass", "fail", "warn", "unknown"};

	html_raw(sheet, "<ul class=\"legend\">\n");
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		fprintf(sheet->page.out, "<li><span class=\"badge is-%s\" aria-hidden=\"true\">",
			verdicts[i]);
		html_text(sheet, sheet_word(sheet, "html.symbol", verdicts[i]));
		html_raw(sheet, "</span> ");
		html_text(sheet, sheet_word(sheet, "html.reach", verdicts[i]));
		html_raw(sheet, "</li>\n");
	}
	html_raw(sheet, "</ul>\n");
}

void html_path(struct sheet *sheet)
{
	struct path path;

	path_make(&path, sheet->report);
	html_raw(sheet, "<section id=\"path\" aria-labelledby=\"path-h\">\n<h2 id=\"path-h\">");
	html_message(sheet, "html.path");
	html_raw(sheet, "</h2>\n<figure>\n");
	put_wide(sheet, &path);
	put_tall(sheet, &path);
	put_lanes(sheet);
	html_raw(sheet, "<figcaption>\n");
	put_legend(sheet);
	html_raw(sheet, "</figcaption>\n</figure>\n</section>\n");
}
