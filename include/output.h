/*
 * Reports to files.
 */
#ifndef PREFLIGHT_OUTPUT_H
#define PREFLIGHT_OUTPUT_H

#include <stdio.h>

#include "mem.h"

/* The usual ending of a file in a format (".json"); NULL: such files cannot be asked for by name.
 */
const char *output_ending(const char *format);

/* Which of the formats (NULL-terminated) a file's ending tells, or NULL. */
const char *output_format(const char *const *formats, const char *path);

/*
 * Writes a file: first to a temporary one beside it, which then takes its place, so that there is
 * never half a report (platform.h, platform_output). -1 after a message on stderr; what was there
 * before is then unchanged.
 */
int output_write(const char *path, void (*write)(FILE *out, void *arg), void *arg);

/*
 * Tells before anything is done what would fail afterwards: two paths that lead to the same file
 * (EXIT_USAGE), a file that cannot be made (EXIT_UNKNOWN). EXIT_READY when all is well, else after
 * messages on stderr. Nothing is changed.
 */
int output_check(const struct strs *paths);

/*
 * At the end of a stream that was printed to: exit_code, or EXIT_UNKNOWN after a message when not
 * everything was written. A reader that went away (preflight | head) is no failure.
 */
int output_finish(FILE *stream, const char *name, int exit_code);

#endif
