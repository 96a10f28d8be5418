#include "lookalikes.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "strbuf.h"
#include "utf8.h"

struct line {
	const char *text;
	size_t len;
};

/* Line `number` (from 1), without its end; empty when there is none. */
static struct line line_of(const char *text, size_t len, int number)
{
	const char *at = text, *end = text + len;

	for (int i = 1; i < number && at < end; i++) {
		const char *next = memchr(at, '\n', (size_t)(end - at));
		at = next != NULL ? next + 1 : end;
	}
	const char *stop = memchr(at, '\n', (size_t)(end - at));
	return (struct line){at, (size_t)((stop != NULL ? stop : end) - at)};
}

static const char *name_of(uint32_t c)
{
	if (c == 0x3000)
		return "a full-width blank";
	if (c == 0xa0 || c == 0x202f)
		return "a no-break space";
	if (c == '\t')
		return "a tab";
	if (c == 0xff1a)
		return "a full-width colon";
	if (c >= 0xff10 && c <= 0xff19)
		return "a full-width digit";
	if (c == 0xff02 || c == 0xff07 || (c >= 0x2018 && c <= 0x201f))
		return "a quotation mark of another kind";
	return c >= 0xff01 && c <= 0xff5e ? "a full-width character" : NULL;
}

/* Text for people may have all of these: it stands in quotation marks, or behind its language. */
static bool is_for_people(const struct line *line)
{
	size_t at = 0;

	while (at < line->len && line->text[at] == ' ')
		at++;
	if (line->len - at >= 3 &&
		(memcmp(line->text + at, "ja:", 3) == 0 || memcmp(line->text + at, "en:", 3) == 0))
		return true;
	return memchr(line->text, '"', line->len) != NULL ||
	       memchr(line->text, '\'', line->len) != NULL;
}

/* The first one: anywhere, or among the blanks at the beginning. */
static bool find(const struct line *line, bool anywhere, uint32_t *found, int *column)
{
	bool indentation = true;
	uint32_t c;

	*column = 1;
	for (size_t i = 0, n; i < line->len; i += n, ++*column) {
		n = utf8_decode(line->text + i, line->len - i, &c);
		if (n == 0 || c == '#')
			return false;
		if (name_of(c) != NULL && (indentation || (anywhere && c != '\t'))) {
			*found = c;
			return true;
		}
		indentation = indentation && c == ' ';
	}
	return false;
}

static void add_note(struct diag *d, uint32_t c, int line, int column)
{
	struct strbuf text;

	strbuf_init(&text, 2200);
	strbuf_addf(&text, "%s; ", d->text);
	if (line == d->line)
		strbuf_addf(&text, "column %d", column);
	else
		strbuf_addf(&text, "line %d, column %d", line, column);
	strbuf_addf(&text, " has %s (U+%04X): write the usual one", name_of(c), (unsigned)c);
	if (c == '\t') /* of an indentation */
		strbuf_adds(&text, ", blanks");
	free(d->text);
	d->text = strbuf_detach(&text);
}

void lookalikes_note(
	struct diags *diags, size_t from, const char *file, const char *text, size_t len)
{
	for (size_t i = from; i < diags->count; i++) {
		struct diag *d = &diags->items[i];

		if (d->line <= 0 || strcmp(d->file, file) != 0)
			continue;
		/* A value goes on in the next line when that is no key by YAML's rules. */
		for (int next = 0; next <= 1; next++) {
			struct line line = line_of(text, len, d->line + next);
			uint32_t c = 0;
			int column;

			if (find(&line, !is_for_people(&line), &c, &column)) {
				add_note(d, c, d->line + next, column);
				break;
			}
		}
	}
}
