/*
 * The passes, in the order of the table at the end: what stands nearer to the terminal, and
 * explains more, comes first and takes its symptoms with it; what is left over stands for itself.
 */
#include "private.h"

#include <string.h>

#include "path_facts.h"

/* ---- symptom tests ---- */

static bool blocked_on_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	return result_has_cause(r, "run.blocked") && root_shares_host(x, root, r);
}

/* With a wrong address, whatever fails at that host fails because of it. */
static bool anything_on_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	return result_is_network(r) && root_shares_host(x, root, r) && !result_in_family(r, "dns.");
}

static bool tls_or_blocked_on_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	return (result_in_family(r, "tls.") || result_in_family(r, "http.") ||
		       result_has_cause(r, "run.blocked")) &&
	       result_is_network(r) && root_shares_host(x, root, r);
}

/* ---- passes ---- */

static void pass_local_denied(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "net.local-denied");
	if (root != NULL)
		root_take_symptoms(x, root, blocked_on_host);
}

static void pass_interception(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "tls.intercepted");
	if (root != NULL)
		root_take_symptoms(x, root, tls_or_blocked_on_host);
}

static bool host_fails(const struct context *x, const struct rule_host *host)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (result_is_open(r) && r->verdict == VERDICT_FAIL && result_host(r) == host &&
			result_is_network(r) && !result_in_family(r, "dns."))
			return true;
	}
	return false;
}

/* A warning with this cause about a host that fails. */
static bool is_odd_and_fails(const struct context *x, const struct result *r, const char *code)
{
	return result_is_open(r) && result_has_cause(r, code) && r->verdict == VERDICT_WARN &&
	       host_fails(x, result_host(r));
}

/* An address that only deserves a look is the reason where its host then fails. */
static void blame_odd_address(struct context *x, const char *code)
{
	struct root_cause *root = root_of_those(x, code, is_odd_and_fails);
	if (root != NULL)
		root_take_symptoms(x, root, anything_on_host);
}

/* Who answers there is somebody else: another name's certificate, or one that nobody vouches for.
 */
static bool is_strange(const struct result *r)
{
	static const char *const causes[] = {"tls.wrong-name", "tls.self-signed", "tls.untrusted",
		"tls.intercepted", "tls.handshake", "http.captive-portal"};

	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if (r->verdict == VERDICT_FAIL && result_has_cause(r, causes[i]))
			return true;
	return false;
}

static bool meets_stranger(const struct context *x, const struct rule_host *host)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_host(&x->d->results[i]) == host && is_strange(&x->d->results[i]))
			return true;
	return false;
}

static bool has_moved(const struct context *x, const struct result *r)
{
	return result_is_open(r) && result_has_cause(r, "dns.address-changed") &&
	       host_fails(x, result_host(r));
}

/* Two hosts that are documented apart, and are said to be at one address. */
static bool share_address(const struct result *a, const struct result *b)
{
	if (result_host(a) == result_host(b))
		return false;
	for (size_t i = 0; i < facts_count(a->facts, "addresses"); i++) {
		const char *item = facts_item(a->facts, "addresses", i);
		if (item != NULL && facts_list_has(b->facts, "addresses", item))
			return true;
	}
	return false;
}

static bool any_shared(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		for (size_t k = 0; k < i; k++)
			if (has_moved(x, &x->d->results[i]) && has_moved(x, &x->d->results[k]) &&
				share_address(&x->d->results[i], &x->d->results[k]))
				return true;
	return false;
}

static bool any_stranger(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (has_moved(x, &x->d->results[i]) &&
			meets_stranger(x, result_host(&x->d->results[i])))
			return true;
	return false;
}

static bool is_moved(const struct context *x, const struct result *r, const char *code)
{
	(void)code; /* of the root; theirs is that the address changed */
	return has_moved(x, r);
}

/* The host still is where it was: its documented address proves the name, and this one serves
 * nobody. */
static bool is_led_away(const struct context *x, const struct result *r, const char *code)
{
	if (!is_moved(x, r, code))
		return false;
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_host(&x->d->results[i]) == result_host(r) &&
			facts_count(x->d->results[i].facts, "documented_works") > 0)
			return true;
	return false;
}

