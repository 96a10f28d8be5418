/*
 * What is printed, as a console takes it: bytes in UTF-8 with the few control sequences that this
 * program uses become UTF-16 text, colours and erasing. Consoles then need neither a code page nor
 * a mode of their own. Pieces may end anywhere, also inside a character or a sequence.
 */
#ifndef PREFLIGHT_CONSOLE_STREAM_H
#define PREFLIGHT_CONSOLE_STREAM_H

#include <stddef.h>
#include <stdint.h>

/* What a console does; every slot is filled. */
struct console_sink {
	/* Shows text; lines end with CR LF. What was not UTF-8 is U+FFFD. */
	void (*text)(void *arg, const uint16_t *units, size_t count);
	/* A colour or emphasis by its number (SGR): 0 none, 1 strong, 31 red, … */
	void (*tone)(void *arg, unsigned number);
	/* Erases from the cursor to the end of its line. */
	void (*erase)(void *arg);
	/* Somebody waits until all before CONSOLE_STREAM_MARK has been shown. */
	void (*mark)(void *arg);
	void *arg;
};

/* A question about the state, as terminals know it; the answer is no text here. */
#define CONSOLE_STREAM_MARK "\033[5n"

struct console_stream {
	const struct console_sink *sink; /* borrowed */
	unsigned char held[4];           /* the beginning of a character */
	size_t held_count;
	int sequence;        /* 0: text; 1: after ESC; 2: after ESC [ */
	char parameters[16]; /* of the sequence */
	size_t parameter_count;
	uint16_t units[1024]; /* text not handed on yet */
	size_t unit_count;
};

void console_stream_init(struct console_stream *stream, const struct console_sink *sink);
/* Hands on all that is complete. */
void console_stream_feed(struct console_stream *stream, const char *bytes, size_t count);
/* Nothing more comes: what is not complete is U+FFFD. */
void console_stream_end(struct console_stream *stream);

#endif
