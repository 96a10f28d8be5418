/* Which other profile may be meant. */
#include "suggest.h"

#include <stdlib.h>
#include <string.h>

#include "platform.h"

static const char *matching_vpn(const struct rule_profile *profile, const struct terminal *terminal)
{
	for (size_t i = 0; terminal->vpns_known && i < terminal->vpns.count; i++) {
		const struct vpn_connection *vpn = &terminal->vpns.items[i];

		if (vpn->connected && glob_match_any(&profile->when_vpn, vpn->name, true))
			return vpn->name;
	}
	return NULL;
}

static const char *matching_file(const struct rule_profile *profile, const struct strs *files)
{
	for (size_t i = 0; i < files->count; i++)
		if (glob_match_any(&profile->when_file, files->items[i], true))
			return files->items[i];
	return NULL;
}

static bool is_planned(const struct plan *plan, const struct rule_profile *profile)
{
	for (size_t i = 0; i < plan->profile_count; i++)
		if (plan->profiles[i] == profile)
			return true;
	return false;
}

void suggest_profiles(struct suggestions *list, const struct plan *plan, const struct strs *files)
{
	for (size_t i = 0; i < plan->rules->profile_count; i++) {
		const struct rule_profile *profile = &plan->rules->profiles[i];
		const char *vpn = matching_vpn(profile, plan->terminal);
		const char *name = vpn != NULL ? vpn : matching_file(profile, files);

		if (name == NULL || is_planned(plan, profile))
			continue;
		list->items =
			mem_grow(list->items, list->count, &list->capacity, sizeof list->items[0]);
		list->items[list->count++] =
			(struct suggestion){profile, vpn == NULL, mem_strdup(name)};
	}
}

static bool files_matter(const struct rules *rules)
{
	for (size_t i = 0; i < rules->profile_count; i++)
		if (rules->profiles[i].when_file.count > 0)
			return true;
	return false;
}

void suggest_here(struct suggestions *list, const struct plan *plan)
{
	struct strs files = {0};

	bool here = plan->inputs == NULL || plan->inputs->saved == NULL;

	/* A directory that cannot be read suggests nothing. */
	if (here && files_matter(plan->rules))
		(void)platform_list(".", &files, NULL);
	suggest_profiles(list, plan, &files);
	strs_release(&files);
}

void suggestions_release(struct suggestions *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].name);
	free(list->items);
	memset(list, 0, sizeof *list);
}
