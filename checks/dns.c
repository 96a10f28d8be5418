/*
 * dns: does the name resolve on this terminal, by what, and to the documented addresses?
 * Every configured server and the OS's own resolver are asked; facts are listed in dns_facts.h.
 */
#include "cause.h"
#include "check.h"
#include "dns_facts.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* ---- plan ---- */

/* The OS resolver asks what is configured, so all servers are named, not only those we ask. */
static void dns_targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	targets_add_names(list, check, rule_host(check, "host"), terminal);
}

/* ---- run ---- */

static void fill(struct check_run *c, const struct name_facts *facts, bool complete)
{
	const struct rule_host *host = rule_host(c->check, "host");
	struct dns_view view = {
		.host = host,
		.terminal = run_terminal(c->run),
		.facts = facts,
		.complete = complete,
		.address = names_current(run_names(c->run), host),
		.ipv6 = rule_bool(c->check, "ipv6"),
		.probe = rule_bool(c->check, "probe"),
	};

	dns_facts_fill(&view, &c->facts);
	dns_timings_fill(&view, &c->timings);
}

static void on_complete(void *arg, const struct name_facts *facts)
{
	struct check_run *c = arg;

	fill(c, facts, true);
	check_done(c);
}

static void dns_start(struct check_run *c)
{
	const struct rule_host *host = rule_host(c->check, "host");

	names_complete(run_names(c->run), host, rule_bool(c->check, "probe"), on_complete, c);
}

static void dns_stop(struct check_run *c)
{
	fill(c, names_peek(run_names(c->run), rule_host(c->check, "host")), false);
}

/* ---- judge: helpers ---- */

static bool is(const struct facts *f, const char *name, const char *word)
{
	const char *value = facts_get_str(f, name);
	return value != NULL && strcmp(value, word) == 0;
}

static bool host_has(const struct rule_host *host, const char *text)
{
	struct net_addr addr;

	if (text == NULL || !net_addr_parse(text, &addr))
		return false;
	for (size_t i = 0; i < host->address_count; i++)
		if (net_addr_equal(&host->addresses[i], &addr))
			return true;
	return false;
}

static bool list_documented(const struct facts *f, const char *list, const struct rule_host *host)
{
	for (size_t i = 0; i < facts_count(f, list); i++)
		if (host_has(host, facts_item(f, list, i)))
			return true;
	return false;
}

static bool lists_meet(const struct facts *f, const char *one, const char *other)
{
	for (size_t i = 0; i < facts_count(f, one); i++) {
		const char *item = facts_item(f, one, i);
		if (item != NULL && facts_list_has(f, other, item))
			return true;
	}
	return false;
}

static int family_of(const char *text)
{
	struct net_addr addr;
	return text != NULL && net_addr_parse(text, &addr) ? addr.family : 0;
}

static bool has_family(const struct facts *f, const char *list, int family)
{
	for (size_t i = 0; i < facts_count(f, list); i++)
		if (family_of(facts_item(f, list, i)) == family)
			return true;
	return false;
}

/*
 * Blames the part of the path that the evidence leaves: a name inside the VPN is answered by the
 * VPN's servers, a private server is the facility's. Such a server passes on what others say of a
 * name (NXDOMAIN, NODATA, SERVFAIL), so those are not narrowed.
 */
static void say(const struct judge_input *in, struct judgement *out, enum verdict verdict,
	const char *cause)
{
	static const char *const own[] = {"dns.silent", "dns.unreachable", "dns.refused",
		"dns.malformed", "dns.hijacked", "dns.wildcard", "dns.filtered", NULL};
	const struct rule_host *host = rule_host(in->check, "host");

	out->verdict = verdict;
	out->cause = cause;
	if (cause_find(cause)->segments == SEGMENT_TERMINAL ||
		strcmp(cause, "dns.address-changed") == 0)
		return;
	if (strcmp(cause, "dns.unreachable") == 0 &&
		facts_get_bool(in->facts, "server_loopback", false)) {
		out->segments = SEGMENT_TERMINAL;
		out->actors = ACTOR_IT;
		return;
	}
	if (host->internal) {
		out->segments = SEGMENT_VPN;
		return;
	}
	for (size_t i = 0; own[i] != NULL; i++)
		if (strcmp(cause, own[i]) == 0 &&
			facts_get_bool(in->facts, "server_private", false))
			out->segments = SEGMENT_FACILITY;
}

