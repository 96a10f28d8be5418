/* What changed between two reports: conditions, causes, checks, and the facts that matter. */
#include "report_diff.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "diff_internal.h"
#include "internal.h"
#include "mem.h"
#include "report_build.h"

#define WORD "private-"

/* ---- values ---- */

json_t *diff_title(const char *id)
{
	json_t *title = json_object();

	for (int i = 0; i < LANG_COUNT; i++)
		json_object_set_new(
			title, lang_name((enum lang)i), json_string(message((enum lang)i, id)));
	return title;
}

/* Past the number of a word for an address, else where it was. */
static const char *past_number(const char *start, const char *at)
{
	if (at - start >= (ptrdiff_t)sizeof WORD - 1 &&
		memcmp(at - (sizeof WORD - 1), WORD, sizeof WORD - 1) == 0)
		while (isdigit((unsigned char)*at))
			at++;
	return at;
}

/* Words for addresses are numbered in each report by itself: the numbers say nothing. */
static bool same_text(const char *a, const char *b)
{
	const char *first = a, *second = b;

	while (*a == *b && *a != '\0') {
		a = past_number(first, a + 1);
		b = past_number(second, b + 1);
	}
	return *a == *b;
}

bool diff_same(const json_t *a, const json_t *b)
{
	bool same = json_typeof(a) == json_typeof(b) && json_array_size(a) == json_array_size(b);

	if (same && json_is_string(a))
		return same_text(json_string_value(a), json_string_value(b));
	for (size_t i = 0; same && i < json_array_size(a); i++)
		same = diff_same(json_array_get(a, i), json_array_get(b, i));
	return same;
}

void diff_add(json_t *list, const char *name, json_t *before, json_t *after)
{
	char id[128];

	if (!diff_same(before, after)) {
		snprintf(id, sizeof id, "diff.%s", name);
		json_array_append_new(list, json_pack("{s:s, s:o, s:O, s:O}", "name", name, "title",
						    diff_title(id), "old", before, "new", after));
	}
	json_decref(before);
	json_decref(after);
}

static json_t *or_null(json_t *value)
{
	return value != NULL ? json_incref(value) : json_null();
}

/* ---- conditions ---- */

static json_t *rule_texts(const json_t *report)
{
	const json_t *rules = json_object_get(report, "rules");
	json_t *texts = json_array();

	for (size_t i = 0; i < json_array_size(rules); i++) {
		const json_t *file = json_array_get(rules, i);
		json_array_append_new(
			texts, json_sprintf("%s (SHA-256 %.12s)", member_string(file, "file"),
				       member_string(file, "sha256")));
	}
	return texts;
}

static json_t *profile_texts(const json_t *report)
{
	const json_t *profiles = json_object_get(report, "profiles");
	json_t *texts = json_array();

	for (size_t i = 0; i < json_array_size(profiles); i++)
		json_array_append(texts, json_object_get(json_array_get(profiles, i), "id"));
	return texts;
}

static json_t *terminal_member(const json_t *report, const char *name)
{
	const json_t *value = json_object_get(json_object_get(report, "terminal"), name);
	json_t *sorted = diff_sorted(value);

	if (sorted != NULL)
		return sorted;
	if (json_is_boolean(value))
		return json_string(json_is_true(value) ? "yes" : "no");
	if (json_is_integer(value))
		return json_sprintf("%lld", (long long)json_integer_value(value));
	return json_is_string(value) ? json_string(json_string_value(value)) : json_null();
}

static json_t *build_conditions(const json_t *before, const json_t *after)
{
	static const char *const members[] = {
		"os", "build", "arch", "interface", "vpn_connected", "proxies", "dns_servers"};
	json_t *list = json_array();

	diff_add(list, "program",
		or_null(json_object_get(json_object_get(before, "program"), "version")),
		or_null(json_object_get(json_object_get(after, "program"), "version")));
	diff_add(list, "rules", rule_texts(before), rule_texts(after));
	diff_add(list, "profiles", profile_texts(before), profile_texts(after));
	diff_add(list, "phase", or_null(json_object_get(before, "phase")),
		or_null(json_object_get(after, "phase")));
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		diff_add(list, members[i], terminal_member(before, members[i]),
			terminal_member(after, members[i]));
	return list;
}

