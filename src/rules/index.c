#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* FNV-1a, 32 bits (the FNV Non-Cryptographic Hash Algorithm, RFC 9923). */
static uint32_t hash(const char *key)
{
	uint32_t h = 2166136261u;

	for (; *key != '\0'; key++)
		h = (h ^ (unsigned char)*key) * 16777619u;
	return h;
}

/* The slot that holds the key, or the free one where it belongs. */
static struct index_slot *find(const struct index *index, const char *key)
{
	size_t at = hash(key) & (index->size - 1);

	while (index->slots[at].key != NULL && strcmp(index->slots[at].key, key) != 0)
		at = (at + 1) & (index->size - 1);
	return &index->slots[at];
}

static void grow(struct index *index)
{
	struct index old = *index;

	index->size = old.size > 0 ? old.size * 2 : 32;
	index->slots = mem_alloc(index->size * sizeof index->slots[0]);
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i].key != NULL)
			*find(index, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

uint32_t index_get(const struct index *index, const char *key)
{
	if (index->size == 0)
		return INDEX_NONE;
	const struct index_slot *slot = find(index, key);
	return slot->key != NULL ? slot->value : INDEX_NONE;
}

uint32_t index_put(struct index *index, const char *key, uint32_t value)
{
	if (index->count + 1 > index->size / 2)
		grow(index);
	struct index_slot *slot = find(index, key);
	if (slot->key != NULL)
		return slot->value;
	slot->key = key;
	slot->value = value;
	index->count++;
	return INDEX_NONE;
}

void index_release(struct index *index)
{
	free(index->slots);
	memset(index, 0, sizeof *index);
}
