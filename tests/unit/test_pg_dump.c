/* Files that claim to be PostgreSQL dumps: real ones of fixtures/dumps, and broken ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg_dump.h"

#define FOLDER   "tests/fixtures/dumps/"
#define FILE_MAX (64 * 1024)

struct sample {
	uint8_t bytes[FILE_MAX];
	size_t len;
};

static void sample_read(struct sample *sample, const char *name)
{
	char path[256];

	snprintf(path, sizeof path, FOLDER "%s", name);
	FILE *in = fopen(path, "rb");
	assert_non_null(in);
	sample->len = fread(sample->bytes, 1, sizeof sample->bytes, in);
	assert_true(sample->len > 0 && sample->len < sizeof sample->bytes);
	fclose(in);
}

/* In memory of exactly that size, so that a sanitizer sees a byte too many. */
static struct pg_dump parse(const void *bytes, size_t len, uint64_t size)
{
	uint8_t *exact = mem_alloc(len > 0 ? len : 1);
	struct pg_dump dump;

	memcpy(exact, bytes, len);
	pg_dump_parse(exact, len, size, &dump);
	free(exact);
	return dump;
}

static struct pg_dump parse_text(const char *text)
{
	return parse(text, strlen(text), strlen(text));
}

static void real_files(void **state)
{
	static const struct {
		const char *name;
		enum pg_dump_kind kind;
		const char *encoding;
	} cases[] = {
		{"utf8.dump", PG_DUMP_CUSTOM, "UTF8"},
		{"utf8-uncompressed.dump", PG_DUMP_CUSTOM, "UTF8"},
		{"utf8-piped.dump", PG_DUMP_CUSTOM, "UTF8"},
		{"utf8-schema.dump", PG_DUMP_CUSTOM, "UTF8"},
		{"utf8-large-objects.dump", PG_DUMP_CUSTOM, "UTF8"},
		{"euc-jp.dump", PG_DUMP_CUSTOM, "EUC_JP"},
		{"euc-jp-as-utf8.dump", PG_DUMP_CUSTOM, "UTF8"},
		{"sql-ascii.dump", PG_DUMP_CUSTOM, "SQL_ASCII"},
		{"directory/toc.dat", PG_DUMP_DIRECTORY, "UTF8"},
		{"utf8.sql", PG_DUMP_PLAIN_SQL, "UTF8"},
		{"utf8-bom.sql", PG_DUMP_PLAIN_SQL, "UTF8"},
		{"utf16.sql", PG_DUMP_PLAIN_SQL, "UTF-16"},
		{"euc-jp.sql", PG_DUMP_PLAIN_SQL, "EUC_JP"},
		{"utf8.sql.gz", PG_DUMP_GZIP, ""},
		{"utf8.tar", PG_DUMP_TAR, ""},
		{"README.md", PG_DUMP_OTHER, ""},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sample sample;
		bool archive =
			cases[i].kind == PG_DUMP_CUSTOM || cases[i].kind == PG_DUMP_DIRECTORY;

		sample_read(&sample, cases[i].name);
		struct pg_dump dump = parse(sample.bytes, sample.len, sample.len);
		if (dump.kind != cases[i].kind || dump.error != PG_DUMP_FINE ||
			strcmp(dump.encoding, cases[i].encoding) != 0)
			fail_msg("%s: %s, error %d, encoding \"%s\"", cases[i].name,
				pg_dump_kind_name(dump.kind), dump.error, dump.encoding);
		assert_int_equal(dump.major, archive ? 1 : 0);
		assert_int_equal(dump.minor, archive ? 14 : 0);
		assert_string_equal(
			dump.server_version, archive ? "15.20 (Debian 15.20-0+deb12u1)" : "");
		assert_string_equal(dump.dump_version, dump.server_version);
	}
}

