/*
 * What the completion scripts of all shells are made from: the tables of commands and options,
 * and the rules.
 *
 * A "source" is a word that says what may stand in a place: "files", "profiles", "checks",
 * "requirements", "causes", "waivers" (a check's id and "="), "formats" (those of the command),
 * "word:ja" (this very word), or "nothing" that could be offered.
 */
#ifndef PREFLIGHT_COMPLETION_H
#define PREFLIGHT_COMPLETION_H

#include <stdio.h>

#include "options.h"
#include "rules.h"
#include "strbuf.h"

struct completion {
	FILE *out;
	const struct rules *rules;
	enum lang lang;
};

/* A source whose words come from the rules. */
struct completion_list {
	const char *source;
	/* The i-th one's id, and its text; NULL behind the last. */
	const char *(*entry)(const struct rules *rules, size_t i, const struct text **text);
};

extern const struct completion_list completion_lists[]; /* NULL source at the end */

/*
 * Appends the sources, separated by blanks, of an argument as the tables write it: "FILE",
 * "ID|CAUSE", "rules|report". -1, and nothing, when no source is known for it.
 */
int completion_sources(struct strbuf *out, const char *argument);

/* Appends "word:text word:json" for a command's formats. */
void completion_formats(struct strbuf *out, const struct command *command);

/*
 * Takes one operand from a command's arguments ("OLD NEW", "[REPORT]", "FILE...") into `operand`,
 * without its brackets and dots. Returns what follows, or NULL when there was none.
 */
const char *completion_operand(const char *arguments, struct strbuf *operand);

/* Appends text in single quotes, as one word of a shell; control characters are shown as "\xNN". */
void completion_quote(struct strbuf *out, const char *text);

void completion_bash(const struct completion *completion);
void completion_zsh(const struct completion *completion);

#endif
