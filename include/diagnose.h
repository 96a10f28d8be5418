/*
 * Verdicts to root causes: which failures are one failure, where it is, who acts.
 */
#ifndef PREFLIGHT_DIAGNOSE_H
#define PREFLIGHT_DIAGNOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "plan.h"
#include "run.h"

/* A check's facts with what was made of them. */
struct result {
	const struct rule_check *check; /* borrowed */
	const struct facts *facts;      /* borrowed */
	const struct facts *timings;    /* borrowed */
	enum verdict verdict;           /* after severity was applied */
	const char *cause;              /* static, or NULL */
	unsigned segments, actors;
	enum run_state state;
	enum skip_reason skip;
	const char *waived; /* reason, or NULL */
	int root;           /* index into diagnosis.roots, -1: none */
};

struct root_cause {
	const char *cause; /* code */
	unsigned segments; /* where, as closely as the evidence allows */
	unsigned actors;   /* who */
	size_t lead;       /* result whose facts are the evidence */
	size_t *evidence;  /* results that show the cause itself; owned */
	size_t evidence_count, evidence_capacity;
	size_t *symptoms; /* results that fail because of it; owned */
	size_t symptom_count, symptom_capacity;
	enum verdict verdict; /* worst of its members: fail, unknown or warn */
};

struct diagnosis {
	struct result *results; /* owned; one per plan item, in its order */
	size_t result_count;
	struct root_cause *roots; /* owned; fails first, then by rank */
	size_t root_count, root_capacity;
	enum verdict overall; /* pass (ready), fail (not ready), unknown (cannot tell) */
	int exit_code;        /* of enum exit_code */
};

/*
 * Finds the roots of d->results, which the caller filled (judge_run), and the overall verdict.
 * strict: warnings of required and recommended checks count as failures for the exit code.
 */
void diagnose(struct diagnosis *d, bool strict);
void diagnosis_release(struct diagnosis *d);

#endif
