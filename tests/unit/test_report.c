/*
 * The report: document, schema, text. Run from the top of the tree. With UPDATE_GOLDEN set in the
 * environment the expected texts in tests/fixtures are written instead of compared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cause.h"
#include "messages.h"
#include "progress.h"
#include "output.h"
#include "report.h"
#include "report/internal.h"
#include "report_build.h"

#define FIXTURES   "tests/fixtures/"
#define GOLDEN_MAX 65536

/* ---- the catalogue ---- */

/* The names in braces of a template, in order of the alphabet, as one string. */
static void names_in(const char *text, char *out, size_t size)
{
	char seen[64][64];
	size_t count = 0;

	for (const char *at = strchr(text, '{'); at != NULL; at = strchr(at + 1, '{')) {
		size_t len = strcspn(at + 1, "}"), place = count;
		bool known = false;
		char name[64];
		snprintf(name, sizeof name, "%.*s", (int)len, at + 1);
		for (size_t i = 0; i < count; i++)
			known = known || strcmp(seen[i], name) == 0;
		if (known)
			continue;
		assert_true(count < 64);
		while (place > 0 && strcmp(seen[place - 1], name) > 0) {
			memcpy(seen[place], seen[place - 1], sizeof seen[0]);
			place--;
		}
		memcpy(seen[place], name, sizeof name);
		count++;
	}
	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(out);
		snprintf(out + used, size - used, "%s ", seen[i]);
	}
}

static void check_row(const struct message_row *row, bool templates)
{
	char ja[2048], en[2048];

	for (int i = 0; i < LANG_COUNT; i++) {
		if (row->in[i] == NULL || row->in[i][0] == '\0')
			fail_msg("%s: empty in %s", row->id, lang_name((enum lang)i));
		const char *wrong = templates ? template_check(row->in[i]) : NULL;
		if (wrong != NULL)
			fail_msg("%s: %s: %s", row->id, row->in[i], wrong);
	}
	if (!templates)
		return;
	names_in(row->in[LANG_JA], ja, sizeof ja);
	names_in(row->in[LANG_EN], en, sizeof en);
	if (strcmp(ja, en) != 0)
		fail_msg("%s: other names in ja (%s) than in en (%s)", row->id, ja, en);
}

static void test_catalogue(void **state)
{
	(void)state;
	for (size_t t = 0; message_tables[t] != NULL; t++) {
		const struct message_table *table = message_tables[t];
		assert_true(table->count > 0);
		for (size_t i = 0; i < table->count; i++) {
			const struct message_row *row = &table->rows[i];
			if (i > 0 && strcmp(table->rows[i - 1].id, row->id) >= 0)
				fail_msg("%s: not in order", row->id);
			check_row(row, table->templates);
			/* found, and in this table only */
			assert_ptr_equal(message_or_null(LANG_EN, row->id), row->in[LANG_EN]);
			assert_ptr_equal(message(LANG_JA, row->id), row->in[LANG_JA]);
		}
	}
	assert_null(message_or_null(LANG_JA, "no.such"));
	assert_string_equal(message(LANG_JA, "no.such"), "no.such");
}

/* Every word that a report can hold has its text. */
static void test_words(void **state)
{
	char id[64];

	(void)state;
	for (int i = 0; i < VERDICT_COUNT; i++) {
		snprintf(id, sizeof id, "mark.%s", verdict_name((enum verdict)i));
		assert_non_null(message_or_null(LANG_JA, id));
	}
	for (int i = 0; i < SEGMENT_COUNT; i++) {
		snprintf(id, sizeof id, "segment.%s", segment_name((enum segment)(1 << i)));
		assert_non_null(message_or_null(LANG_JA, id));
	}
	for (int i = 0; i < ACTOR_COUNT; i++) {
		snprintf(id, sizeof id, "actor.%s", actor_name((enum actor)(1 << i)));
		assert_non_null(message_or_null(LANG_JA, id));
	}
	for (int i = SKIP_NONE + 1; i < SKIP_REASON_COUNT; i++) {
		snprintf(id, sizeof id, "skip.%s", skip_reason_name((enum skip_reason)i));
		assert_non_null(message_or_null(LANG_JA, id));
	}
	for (int i = 0; i < PHASE_COUNT; i++) {
		snprintf(id, sizeof id, "phase.%s", phase_name((enum phase)i));
		assert_non_null(message_or_null(LANG_JA, id));
	}
	for (int i = 0; i <= NETIF_LOOPBACK; i++) {
		snprintf(id, sizeof id, "kind.%s", netif_kind_name((enum netif_kind)i));
		assert_non_null(message_or_null(LANG_JA, id));
	}
}

