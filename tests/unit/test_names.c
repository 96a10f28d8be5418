/* Names against DNS servers on 127.0.0.1: what each behaviour of a server is told as. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <ares.h>
#include <cmocka.h>
#include <string.h>

#include "names_world.h"

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
	{MOCK_BARE_REFUSED, true, DNS_REFUSED, DNS_REFUSED, 5, false, NAME_VIA_DOCUMENTED},
	{MOCK_BARE_SERVFAIL, true, DNS_SERVFAIL, DNS_SERVFAIL, 2, false, NAME_VIA_DOCUMENTED},
	{MOCK_BARE_NXDOMAIN, true, DNS_MALFORMED, DNS_MALFORMED, ANY_RCODE, false,
		NAME_VIA_DOCUMENTED},
	{MOCK_BARE_WRONG_ID, true, DNS_SILENT, DNS_SILENT, -1, false, NAME_VIA_DOCUMENTED},
	{MOCK_BARE_QUERY, true, DNS_SILENT, DNS_SILENT, -1, false, NAME_VIA_DOCUMENTED},
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
		world_begin(&w);
		world_document(&w);
		world_add_mock(&w, b->mode, V4, b->tcp)->aaaa = V6;
		world_make_names(&w, os_negative);
		if (b->a == DNS_SILENT || b->aaaa == DNS_SILENT || b->mode == MOCK_BARE_NXDOMAIN)
			world_shorten(&w, b->aaaa == b->a && !b->truncated ? 0.3 : 1.0);
		world_run(&w, false);
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
		world_end(&w);
	}
}

/* Three bytes: ignored by c-ares 1.18, told by 1.34. */
static void test_short_packet(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_SHORT, V4, true);
	world_make_names(&w, os_negative);
	world_shorten(&w, 0.3);
	world_run(&w, false);
	assert_true(w.facts.replies[0].outcome == DNS_SILENT ||
		    w.facts.replies[0].outcome == DNS_MALFORMED);
	assert_int_equal(w.facts.replies[0].rcode, -1);
	assert_int_equal(w.address.via, NAME_VIA_NONE);
	assert_int_equal(w.address.count, 0);
	world_end(&w);
}

static void test_port_closed(void **state)
{
	static const char *const loopbacks[] = {"127.0.0.1", "::1"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct world w;
		world_begin(&w);
		world_add_server(&w, dns_mock_closed_port());
		assert_true(net_addr_parse(loopbacks[i], &w.servers[0].addr));
		world_make_names(&w, os_negative);
		world_run(&w, false);
		expect_outcome(&w, 0, DNS_UNREACHABLE);
		expect_outcome(&w, 1, DNS_UNREACHABLE);
		/* the question went out: not a server list that c-ares could not read */
		assert_int_equal(w.facts.replies[0].ares_status, ARES_ECONNREFUSED);
		assert_int_equal(w.address.via, NAME_VIA_NONE);
		world_end(&w);
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
		world_begin(&w);
		world_add_server(&w, 53);
		assert_true(net_addr_parse(useless[i], &w.servers[0].addr));
		world_make_names(&w, os_positive);
		assert_int_equal(w.names->server_count, 0);
		world_run(&w, true);
		expect_address(&w, NAME_VIA_OS, 1, V4_OS);
		world_end(&w);
	}
}

/* A probe that is refused without its question, too; and none of it is asked twice. */
static void test_bare_refusal_of_all(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_BARE_REFUSED, V4, true);
	world_make_names(&w, os_negative);
	world_run(&w, true);
	expect_outcome(&w, 0, DNS_REFUSED);
	expect_outcome(&w, 1, DNS_REFUSED);
	assert_int_equal(w.facts.probes[0].outcome, DNS_REFUSED);
	assert_int_equal(mock->asked_a + mock->asked_aaaa + mock->asked_other, 3);
	world_end(&w);
}

static void test_flags_and_time(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_ANSWER, V4, true);
	world_make_names(&w, os_negative);
	world_run(&w, false);
	assert_true(w.facts.replies[0].recursion_available);
	assert_false(w.facts.replies[0].authoritative);
	assert_true(w.facts.replies[0].ms >= 0 && w.facts.replies[0].ms < 30000);
	expect_outcome(&w, 1, DNS_NODATA);
	assert_int_equal(mock->asked_a, 1); /* nothing is asked twice */
	assert_int_equal(mock->asked_aaaa, 1);
	assert_int_equal(mock->asked_other, 0);
	assert_int_equal(mock->asked_tcp, 0);
	world_end(&w);
}

static void test_truncated_by_tcp(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_TRUNCATE, V4, true);
	world_make_names(&w, os_negative);
	world_run(&w, true);
	expect_outcome(&w, 0, DNS_ANSWER);
	assert_int_equal(mock->asked_tcp, 3); /* A, AAAA, the random label */
	assert_int_equal(w.facts.probes[0].outcome, DNS_NXDOMAIN);
	assert_true(w.facts.probes[0].truncated);
	world_end(&w);
}

