/*
 * The report document: made from a diagnosis, described by a schema, checked when loaded.
 */
#ifndef PREFLIGHT_REPORT_BUILD_H
#define PREFLIGHT_REPORT_BUILD_H

#include <stdbool.h>

#include <jansson.h>

#include "diagnose.h"
#include "plan.h"
#include "run.h"
#include "strbuf.h"
#include "suggest.h"

#define REPORT_SCHEMA         "preflight-report"
#define REPORT_SCHEMA_MAJOR   "1"
#define REPORT_SCHEMA_VERSION "1.1"

struct report_context {
	double started;      /* wall clock at the start of the run, seconds since 1970 */
	const char *version; /* of the program; borrowed */
	bool strict;         /* --strict */
	bool interrupted;    /* cut short by the user */
	const struct suggestions *suggestions; /* other profiles; borrowed; NULL: none */
	json_t *judged_again; /* what judged the facts first; borrowed; NULL: this is the run */
};

/*
 * Makes the document with all texts in every language. run may be NULL when saved facts are judged
 * again: durations are then 0 and null. The caller owns the reference.
 */
json_t *report_build(const struct diagnosis *d, const struct plan *plan, const struct run *run,
	const struct report_context *ctx);

/* The JSON Schema (2020-12) of the document; the caller owns the reference. */
json_t *report_schema(void);

/*
 * Whether a loaded document can be shown: all members that the schema requires, of the right
 * types; further ones are ignored. Otherwise why gets "checks.verdict: missing".
 */
bool report_valid(const json_t *report, struct strbuf *why);

/*
 * Replaces private, shared and link-local addresses in every string by "private-1", "private-2",
 * …: the same address by the same word throughout. For reports that leave the facility.
 */
void report_redact(json_t *report);

#endif
