/*
 * What a file is that claims to be a PostgreSQL dump, told from its head: pg_dump's formats, the
 * archive's version and the database's encoding. Pure; every byte is hostile.
 *
 * A custom-format archive: "PGDMP", version, widths of integers and offsets, format, compression,
 * time, names, then a table of contents (TOC). Its first entry is ENCODING, whose definition is
 * `SET client_encoding = 'UTF8';`. Blocks of data follow, to the file's end.
 */
#ifndef PREFLIGHT_PG_DUMP_H
#define PREFLIGHT_PG_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a file's head that are worth reading. */
#define PG_DUMP_HEAD (1024 * 1024)

enum pg_dump_kind {
	PG_DUMP_EMPTY,
	PG_DUMP_CUSTOM,    /* pg_dump -Fc: what pg_restore takes as a single file */
	PG_DUMP_PLAIN_SQL, /* pg_dump -Fp */
	PG_DUMP_TAR,       /* pg_dump -Ft, or any other tar */
	PG_DUMP_DIRECTORY, /* pg_dump -Fd: toc.dat */
	PG_DUMP_GZIP,
	PG_DUMP_OTHER,
	PG_DUMP_KIND_COUNT
};
const char *pg_dump_kind_name(enum pg_dump_kind kind); /* "custom", "plain-sql", … */

enum pg_dump_error {
	PG_DUMP_FINE,
	PG_DUMP_ENDS_EARLY,   /* the file is shorter than its contents say */
	PG_DUMP_OUT_OF_RANGE, /* a value that no pg_dump writes */
	PG_DUMP_CONVERTED,    /* rewritten as text: a byte order mark, UTF-16 */
	PG_DUMP_NEWER,        /* an archive version that is not known here; not damaged */
	PG_DUMP_ERROR_COUNT
};
const char *pg_dump_error_name(enum pg_dump_error error); /* "ends-early", …; NULL: fine */

struct pg_dump {
	enum pg_dump_kind kind;
	enum pg_dump_error error;
	int major, minor, revision; /* of the archive; 0, 0, 0: none */
	/* As found; "" when it is not said, or stands beyond the head. */
	char server_version[64];
	char dump_version[64];
	char encoding[32];
};

/* size: of the whole file, which the `len` bytes begin. */
void pg_dump_parse(const uint8_t *head, size_t len, uint64_t size, struct pg_dump *dump);

/* Whether two names mean one encoding: case, "-" and "_" are ignored; UNICODE is UTF8. */
bool pg_dump_same_encoding(const char *a, const char *b);

#endif
