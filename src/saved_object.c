#include "saved_object.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "facts.h"
#include "report/internal.h"

#define STRING_MAX (4 * FACT_STRING_MAX + 8) /* bytes of a text; what saved_make writes fits */
#define NUMBER_MAX 1000000000                /* of numbers that count neither bytes nor seconds */

/* ---- messages ---- */

void saved_wrong(struct reader *r, const char *path, const char *fmt, ...)
{
	struct strbuf text;
	va_list ap;

	strbuf_init(&text, 1024);
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	diags_add(r->diags, r->file, 0, 0, "%s: %s", path, text.data);
	strbuf_release(&text);
}

void saved_wrong_type(struct reader *r, const char *path, const json_t *value, const char *expected)
{
	saved_wrong(r, path, "must be %s, not %s", expected, json_type_words(value));
}

/* ---- members ---- */

void saved_join_path(char path[PATH_SIZE], const char *outer, const char *name)
{
	snprintf(path, PATH_SIZE, "%s%s%s", outer, *outer != '\0' ? "." : "", name);
}

static void read_string(
	struct reader *r, const char *path, const json_t *value, const struct member *m, void *at)
{
	const char *text = json_string_value(value);
	size_t most = m->type == MEMBER_TEXT ? m->size - 1 : STRING_MAX;

	if (text == NULL)
		saved_wrong_type(r, path, value, "text");
	else if (strlen(text) > most)
		saved_wrong(r, path, "is longer than %zu bytes", most);
	else if (m->accepts != NULL && !m->accepts(text))
		saved_wrong(r, path, "\"%s\" must be %s", text, m->expected);
	else if (m->type == MEMBER_TEXT)
		memcpy(at, text, strlen(text) + 1);
	else
		*(const char **)at = text;
}

static void read_number(
	struct reader *r, const char *path, const json_t *value, const struct member *m, void *at)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value))
		saved_wrong_type(r, path, value, "a whole number");
	else if (number < 0)
		saved_wrong(r, path, "must not be negative");
	else if (m->type == MEMBER_SIZE)
		*(uint64_t *)at = (uint64_t)number;
	else if (number > NUMBER_MAX)
		saved_wrong(r, path, "must be at most %d", NUMBER_MAX);
	else if (m->type == MEMBER_INT)
		*(int *)at = (int)number;
	else
		*(long long *)at = number;
}

static void read_member(
	struct reader *r, const char *path, const json_t *value, const struct member *m, void *base)
{
	void *at = (char *)base + m->offset;

	switch (m->type) {
	case MEMBER_TEXT:
	case MEMBER_STRING:
		read_string(r, path, value, m, at);
		break;
	case MEMBER_INT:
	case MEMBER_LONG:
	case MEMBER_SIZE:
		read_number(r, path, value, m, at);
		break;
	case MEMBER_BOOL:
		if (json_is_boolean(value))
			*(bool *)at = json_is_true(value);
		else
			saved_wrong_type(r, path, value, "true or false");
		break;
	case MEMBER_PART:
		m->read(r, path, value, base);
		break;
	}
}

#define MEMBERS_MAX 24

static void unknown_member(struct reader *r, const char *path, const char *name,
	const struct member *members, size_t count)
{
	const char *names[MEMBERS_MAX + 1] = {NULL};
	const char *near;

	for (size_t i = 0; i < count && i < MEMBERS_MAX; i++)
		names[i] = members[i].name;
	near = diag_suggest(name, names);
	if (near != NULL)
		saved_wrong(r, path, "unknown key; did you mean %s?", near);
	else
		saved_wrong(r, path, "unknown key");
}

static const struct member *find_member(
	const struct member *members, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(members[i].name, name) == 0)
			return &members[i];
	return NULL;
}

bool saved_read_object(struct reader *r, const char *path, const json_t *value,
	const struct member *members, size_t count, void *base)
{
	char inner[PATH_SIZE];
	const char *name;
	json_t *item;

	if (!json_is_object(value)) {
		saved_wrong_type(r, *path != '\0' ? path : "the file", value, "an object");
		return false;
	}
	json_object_foreach((json_t *)(uintptr_t)value, name, item)
	{
		const struct member *m = find_member(members, count, name);

		saved_join_path(inner, path, name);
		if (m == NULL)
			unknown_member(r, inner, name, members, count);
		else
			read_member(r, inner, item, m, base);
	}
	for (size_t i = 0; i < count; i++) {
		saved_join_path(inner, path, members[i].name);
		if (members[i].required && json_object_get(value, members[i].name) == NULL)
			saved_wrong(r, inner, "missing");
	}
	return true;
}
