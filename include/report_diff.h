/*
 * What changed between two saved reports, as a document of its own with texts in every language:
 *
 *   {"schema": "preflight-diff", "schema_version": "1.0", "changed": true,
 *    "old", "new": {"started", "program", "verdict"},
 *    "conditions": [{"name", "title", "old", "new"}],   program, rules, profiles, phase, terminal
 *    "causes": [{"change": "new" | "gone" | "same", "code", "title",
 *                "old", "new": verdict or null}],
 *    "checks": [{"change": "verdict" | "facts" | "added" | "removed", "id", "type", "title",
 *                "old", "new": {"verdict", "cause", "evidence"} or null,
 *                "facts": [{"name", "title", "old", "new"}]}],
 *    "unchanged": number of checks}
 *
 * Values of conditions and facts are text, a list of texts, or null. Which facts matter is a table
 * (diff_facts.c); times, counters, random names and ports of this side are none of them.
 */
#ifndef PREFLIGHT_REPORT_DIFF_H
#define PREFLIGHT_REPORT_DIFF_H

#include <stdio.h>

#include <jansson.h>

#include "report.h"

/*
 * Compares two loaded reports; NULL when they have no check in common. Where one is redacted, so is
 * the comparison: addresses of the facility then count as the same. The caller owns the reference.
 */
json_t *report_diff(const json_t *before, const json_t *after);

/* Writes such a document as text for people. */
void report_diff_text(FILE *out, const json_t *diff, const struct report_options *options);

#endif
