/* What changed between two reports, as text for people. */
#include <string.h>

#include "internal.h"
#include "report_diff.h"

#define LINE_MAX_LEN (16 * 1024)

/* ---- lines ---- */

/* A template of the catalogue over values, whose reference it takes; wrapped, as a line. */
static void put_note(struct sheet *sheet, int indent, const char *id, json_t *values)
{
	struct strbuf text;

	strbuf_init(&text, LINE_MAX_LEN);
	template_expand(&text, sheet_message(sheet, id), values);
	page_pad(&sheet->page, indent);
	page_text(&sheet->page, indent + 2, text.data);
	page_newline(&sheet->page);
	strbuf_release(&text);
	json_decref(values);
}

/* A value's word in the catalogue, by the fact's name or what it shares with others. */
static const char *value_word(const struct sheet *sheet, const char *name, const char *value)
{
	const char *const prefixes[] = {
		name, strcmp(name, "interface") == 0 ? "kind" : name, "error", "diff-value"};
	char id[160];

	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		snprintf(id, sizeof id, "%.60s.%.80s", prefixes[i], value);
		const char *text = message_or_null(sheet->page.lang, id);
		if (text != NULL)
			return text;
	}
	return value;
}

/* A text or a list as words; nothing is "none". */
static json_t *words_of(const struct sheet *sheet, const char *name, const json_t *value)
{
	struct strbuf out;

	strbuf_init(&out, LINE_MAX_LEN);
	if (json_is_string(value))
		strbuf_adds(&out, value_word(sheet, name, json_string_value(value)));
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *text = json_string_value(json_array_get(value, i));
		if (text != NULL)
			strbuf_addf(&out, "%s%s",
				i > 0 ? sheet_message(sheet, "list.separator") : "",
				value_word(sheet, name, text));
	}
	if (out.len == 0)
		strbuf_adds(&out, sheet_message(sheet, "diff-value.none"));
	json_t *words = facts_safe_string(out.data, out.len);
	strbuf_release(&out);
	return words;
}

/* Lines "what: before → after". */
static void put_changes(struct sheet *sheet, int indent, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *name = member_string(item, "name");
		const char *title = member_text(sheet, item, "title");
		put_note(sheet, indent, "diff-note.condition",
			json_pack("{s:s, s:o, s:o}", "title", title != NULL ? title : name, "old",
				words_of(sheet, name, json_object_get(item, "old")), "new",
				words_of(sheet, name, json_object_get(item, "new"))));
	}
}

/* ---- the parts ---- */

static void put_head(struct sheet *sheet, const char *label, const json_t *side)
{
	put_note(sheet, 0, "diff-note.head",
		json_pack("{s:s, s:o, s:s}", "label", sheet_message(sheet, label), "when",
			local_time(member_string(side, "started")), "program",
			member_string(side, "program")));
}

static void put_verdict(struct sheet *sheet)
{
	const char *old = member_string(json_object_get(sheet->report, "old"), "verdict");
	const char *new = member_string(json_object_get(sheet->report, "new"), "verdict");
	bool same = strcmp(old, new) == 0;

	put_note(sheet, 0, same ? "diff-note.verdict-same" : "diff-note.verdict",
		json_pack("{s:s, s:s}", "old", sheet_word(sheet, "overall", old), "new",
			sheet_word(sheet, "overall", new)));
}

static bool differs(const json_t *diff, const char *condition)
{
	const json_t *conditions = json_object_get(diff, "conditions");

	for (size_t i = 0; i < json_array_size(conditions); i++)
		if (member_is(json_array_get(conditions, i), "name", condition))
			return true;
	return false;
}

static void put_conditions(struct sheet *sheet)
{
	const json_t *conditions = json_object_get(sheet->report, "conditions");

	if (json_array_size(conditions) == 0)
		return;
	sheet_heading(sheet, "diff-heading.conditions");
	put_changes(sheet, 2, conditions);
	if (differs(sheet->report, "os"))
		put_note(sheet, 2, "diff-note.os", json_object());
}

/* "[注意] → [不合格] " where the two differ, else one of them; nothing for none. */
static void put_marks(struct sheet *sheet, const char *old, const char *new)
{
	struct strbuf text;

	strbuf_init(&text, 256);
	if (*old != '\0')
		strbuf_adds(&text, sheet_word(sheet, "mark", old));
	if (*new != '\0' && strcmp(old, new) != 0)
		strbuf_addf(
			&text, "%s%s", *old != '\0' ? " → " : "", sheet_word(sheet, "mark", new));
	strbuf_addc(&text, ' ');
	page_word(&sheet->page, TONE_PLAIN, text.data);
	strbuf_release(&text);
}

