/*
 * Diagnostics about input: file:line:column and what is wrong. Code that parses fills one of
 * these and never prints.
 */
#ifndef PREFLIGHT_DIAG_H
#define PREFLIGHT_DIAG_H

#include <stddef.h>
#include <stdio.h>

#include "strbuf.h"

#define DIAG_MAX 200 /* further problems are counted, not kept */

struct diag {
	char *file; /* owned; as the user named it */
	int line;   /* 1-based; 0: the whole file */
	int column; /* 1-based, in characters; 0: the whole line */
	char *text; /* owned; object first, then what is wrong, then the limit */
};

struct diags {
	struct diag *items; /* owned */
	size_t count;       /* kept */
	size_t capacity;
	size_t dropped; /* beyond DIAG_MAX */
};

void diags_add(struct diags *d, const char *file, int line, int column, const char *fmt, ...)
	PF_PRINTF(5, 6);

/* Sorts by file (order of first appearance), line, column; stable. */
void diags_sort(struct diags *d);

/* One line each: "FILE:LINE:COLUMN: error: TEXT". Control characters are escaped. */
void diags_print(const struct diags *d, FILE *out);

void diags_release(struct diags *d);

/*
 * The nearest of `names` to `word` for a "did you mean", or NULL when none is near
 * (edit distance above a third of the word's length, at least 1).
 * names: NULL-terminated; the result is borrowed from it.
 */
const char *diag_suggest(const char *word, const char *const *names);

#endif
