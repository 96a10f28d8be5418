/*
 * Passes about causes that explain most of what fails: no route, a portal, a proxy as the only way
 * out, no Internet. They take what goes the same way, and leave what is the terminal's own.
 */
#include "private.h"

#include <string.h>

/* ---- symptom tests ---- */

static bool any_network(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	(void)x;
	(void)root;
	return result_is_network(r) && (result_is_path_problem(r) || result_in_family(r, "tls.") ||
					       result_in_family(r, "http."));
}

/* Which DNS servers and routes the terminal has is its own setting: no outage changes that. */
static bool any_path(const struct context *x, const struct root_cause *root, const struct result *r)
{
	(void)x;
	(void)root;
	return result_is_network(r) && result_is_path_problem(r) &&
	       !result_has_cause(r, "dns.no-server") && !result_has_cause(r, "net.no-route-host") &&
	       !result_has_cause(r, "net.no-route-family");
}

/* ---- passes ---- */

/* Without a way out nothing is heard; what was heard all the same (a certificate) stays. */
static bool by_no_way(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	return any_network(x, root, r) && !facts_get_bool(r->facts, "handshake", false) &&
	       !result_has_cause(r, "dns.no-server");
}

void pass_no_route(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "net.no-route");
	if (root != NULL)
		root_take_symptoms(x, root, by_no_way);
}

/* A server's silence that the same gateway, or the same missing route, explains. */
static bool by_the_way(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	bool silent = facts_get_bool(r->facts, "gateway_silent", false);

	if (result_has_cause(r, "dns.no-server") || !result_is_network(r))
		return false;
	return silent ||
	       (!x->outside && (any_path(x, root, r) || result_in_family(r, "net.no-route"))) ||
	       (result_has_cause(r, "run.blocked") && root_shares_host(x, root, r));
}

/* Where no name can be resolved, only the silence of the DNS servers tells of the gateway. */
static struct root_cause *gateway_by_servers(struct context *x)
{
	for (size_t i = 0; !x->outside && i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (!result_is_open(r) || !facts_get_bool(r->facts, "gateway_silent", false) ||
			facts_get_str(r->facts, "gateway") == NULL)
			continue;
		struct root_cause *root = root_new(x, "net.gateway-silent", i);
		root_join(x, root, i, true);
		return root;
	}
	return NULL;
}

void pass_gateway_silent(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "net.gateway-silent");

	if (root == NULL)
		root = root_of_cause(x, "net.on-link");
	if (root == NULL)
		root = gateway_by_servers(x);
	if (root != NULL)
		root_take_symptoms(x, root, by_the_way);
}

/*
 * The terminal's own routes to single hosts, or of one family: what needs those hosts fails for
 * it, and so does a server of names that has no route.
 */
static bool by_missing_route(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	bool name = result_in_family(r, "dns.") && facts_has(r->facts, "no_route") &&
		    (result_has_cause(r, "dns.silent") || result_has_cause(r, "dns.unreachable"));

	return name || (result_has_cause(r, "run.blocked") && root_shares_host(x, root, r));
}

void pass_missing_routes(struct context *x)
{
	static const char *const codes[] = {"net.no-route-family", "net.no-route-host"};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		struct root_cause *root = root_of_cause(x, codes[i]);
		if (root != NULL)
			root_take_symptoms(x, root, by_missing_route);
	}
}

/* The first open network result that tells of the path itself, or result_count. */
static size_t first_path_problem(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (result_is_open(r) && any_path(x, NULL, r) &&
			!result_has_cause(r, "run.blocked"))
			return i;
	}
	return x->d->result_count;
}

static void root_over_paths(struct context *x, const char *code, size_t lead, result_test *test)
{
	struct root_cause *root = root_new(x, code, lead);

	root->verdict = VERDICT_WARN;
	root_take_symptoms(x, root, test);
}

static bool is_udp(const struct result *r)
{
	return result_is_type(r, "ike") || result_is_type(r, "ike-mtu") ||
	       result_is_type(r, "dtls");
}

/* Where some UDP gets out directly, a proxy is no reason for what of it does not, names included.
 */
static bool path_that_needs_the_proxy(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	bool udp_passes = false;

	for (size_t i = 0; i < x->d->result_count; i++)
		udp_passes = udp_passes ||
			     (is_udp(&x->d->results[i]) && result_is_alive(&x->d->results[i]));
	return any_path(x, root, r) && !(udp_passes && (is_udp(r) || result_in_family(r, "dns.")));
}

/* Something beyond the facility was spoken to; a DNS answer may be the facility's own. */
static bool a_direct_connection_stands(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if ((result_is_type(r, "tcp") || result_is_type(r, "tls")) && result_is_alive(r))
			return true;
	}
	return false;
}

/* A proxy that opens the way, or would for who signs in (407, RFC 9110 section 15.5.8). */
static bool is_a_way_out(const struct result *r)
{
	return result_is_type(r, "proxy") &&
	       (facts_get_bool(r->facts, "proxy_works", false) ||
		       facts_get_int(r->facts, "proxy_status", 0) == 407);
}

void pass_proxy_only(struct context *x)
{
	size_t lead = 0;

	while (lead < x->d->result_count && !is_a_way_out(&x->d->results[lead]))
		lead++;
	if (lead == x->d->result_count || a_direct_connection_stands(x) ||
		first_path_problem(x) == x->d->result_count)
		return;
	root_over_paths(x, "net.proxy-only", lead, path_that_needs_the_proxy);
	for (size_t i = lead; i < x->d->result_count; i++)
		if (is_a_way_out(&x->d->results[i]) && result_is_open(&x->d->results[i]))
			root_join(x, &x->d->roots[x->d->root_count - 1], i, true);
}

/* How many checks asked something of the Internet. One alone proves nothing about the rest. */
static size_t internet_checks(const struct context *x)
{
	size_t count = 0;

	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		const struct rule_host *host = result_host(r);
		count += result_is_network(r) && host != NULL && !host->internal &&
			 r->state == RUN_FINISHED &&
			 (result_is_type(r, "dns") || result_is_type(r, "tcp") ||
				 result_is_type(r, "ike"));
	}
	return count;
}

/* Something beyond the facility was spoken to; a DNS answer may be the facility's own. */
static bool anybody_outside(const struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (!result_is_type(&x->d->results[i], "dns") && result_is_alive(&x->d->results[i]))
			return true;
	return false;
}

/*
 * A portal's own page on the plain port, without a redirect. The host itself might serve one, so it
 * counts only where nothing beyond the facility can be spoken to.
 */
static struct root_cause *portal_by_its_page(struct context *x)
{
	if (anybody_outside(x) || internet_checks(x) < 2)
		return NULL;
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (!result_is_open(r) || !result_is_type(r, "captive") ||
			facts_get_int(r->facts, "plain_status", 0) != 200)
			continue;
		struct root_cause *root = root_new(x, "http.captive-portal", i);
		root_join(x, root, i, true);
		return root;
	}
	return NULL;
}

void pass_captive_portal(struct context *x)
{
	struct root_cause *root = root_of_cause(x, "http.captive-portal");

	if (root == NULL)
		root = portal_by_its_page(x);
	if (root != NULL)
		root_take_symptoms(x, root, any_network);
}

void pass_no_internet(struct context *x)
{
	size_t lead = first_path_problem(x);

	if (!x->outside && internet_checks(x) >= 2 && lead < x->d->result_count)
		root_over_paths(x, "net.no-internet", lead, any_path);
}
