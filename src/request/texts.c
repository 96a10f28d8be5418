/* Small things about texts and lists that all parts of the sheet use. */
#include <string.h>

#include "facts.h"
#include "internal.h"
#include "report.h"
#include "strbuf.h"

#define TEXT_MAX (16 * 1024)

/* The values as one language sees them. */
static json_t *values_in(json_t *values, enum lang lang)
{
	json_t *own = json_object();
	const char *name;
	json_t *value;

	json_object_foreach(values, name, value)
	{
		json_t *text = json_object_get(value, lang_name(lang));
		json_object_set(own, name, text != NULL ? text : value);
	}
	json_object_set_new(own, "list_separator", json_string(message(lang, "list.separator")));
	return own;
}

json_t *say(const char *id, json_t *values)
{
	json_t *text = json_object();
	struct strbuf out;

	strbuf_init(&out, TEXT_MAX);
	for (int i = 0; i < LANG_COUNT; i++) {
		json_t *own = values_in(values, (enum lang)i);
		strbuf_reset(&out);
		template_expand(&out, message((enum lang)i, id), own);
		json_t *string = json_stringn(out.data, out.len);
		if (string == NULL) /* the cap may have cut a character; JSON wants whole ones */
			string = facts_safe_string(out.data, out.len);
		json_object_set_new(text, lang_name((enum lang)i), string);
		json_decref(own);
	}
	strbuf_release(&out);
	return text;
}

const char *text_of(const json_t *object, const char *name, enum lang lang)
{
	const json_t *text = json_object_get(object, name);
	const char *found = json_string_value(json_object_get(text, lang_name(lang)));

	return found != NULL ? found : "";
}

bool list_has(const json_t *list, const char *text)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *item = json_string_value(json_array_get(list, i));
		if (item != NULL && strcmp(item, text) == 0)
			return true;
	}
	return false;
}

void add_once(json_t *list, const char *text)
{
	if (text != NULL && !list_has(list, text))
		json_array_append_new(list, json_string(text));
}

void join(struct strbuf *out, const json_t *list, enum lang lang)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *item = json_string_value(json_array_get(list, i));
		strbuf_adds(out, i > 0 ? message(lang, "list.separator") : "");
		strbuf_adds(out, item != NULL ? item : "");
	}
}

const char *word_of(const char *prefix, const char *word, enum lang lang)
{
	char id[128];

	snprintf(id, sizeof id, "%s.%s", prefix, word);
	const char *text = message_or_null(lang, id);
	return text != NULL ? text : word;
}
