/*
 * The rule file: every mistake of tests/rules/bad is reported where it stands, and nothing else;
 * tests/rules/good loads; merging, settings, bounds, schema.
 *
 * A bad file begins with one line "# expect: LINE:COLUMN: part of the message" for each problem.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "check.h"
#include "inventory.h"
#include "rules.h"
#include "rules/fields.h"
#include "rules/scalar.h"
#include "rules/schema.h"

#define TITLE "title: {ja: あ, en: a}"
#define BASE                                                                                       \
	"version: 1\n"                                                                             \
	"hosts:\n"                                                                                 \
	"  sec: {name: Sec.Example.JP., addresses: [192.0.2.1, 2001:db8::1]}\n"                    \
	"  mio: {name: mio.example.jp, reach: vpn}\n"                                              \
	"checks:\n"                                                                                \
	"  term-disk: {check: disk, free: 200 MB, " TITLE "}\n"                                    \
	"  sec-udp: {check: ike, host: sec, port: 500, needs: [term-disk], " TITLE "}\n"           \
	"profiles:\n"                                                                              \
	"  all: {" TITLE ", checks: ['*'], except: sec-udp}\n"

/* ---- helpers ---- */

static struct rules *load_texts(const char *const *texts, struct diags *diags)
{
	static const char *const names[] = {"one.yaml", "two.yaml", "three.yaml"};
	struct rule_source sources[3];
	size_t count = 0;

	for (; texts[count] != NULL; count++)
		sources[count] = (struct rule_source){
			.name = names[count], .text = texts[count], .len = strlen(texts[count])};
	return rules_load(sources, count, diags);
}

static struct rules *load_good(const char *const *texts)
{
	struct diags diags = {0};
	struct rules *rules = load_texts(texts, &diags);

	diags_print(&diags, stderr);
	assert_non_null(rules);
	assert_int_equal(diags.count, 0);
	diags_release(&diags);
	return rules;
}

/* Loads rules with one mistake and compares "FILE:LINE:COLUMN: TEXT" with the start expected. */
static void expect_one(const char *const *texts, const char *expected)
{
	struct diags diags = {0};
	struct rules *rules = load_texts(texts, &diags);
	char got[600];

	assert_null(rules);
	if (diags.count != 1)
		diags_print(&diags, stderr);
	assert_int_equal(diags.count, 1);
	snprintf(got, sizeof got, "%s:%d:%d: %s", diags.items[0].file, diags.items[0].line,
		diags.items[0].column, diags.items[0].text);
	if (strncmp(got, expected, strlen(expected)) != 0)
		assert_string_equal(got, expected);
	diags_release(&diags);
}

/* ---- the corpus ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Paths of the folder's .yaml files, sorted. */
static struct strs corpus(const char *folder)
{
	const char *data = getenv("TEST_DATA");
	struct strs list = {0};
	char path[600];
	DIR *dir;

	snprintf(path, sizeof path, "%s/rules/%s", data != NULL ? data : "tests", folder);
	dir = opendir(path);
	if (dir == NULL)
		fail_msg("%s cannot be opened (the tests run at the top of the tree)", path);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		size_t len = strlen(entry->d_name);
		if (len < 6 || strcmp(entry->d_name + len - 5, ".yaml") != 0)
			continue;
		snprintf(path, sizeof path, "%s/rules/%s/%s", data != NULL ? data : "tests", folder,
			entry->d_name);
		strs_add(&list, path);
	}
	closedir(dir);
	qsort(list.items, list.count, sizeof list.items[0], by_name);
	return list;
}

static bool is_expected(
	const struct diags *diags, bool *used, int line, int column, const char *part)
{
	for (size_t i = 0; i < diags->count; i++) {
		const struct diag *d = &diags->items[i];
		if (used[i] || d->line != line || d->column != column ||
			strstr(d->text, part) == NULL)
			continue;
		used[i] = true;
		return true;
	}
	return false;
}

/* Compares with the comment lines at the file's start; the count of differences. */
static int compare(const char *path, const char *text, const struct diags *diags)
{
	bool used[DIAG_MAX] = {false};
	int line, column, at, wrong = 0;
	size_t expected = 0;

	while (sscanf(text, "# expect: %d:%d: %n", &line, &column, &at) == 2) {
		char part[300];
		size_t len = strcspn(text + at, "\n");
		snprintf(part, sizeof part, "%.*s", (int)len, text + at);
		expected++;
		if (!is_expected(diags, used, line, column, part)) {
			print_error("%s: expected %d:%d: %s\n", path, line, column, part);
			wrong++;
		}
		text += (size_t)at + len + 1;
	}
	if (expected == 0 || diags->count != expected || diags->dropped != 0) {
		print_error(
			"%s: %zu problems expected, %zu reported\n", path, expected, diags->count);
		wrong++;
	}
	if (wrong != 0)
		diags_print(diags, stderr);
	return wrong;
}

