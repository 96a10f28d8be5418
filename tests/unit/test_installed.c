/* Products that must be installed: what counts as one, in which version, on which OS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "../../checks/installed.h"
#include "local_rules.h"
#include "match.h"
#include "product.h"

#define CHROME "Google Chrome", "Google LLC"

struct row {
	enum inventory_kind kind;
	const char *name, *publisher, *version;
};

static const struct os_info windows_10 = {.family = "windows", .version = "10", .build = 19045};
static const struct os_info windows_7 = {
	.family = "windows", .version = "7", .build = 7601, .service_pack = 1};
static const struct os_info macos = {.family = "macos", .version = "10.12.6"};
static const struct os_info debian = {.family = "linux", .version = "12", .distro = "debian"};

static void fill(struct inventory *inv, const char *os, const struct row *rows, size_t count)
{
	inventory_init(inv, os);
	for (int kind = 0; kind < INVENTORY_KIND_COUNT; kind++)
		inv->complete[kind] = true;
	for (size_t i = 0; i < count; i++)
		inventory_add(inv, rows[i].kind, rows[i].name, rows[i].version, rows[i].publisher,
			rows[i].kind == INVENTORY_BUNDLE ? "com.apple.Safari" : NULL);
}

/* The facts as collect puts them. */
static void look(
	const char *id, const struct os_info *os, const struct inventory *inv, struct facts *facts)
{
	const struct rule_check *check = rules_check(local_rules(), id);

	facts_init(facts);
	assert_non_null(check);
	facts_bool(facts, "applies", installed_applies(check, os));
	if (installed_applies(check, os))
		installed_facts(check, local_rules(), os, inv, facts);
}

static void expect(const char *what, const char *id, const struct os_info *os,
	const struct inventory *inv, enum verdict verdict, const char *cause)
{
	struct facts facts;

	look(id, os, inv, &facts);
	local_expect(what, local_judge(id, &facts, 0, false), verdict, cause);
	facts_release(&facts);
}

