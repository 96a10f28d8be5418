/*
 * installed: is one of the products that the system needs installed, in a version that it takes?
 *
 * Facts: applies (bool); wanted (those of `accept` for this OS); found (list of objects id, name,
 * version, publisher, kind, accepted: the newest of each product); accepted, missing, too_old,
 * version_unknown, os_listed (bools); complete (bool: all that could hold the products was read);
 * error.
 */
#include "installed.h"

#include <string.h>

#include "match.h"
#include "product.h"
#include "support.h"

static const char *const when_missing[] = {"fail", "warn", "skip", NULL};

static const struct check_key keys[] = {
	{
		.name = "accept",
		.type = KEY_PRODUCTS,
		.required = true,
		.max = 200,
		.text = "Products of which one must be installed, by their ids in `products`, each "
			"with a version if it matters and behind an operating system if it counts "
			"there only: `google-chrome >=77`, `windows 10: internet-explorer >=11`.",
	},
	{
		.name = "on",
		.type = KEY_STRS,
		.max = 100,
		.validate = os_expression_validate,
		.text = "Operating systems that the check is for; on others it is skipped.",
	},
	{
		.name = "listed-on",
		.type = KEY_STRS,
		.max = 100,
		.validate = os_expression_validate,
		.text = "Operating systems that the document names; on others a product that would "
			"do is a warning.",
	},
	{
		.name = "missing",
		.type = KEY_ENUM,
		.choices = when_missing,
		.fallback = "fail",
		.text = "What it means when none of the products is installed.",
	},
};

static const char *const causes[] = {
	"software.missing", "software.too-old", "software.os-not-listed", "run.unreadable", NULL};

/* ---- collect ---- */

static bool is_on(const struct strs *expressions, const struct os_info *os)
{
	for (size_t i = 0; i < expressions->count; i++)
		if (os_expression_match(expressions->items[i], os))
			return true;
	return expressions->count == 0;
}

/* One line of `accept`; false when it is not for this OS. */
static bool take_wanted(const char *text, const struct os_info *os, struct product_expression *e)
{
	return product_expression_parse(text, e) == NULL &&
	       (e->os[0] == '\0' || os_expression_match(e->os, os));
}

bool installed_applies(const struct rule_check *check, const struct os_info *os)
{
	const struct strs *accept = rule_list(check, "accept");
	struct product_expression e;

	for (size_t i = 0; i < accept->count; i++)
		if (take_wanted(accept->items[i], os, &e))
			return is_on(rule_list(check, "on"), os);
	return false;
}

/* The outcome over all lines of `accept`. */
struct outcome {
	json_t *found;
	bool accepted, too_old, version_unknown, complete;
};

static json_t *found_json(const struct match_hit *hit, bool accepted)
{
	struct facts f;

	facts_init(&f);
	facts_str(&f, "id", hit->software->id);
	facts_str(&f, "name", hit->entry->name);
	facts_str(&f, "version", hit->entry->version);
	facts_str(&f, "publisher", hit->entry->publisher);
	facts_str(&f, "kind", inventory_kind_name(hit->entry->kind));
	facts_bool(&f, "accepted", accepted);
	return f.object;
}

/* A product that several lines name is listed once. */
static void add_found(json_t *found, const struct match_hit *hit, bool accepted)
{
	size_t i;
	json_t *old;

	json_array_foreach(found, i, old)
	{
		if (strcmp(json_string_value(json_object_get(old, "id")), hit->software->id) != 0)
			continue;
		if (accepted)
			json_object_set_new(old, "accepted", json_true());
		return;
	}
	json_array_append_new(found, found_json(hit, accepted));
}

static void look_for(const struct product_expression *e, const struct rule_software *product,
	const struct inventory *inventory, struct outcome *o)
{
	struct match_hits hits;

	match_product(inventory, product, &hits);
	const struct match_hit *newest = match_newest(&hits);
	o->complete = o->complete && hits.complete;
	if (newest != NULL) {
		bool any = e->version[0] == '\0';
		bool unknown = !any && newest->entry->version[0] == '\0';
		bool fits = any || match_version(e->version, newest->entry->version);

		add_found(o->found, newest, fits);
		o->accepted = o->accepted || fits;
		o->version_unknown = o->version_unknown || (unknown && !fits);
		o->too_old = o->too_old || (!unknown && !fits);
	}
	match_hits_release(&hits);
}

