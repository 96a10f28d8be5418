/* Names against a DNS server on 127.0.0.1: what each behaviour of a server is told as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <ares.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dns_mock.h"
#include "engine/names_private.h"
#include "mem.h"

#define NAME     "sec.example.jp"
#define V4       "198.18.0.1"
#define V4_OTHER "198.18.0.2"
#define V4_OS    "198.18.0.3"
#define V4_DOC   "198.18.0.4"
#define V4_HOSTS "198.18.0.5"
#define V4_AD    "198.18.0.6"
#define LONG     20.0 /* seconds; what is waited for comes first, however slow the machine */
#define V6       "2001:db8::1"

/* ---- the OS resolver's part is played ---- */

static void os_positive(const char *name, struct os_resolve_result *result)
{
	result->status = strcmp(name, NAME) == 0 ? OS_RESOLVE_OK : OS_RESOLVE_ERROR;
	result->addrs = mem_alloc(2 * sizeof result->addrs[0]);
	result->addr_count = (size_t)net_addr_parse(V6, &result->addrs[0]) +
			     (size_t)net_addr_parse(V4_OS, &result->addrs[1]);
}

static void os_negative(const char *name, struct os_resolve_result *result)
{
	(void)name;
	result->status = OS_RESOLVE_NOT_FOUND;
	result->code = -2;
}

/* Longer than anybody waits here. */
static void os_hanging(const char *name, struct os_resolve_result *result)
{
	struct timespec wait = {.tv_sec = 10};

	(void)name;
	nanosleep(&wait, NULL);
	result->status = OS_RESOLVE_TEMPORARY;
}

/* ---- the world of one test ---- */

struct world {
	struct loop *loop;
	struct terminal terminal;
	struct dns_server servers[4];
	struct hosts_entry entry;
	struct dns_mock mocks[3];
	size_t mock_count;
	struct names *names;
	struct rule_host host;
	struct net_addr documented;
	struct name_address address;
	struct name_facts facts;
	double address_at, complete_at;
	unsigned address_calls, complete_calls;
};

static void add_server(struct world *w, uint16_t port)
{
	struct dns_server *server = &w->servers[w->terminal.dns.count++];

	assert_true(net_addr_parse("127.0.0.1", &server->addr));
	server->port = port;
	w->terminal.dns.items = w->servers;
	w->terminal.dns_known = true;
}

static struct dns_mock *add_mock(struct world *w, enum dns_mock_mode mode, const char *a, bool tcp)
{
	struct dns_mock *mock = &w->mocks[w->mock_count++];

	*mock = (struct dns_mock){.mode = mode, .name = NAME, .a = a};
	dns_mock_start(mock, w->loop, tcp);
	add_server(w, mock->port);
	return mock;
}

static void begin(struct world *w)
{
	memset(w, 0, sizeof *w);
	w->loop = loop_new();
	w->host.name = mem_strdup(NAME);
}

static void documented(struct world *w)
{
	assert_true(net_addr_parse(V4_DOC, &w->documented));
	w->host.addresses = &w->documented;
	w->host.address_count = 1;
}

static void make_names(struct world *w, void (*resolve)(const char *, struct os_resolve_result *))
{
	w->names = names_new(w->loop, &w->terminal);
	w->names->resolve = resolve;
	w->names->times = (struct names_times){.patience = LONG,
		.budget = LONG,
		.grace = LONG,
		.silence = LONG,
		.late = 0.2,
		.os_least = LONG,
		.os_factor = 1};
}

/* For what is decided by waiting in vain; longer when an answer has to come meanwhile. */
static void shorten(struct world *w, double seconds)
{
	w->names->times.budget = seconds * 1.2;
	w->names->times.patience = w->names->times.silence = seconds;
}

static void on_address(void *arg, const struct name_address *address)
{
	struct world *w = arg;

	w->address = *address;
	w->address_at = loop_now(w->loop);
	w->address_calls++;
}

