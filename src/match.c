/*
 * Software rules against an inventory.
 */
#include "match.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "match_forms.h"
#include "utf8.h"
#include "version.h"

#define NAME_BYTES   512
#define VERSION_CAP  255
#define UTF8_LONGEST 4                           /* bytes of a character */
#define WIDE_MAX     (UTF8_LONGEST * NAME_BYTES) /* bytes of a name, before it is normalised */

/* ---- names ---- */

static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* Zero-width characters, directional marks, byte order mark, soft hyphen; ® and ™ as ornament. */
static bool is_invisible(uint32_t c)
{
	return c == 0xad || c == 0xae || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x202a && c <= 0x202e) || c == 0x2060 || c == 0x2122 || c == 0xfeff;
}

/* A name under work: what is compared so far, and characters that are not normalised yet. */
struct folding {
	struct strbuf *out;
	struct strbuf wide; /* well-formed UTF-8; only set up once it is needed */
	bool space;         /* the next character comes after space */
};

/* Bytes as they are, with space trimmed and collapsed. */
static void add_plain(struct folding *f, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == ' ') {
			f->space = true;
			continue;
		}
		if (f->space && f->out->len > 0)
			strbuf_addc(f->out, ' ');
		f->space = false;
		strbuf_addc(f->out, bytes[i]);
	}
}

static void add_wide(struct folding *f)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t len;

	if (f->wide.data == NULL || f->wide.len == 0)
		return;
	len = utf8proc_map((const utf8proc_uint8_t *)f->wide.data, (utf8proc_ssize_t)f->wide.len,
		&folded, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE);
	if (len >= 0)
		add_plain(f, (const char *)folded, (size_t)len);
	else
		add_plain(f, f->wide.data, f->wide.len);
	free(folded);
	strbuf_reset(&f->wide);
}

/* Decodes one character into what is to be normalised; returns its bytes. */
static size_t take_wide(struct folding *f, const char *name, size_t left)
{
	uint32_t c = 0;
	size_t len = utf8_decode(name, left, &c);

	if (len == 0) { /* no UTF-8: compared as it is */
		add_wide(f);
		add_plain(f, name, 1);
		return 1;
	}
	if (is_space(c))
		strbuf_addc(&f->wide, ' ');
	else if (!is_invisible(c))
		strbuf_add(&f->wide, name, len);
	return len;
}

/* Normalises all that is left; what is longer than any name is compared by its beginning. */
static void fold_wide(struct folding *f, const char *name, size_t left)
{
	strbuf_init(&f->wide, (size_t)WIDE_MAX);
	while (left > 0 && f->wide.len + UTF8_LONGEST <= WIDE_MAX) {
		size_t len = take_wide(f, name, left);

		name += len;
		left -= len;
	}
	add_wide(f);
	strbuf_release(&f->wide);
}

/* How many bytes are ASCII that normalising leaves alone. */
static size_t plain_run(const char *text)
{
	size_t n = 0;

	while (text[n] >= ' ' && text[n] < 0x7f)
		n++;
	return n;
}

void match_normalise(const char *name, struct strbuf *out)
{
	struct folding f = {.out = out};
	size_t plain = plain_run(name);

	strbuf_reset(out);
	if (name[plain] != '\0' && plain > 0)
		plain--; /* a mark may join the last one */
	add_plain(&f, name, plain);
	if (name[plain] != '\0')
		fold_wide(&f, name + plain, strlen(name + plain));
}

/* ---- entries ---- */

/* An entry with its name made comparable; the rest is when it is asked for. */
struct candidate {
	const struct inventory_entry *entry;
	struct strbuf name, other;
	struct match_forms forms; /* of the name, as a rule may write it */
};

static void candidate_init(struct candidate *c)
{
	strbuf_init(&c->name, NAME_BYTES);
	strbuf_init(&c->other, NAME_BYTES);
	c->forms.count = 0;
}

static void candidate_release(struct candidate *c)
{
	strbuf_release(&c->name);
	strbuf_release(&c->other);
	match_forms_release(&c->forms);
}

