/*
 * The packed rules that are compiled in: the same tree and the same model as rules.yaml gives when
 * it is read as a text; and what a damaged pack does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "rules.h"
#include "rules/fields.h"
#include "rules/pack.h"
#include "strbuf.h"

struct text_file {
	char *text;
	size_t len;
};

static int read_rules(void **state)
{
	static struct text_file file;
	const char *data = getenv("TEST_DATA");
	struct diags diags = {0};
	char path[600];

	snprintf(path, sizeof path, "%s/../rules.yaml", data != NULL ? data : "tests");
	int status = rules_read_file(path, &file.text, &file.len, &diags);
	diags_print(&diags, stderr);
	diags_release(&diags);
	*state = &file;
	return status;
}

static int forget_rules(void **state)
{
	free(((struct text_file *)*state)->text);
	return 0;
}

/* ---- trees ---- */

/* Counts the nodes. */
static size_t compare_nodes(const struct node *a, const struct node *b)
{
	size_t count = 1;

	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->plain, b->plain);
	assert_int_equal(a->line, b->line);
	assert_int_equal(a->column, b->column);
	assert_int_equal(a->count, b->count);
	if (a->kind == NODE_SCALAR) {
		assert_memory_equal(a->text, b->text, a->count + 1);
		return count;
	}
	const struct node *y = b->first;
	for (const struct node *x = a->first; x != NULL; x = x->next, y = y->next) {
		assert_non_null(y);
		count += compare_nodes(x, y);
	}
	assert_null(y);
	return count;
}

static void test_same_tree(void **state)
{
	const struct text_file *file = *state;
	const struct rule_pack *pack = rules_builtin().pack;
	struct diags diags = {0};
	struct tree text, packed;

	tree_parse(&text, "rules.yaml", file->text, file->len, &diags);
	assert_int_equal(diags.count, 0);
	assert_true(tree_unpack(&packed, pack->bytes, pack->len));
	assert_true(packed.complete);
	assert_true(compare_nodes(text.root, packed.root) > 1000);
	tree_release(&text);
	tree_release(&packed);
}

/* ---- models ---- */

static void dump_where(struct strbuf *out, const struct where *where)
{
	strbuf_addf(out, " @%s:%d:%d\n", where->file, where->line, where->column);
}

static void dump_string(struct strbuf *out, const char *text)
{
	strbuf_adds(out, text != NULL ? " =" : " (null)");
	strbuf_adds(out, text != NULL ? text : "");
}

static void dump_text(struct strbuf *out, const struct text *text)
{
	for (int lang = 0; lang < LANG_COUNT; lang++)
		dump_string(out, text->in[lang]);
}

static void dump_strs(struct strbuf *out, const struct strs *list)
{
	strbuf_addf(out, " %zu", list->count);
	for (size_t i = 0; i < list->count; i++)
		dump_string(out, list->items[i]);
}

static void dump_field(struct strbuf *out, const struct field *field, const void *entry);

static void dump_fields(
	struct strbuf *out, const struct field *fields, size_t count, const void *entry)
{
	for (size_t i = 0; i < count; i++)
		dump_field(out, &fields[i], entry);
}

static void dump_addresses(struct strbuf *out, const struct rule_host *host)
{
	char buf[NET_ADDR_STRLEN];

	for (size_t i = 0; i < host->address_count; i++)
		strbuf_addf(out, " %s", net_addr_format(&host->addresses[i], buf));
}

static void dump_remedies(struct strbuf *out, const struct rule_check *check)
{
	for (size_t i = 0; i < check->remedy_count; i++) {
		dump_string(out, check->remedies[i].cause);
		dump_text(out, &check->remedies[i].text);
		dump_where(out, &check->remedies[i].where);
	}
}

static void dump_matches(struct strbuf *out, const struct rule_software *software)
{
	for (size_t i = 0; i < software->match_count; i++) {
		dump_fields(out, match_fields, match_field_count, &software->matches[i]);
		dump_where(out, &software->matches[i].where);
	}
}

