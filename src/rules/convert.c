/* Nodes to values: one reader per kind of key. */
#include "load.h"

#include <string.h>

#include "arena.h"
#include "scalar.h"

static const char *kind_name(const struct node *node)
{
	if (node->kind == NODE_LIST)
		return "a list";
	return node->kind == NODE_MAP ? "a mapping" : "a single value";
}

/* A scalar with something in it; `what` names what the key wants. */
static bool want_scalar(const struct loader *l, const struct path *path, const struct node *knode,
	const struct node *node, const char *what)
{
	if (node->kind == NODE_BAD)
		return false;
	if (node->kind != NODE_SCALAR)
		report(l, path, node, "%s was expected, not %s", what, kind_name(node));
	else if (node_is_null(node))
		report(l, path, knode, "has no value: %s was expected", what);
	else
		return true;
	return false;
}

bool want_map(const struct loader *l, const struct path *path, const struct node *knode,
	const struct node *node)
{
	if (node->kind == NODE_MAP)
		return true;
	if (node_is_null(node))
		report(l, path, knode, "has no value: a mapping was expected");
	else if (node->kind != NODE_BAD)
		report(l, path, node, "a mapping was expected, not %s", kind_name(node));
	return false;
}

const char *scalar_text(const struct loader *l, const struct path *path, const struct node *knode,
	const struct node *node)
{
	if (!want_scalar(l, path, knode, node, "a text"))
		return NULL;
	if (node_is_boolean(node)) {
		report(l, path, node, "%s is read as true or false by many programs: quote it",
			node->text);
		return NULL;
	}
	return node->text;
}

static bool read_bool(const struct loader *l, const struct path *path, const struct node *knode,
	const struct node *node, struct value *out)
{
	char buf[QUOTE_SIZE];

	if (!want_scalar(l, path, knode, node, "true or false"))
		return false;
	bool yes = strcmp(node->text, "true") == 0;
	if (!node->plain || (!yes && strcmp(node->text, "false") != 0)) {
		report(l, path, node, "%s is neither true nor false%s", quote(node->text, buf),
			node->plain ? "" : " (write them without quotes)");
		return false;
	}
	out->boolean = yes;
	return true;
}

static const char *scalar_number(
	const struct check_key *key, const struct node *node, long long *number)
{
	if (key->type == KEY_SIZE)
		return scalar_size(node->text, number);
	if (key->type == KEY_DURATION)
		return scalar_duration(node->text, number);
	return node->plain ? scalar_integer(node->text, number)
			   : "is a quoted text: a number without quotes was expected";
}

static bool read_number(const struct loader *l, const struct path *path,
	const struct check_key *key, const struct node *knode, const struct node *node,
	struct value *out)
{
	long long min, max, number = 0;
	bool capped = key_bounds(key, &min, &max);
	char buf[QUOTE_SIZE];
	const char *problem, *unit = key_unit(key);

	if (!want_scalar(l, path, knode, node, "a number"))
		return false;
	problem = scalar_number(key, node, &number);
	if (problem != NULL)
		report(l, path, node, "%s %s", quote(node->text, buf), problem);
	else if (number < min && !capped)
		report(l, path, node, "%s is less than %lld%s", quote(node->text, buf), min, unit);
	else if (number < min || number > max)
		report(l, path, node, "%s is not in %lld..%lld%s", quote(node->text, buf), min, max,
			unit);
	else
		out->number = number;
	return problem == NULL && number >= min && number <= max;
}

static bool read_date(const struct loader *l, const struct path *path, const struct check_key *key,
	const struct node *knode, const struct node *node, struct value *out)
{
	char buf[QUOTE_SIZE];
	long long days = -1;

	if (!want_scalar(l, path, knode, node, "a date"))
		return false;
	if (key->min != -1 || strcmp(node->text, "none") != 0) {
		const char *problem = scalar_date(node->text, &days);
		if (problem != NULL) {
			report(l, path, node, "%s %s%s", quote(node->text, buf), problem,
				key->min == -1 ? " (or none)" : "");
			return false;
		}
	}
	out->number = days;
	return true;
}

static bool read_choice(const struct loader *l, const struct path *path,
	const struct check_key *key, const struct node *knode, const struct node *node,
	struct value *out)
{
	char buf[QUOTE_SIZE], near[HINT_SIZE];
	struct strbuf all;

	if (!want_scalar(l, path, knode, node, "a word"))
		return false;
	for (int i = 0; key->choices[i] != NULL; i++) {
		if (strcmp(key->choices[i], node->text) != 0)
			continue;
		out->string = arena_strndup(l->rules->arena, node->text, node->count);
		out->number = i;
		return true;
	}
	strbuf_init(&all, 400);
	for (int i = 0; key->choices[i] != NULL; i++)
		strbuf_addf(&all, "%s%s", i > 0 ? ", " : "", key->choices[i]);
	report(l, path, node, "%s is none of %s%s", quote(node->text, buf), all.data,
		hint(l, node->text, key->choices, near));
	strbuf_release(&all);
	return false;
}