/*
 * Names with new addresses where the hosts are not: a filter gives one address for several,
 * strangers answer there, or the host answers at the old one alone. A host that moved and is
 * blocked on the way there is not that.
 */
static void pass_elsewhere(struct context *x)
{
	bool filter = any_shared(x);
	bool all = filter || any_stranger(x);
	const char *code = filter ? "dns.filtered" : "dns.elsewhere";

	struct root_cause *root = root_of_those(x, code, all ? is_moved : is_led_away);
	if (root != NULL)
		root_take_symptoms(x, root, anything_on_host);
}

/* Answers that lead to a wrong address take everything at that host with them. */
static void pass_wrong_address(struct context *x)
{
	pass_elsewhere(x);
	blame_odd_address(x, "dns.stale-hosts");
	blame_odd_address(x, "dns.os-differs");

	static const char *const codes[] = {
		"dns.search", "dns.filtered", "dns.hijacked", "dns.wildcard", "dns.stale-hosts"};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		struct root_cause *root = root_make(x, codes[i], true);
		if (root != NULL)
			root_take_symptoms(x, root, anything_on_host);
	}
	struct root_cause *server = root_of_cause(x, "dns.wrong-server");
	if (server != NULL)
		root_take_symptoms(x, server, anything_on_host);
}

/* Whoever answers at an address that the OS does not give answers nobody. */
static bool name_fails(const struct context *x, const struct rule_host *host)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_host(&x->d->results[i]) == host &&
			result_is_type(&x->d->results[i], "dns") &&
			x->d->results[i].verdict == VERDICT_FAIL)
			return true;
	return false;
}

/* Something of the host passes, and nothing of it fails or is open. */
static bool host_serves(const struct context *x, const struct rule_host *host)
{
	bool any = false;

	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (result_host(r) != host || result_is_type(r, "dns"))
			continue;
		if (r->verdict == VERDICT_FAIL || r->verdict == VERDICT_UNKNOWN)
			return false;
		any = any || r->verdict == VERDICT_PASS;
	}
	return any;
}

/* Its page came, over TLS that proves the host: less helps nobody who is sent there. */
static bool page_is_shown(const struct context *x, const struct rule_host *host)
{
	if (name_fails(x, host))
		return false;
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (result_host(r) == host && result_is_type(r, "http") &&
			(r->verdict == VERDICT_PASS || result_has_cause(r, "http.slow")))
			return true;
	}
	return false;
}

static bool of_host(const struct context *x, const struct root_cause *root, const struct result *r)
{
	return result_is_network(r) && result_host(r) == result_host(&x->d->results[root->lead]);
}

/* A fallback that is out of reach while its main host serves is not missed. */
static void excuse_fallbacks(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct rule_host *host = result_host(&x->d->results[i]);
		if (host == NULL || host->fallback == NULL || !host_serves(x, host))
			continue;
		for (size_t k = 0; k < x->d->result_count; k++) {
			struct result *r = &x->d->results[k];
			if (result_host(r) != host->fallback || !result_is_problem(r) ||
				r->state == RUN_SKIPPED)
				continue;
			r->verdict = VERDICT_SKIP;
			r->skip = SKIP_FALLBACK;
			r->cause = NULL;
		}
	}
}

/* Of what fails directly that which lies on the way, or with whoever else answers there. */
static bool is_of_the_direct_way(const struct result *r, const struct result *proxy)
{
	static const char *const causes[] = {"run.blocked", "tls.silent", "tls.reset",
		"tls.not-tls", "http.silent", "udp.mtu-black-hole"};

	if (result_has_cause(r, "http.redirect"))
		return facts_has(proxy->facts, "led_to");
	if (result_is_type(r, "clock") || result_is_type(r, "captive"))
		return result_has_cause(r, "run.blocked");
	if (!result_is_type(r, "tcp") && !result_is_type(r, "tls") && !result_is_type(r, "http"))
		return false;
	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if (result_has_cause(r, causes[i]))
			return true;
	return result_in_family(r, "tcp.") || result_in_family(r, "net.") || is_strange(r);
}