/* ---- a small diagnosis ---- */

static char *t(const char *text)
{
	return (char *)(uintptr_t)text;
}

static const struct check_key ike_keys[] = {
	{.name = "host", .type = KEY_HOST}, {.name = "port", .type = KEY_INT}};
static void ike_targets(
	const struct rule_check *check, const struct terminal *terminal, struct targets *list)
{
	(void)terminal;
	targets_add_host(list, check, "UDP", "IKE", check->values[0].host,
		(uint16_t)check->values[1].number);
}

static const struct check_key manual_keys[] = {
	{.name = "question", .type = KEY_TEXT}, {.name = "ask", .type = KEY_ENUM}};
static const struct check_type type_ike = {.name = "ike",
	.keys = ike_keys,
	.key_count = 2,
	.flags = CHECK_NETWORK | CHECK_HOST,
	.targets = ike_targets};
static const struct check_type type_disk = {.name = "disk", .targets = check_targets_none};
static const struct check_type type_manual = {
	.name = "manual", .keys = manual_keys, .key_count = 2, .targets = check_targets_none};

struct scene {
	struct rule_host host;
	struct net_addr address;
	struct value values[2][2], manual[2];
	struct rule_check checks[5];
	struct rule_cause cause;
	struct rule_remedy remedy;
	struct rule_file file;
	struct rules rules;
	struct rule_profile profile;
	const struct rule_profile *profiles[1];
	struct terminal terminal;
	struct plan plan;
	struct facts facts[5], timings[5];
	struct result results[5];
	struct root_cause root;
	size_t evidence[1], symptoms[1];
	char *sources[2];
	struct diagnosis diagnosis;
};

static void scene_rules(struct scene *s)
{
	s->address = (struct net_addr){.family = 4, .bytes = {219, 97, 232, 64}};
	s->host = (struct rule_host){.id = t("sec"),
		.name = t("sec.example"),
		.addresses = &s->address,
		.address_count = 1};
	s->cause = (struct rule_cause){
		.code = t("udp.silent"),
		.title = {.in = {t("{host} の {port} が無応答"), t("{host}: {port} is silent")}},
		.evidence = {.in = {t("{sent} 回[、{gone}]、{all_hosts}"),
				     t("{sent} sent to {documented}")}},
		.remedy = {.in = {t("許可: {flows}\n[{gone}]\n登録: {hosts_entries}"),
				   t("general")}},
	};
	s->remedy = (struct rule_remedy){
		.cause = t("udp.silent"), .text = {.in = {NULL, t("own {port}")}}};
	s->file.name = t("(built-in)");
	memset(s->file.sha256, 'a', 64);
	s->rules = (struct rules){
		.files = &s->file, .file_count = 1, .causes = &s->cause, .cause_count = 1};
	s->profile = (struct rule_profile){
		.id = t("registry"), .title = {.in = {t("届出"), t("Registry")}}};
	s->profiles[0] = &s->profile;
}

static void scene_check(struct scene *s, size_t i, const char *id, const struct check_type *type,
	enum verdict verdict)
{
	s->checks[i] =
		(struct rule_check){.id = t(id), .type = type, .title = {.in = {t("題"), t(id)}}};
	facts_init(&s->facts[i]);
	facts_init(&s->timings[i]);
	s->results[i] = (struct result){.check = &s->checks[i],
		.facts = &s->facts[i],
		.timings = &s->timings[i],
		.verdict = verdict,
		.state = RUN_FINISHED,
		.root = -1};
}

