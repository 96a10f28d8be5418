/* What the rule file tells of checks, for templates that have no facts. */
#include "check_texts.h"

#include <string.h>

#include "report/internal.h"
#include "select.h"

/* As in a report, with the documented address for the one that would be found. */
json_t *check_values(const struct rule_check *check, enum lang lang)
{
	struct terminal terminal = {0};
	struct facts none, timings;
	json_t *flows = lists_new(), *entries = lists_new();

	facts_init(&none);
	facts_init(&timings);
	json_t *values = report_values(
		&(struct result){.check = check, .facts = &none, .timings = &timings}, lang);
	flows_add(flows, check, &terminal, NULL);
	hosts_entries_add(entries, check);
	json_object_set(values, "flows", json_object_get(flows, lang_name(lang)));
	json_object_set(values, "hosts_entries", json_object_get(entries, lang_name(lang)));
	json_object_set(values, "address", json_object_get(values, "documented"));
	json_decref(flows);
	json_decref(entries);
	facts_release(&none);
	facts_release(&timings);
	return values;
}

static void add_once(json_t *list, const json_t *item)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), item))
			return;
	json_array_append_new(list, json_deep_copy(item));
}

/* Takes out of `values` what `other` has otherwise; the hosts of both are kept. */
static void keep_common(json_t *values, const json_t *other)
{
	const json_t *host = json_object_get(other, "host");
	json_t *hosts = json_object_get(values, "all_hosts");
	const char *name;
	json_t *value;
	void *next;

	if (host != NULL && hosts != NULL)
		add_once(hosts, host);
	json_object_foreach_safe(values, next, name, value)
	{
		if (value != hosts && !json_equal(value, json_object_get(other, name)))
			json_object_del(values, name);
	}
}

/* What several checks have in common; traffic and entries for the hosts file of all of them. */
json_t *checks_values(const struct rule_check *const *checks, size_t count, enum lang lang)
{
	struct terminal terminal = {0};
	json_t *flows = lists_new(), *entries = lists_new(), *ports = json_array();
	json_t *values = check_values(checks[0], lang);

	for (size_t i = 0; i < count; i++) {
		json_t *other = check_values(checks[i], lang);
		keep_common(values, other);
		json_decref(other);
		flows_add(flows, checks[i], &terminal, NULL);
		hosts_entries_add(entries, checks[i]);
		ports_add(ports, checks[i]);
	}
	json_object_set_new(values, "ports", ports);
	json_object_set(values, "flows", json_object_get(flows, lang_name(lang)));
	json_object_set(values, "hosts_entries", json_object_get(entries, lang_name(lang)));
	if (json_object_get(values, "all_hosts") != NULL)
		json_object_set(values, "host", json_object_get(values, "all_hosts"));
	json_decref(flows);
	json_decref(entries);
	return values;
}

json_t *values_unknown(enum lang lang)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "list_separator",
		message(lang, "list.separator"), "host", "…", "port", "…", "ports", "…",
		"transport", "…", "flows", "…", "not_path_past_facility", 1);
}

const struct text *check_remedy(const struct rule_check *check, const char *code)
{
	for (size_t i = 0; i < check->remedy_count; i++)
		if (strcmp(check->remedies[i].cause, code) == 0)
			return &check->remedies[i].text;
	return NULL;
}

bool check_shows(const struct rule_check *check, const char *code)
{
	for (size_t i = 0; check->type->causes[i] != NULL; i++)
		if (strcmp(check->type->causes[i], code) == 0)
			return true;
	return false;
}

/* The remedy that all of them give in their own words, or NULL for the cause's. */
const struct text *checks_remedy(
	const struct rule_check *const *checks, size_t count, const char *code)
{
	const struct text *first = check_remedy(checks[0], code);

	for (size_t i = 1; i < count && first != NULL; i++) {
		const struct text *other = check_remedy(checks[i], code);
		if (other == NULL || strcmp(text_in(other, LANG_EN), text_in(first, LANG_EN)) != 0)
			return NULL;
	}
	return first;
}
