#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* With a chunk for each object AddressSanitizer sees where an object ends. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CHUNK_SIZE 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define CHUNK_SIZE 1
#endif
#ifndef CHUNK_SIZE
#define CHUNK_SIZE 16384
#endif

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	max_align_t bytes[];
};

static void *take(struct arena *arena, size_t size, size_t align)
{
	struct arena_chunk *chunk = arena->chunks;
	size_t start = chunk != NULL ? (chunk->used + align - 1) / align * align : 0;

	if (chunk == NULL || start > chunk->size || chunk->size - start < size) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
		chunk = mem_alloc(sizeof *chunk + room);
		chunk->size = room;
		chunk->next = arena->chunks;
		arena->chunks = chunk;
		start = 0;
	}
	chunk->used = start + size;
	return (char *)chunk->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, sizeof(void *));
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = take(arena, len + 1, 1);

	memcpy(copy, text, len);
	return copy;
}

void arena_release(struct arena *arena)
{
	while (arena->chunks != NULL) {
		struct arena_chunk *next = arena->chunks->next;
		free(arena->chunks);
		arena->chunks = next;
	}
}