static void test_bad_corpus(void **state)
{
	struct strs files = corpus("bad");
	int wrong = 0;

	(void)state;
	assert_true(files.count >= 70);
	for (size_t i = 0; i < files.count; i++) {
		struct diags diags = {0};
		struct rule_source source = {.name = files.items[i]};
		char *text = NULL;

		assert_int_equal(rules_read_file(files.items[i], &text, &source.len, &diags), 0);
		source.text = text;
		struct rules *rules = rules_load(&source, 1, &diags);
		if (rules != NULL) {
			print_error("%s: loads\n", files.items[i]);
			wrong++;
		}
		text[source.len] = '\0';
		wrong += compare(files.items[i], text, &diags);
		rules_free(rules);
		diags_release(&diags);
		free(text);
	}
	strs_release(&files);
	assert_int_equal(wrong, 0);
}

static void test_good_corpus(void **state)
{
	struct strs files = corpus("good");

	(void)state;
	assert_true(files.count >= 5);
	for (size_t i = 0; i < files.count; i++) {
		struct diags diags = {0};
		struct rule_source source = {.name = files.items[i]};
		char *text = NULL;

		assert_int_equal(rules_read_file(files.items[i], &text, &source.len, &diags), 0);
		source.text = text;
		struct rules *rules = rules_load(&source, 1, &diags);
		diags_print(&diags, stderr);
		assert_non_null(rules);
		assert_int_equal(diags.count, 0);
		rules_free(rules);
		free(text);
	}
	strs_release(&files);
}

/* ---- what is read ---- */

static void test_values(void **state)
{
	struct rules *rules = load_good((const char *const[]){BASE, NULL});
	const struct rule_check *disk = rules_check(rules, "term-disk");
	const struct rule_check *udp = rules_check(rules, "sec-udp");
	char buf[NET_ADDR_STRLEN];

	(void)state;
	assert_string_equal(rules->files[0].name, "one.yaml");
	assert_string_equal(rules->hosts[0].name, "sec.example.jp");
	assert_int_equal(rules->hosts[0].address_count, 2);
	assert_string_equal(net_addr_format(&rules->hosts[0].addresses[1], buf), "2001:db8::1");
	assert_false(rules->hosts[0].internal);
	assert_true(rules->hosts[1].internal);
	assert_int_equal(rule_number(disk, "free", -1), 200000000);
	assert_int_equal(rule_number(disk, "free-macos", -1), 50000000); /* by default */
	assert_null(rule_string(disk, "path-linux"));
	assert_int_equal(disk->severity, SEVERITY_REQUIRED);
	assert_int_equal(disk->phase, PHASE_ANY);
	assert_string_equal(disk->title.in[LANG_JA], "あ");
	assert_ptr_equal(rule_host(udp, "host"), &rules->hosts[0]);
	assert_int_equal(rule_number(udp, "port", -1), 500);
	assert_false(rule_bool(udp, "nat"));
	assert_int_equal(udp->needs.count, 1);
	assert_int_equal(udp->where.line, 7);
	assert_int_equal(udp->where.column, 3);
	assert_int_equal(rule_value(udp, "port")->where.column, 42);
	assert_string_equal(rules_profile(rules, "all")->except.items[0], "sec-udp");
	assert_null(rules_profile(rules, "none"));
	rules_free(rules);
}

static void test_sha256(void **state)
{
	/* The digest is what sha256sum(1) prints for the same bytes. */
	struct diags diags = {0};
	struct rule_source source = {.name = "x", .text = "version: 1\n", .len = 11};
	struct rules *rules = rules_load(&source, 1, &diags);

	(void)state;
	assert_non_null(rules);
	assert_string_equal(rules->files[0].sha256,
		"09bfcc6a14b83e2192b8673677725c84883ee9cd0c70e45c9ec09daa8f2b2847");
	rules_free(rules);
	diags_release(&diags);
}

