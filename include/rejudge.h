/*
 * The facts of a saved report, judged by other rules.
 */
#ifndef PREFLIGHT_REJUDGE_H
#define PREFLIGHT_REJUDGE_H

#include <jansson.h>

#include "diag.h"
#include "rules.h"

/*
 * Makes the document that the run would have written with these rules, as far as the facts tell:
 * profiles, phase, selection, waivers, times and terminal stay as saved. A check whose facts the
 * report does not hold (new, of another type, host or port) is unknown, run.not-saved. NULL and
 * diagnostics (file: path) when the rules have a profile no more. saved: as report_load gives it;
 * version: of this program. The caller owns the reference.
 */
json_t *report_rejudge(const json_t *saved, const char *path, const struct rules *rules,
	const char *version, struct diags *diags);

#endif
