/*
 * Allocation that does not fail: out of memory ends the program with exit code 3 and a message,
 * since a checker that cannot allocate a few kilobytes can tell nothing.
 */
#ifndef PREFLIGHT_MEM_H
#define PREFLIGHT_MEM_H

#include <stddef.h>

/* Ends the program as said. */
_Noreturn void mem_exhausted(void);

/* Each returns memory that the caller frees with free(); never NULL. */
void *mem_alloc(size_t size); /* zeroed */
void *mem_realloc(void *old, size_t size);
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t len);

/*
 * Makes room for one more element in a vector that doubles: `count` elements of `size` bytes are
 * in use. Returns the (possibly moved) vector; *capacity is updated.
 */
void *mem_grow(void *vector, size_t count, size_t *capacity, size_t size);

/* A list of strings, owned. */
struct strs {
	char **items; /* count pointers, each owned */
	size_t count;
	size_t capacity;
};

void strs_add(struct strs *list, const char *text);              /* copies text */
void strs_addn(struct strs *list, const char *text, size_t len); /* copies len bytes */
int strs_contains(const struct strs *list, const char *text);
void strs_release(struct strs *list);

#endif
