/* Writing IKE messages, and the key exchange groups: what the parts of ike_build share. */
#ifndef PREFLIGHT_IKE_WRITER_H
#define PREFLIGHT_IKE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A message under construction. */
struct writer {
	uint8_t *buf;
	size_t size, len;
	size_t next_at; /* where the type of the next payload belongs */
	bool full;
};

/* Each appends; what does not fit sets `full`, and nothing is written from then on. */
void writer_bytes(struct writer *w, const void *bytes, size_t len);
void writer_8(struct writer *w, unsigned value);
void writer_16(struct writer *w, unsigned value);
void writer_32(struct writer *w, uint32_t value);
void writer_random(struct writer *w, size_t len);
/* Writes the number of bytes from `from` to here as a 16-bit length at `at`. */
void writer_length(struct writer *w, size_t at, size_t from);

/* A payload with its generic header (RFC 7296 section 3.2, the same in RFC 2408): begin returns
 * where it starts, for end, which fills in its length. */
#define PAYLOAD_HEADER 4
size_t payload_begin(struct writer *w, uint8_t type);
void payload_end(struct writer *w, size_t start);

/* Key exchange data of one Diffie-Hellman group. */
struct ike_group {
	int id;
	size_t size;         /* bytes */
	const uint8_t *base; /* a valid point; NULL: a random number does */
};
const struct ike_group *ike_group_find(int id); /* or NULL */

/* The payloads of IKEv1 main mode's first message. */
void writer_v1_main(struct writer *w);

/* A Vendor ID payload; id NULL: random bytes. */
void writer_vendor(struct writer *w, uint8_t payload, const void *id, size_t len);

#endif