static void on_complete(void *arg, const struct name_facts *facts)
{
	struct world *w = arg;

	assert_int_equal(w->address_calls, 1); /* the address is told first */
	w->facts = *facts;
	w->complete_at = loop_now(w->loop);
	w->complete_calls++;
}

static void run(struct world *w, bool probe)
{
	names_address(w->names, &w->host, on_address, w);
	names_complete(w->names, &w->host, probe, on_complete, w);
	while (w->complete_calls == 0 && loop_now(w->loop) < 30)
		loop_step(w->loop, 30);
	assert_int_equal(w->complete_calls, 1);
	assert_int_equal(w->address_calls, 1);
}

static void end(struct world *w)
{
	names_free(w->names);
	for (size_t i = 0; i < w->mock_count; i++)
		dns_mock_stop(&w->mocks[i]);
	loop_free(w->loop);
	free(w->host.name);
}

static void expect_address(const struct world *w, enum name_via via, size_t at, const char *text)
{
	char buf[NET_ADDR_STRLEN];

	assert_string_equal(name_via_name(w->address.via), name_via_name(via));
	assert_true(w->address.count > at);
	assert_string_equal(net_addr_format(&w->address.addrs[at], buf), text);
}

static void expect_outcome(const struct world *w, size_t reply, enum dns_outcome outcome)
{
	assert_true(w->facts.reply_count > reply);
	assert_string_equal(
		dns_outcome_name(w->facts.replies[reply].outcome), dns_outcome_name(outcome));
}

/* ---- one server, each behaviour ---- */

#define ANY_RCODE (-2) /* c-ares 1.34 keeps a packet to itself that it cannot read */

struct behaviour {
	enum dns_mock_mode mode;
	bool tcp;
	enum dns_outcome a, aaaa;
	int rcode; /* of the A question */
	bool truncated;
	enum name_via via; /* with an OS resolver that says no and a documented address */
};

static const struct behaviour behaviours[] = {
	{MOCK_ANSWER, true, DNS_ANSWER, DNS_ANSWER, 0, false, NAME_VIA_DNS},
	{MOCK_CNAME, true, DNS_ANSWER, DNS_ANSWER, 0, false, NAME_VIA_DNS},
	{MOCK_NXDOMAIN, true, DNS_NXDOMAIN, DNS_NXDOMAIN, 3, false, NAME_VIA_DOCUMENTED},
	{MOCK_NODATA, true, DNS_NODATA, DNS_NODATA, 0, false, NAME_VIA_DOCUMENTED},
	{MOCK_SERVFAIL, true, DNS_SERVFAIL, DNS_SERVFAIL, 2, false, NAME_VIA_DOCUMENTED},
	{MOCK_REFUSED, true, DNS_REFUSED, DNS_REFUSED, 5, false, NAME_VIA_DOCUMENTED},
	{MOCK_NOTIMP, true, DNS_OTHER_RCODE, DNS_OTHER_RCODE, 4, false, NAME_VIA_DOCUMENTED},
	{MOCK_SILENT, true, DNS_SILENT, DNS_SILENT, -1, false, NAME_VIA_DOCUMENTED},
	{MOCK_TRUNCATE, true, DNS_ANSWER, DNS_ANSWER, 0, true, NAME_VIA_DNS},
	{MOCK_TRUNCATE, false, DNS_UNREACHABLE, DNS_UNREACHABLE, -1, true, NAME_VIA_DOCUMENTED},
	{MOCK_TRUNCATE_SILENT, true, DNS_SILENT, DNS_SILENT, -1, true, NAME_VIA_DOCUMENTED},
	{MOCK_WRONG_ID, true, DNS_SILENT, DNS_SILENT, -1, false, NAME_VIA_DOCUMENTED},
	{MOCK_CUT, true, DNS_MALFORMED, DNS_MALFORMED, ANY_RCODE, false, NAME_VIA_DOCUMENTED},
	{MOCK_A_SILENT, true, DNS_SILENT, DNS_ANSWER, -1, false, NAME_VIA_DNS},
	{MOCK_AAAA_SILENT, true, DNS_ANSWER, DNS_SILENT, 0, false, NAME_VIA_DNS},
};

