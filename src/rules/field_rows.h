/*
 * The tables of rows that the sections are made of; see fields.h.
 */
#ifndef PREFLIGHT_RULES_FIELD_ROWS_H
#define PREFLIGHT_RULES_FIELD_ROWS_H

#include "fields.h"

#define TITLE_MAX 300 /* bytes of a text of one line */

extern const struct field requirement_fields[4];
extern const struct field host_fields[6];
extern const struct field check_fields[8];
extern const struct field software_fields[5];
extern const struct field certificate_fields[8];
extern const struct field lifecycle_own[2];
extern const struct field lifecycle_fields[12];
extern const struct field interceptor_fields[2];
extern const struct field cause_fields[3];
extern const struct field profile_fields[6];

#endif
