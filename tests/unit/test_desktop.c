/* Started by a double click: where the report goes, and what is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "desktop.h"

/* ---- a system of folders and answers ---- */

static struct world {
	const char *existing[8];    /* paths; NULL at the end */
	const char *protected[4];   /* folders that take nothing */
	bool full;                  /* whatever is asked for exists */
	const char *const *answers; /* one after another; NULL: the input ends */
	int asked, looked;
} world;

static bool exists(const char *path)
{
	world.looked++;
	for (size_t i = 0; world.existing[i] != NULL; i++)
		if (strcmp(world.existing[i], path) == 0)
			return true;
	return world.full;
}

static bool writable(const char *path)
{
	for (size_t i = 0; world.protected[i] != NULL; i++)
		if (strncmp(path, world.protected[i], strlen(world.protected[i])) == 0)
			return false;
	return true;
}

static int ask(const char *prompt, struct strbuf *out)
{
	assert_true(strlen(prompt) > 0);
	const char *answer = world.answers[world.asked];
	if (answer == NULL)
		return -1;
	world.asked++;
	strbuf_adds(out, answer);
	return 0;
}

static const struct desktop_system system_of_tests = {
	.exists = exists, .writable = writable, .ask = ask};

/* 2026-04-01 09:30:59 where the test runs. */
static double some_time(void)
{
	struct tm tm = {.tm_year = 126,
		.tm_mon = 3,
		.tm_mday = 1,
		.tm_hour = 9,
		.tm_min = 30,
		.tm_sec = 59,
		.tm_isdst = -1};

	return (double)mktime(&tm) + 0.75;
}

static void expect_path(const char *path, size_t which)
{
	struct strs folders = {0};
	size_t found = 99;

	strs_add(&folders, "E:\\");
	strs_add(&folders, "C:\\Users\\山田\\Documents\\");
	char *made = desktop_report_path(&folders, some_time(), &system_of_tests, &found);
	if (path == NULL) {
		assert_null(made);
	} else {
		assert_non_null(made);
		assert_string_equal(made, path);
		assert_int_equal(found, which);
	}
	free(made);
	strs_release(&folders);
}

static void beside_the_program(void **state)
{
	(void)state;
	world = (struct world){0};
	expect_path("E:\\preflight-20260401-0930.html", 0);
}

static void never_over_what_exists(void **state)
{
	(void)state;
	world = (struct world){.existing = {"E:\\preflight-20260401-0930.html"}};
	expect_path("E:\\preflight-20260401-0930-2.html", 0);
	world.existing[1] = "E:\\preflight-20260401-0930-2.html";
	world.existing[2] = "E:\\preflight-20260401-0930-4.html";
	expect_path("E:\\preflight-20260401-0930-3.html", 0);
}

static void elsewhere_when_it_is_protected(void **state)
{
	(void)state;
	world = (struct world){.protected = {"E:\\"},
		.existing = {"C:\\Users\\山田\\Documents\\preflight-20260401-0930.html"}};
	expect_path("C:\\Users\\山田\\Documents\\preflight-20260401-0930-2.html", 1);
	world.protected[1] = "C:\\";
	expect_path(NULL, 0);
}

static void ends_when_every_name_is_taken(void **state)
{
	(void)state;
	world = (struct world){.full = true};
	expect_path(NULL, 0);
	assert_int_equal(world.looked, 2 * 999);
}

static void nowhere(void **state)
{
	struct strs none = {0};
	size_t which = 0;
	(void)state;

	assert_null(desktop_report_path(&none, some_time(), &system_of_tests, &which));
}

/* ---- questions ---- */

static void expect_answers(const char *const *answers, bool wants, int asked)
{
	world = (struct world){.answers = answers};
	assert_int_equal(desktop_wants_open(LANG_JA, &system_of_tests), wants);
	assert_int_equal(world.asked, asked);
}

static void answers(void **state)
{
	static const char *const yes[] = {
		"", "y", "Y", "yes", " y ", "\ty", "ｙ", "Ｙ", "はい", "  "};
	static const char *const no[] = {"n", "N", "no", " n", "ｎ", "Ｎ", "いいえ", "n y"};
	(void)state;

	for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
		expect_answers((const char *const[]){yes[i], NULL}, true, 1);
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
		expect_answers((const char *const[]){no[i], NULL}, false, 1);
}

static void asked_again_but_not_for_ever(void **state)
{
	(void)state;
	expect_answers((const char *const[]){"?", "y", NULL}, true, 2);
	expect_answers((const char *const[]){"?", "yy", "n", NULL}, false, 3);
	expect_answers((const char *const[]){"a", "b", "c", "y", NULL}, false, 3);
}

static void no_answer_opens_nothing(void **state)
{
	(void)state;
	expect_answers((const char *const[]){NULL}, false, 0);
	expect_answers((const char *const[]){"what", NULL}, false, 1);
}

/* ---- what was dropped ---- */

static void by_ending(void **state)
{
	(void)state;
	assert_string_equal(desktop_word_for("C:\\施設\\規則.yaml"), "--rules");
	assert_string_equal(desktop_word_for("C:\\A.YML"), "--rules");
	assert_string_equal(desktop_word_for("\\\\server\\share\\a.Json"), "show");
	assert_null(desktop_word_for("C:\\a.txt"));
	assert_null(desktop_word_for("C:\\yaml"));
	assert_null(desktop_word_for(""));
}

/* Here nobody gets a window of their own; scripts rely on it. */
static void never_where_a_shell_is(void **state)
{
	char program[] = "preflight", file[] = "/tmp/a.yaml";
	char *words[] = {program, file, NULL};
	(void)state;

	assert_false(desktop_is_start(1, words));
	assert_false(desktop_is_start(2, words));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beside_the_program),
		cmocka_unit_test(never_over_what_exists),
		cmocka_unit_test(elsewhere_when_it_is_protected),
		cmocka_unit_test(ends_when_every_name_is_taken),
		cmocka_unit_test(nowhere),
		cmocka_unit_test(answers),
		cmocka_unit_test(asked_again_but_not_for_ever),
		cmocka_unit_test(no_answer_opens_nothing),
		cmocka_unit_test(by_ending),
		cmocka_unit_test(never_where_a_shell_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
