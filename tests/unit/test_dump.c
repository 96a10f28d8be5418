/* The check of a dump: which file it reads, what it makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "inputs.h"
#include "judge_rows.h"
#include "plan.h"
#include "run.h"

#define FOLDER "tests/fixtures/dumps/"
#define TITLE  "title: {ja: あ, en: a}"

static const char rule_text[] = "version: 1\n"
				"checks:\n"
				"  dump: {check: dump, file: '*.nowhere', " TITLE "}\n"
				"  euc: {check: dump, encoding: euc-jp, " TITLE "}\n"
				"  makefile: {check: dump, file: [none, 'make?ile'], " TITLE "}\n"
				"  several: {check: dump, file: ['README*.md'], " TITLE "}\n"
				"  disk: {check: disk, " TITLE "}\n"
				"profiles:\n"
				"  all: {" TITLE ", checks: ['*']}\n";

static struct rules *rules;

static int load(void **state)
{
	(void)state;
	rules = judge_rules(rule_text);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	rules_free(rules);
	return 0;
}

static struct facts collect(const char *id, const char *named)
{
	struct terminal terminal = {.os = {.family = "linux"}};
	struct inputs inputs = {.dump = named};
	struct plan plan = {.rules = rules, .terminal = &terminal, .inputs = &inputs};
	struct run *run = run_new(&plan);
	struct check_run c = {.check = rules_check(rules, id), .run = run};

	facts_init(&c.facts);
	facts_init(&c.timings);
	c.check->type->collect(&c);
	facts_release(&c.timings);
	run_free(run);
	return c.facts;
}

static void expect(
	const char *id, const struct facts *facts, enum verdict verdict, const char *cause)
{
	struct judge_input in = {.check = rules_check(rules, id), .rules = rules, .facts = facts};
	struct judgement out = {.verdict = VERDICT_COUNT};

	in.check->type->judge(&in, &out);
	assert_int_equal(out.verdict, verdict);
	if (cause == NULL)
		assert_null(out.cause);
	else
		assert_string_equal(out.cause, cause);
}

static void named_files(void **state)
{
	static const struct {
		const char *check, *name, *kind;
		enum verdict verdict;
		const char *cause;
	} cases[] = {
		{"dump", "utf8.dump", "custom", VERDICT_PASS, NULL},
		{"dump", "utf8-large-objects.dump", "custom", VERDICT_PASS, NULL},
		{"dump", "euc-jp.dump", "custom", VERDICT_FAIL, "dump.encoding"},
		{"euc", "euc-jp.dump", "custom", VERDICT_PASS, NULL},
		{"euc", "utf8.dump", "custom", VERDICT_FAIL, "dump.encoding"},
		{"dump", "sql-ascii.dump", "custom", VERDICT_FAIL, "dump.encoding"},
		{"dump", "utf8.sql", "plain-sql", VERDICT_FAIL, "dump.plain-sql"},
		{"dump", "utf16.sql", "plain-sql", VERDICT_FAIL, "dump.plain-sql"},
		{"dump", "utf8.tar", "tar", VERDICT_FAIL, "dump.other-format"},
		{"dump", "utf8.sql.gz", "gzip", VERDICT_FAIL, "dump.other-format"},
		{"dump", "directory", "directory", VERDICT_FAIL, "dump.other-format"},
		{"dump", "directory/toc.dat", "directory", VERDICT_FAIL, "dump.other-format"},
		{"dump", "README.md", "other", VERDICT_FAIL, "dump.not-a-dump"},
		{"dump", "missing.dump", NULL, VERDICT_FAIL, "dump.not-found"},
		{"dump", "", NULL, VERDICT_UNKNOWN, "dump.unreadable"}, /* a mere folder */
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char path[256];

		snprintf(path, sizeof path, FOLDER "%s", cases[i].name);
		struct facts facts = collect(cases[i].check, path);
		const char *kind = facts_get_str(&facts, "kind");
		if (cases[i].kind == NULL)
			assert_null(kind);
		else
			assert_string_equal(kind, cases[i].kind);
		expect(cases[i].check, &facts, cases[i].verdict, cases[i].cause);
		facts_release(&facts);
	}
}

static void facts_of_a_dump(void **state)
{
	struct facts facts = collect("dump", FOLDER "utf8.dump");
	(void)state;

	assert_string_equal(facts_get_str(&facts, "file"), "utf8.dump");
	assert_int_equal(facts_get_int(&facts, "size", -1), 2524);
	assert_string_equal(facts_get_str(&facts, "archive_version"), "1.14");
	assert_string_equal(
		facts_get_str(&facts, "server_version"), "15.20 (Debian 15.20-0+deb12u1)");
	assert_string_equal(
		facts_get_str(&facts, "dump_version"), facts_get_str(&facts, "server_version"));
	assert_string_equal(facts_get_str(&facts, "encoding"), "UTF8");
	assert_string_equal(facts_get_str(&facts, "expected_encoding"), "UTF8");
	assert_false(facts_get_bool(&facts, "damaged", true));
	assert_false(facts_has(&facts, "error"));
	facts_release(&facts);
}

