/* preflight --wait: what does not pass is repeated until everything required does. */
#include <stdlib.h>

#include "identity.h"
#include "platform.h"
#include "round.h"
#include "verdict.h"

/* Seconds between two attempts: few at first, then few packets (a gateway counts them). */
#define PAUSE_FIRST 2
#define PAUSE_MOST  30

struct waiting {
	struct session *session;
	struct round *round; /* the latest, concluded */
	struct round_waiting told;
	double began, until; /* platform_monotonic */
	double pause;
};

static bool is_over(const struct waiting *w)
{
	return w->round->overall == VERDICT_PASS || run_was_interrupted();
}

/* A round that takes the place of the latest; again: what of it to repeat, if the plan is the same.
 */
static int next_round(struct waiting *w, bool look)
{
	struct round *before = w->round, *round = round_new(w->session);

	if (round == NULL)
		return -1;
	bool same = round_same_plan(round, before);
	round_run(round, before, same ? (look ? before->look : before->problem) : NULL);
	w->told.waited = platform_monotonic() - w->began;
	round_conclude(round, &w->told);
	w->round = round;
	round_free(before);
	return 0;
}

/* Seconds to wait before the next attempt; below 0: the time is over. */
static double next_pause(struct waiting *w)
{
	double left = w->until - platform_monotonic(), pause = w->pause;

	if (left <= 0)
		return -1;
	w->pause = pause * 2 < PAUSE_MOST ? pause * 2 : PAUSE_MOST;
	return pause < left ? pause : left;
}

static bool any(const bool *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (list[i])
			return true;
	return false;
}

/* Once ready: warnings of a time when it was not are looked at again. */
static void settle(struct waiting *w)
{
	if (w->told.attempts > 1 && w->round->overall == VERDICT_PASS && !run_was_interrupted() &&
		any(w->round->look, w->round->plan.item_count))
		next_round(w, true);
}

static void repeat(struct waiting *w)
{
	while (!is_over(w)) {
		double pause = next_pause(w);
		if (pause < 0)
			break;
		progress_await(
			w->session->progress, &(struct progress_waiting){
						      .report = w->round->report,
						      .attempts = w->told.attempts,
						      .left = w->until - platform_monotonic(),
						      .next = pause,
					      });
		if (run_was_interrupted())
			break;
		w->told.attempts++;
		if (next_round(w, false) != 0)
			break;
	}
	settle(w);
}

/* The report says that it was cut short, also when that was between two attempts. */
static int final_code(struct waiting *w)
{
	if (!run_was_interrupted())
		return w->round->exit_code;
	json_object_set_new(w->round->report, "interrupted", json_true());
	if (w->round->exit_code != EXIT_READY)
		w->round->exit_code = EXIT_UNKNOWN;
	json_object_set_new(w->round->report, "exit_code", json_integer(w->round->exit_code));
	return w->round->exit_code;
}

int command_wait(struct session *session)
{
	struct secret_memory memory = {0};
	struct waiting w = {
		.session = session,
		.round = round_new(session),
		.told = {.attempts = 1},
		.began = platform_monotonic(),
		.pause = PAUSE_FIRST,
	};

	if (w.round == NULL)
		return EXIT_USAGE;
	session->inputs.memory = &memory;
	w.until = w.began + session->options->wait;
	round_run(w.round, NULL, NULL);
	round_conclude(w.round, &w.told);
	session->inputs.may_ask = false;
	repeat(&w);
	int code = command_deliver(session->options, w.round->report, final_code(&w));
	identities_forget(&memory);
	session->inputs.memory = NULL;
	if (PREFLIGHT_TIDY_EXIT)
		round_free(w.round);
	return code;
}
