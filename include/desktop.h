/*
 * The program started by a double click, or with a file dropped onto it: nobody typed anything, and
 * the window closes with the program. It then runs as it would without options, writes an HTML
 * report besides, offers to open that, and waits for a key.
 */
#ifndef PREFLIGHT_DESKTOP_H
#define PREFLIGHT_DESKTOP_H

#include <stdbool.h>
#include <stddef.h>

#include "lang.h"
#include "mem.h"
#include "strbuf.h"

/* Whether these are the words of such a start: none, or one file; in a window of its own. */
bool desktop_is_start(int argc, char **argv);

/*
 * Does a command line and returns the exit code. report: a file that it writes as if -o named it,
 * while the screen tells the verdict and the causes only; NULL: nothing but what the words say.
 */
typedef int desktop_command(int argc, char **argv, const char *report);

/* All of it, from the first line to the key; the command's exit code. */
int desktop_run(int argc, char **argv, desktop_command *command);

/* ---- its parts ---- */

/* What they ask of the system; every slot is filled. */
struct desktop_system {
	bool (*exists)(const char *path);
	bool (*writable)(const char *path);
	int (*ask)(const char *prompt, struct strbuf *out); /* as platform_ask */
};

/* What a dropped file is for by its ending: option or command to set before it, or NULL. */
const char *desktop_word_for(const char *path);

/*
 * A path for a new report of that time ("preflight-20260401-0930.html", local time; with -2 and so
 * on when it exists) in the first folder that takes it, whose number goes into *which. NULL when
 * none does. The caller frees it.
 */
char *desktop_report_path(const struct strs *folders, double when,
	const struct desktop_system *system, size_t *which);

/* Whether the report is to be opened; who gives no answer three times does not want it. */
bool desktop_wants_open(enum lang lang, const struct desktop_system *system);

#endif