/* The tests run in the source tree's top. */
static void files_of_the_working_directory(void **state)
{
	struct facts facts = collect("dump", NULL);
	(void)state;

	assert_string_equal(facts_get_str(&facts, "error"), "not-found");
	expect("dump", &facts, VERDICT_SKIP, "dump.not-found");
	facts_release(&facts);
	facts = collect("euc", NULL); /* names no file at all */
	expect("euc", &facts, VERDICT_SKIP, "dump.not-found");
	facts_release(&facts);
	facts = collect("makefile", NULL);
	assert_string_equal(facts_get_str(&facts, "file"), "Makefile");
	assert_false(facts_has(&facts, "candidates"));
	expect("makefile", &facts, VERDICT_FAIL, "dump.not-a-dump");
	facts_release(&facts);
	facts = collect("several", NULL);
	assert_string_equal(facts_get_str(&facts, "file"), "README.md");
	assert_int_equal(facts_count(&facts, "candidates"), 2);
	assert_string_equal(facts_item(&facts, "candidates", 0), "README.ja.md");
	facts_release(&facts);
}

static void verdicts(void **state)
{
	static const struct judge_row rows[] = {
		{"dump", "\"error\":\"not-found\",", VERDICT_SKIP, "dump.not-found"},
		{"dump", "\"named\":true,\"error\":\"not-found\",", VERDICT_FAIL, "dump.not-found"},
		{"dump", "\"error\":\"unreadable\",", VERDICT_UNKNOWN, "dump.unreadable"},
		{"dump", "", VERDICT_UNKNOWN, "dump.unreadable"},
		{"dump", "\"kind\":\"empty\",", VERDICT_FAIL, "dump.not-a-dump"},
		{"dump", "\"kind\":\"zip\",", VERDICT_FAIL, "dump.other-format"},
		{"dump", "\"kind\":\"plain-sql\",\"encoding\":\"UTF8\",", VERDICT_FAIL,
			"dump.plain-sql"},
		{"dump",
			"\"kind\":\"custom\",\"encoding\":\"UTF8\",\"damaged\":true,\"error\":"
			"\"ends-"
			"early\",",
			VERDICT_FAIL, "dump.damaged"},
		{"dump", "\"kind\":\"custom\",\"damaged\":false,\"error\":\"newer-version\",",
			VERDICT_UNKNOWN, "dump.unreadable"},
		{"dump", "\"kind\":\"custom\",\"damaged\":false,", VERDICT_UNKNOWN,
			"dump.encoding"},
		{"dump", "\"kind\":\"custom\",\"encoding\":\"EUC_JP\",", VERDICT_FAIL,
			"dump.encoding"},
		{"dump", "\"kind\":\"custom\",\"encoding\":\"UTF8\",", VERDICT_PASS, NULL},
		{"disk", "", VERDICT_UNKNOWN, "run.unreadable"},
		{"disk", "\"os\":\"linux\",\"available\":1,", VERDICT_FAIL, "disk.low"},
		{"disk", "\"os\":\"linux\",\"available\":1,\"read_only\":true,", VERDICT_FAIL,
			"disk.read-only"},
	};
	(void)state;

	judge_rows(rules, rows, sizeof rows / sizeof rows[0]);
}

/* A file that nothing would read is a mistake of the user's. */
static void dump_in_vain(void **state)
{
	struct terminal terminal = {.os = {.family = "linux"}};
	struct inputs inputs = {.dump = "a.dump"};
	struct plan_request request = {.inputs = &inputs};
	struct diags diags = {0};
	struct plan plan;
	(void)state;

	strs_add(&request.profiles, "all");
	assert_int_equal(plan_make(&plan, &request, rules, &terminal, &diags), 0);
	plan_release(&plan);
	strs_add(&request.only, "disk");
	assert_int_equal(plan_make(&plan, &request, rules, &terminal, &diags), -1);
	assert_int_equal(diags.count, 1);
	assert_non_null(strstr(diags.items[0].text, "--dump a.dump"));
	plan_release(&plan);
	diags_release(&diags);
	inputs.dump = NULL;
	assert_int_equal(plan_make(&plan, &request, rules, &terminal, &diags), 0);
	plan_release(&plan);
	strs_release(&request.profiles);
	strs_release(&request.only);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(named_files),
		cmocka_unit_test(facts_of_a_dump),
		cmocka_unit_test(files_of_the_working_directory),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(dump_in_vain),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
