/* The support code: its symbols, its contents, the numbers of causes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cause.h"
#include "commands/decode.h"
#include "support_code.h"
#include "support_code_coder.h"

#define ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/* A generator of our own, so that every machine tries the same. */
static uint32_t random_state = 20261121;

static unsigned random_below(unsigned limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % limit;
}

/* ---- symbols ---- */

static const size_t data_counts[] = {6, 10, 14, 18};

static void random_code(char code[SUPPORT_CODE_SIZE], size_t count)
{
	uint8_t data[SUPPORT_CODE_SYMBOLS];

	for (size_t i = 0; i < count; i++)
		data[i] = (uint8_t)random_below(32);
	support_code_write(data, count, code);
}

static enum support_code_error read_error(const char *code, struct support_code_problem *problem)
{
	uint8_t data[SUPPORT_CODE_SYMBOLS];
	size_t count;

	if (support_code_read(code, data, &count, problem) == 0)
		return SUPPORT_CODE_OK;
	assert_int_not_equal(problem->error, SUPPORT_CODE_OK);
	return problem->error;
}

/* 1-based number of the symbol at this byte. */
static size_t place_of(size_t at)
{
	return at - at / 5 + 1;
}

static void try_substitutions(char *code)
{
	struct support_code_problem problem;

	for (size_t i = 0; code[i] != '\0'; i++) {
		char right = code[i];
		for (const char *wrong = ALPHABET; right != '-' && *wrong != '\0'; wrong++) {
			if (*wrong == right)
				continue;
			code[i] = *wrong;
			assert_int_equal(read_error(code, &problem), SUPPORT_CODE_CHECK);
			assert_int_equal(problem.position, place_of(i));
			assert_false(problem.swapped);
		}
		code[i] = right;
	}
}

static void try_swaps(char *code)
{
	struct support_code_problem problem;

	for (size_t i = 0; code[i] != '\0'; i++) {
		for (size_t k = i + 1; code[k] != '\0'; k++) {
			char first = code[i], second = code[k];
			if (first == second || first == '-' || second == '-')
				continue;
			code[i] = second;
			code[k] = first;
			assert_int_equal(read_error(code, &problem), SUPPORT_CODE_CHECK);
			if (problem.position != 0)
				assert_true(problem.swapped);
			if (place_of(k) == place_of(i) + 1 && problem.position != 0)
				assert_int_equal(problem.position, place_of(i));
			code[i] = first;
			code[k] = second;
		}
	}
}

/* Every wrong symbol and every swap of two, in many codes of every length. */
static void test_mistakes(void **state)
{
	struct support_code_problem problem;
	char code[SUPPORT_CODE_SIZE];

	(void)state;
	for (int round = 0; round < 400; round++) {
		random_code(code, data_counts[round % 4]);
		assert_int_equal(read_error(code, &problem), SUPPORT_CODE_OK);
		try_substitutions(code);
		try_swaps(code);
	}
}

/* A group that is left out or said twice: the length is part of what is checked. */
static void test_lost_groups(void **state)
{
	struct support_code_problem problem;
	char code[SUPPORT_CODE_SIZE];
	int passed = 0;

	(void)state;
	for (int round = 0; round < 1000; round++) {
		random_code(code, 14);
		passed += read_error(code + 5, &problem) == SUPPORT_CODE_OK;
	}
	assert_true(passed < 10); /* one in 1024, of those that are not all zeros */
	uint8_t zeros[SUPPORT_CODE_SYMBOLS] = {0};
	support_code_write(zeros, 14, code);
	assert_int_equal(read_error(code + 5, &problem), SUPPORT_CODE_CHECK);
}

