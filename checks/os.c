/*
 * os: is this operating system one that the system's documents allow, or one that its vendor
 * still supports?
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "support.h"

static const struct check_key keys[] = {
	{
		.name = "lifecycle",
		.type = KEY_BOOL,
		.fallback = "false",
		.text = "Judge by the vendor's support dates in `lifecycle`; also what happens "
			"without `allow`.",
	},
	{
		.name = "allow",
		.type = KEY_STRS,
		.max = 100,
		.validate = os_expression_validate,
		.text = "Operating systems that are allowed, such as `windows 10 build 19041`, "
			"`windows 7 sp1+`, `macos 10.12` or `linux debian 12`.",
	},
	{
		.name = "deny-editions",
		.type = KEY_STRS,
		.max = 48,
		.text = "Editions that are not allowed whatever the version, such as `RT`.",
	},
	{
		.name = "warn-before",
		.type = KEY_INT,
		.min = 0,
		.max = 3650,
		.fallback = "90",
		.text = "Days before the end of the vendor's support from which to warn.",
	},
	{
		.name = "data-age",
		.type = KEY_INT,
		.min = 1,
		.max = 3650,
		.fallback = "365",
		.text = "Days after which the support dates in `lifecycle` are too old to tell "
			"that "
			"all is well.",
	},
};

static const char *const causes[] = {"os.unsupported", "os.end-of-life", "os.extended",
	"os.ending-soon", "os.data-old", "os.unknown", "run.unreadable", NULL};

#define SECONDS_PER_DAY 86400

/* ---- collect ---- */

static void put(struct facts *f, const char *name, const char *value)
{
	if (*value != '\0')
		facts_str(f, name, value);
}

static void put_os(struct facts *f, const struct os_info *os)
{
	facts_str(f, "family", os->family);
	put(f, "distro", os->distro);
	facts_str(f, "name", os->name);
	facts_str(f, "version", os->version);
	put(f, "release", os->release);
	if (os->build != 0) {
		facts_int(f, "build", os->build);
		facts_int(f, "revision", os->revision);
	}
	if (os->service_pack != 0)
		facts_int(f, "service_pack", os->service_pack);
	put(f, "edition", os->edition);
	put(f, "channel", os->channel);
	put(f, "kernel", os->kernel);
	put(f, "arch", os->arch);
	if (os->s_mode)
		facts_bool(f, "s_mode", true);
}

static void put_day(struct facts *f, const char *name, long long day)
{
	if (day >= 0)
		facts_int(f, name, day);
}

/* The evidence for people; the verdict is made from the rules again. */
static void put_support(struct facts *f, const struct rules *rules, const struct support *s)
{
	if (s->entry != NULL) {
		facts_str(f, "support_name", s->entry->name);
		put_day(f, "end", s->entry->end);
		put_day(f, "extended_end", s->entry->extended_end);
		facts_str(f, "extended_name", s->entry->extended_name);
	}
	facts_bool(f, "newer_than_data", s->state == SUPPORT_NEWER);
	if (rules->lifecycle_date > 0)
		put_day(f, "lifecycle_date", rules->lifecycle_date);
}

static bool by_lifecycle(const struct rule_check *check)
{
	return rule_bool(check, "lifecycle") || rule_list(check, "allow")->count == 0;
}

static long long day_of(double seconds)
{
	return (long long)(seconds / SECONDS_PER_DAY);
}

static void collect(struct check_run *c)
{
	const struct terminal *t = run_terminal(c->run);
	const struct rules *rules = run_rules(c->run);

	if (!t->os_known) {
		facts_str(&c->facts, "error", t->why.data);
		return;
	}
	put_os(&c->facts, &t->os);
	if (by_lifecycle(c->check)) {
		struct support s = support_find(rules, &t->os, day_of(platform_wall()),
			rule_number(c->check, "warn-before", 0));

		put_support(&c->facts, rules, &s);
	}
}

/* ---- judge ---- */

