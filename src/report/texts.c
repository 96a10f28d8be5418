/* The document's texts: from the rule file's causes and the catalogue, in every language. */
#include <assert.h>
#include <string.h>

#include "cause.h"
#include "internal.h"

#define TEXT_MAX (16 * 1024)

static_assert(LANG_COUNT == 2, "1 - lang is the other language");

const char *run_state_name(enum run_state state)
{
	static const char *const names[] = {
		[RUN_SKIPPED] = "skipped",
		[RUN_WAITING] = "waiting",
		[RUN_FINISHED] = "finished",
		[RUN_DEADLINE] = "deadline",
		[RUN_INTERRUPTED] = "interrupted",
		[RUN_NOT_SAVED] = "not-saved",
	};
	return names[state];
}

/* A text as it stands; a language that is not given shows the other. */
json_t *text_plain(const struct text *text)
{
	json_t *object = json_object();

	for (int i = 0; i < LANG_COUNT; i++) {
		const char *own = text->in[i] != NULL ? text->in[i] : text->in[1 - i];
		json_object_set_new(object, lang_name((enum lang)i), json_string(own ? own : ""));
	}
	return object;
}

bool text_given(const struct text *text)
{
	return text->in[LANG_JA] != NULL || text->in[LANG_EN] != NULL;
}

/* Adds what does not come from the result; an object holds a value for each language. */
static void add_extra(json_t *values, json_t *extra, enum lang lang)
{
	const char *name;
	json_t *value;

	json_object_foreach(extra, name, value)
	{
		json_t *own = json_object_get(value, lang_name(lang));
		json_object_set(values, name, own != NULL ? own : value);
	}
}

void text_source_release(struct text_source *source)
{
	json_decref(source->extra);
	for (int i = 0; i < LANG_COUNT; i++)
		json_decref(source->values[i]);
}

static json_t *values_in(struct text_source *source, enum lang lang)
{
	if (source->values[lang] == NULL) {
		source->values[lang] = report_values(source->result, lang);
		add_extra(source->values[lang], source->extra, lang);
	}
	return source->values[lang];
}

/* A template in one language. One without any name is itself, and needs no values. */
static json_t *expand_in(const char *template, struct text_source *source, enum lang lang)
{
	struct strbuf out;

	if (strpbrk(template, "{[") == NULL)
		return json_string(template);
	strbuf_init(&out, TEXT_MAX);
	template_expand(&out, template, values_in(source, lang));
	json_t *string = json_stringn(out.data, out.len);
	if (string == NULL) /* the cap may have cut a character; JSON wants whole ones */
		string = facts_safe_string(out.data, out.len);
	strbuf_release(&out);
	return string;
}

json_t *text_expand(const struct text *text, struct text_source *source)
{
	json_t *object = json_object();

	for (int i = 0; i < LANG_COUNT; i++) {
		const char *own = text->in[i] != NULL ? text->in[i] : text->in[1 - i];
		json_object_set_new(
			object, lang_name((enum lang)i), expand_in(own, source, (enum lang)i));
	}
	return object;
}

/* Fills a text from the catalogue; false when the id is unknown. Borrowed strings. */
static bool catalogue_text(struct text *text, const char *id)
{
	for (int i = 0; i < LANG_COUNT; i++)
		text->in[i] = (char *)(uintptr_t)message_or_null((enum lang)i, id);
	return text->in[LANG_JA] != NULL;
}

static json_t *catalogue_evidence(struct text_source *source)
{
	const struct result *result = source->result;
	const char *type = result->check->type->name;
	struct text text;
	char id[128];

	snprintf(id, sizeof id, "evidence.%s.%s", type, verdict_name(result->verdict));
	if (!catalogue_text(&text, id)) {
		snprintf(id, sizeof id, "evidence.%s", type);
		if (!catalogue_text(&text, id))
			return json_null();
	}
	return text_expand(&text, source);
}