static void test_spelling(void **state)
{
	static const uint8_t data[] = {0, 1, 10, 31, 22, 17};
	static const char *const separators[] = {
		"", " ", "-", "  ", "ー", "　", "‐", "−", "－", "_", " - "};
	struct support_code_problem problem;
	uint8_t found[SUPPORT_CODE_SYMBOLS];
	char code[SUPPORT_CODE_SIZE], typed[128];
	size_t count;

	(void)state;
	support_code_write(data, sizeof data, code);
	assert_int_equal(strlen(code), 9);
	assert_memory_equal(code, "01AZ-PH", 7);
	for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
		snprintf(typed, sizeof typed, " %.4s%s%s ", code, separators[i], code + 5);
		assert_int_equal(support_code_read(typed, found, &count, &problem), 0);
		assert_int_equal(count, sizeof data);
		assert_memory_equal(found, data, sizeof data);
	}
	snprintf(typed, sizeof typed, "oLａｚ-%s", code + 5);
	assert_int_equal(support_code_read(typed, found, &count, &problem), 0);
	snprintf(typed, sizeof typed, "Ｏｉａｚ－ｐｈ%s", code + 7);
	assert_int_equal(support_code_read(typed, found, &count, &problem), 0);
	assert_memory_equal(found, data, sizeof data);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		enum support_code_error error;
		size_t position;
	} cases[] = {
		{"", SUPPORT_CODE_LENGTH, 0},
		{"-- --", SUPPORT_CODE_LENGTH, 0},
		{"0123", SUPPORT_CODE_LENGTH, 4},
		{"0123-456", SUPPORT_CODE_LENGTH, 7},
		{"00000000000000000000000000", SUPPORT_CODE_LENGTH, 26},
		{"01U3-4567", SUPPORT_CODE_SYMBOL, 3},
		{"0123-45*7", SUPPORT_CODE_SYMBOL, 7},
		{"あ", SUPPORT_CODE_SYMBOL, 1},
		{"01\xff", SUPPORT_CODE_SYMBOL, 3},
		{"01\033[2J", SUPPORT_CODE_SYMBOL, 3},
	};
	struct support_code_problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(read_error(cases[i].text, &problem), cases[i].error);
		assert_int_equal(problem.position, cases[i].position);
	}
}

/* ---- the arithmetic coder ---- */

static void test_coder(void **state)
{
	enum { SYMBOLS = 60 };
	static const unsigned skewed[] = {500, 1, 1, 20};
	static struct coder c, back;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		size_t written[SYMBOLS];
		coder_encode(&c);
		for (size_t i = 0; i < SYMBOLS; i++) {
			size_t limit = i % 3 == 0 ? 4 : 2 + i;
			written[i] = random_below(4) == 0 ? random_below((unsigned)limit) : 0;
			if (i % 3 == 0)
				coder_symbol(&c, skewed, 4, written[i]);
			else
				coder_uniform(&c, limit, written[i]);
		}
		coder_finish(&c);
		assert_true(c.count <= CODER_BITS_MAX);
		coder_decode(&back, c.bits, c.count);
		for (size_t i = 0; i < SYMBOLS; i++)
			assert_int_equal(written[i], i % 3 == 0 ? coder_symbol(&back, skewed, 4, 0)
								: coder_uniform(&back, 2 + i, 0));
	}
}

/* ---- contents ---- */

static struct rules *load(const char *more)
{
	struct rule_source sources[] = {
		rules_builtin(), {.name = "more", .text = more, .len = strlen(more)}};
	struct diags diags = {0};
	struct rules *rules = rules_load(sources, *more != '\0' ? 2 : 1, &diags);

	diags_print(&diags, stderr);
	assert_non_null(rules);
	return rules;
}

struct fixture {
	struct rules *rules;
	struct terminal terminal;
	struct plan plan;
	struct diagnosis d;
};

static void fixture_init(struct fixture *f, const char *more, const char *const *profiles,
	const char *only, enum phase_choice phase)
{
	struct plan_request request = {.phase = phase};
	struct diags diags = {0};

	memset(f, 0, sizeof *f);
	f->rules = load(more);
	for (; *profiles != NULL; profiles++)
		strs_add(&request.profiles, *profiles);
	if (only != NULL)
		strs_add(&request.only, only);
	assert_int_equal(plan_make(&f->plan, &request, f->rules, &f->terminal, &diags), 0);
	strs_release(&request.profiles);
	strs_release(&request.only);
	f->d.result_count = f->plan.item_count;
	f->d.results = mem_alloc(f->d.result_count * sizeof f->d.results[0]);
	for (size_t i = 0; i < f->d.result_count; i++) {
		const struct plan_item *item = &f->plan.items[i];
		bool manual = strcmp(item->check->type->name, "manual") == 0;
		f->d.results[i].check = item->check;
		f->d.results[i].verdict = manual                    ? VERDICT_MANUAL
					  : item->skip != SKIP_NONE ? VERDICT_SKIP
								    : VERDICT_PASS;
	}
}

