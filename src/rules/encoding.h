/*
 * Which bytes a rule file may consist of.
 */
#ifndef PREFLIGHT_RULES_ENCODING_H
#define PREFLIGHT_RULES_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"

/*
 * Reports bytes that are not UTF-8 and characters that must not stand in a rule file, each with
 * its place. True when the text may be given to the YAML parser.
 */
bool encoding_check(const char *file, const char *text, size_t len, struct diags *diags);

/* Bytes of a UTF-8 byte order mark at the start: 3 or 0. */
size_t encoding_bom(const char *text, size_t len);

/* Whether UTF-8 text has no control character but line feed and tab; else *code is the first. */
bool encoding_clean(const char *text, size_t len, uint32_t *code);

#endif
