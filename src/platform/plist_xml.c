/*
 * The XML form of PropertyList-1.0.dtd: the elements of that DTD and the five entities of XML,
 * nothing else. No other file is ever looked for.
 */
#include "plist.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct level {
	size_t container;
	size_t start; /* of its elements in `pending` */
};

struct reader {
	struct plist *list;
	const char *p, *end;
	size_t *pending; /* elements of the containers that are open; owned */
	size_t pending_count, pending_capacity;
	struct level levels[PLIST_DEPTH_MAX];
	size_t depth;
	bool done; /* the root is there */
};

struct tag {
	const char *name;
	size_t len;
	bool closing, empty;
};

static bool is(const struct tag *tag, const char *name)
{
	return strlen(name) == tag->len && memcmp(tag->name, name, tag->len) == 0;
}

/* Behind the next occurrence of `text`; NULL when there is none. */
static const char *after(const struct reader *r, const char *text)
{
	size_t len = strlen(text);

	for (const char *p = r->p; (size_t)(r->end - p) >= len; p++)
		if (memcmp(p, text, len) == 0)
			return p + len;
	return NULL;
}

static bool starts(const struct reader *r, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(r->end - r->p) >= len && memcmp(r->p, text, len) == 0;
}

/* Steps over white space, comments, processing instructions and the document type. */
static bool skip_misc(struct reader *r)
{
	static const struct {
		const char *begin, *end;
	} kinds[] = {{"<!--", "-->"}, {"<?", "?>"}, {"<!DOCTYPE", ">"}};

	for (;;) {
		while (r->p < r->end && isspace((unsigned char)*r->p))
			r->p++;
		size_t i = 0;
		while (i < 3 && !starts(r, kinds[i].begin))
			i++;
		if (i == 3)
			return true;
		const char *next = after(r, kinds[i].end);
		/* An internal subset could define entities. */
		if (next == NULL || (i == 2 && memchr(r->p, '[', (size_t)(next - r->p)) != NULL))
			return false;
		r->p = next;
	}
}

static bool read_tag(struct reader *r, struct tag *tag)
{
	const char *close = r->p < r->end ? memchr(r->p, '>', (size_t)(r->end - r->p)) : NULL;

	if (close == NULL || *r->p != '<')
		return false;
	tag->name = r->p + 1;
	tag->closing = tag->name < close && *tag->name == '/';
	tag->name += tag->closing;
	tag->empty = !tag->closing && close > tag->name && close[-1] == '/';
	tag->len = 0;
	while (tag->name + tag->len < close && isalnum((unsigned char)tag->name[tag->len]))
		tag->len++;
	r->p = close + 1;
	return tag->len > 0;
}

/* ---- text ---- */

static bool add_character(struct strbuf *text, unsigned long code)
{
	if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return false;
	if (code < 0x80) {
		strbuf_addc(text, (char)code);
	} else if (code < 0x800) {
		strbuf_addc(text, (char)(0xc0 | code >> 6));
		strbuf_addc(text, (char)(0x80 | (code & 0x3f)));
	} else {
		strbuf_addc(text, (char)(code < 0x10000 ? 0xe0 | code >> 12 : 0xf0 | code >> 18));
		if (code >= 0x10000)
			strbuf_addc(text, (char)(0x80 | (code >> 12 & 0x3f)));
		strbuf_addc(text, (char)(0x80 | (code >> 6 & 0x3f)));
		strbuf_addc(text, (char)(0x80 | (code & 0x3f)));
	}
	return true;
}

