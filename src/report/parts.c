/* Whether the parts of a saved report agree with each other; their types are right already. */
#include <string.h>

#include "verdict.h"
#include "walk.h"

/* Makes a set of the checks' ids; each has to be there once. */
static json_t *check_ids(struct walk *w, const json_t *checks)
{
	json_t *ids = json_object();

	walk_in(w, "checks", 0);
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const char *id =
			json_string_value(json_object_get(json_array_get(checks, i), "id"));
		walk_in(w, NULL, i);
		walk_in(w, "id", 0);
		if (json_object_get(ids, id) != NULL)
			walk_wrong(w, "\"%s\" is the id of two checks", id);
		json_object_set_new(ids, id, json_true());
		walk_out(w);
		walk_out(w);
	}
	walk_out(w);
	return ids;
}

static void check_known(struct walk *w, const json_t *cause, const char *member, const json_t *ids)
{
	const json_t *list = json_object_get(cause, member);

	walk_in(w, member, 0);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *id = json_string_value(json_array_get(list, i));
		walk_in(w, NULL, i);
		if (json_object_get(ids, id) == NULL)
			walk_wrong(w, "\"%s\" is no check of this report", id);
		walk_out(w);
	}
	walk_out(w);
}

static void check_causes(struct walk *w, const json_t *causes, const json_t *ids)
{
	walk_in(w, "causes", 0);
	for (size_t i = 0; i < json_array_size(causes); i++) {
		walk_in(w, NULL, i);
		check_known(w, json_array_get(causes, i), "checks", ids);
		check_known(w, json_array_get(causes, i), "symptoms", ids);
		walk_out(w);
	}
	walk_out(w);
}

static void check_roots(struct walk *w, const json_t *checks, size_t causes)
{
	walk_in(w, "checks", 0);
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *root = json_object_get(json_array_get(checks, i), "root");
		walk_in(w, NULL, i);
		walk_in(w, "root", 0);
		if (json_is_integer(root) && (size_t)json_integer_value(root) >= causes)
			walk_wrong(w, "%lld is no cause: there are %zu, from 0",
				(long long)json_integer_value(root), causes);
		walk_out(w);
		walk_out(w);
	}
	walk_out(w);
}

static json_int_t count_verdict(const json_t *checks, const char *verdict)
{
	json_int_t count = 0;

	for (size_t i = 0; i < json_array_size(checks); i++)
		if (strcmp(verdict, json_string_value(json_object_get(
					    json_array_get(checks, i), "verdict"))) == 0)
			count++;
	return count;
}

static void check_counts(struct walk *w, const json_t *counts, const json_t *checks)
{
	walk_in(w, "counts", 0);
	for (int i = 0; i < VERDICT_COUNT; i++) {
		const char *verdict = verdict_name((enum verdict)i);
		const json_t *value = json_object_get(counts, verdict);
		json_int_t count = count_verdict(checks, verdict);
		walk_in(w, verdict, 0);
		if (json_is_integer(value) && json_integer_value(value) != count)
			walk_wrong(w, "is %lld, and %lld checks have this verdict",
				(long long)json_integer_value(value), (long long)count);
		walk_out(w);
	}
	walk_out(w);
}

void walk_parts(struct walk *w, const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");
	const json_t *causes = json_object_get(report, "causes");
	json_t *ids = check_ids(w, checks);

	check_causes(w, causes, ids);
	check_roots(w, checks, json_array_size(causes));
	check_counts(w, json_object_get(report, "counts"), checks);
	json_decref(ids);
}