/* What the check looks for: its own lists, and the products that they name. */
static void search_digest(
	const struct rule_check *check, const struct rules *rules, char digest[MATCH_DIGEST_SIZE])
{
	static const char *const keys_of_search[] = {"accept", "on", "listed-on"};
	struct match_digester digester;

	match_digester_init(&digester);
	for (size_t k = 0; k < sizeof keys_of_search / sizeof keys_of_search[0]; k++) {
		const struct strs *list = rule_list(check, keys_of_search[k]);
		match_digester_text(&digester, keys_of_search[k]);
		for (size_t i = 0; i < list->count; i++) {
			struct product_expression e;
			match_digester_text(&digester, list->items[i]);
			if (k == 0 && product_expression_parse(list->items[i], &e) == NULL)
				match_digester_product(&digester, rules_product(rules, e.product));
		}
	}
	match_digester_end(&digester, digest);
}

static bool restate(const struct judge_input *in, struct facts *facts)
{
	char digest[MATCH_DIGEST_SIZE];
	const char *searched = facts_get_str(facts, "searched");

	search_digest(in->check, in->rules, digest);
	return !facts_has(facts, "applies") || (searched != NULL && strcmp(searched, digest) == 0);
}

void installed_facts(const struct rule_check *check, const struct rules *rules,
	const struct os_info *os, const struct inventory *inventory, struct facts *facts)
{
	const struct strs *accept = rule_list(check, "accept");
	struct outcome o = {.found = json_array(), .complete = true};

	for (size_t i = 0; i < accept->count; i++) {
		struct product_expression e;
		const struct rule_software *product;

		if (!take_wanted(accept->items[i], os, &e))
			continue;
		product = rules_product(rules, e.product);
		facts_add(facts, "wanted", accept->items[i]);
		if (product != NULL)
			look_for(&e, product, inventory, &o);
	}
	facts_bool(facts, "accepted", o.accepted);
	facts_bool(facts, "missing", json_array_size(o.found) == 0);
	facts_bool(facts, "too_old", !o.accepted && o.too_old);
	facts_bool(facts, "version_unknown", !o.accepted && o.version_unknown);
	facts_bool(facts, "os_listed", is_on(rule_list(check, "listed-on"), os));
	facts_bool(facts, "complete", o.complete);
	facts_json(facts, "found", o.found);
}

static void collect(struct check_run *c)
{
	const struct terminal *terminal = run_terminal(c->run);
	char digest[MATCH_DIGEST_SIZE];
	const char *why = NULL;

	if (!terminal->os_known) {
		facts_str(&c->facts, "error", terminal->why.data);
		return;
	}
	bool applies = installed_applies(c->check, &terminal->os);
	facts_bool(&c->facts, "applies", applies);
	search_digest(c->check, run_rules(c->run), digest);
	facts_str(&c->facts, "searched", digest);
	if (!applies)
		return;
	const struct inventory *inventory = run_inventory(c->run, &why);
	if (inventory != NULL)
		installed_facts(c->check, run_rules(c->run), &terminal->os, inventory, &c->facts);
	if (!facts_get_bool(&c->facts, "complete", false))
		facts_str(&c->facts, "error", why);
}

/* ---- judge ---- */

static enum verdict verdict_of_missing(const struct rule_check *check)
{
	static const enum verdict verdicts[] = {VERDICT_FAIL, VERDICT_WARN, VERDICT_SKIP};

	return verdicts[rule_number(check, "missing", 0)];
}

/* What was read in part may hold a newer version, but takes none away. */
static void judge(const struct judge_input *in, struct judgement *out)
{
	const struct facts *f = in->facts;

	*out = (struct judgement){VERDICT_UNKNOWN, "run.unreadable", 0, 0};
	if (!facts_has(f, "applies"))
		return;
	if (!facts_get_bool(f, "applies", false))
		*out = (struct judgement){.verdict = VERDICT_SKIP};
	else if (facts_get_bool(f, "accepted", false) && facts_get_bool(f, "os_listed", true))
		*out = (struct judgement){.verdict = VERDICT_PASS};
	else if (facts_get_bool(f, "accepted", false))
		*out = (struct judgement){VERDICT_WARN, "software.os-not-listed", 0, 0};
	else if (!facts_get_bool(f, "complete", false) ||
		 facts_get_bool(f, "version_unknown", false))
		return;
	else if (facts_get_bool(f, "too_old", false))
		*out = (struct judgement){VERDICT_FAIL, "software.too-old", 0, 0};
	else
		*out = (struct judgement){verdict_of_missing(in->check), "software.missing", 0, 0};
}

extern const struct check_type check_installed;
const struct check_type check_installed = {
	.name = "installed",
	.text = "A product that the system needs is installed, in a version that it takes.",
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
