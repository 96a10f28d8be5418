/*
 * software: is something installed that breaks or blocks the VPN software?
 */
#include "check.h"

#include <string.h>

#include "inventory.h"
#include "match.h"

static const struct check_key keys[] = {
	{
		.name = "match",
		.type = KEY_SOFTWARE,
		.fallback = "*",
		.text = "Products to look for: ids or globs in `software`.",
	},
};

static const char *const causes[] = {
	"software.conflict", "software.conflict-version", "run.unreadable", NULL};

#define FOUND_MAX 100 /* hits that are told one by one */

static json_t *hit_json(const struct match_hit *hit)
{
	struct facts f;

	facts_init(&f);
	facts_str(&f, "id", hit->software->id);
	facts_str(&f, "name", hit->entry->name);
	facts_str(&f, "version", hit->entry->version);
	facts_str(&f, "publisher", hit->entry->publisher);
	facts_str(&f, "kind", inventory_kind_name(hit->entry->kind));
	if (hit->software->item != 0)
		facts_int(&f, "item", hit->software->item);
	facts_bool(&f, "exact", hit->exact);
	return f.object;
}

static void put_hits(struct facts *f, const struct match_hits *hits)
{
	json_t *found = json_array();

	for (size_t i = 0; i < hits->count && i < FOUND_MAX; i++)
		json_array_append_new(found, hit_json(&hits->items[i]));
	facts_json(f, "found", found);
	facts_int(f, "found_count", (long long)hits->count);
}

static void collect(struct check_run *c)
{
	const char *why = NULL;
	char digest[MATCH_DIGEST_SIZE];
	const struct inventory *inventory = run_inventory(c->run, &why);
	struct match_hits hits;

	if (inventory == NULL) {
		facts_bool(&c->facts, "complete", false);
		facts_str(&c->facts, "error", why);
		return;
	}
	match_software(inventory, run_rules(c->run), rule_list(c->check, "match"), &hits);
	facts_bool(&c->facts, "complete", hits.complete);
	if (!hits.complete)
		facts_str(&c->facts, "error", why);
	facts_int(&c->facts, "inventory_count", (long long)inventory->count);
	put_hits(&c->facts, &hits);
	match_digest(run_rules(c->run), rule_list(c->check, "match"), digest);
	facts_str(&c->facts, "searched", digest);
	match_hits_release(&hits);
}

/* Software that these rules know and those of the run did not was not looked for. */
static bool restate(const struct judge_input *in, struct facts *facts)
{
	char digest[MATCH_DIGEST_SIZE];
	const char *searched = facts_get_str(facts, "searched");

	match_digest(in->rules, rule_list(in->check, "match"), digest);
	return !facts_has(facts, "found") || (searched != NULL && strcmp(searched, digest) == 0);
}

static bool any_exact(const json_t *found)
{
	size_t i;
	json_t *hit;

	json_array_foreach(
		found, i, hit) if (json_is_true(json_object_get(hit, "exact"))) return true;
	return false;
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	const json_t *found = facts_get(in->facts, "found");

	if (any_exact(found))
		*out = (struct judgement){VERDICT_FAIL, "software.conflict", 0, 0};
	else if (!facts_get_bool(in->facts, "complete", false))
		*out = (struct judgement){VERDICT_UNKNOWN, "run.unreadable", 0, 0};
	else if (json_array_size(found) > 0)
		*out = (struct judgement){VERDICT_WARN, "software.conflict-version", 0, 0};
	else
		*out = (struct judgement){.verdict = VERDICT_PASS};
}

extern const struct check_type check_software;
const struct check_type check_software = {
	.name = "software",
	.text = "No software that conflicts with the VPN software is installed.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.causes = causes,
	.targets = check_targets_none,
	.start = check_start_collect,
	.stop = check_stop_none,
	.release = check_release_none,
	.collect = collect,
	.judge = judge,
	.restate = restate,
};
