/*
 * The report document. All texts are made here, from the rule file's causes and the catalogue.
 */
#include "report_build.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "internal.h"
#include "mem.h"
#include "support_code.h"

/* ---- small values ---- */

static json_t *string_or_null(const char *text)
{
	return text == NULL ? json_null() : facts_safe_string(text, strlen(text));
}

static json_t *known_string(bool known, const char *text)
{
	return known && *text != '\0' ? string_or_null(text) : json_null();
}

static json_t *strings(const struct strs *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, json_string(list->items[i]));
	return array;
}

/* The same of words from the command line. */
static json_t *safe_strings(const struct strs *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(array, string_or_null(list->items[i]));
	return array;
}

static void add_once(json_t *array, const char *text)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (strcmp(json_string_value(json_array_get(array, i)), text) == 0)
			return;
	json_array_append_new(array, json_string(text));
}

/* ---- the parts ---- */

static json_t *build_rules(const struct rules *rules)
{
	json_t *array = json_array();

	for (size_t i = 0; i < rules->file_count; i++)
		json_array_append_new(
			array, json_pack("{s:o, s:s}", "file", string_or_null(rules->files[i].name),
				       "sha256", rules->files[i].sha256));
	return array;
}

static json_t *build_profiles(const struct plan *plan)
{
	json_t *array = json_array();

	for (size_t i = 0; i < plan->profile_count; i++)
		json_array_append_new(
			array, json_pack("{s:s, s:o}", "id", plan->profiles[i]->id, "title",
				       text_plain(&plan->profiles[i]->title)));
	return array;
}

static json_t *build_suggestions(const struct suggestions *list)
{
	json_t *array = json_array();

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const struct suggestion *s = &list->items[i];
		json_array_append_new(
			array, json_pack("{s:s, s:o, s:s, s:o}", "id", s->profile->id, "title",
				       text_plain(&s->profile->title), "reason",
				       s->file ? "file" : "vpn", "name", string_or_null(s->name)));
	}
	return array;
}

static json_t *build_counts(const struct diagnosis *d)
{
	json_t *counts = json_object();
	int number[VERDICT_COUNT] = {0};

	for (size_t i = 0; i < d->result_count; i++)
		number[d->results[i].verdict]++;
	for (int i = 0; i < VERDICT_COUNT; i++)
		json_object_set_new(counts, verdict_name((enum verdict)i), json_integer(number[i]));
	return counts;
}

static json_t *build_dns_servers(const struct terminal *t)
{
	json_t *array = json_array();
	char text[NET_ADDR_STRLEN];

	if (!t->dns_known) {
		json_decref(array);
		return json_null();
	}
	for (size_t i = 0; i < t->dns.count; i++)
		add_once(array, net_addr_format(&t->dns.items[i].addr, text));
	return array;
}

static json_t *build_terminal(const struct terminal *t)
{
	json_t *object = json_object();
	const struct netif *netif = terminal_default_interface(t);
	bool build = t->os_known && t->os.build > 0;

	json_object_set_new(object, "os", known_string(t->os_known, t->os.name));
	json_object_set_new(object, "family", known_string(t->os_known, t->os.family));
	json_object_set_new(object, "version", known_string(t->os_known, t->os.version));
	json_object_set_new(object, "build", build ? json_integer(t->os.build) : json_null());
	json_object_set_new(object, "arch", known_string(t->os_known, t->os.arch));
	json_object_set_new(object, "interface",
		netif != NULL ? json_string(netif_kind_name(netif->kind)) : json_null());
	json_object_set_new(object, "vpn_connected",
		t->vpns_known ? json_boolean(terminal_vpn(t) != NULL) : json_null());
	json_object_set_new(object, "proxies",
		t->proxies_known ? json_integer((json_int_t)t->proxies.count) : json_null());
	json_object_set_new(object, "dns_servers", build_dns_servers(t));
	return object;
}

/* The names of a set (an object), in the order in which they came. */
static json_t *names_of(json_t *set)
{
	json_t *array = json_array(), *unused;
	const char *name;

	json_object_foreach(set, name, unused) json_array_append_new(array, json_string(name));
	json_decref(set);
	return array;
}

