/*
 * Verdicts to root causes. Passes run in the order of the table at the end: what stands nearer to
 * the terminal, and explains more, comes first and takes its symptoms with it; what is left over
 * stands for itself.
 */
#include "diagnose.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "judge.h"
#include "mem.h"

struct context {
	struct diagnosis *d;
	bool outside; /* something answered from beyond the facility */
};

/* ---- what a result is ---- */

static bool is_problem(const struct result *r)
{
	return r->verdict == VERDICT_FAIL || r->verdict == VERDICT_UNKNOWN ||
	       r->verdict == VERDICT_WARN;
}

static bool is_open(const struct result *r)
{
	return is_problem(r) && r->root < 0;
}

static bool has_cause(const struct result *r, const char *code)
{
	return r->cause != NULL && strcmp(r->cause, code) == 0;
}

static bool in_family(const struct result *r, const char *prefix)
{
	return r->cause != NULL && strncmp(r->cause, prefix, strlen(prefix)) == 0;
}

static bool is_type(const struct result *r, const char *name)
{
	return strcmp(r->check->type->name, name) == 0;
}

static const struct rule_host *host_of(const struct result *r)
{
	return r->check->type->flags & CHECK_HOST ? rule_host(r->check, "host") : NULL;
}

static bool is_network(const struct result *r)
{
	return (r->check->type->flags & CHECK_NETWORK) != 0;
}

/* A network failure, as opposed to what a reachable peer said or lacks. */
static bool is_path_problem(const struct result *r)
{
	return in_family(r, "dns.") || in_family(r, "tcp.") || in_family(r, "udp.") ||
	       in_family(r, "dtls.") || in_family(r, "net.") || has_cause(r, "run.blocked") ||
	       has_cause(r, "tls.silent") || has_cause(r, "http.silent");
}

/* ---- signs of life ---- */

/* Facts that show an answer from beyond the facility's own network. */
static bool is_alive(const struct result *r)
{
	const struct rule_host *host = host_of(r);
	const char *outcome = facts_get_str(r->facts, "outcome");

	if (host == NULL || host->internal || r->state == RUN_SKIPPED)
		return false;
	if (is_type(r, "dns"))
		return outcome != NULL && strcmp(outcome, "answer") == 0;
	if (is_type(r, "tcp"))
		return facts_get_bool(r->facts, "connected", false);
	if (is_type(r, "ike") || is_type(r, "dtls"))
		return facts_get_bool(r->facts, "answered", false);
	return false;
}

/* ---- building roots ---- */

static struct root_cause *new_root(struct context *x, const char *code, size_t lead)
{
	struct diagnosis *d = x->d;
	const struct result *r = &d->results[lead];
	const struct cause_info *info = cause_find(code);

	d->roots = mem_grow(d->roots, d->root_count, &d->root_capacity, sizeof d->roots[0]);
	struct root_cause *root = &d->roots[d->root_count++];
	*root = (struct root_cause){
		.cause = info->code,
		.segments = has_cause(r, code) ? r->segments : info->segments,
		.actors = has_cause(r, code) ? r->actors : info->actors,
		.lead = lead,
		.verdict = r->verdict,
	};
	return root;
}

static void add_index(size_t **list, size_t *count, size_t *capacity, size_t index)
{
	*list = mem_grow(*list, *count, capacity, sizeof **list);
	(*list)[(*count)++] = index;
}

static int severity_order(enum verdict verdict)
{
	static const int order[VERDICT_COUNT] = {
		[VERDICT_FAIL] = 0,
		[VERDICT_UNKNOWN] = 1,
		[VERDICT_WARN] = 2,
		[VERDICT_PASS] = 3,
		[VERDICT_SKIP] = 3,
		[VERDICT_MANUAL] = 3,
	};
	return order[verdict];
}

static void join(struct context *x, struct root_cause *root, size_t index, bool evidence)
{
	struct result *r = &x->d->results[index];

	r->root = (int)(root - x->d->roots);
	if (evidence)
		add_index(&root->evidence, &root->evidence_count, &root->evidence_capacity, index);
	else
		add_index(&root->symptoms, &root->symptom_count, &root->symptom_capacity, index);
	if (severity_order(r->verdict) < severity_order(root->verdict))
		root->verdict = r->verdict;
}

