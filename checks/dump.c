/*
 * dump: is the file to import a custom-format dump of a PostgreSQL database in this encoding?
 *
 * Facts: file (base name), size, kind (pg_dump_kind_name), archive_version, server_version,
 * dump_version, encoding, expected_encoding, damaged, error ("not-found", "unreadable" or
 * pg_dump_error_name), error_text (the OS's reason); candidates: all names that matched, when
 * there are several (the last one was read: a date in the name makes that the newest).
 */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inputs.h"
#include "mem.h"
#include "pg_dump.h"
#include "platform.h"

static const struct check_key keys[] = {
	{
		.name = "file",
		.type = KEY_STRS,
		.max = 255,
		.text = "Names of the file in the working directory; globs. `--dump` names "
			"another.",
	},
	{
		.name = "encoding",
		.type = KEY_STR,
		.max = 31,
		.fallback = "UTF8",
		.text = "Encoding that the dump must have, by PostgreSQL's name.",
	},
};

static const char *const causes[] = {"dump.not-found", "dump.unreadable", "dump.plain-sql",
	"dump.other-format", "dump.not-a-dump", "dump.damaged", "dump.encoding", NULL};

/* ---- which file ---- */

static const char *base_name(const char *path)
{
	const char *base = path;

	for (const char *c = path; *c != '\0'; c++)
		if ((*c == '/' || *c == '\\') && c[1] != '\0')
			base = c + 1;
	return base;
}

/* The last of the working directory's files that match, for the caller to free; NULL: none. */
static char *find_file(struct check_run *c)
{
	const struct strs *globs = rule_list(c->check, "file");
	struct strs names = {0}, found = {0};
	struct strbuf why;
	char *path = NULL;

	strbuf_init(&why, 1024);
	if (globs->count > 0 && platform_list(".", &names, &why) != 0)
		facts_str(&c->facts, "error_text", why.data);
	for (size_t i = 0; i < names.count; i++)
		if (glob_match_any(globs, names.items[i], true))
			strs_add(&found, names.items[i]);
	for (size_t i = 0; found.count > 1 && i < found.count; i++)
		facts_add(&c->facts, "candidates", found.items[i]);
	if (found.count > 0)
		path = mem_strdup(found.items[found.count - 1]);
	strs_release(&found);
	strs_release(&names);
	strbuf_release(&why);
	return path;
}

/* ---- reading it ---- */

/* A dump in the directory format is named by its directory. */
static FILE *open_dump(const char *path)
{
	struct strbuf contents;

	strbuf_init(&contents, 8192);
	strbuf_addf(&contents, "%s/toc.dat", path);
	FILE *in = platform_open(contents.data, "rb");
	strbuf_release(&contents);
	return in != NULL ? in : platform_open(path, "rb");
}

/* Bytes of the file, of which `len` were read; more than can be told: all that there may be. */
static uint64_t file_size(FILE *in, size_t len)
{
	if (len < PG_DUMP_HEAD)
		return len;
	long end = fseek(in, 0, SEEK_END) == 0 ? ftell(in) : -1;
	return end >= 0 ? (uint64_t)end : UINT64_MAX;
}

static void tell_version(struct facts *facts, const struct pg_dump *dump)
{
	char text[48];

	if (dump->major == 0)
		return;
	snprintf(text, sizeof text, "%d.%d", dump->major, dump->minor);
	facts_str(facts, "archive_version", text);
}

static void tell_text(struct facts *facts, const char *name, const char *text)
{
	if (text[0] != '\0')
		facts_str(facts, name, text);
}

static void tell(struct facts *facts, const struct pg_dump *dump, uint64_t size)
{
	if (size <= INT64_MAX)
		facts_int(facts, "size", (long long)size);
	facts_str(facts, "kind", pg_dump_kind_name(dump->kind));
	tell_version(facts, dump);
	tell_text(facts, "server_version", dump->server_version);
	tell_text(facts, "dump_version", dump->dump_version);
	tell_text(facts, "encoding", dump->encoding);
	facts_bool(facts, "damaged", dump->error != PG_DUMP_FINE && dump->error != PG_DUMP_NEWER);
	facts_str(facts, "error", pg_dump_error_name(dump->error));
}

