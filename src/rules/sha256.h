#ifndef PREFLIGHT_RULES_SHA256_H
#define PREFLIGHT_RULES_SHA256_H

#include <stddef.h>

/* SHA-256 as 64 hexadecimal digits and a NUL. */
void sha256_hex(const char *bytes, size_t len, char out[65]);

#endif
