/*
 * Facts to verdicts, one check at a time; and all verdicts to one.
 */
#ifndef PREFLIGHT_JUDGE_H
#define PREFLIGHT_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "diagnose.h"
#include "plan.h"
#include "run.h"

/* Fills d->results from a finished (or cut short) run; now: wall clock at its start. */
void judge_run(struct diagnosis *d, const struct plan *plan, const struct run *run, double now);

/*
 * Makes the verdict of a result that holds all the rest (check, facts, state, skip, waived), from
 * wherever its facts came. now: wall clock at the start of the run.
 */
void judge_result(struct result *r, const struct plan *plan, double now);

/* Fills *r from a finished (or cut short) item; r->root is -1. now: wall clock at the start. */
void judge_item(struct result *r, const struct run_item *item, const struct plan *plan, double now);

/* VERDICT_PASS (ready), VERDICT_FAIL (not ready) or VERDICT_UNKNOWN (cannot tell). */
enum verdict judge_overall(const struct result *results, size_t count, bool strict);

/* The exit code of an overall verdict. */
int judge_exit_code(enum verdict overall);

/* Gives a result another cause, with the places and actors that this has by itself. */
void judge_cause(struct result *r, const char *code);

#endif