static void fixture_release(struct fixture *f)
{
	diagnosis_release(&f->d);
	plan_release(&f->plan);
	rules_free(f->rules);
}

static void add_root(struct fixture *f, const char *cause)
{
	struct diagnosis *d = &f->d;

	d->roots = mem_grow(d->roots, d->root_count, &d->root_capacity, sizeof d->roots[0]);
	d->roots[d->root_count++] = (struct root_cause){.cause = cause};
}

/* The contents say what the diagnosis says, as far as they say anything. */
static void assert_same(const struct fixture *f, const struct support_content *content)
{
	size_t next = 0;

	assert_true(content->rules_match);
	assert_int_equal(content->overall, f->d.overall);
	assert_int_equal(content->plan.phase, f->plan.phase);
	for (size_t i = 0; content->has_verdicts && i < content->plan.item_count; i++) {
		const struct rule_check *check = content->plan.items[i].check;
		if (next < f->d.result_count && f->d.results[next].check == check)
			assert_int_equal(content->verdicts[i], f->d.results[next++].verdict);
		else
			assert_int_equal(content->verdicts[i], VERDICT_COUNT);
	}
	if (content->has_verdicts)
		assert_int_equal(next, f->d.result_count);
	for (size_t i = 0; i < content->cause_count; i++)
		assert_string_equal(cause_numbered(content->causes[i])->code, f->d.roots[i].cause);
	assert_int_equal(content->more, content->cause_count < f->d.root_count);
}

static void round_trip(const struct fixture *f, struct support_content *content)
{
	struct support_code_problem problem;
	char code[SUPPORT_CODE_SIZE];

	support_code_make(code, &f->d, &f->plan);
	assert_true(strlen(code) == 9 || strlen(code) == 14 || strlen(code) == 19 ||
		    strlen(code) == 24);
	assert_int_equal(support_code_unpack(content, code, f->rules, &problem), 0);
	assert_same(f, content);
}

static const char *const registry[] = {"registry", NULL};
static const char *const two[] = {"orca", "registry", NULL};

/* Any verdicts whatever: they come back, or the code holds the causes. */
static void test_random_verdicts(void **state)
{
	static const enum verdict overalls[] = {VERDICT_PASS, VERDICT_FAIL, VERDICT_UNKNOWN};
	static const char *const onlys[] = {NULL, "sec-*", "term-disk", "mio-*"};
	int with_verdicts = 0, with_causes = 0;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct support_content content;
		struct fixture f;
		fixture_init(&f, "", round % 3 == 0 ? two : registry, onlys[round % 4],
			round % 2 == 0 ? PHASE_CHOICE_BEFORE_VPN : PHASE_CHOICE_IN_VPN);
		unsigned odd = random_below(60);
		for (size_t i = 0; i < f.d.result_count; i++)
			if (random_below(60) < odd)
				f.d.results[i].verdict = (enum verdict)random_below(VERDICT_COUNT);
		for (unsigned i = random_below(15); i > 0; i--)
			add_root(&f, cause_table[random_below((unsigned)cause_count)].code);
		f.d.overall = overalls[random_below(3)];
		round_trip(&f, &content);
		with_verdicts += content.has_verdicts;
		with_causes += !content.has_verdicts;
		support_content_release(&content);
		fixture_release(&f);
	}
	assert_true(with_verdicts > 50);
	assert_true(with_causes > 50);
}

/* What usually happens fits, with every verdict: here more than 60 checks. */
static void test_usual_reports_fit(void **state)
{
	static const char *const all[] = {"registry", "ccr-2021", "orca", NULL};
	struct support_content content;
	struct fixture f;

	(void)state;
	fixture_init(&f, "", all, NULL, PHASE_CHOICE_BEFORE_VPN);
	assert_true(f.d.result_count >= 60);
	for (size_t i = 0; i < f.d.result_count; i++) {
		const char *id = f.d.results[i].check->id;
		if (strcmp(id, "sec-udp-4500") == 0)
			f.d.results[i].verdict = VERDICT_FAIL;
		if (strcmp(id, "sec-ike-mtu") == 0)
			f.d.results[i].verdict = VERDICT_UNKNOWN;
		if (strcmp(id, "sec-udp-443") == 0)
			f.d.results[i].verdict = VERDICT_WARN;
	}
	f.d.overall = VERDICT_FAIL;
	add_root(&f, "udp.silent");
	round_trip(&f, &content);
	assert_true(content.has_verdicts);
	assert_int_equal(content.cause_count, 1);
	support_content_release(&content);
	fixture_release(&f);
}

