/*
 * What is shown on stderr while checks run, and between them: on a terminal one line, kept up to
 * date and erased at the end; elsewhere nothing, or with -v one plain line for each check that
 * ended.
 */
#ifndef PREFLIGHT_PROGRESS_H
#define PREFLIGHT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include "lang.h"
#include "run.h"

struct progress;

/* verbosity as in struct report_options: below 0 shows nothing. Free with progress_free. */
struct progress *progress_new(enum lang lang, int verbosity);
/* Sets the callbacks of `how`; run is borrowed until progress_detach, which erases the line. */
void progress_attach(struct progress *progress, const struct run *run, struct run_options *how);
void progress_detach(struct progress *progress);
/* Erases the line. NULL is fine. */
void progress_free(struct progress *progress);

/* What --wait waits for, and how long. */
struct progress_waiting {
	const json_t *report; /* of the latest attempt; borrowed */
	int attempts;         /* made so far */
	double left;          /* seconds until it gives up */
	double next;          /* seconds until the next attempt */
};
/*
 * Waits until the next attempt, or until run_interrupt is called. On a terminal one line counts
 * the seconds; elsewhere, with -v, there is one plain line.
 */
void progress_await(struct progress *progress, const struct progress_waiting *waiting);

/* That line, as far as `width` columns allow; no control characters. The caller frees it. */
char *progress_waiting_line(enum lang lang, const struct progress_waiting *waiting, int width);

/*
 * The line for `done` of `total`, naming the pending checks as far as `width` columns allow; no
 * control characters. The caller frees it.
 */
char *progress_line(enum lang lang, size_t done, size_t total, const char *const *pending,
	size_t count, int width);

#endif
