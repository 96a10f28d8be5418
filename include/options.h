/*
 * The command line: commands and options as tables, from which parsing, usage texts and the
 * comparison with the manual come.
 */
#ifndef PREFLIGHT_OPTIONS_H
#define PREFLIGHT_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "diag.h"
#include "lang.h"
#include "mem.h"
#include "plan.h"

struct options;

struct command {
	const char *name;
	const char *arguments; /* "", "ID|CAUSE", "FILE..." */
	int min_args, max_args;
	unsigned bit;               /* for option_row.commands */
	const char *const *formats; /* of --format and -o, the default first; NULL: takes neither */
	int (*run)(const struct options *options);
	const char *text[LANG_COUNT]; /* one line */
};

/* All that was asked for. */
struct options {
	const struct command *command;
	struct plan_request request;
	struct strs rules;   /* --rules FILE, in order */
	struct strs set;     /* --set NAME=VALUE */
	const char *format;  /* --format, or NULL */
	struct strs outputs; /* -o FILE */
	enum lang lang;
	double timeout; /* seconds, 0: none */
	double wait;    /* --wait: seconds to repeat what is not ready, 0: no */
	double every;   /* --every: seconds between runs, 0: one run */
	bool strict;
	bool identify; /* --identify: saved reports are not redacted */
	int verbosity; /* -1, 0, 1 */
	bool brief;    /* not an option: standard output tells verdict and causes, files all */
	bool no_color;
	bool help, version;
	struct strs args;      /* operands of the command */
	struct inputs inputs;  /* request.inputs points here once a command runs */
	const char *inventory; /* --inventory FILE, or NULL */
};

struct option_row {
	const char *name;     /* long name without dashes */
	char letter;          /* short name, or 0 */
	const char *argument; /* "NAME", or NULL */
	unsigned commands;    /* bits of the commands that take it */
	/* Applies it; NULL, or what is wrong with the value (static). */
	const char *(*apply)(struct options *options, const char *value);
	const char *text[LANG_COUNT];
};

extern const struct command commands[];       /* NULL name at the end */
extern const struct option_row option_rows[]; /* NULL name at the end */
extern const char *const option_phases[];     /* of --phase; NULL at the end */

/*
 * Reads the command line. -1 and messages (file "", line 0) on wrong usage. The language is set
 * as far as it could be told. Release with options_release.
 */
int options_parse(struct options *options, int argc, char **argv, struct diags *diags);
void options_release(struct options *options);

/* Whether a command writes this format. */
bool options_has_format(const struct command *command, const char *format);

/* The usage text of --help. */
void options_usage(FILE *out, enum lang lang);

/* Parses 500ms, 5s, 2m, or a number of seconds; -1 when it is none of these. */
double options_duration(const char *text);

#endif
