/* Saved reports: what the loader refuses and where, judging again, and what changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match.h"
#include "mem.h"
#include "redacted.h"
#include "rejudge.h"
#include "report.h"
#include "report_build.h"
#include "report_diff.h"
#include "report_load.h"
#include "rules.h"

#define FIXTURES "tests/fixtures/"

static char *file_text(const char *path)
{
	char buf[4096];
	struct strbuf text;
	size_t n;
	FILE *in = fopen(path, "rb");

	if (in == NULL)
		fail_msg("%s: cannot open", path);
	strbuf_init(&text, REPORT_MAX_BYTES);
	while ((n = fread(buf, 1, sizeof buf, in)) > 0)
		strbuf_add(&text, buf, n);
	fclose(in);
	return strbuf_detach(&text);
}

/* The fixture's text with the first `old` replaced. */
static char *damaged(const char *old, const char *new)
{
	char *text = file_text(FIXTURES "report-udp4500.json");
	const char *at = strstr(text, old);
	struct strbuf out;

	if (at == NULL)
		fail_msg("%s: not in the fixture", old);
	strbuf_init(&out, REPORT_MAX_BYTES);
	strbuf_add(&out, text, (size_t)(at - text));
	strbuf_adds(&out, new);
	strbuf_adds(&out, at + strlen(old));
	free(text);
	return strbuf_detach(&out);
}

/* ---- loading ---- */

static void accepts(const char *text, size_t len)
{
	struct diags diags = {0};
	json_t *report = report_parse("r.json", text, len, &diags);

	if (report == NULL)
		fail_msg("%d:%d: %s", diags.items[0].line, diags.items[0].column,
			diags.items[0].text);
	assert_int_equal(diags.count, 0);
	json_decref(report);
}

static void refuses(
	const char *text, size_t len, int line, int column, const char *expected, size_t count)
{
	struct diags diags = {0};

	assert_null(report_parse("r.json", text, len, &diags));
	assert_int_equal(diags.count, count);
	assert_string_equal(diags.items[0].file, "r.json");
	if (strncmp(diags.items[0].text, expected, strlen(expected)) != 0)
		fail_msg("%s", diags.items[0].text);
	assert_int_equal(diags.items[0].line, line);
	assert_int_equal(diags.items[0].column, column);
	diags_release(&diags);
}

struct damage {
	const char *old, *new;
	int line, column;
	const char *expected;
};

static const struct damage damages[] = {
	{"\"schema\": \"preflight-report\"", "\"schema\": \"other\"", 2, 13,
		"schema: must be \"preflight-report\": this is not a report of preflight"},
	{"\"1.0\"", "\"2.0\"", 3, 21, "schema_version: 2.0 is another version"},
	{"\"1.0\"", "\"0.9\"", 3, 21, "schema_version: 0.9 is another version"},
	{"\"1.0\"", "\"1.x\"", 3, 21, "schema_version: \"1.x\" must be a version such as"},
	{"\"1.0\"", "null", 3, 21, "schema_version: must be text, not null"},
	{"\"id\": \"registry\"", "\"id\": 7", 16, 13, "profiles[0].id: must be text, not a whole"},
	{"\"interrupted\": false,", "", 1, 1, "interrupted: missing"},
	{"\"verdict\": \"not-ready\"", "\"verdict\": \"fine\"", 28, 14,
		"verdict: \"fine\" must be ready, not-ready or unknown"},
	{"\"pass\": 8", "\"pass\": 9", 32, 13, "counts.pass: is 9, and 8 checks have this verdict"},
	{"\"terminal\": {", "\"terminal\": {\"os\": [],", 41, 8, "JSON syntax: duplicate"},
	{"\"causes\": [", "\"causes\": [ 5,", 54, 15, "causes[0]: must be an object, not a whole"},
	{"\"segments\": [", "\"segments\": [\"moon\",", 58, 20,
		"causes[0].segments[0]: \"moon\" must be terminal, facility, line, service or vpn"},
	{"\"root\": 0", "\"root\": 99", 476, 15, "checks["},
};