/* A file that lost its end is damaged, wherever that was. */
static void cut_anywhere(void **state)
{
	static const char *const names[] = {"utf8.dump", "utf8-uncompressed.dump",
		"utf8-piped.dump", "utf8-schema.dump", "utf8-large-objects.dump", "euc-jp.dump"};
	(void)state;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct sample sample;

		sample_read(&sample, names[i]);
		for (size_t len = 5; len < sample.len; len++) {
			struct pg_dump dump = parse(sample.bytes, len, len);
			if (dump.kind != PG_DUMP_CUSTOM || dump.error != PG_DUMP_ENDS_EARLY)
				fail_msg("%s, %zu bytes: %s, error %d", names[i], len,
					pg_dump_kind_name(dump.kind), dump.error);
		}
	}
}

/* A head that is not the whole file says nothing about what comes after it. */
static void head_of_a_large_file(void **state)
{
	struct sample sample;
	size_t known = 0;
	(void)state;

	sample_read(&sample, "utf8.dump");
	for (size_t len = 5; len < sample.len; len++) {
		struct pg_dump dump = parse(sample.bytes, len, sample.len);
		assert_int_equal(dump.kind, PG_DUMP_CUSTOM);
		assert_int_equal(dump.error, PG_DUMP_FINE);
		if (dump.encoding[0] != '\0') {
			assert_string_equal(dump.encoding, "UTF8");
			known++;
		}
	}
	assert_true(known > sample.len - 300);
	/* The TOC places data beyond the file's end, which the head does not reach. */
	struct pg_dump dump = parse(sample.bytes, 2400, 2401);
	assert_int_equal(dump.error, PG_DUMP_ENDS_EARLY);
	/* Bytes after the last block are no block. */
	sample.bytes[sample.len] = 0x7f;
	dump = parse(sample.bytes, sample.len + 1, sample.len + 1);
	assert_true(dump.error != PG_DUMP_FINE);
}

/* One byte changed anywhere: never more than a wrong text. */
static void changed_anywhere(void **state)
{
	struct sample sample;
	(void)state;

	sample_read(&sample, "utf8-large-objects.dump");
	for (size_t i = 0; i < sample.len; i++) {
		static const uint8_t masks[] = {0x01, 0x80, 0xff};
		for (size_t k = 0; k < sizeof masks; k++) {
			sample.bytes[i] ^= masks[k];
			struct pg_dump dump = parse(sample.bytes, sample.len, sample.len);
			sample.bytes[i] ^= masks[k];
			assert_true(dump.kind == PG_DUMP_CUSTOM || i < 11);
			assert_true(strlen(dump.encoding) < sizeof dump.encoding);
		}
	}
}

static void archive_heads(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum pg_dump_kind kind;
		enum pg_dump_error error;
		int minor;
	} cases[] = {
		{"PGDMP\1\21\0\4\10\1", 11, PG_DUMP_CUSTOM, PG_DUMP_NEWER, 17},
		{"PGDMP\2\0\0\4\10\1", 11, PG_DUMP_CUSTOM, PG_DUMP_NEWER, 0},
		{"PGDMP\0\1\0\4\10\1", 11, PG_DUMP_CUSTOM, PG_DUMP_OUT_OF_RANGE, 1},
		{"PGDMP\1\20\0\0\10\1", 11, PG_DUMP_CUSTOM, PG_DUMP_OUT_OF_RANGE, 16},
		{"PGDMP\1\20\0\4\41\1", 11, PG_DUMP_CUSTOM, PG_DUMP_OUT_OF_RANGE, 16},
		{"PGDMP\1\20\0\4\10\2", 11, PG_DUMP_CUSTOM, PG_DUMP_OUT_OF_RANGE, 16},
		{"PGDMP\1\20\0\4\10\1\4", 12, PG_DUMP_CUSTOM, PG_DUMP_OUT_OF_RANGE, 16},
		{"PGDMP\1\20\0\4\10\1\3", 12, PG_DUMP_CUSTOM, PG_DUMP_ENDS_EARLY, 16},
		{"PGDMP\1\20\0\4\10\3\3", 12, PG_DUMP_DIRECTORY, PG_DUMP_ENDS_EARLY, 16},
		{"PGDM", 4, PG_DUMP_OTHER, PG_DUMP_FINE, 0},
		{"\xef\xbb\xbfPGDMP\1\20", 10, PG_DUMP_CUSTOM, PG_DUMP_CONVERTED, 0},
		{"\xff\xfeP\0G\0D\0M\0P\0\1\0", 14, PG_DUMP_CUSTOM, PG_DUMP_CONVERTED, 0},
		{"\xfe\xff\0P\0G\0D\0M\0P", 12, PG_DUMP_CUSTOM, PG_DUMP_CONVERTED, 0},
		{"\xff\xfe", 2, PG_DUMP_OTHER, PG_DUMP_FINE, 0},
		{"", 0, PG_DUMP_EMPTY, PG_DUMP_FINE, 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pg_dump dump = parse(cases[i].bytes, cases[i].len, cases[i].len);
		if (dump.kind != cases[i].kind || dump.error != cases[i].error ||
			dump.minor != cases[i].minor)
			fail_msg("case %zu: %s, error %d, minor %d", i,
				pg_dump_kind_name(dump.kind), dump.error, dump.minor);
	}
}