/* A text of one line within the key's bounds, or NULL after reporting. */
static const char *bounded_text(const struct loader *l, const struct path *path,
	const struct check_key *key, const struct node *knode, const struct node *node)
{
	char buf[QUOTE_SIZE];
	const char *text = scalar_text(l, path, knode, node);
	long long max = key->max > 0 ? key->max : RULES_MAX_STRING;

	if (text == NULL)
		return NULL;
	const char *problem = scalar_line(text);
	if (problem == NULL && (key->type == KEY_HOST || key->type == KEY_CERTIFICATE))
		problem = scalar_id(text);
	if (problem == NULL && key->type == KEY_SOFTWARE)
		problem = scalar_id_glob(text);
	if (problem == NULL && key->validate != NULL)
		problem = key->validate(text);
	if (problem != NULL)
		report(l, path, node, "%s %s", *text != '\0' ? quote(text, buf) : "the text",
			problem);
	else if ((long long)strlen(text) > max || (long long)strlen(text) < key->min)
		report(l, path, node, "%s has %zu bytes, %lld..%lld are allowed", quote(text, buf),
			strlen(text), key->min > 1 ? key->min : 1, max);
	else
		return text;
	return NULL;
}

static bool read_string(const struct loader *l, const struct path *path,
	const struct check_key *key, const struct node *knode, const struct node *node,
	struct value *out)
{
	const char *text = bounded_text(l, path, key, knode, node);

	if (text == NULL)
		return false;
	out->string = arena_strndup(l->rules->arena, text, node->count);
	return true;
}

static bool read_list(const struct loader *l, const struct path *path, const struct check_key *key,
	const struct node *knode, const struct node *node, struct value *out)
{
	const struct node *item = node->kind == NODE_LIST ? node->first : node;
	size_t most = node->kind == NODE_LIST ? node->count : 1;
	struct strs list = {.capacity = most};
	bool good = true;

	if (node->kind == NODE_LIST && node->count == 0 && key->required && !l->broken) {
		report(l, path, node, "the list is empty: at least one is needed");
		return false;
	}
	list.items = arena_alloc(l->rules->arena, most * sizeof list.items[0]);
	for (; item != NULL; item = node->kind == NODE_LIST ? item->next : NULL) {
		const char *text = bounded_text(l, path, key, item == node ? knode : item, item);
		good = good && text != NULL;
		if (text == NULL)
			continue;
		if (strs_contains(&list, text)) {
			report(l, path, item, "%s is listed twice", text);
			good = false;
		} else {
			list.items[list.count++] =
				arena_strndup(l->rules->arena, text, item->count);
		}
	}
	out->list = list;
	return good;
}

static bool read_language(const struct loader *l, const struct path *path,
	const struct check_key *key, const struct node *knode, const struct node *node, char **out)
{
	long long max = key->max > 0 ? key->max : RULES_MAX_STRING;
	const char *text = scalar_text(l, path, knode, node), *problem = NULL;

	if (text == NULL)
		return false;
	size_t len = strlen(text);
	while (len > 0 && text[len - 1] == '\n') /* a block scalar's last line feeds */
		len--;
	char *copy = arena_strndup(l->rules->arena, text, len);
	if (copy[strspn(copy, " \t\n")] == '\0')
		problem = "is empty";
	else if (key->validate != NULL)
		problem = key->validate(copy);
	if (problem != NULL)
		report(l, path, node, "the text %s", problem);
	else if ((long long)len > max)
		report(l, path, node, "the text has %zu bytes, more than the limit of %lld", len,
			max);
	else if (copy[0] != '\0') {
		*out = copy;
		return true;
	}
	return false;
}

bool text_read(struct loader *l, const struct path *path, const struct check_key *key,
	const struct node *knode, const struct node *node, struct text *out)
{
	static const char *const names[] = {"ja", "en", NULL};
	char buf[QUOTE_SIZE], near[HINT_SIZE];
	bool good = true;

	if (node->kind == NODE_SCALAR && !node_is_null(node)) {
		report(l, path, node, "both languages are needed: {ja: …, en: …}");
		return false;
	}
	if (!want_map(l, path, knode, node))
		return false;
	if (node->count == 0 && !l->broken) {
		report(l, path, node, "both languages are needed: {ja: …, en: …}");
		return false;
	}
	for (const struct node *k = node->first; k != NULL; k = k->next->next) {
		struct path at = {path, k->text, NULL};
		int lang = strcmp(k->text, "ja") == 0 ? LANG_JA : LANG_EN;
		if (strcmp(k->text, names[0]) != 0 && strcmp(k->text, names[1]) != 0) {
			report(l, path, k, "unknown language %s: ja and en are known%s",
				quote(k->text, buf), hint(l, k->text, names, near));
			good = false;
		} else if (!read_language(l, &at, key, k, k->next, &out->in[lang])) {
			good = false;
			if (out->in[lang] == NULL) /* reported here, so not missing later */
				out->in[lang] = arena_strndup(l->rules->arena, "", 0);
		}
	}
	if (out->in[LANG_JA] == NULL || out->in[LANG_EN] == NULL)
		place_note(l, path, knode);
	return good;
}

bool value_read(struct loader *l, const struct path *path, const struct check_key *key,
	const struct node *knode, const struct node *node, struct value *out)
{
	out->where = node_where(l, node);
	if (node->kind == NODE_BAD)
		return false;
	switch (key->type) {
	case KEY_BOOL:
		return read_bool(l, path, knode, node, out);
	case KEY_INT:
	case KEY_SIZE:
	case KEY_DURATION:
		return read_number(l, path, key, knode, node, out);
	case KEY_DATE:
		return read_date(l, path, key, knode, node, out);
	case KEY_ENUM:
		return read_choice(l, path, key, knode, node, out);
	case KEY_STR:
	case KEY_HOST:
	case KEY_CERTIFICATE:
		return read_string(l, path, key, knode, node, out);
	case KEY_STRS:
	case KEY_SOFTWARE:
		return read_list(l, path, key, knode, node, out);
	case KEY_TEXT:
		return text_read(l, path, key, knode, node, &out->text);
	}
	return false;
}