static void verdicts(void **state)
{
	static const struct {
		const char *what, *check;
		const struct os_info *os;
		struct row rows[3];
		enum verdict verdict;
		const char *cause;
	} cases[] = {
		{"just new enough", "browser", &windows_10,
			{{INVENTORY_PROGRAM, CHROME, "77.0.3865.90"}}, VERDICT_PASS, NULL},
		{"one too old", "browser", &windows_10,
			{{INVENTORY_PROGRAM, CHROME, "77.0.3865.89"}}, VERDICT_FAIL,
			"software.too-old"},
		{"by number, not by text", "browser", &windows_10,
			{{INVENTORY_PROGRAM, CHROME, "100.0"}}, VERDICT_PASS, NULL},
		{"full-width name and version", "browser", &windows_10,
			{{INVENTORY_PROGRAM, "Ｇｏｏｇｌｅ　Ｃｈｒｏｍｅ", "Google LLC",
				"１１０．０"}},
			VERDICT_PASS, NULL},
		{"the newest counts", "browser", &windows_10,
			{{INVENTORY_PROGRAM, CHROME, "120.0"}, {INVENTORY_PROGRAM, CHROME, "60.0"},
				{INVENTORY_PROGRAM, CHROME, ""}},
			VERDICT_PASS, NULL},
		{"other publisher", "browser", &windows_10,
			{{INVENTORY_PROGRAM, "Google Chrome", "Evil", "120.0"}}, VERDICT_FAIL,
			"software.missing"},
		{"excepted name", "browser", &windows_10,
			{{INVENTORY_PROGRAM, "Google Chrome Remote Desktop", "Google", "120.0"}},
			VERDICT_FAIL, "software.missing"},
		{"unknown version", "browser", &windows_10, {{INVENTORY_PROGRAM, CHROME, ""}},
			VERDICT_UNKNOWN, "run.unreadable"},
		{"nothing", "browser", &windows_10, {{0}}, VERDICT_FAIL, "software.missing"},
		{"the other one will do", "browser", &windows_10,
			{{INVENTORY_PROGRAM, CHROME, "60"},
				{INVENTORY_SERVICE, "Internet Explorer", "", "11.0"}},
			VERDICT_PASS, NULL},
		{"10 is for Windows 7 only", "browser", &windows_10,
			{{INVENTORY_SERVICE, "Internet Explorer", "", "10.0"}}, VERDICT_FAIL,
			"software.too-old"},
		{"10 on Windows 7, unlisted", "browser", &windows_7,
			{{INVENTORY_SERVICE, "Internet Explorer", "", "10.0"}}, VERDICT_WARN,
			"software.os-not-listed"},
		{"too old and unlisted", "browser", &windows_7,
			{{INVENTORY_SERVICE, "Internet Explorer", "", "9.0"}}, VERDICT_FAIL,
			"software.too-old"},
		{"any version, none known", "browser", &macos,
			{{INVENTORY_BUNDLE, "Safari", "", ""}}, VERDICT_PASS, NULL},
		{"Debian revision", "browser", &debian,
			{{INVENTORY_PACKAGE, "google-chrome-stable", "", "77.0.3865.90-1"}},
			VERDICT_WARN, "software.os-not-listed"},
		{"missing: warn", "browser-warn", &windows_10, {{0}}, VERDICT_WARN,
			"software.missing"},
		{"missing: skip", "browser-skip", &windows_10, {{0}}, VERDICT_SKIP,
			"software.missing"},
		{"missing: skip, too old", "browser-skip", &windows_10,
			{{INVENTORY_PROGRAM, CHROME, "76"}}, VERDICT_FAIL, "software.too-old"},
		{"on", "only-on", &windows_10, {{0}}, VERDICT_FAIL, "software.missing"},
		{"not on", "only-on", &windows_7, {{INVENTORY_PROGRAM, CHROME, "1"}}, VERDICT_SKIP,
			NULL},
		{"nothing accepted here", "only-windows", &debian, {{0}}, VERDICT_SKIP, NULL},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct inventory inv;
		size_t count = 0;

		while (count < 3 && cases[i].rows[count].name != NULL)
			count++;
		fill(&inv, cases[i].os->family, cases[i].rows, count);
		expect(cases[i].what, cases[i].check, cases[i].os, &inv, cases[i].verdict,
			cases[i].cause);
		inventory_release(&inv);
	}
}

/* What could not be read may hold the product; what was read cannot be taken back. */
static void unreadable_parts(void **state)
{
	static const struct row good[] = {{INVENTORY_PROGRAM, CHROME, "80"}},
				old[] = {{INVENTORY_PROGRAM, CHROME, "60"}};
	struct inventory inv;
	(void)state;

	fill(&inv, "windows", NULL, 0);
	inv.complete[INVENTORY_SERVICE] = false;
	expect("services", "browser", &windows_10, &inv, VERDICT_UNKNOWN, "run.unreadable");
	expect("not asked for", "browser-warn", &windows_10, &inv, VERDICT_WARN,
		"software.missing");
	inventory_release(&inv);
	fill(&inv, "windows", old, 1);
	inv.complete[INVENTORY_PROGRAM] = false;
	expect("an older one", "browser", &windows_10, &inv, VERDICT_UNKNOWN, "run.unreadable");
	inventory_release(&inv);
	fill(&inv, "windows", good, 1);
	inv.complete[INVENTORY_PROGRAM] = false;
	expect("good enough", "browser", &windows_10, &inv, VERDICT_PASS, NULL);
	inventory_release(&inv);
}

static void nothing_known(void **state)
{
	struct facts facts;
	(void)state;

	facts_init(&facts);
	facts_str(&facts, "error", "no");
	local_expect("no OS", local_judge("browser", &facts, 0, false), VERDICT_UNKNOWN,
		"run.unreadable");
	facts_bool(&facts, "applies", true);
	local_expect("no inventory", local_judge("browser-skip", &facts, 0, false), VERDICT_UNKNOWN,
		"run.unreadable");
	facts_release(&facts);
}

