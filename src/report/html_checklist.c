/* What only people can confirm, with boxes to tick on the screen or by pen. */
#include <string.h>

#include "html.h"

static void put_question(const struct sheet *sheet, const json_t *check)
{
	const char *question = member_text(sheet, check, "question");

	html_raw(sheet, "<li><label><input type=\"checkbox\"/><span>");
	html_text(sheet, question != NULL ? question : check_title(sheet, check));
	html_raw(sheet, "</span></label></li>\n");
}

static void put_asked(const struct sheet *sheet, const char *actor)
{
	struct strbuf who;

	if (actor == NULL) {
		html_element_message(sheet, "h3", NULL, "html.ask-anyone");
		return;
	}
	strbuf_init(&who, HTML_TEXT_MAX);
	sheet_note(sheet, &who, "note.ask", json_string(sheet_word(sheet, "actor", actor)));
	html_element(sheet, "h3", NULL, who.data);
	strbuf_release(&who);
}

static void open_checklist(const struct sheet *sheet)
{
	html_raw(sheet, "<section id=\"checklist\" aria-labelledby=\"checklist-h\">\n"
			"<h2 id=\"checklist-h\">");
	html_message(sheet, "heading.manual");
	html_raw(sheet, "</h2>\n");
	html_element_message(sheet, "p", "lead", "html.checklist");
}

/* Lines to write on, on paper. */
static void put_signature(const struct sheet *sheet)
{
	html_raw(sheet, "<p class=\"signature\">");
	html_message(sheet, "html.signature.date");
	html_raw(sheet, "<span class=\"line\"></span> ");
	html_message(sheet, "html.signature.name");
	html_raw(sheet, "<span class=\"line\"></span></p>\n");
}

/* actor NULL: what nobody is named for. Returns whether the section is open. */
static bool put_questions(const struct sheet *sheet, const char *actor, bool opened)
{
	const json_t *checks = json_object_get(sheet->report, "checks");
	bool any = false;

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		if (!check_is_asked_of(check, actor))
			continue;
		if (!opened)
			open_checklist(sheet);
		if (!any) {
			html_raw(sheet, "<div class=\"asked\">\n");
			put_asked(sheet, actor);
			html_raw(sheet, "<ul class=\"boxes\">\n");
		}
		opened = any = true;
		put_question(sheet, check);
	}
	if (any)
		html_raw(sheet, "</ul>\n</div>\n");
	return opened;
}

void html_checklist(struct sheet *sheet)
{
	bool opened = false;

	for (size_t i = 0; check_askable[i] != NULL; i++)
		opened = put_questions(sheet, check_askable[i], opened);
	opened = put_questions(sheet, NULL, opened);
	if (!opened)
		return;
	put_signature(sheet);
	html_raw(sheet, "</section>\n");
}
