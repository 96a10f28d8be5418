/*
 * Passes about routers that reject. They limit how often they tell so: which of several questions
 * hears of it is chance, and must not change what is told.
 */
#include "private.h"

#include <stdio.h>
#include <string.h>

#define CODE_MAX 32

/* ---- name servers ---- */

static bool by_that_server(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	const char *rejected = facts_get_str(x->d->results[root->lead].facts, "server");
	const char *server = facts_get_str(r->facts, "server");

	return result_has_cause(r, "dns.silent") && rejected != NULL && server != NULL &&
	       strcmp(rejected, server) == 0;
}

void pass_rejected_questions(struct context *x)
{
	struct root_cause *root = root_make(x, "dns.unreachable", true);
	if (root != NULL)
		root_take_symptoms(x, root, by_that_server);
}

/* ---- hosts ---- */

static const char *text_of(const struct result *r, const char *fact)
{
	const char *text = facts_get_str(r->facts, fact);
	return text != NULL ? text : "";
}

/* The same host, over IPv4 and IPv6, or hosts that share an address. */
static bool same_end(const struct result *a, const struct result *b)
{
	const char *address = text_of(a, "address");

	if (!result_is_network(a) || !result_is_network(b))
		return false;
	return (result_host(a) != NULL && result_host(a) == result_host(b)) ||
	       (*address != '\0' && strcmp(address, text_of(b, "address")) == 0);
}

/* Somebody between terminal and host has told that nothing passes. */
static bool is_rejected_on_the_way(const struct result *r)
{
	static const char *const causes[] = {"tcp.refused", "tcp.prohibited", "tcp.unreachable",
		"udp.refused", "udp.prohibited", "udp.unreachable"};
	const char *is = text_of(r, "offender_is");

	if (!result_is_open(r) || *is == '\0' || strcmp(is, "target") == 0 ||
		strcmp(is, "self") == 0)
		return false;
	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if (result_has_cause(r, causes[i]))
			return true;
	return false;
}

static bool is_plain_silence(const struct result *r)
{
	return result_is_open(r) &&
	       (result_has_cause(r, "tcp.silent") || result_has_cause(r, "udp.silent") ||
		       result_has_cause(r, "dtls.silent"));
}

/* A router has an address of each family. */
static bool same_router(const struct result *a, const struct result *b)
{
	const char *one = text_of(a, "offender"), *other = text_of(b, "offender");
	bool families = (strchr(one, ':') == NULL) != (strchr(other, ':') == NULL);

	if (*one == '\0' || *other == '\0')
		return false;
	return families ? strcmp(text_of(a, "offender_is"), text_of(b, "offender_is")) == 0
			: strcmp(one, other) == 0;
}

static bool anything_answers(const struct context *x, const struct result *at)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (same_end(at, r) && (facts_get_bool(r->facts, "connected", false) ||
					       facts_get_bool(r->facts, "answered", false)))
			return true;
	}
	return false;
}

/* Rejected, by somebody's own word, at a host of which nothing answers. */
static bool is_shut_off(const struct context *x, const struct result *r)
{
	return is_rejected_on_the_way(r) && !anything_answers(x, r);
}

/* Silence is the same router's unless it is known to begin farther away. */
static bool by_that_router(const struct result *lead, const struct result *r)
{
	if (is_plain_silence(r))
		return (lead->segments & SEGMENT_FACILITY) == 0 ||
		       !facts_get_bool(r->facts, "path_past_facility", false);
	return is_rejected_on_the_way(r) && same_router(lead, r);
}

static bool shares_fate(const struct result *lead, const struct result *r)
{
	return same_end(lead, r) && by_that_router(lead, r);
}

/* The root's code, with the transport that comes first: TCP if it is there, notice or none. */
static const char *shared_code(const struct context *x, const struct result *lead)
{
	char code[CODE_MAX];

	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];
		if (!shares_fate(lead, r) || !result_in_family(r, "tcp."))
			continue;
		snprintf(code, sizeof code, "tcp%s", strchr(lead->cause, '.'));
		return cause_find(code)->code;
	}
	return lead->cause;
}

/* Whether something else of its host shares its fate under another name. */
static bool has_company(const struct context *x, const struct result *lead)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (shares_fate(lead, &x->d->results[i]) &&
			!result_has_cause(&x->d->results[i], lead->cause))
			return true;
	return false;
}

/* All that the router shuts off at this host and at others, and what it forbids to any. */
static void take_shut_off(struct context *x, struct root_cause *root)
{
	struct result *results = x->d->results;
	const struct result *lead = &results[root->lead];

	for (size_t i = 0; i < x->d->result_count; i++)
		if (shares_fate(lead, &results[i]))
			root_join(x, root, i, true);
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *other = &results[i];
		if (!is_shut_off(x, other) || !same_router(lead, other))
			continue;
		for (size_t k = 0; k < x->d->result_count; k++)
			if (k != i && shares_fate(other, &results[k]))
				root_join(x, root, k, true);
		root_join(x, root, i, true);
	}
	for (size_t i = 0; i < x->d->result_count; i++)
		if (is_rejected_on_the_way(&results[i]) && same_router(lead, &results[i]) &&
			result_has_cause(&results[i], root->cause))
			root_join(x, root, i, true);
}

/* TCP's notice leads where there is one. */
static size_t leading(const struct context *x, size_t first)
{
	const struct result *lead = &x->d->results[first];

	for (size_t i = first; i < x->d->result_count; i++)
		if (is_rejected_on_the_way(&x->d->results[i]) &&
			shares_fate(lead, &x->d->results[i]) &&
			result_in_family(&x->d->results[i], "tcp."))
			return i;
	return first;
}

/* Where nothing of a host answers and a router has told so of some, it rejects all of it. */
void pass_rejected_hosts(struct context *x)
{
	for (size_t i = 0; i < x->d->result_count; i++) {
		const struct result *r = &x->d->results[i];

		if (!is_shut_off(x, r) || !has_company(x, r))
			continue;
		size_t lead = leading(x, i);
		struct root_cause *root = root_new(x, shared_code(x, r), lead);
		root->segments = x->d->results[lead].segments;
		take_shut_off(x, root);
	}
}
