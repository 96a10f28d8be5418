/* Addresses, UTF-8, facts, buffers, diagnostics, globs, timers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "diag.h"
#include "facts.h"
#include "lang.h"
#include "loop.h"
#include "net.h"
#include "platform.h"
#include "rules.h"
#include "strbuf.h"
#include "utf8.h"

static void addresses_round_trip(void **state)
{
	static const char *const pairs[][2] = {
		{"219.97.232.64", "219.97.232.64"},
		{"::", "::"},
		{"::1", "::1"},
		{"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"fe80::1:2", "fe80::1:2"},
		{"1::", "1::"},
		{"::ffff:192.0.2.1", "::ffff:c000:201"},
		{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
	};
	char buf[NET_ADDR_STRLEN];
	struct net_addr addr;
	(void)state;

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		assert_true(net_addr_parse(pairs[i][0], &addr));
		assert_string_equal(net_addr_format(&addr, buf), pairs[i][1]);
	}
}

static void bad_addresses_are_refused(void **state)
{
	static const char *const bad[] = {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4",
		"1.2.3.4 ", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
		"12345::", "g::", "1:", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0",
		"[::1]"};
	struct net_addr addr;
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (net_addr_parse(bad[i], &addr))
			fail_msg("%s was accepted", bad[i]);
}

static void address_classes(void **state)
{
	static const struct {
		const char *text;
		enum net_class cls;
	} rows[] = {
		{"219.97.232.64", NET_GLOBAL},
		{"0.0.0.0", NET_UNSPECIFIED},
		{"10.1.2.3", NET_PRIVATE},
		{"172.31.255.255", NET_PRIVATE},
		{"172.32.0.0", NET_GLOBAL},
		{"192.168.0.1", NET_PRIVATE},
		{"100.64.0.1", NET_SHARED},
		{"100.128.0.1", NET_GLOBAL},
		{"127.0.0.53", NET_LOOPBACK},
		{"169.254.1.1", NET_LINK_LOCAL},
		{"192.0.2.1", NET_DOCUMENTATION},
		{"224.0.0.1", NET_MULTICAST},
		{"255.255.255.255", NET_RESERVED},
		{"::", NET_UNSPECIFIED},
		{"::1", NET_LOOPBACK},
		{"::2", NET_GLOBAL},
		{"fd00::1", NET_PRIVATE},
		{"fe80::1", NET_LINK_LOCAL},
		{"2001:db8::1", NET_DOCUMENTATION},
		{"::ffff:10.0.0.1", NET_PRIVATE},
		{"2400:1::1", NET_GLOBAL},
	};
	struct net_addr addr;
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_true(net_addr_parse(rows[i].text, &addr));
		assert_string_equal(
			net_class_name(net_addr_class(&addr)), net_class_name(rows[i].cls));
	}
}

static void utf8_is_strict(void **state)
{
	uint32_t code;
	(void)state;

	assert_int_equal(utf8_decode("\xe3\x81\x82", 3, &code), 3);
	assert_int_equal(code, 0x3042);
	assert_int_equal(utf8_decode("\xc0\x80", 2, &code), 0);
	assert_int_equal(utf8_decode("\xed\xa0\x80", 3, &code), 0);
	assert_int_equal(utf8_decode("\xf4\x90\x80\x80", 4, &code), 0);
	assert_int_equal(utf8_decode("\xe3\x81", 2, &code), 0);
	assert_int_equal(utf8_decode("\x80", 1, &code), 0);
}

static void facts_sanitise_strings(void **state)
{
	struct facts f;
	char large[FACT_STRING_MAX * 2];
	(void)state;

	facts_init(&f);
	facts_bytes(&f, "a", "x\x1b[2J\xff\0y", 8);
	assert_string_equal(facts_get_str(&f, "a"), "x\\x1B[2J\\xFF\\x00y");
	facts_str(&f, "bidi",
		"a\xe2\x80\xae"
		"b");
	assert_string_equal(facts_get_str(&f, "bidi"), "a\\xE2\\x80\\xAEb");
	memset(large, 'z', sizeof large);
	facts_bytes(&f, "large", large, sizeof large);
	assert_int_equal(strlen(facts_get_str(&f, "large")), FACT_STRING_MAX + strlen("…"));
	facts_str(&f, "none", NULL);
	assert_false(facts_has(&f, "none"));
	facts_release(&f);
}

static void facts_have_types(void **state)
{
	struct facts f;
	(void)state;

	facts_init(&f);
	facts_int(&f, "n", 5);
	facts_bool(&f, "b", true);
	facts_add(&f, "list", "one");
	facts_add(&f, "list", "two");
	assert_int_equal(facts_get_int(&f, "n", -1), 5);
	assert_int_equal(facts_get_int(&f, "b", -1), -1);
	assert_true(facts_get_bool(&f, "b", false));
	assert_int_equal(facts_count(&f, "list"), 2);
	assert_string_equal(facts_item(&f, "list", 1), "two");
	assert_null(facts_item(&f, "list", 2));
	assert_true(facts_list_has(&f, "list", "one"));
	facts_release(&f);
}

static void buffers_have_a_cap(void **state)
{
	struct strbuf sb;
	(void)state;

	strbuf_init(&sb, 10);
	strbuf_addf(&sb, "%s-%d", "abc", 12345);
	assert_false(sb.truncated);
	strbuf_adds(&sb, "xyz");
	assert_true(sb.truncated);
	assert_string_equal(sb.data, "abc-12345x");
	strbuf_release(&sb);
}

static void long_formats_are_whole(void **state)
{
	struct strbuf sb;
	char text[1000];
	(void)state;

	memset(text, 'q', sizeof text);
	text[sizeof text - 1] = '\0';
	strbuf_init(&sb, 5000);
	strbuf_addf(&sb, "%s!", text);
	assert_int_equal(sb.len, sizeof text);
	strbuf_release(&sb);
}

static void globs(void **state)
{
	(void)state;
	assert_true(glob_match("sec-*", "sec-udp-500", false));
	assert_true(glob_match("*500", "sec-udp-500", false));
	assert_true(glob_match("?ec*u*0", "sec-udp-500", false));
	assert_false(glob_match("sec", "sec-udp", false));
	assert_false(glob_match("SEC*", "sec-udp", false));
	assert_true(glob_match("SEC*", "sec-udp", true));
	assert_true(glob_match("*", "", false));
	assert_false(glob_match("a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false));
}

static void suggestions(void **state)
{
	static const char *const names[] = {"profile", "format", "phase", NULL};
	(void)state;

	assert_string_equal(diag_suggest("profle", names), "profile");
	assert_string_equal(diag_suggest("fromat", names), "format");
	assert_null(diag_suggest("verdict", names));
	assert_null(diag_suggest("x", names));
}

static void diagnostics_sort_by_place(void **state)
{
	struct diags d = {0};
	(void)state;

	diags_add(&d, "b", 2, 1, "two");
	diags_add(&d, "a", 1, 1, "other file");
	diags_add(&d, "b", 1, 9, "one-nine");
	diags_add(&d, "b", 1, 2, "one-two");
	diags_sort(&d);
	assert_string_equal(d.items[0].text, "one-two");
	assert_string_equal(d.items[1].text, "one-nine");
	assert_string_equal(d.items[2].text, "two");
	assert_string_equal(d.items[3].text, "other file");
	diags_release(&d);
}

static void languages(void **state)
{
	enum lang lang = LANG_EN;
	(void)state;

	assert_int_equal(lang_parse("ja_JP.UTF-8", &lang), 0);
	assert_int_equal(lang, LANG_JA);
	assert_int_equal(lang_parse("en", &lang), 0);
	assert_int_equal(lang, LANG_EN);
	assert_int_equal(lang_parse("jam", &lang), -1);
	assert_int_equal(lang_parse("C", &lang), -1);
}

static void causes_are_ranked_and_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < cause_count; i++) {
		assert_ptr_equal(cause_find(cause_table[i].code), &cause_table[i]);
		assert_int_equal(cause_rank(&cause_table[i]), i);
	}
	assert_null(cause_find("dns.unknown"));
	assert_null(cause_find(NULL));
}

/* ---- the loop ---- */

