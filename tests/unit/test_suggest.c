/* Profiles that may be meant: when they are suggested, and how the reports say it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "judge_rows.h"
#include "report.h"
#include "report_build.h"
#include "suggest.h"

#define TITLE(ja, en) "title: {ja: " ja ", en: " en "}"

static const char rule_text[] =
	"version: 1\n"
	"checks:\n"
	"  disk: {check: disk, " TITLE("あ",
		"a") "}\n"
		     "profiles:\n"
		     "  registry: {checks: '*', when-vpn: 'main-*', " TITLE("届出",
			     "Registry") "}\n"
					 "  gtol: {checks: '*', when-vpn: [other, "
					 "'*gtol*'], " TITLE("オンライン",
						 "Online") "}\n"
							   "  orca: {checks: '*', when-vpn: "
							   "orca-vpn, when-file: ['*.dump', "
							   "'*.p12'],\n"
							   "    " TITLE("クラウド",
								   "Cloud") "}\n"
									    "  plain: {checks: "
									    "'*', " TITLE("他",
										    "Other") "}\n"
											     "  "
											     "here:"
											     " {"
											     "check"
											     "s: "
											     "'*', "
											     "when-"
											     "file:"
											     " make"
											     "?ile,"
											     " " TITLE(
												     "此処",
												     "Here") "}\n";

struct scene {
	struct rules *rules;
	struct vpn_connection vpns[2];
	struct terminal terminal;
	const struct rule_profile *profiles[1];
	struct plan plan;
	struct suggestions list;
};

static void scene_init(struct scene *s)
{
	memset(s, 0, sizeof *s);
	s->rules = judge_rules(rule_text);
	strcpy(s->vpns[0].name, "Main-GTOL-VPN");
	strcpy(s->vpns[1].name, "orca-vpn");
	s->terminal.vpns = (struct vpn_connections){s->vpns, 2, 2};
	s->terminal.vpns_known = true;
	s->profiles[0] = rules_profile(s->rules, "registry");
	s->plan = (struct plan){.rules = s->rules,
		.terminal = &s->terminal,
		.profiles = s->profiles,
		.profile_count = 1,
		.phase = PHASE_BEFORE_VPN};
}

static void scene_release(struct scene *s)
{
	suggestions_release(&s->list);
	rules_free(s->rules);
}

static void expect(
	const struct suggestions *list, size_t i, const char *id, bool file, const char *name)
{
	assert_true(i < list->count);
	assert_string_equal(list->items[i].profile->id, id);
	assert_int_equal(list->items[i].file, file);
	assert_string_equal(list->items[i].name, name);
}

static void vpns_and_files(void **state)
{
	char *names[] = {"a.txt", "client.P12", "z.dump"};
	struct strs files = {.items = names, .count = 3}, none = {0};
	struct scene s;
	(void)state;

	scene_init(&s);
	suggest_profiles(&s.list, &s.plan, &none); /* known VPNs, none connected */
	assert_int_equal(s.list.count, 0);
	s.vpns[0].connected = true;
	suggest_profiles(&s.list, &s.plan, &none); /* the plan's own profile never */
	assert_int_equal(s.list.count, 1);
	expect(&s.list, 0, "gtol", false, "Main-GTOL-VPN");
	suggestions_release(&s.list);
	suggest_profiles(&s.list, &s.plan, &files); /* each profile once */
	assert_int_equal(s.list.count, 2);
	expect(&s.list, 1, "orca", true, "client.P12");
	suggestions_release(&s.list);
	s.vpns[1].connected = true;
	suggest_profiles(&s.list, &s.plan, &files); /* a VPN says more than a file */
	assert_int_equal(s.list.count, 2);
	expect(&s.list, 1, "orca", false, "orca-vpn");
	suggestions_release(&s.list);
	s.terminal.vpns_known = false;
	suggest_profiles(&s.list, &s.plan, &none);
	assert_int_equal(s.list.count, 0);
	scene_release(&s);
}

/* The tests run in the source tree's top. */
static void files_of_the_working_directory(void **state)
{
	struct scene s;
	(void)state;

	scene_init(&s);
	suggest_here(&s.list, &s.plan);
	assert_int_equal(s.list.count, 1);
	expect(&s.list, 0, "here", true, "Makefile");
	scene_release(&s);
}

static void expect_text(const json_t *report, enum lang lang, const char *line, bool there)
{
	struct report_options how = {.lang = lang};
	char text[4096];
	FILE *out = tmpfile();

	assert_non_null(out);
	report_format_find("text")->write(out, report, &how);
	rewind(out);
	text[fread(text, 1, sizeof text - 1, out)] = '\0';
	fclose(out);
	if ((strstr(text, line) != NULL) != there)
		fail_msg("%s: %s in\n%s", line, there ? "missing" : "present", text);
}

static void in_reports(void **state)
{
	static char *names[] = {"\033[31m.dump"};
	struct strs files = {.items = names, .count = 1};
	struct diagnosis diagnosis = {.overall = VERDICT_PASS};
	struct report_context context = {.version = "0.1.0"};
	struct strbuf why;
	struct scene s;
	(void)state;

	scene_init(&s);
	strbuf_init(&why, 1000);
	json_t *report = report_build(&diagnosis, &s.plan, NULL, &context);
	assert_int_equal(json_array_size(json_object_get(report, "suggested_profiles")), 0);
	expect_text(report, LANG_EN, "may fit better", false);
	assert_int_equal(json_object_del(report, "suggested_profiles"), 0);
	assert_true(report_valid(report, &why)); /* as older versions wrote it */
	json_decref(report);

	s.vpns[0].connected = true;
	suggest_profiles(&s.list, &s.plan, &files);
	context.suggestions = &s.list;
	report = report_build(&diagnosis, &s.plan, NULL, &context);
	assert_true(report_valid(report, &why));
	json_t *list = json_object_get(report, "suggested_profiles");
	json_t *expected =
		json_pack("[{s:s, s:{s:s, s:s}, s:s, s:s}, {s:s, s:{s:s, s:s}, s:s, s:s}]", "id",
			"gtol", "title", "ja", "オンライン", "en", "Online", "reason", "vpn",
			"name", "Main-GTOL-VPN", "id", "orca", "title", "ja", "クラウド", "en",
			"Cloud", "reason", "file", "name", "\\x1B[31m.dump");
	assert_non_null(expected);
	assert_true(json_equal(list, expected));
	json_decref(expected);
	expect_text(report, LANG_JA,
		"\n--profile gtol が合うかもしれません（VPN「Main-GTOL-VPN」に接続中）。\n", true);
	expect_text(report, LANG_EN,
		"\n--profile gtol may fit better (the VPN \"Main-GTOL-VPN\" is connected).\n",
		true);
	expect_text(report, LANG_EN,
		"\n--profile orca may fit better (there is a file \"\\x1B[31m.dump\").\n", true);
	json_object_set_new(json_array_get(list, 0), "reason", json_string("guess"));
	assert_false(report_valid(report, &why));
	json_decref(report);
	strbuf_release(&why);
	scene_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vpns_and_files),
		cmocka_unit_test(files_of_the_working_directory),
		cmocka_unit_test(in_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
