/* Which checks run: profiles, selection, phase. */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PROFILE "registry"

const char *skip_reason_name(enum skip_reason reason)
{
	static const char *const names[SKIP_REASON_COUNT] = {
		[SKIP_NONE] = "none",
		[SKIP_VPN_DOWN] = "vpn-down",
		[SKIP_VPN_UP] = "vpn-up",
		[SKIP_FALLBACK] = "fallback",
		[SKIP_PROXY] = "proxy",
		[SKIP_SAVED] = "saved-terminal",
	};
	return names[reason];
}

static const char *suggest_profile(const struct rules *rules, const char *word)
{
	const char **names = mem_alloc((rules->profile_count + 1) * sizeof names[0]);

	for (size_t i = 0; i < rules->profile_count; i++)
		names[i] = rules->profiles[i].id;
	const char *found = diag_suggest(word, names);
	free(names);
	return found;
}

static const char *suggest_check(const struct rules *rules, const char *word)
{
	const char **names = mem_alloc((rules->check_count + 1) * sizeof names[0]);

	for (size_t i = 0; i < rules->check_count; i++)
		names[i] = rules->checks[i].id;
	const char *found = diag_suggest(word, names);
	free(names);
	return found;
}

static void complain(struct diags *diags, const char *object, const char *word, const char *problem,
	const char *suggestion)
{
	if (suggestion != NULL)
		diags_add(diags, "", 0, 0, "%s %s: %s; did you mean %s?", object, word, problem,
			suggestion);
	else
		diags_add(diags, "", 0, 0, "%s %s: %s", object, word, problem);
}

static void choose_profiles(
	struct plan *plan, const struct plan_request *request, struct diags *diags)
{
	static char *fallback[] = {DEFAULT_PROFILE};
	struct strs defaults = {.items = fallback, .count = 1};
	const struct strs *wanted = request->profiles.count > 0 ? &request->profiles : &defaults;

	plan->profiles = mem_alloc(wanted->count * sizeof plan->profiles[0]);
	for (size_t i = 0; i < wanted->count; i++) {
		const struct rule_profile *profile = rules_profile(plan->rules, wanted->items[i]);
		if (profile == NULL)
			complain(diags, "--profile", wanted->items[i], "no such profile",
				suggest_profile(plan->rules, wanted->items[i]));
		else
			plan->profiles[plan->profile_count++] = profile;
	}
}

static bool in_profiles(const struct plan *plan, const char *id)
{
	for (size_t i = 0; i < plan->profile_count; i++)
		if (glob_match_any(&plan->profiles[i]->checks, id, false) &&
			!glob_match_any(&plan->profiles[i]->except, id, false))
			return true;
	return false;
}

/* Every word of --only and --skip has to name at least one check of the profiles. */
static void check_words(
	const struct plan *plan, const struct strs *words, const char *option, struct diags *diags)
{
	for (size_t i = 0; i < words->count; i++) {
		bool known = false;
		for (size_t k = 0; k < plan->rules->check_count && !known; k++)
			known = glob_match(words->items[i], plan->rules->checks[k].id, false) &&
				in_profiles(plan, plan->rules->checks[k].id);
		if (!known)
			complain(diags, option, words->items[i], "matches no check of the profile",
				suggest_check(plan->rules, words->items[i]));
	}
}

/* The reason given by --waive ID=REASON, or NULL. */
static const char *waiver(const struct plan_request *request, const char *id)
{
	for (size_t i = 0; i < request->waive.count; i++) {
		const char *word = request->waive.items[i];
		size_t len = strlen(id);
		if (strncmp(word, id, len) == 0 && word[len] == '=')
			return word + len + 1;
	}
	return NULL;
}

static void check_waivers(
	const struct plan *plan, const struct plan_request *request, struct diags *diags)
{
	for (size_t i = 0; i < request->waive.count; i++) {
		const char *word = request->waive.items[i];
		const char *equals = strchr(word, '=');
		bool known = false;

		if (equals == NULL || equals == word || equals[1] == '\0') {
			complain(diags, "--waive", word, "must be ID=REASON", NULL);
			continue;
		}
		for (size_t k = 0; k < plan->item_count && !known; k++)
			known = waiver(request, plan->items[k].check->id) == equals + 1;
		if (!known)
			complain(diags, "--waive", word, "names no selected check", NULL);
	}
}