/* ---- archives of other versions, built after their layout ---- */

struct archive {
	uint8_t bytes[1024];
	size_t len;
};

static void put(struct archive *a, int byte)
{
	a->bytes[a->len++] = (uint8_t)byte;
}

static void put_int(struct archive *a, int value)
{
	put(a, value < 0);
	for (int i = 0; i < 4; i++)
		put(a, (value < 0 ? -value : value) >> (8 * i));
}

static void put_string(struct archive *a, const char *text)
{
	put_int(a, text != NULL ? (int)strlen(text) : -1);
	for (; text != NULL && *text != '\0'; text++)
		put(a, *text);
}

static void put_head(struct archive *a, int minor)
{
	memcpy(a->bytes, "PGDMP", 5);
	a->len = 5;
	put(a, 1);
	put(a, minor);
	put(a, 0);
	put(a, 4);
	put(a, 8);
	put(a, 1);
	if (minor >= 15)
		put(a, 3);
	else
		put_int(a, -1);
	for (int i = 0; i < 7; i++)
		put_int(a, i);
	put_string(a, "orca");
	put_string(a, "16.1");
	put_string(a, "17.2");
}

static void put_entry(struct archive *a, int minor, const char *kind, const char *definition)
{
	put_int(a, 7);
	put_int(a, 0);
	put_string(a, "0");
	put_string(a, "0");
	put_string(a, kind);
	put_string(a, kind);
	put_int(a, 1);
	put_string(a, definition);
	for (int i = 0; i < 4 + (minor >= 14); i++)
		put_string(a, i == 0 ? "" : NULL);
	if (minor >= 16)
		put_int(a, 0);
	put_string(a, "owner");
	put_string(a, "false");
	put_string(a, "3");
	put_string(a, NULL);
	put(a, 3);
	for (int i = 0; i < 8; i++)
		put(a, 0);
}

static void other_versions(void **state)
{
	(void)state;

	for (int minor = 12; minor <= 16; minor++) {
		struct archive a = {.len = 0};

		put_head(&a, minor);
		put_int(&a, 2);
		put_entry(&a, minor, "STDSTRINGS", "SET standard_conforming_strings = 'on';\n");
		put_entry(&a, minor, "ENCODING", "SET client_encoding = 'EUC_JP';\n");
		struct pg_dump dump = parse(a.bytes, a.len, a.len);
		assert_int_equal(dump.error, PG_DUMP_FINE);
		assert_int_equal(dump.minor, minor);
		assert_string_equal(dump.encoding, "EUC_JP");
		assert_string_equal(dump.server_version, "16.1");
		assert_string_equal(dump.dump_version, "17.2");
		dump = parse(a.bytes, a.len - 1, a.len - 1);
		assert_int_equal(dump.error, PG_DUMP_ENDS_EARLY);
	}
}

