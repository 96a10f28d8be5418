/* One run of the checks, from the terminal to the report. */
#include "round.h"

#include <stdlib.h>
#include <string.h>

#include "diagnose.h"
#include "judge.h"
#include "mem.h"
#include "platform.h"
#include "report_build.h"
#include "suggest.h"

int session_init(struct session *session, const struct options *options)
{
	*session = (struct session){.options = options, .rules = command_rules(options)};
	if (session->rules == NULL ||
		command_inputs(options, &session->saved, &session->inputs) != 0)
		return EXIT_USAGE;
	session->progress = progress_new(options->lang, options->verbosity);
	return 0;
}

void session_release(struct session *session)
{
	progress_free(session->progress);
	if (session->stuck)
		return;
	saved_free(session->saved);
	rules_free(session->rules);
}

struct round *round_new(struct session *session)
{
	struct plan_request request = session->options->request;
	struct round *round = mem_alloc(sizeof *round);
	struct diags diags = {0};

	round->session = session;
	request.inputs = &session->inputs;
	if (session->saved == NULL)
		terminal_read(&round->terminal);
	const struct terminal *terminal =
		session->saved != NULL ? &session->saved->terminal : &round->terminal;
	int status = plan_make(&round->plan, &request, session->rules, terminal, &diags);
	command_complain(&diags);
	if (status == 0)
		return round;
	round_free(round);
	return NULL;
}

void round_run(struct round *round, const struct round *before, const bool *again)
{
	struct run_options how = {.timeout = round->session->options->timeout};

	platform_raise_limits();
	round->started = platform_wall();
	round->run = run_new(&round->plan);
	for (size_t i = 0; again != NULL && i < run_count(round->run); i++)
		if (!again[i])
			run_keep(round->run, i, run_item(before->run, i));
	progress_attach(round->session->progress, round->run, &how);
	platform_on_interrupt(run_interrupt);
	run_start(round->run, &how);
	progress_detach(round->session->progress);
}

static bool keeps_from_ready(const struct result *r, bool strict)
{
	bool warned = strict && r->verdict == VERDICT_WARN && r->check->severity != SEVERITY_INFO;

	return r->verdict == VERDICT_FAIL || warned ||
	       (r->verdict == VERDICT_UNKNOWN && r->check->severity == SEVERITY_REQUIRED);
}

static bool did_not_pass(const struct result *r)
{
	return r->verdict == VERDICT_FAIL || r->verdict == VERDICT_UNKNOWN ||
	       r->verdict == VERDICT_WARN;
}

/* What a check to be repeated needs is repeated too, unless it passed. */
static bool mark_needs(struct round *round, const struct rule_check *check)
{
	bool marked = false;

	for (size_t i = 0; i < round->plan.item_count; i++) {
		const char *id = round->plan.items[i].check->id;
		if (!round->look[i] || round->problem[i] || !strs_contains(&check->needs, id))
			continue;
		round->problem[i] = marked = true;
	}
	return marked;
}

static void mark_problems(struct round *round, const struct diagnosis *d)
{
	bool again = true;

	round->problem = mem_alloc((d->result_count + 1) * sizeof(bool));
	round->look = mem_alloc((d->result_count + 1) * sizeof(bool));
	for (size_t i = 0; i < d->result_count; i++) {
		bool runs = round->plan.items[i].skip == SKIP_NONE;
		round->look[i] = runs && did_not_pass(&d->results[i]);
		round->problem[i] =
			runs && keeps_from_ready(&d->results[i], round->session->options->strict);
	}
	while (again) {
		again = false;
		for (size_t i = 0; i < d->result_count; i++)
			if (round->problem[i] && mark_needs(round, d->results[i].check))
				again = true;
	}
}

void round_conclude(struct round *round, const struct round_waiting *waiting)
{
	const struct options *options = round->session->options;
	struct diagnosis diagnosis;
	struct suggestions suggestions = {0};
	struct report_context context = {
		.started = round->started,
		.version = PREFLIGHT_VERSION,
		.strict = options->strict,
		.interrupted = run_was_interrupted(),
		.attempts = waiting->attempts,
		.waited = waiting->waited,
		.suggestions = &suggestions,
	};

	judge_run(&diagnosis, &round->plan, round->run, round->started);
	diagnose(&diagnosis, options->strict);
	round->overall = diagnosis.overall;
	round->exit_code = diagnosis.exit_code;
	mark_problems(round, &diagnosis);
	if (options->request.profiles.count == 0)
		suggest_here(&suggestions, &round->plan);
	round->report = report_build(&diagnosis, &round->plan, round->run, &context);
	suggestions_release(&suggestions);
	diagnosis_release(&diagnosis);
}

bool round_same_plan(const struct round *a, const struct round *b)
{
	if (a->plan.phase != b->plan.phase || a->plan.item_count != b->plan.item_count)
		return false;
	for (size_t i = 0; i < a->plan.item_count; i++)
		if (a->plan.items[i].check != b->plan.items[i].check ||
			a->plan.items[i].skip != b->plan.items[i].skip)
			return false;
	return true;
}

void round_free(struct round *round)
{
	if (round == NULL)
		return;
	json_decref(round->report);
	round->report = NULL;
	free(round->problem);
	free(round->look);
	if (!run_free(round->run)) {
		round->session->stuck = true;
		return;
	}
	plan_release(&round->plan);
	terminal_release(&round->terminal);
	free(round);
}
