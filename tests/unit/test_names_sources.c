/* Names from other sources, random labels, many names at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"

#include "names_world.h"

/* ---- other sources ---- */

/* Nobody is made to wait when everything has said no. */
static void test_documented_at_once(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_document(&w);
	world_add_mock(&w, MOCK_NXDOMAIN, V4, true);
	world_make_names(&w, os_negative);
	names_address(w.names, &w.host, world_on_address, &w);
	while (w.address_calls == 0 && loop_now(w.loop) < LONG / 2)
		loop_step(w.loop, LONG / 2);
	expect_address(&w, NAME_VIA_DOCUMENTED, 0, V4_DOC);
	world_end(&w);
}

static void test_os_when_dns_says_no(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_document(&w);
	world_add_mock(&w, MOCK_NXDOMAIN, V4, true);
	world_make_names(&w, os_positive);
	world_run(&w, false);
	expect_address(&w, NAME_VIA_OS, 0, V6); /* in the OS's order */
	expect_address(&w, NAME_VIA_OS, 1, V4_OS);
	world_end(&w);
}

static void test_os_without_servers(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_make_names(&w, os_positive);
	world_run(&w, true);
	expect_address(&w, NAME_VIA_OS, 0, V6);
	assert_int_equal(w.facts.reply_count, 0);
	assert_int_equal(w.facts.probe_count, 0);
	assert_string_equal(w.facts.probe_name, "");
	assert_false(w.names->library); /* no question, no c-ares */
	world_end(&w);
}

static void test_os_hangs(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_hanging);
	w.names->times.grace = 0.05;
	w.names->times.os_limit = 0.3;
	world_run(&w, false);
	expect_address(&w, NAME_VIA_DNS, 0, V4);
	assert_false(w.facts.os_done);
	world_end(&w);
}

static void give_hosts(struct world *w)
{
	w->entry = (struct hosts_entry){.name = (char *)(uintptr_t)NAME, .line = 7};
	assert_true(net_addr_parse(V4_HOSTS, &w->entry.addr));
	w->terminal.hosts = &w->entry;
	w->terminal.host_count = 1;
}

static void os_by_hosts(const char *name, struct os_resolve_result *result)
{
	(void)name;
	result->addrs = mem_alloc(sizeof result->addrs[0]);
	result->addr_count = (size_t)net_addr_parse(V4_HOSTS, &result->addrs[0]);
}

static void test_hosts_file(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	give_hosts(&w);
	free(w.host.name);
	w.host.name = mem_strdup("SEC.Example.jp");
	struct dns_mock *mock = world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_by_hosts);
	world_run(&w, false);
	expect_address(&w, NAME_VIA_HOSTS, 0, V4_HOSTS);
	assert_int_equal(w.facts.hosts_count, 1);
	assert_int_equal(w.facts.hosts_lines[0], 7);
	expect_outcome(&w, 0, DNS_ANSWER); /* DNS is asked all the same */
	assert_int_equal(mock->asked_a, 1);
	world_end(&w);
}

/* An entry that the OS does not use (nsswitch, a line that it cannot read) leads nowhere. */
static void test_hosts_file_unused(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	give_hosts(&w);
	world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_positive);
	world_run(&w, false);
	expect_address(&w, NAME_VIA_OS, 1, V4_OS);
	assert_int_equal(w.facts.hosts_count, 1);
	world_end(&w);
}

/* ---- the OS's answer comes late, or fails for the moment ---- */

static unsigned os_calls; /* by one worker at a time */

static void os_late(const char *name, struct os_resolve_result *result)
{
	struct timespec wait = {.tv_nsec = 400 * 1000 * 1000};

	nanosleep(&wait, NULL);
	os_positive(name, result);
}

static void os_at_third(const char *name, struct os_resolve_result *result)
{
	if (++os_calls < 3)
		result->status = OS_RESOLVE_TEMPORARY;
	else
		os_positive(name, result);
}

static void os_without_ipv4(const char *name, struct os_resolve_result *result)
{
	os_positive(name, result);
	if (++os_calls < 2)
		result->addr_count = 1;
}

struct finals {
	unsigned calls, changed;
};

static void on_final(void *arg, const struct rule_host *host, bool changed)
{
	struct finals *finals = arg;

	assert_string_equal(host->name, NAME);
	finals->calls++;
	finals->changed += changed;
}