/* With other rules there are the verdict and the causes, and nothing else. */
static void test_other_rules(void **state)
{
	struct support_code_problem problem;
	struct support_content content;
	struct rules *other = load("version: 1\nchecks: {term-disk: {free: 1 GB}}\n");
	char code[SUPPORT_CODE_SIZE];
	struct fixture f;

	(void)state;
	fixture_init(&f, "", registry, NULL, PHASE_CHOICE_BEFORE_VPN);
	f.d.overall = VERDICT_FAIL;
	add_root(&f, "dns.nxdomain");
	add_root(&f, "disk.low");
	support_code_make(code, &f.d, &f.plan);
	assert_int_not_equal(support_code_fingerprint(other), support_code_fingerprint(f.rules));
	assert_int_equal(support_code_unpack(&content, code, other, &problem), 0);
	assert_false(content.rules_match);
	assert_null(content.verdicts);
	assert_int_equal(content.overall, VERDICT_FAIL);
	assert_int_equal(content.fingerprint, support_code_fingerprint(f.rules));
	assert_int_equal(content.cause_count, 2);
	assert_string_equal(cause_numbered(content.causes[0])->code, "dns.nxdomain");
	assert_string_equal(cause_numbered(content.causes[1])->code, "disk.low");
	support_content_release(&content);
	rules_free(other);
	fixture_release(&f);
}

/* Codes of other formats are refused as such. */
static void test_other_versions(void **state)
{
	struct support_code_problem problem;
	struct support_content content;
	struct rules *rules = load("");
	char code[SUPPORT_CODE_SIZE];

	(void)state;
	for (uint8_t version = 0; version < 8; version++) {
		uint8_t data[6] = {(uint8_t)(version << 2)};
		if (version == SUPPORT_CODE_VERSION)
			continue;
		support_code_write(data, sizeof data, code);
		assert_int_equal(support_code_unpack(&content, code, rules, &problem), -1);
		assert_int_equal(problem.error, SUPPORT_CODE_VERSION_OTHER);
		assert_int_equal(problem.position, version);
		support_content_release(&content);
	}
	rules_free(rules);
}

/* What is read was packed so: packing it again gives the same code. */
static bool is_read_as_packed(const char *code, const struct rules *rules)
{
	struct support_code_problem problem;
	struct support_content content;
	char again[SUPPORT_CODE_SIZE];
	bool read = support_code_unpack(&content, code, rules, &problem) == 0;

	if (!read)
		assert_int_not_equal(problem.error, SUPPORT_CODE_OK);
	if (read && content.rules_match) {
		assert_int_equal(support_code_pack(again, &content), 0);
		assert_string_equal(again, code);
	}
	support_content_release(&content);
	return read;
}

/* Any symbols with right check symbols are read or refused; also beyond the fingerprint. */
static void test_any_symbols(void **state)
{
	char code[SUPPORT_CODE_SIZE], own[SUPPORT_CODE_SIZE];
	struct support_code_problem problem;
	uint8_t data[SUPPORT_CODE_SYMBOLS], own_data[SUPPORT_CODE_SYMBOLS];
	int refused = 0, read = 0;
	struct fixture f;
	size_t own_count;

	(void)state;
	fixture_init(&f, "", registry, NULL, PHASE_CHOICE_BEFORE_VPN);
	support_code_make(own, &f.d, &f.plan);
	assert_int_equal(support_code_read(own, own_data, &own_count, &problem), 0);
	for (int round = 0; round < 3000; round++) {
		size_t count = data_counts[round % 4];
		for (size_t i = 0; i < count; i++)
			data[i] = (uint8_t)random_below(32);
		if (round % 3 != 0) /* version, kind, verdict, fingerprint */
			memcpy(data, own_data, round % 3 == 1 ? 5 : 1);
		support_code_write(data, count, code);
		if (is_read_as_packed(code, f.rules))
			read++;
		else
			refused++;
	}
	assert_true(refused > 300);
	assert_true(read > 300);
	fixture_release(&f);
}

