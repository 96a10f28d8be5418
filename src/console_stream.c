#include "console_stream.h"

#include <string.h>

#include "utf8.h"

#define ESCAPE      0x1b
#define REPLACEMENT 0xfffd

enum { IN_TEXT, AFTER_ESCAPE, IN_SEQUENCE };

void console_stream_init(struct console_stream *stream, const struct console_sink *sink)
{
	memset(stream, 0, sizeof *stream);
	stream->sink = sink;
}

static void hand_on(struct console_stream *s)
{
	if (s->unit_count > 0)
		s->sink->text(s->sink->arg, s->units, s->unit_count);
	s->unit_count = 0;
}

static void add_unit(struct console_stream *s, uint32_t unit)
{
	s->units[s->unit_count++] = (uint16_t)unit;
}

/* Two units at most, which stay together. */
static void add_character(struct console_stream *s, uint32_t code)
{
	if (s->unit_count + 2 > sizeof s->units / sizeof s->units[0])
		hand_on(s);
	if (code == '\n')
		add_unit(s, '\r');
	if (code < 0x10000) {
		add_unit(s, code);
		return;
	}
	add_unit(s, 0xd800 + ((code - 0x10000) >> 10));
	add_unit(s, 0xdc00 + ((code - 0x10000) & 0x3ff));
}

/* "1;31" one by one; nothing is 0. */
static void set_tones(struct console_stream *s)
{
	unsigned number = 0;

	for (size_t i = 0; i <= s->parameter_count; i++) {
		char c = i < s->parameter_count ? s->parameters[i] : ';';
		if (c >= '0' && c <= '9') {
			if (number < 100)
				number = number * 10 + (unsigned)(c - '0');
			continue;
		}
		s->sink->tone(s->sink->arg, number);
		number = 0;
	}
}

/* The byte that ends a sequence says what it is; others are not ours. */
static void end_sequence(struct console_stream *s, unsigned char final)
{
	hand_on(s);
	if (final == 'm')
		set_tones(s);
	else if (final == 'K')
		s->sink->erase(s->sink->arg);
	else if (final == 'n')
		s->sink->mark(s->sink->arg);
	s->sequence = IN_TEXT;
}

static void read_sequence(struct console_stream *s, unsigned char byte)
{
	if (s->sequence == AFTER_ESCAPE) {
		s->sequence = byte == '[' ? IN_SEQUENCE : IN_TEXT;
		s->parameter_count = 0;
	} else if (byte >= 0x40 && byte < 0x7f) {
		end_sequence(s, byte);
	} else if (byte < 0x20 || byte >= 0x7f) {
		s->sequence = IN_TEXT;
	} else if (s->parameter_count < sizeof s->parameters) {
		s->parameters[s->parameter_count++] = (char)byte;
	}
}

/* Whether what is held may still become a character. */
static int may_become(const struct console_stream *s)
{
	unsigned char first = s->held[0];
	size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;

	if (first >= 0xf5 || s->held_count >= size)
		return 0;
	for (size_t i = 1; i < s->held_count; i++)
		if ((s->held[i] & 0xc0) != 0x80)
			return 0;
	return 1;
}

/* Takes whole characters out of what is held; what can be none is replaced, byte by byte. */
static void take_held(struct console_stream *s, int last)
{
	while (s->held_count > 0) {
		uint32_t code = REPLACEMENT;
		size_t size = utf8_decode((const char *)s->held, s->held_count, &code);
		if (size == 0 && !last && may_become(s))
			return;
		if (size == 0) {
			code = REPLACEMENT;
			size = 1;
		}
		add_character(s, code);
		s->held_count -= size;
		memmove(s->held, s->held + size, s->held_count);
	}
}

static void feed_byte(struct console_stream *s, unsigned char byte)
{
	if (s->sequence != IN_TEXT) {
		read_sequence(s, byte);
		return;
	}
	if (byte == ESCAPE) {
		take_held(s, 1);
		s->sequence = AFTER_ESCAPE;
		return;
	}
	s->held[s->held_count++] = byte;
	take_held(s, 0);
}

void console_stream_feed(struct console_stream *stream, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		feed_byte(stream, (unsigned char)bytes[i]);
	hand_on(stream);
}

void console_stream_end(struct console_stream *stream)
{
	take_held(stream, 1);
	hand_on(stream);
}
