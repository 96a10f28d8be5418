#include "outcome.h"

#include <string.h>

#define LINE_MAX (16 * 1024)

enum outcome outcome_of(const json_t *report, const json_t *check)
{
	bool waived = json_is_string(json_object_get(check, "waived"));
	bool strict = json_is_true(json_object_get(report, "strict"));

	if (member_is(check, "verdict", "pass"))
		return OUTCOME_MET;
	if (member_is(check, "verdict", "fail"))
		return waived ? OUTCOME_OPEN : OUTCOME_BROKEN;
	if (member_is(check, "verdict", "warn"))
		return strict && outcome_is_warning(check) ? OUTCOME_BROKEN : OUTCOME_MET;
	if (member_is(check, "verdict", "unknown"))
		return member_is(check, "severity", "required") && !waived ? OUTCOME_OPEN
									   : OUTCOME_ASIDE;
	return member_is(check, "verdict", "manual") ? OUTCOME_PERSON : OUTCOME_ASIDE;
}

bool outcome_is_warning(const json_t *check)
{
	return member_is(check, "verdict", "warn") && !member_is(check, "severity", "info") &&
	       !json_is_string(json_object_get(check, "waived"));
}

bool outcome_needs_line(const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");

	for (size_t i = 0; i < json_array_size(checks); i++) {
		enum outcome outcome = outcome_of(report, json_array_get(checks, i));
		if (outcome == OUTCOME_BROKEN || outcome == OUTCOME_OPEN)
			return false;
	}
	return !member_is(report, "verdict", "ready");
}

struct sheet outcome_sheet(FILE *out, const json_t *report, const struct report_options *options)
{
	return (struct sheet){
		.page = {.out = out, .lang = options->lang},
		.report = report,
		.verbosity = options->verbosity,
	};
}

const char *outcome_title(const struct sheet *sheet, const json_t *check)
{
	const char *title = member_text(sheet, check, "title");

	return title != NULL ? title : member_string(check, "id");
}

void outcome_line(struct strbuf *out, const char *text, const char *bad, const char *good)
{
	struct strbuf safe;

	strbuf_init(&safe, LINE_MAX);
	safe_append(&safe, text, true);
	size_t end = safe.len;
	while (end > 0 && safe.data[end - 1] == '\n')
		end--;
	for (size_t i = 0; i < end; i++) {
		char c = safe.data[i];
		if (c == '\n')
			strbuf_addc(out, ' ');
		else if (strchr(bad, c) != NULL)
			strbuf_adds(out, good);
		else
			strbuf_addc(out, c);
	}
	strbuf_release(&safe);
}

void outcome_words(const struct sheet *sheet, struct strbuf *out, const json_t *list,
	const char *prefix, const char *between)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *word = json_string_value(json_array_get(list, i));
		if (word == NULL)
			continue;
		strbuf_adds(out, i > 0 ? sheet_message(sheet, between) : "");
		strbuf_adds(out, prefix != NULL ? sheet_word(sheet, prefix, word) : word);
	}
}

static void add_part(struct strbuf *out, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	strbuf_adds(out, out->len > 0 ? " - " : "");
	strbuf_adds(out, text);
}

void outcome_reason(const struct sheet *sheet, struct strbuf *out, const json_t *check)
{
	json_t *waived = json_object_get(check, "waived");
	const json_t *cause = root_of(sheet->report, check);
	const char *evidence = member_text(sheet, check, "evidence");

	if (json_string_length(waived) > 0)
		sheet_note(sheet, out, "format.waived", json_incref(waived));
	if (member_is(check, "verdict", "manual")) {
		add_part(out, member_text(sheet, check, "question"));
		return;
	}
	if (cause != NULL)
		add_part(out, member_text(sheet, cause, "title"));
	if (out->len == 0 || evidence != NULL)
		add_part(out, evidence);
}