/* ---- causes ---- */

/* Whether two lists of ids have one in common. */
static bool meet(const json_t *a, const json_t *b)
{
	for (size_t i = 0; i < json_array_size(a); i++)
		for (size_t k = 0; k < json_array_size(b); k++)
			if (json_equal(json_array_get(a, i), json_array_get(b, k)))
				return true;
	return false;
}

/* The position of the same cause among those not taken yet: of the same checks, else of the code.
 */
static size_t find_cause(const json_t *cause, const json_t *list, const bool *taken)
{
	size_t found = json_array_size(list);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *other = json_array_get(list, i);
		if (taken[i] || !member_is(other, "code", member_string(cause, "code")))
			continue;
		if (meet(json_object_get(cause, "checks"), json_object_get(other, "checks")))
			return i;
		if (found == json_array_size(list))
			found = i;
	}
	return found;
}

static void add_cause(json_t *list, const char *change, json_t *before, json_t *after)
{
	json_t *cause = after != NULL ? after : before;

	json_array_append_new(list,
		json_pack("{s:s, s:O, s:O, s:o, s:o}", "change", change, "code",
			json_object_get(cause, "code"), "title", json_object_get(cause, "title"),
			"old", or_null(json_object_get(before, "verdict")), "new",
			or_null(json_object_get(after, "verdict"))));
}

/* New ones first, then those that are gone, then those that stay. */
static json_t *build_causes(const json_t *before, const json_t *after)
{
	const json_t *old = json_object_get(before, "causes"),
		     *new = json_object_get(after, "causes");
	json_t *added = json_array(), *gone = json_array(), *same = json_array();
	bool *taken = mem_alloc((json_array_size(old) + 1) * sizeof taken[0]);

	for (size_t i = 0; i < json_array_size(new); i++) {
		json_t *cause = json_array_get(new, i);
		size_t at = find_cause(cause, old, taken);
		if (at < json_array_size(old)) {
			taken[at] = true;
			add_cause(same, "same", json_array_get(old, at), cause);
		} else {
			add_cause(added, "new", NULL, cause);
		}
	}
	for (size_t i = 0; i < json_array_size(old); i++)
		if (!taken[i])
			add_cause(gone, "gone", json_array_get(old, i), NULL);
	json_array_extend(added, gone);
	json_array_extend(added, same);
	json_decref(gone);
	json_decref(same);
	free(taken);
	return added;
}

/* ---- checks ---- */

static json_t *side_of(const json_t *check)
{
	if (check == NULL)
		return json_null();
	return json_pack("{s:O, s:O, s:O}", "verdict", json_object_get(check, "verdict"), "cause",
		json_object_get(check, "cause"), "evidence", json_object_get(check, "evidence"));
}

static void add_check(
	json_t *list, const char *change, const json_t *before, const json_t *after, json_t *facts)
{
	const json_t *check = after != NULL ? after : before;

	json_array_append_new(
		list, json_pack("{s:s, s:O, s:O, s:O, s:o, s:o, s:o}", "change", change, "id",
			      json_object_get(check, "id"), "type", json_object_get(check, "type"),
			      "title", json_object_get(check, "title"), "old", side_of(before),
			      "new", side_of(after), "facts", facts));
}

static bool same_member(const json_t *a, const json_t *b, const char *name)
{
	return diff_same(json_object_get(a, name), json_object_get(b, name));
}

