/*
 * Saved reports.
 */
#ifndef PREFLIGHT_REPORT_LOAD_H
#define PREFLIGHT_REPORT_LOAD_H

#include <jansson.h>

#include "diag.h"

#define REPORT_MAX_BYTES (16 * 1024 * 1024)

/*
 * Reads a report that `run -o FILE.json` wrote; "-" is standard input. NULL, and diagnostics with
 * line, column and the path of the value, when it cannot be read or is damaged. What is returned
 * can be given to every format; the caller owns the reference.
 */
json_t *report_load(const char *path, struct diags *diags);

/* The same of a text; name: for the diagnostics. */
json_t *report_parse(const char *name, const char *text, size_t len, struct diags *diags);

#endif
