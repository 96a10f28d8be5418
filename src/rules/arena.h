/*
 * Memory that is freed all at once.
 */
#ifndef PREFLIGHT_RULES_ARENA_H
#define PREFLIGHT_RULES_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first; owned; NULL: empty */
};

/* Zeroed memory for any object; lives until arena_release. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of len bytes with a NUL behind it. */
char *arena_strndup(struct arena *arena, const char *text, size_t len);

void arena_release(struct arena *arena);

#endif