static void scene_init(struct scene *s)
{
	memset(s, 0, sizeof *s);
	scene_rules(s);
	scene_check(s, 0, "sec-4500", &type_ike, VERDICT_FAIL);
	scene_check(s, 1, "sec-500", &type_ike, VERDICT_UNKNOWN);
	scene_check(s, 2, "disk", &type_disk, VERDICT_PASS);
	scene_check(s, 3, "later", &type_disk, VERDICT_SKIP);
	scene_check(s, 4, "person", &type_manual, VERDICT_MANUAL);
	for (size_t i = 0; i < 2; i++) {
		s->values[i][0].host = &s->host;
		s->values[i][1] = (struct value){.set = true, .number = i == 0 ? 4500 : 500};
		s->checks[i].values = s->values[i];
		s->results[i].root = 0;
	}
	s->sources[0] = t("C4");
	s->sources[1] = t("L5");
	s->checks[0].sources = (struct strs){.items = s->sources, .count = 2};
	s->checks[1].sources = (struct strs){.items = s->sources + 1, .count = 1};
	s->checks[0].remedies = &s->remedy;
	s->checks[0].remedy_count = 1;
	s->results[0].cause = "udp.silent";
	s->results[1].cause = "run.blocked";
	s->results[3].state = RUN_SKIPPED;
	s->results[3].skip = SKIP_VPN_DOWN;
	s->results[4].actors = ACTOR_CARRIER;
	s->manual[0] = (struct value){.set = true, .text = {.in = {t("光回線か"), t("Fibre?")}}};
	s->manual[1] = (struct value){.set = true, .string = t("carrier")};
	s->checks[4].values = s->manual;
	facts_int(&s->facts[0], "sent", 4);
	facts_int(&s->facts[2], "available", 53120000000);
	facts_int(&s->facts[2], "required", 100000000);
	s->symptoms[0] = 1;
	s->root = (struct root_cause){.cause = "udp.silent",
		.segments = SEGMENT_FACILITY | SEGMENT_LINE,
		.actors = ACTOR_NETWORK,
		.evidence = s->evidence,
		.evidence_count = 1,
		.symptoms = s->symptoms,
		.symptom_count = 1,
		.verdict = VERDICT_FAIL};
	s->diagnosis = (struct diagnosis){.results = s->results,
		.result_count = 5,
		.roots = &s->root,
		.root_count = 1,
		.overall = VERDICT_FAIL,
		.exit_code = EXIT_NOT_READY};
	s->plan = (struct plan){.rules = &s->rules,
		.terminal = &s->terminal,
		.profiles = s->profiles,
		.profile_count = 1,
		.phase = PHASE_BEFORE_VPN};
}

static json_t *scene_report(struct scene *s)
{
	const struct report_context ctx = {.started = 1795221005.9, .version = "0.1.0"};

	return report_build(&s->diagnosis, &s->plan, NULL, &ctx);
}

static void scene_release(struct scene *s)
{
	for (size_t i = 0; i < 5; i++) {
		facts_release(&s->facts[i]);
		facts_release(&s->timings[i]);
	}
}

/* The string at a path such as "checks.0.evidence.ja"; "" when there is none. */
static const char *at(const json_t *value, const char *path)
{
	char part[64];

	while (*path != '\0') {
		size_t len = strcspn(path, ".");
		snprintf(part, sizeof part, "%.*s", (int)len, path);
		value = json_is_array(value) ? json_array_get(value, (size_t)atoi(part))
					     : json_object_get(value, part);
		path += len + (path[len] == '.');
	}
	return json_is_string(value) ? json_string_value(value) : "";
}

static void test_build(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	json_t *report = scene_report(&s);
	assert_string_equal(at(report, "started"), "2026-11-21T00:30:05Z");
	assert_string_equal(at(report, "verdict"), "not-ready");
	assert_int_equal(json_integer_value(json_object_get(report, "exit_code")), 1);
	assert_string_equal(at(report, "causes.0.title.ja"), "sec.example の 4500 が無応答");
	assert_string_equal(at(report, "causes.0.evidence.ja"), "4 回、sec.example");
	assert_string_equal(at(report, "causes.0.evidence.en"), "4 sent to 219.97.232.64");
	assert_string_equal(at(report, "causes.0.remedy.en"), "own 4500");
	assert_string_equal(
		at(report, "causes.0.remedy.ja"), "own 4500"); /* not given: the other */
	assert_string_equal(at(report, "causes.0.segments.1"), "line");
	assert_string_equal(at(report, "causes.0.checks.0"), "sec-4500");
	assert_string_equal(at(report, "causes.0.symptoms.0"), "sec-500");
	assert_string_equal(at(report, "causes.0.hosts.0"), "sec.example");
	assert_string_equal(at(report, "causes.0.hosts.1"), "");
	assert_string_equal(at(report, "causes.0.source.1"), "L5");
	assert_string_equal(at(report, "causes.0.source.2"), ""); /* each row once */
	assert_string_equal(at(report, "checks.0.host.id"), "sec");
	assert_string_equal(at(report, "checks.2.evidence.en"), "53.1 GB free (needed: 100 MB)");
	assert_string_equal(at(report, "checks.3.evidence.en"), message(LANG_EN, "skip.vpn-down"));
	assert_string_equal(at(report, "checks.3.skip_reason"), "vpn-down");
	assert_string_equal(at(report, "checks.4.actors.0"), "carrier");
	assert_string_equal(at(report, "checks.4.question.ja"), "光回線か");
	assert_string_equal(at(report, "checks.4.question.en"), "Fibre?");
	assert_string_equal(at(report, "checks.4.ask"), "carrier");
	assert_true(json_is_null(
		json_object_get(json_array_get(json_object_get(report, "checks"), 0), "question")));
	json_decref(report);
	scene_release(&s);
}

