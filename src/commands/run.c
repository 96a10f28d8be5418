/* preflight run: the main job. */
#include <stdlib.h>

#include "commands.h"
#include "diagnose.h"
#include "judge.h"
#include "platform.h"
#include "progress.h"
#include "report_build.h"
#include "rules.h"
#include "suggest.h"
#include "saved.h"

/* Nothing of a run that was cut short may be freed while a worker is inside the OS. */
struct job {
	const struct options *options;
	struct rules *rules;
	struct saved *saved;      /* NULL: this terminal */
	struct terminal terminal; /* this one's; empty when another one is judged */
	struct inputs inputs;
	struct plan plan;
	struct run *run;
	struct progress *progress;
	double started;
	json_t *report;
	int exit_code;
};

static int make_plan(struct job *job, struct diags *diags)
{
	struct plan_request request = job->options->request;

	request.inputs = &job->inputs;
	if (job->saved == NULL)
		terminal_read(&job->terminal);
	return plan_make(&job->plan, &request, job->rules,
		job->saved != NULL ? &job->saved->terminal : &job->terminal, diags);
}

static void carry_out(struct job *job)
{
	struct run_options how = {.timeout = job->options->timeout};

	platform_raise_limits();
	job->started = platform_wall();
	job->run = run_new(&job->plan);
	job->progress = progress_new(job->options->lang, job->options->verbosity);
	progress_attach(job->progress, job->run, &how);
	platform_on_interrupt(run_interrupt);
	run_start(job->run, &how);
	progress_free(job->progress);
}

static void conclude(struct job *job)
{
	struct diagnosis diagnosis;
	struct suggestions suggestions = {0};
	struct report_context context = {
		.started = job->started,
		.version = PREFLIGHT_VERSION,
		.strict = job->options->strict,
		.interrupted = run_was_interrupted(),
		.suggestions = &suggestions,
	};

	judge_run(&diagnosis, &job->plan, job->run, job->started);
	diagnose(&diagnosis, job->options->strict);
	job->exit_code = diagnosis.exit_code;
	if (job->options->request.profiles.count == 0)
		suggest_here(&suggestions, &job->plan);
	job->report = report_build(&diagnosis, &job->plan, job->run, &context);
	suggestions_release(&suggestions);
	diagnosis_release(&diagnosis);
}

static void release(struct job *job)
{
	json_decref(job->report);
	if (!run_free(job->run))
		return;
	plan_release(&job->plan);
	terminal_release(&job->terminal);
	saved_free(job->saved);
	rules_free(job->rules);
}

int command_run(const struct options *options)
{
	struct job *job = mem_alloc(sizeof *job);
	struct diags diags = {0};
	int code = EXIT_USAGE;

	job->options = options;
	job->rules = command_rules(options);
	if (job->rules == NULL)
		goto out;
	if (command_inputs(options, &job->saved, &job->inputs) == 0 &&
		make_plan(job, &diags) == 0) {
		carry_out(job);
		conclude(job);
		code = command_deliver(options, job->report, job->exit_code);
	}
	command_complain(&diags);
	if (PREFLIGHT_TIDY_EXIT)
		release(job);
out:
	if (PREFLIGHT_TIDY_EXIT)
		free(job);
	return code;
}
