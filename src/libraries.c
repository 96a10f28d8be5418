/*
 * What libraries allocate. Few of them get through every want of memory unharmed, and what they
 * then leave out would be told as something else.
 */
#include "libraries.h"

#include <stdlib.h>
#include <string.h>

#include <ares.h>
#include <curl/curl.h>
#include <jansson.h>
#include <openssl/crypto.h>

#include "mem.h"
#include "shortage.h"

/* What a peer may have asked for; whatever is smaller ends the program, as our own does. */
#define HUGE_SIZE (4u * 1024 * 1024)

static void *noted(void *memory, size_t size)
{
	if (memory != NULL || size == 0)
		return memory;
	if (size < HUGE_SIZE)
		mem_exhausted();
	shortage_note(SHORTAGE_MEMORY);
	return NULL;
}

static void *take(size_t size)
{
	return noted(malloc(size), size);
}

static void *take_again(void *old, size_t size)
{
	return noted(realloc(old, size), size);
}

static void *take_zeroed(size_t count, size_t size)
{
	return noted(calloc(count, size), size);
}

static char *take_copy(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = take(size);

	return copy != NULL ? memcpy(copy, text, size) : NULL;
}

static void *crypto_take(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return take(size);
}

static void *crypto_take_again(void *old, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return take_again(old, size);
}

static void crypto_free(void *memory, const char *file, int line)
{
	(void)file;
	(void)line;
	free(memory);
}

void libraries_watch_memory(void)
{
	json_set_alloc_funcs(mem_alloc, free);
	CRYPTO_set_mem_functions(crypto_take, crypto_take_again, crypto_free);
}

void libraries_init_curl(void)
{
	curl_global_init_mem(CURL_GLOBAL_DEFAULT, take, free, take_again, take_copy, take_zeroed);
}

int libraries_init_ares(void)
{
	return ares_library_init_mem(ARES_LIB_INIT_ALL, take, free, take_again);
}
