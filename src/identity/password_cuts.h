/*
 * A password as a file or a person gave it, and step by step without what stands around it:
 * encoding, byte order mark, blanks of every kind before and after, quotation marks, letters of
 * full width. What belongs to it stays as long as it may.
 */
#ifndef PREFLIGHT_PASSWORD_CUTS_H
#define PREFLIGHT_PASSWORD_CUTS_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#include "strbuf.h"

#define PASSWORD_BLANKS 7  /* kinds of blank */
#define PASSWORD_FORMS  16 /* more than there are steps */
#define PASSWORD_EXTRAS 20 /* kinds of what may be too much */

struct password_cut {
	const char *text; /* the password is text[begin..end) */
	size_t begin, end;
	unsigned removed[PASSWORD_EXTRAS]; /* characters, by kind */

	const char *whole; /* borrowed */
	size_t whole_len, step;
	struct strbuf decoded; /* the whole from UTF-16 */
	bool is_utf_16;
	unsigned tried[PASSWORD_FORMS][PASSWORD_EXTRAS]; /* what was removed before */
	size_t tried_count;
	char *owned; /* what text is, when it is a copy */
};

void password_cut_init(struct password_cut *c, const char *text, size_t len);
/* The next form that is not the one before; false when there is none any more. */
bool password_cut_next(struct password_cut *c);
int password_cut_count(const struct password_cut *c);
/* What was removed, as in the fact password_trailing (identity.h). */
void password_cut_name(const struct password_cut *c, char *out, size_t size);
void password_cut_release(struct password_cut *c);
void password_cut_end(struct password_cut *c); /* wipes all copies */

#endif
