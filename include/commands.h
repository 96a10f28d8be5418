/*
 * The commands. Each returns the process's exit code (enum exit_code).
 */
#ifndef PREFLIGHT_COMMANDS_H
#define PREFLIGHT_COMMANDS_H

#include <jansson.h>

#include "options.h"
#include "version.h"

/*
 * Whether everything is freed before the process ends. It costs 3 ms of every run and gives back
 * what the OS takes back anyway; builds with leak checkers define it as 1.
 */
#ifndef PREFLIGHT_TIDY_EXIT
#define PREFLIGHT_TIDY_EXIT 0
#endif

/* Stands beside a monitoring plugin's code, whose 2 is "critical" and not wrong usage. */
#define EXIT_AS_PLUGIN (1 << 8)

int command_run(const struct options *options);
int command_plan(const struct options *options);
int command_list(const struct options *options);
int command_explain(const struct options *options);
int command_lint(const struct options *options);
int command_schema(const struct options *options);
int command_inventory(const struct options *options);
int command_show(const struct options *options);
int command_diff(const struct options *options);
int command_request(const struct options *options);
int command_decode(const struct options *options);
int command_completion(const struct options *options);

/*
 * The rules that the options ask for: built-in, --rules, --set. NULL after the problems were
 * printed to stderr. Free with rules_free.
 */
struct rules *command_rules(const struct options *options);

/*
 * Reads the terminal of --inventory into *saved (owned; NULL without the option) and puts it into
 * a copy of the options' inputs. 0, or -1 after the problems were printed to stderr.
 */
int command_inputs(const struct options *options, struct saved **saved, struct inputs *inputs);

/*
 * Writes a report to standard output and to the files of -o; what is saved is redacted (in place)
 * unless --identify is given, also where standard output is a file. Returns exit_code, or that of a
 * plugin with EXIT_AS_PLUGIN for --format nagios; EXIT_UNKNOWN when a file cannot be written.
 */
int command_deliver(const struct options *options, json_t *report, int exit_code);

/* The same, to the files only. */
int command_save(const struct options *options, json_t *report, int exit_code);

/* Whether what is written to the stream may have colours. */
bool command_wants_color(const struct options *options, FILE *stream);

/* Prints and releases diagnostics. */
void command_complain(struct diags *diags);

#endif
