/*
 * A growable string with a hard cap, always NUL-terminated.
 */
#ifndef PREFLIGHT_STRBUF_H
#define PREFLIGHT_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__MINGW32__)
#define PF_PRINTF(fmt, args) __attribute__((format(gnu_printf, fmt, args)))
#else
#define PF_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#endif

/* Text under construction. All fields are read-only to callers. */
struct strbuf {
	char *data;     /* never NULL after strbuf_init; NUL-terminated; owned */
	size_t len;     /* bytes without the NUL */
	size_t size;    /* bytes allocated */
	size_t max;     /* cap on len, fixed by strbuf_init */
	bool truncated; /* something was left out because of max */
};

/* Starts an empty buffer that never holds more than max bytes. */
void strbuf_init(struct strbuf *sb, size_t max);

/* Frees the text; the struct may be initialised again. */
void strbuf_release(struct strbuf *sb);

/* Empties the buffer, keeps its memory. */
void strbuf_reset(struct strbuf *sb);

/* Appends len bytes; what is beyond the cap is dropped and sets `truncated`. */
void strbuf_add(struct strbuf *sb, const char *bytes, size_t len);
void strbuf_adds(struct strbuf *sb, const char *text);
void strbuf_addc(struct strbuf *sb, char c);
void strbuf_addf(struct strbuf *sb, const char *fmt, ...) PF_PRINTF(2, 3);
void strbuf_vaddf(struct strbuf *sb, const char *fmt, va_list ap) PF_PRINTF(2, 0);

/* Hands the text to the caller, who frees it with free(); the buffer is released. */
char *strbuf_detach(struct strbuf *sb);

#endif