typedef bool result_test(
	const struct context *x, const struct root_cause *root, const struct result *r);

/* Takes every open result that passes the test as a symptom. */
static void take_symptoms(struct context *x, struct root_cause *root, result_test *test)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (is_open(&x->d->results[i]) && test(x, root, &x->d->results[i]))
			join(x, root, i, false);
}

/* One root of every open result with this cause (failures only: no warnings); NULL: there is none.
 */
static struct root_cause *make_root(struct context *x, const char *code, bool failures_only)
{
	struct root_cause *root = NULL;

	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (!is_open(r) || !has_cause(r, code) ||
			(failures_only && r->verdict == VERDICT_WARN))
			continue;
		if (root == NULL)
			root = new_root(x, code, i);
		join(x, root, i, true);
	}
	return root;
}

static struct root_cause *root_of_cause(struct context *x, const char *code)
{
	return make_root(x, code, false);
}

static bool shares_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	const struct rule_host *host = host_of(r);

	for (size_t i = 0; host != NULL && i < root->evidence_count; i++)
		if (host_of(&x->d->results[root->evidence[i]]) == host)
			return true;
	return false;
}

/* ---- symptom tests ---- */

static bool any_network(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	(void)x;
	(void)root;
	return is_network(r) &&
	       (is_path_problem(r) || in_family(r, "tls.") || in_family(r, "http."));
}

static bool any_path(const struct context *x, const struct root_cause *root, const struct result *r)
{
	(void)x;
	(void)root;
	return is_network(r) && is_path_problem(r);
}

static bool blocked_on_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	return has_cause(r, "run.blocked") && shares_host(x, root, r);
}

/* With a wrong address, whatever fails at that host fails because of it. */
static bool anything_on_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	return is_network(r) && shares_host(x, root, r) && !in_family(r, "dns.");
}

static bool tls_or_blocked_on_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	return (in_family(r, "tls.") || in_family(r, "http.") || has_cause(r, "run.blocked")) &&
	       is_network(r) && shares_host(x, root, r);
}

static bool by_the_clock(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	(void)x;
	(void)root;
	return has_cause(r, "tls.expired") || has_cause(r, "tls.not-yet-valid") ||
	       (has_cause(r, "run.blocked") && shares_host(x, root, r));
}

/* ---- passes ---- */

static void pass_no_route(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "net.no-route");
	if (root != NULL)
		take_symptoms(x, root, any_network);
}

static void pass_local_denied(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "net.local-denied");
	if (root != NULL)
		take_symptoms(x, root, blocked_on_host);
}

static void pass_captive_portal(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "http.captive-portal");
	if (root != NULL)
		take_symptoms(x, root, any_network);
}

/* The first open network result that tells of the path itself, or result_count. */
static size_t first_path_problem(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (is_open(r) && is_network(r) && is_path_problem(r) &&
			!has_cause(r, "run.blocked"))
			return i;
	}
	return x->d->result_count;
}

static void root_over_paths(struct context *x, const char *code, size_t lead)
{
	struct root_cause *root = new_root(x, code, lead);

	root->verdict = VERDICT_WARN;
	take_symptoms(x, root, any_path);
}

static bool a_direct_connection_stands(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (is_type(&x->d->results[i], "tcp") && is_alive(&x->d->results[i]))
			return true;
	return false;
}

static void pass_proxy_only(struct context *x)
{
	if (a_direct_connection_stands(x))
		return;
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (is_type(r, "proxy") && facts_get_bool(r->facts, "proxy_works", false) &&
			first_path_problem(x) < x->d->result_count) {
			root_over_paths(x, "net.proxy-only", i);
			return;
		}
	}
}