static void test_files_as_windows_writes_them(void **state)
{
	struct rules *rules = load_good((const char *const[]){
		"\xef\xbb\xbfversion: 1\r\nhosts:\r\n  sec: {name: a.example.jp}\r\n", NULL});

	(void)state;
	assert_int_equal(rules->host_count, 1);
	assert_int_equal(rules->hosts[0].where.line, 3);
	rules_free(rules);
}

/* ---- merging ---- */

static void test_merge(void **state)
{
	struct rules *rules = load_good((const char *const[]){BASE,
		"version: 1\n"
		"checks:\n"
		"  new: {check: disk, " TITLE "}\n"
		"  sec-udp: {port: 4500, needs: [], title: {en: b}}\n"
		"hosts:\n"
		"  sec: {addresses: 198.51.100.1}\n",
		"version: 1\nchecks: {term-disk: {severity: info, remedy: {disk.low: {ja: い, en: "
		"i}}}}\n",
		NULL});
	const struct rule_check *udp = rules_check(rules, "sec-udp");

	(void)state;
	assert_int_equal(rules->check_count, 3);
	assert_string_equal(rules->checks[0].id, "term-disk");
	assert_string_equal(rules->checks[2].id, "new");
	assert_int_equal(rules->checks[0].severity, SEVERITY_INFO);
	assert_int_equal(rules->checks[0].remedy_count, 1);
	assert_int_equal(rule_number(&rules->checks[0], "free", -1), 200000000);
	assert_int_equal(rule_number(udp, "port", -1), 4500);
	assert_string_equal(rule_value(udp, "port")->where.file, "two.yaml");
	assert_string_equal(udp->where.file, "one.yaml");
	assert_string_equal(udp->title.in[LANG_JA], "あ");
	assert_string_equal(udp->title.in[LANG_EN], "b");
	assert_int_equal(udp->needs.count, 0);
	assert_int_equal(rules->hosts[0].address_count, 1);
	rules_free(rules);
}

static void test_merge_type(void **state)
{
	struct rules *rules = load_good(
		(const char *const[]){"version: 1\nchecks: {a: {check: disk, free: 5 GB, " TITLE
				      ", remedy: {disk.low: {ja: あ, en: a}}}}\n",
			"version: 1\nchecks: {a: {check: link, mobile: fail}}\n", NULL});

	(void)state;
	assert_string_equal(rules->checks[0].type->name, "link");
	assert_string_equal(rule_string(&rules->checks[0], "mobile"), "fail");
	assert_string_equal(rule_string(&rules->checks[0], "wifi"), "warn");
	assert_int_equal(rules->checks[0].remedy_count, 0);
	assert_string_equal(rules->checks[0].title.in[LANG_EN], "a");
	rules_free(rules);
	expect_one((const char *const[]){"version: 1\nchecks: {a: {check: disk, " TITLE "}}\n",
			   "version: 1\nchecks: {a: {check: ike, host: h}}\nhosts: {h: {name: "
			   "h.jp}}\n",
			   NULL},
		"one.yaml:2:10: check a: the key port is missing");
}

/* A later file's fallback replaces an earlier one's; hosts may follow that name it. */
static void test_merge_fallback(void **state)
{
	struct rules *rules = load_good((const char *const[]){
		"version: 1\nhosts: {a: {name: a.jp, fallback: b}, b: {name: b.jp}}\n",
		"version: 1\nhosts: {a: {fallback: c}, b: {fallback: a}, c: {name: c.jp}}\n",
		NULL});

	(void)state;
	assert_int_equal(rules->host_count, 3);
	assert_ptr_equal(rules->hosts[0].fallback, &rules->hosts[2]);
	assert_ptr_equal(rules->hosts[1].fallback, &rules->hosts[0]);
	assert_null(rules->hosts[2].fallback);
	rules_free(rules);
	expect_one((const char *const[]){"version: 1\nhosts: {a: {name: a.jp}}\n",
			   "version: 1\nhosts: {a: {fallback: b}}\n", NULL},
		"two.yaml:2:23: host a: fallback: unknown host b");
}

