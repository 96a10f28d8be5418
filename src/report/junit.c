/*
 * The report as JUnit XML, as Jenkins, GitLab and others read it: one test case for each check.
 * Broken requirements are failures, required ones left open are errors.
 */
#include <string.h>

#include "outcome.h"
#include "utf8.h"

#define TEXT_MAX (64 * 1024)

struct tally {
	int tests, failures, errors, skipped;
};

/* Text for XML 1.0, in an attribute or between tags; what it cannot hold is shown as an escape. */
static void put_xml(FILE *out, const char *text)
{
	struct strbuf safe;

	strbuf_init(&safe, TEXT_MAX);
	safe_append(&safe, text, true);
	for (size_t i = 0; i < safe.len;) {
		uint32_t code = 0;
		size_t size = utf8_decode(safe.data + i, safe.len - i, &code);
		if (code == '&')
			fputs("&amp;", out);
		else if (code == '<')
			fputs("&lt;", out);
		else if (code == '>')
			fputs("&gt;", out);
		else if (code == '"')
			fputs("&quot;", out);
		else if (code == 0xfffe || code == 0xffff || size == 0)
			fputs("\\uFFFD", out);
		else
			fwrite(safe.data + i, 1, size, out);
		i += size > 0 ? size : 1;
	}
	strbuf_release(&safe);
}

static void put_attribute(FILE *out, const char *name, const char *text)
{
	struct strbuf line;

	strbuf_init(&line, TEXT_MAX);
	outcome_line(&line, text, "", "");
	fprintf(out, " %s=\"", name);
	put_xml(out, line.data);
	fputc('"', out);
	strbuf_release(&line);
}

static void put_seconds(FILE *out, const json_t *ms)
{
	fprintf(out, " time=\"%.3f\"", json_number_value(ms) / 1000);
}

static struct tally count_cases(const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");
	struct tally tally = {.tests = (int)json_array_size(checks)};

	for (size_t i = 0; i < json_array_size(checks); i++) {
		enum outcome outcome = outcome_of(report, json_array_get(checks, i));
		tally.failures += outcome == OUTCOME_BROKEN;
		tally.errors += outcome == OUTCOME_OPEN;
		tally.skipped += outcome == OUTCOME_ASIDE || outcome == OUTCOME_PERSON;
	}
	if (outcome_needs_line(report)) {
		bool broken = member_is(report, "verdict", "not-ready");
		tally.tests++;
		tally.failures += broken;
		tally.errors += !broken;
	}
	return tally;
}

static void put_tally(FILE *out, const struct tally *tally, const json_t *report)
{
	fprintf(out, " name=\"preflight\" tests=\"%d\" failures=\"%d\" errors=\"%d\"", tally->tests,
		tally->failures, tally->errors);
	fprintf(out, " skipped=\"%d\"", tally->skipped);
	put_seconds(out, json_object_get(report, "duration_ms"));
}

/* ---- properties ---- */

static void put_property(FILE *out, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	fputs("      <property", out);
	put_attribute(out, "name", name);
	put_attribute(out, "value", value);
	fputs("/>\n", out);
}

static void put_properties(FILE *out, const json_t *report)
{
	static const char *const members[] = {"schema_version", "phase", "verdict", "support_code"};
	const json_t *rules = json_object_get(report, "rules");
	const json_t *profiles = json_object_get(report, "profiles");
	char number[32];

	fputs("    <properties>\n", out);
	put_property(out, "program_version",
		member_string(json_object_get(report, "program"), "version"));
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
		put_property(out, members[i], member_string(report, members[i]));
	snprintf(number, sizeof number, "%d",
		(int)json_integer_value(json_object_get(report, "exit_code")));
	put_property(out, "exit_code", number);
	for (size_t i = 0; i < json_array_size(profiles); i++)
		put_property(out, "profile", member_string(json_array_get(profiles, i), "id"));
	for (size_t i = 0; i < json_array_size(rules); i++) {
		put_property(out, "rules", member_string(json_array_get(rules, i), "file"));
		put_property(
			out, "rules_sha256", member_string(json_array_get(rules, i), "sha256"));
	}
	put_property(out, "os", member_string(json_object_get(report, "terminal"), "os"));
	fputs("    </properties>\n", out);
}

/* ---- one test case ---- */

static void put_problem(
	FILE *out, const char *element, const char *type, const char *message, const char *body)
{
	fprintf(out, "      <%s", element);
	put_attribute(out, "message", message);
	if (*type != '\0')
		put_attribute(out, "type", type);
	if (body == NULL || *body == '\0') {
		fputs("/>\n", out);
		return;
	}
	fputc('>', out);
	put_xml(out, body);
	fprintf(out, "</%s>\n", element);
}

