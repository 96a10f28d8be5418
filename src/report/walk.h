/*
 * A walk through a saved report that tells what is wrong: valid.c by the table, parts.c part
 * against part.
 */
#ifndef PREFLIGHT_REPORT_WALK_H
#define PREFLIGHT_REPORT_WALK_H

#include "report_valid.h"

struct walk {
	report_problem_fn *fn;
	void *arg;
	size_t count; /* problems told */
	struct report_place place;
};

/* Tells a problem at the present place. */
void walk_wrong(struct walk *w, const char *fmt, ...) PF_PRINTF(2, 3);

/* Into a member (a list's item: NULL and its index), and out of it. */
void walk_in(struct walk *w, const char *member, size_t index);
void walk_out(struct walk *w);

/* parts.c: ids, causes, roots and counts. */
void walk_parts(struct walk *w, const json_t *report);

#endif