static void get(const struct facts *f, const char *name, char *buf, size_t size)
{
	const char *value = facts_get_str(f, name);

	snprintf(buf, size, "%s", value != NULL ? value : "");
}

static void get_os(const struct facts *f, struct os_info *os)
{
	memset(os, 0, sizeof *os);
	get(f, "family", os->family, sizeof os->family);
	get(f, "distro", os->distro, sizeof os->distro);
	get(f, "version", os->version, sizeof os->version);
	get(f, "edition", os->edition, sizeof os->edition);
	get(f, "channel", os->channel, sizeof os->channel);
	get(f, "arch", os->arch, sizeof os->arch);
	os->build = facts_get_int(f, "build", 0);
	os->service_pack = (int)facts_get_int(f, "service_pack", 0);
}

static bool restate(const struct judge_input *in, struct facts *facts)
{
	static const char *const names[] = {"support_name", "end", "extended_end", "extended_name",
		"newer_than_data", "lifecycle_date"};
	struct os_info os;
	struct facts now;

	get_os(facts, &os);
	if (os.family[0] == '\0')
		return true;
	facts_init(&now);
	if (by_lifecycle(in->check)) {
		struct support s = support_find(
			in->rules, &os, day_of(in->now), rule_number(in->check, "warn-before", 0));
		put_support(&now, in->rules, &s);
	}
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (!facts_has(&now, names[i]))
			json_object_del(facts->object, names[i]);
	json_object_update(facts->object, now.object);
	facts_release(&now);
	return true;
}

static bool is_allowed(const struct rule_check *check, const struct os_info *os)
{
	const struct strs *allow = rule_list(check, "allow");

	if (os_edition_listed(rule_list(check, "deny-editions"), os))
		return false;
	for (size_t i = 0; i < allow->count; i++)
		if (os_expression_match(allow->items[i], os))
			return true;
	return allow->count == 0;
}

/* By data of long ago nothing is supported for certain: there may be a new date. */
static bool is_data_old(const struct judge_input *in)
{
	long long date = in->rules->lifecycle_date;

	return date > 0 && day_of(in->now) - date > rule_number(in->check, "data-age", 0);
}

static void judge_support(
	const struct judge_input *in, const struct os_info *os, struct judgement *out)
{
	struct support s = support_find(
		in->rules, os, day_of(in->now), rule_number(in->check, "warn-before", 0));

	switch (s.state) {
	case SUPPORT_NEWER:
	case SUPPORT_CURRENT:
		if (is_data_old(in))
			*out = (struct judgement){VERDICT_WARN, "os.data-old", 0, 0};
		else
			*out = (struct judgement){.verdict = VERDICT_PASS};
		break;
	case SUPPORT_ENDING:
		*out = (struct judgement){VERDICT_WARN, "os.ending-soon", 0, 0};
		break;
	case SUPPORT_EXTENDED:
		*out = (struct judgement){VERDICT_WARN, "os.extended", 0, 0};
		break;
	case SUPPORT_ENDED:
		*out = (struct judgement){VERDICT_FAIL, "os.end-of-life", 0, 0};
		break;
	case SUPPORT_UNKNOWN:
		*out = (struct judgement){VERDICT_UNKNOWN, "os.unknown", 0, 0};
		break;
	}
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	struct os_info os;

	get_os(in->facts, &os);
	if (os.family[0] == '\0')
		*out = (struct judgement){VERDICT_UNKNOWN, "run.unreadable", 0, 0};
	else if (!is_allowed(in->check, &os))
		*out = (struct judgement){VERDICT_FAIL, "os.unsupported", 0, 0};
	else if (by_lifecycle(in->check))
		judge_support(in, &os, out);
	else
		*out = (struct judgement){.verdict = VERDICT_PASS};
}

extern const struct check_type check_os;
const struct check_type check_os = {
	.name = "os",
	.text = "The operating system is one of a list, or one that its vendor still supports.",
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