/*
 * A page that browsers open through the proxy that is set, as is required of them: whether it can
 * be reached directly does not matter. AnyConnect's gateway is not one: IKE uses no proxy.
 */
static void excuse_direct_ways(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *proxy = &x->d->results[i];
		if (!result_is_type(proxy, "proxy") || proxy->verdict != VERDICT_PASS ||
			proxy->check->severity != SEVERITY_REQUIRED ||
			!facts_get_bool(proxy->facts, "browsers", false) ||
			!facts_get_bool(proxy->facts, "proxy_page", false))
			continue;
		for (size_t k = 0; k < x->d->result_count; k++) {
			struct result *r = &x->d->results[k];
			if (result_host(r) != rule_host(proxy->check, "host") ||
				!result_is_open(r) || !is_of_the_direct_way(r, proxy))
				continue;
			r->verdict = VERDICT_SKIP;
			r->skip = SKIP_PROXY;
			r->cause = NULL;
		}
	}
}

/* There, or not: what a host says that answers (a certificate, a status) is not that. */
static bool is_out_of_reach(const struct result *r)
{
	return result_in_family(r, "dns.") || result_in_family(r, "tcp.") ||
	       result_has_cause(r, "tls.silent") || result_has_cause(r, "http.silent");
}

/* A host that is out of reach while the one documented to take its place shows its page (V4). */
static void pass_fallback(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		const struct rule_host *host = result_host(r);
		if (!result_is_open(r) || r->verdict != VERDICT_FAIL || host == NULL ||
			!is_out_of_reach(r) || host->fallback == NULL ||
			!page_is_shown(x, host->fallback))
			continue;
		struct root_cause *root = root_new(x, "vpn.portal-down", i);
		root_join(x, root, i, true);
		root_take_symptoms(x, root, of_host);
	}
}

/* ---- large packets ---- */

/* Small packets were tried (tls_sizes.h), and fared no better: it is not their size. */
static bool small_ones_stall_too(const struct result *r)
{
	const char *small = facts_get_str(r->facts, "small_packets");
	return small != NULL && strcmp(small, "silent") == 0;
}

static bool is_stalled(const struct result *r)
{
	return (result_has_cause(r, "tls.silent") || result_has_cause(r, "http.silent")) &&
	       !small_ones_stall_too(r);
}

/* A certificate came through: what swallows large packets is not on everybody's way. */
static bool some_handshake_stands(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_is_type(&x->d->results[i], "tls") &&
			facts_get_bool(x->d->results[i].facts, "handshake", false))
			return true;
	return false;
}

static bool by_large_packets(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	return is_stalled(r) && (root_shares_host(x, root, r) || !some_handshake_stands(x));
}

/*
 * A server's certificates fill large packets, which vanish on the same way, of UDP and of TCP. What
 * is only a warning while all else works is the reason where it does not.
 */
static void pass_black_hole(struct context *x)
{
	struct root_cause *root = root_make(x, "udp.mtu-black-hole", false);
	if (root != NULL)
		root_take_symptoms(x, root, by_large_packets);
}

/* ---- results that tell the same ---- */

static const char *offender_of(const struct result *r)
{
	const char *offender = facts_get_str(r->facts, "offender");
	return offender != NULL ? offender : "";
}

static bool reaches(const struct result *r, const char *reach)
{
	const char *fact = facts_get_str(r->facts, "path_reach");
	return fact != NULL && strcmp(fact, reach) == 0;
}

/* Silence that no other port could be compared with (path_facts.h). */
static bool is_bare_silence(const struct result *r)
{
	return reaches(r, "unknown") || reaches(r, "alone");
}

static bool same_last_router(const struct result *a, const struct result *b)
{
	const char *last = facts_get_str(a->facts, "path_last");
	const char *other = facts_get_str(b->facts, "path_last");
	return last != NULL && other != NULL && strcmp(last, other) == 0;
}

