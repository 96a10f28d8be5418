/*
 * What an editor, a shell, a paste or an input method may leave around a password, and the password
 * without it.
 */
#include "password_cuts.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <utf8proc.h>

#include "mem.h"
#include "text_decode.h"

/* In the order in which they are told. */
enum extra {
	EXTRA_UTF_16,
	EXTRA_MARK,
	EXTRA_BEFORE, /* and the kinds of blank from here */
	EXTRA_QUOTES = EXTRA_BEFORE + PASSWORD_BLANKS,
	EXTRA_AFTER,
	EXTRA_WIDE_LETTERS = EXTRA_AFTER + PASSWORD_BLANKS,
	EXTRA_COUNT
};
static_assert(EXTRA_COUNT <= PASSWORD_EXTRAS, "room for every kind");

static const char *const names[EXTRA_COUNT] = {
	[EXTRA_UTF_16] = "utf-16",
	[EXTRA_MARK] = "byte-order-mark",
	[EXTRA_BEFORE] = "leading-space",
	"leading-tab",
	"leading-full-width-space",
	"leading-no-break-space",
	"leading-invisible",
	"leading-newline",
	"leading-nul",
	[EXTRA_QUOTES] = "quotes",
	[EXTRA_AFTER] = "space",
	"tab",
	"full-width-space",
	"no-break-space",
	"invisible",
	"newline",
	"nul",
	[EXTRA_WIDE_LETTERS] = "full-width-characters",
};

/* Kinds of blank: each with the bytes of its characters. */
enum blank {
	BLANK_SPACE,
	BLANK_TAB,
	BLANK_WIDE,
	BLANK_NO_BREAK,
	BLANK_HIDDEN,
	BLANK_NEWLINE,
	BLANK_NUL
};

static const struct {
	enum blank kind;
	size_t len;
	const char *bytes;
} blanks[] = {
	{BLANK_SPACE, 1, " "},
	{BLANK_TAB, 1, "\t"},
	{BLANK_WIDE, 3, "\xE3\x80\x80"},
	{BLANK_NO_BREAK, 2, "\xC2\xA0"},
	{BLANK_NO_BREAK, 3, "\xE2\x80\xAF"},
	{BLANK_HIDDEN, 3, "\xE2\x80\x8B"},
	{BLANK_HIDDEN, 3, "\xE2\x80\x8E"},
	{BLANK_HIDDEN, 3, "\xE2\x80\x8F"},
	{BLANK_HIDDEN, 3, "\xEF\xBB\xBF"},
	{BLANK_NEWLINE, 1, "\n"},
	{BLANK_NEWLINE, 1, "\r"},
	{BLANK_NUL, 1, "\0"},
};

static const struct {
	const char *open, *close;
} quotes[] = {{"\"", "\""}, {"'", "'"}, {"“", "”"}, {"‘", "’"}, {"「", "」"}, {"『", "』"},
	{"＂", "＂"}, {"`", "`"}};

#define BIT(kind) (1u << (kind))
#define NEWLINES  BIT(BLANK_NEWLINE)
#define ALL       (BIT(PASSWORD_BLANKS) - 1)

static bool take_after(struct password_cut *c, unsigned kinds)
{
	for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
		size_t len = blanks[i].len;

		if ((kinds & BIT(blanks[i].kind)) == 0 || c->end - c->begin < len ||
			memcmp(c->text + c->end - len, blanks[i].bytes, len) != 0)
			continue;
		c->end -= len;
		c->removed[EXTRA_AFTER + blanks[i].kind]++;
		return true;
	}
	return false;
}

static bool take_before(struct password_cut *c, unsigned kinds)
{
	for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
		size_t len = blanks[i].len;

		if ((kinds & BIT(blanks[i].kind)) == 0 || c->end - c->begin < len ||
			memcmp(c->text + c->begin, blanks[i].bytes, len) != 0)
			continue;
		c->begin += len;
		c->removed[EXTRA_BEFORE + blanks[i].kind]++;
		return true;
	}
	return false;
}

static void take_mark(struct password_cut *c)
{
	if (c->end - c->begin < 3 || memcmp(c->text + c->begin, "\xEF\xBB\xBF", 3) != 0)
		return;
	c->begin += 3;
	c->removed[EXTRA_MARK]++;
}

static void take_quotes(struct password_cut *c)
{
	for (size_t i = 0; i < sizeof quotes / sizeof quotes[0]; i++) {
		size_t open = strlen(quotes[i].open), close = strlen(quotes[i].close);

		if (c->end - c->begin <= open + close ||
			memcmp(c->text + c->begin, quotes[i].open, open) != 0 ||
			memcmp(c->text + c->end - close, quotes[i].close, close) != 0)
			continue;
		c->begin += open;
		c->end -= close;
		c->removed[EXTRA_QUOTES] += 2;
		return;
	}
}

