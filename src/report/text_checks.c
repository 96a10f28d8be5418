/* Every check, and the checklist for people, in the text report. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define TEXT_MAX    (16 * 1024)
#define TITLE_SHARE 5 /* a title's column has at most 2/5 of the width */

/* Groups in the order of the report, and the types in them. */
static const struct group {
	const char *id; /* in the catalogue */
	const char *types[8];
} groups[] = {
	{"group.terminal", {"os", "disk", "software", "browser", "link", "proxy", "vpn", "clock"}},
	{"group.names", {"dns"}},
	{"group.transport", {"tcp", "ike", "ike-mtu", "dtls"}},
	{"group.web", {"captive", "tls", "http"}},
	{"group.in-vpn", {NULL}},
	{"group.other", {NULL}},
};
#define GROUP_COUNT  (sizeof groups / sizeof groups[0])
#define GROUP_IN_VPN 4
#define GROUP_OTHER  5

static size_t group_of(const json_t *check)
{
	if (member_is(check, "phase", "in-vpn"))
		return GROUP_IN_VPN;
	for (size_t i = 0; i < GROUP_COUNT; i++)
		for (size_t k = 0; k < 8 && groups[i].types[k] != NULL; k++)
			if (member_is(check, "type", groups[i].types[k]))
				return i;
	return GROUP_OTHER;
}

static enum tone verdict_tone(const json_t *check)
{
	if (member_is(check, "verdict", "pass"))
		return TONE_GOOD;
	if (member_is(check, "verdict", "fail"))
		return TONE_BAD;
	if (member_is(check, "verdict", "skip"))
		return TONE_DIM;
	return TONE_LOOK;
}

/* ---- columns ---- */

static int mark_column(const struct sheet *sheet)
{
	static const char *const words[] = {"pass", "warn", "fail", "unknown", "skip", "manual"};
	int widest = 0;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		int width = report_text_width(sheet_word(sheet, "mark", words[i]));
		widest = width > widest ? width : widest;
	}
	return 4 + widest + 1;
}

static const char *title_of(const struct sheet *sheet, const json_t *check)
{
	const char *title = member_text(sheet, check, "title");

	return title != NULL ? title : member_string(check, "id");
}

/* Skipped and manual checks are told elsewhere. */
static bool is_listed(const json_t *check)
{
	return !member_is(check, "verdict", "skip") && !member_is(check, "verdict", "manual");
}

/* Where the evidence begins: behind the widest title that is not too wide. */
static int evidence_column(const struct sheet *sheet)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	int width = sheet->page.width > 0 ? sheet->page.width : 100;
	int most = width * 2 / TITLE_SHARE, widest = 0;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		int title = report_text_width(title_of(sheet, check));
		if (is_listed(check) && title > widest && title <= most)
			widest = title;
	}
	return mark_column(sheet) + widest + 2;
}

/* ---- one check ---- */

static void add_note(
	struct strbuf *text, const struct sheet *sheet, const char *id, const char *arg)
{
	json_t *values = json_pack("{s:s}", "value", arg);

	template_expand(text, sheet_message(sheet, id), values);
	json_decref(values);
}

/* Evidence, then duration, what explains it, waiver, lesser severity. */
static void check_line(const struct sheet *sheet, struct strbuf *text, const json_t *check)
{
	const json_t *ms = json_object_get(check, "duration_ms");
	const json_t *root = json_object_get(check, "root");
	const char *evidence = member_text(sheet, check, "evidence");
	const char *waived = member_string(check, "waived");
	char number[32];

	if (evidence != NULL)
		strbuf_adds(text, evidence);
	if (json_is_integer(root)) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(root) + 1);
		add_note(text, sheet, "note.root", number);
	}
	if (*waived != '\0')
		add_note(text, sheet, "note.waived", waived);
	if (json_integer_value(ms) > 0) {
		snprintf(number, sizeof number, "%lld", (long long)json_integer_value(ms));
		add_note(text, sheet, "note.duration", number);
	}
}

static void put_pairs(struct sheet *sheet, json_t *pairs, const char *unit)
{
	const char *name;
	json_t *value;
	int column = mark_column(sheet);

	json_object_foreach(pairs, name, value)
	{
		char *text =
			json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
		struct strbuf line;
		strbuf_init(&line, TEXT_MAX);
		const char *plain = json_string_value(value);
		strbuf_addf(&line, "%s = %s%s", name,
			plain != NULL ? plain
			: text        ? text
				      : "",
			unit);
		page_pad(&sheet->page, column);
		page_text(&sheet->page, column + 2, line.data);
		page_newline(&sheet->page);
		strbuf_release(&line);
		free(text);
	}
}