/* ---- several servers ---- */

static void test_first_server_is_used(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_ANSWER, V4, true)->aaaa = V6;
	world_add_mock(&w, MOCK_ANSWER, V4_OTHER, true);
	world_make_names(&w, os_hanging);
	w.names->times.grace = 0.05;
	w.names->times.os_limit = 0.5;
	world_run(&w, false);
	expect_address(&w, NAME_VIA_DNS, 0, V4);
	for (size_t i = 0; i < w.address.count; i++)
		assert_true(i == 0 || w.address.addrs[i].family == 6);
	expect_outcome(&w, 2, DNS_ANSWER);
	world_end(&w);
}

static void test_second_server_after_silence(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_document(&w);
	world_add_mock(&w, MOCK_SILENT, V4, true);
	world_add_mock(&w, MOCK_ANSWER, V4_OTHER, true);
	world_make_names(&w, os_negative);
	w.names->times.silence = 1.0;
	w.names->times.grace = 0.05;
	world_run(&w, false);
	expect_address(&w, NAME_VIA_DNS, 0, V4_OTHER);
	expect_outcome(&w, 0, DNS_SILENT);
	expect_outcome(&w, 2, DNS_ANSWER);
	assert_true(w.address_at < w.complete_at); /* it does not wait for the dead one */
	world_end(&w);
}

/* One question is lost, and the server answers others: it is not given up early. */
static void test_lost_question(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_ANSWER, V4, true);
	mock->aaaa = V6;
	mock->lose = 1;
	world_make_names(&w, os_negative);
	w.names->times.silence = w.names->times.late = 0.1;
	world_run(&w, false);
	expect_outcome(&w, 0, DNS_ANSWER);
	expect_outcome(&w, 1, DNS_ANSWER);
	assert_true(mock->asked_a >= 2);
	world_end(&w);
}

/* c-ares alone would ask at 0, 1, 3 and 7 s. */
static void test_asked_anew(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	struct dns_mock *mock = world_add_mock(&w, MOCK_ANSWER, V4, true);
	mock->aaaa = V6;
	mock->lose = 3;
	world_make_names(&w, os_negative);
	w.names->times.patience = w.names->times.again = 0.2;
	w.names->times.budget = 6;
	world_run(&w, false);
	expect_outcome(&w, 0, DNS_ANSWER);
	world_end(&w);
}

/* A slow line gets more time. */
static void test_slow_line(void **state)
{
	struct net_addr elsewhere;
	(void)state;

	for (int slow = 0; slow < 2; slow++) {
		struct world w;
		struct rtt_board *rtts = rtt_new();
		world_begin(&w);
		world_add_mock(&w, MOCK_ANSWER, V4, true)->lose = 1;
		world_make_names(&w, os_negative);
		w.names->times.budget = 0.3;
		assert_true(net_addr_parse(V4_OTHER, &elsewhere));
		if (slow == 1)
			rtt_note(rtts, &elsewhere, 2.0);
		names_use_rtts(w.names, rtts);
		world_run(&w, false);
		expect_outcome(&w, 0, slow == 1 ? DNS_ANSWER : DNS_SILENT);
		world_end(&w);
		rtt_free(rtts);
	}
}

static void test_second_server_after_no(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_add_mock(&w, MOCK_NXDOMAIN, V4, true);
	world_add_mock(&w, MOCK_ANSWER, V4_OTHER, true);
	world_make_names(&w, os_negative);
	world_run(&w, false);
	expect_address(&w, NAME_VIA_DNS, 0, V4_OTHER);
	expect_outcome(&w, 0, DNS_NXDOMAIN);
	world_end(&w);
}

static void test_server_list(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	uint16_t first = world_add_mock(&w, MOCK_ANSWER, V4, true)->port;
	world_add_server(&w, first); /* twice the same */
	uint16_t second = world_add_mock(&w, MOCK_ANSWER, V4, true)->port;
	world_make_names(&w, os_negative);
	assert_int_equal(w.names->server_count, 2);
	assert_int_equal(w.names->servers[1].port, second);
	world_run(&w, false);
	assert_int_equal(w.facts.reply_count, 4);
	assert_int_equal(w.facts.replies[0].type, 1);
	assert_int_equal(w.facts.replies[1].type, 28);
	assert_int_equal(w.facts.replies[2].port, second);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_behaviours),
		cmocka_unit_test(test_short_packet),
		cmocka_unit_test(test_port_closed),
		cmocka_unit_test(test_servers_that_cannot_be_asked),
		cmocka_unit_test(test_bare_refusal_of_all),
		cmocka_unit_test(test_flags_and_time),
		cmocka_unit_test(test_truncated_by_tcp),
		cmocka_unit_test(test_first_server_is_used),
		cmocka_unit_test(test_second_server_after_silence),
		cmocka_unit_test(test_lost_question),
		cmocka_unit_test(test_asked_anew),
		cmocka_unit_test(test_slow_line),
		cmocka_unit_test(test_second_server_after_no),
		cmocka_unit_test(test_server_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
