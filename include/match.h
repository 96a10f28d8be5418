/*
 * Which products of the rule file's `software` list an inventory holds. Pure: the same answer for
 * the same inventory and rules on every OS.
 */
#ifndef PREFLIGHT_MATCH_H
#define PREFLIGHT_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "inventory.h"
#include "rules.h"
#include "strbuf.h"

struct match_hit {
	const struct rule_software *software; /* borrowed from the rules */
	const struct inventory_entry *entry;  /* borrowed from the inventory */
	bool exact; /* a matcher without `other`: the product in a version that the list names */
};
struct match_hits {
	struct match_hit *items; /* owned; by product in the rules' order */
	size_t count, capacity;
	bool complete; /* every kind of entry that the matchers ask for was read entirely */
};

/*
 * Matches the products whose id fits one of `ids` (ids or globs). An entry is one hit of a
 * product; equal entries (the 32- and 64-bit view of one program) count once, and an exact
 * matcher wins over `other` ones. Everything that a matcher names must fit: kind, name,
 * publisher, code, version.
 */
void match_software(const struct inventory *inventory, const struct rules *rules,
	const struct strs *ids, struct match_hits *hits);
void match_hits_release(struct match_hits *hits);

/*
 * A few digits that tell whether two rule files look for the same software: facts found by one may
 * be judged by the other then, and not otherwise.
 */
#define MATCH_DIGEST_SIZE 17
struct match_digester {
	struct strbuf text;
};
void match_digester_init(struct match_digester *d);
void match_digester_text(struct match_digester *d, const char *text);                 /* or NULL */
void match_digester_product(struct match_digester *d, const struct rule_software *s); /* or NULL */
void match_digester_end(struct match_digester *d, char digest[MATCH_DIGEST_SIZE]);    /* releases */

/* The same of what match_software looks for. */
void match_digest(
	const struct rules *rules, const struct strs *ids, char digest[MATCH_DIGEST_SIZE]);

/* Whether one of `ids` (ids or globs) names the product. */
bool match_is_asked(const struct rule_software *software, const struct strs *ids);

/* Matches one product of the rule file's `products` in the same way. */
void match_product(const struct inventory *inventory, const struct rule_software *product,
	struct match_hits *hits);

/* The hit of the newest version, one without a version only when there is no other; NULL for no
 * hits. */
const struct match_hit *match_newest(const struct match_hits *hits);

/* version_match on a version as an inventory holds it. */
bool match_version(const char *expression, const char *version);

/*
 * Names as they are compared: invisible characters, ® and ™ dropped, Unicode's NFKC (full-width
 * letters and half-width katakana become the usual ones), space of every kind made plain, trimmed
 * and collapsed. Bytes that are no UTF-8 stay. The result replaces the contents of out.
 */
void match_normalise(const char *name, struct strbuf *out);

#endif