/* A remedy names the traffic of all checks that show the cause, and loses empty lines. */
static void test_remedy(void **state)
{
	static size_t both[] = {0, 1};
	struct scene s;

	(void)state;
	scene_init(&s);
	s.checks[0].remedy_count = 0;
	s.results[1].cause = "udp.silent";
	s.root.evidence = both;
	s.root.evidence_count = 2;
	s.root.symptom_count = 0;
	facts_str(&s.facts[1], "address", "203.0.113.9");
	json_t *report = scene_report(&s);
	assert_string_equal(at(report, "causes.0.remedy.ja"),
		"許可: sec.example（219.97.232.64）への UDP 4500、"
		"sec.example（203.0.113.9）への UDP 500\n"
		"登録: 「219.97.232.64 sec.example」");
	assert_string_equal(at(report, "checks.1.remedy.ja"),
		"許可: sec.example（203.0.113.9）への UDP 500\n"
		"登録: 「219.97.232.64 sec.example」");
	json_decref(report);
	scene_release(&s);
}

/* Two checks show the cause and have words of their own for it: both are told, once each. */
static void test_remedies_that_differ(void **state)
{
	static size_t three[] = {0, 1, 2};
	struct scene s;

	(void)state;
	scene_init(&s);
	s.results[1].cause = s.results[2].cause = "udp.silent";
	s.checks[2].remedies = &s.remedy;
	s.checks[2].remedy_count = 1;
	s.root.evidence = three;
	s.root.evidence_count = 3;
	s.root.symptom_count = 0;
	json_t *report = scene_report(&s);
	assert_string_equal(at(report, "causes.0.remedy.ja"),
		"【題、題】own 4500\n"
		"【題】許可: sec.example（219.97.232.64）への UDP 500\n"
		"登録: 「219.97.232.64 sec.example」");
	assert_string_equal(
		at(report, "causes.0.remedy.en"), "[sec-4500, disk] own 4500\n[sec-500] general");
	json_decref(report);
	scene_release(&s);
}

/* ---- schema ---- */

static bool is_required(const json_t *schema, const char *name)
{
	const json_t *required = json_object_get(schema, "required");

	for (size_t i = 0; i < json_array_size(required); i++)
		if (strcmp(json_string_value(json_array_get(required, i)), name) == 0)
			return true;
	return false;
}

/* Every object has exactly the members of its schema, in that order; optional ones may be missing.
 */
static void same_members(const json_t *value, const json_t *schema)
{
	json_t *any = json_object_get(schema, "anyOf");
	json_t *properties = NULL, *items = NULL, *item;
	const char *name;
	size_t i;

	if (json_is_null(value))
		assert_non_null(any);
	if (any != NULL)
		schema = json_array_get(any, 0);
	properties = json_object_get(schema, "properties");
	items = json_object_get(schema, "items");
	json_array_foreach(value, i, item) same_members(item, items);
	if (properties == NULL || !json_is_object(value))
		return;
	void *theirs = json_object_iter((json_t *)(uintptr_t)value);
	json_object_foreach(properties, name, item)
	{
		if (json_object_get(value, name) == NULL) {
			assert_false(is_required(schema, name));
			continue;
		}
		assert_non_null(theirs);
		assert_string_equal(json_object_iter_key(theirs), name);
		same_members(json_object_iter_value(theirs), item);
		theirs = json_object_iter_next((json_t *)(uintptr_t)value, theirs);
	}
	assert_null(theirs);
}

static void assert_valid(const json_t *report)
{
	struct strbuf why;

	strbuf_init(&why, 1000);
	if (!report_valid(report, &why))
		fail_msg("%s", why.data);
	strbuf_release(&why);
}

static void assert_refused(const json_t *report, const char *expected)
{
	struct strbuf why;

	strbuf_init(&why, 1000);
	assert_false(report_valid(report, &why));
	assert_string_equal(why.data, expected);
	strbuf_release(&why);
}

static void test_schema(void **state)
{
	json_t *schema = report_schema();
	struct scene s;

	(void)state;
	scene_init(&s);
	json_t *report = scene_report(&s);
	assert_valid(report);
	same_members(report, schema);
	assert_string_equal(at(schema, "$schema"), "https://json-schema.org/draft/2020-12/schema");
	json_decref(report);
	json_decref(schema);
	scene_release(&s);
}

