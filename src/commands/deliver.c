/* A report to standard output and to files, as the options ask. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "output.h"
#include "platform.h"
#include "report.h"
#include "report_build.h"
#include "verdict.h"

struct delivery {
	const struct report_format *format;
	const json_t *report;
	struct report_options how;
};

bool command_wants_color(const struct options *options, FILE *stream)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !options->no_color && (no_color == NULL || no_color[0] == '\0') &&
	       (term == NULL || strcmp(term, "dumb") != 0) && platform_is_terminal(stream);
}

static void write_one(FILE *out, void *arg)
{
	const struct delivery *d = arg;

	d->format->write(out, d->report, &d->how);
}

/* A monitor's codes for a monitor's format; elsewhere the run's own. */
static int code_of(const struct delivery *d, int exit_code)
{
	if (strcmp(d->format->name, "nagios") != 0)
		return exit_code;
	return report_nagios_code(d->report, exit_code) | EXIT_AS_PLUGIN;
}

int command_save(const struct options *o, json_t *report, int exit_code)
{
	struct delivery d = {
		.report = report,
		.how = {.lang = o->lang, .verbosity = o->verbosity, .width = 80},
	};
	bool written = true;

	if (o->outputs.count > 0 && !o->identify)
		report_redact(report);
	for (size_t i = 0; i < o->outputs.count; i++) {
		const char *path = o->outputs.items[i];
		d.format = report_format_find(output_format(o->command->formats, path));
		written = output_write(path, write_one, &d) == 0 && written;
	}
	return written ? exit_code : EXIT_UNKNOWN;
}

int command_deliver(const struct options *o, json_t *report, int exit_code)
{
	const char *const *formats = o->command->formats;
	bool terminal = platform_is_terminal(stdout);
	struct delivery d = {
		.format = report_format_find(o->format != NULL ? o->format : formats[0]),
		.report = report,
		.how = {.lang = o->lang,
			.verbosity = o->brief ? -1 : o->verbosity,
			.color = command_wants_color(o, stdout),
			.width = terminal ? platform_terminal_width(stdout) : 80},
	};
	int code = code_of(&d, exit_code);

	if (!o->identify && platform_is_file(stdout))
		report_redact(report);
	write_one(stdout, &d);
	if (o->outputs.count > 0)
		fflush(stdout); /* it may be where one of them leads to */
	return command_save(o, report, code);
}
