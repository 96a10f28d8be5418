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

int command_deliver(const struct options *o, json_t *report, int exit_code)
{
	const char *const *formats = o->command->formats;
	struct delivery d = {
		.report = report,
		.how = {.lang = o->lang,
			.verbosity = o->verbosity,
			.color = command_wants_color(o, stdout),
			.width = platform_is_terminal(stdout) ? platform_terminal_width(stdout)
							      : 80},
	};

	d.format = report_format_find(o->format != NULL ? o->format : formats[0]);
	write_one(stdout, &d);
	d.how.color = false;
	d.how.width = 80;
	/* What is redacted already keeps its words. */
	if (!o->identify && !json_is_true(json_object_get(report, "redacted")))
		report_redact(report);
	for (size_t i = 0; i < o->outputs.count; i++) {
		d.format = report_format_find(output_format(formats, o->outputs.items[i]));
		if (output_write(o->outputs.items[i], write_one, &d) != 0)
			exit_code = EXIT_UNKNOWN;
	}
	return exit_code;
}