static void test_damage(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		const struct damage *d = &damages[i];
		char *text = damaged(d->old, d->new);
		refuses(text, strlen(text), d->line, d->column, d->expected, 1);
		free(text);
	}
}

/* All that is wrong is told at once, up to a limit. */
static void test_many_problems(void **state)
{
	static const char empty[] = "{\"schema\": \"preflight-report\"}";
	struct strbuf text;

	(void)state;
	refuses(empty, sizeof empty - 1, 1, 1, "schema_version: missing", 17);
	strbuf_init(&text, 20000);
	strbuf_adds(&text, "{\"schema\": \"preflight-report\", \"checks\": [");
	for (int i = 0; i < 100; i++)
		strbuf_addf(&text, "%s%d", i > 0 ? ", " : "", i);
	strbuf_adds(&text, "]}");
	refuses(text.data, text.len, 1, 1, "schema_version: missing", 20);
	strbuf_reset(&text);
	strbuf_adds(&text,
		"{\"schema\": \"preflight-report\", \"schema_version\": \"1.1\", \"rules\": [");
	for (int i = 0; i < 5001; i++)
		strbuf_adds(&text, i > 0 ? ",0" : "0");
	strbuf_adds(&text, "]}");
	struct diags diags = {0};
	assert_null(report_parse("r.json", text.data, text.len, &diags));
	assert_string_equal(diags.items[1].text, "rules: has 5001 items; at most 5000 are read");
	diags_release(&diags);
	strbuf_release(&text);
}

static void test_no_report(void **state)
{
	static const char inventory[] = "{\"preflight-inventory\": 1}";

	(void)state;
	refuses("", 0, 0, 0, "the file is empty", 1);
	refuses("[]", 2, 1, 1, "not a JSON object", 1);
	refuses("{\"schema\": \"a\\u0000\"}", 21, 1, 20, "JSON syntax: ", 1);
	refuses("\xff\xfe[\0]\0", 6, 1, 1, "not a JSON object", 1); /* UTF-16 is read */
	refuses("[\0]\0", 4, 1, 1, "not a JSON object", 1);
	refuses("{\"a\": \"\xff\"}", 10, 1, 8, "the file is not UTF-8 text", 1);
	refuses("{\"a\":\n \"\x83\x65\"}", 12, 2, 3, "the file is not UTF-8 but Shift_JIS", 1);
	refuses(inventory, sizeof inventory - 1, 1, 1,
		"this is a terminal's inventory, not a report; see run --inventory", 1);
}

static void test_two_of_one_id(void **state)
{
	char *text = file_text(FIXTURES "report-ready.json");
	json_t *report = json_loads(text, 0, NULL), *checks = json_object_get(report, "checks");
	struct strbuf why;

	(void)state;
	strbuf_init(&why, 1000);
	json_object_set(
		json_array_get(checks, 2), "id", json_object_get(json_array_get(checks, 1), "id"));
	assert_false(report_valid(report, &why));
	assert_memory_equal(why.data, "checks[2].id: \"", 15);
	strbuf_release(&why);
	json_decref(report);
	free(text);
}

static void test_versions(void **state)
{
	char *newer = damaged("\"1.0\",", "\"1.99\", \"moon\": {\"phase\": [1]},");
	char *counted = damaged("\"pass\": 8,", "\"moon\": 3, \"pass\": 8,");
	char *older = file_text(FIXTURES "report-udp4500.json");
	char *marked = mem_alloc(strlen(older) + 4);

	(void)state;
	accepts(newer, strlen(newer));
	accepts(counted, strlen(counted));
	free(counted);
	accepts(older, strlen(older));
	snprintf(marked, strlen(older) + 4, "\xef\xbb\xbf%s", older);
	accepts(marked, strlen(marked));
	free(marked);
	free(older);
	free(newer);
}

/* ---- judging again ---- */