static void test_behaviours(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof behaviours / sizeof behaviours[0]; i++) {
		const struct behaviour *b = &behaviours[i];
		struct world w;
		begin(&w);
		documented(&w);
		add_mock(&w, b->mode, V4, b->tcp)->aaaa = V6;
		make_names(&w, os_negative);
		if (b->a == DNS_SILENT || b->aaaa == DNS_SILENT)
			shorten(&w, b->aaaa == b->a && !b->truncated ? 0.3 : 1.0);
		run(&w, false);
		print_message("behaviour %d\n", (int)b->mode);
		expect_outcome(&w, 0, b->a);
		expect_outcome(&w, 1, b->aaaa);
		if (b->rcode != ANY_RCODE)
			assert_int_equal(w.facts.replies[0].rcode, b->rcode);
		assert_int_equal(w.facts.replies[0].truncated, b->truncated);
		expect_address(&w, b->via, 0,
			b->via != NAME_VIA_DNS ? V4_DOC
			: b->a == DNS_ANSWER   ? V4
					       : V6);
		assert_true(w.facts.os_done);
		assert_int_equal(w.facts.os.status, OS_RESOLVE_NOT_FOUND);
		end(&w);
	}
}

/* Three bytes: ignored by c-ares 1.18, told by 1.34. */
static void test_short_packet(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	add_mock(&w, MOCK_SHORT, V4, true);
	make_names(&w, os_negative);
	shorten(&w, 0.3);
	run(&w, false);
	assert_true(w.facts.replies[0].outcome == DNS_SILENT ||
		    w.facts.replies[0].outcome == DNS_MALFORMED);
	assert_int_equal(w.facts.replies[0].rcode, -1);
	assert_int_equal(w.address.via, NAME_VIA_NONE);
	assert_int_equal(w.address.count, 0);
	end(&w);
}

static void test_port_closed(void **state)
{
	static const char *const loopbacks[] = {"127.0.0.1", "::1"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct world w;
		begin(&w);
		add_server(&w, dns_mock_closed_port());
		assert_true(net_addr_parse(loopbacks[i], &w.servers[0].addr));
		make_names(&w, os_negative);
		run(&w, false);
		expect_outcome(&w, 0, DNS_UNREACHABLE);
		expect_outcome(&w, 1, DNS_UNREACHABLE);
		/* the question went out: not a server list that c-ares could not read */
		assert_int_equal(w.facts.replies[0].ares_status, ARES_ECONNREFUSED);
		assert_int_equal(w.address.via, NAME_VIA_NONE);
		end(&w);
	}
}

/* What Windows lists when an adapter has no IPv6 DNS server, and a link-local one without a zone.
 */
static void test_servers_that_cannot_be_asked(void **state)
{
	static const char *const useless[] = {"fec0:0:0:ffff::1", "fe80::1"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct world w;
		begin(&w);
		add_server(&w, 53);
		assert_true(net_addr_parse(useless[i], &w.servers[0].addr));
		make_names(&w, os_positive);
		assert_int_equal(w.names->server_count, 0);
		run(&w, true);
		expect_address(&w, NAME_VIA_OS, 0, V4_OS);
		end(&w);
	}
}

static void test_flags_and_time(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	struct dns_mock *mock = add_mock(&w, MOCK_ANSWER, V4, true);
	make_names(&w, os_negative);
	run(&w, false);
	assert_true(w.facts.replies[0].recursion_available);
	assert_false(w.facts.replies[0].authoritative);
	assert_true(w.facts.replies[0].ms >= 0 && w.facts.replies[0].ms < 30000);
	expect_outcome(&w, 1, DNS_NODATA);
	assert_int_equal(mock->asked_a, 1); /* nothing is asked twice */
	assert_int_equal(mock->asked_aaaa, 1);
	assert_int_equal(mock->asked_other, 0);
	assert_int_equal(mock->asked_tcp, 0);
	end(&w);
}