struct fired {
	struct loop *loop;
	int order[8];
	int count;
	struct loop_timer timers[4];
};

static void fire_a(void *arg)
{
	struct fired *f = arg;
	f->order[f->count++] = 1;
	loop_timer_stop(f->loop, &f->timers[2]);
}

static void fire_b(void *arg)
{
	struct fired *f = arg;
	f->order[f->count++] = 2;
}

static void timers_fire_in_order_and_can_be_stopped(void **state)
{
	struct fired f = {.loop = loop_new()};
	(void)state;

	loop_timer_init(&f.timers[0], fire_b, &f);
	loop_timer_init(&f.timers[1], fire_a, &f);
	loop_timer_init(&f.timers[2], fire_b, &f);
	loop_timer_at(f.loop, &f.timers[0], 0.002);
	loop_timer_at(f.loop, &f.timers[1], 0.001);
	loop_timer_at(f.loop, &f.timers[2], 0.003);
	while (f.count < 2)
		loop_step(f.loop, 1);
	assert_int_equal(f.order[0], 1);
	assert_int_equal(f.order[1], 2);
	assert_int_equal(f.timers[2].index, -1);
	loop_free(f.loop);
}

struct work {
	int worked, done, abandoned;
};

static void work_it(void *arg)
{
	((struct work *)arg)->worked++;
}

static void done_it(void *arg)
{
	((struct work *)arg)->done++;
}

static void work_comes_back_to_the_loop(void **state)
{
	struct loop *loop = loop_new();
	struct work jobs[10] = {{0}};
	int done = 0;
	(void)state;

	for (int i = 0; i < 10; i++)
		loop_work(loop, work_it, done_it, NULL, &jobs[i]);
	while (done < 10) {
		loop_step(loop, loop_now(loop) + 1);
		done = 0;
		for (int i = 0; i < 10; i++)
			done += jobs[i].done;
	}
	for (int i = 0; i < 10; i++)
		assert_int_equal(jobs[i].worked, 1);
	loop_free(loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_round_trip),
		cmocka_unit_test(bad_addresses_are_refused),
		cmocka_unit_test(address_classes),
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(facts_sanitise_strings),
		cmocka_unit_test(facts_have_types),
		cmocka_unit_test(buffers_have_a_cap),
		cmocka_unit_test(long_formats_are_whole),
		cmocka_unit_test(globs),
		cmocka_unit_test(suggestions),
		cmocka_unit_test(diagnostics_sort_by_place),
		cmocka_unit_test(languages),
		cmocka_unit_test(causes_are_ranked_and_unique),
		cmocka_unit_test(timers_fire_in_order_and_can_be_stopped),
		cmocka_unit_test(work_comes_back_to_the_loop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