static void refused(const char *member, json_t *value, const char *expected)
{
	struct strbuf why;
	struct scene s;

	strbuf_init(&why, 1000);
	scene_init(&s);
	json_t *report = scene_report(&s);
	if (value == NULL)
		json_object_del(report, member);
	else
		json_object_set_new(report, member, value);
	assert_false(report_valid(report, &why));
	assert_string_equal(why.data, expected);
	json_decref(report);
	scene_release(&s);
	strbuf_release(&why);
}

static void test_invalid(void **state)
{
	json_t *list = json_array();
	struct strbuf why;

	(void)state;
	strbuf_init(&why, 1000);
	assert_false(report_valid(list, &why));
	assert_string_equal(why.data, "not a JSON object");
	json_decref(list);
	strbuf_release(&why);
	refused("verdict", NULL, "verdict: missing");
	refused("verdict", json_string("fine"),
		"verdict: \"fine\" must be ready, not-ready or unknown");
	refused("duration_ms", json_integer(-1),
		"duration_ms: -1 must be from 0 to 9007199254740991");
	refused("checks", json_object(), "checks: must be a list, not an object");
	refused("checks", json_pack("[{}]"), "checks[0].id: missing");
	refused("causes", json_pack("[i]", 1), "causes[0]: must be an object, not a whole number");
	refused("causes", json_array(), "checks[0].root: 0 is no cause: there are 0, from 0");
	refused("started", json_string("yesterday"),
		"started: \"yesterday\" must be a time such as 2026-11-21T09:30:00Z");
	refused("schema_version", json_string("2.0"),
		"schema_version: 2.0 is another version than this program's, which reads 1.x; use "
		"a newer preflight");
}

/* ---- text ---- */

static char *read_all(FILE *file)
{
	char *text = calloc(1, GOLDEN_MAX);

	rewind(file);
	text[fread(text, 1, GOLDEN_MAX - 1, file)] = '\0';
	fclose(file);
	return text;
}

static json_t *load(const char *name)
{
	char path[128];
	json_error_t error;

	snprintf(path, sizeof path, FIXTURES "report-%s.json", name);
	json_t *report = json_load_file(path, 0, &error);
	if (report == NULL)
		fail_msg("%s: %s", path, error.text);
	if (strcmp(name, "hostile") == 0) /* writers are safe even where a loader refuses */
		assert_refused(
			report, "causes[0].checks[1]: \"gone\xc2\x9b\" is no check of this report");
	else
		assert_valid(report);
	return report;
}

static char *written(const json_t *report, const char *format, struct report_options options)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	report_format_find(format)->write(file, report, &options);
	return read_all(file);
}

static void compare_golden(const char *name, enum lang lang, int verbosity)
{
	json_t *report = load(name);
	char *text = written(report, "text",
		(struct report_options){.lang = lang, .verbosity = verbosity, .width = 80});
	char path[128];

	snprintf(path, sizeof path, FIXTURES "report-%s.%s.txt", name, lang_name(lang));
	FILE *file = fopen(path, getenv("UPDATE_GOLDEN") != NULL ? "w+" : "r");
	if (file == NULL)
		fail_msg("%s: cannot open", path);
	if (getenv("UPDATE_GOLDEN") != NULL)
		fputs(text, file);
	char *golden = read_all(file);
	assert_string_equal(text, golden);
	free(golden);
	free(text);
	json_decref(report);
}

static void test_golden(void **state)
{
	(void)state;
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		compare_golden("ready", (enum lang)lang, 0);
		compare_golden("udp4500", (enum lang)lang, 0);
		compare_golden("hostile", (enum lang)lang, 1);
	}
}

/* No line is wider than asked for, at any width and in both languages. */
static void test_text_width(void **state)
{
	json_t *report = load("udp4500");

	(void)state;
	for (int width = 40; width <= 120; width += 7) {
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			char *text = written(report, "text",
				(struct report_options){
					.lang = (enum lang)lang, .verbosity = 1, .width = width});
			for (char *line = strtok(text, "\n"); line != NULL;
				line = strtok(NULL, "\n"))
				if (report_text_width(line) > width)
					fail_msg("wider than %d: %s", width, line);
			free(text);
		}
	}
	json_decref(report);
}