static void test_truncated_by_tcp(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	struct dns_mock *mock = add_mock(&w, MOCK_TRUNCATE, V4, true);
	make_names(&w, os_negative);
	run(&w, true);
	expect_outcome(&w, 0, DNS_ANSWER);
	assert_int_equal(mock->asked_tcp, 3); /* A, AAAA, the random label */
	assert_int_equal(w.facts.probes[0].outcome, DNS_NXDOMAIN);
	assert_true(w.facts.probes[0].truncated);
	end(&w);
}

/* ---- several servers ---- */

static void test_first_server_is_used(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	add_mock(&w, MOCK_ANSWER, V4, true)->aaaa = V6;
	add_mock(&w, MOCK_ANSWER, V4_OTHER, true);
	make_names(&w, os_positive);
	run(&w, false);
	expect_address(&w, NAME_VIA_DNS, 0, V4);
	for (size_t i = 0; i < w.address.count; i++)
		assert_true(i == 0 || w.address.addrs[i].family == 6);
	expect_outcome(&w, 2, DNS_ANSWER);
	end(&w);
}

static void test_second_server_after_silence(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	documented(&w);
	add_mock(&w, MOCK_SILENT, V4, true);
	add_mock(&w, MOCK_ANSWER, V4_OTHER, true);
	make_names(&w, os_negative);
	w.names->times.silence = 1.0;
	w.names->times.grace = 0.05;
	run(&w, false);
	expect_address(&w, NAME_VIA_DNS, 0, V4_OTHER);
	expect_outcome(&w, 0, DNS_SILENT);
	expect_outcome(&w, 2, DNS_ANSWER);
	assert_true(w.address_at < w.complete_at); /* it does not wait for the dead one */
	end(&w);
}

static void test_second_server_after_no(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	add_mock(&w, MOCK_NXDOMAIN, V4, true);
	add_mock(&w, MOCK_ANSWER, V4_OTHER, true);
	make_names(&w, os_negative);
	run(&w, false);
	expect_address(&w, NAME_VIA_DNS, 0, V4_OTHER);
	expect_outcome(&w, 0, DNS_NXDOMAIN);
	end(&w);
}

static void test_server_list(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	uint16_t first = add_mock(&w, MOCK_ANSWER, V4, true)->port;
	add_server(&w, first); /* twice the same */
	uint16_t second = add_mock(&w, MOCK_ANSWER, V4, true)->port;
	make_names(&w, os_negative);
	assert_int_equal(w.names->server_count, 2);
	assert_int_equal(w.names->servers[1].port, second);
	run(&w, false);
	assert_int_equal(w.facts.reply_count, 4);
	assert_int_equal(w.facts.replies[0].type, 1);
	assert_int_equal(w.facts.replies[1].type, 28);
	assert_int_equal(w.facts.replies[2].port, second);
	end(&w);
}

/* Nobody is made to wait when everything has said no. */
static void test_documented_at_once(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	documented(&w);
	add_mock(&w, MOCK_NXDOMAIN, V4, true);
	make_names(&w, os_negative);
	names_address(w.names, &w.host, on_address, &w);
	while (w.address_calls == 0 && loop_now(w.loop) < LONG / 2)
		loop_step(w.loop, LONG / 2);
	expect_address(&w, NAME_VIA_DOCUMENTED, 0, V4_DOC);
	end(&w);
}

/* ---- other sources ---- */

static void test_os_when_dns_says_no(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	documented(&w);
	add_mock(&w, MOCK_NXDOMAIN, V4, true);
	make_names(&w, os_positive);
	run(&w, false);
	expect_address(&w, NAME_VIA_OS, 0, V4_OS);
	expect_address(&w, NAME_VIA_OS, 1, V6);
	end(&w);
}

