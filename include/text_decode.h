/*
 * Text files as people make them: Windows' own tools write UTF-16 ("Unicode" in Notepad, > in
 * PowerShell 5) and UTF-8 with a byte order mark; in Japan "ANSI" is Shift_JIS.
 */
#ifndef PREFLIGHT_TEXT_DECODE_H
#define PREFLIGHT_TEXT_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"
#include "strbuf.h"

enum text_encoding {
	TEXT_UTF_8,      /* nothing changed */
	TEXT_UTF_8_MARK, /* a byte order mark was left out */
	TEXT_UTF_16,     /* with a byte order mark or, by its zero bytes, without */
	TEXT_SHIFT_JIS,  /* looks like it, and nothing was changed */
	TEXT_OTHER       /* no text that is known; nothing was changed */
};

/* Appends the text as UTF-8 without its mark; `out` must have room for twice the bytes. */
enum text_encoding text_decode(const char *bytes, size_t len, struct strbuf *out);

/*
 * The same in place of the contents of `text`, and with line ends as every parser takes them: zero
 * bytes at the end go, and a file whose lines end in CR alone gets LF. What cannot be decoded stays
 * as it is.
 */
enum text_encoding text_tidy(struct strbuf *text);

/* Whether bytes that are not UTF-8 look like Shift_JIS (code page 932). */
bool text_is_shift_jis(const char *bytes, size_t len);

/* text_tidy of a file; false and a diagnostic with the place when it is no text that can be read.
 */
bool text_tidy_for(const char *file, struct strbuf *text, struct diags *diags);

#endif