static void add_labelled(
	const struct sheet *sheet, struct strbuf *out, const char *label, const char *text)
{
	if (text != NULL && *text != '\0')
		strbuf_addf(out, "%s: %s\n", sheet_message(sheet, label), text);
}

/* Verdict, cause, evidence, remedy, facts and timings. */
static void add_output(const struct sheet *sheet, struct strbuf *out, const json_t *check)
{
	struct strbuf source;

	strbuf_init(&source, TEXT_MAX);
	outcome_words(sheet, &source, json_object_get(check, "source"), NULL, "list.separator");
	strbuf_addf(out, "%s %s (%s)\n", sheet_word(sheet, "mark", member_string(check, "verdict")),
		member_string(check, "id"),
		sheet_word(sheet, "severity", member_string(check, "severity")));
	add_labelled(sheet, out, "format.cause", member_string(check, "cause"));
	add_labelled(sheet, out, "label.evidence", member_text(sheet, check, "evidence"));
	add_labelled(sheet, out, "label.remedy", member_text(sheet, check, "remedy"));
	add_labelled(sheet, out, "label.source", source.data);
	fact_lines(sheet, out, check);
	strbuf_release(&source);
}

static void put_case_head(FILE *out, const char *name, const char *class, const json_t *ms)
{
	fputs("    <testcase", out);
	put_attribute(out, "name", name);
	put_attribute(out, "classname", class);
	put_seconds(out, ms);
	fputs(">\n", out);
}

static void put_case(const struct sheet *sheet, const json_t *check)
{
	static const char *const elements[OUTCOME_COUNT] = {
		[OUTCOME_BROKEN] = "failure",
		[OUTCOME_OPEN] = "error",
		[OUTCOME_ASIDE] = "skipped",
		[OUTCOME_PERSON] = "skipped",
	};
	enum outcome outcome = outcome_of(sheet->report, check);
	bool told = outcome == OUTCOME_BROKEN || outcome == OUTCOME_OPEN;
	FILE *out = sheet->page.out;
	struct strbuf name, class, reason, output;

	strbuf_init(&name, TEXT_MAX);
	strbuf_init(&class, TEXT_MAX);
	strbuf_init(&reason, TEXT_MAX);
	strbuf_init(&output, TEXT_MAX);
	strbuf_addf(&name, "%s: %s", member_string(check, "id"), outcome_title(sheet, check));
	strbuf_addf(
		&class, "preflight.%s.%s", check_group_name(check), member_string(check, "type"));
	put_case_head(out, name.data, class.data, json_object_get(check, "duration_ms"));
	outcome_reason(sheet, &reason, check);
	add_output(sheet, &output, check);
	if (elements[outcome] != NULL)
		put_problem(out, elements[outcome], told ? member_string(check, "cause") : "",
			reason.data, told ? member_text(sheet, check, "remedy") : NULL);
	fputs("      <system-out>", out);
	put_xml(out, output.data);
	fputs("</system-out>\n    </testcase>\n", out);
	strbuf_release(&output);
	strbuf_release(&reason);
	strbuf_release(&class);
	strbuf_release(&name);
}

static void put_verdict(const struct sheet *sheet)
{
	const char *verdict = member_string(sheet->report, "verdict");
	FILE *out = sheet->page.out;

	put_case_head(out, "verdict", "preflight.verdict", NULL);
	put_problem(out, strcmp(verdict, "not-ready") == 0 ? "failure" : "error", verdict,
		sheet_word(sheet, "overall", verdict), NULL);
	fputs("    </testcase>\n", out);
}

void report_write_junit(FILE *out, const json_t *report, const struct report_options *options)
{
	const struct sheet sheet = outcome_sheet(out, report, options);
	const json_t *checks = json_object_get(report, "checks");
	struct tally tally = count_cases(report);
	char started[32];

	snprintf(started, sizeof started, "%.19s", member_string(report, "started"));
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
	put_tally(out, &tally, report);
	fputs(">\n  <testsuite", out);
	put_tally(out, &tally, report);
	/* UTC without its mark, and no host name: what the common schemas ask for */
	put_attribute(out, "timestamp", started);
	fputs(" hostname=\"localhost\">\n", out);
	put_properties(out, report);
	for (size_t i = 0; i < json_array_size(checks); i++)
		put_case(&sheet, json_array_get(checks, i));
	if (outcome_needs_line(report))
		put_verdict(&sheet);
	fputs("  </testsuite>\n</testsuites>\n", out);
}
