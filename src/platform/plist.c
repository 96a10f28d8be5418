#include "plist.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

size_t plist_add(struct plist *list, enum plist_type type)
{
	list->values = mem_grow(
		list->values, list->value_count, &list->value_capacity, sizeof *list->values);
	list->values[list->value_count] = (struct plist_value){.type = type};
	return list->value_count++;
}

void plist_add_ref(struct plist *list, size_t value)
{
	list->refs = mem_grow(list->refs, list->ref_count, &list->ref_capacity, sizeof *list->refs);
	list->refs[list->ref_count++] = value;
}

struct plist *plist_parse(const void *bytes, size_t len, struct strbuf *why)
{
	struct plist *list = mem_alloc(sizeof *list);
	const char *wrong;

	if (len > PLIST_BYTES_MAX)
		wrong = "too long";
	else if (len >= 8 && memcmp(bytes, "bplist0", 7) == 0)
		wrong = plist_read_binary(list, bytes, len);
	else
		wrong = plist_read_xml(list, bytes, len);
	if (wrong == NULL)
		return list;
	if (why != NULL)
		strbuf_addf(why, "not a property list: %s", wrong);
	plist_free(list);
	return NULL;
}

void plist_free(struct plist *list)
{
	if (list == NULL)
		return;
	for (size_t i = 0; i < list->value_count; i++)
		free(list->values[i].text);
	free(list->values);
	free(list->refs);
	free(list);
}

const struct plist_value *plist_root(const struct plist *list)
{
	return &list->values[list->root];
}

const struct plist_value *plist_at(
	const struct plist *list, const struct plist_value *container, size_t i, const char **key)
{
	if (key != NULL)
		*key = NULL;
	if (container == NULL || i >= container->count)
		return NULL;
	if (container->type == PLIST_ARRAY)
		return &list->values[list->refs[container->first + i]];
	if (container->type != PLIST_DICT)
		return NULL;
	if (key != NULL)
		*key = list->values[list->refs[container->first + 2 * i]].text;
	return &list->values[list->refs[container->first + 2 * i + 1]];
}

const struct plist_value *plist_get(
	const struct plist *list, const struct plist_value *dict, const char *key)
{
	if (dict == NULL || dict->type != PLIST_DICT)
		return NULL;
	for (size_t i = 0; i < dict->count; i++) {
		const char *name;
		const struct plist_value *value = plist_at(list, dict, i, &name);

		if (name != NULL && strcmp(name, key) == 0)
			return value;
	}
	return NULL;
}

const char *plist_text(const struct plist *list, const struct plist_value *dict, const char *key)
{
	const struct plist_value *value = plist_get(list, dict, key);

	return value != NULL && value->text != NULL ? value->text : "";
}
