/* Every check, and the checklist for people, in the text report. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define TEXT_MAX    (16 * 1024)
#define TITLE_SHARE 5 /* a title's column has at most 2/5 of the width */
#define GROUP       1 /* columns at which group headings and checks begin */
#define CHECK       3

/* Groups in the order of the report, and the types in them. */
static const struct group {
	const char *id; /* in the catalogue */
	const char *types[16];
} groups[] = {
	{"group.terminal", {"os", "disk", "software", "installed", "link", "proxy", "vpn", "clock",
				   "cert", "dump"}},
	{"group.names", {"dns"}},
	{"group.transport", {"tcp", "ike", "ike-mtu", "dtls"}},
	{"group.web", {"captive", "tls", "http"}},
	{"group.in-vpn", {NULL}},
	{"group.other", {NULL}},
};
#define GROUP_COUNT  (sizeof groups / sizeof groups[0])
#define GROUP_IN_VPN 4
#define GROUP_OTHER  5

size_t check_group(const json_t *check)
{
	if (member_is(check, "phase", "in-vpn"))
		return GROUP_IN_VPN;
	for (size_t i = 0; i < GROUP_COUNT; i++)
		for (size_t k = 0; k < 16 && groups[i].types[k] != NULL; k++)
			if (member_is(check, "type", groups[i].types[k]))
				return i;
	return GROUP_OTHER;
}

const char *check_group_id(size_t group)
{
	return group < GROUP_COUNT ? groups[group].id : NULL;
}

const char *check_group_name(const json_t *check)
{
	return check_group_id(check_group(check)) + sizeof "group." - 1;
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
	return CHECK + widest + 1;
}

const char *check_title(const struct sheet *sheet, const json_t *check)
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
		int title = report_text_width(check_title(sheet, check));
		if (is_listed(check) && title > widest && title <= most)
			widest = title;
	}
	return mark_column(sheet) + widest + 2;
}

/* ---- one check ---- */

const json_t *root_of(const json_t *report, const json_t *check)
{
	const json_t *root = json_object_get(check, "root");

	return json_is_integer(root) ? json_array_get(json_object_get(report, "causes"),
					       (size_t)json_integer_value(root))
				     : NULL;
}

/* What was seen; not again what the cause has told already. */
void check_evidence(const struct sheet *sheet, struct strbuf *text, const json_t *check)
{
	const json_t *cause = root_of(sheet->report, check);
	json_int_t root = json_integer_value(json_object_get(check, "root")) + 1;
	const char *evidence = member_text(sheet, check, "evidence");
	const char *told = cause != NULL ? member_text(sheet, cause, "evidence") : NULL;

	if (cause == NULL) {
		strbuf_adds(text, evidence != NULL ? evidence : "");
	} else if (member_is(check, "cause", "run.blocked") &&
		   !member_is(cause, "code", "run.blocked")) {
		sheet_note(sheet, text, "note.blocked", json_integer(root));
	} else if (evidence == NULL || (told != NULL && strcmp(evidence, told) == 0)) {
		sheet_note(sheet, text, "note.root", json_integer(root));
	} else {
		strbuf_addf(text, "%s ", evidence);
		sheet_note(sheet, text, "note.root", json_integer(root));
	}
}

static void check_line(const struct sheet *sheet, struct strbuf *text, const json_t *check)
{
	json_t *ms = json_object_get(check, "duration_ms");
	json_t *waived = json_object_get(check, "waived");
	const char *cause = member_string(check, "cause");

	check_evidence(sheet, text, check);
	if (json_string_length(waived) > 0)
		sheet_note(sheet, text, "note.waived", json_incref(waived));
	if (sheet->verbosity > 0 && json_integer_value(ms) > 0)
		sheet_note(sheet, text, "note.duration", json_incref(ms));
	if (sheet->verbosity > 0)
		strbuf_addf(
			text, " (%s%s%s)", member_string(check, "id"), *cause ? ": " : "", cause);
}

static void put_check(struct sheet *sheet, const json_t *check, int column)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	check_line(sheet, &text, check);
	page_pad(&sheet->page, CHECK);
	page_word(&sheet->page, verdict_tone(check),
		sheet_word(sheet, "mark", member_string(check, "verdict")));
	page_pad(&sheet->page, mark_column(sheet));
	page_text(&sheet->page, mark_column(sheet), check_title(sheet, check));
	if (text.len > 0) {
		if (sheet->page.column + 2 > column)
			page_newline(&sheet->page);
		page_pad(&sheet->page, column);
		page_text(&sheet->page, column, text.data);
	}
	page_newline(&sheet->page);
	strbuf_release(&text);
	if (sheet->verbosity > 0)
		text_facts(sheet, check, mark_column(sheet));
}