/* ---- judge: a hosts entry ---- */

static bool is_public(const char *text)
{
	struct net_addr addr;
	return text != NULL && net_addr_parse(text, &addr) && net_addr_class(&addr) == NET_GLOBAL;
}

static bool os_answered(const struct facts *f)
{
	return is(f, "os", "ok") && facts_count(f, "os_addresses") > 0;
}

/* The OS has said something, if only that it failed. */
static bool os_told(const struct facts *f)
{
	return facts_has(f, "os") && !is(f, "os", "pending");
}

/*
 * Whether the OS goes by the hosts file: all that it gives stands there. Before it has answered,
 * that is likely; when it has and found nothing, it does not look there or cannot read the line.
 */
static bool hosts_used(const struct facts *f)
{
	if (!os_answered(f))
		return facts_count(f, "hosts") > 0 && !os_told(f);
	for (size_t i = 0; i < facts_count(f, "os_addresses"); i++) {
		const char *item = facts_item(f, "os_addresses", i);
		if (item == NULL || !facts_list_has(f, "hosts", item))
			return false;
	}
	return true;
}

/* Whether DNS gave an address that an entry can be measured by. */
static bool dns_is_measure(const struct facts *f, const char *list, const struct rule_host *host)
{
	for (size_t i = 0; i < facts_count(f, list); i++) {
		const char *item = facts_item(f, list, i);
		if (item != NULL && !facts_list_has(f, "wildcard", item) &&
			(host->internal || is_public(item) || host_has(host, item)))
			return true;
	}
	return false;
}

static bool has_documented(const struct rule_host *host, int family)
{
	for (size_t i = 0; i < host->address_count; i++)
		if (host->addresses[i].family == family)
			return true;
	return false;
}

/* The entry that is used: the first IPv4 one, else the first. */
static const char *hosts_entry(const struct facts *f)
{
	for (size_t i = 0; i < facts_count(f, "hosts"); i++)
		if (family_of(facts_item(f, "hosts", i)) == 4)
			return facts_item(f, "hosts", i);
	return facts_item(f, "hosts", 0);
}

/*
 * An entry with a public address that is documented nowhere, or that DNS has left, may lead to the
 * host all the same: what answers there decides (pass_wrong_address). Any other leads astray.
 */
static void judge_hosts(const struct judge_input *in, struct judgement *out)
{
	const struct rule_host *host = rule_host(in->check, "host");
	const char *entry = hosts_entry(in->facts);
	int family = family_of(entry);
	const char *list = family == 6 ? "aaaa" : "a";
	bool right = host->internal || is_public(entry);

	if (dns_is_measure(in->facts, list, host))
		right = entry != NULL && facts_list_has(in->facts, list, entry);
	else if (has_documented(host, family))
		right = host_has(host, entry);
	if (!right)
		say(in, out,
			is_public(entry) || host_has(host, entry) ? VERDICT_WARN : VERDICT_FAIL,
			"dns.stale-hosts");
}

/* ---- judge: DNS ---- */

struct outcome_cause {
	const char *outcome, *cause;
};
static const struct outcome_cause outcome_causes[] = {
	{"nxdomain", "dns.nxdomain"},
	{"nodata", "dns.nodata"},
	{"silent", "dns.silent"},
	{"unreachable", "dns.unreachable"},
	{"refused", "dns.refused"},
	{"servfail", "dns.servfail"},
	{"other-rcode", "dns.servfail"},
	{"malformed", "dns.malformed"},
};

