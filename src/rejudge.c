/*
 * A saved report back to the plan and the results it was made of, and through the same judge,
 * diagnosis and report as a run.
 */
#include "rejudge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diagnose.h"
#include "http_parse.h"
#include "judge.h"
#include "plan.h"
#include "redacted.h"
#include "report/internal.h"
#include "report_build.h"
#include "saved.h"

struct again {
	const json_t *saved;
	const char *path;
	const struct rules *rules;
	struct diags *diags;
	json_t *by_id; /* owned; the saved checks by their ids */
	struct saved inventory;
	struct inputs inputs;
	struct terminal terminal; /* of the saved report, as far as texts ask for it */
	struct plan plan;
	struct facts *facts, *timings; /* owned; of the plan's items */
	struct diagnosis diagnosis;
	double now;
};

static const char *string_of(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

static bool flag_of(const json_t *object, const char *name)
{
	return json_is_true(json_object_get(object, name));
}

static bool is_same(const char *a, const char *b)
{
	return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* "2026-11-21T00:30:05Z" to seconds since 1970. */
static double start_of(const json_t *saved)
{
	long long year = 0;
	int month = 0, day = 0, hour = 0, minute = 0, second = 0;

	if (sscanf(string_of(saved, "started"), "%9lld-%2d-%2dT%2d:%2d:%2dZ", &year, &month, &day,
		    &hour, &minute, &second) != 6)
		return 0;
	return (double)(days_from_civil(year, month, day) * 86400 + hour * 3600LL + minute * 60LL +
			second);
}

/* ---- the plan ---- */

static bool add_profiles(struct again *a, struct strs *profiles)
{
	const json_t *list = json_object_get(a->saved, "profiles");
	size_t before = a->diags->count;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *id = string_of(json_array_get(list, i), "id");
		if (rules_profile(a->rules, id) == NULL)
			diags_add(a->diags, a->path, 0, 0,
				"profiles[%zu].id: the rules have no profile \"%s\"", i, id);
		else if (!strs_contains(profiles, id))
			strs_add(profiles, id);
	}
	if (profiles->count == 0 && a->diags->count == before)
		diags_add(a->diags, a->path, 0, 0, "profiles: none, so nothing can be judged");
	return a->diags->count == before;
}

static bool lists(const json_t *globs, const char *id)
{
	for (size_t i = 0; i < json_array_size(globs); i++)
		if (glob_match(json_string_value(json_array_get(globs, i)), id, false))
			return true;
	return false;
}

/* Leaves what was asked for at the time; words that name nothing any more do no harm. */
static void keep_selected(struct again *a)
{
	const json_t *selection = json_object_get(a->saved, "selection");
	const json_t *only = json_object_get(selection, "only");
	const json_t *skip = json_object_get(selection, "skip");
	size_t kept = 0;

	for (size_t i = 0; i < a->plan.item_count; i++) {
		const char *id = a->plan.items[i].check->id;
		if ((json_array_size(only) == 0 || lists(only, id)) && !lists(skip, id))
			a->plan.items[kept++] = a->plan.items[i];
	}
	a->plan.item_count = kept;
	if (kept == 0)
		diags_add(a->diags, a->path, 0, 0, "the rules leave none of its checks");
}

static bool make_plan(struct again *a)
{
	bool in_vpn = is_same(string_of(a->saved, "phase"), "in-vpn");
	struct plan_request request = {
		.phase = in_vpn ? PHASE_CHOICE_IN_VPN : PHASE_CHOICE_BEFORE_VPN,
		.inputs = &a->inputs,
	};
	size_t before = a->diags->count;

	if (flag_of(a->saved, "saved_inventory"))
		a->inputs.saved = &a->inventory;
	if (add_profiles(a, &request.profiles) &&
		plan_make(&a->plan, &request, a->rules, &a->terminal, a->diags) == 0) {
		a->plan.phase_forced = flag_of(a->saved, "phase_forced");
		keep_selected(a);
	}
	strs_release(&request.profiles);
	return a->diags->count == before;
}

/* ---- the results ---- */

static enum run_state state_of(const json_t *check)
{
	const char *word = string_of(check, "state");

	for (int i = 0; i < RUN_NOT_SAVED; i++)
		if (is_same(word, run_state_name((enum run_state)i)))
			return (enum run_state)i;
	return RUN_NOT_SAVED;
}

/* Whether the saved facts are an answer to what the check asks now. */
static bool asks_the_same(const struct rule_check *check, const json_t *saved)
{
	const struct rule_host *host = check_host(check);
	const json_t *port = json_object_get(saved, "port");
	const char *name = string_of(json_object_get(saved, "host"), "name");

	if (!is_same(string_of(saved, "type"), check->type->name))
		return false;
	if (host != NULL ? !is_same(name, host->name) : name != NULL)
		return false;
	return check_port(check) == (json_is_integer(port) ? json_integer_value(port) : -1);
}

/* A check that was left out has no facts; it is judged only if it is left out again. */
static enum run_state new_state(const struct plan_item *item, const json_t *saved)
{
	enum run_state state = saved != NULL ? state_of(saved) : RUN_NOT_SAVED;

	if (item->skip != SKIP_NONE)
		return RUN_SKIPPED;
	return state == RUN_SKIPPED || saved == NULL || !asks_the_same(item->check, saved)
		       ? RUN_NOT_SAVED
		       : state;
}

static json_t *copy_of(const json_t *saved, const char *name)
{
	json_t *copy = json_deep_copy(json_object_get(saved, name));

	return copy != NULL ? copy : json_object();
}

/* What the facts repeat of the rules is these rules' now; no facts where they ask for other things.
 */
static void restate(struct again *a, struct result *r, struct facts *facts)
{
	struct judge_input in = {
		.check = r->check,
		.rules = a->rules,
		.facts = facts,
		.now = a->now,
	};

	if (r->check->type->restate == NULL || r->state != RUN_FINISHED ||
		r->check->type->restate(&in, facts))
		return;
	r->state = RUN_NOT_SAVED;
	json_object_clear(facts->object);
	json_object_clear(r->timings->object);
}

static void judge_one(struct again *a, size_t i)
{
	const struct plan_item *item = &a->plan.items[i];
	const json_t *saved = json_object_get(a->by_id, item->check->id);
	struct result *r = &a->diagnosis.results[i];
	enum run_state state = new_state(item, saved);
	bool kept = state != RUN_NOT_SAVED;

	a->facts[i].object = kept ? copy_of(saved, "facts") : json_object();
	a->timings[i].object = kept ? copy_of(saved, "timings") : json_object();
	*r = (struct result){
		.check = item->check,
		.facts = &a->facts[i],
		.timings = &a->timings[i],
		.state = state,
		.skip = item->skip,
		.waived = string_of(saved, "waived"),
		.root = -1,
	};
	restate(a, r, &a->facts[i]);
	redacted_judge(r, &a->plan, a->now);
}

static void judge_all(struct again *a)
{
	size_t count = a->plan.item_count;

	a->facts = mem_alloc(count * sizeof a->facts[0]);
	a->timings = mem_alloc(count * sizeof a->timings[0]);
	a->diagnosis.results = mem_alloc(count * sizeof a->diagnosis.results[0]);
	a->diagnosis.result_count = count;
	for (size_t i = 0; i < count; i++)
		judge_one(a, i);
	diagnose(&a->diagnosis, flag_of(a->saved, "strict"));
}

/* ---- the document ---- */

/* What judged the facts first, however often they are judged again. */
static json_t *first_judge(const json_t *saved)
{
	json_t *first = json_object_get(saved, "judged_again");

	if (json_is_object(first))
		return json_incref(first);
	return json_pack("{s:O, s:O}", "version",
		json_object_get(json_object_get(saved, "program"), "version"), "rules",
		json_object_get(saved, "rules"));
}

/* What only the run knew. */
static void keep_members(const struct again *a, json_t *report)
{
	static const char *const names[] = {
		"suggested_profiles", "duration_ms", "terminal", "redacted", "selection"};
	json_t *checks = json_object_get(report, "checks"), *check;
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		json_t *value = json_object_get(a->saved, names[i]);
		if (value != NULL)
			json_object_set_new(report, names[i], json_deep_copy(value));
	}
	json_array_foreach(checks, i, check)
	{
		json_t *saved = json_object_get(a->by_id, string_of(check, "id"));
		json_t *duration = json_object_get(saved, "duration_ms");
		if (a->diagnosis.results[i].state != RUN_NOT_SAVED && duration != NULL)
			json_object_set(check, "duration_ms", duration);
	}
}