/* How many checks asked something of the Internet. One alone proves nothing about the rest. */
static size_t internet_checks(const struct context *x)
{
	size_t count = 0;

	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		const struct rule_host *host = host_of(r);
		count += is_network(r) && host != NULL && !host->internal &&
			 r->state == RUN_FINISHED &&
			 (is_type(r, "dns") || is_type(r, "tcp") || is_type(r, "ike"));
	}
	return count;
}

static void pass_no_internet(struct context *x)
{
	size_t lead = first_path_problem(x);

	if (!x->outside && internet_checks(x) >= 2 && lead < x->d->result_count)
		root_over_paths(x, "net.no-internet", lead);
}

static void pass_interception(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "tls.intercepted");
	if (root != NULL)
		take_symptoms(x, root, tls_or_blocked_on_host);
}

static void pass_clock(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "clock.skew");
	if (root != NULL)
		take_symptoms(x, root, by_the_clock);
}

/* Answers that lead to a wrong address take everything at that host with them. */
static void pass_wrong_address(struct context *x)
{
	static const char *const codes[] = {"dns.hijacked", "dns.wildcard", "dns.stale-hosts"};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		struct root_cause *root = make_root(x, codes[i], true);
		if (root != NULL)
			take_symptoms(x, root, anything_on_host);
	}
}

static bool host_answers(const struct context *x, const struct rule_host *host)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (host_of(r) == host && is_type(r, "tcp") && r->verdict == VERDICT_PASS)
			return true;
	}
	return false;
}

static bool of_host(const struct context *x, const struct root_cause *root, const struct result *r)
{
	return is_network(r) && host_of(r) == host_of(&x->d->results[root->lead]);
}

/* A fallback that is out of reach while its main host answers is not missed. */
static void excuse_fallbacks(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct rule_host *host = host_of(&x->d->results[i]);
		if (host == NULL || host->fallback == NULL || !host_answers(x, host))
			continue;
		for (size_t k = 0; k < x->d->result_count; k++) {
			struct result *r = &x->d->results[k];
			if (host_of(r) != host->fallback || !is_problem(r) ||
				r->state == RUN_SKIPPED)
				continue;
			r->verdict = VERDICT_SKIP;
			r->skip = SKIP_FALLBACK;
			r->cause = NULL;
		}
	}
}

/* A host that fails while the one documented to take its place answers (row V4). */
static void pass_fallback(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		const struct rule_host *host = host_of(r);
		if (!is_open(r) || r->verdict != VERDICT_FAIL || host == NULL ||
			host->fallback == NULL || !host_answers(x, host->fallback))
			continue;
		struct root_cause *root = new_root(x, "vpn.portal-down", i);
		join(x, root, i, true);
		take_symptoms(x, root, of_host);
	}
}

static const char *offender_of(const struct result *r)
{
	const char *offender = facts_get_str(r->facts, "offender");
	return offender != NULL ? offender : "";
}

/* One root for results that tell the same: cause, where, and who refused. */
static bool tells_the_same(const struct result *a, const struct result *b)
{
	return has_cause(a, b->cause) && a->segments == b->segments &&
	       strcmp(offender_of(a), offender_of(b)) == 0;
}

static bool waits_for_others(const struct result *r)
{
	return has_cause(r, "run.blocked") || has_cause(r, "run.deadline") ||
	       has_cause(r, "run.interrupted");
}

static void pass_grouped(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (!is_open(r) || r->cause == NULL || waits_for_others(r))
			continue;
		struct root_cause *root = new_root(x, r->cause, i);
		join(x, root, i, true);
		for (size_t k = i + 1; k < x->d->result_count; k++)
			if (is_open(&x->d->results[k]) && tells_the_same(&x->d->results[k], r))
				join(x, root, k, true);
	}
}

static struct result *result_by_id(const struct context *x, const char *id)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (strcmp(x->d->results[i].check->id, id) == 0)
			return &x->d->results[i];
	return NULL;
}

