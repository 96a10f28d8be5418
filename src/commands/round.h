/*
 * One run of the checks with all that it is made from: terminal, plan, facts, report. run makes
 * one, --wait and --every make them one after another.
 */
#ifndef PREFLIGHT_COMMANDS_ROUND_H
#define PREFLIGHT_COMMANDS_ROUND_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "commands.h"
#include "diag.h"
#include "inputs.h"
#include "plan.h"
#include "progress.h"
#include "rules.h"
#include "run.h"
#include "saved.h"
#include "terminal.h"

/* What all rounds of a command share. */
struct session {
	const struct options *options;
	struct rules *rules;
	struct saved *saved; /* NULL: this terminal */
	struct inputs inputs;
	struct progress *progress;
	bool stuck; /* a worker is inside the OS and may use the rules: they stay */
};

/* 0, or EXIT_USAGE after messages. Release in either case. */
int session_init(struct session *session, const struct options *options);
void session_release(struct session *session);

struct round {
	struct session *session;
	struct terminal terminal; /* this one's; empty when another one is judged */
	struct plan plan;
	struct run *run;
	double started; /* wall clock */
	enum verdict overall;
	int exit_code;
	bool *problem; /* by item: to be repeated by --wait */
	bool *look;    /* by item: did not pass, but does not keep from being ready */
	json_t *report;
};

/* Reads the terminal and makes the plan; NULL after messages. */
struct round *round_new(struct session *session);

/*
 * Runs the checks. Items that `again` (NULL: all of them) does not name keep what they have in
 * `before`, a round with the same plan.
 */
void round_run(struct round *round, const struct round *before, const bool *again);

/* How often it was tried, for the report; attempts 0: not said. */
struct round_waiting {
	int attempts;
	double waited; /* seconds since the first attempt began */
};

/* Judges, diagnoses and makes the report. */
void round_conclude(struct round *round, const struct round_waiting *waiting);

/* Whether both would run the same checks. */
bool round_same_plan(const struct round *a, const struct round *b);

/* Frees it, as far as no worker is inside the OS. NULL is fine. */
void round_free(struct round *round);

/* ---- what makes rounds; each returns the exit code ---- */

int command_wait(struct session *session);  /* --wait; wait.c */
int command_watch(struct session *session); /* --every; watch.c */

#endif
