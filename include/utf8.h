/*
 * UTF-8 (RFC 3629).
 */
#ifndef PREFLIGHT_UTF8_H
#define PREFLIGHT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the character at bytes[0..len), len > 0. Returns its size (1..4) and *code, or 0 when
 * the bytes are not well-formed UTF-8 (overlong forms, surrogates, above U+10FFFF included).
 */
size_t utf8_decode(const char *bytes, size_t len, uint32_t *code);

/* Control characters (C0, DEL, C1) and those that reorder or hide text (bidi controls). */
int utf8_is_control(uint32_t code);

#endif
