/* The world of one test of names: see names_world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"
#include "names_world.h"

void os_positive(const char *name, struct os_resolve_result *result)
{
	result->status = strcmp(name, NAME) == 0 ? OS_RESOLVE_OK : OS_RESOLVE_ERROR;
	result->addrs = mem_alloc(2 * sizeof result->addrs[0]);
	result->addr_count = (size_t)net_addr_parse(V6, &result->addrs[0]) +
			     (size_t)net_addr_parse(V4_OS, &result->addrs[1]);
}

void os_negative(const char *name, struct os_resolve_result *result)
{
	(void)name;
	result->status = OS_RESOLVE_NOT_FOUND;
	result->code = -2;
}

void os_hanging(const char *name, struct os_resolve_result *result)
{
	struct timespec wait = {.tv_sec = 10};

	(void)name;
	nanosleep(&wait, NULL);
	result->status = OS_RESOLVE_TEMPORARY;
}

void world_add_server(struct world *w, uint16_t port)
{
	struct dns_server *server = &w->servers[w->terminal.dns.count++];

	assert_true(net_addr_parse("127.0.0.1", &server->addr));
	server->port = port;
	w->terminal.dns.items = w->servers;
	w->terminal.dns_known = true;
}

struct dns_mock *world_add_mock(struct world *w, enum dns_mock_mode mode, const char *a, bool tcp)
{
	struct dns_mock *mock = &w->mocks[w->mock_count++];

	*mock = (struct dns_mock){.mode = mode, .name = NAME, .a = a};
	dns_mock_start(mock, w->loop, tcp);
	world_add_server(w, mock->port);
	return mock;
}

void world_begin(struct world *w)
{
	memset(w, 0, sizeof *w);
	w->loop = loop_new();
	w->host.name = mem_strdup(NAME);
}

void world_document(struct world *w)
{
	assert_true(net_addr_parse(V4_DOC, &w->documented));
	w->host.addresses = &w->documented;
	w->host.address_count = 1;
}

void world_make_names(struct world *w, void (*resolve)(const char *, struct os_resolve_result *))
{
	w->names = names_new(w->loop, &w->terminal);
	w->names->resolve = resolve;
	w->names->ipv4_first = false;
	w->names->times = (struct names_times){.patience = LONG,
		.budget = LONG,
		.grace = LONG,
		.silence = LONG,
		.late = 0.2,
		.os_least = LONG,
		.os_factor = 1,
		.os_limit = LONG,
		.os_beside = LONG,
		.again = LONG,
		.lapse = LONG,
		.spread = 100 * LONG};
}

void world_shorten(struct world *w, double seconds)
{
	w->names->times.budget = seconds * 1.2;
	w->names->times.patience = w->names->times.silence = seconds;
}

void world_on_address(void *arg, const struct name_address *address)
{
	struct world *w = arg;

	w->address = *address;
	w->address_at = loop_now(w->loop);
	w->address_calls++;
}

void world_on_complete(void *arg, const struct name_facts *facts)
{
	struct world *w = arg;

	assert_int_equal(w->address_calls, 1); /* the address is told first */
	w->facts = *facts;
	w->complete_at = loop_now(w->loop);
	w->complete_calls++;
}

void world_run(struct world *w, bool probe)
{
	names_address(w->names, &w->host, world_on_address, w);
	names_complete(w->names, &w->host, probe, world_on_complete, w);
	while (w->complete_calls == 0 && loop_now(w->loop) < 30)
		loop_step(w->loop, 30);
	assert_int_equal(w->complete_calls, 1);
	assert_int_equal(w->address_calls, 1);
}

void world_end(struct world *w)
{
	names_free(w->names);
	for (size_t i = 0; i < w->mock_count; i++)
		dns_mock_stop(&w->mocks[i]);
	loop_free(w->loop);
	free(w->host.name);
}

void expect_address(const struct world *w, enum name_via via, size_t at, const char *text)
{
	char buf[NET_ADDR_STRLEN];

	assert_string_equal(name_via_name(w->address.via), name_via_name(via));
	assert_true(w->address.count > at);
	assert_string_equal(net_addr_format(&w->address.addrs[at], buf), text);
}

void expect_outcome(const struct world *w, size_t reply, enum dns_outcome outcome)
{
	assert_true(w->facts.reply_count > reply);
	assert_string_equal(
		dns_outcome_name(w->facts.replies[reply].outcome), dns_outcome_name(outcome));
}
