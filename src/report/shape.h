/*
 * The report's shape: a table of members, in schema.c.
 */
#ifndef PREFLIGHT_REPORT_SHAPE_H
#define PREFLIGHT_REPORT_SHAPE_H

#include <stdbool.h>

enum kind {
	KIND_STRING,
	KIND_TEXT,    /* {"ja": …, "en": …} */
	KIND_INTEGER, /* not negative */
	KIND_BOOL,
	KIND_WORD, /* one of words */
	KIND_STRINGS,
	KIND_WORDS,
	KIND_OBJECT,  /* of shape */
	KIND_OBJECTS, /* list of shape */
	KIND_FACTS,   /* object with any members */
	KIND_NUMBERS  /* object with numbers as members */
};

struct field {
	const char *name; /* NULL ends a list */
	enum kind kind;
	bool nullable;
	bool optional; /* may be missing: reports of older versions have it not */
	const struct field *shape;
	const char *const *words;
	const char *pattern; /* KIND_STRING: one of the PATTERN_* */
	const char *text;    /* one sentence */
};

/* Patterns of strings, for the JSON Schema; valid.c checks the same by hand. */
#define PATTERN_CODE    "^[a-z]+\\.[a-z0-9-]+$"
#define PATTERN_SHA256  "^[0-9a-f]{64}$"
#define PATTERN_VERSION "^1\\.[0-9]+$"
#define PATTERN_TIME    "^[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"

extern const struct field shape_report[];
extern const struct field shape_text[];

#endif
