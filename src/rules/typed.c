/* The keys that a check has by its type. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"

static const char *hint_type(const struct loader *l, const char *word, char buf[HINT_SIZE])
{
	size_t count = 0;

	while (check_types[count] != NULL)
		count++;
	const char **names = mem_alloc((count + 1) * sizeof names[0]);
	for (size_t i = 0; i < count; i++)
		names[i] = check_types[i]->name;
	hint(l, word, names, buf);
	free(names);
	return buf;
}

static const struct node *find_key(const struct node *map, const char *name)
{
	for (const struct node *k = map->first; k != NULL; k = k->next->next)
		if (strcmp(k->text, name) == 0)
			return k;
	return NULL;
}

bool check_type_read(struct loader *l, const struct path *path, const struct node *knode,
	const struct node *map, struct rule_check *check)
{
	const struct node *key = find_key(map, "check");
	char buf[QUOTE_SIZE], near[HINT_SIZE];

	if (key == NULL) {
		if (check->type == NULL && !l->broken)
			report(l, path, knode,
				"the key check is missing, and no check of this id is known%s",
				hint_id(l, SECTION_CHECKS, check->id, check->id, near));
		return check->type != NULL;
	}
	struct path at = {path, "check", NULL};
	const char *name = scalar_text(l, &at, key, key->next);
	const struct check_type *type = name != NULL ? check_type_find(name) : NULL;
	if (name != NULL && type == NULL)
		report(l, &at, key->next, "unknown check type %s%s", quote(name, buf),
			hint_type(l, name, near));
	if (type != NULL && type != check->type) {
		check->type = type;
		check->values =
			arena_alloc(l->rules->arena, type->key_count * sizeof check->values[0]);
		check->remedies = NULL; /* of another type's causes */
		check->remedy_count = 0;
	}
	return type != NULL;
}

static const struct check_key *find_type_key(
	const struct check_type *type, const char *name, size_t *number)
{
	for (size_t i = 0; i < type->key_count; i++) {
		if (strcmp(type->keys[i].name, name) == 0) {
			*number = i;
			return &type->keys[i];
		}
	}
	return NULL;
}

bool check_key_read(struct loader *l, const struct path *path, const struct node *knode,
	const struct node *node, struct rule_check *check)
{
	size_t number;
	const struct check_key *key = find_type_key(check->type, knode->text, &number);

	if (key == NULL)
		return false;
	struct path at = {path, key->name, NULL};
	struct value *value = &check->values[number];
	value->set = value_read(l, &at, key, knode, node, value);
	if (value->set && key->type == KEY_SOFTWARE)
		refs_add(l, REF_SOFTWARE, &rule_sections[SECTION_CHECKS], check->id, key->name,
			node);
	return true;
}

/* A key's default is written as in a rule file. */
static void default_read(struct loader *l, const struct path *path, const struct check_key *key,
	const struct where *where, struct value *value)
{
	struct node plain = {.kind = NODE_SCALAR, .plain = true, .text = key->fallback};
	struct tree tree = {0};
	const struct node *node = &plain;

	plain.count = (uint32_t)strlen(key->fallback);
	if (strchr("[{'\"", key->fallback[0]) != NULL) {
		tree_parse(&tree, "(default)", key->fallback, strlen(key->fallback), l->diags);
		node = tree.root;
	}
	value->set = node != NULL && value_read(l, path, key, node, node, value);
	value->where = *where;
	tree_release(&tree);
}

static void host_find(
	struct loader *l, const struct path *path, const struct rules *rules, struct value *value)
{
	uint32_t at = index_get(&l->sections[SECTION_HOSTS].index, value->string);
	char near[HINT_SIZE];

	if (at == INDEX_NONE)
		report_at(l, path, &value->where, "unknown host %s%s", value->string,
			hint_id(l, SECTION_HOSTS, value->string, NULL, near));
	else
		value->host = &rules->hosts[at];
}

static void certificate_find(
	struct loader *l, const struct path *path, const struct rules *rules, struct value *value)
{
	uint32_t at = index_get(&l->sections[SECTION_CERTIFICATES].index, value->string);
	char near[HINT_SIZE];

	if (at == INDEX_NONE)
		report_at(l, path, &value->where, "unknown certificate %s%s", value->string,
			hint_id(l, SECTION_CERTIFICATES, value->string, NULL, near));
	else
		value->certificate = &rules->certificates[at];
}

void check_finish(struct loader *l, const struct path *path, struct rule_check *check)
{
	if (check->type == NULL) /* reported when it was read */
		return;
	for (size_t i = 0; i < check->remedy_count; i++) {
		struct path remedy = {path, "remedy", NULL},
			    at = {&remedy, check->remedies[i].cause, NULL};
		text_finish(l, &at, &check->remedies[i].where, &check->remedies[i].text, true);
	}
	for (size_t i = 0; i < check->type->key_count; i++) {
		const struct check_key *key = &check->type->keys[i];
		struct value *value = &check->values[i];
		struct path at = {path, key->name, NULL};
		bool given = value->where.line != 0;

		if (!given && key->fallback != NULL)
			default_read(l, &at, key, &check->where, value);
		else if (!given && key->required)
			report_at(l, path, &check->where, "the key %s is missing", key->name);
		if (value->set && key->type == KEY_HOST)
			host_find(l, &at, l->rules, value);
		if (value->set && key->type == KEY_CERTIFICATE)
			certificate_find(l, &at, l->rules, value);
		if (value->set && key->type == KEY_TEXT)
			text_finish(l, &at, &value->where, &value->text, true);
	}
}
