/* Root causes and warnings in the text report. */
#include <string.h>

#include "internal.h"
#include "rules.h"

#define TEXT_MAX (16 * 1024)
#define BODY     4 /* column of what belongs to a numbered cause */

/* How many checks are named for one cause. */
#define CHECKS_MOST   4
#define SYMPTOMS_MOST 3

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

/* The suspects along the path, in its order. */
static void put_where(struct sheet *sheet, const json_t *cause)
{
	const json_t *segments = json_object_get(cause, "segments");
	struct strbuf list;

	strbuf_init(&list, TEXT_MAX);
	for (size_t i = 0; i < json_array_size(segments); i++) {
		const char *word = json_string_value(json_array_get(segments, i));
		if (word == NULL)
			continue;
		if (list.len > 0)
			strbuf_adds(&list, sheet_message(sheet, "list.or"));
		strbuf_adds(&list, sheet_word(sheet, "segment", word));
	}
	put_labelled(sheet, "label.where", list.data);
	strbuf_release(&list);
}

/* Steps, one a line; several are marked, so that wrapped lines can be told from new ones. */
static void put_steps(struct sheet *sheet, const char *label, const char *text)
{
	int column = label_column(sheet);
	bool several = text != NULL && strchr(text, '\n') != NULL;

	if (!several) {
		put_labelled(sheet, label, text);
		return;
	}
	page_pad(&sheet->page, BODY);
	page_word(&sheet->page, TONE_DIM, sheet_message(sheet, label));
	page_pad(&sheet->page, column);
	page_steps(&sheet->page, column, text);
}

static void put_list(struct sheet *sheet, const char *label, const json_t *list, const char *prefix)
{
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	join_words(sheet, &text, list, prefix);
	put_labelled(sheet, label, text.data);
	strbuf_release(&text);
}

/* Checks by their titles; beyond `most` they are counted. With -v all, with their ids. */
static void put_checks(struct sheet *sheet, const char *label, const json_t *ids, size_t most)
{
	size_t count = json_array_size(ids);
	struct strbuf text;

	if (sheet->verbosity > 0 || count <= most + 1)
		most = count;
	strbuf_init(&text, TEXT_MAX);
	for (size_t i = 0; i < most; i++) {
		const char *id = json_string_value(json_array_get(ids, i));
		const char *title = member_text(sheet, find_check(sheet->report, id), "title");
		if (id == NULL)
			continue;
		if (text.len > 0)
			strbuf_adds(&text, sheet_message(sheet, "list.separator"));
		strbuf_adds(&text, title != NULL ? title : id);
		if (title != NULL && sheet->verbosity > 0)
			strbuf_addf(&text, " (%s)", id);
	}
	if (most < count)
		sheet_note(sheet, &text, "list.more", json_integer((json_int_t)(count - most)));
	put_labelled(sheet, label, text.data);
	strbuf_release(&text);
}

static enum tone cause_tone(const json_t *cause)
{
	return member_is(cause, "verdict", "fail") ? TONE_BAD : TONE_LOOK;
}

/* The title, with the code by which `preflight explain` tells more. */
static void put_title(struct sheet *sheet, const json_t *cause)
{
	const char *title = member_text(sheet, cause, "title");
	const char *code = member_string(cause, "code");
	struct strbuf text;

	strbuf_init(&text, TEXT_MAX);
	if (title != NULL)
		strbuf_addf(&text, "%s (%s)", title, code);
	else
		strbuf_adds(&text, code);
	page_text(&sheet->page, BODY, text.data);
	page_newline(&sheet->page);
	strbuf_release(&text);
}

static void put_number(struct sheet *sheet, enum tone tone, size_t number)
{
	char head[32];

	snprintf(head, sizeof head, "%2zu. ", number);
	page_word(&sheet->page, tone, head);
}

static void put_cause(struct sheet *sheet, const json_t *cause, size_t number)
{
	put_number(sheet, TONE_STRONG, number);
	page_word(&sheet->page, cause_tone(cause),
		sheet_word(sheet, "mark", member_string(cause, "verdict")));
	page_word(&sheet->page, TONE_PLAIN, " ");
	put_title(sheet, cause);
	put_where(sheet, cause);
	put_list(sheet, "label.who", json_object_get(cause, "actors"), "actor");
	put_labelled(sheet, "label.evidence", member_text(sheet, cause, "evidence"));
	put_steps(sheet, "label.remedy", member_text(sheet, cause, "remedy"));
	put_checks(sheet, "label.checks", json_object_get(cause, "checks"), CHECKS_MOST);
	put_checks(sheet, "label.symptoms", json_object_get(cause, "symptoms"), SYMPTOMS_MOST);
	put_list(sheet, "label.source", json_object_get(cause, "source"), NULL);
}

/* Causes with this verdict, or with any other. */
static void put_causes(struct sheet *sheet, const char *heading, bool warnings)
{
	const json_t *causes = json_object_get(sheet->report, "causes");
	bool any = false;

	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		if (member_is(cause, "verdict", "warn") != warnings)
			continue;
		if (!any)
			sheet_heading(sheet, heading);
		else if (!warnings)
			page_newline(&sheet->page);
		any = true;
		if (!warnings) {
			put_cause(sheet, cause, i + 1);
			continue;
		}
		put_number(sheet, TONE_LOOK, i + 1);
		put_title(sheet, cause);
		put_labelled(sheet, "label.evidence", member_text(sheet, cause, "evidence"));
		put_steps(sheet, "label.remedy", member_text(sheet, cause, "remedy"));
	}
}

void text_causes(struct sheet *sheet)
{
	put_causes(sheet, "heading.causes", false);
}

void text_warnings(struct sheet *sheet)
{
	put_causes(sheet, "heading.warnings", true);
}
