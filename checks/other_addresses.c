#include "other_addresses.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "route_facts.h"
#include "rtt.h"

#define PATIENCE 5.0 /* seconds: what decides nothing holds nothing up */

struct other {
	struct other_addresses *all;
	struct net_addr addr;
	struct fetch_want want;
	const struct fetch_result *result; /* NULL: not yet */
};

struct other_addresses {
	struct check_run *c;
	enum others_depth depth;
	bool documented; /* they are the documented ones, as none that DNS gives serves */
	other_addresses_fn *fn;
	struct loop_timer timer;
	bool told;
	struct other list[OTHER_ADDRESSES_MAX];
	size_t count;
};

/* ---- what they are ---- */

static void copy_as(struct facts *to, const char *name, const struct facts *from, const char *as)
{
	json_t *value = json_object_get(from->object, as);

	if (value != NULL && !facts_has(to, name))
		json_object_set(to->object, name, value);
}

/* What is wrong with a certificate, once: of the first address. */
static void tell_bad(struct facts *facts, const struct facts *tls, const char *address)
{
	if (facts_count(facts, "bad_addresses") == 0) {
		const char *problem = facts_get_str(tls, "problem");
		facts_str(facts, "odd_problem",
			facts_get_bool(tls, "name_ok", false) && problem != NULL ? problem
										 : "name");
		copy_as(facts, "odd_issuer", tls, "issuer_cn");
		copy_as(facts, "odd_issuer", tls, "issuer");
		copy_as(facts, "odd_subject", tls, "subject");
	}
	facts_add(facts, "bad_addresses", address);
}

static bool proves(const struct facts *tls)
{
	return facts_get_bool(tls, "handshake", false) && facts_get_bool(tls, "verified", false) &&
	       facts_get_bool(tls, "name_ok", false);
}

/* The check's own connection, beside those that are better. */
static void tell_own(struct facts *facts, const struct other_addresses *others)
{
	bool better = false;

	for (size_t i = 0; i < others->count; i++)
		better = better || proves(&others->list[i].result->tls);
	if (better && facts_get_bool(facts, "handshake", false) && !proves(facts) &&
		facts_get_bool(facts, "trust", true))
		tell_bad(facts, facts, facts_get_str(facts, "address"));
}

static void tell_one(struct facts *facts, const struct other *other)
{
	const struct facts *tls = &other->result->tls;
	bool connected = facts_get_bool(&other->result->connect, "connected", false);
	char text[NET_ADDR_STRLEN];

	net_addr_format(&other->addr, text);
	if (other->all->documented) {
		if (proves(tls))
			facts_add(facts, "documented_works", text);
	} else if (other->all->depth == OTHERS_CONNECT) {
		if (!connected)
			facts_add(facts, "silent_addresses", text);
	} else if (!connected) {
		return; /* the connection's own check tells that */
	} else if (!facts_get_bool(tls, "handshake", false)) {
		facts_add(facts, "silent_addresses", text);
	} else if (proves(tls)) {
		facts_add(facts, "good_addresses", text);
	} else if (facts_get_bool(tls, "trust", true)) {
		tell_bad(facts, tls, text);
	}
}

static void tell(struct other_addresses *others)
{
	struct facts *facts = &others->c->facts;

	if (!others->documented) {
		json_object_del(facts->object, "silent_addresses");
		tell_own(facts, others);
	}
	for (size_t i = 0; i < others->count; i++)
		tell_one(facts, &others->list[i]);
}

/* ---- course ---- */

static void end(struct other_addresses *others)
{
	loop_timer_stop(run_loop(others->c->run), &others->timer);
	others->told = true;
	tell(others);
	others->fn(others->c);
}

static void on_result(void *arg, const struct fetch_result *result)
{
	struct other *other = arg;
	struct other_addresses *others = other->all;

	if (others->c->finished || others->told)
		return;
	other->result = result;
	for (size_t i = 0; i < others->count; i++)
		if (others->list[i].result == NULL)
			return;
	end(others);
}