static void run_until_final(struct world *w, struct finals *finals)
{
	names_on_final(w->names, on_final, finals);
	names_address(w->names, &w->host, world_on_address, w);
	assert_false(names_is_final(w->names, &w->host));
	while (finals->calls == 0 && loop_now(w->loop) < 30)
		loop_step(w->loop, 30);
	assert_true(names_is_final(w->names, &w->host));
	assert_int_equal(finals->calls, 1);
}

/* Whoever was given a server's, or the documented, address hears that the OS has another. */
static void test_os_answers_late(void **state)
{
	(void)state;
	for (int answered = 0; answered < 2; answered++) {
		struct world w;
		struct finals finals = {0};
		world_begin(&w);
		world_document(&w);
		world_add_mock(&w, answered ? MOCK_ANSWER : MOCK_SILENT, V4, true);
		world_make_names(&w, os_late);
		w.names->times.grace = w.names->times.patience = 0.05;
		run_until_final(&w, &finals);
		assert_int_equal(w.address_calls, 1);
		expect_address(&w, answered ? NAME_VIA_DNS : NAME_VIA_DOCUMENTED, 0,
			answered ? V4 : V4_DOC);
		assert_int_equal(finals.changed, 1);
		names_address(w.names, &w.host, world_on_address, &w); /* asks anew */
		expect_address(&w, NAME_VIA_OS, 1, V4_OS);
		assert_int_equal(names_current(w.names, &w.host)->count, 2);
		world_end(&w);
	}
}

static void os_same(const char *name, struct os_resolve_result *result)
{
	os_late(name, result);
	result->addr_count = 1;
	assert_true(net_addr_parse(V4, &result->addrs[0]));
}

static void test_os_confirms(void **state)
{
	struct world w;
	struct finals finals = {0};

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_same);
	w.names->times.grace = 0.05;
	run_until_final(&w, &finals);
	assert_int_equal(finals.changed, 0);
	assert_int_equal(w.address_calls, 1);
	assert_int_equal(names_current(w.names, &w.host)->via, NAME_VIA_OS);
	world_end(&w);
}

static void test_os_is_asked_again(void **state)
{
	static void (*const kinds[])(const char *, struct os_resolve_result *) = {
		os_at_third, os_without_ipv4};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct world w;
		world_begin(&w);
		world_add_mock(&w, MOCK_ANSWER, V4, true);
		os_calls = 0;
		world_make_names(&w, kinds[i]);
		world_run(&w, false);
		expect_address(&w, NAME_VIA_OS, 1, V4_OS);
		assert_int_equal(w.facts.os_asks, i == 0 ? 3 : 2);
		assert_true(w.facts.os_done);
		world_end(&w);
	}
}

static void os_failing(const char *name, struct os_resolve_result *result)
{
	(void)name;
	result->status = OS_RESOLVE_TEMPORARY;
}

/* Nor without end. */
static void test_os_keeps_failing(void **state)
{
	struct world w;

	(void)state;
	for (int known = 0; known < 2; known++) {
		world_begin(&w);
		world_add_mock(&w, known ? MOCK_ANSWER : MOCK_SERVFAIL, V4, true);
		world_make_names(&w, known ? os_negative : os_failing);
		world_run(&w, false);
		assert_true(w.facts.os_done);
		assert_int_equal(w.facts.os_asks, 6);
		world_end(&w);
	}
}

/* Its first question was lost; what tries again is answered at once. */
static void os_first_is_lost(const char *name, struct os_resolve_result *result)
{
	static unsigned calls;

	if (calls++ == 0)
		os_hanging(name, result);
	else
		os_positive(name, result);
}

static void os_slow(const char *name, struct os_resolve_result *result)
{
	struct timespec wait = {.tv_nsec = 600 * 1000 * 1000};

	nanosleep(&wait, NULL);
	os_positive(name, result);
}

/* A server answers us, so the OS is asked beside what it still waits for: the first answer counts.
 */