/* Text without SGR; and only SGR with colour, which changes no word. */
static void test_color(void **state)
{
	json_t *report = load("udp4500");
	struct report_options options = {.lang = LANG_EN, .width = 80};

	(void)state;
	char *plain = written(report, "text", options);
	options.color = true;
	char *colored = written(report, "text", options);
	assert_null(strchr(plain, '\033'));
	assert_non_null(strstr(colored, "\033["));
	char *to = colored;
	for (const char *from = colored; *from != '\0'; from++) {
		if (*from != '\033') {
			*to++ = *from;
			continue;
		}
		from++;
		assert_int_equal(*from, '[');
		from += 1 + strspn(from + 1, "0123456789;");
		assert_int_equal(*from, 'm');
	}
	*to = '\0';
	assert_string_equal(colored, plain);
	free(plain);
	free(colored);
	json_decref(report);
}

static void test_quiet(void **state)
{
	json_t *report = load("udp4500");
	char *text =
		written(report, "text", (struct report_options){.lang = LANG_EN, .verbosity = -1});

	(void)state;
	assert_non_null(strstr(text, "NOT READY"));
	assert_non_null(strstr(text, "No answer from UDP port 4500"));
	assert_null(strstr(text, "Checks"));
	assert_null(strstr(text, "wireless"));
	free(text);
	json_decref(report);
}

/* ---- JSON ---- */

/* What is written reads back the same, and holds nothing that a terminal obeys. */
static void test_json(void **state)
{
	static const char *const names[] = {"ready", "udp4500", "hostile"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		json_t *report = load(names[i]);
		char *text = written(report, "json", (struct report_options){.lang = LANG_JA});
		size_t len = strlen(text);
		assert_int_equal(text[len - 1], '\n');
		for (size_t k = 0; k < len; k++)
			assert_true((unsigned char)text[k] >= 0x20 || text[k] == '\n');
		assert_null(strstr(text, "\u202e"));
		assert_null(strstr(text, "\xc2\x9b"));
		json_t *again = json_loads(text, 0, NULL);
		assert_true(json_equal(report, again));
		json_decref(again);
		json_decref(report);
		free(text);
	}
}

static void test_formats(void **state)
{
	static const char *const formats[] = {"json", "text", "nagios", NULL};

	(void)state;
	assert_null(report_format_find("tex"));
	assert_string_equal(report_format_find("json")->name, "json");
	assert_string_equal(output_format(formats, "a/b.json"), "json");
	assert_string_equal(output_format(formats, "x.y.txt"), "text");
	assert_null(output_format(formats, "a.html"));
	assert_null(output_format(formats, ".json"));
	assert_null(output_format(formats, "json"));
	assert_null(output_ending("nagios"));
}

static void test_redact(void **state)
{
	json_t *report = json_pack("{s:s, s:[s,s], s:s, s:s, s:s, s:s, s:i}", "a",
		"refused by 10.0.0.1.", "b", "192.168.1.1", "10.0.0.1:53", "c", "219.97.232.64",
		"d", "fe80::1 fd00::2", "e", "4.10.0.0.1 12:30:05 face dead:beef", "f",
		"100.64.0.1", "n", 1);

	(void)state;
	report_redact(report);
	assert_string_equal(at(report, "a"), "refused by private-1.");
	assert_string_equal(at(report, "b.0"), "private-2");
	assert_string_equal(at(report, "b.1"), "private-1:53");
	assert_string_equal(at(report, "c"), "219.97.232.64");
	assert_string_equal(at(report, "d"), "private-3 private-4");
	assert_string_equal(at(report, "e"), "4.10.0.0.1 12:30:05 face dead:beef");
	assert_string_equal(at(report, "f"), "private-5");
	json_decref(report);
}

static void redacts_to(const char *text, const char *expected)
{
	json_t *report = json_pack("{s:s, s:s}", "waived", text, "id", text);

	report_redact(report);
	assert_string_equal(at(report, "waived"), expected);
	assert_string_equal(at(report, "id"), text);
	assert_true(json_is_true(json_object_get(report, "redacted")));
	json_decref(report);
}

/* Addresses wherever they stand, and what only looks like one. */
static void test_redact_addresses(void **state)
{
	(void)state;
	redacts_to("refused:10.0.0.1:53", "refused:private-1:53");
	redacts_to("via10.0.0.1", "viaprivate-1");
	redacts_to("http://10.0.0.1/ http://[fd00::1]:80/",
		"http://private-1/ http://[private-2]:80/");
	redacts_to("fe80::1%eth0, ::ffff:192.168.1.1", "private-1%eth0, private-2");
	redacts_to("10.0.0.0/8", "private-1/8");
	redacts_to("2400:4050::211:22ff:fe33:4455", "private-1");
	redacts_to("2400:4050::1 8.8.8.8 127.0.0.1", "2400:4050::1 8.8.8.8 127.0.0.1");
	redacts_to("1.10.0.0.1 210.0.0.1 10.0.0.256", "1.10.0.0.1 210.0.0.1 10.0.0.256");
	redacts_to("TLSv1.3 dead:beef face 12:30:05", "TLSv1.3 dead:beef face 12:30:05");
}

