/*
 * Property lists, in XML and in the binary form "bplist00", as values that can be looked up. Files
 * of installed applications are anybody's: every length, offset and count is checked, and what a
 * file expands to is bounded by its own size.
 */
#ifndef PREFLIGHT_PLATFORM_PLIST_H
#define PREFLIGHT_PLATFORM_PLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "strbuf.h"

#define PLIST_BYTES_MAX  (16u * 1024 * 1024)
#define PLIST_VALUES_MAX 500000u
#define PLIST_DEPTH_MAX  64 /* of XML; the binary form is not walked */

enum plist_type {
	PLIST_OTHER, /* dates, data, numbers with a fraction, text that is none */
	PLIST_TEXT,
	PLIST_NUMBER, /* integers and booleans */
	PLIST_ARRAY,
	PLIST_DICT
};

struct plist_value {
	enum plist_type type;
	char *text; /* PLIST_TEXT: UTF-8; owned */
	long long number;
	size_t first,
		count; /* containers: in refs; a dict has `count` keys, each before its value */
};

/* All fields are read-only to callers. */
struct plist {
	struct plist_value *values; /* owned */
	size_t value_count, value_capacity;
	size_t *refs; /* indexes of values; owned */
	size_t ref_count, ref_capacity;
	size_t root;
};

/* NULL and the reason when it is none. Free with plist_free. */
struct plist *plist_parse(const void *bytes, size_t len, struct strbuf *why);
void plist_free(struct plist *list);

const struct plist_value *plist_root(const struct plist *list);
/* The value of a key; NULL when `dict` is no dict (or NULL) or has no such key. */
const struct plist_value *plist_get(
	const struct plist *list, const struct plist_value *dict, const char *key);
/* An element of an array, or a value of a dict and its key; NULL past the end. */
const struct plist_value *plist_at(
	const struct plist *list, const struct plist_value *container, size_t i, const char **key);
/* The text of a key; "" when it has none. Borrowed. */
const char *plist_text(const struct plist *list, const struct plist_value *dict, const char *key);

/* For the two readers: a new value; whether the whole was read. */
size_t plist_add(struct plist *list, enum plist_type type);
void plist_add_ref(struct plist *list, size_t value);
const char *plist_read_binary(struct plist *list, const unsigned char *bytes, size_t len);
const char *plist_read_xml(struct plist *list, const char *text, size_t len);

#endif