static const char *outcome_cause(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < sizeof outcome_causes / sizeof outcome_causes[0]; i++)
		if (is(f, name, outcome_causes[i].outcome))
			return outcome_causes[i].cause;
	return NULL;
}

static bool dns_answered(const struct facts *f)
{
	return facts_count(f, "a") > 0 || facts_count(f, "aaaa") > 0;
}

/* The OS asked the servers that we could not ask, and got nothing. */
static bool others_failed(const struct facts *f)
{
	return !facts_has(f, "outcome") && facts_count(f, "servers_not_asked") > 0 &&
	       is(f, "os", "temporary");
}

/* Nothing gave an address. */
static void judge_failed(const struct judge_input *in, struct judgement *out)
{
	const char *cause = outcome_cause(in->facts, "outcome");

	if (facts_get_bool(in->facts, "denied", false) && is(in->facts, "outcome", "unreachable"))
		say(in, out, VERDICT_FAIL, "net.local-denied");
	else if (facts_get_bool(in->facts, "no_servers", false))
		say(in, out, VERDICT_FAIL,
			facts_has(in->facts, "spoilt_line") ? "dns.config" : "dns.no-server");
	else if (others_failed(in->facts))
		say(in, out, VERDICT_FAIL, "dns.unreachable");
	else if (cause != NULL)
		say(in, out, VERDICT_FAIL, cause);
	else if (is(in->facts, "os", "not-found"))
		say(in, out, VERDICT_FAIL, "dns.nxdomain");
	else if (is(in->facts, "outcome", "pending")) /* too many questions at once */
		say(in, out, VERDICT_UNKNOWN, "run.deadline");
	else
		say(in, out, VERDICT_UNKNOWN, "run.unreadable");
}

/* The list that holds what the name resolves to: by the OS, and without its answer by the servers.
 */
static const char *answers(const struct facts *f)
{
	if (os_answered(f) || !dns_answered(f))
		return "os_addresses";
	if (is(f, "via", "dns"))
		return "addresses";
	return facts_count(f, "a") > 0 ? "a" : "aaaa";
}

/* Two answers of one family without a common address. */
static bool os_differs(const struct facts *f)
{
	static const struct {
		const char *list;
		int family;
	} kinds[] = {{"a", 4}, {"aaaa", 6}};
	bool compared = false;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (facts_count(f, kinds[i].list) == 0 ||
			!has_family(f, "os_addresses", kinds[i].family))
			continue;
		if (lists_meet(f, "os_addresses", kinds[i].list))
			return false;
		compared = true;
	}
	return compared;
}

/* Servers know the name, and the OS gives nothing. */
static bool judge_os_failed(const struct judge_input *in, struct judgement *out)
{
	const struct facts *f = in->facts;
	bool no = is(f, "first_outcome", "nxdomain") || is(f, "first_outcome", "nodata");

	if (os_answered(f))
		return false;
	if (facts_count(f, "a") > 0 && no)
		say(in, out, VERDICT_FAIL,
			rule_host(in->check, "host")->internal ? "dns.wrong-server"
							       : outcome_cause(f, "first_outcome"));
	else if (facts_has(f, "os_gave_up"))
		say(in, out, VERDICT_FAIL, "dns.slow");
	else if (os_told(f))
		say(in, out, VERDICT_FAIL, "dns.os-differs");
	else if (facts_has(f, "os_waited"))
		say(in, out, VERDICT_UNKNOWN, "dns.slow");
	else
		return false;
	return true;
}