/* Facts of a check that changed its type, or did not run, are no pair. */
static json_t *facts_of(const json_t *before, const json_t *after)
{
	json_t *facts;

	if (same_member(before, after, "type") && member_is(before, "state", "finished") &&
		member_is(after, "state", "finished"))
		facts = diff_facts(member_string(after, "type"), json_object_get(before, "facts"),
			json_object_get(after, "facts"));
	else
		facts = json_array();
	diff_add(facts, "waived", or_null(json_object_get(before, "waived")),
		or_null(json_object_get(after, "waived")));
	return facts;
}

/* Adds a check when something changed; false when nothing did. */
static bool compare_check(json_t *list, const json_t *before, const json_t *after)
{
	json_t *facts = facts_of(before, after);
	bool same = same_member(before, after, "verdict") && same_member(before, after, "cause") &&
		    same_member(before, after, "skip_reason");

	if (same && json_array_size(facts) == 0) {
		json_decref(facts);
		return false;
	}
	add_check(list, same ? "facts" : "verdict", before, after, facts);
	return true;
}

static json_t *index_checks(const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");
	json_t *index = json_object();

	for (size_t i = 0; i < json_array_size(checks); i++)
		json_object_set(index, member_string(json_array_get(checks, i), "id"),
			json_array_get(checks, i));
	return index;
}

/*
 * Fills the list in the order of the later report: changed verdicts, changed facts, then checks
 * that only one has. Returns how many stayed the same; *common is how many both have.
 */
static size_t compare_checks(
	json_t *list, const json_t *before, const json_t *after, size_t *common)
{
	json_t *old = index_checks(before), *new = index_checks(after), *check;
	json_t *lone = json_array();
	size_t unchanged = 0;
	const char *id;

	json_object_foreach(new, id, check)
	{
		const json_t *partner = json_object_get(old, id);
		if (partner == NULL)
			add_check(lone, "added", NULL, check, json_array());
		else
			unchanged += !compare_check(list, partner, check);
		*common += partner != NULL;
	}
	json_object_foreach(old, id, check) if (json_object_get(new, id) == NULL)
		add_check(lone, "removed", check, NULL, json_array());
	json_array_extend(list, lone);
	json_decref(lone);
	json_decref(old);
	json_decref(new);
	return unchanged;
}

/* ---- the document ---- */

static json_t *head_of(const json_t *report)
{
	return json_pack("{s:O, s:O, s:O}", "started", json_object_get(report, "started"),
		"program", json_object_get(json_object_get(report, "program"), "version"),
		"verdict", json_object_get(report, "verdict"));
}

static bool causes_changed(const json_t *causes)
{
	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		if (!member_is(cause, "change", "same") ||
			!diff_same(json_object_get(cause, "old"), json_object_get(cause, "new")))
			return true;
	}
	return false;
}

static json_t *compare(const json_t *before, const json_t *after)
{
	json_t *checks = json_array();
	size_t common = 0, unchanged = compare_checks(checks, before, after, &common);

	if (common == 0) {
		json_decref(checks);
		return NULL;
	}
	json_t *conditions = build_conditions(before, after);
	json_t *causes = build_causes(before, after);
	bool changed = json_array_size(conditions) + json_array_size(checks) > 0 ||
		       causes_changed(causes) || !same_member(before, after, "verdict");
	return json_pack("{s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:I}", "schema",
		"preflight-diff", "schema_version", "1.0", "changed", changed, "old",
		head_of(before), "new", head_of(after), "conditions", conditions, "causes", causes,
		"checks", checks, "unchanged", (json_int_t)unchanged);
}

static bool is_redacted(const json_t *report)
{
	return json_is_true(json_object_get(report, "redacted"));
}

json_t *report_diff(const json_t *before, const json_t *after)
{
	if (!is_redacted(before) && !is_redacted(after))
		return compare(before, after);
	json_t *old = json_deep_copy(before), *new = json_deep_copy(after);
	if (!is_redacted(old))
		report_redact(old);
	if (!is_redacted(new))
		report_redact(new);
	json_t *diff = compare(old, new);
	json_decref(old);
	json_decref(new);
	return diff;
}