static json_t *load(const char *name)
{
	struct diags diags = {0};
	char path[128];

	snprintf(path, sizeof path, FIXTURES "saved-%s.json", name);
	json_t *report = report_load(path, &diags);
	if (report == NULL)
		fail_msg("%s: %s", path, diags.items[0].text);
	return report;
}

static struct rules *rules_with(const char *more)
{
	struct rule_source sources[] = {
		rules_builtin(), {.name = "more", .text = more, .len = strlen(more)}};
	struct diags diags = {0};
	struct rules *rules = rules_load(sources, 2, &diags);

	if (rules == NULL)
		fail_msg("%s", diags.items[0].text);
	return rules;
}

static json_t *again(const json_t *saved, const char *more)
{
	struct rules *rules = rules_with(more);
	struct diags diags = {0};
	struct strbuf why;
	json_t *report = report_rejudge(saved, "r.json", rules, "9.9", &diags);

	if (report == NULL)
		fail_msg("%s", diags.items[0].text);
	strbuf_init(&why, 1000);
	if (!report_valid(report, &why))
		fail_msg("%s", why.data);
	strbuf_release(&why);
	rules_free(rules);
	return report;
}

static const json_t *check_of(const json_t *report, const char *id)
{
	const json_t *checks = json_object_get(report, "checks");

	for (size_t i = 0; i < json_array_size(checks); i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(checks, i), "id")),
			    id) == 0)
			return json_array_get(checks, i);
	fail_msg("%s: not in the report", id);
	return NULL;
}

static const char *word(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

/* The members of a check that do not hang on the rule file's wording. */
static void same_results(const json_t *one, const json_t *other)
{
	static const char *const names[] = {"id", "verdict", "cause", "state", "actors",
		"skip_reason", "waived", "root", "duration_ms", "facts", "timings"};
	static const char *const top[] = {"profiles", "phase", "phase_forced", "started",
		"duration_ms", "interrupted", "verdict", "exit_code", "strict", "counts",
		"terminal", "selection", "suggested_profiles", "saved_inventory"};
	const json_t *a = json_object_get(one, "checks"), *b = json_object_get(other, "checks");

	assert_int_equal(json_array_size(a), json_array_size(b));
	for (size_t i = 0; i < sizeof top / sizeof top[0]; i++)
		if (!json_equal(json_object_get(one, top[i]), json_object_get(other, top[i])))
			fail_msg("%s differs", top[i]);
	for (size_t i = 0; i < json_array_size(a) * (sizeof names / sizeof names[0]); i++) {
		const char *name = names[i % (sizeof names / sizeof names[0])];
		size_t k = i / (sizeof names / sizeof names[0]);
		if (!json_equal(json_object_get(json_array_get(a, k), name),
			    json_object_get(json_array_get(b, k), name)))
			fail_msg("checks[%zu].%s differs", k, name);
	}
}

/* As if the run had looked for the software of today's rules. */
static void look_for_todays_software(json_t *report)
{
	struct rules *rules = rules_with("version: 1\n");
	char digest[MATCH_DIGEST_SIZE];

	for (size_t i = 0; i < rules->check_count; i++)
		if (strcmp(rules->checks[i].id, "term-software") == 0)
			match_digest(rules, rule_list(&rules->checks[i], "match"), digest);
	json_object_set_new(json_object_get(check_of(report, "term-software"), "facts"), "searched",
		json_string(digest));
	rules_free(rules);
}

static void test_same_rules(void **state)
{
	static const char *const names[] = {"healthy", "cert-expired", "dns-address-changed"};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		json_t *saved = load(names[i]);
		look_for_todays_software(saved);
		json_t *report = again(saved, "version: 1\n");
		json_t *twice = again(report, "version: 1\n");
		same_results(report, saved);
		assert_true(json_equal(json_object_get(twice, "judged_again"),
			json_object_get(report, "judged_again")));
		assert_true(json_equal(
			json_object_get(json_object_get(report, "judged_again"), "rules"),
			json_object_get(saved, "rules")));
		assert_string_equal(word(json_object_get(report, "program"), "version"), "9.9");
		json_decref(twice);
		json_decref(report);
		json_decref(saved);
	}
}