/* Who has not answered by now is silent. */
static void on_timer(void *arg)
{
	struct other_addresses *others = arg;

	if (others->c->finished)
		return;
	for (size_t i = 0; i < others->count; i++) {
		struct other *other = &others->list[i];
		if (other->result == NULL)
			other->result = fetch_peek(run_fetches(others->c->run), &other->want);
	}
	end(others);
}

/* The other family is not waited for, except to tell whose certificate is wrong. */
static bool is_wanted(const struct other_addresses *others, const struct net_addr *addr,
	const struct net_addr *connected)
{
	const struct facts *facts = &others->c->facts;
	bool stranger = others->depth == OTHERS_TLS && !proves(facts) &&
			facts_get_bool(facts, "handshake", false);

	return !net_addr_equal(addr, connected) &&
	       (addr->family == connected->family || stranger) && route_exists(addr);
}

static void collect(struct other_addresses *others, const struct name_address *address,
	const struct net_addr *connected)
{
	for (size_t i = 0; i < address->count && others->count < OTHER_ADDRESSES_MAX; i++) {
		const struct net_addr *addr = &address->addrs[i];
		if (is_wanted(others, addr, connected))
			others->list[others->count++] =
				(struct other){.all = others, .addr = *addr};
	}
}

/* Those that the rules have, where all that DNS gives are others. */
static void collect_documented(struct other_addresses *others, const struct name_address *address,
	const struct rule_host *host)
{
	for (size_t i = 0; i < host->address_count; i++)
		for (size_t k = 0; k < address->count; k++)
			if (net_addr_equal(&host->addresses[i], &address->addrs[k]))
				return;
	for (size_t i = 0; i < host->address_count && others->count < OTHER_ADDRESSES_MAX; i++)
		if (route_exists(&host->addresses[i]))
			others->list[others->count++] =
				(struct other){.all = others, .addr = host->addresses[i]};
}

static void ask(struct other_addresses *others, const struct fetch_want *want)
{
	struct check_run *c = others->c;

	for (size_t i = 0; i < others->count; i++) {
		struct other *other = &others->list[i];
		other->want = *want;
		other->want.only = other->addr;
		fetch_add(run_fetches(c->run), &other->want, on_result, other);
	}
	loop_timer_init(&others->timer, on_timer, others);
	loop_timer_at(run_loop(c->run), &others->timer,
		loop_now(run_loop(c->run)) + PATIENCE + rtt_slack(run_rtts(c->run)));
}

/* Nobody serves where the name leads: no connection, or one on which nobody speaks TLS. */
static bool is_deserted(const struct facts *facts)
{
	const char *error = facts_get_str(facts, "error");

	if (!facts_get_bool(facts, "connected", false))
		return true;
	return error != NULL && strcmp(error, "alert") != 0 &&
	       !facts_get_bool(facts, "handshake", false) &&
	       !facts_get_bool(facts, "name_ok", false);
}

struct other_addresses *other_addresses_begin(struct check_run *c, const struct fetch_want *want,
	enum others_depth depth, other_addresses_fn *fn)
{
	const struct name_address *address = names_current(run_names(c->run), want->host);
	const char *text = facts_get_str(&c->facts, "address");
	struct net_addr tried;

	if (address == NULL || text == NULL || !net_addr_parse(text, &tried))
		return NULL;
	struct other_addresses *others = mem_alloc(sizeof *others);
	*others = (struct other_addresses){.c = c, .depth = depth, .fn = fn};
	if (facts_get_bool(&c->facts, "connected", false))
		collect(others, address, &tried);
	if (others->count == 0 && depth == OTHERS_TLS && is_deserted(&c->facts)) {
		others->documented = true;
		collect_documented(others, address, want->host);
	}
	if (others->count == 0) {
		free(others);
		return NULL;
	}
	ask(others, want);
	return others;
}

void other_addresses_free(struct other_addresses *others)
{
	if (others == NULL)
		return;
	loop_timer_stop(run_loop(others->c->run), &others->timer);
	free(others);
}
