/*
 * Reports. The report is one JSON document (schema: `preflight schema report`) with all texts in
 * every language; every format is made from that document alone, so a saved one can be shown
 * again without rules or network.
 */
#ifndef PREFLIGHT_REPORT_H
#define PREFLIGHT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "lang.h"
#include "strbuf.h"

struct report_options {
	enum lang lang;
	int verbosity; /* -1 quiet: verdict and causes only; 0; 1: facts and timings too */
	bool color;
	int width; /* columns to wrap at; 0: do not wrap */
};

/* One format. */
struct report_format {
	const char *name; /* --format word */
	void (*write)(FILE *out, const json_t *report, const struct report_options *options);
};

/* The table, NULL name at its end. */
extern const struct report_format report_formats[];
const struct report_format *report_format_find(const char *name);

/* Prints text that came from outside: control characters, bidi controls and invalid UTF-8 are
 * shown as escapes. */
void report_print_safe(FILE *out, const char *text);

/* Columns that UTF-8 text takes on a terminal (Unicode East Asian Width: W and F take two). */
int report_text_width(const char *text);

/* ---- templates: "{name} … [ only if {inner} exists]" ---- */

/*
 * Expands a template with the members of `values` (JSON object: strings, integers, reals, lists;
 * lists are joined by the value "list_separator", else ", "). A [bracketed] part is dropped when a
 * name inside it is missing or null; "[[" and "{{" are literal. A missing name outside brackets
 * gives "…".
 */
void template_expand(struct strbuf *out, const char *text, const json_t *values);

/* NULL when the template is well formed, else what is wrong (static). */
const char *template_check(const char *text);

/* ---- catalogue ---- */

/*
 * Text by id ("verdict.pass", "evidence.ike.pass"); never NULL (unknown ids give the id itself and
 * are found by a unit test). Static storage.
 */
const char *message(enum lang lang, const char *id);
const char *message_or_null(enum lang lang, const char *id);

#endif
