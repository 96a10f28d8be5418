/*
 * What a support code says, as a document with texts in every language, and as a page.
 *
 *   {"schema": "preflight-decoded", "schema_version": "1.0", "code": …, "verdict": "not-ready",
 *    "fingerprint": "1a2b", "rules_match": true, "profiles": [{"id", "title"}], "phase": …,
 *    "causes": [{"number", "code", "title", "remedy", "segments", "actors", "checks"}],
 *    "more_causes": false, "checks": [{"id", "title", "severity", "verdict"}]}
 *
 * profiles, phase and checks are null where the rules do not match; checks also where the code has
 * causes only, and verdict of a check that was left out by --only or --skip. A cause that this
 * program does not know has a number and nothing else.
 */
#ifndef PREFLIGHT_COMMANDS_DECODE_H
#define PREFLIGHT_COMMANDS_DECODE_H

#include <stdio.h>

#include <jansson.h>

#include "report.h"
#include "rules.h"
#include "support_code.h"

/* A new reference. code: as it is written. */
json_t *decode_document(
	const struct support_content *content, const struct rules *rules, const char *code);

void decode_write_text(FILE *out, const json_t *document, const struct report_options *options);

#endif
