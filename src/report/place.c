/* Where a value stands in the text of a JSON document. Walks it without recursion. */
#include <string.h>

#include "report_valid.h"

struct scan {
	const char *at, *end;
};

static void skip_space(struct scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at) != NULL && *s->at != '\0')
		s->at++;
}

/* Past a string; s->at is at its first quote. */
static void skip_string(struct scan *s)
{
	for (s->at++; s->at < s->end && *s->at != '"'; s->at++)
		if (*s->at == '\\' && s->at + 1 < s->end)
			s->at++;
	if (s->at < s->end)
		s->at++;
}

/* Past any value. */
static void skip_value(struct scan *s)
{
	size_t depth = 0;

	do {
		skip_space(s);
		if (s->at >= s->end)
			return;
		if (*s->at == '"') {
			skip_string(s);
			continue;
		}
		if (*s->at == '{' || *s->at == '[')
			depth++;
		else if ((*s->at == '}' || *s->at == ']') && depth > 0)
			depth--;
		else if (depth == 0 && strchr(",]}", *s->at) != NULL)
			return;
		s->at++;
		while (depth == 0 && s->at < s->end && strchr(" \t\r\n,]}", *s->at) == NULL)
			s->at++;
	} while (depth > 0);
}

/* Goes on to the next item of a list or object; false at its end. */
static bool next_item(struct scan *s)
{
	skip_space(s);
	if (s->at < s->end && *s->at == ',') {
		s->at++;
		skip_space(s);
	}
	return s->at < s->end && *s->at != ']' && *s->at != '}';
}

/* From an object to the member's value; false when it is not there. */
static bool find_member(struct scan *s, const char *name)
{
	size_t len = strlen(name);

	if (s->at >= s->end || *s->at != '{')
		return false;
	for (s->at++; next_item(s);) {
		const char *key = s->at + 1;
		skip_string(s);
		bool same = (size_t)(s->at - key) == len + 1 && memcmp(key, name, len) == 0;
		skip_space(s);
		if (s->at < s->end)
			s->at++; /* : */
		skip_space(s);
		if (same)
			return true;
		skip_value(s);
	}
	return false;
}

static bool find_index(struct scan *s, size_t index)
{
	if (s->at >= s->end || *s->at != '[')
		return false;
	for (s->at++; next_item(s); index--) {
		if (index == 0)
			return true;
		skip_value(s);
	}
	return false;
}

static void count_lines(const char *text, const char *at, int *line, int *column)
{
	*line = 1;
	*column = 1;
	for (; text < at; text++) {
		if (*text == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)*text & 0xc0) != 0x80) {
			++*column;
		}
	}
}

void report_place_find(
	const struct report_place *place, const char *text, size_t len, int *line, int *column)
{
	struct scan scan = {.at = text, .end = text + len};

	skip_space(&scan);
	for (size_t i = 0; i < place->depth; i++) {
		const struct report_step *step = &place->steps[i];
		struct scan inner = scan;
		if (!(step->member != NULL ? find_member(&inner, step->member)
					   : find_index(&inner, step->index)))
			break;
		scan = inner;
	}
	count_lines(text, scan.at, line, column);
}