static void dump_field(struct strbuf *out, const struct field *field, const void *entry)
{
	const void *at = (const char *)entry + field->offset;

	strbuf_addf(out, "%s:", field->key.name);
	switch (field->store) {
	case STORE_STRING:
	case STORE_NAME:
		dump_string(out, *(char *const *)at);
		break;
	case STORE_NUMBER:
		strbuf_addf(out, " %lld", *(const long long *)at);
		break;
	case STORE_BOOL:
	case STORE_FLAG:
		strbuf_addf(out, " %d", *(const bool *)at);
		break;
	case STORE_ENUM:
		strbuf_addf(out, " %d", *(const int *)at);
		break;
	case STORE_STRS:
		dump_strs(out, at);
		break;
	case STORE_TEXT:
		dump_text(out, at);
		break;
	case STORE_ADDRESSES:
		dump_addresses(out, entry);
		break;
	case STORE_HOST: {
		const struct rule_host *host = *(const struct rule_host *const *)at;
		dump_string(out, host != NULL ? host->id : NULL);
		break;
	}
	case STORE_CERTIFICATE: {
		const struct rule_certificate *ca = *(const struct rule_certificate *const *)at;
		dump_string(out, ca != NULL ? ca->id : NULL);
		break;
	}
	case STORE_REMEDY:
		dump_remedies(out, entry);
		break;
	case STORE_MATCHES:
		dump_matches(out, entry);
		break;
	case STORE_TYPE:
		dump_string(out, ((const struct rule_check *)entry)->type->name);
		break;
	case STORE_ENTRIES:
		break;
	}
	strbuf_addc(out, '\n');
}

static void dump_values(struct strbuf *out, const struct rule_check *check)
{
	for (size_t i = 0; i < check->type->key_count; i++) {
		const struct value *v = &check->values[i];
		strbuf_addf(out, "%s: %d %d %lld", check->type->keys[i].name, v->set, v->boolean,
			v->number);
		dump_string(out, v->string);
		dump_strs(out, &v->list);
		dump_string(out, v->host != NULL ? v->host->id : NULL);
		dump_string(out, v->certificate != NULL ? v->certificate->id : NULL);
		dump_text(out, &v->text);
		dump_where(out, &v->where);
	}
}

static void dump_section(
	struct strbuf *out, const struct rules *rules, const struct section *section)
{
	strbuf_addf(out, "%s:\n", section->name);
	dump_fields(out, section->own, section->own_count, rules);
	for (size_t i = 0; i < section_count(rules, section); i++) {
		void *entry = section_entry(rules, section, i);
		dump_string(out, *entry_id(entry));
		dump_where(
			out, (const struct where *)(void *)((char *)entry + section->where_offset));
		dump_fields(out, section->fields, section->field_count, entry);
		if (section->number == SECTION_CHECKS)
			dump_values(out, entry);
	}
}

/* Everything that the model holds; the caller frees it with free(). */
static char *dump(const struct rules *rules)
{
	struct strbuf out;

	strbuf_init(&out, 4 * RULES_MAX_BYTES);
	for (size_t i = 0; i < rules->file_count; i++)
		strbuf_addf(&out, "%s %s\n", rules->files[i].name, rules->files[i].sha256);
	for (size_t s = 0; s < SECTION_COUNT; s++)
		dump_section(&out, rules, &rule_sections[s]);
	assert_false(out.truncated);
	return strbuf_detach(&out);
}

/* Loads a source, and on top of it another one, and dumps the model. */
static char *load_and_dump(const struct rule_source *first)
{
	static const char text[] = "version: 1\n"
				   "hosts: {portal: {addresses: 192.0.2.1}}\n"
				   "checks: {term-disk: {severity: info, title: {en: b}}}\n";
	struct rule_source sources[2] = {*first, {"over", text, sizeof text - 1, NULL}};
	struct diags diags = {0};
	struct rules *rules = rules_load(sources, 2, &diags);

	diags_print(&diags, stderr);
	assert_non_null(rules);
	assert_true(rules->check_count > 10);
	char *all = dump(rules);
	rules_free(rules);
	return all;
}

static void test_same_model(void **state)
{
	const struct text_file *file = *state;
	const struct rule_source builtin = rules_builtin();
	const struct rule_source source = {
		.name = builtin.name, .text = file->text, .len = file->len};
	char *text = load_and_dump(&source), *packed = load_and_dump(&builtin);

	assert_true(strlen(text) > 100000);
	assert_string_equal(text, packed);
	free(text);
	free(packed);
}

/* ---- damage ---- */

