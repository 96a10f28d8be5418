/* Values into the structs of rules.h, as the rows of fields.c say. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "scalar.h"

const struct field *field_find(const struct field *fields, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(fields[i].key.name, name) == 0)
			return &fields[i];
	return NULL;
}

void report_unknown_key(const struct loader *l, const struct path *path, const struct node *key,
	const struct field *fields, size_t count, const struct check_type *type)
{
	size_t more = type != NULL ? type->key_count : 0;
	const char **names = mem_alloc((count + more + 1) * sizeof names[0]);
	char buf[QUOTE_SIZE], near[HINT_SIZE];

	for (size_t i = 0; i < count; i++)
		names[i] = fields[i].key.name;
	for (size_t i = 0; i < more; i++)
		names[count + i] = type->keys[i].name;
	report(l, path, key, "unknown key %s%s", quote(key->text, buf),
		hint(l, key->text, names, near));
	free(names);
}

/* Lower case, without the trailing dot; in place. */
static char *dns_name(char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] - 'A' + 'a');
	if (len > 0 && text[len - 1] == '.')
		text[len - 1] = '\0';
	return text;
}

/* Addresses were read as texts; each must be one. */
static void store_addresses(struct loader *l, const struct path *path, const struct node *node,
	const struct strs *list, struct rule_host *host)
{
	const struct node *item = node->kind == NODE_LIST ? node->first : node;
	char buf[QUOTE_SIZE];

	host->addresses = arena_alloc(l->rules->arena, list->count * sizeof host->addresses[0]);
	host->address_count = 0;
	for (size_t i = 0; i < list->count; i++, item = item->next) {
		struct net_addr addr = {0};
		if (!net_addr_parse(list->items[i], &addr)) {
			report(l, path, item, "%s is not an IPv4 or IPv6 address",
				quote(list->items[i], buf));
			continue;
		}
		for (size_t j = 0; j < host->address_count; j++)
			if (net_addr_equal(&addr, &host->addresses[j]))
				report(l, path, item, "%s is listed twice", list->items[i]);
		host->addresses[host->address_count++] = addr;
	}
}

static void store_value(struct loader *l, const struct path *path, const struct field *field,
	const struct node *node, const struct value *value, void *entry)
{
	char *slot = (char *)entry + field->offset;

	switch (field->store) {
	case STORE_STRING:
		*(char **)(void *)slot = value->string;
		break;
	case STORE_NAME:
		*(char **)(void *)slot = dns_name(value->string);
		break;
	case STORE_NUMBER:
		*(long long *)(void *)slot = value->number;
		break;
	case STORE_BOOL:
		*(bool *)slot = value->boolean;
		break;
	case STORE_FLAG:
		*(bool *)slot = value->number == 1;
		break;
	case STORE_ENUM:
		*(int *)(void *)slot = (int)value->number;
		break;
	case STORE_STRS:
		*(struct strs *)(void *)slot = value->list;
		break;
	case STORE_ADDRESSES:
		store_addresses(l, path, node, &value->list, entry);
		break;
	case STORE_HOST: /* when it is found: refs.c */
	case STORE_CERTIFICATE:
	case STORE_TEXT:
	case STORE_REMEDY:
	case STORE_MATCHES:
	case STORE_TYPE:
	case STORE_ENTRIES:
		break;
	}
}

/* Makes room for more remedies. */
static void remedies_reserve(struct loader *l, struct rule_check *check, size_t more)
{
	struct rule_remedy *old = check->remedies;

	check->remedies =
		arena_alloc(l->rules->arena, (check->remedy_count + more) * sizeof old[0]);
	if (check->remedy_count > 0)
		memcpy(check->remedies, old, check->remedy_count * sizeof old[0]);
}

/* The remedy of a cause; added, where there is room, when it is new. */
static struct rule_remedy *remedy_of(
	struct loader *l, struct rule_check *check, const struct node *cause)
{
	for (size_t i = 0; i < check->remedy_count; i++)
		if (strcmp(check->remedies[i].cause, cause->text) == 0)
			return &check->remedies[i];
	struct rule_remedy *remedy = &check->remedies[check->remedy_count++];
	remedy->cause = arena_strndup(l->rules->arena, cause->text, cause->count);
	return remedy;
}

static bool has_cause(const struct check_type *type, const char *code)
{
	for (const char *const *c = type->causes; *c != NULL; c++)
		if (strcmp(*c, code) == 0)
			return true;
	return false;
}

