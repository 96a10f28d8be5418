/*
 * Templates: "{name} … [only if {inner} exists|else this]". What counts as missing, besides an
 * absent name: null, false, an empty string, an empty list. true is there and prints nothing, so
 * that a bracket can ask for it. The value "list_separator" stands between the items of a list.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "report.h"

#define NAME_MAX_LEN 63
#define EXPAND_MAX   (16 * 1024)

/* Bytes of the name at `text`, which follows a '{'; 0 when it is not a name and a '}'. */
static size_t name_length(const char *text)
{
	size_t len = 0;

	while (islower((unsigned char)text[len]) || isdigit((unsigned char)text[len]) ||
		text[len] == '_')
		len++;
	return len > 0 && len <= NAME_MAX_LEN && text[len] == '}' ? len : 0;
}

static bool add_value(struct strbuf *out, const json_t *value, const char *separator);

/* Items that read the same are told once. */
static bool add_list(struct strbuf *out, const json_t *list, const char *separator)
{
	json_t *told = json_object();
	struct strbuf item;
	bool any = false;

	strbuf_init(&item, EXPAND_MAX);
	for (size_t i = 0; i < json_array_size(list); i++) {
		strbuf_reset(&item);
		if (!add_value(&item, json_array_get(list, i), separator) ||
			json_object_get(told, item.data) != NULL)
			continue;
		json_object_set_new(told, item.data, json_true());
		if (any)
			strbuf_adds(out, separator);
		strbuf_add(out, item.data, item.len);
		any = true;
	}
	strbuf_release(&item);
	json_decref(told);
	return any;
}

/* "VirtualBox 7.2.4" ends with "7.2.4". */
static bool ends_with_word(const char *text, const char *word)
{
	size_t len = strlen(text), most = strlen(word);

	return len > most && text[len - most - 1] == ' ' && strcmp(text + len - most, word) == 0;
}

/*
 * An object stands for what names it and its version, unless the name says it, as in a list of
 * products found or servers asked; one that says it is not connected is left out.
 */
static bool add_object(struct strbuf *out, const json_t *object)
{
	static const char *const naming[] = {"name", "server", "url", "id"};
	const char *version = json_string_value(json_object_get(object, "version"));
	const char *name = NULL;

	for (size_t i = 0; name == NULL && i < sizeof naming / sizeof naming[0]; i++)
		name = json_string_value(json_object_get(object, naming[i]));
	if (name == NULL || *name == '\0' || json_is_false(json_object_get(object, "connected")))
		return false;
	strbuf_adds(out, name);
	if (version != NULL && *version != '\0' && !ends_with_word(name, version))
		strbuf_addf(out, " %s", version);
	return true;
}

/* Appends a value; false when there is none. */
static bool add_value(struct strbuf *out, const json_t *value, const char *separator)
{
	if (value == NULL)
		return false;
	switch (json_typeof(value)) {
	case JSON_STRING:
		strbuf_adds(out, json_string_value(value));
		return json_string_length(value) > 0;
	case JSON_INTEGER:
		strbuf_addf(out, "%lld", (long long)json_integer_value(value));
		return true;
	case JSON_REAL:
		strbuf_addf(out, fabs(json_real_value(value)) < 10 ? "%.1f" : "%.0f",
			json_real_value(value));
		return true;
	case JSON_ARRAY:
		return add_list(out, value, separator);
	case JSON_OBJECT:
		return add_object(out, value);
	case JSON_TRUE:
		return true;
	case JSON_FALSE:
	case JSON_NULL:
		return false;
	}
	return false;
}

static bool add_named(struct strbuf *out, const json_t *values, const char *name)
{
	const char *separator = json_string_value(json_object_get(values, "list_separator"));

	return add_value(out, json_object_get(values, name), separator != NULL ? separator : ", ");
}

static const char *expand_bracket(struct strbuf *out, const char *at, const json_t *values);

/* Whether the text stands at the end of what is expanded: of an alternative, or of all. */
static bool is_end(const char *at, bool bracket)
{
	return *at == '\0' || (bracket && (*at == ']' || (*at == '|' && at[1] != '|')));
}

/* Expands up to the end of the text or, in a bracket, of an alternative. Returns where it stopped.
 */
static const char *expand(
	struct strbuf *out, const char *at, const json_t *values, bool bracket, bool *missing)
{
	char name[NAME_MAX_LEN + 1];

	while (!is_end(at, bracket)) {
		size_t len = *at == '{' ? name_length(at + 1) : 0;
		if (((*at == '{' || *at == '[') || (bracket && *at == '|')) && at[1] == *at) {
			strbuf_addc(out, *at);
			at += 2;
		} else if (len > 0) {
			memcpy(name, at + 1, len);
			name[len] = '\0';
			if (!add_named(out, values, name)) {
				*missing = true;
				strbuf_adds(out, "…");
			}
			at += len + 2;
		} else if (*at == '[' && !bracket) {
			at = expand_bracket(out, at + 1, values);
		} else {
			size_t plain = 1 + strcspn(at + 1, "{[]|");
			strbuf_add(out, at, plain);
			at += plain;
		}
	}
	return at;
}

/* Of the alternatives up to the ']' the first that misses nothing; none may be so. */
static const char *expand_bracket(struct strbuf *out, const char *at, const json_t *values)
{
	bool told = false, more = true;
	struct strbuf part;

	strbuf_init(&part, EXPAND_MAX);
	while (more) {
		bool hole = false;
		strbuf_reset(&part);
		at = expand(&part, at, values, true, &hole);
		if (!hole && !told)
			strbuf_add(out, part.data, part.len);
		told = told || !hole;
		more = *at == '|';
		at += *at != '\0';
	}
	strbuf_release(&part);
	return at;
}

void template_expand(struct strbuf *out, const char *text, const json_t *values)
{
	bool missing = false;

	expand(out, text, values, false, &missing);
}

const char *template_check(const char *text)
{
	bool bracket = false;

	for (const char *at = text; *at != '\0'; at++) {
		if ((*at == '{' || *at == '[') && at[1] == *at) {
			at++;
		} else if (*at == '{') {
			size_t len = name_length(at + 1);
			if (len == 0)
				return "'{' needs a name of a-z, 0-9 and _ (at most 63) and a '}'; "
				       "write \"{{\" for the character";
			at += len + 1;
		} else if (*at == '[') {
			if (bracket)
				return "'[' inside brackets; write \"[[\" for the character";
			bracket = true;
		} else if (*at == ']') {
			bracket = false;
		}
	}
	return bracket ? "'[' without a ']'" : NULL;
}
