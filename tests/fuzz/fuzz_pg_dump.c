/* Reads a file as a PostgreSQL dump: whole, and as the head of a larger one. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pg_dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct pg_dump *dump, size_t size)
{
	if ((dump->kind == PG_DUMP_EMPTY) != (size == 0))
		abort();
	if (dump->kind != PG_DUMP_CUSTOM && dump->kind != PG_DUMP_DIRECTORY &&
		(dump->major != 0 || dump->server_version[0] != '\0' ||
			dump->error != PG_DUMP_FINE))
		abort();
	if (strlen(dump->encoding) >= sizeof dump->encoding ||
		strlen(dump->dump_version) >= sizeof dump->dump_version)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pg_dump whole, head;

	pg_dump_parse(data, size, size, &whole);
	check(&whole, size);
	pg_dump_parse(data, size, UINT64_MAX, &head);
	check(&head, size);
	/* What stands in the bytes does not depend on what may come after them. */
	if (whole.kind != head.kind || strcmp(whole.encoding, head.encoding) != 0 ||
		head.error == PG_DUMP_ENDS_EARLY)
		abort();
	return 0;
}

#ifdef FUZZ_REPLAY
#include "replay.h"
#endif
