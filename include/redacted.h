/*
 * Judging facts in which words stand for addresses of the facility ("private-1").
 */
#ifndef PREFLIGHT_REDACTED_H
#define PREFLIGHT_REDACTED_H

#include "diagnose.h"
#include "plan.h"

/*
 * judge_result, where the facts may be redacted. A word does not tell of which kind its address
 * was; the result is judged with addresses of every kind in its place. Where they disagree, it is
 * unknown (run.not-saved); where they blame different parts of the path, all of them are named.
 */
void redacted_judge(struct result *r, const struct plan *plan, double now);

#endif