static void read_remedies(struct loader *l, const struct path *path, const struct check_key *key,
	const struct node *knode, const struct node *node, struct rule_check *check)
{
	char buf[QUOTE_SIZE], near[HINT_SIZE];

	if (!want_map(l, path, knode, node) || check->type == NULL)
		return;
	remedies_reserve(l, check, node->count);
	for (const struct node *k = node->first; k != NULL; k = k->next->next) {
		struct path at = {path, k->text, NULL};
		if (!has_cause(check->type, k->text)) {
			report(l, path, k, "%s is no cause of check type %s%s", quote(k->text, buf),
				check->type->name, hint(l, k->text, check->type->causes, near));
			continue;
		}
		struct rule_remedy *remedy = remedy_of(l, check, k);
		if (remedy->where.line == 0)
			remedy->where = node_where(l, k);
		text_read(l, &at, key, k, k->next, &remedy->text);
	}
}

/* What a match needs beside its required keys. */
static void check_match(
	const struct loader *l, const struct path *path, const struct node *node, uint32_t given)
{
	for (size_t i = 0; i < match_field_count; i++)
		if (match_fields[i].key.required && !(given >> i & 1))
			report(l, path, node, "the key %s is missing", match_fields[i].key.name);
	size_t name = (size_t)(field_find(match_fields, match_field_count, "name") - match_fields);
	size_t code = (size_t)(field_find(match_fields, match_field_count, "code") - match_fields);
	if (!(given >> name & 1) && !(given >> code & 1))
		report(l, path, node, "the key name or code is missing");
}

static void read_match(struct loader *l, const struct path *path, const struct section *section,
	const struct node *node, struct rule_match *match)
{
	uint32_t given = 0;

	match->where = node_where(l, node);
	if (!want_map(l, path, node, node))
		return;
	for (const struct node *k = node->first; k != NULL; k = k->next->next) {
		const struct field *field = field_find(match_fields, match_field_count, k->text);
		if (field == NULL) {
			report_unknown_key(l, path, k, match_fields, match_field_count, NULL);
			continue;
		}
		given |= 1u << (field - match_fields);
		field_read(l, path, section, field, k, k->next, match);
	}
	if (!l->broken)
		check_match(l, path, node, given);
}

static void read_matches(struct loader *l, const struct path *path, const struct section *section,
	const struct node *knode, const struct node *node, struct rule_software *software)
{
	size_t number = 0;

	if (node->kind != NODE_LIST) {
		if (node->kind != NODE_BAD)
			report(l, path, knode, "a list of mappings was expected");
		return;
	}
	if (node->count == 0 && !l->broken)
		report(l, path, node, "the list is empty: at least one is needed");
	software->match_count = 0;
	software->matches = arena_alloc(l->rules->arena, node->count * sizeof software->matches[0]);
	for (const struct node *item = node->first; item != NULL; item = item->next) {
		char word[32];
		struct path at = {path->up, word, NULL};
		snprintf(word, sizeof word, "match %zu", ++number);
		read_match(l, &at, section, item, &software->matches[software->match_count++]);
	}
}

void field_read(struct loader *l, const struct path *path, const struct section *section,
	const struct field *field, const struct node *knode, const struct node *node, void *entry)
{
	struct path at = {path, field->key.name, NULL};
	struct value value = {0};

	switch (field->store) {
	case STORE_TEXT:
		text_read(l, &at, &field->key, knode, node,
			(struct text *)(void *)((char *)entry + field->offset));
		return;
	case STORE_REMEDY:
		read_remedies(l, &at, &field->key, knode, node, entry);
		return;
	case STORE_MATCHES:
		read_matches(l, &at, section, knode, node, entry);
		return;
	case STORE_TYPE:
	case STORE_ENTRIES:
		return;
	case STORE_STRING:
	case STORE_NAME:
	case STORE_NUMBER:
	case STORE_BOOL:
	case STORE_FLAG:
	case STORE_ENUM:
	case STORE_STRS:
	case STORE_ADDRESSES:
	case STORE_HOST:
	case STORE_CERTIFICATE:
		break;
	}
	if (value_read(l, &at, &field->key, knode, node, &value)) {
		store_value(l, &at, field, node, &value, entry);
		if (field->ref != REF_NONE)
			refs_add(l, field->ref, section, *entry_id(entry), field->key.name, node);
	}
}