static void put_group(struct sheet *sheet, const char *id)
{
	page_pad(&sheet->page, GROUP);
	page_word(&sheet->page, TONE_STRONG, sheet_message(sheet, id));
	page_newline(&sheet->page);
}

/* ---- skipped checks: one line for each reason ---- */

bool check_reason_seen(const json_t *checks, size_t index)
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
bool check_collapses(const json_t *check)
{
	return member_is(check, "verdict", "skip") &&
	       json_is_string(json_object_get(check, "skip_reason"));
}

/* How many were skipped, and why; with -v also which. */
static void put_skipped(struct sheet *sheet, const json_t *checks, size_t first)
{
	const char *reason = member_string(json_array_get(checks, first), "skip_reason");
	struct strbuf names, text;
	json_int_t count = 0;
	char id[64];

	strbuf_init(&names, TEXT_MAX);
	strbuf_init(&text, TEXT_MAX);
	for (size_t i = first; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (!check_collapses(check) || !member_is(check, "skip_reason", reason))
			continue;
		strbuf_adds(&names, count++ == 0 ? "" : sheet_message(sheet, "list.separator"));
		strbuf_adds(&names, check_title(sheet, check));
	}
	snprintf(id, sizeof id, "skipped.%.32s", reason);
	sheet_note(sheet, &text, id, json_integer(count));
	page_pad(&sheet->page, CHECK);
	page_word(&sheet->page, TONE_DIM, sheet_word(sheet, "mark", "skip"));
	page_pad(&sheet->page, mark_column(sheet));
	page_text(&sheet->page, mark_column(sheet), text.data);
	page_newline(&sheet->page);
	if (sheet->verbosity > 0) {
		page_pad(&sheet->page, mark_column(sheet));
		page_text(&sheet->page, mark_column(sheet), names.data);
		page_newline(&sheet->page);
	}
	strbuf_release(&text);
	strbuf_release(&names);
}

static void text_skipped(struct sheet *sheet)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		if (!check_collapses(json_array_get(checks, i)) || check_reason_seen(checks, i))
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
		if (check_group(check) != group || check_collapses(check) ||
			member_is(check, "verdict", "manual"))
			continue;
		if (!any)
			put_group(sheet, groups[group].id);
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

/* ---- checklist: questions, by whom to ask ---- */

const char *const check_askable[] = {"it", "network", "carrier", "desk", NULL};

bool check_is_asked_of(const json_t *check, const char *actor)
{
	if (!member_is(check, "verdict", "manual"))
		return false;
	return actor != NULL ? member_is(check, "ask", actor)
			     : !json_is_string(json_object_get(check, "ask"));
}

static void put_manual(struct sheet *sheet, const json_t *check)
{
	const char *question = member_text(sheet, check, "question");
	const char *why = member_text(sheet, check, "why");
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	strbuf_adds(&text, question != NULL ? question : check_title(sheet, check));
	if (sheet->verbosity > 0)
		strbuf_addf(&text, " (%s)\n%s", member_string(check, "id"), why != NULL ? why : "");
	page_pad(&sheet->page, CHECK);
	page_word(&sheet->page, TONE_PLAIN, "□ ");
	page_text(&sheet->page, CHECK + 2, text.data);
	page_newline(&sheet->page);
	strbuf_release(&text);
}

/* actor NULL: what nobody is named for. */
static bool put_questions(struct sheet *sheet, const char *actor, bool headed)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (!check_is_asked_of(check, actor))
			continue;
		if (!headed)
			sheet_heading(sheet, "heading.manual");
		if (!any && actor != NULL) {
			struct strbuf who;
			strbuf_init(&who, TEXT_MAX);
			sheet_note(sheet, &who, "note.ask",
				json_string(sheet_word(sheet, "actor", actor)));
			page_pad(&sheet->page, GROUP);
			page_word(&sheet->page, TONE_STRONG, who.data);
			page_newline(&sheet->page);
			strbuf_release(&who);
		}
		headed = any = true;
		put_manual(sheet, check);
	}
	return headed;
}

void text_checklist(struct sheet *sheet)
{
	bool headed = false;

	for (size_t i = 0; check_askable[i] != NULL; i++)
		headed = put_questions(sheet, check_askable[i], headed);
	put_questions(sheet, NULL, headed);
}