/* Adds what one member of a root cause brings to two sets: its host and its requirement rows. */
static void add_member(json_t *hosts, json_t *source, const struct result *result)
{
	const struct rule_host *host = check_host(result->check);

	if (host != NULL)
		json_object_set_new(hosts, host->name, json_true());
	for (size_t i = 0; i < result->check->sources.count; i++)
		json_object_set_new(source, result->check->sources.items[i], json_true());
}

static json_t *members(
	const struct diagnosis *d, const size_t *list, size_t count, json_t *hosts, json_t *source)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < count; i++) {
		const struct result *result = &d->results[list[i]];
		json_array_append_new(ids, json_string(result->check->id));
		add_member(hosts, source, result);
	}
	return ids;
}

/* Values of texts that take more than the facts: what to allow, what to enter. */
static json_t *extra_new(void)
{
	return json_pack("{s:o, s:o, s:o}", "flows", lists_new(), "hosts_entries", lists_new(),
		"ports", json_array());
}

/* The host that takes this one's place was reached, and shows no page. */
static bool fallback_fails(const struct diagnosis *d, const struct result *result)
{
	const struct rule_host *host = check_host(result->check);
	bool reached = false, fails = false;

	for (size_t i = 0; host != NULL && host->fallback != NULL && i < d->result_count; i++) {
		const struct result *r = &d->results[i];
		if (check_host(r->check) != host->fallback)
			continue;
		if (strcmp(r->check->type->name, "tcp") == 0)
			reached = reached || r->verdict == VERDICT_PASS;
		else if (strcmp(r->check->type->name, "dns") != 0)
			fails = fails || r->verdict == VERDICT_FAIL || r->verdict == VERDICT_WARN ||
				r->verdict == VERDICT_UNKNOWN;
	}
	return reached && fails;
}

static void extra_add(json_t *extra, const struct result *result, const struct terminal *terminal)
{
	flows_add(json_object_get(extra, "flows"), result->check, terminal,
		facts_get_str(result->facts, "address"));
	hosts_entries_add(json_object_get(extra, "hosts_entries"), result->check);
	ports_add(json_object_get(extra, "ports"), result->check);
}

/* The root's texts speak of the result that leads it, and of all hosts concerned. */
static void add_cause_texts(
	json_t *cause, const struct root_cause *root, struct text_source *source)
{
	const struct rule_cause *rule = rules_cause(source->rules, root->cause);
	struct text code = {.in = {(char *)(uintptr_t)root->cause, (char *)(uintptr_t)root->cause}};
	const struct text *title = rule != NULL && text_given(&rule->title) ? &rule->title : &code;

	json_object_set_new(cause, "title", text_expand(title, source));
	json_object_set_new(cause, "evidence",
		rule != NULL && text_given(&rule->evidence)
			? text_with_notes(text_expand(&rule->evidence, source), source)
			: text_evidence(source));
}

/* The remedy of some checks of a cause, with what is to be allowed for them. */
static json_t *group_remedy(const struct diagnosis *d, const struct root_cause *root,
	const struct plan *plan, const size_t *group, size_t number)
{
	const struct result *lead = NULL;
	json_t *extra = extra_new();
	struct text_source source;

	for (size_t i = 0; i < root->evidence_count; i++) {
		const struct result *result = &d->results[root->evidence[i]];
		if (group[i] != number)
			continue;
		extra_add(extra, result, plan->terminal);
		json_object_set_new(
			extra, "fallback_fails", json_boolean(fallback_fails(d, result)));
		lead = lead != NULL ? lead : result;
	}
	text_source_init(&source, lead, plan->rules, extra);
	json_t *remedy = text_remedy(&source, root->cause);
	text_source_release(&source);
	return remedy;
}

/* Where the checks of a cause differ in what to do, each remedy is told with its checks. */
static json_t *build_remedy(const struct diagnosis *d, const struct root_cause *root,
	const struct plan *plan, struct text_source *source)
{
	size_t *group = mem_alloc((root->evidence_count + 1) * sizeof *group);
	size_t count = remedies_group(d, root, plan->rules, group);
	json_t *all = count > 1 ? json_object() : text_remedy(source, root->cause);

	for (size_t i = 0; count > 1 && i < count; i++)
		remedies_add(all, group_remedy(d, root, plan, group, i), d, root, group, i);
	free(group);
	return all;
}