static void test_os_without_servers(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	make_names(&w, os_positive);
	run(&w, true);
	expect_address(&w, NAME_VIA_OS, 0, V4_OS);
	assert_int_equal(w.facts.reply_count, 0);
	assert_int_equal(w.facts.probe_count, 0);
	assert_string_equal(w.facts.probe_name, "");
	assert_false(w.names->library); /* no question, no c-ares */
	end(&w);
}

static void test_os_hangs(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	add_mock(&w, MOCK_ANSWER, V4, true);
	make_names(&w, os_hanging);
	w.names->times.os_least = 0.2;
	run(&w, false);
	expect_address(&w, NAME_VIA_DNS, 0, V4);
	assert_false(w.facts.os_done);
	end(&w);
}

static void test_hosts_file(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	w.entry = (struct hosts_entry){.name = (char *)(uintptr_t)NAME, .line = 7};
	assert_true(net_addr_parse(V4_HOSTS, &w.entry.addr));
	w.terminal.hosts = &w.entry;
	w.terminal.host_count = 1;
	free(w.host.name);
	w.host.name = mem_strdup("SEC.Example.jp");
	struct dns_mock *mock = add_mock(&w, MOCK_ANSWER, V4, true);
	make_names(&w, os_negative);
	names_address(w.names, &w.host, on_address, &w);
	assert_int_equal(w.address_calls, 1); /* at once */
	expect_address(&w, NAME_VIA_HOSTS, 0, V4_HOSTS);
	names_complete(w.names, &w.host, false, on_complete, &w);
	while (w.complete_calls == 0 && loop_now(w.loop) < 30)
		loop_step(w.loop, 30);
	assert_int_equal(w.facts.hosts_count, 1);
	assert_int_equal(w.facts.hosts_lines[0], 7);
	expect_outcome(&w, 0, DNS_ANSWER); /* DNS is asked all the same */
	assert_int_equal(mock->asked_a, 1);
	end(&w);
}

static void test_literal(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	free(w.host.name);
	w.host.name = mem_strdup(V4);
	add_server(&w, dns_mock_closed_port());
	make_names(&w, os_negative);
	run(&w, true);
	expect_address(&w, NAME_VIA_LITERAL, 0, V4);
	assert_int_equal(w.facts.reply_count, 0);
	assert_false(w.names->library);
	end(&w);
}

/* ---- random labels ---- */

static void test_probe(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	struct dns_mock *mock = add_mock(&w, MOCK_ANSWER, V4, true);
	make_names(&w, os_negative);
	run(&w, true);
	assert_int_equal(w.facts.probe_count, 1);
	assert_int_equal(w.facts.probes[0].outcome, DNS_NXDOMAIN);
	assert_string_equal(mock->other, w.facts.probe_name);
	assert_int_equal(strlen(w.facts.probe_name), 20 + strlen(".example.jp"));
	assert_string_equal(w.facts.probe_name + 20, ".example.jp");
	assert_int_equal(strspn(w.facts.probe_name, "abcdefghijklmnopqrstuvwxyz0123456789"), 20);
	end(&w);
}

static void test_probe_wildcard(void **state)
{
	struct world w;
	char buf[NET_ADDR_STRLEN], zone[] = "zone.test";

	(void)state;
	begin(&w);
	w.host.zone = zone;
	add_mock(&w, MOCK_ANSWER, V4, true)->wildcard = V4_AD;
	make_names(&w, os_negative);
	run(&w, true);
	assert_string_equal(w.facts.probe_name + 20, ".zone.test");
	assert_int_equal(w.facts.probes[0].outcome, DNS_ANSWER);
	assert_string_equal(net_addr_format(&w.facts.probes[0].addrs[0], buf), V4_AD);
	end(&w);
}

static void on_other(void *arg, const struct name_facts *facts)
{
	const struct name_facts **out = arg;
	*out = facts;
}

