/*
 * An arithmetic coder of 32 bits over a few bytes: what is likely takes little room. A decoder
 * that reads beyond the end reads zeros.
 */
#ifndef PREFLIGHT_SUPPORT_CODE_CODER_H
#define PREFLIGHT_SUPPORT_CODE_CODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODER_BITS_MAX 512 /* further ones are counted, not kept */

struct coder {
	bool decoding;
	uint8_t bits[CODER_BITS_MAX]; /* one a byte */
	size_t count;                 /* written, or there to be read */
	uint64_t low, high, value;
	size_t pending, next;
};

void coder_encode(struct coder *c);
void coder_decode(struct coder *c, const uint8_t *bits, size_t count);

/*
 * One symbol of `count` with these frequencies (each at least 1, the sum below 2^30): encodes
 * `symbol` and returns it, or decodes it.
 */
size_t coder_symbol(struct coder *c, const unsigned *frequencies, size_t count, size_t symbol);
/* The same with equal frequencies. */
size_t coder_uniform(struct coder *c, size_t count, size_t symbol);

/* Encoding: writes what is still needed; count is then final. */
void coder_finish(struct coder *c);

#endif
