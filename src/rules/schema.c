/* JSON Schema 2020-12 from the rows. */
#include "schema.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "fields.h"
#include "scalar.h"

static json_t *ref(const char *name)
{
	return json_pack("{s:s+}", "$ref", "#/$defs/", name);
}

static json_t *words(const char *const *names)
{
	json_t *list = json_array();

	for (; *names != NULL; names++)
		json_array_append_new(list, json_string(*names));
	return json_pack("{s:o}", "enum", list);
}

static json_t *integer(const struct check_key *key)
{
	long long min, max;

	key_bounds(key, &min, &max);
	return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)min,
		"maximum", (json_int_t)max);
}

/* A text that stands without quotes in YAML may be a number to a schema's eyes: 22.04. */
static json_t *string(const struct check_key *key)
{
	long long max = key->max > 0 ? key->max : RULES_MAX_STRING;
	json_t *schema = json_pack("{s:[s,s], s:i, s:I}", "type", "string", "number", "minLength",
		1, "maxLength", (json_int_t)max);

	if (key->type == KEY_HOST || key->type == KEY_CERTIFICATE)
		json_object_set_new(schema, "pattern", json_string(PATTERN_ID));
	return schema;
}

static json_t *one_or_list(json_t *item, bool required)
{
	json_t *list =
		json_pack("{s:s, s:O, s:b}", "type", "array", "items", item, "uniqueItems", 1);

	if (required)
		json_object_set_new(list, "minItems", json_integer(1));
	return json_pack("{s:[o,o]}", "anyOf", item, list);
}

static json_t *pattern(const char *regex)
{
	return json_pack("{s:s, s:s}", "type", "string", "pattern", regex);
}

static json_t *date(const struct check_key *key)
{
	if (key->min != -1)
		return pattern(PATTERN_DATE);
	return json_pack("{s:[o,{s:s}]}", "anyOf", pattern(PATTERN_DATE), "const", "none");
}

static json_t *of_type(const struct check_key *key)
{
	switch (key->type) {
	case KEY_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case KEY_INT:
		return integer(key);
	case KEY_STR:
	case KEY_HOST:
	case KEY_CERTIFICATE:
		return string(key);
	case KEY_ENUM:
		return words(key->choices);
	case KEY_SIZE:
		return pattern(PATTERN_SIZE);
	case KEY_DURATION:
		return pattern(PATTERN_DURATION);
	case KEY_DATE:
		return date(key);
	case KEY_STRS:
	case KEY_SOFTWARE:
		return one_or_list(string(key), key->required);
	case KEY_TEXT:
		return ref("text");
	}
	return json_object();
}

static void describe(json_t *schema, const struct check_key *key)
{
	json_object_set_new(schema, "description",
		json_sprintf("%s%s", key->required ? "Required. " : "", key->text));
	if (key->fallback != NULL && key->type == KEY_BOOL)
		json_object_set_new(schema, "default", json_boolean(key->fallback[0] == 't'));
	else if (key->fallback != NULL && key->type == KEY_INT)
		json_object_set_new(
			schema, "default", json_integer(strtoll(key->fallback, NULL, 10)));
	else if (key->fallback != NULL && key->fallback[0] != '[')
		json_object_set_new(schema, "default", json_string(key->fallback));
}

static json_t *key_schema(const struct check_key *key)
{
	json_t *schema = of_type(key);

	describe(schema, key);
	return schema;
}

static json_t *type_names(void)
{
	json_t *list = json_array();

	for (size_t i = 0; check_types[i] != NULL; i++)
		json_array_append_new(list, json_string(check_types[i]->name));
	return json_pack("{s:o}", "enum", list);
}

static json_t *mapping(json_t *members)
{
	return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", members);
}

static json_t *field_schema(const struct field *field, const char *entry)
{
	json_t *schema = NULL;

	switch (field->store) {
	case STORE_REMEDY:
		schema = mapping(ref("text"));
		json_object_set_new(schema, "propertyNames", ref("cause-code"));
		break;
	case STORE_MATCHES:
		schema = json_pack(
			"{s:s, s:i, s:o}", "type", "array", "minItems", 1, "items", ref("match"));
		break;
	case STORE_TYPE:
		schema = type_names();
		break;
	case STORE_ENTRIES:
		schema = mapping(ref(entry));
		break;
	case STORE_STRING:
	case STORE_NAME:
	case STORE_NUMBER:
	case STORE_BOOL:
	case STORE_FLAG:
	case STORE_ENUM:
	case STORE_STRS:
	case STORE_TEXT:
	case STORE_ADDRESSES:
	case STORE_HOST:
	case STORE_CERTIFICATE:
		return key_schema(&field->key);
	}
	describe(schema, &field->key);
	return schema;
}