static void expect(const json_t *report, const char *id, const char *verdict, const char *cause)
{
	const json_t *check = check_of(report, id);

	assert_string_equal(word(check, "verdict"), verdict);
	assert_string_equal(word(check, "cause"), cause);
}

/* New limits count, and the evidence speaks of them. */
static void test_other_rules(void **state)
{
	json_t *saved = load("healthy");
	json_t *report = again(saved, "version: 1\n"
				      "checks: {term-disk: {free: 900 TB}}\n");

	(void)state;
	expect(saved, "term-disk", "pass", "");
	expect(report, "term-disk", "fail", "disk.low");
	assert_string_equal(word(report, "verdict"), "not-ready");
	assert_int_equal(
		json_integer_value(json_object_get(
			json_object_get(check_of(report, "term-disk"), "facts"), "required")),
		900000000000000);
	json_decref(report);
	json_decref(saved);
}

/* What the saved report does not tell is unknown, never a guess. */
static void test_not_saved(void **state)
{
	json_t *saved = load("healthy");
	json_object_set_new(json_object_get(saved, "selection"), "only", json_pack("[s]", "mio-*"));
	json_t *report = again(saved,
		"version: 1\n"
		"checks:\n"
		"  mio-new: {check: tcp, host: mio, port: 8443, title: {ja: 新, en: new}}\n"
		"  mio-tcp-443: {port: 444}\n"
		"hosts: {mio: {name: mio.ccr.ncc.go.jp}}\n"
		"profiles: {registry: {checks: '*'}}\n");

	(void)state;
	expect(report, "mio-new", "unknown", "run.not-saved");
	expect(report, "mio-tcp-443", "unknown", "run.not-saved");
	expect(report, "mio-dns", "pass", "");
	assert_string_equal(word(check_of(report, "mio-new"), "state"), "not-saved");
	assert_string_equal(word(report, "verdict"), "unknown");
	json_decref(report);
	report = again(saved, "version: 1\nhosts: {mio: {name: other.example.jp}}\n");
	expect(report, "mio-dns", "unknown", "run.not-saved");
	json_decref(report);
	json_decref(saved);
}

/* How a check ended stays as saved: what was cut short is not judged by its first facts. */
static void test_states(void **state)
{
	static const struct {
		const char *state, *verdict, *cause;
	} ends[] = {
		{"deadline", "unknown", "run.deadline"}, {"waiting", "unknown", "run.deadline"},
		{"interrupted", "unknown", "run.interrupted"},
		{"not-saved", "unknown", "run.not-saved"},
		{"skipped", "unknown",
			"run.not-saved"}, /* for a phase that these rules do not ask */
	};

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		json_t *saved = load("healthy");
		json_t *check = (json_t *)(uintptr_t)check_of(saved, "mio-tcp-443");
		json_object_set_new(check, "state", json_string(ends[i].state));
		json_object_set_new(check, "waived", json_string("known"));
		json_t *report = again(saved, "version: 1\n");
		expect(report, "mio-tcp-443", ends[i].verdict, ends[i].cause);
		assert_string_equal(word(check_of(report, "mio-tcp-443"), "waived"), "known");
		json_decref(report);
		json_decref(saved);
	}
}

/* Software that the rules of the run did not know was not looked for: no pass. */
static void test_other_software(void **state)
{
	json_t *saved = load("healthy");
	look_for_todays_software(saved);
	json_t *report = again(saved, "version: 1\n"
				      "software:\n"
				      "  new-one:\n"
				      "    title: {ja: 新, en: New}\n"
				      "    match: [{os: linux, kind: package, name: new-one}]\n");

	(void)state;
	expect(saved, "term-software", "pass", "");
	expect(report, "term-software", "unknown", "run.not-saved");
	expect(report, "mio-dns", "pass", "");
	json_decref(report);
	json_decref(saved);
}