/* In memory of its own size, so that AddressSanitizer sees a read behind it. */
static bool unpacks(const unsigned char *bytes, size_t len)
{
	unsigned char *copy = malloc(len > 0 ? len : 1);
	struct tree tree;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	bool good = tree_unpack(&tree, copy, len);
	assert_int_equal(tree.root != NULL, good);
	tree_release(&tree);
	free(copy);
	return good;
}

#define MAP(line, column, count)         NODE_MAP, line, column, count
#define LIST(line, column, count)        NODE_LIST, line, column, count
#define WORD(kind, line, column, letter) (kind), line, column, 1, letter, 0
#define PLAIN                            (NODE_SCALAR | PACK_PLAIN)

static void test_small_packs(void **state)
{
	static const unsigned char good[] = {MAP(1, 1, 1), WORD(PLAIN, 0, 1, 'a'), LIST(0, 4, 2),
		WORD(NODE_SCALAR, 0, 5, 'b'), WORD(PLAIN, 1, 5, 'c')};
	static const unsigned char more[] = {WORD(PLAIN, 1, 1, 'a'), 0};
	static const unsigned char no_key[] = {MAP(1, 1, 1), LIST(0, 1, 0), WORD(PLAIN, 0, 1, 'a')};
	static const unsigned char no_kind[] = {WORD(NODE_MAP + 1, 1, 1, 'a')};
	static const unsigned char bad_node[] = {WORD(NODE_BAD, 1, 1, 'a')};
	static const unsigned char no_end[] = {PLAIN, 1, 1, 1, 'a', 'b'};
	static const unsigned char early_end[] = {PLAIN, 1, 1, 2, 'a', 0, 0};
	static const unsigned char long_text[] = {PLAIN, 1, 1, 0xff, 0xff, 0xff, 0x7f, 'a', 0};
	static const unsigned char long_list[] = {LIST(1, 1, 0xff), 0xff, 0xff, 0x7f, 'a', 0};
	static const unsigned char long_number[] = {PLAIN, 0x80, 0x80, 0x80, 0x80, 1, 1, 1, 'a', 0};

	(void)state;
	assert_true(unpacks(good, sizeof good));
	for (size_t len = 0; len < sizeof good; len++)
		assert_false(unpacks(good, len));
	assert_true(unpacks(more, sizeof more - 1));
	assert_false(unpacks(more, sizeof more));
	assert_false(unpacks(no_key, sizeof no_key));
	assert_false(unpacks(no_kind, sizeof no_kind));
	assert_false(unpacks(bad_node, sizeof bad_node));
	assert_false(unpacks(no_end, sizeof no_end));
	assert_false(unpacks(early_end, sizeof early_end));
	assert_false(unpacks(long_text, sizeof long_text));
	assert_false(unpacks(long_list, sizeof long_list));
	assert_false(unpacks(long_number, sizeof long_number));
}

static void test_deep_pack(void **state)
{
	unsigned char bytes[4 * (RULES_MAX_DEPTH + 1)];

	(void)state;
	for (size_t i = 0; i < sizeof bytes; i += 4)
		memcpy(bytes + i, (const unsigned char[]){LIST(1, 1, 1)}, 4);
	bytes[sizeof bytes - 5] = 0; /* the list within the most depth allowed is empty */
	assert_true(unpacks(bytes, sizeof bytes - 4));
	bytes[sizeof bytes - 5] = 1;
	bytes[sizeof bytes - 1] = 0;
	assert_false(unpacks(bytes, sizeof bytes));
}

static void test_damaged_source(void **state)
{
	const struct rule_pack *whole = rules_builtin().pack;
	const struct rule_pack half = {.bytes = whole->bytes, .len = whole->len / 2};
	const struct rule_source source = {.name = "(half)", .pack = &half};
	struct diags diags = {0};

	(void)state;
	assert_null(rules_load(&source, 1, &diags));
	assert_int_equal(diags.count, 1);
	assert_string_equal(diags.items[0].file, "(half)");
	assert_non_null(strstr(diags.items[0].text, "damaged"));
	diags_release(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_tree),
		cmocka_unit_test(test_same_model),
		cmocka_unit_test(test_small_packs),
		cmocka_unit_test(test_deep_pack),
		cmocka_unit_test(test_damaged_source),
	};
	return cmocka_run_group_tests(tests, read_rules, forget_rules);
}