static void test_redact_hardware(void **state)
{
	(void)state;
	redacts_to("?mac=00:11:22:aa:bb:cc&x", "?mac=mac-address&x");
	redacts_to("00-11-22-AA-BB-CC 0011.22aa.bbcc", "mac-address mac-address");
	redacts_to("00:11:22:aa:bb 00:11:22:aa:bb:cc:dd", "00:11:22:aa:bb 00:11:22:aa:bb:cc:dd");
	redacts_to("da4eb156175d65b7c2e7", "da4eb156175d65b7c2e7");
}

static void test_redact_homes(void **state)
{
	(void)state;
	redacts_to("/home/taro/a b.p12", "~/a b.p12");
	redacts_to("\"C:\\Users\\\xe5\xa4\xaa\xe9\x83\x8e\\a.p12\"", "\"~\\a.p12\"");
	redacts_to("/Users/taro", "~");
	redacts_to("/srv/home/taro /home/", "/srv/home/taro /home/");
}

/* What identifies in facts, in texts made of them too. */
static void test_redact_facts(void **state)
{
	json_t *report = json_pack("{s:[{s:s, s:{s:s}, s:{s:s, s:s, s:s}}, {s:s, s:{s:[s], s:s}},"
				   " {s:s, s:{s:s, s:s, s:s}}]}",
		"checks", "type", "cert", "evidence", "en", "CN=Taro (a.p12)", "facts", "subject",
		"CN=Taro", "issuer", "CN=Some CA", "file", "a.p12", "type", "link", "facts",
		"addresses", "2400:4050::77", "interface", "eth0", "type", "tls", "facts", "issuer",
		"CN=FG100ETK18012345,O=Fortinet", "version", "10.1.2.3", "plain_location",
		"http://a.example/login?user=taro");

	(void)state;
	report_redact(report);
	assert_string_equal(at(report, "checks.0.facts.subject"), "certificate-1");
	assert_string_equal(at(report, "checks.0.facts.issuer"), "issuer-1");
	assert_string_equal(at(report, "checks.0.evidence.en"), "certificate-1 (a.p12)");
	assert_string_equal(at(report, "checks.1.facts.addresses.0"), "private-1");
	assert_string_equal(at(report, "checks.1.facts.interface"), "eth0");
	assert_string_equal(at(report, "checks.2.facts.issuer"), "CN=serial-1,O=Fortinet");
	assert_string_equal(at(report, "checks.2.facts.version"), "10.1.2.3");
	assert_string_equal(
		at(report, "checks.2.facts.plain_location"), "http://a.example/login?…");
	json_decref(report);
}

/* The same again changes nothing. */
static void test_redact_twice(void **state)
{
	json_t *report = load("udp4500");

	(void)state;
	report_redact(report);
	assert_valid(report);
	json_t *first = json_deep_copy(report);
	report_redact(report);
	assert_true(json_equal(report, first));
	json_decref(first);
	json_decref(report);
}

/* A monitor's codes: nothing but readiness is 0, and what was not checked is unknown. */
static void test_nagios_code(void **state)
{
	json_t *report =
		json_pack("{s:[{s:s, s:s}]}", "checks", "verdict", "warn", "severity", "info");

	(void)state;
	assert_int_equal(report_nagios_code(report, EXIT_READY), NAGIOS_OK);
	json_object_set_new(json_array_get(json_object_get(report, "checks"), 0), "severity",
		json_string("required"));
	assert_int_equal(report_nagios_code(report, EXIT_READY), NAGIOS_WARNING);
	assert_int_equal(report_nagios_code(report, EXIT_NOT_READY), NAGIOS_CRITICAL);
	assert_int_equal(report_nagios_code(report, EXIT_UNKNOWN), NAGIOS_UNKNOWN);
	assert_int_equal(report_nagios_code(report, EXIT_USAGE), NAGIOS_UNKNOWN);
	json_decref(report);
}

/* Formats of other programs hold a hostile report without a control character or a bidi one. */
static void test_hostile_formats(void **state)
{
	static const char *const names[] = {"junit", "tap", "nagios", "prometheus"};
	json_t *report = load("hostile");

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char *text = written(
			report, names[i], (struct report_options){.lang = LANG_JA, .verbosity = 1});
		for (const char *c = text; *c != '\0'; c++)
			assert_true((unsigned char)*c >= 0x20 || *c == '\n');
		assert_true(strlen(text) > 200);
		assert_null(strstr(text, "\u202e"));
		assert_null(strstr(text, "\xc2\x9b"));
		free(text);
	}
	json_decref(report);
}

