#include "facts.h"

#include <string.h>

#include "strbuf.h"
#include "utf8.h"

void facts_init(struct facts *f)
{
	f->object = json_object();
}

void facts_release(struct facts *f)
{
	json_decref(f->object);
	f->object = NULL;
}

json_t *facts_safe_string(const char *bytes, size_t len)
{
	struct strbuf sb;
	size_t i = 0;

	strbuf_init(&sb, FACT_STRING_MAX + 16);
	while (i < len && sb.len < FACT_STRING_MAX) {
		uint32_t code = 0;
		size_t size = utf8_decode(bytes + i, len - i, &code);
		if (size == 0 || utf8_is_control(code)) {
			strbuf_addf(&sb, "\\x%02X", (unsigned char)bytes[i]);
			i++;
		} else {
			strbuf_add(&sb, bytes + i, size);
			i += size;
		}
	}
	if (i < len)
		strbuf_adds(&sb, "…");
	json_t *string = json_stringn_nocheck(sb.data, sb.len);
	strbuf_release(&sb);
	return string;
}

void facts_json(struct facts *f, const char *name, json_t *value)
{
	json_object_set_new(f->object, name, value);
}

void facts_bytes(struct facts *f, const char *name, const void *bytes, size_t len)
{
	if (bytes != NULL)
		facts_json(f, name, facts_safe_string(bytes, len));
}

void facts_str(struct facts *f, const char *name, const char *value)
{
	if (value != NULL)
		facts_bytes(f, name, value, strlen(value));
}

void facts_int(struct facts *f, const char *name, long long value)
{
	facts_json(f, name, json_integer(value));
}

void facts_real(struct facts *f, const char *name, double value)
{
	facts_json(f, name, json_real(value));
}

void facts_bool(struct facts *f, const char *name, bool value)
{
	facts_json(f, name, json_boolean(value));
}

void facts_list(struct facts *f, const char *name)
{
	if (!json_is_array(json_object_get(f->object, name)))
		facts_json(f, name, json_array());
}

void facts_add(struct facts *f, const char *name, const char *value)
{
	facts_list(f, name);
	if (value != NULL)
		json_array_append_new(
			json_object_get(f->object, name), facts_safe_string(value, strlen(value)));
}

const json_t *facts_get(const struct facts *f, const char *name)
{
	return json_object_get(f->object, name);
}

bool facts_has(const struct facts *f, const char *name)
{
	const json_t *value = facts_get(f, name);
	return value != NULL && !json_is_null(value);
}

const char *facts_get_str(const struct facts *f, const char *name)
{
	return json_string_value(facts_get(f, name));
}

long long facts_get_int(const struct facts *f, const char *name, long long absent)
{
	const json_t *value = facts_get(f, name);
	return json_is_integer(value) ? json_integer_value(value) : absent;
}

bool facts_get_bool(const struct facts *f, const char *name, bool absent)
{
	const json_t *value = facts_get(f, name);
	return json_is_boolean(value) ? json_is_true(value) : absent;
}

size_t facts_count(const struct facts *f, const char *name)
{
	return json_array_size(facts_get(f, name));
}

const char *facts_item(const struct facts *f, const char *name, size_t i)
{
	return json_string_value(json_array_get(facts_get(f, name), i));
}

bool facts_list_has(const struct facts *f, const char *name, const char *value)
{
	for (size_t i = 0; i < facts_count(f, name); i++) {
		const char *item = facts_item(f, name, i);
		if (item != NULL && strcmp(item, value) == 0)
			return true;
	}
	return false;
}

const char *json_type_words(const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object",
		[JSON_ARRAY] = "a list",
		[JSON_STRING] = "text",
		[JSON_INTEGER] = "a whole number",
		[JSON_REAL] = "a number with a fraction",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};
	return names[json_typeof(value)];
}
