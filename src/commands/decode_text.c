/* What a support code says, as a page for people. */
#include "decode.h"

#include <string.h>

#include "report/internal.h"
#include "strbuf.h"

#define TEXT_MAX (16 * 1024)
#define BODY     4

/* How many checks are named for one cause. */
#define CHECKS_MOST 4

static void put_line(struct sheet *sheet, int indent, const char *text)
{
	page_pad(&sheet->page, indent);
	page_text(&sheet->page, indent, text);
	page_newline(&sheet->page);
}

static void put_labelled(struct sheet *sheet, const char *id, const char *text)
{
	if (*text == '\0')
		return;
	page_pad(&sheet->page, BODY);
	page_word(&sheet->page, TONE_DIM, sheet_message(sheet, id));
	page_word(&sheet->page, TONE_PLAIN, "  ");
	page_text(&sheet->page, sheet->page.column, text);
	page_newline(&sheet->page);
}

static enum tone overall_tone(const char *verdict)
{
	return strcmp(verdict, "ready") == 0       ? TONE_GOOD
	       : strcmp(verdict, "not-ready") == 0 ? TONE_BAD
						   : TONE_LOOK;
}

static enum tone verdict_tone(const char *verdict)
{
	return strcmp(verdict, "pass") == 0   ? TONE_GOOD
	       : strcmp(verdict, "fail") == 0 ? TONE_BAD
	       : strcmp(verdict, "skip") == 0 ? TONE_DIM
					      : TONE_LOOK;
}

/* ---- head ---- */

static void add_profiles(const struct sheet *sheet, struct strbuf *out)
{
	const json_t *profiles = json_object_get(sheet->report, "profiles");

	for (size_t i = 0; i < json_array_size(profiles); i++) {
		const json_t *profile = json_array_get(profiles, i);
		const char *title = member_text(sheet, profile, "title");
		strbuf_addf(out, "%s%s (%s)", i > 0 ? sheet_message(sheet, "list.separator") : "",
			title != NULL ? title : "", member_string(profile, "id"));
	}
}

static void put_head(struct sheet *sheet)
{
	const char *verdict = member_string(sheet->report, "verdict");
	bool match = json_is_true(json_object_get(sheet->report, "rules_match"));
	json_t *values = json_copy((json_t *)(uintptr_t)sheet->report);
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	page_word(&sheet->page, TONE_STRONG, sheet_message(sheet, "label.verdict"));
	page_word(&sheet->page, overall_tone(verdict), sheet_word(sheet, "overall", verdict));
	page_newline(&sheet->page);
	add_profiles(sheet, &text);
	json_object_set_new(values, "profile_names", json_string(text.data));
	json_object_set_new(values, "phase_name",
		json_string(sheet_word(sheet, "phase", member_string(sheet->report, "phase"))));
	strbuf_reset(&text);
	template_expand(
		&text, sheet_message(sheet, match ? "decode.match" : "decode.no-match"), values);
	put_line(sheet, 0, text.data);
	strbuf_release(&text);
	json_decref(values);
}

/* ---- causes ---- */

static void put_words(struct sheet *sheet, const char *label, const json_t *list,
	const char *prefix, const char *separator)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));
		strbuf_addf(&text, "%s%s", i > 0 ? sheet_message(sheet, separator) : "",
			sheet_word(sheet, prefix, word));
	}
	put_labelled(sheet, label, text.data);
	strbuf_release(&text);
}

static void put_candidates(struct sheet *sheet, const json_t *ids)
{
	size_t count = json_array_size(ids), most = count <= CHECKS_MOST + 1 ? count : CHECKS_MOST;
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < most; i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		const char *title = member_text(sheet, find_check(sheet->report, id), "title");
		strbuf_addf(&text, "%s%s", i > 0 ? sheet_message(sheet, "list.separator") : "",
			title != NULL ? title : id);
	}
	if (most < count)
		sheet_note(sheet, &text, "list.more", json_integer((json_int_t)(count - most)));
	put_labelled(sheet, "label.checks", text.data);
	strbuf_release(&text);
}

static void put_cause(struct sheet *sheet, const json_t *cause, size_t number)
{
	const char *title = member_text(sheet, cause, "title");
	const char *remedy = member_text(sheet, cause, "remedy");
	const char *code = member_string(cause, "code");
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	strbuf_addf(&text, "%zu. ", number);
	if (*code == '\0')
		template_expand(&text, sheet_message(sheet, "decode.unknown-cause"), cause);
	else
		strbuf_addf(&text, "%s%s(%s)", title != NULL ? title : "", title != NULL ? " " : "",
			code);
	page_pad(&sheet->page, 1);
	page_text(&sheet->page, BODY, text.data);
	page_newline(&sheet->page);
	put_words(sheet, "label.where", json_object_get(cause, "segments"), "segment", "list.or");
	put_words(sheet, "label.who", json_object_get(cause, "actors"), "actor", "list.separator");
	put_candidates(sheet, json_object_get(cause, "checks"));
	if (remedy != NULL)
		page_steps(&sheet->page, BODY, remedy);
	strbuf_release(&text);
}

static void put_causes(struct sheet *sheet)
{
	const json_t *causes = json_object_get(sheet->report, "causes");
	bool more = json_is_true(json_object_get(sheet->report, "more_causes"));

	if (json_array_size(causes) == 0 && !more)
		return;
	sheet_heading(sheet, "heading.decoded-causes");
	for (size_t i = 0; i < json_array_size(causes); i++)
		put_cause(sheet, json_array_get(causes, i), i + 1);
	if (more)
		put_line(sheet, 1, sheet_message(sheet, "decode.more"));
}

/* ---- checks ---- */

static int mark_width(const struct sheet *sheet)
{
	static const char *const words[] = {"pass", "warn", "fail", "unknown", "skip", "manual"};
	int widest = 0;

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		int width = report_text_width(sheet_word(sheet, "mark", words[i]));
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void put_check(struct sheet *sheet, const json_t *check)
{
	const char *verdict = member_string(check, "verdict");
	const char *title = member_text(sheet, check, "title");
	int column = 2 + mark_width(sheet) + 1;

	if (*verdict == '\0')
		return;
	page_pad(&sheet->page, 2);
	page_word(&sheet->page, verdict_tone(verdict), sheet_word(sheet, "mark", verdict));
	page_pad(&sheet->page, column);
	page_text(&sheet->page, column, title != NULL ? title : "");
	page_word(&sheet->page, TONE_DIM, " (");
	page_word(&sheet->page, TONE_DIM, member_string(check, "id"));
	page_word(&sheet->page, TONE_DIM, ")");
	page_newline(&sheet->page);
}

static void put_checks(struct sheet *sheet)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool match = json_is_true(json_object_get(sheet->report, "rules_match"));

	if (json_is_array(checks))
		sheet_heading(sheet, "heading.checks");
	else if (match)
		put_line(sheet, 0, sheet_message(sheet, "decode.causes-only"));
	for (size_t i = 0; i < json_array_size(checks); i++)
		put_check(sheet, json_array_get(checks, i));
}

void decode_write_text(FILE *out, const json_t *document, const struct report_options *options)
{
	struct sheet sheet = sheet_begin(out, document, options);

	put_head(&sheet);
	put_causes(&sheet);
	put_checks(&sheet);
}