/* Never changed, and neither is its code while the format version is the same. */
static const char pinned_rules[] =
	"version: 1\n"
	"checks:\n"
	"  a: {check: disk, title: {ja: あ, en: a}}\n"
	"  b: {check: os, phase: before-vpn, title: {ja: い, en: b}}\n"
	"  c: {check: manual, ask: it, question: {ja: う, en: c}, title: {ja: う, en: c}}\n"
	"  d: {check: proxy, phase: in-vpn, severity: info, title: {ja: え, en: d}}\n"
	"  e: {check: link, severity: recommended, title: {ja: お, en: e}}\n"
	"profiles:\n"
	"  registry: {title: {ja: 一, en: one}, checks: '*'}\n";

static void test_pinned_code(void **state)
{
	static const uint8_t expected[] = {
		VERDICT_FAIL, VERDICT_PASS, VERDICT_MANUAL, VERDICT_SKIP, VERDICT_WARN};
	static const char code[] = "4ZXC-2VX3-0068";
	struct rule_source source = {
		.name = "pinned", .text = pinned_rules, .len = sizeof pinned_rules - 1};
	struct support_code_problem problem;
	struct support_content content;
	char again[SUPPORT_CODE_SIZE];
	struct diags diags = {0};
	struct rules *rules = rules_load(&source, 1, &diags);

	(void)state;
	assert_non_null(rules);
	assert_int_equal(support_code_unpack(&content, code, rules, &problem), 0);
	assert_true(content.rules_match && content.has_verdicts && !content.more);
	assert_int_equal(content.overall, VERDICT_FAIL);
	assert_int_equal(content.plan.item_count, sizeof expected);
	assert_memory_equal(content.verdicts, expected, sizeof expected);
	assert_int_equal(content.cause_count, 1);
	assert_string_equal(cause_numbered(content.causes[0])->code, "disk.low");
	assert_int_equal(support_code_pack(again, &content), 0);
	assert_string_equal(again, code);
	support_content_release(&content);
	rules_free(rules);
}

/* ---- the document ---- */

/* The page that decode writes, in a buffer of this size. */
static void write_page(const json_t *document, enum lang lang, char *page, size_t size)
{
	FILE *out = tmpfile();

	assert_non_null(out);
	decode_write_text(out, document, &(struct report_options){.lang = lang, .width = 200});
	rewind(out);
	page[fread(page, 1, size - 1, out)] = '\0';
	fclose(out);
}

static void set_verdict(struct fixture *f, const char *id, enum verdict verdict)
{
	for (size_t i = 0; i < f->d.result_count; i++)
		if (strcmp(f->d.results[i].check->id, id) == 0)
			f->d.results[i].verdict = verdict;
}

/* A cause names what may have shown it: here two ports. A later program's cause has a number. */
static void test_document(void **state)
{
	struct support_content content;
	static char page[16384];
	struct fixture f;

	(void)state;
	fixture_init(&f, "", registry, "sec-*", PHASE_CHOICE_BEFORE_VPN);
	set_verdict(&f, "sec-udp-500", VERDICT_FAIL);
	set_verdict(&f, "sec-udp-4500", VERDICT_FAIL);
	f.d.overall = VERDICT_FAIL;
	add_root(&f, "udp.silent");
	round_trip(&f, &content);
	content.causes[content.cause_count++] = 150;
	json_t *document = decode_document(&content, f.rules, "0000-0000");
	json_t *causes = json_object_get(document, "causes"), *first = json_array_get(causes, 0);
	assert_int_equal(json_array_size(json_object_get(first, "checks")), 2);
	assert_string_equal(json_string_value(json_object_get(first, "code")), "udp.silent");
	assert_null(json_object_get(json_array_get(causes, 1), "code"));
	assert_int_equal(
		json_integer_value(json_object_get(json_array_get(causes, 1), "number")), 150);
	write_page(document, LANG_EN, page, sizeof page);
	assert_non_null(strstr(page, "NOT READY"));
	assert_non_null(
		strstr(page, "UDP 500, 4500 of sec.ccr.ncc.go.jp does not answer (udp.silent)"));
	assert_non_null(strstr(page, "(number 150)"));
	assert_non_null(strstr(page, "[FAIL]    UDP 500 to sec (ISAKMP) (sec-udp-500)"));
	assert_null(strstr(page, "mio-dns")); /* left out by --only */
	write_page(document, LANG_JA, page, sizeof page);
	assert_non_null(strstr(page, "ネットワーク管理者"));
	assert_non_null(strstr(page, "（番号 150）"));
	json_decref(document);
	support_content_release(&content);
	fixture_release(&f);
}

