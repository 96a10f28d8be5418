/* Whether a saved report can be shown: by the table of its shape, then part against part. */
#include "facts.h"
#include "report_valid.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "report_build.h"
#include "shape.h"
#include "walk.h"

#define WHAT_MAX   512
#define SHOWN_MAX  60               /* bytes of a wrong text that are shown */
#define LIST_MAX   5000             /* a rule file has some dozen checks */
#define NUMBER_MAX 9007199254740991 /* every program reads a number up to here alike */

void walk_wrong(struct walk *w, const char *fmt, ...)
{
	struct strbuf what;
	va_list ap;

	if (w->count >= REPORT_PROBLEMS_MAX)
		return;
	w->count++;
	strbuf_init(&what, WHAT_MAX);
	va_start(ap, fmt);
	strbuf_vaddf(&what, fmt, ap);
	va_end(ap);
	w->fn(w->arg, &w->place, what.data);
	strbuf_release(&what);
}

void walk_in(struct walk *w, const char *member, size_t index)
{
	assert(w->place.depth < REPORT_DEPTH); /* the table is less deep */
	w->place.steps[w->place.depth++] = (struct report_step){.member = member, .index = index};
}

void walk_out(struct walk *w)
{
	w->place.depth--;
}

void report_place_text(const struct report_place *place, struct strbuf *out)
{
	for (size_t i = 0; i < place->depth; i++) {
		const struct report_step *step = &place->steps[i];
		if (step->member == NULL)
			strbuf_addf(out, "[%zu]", step->index);
		else
			strbuf_addf(out, "%s%s", i > 0 ? "." : "", step->member);
	}
}

/* ---- strings ---- */

static bool all_of(const char *text, const char *characters)
{
	return *text != '\0' && text[strspn(text, characters)] == '\0';
}

static bool is_code(const char *text)
{
	size_t family = strspn(text, "abcdefghijklmnopqrstuvwxyz");

	return family > 0 && text[family] == '.' &&
	       all_of(text + family + 1, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

static bool is_sha256(const char *text)
{
	return strlen(text) == 64 && all_of(text, "0123456789abcdef");
}

static bool is_version(const char *text)
{
	return strncmp(text, REPORT_SCHEMA_MAJOR ".", 2) == 0 && all_of(text + 2, "0123456789");
}

static bool is_time(const char *text)
{
	static const char form[] = "-00-00T00:00:00Z";
	size_t year = strspn(text, "0123456789");

	if (year < 4 || year > 9 || strlen(text + year) != sizeof form - 1)
		return false;
	for (size_t i = 0; form[i] != '\0'; i++) {
		char c = text[year + i];
		if (form[i] == '0' ? c < '0' || c > '9' : c != form[i])
			return false;
	}
	return true;
}

static const struct {
	const char *pattern;
	bool (*accepts)(const char *text);
	const char *expected;
} patterns[] = {
	{PATTERN_CODE, is_code, "a cause code such as udp.silent"},
	{PATTERN_SHA256, is_sha256, "64 hexadecimal digits"},
	{PATTERN_VERSION, is_version, "a version such as " REPORT_SCHEMA_VERSION},
	{PATTERN_TIME, is_time, "a time such as 2026-11-21T09:30:00Z"},
};

/* "…" is what the value is: its text where it is short. */
static void wrong_value(struct walk *w, const json_t *value, const char *expected)
{
	const char *text = json_string_value(value);

	if (text != NULL && strlen(text) <= SHOWN_MAX)
		walk_wrong(w, "\"%s\" must be %s", text, expected);
	else
		walk_wrong(w, "must be %s, not %s", expected, json_type_words(value));
}

static void check_string(struct walk *w, const json_t *value, const char *pattern)
{
	if (!json_is_string(value)) {
		wrong_value(w, value, "text");
		return;
	}
	for (size_t i = 0; pattern != NULL && i < sizeof patterns / sizeof patterns[0]; i++)
		if (strcmp(patterns[i].pattern, pattern) == 0 &&
			!patterns[i].accepts(json_string_value(value)))
			wrong_value(w, value, patterns[i].expected);
}

static void check_word(struct walk *w, const json_t *value, const char *const *words)
{
	struct strbuf expected;

	for (size_t i = 0; json_is_string(value) && words[i] != NULL; i++)
		if (strcmp(json_string_value(value), words[i]) == 0)
			return;
	strbuf_init(&expected, WHAT_MAX);
	for (size_t i = 0; words[i] != NULL; i++)
		strbuf_addf(&expected, "%s%s",
			i == 0                 ? ""
			: words[i + 1] == NULL ? " or "
					       : ", ",
			words[i]);
	wrong_value(w, value, expected.data);
	strbuf_release(&expected);
}

/* ---- by the table ---- */

static void check_object(struct walk *w, const json_t *object, const struct field *shape);

static void check_item(struct walk *w, const json_t *item, const struct field *field)
{
	if (field->kind == KIND_STRINGS)
		check_string(w, item, NULL);
	else if (field->kind == KIND_WORDS)
		check_word(w, item, field->words);
	else
		check_object(w, item, field->shape);
}

static void check_list(struct walk *w, const json_t *list, const struct field *field)
{
	if (!json_is_array(list))
		wrong_value(w, list, "a list");
	if (json_array_size(list) > LIST_MAX) {
		walk_wrong(
			w, "has %zu items; at most %d are read", json_array_size(list), LIST_MAX);
		return;
	}
	for (size_t i = 0; i < json_array_size(list); i++) {
		walk_in(w, NULL, i);
		check_item(w, json_array_get(list, i), field);
		walk_out(w);
	}
}

static void check_numbers(struct walk *w, json_t *object)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		wrong_value(w, object, "an object");
	json_object_foreach(object, name, value)
	{
		walk_in(w, name, 0);
		if (!json_is_number(value))
			wrong_value(w, value, "a number");
		walk_out(w);
	}
}

static void check_integer(struct walk *w, const json_t *value)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value))
		wrong_value(w, value, "a whole number");
	else if (number < 0 || number > NUMBER_MAX)
		walk_wrong(
			w, "%lld must be from 0 to %lld", (long long)number, (long long)NUMBER_MAX);
}

