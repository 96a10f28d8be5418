#include "tcp_addresses.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "route_facts.h"

struct other {
	struct tcp_addresses *all;
	struct net_addr addr;
	bool done, connected;
};

struct tcp_addresses {
	struct check_run *c;
	tcp_addresses_fn *fn;
	struct other list[TCP_ADDRESSES_MAX];
	size_t count;
};

static void tell(struct tcp_addresses *others)
{
	struct facts *facts = &others->c->facts;
	char text[NET_ADDR_STRLEN];

	json_object_del(facts->object, "silent_addresses");
	for (size_t i = 0; i < others->count; i++)
		if (!others->list[i].connected)
			facts_add(facts, "silent_addresses",
				net_addr_format(&others->list[i].addr, text));
}

static void on_result(void *arg, const struct fetch_result *result)
{
	struct other *other = arg;
	struct tcp_addresses *others = other->all;

	if (others->c->finished)
		return;
	other->done = true;
	other->connected = facts_get_bool(&result->connect, "connected", false);
	for (size_t i = 0; i < others->count; i++)
		if (!others->list[i].done)
			return;
	tell(others);
	others->fn(others->c);
}

static void collect(struct tcp_addresses *others, const struct name_address *address,
	const struct net_addr *connected)
{
	for (size_t i = 0; i < address->count && others->count < TCP_ADDRESSES_MAX; i++) {
		const struct net_addr *addr = &address->addrs[i];
		if (addr->family == connected->family && !net_addr_equal(addr, connected) &&
			route_exists(addr))
			others->list[others->count++] =
				(struct other){.all = others, .addr = *addr};
	}
}

struct tcp_addresses *tcp_addresses_begin(struct check_run *c, const struct fetch_want *want,
	const struct name_address *address, tcp_addresses_fn *fn)
{
	const char *text = facts_get_str(&c->facts, "address");
	struct net_addr connected;

	if (!facts_get_bool(&c->facts, "connected", false) || text == NULL ||
		!net_addr_parse(text, &connected))
		return NULL;
	struct tcp_addresses *others = mem_alloc(sizeof *others);
	*others = (struct tcp_addresses){.c = c, .fn = fn};
	collect(others, address, &connected);
	if (others->count == 0) {
		free(others);
		return NULL;
	}
	for (size_t i = 0; i < others->count; i++) {
		struct fetch_want one = *want;
		one.only = others->list[i].addr;
		fetch_add(run_fetches(c->run), &one, on_result, &others->list[i]);
	}
	return others;
}

void tcp_addresses_free(struct tcp_addresses *others)
{
	free(others);
}
