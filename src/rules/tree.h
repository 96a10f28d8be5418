/*
 * A YAML document as a tree of places and texts, in one arena. What the rule file may not use of
 * YAML is refused here: anchors, aliases, tags, merge keys, directives, further documents, other
 * encodings than UTF-8, control characters, duplicate keys, and whatever is beyond the bounds of
 * rules.h.
 */
#ifndef PREFLIGHT_RULES_TREE_H
#define PREFLIGHT_RULES_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"

enum node_kind {
	NODE_BAD,    /* reported already: take it as right and use nothing of it */
	NODE_SCALAR, /* .text */
	NODE_LIST,   /* .first, .count members, chained by .next */
	NODE_MAP     /* .first, .count pairs: key, value, key, value, … chained by .next */
};

struct node {
	union {
		const char *text;   /* UTF-8 without NUL; in the arena */
		struct node *first; /* NULL: empty */
	};
	struct node *next;
	uint32_t line, column; /* 1-based; column in characters */
	uint32_t count;        /* bytes of a scalar, members of a list, pairs of a map */
	uint8_t kind;          /* enum node_kind */
	bool plain;            /* a scalar without quotes that is no block scalar either */
};

struct tree {
	struct arena arena;
	struct node *root; /* NULL: nothing could be read */
	bool complete;     /* false: it ends where the YAML is broken */
};

/* Reads a document; problems go to diags under the name of the file. Free with tree_release. */
void tree_parse(
	struct tree *tree, const char *file, const char *text, size_t len, struct diags *diags);
void tree_release(struct tree *tree);

/* Plain null, ~ or nothing at all. */
bool node_is_null(const struct node *node);

/* Whether a plain scalar is one of YAML 1.1's booleans (true, yes, on, …). */
bool node_is_boolean(const struct node *node);

/* Text for messages: at most 60 bytes, never cut inside a character. Returns buf. */
#define QUOTE_SIZE 72
const char *quote(const char *text, char buf[QUOTE_SIZE]);

#endif