/* First what breaks the terminal; true when it is told. */
static bool judge_broken(const struct judge_input *in, struct judgement *out)
{
	const struct facts *f = in->facts;
	const struct rule_host *host = rule_host(in->check, "host");
	const char *list = answers(f);
	bool expected = list_documented(f, list, host) || host->internal;

	if (facts_has(f, "search_name") && (!expected || host->internal))
		say(in, out, VERDICT_FAIL, "dns.search");
	else if (facts_has(f, "filter") && !expected)
		say(in, out, VERDICT_FAIL, "dns.filtered");
	else if (lists_meet(f, list, "wildcard") && !expected)
		say(in, out, VERDICT_FAIL, "dns.wildcard");
	else if (facts_has(f, "class") && !expected)
		say(in, out, VERDICT_FAIL, "dns.hijacked");
	else
		return judge_os_failed(in, out);
	return true;
}

/* Then what only deserves a look. */
static void judge_odd(const struct judge_input *in, struct judgement *out)
{
	const struct facts *f = in->facts;
	const struct rule_host *host = rule_host(in->check, "host");
	bool documented = list_documented(f, answers(f), host);
	/* What was lost while its server answers others is no finding, if the OS was answered. */
	bool lost = facts_get_bool(f, "silent_here_only", false);
	bool mute = (is(f, "outcome", "silent") && !lost) || is(f, "outcome", "unreachable");

	if (facts_count(f, "wildcard") > 0)
		say(in, out, VERDICT_WARN, "dns.wildcard");
	else if (!documented && dns_answered(f) && os_differs(f))
		say(in, out, VERDICT_WARN, "dns.os-differs");
	else if (host->address_count > 0 && !documented)
		say(in, out, VERDICT_WARN, "dns.address-changed");
	else if (!dns_answered(f) && is(f, "slow_by", "server"))
		say(in, out, VERDICT_WARN, "dns.slow");
	else if (!dns_answered(f) && mute)
		say(in, out, VERDICT_WARN, outcome_cause(f, "outcome"));
	else if (is(f, "first_outcome", "silent") && !lost)
		say(in, out, VERDICT_WARN, "dns.silent");
	else if (facts_get_bool(f, "os_always_slow", false))
		say(in, out, VERDICT_WARN, "dns.slow");
}

static void dns_judge(const struct judge_input *in, struct judgement *out)
{
	*out = (struct judgement){.verdict = VERDICT_PASS};
	if (is(in->facts, "via", "literal"))
		out->verdict = VERDICT_SKIP;
	else if (hosts_used(in->facts))
		judge_hosts(in, out);
	else if (!dns_answered(in->facts) && !os_answered(in->facts))
		judge_failed(in, out);
	else if (!judge_broken(in, out))
		judge_odd(in, out);
}

/* ---- the entry ---- */

static const struct check_key dns_keys[] = {
	CHECK_KEY_HOST,
	{
		.name = "ipv6",
		.type = KEY_BOOL,
		.fallback = "true",
		.text = "Also report the IPv6 addresses (AAAA) that the servers give.",
	},
	{
		.name = "probe",
		.type = KEY_BOOL,
		.fallback = "true",
		.text = "Also ask for a random name in the host's zone, which must not exist.",
	},
};

static const char *const dns_causes[] = {"net.local-denied", "dns.no-server", "dns.config",
	"dns.search", "dns.filtered", "dns.wrong-server", "dns.slow", "dns.stale-hosts",
	"dns.nxdomain", "dns.nodata", "dns.silent", "dns.unreachable", "dns.refused",
	"dns.servfail", "dns.malformed", "dns.hijacked", "dns.wildcard", "dns.address-changed",
	"dns.os-differs", "run.deadline", "run.unreadable", NULL};

const struct check_type check_dns = {
	.name = "dns",
	.text = "The host's name resolves on this terminal, to the documented addresses.",
	.keys = dns_keys,
	.key_count = sizeof dns_keys / sizeof dns_keys[0],
	.flags = CHECK_NETWORK | CHECK_HOST | CHECK_NAME,
	.causes = dns_causes,
	.targets = dns_targets,
	.start = dns_start,
	.stop = dns_stop,
	.release = check_release_none,
	.collect = check_collect_none,
	.judge = dns_judge,
};