static void tell_unreadable(struct facts *facts, int number)
{
	facts_str(facts, "error", number == ENOENT ? "not-found" : "unreadable");
	facts_str(facts, "error_text", strerror(number));
}

static void read_file(struct facts *facts, const char *path)
{
	FILE *in = open_dump(path);

	facts_str(facts, "file", base_name(path));
	if (in == NULL) {
		tell_unreadable(facts, errno);
		return;
	}
	uint8_t *head = mem_alloc(PG_DUMP_HEAD);
	size_t len = fread(head, 1, PG_DUMP_HEAD, in);
	if (ferror(in)) {
		tell_unreadable(facts, errno);
	} else {
		struct pg_dump dump;
		uint64_t size = file_size(in, len);

		pg_dump_parse(head, len, size, &dump);
		tell(facts, &dump, size);
	}
	free(head);
	fclose(in);
}

static void collect(struct check_run *c)
{
	const char *named = run_inputs(c->run)->dump;
	char *path = named != NULL ? mem_strdup(named) : find_file(c);

	facts_bool(&c->facts, "named", named != NULL);
	facts_str(&c->facts, "expected_encoding", rule_string(c->check, "encoding"));
	if (path != NULL)
		read_file(&c->facts, path);
	else
		facts_str(&c->facts, "error",
			facts_has(&c->facts, "error_text") ? "unreadable" : "not-found");
	free(path);
}

/* ---- judging ---- */

static struct judgement judge_unread(const struct facts *facts)
{
	const char *error = facts_get_str(facts, "error");
	bool named = facts_get_bool(facts, "named", false);

	if (error == NULL || strcmp(error, "not-found") != 0)
		return (struct judgement){VERDICT_UNKNOWN, "dump.unreadable", 0, 0};
	return (struct judgement){named ? VERDICT_FAIL : VERDICT_SKIP, "dump.not-found", 0, 0};
}

static const char *wrong_kind(const char *kind)
{
	static const struct {
		enum pg_dump_kind kind;
		const char *cause;
	} rows[] = {
		{PG_DUMP_PLAIN_SQL, "dump.plain-sql"},
		{PG_DUMP_TAR, "dump.other-format"},
		{PG_DUMP_DIRECTORY, "dump.other-format"},
		{PG_DUMP_GZIP, "dump.other-format"},
		{PG_DUMP_ZIP, "dump.other-format"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(pg_dump_kind_name(rows[i].kind), kind) == 0)
			return rows[i].cause;
	return "dump.not-a-dump";
}

static struct judgement judge_archive(const struct rule_check *check, const struct facts *facts)
{
	const char *encoding = facts_get_str(facts, "encoding");

	if (facts_get_bool(facts, "damaged", false))
		return (struct judgement){VERDICT_FAIL, "dump.damaged", 0, 0};
	if (facts_has(facts, "error")) /* a newer archive version */
		return (struct judgement){VERDICT_UNKNOWN, "dump.unreadable", 0, 0};
	if (encoding == NULL)
		return (struct judgement){VERDICT_UNKNOWN, "dump.encoding", 0, 0};
	if (!pg_dump_same_encoding(encoding, rule_string(check, "encoding")))
		return (struct judgement){VERDICT_FAIL, "dump.encoding", 0, 0};
	return (struct judgement){.verdict = VERDICT_PASS};
}

static void judge(const struct judge_input *in, struct judgement *out)
{
	const char *kind = facts_get_str(in->facts, "kind");

	if (kind == NULL)
		*out = judge_unread(in->facts);
	else if (strcmp(kind, pg_dump_kind_name(PG_DUMP_CUSTOM)) == 0)
		*out = judge_archive(in->check, in->facts);
	else
		*out = (struct judgement){VERDICT_FAIL, wrong_kind(kind), 0, 0};
}

extern const struct check_type check_dump;
const struct check_type check_dump = {
	.name = "dump",
	.text = "The dump to import is PostgreSQL's custom format (`pg_dump -Fc`), whole, and in "
		"the "
		"right encoding; skipped when there is none and `--dump` names none.",
	.keys = keys,
	.key_count = sizeof keys / sizeof keys[0],
	.causes = causes,
	.targets = check_targets_none,
	.start = check_start_collect,
	.stop = check_stop_none,
	.release = check_release_none,
	.collect = collect,
	.judge = judge,
};
