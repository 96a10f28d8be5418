/*
 * vpn: is the VPN connected?
 */
#include "check.h"

#include <string.h>

static const struct check_key keys[] = {
	{
		.name = "names",
		.type = KEY_STRS,
		.max = 128,
		.text = "Names of the connections that are expected; globs. Another one that is "
			"connected counts too, since not every OS tells names.",
	},
};

static const char *const causes[] = {"vpn.not-connected", "run.unreadable", NULL};

static json_t *vpn_json(const struct vpn_connection *vpn)
{
	struct facts f;

	facts_init(&f);
	facts_str(&f, "name", vpn->name);
	facts_str(&f, "kind", vpn->kind);
	facts_str(&f, "interface", vpn->interface);
	facts_bool(&f, "connected", vpn->connected);
	if (vpn->partial)
		facts_bool(&f, "partial", true);
	return f.object;
}

static void collect(struct check_run *c)
{
	const struct terminal *t = run_terminal(c->run);
	const struct strs *names = rule_list(c->check, "names");
	json_t *list;
	bool expected = false;

	if (!t->vpns_known) {
		facts_str(&c->facts, "error", t->why.data);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < t->vpns.count; i++) {
		const struct vpn_connection *vpn = &t->vpns.items[i];

		json_array_append_new(list, vpn_json(vpn));
		if (vpn->partial)
			facts_add(&c->facts, "partial", vpn->name);
		expected = expected || (vpn->connected && glob_match_any(names, vpn->name, true));
	}
	facts_bool(&c->facts, "connected", terminal_vpn(t) != NULL);
	facts_json(&c->facts, "connections", list);
	if (names->count > 0)
		facts_bool(&c->facts, "expected_connected", expected);
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	if (!facts_has(in->facts, "connected"))
		*out = (struct judgement){VERDICT_UNKNOWN, "run.unreadable", 0, 0};
	else if (facts_get_bool(in->facts, "connected", false))
		*out = (struct judgement){.verdict = VERDICT_PASS};
	else
		*out = (struct judgement){
			in->vpn_required ? VERDICT_FAIL : VERDICT_SKIP, "vpn.not-connected", 0, 0};
}

extern const struct check_type check_vpn;
const struct check_type check_vpn = {
	.name = "vpn",
	.text = "A VPN is connected; skipped when it is not, unless `--phase in-vpn` asks for it.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.causes = causes,
	.targets = check_targets_none,
	.start = check_start_collect,
	.stop = check_stop_none,
	.release = check_release_none,
	.collect = collect,
	.judge = judge,
};
