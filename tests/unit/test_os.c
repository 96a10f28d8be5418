/* Operating systems: expressions, support dates, the os check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "local_rules.h"
#include "support.h"

#define DAY(days)    ((double)(days)*86400 + 43200)
#define D_2026_11_21 20778

/* clang-format off */
#define WIN(v, b, c) {.family = "windows", .version = v, .build = b, .channel = c}
#define MAC(v) {.family = "macos", .version = v}
#define LIN(d, v) {.family = "linux", .distro = d, .version = v}
/* clang-format on */

static void os_facts(struct facts *facts, const struct os_info *os)
{
	struct terminal t = {.os = *os, .os_known = true};

	strbuf_init(&t.why, 100);
	local_collect("vendor", &t, facts);
	strbuf_release(&t.why);
}

static void judge_os(void **state)
{
	static const struct {
		const char *check;
		struct os_info os;
		enum verdict verdict;
		const char *cause;
	} cases[] = {
		/* clang-format off */
	        {"vendor", WIN("11", 26200, "home-pro"), VERDICT_PASS, NULL},
	        {"vendor", WIN("11", 26100, "home-pro"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", WIN("11", 26100, "enterprise"), VERDICT_PASS, NULL},
	        {"vendor", WIN("11", 26100, "server"), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", WIN("11", 28000, "home-pro"), VERDICT_PASS, NULL}, /* newer than the data */
	        {"vendor", WIN("11", 26150, "home-pro"), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", WIN("10", 19045, "home-pro"), VERDICT_WARN, "os.extended"},
	        {"vendor", WIN("7", 7601, "home-pro"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", WIN("XP", 2600, "home-pro"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", WIN("", 0, ""), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", MAC("26.6.2"), VERDICT_PASS, NULL},
	        {"vendor", MAC("27.0"), VERDICT_PASS, NULL},
	        {"vendor", MAC("13.7.8"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", MAC("10.12.6"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", MAC("14.1"), VERDICT_UNKNOWN, "os.unknown"}, /* a hole in the data */
	        {"vendor", LIN("debian", "13"), VERDICT_PASS, NULL},
	        {"vendor", LIN("debian", "12"), VERDICT_WARN, "os.extended"},
	        {"vendor", LIN("debian", "11"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", LIN("debian", "9"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", LIN("debian", "14"), VERDICT_PASS, NULL},
	        {"vendor", LIN("debian", ""), VERDICT_UNKNOWN, "os.unknown"}, /* testing, sid */
	        {"vendor", LIN("ubuntu", "24.04"), VERDICT_WARN, "os.ending-soon"},
	        /* The oldest known is still supported: nothing follows for an older one. */
	        {"vendor", LIN("ubuntu", "22.04"), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", LIN("rhel", "9.4"), VERDICT_PASS, NULL},
	        {"vendor", LIN("arch", ""), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", LIN("gentoo", "99"), VERDICT_UNKNOWN, "os.unknown"},
	        /* Without a list, support decides, never nothing. */
	        {"plain", WIN("11", 26100, "home-pro"), VERDICT_FAIL, "os.end-of-life"},
	        {"listed", WIN("10", 19042, "home-pro"), VERDICT_PASS, NULL},
	        {"listed", WIN("10", 19045, "home-pro"), VERDICT_FAIL, "os.unsupported"},
	        {"listed", WIN("7", 7600, "home-pro"), VERDICT_FAIL, "os.unsupported"},
	        {"listed", {.family = "windows", .version = "7", .service_pack = 1}, VERDICT_PASS, NULL},
	        {"listed", {.family = "windows", .version = "8.1", .arch = "x86_64"}, VERDICT_PASS, NULL},
	        {"listed", {.family = "windows", .version = "8.1", .arch = "arm"}, VERDICT_FAIL,
	                "os.unsupported"},
	        {"listed", {.family = "windows", .version = "8.1", .edition = "RT"}, VERDICT_FAIL,
	                "os.unsupported"},
	        {"listed", MAC("10.12.6"), VERDICT_PASS, NULL},
	        {"listed", MAC("10.13"), VERDICT_FAIL, "os.unsupported"},
	        {"listed", LIN("debian", "12"), VERDICT_FAIL, "os.unsupported"},
	        {"both", LIN("ubuntu", "24.04"), VERDICT_FAIL, "os.unsupported"},
	        {"both", LIN("debian", "11"), VERDICT_FAIL, "os.end-of-life"},
	        {"both", LIN("debian", "13"), VERDICT_PASS, NULL},
		/* clang-format on */
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct facts facts;

		os_facts(&facts, &cases[i].os);
		local_expect(cases[i].os.version,
			local_judge(cases[i].check, &facts, DAY(D_2026_11_21), false),
			cases[i].verdict, cases[i].cause);
		facts_release(&facts);
	}
}

/* The last day of support counts; `warn-before` counts back from it. */
static void support_ends_on_a_day(void **state)
{
	static const struct {
		long long day;
		enum support_state expected;
	} cases[] = {
		{20645 - 91, SUPPORT_CURRENT},
		{20645 - 90, SUPPORT_ENDING},
		{20645, SUPPORT_ENDING}, /* 2026-07-11 */
		{20645 + 1, SUPPORT_EXTENDED},
		{21365, SUPPORT_EXTENDED}, /* 2028-06-30 */
		{21365 + 1, SUPPORT_ENDED},
	};
	const struct os_info debian = LIN("debian", "12"), mac = MAC("26.1");
	const struct os_info seven = WIN("7", 7601, "home-pro"); /* 2020-01-14, nothing after */
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(support_find(local_rules(), &debian, cases[i].day, 90).state,
			cases[i].expected);
	assert_int_equal(support_find(local_rules(), &seven, 18275, 0).state, SUPPORT_ENDING);
	assert_int_equal(support_find(local_rules(), &seven, 18276, 0).state, SUPPORT_ENDED);
	assert_int_equal(support_find(local_rules(), &mac, 99999, 90).state, SUPPORT_CURRENT);
}

/* A pass needs dates of the last `data-age` days; what has ended stays ended. */
static void old_data_shows_nothing(void **state)
{
	const struct os_info mac = MAC("26.1"), newer = MAC("27.0"), old = MAC("13.1");
	const long long data = 20687; /* 2026-08-22 */
	const struct {
		const char *check;
		const struct os_info *os;
		long long day;
		enum verdict verdict;
		const char *cause;
	} cases[] = {
		{"vendor", &mac, data + 365, VERDICT_PASS, NULL},
		{"vendor", &mac, data + 366, VERDICT_WARN, "os.data-old"},
		{"vendor", &newer, data + 366, VERDICT_WARN, "os.data-old"},
		{"vendor", &old, data + 366, VERDICT_FAIL, "os.end-of-life"},
		{"fresh", &mac, data + 30, VERDICT_PASS, NULL},
		{"fresh", &mac, data + 31, VERDICT_WARN, "os.data-old"},
		{"fresh", &mac, data - 100, VERDICT_PASS, NULL}, /* the clock is behind */
		{"listed", &mac, data + 999, VERDICT_FAIL, "os.unsupported"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct facts facts;

		os_facts(&facts, cases[i].os);
		local_expect(cases[i].check,
			local_judge(cases[i].check, &facts, DAY(cases[i].day), false),
			cases[i].verdict, cases[i].cause);
		facts_release(&facts);
	}
}

static void os_facts_are_told(void **state)
{
	const struct os_info debian = {.family = "linux",
		.distro = "debian",
		.version = "12",
		.name = "Debian",
		.kernel = "6.1",
		.arch = "x86_64"};
	const struct os_info newer = WIN("11", 99999, "home-pro");
	struct terminal unknown = {0};
	struct facts facts;
	(void)state;

	os_facts(&facts, &debian);
	assert_string_equal(facts_get_str(&facts, "distro"), "debian");
	assert_int_equal(facts_get_int(&facts, "end", -1), 20645);
	assert_int_equal(facts_get_int(&facts, "extended_end", -1), 21365);
	assert_string_equal(facts_get_str(&facts, "extended_name"), "LTS");
	assert_false(facts_get_bool(&facts, "newer_than_data", true));
	assert_false(facts_has(&facts, "build"));
	facts_release(&facts);
	os_facts(&facts, &newer);
	assert_true(facts_get_bool(&facts, "newer_than_data", false));
	assert_int_equal(facts_get_int(&facts, "lifecycle_date", -1), 20687);
	facts_release(&facts);

	strbuf_init(&unknown.why, 100);
	strbuf_adds(&unknown.why, "no file");
	local_collect("vendor", &unknown, &facts);
	assert_string_equal(facts_get_str(&facts, "error"), "no file");
	local_expect("unreadable", local_judge("vendor", &facts, 0, false), VERDICT_UNKNOWN,
		"run.unreadable");
	facts_release(&facts);
	strbuf_release(&unknown.why);
}

static void os_expressions(void **state)
{
	static const char *const bad[] = {"", "win 10", "windows 10 pro", "windows build",
		"windows build x", "windows build 19041-", "windows 7 sp", "windows 7 spx",
		"macos debian 12", "macos 10.12 sp1", "linux debian ubuntu", "linux 12 debian",
		"windows 10 build 1234567890"};
	static const struct {
		const char *expression;
		struct os_info os;
		bool match;
	} cases[] = {
		/* clang-format off */
	        {"windows", WIN("10", 19041, ""), true},
	        {"Windows 10 Build 19041", WIN("10", 19041, ""), true},
	        {"windows 10 build 19041", WIN("10", 19042, ""), false},
	        {"windows 10 build 19041+", WIN("10", 19042, ""), true},
	        {"windows 10 build 19041+", WIN("10", 19040, ""), false},
	        {"windows 10", WIN("11", 22000, ""), false},
	        {"windows >=10", WIN("11", 22000, ""), true},
	        {"windows 10", WIN("10", 14393, "server"), false},
	        {"windows server 2022", WIN("2022", 20348, "server"), true},
	        {"windows 8.1", WIN("8", 9200, ""), false},
	        {"windows 7 sp1+", {.family = "windows", .version = "7", .service_pack = 2}, true},
	        {"windows 7 sp1", {.family = "windows", .version = "7", .service_pack = 2}, false},
	        {"macos 10.12", MAC("10.12.6"), true},
	        {"macos 10.1", MAC("10.12.6"), false},
	        {"macos >=10.12 <10.15", MAC("10.14.6"), true},
	        {"macos >=10.12 <10.15", MAC("10.15"), false},
	        {"macos", WIN("10", 1, ""), false},
	        {"linux debian 12", LIN("debian", "12"), true},
	        {"linux debian 12", LIN("ubuntu", "12"), false},
	        {"linux debian", LIN("debian", ""), true},
	        {"linux debian 12", LIN("debian", ""), false},
	        {"nonsense", WIN("10", 1, ""), false},
		/* clang-format on */
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (os_expression_match(cases[i].expression, &cases[i].os) != cases[i].match)
			fail_msg("\"%s\" against %s", cases[i].expression, cases[i].os.version);
	for (size_t i = 0; i + 1 < sizeof cases / sizeof cases[0]; i++)
		assert_null(os_expression_validate(cases[i].expression));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (os_expression_validate(bad[i]) == NULL)
			fail_msg("\"%s\" was taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge_os),
		cmocka_unit_test(support_ends_on_a_day),
		cmocka_unit_test(old_data_shows_nothing),
		cmocka_unit_test(os_facts_are_told),
		cmocka_unit_test(os_expressions),
	};

	return cmocka_run_group_tests(tests, local_rules_load, local_rules_unload);
}