static json_t *properties(const struct field *fields, size_t count, const char *entry)
{
	json_t *object = json_object();

	for (size_t i = 0; i < count; i++)
		json_object_set_new(object, fields[i].key.name, field_schema(&fields[i], entry));
	return object;
}

static json_t *closed(json_t *members)
{
	return json_pack("{s:s, s:o, s:b}", "type", "object", "properties", members,
		"additionalProperties", 0);
}

/* Keys of one check type, given that `check` names it. */
static json_t *type_schema(const struct check_type *type)
{
	json_t *keys = json_object();

	for (size_t i = 0; i < type->key_count; i++)
		json_object_set_new(keys, type->keys[i].name, key_schema(&type->keys[i]));
	return json_pack("{s:{s:[s], s:{s:{s:s}}}, s:{s:s, s:o}}", "if", "required", "check",
		"properties", "check", "const", type->name, "then", "description", type->text,
		"properties", keys);
}

/* A check without `check` overrides one of another file: its keys are those of any type. */
static json_t *check_schema(const struct section *section)
{
	json_t *types = json_array();
	json_t *schema = json_pack("{s:s, s:o, s:o}", "type", "object", "properties",
		properties(section->fields, section->field_count, section->noun), "allOf", types);

	for (size_t i = 0; check_types[i] != NULL; i++)
		json_array_append_new(types, type_schema(check_types[i]));
	json_array_append_new(types, json_pack("{s:{s:{s:[s]}}, s:{s:b}}", "if", "not", "required",
					     "check", "then", "additionalProperties", 1));
	json_object_set_new(schema, "unevaluatedProperties", json_false());
	return schema;
}

static json_t *definitions(void)
{
	json_t *codes = json_array(), *defs = json_object();

	for (size_t i = 0; i < cause_count; i++)
		json_array_append_new(codes, json_string(cause_table[i].code));
	json_object_set_new(defs, "cause-code", json_pack("{s:o}", "enum", codes));
	json_t *one = json_pack("{s:[s,s], s:i, s:i}", "type", "string", "number", "minLength", 1,
		"maxLength", RULES_MAX_STRING);
	json_object_set_new(defs, "text",
		closed(json_pack("{s:O, s:o}", lang_name(LANG_JA), one, lang_name(LANG_EN), one)));
	json_object_set_new(
		defs, "match", closed(properties(match_fields, match_field_count, "match")));
	for (size_t s = 0; s < SECTION_COUNT; s++) {
		const struct section *section = &rule_sections[s];
		json_object_set_new(defs, section->noun,
			s == SECTION_CHECKS ? check_schema(section)
					    : closed(properties(section->fields,
						      section->field_count, section->noun)));
	}
	return defs;
}

static json_t *id_schema(const struct section *section)
{
	if (section->id_pattern == NULL)
		return ref("cause-code");
	return json_pack("{s:s, s:i}", "pattern", section->id_pattern, "maxLength", 64);
}

static json_t *section_schema(const struct section *section)
{
	json_t *schema;

	if (section->own_count > 0) {
		schema = closed(properties(section->own, section->own_count, section->noun));
	} else {
		schema = mapping(ref(section->noun));
		json_object_set_new(schema, "propertyNames", id_schema(section));
	}
	json_object_set_new(schema, "description", json_string(section->text));
	return schema;
}

json_t *rules_schema(void)
{
	json_t *sections = json_object();

	json_object_set_new(sections, "version",
		json_pack("{s:i, s:s}", "const", RULES_VERSION, "description",
			"Version of the rule file's format."));
	for (size_t s = 0; s < SECTION_COUNT; s++)
		json_object_set_new(
			sections, rule_sections[s].name, section_schema(&rule_sections[s]));
	return json_pack("{s:s, s:s, s:s, s:[s], s:o, s:b, s:o}", "$schema",
		"https://json-schema.org/draft/2020-12/schema", "title", "Rule file of preflight",
		"type", "object", "required", "version", "properties", sections,
		"additionalProperties", 0, "$defs", definitions());
}
