#include "mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict.h"

_Noreturn void mem_exhausted(void)
{
	fputs("preflight: out of memory\n", stderr);
	fflush(stderr);
	_Exit(EXIT_UNKNOWN); /* what is half made is not to be cleared up by libraries */
}

void *mem_alloc(size_t size)
{
	void *p = calloc(1, size > 0 ? size : 1);
	if (p == NULL)
		mem_exhausted();
	return p;
}

void *mem_realloc(void *old, size_t size)
{
	void *p = realloc(old, size > 0 ? size : 1);
	if (p == NULL)
		mem_exhausted();
	return p;
}

char *mem_strndup(const char *text, size_t len)
{
	char *copy = mem_alloc(len + 1);
	memcpy(copy, text, len);
	return copy;
}

char *mem_strdup(const char *text)
{
	return mem_strndup(text, strlen(text));
}

void *mem_grow(void *vector, size_t count, size_t *capacity, size_t size)
{
	if (vector != NULL && count < *capacity)
		return vector;
	size_t wanted = *capacity > 0 ? *capacity * 2 : 8;
	if (wanted < *capacity || wanted > SIZE_MAX / size)
		mem_exhausted();
	vector = mem_realloc(vector, wanted * size);
	*capacity = wanted;
	return vector;
}

void strs_addn(struct strs *list, const char *text, size_t len)
{
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof list->items[0]);
	list->items[list->count++] = mem_strndup(text, len);
}

void strs_add(struct strs *list, const char *text)
{
	strs_addn(list, text, strlen(text));
}

int strs_contains(const struct strs *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i], text) == 0)
			return 1;
	return 0;
}

void strs_release(struct strs *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	memset(list, 0, sizeof *list);
}
