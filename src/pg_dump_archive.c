/*
 * Reads an archive's head, its table of contents as far as the bytes go, and, where they are the
 * whole file, the chain of its data blocks, so that a file cut short anywhere is noticed.
 */
#include "pg_dump_archive.h"

#include <string.h>

#define NEWEST_MINOR 16 /* archive 1.16: PostgreSQL 17 and 18 */
#define WIDEST       32 /* bytes of an integer or offset, at most */
#define MOST_LENGTH  INT32_MAX

enum format { FORMAT_CUSTOM = 1, FORMAT_TAR = 3, FORMAT_DIRECTORY = 5 };
enum data_state { DATA_UNPLACED = 1, DATA_PLACED = 2, DATA_NONE = 3 };
enum block { BLOCK_DATA = 1, BLOCK_LARGE_OBJECTS = 3 };

/* Why reading stopped. */
enum stop {
	GOING_ON,
	STOP_HEAD,   /* the bytes end, the file does not */
	STOP_END,    /* the file ends */
	STOP_RANGE,  /* an impossible value */
	STOP_UNKNOWN /* a version that is not known */
};

struct reader {
	const uint8_t *bytes;
	size_t at, len;
	uint64_t size; /* of the file */
	enum stop stop;
	int minor; /* archive version 1.minor */
	int int_width, offset_width;
	enum format format;
	uint64_t last_offset; /* the furthest block that the TOC places */
	uint64_t data_count;  /* entries that have data */
};

/* A string in the bytes; NULL: the archive has none there. */
struct piece {
	const uint8_t *bytes;
	size_t len;
};

/* ---- values; after a stop they are 0 or nothing ---- */

static bool take(struct reader *r, size_t count)
{
	if (r->stop != GOING_ON)
		return false;
	if (count <= r->len - r->at)
		return true;
	r->stop = r->at + (uint64_t)count > r->size ? STOP_END : STOP_HEAD;
	return false;
}

static int read_byte(struct reader *r)
{
	return take(r, 1) ? r->bytes[r->at++] : 0;
}

/* Little-endian, of any width; what does not fit is out of range. */
static uint64_t read_unsigned(struct reader *r, int width)
{
	uint64_t value = 0;

	if (!take(r, (size_t)width))
		return 0;
	for (int i = 0; i < width; i++) {
		uint8_t byte = r->bytes[r->at++];

		if (i < 8)
			value |= (uint64_t)byte << (8 * i);
		else if (byte != 0)
			r->stop = STOP_RANGE;
	}
	return value;
}

static long long read_int(struct reader *r)
{
	int sign = r->minor > 0 ? read_byte(r) : 0;
	uint64_t value = read_unsigned(r, r->int_width);

	if (r->stop == GOING_ON && (sign > 1 || value > MOST_LENGTH + (uint64_t)1))
		r->stop = STOP_RANGE;
	if (r->stop != GOING_ON)
		return 0;
	return sign ? -(long long)value : (long long)value;
}

/* An object's number in the database: 32 bits without a sign, in an integer's place. */
static uint64_t read_number(struct reader *r)
{
	if (r->minor > 0 && read_byte(r) > 1)
		r->stop = STOP_RANGE;
	return read_unsigned(r, r->int_width);
}

static struct piece read_string(struct reader *r)
{
	long long len = read_int(r);
	struct piece piece = {0};

	if (r->stop != GOING_ON || len < 0 || !take(r, (size_t)len))
		return piece;
	piece = (struct piece){r->bytes + r->at, (size_t)len};
	r->at += (size_t)len;
	return piece;
}

static void skip_strings(struct reader *r, int count)
{
	while (count-- > 0)
		read_string(r);
}

static bool is(struct piece piece, const char *word)
{
	return piece.len == strlen(word) && memcmp(piece.bytes, word, piece.len) == 0;
}

static void copy(struct piece piece, char *out, size_t size)
{
	size_t len = piece.len < size ? piece.len : size - 1;

	if (len > 0)
		memcpy(out, piece.bytes, len);
	out[len] = '\0';
}

/* ---- the head ---- */

static void read_version(struct reader *r, struct pg_dump *dump)
{
	dump->major = read_byte(r);
	dump->minor = read_byte(r);
	if (dump->major > 1 || dump->minor > 0)
		dump->revision = read_byte(r);
	r->minor = dump->minor;
	if (r->stop == GOING_ON && dump->major < 1)
		r->stop = STOP_RANGE;
	if (r->stop == GOING_ON && (dump->major > 1 || dump->minor > NEWEST_MINOR))
		r->stop = STOP_UNKNOWN;
}

static void read_widths(struct reader *r)
{
	r->int_width = read_byte(r);
	r->offset_width = r->minor >= 7 ? read_byte(r) : r->int_width;
	if (r->stop == GOING_ON && (r->int_width < 1 || r->int_width > WIDEST ||
					   r->offset_width < 1 || r->offset_width > WIDEST))
		r->stop = STOP_RANGE;
}

static void read_format(struct reader *r, struct pg_dump *dump)
{
	int format = read_byte(r);

	if (r->stop != GOING_ON)
		return;
	if (format == FORMAT_TAR || format == FORMAT_DIRECTORY)
		dump->kind = PG_DUMP_DIRECTORY;
	else if (format != FORMAT_CUSTOM)
		r->stop = STOP_RANGE;
	r->format = (enum format)format;
}