static enum tone change_tone(const json_t *cause)
{
	if (member_is(cause, "change", "gone"))
		return TONE_GOOD;
	return member_is(cause, "change", "new") ? TONE_BAD : TONE_LOOK;
}

static void put_causes(struct sheet *sheet)
{
	const json_t *causes = json_object_get(sheet->report, "causes");

	if (json_array_size(causes) > 0)
		sheet_heading(sheet, "diff-heading.causes");
	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		const char *title = member_text(sheet, cause, "title");
		page_pad(&sheet->page, 2);
		page_word(&sheet->page, change_tone(cause),
			sheet_word(sheet, "diff-cause", member_string(cause, "change")));
		page_word(&sheet->page, TONE_PLAIN, " ");
		if (member_is(cause, "change", "same") &&
			!member_is(cause, "old", member_string(cause, "new")))
			put_marks(sheet, member_string(cause, "old"), member_string(cause, "new"));
		page_text(&sheet->page, 6, title != NULL ? title : member_string(cause, "code"));
		page_newline(&sheet->page);
	}
}

/* What was seen on one side. Why a phase leaves a check out is told by the phase itself. */
static const char *evidence_of(const struct sheet *sheet, const json_t *check, const char *side)
{
	const json_t *result = json_object_get(check, side);

	if (member_is(result, "verdict", "skip") && differs(sheet->report, "phase"))
		return NULL;
	return member_text(sheet, result, "evidence");
}

static void put_side(struct sheet *sheet, const char *label, const char *evidence)
{
	if (evidence != NULL)
		put_note(sheet, 6, "diff-note.side",
			json_pack("{s:s, s:s}", "label", sheet_message(sheet, label), "value",
				evidence));
}

/* What was seen before and after, where it is not told in the same words. */
static void put_evidence(struct sheet *sheet, const json_t *check)
{
	const char *old = evidence_of(sheet, check, "old");
	const char *new = evidence_of(sheet, check, "new");

	if (old != NULL && new != NULL && strcmp(old, new) == 0)
		return;
	put_side(sheet, "diff-label.before", old);
	put_side(sheet, "diff-label.after", new);
}

/* The title, and which report alone has the check. */
static void put_title(struct sheet *sheet, const json_t *check)
{
	const char *title = member_text(sheet, check, "title");
	const char *lone = member_string(check, "change");
	char id[64];
	struct strbuf text;

	snprintf(id, sizeof id, "diff-check.%.32s", lone);
	lone = message_or_null(sheet->page.lang, id);
	strbuf_init(&text, LINE_MAX_LEN);
	strbuf_addf(&text, "%s%s", title != NULL ? title : "", lone != NULL ? lone : "");
	page_text(&sheet->page, 6, text.data);
	strbuf_release(&text);
	page_newline(&sheet->page);
}

static void put_check(struct sheet *sheet, const json_t *check)
{
	page_pad(&sheet->page, 2);
	put_marks(sheet, member_string(json_object_get(check, "old"), "verdict"),
		member_string(json_object_get(check, "new"), "verdict"));
	page_word(&sheet->page, TONE_STRONG, member_string(check, "id"));
	page_word(&sheet->page, TONE_PLAIN, " ");
	put_title(sheet, check);
	if (member_is(check, "change", "verdict"))
		put_evidence(sheet, check);
	put_changes(sheet, 6, json_object_get(check, "facts"));
}

/* The checks with one of two kinds of change (other may be NULL), under a heading. */
static void put_checks(
	struct sheet *sheet, const char *heading, const char *change, const char *other)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (!member_is(check, "change", change) &&
			(other == NULL || !member_is(check, "change", other)))
			continue;
		if (!any)
			sheet_heading(sheet, heading);
		any = true;
		put_check(sheet, check);
	}
}

void report_diff_text(FILE *out, const json_t *diff, const struct report_options *options)
{
	struct sheet sheet = sheet_begin(out, diff, options);

	put_head(&sheet, "diff-label.before", json_object_get(diff, "old"));
	put_head(&sheet, "diff-label.after", json_object_get(diff, "new"));
	put_verdict(&sheet);
	put_conditions(&sheet);
	put_causes(&sheet);
	put_checks(&sheet, "diff-heading.checks", "verdict", NULL);
	put_checks(&sheet, "diff-heading.facts", "facts", NULL);
	put_checks(&sheet, "diff-heading.lone", "added", "removed");
	page_newline(&sheet.page);
	if (json_is_true(json_object_get(diff, "changed")))
		put_note(&sheet, 0, "diff-note.unchanged",
			json_pack("{s:O}", "value", json_object_get(diff, "unchanged")));
	else
		put_note(&sheet, 0, "diff-note.nothing", json_object());
}