static void test_probe_is_shared(void **state)
{
	struct world w;
	char other_name[] = "mio.example.jp";
	struct rule_host other = {.name = other_name};
	const struct name_facts *facts = NULL;

	(void)state;
	begin(&w);
	struct dns_mock *mock = add_mock(&w, MOCK_ANSWER, V4, true);
	make_names(&w, os_negative);
	names_complete(w.names, &other, true, on_other, &facts);
	run(&w, true);
	while (facts == NULL && loop_now(w.loop) < 30)
		loop_step(w.loop, 30);
	assert_non_null(facts);
	assert_string_equal(facts->probe_name, w.facts.probe_name);
	assert_int_equal(mock->asked_other, 3); /* one label; A and AAAA of the other name */
	end(&w);
}

/* ---- many names, and an early end ---- */

#define MANY 300

static void count_answer(void *arg, const struct name_facts *facts)
{
	unsigned *answers = arg;

	assert_int_equal(facts->reply_count, 2);
	*answers += facts->replies[0].outcome == DNS_ANSWER;
}

static void test_many_names(void **state)
{
	struct world w;
	static struct rule_host hosts[MANY];
	static char texts[MANY][32];
	unsigned answers = 0;

	(void)state;
	begin(&w);
	struct dns_mock *mock = add_mock(&w, MOCK_ANSWER, V4, true);
	mock->wildcard = V4_OTHER;
	make_names(&w, os_negative);
	for (size_t i = 0; i < MANY; i++) {
		snprintf(texts[i], sizeof texts[i], "n%zu.example.jp", i);
		hosts[i].name = texts[i];
		names_complete(w.names, &hosts[i], false, count_answer, &answers);
	}
	assert_int_equal(w.names->servers[0].in_flight, NAMES_IN_FLIGHT_MAX);
	while (answers < MANY && loop_now(w.loop) < 30)
		loop_step(w.loop, 30);
	assert_int_equal(answers, MANY);
	assert_int_equal(w.names->servers[0].in_flight, 0);
	end(&w);
}

static void test_peek_and_early_end(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	add_mock(&w, MOCK_SILENT, V4, true);
	make_names(&w, os_hanging);
	assert_null(names_peek(w.names, &w.host));
	names_address(w.names, &w.host, on_address, &w);
	names_complete(w.names, &w.host, true, on_complete, &w);
	loop_step(w.loop, 0);
	const struct name_facts *facts = names_peek(w.names, &w.host);
	assert_non_null(facts);
	assert_int_equal(facts->replies[0].outcome, DNS_PENDING);
	end(&w);
	assert_int_equal(w.address_calls + w.complete_calls, 0);
}

static void test_asks_again_later(void **state)
{
	struct world w;
	const struct name_facts *facts = NULL;

	(void)state;
	begin(&w);
	struct dns_mock *mock = add_mock(&w, MOCK_ANSWER, V4, true);
	make_names(&w, os_negative);
	run(&w, false);
	names_complete(w.names, &w.host, false, on_other, &facts);
	assert_non_null(facts); /* at once, from what is known */
	assert_int_equal(mock->asked_a, 1);
	end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_behaviours),
		cmocka_unit_test(test_short_packet),
		cmocka_unit_test(test_port_closed),
		cmocka_unit_test(test_servers_that_cannot_be_asked),
		cmocka_unit_test(test_flags_and_time),
		cmocka_unit_test(test_truncated_by_tcp),
		cmocka_unit_test(test_first_server_is_used),
		cmocka_unit_test(test_second_server_after_silence),
		cmocka_unit_test(test_second_server_after_no),
		cmocka_unit_test(test_server_list),
		cmocka_unit_test(test_documented_at_once),
		cmocka_unit_test(test_os_when_dns_says_no),
		cmocka_unit_test(test_os_without_servers),
		cmocka_unit_test(test_os_hangs),
		cmocka_unit_test(test_hosts_file),
		cmocka_unit_test(test_literal),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_probe_wildcard),
		cmocka_unit_test(test_probe_is_shared),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_peek_and_early_end),
		cmocka_unit_test(test_asks_again_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