/* r->p is at an '&'. */
static bool add_entity(struct reader *r, struct strbuf *text)
{
	static const struct {
		const char *name;
		char character;
	} names[] = {
		{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
	char digits[12] = "";
	size_t len = 0;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (starts(r, names[i].name)) {
			strbuf_addc(text, names[i].character);
			r->p += strlen(names[i].name);
			return true;
		}
	if (!starts(r, "&#"))
		return false;
	r->p += 2;
	while (r->p + len < r->end && r->p[len] != ';' && len < sizeof digits - 1) {
		digits[len] = r->p[len];
		len++;
	}
	char *stop = digits;
	bool hex = digits[0] == 'x';
	unsigned long code = strtoul(digits + hex, &stop, hex ? 16 : 10);
	if (len <= hex || !isxdigit((unsigned char)digits[hex]) || *stop != '\0' ||
		r->p + len >= r->end || r->p[len] != ';')
		return false;
	r->p += len + 1;
	return add_character(text, code);
}

/* The text up to the closing tag `name`; NULL when it is not closed. The caller frees it. */
static char *read_text(struct reader *r, const struct tag *open)
{
	struct strbuf text;
	struct tag close;

	strbuf_init(&text, PLIST_BYTES_MAX);
	while (!open->empty && r->p < r->end) {
		if (starts(r, "<![CDATA[")) {
			r->p += 9;
			const char *next = after(r, "]]>");
			if (next == NULL)
				break;
			strbuf_add(&text, r->p, (size_t)(next - 3 - r->p));
			r->p = next;
		} else if (*r->p == '<') {
			if (!read_tag(r, &close) || !close.closing || close.len != open->len ||
				memcmp(close.name, open->name, open->len) != 0)
				break;
			return strbuf_detach(&text);
		} else if (*r->p != '&') {
			strbuf_addc(&text, *r->p++);
		} else if (!add_entity(r, &text)) {
			break;
		}
	}
	if (open->empty)
		return strbuf_detach(&text);
	strbuf_release(&text);
	return NULL;
}

/* ---- values ---- */

/* Puts a value where it stands: into its container, or as the root. */
static bool place(struct reader *r, size_t value, bool key)
{
	if (r->depth == 0) {
		if (r->done || key)
			return false;
		r->list->root = value;
		r->done = true;
		return true;
	}
	const struct level *level = &r->levels[r->depth - 1];
	bool dict = r->list->values[level->container].type == PLIST_DICT;
	bool even = (r->pending_count - level->start) % 2 == 0;
	if (key != (dict && even))
		return false;
	r->pending =
		mem_grow(r->pending, r->pending_count, &r->pending_capacity, sizeof *r->pending);
	r->pending[r->pending_count++] = value;
	return true;
}

static bool close_container(struct reader *r)
{
	const struct level *level = &r->levels[--r->depth];
	struct plist_value *value = &r->list->values[level->container];
	size_t count = r->pending_count - level->start;

	if (value->type == PLIST_DICT && count % 2 != 0)
		return false;
	value->first = r->list->ref_count;
	value->count = value->type == PLIST_DICT ? count / 2 : count;
	for (size_t i = level->start; i < r->pending_count; i++)
		plist_add_ref(r->list, r->pending[i]);
	r->pending_count = level->start;
	return true;
}

static bool open_container(struct reader *r, const struct tag *tag, enum plist_type type)
{
	size_t value = plist_add(r->list, type);

	/* The root's place is taken when it opens: what follows it is then one too many. */
	if (!place(r, value, false) || r->depth == PLIST_DEPTH_MAX)
		return false;
	if (!tag->empty)
		r->levels[r->depth++] =
			(struct level){.container = value, .start = r->pending_count};
	return true;
}

static bool read_scalar(struct reader *r, const struct tag *tag)
{
	bool truth = is(tag, "true"), key = is(tag, "key");
	bool text = key || is(tag, "string"), number = is(tag, "integer");

	if (!text && !number && !truth && !is(tag, "false") && !is(tag, "real") &&
		!is(tag, "date") && !is(tag, "data"))
		return false;
	char *content = read_text(r, tag);
	if (content == NULL)
		return false;
	size_t index = plist_add(r->list, text ? PLIST_TEXT : PLIST_NUMBER);
	struct plist_value *value = &r->list->values[index];
	if (text) {
		value->text = content;
		return place(r, index, key);
	}
	if (number)
		value->number = strtoll(content, NULL, 10);
	else if (truth || is(tag, "false"))
		value->number = truth;
	else
		value->type = PLIST_OTHER;
	free(content);
	return place(r, index, false);
}

static bool read_element(struct reader *r, const struct tag *tag)
{
	enum plist_type type = is(tag, "dict") ? PLIST_DICT : PLIST_ARRAY;

	if (r->list->value_count >= PLIST_VALUES_MAX)
		return false;
	if (is(tag, "plist")) /* the outermost element, once opened and once closed */
		return r->depth == 0 && !tag->empty && tag->closing == r->done;
	if (!is(tag, "dict") && !is(tag, "array"))
		return !tag->closing && read_scalar(r, tag);
	if (!tag->closing)
		return open_container(r, tag, type);
	return r->depth > 0 && r->list->values[r->levels[r->depth - 1].container].type == type &&
	       close_container(r);
}

const char *plist_read_xml(struct plist *list, const char *text, size_t len)
{
	struct reader r = {.list = list, .p = text, .end = text + len};
	struct tag tag;
	bool fine = true;

	if (starts(&r, "\xef\xbb\xbf"))
		r.p += 3;
	while (fine && (fine = skip_misc(&r)) && r.p < r.end)
		fine = read_tag(&r, &tag) && read_element(&r, &tag);
	fine = fine && r.done && r.depth == 0;
	free(r.pending);
	return fine ? NULL : "neither the binary form nor well-formed XML of one";
}