static enum skip_reason phase_skip(const struct plan *plan, const struct rule_check *check)
{
	bool saved = plan->inputs != NULL && plan->inputs->saved != NULL;

	if (saved && (check->type->flags & CHECK_NETWORK || plan_lacks_file(plan, check)))
		return SKIP_SAVED;
	if (check->phase == PHASE_IN_VPN && plan->phase == PHASE_BEFORE_VPN)
		return SKIP_VPN_DOWN;
	if (check->phase == PHASE_BEFORE_VPN && plan->phase == PHASE_IN_VPN)
		return SKIP_VPN_UP;
	return SKIP_NONE;
}

static void choose_phase(struct plan *plan, enum phase_choice choice)
{
	plan->phase_forced = choice != PHASE_CHOICE_AUTO;
	if (choice == PHASE_CHOICE_IN_VPN)
		plan->phase = PHASE_IN_VPN;
	else if (choice == PHASE_CHOICE_BEFORE_VPN)
		plan->phase = PHASE_BEFORE_VPN;
	else
		plan->phase =
			terminal_vpn(plan->terminal) != NULL ? PHASE_IN_VPN : PHASE_BEFORE_VPN;
}

static void choose_items(struct plan *plan, const struct plan_request *request)
{
	plan->items = mem_alloc(plan->rules->check_count * sizeof plan->items[0]);
	for (size_t i = 0; i < plan->rules->check_count; i++) {
		const struct rule_check *check = &plan->rules->checks[i];
		if (!in_profiles(plan, check->id) ||
			(request->only.count > 0 &&
				!glob_match_any(&request->only, check->id, false)) ||
			glob_match_any(&request->skip, check->id, false))
			continue;
		plan->items[plan->item_count++] = (struct plan_item){
			.check = check,
			.skip = phase_skip(plan, check),
			.waived = waiver(request, check->id),
		};
	}
}

int plan_make(struct plan *plan, const struct plan_request *request, const struct rules *rules,
	const struct terminal *terminal, struct diags *diags)
{
	size_t before = diags->count;

	*plan = (struct plan){.rules = rules,
		.terminal = terminal,
		.inputs = request->inputs,
		.only = request->only,
		.skip = request->skip};
	choose_phase(plan, request->phase);
	choose_profiles(plan, request, diags);
	if (diags->count > before)
		return -1;
	check_words(plan, &request->only, "--only", diags);
	check_words(plan, &request->skip, "--skip", diags);
	if (diags->count > before)
		return -1;
	choose_items(plan, request);
	check_waivers(plan, request, diags);
	plan_check_files(plan, diags);
	if (plan->item_count == 0 && diags->count == before)
		diags_add(diags, "", 0, 0, "nothing to check: --only and --skip leave no check");
	return diags->count > before ? -1 : 0;
}

void plan_release(struct plan *plan)
{
	free(plan->profiles);
	free(plan->items);
	memset(plan, 0, sizeof *plan);
}

/* Every check of a host has its name resolved, whether or not a dns check is in the plan. */
static void add_names(const struct plan *plan, struct targets *list)
{
	for (size_t i = 0; i < plan->item_count; i++) {
		const struct rule_check *check = plan->items[i].check;
		if (plan->items[i].skip == SKIP_NONE && check->type->flags & CHECK_HOST)
			targets_add_names(list, check, rule_host(check, "host"), plan->terminal);
	}
}

void plan_targets(const struct plan *plan, struct targets *list)
{
	for (size_t i = 0; i < plan->item_count; i++)
		if (plan->items[i].skip == SKIP_NONE)
			plan->items[i].check->type->targets(
				plan->items[i].check, plan->terminal, list);
	add_names(plan, list);
}

/* By what its targets are for. Web requests in the clear stand beside others only. */
bool plan_uses_tls(const struct plan *plan)
{
	struct targets list = {0};
	bool found = false;

	plan_targets(plan, &list);
	for (size_t i = 0; i < list.count && !found; i++)
		found = strncmp(list.items[i].purpose, "TLS", 3) == 0 ||
			strcmp(list.items[i].purpose, "HTTP") == 0;
	targets_release(&list);
	return found;
}
