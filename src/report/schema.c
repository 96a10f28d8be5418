/*
 * The report's shape as one table: the JSON Schema is printed from it, and saved reports are
 * checked against it before they are shown (valid.c).
 */
#include "report_build.h"
#include "shape.h"

static const char *const words_verdict[] = {
	"pass", "warn", "fail", "unknown", "skip", "manual", NULL};
static const char *const words_bad[] = {"warn", "fail", "unknown", NULL};
static const char *const words_overall[] = {"ready", "not-ready", "unknown", NULL};
static const char *const words_phase[] = {"before-vpn", "in-vpn", NULL};
static const char *const words_check_phase[] = {"any", "before-vpn", "in-vpn", NULL};
static const char *const words_severity[] = {"required", "recommended", "info", NULL};
static const char *const words_state[] = {
	"skipped", "waiting", "finished", "deadline", "interrupted", "not-saved", NULL};
static const char *const words_segment[] = {"terminal", "facility", "line", "service", "vpn", NULL};
static const char *const words_actor[] = {"it", "network", "carrier", "desk", NULL};
static const char *const words_reason[] = {"vpn", "file", NULL};
static const char *const words_schema[] = {REPORT_SCHEMA, NULL};

const struct field shape_text[] = {
	{.name = "ja", .kind = KIND_STRING},
	{.name = "en", .kind = KIND_STRING},
	{.name = NULL},
};

static const struct field shape_program[] = {
	{.name = "name", .kind = KIND_STRING, .text = "Always \"preflight\"."},
	{.name = "version", .kind = KIND_STRING, .text = "Version of the program."},
	{.name = NULL},
};

static const struct field shape_rule_file[] = {
	{.name = "file", .kind = KIND_STRING, .text = "As named on the command line."},
	{.name = "sha256",
		.kind = KIND_STRING,
		.pattern = PATTERN_SHA256,
		.text = "SHA-256 of its bytes."},
	{.name = NULL},
};

static const struct field shape_judged_again[] = {
	{.name = "version", .kind = KIND_STRING, .text = "Version of the program that ran."},
	{.name = "rules",
		.kind = KIND_OBJECTS,
		.shape = shape_rule_file,
		.text = "Its rule files."},
	{.name = NULL},
};

static const struct field shape_selection[] = {
	{.name = "only", .kind = KIND_STRINGS, .text = "Given with --only; empty: all."},
	{.name = "skip", .kind = KIND_STRINGS, .text = "Given with --skip."},
	{.name = NULL},
};

static const struct field shape_profile[] = {
	{.name = "id", .kind = KIND_STRING, .text = "Id in the rule file."},
	{.name = "title", .kind = KIND_TEXT, .text = "Its title."},
	{.name = NULL},
};

static const struct field shape_suggestion[] = {
	{.name = "id", .kind = KIND_STRING, .text = "Id of the profile in the rule file."},
	{.name = "title", .kind = KIND_TEXT, .text = "Its title."},
	{.name = "reason",
		.kind = KIND_WORD,
		.words = words_reason,
		.text = "A VPN that is connected, or a file of the working directory."},
	{.name = "name", .kind = KIND_STRING, .text = "Name of the VPN or the file."},
	{.name = NULL},
};

static const struct field shape_counts[] = {
	{.name = "pass", .kind = KIND_INTEGER, .text = "Checks that passed."},
	{.name = "warn", .kind = KIND_INTEGER, .text = "Checks with a warning."},
	{.name = "fail", .kind = KIND_INTEGER, .text = "Checks that failed."},
	{.name = "unknown", .kind = KIND_INTEGER, .text = "Checks that the evidence left open."},
	{.name = "skip", .kind = KIND_INTEGER, .text = "Checks that do not apply here."},
	{.name = "manual", .kind = KIND_INTEGER, .text = "Checks that a person has to make."},
	{.name = NULL},
};

static const struct field shape_terminal[] = {
	{.name = "os", .kind = KIND_STRING, .nullable = true, .text = "Name of the OS."},
	{.name = "family",
		.kind = KIND_STRING,
		.nullable = true,
		.text = "linux, windows or macos."},
	{.name = "version", .kind = KIND_STRING, .nullable = true, .text = "Its version."},
	{.name = "build",
		.kind = KIND_INTEGER,
		.nullable = true,
		.text = "Windows: the build number."},
	{.name = "arch", .kind = KIND_STRING, .nullable = true, .text = "Processor."},
	{.name = "interface",
		.kind = KIND_STRING,
		.nullable = true,
		.text = "Kind of the interface that the default route uses."},
	{.name = "vpn_connected",
		.kind = KIND_BOOL,
		.nullable = true,
		.text = "Whether a VPN was connected at the start."},
	{.name = "proxies",
		.kind = KIND_INTEGER,
		.nullable = true,
		.text = "How many proxies are configured."},
	{.name = "dns_servers",
		.kind = KIND_STRINGS,
		.nullable = true,
		.text = "Configured DNS servers."},
	{.name = NULL},
};