/* Letters and digits of full width become the usual ones. */
static void take_width(struct password_cut *c)
{
	utf8proc_uint8_t *plain = NULL;
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)c->text + c->begin,
		(utf8proc_ssize_t)(c->end - c->begin), &plain,
		UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE);

	if (len > 0 && ((size_t)len != c->end - c->begin ||
			       memcmp(plain, c->text + c->begin, (size_t)len) != 0)) {
		password_cut_release(c);
		c->owned = mem_strndup((const char *)plain, (size_t)len);
		c->text = c->owned;
		c->begin = 0;
		c->end = (size_t)len;
		c->removed[EXTRA_WIDE_LETTERS]++;
	}
	if (plain != NULL && len > 0)
		OPENSSL_cleanse(plain, (size_t)len);
	free(plain);
}

/* What is taken off, from little to all of it. */
static const struct step {
	bool mark, quotes, width;
	unsigned before, after;
} steps[] = {
	{.after = NEWLINES},
	{.after = ALL},
	{.mark = true},
	{.mark = true, .after = NEWLINES},
	{.mark = true, .after = ALL},
	{.mark = true, .before = ALL},
	{.mark = true, .before = ALL, .after = NEWLINES},
	{.mark = true, .before = ALL, .after = ALL},
	{.mark = true, .before = ALL, .after = ALL, .quotes = true},
	{.mark = true, .before = ALL, .after = ALL, .width = true},
};

static_assert(sizeof steps / sizeof steps[0] < PASSWORD_FORMS, "room for every step");

void password_cut_init(struct password_cut *c, const char *text, size_t len)
{
	memset(c, 0, sizeof *c);
	c->whole = text;
	c->whole_len = len;
	strbuf_init(&c->decoded, 4 * len + 4);
	c->is_utf_16 = text_decode(text, len, &c->decoded) == TEXT_UTF_16;
}

static void start_again(struct password_cut *c)
{
	password_cut_release(c);
	memset(c->removed, 0, sizeof c->removed);
	c->text = c->is_utf_16 ? c->decoded.data : c->whole;
	c->begin = 0;
	c->end = c->is_utf_16 ? c->decoded.len : c->whole_len;
	c->removed[EXTRA_UTF_16] = c->is_utf_16 ? 1 : 0;
}

static void take_step(struct password_cut *c, const struct step *step)
{
	start_again(c);
	if (step->mark)
		take_mark(c);
	while (take_after(c, step->after)) {
	}
	while (take_before(c, step->before)) {
	}
	if (step->quotes)
		take_quotes(c);
	if (step->width)
		take_width(c);
}

/* Whether something is left that was not there before, and something was taken off. */
static bool is_new(struct password_cut *c)
{
	if (c->end <= c->begin || password_cut_count(c) == 0)
		return false;
	for (size_t i = 0; i < c->tried_count; i++)
		if (memcmp(c->tried[i], c->removed, sizeof c->removed) == 0)
			return false;
	memcpy(c->tried[c->tried_count++], c->removed, sizeof c->removed);
	return true;
}

bool password_cut_next(struct password_cut *c)
{
	if (c->is_utf_16 && c->tried_count == 0) {
		start_again(c);
		if (is_new(c))
			return true;
	}
	while (c->step < sizeof steps / sizeof steps[0]) {
		take_step(c, &steps[c->step++]);
		if (is_new(c))
			return true;
	}
	return false;
}

int password_cut_count(const struct password_cut *c)
{
	unsigned count = 0;

	for (size_t i = 0; i < EXTRA_COUNT; i++)
		count += c->removed[i];
	return (int)count;
}

void password_cut_name(const struct password_cut *c, char *out, size_t size)
{
	struct strbuf text;

	strbuf_init(&text, size - 1);
	for (size_t i = 0; i < EXTRA_COUNT; i++)
		if (c->removed[i] > 0)
			strbuf_addf(&text, "%s%s", text.len > 0 ? "+" : "", names[i]);
	memcpy(out, text.data, text.len + 1);
	strbuf_release(&text);
}

void password_cut_release(struct password_cut *c)
{
	if (c->owned != NULL)
		OPENSSL_cleanse(c->owned, strlen(c->owned));
	free(c->owned);
	c->owned = NULL;
}

void password_cut_end(struct password_cut *c)
{
	password_cut_release(c);
	if (c->decoded.data != NULL)
		OPENSSL_cleanse(c->decoded.data, c->decoded.len);
	strbuf_release(&c->decoded);
}