static void test_unknown_profile(void **state)
{
	json_t *saved = load("healthy");
	struct rules *rules = rules_with("version: 1\n");
	struct diags diags = {0};

	(void)state;
	json_object_set_new(
		json_array_get(json_object_get(saved, "profiles"), 0), "id", json_string("gone"));
	assert_null(report_rejudge(saved, "r.json", rules, "9.9", &diags));
	assert_string_equal(
		diags.items[0].text, "profiles[0].id: the rules have no profile \"gone\"");
	diags_release(&diags);
	rules_free(rules);
	json_decref(saved);
}

/* ---- redacted facts ---- */

/* Judges one dns check of an internal or public host with these facts. */
static struct result judged(const char *facts_text, const char *host)
{
	char more[512];
	struct facts facts = {.object = json_loads(facts_text, 0, NULL)};
	struct facts timings = {.object = json_object()};

	snprintf(more, sizeof more,
		"version: 1\nhosts: {x: %s}\n"
		"checks: {x-dns: {check: dns, host: x, title: {ja: x, en: x}}}\n",
		host);
	struct rules *rules = rules_with(more);
	struct plan plan = {.rules = rules};
	struct result r = {.facts = &facts, .timings = &timings, .state = RUN_FINISHED, .root = -1};
	for (size_t i = 0; i < rules->check_count; i++)
		if (strcmp(rules->checks[i].id, "x-dns") == 0)
			r.check = &rules->checks[i];
	redacted_judge(&r, &plan, 1795221005);
	assert_ptr_equal(r.facts, &facts);
	facts_release(&facts);
	facts_release(&timings);
	rules_free(rules);
	return r;
}

static void test_redacted_words(void **state)
{
	static const char answer[] =
		"{\"via\": \"dns\", \"addresses\": [\"private-1\"], \"a\": [\"private-1\"], "
		"\"outcome\": \"answer\", \"class\": \"private\", \"os\": \"ok\", "
		"\"os_addresses\": [\"private-1\"]}";
	struct result r = judged(answer, "{name: x.example.jp}");

	(void)state;
	/* No kind of address would be right. */
	assert_int_equal(r.verdict, VERDICT_FAIL);
	assert_string_equal(r.cause, "dns.hijacked");
	/* It may be the documented one, and may not. */
	r = judged(answer, "{name: x.example.jp, addresses: [10.1.2.3]}");
	assert_int_equal(r.verdict, VERDICT_UNKNOWN);
	assert_string_equal(r.cause, "run.not-saved");
	assert_int_equal(r.state, RUN_NOT_SAVED);
}

/* ---- what changed ---- */

static char *diff_text(const char *old, const char *new, enum lang lang)
{
	json_t *before = load(old), *after = load(new), *diff = report_diff(before, after);
	struct report_options how = {.lang = lang, .width = 80};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	report_diff_text(out, diff, &how);
	fclose(out);
	json_decref(diff);
	json_decref(after);
	json_decref(before);
	return text;
}

/* UPDATE_GOLDEN in the environment writes the texts that are compared with. */
static void golden(const char *old, const char *new)
{
	for (int i = 0; i < LANG_COUNT; i++) {
		char *text = diff_text(old, new, (enum lang)i);
		char path[128];
		snprintf(
			path, sizeof path, FIXTURES "diff-%s.%s.txt", new, lang_name((enum lang)i));
		if (getenv("UPDATE_GOLDEN") != NULL) {
			FILE *file = fopen(path, "w");
			assert_non_null(file);
			fputs(text, file);
			fclose(file);
		}
		char *expected = file_text(path);
		assert_string_equal(text, expected);
		free(expected);
		free(text);
	}
}

static void test_diff_golden(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	golden("healthy", "cert-expired");
	golden("healthy", "dns-address-changed");
}

static void test_diff_nothing(void **state)
{
	json_t *report = load("cert-expired"), *diff = report_diff(report, report);

	(void)state;
	assert_true(json_is_false(json_object_get(diff, "changed")));
	assert_int_equal(json_array_size(json_object_get(diff, "checks")), 0);
	assert_int_equal(json_integer_value(json_object_get(diff, "unchanged")),
		json_array_size(json_object_get(report, "checks")));
	json_decref(diff);
	json_decref(report);
}