/* ---- remedies ---- */

static void expect_remedy(const json_t *cause, enum lang lang)
{
	const json_t *remedy = json_object_get(cause, "remedy");
	const char *text = json_string_value(json_object_get(remedy, lang_name(lang)));

	if (text == NULL || strlen(text) < 20 || text[0] == '\n' || strstr(text, "\n\n") != NULL)
		fail_msg("%s, %s: \"%s\"", json_string_value(json_object_get(cause, "code")),
			lang_name(lang), text != NULL ? text : "");
}

/* What to do about a cause is told without the rules of the report, too. */
static void test_remedies_without_checks(void **state)
{
	struct rules *rules = load("");

	(void)state;
	for (size_t i = 0; i < cause_count; i++) {
		struct support_content content = {.overall = VERDICT_FAIL,
			.causes = {cause_table[i].number},
			.cause_count = 1};
		json_t *document = decode_document(&content, rules, "0000-0000");
		const json_t *cause = json_array_get(json_object_get(document, "causes"), 0);
		for (int lang = 0; lang < LANG_COUNT; lang++)
			expect_remedy(cause, (enum lang)lang);
		json_decref(document);
	}
	rules_free(rules);
}

/* ---- numbers of causes ---- */

/* Codes that were read out keep their meaning: rows are added here, and never changed. */
static const struct {
	int number;
	const char *code;
} pinned[] = {
	{1, "net.no-route"},
	{2, "net.local-denied"},
	{3, "net.no-internet"},
	{4, "net.proxy-only"},
	{5, "http.captive-portal"},
	{6, "tls.intercepted"},
	{7, "clock.skew"},
	{8, "dns.no-server"},
	{9, "dns.silent"},
	{10, "dns.unreachable"},
	{11, "dns.refused"},
	{12, "dns.servfail"},
	{13, "dns.malformed"},
	{14, "dns.hijacked"},
	{15, "dns.wildcard"},
	{16, "dns.nxdomain"},
	{17, "dns.nodata"},
	{18, "dns.stale-hosts"},
	{19, "dns.os-differs"},
	{20, "dns.address-changed"},
	{21, "tcp.refused"},
	{22, "tcp.reset"},
	{23, "tcp.unreachable"},
	{24, "tcp.prohibited"},
	{25, "tcp.silent"},
	{26, "udp.refused"},
	{27, "udp.prohibited"},
	{28, "udp.unreachable"},
	{29, "udp.silent"},
	{30, "udp.not-ike"},
	{31, "udp.not-dtls"},
	{32, "udp.fragments"},
	{33, "udp.mtu-black-hole"},
	{34, "udp.mtu-small"},
	{35, "dtls.silent"},
	{36, "tls.expired"},
	{37, "tls.not-yet-valid"},
	{38, "tls.wrong-name"},
	{39, "tls.self-signed"},
	{40, "tls.incomplete-chain"},
	{41, "tls.untrusted"},
	{42, "tls.revoked"},
	{43, "tls.protocol"},
	{44, "tls.weak"},
	{45, "tls.client-certificate"},
	{46, "tls.reset"},
	{47, "tls.silent"},
	{48, "tls.handshake"},
	{49, "http.off-site"},
	{50, "http.status"},
	{51, "http.silent"},
	{52, "http.broken"},
	{53, "http.not-gateway"},
	{54, "tls.client-not-asked"},
	{55, "tls.client-missing"},
	{56, "tls.client-not-accepted"},
	{57, "tls.client-unknown-ca"},
	{58, "tls.client-expired"},
	{59, "tls.client-revoked"},
	{60, "tls.client-refused"},
	{61, "cert.not-found"},
	{62, "cert.unreadable"},
	{63, "cert.unsupported-encryption"},
	{64, "cert.wrong-password"},
	{65, "cert.password-missing"},
	{66, "cert.password-trailing-space"},
	{67, "cert.no-private-key"},
	{68, "cert.key-mismatch"},
	{69, "cert.not-yet-valid"},
	{70, "cert.expired"},
	{71, "cert.expiring-soon"},
	{72, "cert.wrong-purpose"},
	{73, "cert.not-issued-by-ca"},
	{74, "cert.not-a-ca"},
	{75, "cert.not-trusted"},
	{76, "os.unsupported"},
	{77, "os.end-of-life"},
	{78, "os.extended"},
	{79, "os.ending-soon"},
	{80, "os.unknown"},
	{81, "os.data-old"},
	{82, "disk.low"},
	{83, "disk.read-only"},
	{84, "software.conflict"},
	{85, "software.conflict-version"},
	{86, "software.missing"},
	{87, "software.too-old"},
	{88, "software.os-not-listed"},
	{89, "dump.not-found"},
	{90, "dump.unreadable"},
	{91, "dump.plain-sql"},
	{92, "dump.other-format"},
	{93, "dump.not-a-dump"},
	{94, "dump.damaged"},
	{95, "dump.encoding"},
	{96, "link.mobile"},
	{97, "link.wifi"},
	{98, "proxy.configured"},
	{99, "vpn.not-connected"},
	{100, "vpn.portal-down"},
	{101, "run.blocked"},
	{102, "run.unreadable"},
	{103, "run.deadline"},
	{104, "run.interrupted"},
	{105, "run.not-saved"},
	{106, "tls.root-on-demand"},
	{107, "tls.client-kept"},
	{118, "dns.config"},
	{119, "dns.slow"},
	{121, "dns.search"},
	{122, "dns.filtered"},
	{123, "dns.wrong-server"},
	{124, "dns.elsewhere"},
	{108, "udp.limited"},
	{109, "udp.redirected"},
	{110, "udp.one-flow"},
	{111, "clock.not-told"},
	{112, "tls.no-names"},
	{113, "tls.chain-expired"},
	{114, "tls.root-expired"},
	{115, "tls.invalid"},
	{116, "tls.inconsistent"},
	{117, "tls.too-weak"},
	{120, "run.local-error"},
	{125, "proxy.sign-in"},
	{126, "proxy.bypass-unclear"},
	{127, "run.undecided"},
	{128, "http.slow"},
	{139, "http.redirect"},
	{140, "udp.version"},
	{131, "net.gateway-silent"},
	{132, "net.on-link"},
	{133, "net.no-route-family"},
	{134, "net.no-route-host"},
	{135, "net.address-silent"},
	{136, "proxy.script"},
	{137, "udp.answered-nearby"},
	{138, "udp.large-answers"},
};

