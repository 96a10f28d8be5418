/* The sheet of profiles: everything that they need before the VPN is up, whether or not it works.
 */
#include <string.h>

#include "commands.h"
#include "internal.h"
#include "report/internal.h"

static json_t *profiles_of(const struct plan *plan)
{
	json_t *profiles = json_array();

	for (size_t i = 0; i < plan->profile_count; i++)
		json_array_append_new(
			profiles, json_pack("{s:s, s:o}", "id", plan->profiles[i]->id, "title",
					  text_plain(&plan->profiles[i]->title)));
	return profiles;
}

/* Fills rows, and the names of the hosts that are in the VPN only. */
static void read_plan(const struct plan *plan, json_t *rows, json_t *inside)
{
	for (size_t i = 0; i < plan->item_count; i++) {
		json_t *check = check_of_rules(plan->items[i].check);
		if (!rows_add(rows, check, plan->rules))
			add_once(inside, check_inside(check, plan->rules));
		json_decref(check);
	}
}

/* The letter begins with what is asked of a firewall. */
static void names_last(json_t *rows)
{
	for (size_t i = 0; i + 1 < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i);
		if (!member_is(row, "protocol", "DNS"))
			continue;
		json_array_append(rows, row);
		json_array_remove(rows, i);
		return;
	}
}

/* Whether one of the row's requirements is asked of the actor. */
static bool is_asked_of(const json_t *row, const char *actor, const struct rules *rules)
{
	const json_t *source = json_object_get(row, "source");

	for (size_t i = 0; i < json_array_size(source); i++) {
		const struct rule_requirement *requirement =
			rules_requirement(rules, json_string_value(json_array_get(source, i)));
		if (requirement != NULL && strcmp(asked_of(requirement), actor) == 0)
			return true;
	}
	return false;
}

/* The network administrator opens everything; others are asked for what is theirs. */
static void add_letter(
	json_t *letters, const struct letters *all, const char *actor, const json_t *rows)
{
	bool network = strcmp(actor, "network") == 0;
	json_t *own = json_array();

	for (size_t i = 0; i < json_array_size(rows); i++)
		if (network || is_asked_of(json_array_get(rows, i), actor, all->rules))
			json_array_append_new(own, json_deep_copy(json_array_get(rows, i)));
	if (json_array_size(own) > 0)
		json_array_append_new(letters, letter_new(all, actor, own, NULL, !network));
	else
		json_decref(own);
}

json_t *request_from_plan(const struct plan *plan)
{
	json_t *profiles = profiles_of(plan), *letters = json_array();
	json_t *rows = json_array(), *inside = json_array();
	struct letters all = {.rules = plan->rules, .origin = "profile"};

	read_plan(plan, rows, inside);
	names_last(rows);
	all.values = json_pack("{s:o, s:o, s:O}", "service", service_name(profiles, plan->rules),
		"command", check_command(profiles), "hosts", inside);
	add_letter(letters, &all, "network", rows);
	add_letter(letters, &all, "carrier", rows);
	add_letter(letters, &all, "desk", rows);
	bool any = json_array_size(letters) > 0;
	json_t *remarks = json_array();
	if (!any)
		json_array_append_new(remarks, say("request.none.vpn-only", all.values));
	json_decref(all.values);
	json_decref(rows);
	json_decref(inside);
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o}", "schema", "preflight-request",
		"version", PREFLIGHT_VERSION, "origin", "profile", "state",
		any ? "letters" : "vpn-only", "profiles", profiles, "remarks", remarks, "letters",
		letters);
}