/* Names that vendors make for people; the others are identifiers and mean themselves. */
static bool is_shown_to_people(enum inventory_kind kind)
{
	return kind == INVENTORY_PROGRAM || kind == INVENTORY_BUNDLE || kind == INVENTORY_ADAPTER;
}

static void candidate_take(struct candidate *c, const struct inventory_entry *entry)
{
	c->entry = entry;
	match_normalise(entry->name, &c->name);
	match_forms_release(&c->forms);
	if (is_shown_to_people(entry->kind))
		match_forms_make(&c->forms, c->name.data);
}

static bool same_code(const char *a, const char *b)
{
	size_t len = strlen(a);

	return len == strlen(b) && strpbrk(a, "*?") == NULL && glob_match(a, b, true);
}

static const char *normalised(const char *text, struct candidate *c)
{
	match_normalise(text, &c->other);
	return c->other.data;
}

static bool fits_name(const struct strs *names, const struct candidate *c)
{
	if (names->count == 0 || glob_match_any(names, c->name.data, true))
		return true;
	for (size_t i = 1; i < c->forms.count; i++)
		if (glob_match_any(names, c->forms.items[i], true))
			return true;
	return false;
}

static bool fits_publisher(const struct rule_match *m, struct candidate *c)
{
	const char *publisher;

	if (m->publisher == NULL)
		return true;
	publisher = normalised(c->entry->publisher, c);
	return *publisher == '\0' ? m->no_publisher : glob_match(m->publisher, publisher, true);
}

static bool fits(const struct rule_match *m, struct candidate *c)
{
	const struct inventory_entry *entry = c->entry;

	if ((m->names.count == 0 && m->code == NULL) ||
		strcmp(m->kind, inventory_kind_name(entry->kind)) != 0)
		return false;
	if (!fits_name(&m->names, c) || !fits_publisher(m, c))
		return false;
	if (m->code != NULL && !same_code(m->code, entry->code))
		return false;
	return m->version == NULL || version_match(m->version, normalised(entry->version, c));
}

/* 1 exactly, 0 in another version, -1 not this product. */
static int match_entry(const struct rule_software *software, const char *os, struct candidate *c)
{
	int best = -1;

	for (size_t i = 0; i < software->match_count && best < 1; i++) {
		const struct rule_match *m = &software->matches[i];
		int level = m->other ? 0 : 1;

		if (level > best && strcmp(m->os, os) == 0 && fits(m, c))
			best = level;
	}
	return best >= 0 && glob_match_any(&software->except, c->name.data, true) ? -1 : best;
}

static bool is_repeated(const struct match_hits *hits, const struct match_hit *hit)
{
	for (size_t i = 0; i < hits->count; i++) {
		const struct inventory_entry *e = hits->items[i].entry;

		if (hits->items[i].software == hit->software && e->kind == hit->entry->kind &&
			strcmp(e->name, hit->entry->name) == 0 &&
			strcmp(e->version, hit->entry->version) == 0)
			return true;
	}
	return false;
}

static void add_hit(struct match_hits *hits, const struct match_hit *hit)
{
	if (is_repeated(hits, hit))
		return;
	hits->items = mem_grow(hits->items, hits->count, &hits->capacity, sizeof *hits->items);
	hits->items[hits->count++] = *hit;
}

/* ---- products ---- */

bool match_is_asked(const struct rule_software *software, const struct strs *ids)
{
	return glob_match_any(ids, software->id, false);
}

/* Which kinds the product's matchers ask for on this OS. */
static unsigned kinds_of(const struct rule_software *software, const char *os)
{
	unsigned kinds = 0;

	for (size_t i = 0; i < software->match_count; i++) {
		enum inventory_kind kind;

		if (strcmp(software->matches[i].os, os) == 0 &&
			inventory_kind_parse(software->matches[i].kind, &kind) == 0)
			kinds |= 1u << kind;
	}
	return kinds;
}