static void read_compression(struct reader *r)
{
	if (r->minor >= 15) {
		if (read_byte(r) > 3) /* none, gzip, lz4, zstd */
			r->stop = STOP_RANGE;
	} else if (r->minor >= 4) {
		read_int(r);
	} else if (r->minor >= 2) {
		read_byte(r);
	}
}

static void read_head(struct reader *r, struct pg_dump *dump)
{
	r->at = sizeof PG_DUMP_MAGIC - 1;
	read_version(r, dump);
	read_widths(r);
	read_format(r, dump);
	read_compression(r);
	if (r->minor >= 4) {
		for (int i = 0; i < 7; i++) /* struct tm */
			read_int(r);
		read_string(r); /* name of the database */
	}
	if (r->minor >= 10) {
		copy(read_string(r), dump->server_version, sizeof dump->server_version);
		copy(read_string(r), dump->dump_version, sizeof dump->dump_version);
	}
}

/* ---- the table of contents ---- */

/* Where a custom archive's entry has its data. */
static void read_place(struct reader *r)
{
	int state = read_byte(r);
	uint64_t offset = read_unsigned(r, r->offset_width);

	if (r->stop == GOING_ON && (state < DATA_UNPLACED || state > DATA_NONE))
		r->stop = STOP_RANGE;
	if (r->stop != GOING_ON || state == DATA_NONE)
		return;
	r->data_count++;
	if (state == DATA_PLACED && offset > r->last_offset)
		r->last_offset = offset;
}

static void read_extra(struct reader *r)
{
	if (r->format != FORMAT_CUSTOM) {
		read_string(r); /* name of the file with its data */
	} else if (r->minor >= 7) {
		read_place(r);
	} else {
		read_int(r);
		read_int(r);
	}
}

static void read_dependencies(struct reader *r)
{
	while (r->minor >= 5 && r->stop == GOING_ON && read_string(r).bytes != NULL)
		;
}

static void note_encoding(
	struct reader *r, struct piece kind, struct piece definition, struct pg_dump *dump)
{
	if (r->stop != GOING_ON || !is(kind, "ENCODING") || dump->encoding[0] != '\0')
		return;
	if (definition.bytes == NULL || !pg_dump_set_encoding(definition.bytes, definition.len,
						dump->encoding, sizeof dump->encoding))
		r->stop = STOP_RANGE;
}

static void read_entry(struct reader *r, struct pg_dump *dump)
{
	if (read_int(r) <= 0 && r->stop == GOING_ON)
		r->stop = STOP_RANGE;
	read_int(r);                            /* has data */
	skip_strings(r, r->minor >= 8 ? 3 : 2); /* numbers of table and object, tag */
	struct piece kind = read_string(r);
	if (r->minor >= 11)
		read_int(r); /* section */
	struct piece definition = read_string(r);
	note_encoding(r, kind, definition, dump);
	/* DROP and COPY statements, schema, tablespace, access method */
	skip_strings(
		r, 1 + (r->minor >= 3) + (r->minor >= 6) + (r->minor >= 10) + (r->minor >= 14));
	if (r->minor >= 16)
		read_int(r);                  /* kind of relation */
	skip_strings(r, 1 + (r->minor >= 9)); /* owner, WITH OIDS */
	read_dependencies(r);
	read_extra(r);
}

static void read_contents(struct reader *r, struct pg_dump *dump)
{
	long long count = read_int(r);

	if (r->stop == GOING_ON && count < 1)
		r->stop = STOP_RANGE;
	for (long long i = 0; i < count && r->stop == GOING_ON; i++)
		read_entry(r, dump);
	if (r->stop == GOING_ON && r->last_offset >= r->size)
		r->stop = STOP_END;
}

/* ---- the data, when all of it is there ---- */

/* Chunks up to an empty one. */
static void skip_chunks(struct reader *r)
{
	long long len;

	while ((len = read_int(r)) != 0 && r->stop == GOING_ON) {
		if (len < 0)
			r->stop = STOP_RANGE;
		else if (take(r, (size_t)len))
			r->at += (size_t)len;
	}
}

static void skip_block(struct reader *r)
{
	int kind = read_byte(r);

	read_int(r); /* the entry's number */
	if (kind == BLOCK_DATA)
		skip_chunks(r);
	else if (kind == BLOCK_LARGE_OBJECTS)
		while (read_number(r) != 0 && r->stop == GOING_ON)
			skip_chunks(r);
	else if (r->stop == GOING_ON)
		r->stop = STOP_RANGE;
}

static void skip_data(struct reader *r)
{
	uint64_t blocks = 0;

	while (r->stop == GOING_ON && r->at < r->len) {
		skip_block(r);
		blocks++;
	}
	if (r->stop == GOING_ON && blocks < r->data_count)
		r->stop = STOP_END;
}

void pg_dump_archive_parse(const uint8_t *head, size_t len, uint64_t size, struct pg_dump *dump)
{
	static const enum pg_dump_error errors[] = {
		[GOING_ON] = PG_DUMP_FINE,
		[STOP_HEAD] = PG_DUMP_FINE,
		[STOP_END] = PG_DUMP_ENDS_EARLY,
		[STOP_RANGE] = PG_DUMP_OUT_OF_RANGE,
		[STOP_UNKNOWN] = PG_DUMP_NEWER,
	};
	struct reader r = {.bytes = head, .len = len, .size = size > len ? size : len};

	dump->kind = PG_DUMP_CUSTOM;
	read_head(&r, dump);
	read_contents(&r, dump);
	if (r.format == FORMAT_CUSTOM && r.minor >= 10 && r.size == len)
		skip_data(&r);
	dump->error = errors[r.stop];
}
