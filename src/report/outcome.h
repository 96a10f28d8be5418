/*
 * What the formats for other programs (JUnit, TAP, Nagios, Prometheus) share: whether a check
 * counts against readiness, and its texts as parts of a line.
 */
#ifndef PREFLIGHT_REPORT_OUTCOME_H
#define PREFLIGHT_REPORT_OUTCOME_H

#include "internal.h"

/* What a check says about readiness, with waivers and --strict applied as the exit code has them.
 */
enum outcome {
	OUTCOME_MET,
	OUTCOME_BROKEN, /* makes the run "not ready" */
	OUTCOME_OPEN,   /* makes it "cannot tell" */
	OUTCOME_ASIDE,  /* left open, and nothing depends on it; skipped */
	OUTCOME_PERSON, /* for a person to confirm */
	OUTCOME_COUNT
};

enum outcome outcome_of(const json_t *report, const json_t *check);

/*
 * Whether the verdict needs a line of its own: the report is not ready, and no check shows it
 * (nothing was checked, for instance). Without it a reader of the checks would see success.
 */
bool outcome_needs_line(const json_t *report);

/* Whether a warning counts for those who count warnings: not when only informative or waived. */
bool outcome_is_warning(const json_t *check);

/* A report's text in its language, or NULL; borrowed. */
struct sheet outcome_sheet(FILE *out, const json_t *report, const struct report_options *options);

/* The title of a check, else its id; borrowed. */
const char *outcome_title(const struct sheet *sheet, const json_t *check);

/*
 * Why a check ended as it did, for a message: the waiver, the cause's title, the evidence, or the
 * question for a person. "" when there is nothing to say. Appends it.
 */
void outcome_reason(const struct sheet *sheet, struct strbuf *out, const json_t *check);

/* Appends text made safe and on one line: line ends become spaces, `bad` becomes `good`. */
void outcome_line(struct strbuf *out, const char *text, const char *bad, const char *good);

/*
 * Appends a list's strings; prefix NULL, or one of the catalogue for the words' texts; between is
 * an id of the catalogue or, where there is none, itself.
 */
void outcome_words(const struct sheet *sheet, struct strbuf *out, const json_t *list,
	const char *prefix, const char *between);

#endif