/* ---- values ---- */

static void test_dates(void **state)
{
	char text[64];

	(void)state;
	format_time(text, 0);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
	format_time(text, 951782399.9);
	assert_string_equal(text, "2000-02-28T23:59:59Z");
	format_time(text, 951782400);
	assert_string_equal(text, "2000-02-29T00:00:00Z");
	format_time(text, -1);
	assert_string_equal(text, "1969-12-31T23:59:59Z");
	format_time(text, 1e300);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
	format_date(text, 20778);
	assert_string_equal(text, "2026-11-21");
}

static void test_values(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	facts_str(&s.facts[0], "via", "dns");
	facts_str(&s.facts[0], "error", "unheard-of");
	facts_bool(&s.facts[0], "complete", false);
	facts_str(&s.facts[0], "not_after", "2027-03-31T23:59:59Z");
	facts_str(&s.facts[0], "offender_is", "gateway");
	facts_int(&s.facts[0], "date_skew", 63072000);
	facts_str(&s.facts[0], "issuer_cn", "Some CA");
	facts_str(&s.facts[0], "issuer_o", "Some");
	facts_int(&s.facts[0], "end", 20778);
	facts_int(&s.facts[0], "date", 951782399);
	facts_int(&s.facts[0], "available", 999);
	facts_real(&s.timings[0], "rtt_ms", 12.4);
	facts_real(&s.timings[0], "name_ms", 0.25);
	json_t *values = report_values(&s.results[0], LANG_JA);
	assert_string_equal(at(values, "via"), "dns");
	assert_string_equal(at(values, "via_text"), "DNS");
	assert_string_equal(at(values, "error_text"), "unheard-of");
	assert_true(json_is_true(json_object_get(values, "not_complete")));
	assert_string_equal(at(values, "not_after_date"), "2027-03-31");
	assert_string_equal(at(values, "support_end"), "2026-11-21");
	assert_string_equal(at(values, "date_date"), "2000-02-28");
	assert_string_equal(at(values, "available_size"), "1 KB");
	assert_string_equal(at(values, "rtt"), "12");
	assert_string_equal(at(values, "name_ms"), "0.2");
	assert_string_equal(at(values, "host"), "sec.example");
	assert_string_equal(at(values, "documented.0"), "219.97.232.64");
	assert_string_equal(at(values, "title"), "題");
	assert_true(json_is_true(json_object_get(values, "offender_is_gateway")));
	assert_string_equal(at(values, "clock_behind"), "730 日");
	assert_null(json_object_get(values, "clock_ahead"));
	assert_string_equal(at(values, "issuer_name"), "Some CA, Some");
	assert_string_equal(at(values, "all_hosts.0"), "sec.example");
	assert_int_equal(json_integer_value(json_object_get(values, "port")), 4500);
	json_decref(values);
	scene_release(&s);
}

/* ---- progress ---- */

static void test_progress(void **state)
{
	static const char *const pending[] = {"sec-udp-500", "sec-udp-4500", "mio-tls"};

	(void)state;
	char *line = progress_line(LANG_EN, 12, 15, pending, 3, 80);
	assert_string_equal(line, "checking 12/15: sec-udp-500, sec-udp-4500, mio-tls");
	free(line);
	line = progress_line(LANG_JA, 12, 15, pending, 3, 40);
	assert_string_equal(line, "確認中 12/15: sec-udp-500…");
	free(line);
	for (int width = 20; width < 90; width++) {
		line = progress_line(LANG_JA, 12, 15, pending, 3, width);
		assert_true(report_text_width(line) < width);
		free(line);
	}
	line = progress_line(LANG_EN, 0, 0, NULL, 0, 80);
	assert_string_equal(line, "checking 0/0");
	free(line);
}

int main(void)
{
	setenv("TZ", "Asia/Tokyo", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catalogue),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_remedy),
		cmocka_unit_test(test_remedies_that_differ),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_invalid),
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_text_width),
		cmocka_unit_test(test_color),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_redact),
		cmocka_unit_test(test_redact_addresses),
		cmocka_unit_test(test_redact_hardware),
		cmocka_unit_test(test_redact_homes),
		cmocka_unit_test(test_redact_facts),
		cmocka_unit_test(test_redact_twice),
		cmocka_unit_test(test_nagios_code),
		cmocka_unit_test(test_hostile_formats),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_progress),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
