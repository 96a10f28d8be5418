/*
 * Objects of a saved terminal, read by tables of their members: what is unknown, missing, of
 * another type or out of bounds is told with its place. For saved*.c.
 */
#ifndef PREFLIGHT_SAVED_OBJECT_H
#define PREFLIGHT_SAVED_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "diag.h"
#include "strbuf.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define PATH_SIZE 128

struct reader {
	const char *file;
	struct diags *diags;
};

enum member_type {
	MEMBER_TEXT,   /* char[size] */
	MEMBER_STRING, /* const char *, borrowed from the document */
	MEMBER_INT,    /* int */
	MEMBER_LONG,   /* long long */
	MEMBER_SIZE,   /* uint64_t */
	MEMBER_BOOL,   /* bool */
	MEMBER_PART    /* read by its own function */
};

struct member {
	const char *name;
	enum member_type type;
	bool required;
	size_t offset, size;
	bool (*accepts)(const char *text); /* NULL: any text */
	const char *expected;              /* for the message */
	void (*read)(struct reader *r, const char *path, const json_t *value, void *base);
};

#define AT(type, field) .offset = offsetof(type, field), .size = sizeof(((type *)0)->field)

/* Tells what is wrong at a path ("os.build"). */
void saved_wrong(struct reader *r, const char *path, const char *fmt, ...) PF_PRINTF(3, 4);
void saved_wrong_type(
	struct reader *r, const char *path, const json_t *value, const char *expected);
/* "OUTER.NAME", or the name alone at the top; cut off where it is too long. */
void saved_join_path(char path[PATH_SIZE], const char *outer, const char *name);
/* Reads an object into *base; false when it is none. */
bool saved_read_object(struct reader *r, const char *path, const json_t *value,
	const struct member *members, size_t count, void *base);

/* The parts of a document (saved_parts.c); base: a struct saved. */
void saved_read_os(struct reader *r, const char *path, const json_t *value, void *base);
void saved_read_disk(struct reader *r, const char *path, const json_t *value, void *base);
void saved_read_link(struct reader *r, const char *path, const json_t *value, void *base);
void saved_read_vpns(struct reader *r, const char *path, const json_t *value, void *base);
void saved_read_software(struct reader *r, const char *path, const json_t *value, void *base);
void saved_read_complete(struct reader *r, const char *path, const json_t *value, void *base);

#endif