/* The products that are asked for and have matchers for this OS. */
struct selection {
	const struct rule_software **items; /* owned array of borrowed pointers */
	size_t count, capacity;
	unsigned kinds;
};

static void selection_init(
	struct selection *s, const struct rules *rules, const char *os, const struct strs *ids)
{
	memset(s, 0, sizeof *s);
	for (size_t i = 0; i < rules->software_count; i++) {
		const struct rule_software *software = &rules->software[i];
		unsigned kinds = kinds_of(software, os);

		if (kinds == 0 || !match_is_asked(software, ids))
			continue;
		s->kinds |= kinds;
		s->items = mem_grow(s->items, s->count, &s->capacity, sizeof *s->items);
		s->items[s->count++] = software;
	}
}

static void match_candidate(
	const struct selection *s, const char *os, struct candidate *c, struct match_hits *hits)
{
	for (size_t i = 0; i < s->count; i++) {
		int level = match_entry(s->items[i], os, c);
		struct match_hit hit = {s->items[i], c->entry, level == 1};

		if (level >= 0)
			add_hit(hits, &hit);
	}
}

/* By product, then by entry, in the order of rules and inventory. */
static int compare_hits(const void *a, const void *b)
{
	const struct match_hit *x = a, *y = b;

	if (x->software != y->software)
		return x->software < y->software ? -1 : 1;
	return (x->entry > y->entry) - (x->entry < y->entry);
}

/* An unknown version is older than any. */
static int compare_versions(const char *a, const char *b)
{
	struct strbuf x, y;

	strbuf_init(&x, VERSION_CAP);
	strbuf_init(&y, VERSION_CAP);
	match_normalise(a, &x);
	match_normalise(b, &y);
	int order = x.len == 0 || y.len == 0 ? (x.len > 0) - (y.len > 0)
					     : version_compare(x.data, y.data);
	strbuf_release(&x);
	strbuf_release(&y);
	return order;
}

static void match_selected(const struct inventory *inventory, const struct selection *selection,
	struct match_hits *hits)
{
	struct candidate candidate;

	memset(hits, 0, sizeof *hits);
	candidate_init(&candidate);
	for (size_t i = 0; i < inventory->count; i++) {
		if ((selection->kinds >> inventory->items[i].kind & 1u) == 0)
			continue;
		candidate_take(&candidate, &inventory->items[i]);
		match_candidate(selection, inventory->os, &candidate, hits);
	}
	if (hits->count > 1)
		qsort(hits->items, hits->count, sizeof *hits->items, compare_hits);
	hits->complete = true;
	for (int kind = 0; kind < INVENTORY_KIND_COUNT; kind++)
		if ((selection->kinds >> kind & 1u) != 0 && !inventory->complete[kind])
			hits->complete = false;
	candidate_release(&candidate);
}

void match_software(const struct inventory *inventory, const struct rules *rules,
	const struct strs *ids, struct match_hits *hits)
{
	struct selection selection;

	selection_init(&selection, rules, inventory->os, ids);
	match_selected(inventory, &selection, hits);
	free(selection.items);
}

void match_product(const struct inventory *inventory, const struct rule_software *product,
	struct match_hits *hits)
{
	struct selection selection = {
		.items = &product, .count = 1, .kinds = kinds_of(product, inventory->os)};

	match_selected(inventory, &selection, hits);
}

const struct match_hit *match_newest(const struct match_hits *hits)
{
	const struct match_hit *newest = NULL;

	for (size_t i = 0; i < hits->count; i++)
		if (newest == NULL ||
			compare_versions(newest->entry->version, hits->items[i].entry->version) < 0)
			newest = &hits->items[i];
	return newest;
}

bool match_version(const char *expression, const char *version)
{
	struct strbuf plain;

	strbuf_init(&plain, VERSION_CAP);
	match_normalise(version, &plain);
	bool fits = version_match(expression, plain.data);
	strbuf_release(&plain);
	return fits;
}

void match_hits_release(struct match_hits *hits)
{
	free(hits->items);
	memset(hits, 0, sizeof *hits);
}
