/*
 * Reports to files.
 */
#ifndef PREFLIGHT_OUTPUT_H
#define PREFLIGHT_OUTPUT_H

#include <stdio.h>

/* The usual ending of a file in a format (".json"); NULL: such files cannot be asked for by name.
 */
const char *output_ending(const char *format);

/* Which of the formats (NULL-terminated) a file's ending tells, or NULL. */
const char *output_format(const char *const *formats, const char *path);

/*
 * Writes a file: first to a temporary one beside it, which then takes its place, so that there is
 * never half a report. -1 after a message on stderr; what was there before is then unchanged.
 */
int output_write(const char *path, void (*write)(FILE *out, void *arg), void *arg);

#endif
