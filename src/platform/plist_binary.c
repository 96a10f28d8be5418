/*
 * "bplist00" (CFBinaryPList.c): objects one after the other, a table of their offsets, and a
 * trailer of 32 bytes that says how wide offsets and references are. Writers store an object once
 * and refer to it, so that the objects of one file never overlap; what claims more references or
 * text than the file has room for is refused.
 */
#include "plist.h"

#include <stdint.h>
#include <string.h>

#include "mem.h"

#define HEADER  8u
#define TRAILER 32u

struct reader {
	struct plist *list;
	const unsigned char *bytes;
	size_t end;   /* where the objects end: the offset table */
	size_t count; /* objects */
	size_t ref_size;
	size_t refs_left, text_left; /* what the file may still expand to */
};

static uint64_t number_at(const unsigned char *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* The bytes [at, at + len) are among the objects. */
static bool fits(const struct reader *r, size_t at, uint64_t len)
{
	return at <= r->end && len <= r->end - at;
}

/* The count of a marker at *at, which then stands behind it; false when it does not fit. */
static bool read_count(const struct reader *r, size_t *at, uint64_t *count)
{
	unsigned low = r->bytes[(*at)++] & 0x0fu;

	*count = low;
	if (low != 0x0f)
		return true;
	if (!fits(r, *at, 1) || (r->bytes[*at] & 0xf0u) != 0x10 || (r->bytes[*at] & 0x0fu) > 3)
		return false;
	size_t size = (size_t)1 << (r->bytes[(*at)++] & 0x0fu);
	if (!fits(r, *at, size))
		return false;
	*count = number_at(r->bytes + *at, size);
	*at += size;
	return true;
}

static void add_code(struct strbuf *text, uint32_t code)
{
	char out[4];
	size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = len; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(lead[len] | code);
	strbuf_add(text, out, len);
}

/* UTF-16, big endian; a half of a pair alone is U+FFFD. */
static char *text_of_utf16(const unsigned char *bytes, size_t units)
{
	struct strbuf text;

	strbuf_init(&text, 3 * units + 1);
	for (size_t i = 0; i < units; i++) {
		uint32_t code = (uint32_t)number_at(bytes + 2 * i, 2), low = 0;

		if (code >= 0xd800 && code < 0xdc00 && i + 1 < units)
			low = (uint32_t)number_at(bytes + 2 * (i + 1), 2);
		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			i++;
		} else if (code >= 0xd800 && code < 0xe000) {
			code = 0xfffd;
		}
		add_code(&text, code);
	}
	return strbuf_detach(&text);
}

static bool read_text(struct reader *r, size_t at, size_t width, struct plist_value *value)
{
	uint64_t units;

	if (!read_count(r, &at, &units) || units > r->end || !fits(r, at, units * width) ||
		units * width > r->text_left)
		return false;
	r->text_left -= (size_t)units * width;
	const unsigned char *bytes = r->bytes + at;
	value->text = width == 2 ? text_of_utf16(bytes, (size_t)units)
				 : mem_strndup((const char *)bytes, (size_t)units);
	return true;
}

static bool read_integer(const struct reader *r, size_t at, struct plist_value *value)
{
	size_t size = (size_t)1 << (r->bytes[at] & 0x0fu);

	if (size > 16 || !fits(r, at + 1, size))
		return false;
	const unsigned char *bytes = r->bytes + at + 1;
	value->number =
		size == 16 ? (long long)number_at(bytes + 8, 8) : (long long)number_at(bytes, size);
	return true;
}

/* per: references of one element. */
static bool read_container(struct reader *r, size_t at, size_t per, size_t index)
{
	uint64_t count;

	if (!read_count(r, &at, &count) || count > r->count)
		return false;
	size_t refs = (size_t)count * per;
	if (refs > r->refs_left || !fits(r, at, refs * r->ref_size))
		return false;
	r->refs_left -= refs;
	r->list->values[index].first = r->list->ref_count;
	r->list->values[index].count = (size_t)count;
	/* Keys come first, all of them, then their values. */
	for (size_t i = 0; i < refs; i++) {
		size_t from = per == 2 ? i / 2 + (i % 2) * (size_t)count : i;
		uint64_t target = number_at(r->bytes + at + from * r->ref_size, r->ref_size);

		if (target >= r->count)
			return false;
		plist_add_ref(r->list, (size_t)target);
	}
	return true;
}

static bool read_object(struct reader *r, size_t at)
{
	static const enum plist_type types[16] = {
		[0x0] = PLIST_NUMBER,
		[0x1] = PLIST_NUMBER,
		[0x5] = PLIST_TEXT,
		[0x6] = PLIST_TEXT,
		[0xa] = PLIST_ARRAY,
		[0xd] = PLIST_DICT,
	};
	unsigned marker = r->bytes[at];
	size_t index = plist_add(r->list, types[marker >> 4]);
	struct plist_value *value = &r->list->values[index];

	switch (marker >> 4) {
	case 0x0:
		value->number = marker == 0x09;
		if (marker != 0x08 && marker != 0x09)
			value->type = PLIST_OTHER;
		return true;
	case 0x1:
		return read_integer(r, at, value);
	case 0x5:
		return read_text(r, at, 1, value);
	case 0x6:
		return read_text(r, at, 2, value);
	case 0xa:
		return read_container(r, at, 1, index);
	case 0xd:
		return read_container(r, at, 2, index);
	}
	return true;
}

const char *plist_read_binary(struct plist *list, const unsigned char *bytes, size_t len)
{
	if (len < HEADER + TRAILER)
		return "cut off";
	const unsigned char *trailer = bytes + len - TRAILER;
	size_t offset_size = trailer[6];
	uint64_t count = number_at(trailer + 8, 8), root = number_at(trailer + 16, 8),
		 table = number_at(trailer + 24, 8);
	struct reader r = {.list = list, .bytes = bytes, .ref_size = trailer[7]};

	if (offset_size < 1 || offset_size > 8 || r.ref_size < 1 || r.ref_size > 8 || count < 1 ||
		count > PLIST_VALUES_MAX || root >= count || table < HEADER ||
		table > len - TRAILER || count * offset_size > len - TRAILER - table)
		return "its trailer does not fit";
	r.end = (size_t)table;
	r.count = (size_t)count;
	r.refs_left = r.text_left = len;
	for (size_t i = 0; i < r.count; i++) {
		uint64_t at = number_at(bytes + r.end + i * offset_size, offset_size);

		if (at < HEADER || at >= table || !read_object(&r, (size_t)at))
			return "an object does not fit";
	}
	list->root = (size_t)root;
	return NULL;
}
