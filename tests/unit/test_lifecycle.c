/* Support dates of the built-in rules, and where an OS stands that they do not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "rules/scalar.h"
#include "support.h"

/* clang-format off */
#define WIN(b, c) {.family = "windows", .build = b, .channel = c, .arch = "x86_64", .version = "w"}
#define ARM(b, c) {.family = "windows", .build = b, .channel = c, .arch = "aarch64", .version = "w"}
#define HOME(b) {.family = "windows", .build = b, .channel = "home-pro", .edition = "Core", .version = "w"}
#define MAC(v) {.family = "macos", .version = v}
#define LIN(d, v) {.family = "linux", .distro = d, .version = v}
/* clang-format on */

static struct rules *rules;

static int load_rules(void **state)
{
	struct diags diags = {0};
	struct rule_source source = rules_builtin();
	(void)state;

	rules = rules_load(&source, 1, &diags);
	return rules != NULL ? 0 : -1;
}

static int free_rules(void **state)
{
	(void)state;
	rules_free(rules);
	return 0;
}

static enum support_state state_on(const struct os_info *os, const char *date)
{
	long long day = 0;

	assert_null(scalar_date(date, &day));
	return support_find(rules, os, day, 0).state;
}

struct row {
	struct os_info os;
	const char *last;             /* day of support */
	enum support_state on, after; /* on that day, and on the next one */
	const char *next;
};

static void check_row(const struct row *row)
{
	if (state_on(&row->os, row->last) != row->on || state_on(&row->os, row->next) != row->after)
		fail_msg("%s %s %s build %lld %s: %d on %s, %d on %s", row->os.family,
			row->os.distro, row->os.version, row->os.build, row->os.channel,
			(int)state_on(&row->os, row->last), row->last,
			(int)state_on(&row->os, row->next), row->next);
}

#define NORMAL   SUPPORT_ENDING, SUPPORT_ENDED
#define EXTENDS  SUPPORT_ENDING, SUPPORT_EXTENDED
#define EXTENDED SUPPORT_EXTENDED, SUPPORT_ENDED

