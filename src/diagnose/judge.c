/* Facts to verdicts: calls each check's judge and applies severity, waivers and cut-off runs. */
#include "judge.h"

#include "cause.h"
#include "mem.h"

#include <string.h>

static void set_cause(struct result *r, const char *code, unsigned segments, unsigned actors)
{
	const struct cause_info *info = cause_find(code);

	r->cause = info != NULL ? info->code : NULL;
	r->segments = segments != 0 || info == NULL ? segments : info->segments;
	r->actors = actors != 0 || info == NULL ? actors : info->actors;
}

/*
 * Packets to what is inside the VPN cross facility and line within the tunnel, where neither can
 * tell them from others: what goes wrong with them does so in the VPN or behind it.
 */
static void place_inside(struct result *r)
{
	const unsigned outer = SEGMENT_FACILITY | SEGMENT_LINE;
	const struct rule_host *host =
		r->check->type->flags & CHECK_HOST ? rule_host(r->check, "host") : NULL;

	if (host == NULL || !host->internal || (r->segments & outer) == 0)
		return;
	r->segments = (r->segments & ~outer) | SEGMENT_VPN;
	r->actors = ACTOR_IT | ACTOR_DESK;
}

/* Causes that a file or a list which cannot be opened may have brought about. */
static bool reads_something(const char *cause)
{
	return cause != NULL &&
	       (strcmp(cause, "run.unreadable") == 0 || strncmp(cause, "cert.", 5) == 0 ||
		       strncmp(cause, "dump.", 5) == 0);
}

/* An error of this machine's own is no finding: what did not pass meanwhile cannot be told. */
static void excuse_shortage(struct result *r)
{
	bool network = (r->check->type->flags & CHECK_NETWORK) != 0;

	if (!facts_has(r->facts, "local_error") || r->verdict == VERDICT_PASS ||
		r->verdict == VERDICT_SKIP || r->verdict == VERDICT_MANUAL ||
		(!network && !reads_something(r->cause)))
		return;
	r->verdict = VERDICT_UNKNOWN;
	set_cause(r, "run.local-error", 0, 0);
}

void judge_cause(struct result *r, const char *code)
{
	set_cause(r, code, 0, 0);
	place_inside(r);
}

static void judge_finished(struct result *r, const struct plan *plan, double now)
{
	struct judge_input in = {
		.check = r->check,
		.rules = plan->rules,
		.facts = r->facts,
		.now = now,
		.vpn_required = plan->phase_forced && plan->phase == PHASE_IN_VPN,
	};
	struct judgement out = {.verdict = VERDICT_UNKNOWN};

	r->check->type->judge(&in, &out);
	r->verdict = out.verdict;
	set_cause(r, out.cause, out.segments, out.actors);
	place_inside(r);
	excuse_shortage(r);
}

static void apply_severity(struct result *r)
{
	if (r->verdict == VERDICT_FAIL && r->check->severity != SEVERITY_REQUIRED)
		r->verdict = VERDICT_WARN;
}

void judge_result(struct result *r, const struct plan *plan, double now)
{
	switch (r->state) {
	case RUN_SKIPPED:
		r->verdict = VERDICT_SKIP;
		break;
	case RUN_FINISHED:
		judge_finished(r, plan, now);
		break;
	case RUN_WAITING:
	case RUN_DEADLINE:
		r->verdict = VERDICT_UNKNOWN;
		set_cause(r, "run.deadline", 0, 0);
		break;
	case RUN_INTERRUPTED:
		r->verdict = VERDICT_UNKNOWN;
		set_cause(r, "run.interrupted", 0, 0);
		break;
	case RUN_NOT_SAVED:
		r->verdict = VERDICT_UNKNOWN;
		set_cause(r, "run.not-saved", 0, 0);
		break;
	}
	apply_severity(r);
}

void judge_item(struct result *r, const struct run_item *item, const struct plan *plan, double now)
{
	*r = (struct result){
		.check = item->check.check,
		.facts = &item->check.facts,
		.timings = &item->check.timings,
		.state = item->state,
		.skip = item->plan->skip,
		.waived = item->plan->waived,
		.root = -1,
	};
	judge_result(r, plan, now);
}

void judge_run(struct diagnosis *d, const struct plan *plan, const struct run *run, double now)
{
	*d = (struct diagnosis){.result_count = run_count(run)};
	d->results = mem_alloc(d->result_count * sizeof d->results[0]);
	for (size_t i = 0; i < d->result_count; i++)
		judge_item(&d->results[i], run_item(run, i), plan, now);
}

/* What a result says about readiness, waivers and strictness applied. */
static enum verdict weight(const struct result *r, bool strict)
{
	switch (r->verdict) {
	case VERDICT_FAIL:
		/* A waived failure is not a failure, but never a pass: it cannot be told. */
		return r->waived != NULL ? VERDICT_UNKNOWN : VERDICT_FAIL;
	case VERDICT_UNKNOWN:
		if (r->check->severity != SEVERITY_REQUIRED || r->waived != NULL)
			return VERDICT_PASS;
		return VERDICT_UNKNOWN;
	case VERDICT_WARN:
		if (strict && r->check->severity != SEVERITY_INFO && r->waived == NULL)
			return VERDICT_FAIL;
		return VERDICT_PASS;
	case VERDICT_PASS:
		return VERDICT_PASS;
	case VERDICT_SKIP:
	case VERDICT_MANUAL:
	case VERDICT_COUNT:
		break;
	}
	return VERDICT_SKIP;
}

enum verdict judge_overall(const struct result *results, size_t count, bool strict)
{
	size_t seen[VERDICT_COUNT] = {0};

	for (size_t i = 0; i < count; i++)
		seen[weight(&results[i], strict)]++;
	if (seen[VERDICT_FAIL] > 0)
		return VERDICT_FAIL;
	/* With nothing but skipped and manual items, nothing was shown. */
	if (seen[VERDICT_UNKNOWN] > 0 || seen[VERDICT_PASS] == 0)
		return VERDICT_UNKNOWN;
	return VERDICT_PASS;
}

int judge_exit_code(enum verdict overall)
{
	if (overall == VERDICT_PASS)
		return EXIT_READY;
	return overall == VERDICT_FAIL ? EXIT_NOT_READY : EXIT_UNKNOWN;
}
