/*
 * The loader's state, shared by its parts: sections and entries (load.c), values (convert.c),
 * storing (store.c), what can only be checked at the end (finish.c, refs.c).
 */
#ifndef PREFLIGHT_RULES_LOAD_H
#define PREFLIGHT_RULES_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"
#include "fields.h"
#include "index.h"
#include "rules.h"
#include "tree.h"

/* Where in the model the loader is: "check sec-udp-500" > "remedy" > "udp.silent". */
struct path {
	const struct path *up; /* NULL at the outermost */
	const char *word;
	const char *id; /* of an entry, behind its noun; NULL: none */
};

/* A name that must exist once everything is read. */
struct ref {
	enum ref_kind kind;
	const struct section *section; /* of the entry that names it */
	const char *id;                /* of that entry; borrowed from it */
	const char *key;               /* static */
	const struct node *node;       /* what is named */
	const char *file;
};

/* Where a text that lacked a language was given; it may be completed by a later file. */
struct place {
	char *path; /* owned */
	struct where where;
};

struct section_state {
	size_t capacity;
	struct index index; /* id -> position */
	uint32_t *given;    /* per entry: bit i: row i was given, right or wrong; owned */
};

struct loader {
	struct rules *rules;
	struct diags *diags;
	const char *file; /* being read; borrowed from rules->files */
	bool broken;      /* it ends in a syntax error: nothing is missing in what is there */
	struct section_state sections[SECTION_COUNT];
	struct ref *refs; /* owned */
	size_t ref_count, ref_capacity;
	struct place *places; /* owned */
	size_t place_count, place_capacity;
};

/* Reports "PATH: what is wrong" at a node. */
void report(const struct loader *l, const struct path *path, const struct node *node,
	const char *fmt, ...) PF_PRINTF(4, 5);
void report_at(const struct loader *l, const struct path *path, const struct where *where,
	const char *fmt, ...) PF_PRINTF(4, 5);

/* Remembers where a text that lacks a language was given. */
void place_note(struct loader *l, const struct path *path, const struct node *node);

/* ", did you mean X?" or "" as a suffix for a message; names: NULL-terminated. */
#define HINT_SIZE 96
const char *hint(
	const struct loader *l, const char *word, const char *const *names, char buf[HINT_SIZE]);

/* The place of a node. */
struct where node_where(const struct loader *l, const struct node *node);

/* ---- values (convert.c) ---- */

/*
 * Reads a node as the key says into *out, replacing what is there (texts: per language). On a
 * problem it is reported, and *out keeps its old value. knode: the key's node, where nothing
 * being given is reported.
 */
bool value_read(struct loader *l, const struct path *path, const struct check_key *key,
	const struct node *knode, const struct node *node, struct value *out);

/* The text of a scalar node that is no null and no boolean; NULL after reporting. */
const char *scalar_text(const struct loader *l, const struct path *path, const struct node *knode,
	const struct node *node);

/* A node that must be a mapping; false after reporting. */
bool want_map(const struct loader *l, const struct path *path, const struct node *knode,
	const struct node *node);

/* Both languages of a mapping {ja: …, en: …} into *out; `key` bounds each. */
bool text_read(struct loader *l, const struct path *path, const struct check_key *key,
	const struct node *knode, const struct node *node, struct text *out);

/* Reports languages that are missing in a text that is required or has the other one. */
void text_finish(const struct loader *l, const struct path *path, const struct where *where,
	const struct text *text, bool required);

/* ---- fields (store.c) ---- */

/* Reads a pair of an entry as its row says into the entry. */
void field_read(struct loader *l, const struct path *path, const struct section *section,
	const struct field *field, const struct node *knode, const struct node *node, void *entry);

/* The row of that name, or NULL. */
const struct field *field_find(const struct field *fields, size_t count, const char *name);

/* Reports an unknown key with the nearest of the rows (and of the type's keys, if not NULL). */
void report_unknown_key(const struct loader *l, const struct path *path, const struct node *key,
	const struct field *fields, size_t count, const struct check_type *type);

/* ---- checks (typed.c) ---- */

/* Sets a check's type as its mapping (or what was read before) says; false when it has none. */
bool check_type_read(struct loader *l, const struct path *path, const struct node *knode,
	const struct node *map, struct rule_check *check);

/* Reads a pair that is a key of the check's type; false when it is none. */
bool check_key_read(struct loader *l, const struct path *path, const struct node *knode,
	const struct node *node, struct rule_check *check);

/* Gives keys without a value their defaults, reports those that must be given, finds hosts
 * and certificates. */
void check_finish(struct loader *l, const struct path *path, struct rule_check *check);

/* ---- references (refs.c) ---- */

/* Notes names (a scalar or a list) to be looked up at the end. */
void refs_add(struct loader *l, enum ref_kind kind, const struct section *section, const char *id,
	const char *key, const struct node *node);
void refs_resolve(struct loader *l);

/* ", did you mean X?" over the ids of a section, leaving out `except` (may be NULL). */
const char *hint_id(const struct loader *l, enum section_id section, const char *word,
	const char *except, char buf[HINT_SIZE]);

/* ---- the end (finish.c) ---- */

/* Required keys, defaults, cross-checks of complete entries. */
void entries_finish(struct loader *l);

/* Cycles of `needs`. */
void needs_check(struct loader *l);

#endif
