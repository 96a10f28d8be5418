#include "strbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

void strbuf_init(struct strbuf *sb, size_t max)
{
	memset(sb, 0, sizeof *sb);
	sb->max = max;
	sb->size = max < 63 ? max + 1 : 64;
	sb->data = mem_alloc(sb->size);
}

void strbuf_release(struct strbuf *sb)
{
	free(sb->data);
	memset(sb, 0, sizeof *sb);
}

void strbuf_reset(struct strbuf *sb)
{
	sb->len = 0;
	sb->data[0] = '\0';
	sb->truncated = false;
}

/* Makes room for `more` bytes as far as the cap allows; returns how many fit. */
static size_t reserve(struct strbuf *sb, size_t more)
{
	if (more > sb->max - sb->len) {
		more = sb->max - sb->len;
		sb->truncated = true;
	}
	size_t need = sb->len + more + 1;
	if (need > sb->size) {
		size_t size = sb->size;
		while (size < need)
			size *= 2;
		sb->data = mem_realloc(sb->data, size);
		sb->size = size;
	}
	return more;
}

void strbuf_add(struct strbuf *sb, const char *bytes, size_t len)
{
	size_t fit = reserve(sb, len);
	memcpy(sb->data + sb->len, bytes, fit);
	sb->len += fit;
	sb->data[sb->len] = '\0';
}

void strbuf_adds(struct strbuf *sb, const char *text)
{
	strbuf_add(sb, text, strlen(text));
}

void strbuf_addc(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap)
{
	va_list again;
	char small[256];

	va_copy(again, ap);
	int len = vsnprintf(small, sizeof small, fmt, ap);
	if (len >= 0 && (size_t)len < sizeof small) {
		strbuf_add(sb, small, (size_t)len);
	} else if (len >= 0) {
		char *text = mem_alloc((size_t)len + 1);
		vsnprintf(text, (size_t)len + 1, fmt, again);
		strbuf_add(sb, text, (size_t)len);
		free(text);
	}
	va_end(again);
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vaddf(sb, fmt, ap);
	va_end(ap);
}

char *strbuf_detach(struct strbuf *sb)
{
	char *text = sb->data;
	memset(sb, 0, sizeof *sb);
	return text;
}