/* Certificates may follow those that name them; a later file may give another CA. */
static void test_certificates(void **state)
{
	struct rules *rules = load_good((const char *const[]){
		"version: 1\ncertificates: {c: {role: client, ca: a, file: [c.p12, '*.pfx'], "
		"store: "
		"true, issuer: I*}, a: {role: ca}}\nchecks: {q: {check: manual, certificate: c, "
		"question: {ja: あ, en: a}, " TITLE "}}\n",
		"version: 1\ncertificates: {c: {ca: b, password-file: c.pass}, b: {role: ca}}\n",
		NULL});
	const struct rule_certificate *client = &rules->certificates[0];

	(void)state;
	assert_int_equal(rules->certificate_count, 3);
	assert_string_equal(client->id, "c");
	assert_false(client->authority);
	assert_true(rules->certificates[1].authority);
	assert_true(client->store);
	assert_int_equal(client->files.count, 2);
	assert_string_equal(client->files.items[1], "*.pfx");
	assert_string_equal(client->passwords.items[0], "c.pass");
	assert_string_equal(client->issuers.items[0], "I*");
	assert_ptr_equal(client->ca, &rules->certificates[2]);
	assert_null(client->ca->ca);
	assert_ptr_equal(rule_certificate(&rules->checks[0], "certificate"), client);
	rules_free(rules);
}

static void test_products(void **state)
{
	struct rules *rules = load_good((const char *const[]){
		"version: 1\nproducts: {p: {" TITLE
		", match: [{os: linux, kind: package, name: p}]}}\n"
		"checks: {i: {check: installed, accept: p >=2, " TITLE "}}\n"
		"profiles: {f: {" TITLE ", checks: i, when-vpn: [A, B*], when-file: c.pass}}\n",
		NULL});

	(void)state;
	assert_int_equal(rules->product_count, 1);
	assert_int_equal(rules->software_count, 0);
	assert_ptr_equal(rules_product(rules, "p"), &rules->products[0]);
	assert_null(rules_product(rules, "q"));
	assert_string_equal(rules->products[0].matches[0].names.items[0], "p");
	assert_string_equal(rule_list(&rules->checks[0], "accept")->items[0], "p >=2");
	assert_string_equal(rule_string(&rules->checks[0], "missing"), "fail");
	assert_string_equal(rules->profiles[0].when_vpn.items[1], "B*");
	assert_string_equal(rules->profiles[0].when_file.items[0], "c.pass");
	rules_free(rules);
	expect_one(
		(const char *const[]){"version: 1\nchecks: {i: {check: installed, accept: p, " TITLE
				      "}}\n",
			NULL},
		"one.yaml:2:40: check i: accept: unknown product p");
}

static void test_merge_mistakes(void **state)
{
	(void)state;
	expect_one((const char *const[]){BASE, "version: 1\nchecks: {term-dsk: {severity: info}}\n",
			   NULL},
		"two.yaml:2:10: check term-dsk: the key check is missing, and no check of this id "
		"is "
		"known, did you mean term-disk?");
	expect_one((const char *const[]){BASE, "checks: {term-disk: {severity: info}}\n", NULL},
		"two.yaml:1:1: the key version is missing");
	expect_one((const char *const[]){BASE,
			   "version: 1\nchecks: {term-disk: {needs: sec-udp}}\n", NULL},
		"one.yaml:7:55: check sec-udp: needs: the checks need each other in a circle: "
		"term-disk -> sec-udp -> term-disk");
	/* What is overridden is checked all the same. */
	expect_one((const char *const[]){"version: 1\nchecks: {a: {check: disk, free: 1, " TITLE
					 "}}\n",
			   "version: 1\nchecks: {a: {free: 1 GB}}\n", NULL},
		"one.yaml:2:33: check a: free: 1 has no unit");
	/* A text may be completed by a later file. */
	rules_free(load_good(
		(const char *const[]){"version: 1\nchecks: {a: {check: disk, title: {ja: あ}}}\n",
			"version: 1\nchecks: {a: {title: {en: a}}}\n", NULL}));
}

/* ---- bounds ---- */

static void test_bounds(void **state)
{
	char *text = malloc(RULES_MAX_BYTES + 100);
	struct diags diags = {0};
	struct rule_source source = {.name = "big", .text = text, .len = RULES_MAX_BYTES + 1};

	(void)state;
	assert_non_null(text);
	memset(text, '#', RULES_MAX_BYTES + 100);
	assert_null(rules_load(&source, 1, &diags));
	assert_int_equal(diags.count, 1);
	assert_non_null(strstr(diags.items[0].text, "more than the limit of 1048576"));
	diags_release(&diags);

	memcpy(text, "version: 1\n", 11);
	source.len = RULES_MAX_BYTES;
	struct rules *rules = rules_load(&source, 1, &diags);
	assert_non_null(rules);
	rules_free(rules);

	for (size_t extra = 0; extra < 2; extra++) {
		size_t len = (size_t)sprintf(
			text, "version: 1\nchecks: {a: {check: disk, " TITLE ", why: {en: a, ja: ");
		memset(text + len, 'x', RULES_MAX_STRING + extra);
		strcpy(text + len + RULES_MAX_STRING + extra, "}}}\n");
		source.len = strlen(text);
		rules = rules_load(&source, 1, &diags);
		assert_int_equal(rules != NULL, extra == 0);
		assert_int_equal(diags.count, extra);
		rules_free(rules);
	}
	assert_non_null(strstr(diags.items[0].text, "8193 bytes, more than the limit of 8192"));
	assert_int_equal(diags.items[0].line, 2);
	diags_release(&diags);
	free(text);
}

