/*
 * The report as TAP 13, which every TAP consumer reads: a line for each check, with the details
 * as a YAML block under it.
 */
#include <string.h>

#include "outcome.h"

#define TEXT_MAX  (16 * 1024)
#define DEPTH_MAX 8

/* ---- YAML ---- */

/* A string in double quotes: those of JSON are those of YAML. */
static void put_quoted(FILE *out, const char *text)
{
	struct strbuf safe;

	strbuf_init(&safe, TEXT_MAX);
	safe_append(&safe, text, true);
	fputc('"', out);
	for (size_t i = 0; i < safe.len; i++) {
		if (safe.data[i] == '\n')
			fputs("\\n", out);
		else if (safe.data[i] == '"' || safe.data[i] == '\\')
			fprintf(out, "\\%c", safe.data[i]);
		else
			fputc(safe.data[i], out);
	}
	fputc('"', out);
	strbuf_release(&safe);
}

static void put_name(FILE *out, int indent, const char *name)
{
	bool plain = *name != '\0' && strspn(name, "abcdefghijklmnopqrstuvwxyz_"
						   "0123456789") == strlen(name);

	fprintf(out, "%*s", indent, "");
	if (plain)
		fputs(name, out);
	else
		put_quoted(out, name);
	fputc(':', out);
}

static void put_scalar(FILE *out, const json_t *value)
{
	if (json_is_string(value))
		put_quoted(out, json_string_value(value));
	else if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		fprintf(out, "%.6g", json_real_value(value));
	else if (json_is_boolean(value))
		fputs(json_is_true(value) ? "true" : "false", out);
	else
		fputc('~', out);
}

static void put_value(FILE *out, int indent, json_t *value, int depth);

static void put_members(FILE *out, int indent, json_t *object, int depth)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
	{
		put_name(out, indent, name);
		put_value(out, indent + 2, value, depth);
	}
}

/* What follows "name:" or "-", to the end of the line or of the block. */
static void put_value(FILE *out, int indent, json_t *value, int depth)
{
	size_t i;
	json_t *item;

	if (depth > DEPTH_MAX) {
		fputs(" ~\n", out);
	} else if (json_object_size(value) > 0) {
		fputc('\n', out);
		put_members(out, indent, value, depth + 1);
	} else if (json_array_size(value) > 0) {
		fputc('\n', out);
		json_array_foreach(value, i, item)
		{
			fprintf(out, "%*s-", indent, "");
			put_value(out, indent + 2, item, depth + 1);
		}
	} else if (json_is_array(value) || json_is_object(value)) {
		fputs(json_is_array(value) ? " []\n" : " {}\n", out);
	} else {
		fputc(' ', out);
		put_scalar(out, value);
		fputc('\n', out);
	}
}

static void put_field(FILE *out, const char *name, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	put_name(out, 2, name);
	fputc(' ', out);
	put_quoted(out, text);
	fputc('\n', out);
}

static void put_block(FILE *out, const char *name, json_t *object)
{
	if (json_object_size(object) == 0)
		return;
	put_name(out, 2, name);
	put_value(out, 4, object, 0);
}

static void put_details(const struct sheet *sheet, const json_t *check)
{
	static const char *const strings[] = {"verdict", "severity", "cause"};
	static const char *const texts[] = {"evidence", "remedy", "question"};
	FILE *out = sheet->page.out;
	json_t *ms = json_object_get(check, "duration_ms");

	fputs("  ---\n", out);
	for (size_t i = 0; i < 3; i++)
		put_field(out, strings[i], member_string(check, strings[i]));
	for (size_t i = 0; i < 3; i++)
		put_field(out, texts[i], member_text(sheet, check, texts[i]));
	put_field(out, "waived", member_string(check, "waived"));
	put_name(out, 2, "source");
	put_value(out, 4, json_object_get(check, "source"), 0);
	if (json_is_integer(ms))
		fprintf(out, "  duration_ms: %lld\n", (long long)json_integer_value(ms));
	put_block(out, "facts", json_object_get(check, "facts"));
	put_block(out, "timings", json_object_get(check, "timings"));
	fputs("  ...\n", out);
}

/* ---- lines ---- */

/* A description or a reason: "#" would begin a directive. */
static void put_words(FILE *out, const char *text)
{
	struct strbuf line;

	strbuf_init(&line, TEXT_MAX);
	outcome_line(&line, text, "", "");
	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '#' || line.data[i] == '\\')
			fputc('\\', out);
		fputc(line.data[i], out);
	}
	strbuf_release(&line);
}

static void put_line(const struct sheet *sheet, size_t number, const json_t *check)
{
	static const struct {
		const char *result, *directive;
	} ways[OUTCOME_COUNT] = {
		[OUTCOME_MET] = {"ok", NULL},
		[OUTCOME_BROKEN] = {"not ok", NULL},
		[OUTCOME_OPEN] = {"not ok", NULL},
		[OUTCOME_ASIDE] = {"ok", "SKIP"},
		[OUTCOME_PERSON] = {"not ok", "TODO"},
	};
	enum outcome outcome = outcome_of(sheet->report, check);
	FILE *out = sheet->page.out;
	struct strbuf reason;

	strbuf_init(&reason, TEXT_MAX);
	fprintf(out, "%s %zu - ", ways[outcome].result, number);
	put_words(out, member_string(check, "id"));
	fputs(": ", out);
	put_words(out, outcome_title(sheet, check));
	if (ways[outcome].directive != NULL) {
		fprintf(out, " # %s ", ways[outcome].directive);
		outcome_reason(sheet, &reason, check);
		put_words(out, reason.data);
	}
	fputc('\n', out);
	put_details(sheet, check);
	strbuf_release(&reason);
}

static void put_comments(const struct sheet *sheet)
{
	const json_t *report = sheet->report;
	const char *verdict = member_string(report, "verdict");
	const json_t *causes = json_object_get(report, "causes");
	FILE *out = sheet->page.out;

	fputs("# preflight ", out);
	put_words(out, member_string(json_object_get(report, "program"), "version"));
	fputs(": ", out);
	put_words(out, sheet_word(sheet, "overall", verdict));
	fputc('\n', out);
	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		const char *title = member_text(sheet, cause, "title");
		fputs("# ", out);
		put_words(out, sheet_word(sheet, "mark", member_string(cause, "verdict")));
		fputc(' ', out);
		put_words(out, title != NULL ? title : "");
		fputs(" (", out);
		put_words(out, member_string(cause, "code"));
		fputs(")\n", out);
	}
	if (*member_string(report, "support_code") != '\0') {
		fputs("# ", out);
		put_words(out, member_string(report, "support_code"));
		fputc('\n', out);
	}
}

void report_write_tap(FILE *out, const json_t *report, const struct report_options *options)
{
	const struct sheet sheet = outcome_sheet(out, report, options);
	const json_t *checks = json_object_get(report, "checks");
	size_t count = json_array_size(checks);
	bool line = outcome_needs_line(report);

	fprintf(out, "TAP version 13\n1..%zu\n", count + line);
	put_comments(&sheet);
	for (size_t i = 0; i < count; i++)
		put_line(&sheet, i + 1, json_array_get(checks, i));
	if (line) {
		fprintf(out, "not ok %zu - verdict: ", count + 1);
		put_words(out, sheet_word(&sheet, "overall", member_string(report, "verdict")));
		fputc('\n', out);
	}
}