/* How many routers the packets of a silent port got past, at least. */
static int hops_reached(const struct result *r)
{
	const json_t *path = json_object_get(r->facts->object, "path");
	const json_t *last = json_array_get(path, json_array_size(path) - 1);

	json_int_t hops = json_integer_value(json_object_get(last, "ttl"));

	return hops < 0 ? 0 : hops < PATH_HOPS_MAX ? (int)hops : PATH_HOPS_MAX;
}

/* Where its packets end may be where the line was away for a moment. */
static bool is_doubtful(const struct result *r)
{
	return facts_get_bool(r->facts, "path_doubtful", false) &&
	       (reaches(r, "start") || reaches(r, "between"));
}

/* Of two silent ports of a host, that which got less far only by chance, perhaps. */
static bool may_be_at(const struct result *r, const struct result *farther)
{
	return is_doubtful(r) && result_host(r) == result_host(farther) && result_host(r) != NULL &&
	       hops_reached(r) <= hops_reached(farther);
}

/* Silence of which less is known is taken for the same where nothing speaks against it. */
static bool is_in_the_same_place(const struct result *a, const struct result *b)
{
	if (may_be_at(a, b) || may_be_at(b, a))
		return true;
	if (a->segments == b->segments || reaches(a, "unknown") || reaches(b, "unknown"))
		return true;
	return (reaches(a, "alone") || reaches(b, "alone")) && same_last_router(a, b);
}

/* One root for results that tell the same: cause, where, and who refused. */
static bool tells_the_same(const struct result *a, const struct result *b)
{
	return result_has_cause(a, b->cause) && is_in_the_same_place(a, b) &&
	       strcmp(offender_of(a), offender_of(b)) == 0;
}

static bool waits_for_others(const struct result *r)
{
	return result_has_cause(r, "run.blocked") || result_has_cause(r, "run.deadline") ||
	       result_has_cause(r, "run.interrupted");
}

static void group(struct context *x, size_t lead)
{
	const struct result *r = &x->d->results[lead];
	struct root_cause *root = root_new(x, r->cause, lead);

	root_join(x, root, lead, true);
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_is_open(&x->d->results[i]) && tells_the_same(&x->d->results[i], r))
			root_join(x, root, i, true);
}

/* ---- through a proxy ---- */

/* The proxy of this result opened the way to another host, or told what it thinks of it. */
static bool answers_about_others(const struct context *x, const struct result *r)
{
	const char *proxy = facts_get_str(r->facts, "proxy");

	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *other = &x->d->results[i];
		const char *same = result_is_type(other, "proxy")
					   ? facts_get_str(other->facts, "proxy")
					   : NULL;
		if (other != r && same != NULL && proxy != NULL && strcmp(same, proxy) == 0 &&
			(facts_get_bool(other->facts, "proxy_works", false) ||
				facts_get_int(other->facts, "proxy_status", 0) != 0))
			return true;
	}
	return false;
}

/*
 * The proxy itself is there: what it did not reach, or let through, may be the host's own fault.
 * One that waits for the host in vain says nothing in time.
 */
static bool is_beyond_the_proxy(const struct context *x, const struct result *r)
{
	const char *error = facts_get_str(r->facts, "error");

	if (!result_has_cause(r, "proxy.configured"))
		return false;
	return facts_get_bool(r->facts, "proxy_works", false) ||
	       facts_get_int(r->facts, "proxy_status", 0) / 100 == 5 ||
	       (error != NULL && strcmp(error, net_error_name(NET_TIMEOUT)) == 0 &&
		       answers_about_others(x, r));
}

/* A failure of the same host, connected to directly; NULL: none. */
static const struct result *direct_failure(const struct context *x, const struct result *r)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *other = &x->d->results[i];
		if (result_host(other) == rule_host(r->check, "host") &&
			other->verdict == VERDICT_FAIL &&
			(result_is_type(other, "tcp") || result_is_type(other, "tls")))
			return other;
	}
	return NULL;
}

