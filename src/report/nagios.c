/*
 * The report as the output of a monitoring plugin (Nagios, Icinga): a status line with
 * performance data, then details. Its exit codes are report_nagios_code's.
 */
#include <string.h>

#include "outcome.h"
#include "report_build.h"

#define TEXT_MAX  (16 * 1024)
#define LINE_LAST 400 /* causes are added to the status line until it is this long */

static bool has_warnings(const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");

	for (size_t i = 0; i < json_array_size(checks); i++)
		if (outcome_is_warning(json_array_get(checks, i)))
			return true;
	return false;
}

int report_nagios_code(const json_t *report, int exit_code)
{
	switch ((enum exit_code)exit_code) {
	case EXIT_READY:
		return has_warnings(report) ? NAGIOS_WARNING : NAGIOS_OK;
	case EXIT_NOT_READY:
		return NAGIOS_CRITICAL;
	case EXIT_USAGE:
	case EXIT_UNKNOWN:
		break;
	}
	return NAGIOS_UNKNOWN;
}

/* "|" would begin performance data. */
static void put_words(FILE *out, const char *text)
{
	struct strbuf line;

	strbuf_init(&line, TEXT_MAX);
	outcome_line(&line, text, "|", "¦");
	fputs(line.data, out);
	strbuf_release(&line);
}

/* ---- the status line ---- */

static void add_cause(const struct sheet *sheet, struct strbuf *out, const json_t *cause)
{
	const char *title = member_text(sheet, cause, "title");
	const char *code = member_string(cause, "code");

	strbuf_addf(
		out, "%s%s [%s]", out->len > 0 ? "; " : " - ", title != NULL ? title : code, code);
}

static void add_limits(const struct sheet *sheet, struct strbuf *out)
{
	struct strbuf limits;

	strbuf_init(&limits, TEXT_MAX);
	limits_line(sheet, &limits);
	if (limits.len > 0)
		strbuf_addf(out, " - %s", limits.data);
	strbuf_release(&limits);
}

static void put_status(const struct sheet *sheet)
{
	static const char *const words[] = {
		[NAGIOS_OK] = "OK",
		[NAGIOS_WARNING] = "WARNING",
		[NAGIOS_CRITICAL] = "CRITICAL",
		[NAGIOS_UNKNOWN] = "UNKNOWN",
	};
	const json_t *report = sheet->report;
	const json_t *causes = json_object_get(report, "causes");
	int exit_code = (int)json_integer_value(json_object_get(report, "exit_code"));
	size_t count = json_array_size(causes), told = 0;
	struct strbuf line;

	strbuf_init(&line, TEXT_MAX);
	add_limits(sheet, &line);
	while (told < count && line.len < LINE_LAST)
		add_cause(sheet, &line, json_array_get(causes, told++));
	if (told < count)
		sheet_note(sheet, &line, "list.more", json_integer((json_int_t)(count - told)));
	fprintf(sheet->page.out, "PREFLIGHT %s: ", words[report_nagios_code(report, exit_code)]);
	put_words(sheet->page.out, sheet_word(sheet, "overall", member_string(report, "verdict")));
	put_words(sheet->page.out, line.data);
	strbuf_release(&line);
}

/* ---- performance data ---- */

/* A label in quotes, as the guidelines have it; "=" and quotes cannot stand in one. */
static void put_label(FILE *out, const char *first, const char *second)
{
	struct strbuf label;

	strbuf_init(&label, TEXT_MAX);
	outcome_line(&label, first, "='|", "_");
	if (second != NULL) {
		strbuf_addc(&label, '_');
		outcome_line(&label, second, "='|", "_");
	}
	fprintf(out, " '%s'=", label.data);
	strbuf_release(&label);
}