static void test_count(void **state)
{
	struct diags diags = {0};
	struct strbuf sb;

	(void)state;
	strbuf_init(&sb, RULES_MAX_BYTES);
	strbuf_adds(&sb, "version: 1\nhosts:\n");
	for (int i = 0; i < RULES_MAX_ENTRIES; i++)
		strbuf_addf(&sb, " h%d: {name: h%d.example.jp}\n", i, i);
	struct rule_source sources[2] = {
		{.name = "a", .text = sb.data, .len = sb.len}, {.name = "b"}};
	struct rules *rules = rules_load(sources, 1, &diags);
	assert_non_null(rules);
	assert_int_equal(rules->host_count, RULES_MAX_ENTRIES);
	rules_free(rules);

	sources[1] = (struct rule_source){
		.name = "b", .text = "version: 1\nhosts: {one: {name: a.jp}}\n", .len = 38};
	assert_null(rules_load(sources, 2, &diags));
	assert_int_equal(diags.count, 1);
	assert_string_equal(diags.items[0].text, "hosts: more than 5000 entries");
	assert_int_equal(diags.items[0].column, 9);
	diags_release(&diags);

	strbuf_adds(&sb, " one: {name: a.jp}\n");
	sources[0] = (struct rule_source){.name = "a", .text = sb.data, .len = sb.len};
	assert_null(rules_load(sources, 1, &diags));
	assert_int_equal(diags.count, 1);
	assert_int_equal(diags.items[0].line, RULES_MAX_ENTRIES + 3);
	diags_release(&diags);
	strbuf_release(&sb);
}

static void test_many_problems(void **state)
{
	struct diags diags = {0};
	struct strbuf sb;

	(void)state;
	strbuf_init(&sb, RULES_MAX_BYTES);
	strbuf_adds(&sb, "version: 1\nhosts:\n");
	for (int i = 0; i < 300; i++)
		strbuf_addf(&sb, " h%d: {nmae: x}\n", i);
	struct rule_source source = {.name = "a", .text = sb.data, .len = sb.len};
	assert_null(rules_load(&source, 1, &diags));
	assert_int_equal(diags.count, DIAG_MAX);
	assert_int_equal(diags.count + diags.dropped, 600); /* unknown key, missing name */
	diags_release(&diags);
	strbuf_release(&sb);
}

static void test_encodings(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *part;
	} rows[] = {
		{"", 0, "the file is empty"},
		{"# only a comment\n", 17, "the file is empty"},
		{"\xef\xbb\xbf", 3, "the file is empty"},
		{"\xff\xfev\0e\0", 6, "mapping"}, /* UTF-16 is read */
		{"\xfe\xff\0v\0e", 6, "mapping"},
		{"v\0e\0", 4, "mapping"},
		{"a: \x83\x65", 5, "Shift_JIS"},
		{"a: \xc0\x80", 5, "byte 0xc0 is not UTF-8"},
		{"a: \xed\xa0\x80", 6, "byte 0xed is not UTF-8"},
		{"a: \xf4\x90\x80\x80", 7, "byte 0xf4 is not UTF-8"},
		{"a: \xe3\x81", 5, "byte 0xe3 is not UTF-8"},
		{"ab\0c", 4, "U+0000"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct diags diags = {0};
		struct rule_source source = {.name = "x", .text = rows[i].text, .len = rows[i].len};
		assert_null(rules_load(&source, 1, &diags));
		assert_true(diags.count >= 1);
		assert_non_null(strstr(diags.items[0].text, rows[i].part));
		assert_int_equal(diags.items[0].line, 1);
		diags_release(&diags);
	}
}

static void loads_as(const char *text, size_t len)
{
	struct diags diags = {0};
	struct rule_source source = {.name = "x", .text = text, .len = len};
	struct rules *rules = rules_load(&source, 1, &diags);

	if (rules == NULL)
		fail_msg("%s", diags.items[0].text);
	assert_int_equal(rules->host_count, 1);
	assert_string_equal(rules->hosts[0].id, "a");
	diags_release(&diags);
	rules_free(rules);
}