static void put_check(struct sheet *sheet, const json_t *check, int column)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	check_line(sheet, &text, check);
	page_pad(&sheet->page, 4);
	page_word(&sheet->page, verdict_tone(check),
		sheet_word(sheet, "mark", member_string(check, "verdict")));
	page_pad(&sheet->page, mark_column(sheet));
	page_text(&sheet->page, mark_column(sheet), title_of(sheet, check));
	if (text.len > 0) {
		if (sheet->page.column + 2 > column)
			page_newline(&sheet->page);
		page_pad(&sheet->page, column);
		page_text(&sheet->page, column, text.data);
	}
	page_newline(&sheet->page);
	strbuf_release(&text);
	if (sheet->verbosity > 0) {
		put_pairs(sheet, json_object_get(check, "facts"), "");
		put_pairs(sheet, json_object_get(check, "timings"), " ms");
	}
}

static void put_group(struct sheet *sheet, const char *id)
{
	page_pad(&sheet->page, 2);
	page_word(&sheet->page, TONE_STRONG, sheet_message(sheet, id));
	page_newline(&sheet->page);
}

/* ---- skipped checks: one line for each reason ---- */

static bool reason_seen(const json_t *checks, size_t index)
{
	const char *reason = member_string(json_array_get(checks, index), "skip_reason");

	for (size_t i = 0; i < index; i++) {
		const json_t *check = json_array_get(checks, i);
		if (member_is(check, "verdict", "skip") && member_is(check, "skip_reason", reason))
			return true;
	}
	return false;
}

/* Checks skipped by a judge have no reason but evidence of their own. */
static bool collapses(const json_t *check)
{
	return member_is(check, "verdict", "skip") &&
	       json_is_string(json_object_get(check, "skip_reason"));
}

static void put_skipped(struct sheet *sheet, const json_t *checks, size_t first)
{
	const char *reason = member_string(json_array_get(checks, first), "skip_reason");
	struct strbuf text;
	size_t count = 0;

	strbuf_init(&text, TEXT_MAX);
	for (size_t i = first; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (!collapses(check) || !member_is(check, "skip_reason", reason))
			continue;
		strbuf_adds(&text, count++ == 0 ? "" : sheet_message(sheet, "list.separator"));
		strbuf_adds(&text, title_of(sheet, check));
	}
	page_pad(&sheet->page, 4);
	page_word(&sheet->page, TONE_DIM, sheet_word(sheet, "mark", "skip"));
	page_pad(&sheet->page, mark_column(sheet));
	page_text(&sheet->page, mark_column(sheet), sheet_word(sheet, "skip", reason));
	page_newline(&sheet->page);
	page_pad(&sheet->page, mark_column(sheet));
	page_text(&sheet->page, mark_column(sheet), text.data);
	page_newline(&sheet->page);
	strbuf_release(&text);
}

static void text_skipped(struct sheet *sheet)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		if (!collapses(json_array_get(checks, i)) || reason_seen(checks, i))
			continue;
		if (!any)
			put_group(sheet, "group.skipped");
		any = true;
		put_skipped(sheet, checks, i);
	}
}

static void text_group(struct sheet *sheet, size_t group, int column)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (group_of(check) != group || collapses(check) ||
			member_is(check, "verdict", "manual"))
			continue;
		if (!any) {
			page_pad(&sheet->page, 2);
			page_word(
				&sheet->page, TONE_STRONG, sheet_message(sheet, groups[group].id));
			page_newline(&sheet->page);
		}
		any = true;
		put_check(sheet, check, column);
	}
}

void text_checks(struct sheet *sheet)
{
	int column = evidence_column(sheet);

	sheet_heading(sheet, "heading.checks");
	for (size_t i = 0; i < GROUP_COUNT; i++)
		text_group(sheet, i, column);
	text_skipped(sheet);
}

/* ---- checklist ---- */

static void put_manual(struct sheet *sheet, const json_t *check)
{
	const char *why = member_text(sheet, check, "why");
	struct strbuf who;

	strbuf_init(&who, TEXT_MAX);
	join_words(sheet, &who, json_object_get(check, "actors"), "actor");
	page_word(&sheet->page, TONE_PLAIN, "  □ ");
	page_text(&sheet->page, 4, title_of(sheet, check));
	page_newline(&sheet->page);
	if (why != NULL) {
		page_pad(&sheet->page, 4);
		page_text(&sheet->page, 4, why);
		page_newline(&sheet->page);
	}
	if (who.len > 0) {
		struct strbuf line;
		strbuf_init(&line, TEXT_MAX);
		add_note(&line, sheet, "note.ask", who.data);
		page_pad(&sheet->page, 4);
		page_text(&sheet->page, 4, line.data);
		page_newline(&sheet->page);
		strbuf_release(&line);
	}
	strbuf_release(&who);
}

void text_checklist(struct sheet *sheet)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (!member_is(check, "verdict", "manual"))
			continue;
		if (!any)
			sheet_heading(sheet, "heading.manual");
		any = true;
		put_manual(sheet, check);
	}
}