static void vendors_dates(void **state)
{
	static const struct row rows[] = {
		/* clang-format off */
		{WIN(26300, "home-pro"), "2028-10-10", NORMAL, "2028-10-11"},
		{WIN(26300, "enterprise"), "2029-10-09", NORMAL, "2029-10-10"},
		{ARM(28000, "home-pro"), "2028-03-14", NORMAL, "2028-03-15"},
		{WIN(26200, "home-pro"), "2027-10-12", NORMAL, "2027-10-13"},
		{WIN(26100, "home-pro"), "2026-10-13", NORMAL, "2026-10-14"},
		{WIN(26100, "server"), "2034-11-14", NORMAL, "2034-11-15"},
		{WIN(19045, "home-pro"), "2028-10-10", EXTENDED, "2028-10-11"},
		{HOME(19045), "2025-10-14", EXTENDS, "2025-10-15"},
		{HOME(19045), "2027-10-12", EXTENDED, "2027-10-13"},
		{WIN(17134, "home-pro"), "2019-11-12", NORMAL, "2019-11-13"},
		{WIN(17134, "enterprise"), "2021-05-11", NORMAL, "2021-05-12"},
		{WIN(16299, "home-pro"), "2019-04-09", NORMAL, "2019-04-10"},
		{WIN(16299, "enterprise"), "2020-10-13", NORMAL, "2020-10-14"},
		{WIN(15063, "home-pro"), "2018-10-09", NORMAL, "2018-10-10"},
		{WIN(15063, "enterprise"), "2019-10-08", NORMAL, "2019-10-09"},
		{WIN(14393, "home-pro"), "2018-04-10", NORMAL, "2018-04-11"},
		{WIN(14393, "enterprise"), "2019-04-09", NORMAL, "2019-04-10"},
		{WIN(14393, "ltsc"), "2026-10-13", NORMAL, "2026-10-14"},
		{WIN(10586, "home-pro"), "2017-10-10", NORMAL, "2017-10-11"},
		{WIN(10240, "enterprise"), "2017-05-09", NORMAL, "2017-05-10"},
		{WIN(10240, "ltsc"), "2025-10-14", NORMAL, "2025-10-15"},
		{WIN(9200, "home-pro"), "2016-01-12", NORMAL, "2016-01-13"},
		{WIN(7600, "home-pro"), "2013-04-09", NORMAL, "2013-04-10"},
		{WIN(6002, "home-pro"), "2017-04-11", NORMAL, "2017-04-12"},
		{WIN(7601, "server"), "2020-01-14", EXTENDS, "2020-01-15"},
		{WIN(9200, "server"), "2026-10-13", EXTENDED, "2026-10-14"},
		{WIN(9600, "server"), "2023-10-10", EXTENDS, "2023-10-11"},
		{WIN(25398, "server"), "2026-05-12", NORMAL, "2026-05-13"},
		{MAC("14.8.9"), "2026-09-15", NORMAL, "2026-09-16"},
		{MAC("11.7.11"), "2026-02-02", NORMAL, "2026-02-03"},
		{MAC("10.15.8"), "2026-02-02", NORMAL, "2026-02-03"},
		{MAC("10.9.5"), "2016-12-01", NORMAL, "2016-12-02"},
		{LIN("rhel", "10.1"), "2039-05-31", EXTENDED, "2039-06-01"},
		{LIN("rhel", "9.6"), "2036-05-31", EXTENDED, "2036-06-01"},
		{LIN("rhel", "8.10"), "2033-05-31", EXTENDED, "2033-06-01"},
		{LIN("rhel", "7.9"), "2029-05-31", EXTENDED, "2029-06-01"},
		{LIN("rhel", "6.10"), "2020-11-30", EXTENDS, "2020-12-01"},
		{LIN("almalinux", "8.10"), "2029-05-31", NORMAL, "2029-06-01"},
		{LIN("rocky", "10.0"), "2035-05-31", NORMAL, "2035-06-01"},
		{LIN("fedora", "42"), "2026-05-27", NORMAL, "2026-05-28"},
		{LIN("fedora", "44"), "2027-06-02", NORMAL, "2027-06-03"},
		{LIN("ubuntu", "23.04"), "2024-01-20", NORMAL, "2024-01-21"},
		{LIN("ubuntu", "19.10"), "2020-07-06", NORMAL, "2020-07-07"},
		/* clang-format on */
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		check_row(&rows[i]);
}

/* Builds that the data does not have: by channel, processor and branch, never by the number alone.
 */
static void places(void **state)
{
	static const struct {
		struct os_info os;
		enum support_state expected; /* on 2026-12-01 */
	} rows[] = {
		/* clang-format off */
		{WIN(26400, "home-pro"), SUPPORT_NEWER}, /* of its branch; 28000 does not exist here */
		{WIN(26400, "enterprise"), SUPPORT_NEWER},
		{ARM(26400, "home-pro"), SUPPORT_NEWER}, /* 28000 is another branch */
		{WIN(28100, "home-pro"), SUPPORT_NEWER},
		{ARM(28100, "enterprise"), SUPPORT_NEWER},
		{WIN(29500, "server"), SUPPORT_NEWER},
		{WIN(29500, "ltsc"), SUPPORT_NEWER},
		{{.family = "windows", .build = 26400, .channel = "home-pro"}, SUPPORT_NEWER},
		{WIN(26250, "home-pro"), SUPPORT_UNKNOWN}, /* between two of its branch */
		{WIN(26150, "enterprise"), SUPPORT_UNKNOWN},
		{WIN(22635, "enterprise"), SUPPORT_UNKNOWN}, /* newer than a branch that is over */
		{WIN(19046, "home-pro"), SUPPORT_UNKNOWN},
		{WIN(26099, "home-pro"), SUPPORT_UNKNOWN},
		{WIN(18000, "home-pro"), SUPPORT_ENDED}, /* before a release that is over */
		{WIN(9841, "home-pro"), SUPPORT_ENDED},
		{WIN(2600, "home-pro"), SUPPORT_ENDED}, /* XP */
		{WIN(15063, "ltsc"), SUPPORT_ENDED},    /* over in all channels that it had */
		{WIN(17134, ""), SUPPORT_ENDED},
		{WIN(26100, ""), SUPPORT_UNKNOWN},
		{MAC("28.0"), SUPPORT_NEWER},
		{MAC("27.1"), SUPPORT_CURRENT},
		{MAC("10.8"), SUPPORT_ENDED},
		{LIN("ubuntu", "26.10"), SUPPORT_NEWER},
		{LIN("fedora", "45"), SUPPORT_NEWER},
		{LIN("rhel", "5.11"), SUPPORT_ENDED},
		{LIN("arch", ""), SUPPORT_UNKNOWN},
		/* clang-format on */
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		enum support_state found = state_on(&rows[i].os, "2026-12-01");

		if (found != rows[i].expected)
			fail_msg("%s %s build %lld %s %s: %d, not %d", rows[i].os.family,
				rows[i].os.version, rows[i].os.build, rows[i].os.channel,
				rows[i].os.arch, (int)found, (int)rows[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vendors_dates),
		cmocka_unit_test(places),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