static void test_numbers(void **state)
{
	bool seen[CAUSE_NUMBERS] = {false};

	(void)state;
	for (size_t i = 0; i < cause_count; i++) {
		int number = cause_table[i].number;
		if (number < 1 || number >= CAUSE_NUMBERS || seen[number])
			fail_msg("%s: %d is no number of its own", cause_table[i].code, number);
		seen[number] = true;
	}
	for (size_t i = 0; i < sizeof pinned / sizeof pinned[0]; i++) {
		const struct cause_info *info = cause_find(pinned[i].code);
		assert_non_null(info);
		assert_int_equal(info->number, pinned[i].number);
		assert_ptr_equal(cause_numbered(pinned[i].number), info);
	}
	assert_int_equal(sizeof pinned / sizeof pinned[0], cause_count);
	assert_null(cause_numbered(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_lost_groups),
		cmocka_unit_test(test_spelling),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_coder),
		cmocka_unit_test(test_random_verdicts),
		cmocka_unit_test(test_usual_reports_fit),
		cmocka_unit_test(test_other_rules),
		cmocka_unit_test(test_other_versions),
		cmocka_unit_test(test_any_symbols),
		cmocka_unit_test(test_pinned_code),
		cmocka_unit_test(test_document),
		cmocka_unit_test(test_remedies_without_checks),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