static json_t *fixed_evidence(struct text_source *source, const char *prefix, const char *word)
{
	struct text text;
	char id[128];

	snprintf(id, sizeof id, "%s.%s", prefix, word);
	return catalogue_text(&text, id) ? text_expand(&text, source) : json_null();
}

void text_source_init(struct text_source *source, const struct result *result,
	const struct rules *rules, json_t *extra)
{
	*source = (struct text_source){.result = result, .rules = rules, .extra = extra};
	products_add_values(extra, result, rules);
}

static json_t *own_evidence(struct text_source *source)
{
	const struct result *result = source->result;
	const struct rule_cause *cause = NULL;

	if (result->skip != SKIP_NONE)
		return fixed_evidence(source, "skip", skip_reason_name(result->skip));
	if (result->cause != NULL)
		cause = rules_cause(source->rules, result->cause);
	if (cause != NULL && text_given(&cause->evidence))
		return text_expand(&cause->evidence, source);
	if (result->state == RUN_DEADLINE || result->state == RUN_INTERRUPTED)
		return fixed_evidence(source, "state", run_state_name(result->state));
	return catalogue_evidence(source);
}

/* Adds a sentence of the catalogue to each language. */
static void add_note(json_t *text, const char *id)
{
	for (int i = 0; json_is_object(text) && i < LANG_COUNT; i++) {
		const char *name = lang_name((enum lang)i);
		const char *told = json_string_value(json_object_get(text, name));
		if (told != NULL)
			json_object_set_new(text, name,
				json_sprintf("%s%s%s", told,
					i == LANG_EN && *told != '\0' ? " " : "",
					message((enum lang)i, id)));
	}
}

json_t *text_with_notes(json_t *evidence, const struct text_source *source)
{
	if (facts_get_bool(source->result->facts, "certificate_withheld", false))
		add_note(evidence, "note.withheld");
	return evidence;
}

json_t *text_evidence(struct text_source *source)
{
	return text_with_notes(own_evidence(source), source);
}

/* The check's own text for the cause, else the cause's. */
const struct text *remedy_text(
	const struct result *result, const char *code, const struct rules *rules)
{
	const struct rule_cause *cause = rules_cause(rules, code);

	for (size_t i = 0; i < result->check->remedy_count; i++) {
		const struct rule_remedy *own = &result->check->remedies[i];
		if (strcmp(own->cause, code) == 0 && text_given(&own->text))
			return &own->text;
	}
	return cause != NULL && text_given(&cause->remedy) ? &cause->remedy : NULL;
}

void text_drop_blank_lines(json_t *text)
{
	const char *key;
	json_t *value;

	json_object_foreach(text, key, value)
	{
		const char *from = json_string_value(value);
		struct strbuf lines;
		strbuf_init(&lines, TEXT_MAX);
		for (size_t len; *from != '\0'; from += len + (from[len] == '\n')) {
			len = strcspn(from, "\n");
			if (len > 0 && lines.len > 0)
				strbuf_addc(&lines, '\n');
			strbuf_add(&lines, from, len);
		}
		json_string_setn(value, lines.data, lines.len);
		strbuf_release(&lines);
	}
}

json_t *text_remedy(struct text_source *source, const char *code)
{
	const struct text *text = remedy_text(source->result, code, source->rules);
	json_t *object = text != NULL ? text_expand(text, source) : json_null();

	products_append_remedies(object, source->result, source->rules);
	text_drop_blank_lines(object);
	return object;
}

json_t *segment_list(unsigned segments)
{
	json_t *array = json_array();

	for (int i = 0; i < SEGMENT_COUNT; i++)
		if (segments & 1u << i)
			json_array_append_new(
				array, json_string(segment_name((enum segment)(1 << i))));
	return array;
}

json_t *actor_list(unsigned actors)
{
	json_t *array = json_array();

	for (int i = 0; i < ACTOR_COUNT; i++)
		if (actors & 1u << i)
			json_array_append_new(array, json_string(actor_name((enum actor)(1 << i))));
	return array;
}
