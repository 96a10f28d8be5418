/*
 * The rule file's sections and their keys, as data. The parser, the JSON Schema and the manual
 * come from these rows and from the tables of the check types.
 */
#ifndef PREFLIGHT_RULES_FIELDS_H
#define PREFLIGHT_RULES_FIELDS_H

#include <stddef.h>

#include "check.h"
#include "rules.h"

/* What a name refers to. */
enum ref_kind {
	REF_NONE,
	REF_REQUIREMENT, /* id in `requirements`, if there are any */
	REF_HOST,        /* id in `hosts`, of another one than names it */
	REF_CHECK,       /* id in `checks` */
	REF_CHECKS,      /* id or glob in `checks` */
	REF_SOFTWARE,    /* id or glob in `software` */
	REF_CERTIFICATE  /* id in `certificates`, of another one than names it */
};

/* How a key is kept in its struct. */
enum store {
	STORE_STRING,      /* char * (KEY_STR, KEY_ENUM) */
	STORE_NAME,        /* char *, a DNS name: lower case, without its trailing dot */
	STORE_NUMBER,      /* long long (KEY_INT, KEY_DATE) */
	STORE_BOOL,        /* bool (KEY_BOOL) */
	STORE_FLAG,        /* bool, true for the second choice (KEY_ENUM of two) */
	STORE_ENUM,        /* an enum of int's size (KEY_ENUM) */
	STORE_STRS,        /* struct strs (KEY_STRS) */
	STORE_TEXT,        /* struct text (KEY_TEXT) */
	STORE_ADDRESSES,   /* addresses of a host (KEY_STRS) */
	STORE_HOST,        /* pointer to another host (KEY_HOST) */
	STORE_CERTIFICATE, /* pointer to another certificate (KEY_CERTIFICATE) */
	STORE_REMEDY,      /* mapping of cause codes to texts */
	STORE_MATCHES,     /* list of mappings, rows in match_fields */
	STORE_TYPE,        /* name of a check type */
	STORE_ENTRIES      /* mapping of ids to the section's entries */
};

struct field {
	struct check_key key; /* min -1 at KEY_DATE: the word "none" is allowed, and kept as -1 */
	enum store store;
	size_t offset; /* in the entry's struct (of a section's own keys: in struct rules) */
	enum ref_kind ref;
	long long initial; /* STORE_NUMBER: when the key is not given */
};

enum section_id {
	SECTION_REQUIREMENTS,
	SECTION_HOSTS,
	SECTION_CHECKS,
	SECTION_SOFTWARE,
	SECTION_PRODUCTS,
	SECTION_CERTIFICATES,
	SECTION_LIFECYCLE,
	SECTION_INTERCEPTORS,
	SECTION_CAUSES,
	SECTION_PROFILES,
	SECTION_COUNT
};

struct section {
	enum section_id number;
	const char *name; /* the key at the top */
	const char *noun; /* of one entry, in messages */
	const char *text; /* one English sentence for the manual */
	const struct field *fields;
	size_t field_count;      /* at most 32 */
	const struct field *own; /* keys of the section itself; then entries are below `entries` */
	size_t own_count;
	size_t entry_size;
	size_t items_offset, count_offset; /* in struct rules */
	size_t where_offset;               /* in the entry, whose first member is its id */
	const char *(*validate_id)(const char *id);
	const char *id_pattern; /* for the JSON Schema; NULL: the cause codes */
};

extern const struct section rule_sections[SECTION_COUNT];

/* Keys of one member of `match`. */
extern const struct field match_fields[];
extern const size_t match_field_count;

/*
 * The bounds of a number, as the row says or by its type: when both are 0, the type's own; when
 * only max is 0 (and min is not below it), no upper bound but the type's. Returns whether the row
 * says an upper one.
 */
bool key_bounds(const struct check_key *key, long long *min, long long *max);

/* What is written behind such a bound: " bytes", " ms" or "". Static storage. */
const char *key_unit(const struct check_key *key);

/* The entry's id: its first member. */
char **entry_id(void *entry);

/* Entry number i of a section, and how many there are. */
void *section_entry(const struct rules *rules, const struct section *section, size_t i);
size_t section_count(const struct rules *rules, const struct section *section);

#endif