static void facts_of_a_terminal(void **state)
{
	static const struct row rows[] = {{INVENTORY_PROGRAM, CHROME, "60"},
		{INVENTORY_PROGRAM, CHROME, "76"},
		{INVENTORY_SERVICE, "Internet Explorer", "Microsoft", "11.0"}};
	struct inventory inv;
	struct facts facts;
	(void)state;

	fill(&inv, "windows", rows, 3);
	look("browser", &windows_10, &inv, &facts);
	assert_int_equal(facts_count(&facts, "wanted"), 2);
	assert_string_equal(facts_item(&facts, "wanted", 0), "chrome >=77.0.3865.90");
	assert_string_equal(facts_item(&facts, "wanted", 1), "windows 10: ie >=11");
	const json_t *found = facts_get(&facts, "found");
	assert_int_equal(json_array_size(found), 2);
	const json_t *chrome = json_array_get(found, 0), *ie = json_array_get(found, 1);
	assert_string_equal(json_string_value(json_object_get(chrome, "id")), "chrome");
	assert_string_equal(json_string_value(json_object_get(chrome, "version")), "76");
	assert_string_equal(json_string_value(json_object_get(chrome, "kind")), "program");
	assert_true(json_is_false(json_object_get(chrome, "accepted")));
	assert_string_equal(json_string_value(json_object_get(ie, "publisher")), "Microsoft");
	assert_true(json_is_true(json_object_get(ie, "accepted")));
	assert_true(facts_get_bool(&facts, "accepted", false));
	assert_false(facts_get_bool(&facts, "missing", true));
	assert_false(facts_get_bool(&facts, "too_old", true));
	assert_true(facts_get_bool(&facts, "os_listed", false));
	facts_release(&facts);
	inventory_release(&inv);
}

static void unknown_os(void **state)
{
	struct terminal t = {.os_known = false};
	struct facts facts;
	(void)state;

	strbuf_init(&t.why, 64);
	strbuf_adds(&t.why, "cannot be read");
	local_collect("browser", &t, &facts);
	assert_string_equal(facts_get_str(&facts, "error"), "cannot be read");
	assert_false(facts_has(&facts, "applies"));
	facts_release(&facts);
	strbuf_release(&t.why);
}

static void expressions(void **state)
{
	static const char *const bad[] = {"", ">=77", "Chrome",
		"windows 10: ", "windwos 10: chrome", "-chrome", "chrome >=", "chrome > = 7",
		"windows ten: chrome",
		"chrome-with-an-id-of-more-than-sixty-four-characters-which-is-too-long"};
	struct product_expression e;
	char text[300];
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (product_expression_validate(bad[i]) == NULL)
			fail_msg("taken: %s", bad[i]);
	assert_null(product_expression_parse("linux debian 12:  chrome  >=1:77 | 76.*", &e));
	assert_string_equal(e.os, "linux debian 12");
	assert_string_equal(e.product, "chrome");
	assert_string_equal(e.version, ">=1:77 | 76.*");
	assert_null(product_expression_parse("chrome", &e));
	assert_string_equal(e.os, "");
	assert_string_equal(e.version, "");
	snprintf(text, sizeof text, "chrome %0250d", 1);
	assert_non_null(product_expression_validate(text));
	snprintf(text, sizeof text, "windows %0250d: chrome", 1);
	assert_non_null(product_expression_validate(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts),
		cmocka_unit_test(unreadable_parts),
		cmocka_unit_test(nothing_known),
		cmocka_unit_test(facts_of_a_terminal),
		cmocka_unit_test(unknown_os),
		cmocka_unit_test(expressions),
	};

	return cmocka_run_group_tests(tests, local_rules_load, local_rules_unload);
}