static const struct field shape_host[] = {
	{.name = "id", .kind = KIND_STRING, .text = "Id in the rule file."},
	{.name = "name", .kind = KIND_STRING, .text = "DNS name."},
	{.name = NULL},
};

static const struct field shape_cause[] = {
	{.name = "code", .kind = KIND_STRING, .pattern = PATTERN_CODE, .text = "Cause code."},
	{.name = "verdict", .kind = KIND_WORD, .words = words_bad, .text = "Worst of its checks."},
	{.name = "segments", .kind = KIND_WORDS, .words = words_segment, .text = "Where it is."},
	{.name = "actors", .kind = KIND_WORDS, .words = words_actor, .text = "Who acts next."},
	{.name = "title", .kind = KIND_TEXT, .text = "What is broken."},
	{.name = "evidence", .kind = KIND_TEXT, .nullable = true, .text = "What was seen."},
	{.name = "remedy", .kind = KIND_TEXT, .nullable = true, .text = "What to do."},
	{.name = "checks", .kind = KIND_STRINGS, .text = "Ids of the checks that show it."},
	{.name = "symptoms", .kind = KIND_STRINGS, .text = "Ids of checks that fail by it."},
	{.name = "hosts", .kind = KIND_STRINGS, .text = "Names of the hosts concerned."},
	{.name = "source", .kind = KIND_STRINGS, .text = "Requirement rows concerned."},
	{.name = NULL},
};

static const struct field shape_check[] = {
	{.name = "id", .kind = KIND_STRING, .text = "Id in the rule file."},
	{.name = "type", .kind = KIND_STRING, .text = "Type of check."},
	{.name = "title", .kind = KIND_TEXT, .text = "Its title."},
	{.name = "why", .kind = KIND_TEXT, .nullable = true, .text = "Why it is required."},
	{.name = "question",
		.kind = KIND_TEXT,
		.nullable = true,
		.text = "What a person has to confirm."},
	{.name = "ask",
		.kind = KIND_WORD,
		.nullable = true,
		.words = words_actor,
		.text = "Who can answer it."},
	{.name = "severity", .kind = KIND_WORD, .words = words_severity, .text = "Severity."},
	{.name = "phase", .kind = KIND_WORD, .words = words_check_phase, .text = "Its phase."},
	{.name = "state", .kind = KIND_WORD, .words = words_state, .text = "How it ended."},
	{.name = "verdict", .kind = KIND_WORD, .words = words_verdict, .text = "Verdict."},
	{.name = "cause",
		.kind = KIND_STRING,
		.nullable = true,
		.pattern = PATTERN_CODE,
		.text = "Cause code."},
	{.name = "actors", .kind = KIND_WORDS, .words = words_actor, .text = "Who acts or knows."},
	{.name = "skip_reason",
		.kind = KIND_STRING,
		.nullable = true,
		.text = "Why skipped: vpn-down, vpn-up, fallback, proxy or saved-terminal."},
	{.name = "waived",
		.kind = KIND_STRING,
		.nullable = true,
		.text = "Reason given with --waive."},
	{.name = "root",
		.kind = KIND_INTEGER,
		.nullable = true,
		.text = "Index into causes of what explains it."},
	{.name = "source", .kind = KIND_STRINGS, .text = "Requirement rows."},
	{.name = "host",
		.kind = KIND_OBJECT,
		.nullable = true,
		.shape = shape_host,
		.text = "Host."},
	{.name = "port", .kind = KIND_INTEGER, .nullable = true, .text = "Port."},
	{.name = "evidence", .kind = KIND_TEXT, .nullable = true, .text = "What was seen."},
	{.name = "remedy", .kind = KIND_TEXT, .nullable = true, .text = "What to do."},
	{.name = "duration_ms",
		.kind = KIND_INTEGER,
		.nullable = true,
		.text = "From its start to its end."},
	{.name = "facts", .kind = KIND_FACTS, .text = "What the check saw."},
	{.name = "timings", .kind = KIND_NUMBERS, .text = "Milliseconds by name."},
	{.name = NULL},
};

