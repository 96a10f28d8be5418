/*
 * Reports to files.
 */
#ifndef PREFLIGHT_OUTPUT_H
#define PREFLIGHT_OUTPUT_H

#include <jansson.h>

#include "report.h"

/*
 * Writes the report to a file, in the format that its ending tells: first to a temporary file
 * beside it, which then takes its place, so that there is never half a report. -1 after a message
 * on stderr.
 */
int output_write(const char *path, const json_t *report, const struct report_options *options);

#endif
