/* Root causes and warnings in the text report. */
#include <string.h>

#include "internal.h"

#define TEXT_MAX (16 * 1024)
#define BODY     4 /* column of what belongs to a numbered cause */

static const char *const labels[] = {"label.where", "label.evidence", "label.remedy", "label.who",
	"label.checks", "label.symptoms", "label.source"};

/* The column at which the text behind the widest label begins. */
static int label_column(const struct sheet *sheet)
{
	int widest = 0;

	for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
		int width = report_text_width(sheet_message(sheet, labels[i]));
		widest = width > widest ? width : widest;
	}
	return BODY + widest + 2;
}

static void put_labelled(struct sheet *sheet, const char *label, const char *text)
{
	int column = label_column(sheet);

	if (text == NULL || *text == '\0')
		return;
	page_pad(&sheet->page, BODY);
	page_word(&sheet->page, TONE_DIM, sheet_message(sheet, label));
	page_pad(&sheet->page, column);
	page_text(&sheet->page, column, text);
	page_newline(&sheet->page);
}

static bool has_word(const json_t *list, const char *word)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *item = json_string_value(json_array_get(list, i));
		if (item != NULL && strcmp(item, word) == 0)
			return true;
	}
	return false;
}

/* The whole path with the suspects marked in words. */
static void put_where(struct sheet *sheet, const json_t *cause)
{
	static const char *const path[] = {"terminal", "facility", "line", "service", "vpn"};
	const json_t *segments = json_object_get(cause, "segments");
	size_t suspects = json_array_size(segments);
	struct strbuf text;

	if (suspects == 0)
		return;
	strbuf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < sizeof path / sizeof path[0]; i++) {
		if (i > 0)
			strbuf_adds(&text, " · ");
		strbuf_adds(&text, sheet_word(sheet, "segment", path[i]));
		if (has_word(segments, path[i]))
			strbuf_adds(&text, sheet_message(sheet, suspects == 1 ? "suspect.only"
									      : "suspect.one-of"));
	}
	put_labelled(sheet, "label.where", text.data);
	strbuf_release(&text);
}

static void put_list(struct sheet *sheet, const char *label, const json_t *list, const char *prefix)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	join_words(sheet, &text, list, prefix);
	put_labelled(sheet, label, text.data);
	strbuf_release(&text);
}

/* Checks by their titles, with their ids. */
static void put_checks(struct sheet *sheet, const char *label, const json_t *ids)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < json_array_size(ids); i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		if (id == NULL)
			continue;
		const char *title = member_text(sheet, find_check(sheet->report, id), "title");
		if (text.len > 0)
			strbuf_adds(&text, sheet_message(sheet, "list.separator"));
		strbuf_addf(&text, title != NULL ? "%s (%s)" : "%s%s", title ? title : "", id);
	}
	put_labelled(sheet, label, text.data);
	strbuf_release(&text);
}

static enum tone cause_tone(const json_t *cause)
{
	return member_is(cause, "verdict", "fail") ? TONE_BAD : TONE_LOOK;
}

static void put_title(struct sheet *sheet, const json_t *cause)
{
	const char *title = member_text(sheet, cause, "title");

	page_text(&sheet->page, BODY, title != NULL ? title : member_string(cause, "code"));
	page_newline(&sheet->page);
}

static void put_cause(struct sheet *sheet, const json_t *cause, size_t number)
{
	char head[32];

	snprintf(head, sizeof head, "%2zu. ", number);
	page_word(&sheet->page, TONE_STRONG, head);
	page_word(&sheet->page, cause_tone(cause),
		sheet_word(sheet, "mark", member_string(cause, "verdict")));
	page_word(&sheet->page, TONE_PLAIN, " ");
	put_title(sheet, cause);
	put_where(sheet, cause);
	put_labelled(sheet, "label.evidence", member_text(sheet, cause, "evidence"));
	put_labelled(sheet, "label.remedy", member_text(sheet, cause, "remedy"));
	put_list(sheet, "label.who", json_object_get(cause, "actors"), "actor");
	put_checks(sheet, "label.checks", json_object_get(cause, "checks"));
	put_checks(sheet, "label.symptoms", json_object_get(cause, "symptoms"));
	put_list(sheet, "label.source", json_object_get(cause, "source"), NULL);
}

void text_causes(struct sheet *sheet)
{
	const json_t *causes = json_object_get(sheet->report, "causes");
	bool any = false;

	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		if (member_is(cause, "verdict", "warn"))
			continue;
		if (!any)
			sheet_heading(sheet, "heading.causes");
		else
			page_newline(&sheet->page);
		any = true;
		put_cause(sheet, cause, i + 1);
	}
}

void text_warnings(struct sheet *sheet)
{
	const json_t *causes = json_object_get(sheet->report, "causes");
	bool any = false;

	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		char head[32];
		if (!member_is(cause, "verdict", "warn"))
			continue;
		if (!any)
			sheet_heading(sheet, "heading.warnings");
		any = true;
		snprintf(head, sizeof head, "%2zu. ", i + 1);
		page_word(&sheet->page, TONE_LOOK, head);
		put_title(sheet, cause);
		put_labelled(sheet, "label.evidence", member_text(sheet, cause, "evidence"));
		put_labelled(sheet, "label.remedy", member_text(sheet, cause, "remedy"));
	}
}
