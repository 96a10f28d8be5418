/*
 * Writing text to a width, with the least of kinsoku: no line begins with closing punctuation or
 * a small kana, none ends with an opening bracket. Words of other scripts break at spaces only.
 */
#include <string.h>

#include "internal.h"
#include "utf8.h"

#define PAGE_MAX (256 * 1024)

static const char *const tones[TONE_COUNT] = {
	[TONE_PLAIN] = "",
	[TONE_GOOD] = "32",
	[TONE_LOOK] = "33",
	[TONE_BAD] = "1;31",
	[TONE_DIM] = "2",
	[TONE_STRONG] = "1",
};

static const char not_first[] =
	"、。，．・：；？！）」』】〕］｝〉》ー々〜…‥ぁぃぅぇぉっゃゅょゎァィゥェォ"
	"ッャュョヮヵヶ)]},.:;!?%";
static const char not_last[] = "（「『【〔［｛〈《([{";

/* One line under construction, as offsets into the text. */
struct line {
	const char *text;
	size_t begin;    /* first byte */
	size_t stop;     /* end, were it broken at `next` */
	size_t next;     /* where a new line could begin; == begin: nowhere yet */
	int column;      /* column of the character to come */
	uint32_t before; /* the character before it; 0: none */
};

void page_newline(struct page *page)
{
	fputc('\n', page->out);
	page->column = 0;
}

void page_pad(struct page *page, int column)
{
	for (; page->column < column; page->column++)
		fputc(' ', page->out);
}

void page_word(struct page *page, enum tone tone, const char *text)
{
	bool color = page->color && tone != TONE_PLAIN;

	if (color)
		fprintf(page->out, "\033[%sm", tones[tone]);
	struct strbuf safe;
	strbuf_init(&safe, PAGE_MAX);
	safe_append(&safe, text, false);
	fputs(safe.data, page->out);
	page->column += report_text_width(safe.data);
	strbuf_release(&safe);
	if (color)
		fputs("\033[0m", page->out);
}

static bool among(const char *set, const char *character, size_t size)
{
	size_t len = strlen(set);

	for (size_t i = 0; i < len;) {
		uint32_t code = 0;
		size_t step = utf8_decode(set + i, len - i, &code);
		if (step == size && memcmp(set + i, character, size) == 0)
			return true;
		i += step;
	}
	return false;
}

/* Whether a line may end before the character at `at`, whose code is `code`. */
static bool may_break(const struct line *line, size_t at, size_t size, uint32_t code)
{
	const char *text = line->text;
	size_t back = 1;

	if (at <= line->begin || code == ' ')
		return false;
	if (line->before == ' ') /* "2 件" stays whole */
		return width_of(code) < 2 || at < line->begin + 2 || text[at - 2] < '0' ||
		       text[at - 2] > '9';
	if (width_of(code) == 0 || (width_of(code) < 2 && width_of(line->before) < 2))
		return false;
	while (at - back > line->begin && (text[at - back] & 0xc0) == 0x80)
		back++;
	return !among(not_first, text + at, size) && !among(not_last, text + at - back, back);
}

static void put(struct page *page, const char *text, size_t begin, size_t end)
{
	fwrite(text + begin, 1, end - begin, page->out);
}

/* Writes what fits and begins a new line, at the last good place or else at `at`. */
static void break_line(struct page *page, struct line *line, size_t at, int indent)
{
	bool good = line->next > line->begin;

	put(page, line->text, line->begin, good ? line->stop : at);
	page_newline(page);
	page_pad(page, indent);
	line->begin = good ? line->next : at;
	line->column = indent;
	for (size_t i = line->begin; i < at;) {
		uint32_t code = 0;
		i += utf8_decode(line->text + i, at - i, &code);
		line->column += width_of(code);
	}
	line->next = line->begin;
}

/* Lays out one paragraph: valid UTF-8, no control characters. */
static void paragraph(struct page *page, int indent, const char *text, size_t len)
{
	struct line line = {.text = text, .column = page->column};

	for (size_t i = 0; i < len;) {
		uint32_t code = 0;
		size_t size = utf8_decode(text + i, len - i, &code);
		if (may_break(&line, i, size, code)) {
			line.next = line.stop = i;
			while (line.stop > line.begin && text[line.stop - 1] == ' ')
				line.stop--;
		}
		if (page->width > 0 && code != ' ' && i > line.begin &&
			line.column + width_of(code) > page->width)
			break_line(page, &line, i, indent);
		line.column += width_of(code);
		line.before = code;
		i += size;
	}
	put(page, text, line.begin, len);
	page->column = line.column;
}

void page_text(struct page *page, int indent, const char *text)
{
	struct strbuf safe;

	strbuf_init(&safe, PAGE_MAX);
	safe_append(&safe, text, true);
	size_t end = safe.len;
	while (end > 0 && safe.data[end - 1] == '\n')
		end--;
	for (size_t at = 0; at <= end; at++) {
		size_t len = strcspn(safe.data + at, "\n");
		if (at > 0) {
			page_newline(page);
			page_pad(page, indent);
		}
		paragraph(page, indent, safe.data + at, len < end - at ? len : end - at);
		at += len;
	}
	strbuf_release(&safe);
}

void page_steps(struct page *page, int indent, const char *text)
{
	const char *mark = message(page->lang, "list.step");
	int hanging = indent + report_text_width(mark);
	struct strbuf line;

	strbuf_init(&line, PAGE_MAX);
	for (size_t len; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len == 0)
			continue;
		strbuf_reset(&line);
		strbuf_add(&line, text, len);
		page_pad(page, indent);
		page_word(page, TONE_PLAIN, mark);
		page_text(page, hanging, line.data);
		page_newline(page);
	}
	strbuf_release(&line);
}