static json_t *build(struct again *a, const char *version)
{
	struct report_context context = {
		.started = a->now,
		.version = version,
		.strict = flag_of(a->saved, "strict"),
		.interrupted = flag_of(a->saved, "interrupted"),
		.judged_again = first_judge(a->saved),
	};
	json_t *report = report_build(&a->diagnosis, &a->plan, NULL, &context);

	json_decref(context.judged_again);
	keep_members(a, report);
	return report;
}

static void index_checks(struct again *a)
{
	const json_t *checks = json_object_get(a->saved, "checks");

	a->by_id = json_object();
	for (size_t i = 0; i < json_array_size(checks); i++) {
		json_t *check = json_array_get(checks, i);
		json_object_set(a->by_id, string_of(check, "id"), check);
	}
}

static void release(struct again *a)
{
	for (size_t i = 0; i < a->diagnosis.result_count; i++) {
		facts_release(&a->facts[i]);
		facts_release(&a->timings[i]);
	}
	free(a->facts);
	free(a->timings);
	diagnosis_release(&a->diagnosis);
	plan_release(&a->plan);
	proxy_settings_release(&a->terminal.proxies);
	json_decref(a->by_id);
}

json_t *report_rejudge(const json_t *saved, const char *path, const struct rules *rules,
	const char *version, struct diags *diags)
{
	struct again a = {.saved = saved, .path = path, .rules = rules, .diags = diags};
	json_t *report = NULL;

	a.now = start_of(saved);
	index_checks(&a);
	if (make_plan(&a)) {
		judge_all(&a);
		report = build(&a, version);
	}
	release(&a);
	return report;
}