/* Noise is no change; what the table names is one, whatever the order of a list. */
static void test_diff_facts(void **state)
{
	json_t *old = load("healthy"), *new = load("healthy"), *diff;
	json_t *facts = json_object_get(check_of(new, "mio-dns"), "facts");

	(void)state;
	json_object_set_new(facts, "probe_name", json_string("other.example.jp"));
	json_object_set_new(json_object_get(check_of(new, "mio-tls"), "facts"), "fingerprint",
		json_string("00"));
	json_object_set_new(new, "duration_ms", json_integer(1));
	json_object_set_new(facts, "a", json_pack("[s, s]", "192.0.2.9", "192.0.2.1"));
	json_object_set_new(json_object_get(check_of(old, "mio-dns"), "facts"), "a",
		json_pack("[s, s]", "192.0.2.1", "192.0.2.9"));
	diff = report_diff(old, new);
	assert_true(json_is_false(json_object_get(diff, "changed")));
	json_decref(diff);
	json_object_set_new(facts, "a", json_pack("[s]", "192.0.2.1"));
	diff = report_diff(old, new);
	assert_true(json_is_true(json_object_get(diff, "changed")));
	assert_string_equal(
		word(json_array_get(json_object_get(diff, "checks"), 0), "change"), "facts");
	json_decref(diff);
	json_decref(new);
	json_decref(old);
}

/* A redacted report and the same one unredacted say the same. */
static void test_diff_redacted(void **state)
{
	json_t *old = load("cert-expired"), *new = load("cert-expired");

	(void)state;
	report_redact(new);
	assert_true(json_is_true(json_object_get(new, "redacted")));
	json_t *diff = report_diff(old, new);
	assert_true(json_is_false(json_object_get(diff, "changed")));
	json_decref(diff);
	json_decref(new);
	json_decref(old);
}

static void test_diff_nothing_in_common(void **state)
{
	json_t *old = load("healthy"), *new = load("healthy");

	(void)state;
	json_array_clear(json_object_get(new, "checks"));
	assert_null(report_diff(old, new));
	json_decref(new);
	json_decref(old);
}

/* Checks of one side, other conditions: all are told. */
static void test_diff_conditions(void **state)
{
	json_t *old = load("healthy"), *new = load("healthy"), *diff;
	json_t *first = json_object_get(json_array_get(json_object_get(new, "rules"), 0), "sha256");

	(void)state;
	json_string_set(first, "0000000000000000000000000000000000000000000000000000000000000000");
	json_string_set(json_object_get(json_object_get(new, "terminal"), "os"), "Plan 9");
	json_array_remove(json_object_get(new, "checks"), 0);
	diff = report_diff(old, new);
	const json_t *conditions = json_object_get(diff, "conditions");
	assert_int_equal(json_array_size(conditions), 2);
	assert_string_equal(word(json_array_get(conditions, 0), "name"), "rules");
	assert_string_equal(word(json_array_get(conditions, 1), "name"), "os");
	assert_string_equal(
		word(json_array_get(json_object_get(diff, "checks"), 0), "change"), "removed");
	json_decref(diff);
	json_decref(new);
	json_decref(old);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_many_problems),
		cmocka_unit_test(test_no_report),
		cmocka_unit_test(test_two_of_one_id),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_same_rules),
		cmocka_unit_test(test_other_rules),
		cmocka_unit_test(test_not_saved),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_other_software),
		cmocka_unit_test(test_unknown_profile),
		cmocka_unit_test(test_redacted_words),
		cmocka_unit_test(test_diff_golden),
		cmocka_unit_test(test_diff_nothing),
		cmocka_unit_test(test_diff_facts),
		cmocka_unit_test(test_diff_redacted),
		cmocka_unit_test(test_diff_nothing_in_common),
		cmocka_unit_test(test_diff_conditions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