static void put_check_data(FILE *out, const json_t *check)
{
	const char *id = member_string(check, "id"), *name;
	json_t *value;

	json_object_foreach(json_object_get(check, "timings"), name, value)
	{
		struct strbuf plain;
		size_t len = strlen(name);
		strbuf_init(&plain, TEXT_MAX);
		strbuf_add(&plain, name, len > 3 && !strcmp(name + len - 3, "_ms") ? len - 3 : len);
		put_label(out, id, plain.data);
		fprintf(out, "%.6fs;;;0", json_number_value(value) / 1000);
		strbuf_release(&plain);
	}
}

static void put_data(FILE *out, const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks"), *count;
	const char *name;

	fprintf(out, " | 'time'=%.3fs;;;0",
		json_number_value(json_object_get(report, "duration_ms")) / 1000);
	json_object_foreach(json_object_get(report, "counts"), name, count)
	{
		put_label(out, name, NULL);
		fprintf(out, "%lld;;;0;%zu", (long long)json_integer_value(count),
			json_array_size(checks));
	}
	for (size_t i = 0; i < json_array_size(checks); i++)
		put_check_data(out, json_array_get(checks, i));
	fputc('\n', out);
}

/* ---- details ---- */

static void put_detail(const struct sheet *sheet, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	fprintf(sheet->page.out, "  %s: ", sheet_message(sheet, label));
	put_words(sheet->page.out, text);
	fputc('\n', sheet->page.out);
}

static void put_cause(const struct sheet *sheet, const json_t *cause)
{
	const char *title = member_text(sheet, cause, "title");
	FILE *out = sheet->page.out;
	struct strbuf where;

	strbuf_init(&where, TEXT_MAX);
	outcome_words(sheet, &where, json_object_get(cause, "segments"), "segment", "list.or");
	put_words(out, sheet_word(sheet, "mark", member_string(cause, "verdict")));
	fputc(' ', out);
	put_words(out, title != NULL ? title : "");
	fputs(" (", out);
	put_words(out, member_string(cause, "code"));
	fputs(")\n", out);
	put_detail(sheet, "label.where", where.data);
	put_detail(sheet, "label.evidence", member_text(sheet, cause, "evidence"));
	put_detail(sheet, "label.remedy", member_text(sheet, cause, "remedy"));
	strbuf_release(&where);
}

/* Every check that is no plain pass; skipped ones and questions only with -v. */
static bool is_told(const struct sheet *sheet, const json_t *check)
{
	enum outcome outcome = outcome_of(sheet->report, check);

	if (sheet->verbosity > 0)
		return true;
	return outcome == OUTCOME_BROKEN || outcome == OUTCOME_OPEN ||
	       member_is(check, "verdict", "warn");
}

static void put_check(const struct sheet *sheet, const json_t *check)
{
	FILE *out = sheet->page.out;
	struct strbuf reason;

	strbuf_init(&reason, TEXT_MAX);
	outcome_reason(sheet, &reason, check);
	put_words(out, sheet_word(sheet, "mark", member_string(check, "verdict")));
	fputc(' ', out);
	put_words(out, member_string(check, "id"));
	fputs(": ", out);
	put_words(out, outcome_title(sheet, check));
	if (reason.len > 0)
		fputs(" - ", out);
	put_words(out, reason.data);
	fputc('\n', out);
	strbuf_release(&reason);
}

void report_write_nagios(FILE *out, const json_t *report, const struct report_options *options)
{
	const struct sheet sheet = outcome_sheet(out, report, options);
	const json_t *causes = json_object_get(report, "causes");
	const json_t *checks = json_object_get(report, "checks");

	put_status(&sheet);
	put_data(out, report);
	if (options->verbosity < 0)
		return;
	for (size_t i = 0; i < json_array_size(causes); i++)
		put_cause(&sheet, json_array_get(causes, i));
	for (size_t i = 0; i < json_array_size(checks); i++)
		if (is_told(&sheet, json_array_get(checks, i)))
			put_check(&sheet, json_array_get(checks, i));
}
