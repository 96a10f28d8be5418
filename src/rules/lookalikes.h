/*
 * Characters that a Japanese input method puts where YAML wants the usual ones: full-width blanks,
 * colons, digits, quotation marks; and no-break spaces and tabs as indentation.
 */
#ifndef PREFLIGHT_LOOKALIKES_H
#define PREFLIGHT_LOOKALIKES_H

#include <stddef.h>

#include "diag.h"

/* Adds to the problems of a file, from number `from` on, which such character stands in their line,
 * and where. */
void lookalikes_note(
	struct diags *diags, size_t from, const char *file, const char *text, size_t len);

#endif
