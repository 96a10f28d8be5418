/*
 * A hash index: names to numbers.
 */
#ifndef PREFLIGHT_RULES_INDEX_H
#define PREFLIGHT_RULES_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define INDEX_NONE UINT32_MAX

struct index_slot {
	const char *key; /* borrowed; must outlive the index */
	uint32_t value;
};

/* All zero: empty. */
struct index {
	struct index_slot *slots; /* owned */
	size_t size, count;
};

/* The number stored under the key, or INDEX_NONE. */
uint32_t index_get(const struct index *index, const char *key);

/* Stores a number unless the key is there already; returns what was there, or INDEX_NONE. */
uint32_t index_put(struct index *index, const char *key, uint32_t value);

void index_release(struct index *index);

#endif
