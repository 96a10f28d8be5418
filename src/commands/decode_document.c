/* The document of what a support code says. */
#include "decode.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "check_texts.h"
#include "mem.h"
#include "report/internal.h"
#include "select.h"
#include "strbuf.h"
#include "verdict.h"

#define TEXT_MAX (16 * 1024)

/* ---- causes ---- */

/* The checks that may show a cause: those that did not pass, and can. */
struct candidates {
	const struct rule_check **checks; /* owned */
	size_t count;
};

static bool is_problem(uint8_t verdict)
{
	return verdict == VERDICT_FAIL || verdict == VERDICT_UNKNOWN || verdict == VERDICT_WARN;
}

static void candidates_init(
	struct candidates *list, const struct support_content *content, const char *code)
{
	const struct plan *plan = &content->plan;

	list->checks = mem_alloc((plan->item_count + 1) * sizeof list->checks[0]);
	list->count = 0;
	for (size_t i = 0; content->verdicts != NULL && i < plan->item_count; i++)
		if (is_problem(content->verdicts[i]) && check_shows(plan->items[i].check, code))
			list->checks[list->count++] = plan->items[i].check;
}

/* What texts name; ports that differ are all named. */
static json_t *values_of(const struct candidates *list, enum lang lang)
{
	if (list->count == 0)
		return values_unknown(lang);
	json_t *values = checks_values(list->checks, list->count, lang);
	if (json_object_get(values, "port") != NULL || check_port(list->checks[0]) < 0)
		return values;
	json_t *ports = json_array();
	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(ports, json_integer(check_port(list->checks[i])));
	json_object_set_new(values, "port", ports);
	return values;
}

static json_t *expand(const struct text *text, const struct candidates *list)
{
	json_t *object = json_object();

	for (int i = 0; i < LANG_COUNT; i++) {
		enum lang lang = (enum lang)i;
		json_t *values = values_of(list, lang);
		struct strbuf out;
		strbuf_init(&out, TEXT_MAX);
		template_expand(&out, text_in(text, lang), values);
		json_t *string = json_stringn(out.data, out.len);
		if (string == NULL) /* the cap may have cut a character; JSON wants whole ones */
			string = facts_safe_string(out.data, out.len);
		json_object_set_new(object, lang_name(lang), string);
		strbuf_release(&out);
		json_decref(values);
	}
	return object;
}

static void add_texts(
	json_t *cause, const char *code, const struct candidates *list, const struct rules *rules)
{
	const struct rule_cause *rule = rules_cause(rules, code);
	const struct text *own =
		list->count > 0 ? checks_remedy(list->checks, list->count, code) : NULL;

	if (rule == NULL)
		return;
	json_object_set_new(cause, "title", expand(&rule->title, list));
	if (own == NULL && text_given(&rule->remedy))
		own = &rule->remedy;
	if (own == NULL)
		return;
	json_t *remedy = expand(own, list);
	text_drop_blank_lines(remedy);
	json_object_set_new(cause, "remedy", remedy);
}

static json_t *build_cause(
	int number, const struct support_content *content, const struct rules *rules)
{
	const struct cause_info *info = cause_numbered(number);
	json_t *cause = json_pack("{s:i}", "number", number), *ids = json_array();
	struct candidates list;

	if (info != NULL) {
		candidates_init(&list, content, info->code);
		json_object_set_new(cause, "code", json_string(info->code));
		add_texts(cause, info->code, &list, rules);
		json_object_set_new(cause, "segments", segment_list(info->segments));
		json_object_set_new(cause, "actors", actor_list(info->actors));
		for (size_t i = 0; i < list.count; i++)
			json_array_append_new(ids, json_string(list.checks[i]->id));
		free(list.checks);
	}
	json_object_set_new(cause, "checks", ids);
	return cause;
}

/* ---- the rest ---- */

static json_t *build_profiles(const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->profile_count; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:o}", "id", plan->profiles[i]->id, "title",
				      text_plain(&plan->profiles[i]->title)));
	return list;
}

static json_t *build_checks(const struct support_content *content)
{
	json_t *list = json_array();

	for (size_t i = 0; i < content->plan.item_count; i++) {
		const struct rule_check *check = content->plan.items[i].check;
		enum verdict verdict = (enum verdict)content->verdicts[i];
		json_t *word =
			verdict < VERDICT_COUNT ? json_string(verdict_name(verdict)) : json_null();
		json_array_append_new(
			list, json_pack("{s:s, s:o, s:s, s:o}", "id", check->id, "title",
				      text_plain(&check->title), "severity",
				      severity_name(check->severity), "verdict", word));
	}
	return list;
}

json_t *decode_document(
	const struct support_content *content, const struct rules *rules, const char *code)
{
	bool match = content->rules_match;
	json_t *document = json_object(), *causes = json_array();

	for (size_t i = 0; i < content->cause_count; i++)
		json_array_append_new(causes, build_cause(content->causes[i], content, rules));
	json_object_set_new(document, "schema", json_string("preflight-decoded"));
	json_object_set_new(document, "schema_version", json_string("1.0"));
	json_object_set_new(document, "code", json_string(code));
	json_object_set_new(document, "verdict", json_string(overall_name(content->overall)));
	json_object_set_new(
		document, "fingerprint", json_sprintf("%04x", (unsigned)content->fingerprint));
	json_object_set_new(document, "rules_match", json_boolean(match));
	json_object_set_new(
		document, "profiles", match ? build_profiles(&content->plan) : json_null());
	json_object_set_new(document, "phase",
		match ? json_string(phase_name(content->plan.phase)) : json_null());
	json_object_set_new(document, "causes", causes);
	json_object_set_new(document, "more_causes", json_boolean(content->more));
	json_object_set_new(document, "checks",
		content->verdicts != NULL ? build_checks(content) : json_null());
	return document;
}