/* Where a host fails without the proxy too, the proxy is not to blame. */
static void pass_beyond_the_proxy(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		struct result *r = &x->d->results[i];
		if (!result_is_open(r) || !is_beyond_the_proxy(x, r))
			continue;
		const struct result *direct = direct_failure(x, r);
		if (direct == NULL || direct->root < 0)
			continue;
		r->verdict = VERDICT_UNKNOWN;
		r->cause = cause_find("run.blocked")->code;
		root_join(x, &x->d->roots[direct->root], i, false);
	}
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_is_open(&x->d->results[i]) && is_beyond_the_proxy(x, &x->d->results[i]))
			group(x, i);
}

/* ---- what is left ---- */

/* From what tells most to bare silence; of what is doubtful, that which got farthest first. */
static int telling(const struct result *r)
{
	if (is_bare_silence(r))
		return PATH_HOPS_MAX + 1;
	return is_doubtful(r) ? PATH_HOPS_MAX - hops_reached(r) : -1;
}

/* What tells most leads: other silence joins it, and stands for itself only without it. */
static void pass_grouped(struct context *x)
{
	for (int round = -1; round <= PATH_HOPS_MAX + 1; round++) {
		for (size_t i = 0; i < x->d->result_count; i++) {
			const struct result *r = &x->d->results[i];
			if (result_is_open(r) && r->cause != NULL && !waits_for_others(r) &&
				!is_beyond_the_proxy(x, r) && telling(r) == round)
				group(x, i);
		}
	}
}

static struct result *result_by_id(const struct context *x, const char *id)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (strcmp(x->d->results[i].check->id, id) == 0)
			return &x->d->results[i];
	return NULL;
}

/* The root that explains a blocked result: of what it needs, else of its host, itself or by what
 * it brought about there. */
static int explaining_root(const struct context *x, const struct result *r)
{
	for (size_t i = 0; i < r->check->needs.count; i++) {
		const struct result *needed = result_by_id(x, r->check->needs.items[i]);
		if (needed != NULL && needed->root >= 0)
			return needed->root;
	}
	for (size_t i = 0; i < x->d->root_count; i++)
		if (x->d->roots[i].verdict != VERDICT_WARN &&
			root_shares_host(x, &x->d->roots[i], r))
			return (int)i;
	for (size_t i = 0; i < x->d->root_count; i++)
		if (root_breaks_host(x, &x->d->roots[i], r))
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
			if (!result_is_open(r) || !result_has_cause(r, "run.blocked"))
				continue;
			int root = explaining_root(x, r);
			if (root >= 0) {
				root_join(x, &x->d->roots[root], i, false);
				moved = true;
			}
		}
	}
}

/* Something else went wrong, and is to be solved first. */
static bool anything_to_solve(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if ((r->verdict == VERDICT_FAIL || r->verdict == VERDICT_UNKNOWN) &&
			!result_has_cause(r, "run.blocked"))
			return true;
	}
	return false;
}

static void pass_leftover(struct context *x)
{
	bool something = anything_to_solve(x);

	for (size_t i = 0; i < x->d->result_count; i++) {
		struct result *r = &x->d->results[i];
		if (result_is_open(r) && result_has_cause(r, "run.blocked") && !something)
			r->cause = cause_find("run.undecided")->code;
	}
	for (size_t i = 0; i < x->d->result_count; i++) {
		struct result *r = &x->d->results[i];
		if (result_is_open(r) && r->cause != NULL)
			root_of_cause(x, r->cause);
	}
}

static void (*const passes[])(struct context *) = {
	pass_no_route,
	pass_gateway_silent,
	pass_missing_routes,
	pass_local_denied,
	pass_wrong_address,
	pass_captive_portal,
	pass_proxy_only,
	pass_no_internet,
	pass_interception,
	pass_clock,
	pass_certificates,
	pass_fallback,
	pass_black_hole,
	pass_rejected_questions,
	pass_rejected_hosts,
	pass_grouped,
	pass_beyond_the_proxy,
	pass_blocked,
	pass_unproven,
	pass_blocked,
	pass_leftover,
};

void passes_run(struct context *x)
{
	excuse_fallbacks(x);
	excuse_direct_ways(x);
	for (size_t i = 0; i < sizeof passes / sizeof passes[0]; i++)
		passes[i](x);
}
