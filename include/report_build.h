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
	int attempts;        /* --wait: how often it was tried; 0: not said */
	double waited;       /* seconds since the first attempt began */
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

/* Exit codes of monitoring plugins, and that of a report whose run ended with exit_code. */
enum nagios_code { NAGIOS_OK, NAGIOS_WARNING, NAGIOS_CRITICAL, NAGIOS_UNKNOWN };
int report_nagios_code(const json_t *report, int exit_code);

/*
 * For reports that leave the facility: what identifies the terminal, its user and its place becomes
 * words, the same thing the same word throughout. Private, shared and link-local addresses and this
 * terminal's own ("private-1"), MAC addresses, home directories ("~"), the names of user and host,
 * subject and issuer of the client certificate ("certificate-1", "issuer-1"), proxies, serial
 * numbers in names of CAs. Sets "redacted".
 */
void report_redact(json_t *report);

#endif
