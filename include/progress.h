/*
 * What is shown on stderr while checks run: on a terminal one line, kept up to date and erased at
 * the end; elsewhere nothing, or with -v one plain line for each check that ended.
 */
#ifndef PREFLIGHT_PROGRESS_H
#define PREFLIGHT_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lang.h"
#include "run.h"

struct progress;

/* verbosity as in struct report_options: below 0 shows nothing. Free with progress_free. */
struct progress *progress_new(enum lang lang, int verbosity);
/* Sets the callbacks of `how`; run is borrowed until progress_free. */
void progress_attach(struct progress *progress, const struct run *run, struct run_options *how);
/* Erases the line. */
void progress_free(struct progress *progress);

/*
 * The line for `done` of `total`, naming the pending checks as far as `width` columns allow; no
 * control characters. The caller frees it.
 */
char *progress_line(enum lang lang, size_t done, size_t total, const char *const *pending,
	size_t count, int width);

#endif