const struct field shape_report[] = {
	{.name = "schema", .kind = KIND_WORD, .words = words_schema, .text = "Kind of document."},
	{.name = "schema_version",
		.kind = KIND_STRING,
		.pattern = PATTERN_VERSION,
		.text = "1.x: members may be added, none changes its meaning."},
	{.name = "program", .kind = KIND_OBJECT, .shape = shape_program, .text = "The program."},
	{.name = "rules",
		.kind = KIND_OBJECTS,
		.shape = shape_rule_file,
		.text = "Rule files, in the order of loading."},
	{.name = "judged_again",
		.kind = KIND_OBJECT,
		.nullable = true,
		.optional = true,
		.shape = shape_judged_again,
		.text = "Saved facts were judged again; what had judged them first."},
	{.name = "profiles", .kind = KIND_OBJECTS, .shape = shape_profile, .text = "Profiles."},
	{.name = "selection",
		.kind = KIND_OBJECT,
		.optional = true,
		.shape = shape_selection,
		.text = "Which of their checks were asked for."},
	{.name = "suggested_profiles",
		.kind = KIND_OBJECTS,
		.optional = true,
		.shape = shape_suggestion,
		.text = "Profiles that may fit better; only when none was named."},
	{.name = "phase", .kind = KIND_WORD, .words = words_phase, .text = "Phase of the run."},
	{.name = "phase_forced", .kind = KIND_BOOL, .text = "Given with --phase."},
	{.name = "started", .kind = KIND_STRING, .pattern = PATTERN_TIME, .text = "Start, UTC."},
	{.name = "duration_ms", .kind = KIND_INTEGER, .text = "Duration of the run."},
	{.name = "interrupted", .kind = KIND_BOOL, .text = "Cut short by the user."},
	{.name = "verdict", .kind = KIND_WORD, .words = words_overall, .text = "The verdict."},
	{.name = "exit_code", .kind = KIND_INTEGER, .text = "Exit code of the run."},
	{.name = "strict", .kind = KIND_BOOL, .text = "Warnings counted as failures."},
	{.name = "counts",
		.kind = KIND_OBJECT,
		.shape = shape_counts,
		.text = "Number of checks by verdict."},
	{.name = "saved_inventory",
		.kind = KIND_BOOL,
		.text = "A saved inventory was judged (--inventory), not this terminal."},
	{.name = "redacted",
		.kind = KIND_BOOL,
		.optional = true,
		.text = "Identifying details were replaced by words (private-1)."},
	{.name = "terminal", .kind = KIND_OBJECT, .shape = shape_terminal, .text = "The terminal."},
	{.name = "causes", .kind = KIND_OBJECTS, .shape = shape_cause, .text = "Root causes."},
	{.name = "checks", .kind = KIND_OBJECTS, .shape = shape_check, .text = "Every check."},
	{.name = "attempts",
		.kind = KIND_INTEGER,
		.optional = true,
		.text = "With --wait: how often it was tried."},
	{.name = "waited_ms",
		.kind = KIND_INTEGER,
		.optional = true,
		.text = "With --wait: from the start of the first attempt to the end of the last."},
	{.name = "support_code",
		.kind = KIND_STRING,
		.optional = true,
		.pattern = "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){1,4}$",
		.text = "The verdicts in a few symbols, for `preflight decode`."},
	{.name = NULL},
};

/* ---- as JSON Schema ---- */

static json_t *schema_field(const struct field *field);

static json_t *schema_words(const char *const *words)
{
	json_t *list = json_array();

	for (; *words != NULL; words++)
		json_array_append_new(list, json_string(*words));
	return json_pack("{s:s, s:o}", "type", "string", "enum", list);
}

static json_t *schema_list(json_t *items)
{
	return json_pack("{s:s, s:o}", "type", "array", "items", items);
}

static json_t *schema_object(const struct field *shape)
{
	json_t *properties = json_object(), *required = json_array();

	for (; shape->name != NULL; shape++) {
		json_object_set_new(properties, shape->name, schema_field(shape));
		if (!shape->optional)
			json_array_append_new(required, json_string(shape->name));
	}
	return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties,
		"required", required, "additionalProperties", 0);
}

static json_t *schema_kind(const struct field *field)
{
	switch (field->kind) {
	case KIND_STRING:
		return json_pack("{s:s, s:s*}", "type", "string", "pattern", field->pattern);
	case KIND_TEXT:
		return schema_object(shape_text);
	case KIND_INTEGER:
		return json_pack("{s:s, s:i}", "type", "integer", "minimum", 0);
	case KIND_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case KIND_WORD:
		return schema_words(field->words);
	case KIND_STRINGS:
		return schema_list(json_pack("{s:s}", "type", "string"));
	case KIND_WORDS:
		return schema_list(schema_words(field->words));
	case KIND_OBJECT:
		return schema_object(field->shape);
	case KIND_OBJECTS:
		return schema_list(schema_object(field->shape));
	case KIND_FACTS:
		return json_pack("{s:s}", "type", "object");
	case KIND_NUMBERS:
		return json_pack("{s:s, s:{s:s}}", "type", "object", "additionalProperties", "type",
			"number");
	}
	return NULL;
}

static json_t *schema_field(const struct field *field)
{
	json_t *schema = schema_kind(field);

	if (field->nullable)
		schema = json_pack("{s:[o, {s:s}]}", "anyOf", schema, "type", "null");
	if (field->text != NULL)
		json_object_set_new(schema, "description", json_string(field->text));
	return schema;
}

json_t *report_schema(void)
{
	json_t *schema = json_pack("{s:s, s:s, s:s}", "$schema",
		"https://json-schema.org/draft/2020-12/schema", "title", "preflight report",
		"description", "What `preflight run --format json` writes.");
	json_t *body = schema_object(shape_report);

	json_object_update(schema, body);
	json_decref(body);
	return schema;
}