static void test_os_is_asked_beside(void **state)
{
	(void)state;
	for (int slow = 0; slow < 2; slow++) {
		struct world w;
		world_begin(&w);
		world_add_mock(&w, MOCK_ANSWER, V4, true);
		world_make_names(&w, slow ? os_slow : os_first_is_lost);
		w.names->times.grace = 0.01;
		w.names->times.os_beside = 0.1;
		world_run(&w, false);
		assert_true(w.facts.os_done);
		assert_int_equal(w.facts.os.addr_count, 2);
		assert_int_equal(w.facts.os_asks, slow ? 3 : 2);
		assert_true(slow ? w.facts.os_ms >= 600 : w.facts.os_ms < 90);
		assert_true(w.facts.os_quickest_ms <= w.facts.os_ms);
		world_end(&w);
	}
}

/* Without any answer there is nobody to ask again. */
static void test_os_is_not_asked_beside_silence(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_SILENT, V4, true);
	world_make_names(&w, os_hanging);
	world_shorten(&w, 0.2);
	w.names->times.os_beside = 0.02;
	w.names->times.os_least = 0.1;
	world_run(&w, false);
	assert_int_equal(w.facts.os_asks, 1);
	assert_false(w.facts.os_done);
	world_end(&w);
}

static void test_forgotten(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_positive);
	names_address(w.names, &w.host, world_on_address, &w);
	names_complete(w.names, &w.host, false, world_on_complete, &w);
	names_forget(w.names, &w);
	while (!names_is_final(w.names, &w.host) && loop_now(w.loop) < 30)
		loop_step(w.loop, 30);
	assert_int_equal(w.address_calls + w.complete_calls, 0);
	world_end(&w);
}

static void test_literal(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	free(w.host.name);
	w.host.name = mem_strdup(V4);
	world_add_server(&w, dns_mock_closed_port());
	world_make_names(&w, os_negative);
	world_run(&w, true);
	expect_address(&w, NAME_VIA_LITERAL, 0, V4);
	assert_int_equal(w.facts.reply_count, 0);
	assert_false(w.names->library);
	world_end(&w);
}

/* ---- random labels ---- */

static void test_probe(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_negative);
	world_run(&w, true);
	assert_int_equal(w.facts.probe_count, 1);
	assert_int_equal(w.facts.probes[0].outcome, DNS_NXDOMAIN);
	assert_string_equal(mock->other, w.facts.probe_name);
	assert_int_equal(strlen(w.facts.probe_name), 20 + strlen(".example.jp"));
	assert_string_equal(w.facts.probe_name + 20, ".example.jp");
	assert_int_equal(strspn(w.facts.probe_name, "abcdefghijklmnopqrstuvwxyz0123456789"), 20);
	world_end(&w);
}

static void test_probe_wildcard(void **state)
{
	struct world w;
	char buf[NET_ADDR_STRLEN], zone[] = "zone.test";

	(void)state;
	world_begin(&w);
	w.host.zone = zone;
	world_add_mock(&w, MOCK_ANSWER, V4, true)->wildcard = V4_AD;
	world_make_names(&w, os_negative);
	world_run(&w, true);
	assert_string_equal(w.facts.probe_name + 20, ".zone.test");
	assert_int_equal(w.facts.probes[0].outcome, DNS_ANSWER);
	assert_string_equal(net_addr_format(&w.facts.probes[0].addrs[0], buf), V4_AD);
	world_end(&w);
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
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_negative);
	names_complete(w.names, &other, true, on_other, &facts);
	world_run(&w, true);
	while (facts == NULL && loop_now(w.loop) < 30)
		loop_step(w.loop, 30);
	assert_non_null(facts);
	assert_string_equal(facts->probe_name, w.facts.probe_name);
	assert_int_equal(mock->asked_other, 3); /* one label; A and AAAA of the other name */
	world_end(&w);
}

/* ---- many names, and an early end ---- */

#define MANY 300

static void count_answer(void *arg, const struct name_facts *facts)
{
	unsigned *answers = arg;

	assert_int_equal(facts->reply_count, 2);
	*answers += facts->replies[0].outcome == DNS_ANSWER;
}

struct many {
	struct rule_host hosts[MANY];
	char texts[MANY][32];
};

static void ask_many(struct world *w, struct many *many, names_complete_fn *fn, void *arg)
{
	for (size_t i = 0; i < MANY; i++) {
		snprintf(many->texts[i], sizeof many->texts[i], "n%zu.example.jp", i);
		many->hosts[i].name = many->texts[i];
		names_complete(w->names, &many->hosts[i], false, fn, arg);
	}
}

