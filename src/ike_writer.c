#include "ike_writer.h"

#include <string.h>

#include "platform.h"

void writer_bytes(struct writer *w, const void *bytes, size_t len)
{
	if (w->full || len > w->size - w->len) {
		w->full = true;
		return;
	}
	memcpy(w->buf + w->len, bytes, len);
	w->len += len;
}

void writer_8(struct writer *w, unsigned value)
{
	uint8_t byte = (uint8_t)value;
	writer_bytes(w, &byte, 1);
}

void writer_16(struct writer *w, unsigned value)
{
	writer_8(w, value >> 8);
	writer_8(w, value & 0xff);
}

void writer_32(struct writer *w, uint32_t value)
{
	writer_16(w, value >> 16);
	writer_16(w, value & 0xffff);
}

void writer_random(struct writer *w, size_t len)
{
	if (w->full || len > w->size - w->len) {
		w->full = true;
		return;
	}
	platform_random(w->buf + w->len, len);
	w->len += len;
}

/* Writes the bytes from `from` to here as a 16-bit length at `at`. */
void writer_length(struct writer *w, size_t at, size_t from)
{
	if (w->full)
		return;
	size_t len = w->len - from;
	w->buf[at] = (uint8_t)(len >> 8);
	w->buf[at + 1] = (uint8_t)(len & 0xff);
}

size_t payload_begin(struct writer *w, uint8_t type)
{
	size_t start = w->len;

	if (!w->full)
		w->buf[w->next_at] = type;
	w->next_at = start;
	writer_32(w, 0);
	return start;
}

void payload_end(struct writer *w, size_t start)
{
	writer_length(w, start + 2, start);
}

void writer_vendor(struct writer *w, uint8_t payload, const void *id, size_t len)
{
	size_t start = payload_begin(w, payload);

	if (id != NULL)
		writer_bytes(w, id, len);
	else
		writer_random(w, len);
	payload_end(w, start);
}
