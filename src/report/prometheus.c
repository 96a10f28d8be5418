/*
 * The report as metrics in Prometheus's text format, for the textfile collector of the node
 * exporter. Names and labels do not depend on the language; titles and help texts do.
 */
#include <stdlib.h>
#include <string.h>

#include "http_parse.h"
#include "outcome.h"

#define TEXT_MAX (16 * 1024)

static const char *const verdicts[] = {"pass", "warn", "fail", "unknown", "skip", "manual"};
static const char *const overalls[] = {"ready", "not-ready", "unknown"};
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- samples ---- */

static void begin_metric(const struct sheet *sheet, const char *name)
{
	char id[128];

	snprintf(id, sizeof id, "metric.%s", name);
	fprintf(sheet->page.out, "# HELP preflight_%s %s\n# TYPE preflight_%s gauge\n", name,
		sheet_message(sheet, id), name);
}

/* Names and values by turns; NULL ends them. A value that is "" is left out, as Prometheus has it.
 */
static void put_sample(FILE *out, const char *name, const char *const *labels, double value)
{
	struct strbuf text;
	const char *between = "{";

	fprintf(out, "preflight_%s", name);
	for (; labels != NULL && *labels != NULL; labels += 2) {
		if (*labels[1] == '\0')
			continue;
		strbuf_init(&text, TEXT_MAX);
		outcome_line(&text, labels[1], "", "");
		fprintf(out, "%s%s=\"", between, labels[0]);
		for (size_t i = 0; i < text.len; i++) {
			if (text.data[i] == '"' || text.data[i] == '\\')
				fputc('\\', out);
			fputc(text.data[i], out);
		}
		fputc('"', out);
		strbuf_release(&text);
		between = ",";
	}
	fprintf(out, "%s %.15g\n", between[0] == ',' ? "}" : "", value);
}

/* One sample for each state; that of the present one is 1. */
static void put_states(FILE *out, const char *name, const char *check, const char *const *states,
	size_t count, const char *state)
{
	for (size_t i = 0; i < count; i++)
		put_sample(out, name,
			(const char *const[]){"check", check, "verdict", states[i], NULL},
			strcmp(states[i], state) == 0);
}

/* ---- the run ---- */

static double seconds_of(const char *time)
{
	int year, month, day, hour, minute, second;

	if (sscanf(time, "%4d-%2d-%2dT%2d:%2d:%2dZ", &year, &month, &day, &hour, &minute,
		    &second) != 6)
		return 0;
	return (double)days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 +
	       second;
}

static void put_single(const struct sheet *sheet, const char *name, double value)
{
	begin_metric(sheet, name);
	put_sample(sheet->page.out, name, NULL, value);
}

static void put_info(const struct sheet *sheet)
{
	const json_t *report = sheet->report;
	const json_t *profiles = json_object_get(report, "profiles");
	struct strbuf names;

	strbuf_init(&names, TEXT_MAX);
	for (size_t i = 0; i < json_array_size(profiles); i++)
		strbuf_addf(&names, "%s%s", i > 0 ? "," : "",
			member_string(json_array_get(profiles, i), "id"));
	begin_metric(sheet, "info");
	put_sample(sheet->page.out, "info",
		(const char *const[]){"version",
			member_string(json_object_get(report, "program"), "version"), "profiles",
			names.data, "phase", member_string(report, "phase"), NULL},
		1);
	strbuf_release(&names);
}

static void put_rules(const struct sheet *sheet)
{
	const json_t *rules = json_object_get(sheet->report, "rules");
	char number[32];

	begin_metric(sheet, "rules_info");
	for (size_t i = 0; i < json_array_size(rules); i++) {
		const json_t *file = json_array_get(rules, i);
		snprintf(number, sizeof number, "%zu", i + 1);
		put_sample(sheet->page.out, "rules_info",
			(const char *const[]){"order", number, "file", member_string(file, "file"),
				"sha256", member_string(file, "sha256"), NULL},
			1);
	}
}

static void put_counts(const struct sheet *sheet)
{
	const json_t *counts = json_object_get(sheet->report, "counts");

	begin_metric(sheet, "checks");
	for (size_t i = 0; i < COUNT(verdicts); i++)
		put_sample(sheet->page.out, "checks",
			(const char *const[]){"verdict", verdicts[i], NULL},
			json_number_value(json_object_get(counts, verdicts[i])));
}

static void put_run(const struct sheet *sheet)
{
	const json_t *report = sheet->report;

	put_info(sheet);
	put_rules(sheet);
	begin_metric(sheet, "verdict");
	put_states(sheet->page.out, "verdict", "", overalls, COUNT(overalls),
		member_string(report, "verdict"));
	put_single(sheet, "exit_code", json_number_value(json_object_get(report, "exit_code")));
	put_single(sheet, "run_timestamp_seconds", seconds_of(member_string(report, "started")));
	put_single(sheet, "run_duration_seconds",
		json_number_value(json_object_get(report, "duration_ms")) / 1000);
	put_counts(sheet);
}