static void test_many_names(void **state)
{
	struct world w;
	static struct many many;
	unsigned answers = 0;

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_ANSWER, V4, true);
	mock->wildcard = V4_OTHER;
	world_make_names(&w, os_negative);
	ask_many(&w, &many, count_answer, &answers);
	assert_int_equal(w.names->servers[0].in_flight, NAMES_IN_FLIGHT_MAX);
	while (answers < MANY && loop_now(w.loop) < 30)
		loop_step(w.loop, 30);
	assert_int_equal(answers, MANY);
	assert_int_equal(w.names->servers[0].in_flight, 0);
	world_end(&w);
}

struct ends {
	unsigned names, silent, pending;
};

static void count_end(void *arg, const struct name_facts *facts)
{
	struct ends *ends = arg;

	ends->names++;
	for (size_t i = 0; i < facts->reply_count; i++) {
		ends->silent += facts->replies[i].outcome == DNS_SILENT;
		ends->pending += facts->replies[i].outcome == DNS_PENDING;
	}
}

static void run_until_all(struct world *w, const struct ends *ends)
{
	while (ends->names < MANY && loop_now(w->loop) < LONG)
		loop_step(w->loop, LONG);
	assert_int_equal(ends->names, MANY);
}

/* A silent server is asked all questions, however many; unanswered ones make room in time. */
static void test_many_silent(void **state)
{
	struct world w;
	static struct many many;
	struct ends ends = {0};

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_SILENT, V4, true);
	world_make_names(&w, os_negative);
	w.names->times.spread = 0.1;
	w.names->times.budget = 3.0;
	ask_many(&w, &many, count_end, &ends);
	assert_int_equal(w.names->servers[0].in_flight, NAMES_IN_FLIGHT_MAX);
	run_until_all(&w, &ends);
	assert_int_equal(ends.silent, 2 * MANY);
	assert_true(mock->asked_other >= 2 * MANY);
	assert_int_equal(w.names->servers[0].unanswered, 0);
	world_end(&w);
}

/* What there was no time to send is not called silent. */
static void test_unsent_is_not_silent(void **state)
{
	struct world w;
	static struct many many;
	struct ends ends = {0};

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_SILENT, V4, true);
	world_make_names(&w, os_negative);
	w.names->times.budget = 0.3;
	ask_many(&w, &many, count_end, &ends);
	w.names->times.least = LONG;
	run_until_all(&w, &ends);
	assert_int_equal(ends.silent, NAMES_IN_FLIGHT_MAX);
	assert_int_equal(ends.pending, 2 * MANY - NAMES_IN_FLIGHT_MAX);
	world_end(&w);
}

static void test_peek_and_early_end(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_SILENT, V4, true);
	world_make_names(&w, os_hanging);
	assert_null(names_peek(w.names, &w.host));
	names_address(w.names, &w.host, world_on_address, &w);
	names_complete(w.names, &w.host, true, world_on_complete, &w);
	loop_step(w.loop, 0);
	const struct name_facts *facts = names_peek(w.names, &w.host);
	assert_non_null(facts);
	assert_int_equal(facts->replies[0].outcome, DNS_PENDING);
	world_end(&w);
	assert_int_equal(w.address_calls + w.complete_calls, 0);
}

static void test_asks_again_later(void **state)
{
	struct world w;
	const struct name_facts *facts = NULL;

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_negative);
	world_run(&w, false);
	names_complete(w.names, &w.host, false, on_other, &facts);
	assert_non_null(facts); /* at once, from what is known */
	assert_int_equal(mock->asked_a, 1);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documented_at_once),
		cmocka_unit_test(test_os_when_dns_says_no),
		cmocka_unit_test(test_os_without_servers),
		cmocka_unit_test(test_os_hangs),
		cmocka_unit_test(test_hosts_file),
		cmocka_unit_test(test_hosts_file_unused),
		cmocka_unit_test(test_os_answers_late),
		cmocka_unit_test(test_os_confirms),
		cmocka_unit_test(test_os_is_asked_again),
		cmocka_unit_test(test_os_keeps_failing),
		cmocka_unit_test(test_os_is_asked_beside),
		cmocka_unit_test(test_os_is_not_asked_beside_silence),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_literal),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_probe_wildcard),
		cmocka_unit_test(test_probe_is_shared),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_many_silent),
		cmocka_unit_test(test_unsent_is_not_silent),
		cmocka_unit_test(test_peek_and_early_end),
		cmocka_unit_test(test_asks_again_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