/* The root that explains a blocked result: of what it needs, else of its host. */
static int explaining_root(const struct context *x, const struct result *r)
{
	for (size_t i = 0; i < r->check->needs.count; i++) {
		const struct result *needed = result_by_id(x, r->check->needs.items[i]);
		if (needed != NULL && needed->root >= 0)
			return needed->root;
	}
	for (size_t i = 0; i < x->d->root_count; i++)
		if (x->d->roots[i].verdict != VERDICT_WARN && shares_host(x, &x->d->roots[i], r))
			return (int)i;
	return -1;
}

/* Chains of needs resolve in as many rounds as they are long. */
static void pass_blocked(struct context *x)
{
	bool moved = true;

	while (moved) {
		moved = false;
		for (size_t i = 0; i < x->d->result_count; i++) {
			struct result *r = &x->d->results[i];
			if (!is_open(r) || !has_cause(r, "run.blocked"))
				continue;
			int root = explaining_root(x, r);
			if (root >= 0) {
				join(x, &x->d->roots[root], i, false);
				moved = true;
			}
		}
	}
}

static void pass_leftover(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		struct result *r = &x->d->results[i];
		if (is_open(r) && r->cause != NULL)
			root_of_cause(x, r->cause);
	}
}

static void (*const passes[])(struct context *) = {
	pass_no_route,
	pass_local_denied,
	pass_wrong_address,
	pass_captive_portal,
	pass_proxy_only,
	pass_no_internet,
	pass_interception,
	pass_clock,
	pass_fallback,
	pass_grouped,
	pass_blocked,
	pass_leftover,
};

/* ---- the end ---- */

static int rank_of(const struct root_cause *root)
{
	const struct cause_info *info = cause_find(root->cause);
	return info != NULL ? info->rank : 1000;
}

static bool is_told_before(const struct root_cause *a, const struct root_cause *b)
{
	if (severity_order(a->verdict) != severity_order(b->verdict))
		return severity_order(a->verdict) < severity_order(b->verdict);
	return rank_of(a) < rank_of(b);
}

static void number_members(struct diagnosis *d)
{
	for (size_t i = 0; i < d->root_count; i++) {
		for (size_t k = 0; k < d->roots[i].evidence_count; k++)
			d->results[d->roots[i].evidence[k]].root = (int)i;
		for (size_t k = 0; k < d->roots[i].symptom_count; k++)
			d->results[d->roots[i].symptoms[k]].root = (int)i;
	}
}

static void sort_roots(struct diagnosis *d)
{
	for (size_t i = 1; i < d->root_count; i++) {
		struct root_cause moving = d->roots[i];
		size_t at = i;
		for (; at > 0 && is_told_before(&moving, &d->roots[at - 1]); at--)
			d->roots[at] = d->roots[at - 1];
		d->roots[at] = moving;
	}
	number_members(d);
}

/* The far end is blamed only if something else got out of the facility. */
static void acquit_the_far_end(struct context *x)
{
	for (size_t i = 0; i < x->d->root_count; i++) {
		struct root_cause *root = &x->d->roots[i];
		unsigned nearer = root->segments & ~(unsigned)SEGMENT_SERVICE;
		if (x->outside || !(root->segments & SEGMENT_SERVICE) ||
			!(strncmp(root->cause, "tcp.", 4) == 0 ||
				strncmp(root->cause, "udp.", 4) == 0))
			continue;
		root->segments = nearer != 0 ? nearer : SEGMENT_FACILITY | SEGMENT_LINE;
	}
}

void diagnose(struct diagnosis *d, bool strict)
{
	struct context x = {.d = d};

	for (size_t i = 0; i < d->result_count; i++)
		x.outside = x.outside || is_alive(&d->results[i]);
	excuse_fallbacks(&x);
	for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++)
		passes[i](&x);
	acquit_the_far_end(&x);
	sort_roots(d);
	d->overall = judge_overall(d->results, d->result_count, strict);
	d->exit_code = judge_exit_code(d->overall);
}

void diagnosis_release(struct diagnosis *d)
{
	for (size_t i = 0; i < d->root_count; i++) {
		free(d->roots[i].evidence);
		free(d->roots[i].symptoms);
	}
	free(d->roots);
	free(d->results);
	memset(d, 0, sizeof *d);
}
