/* Versions: order and expressions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "version.h"

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void versions_have_an_order(void **state)
{
	/* Each is older than the next. */
	static const char *const ascending[] = {"0.9", "1.0~rc1", "1.0-rc1", "1.0", "1.0a", "1.0.1",
		"1.2", "1.10", "2", "2.6.3-1+deb12u2", "2.6.3-1+deb12u10", "2.6.19-I001",
		"4.9.05042", "4.10", "44.18362.329.0", "77.0.3865.90", "77.0.3865.120", "140.4.0",
		"140.4.0esr-1~deb13u1", "140.4.1", "99999999999999999999", "100000000000000000000"};
	const size_t count = sizeof ascending / sizeof ascending[0];
	(void)state;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			if (sign(version_compare(ascending[i], ascending[k])) != (i > k) - (i < k))
				fail_msg("%s against %s", ascending[i], ascending[k]);
}

static void some_versions_are_equal(void **state)
{
	static const char *const equal[][2] = {{"6.2", "6.2.0"}, {"6.2", "6.2.0.0"},
		{"v5.1", "5.1"}, {"1:2.6.3", "2.6.3"}, {"4.09", "4.9"}, {"1.0RC1", "1.0rc1"},
		{"5_1-2", "5.1.2"}, {"", ""}, {"", "0"}};
	(void)state;

	for (size_t i = 0; i < sizeof equal / sizeof equal[0]; i++) {
		assert_int_equal(version_compare(equal[i][0], equal[i][1]), 0);
		assert_int_equal(version_compare(equal[i][1], equal[i][0]), 0);
	}
}

static void expressions_match(void **state)
{
	static const struct {
		const char *expression, *version;
		bool match;
	} cases[] = {
		{"6.2", "6.2", true},
		{"6.2", "6.2.1", true},
		{"6.2", "6.2-3", true},
		{"6.2", "6.20", false},
		{"6.2", "6.1", false},
		{"6.2", "6", false},
		{"6.0", "6", true},
		{"12", "12", true},
		{"12", "12.5", true},
		{"12", "120", false},
		{"12", "1.2", false},
		{"6.*", "6.0.4", true},
		{"6.*", "6", true},
		{"6.*", "60.1", false},
		{"6.*", "16.1", false},
		{"10.12*", "10.12.6", true},
		{"10.12*", "10.13", false},
		{"2.6.?", "1:2.6.3", true},
		{"*", "anything", true},
		{"*", "", true},
		{"6.*", "", false},
		{"<6", "", false},
		{"!=6", "", false},
		{">=6.2 <6.8", "6.2", true},
		{">=6.2 <6.8", "6.7.9", true},
		{">=6.2 <6.8", "6.8", false},
		{">=6.2 <6.8", "6.10", false},
		{">=6.2  <6.8", "6.1.9", false},
		{"=6.2", "6.2.0", true},
		{"=6.2", "6.2.1", false},
		{"!=6.2", "6.2.1", true},
		{"!=6.2", "6.2", false},
		{">6.2", "6.2", false},
		{"<=6.2", "6.2", true},
		{"6.2|6.7", "6.7.1", true},
		{"6.2 | 6.7", "6.2.1", true},
		{"6.2 | 6.7", "6.5", false},
		{">=77.0.3865.90", "155.0.7444.59", true},
		{">=77.0.3865.90", "77.0.3865.75", false},
		{"", "1", false},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (version_match(cases[i].expression, cases[i].version) != cases[i].match)
			fail_msg("\"%s\" against \"%s\"", cases[i].expression, cases[i].version);
}

static void wrong_expressions_are_told(void **state)
{
	static const char *const good[] = {
		"6.2", "6.*", "*", ">=6.2 <6.8", "6.2 | 6.7", "=1:2.6", "!=6", "10.12*", "v5"};
	static const char *const bad[] = {"", " ", ">=", "6.2 |", "| 6.2", ">=6.*", "latest",
		">=6.2,<6.8", ">=6.2<6.8", "=>6"};
	(void)state;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (version_validate(good[i]) != NULL)
			fail_msg("\"%s\": %s", good[i], version_validate(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (version_validate(bad[i]) == NULL)
			fail_msg("\"%s\" was taken", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_have_an_order),
		cmocka_unit_test(some_versions_are_equal),
		cmocka_unit_test(expressions_match),
		cmocka_unit_test(wrong_expressions_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
