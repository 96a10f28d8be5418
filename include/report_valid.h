/*
 * Whether a loaded document is a report that every format can show: its members by the table of
 * the schema, and that its parts agree with each other.
 */
#ifndef PREFLIGHT_REPORT_VALID_H
#define PREFLIGHT_REPORT_VALID_H

#include <stddef.h>

#include <jansson.h>

#include "strbuf.h"

#define REPORT_DEPTH        8
#define REPORT_PROBLEMS_MAX 20 /* further ones are not told */

/* Where a value is: members and positions in lists, from the top. */
struct report_step {
	const char *member; /* NULL: an item of a list */
	size_t index;
};
struct report_place {
	struct report_step steps[REPORT_DEPTH];
	size_t depth;
};

/* Appends "checks[3].verdict"; nothing for the document itself. */
void report_place_text(const struct report_place *place, struct strbuf *out);

/*
 * Calls fn for each problem, in the order of the schema; returns how many were told. what: "must
 * be text, not null". Members that the schema does not know are ignored.
 */
typedef void report_problem_fn(void *arg, const struct report_place *place, const char *what);
size_t report_problems(const json_t *report, report_problem_fn *fn, void *arg);

/*
 * Finds the value in the document's text: line and column from 1, in characters. Where the value
 * is missing, what it is missing in. The text must be valid JSON.
 */
void report_place_find(
	const struct report_place *place, const char *text, size_t len, int *line, int *column);

#endif
