/* What kind of file it is; archives are read in pg_dump_archive.c. */
#include "pg_dump.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "pg_dump_archive.h"

#define TEXT_LOOK (16 * 1024) /* bytes that must be free of NUL in a text */

const char *pg_dump_kind_name(enum pg_dump_kind kind)
{
	static const char *const names[PG_DUMP_KIND_COUNT] = {
		[PG_DUMP_EMPTY] = "empty",
		[PG_DUMP_CUSTOM] = "custom",
		[PG_DUMP_PLAIN_SQL] = "plain-sql",
		[PG_DUMP_TAR] = "tar",
		[PG_DUMP_DIRECTORY] = "directory",
		[PG_DUMP_GZIP] = "gzip",
		[PG_DUMP_OTHER] = "other",
	};
	return names[kind];
}

const char *pg_dump_error_name(enum pg_dump_error error)
{
	static const char *const names[PG_DUMP_ERROR_COUNT] = {
		[PG_DUMP_ENDS_EARLY] = "ends-early",
		[PG_DUMP_OUT_OF_RANGE] = "out-of-range",
		[PG_DUMP_CONVERTED] = "converted",
		[PG_DUMP_NEWER] = "newer-version",
	};
	return names[error];
}

/* ---- encodings ---- */

/* Letters and digits only, upper case. */
static void fold(const char *name, char *out, size_t size)
{
	size_t used = 0;

	for (; *name != '\0' && used + 1 < size; name++)
		if (isalnum((unsigned char)*name))
			out[used++] = (char)toupper((unsigned char)*name);
	out[used] = '\0';
	if (strcmp(out, "UNICODE") == 0)
		memcpy(out, "UTF8", sizeof "UTF8");
}

bool pg_dump_same_encoding(const char *a, const char *b)
{
	char first[32], second[32];

	fold(a, first, sizeof first);
	fold(b, second, sizeof second);
	return strcmp(first, second) == 0;
}

static bool begins(const uint8_t *bytes, size_t len, const char *word)
{
	return len >= strlen(word) && memcmp(bytes, word, strlen(word)) == 0;
}

bool pg_dump_set_encoding(const uint8_t *text, size_t len, char *out, size_t size)
{
	static const char start[] = "SET client_encoding = '";
	const uint8_t *name = text + sizeof start - 1;

	if (!begins(text, len, start))
		return false;
	len -= sizeof start - 1;
	const uint8_t *end = memchr(name, '\'', len < size ? len : size);
	if (end == NULL || end == name)
		return false;
	for (const uint8_t *c = name; c < end; c++)
		if (!isalnum(*c) && *c != '_' && *c != '-')
			return false;
	memcpy(out, name, (size_t)(end - name));
	out[end - name] = '\0';
	return true;
}

/* ---- texts ---- */

/* What lines of an SQL script begin with; upper case, as pg_dump writes them. */
static bool is_statement(const uint8_t *line, size_t len)
{
	static const char *const words[] = {"SET ", "CREATE ", "ALTER ", "COPY ", "INSERT INTO ",
		"SELECT ", "DROP ", "BEGIN;", "\\connect ", "\\restrict "};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (begins(line, len, words[i]))
			return true;
	return false;
}

static bool is_comment(const uint8_t *line, size_t len)
{
	return len == 0 || begins(line, len, "--") || begins(line, len, "/*");
}

static size_t line_length(const uint8_t *text, size_t len)
{
	const uint8_t *end = memchr(text, '\n', len);

	return end != NULL ? (size_t)(end - text) : len;
}

/* Comments and blank lines, then a statement. */
static bool is_sql(const uint8_t *text, size_t len)
{
	if (memchr(text, '\0', len < TEXT_LOOK ? len : TEXT_LOOK) != NULL)
		return false;
	while (len > 0) {
		size_t line = line_length(text, len);
		size_t shown = line > 0 && text[line - 1] == '\r' ? line - 1 : line;

		if (is_statement(text, shown))
			return true;
		if (!is_comment(text, shown))
			return false;
		line += line < len;
		text += line;
		len -= line;
	}
	return false;
}

static void find_encoding(const uint8_t *text, size_t len, struct pg_dump *dump)
{
	while (len > 0 && !pg_dump_set_encoding(text, len, dump->encoding, sizeof dump->encoding)) {
		size_t line = line_length(text, len);

		line += line < len;
		text += line;
		len -= line;
	}
}

static void parse_text(const uint8_t *text, size_t len, struct pg_dump *dump)
{
	if (begins(text, len, PG_DUMP_MAGIC)) {
		dump->kind = PG_DUMP_CUSTOM;
		dump->error = PG_DUMP_CONVERTED;
	} else if (is_sql(text, len)) {
		dump->kind = PG_DUMP_PLAIN_SQL;
		find_encoding(text, len, dump);
	}
}

/* UTF-16, as PowerShell's > writes it: every other byte of what is ASCII. */
static void parse_utf16(const uint8_t *head, size_t len, bool big_endian, struct pg_dump *dump)
{
	size_t count = (len - 2) / 2;
	uint8_t *narrow = mem_alloc(count + 1);

	for (size_t i = 0; i < count; i++) {
		uint8_t high = head[2 + 2 * i + (big_endian ? 0 : 1)];
		uint8_t low = head[2 + 2 * i + (big_endian ? 1 : 0)];
		narrow[i] = high == 0 ? low : '?';
	}
	parse_text(narrow, count, dump);
	if (dump->kind == PG_DUMP_PLAIN_SQL)
		strcpy(dump->encoding, "UTF-16");
	free(narrow);
}

/* ---- the kind ---- */

#define TAR_MAGIC 257 /* offset of "ustar" */

void pg_dump_parse(const uint8_t *head, size_t len, uint64_t size, struct pg_dump *dump)
{
	memset(dump, 0, sizeof *dump);
	dump->kind = PG_DUMP_OTHER;
	if (len == 0)
		dump->kind = PG_DUMP_EMPTY;
	else if (begins(head, len, PG_DUMP_MAGIC))
		pg_dump_archive_parse(head, len, size, dump);
	else if (begins(head, len, "\x1f\x8b"))
		dump->kind = PG_DUMP_GZIP;
	else if (len > TAR_MAGIC && begins(head + TAR_MAGIC, len - TAR_MAGIC, "ustar"))
		dump->kind = PG_DUMP_TAR;
	else if (begins(head, len, "\xff\xfe") || begins(head, len, "\xfe\xff"))
		parse_utf16(head, len, head[0] == 0xfe, dump);
	else if (begins(head, len, "\xef\xbb\xbf"))
		parse_text(head + 3, len - 3, dump);
	else
		parse_text(head, len, dump);
}