static void impossible_contents(void **state)
{
	static const char *const definitions[] = {"", "SET client_encoding = ''", NULL,
		"SET client_encoding = 'UTF8", "SET client_encoding = 'a b'",
		"SET client_encoding = 'a-name-of-more-than-thirty-one-letters'"};
	(void)state;

	for (size_t i = 0; i < sizeof definitions / sizeof definitions[0]; i++) {
		struct archive a = {.len = 0};

		put_head(&a, 16);
		put_int(&a, 1);
		put_entry(&a, 16, "ENCODING", definitions[i]);
		struct pg_dump dump = parse(a.bytes, a.len, a.len);
		assert_int_equal(dump.error, PG_DUMP_OUT_OF_RANGE);
		assert_string_equal(dump.encoding, "");
	}
	for (int count = -1; count <= 0; count++) {
		struct archive a = {.len = 0};

		put_head(&a, 16);
		put_int(&a, count);
		assert_int_equal(parse(a.bytes, a.len, a.len).error, PG_DUMP_OUT_OF_RANGE);
	}
}

/* ---- texts ---- */

static void texts(void **state)
{
	static const struct {
		const char *text;
		enum pg_dump_kind kind;
		const char *encoding;
	} cases[] = {
		{"SET statement_timeout = 0;\nSET client_encoding = 'SQL_ASCII';\n",
			PG_DUMP_PLAIN_SQL, "SQL_ASCII"},
		{"--\r\n-- PostgreSQL database dump\r\n--\r\n\r\nSET client_encoding = 'UTF8';\r\n",
			PG_DUMP_PLAIN_SQL, "UTF8"},
		{"\xef\xbb\xbf"
		 "CREATE TABLE a (b text);",
			PG_DUMP_PLAIN_SQL, ""},
		{"-- only a comment\n", PG_DUMP_OTHER, ""},
		{"--\nContent-Type: text/html\n", PG_DUMP_OTHER, ""},
		{"<html>\nSET client_encoding = 'UTF8';\n", PG_DUMP_OTHER, ""},
		{"Set the table.\n", PG_DUMP_OTHER, ""},
		{"\n\n", PG_DUMP_OTHER, ""},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pg_dump dump = parse_text(cases[i].text);
		assert_int_equal(dump.kind, cases[i].kind);
		assert_string_equal(dump.encoding, cases[i].encoding);
	}
	/* A NUL is in no script. */
	assert_int_equal(parse("SET a;\0b", 8, 8).kind, PG_DUMP_OTHER);
}

static void encodings(void **state)
{
	(void)state;
	assert_true(pg_dump_same_encoding("UTF8", "utf-8"));
	assert_true(pg_dump_same_encoding("UNICODE", "UTF8"));
	assert_true(pg_dump_same_encoding("EUC_JP", "euc-jp"));
	assert_false(pg_dump_same_encoding("UTF8", "SQL_ASCII"));
	assert_false(pg_dump_same_encoding("EUC_JP", "EUC_JIS_2004"));
	assert_false(pg_dump_same_encoding("UTF8", ""));
}

static void names(void **state)
{
	(void)state;
	for (int i = 0; i < PG_DUMP_KIND_COUNT; i++)
		assert_non_null(pg_dump_kind_name((enum pg_dump_kind)i));
	assert_null(pg_dump_error_name(PG_DUMP_FINE));
	for (int i = 1; i < PG_DUMP_ERROR_COUNT; i++)
		assert_non_null(pg_dump_error_name((enum pg_dump_error)i));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_files),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(head_of_a_large_file),
		cmocka_unit_test(changed_anywhere),
		cmocka_unit_test(archive_heads),
		cmocka_unit_test(other_versions),
		cmocka_unit_test(impossible_contents),
		cmocka_unit_test(texts),
		cmocka_unit_test(encodings),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
