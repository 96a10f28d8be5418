/*
 * expand list: every template that reports are made of, as JSON: where it stands, its language and
 * text, the check types that can give the cause that it speaks of.
 * expand: a JSON list of pairs, template and values, from standard input; their expansions.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "messages.h"
#include "report.h"
#include "rules.h"

#define TEXT_MAX (16 * 1024)

static bool gives(const struct check_type *type, const char *code)
{
	for (size_t i = 0; type->causes[i] != NULL; i++)
		if (strcmp(type->causes[i], code) == 0)
			return true;
	return false;
}

/* Those whose judge can give the cause: none for what only the diagnosis finds. */
static json_t *types_of(const char *code)
{
	json_t *types = json_array();

	for (size_t i = 0; check_types[i] != NULL; i++)
		if (gives(check_types[i], code))
			json_array_append_new(types, json_string(check_types[i]->name));
	return types;
}

static void add(json_t *list, const char *kind, const char *id, const char *part, enum lang lang,
	const char *text, json_t *types)
{
	if (text != NULL)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s, s:s, s:O}", "kind", kind, "id", id, "part",
				part, "lang", lang_name(lang), "text", text, "types", types));
}

static void add_text(json_t *list, const char *kind, const char *id, const char *part,
	const struct text *text, json_t *types)
{
	for (int i = 0; i < LANG_COUNT; i++)
		add(list, kind, id, part, (enum lang)i, text->in[i], types);
	json_decref(types);
}

static void add_causes(json_t *list, const struct rules *rules)
{
	for (size_t i = 0; i < rules->cause_count; i++) {
		const struct rule_cause *cause = &rules->causes[i];
		add_text(list, "cause", cause->code, "title", &cause->title, types_of(cause->code));
		add_text(list, "cause", cause->code, "evidence", &cause->evidence,
			types_of(cause->code));
		add_text(list, "cause", cause->code, "remedy", &cause->remedy,
			types_of(cause->code));
	}
}

static void add_check(json_t *list, const struct rule_check *check)
{
	const struct value *question = rule_given(check, "question");
	const char *type = check->type->name;

	for (size_t i = 0; i < check->remedy_count; i++)
		add_text(list, "check", check->id, check->remedies[i].cause,
			&check->remedies[i].text, json_pack("[s]", type));
	if (question != NULL)
		add_text(list, "check", check->id, "question", &question->text,
			json_pack("[s]", type));
}

static void add_messages(json_t *list)
{
	json_t *none = json_array();

	for (size_t t = 0; message_tables[t] != NULL; t++)
		for (size_t i = 0; message_tables[t]->templates && i < message_tables[t]->count;
			i++)
			for (int k = 0; k < LANG_COUNT; k++)
				add(list, "message", message_tables[t]->rows[i].id, "",
					(enum lang)k, message_tables[t]->rows[i].in[k], none);
	json_decref(none);
}

static json_t *list_templates(void)
{
	struct rule_source source = rules_builtin();
	struct diags diags = {0};
	struct rules *rules = rules_load(&source, 1, &diags);
	json_t *list = json_array();

	if (rules == NULL)
		return NULL;
	add_causes(list, rules);
	for (size_t i = 0; i < rules->check_count; i++)
		add_check(list, &rules->checks[i]);
	for (size_t i = 0; i < rules->software_count; i++)
		add_text(list, "software", rules->software[i].id, "remedy",
			&rules->software[i].remedy, json_array());
	add_messages(list);
	rules_free(rules);
	return list;
}

static json_t *expand_pairs(FILE *in)
{
	json_error_t error;
	json_t *pairs = json_loadf(in, 0, &error), *pair, *list = json_array();
	size_t i;

	json_array_foreach(pairs, i, pair)
	{
		const char *text = json_string_value(json_array_get(pair, 0));
		struct strbuf out;
		strbuf_init(&out, TEXT_MAX);
		template_expand(&out, text != NULL ? text : "", json_array_get(pair, 1));
		json_array_append_new(list, json_stringn(out.data, out.len));
		strbuf_release(&out);
	}
	json_decref(pairs);
	return list;
}

int main(int argc, char **argv)
{
	json_t *list =
		argc > 1 && strcmp(argv[1], "list") == 0 ? list_templates() : expand_pairs(stdin);
	if (list == NULL)
		return 1;
	json_dumpf(list, stdout, 0);
	json_decref(list);
	return 0;
}