/* ---- checks ---- */

static void check_info(const struct sheet *sheet, const json_t *check)
{
	put_sample(sheet->page.out, "check_info",
		(const char *const[]){"check", member_string(check, "id"), "type",
			member_string(check, "type"), "severity", member_string(check, "severity"),
			"phase", member_string(check, "phase"), "host",
			member_string(json_object_get(check, "host"), "name"), "title",
			outcome_title(sheet, check), NULL},
		1);
}

static void check_verdict(const struct sheet *sheet, const json_t *check)
{
	put_states(sheet->page.out, "check_verdict", member_string(check, "id"), verdicts,
		COUNT(verdicts), member_string(check, "verdict"));
}

static void check_cause(const struct sheet *sheet, const json_t *check)
{
	if (*member_string(check, "cause") != '\0')
		put_sample(sheet->page.out, "check_cause_info",
			(const char *const[]){"check", member_string(check, "id"), "cause",
				member_string(check, "cause"), "waived",
				member_string(check, "waived"), NULL},
			1);
}

static void check_duration(const struct sheet *sheet, const json_t *check)
{
	const json_t *ms = json_object_get(check, "duration_ms");

	if (json_is_number(ms))
		put_sample(sheet->page.out, "check_duration_seconds",
			(const char *const[]){"check", member_string(check, "id"), NULL},
			json_number_value(ms) / 1000);
}

static void check_timings(const struct sheet *sheet, const json_t *check)
{
	const char *name;
	json_t *value;

	json_object_foreach(json_object_get(check, "timings"), name, value)
	{
		struct strbuf part;
		size_t len = strlen(name);
		strbuf_init(&part, TEXT_MAX);
		strbuf_add(&part, name, len > 3 && !strcmp(name + len - 3, "_ms") ? len - 3 : len);
		put_sample(sheet->page.out, "check_timing_seconds",
			(const char *const[]){
				"check", member_string(check, "id"), "part", part.data, NULL},
			json_number_value(value) / 1000);
		strbuf_release(&part);
	}
}

static void check_expiry(const struct sheet *sheet, const json_t *check)
{
	const json_t *epoch = json_object_get(json_object_get(check, "facts"), "not_after_epoch");

	if (json_is_number(epoch))
		put_sample(sheet->page.out, "certificate_expiry_timestamp_seconds",
			(const char *const[]){"check", member_string(check, "id"), NULL},
			json_number_value(epoch));
}

static const struct {
	const char *name;
	void (*put)(const struct sheet *sheet, const json_t *check);
} check_metrics[] = {
	{"check_info", check_info},
	{"check_verdict", check_verdict},
	{"check_cause_info", check_cause},
	{"check_duration_seconds", check_duration},
	{"check_timing_seconds", check_timings},
	{"certificate_expiry_timestamp_seconds", check_expiry},
};

/* ---- causes ---- */

static void put_causes(const struct sheet *sheet)
{
	const json_t *causes = json_object_get(sheet->report, "causes");
	char number[32];

	begin_metric(sheet, "cause_info");
	for (size_t i = 0; i < json_array_size(causes); i++) {
		const json_t *cause = json_array_get(causes, i);
		const char *title = member_text(sheet, cause, "title");
		struct strbuf where, who;
		strbuf_init(&where, TEXT_MAX);
		strbuf_init(&who, TEXT_MAX);
		snprintf(number, sizeof number, "%zu", i + 1);
		outcome_words(sheet, &where, json_object_get(cause, "segments"), NULL, ",");
		outcome_words(sheet, &who, json_object_get(cause, "actors"), NULL, ",");
		put_sample(sheet->page.out, "cause_info",
			(const char *const[]){"order", number, "cause",
				member_string(cause, "code"), "verdict",
				member_string(cause, "verdict"), "segments", where.data, "actors",
				who.data, "title", title != NULL ? title : "", NULL},
			1);
		strbuf_release(&where);
		strbuf_release(&who);
	}
}

void report_write_prometheus(FILE *out, const json_t *report, const struct report_options *options)
{
	const struct sheet sheet = outcome_sheet(out, report, options);
	const json_t *checks = json_object_get(report, "checks");

	put_run(&sheet);
	put_causes(&sheet);
	for (size_t m = 0; m < COUNT(check_metrics); m++) {
		begin_metric(&sheet, check_metrics[m].name);
		for (size_t i = 0; i < json_array_size(checks); i++)
			check_metrics[m].put(&sheet, json_array_get(checks, i));
	}
}