static json_t *build_cause(const struct diagnosis *d, size_t index, const struct plan *plan)
{
	const struct root_cause *root = &d->roots[index];
	json_t *hosts = json_object(), *source = json_object(), *cause = json_object();
	json_t *checks = members(d, root->evidence, root->evidence_count, hosts, source);
	json_t *symptoms = members(d, root->symptoms, root->symptom_count, hosts, source);
	json_t *extra = extra_new();
	struct text_source texts;

	hosts = names_of(hosts);
	json_object_set(extra, "all_hosts", hosts);
	for (size_t i = 0; i < root->evidence_count; i++)
		extra_add(extra, &d->results[root->evidence[i]], plan->terminal);
	json_object_set_new(
		extra, "fallback_fails", json_boolean(fallback_fails(d, &d->results[root->lead])));
	json_object_set_new(cause, "code", json_string(root->cause));
	json_object_set_new(cause, "verdict", json_string(verdict_name(root->verdict)));
	json_object_set_new(cause, "segments", segment_list(root->segments));
	json_object_set_new(cause, "actors", actor_list(root->actors));
	text_source_init(&texts, &d->results[root->lead], plan->rules, extra);
	add_cause_texts(cause, root, &texts);
	json_object_set_new(cause, "remedy", build_remedy(d, root, plan, &texts));
	text_source_release(&texts);
	json_object_set_new(cause, "checks", checks);
	json_object_set_new(cause, "symptoms", symptoms);
	json_object_set_new(cause, "hosts", hosts);
	json_object_set_new(cause, "source", names_of(source));
	return cause;
}

static json_t *build_host(const struct rule_check *check)
{
	const struct rule_host *host = check_host(check);

	return host == NULL ? json_null()
			    : json_pack("{s:s, s:s}", "id", host->id, "name", host->name);
}

static json_t *duration(const struct run *run, size_t index)
{
	if (run == NULL || index >= run_count(run) || run_item(run, index)->state == RUN_SKIPPED)
		return json_null();
	double seconds = run_item(run, index)->ended - run_item(run, index)->started;
	return json_integer(seconds > 0 ? (json_int_t)(seconds * 1000 + 0.5) : 0);
}

/* What a person has to answer, and who can. The question may name facts, as a certificate's. */
static json_t *build_question(const struct rule_check *check, struct text_source *texts)
{
	const struct value *value = rule_given(check, "question");

	return value != NULL ? text_expand(&value->text, texts) : json_null();
}

static json_t *build_ask(const struct rule_check *check)
{
	const struct value *value = rule_given(check, "ask");

	return value != NULL ? string_or_null(value->string) : json_null();
}

static json_t *build_check(
	const struct diagnosis *d, size_t index, const struct plan *plan, const struct run *run)
{
	const struct result *r = &d->results[index];
	const struct rule_check *check = r->check;
	json_t *object = json_object();
	bool why = text_given(&check->why), skipped = r->skip != SKIP_NONE;
	long long port = check_port(check);
	json_t *extra = extra_new();
	struct text_source texts;

	extra_add(extra, r, plan->terminal);
	json_object_set_new(extra, "fallback_fails", json_boolean(fallback_fails(d, r)));
	text_source_init(&texts, r, plan->rules, extra);
	json_object_set_new(object, "id", json_string(check->id));
	json_object_set_new(object, "type", json_string(check->type->name));
	json_object_set_new(object, "title", text_plain(&check->title));
	json_object_set_new(object, "why", why ? text_plain(&check->why) : json_null());
	json_object_set_new(object, "question", build_question(check, &texts));
	json_object_set_new(object, "ask", build_ask(check));
	json_object_set_new(object, "severity", json_string(severity_name(check->severity)));
	json_object_set_new(object, "phase", json_string(phase_name(check->phase)));
	json_object_set_new(object, "state", json_string(run_state_name(r->state)));
	json_object_set_new(object, "verdict", json_string(verdict_name(r->verdict)));
	json_object_set_new(object, "cause", string_or_null(r->cause));
	json_object_set_new(object, "actors", actor_list(r->actors));
	json_object_set_new(
		object, "skip_reason", string_or_null(skipped ? skip_reason_name(r->skip) : NULL));
	json_object_set_new(object, "waived", string_or_null(r->waived));
	json_object_set_new(object, "root", r->root >= 0 ? json_integer(r->root) : json_null());
	json_object_set_new(object, "source", strings(&check->sources));
	json_object_set_new(object, "host", build_host(check));
	json_object_set_new(object, "port", port >= 0 ? json_integer(port) : json_null());
	json_object_set_new(object, "evidence", text_evidence(&texts));
	json_object_set_new(
		object, "remedy", r->cause != NULL ? text_remedy(&texts, r->cause) : json_null());
	text_source_release(&texts);
	json_object_set_new(object, "duration_ms", duration(run, index));
	json_object_set_new(object, "facts", json_incref(r->facts->object));
	json_object_set_new(object, "timings", json_incref(r->timings->object));
	return object;
}

