/* Writing HTML: text is escaped, markup is constant. */
#include <string.h>

#include "html.h"
#include "utf8.h"

void html_raw(const struct sheet *sheet, const char *markup)
{
	fputs(markup, sheet->page.out);
}

static const char *reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

/* Characters that XML has not: U+FFFE and U+FFFF. */
static bool is_noncharacter(const char *at)
{
	return strncmp(at, "\xEF\xBF\xBE", 3) == 0 || strncmp(at, "\xEF\xBF\xBF", 3) == 0;
}

void html_text(const struct sheet *sheet, const char *text)
{
	struct strbuf safe;

	strbuf_init(&safe, HTML_TEXT_MAX);
	safe_append(&safe, text, true);
	for (const char *at = safe.data; *at != '\0'; at++) {
		const char *escaped = reference(*at);
		if (escaped != NULL) {
			fputs(escaped, sheet->page.out);
		} else if (is_noncharacter(at)) {
			fprintf(sheet->page.out, "\\xEF\\xBF\\x%02X", (unsigned char)at[2]);
			at += 2;
		} else {
			fputc(*at, sheet->page.out);
		}
	}
	strbuf_release(&safe);
}

void html_message(const struct sheet *sheet, const char *id)
{
	html_text(sheet, sheet_message(sheet, id));
}

void html_element(const struct sheet *sheet, const char *name, const char *class, const char *text)
{
	if (class != NULL)
		fprintf(sheet->page.out, "<%s class=\"%s\">", name, class);
	else
		fprintf(sheet->page.out, "<%s>", name);
	html_text(sheet, text);
	fprintf(sheet->page.out, "</%s>\n", name);
}

void html_element_message(
	const struct sheet *sheet, const char *name, const char *class, const char *id)
{
	html_element(sheet, name, class, sheet_message(sheet, id));
}

void html_element_template(const struct sheet *sheet, const char *name, const char *class,
	const char *id, const json_t *values)
{
	struct strbuf text;

	strbuf_init(&text, HTML_TEXT_MAX);
	template_expand(&text, sheet_message(sheet, id), values);
	const char *begin = text.data + strspn(text.data, " ");
	if (*begin != '\0')
		html_element(sheet, name, class, begin);
	strbuf_release(&text);
}

void html_steps(const struct sheet *sheet, const char *text)
{
	bool several = strchr(text, '\n') != NULL;
	struct strbuf line;

	if (!several) {
		html_element(sheet, "p", NULL, text);
		return;
	}
	strbuf_init(&line, HTML_TEXT_MAX);
	html_raw(sheet, "<ul class=\"steps\">\n");
	for (size_t len; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		strbuf_reset(&line);
		strbuf_add(&line, text, len);
		if (len > 0)
			html_element(sheet, "li", NULL, line.data);
	}
	html_raw(sheet, "</ul>\n");
	strbuf_release(&line);
}

void html_words(const struct sheet *sheet, const json_t *list, const char *prefix)
{
	struct strbuf text;

	strbuf_init(&text, HTML_TEXT_MAX);
	join_words(sheet, &text, list, prefix);
	html_text(sheet, text.data);
	strbuf_release(&text);
}

const char *html_verdict(const json_t *object)
{
	static const char *const words[] = {"pass", "warn", "fail", "skip", "manual"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (member_is(object, "verdict", words[i]))
			return words[i];
	return "unknown";
}

void html_badge(const struct sheet *sheet, const char *verdict)
{
	fprintf(sheet->page.out, "<span class=\"badge is-%s\"><span aria-hidden=\"true\">",
		verdict);
	html_text(sheet, sheet_word(sheet, "html.symbol", verdict));
	html_raw(sheet, "</span> ");
	html_text(sheet, sheet_word(sheet, "html.verdict", verdict));
	html_raw(sheet, "</span>");
}
