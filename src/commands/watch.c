/* preflight --every: run after run, and a line for each change. */
#include "watch.h"

#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "platform.h"
#include "round.h"
#include "report/internal.h"
#include "report_build.h"
#include "verdict.h"

struct watch {
	struct session *session;
	struct watch_history history;
	json_t *report; /* of the latest run; owned; NULL: none yet */
	int last_code;  /* its exit code */
	enum verdict worst;
	double began; /* platform_monotonic */
};

static bool as_json(const struct watch *w)
{
	const char *format = w->session->options->format;

	return format != NULL && strcmp(format, "json") == 0;
}

static void write_events(const struct watch *w, json_t *events)
{
	watch_write(stdout, events, as_json(w), w->session->options->lang);
	json_decref(events);
}

static enum verdict worse(enum verdict a, enum verdict b)
{
	if (a == VERDICT_FAIL || b == VERDICT_FAIL)
		return VERDICT_FAIL;
	return a == VERDICT_UNKNOWN || b == VERDICT_UNKNOWN ? VERDICT_UNKNOWN : VERDICT_PASS;
}

static void take(struct watch *w, const struct round *round, double now)
{
	size_t run = w->history.runs + 1;

	if (!w->session->options->identify && platform_is_file(stdout))
		report_redact(round->report);
	watch_history_add(&w->history, round->report, now, round->started);
	w->worst = worse(w->worst, round->overall);
	w->last_code = round->exit_code;
	write_events(w, watch_events(w->report, round->report, run, round->started));
	json_decref(w->report);
	w->report = json_incref(round->report);
}

/* One run. A run that was cut short tells nothing about the line, unless there is no other. */
static int watch_once(struct watch *w)
{
	struct round *round = round_new(w->session);
	double now = platform_monotonic();

	if (round == NULL)
		return -1;
	round_run(round, NULL, NULL);
	round_conclude(round, &(struct round_waiting){0});
	if (!run_was_interrupted() || w->report == NULL)
		take(w, round, now);
	round_free(round);
	w->session->inputs.may_ask = false;
	return 0;
}

/* At the interval; what takes longer is followed by the next at once. */
static int watch_all(struct watch *w)
{
	double next = w->began;

	while (!run_was_interrupted() && !ferror(stdout)) {
		if (watch_once(w) != 0)
			return -1;
		next += w->session->options->every;
		double now = platform_monotonic();
		if (next < now)
			next = now;
		run_pause(next - now, NULL, NULL);
	}
	return 0;
}

static void write_summary(const struct watch *w, int exit_code)
{
	double until = platform_monotonic();
	char when[64];

	format_time(when, platform_wall());
	write_events(w, json_pack("[{s:s, s:I, s:s, s:f, s:s, s:i, s:o}]", "time", when, "run",
				(json_int_t)w->history.runs, "event", "summary", "seconds",
				until - w->began, "verdict", overall_name(w->worst), "exit_code",
				exit_code, "checks", watch_history_checks(&w->history, until)));
}

/* A line that failed once is not ready, however it is at the end. */
static int exit_code_of(enum verdict worst)
{
	return worst == VERDICT_PASS   ? EXIT_READY
	       : worst == VERDICT_FAIL ? EXIT_NOT_READY
				       : EXIT_UNKNOWN;
}

int command_watch(struct session *session)
{
	struct secret_memory memory = {0};
	struct watch w = {.session = session, .worst = VERDICT_PASS, .began = platform_monotonic()};
	int code = EXIT_USAGE;

	session->inputs.memory = &memory;
	if (watch_all(&w) == 0) {
		code = exit_code_of(w.worst);
		write_summary(&w, code);
		code = command_save(session->options, w.report, code);
	}
	identities_forget(&memory);
	session->inputs.memory = NULL;
	json_decref(w.report);
	watch_history_release(&w.history);
	return code;
}