static json_t *build_support_code(const struct diagnosis *d, const struct plan *plan)
{
	char code[SUPPORT_CODE_SIZE];

	support_code_make(code, d, plan);
	return *code != '\0' ? json_string(code) : NULL;
}

json_t *report_build(const struct diagnosis *d, const struct plan *plan, const struct run *run,
	const struct report_context *ctx)
{
	json_t *report = json_object(), *causes = json_array(), *checks = json_array();
	double seconds = run != NULL ? run_seconds(run) : 0;
	char started[64];

	format_time(started, ctx->started);
	for (size_t i = 0; i < d->root_count; i++)
		json_array_append_new(causes, build_cause(d, i, plan));
	for (size_t i = 0; i < d->result_count; i++)
		json_array_append_new(checks, build_check(d, i, plan, run));
	json_object_set_new(report, "schema", json_string(REPORT_SCHEMA));
	json_object_set_new(report, "schema_version", json_string(REPORT_SCHEMA_VERSION));
	json_object_set_new(report, "program",
		json_pack("{s:s, s:s}", "name", "preflight", "version", ctx->version));
	json_object_set_new(report, "rules", build_rules(plan->rules));
	json_object_set_new(report, "judged_again",
		ctx->judged_again != NULL ? json_incref(ctx->judged_again) : json_null());
	json_object_set_new(report, "profiles", build_profiles(plan));
	json_object_set_new(report, "selection",
		json_pack("{s:o, s:o}", "only", safe_strings(&plan->only), "skip",
			safe_strings(&plan->skip)));
	json_object_set_new(report, "suggested_profiles", build_suggestions(ctx->suggestions));
	json_object_set_new(report, "phase", json_string(phase_name(plan->phase)));
	json_object_set_new(report, "phase_forced", json_boolean(plan->phase_forced));
	json_object_set_new(report, "started", json_string(started));
	json_object_set_new(
		report, "duration_ms", json_integer((json_int_t)(seconds * 1000 + 0.5)));
	json_object_set_new(report, "interrupted", json_boolean(ctx->interrupted));
	json_object_set_new(report, "verdict", json_string(overall_name(d->overall)));
	json_object_set_new(report, "exit_code", json_integer(d->exit_code));
	json_object_set_new(report, "strict", json_boolean(ctx->strict));
	json_object_set_new(report, "counts", build_counts(d));
	json_object_set_new(report, "saved_inventory",
		json_boolean(plan->inputs != NULL && plan->inputs->saved != NULL));
	json_object_set_new(report, "redacted", json_false());
	json_object_set_new(report, "terminal", build_terminal(plan->terminal));
	json_object_set_new(report, "causes", causes);
	json_object_set_new(report, "checks", checks);
	if (ctx->attempts > 0) {
		json_object_set_new(report, "attempts", json_integer(ctx->attempts));
		json_object_set_new(
			report, "waited_ms", json_integer((json_int_t)(ctx->waited * 1000 + 0.5)));
	}
	json_object_set_new(report, "support_code", build_support_code(d, plan));
	return report;
}