static void check_kind(struct walk *w, json_t *value, const struct field *field)
{
	if (field->nullable && json_is_null(value))
		return;
	switch (field->kind) {
	case KIND_STRING:
		check_string(w, value, field->pattern);
		break;
	case KIND_TEXT:
		check_object(w, value, shape_text);
		break;
	case KIND_INTEGER:
		check_integer(w, value);
		break;
	case KIND_BOOL:
		if (!json_is_boolean(value))
			wrong_value(w, value, "true or false");
		break;
	case KIND_WORD:
		check_word(w, value, field->words);
		break;
	case KIND_STRINGS:
	case KIND_WORDS:
	case KIND_OBJECTS:
		check_list(w, value, field);
		break;
	case KIND_OBJECT:
		check_object(w, value, field->shape);
		break;
	case KIND_FACTS:
		if (!json_is_object(value))
			wrong_value(w, value, "an object");
		break;
	case KIND_NUMBERS:
		check_numbers(w, value);
		break;
	}
}

static void check_object(struct walk *w, const json_t *object, const struct field *shape)
{
	if (!json_is_object(object)) {
		wrong_value(w, object, "an object");
		return;
	}
	for (; shape->name != NULL; shape++) {
		json_t *value = json_object_get(object, shape->name);
		walk_in(w, shape->name, 0);
		if (value != NULL)
			check_kind(w, value, shape);
		else if (!shape->optional)
			walk_wrong(w, "missing");
		walk_out(w);
	}
}

/* ---- what it is at all ---- */

/* Another kind of document, or one that only a newer program reads, is told alone. */
static void check_version(struct walk *w, const json_t *report)
{
	const char *schema = json_string_value(json_object_get(report, "schema"));
	const char *version = json_string_value(json_object_get(report, "schema_version"));

	if (!json_is_object(report)) {
		walk_wrong(w, "not a JSON object");
	} else if (json_object_get(report, "preflight-inventory") != NULL) {
		walk_wrong(w, "this is a terminal's inventory, not a report; see run --inventory");
	} else if (schema == NULL || strcmp(schema, REPORT_SCHEMA) != 0) {
		walk_in(w, "schema", 0);
		walk_wrong(w, "must be \"" REPORT_SCHEMA "\": this is not a report of preflight");
		walk_out(w);
	} else if (version != NULL && version[0] >= '0' && version[0] <= '9' &&
		   strncmp(version, REPORT_SCHEMA_MAJOR ".", 2) != 0) {
		walk_in(w, "schema_version", 0);
		walk_wrong(w,
			"%.20s is another version than this program's, which "
			"reads " REPORT_SCHEMA_MAJOR ".x; use a newer preflight",
			version);
		walk_out(w);
	}
}

size_t report_problems(const json_t *report, report_problem_fn *fn, void *arg)
{
	struct walk w = {.fn = fn, .arg = arg};

	check_version(&w, report);
	if (w.count == 0)
		check_object(&w, report, shape_report);
	if (w.count == 0)
		walk_parts(&w, report);
	return w.count;
}

static void keep_first(void *arg, const struct report_place *place, const char *what)
{
	struct strbuf *why = arg;

	if (why->len > 0)
		return;
	report_place_text(place, why);
	strbuf_addf(why, "%s%s", why->len > 0 ? ": " : "", what);
}

bool report_valid(const json_t *report, struct strbuf *why)
{
	return report_problems(report, keep_first, why) == 0;
}
