/*
 * The rule file's grammar for others: as a JSON Schema and as a manual, from the same rows that
 * the loader reads by.
 */
#ifndef PREFLIGHT_RULES_SCHEMA_H
#define PREFLIGHT_RULES_SCHEMA_H

#include <stdio.h>

#include <jansson.h>

/*
 * JSON Schema 2020-12 of a rule file; the caller owns the reference. It accepts whatever the
 * loader accepts. As a file may override single keys of another one, it requires no keys; that,
 * references and calendar days are left to `preflight lint`.
 */
json_t *rules_schema(void);

/* Reference of all sections, keys and check types as mdoc(7), for preflight-rules(5). */
void rules_print_keys(FILE *out);

#endif
