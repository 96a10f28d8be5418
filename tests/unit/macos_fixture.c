#include "macos_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "mem.h"

#define FIXTURE_MAX 65536

char *macos_fixture(const char *name, size_t *len)
{
	char path[128], *bytes = mem_alloc(FIXTURE_MAX);
	FILE *in;

	snprintf(path, sizeof path, MACOS_FIXTURES "%s", name);
	in = fopen(path, "rb");
	assert_non_null(in);
	*len = fread(bytes, 1, FIXTURE_MAX - 1, in);
	fclose(in);
	return bytes;
}
