/*
 * Files of tests/fixtures/macos.
 */
#ifndef PREFLIGHT_TEST_MACOS_FIXTURE_H
#define PREFLIGHT_TEST_MACOS_FIXTURE_H

#include <stddef.h>

#define MACOS_FIXTURES "tests/fixtures/macos/"

/* The bytes of a file, followed by a NUL; the caller frees them. */
char *macos_fixture(const char *name, size_t *len);

#endif