/* As Notepad, PowerShell and old editors save it. */
static void test_files_as_people_make_them(void **state)
{
	static const char text[] = "version: 1\nhosts:\n  a: {name: x.jp}\n";
	char changed[2 * sizeof text + 4];
	size_t len = sizeof text - 1, at = 0;
	(void)state;

	loads_as(text, len);
	for (int order = 0; order < 4; order++) { /* both orders, with a mark and without */
		at = 0;
		if (order < 2) {
			changed[at++] = order == 0 ? '\xff' : '\xfe';
			changed[at++] = order == 0 ? '\xfe' : '\xff';
		}
		for (size_t i = 0; i < len; i++) {
			changed[at++] = order % 2 == 0 ? text[i] : '\0';
			changed[at++] = order % 2 == 0 ? '\0' : text[i];
		}
		loads_as(changed, at);
	}
	for (size_t i = 0; i < len; i++)
		changed[i] = text[i] == '\n' ? '\r' : text[i];
	loads_as(changed, len);
	memcpy(changed, text, len + 1);
	loads_as(changed, len + 1); /* a zero byte at the end */
	memcpy(changed, "\xEF\xBB\xBF", 3);
	memcpy(changed + 3, text, len);
	loads_as(changed, len + 3);
}

/* What a Japanese input method puts there is named with its place. */
static void test_lookalikes(void **state)
{
	static const struct {
		const char *text, *part;
	} rows[] = {
		{"version: 1\nhosts:\n　a: {name: x.jp}\n",
			"column 1 has a full-width blank (U+3000)"},
		{"version: 1\nhosts:\n\xC2\xA0 a: {name: x.jp}\n",
			"column 1 has a no-break space (U+00A0)"},
		{"version: 1\nhosts:\n\ta: {name: x.jp}\n", "column 1 has a tab (U+0009)"},
		{"version: 1\nhosts:\n  a：\n    name: x.jp\n",
			"column 4 has a full-width colon (U+FF1A)"},
		{"version: 1\nchecks:\n  d:\n    check: disk\n    free: １ GB\n    title: {ja: あ, "
		 "en: a}\n",
			"column 11 has a full-width digit (U+FF11)"},
		{"version: １\n", "column 10 has a full-width digit (U+FF11)"},
		{"version: 1\nhosts:\n  a: {name: “x.jp”}\n",
			"a quotation mark of another kind (U+201C)"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct diags diags = {0};
		struct rule_source source = {
			.name = "x", .text = rows[i].text, .len = strlen(rows[i].text)};
		bool named = false;

		assert_null(rules_load(&source, 1, &diags));
		for (size_t k = 0; k < diags.count; k++)
			named = named || strstr(diags.items[k].text, rows[i].part) != NULL;
		if (!named)
			fail_msg("%s: not %s", diags.items[0].text, rows[i].part);
		diags_release(&diags);
	}
}

static void test_read_file(void **state)
{
	struct diags diags = {0};
	char *text = NULL;
	size_t len = 0;

	(void)state;
	assert_int_equal(rules_read_file("tests/rules/none.yaml", &text, &len, &diags), -1);
	assert_int_equal(rules_read_file("tests/rules", &text, &len, &diags), -1);
	assert_int_equal(diags.count, 2);
	assert_string_equal(diags.items[0].file, "tests/rules/none.yaml");
	assert_null(text);
	diags_release(&diags);
}

/* ---- settings ---- */

static void set(const char *setting, const char *yaml)
{
	struct diags diags = {0};
	char *got = rules_from_setting(setting, &diags);

	diags_print(&diags, stderr);
	assert_non_null(got);
	assert_string_equal(got, yaml);
	diags_release(&diags);
	free(got);
}

static void test_setting_texts(void **state)
{
	(void)state;
	set("checks.term-disk.free=200MB",
		"version: 1\n\"checks\":\n  \"term-disk\":\n    \"free\": 200MB\n");
	set("causes.udp.silent.title.ja= あ",
		"version: 1\n\"causes\":\n  \"udp.silent\":\n    \"title\":\n      \"ja\": あ\n");
	set("checks.a.remedy.dns.os-differs.en=\"x # y\"",
		"version: 1\n\"checks\":\n  \"a\":\n    \"remedy\":\n      \"dns.os-differs\":\n   "
		"     "
		"\"en\": \"x # y\"\n");
	set("hosts.sec.addresses=[192.0.2.7, \"2001:db8::2\"]",
		"version: 1\n\"hosts\":\n  \"sec\":\n    \"addresses\": [192.0.2.7, "
		"\"2001:db8::2\"]\n");
	set("lifecycle.date=2026-01-01", "version: 1\n\"lifecycle\":\n  \"date\": 2026-01-01\n");
}

static void test_setting_mistakes(void **state)
{
	static const char *const bad[] = {"checks.term-disk.free", "free=1", "=1", "", "a..b=1",
		"checks.a.b=", "checks.a.b= ", "checks.a.b={c: 1}", "checks.a.b=c: 1",
		"checks.a.b=1\nversion: 2", "checks.a.b=1 # x", "checks.a.b=[[1]]", "checks.a.b=[1",
		"checks.a.b=\"x", "checks.a.b=- x", "checks.a.b=--- x", "checks.a.b=|",
		"checks.a.b=&x 1", "checks.a.b=!!str 1", "checks.a.\"=1", "checks.a b.c=1",
		"checks.a.b=~", "a.b.c.d.e.f.g.h.i=1", "checks.a.b=\x01", "checks.a.b=\xff",
		"checks.a.b=%YAML", "checks.a.b=[a] b", NULL};

	(void)state;
	for (const char *const *s = bad; *s != NULL; s++) {
		struct diags diags = {0};
		char *yaml = rules_from_setting(*s, &diags);
		if (yaml != NULL)
			fail_msg("%s gives %s", *s, yaml);
		assert_true(diags.count >= 1);
		assert_memory_equal(diags.items[0].file, "--set ", 6);
		diags_release(&diags);
	}
}

static void test_setting_loads(void **state)
{
	struct diags diags = {0};
	char *yaml = rules_from_setting("hosts.sec.addresses=[198.51.100.9]", &diags);
	struct rules *rules = load_good((const char *const[]){BASE, yaml, NULL});
	char buf[NET_ADDR_STRLEN];

	(void)state;
	assert_int_equal(rules->hosts[0].address_count, 1);
	assert_string_equal(net_addr_format(&rules->hosts[0].addresses[0], buf), "198.51.100.9");
	rules_free(rules);
	free(yaml);
	yaml = rules_from_setting("checks.term-disk.fre=1GB", &diags);
	expect_one((const char *const[]){BASE, yaml, NULL},
		"two.yaml:4:5: check term-disk: unknown key fre, did you mean free?");
	free(yaml);
	assert_int_equal(diags.count, 0);
}

/* ---- notations ---- */

static void test_scalars(void **state)
{
	long long n = 0;

	(void)state;
	assert_null(scalar_size("0.5 GB", &n));
	assert_int_equal(n, 500000000);
	assert_null(scalar_size("1.5KiB", &n));
	assert_int_equal(n, 1536);
	assert_null(scalar_duration("1.5s", &n));
	assert_int_equal(n, 1500);
	assert_null(scalar_duration("0.25 m", &n));
	assert_int_equal(n, 15000);
	assert_non_null(scalar_duration("0.5ms", &n));
	assert_non_null(scalar_size("0.3 KiB", &n));
	assert_non_null(scalar_size("1. GB", &n));
	assert_non_null(scalar_size("1.2345678 GB", &n));
	assert_non_null(scalar_size(".5 GB", &n));
	assert_string_equal(
		scalar_size("0,5 GB", &n), "has a comma in its number: write a point, as in 0.5");
	assert_non_null(scalar_size("9223372036854775807.5 B", &n));
	assert_null(scalar_size("100 MB", &n));
	assert_int_equal(n, 100000000);
	assert_null(scalar_size("3MiB", &n));
	assert_int_equal(n, 3145728);
	assert_non_null(scalar_size("9223372036854775807 kB", &n));
	assert_non_null(scalar_size("MB", &n));
	assert_null(scalar_duration("500ms", &n));
	assert_int_equal(n, 500);
	assert_null(scalar_duration("2 m", &n));
	assert_int_equal(n, 120000);
	assert_null(scalar_date("1970-01-01", &n));
	assert_int_equal(n, 0);
	assert_null(scalar_date("2000-02-29", &n));
	assert_int_equal(n, 11016);
	assert_null(scalar_date("2026-10-13", &n));
	assert_int_equal(n, 20739);
	assert_null(scalar_date("9999-12-31", &n));
	assert_int_equal(n, 2932896);
	assert_non_null(scalar_date("2026-13-01", &n));
	assert_non_null(scalar_date("2026-00-10", &n));
	assert_non_null(scalar_date("2026-01-01T", &n));
	assert_null(scalar_integer("-5", &n));
	assert_int_equal(n, -5);
	assert_non_null(scalar_integer("+5", &n));
	assert_non_null(scalar_integer("-", &n));
	assert_non_null(scalar_integer("1_000", &n));
	assert_null(scalar_dns_name("a"));
	assert_null(scalar_dns_name("a.b-c.example."));
	assert_null(scalar_dns_name("3com.example"));
	assert_non_null(scalar_dns_name("."));
	assert_non_null(scalar_dns_name("a.."));
	assert_null(scalar_host_name("2001:db8::1"));
	assert_null(scalar_id("a-1"));
	assert_non_null(scalar_id(""));
}

/* The row's words are those of the inventory. */
static void test_inventory_kinds(void **state)
{
	const struct field *kind = NULL;

	(void)state;
	for (size_t i = 0; i < match_field_count; i++)
		if (strcmp(match_fields[i].key.name, "kind") == 0)
			kind = &match_fields[i];
	assert_non_null(kind);
	for (int i = 0; i < INVENTORY_KIND_COUNT; i++)
		assert_string_equal(
			kind->key.choices[i], inventory_kind_name((enum inventory_kind)i));
}

/* Enumerations are stored by position: the words must stand in the enum's order. */
static void test_enum_words(void **state)
{
	const struct section *checks = &rule_sections[SECTION_CHECKS];

	(void)state;
	for (size_t i = 0; i < checks->field_count; i++) {
		const struct check_key *key = &checks->fields[i].key;
		if (checks->fields[i].store != STORE_ENUM)
			continue;
		assert_string_equal(key->fallback, key->choices[0]);
		for (int c = 0; key->choices[c] != NULL; c++)
			assert_string_equal(key->choices[c],
				strcmp(key->name, "phase") == 0 ? phase_name((enum phase)c)
								: severity_name((enum severity)c));
	}
}

/* Every row fits the 32 bits that note what was given, and says what it is. */
static void test_rows(void **state)
{
	(void)state;
	for (size_t s = 0; s < SECTION_COUNT; s++) {
		assert_int_equal(rule_sections[s].number, s);
		assert_true(rule_sections[s].field_count <= 32);
		for (size_t i = 0; i < rule_sections[s].field_count; i++)
			assert_true(strlen(rule_sections[s].fields[i].key.text) > 5);
	}
}

/* ---- schema and manual ---- */

static void test_schema(void **state)
{
	json_t *schema = rules_schema();

	(void)state;
	assert_non_null(schema);
	assert_non_null(json_object_get(schema, "$defs"));
	const json_t *sections = json_object_get(schema, "properties");
	for (size_t s = 0; s < SECTION_COUNT; s++)
		assert_non_null(json_object_get(sections, rule_sections[s].name));
	const json_t *check = json_object_get(json_object_get(schema, "$defs"), "check");
	size_t types = 0;
	while (check_types[types] != NULL)
		types++;
	assert_int_equal(json_array_size(json_object_get(check, "allOf")), types + 1);
	json_decref(schema);
}

static void test_manual(void **state)
{
	FILE *out = tmpfile();
	char line[2000];
	int items = 0, lists = 0;

	(void)state;
	assert_non_null(out);
	rules_print_keys(out);
	rewind(out);
	while (fgets(line, sizeof line, out) != NULL) {
		items += strncmp(line, ".It Cm ", 7) == 0;
		lists += (strncmp(line, ".Bl", 3) == 0) - (strncmp(line, ".El", 3) == 0);
	}
	fclose(out);
	assert_int_equal(lists, 0);
	assert_true(items > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_corpus),
		cmocka_unit_test(test_good_corpus),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_sha256),
		cmocka_unit_test(test_files_as_windows_writes_them),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_merge_type),
		cmocka_unit_test(test_merge_fallback),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_products),
		cmocka_unit_test(test_merge_mistakes),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_many_problems),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_files_as_people_make_them),
		cmocka_unit_test(test_lookalikes),
		cmocka_unit_test(test_read_file),
		cmocka_unit_test(test_setting_texts),
		cmocka_unit_test(test_setting_mistakes),
		cmocka_unit_test(test_setting_loads),
		cmocka_unit_test(test_scalars),
		cmocka_unit_test(test_inventory_kinds),
		cmocka_unit_test(test_enum_words),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_manual),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
