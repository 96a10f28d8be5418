/*
 * PostgreSQL archives (custom format, and the toc.dat of the directory format).
 */
#ifndef PREFLIGHT_PG_DUMP_ARCHIVE_H
#define PREFLIGHT_PG_DUMP_ARCHIVE_H

#include "pg_dump.h"

#define PG_DUMP_MAGIC "PGDMP"

/* Reads bytes that begin with the magic. */
void pg_dump_archive_parse(const uint8_t *head, size_t len, uint64_t size, struct pg_dump *dump);

/* Reads `SET client_encoding = 'NAME'` at the beginning of a text; false when it is not that. */
bool pg_dump_set_encoding(const uint8_t *text, size_t len, char *out, size_t size);

#endif
