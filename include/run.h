/*
 * A run: selected checks in, facts out. Everything starts at once on one loop.
 */
#ifndef PREFLIGHT_RUN_H
#define PREFLIGHT_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "check.h"
#include "plan.h"

/* How one check of the plan ended. */
enum run_state {
	RUN_SKIPPED,     /* the plan left it out */
	RUN_WAITING,     /* not started, or no result yet */
	RUN_FINISHED,    /* facts complete */
	RUN_DEADLINE,    /* --timeout came first */
	RUN_INTERRUPTED, /* Ctrl-C came first */
	RUN_NOT_SAVED    /* judged again: the saved report does not hold its facts */
};

struct run_item {
	const struct plan_item *plan; /* borrowed */
	enum run_state state;
	struct check_run check;
	double started, ended; /* seconds since the start of the run */
};

struct run_options {
	double timeout; /* seconds for the whole run; 0: none */
	/* Called after each item that ended, from the loop's thread; may be NULL. */
	void (*progress)(void *arg, const struct run_item *item, size_t done, size_t total);
	/* Called about ten times a second while waiting; may be NULL. */
	void (*tick)(void *arg, size_t done, size_t total);
	void *arg;
};

/*
 * Runs the plan. The run keeps all facts until run_free; it borrows plan, rules and terminal.
 */
struct run *run_new(const struct plan *plan);
void run_start(struct run *run, const struct run_options *options); /* returns when all ended */

/*
 * Instead of running item i again, takes over what an earlier run of the same check ended with.
 * Before run_start.
 */
void run_keep(struct run *run, size_t i, const struct run_item *earlier);

/*
 * Waits for `seconds`, less if run_interrupt is called. tick, which may be NULL, is called about
 * ten times a second with the seconds that are left.
 */
void run_pause(double seconds, void (*tick)(void *arg, double left), void *arg);

/*
 * False when a worker is still inside a call of the OS (a run that was cut short): it may still
 * use the plan's terminal and rules, which must then be left alone until the process ends.
 */
bool run_free(struct run *run);

size_t run_count(const struct run *run);
const struct run_item *run_item(const struct run *run, size_t i);
double run_seconds(const struct run *run); /* duration */

/* Ends the current run at the next chance; safe in a signal handler. */
void run_interrupt(void);
bool run_was_interrupted(void);

#endif
