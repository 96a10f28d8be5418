/* The program: reads the command line and calls the command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "desktop.h"
#include "libraries.h"
#include "output.h"
#include "platform.h"
#include "report.h"
#include "report_build.h"
#include "verdict.h"

static int dispatch(const struct options *options)
{
	if (options->help) {
		options_usage(stdout, options->lang);
		return EXIT_READY;
	}
	if (options->version) {
		puts("preflight " PREFLIGHT_VERSION);
		return EXIT_READY;
	}
	int code = output_check(&options->outputs);
	return code == EXIT_READY ? options->command->run(options) : code;
}

/*
 * Monitoring plugins end with 2 for "critical"; what was never checked is unknown there. The
 * status line goes where the monitor looks for it.
 */
static int as_plugin(const struct options *options, int code)
{
	const char *format = options->format;

	if (code & EXIT_AS_PLUGIN)
		return code & ~EXIT_AS_PLUGIN;
	if (code != EXIT_USAGE || format == NULL || strcmp(format, "nagios") != 0 ||
		(options->command != NULL && !options_has_format(options->command, format)))
		return code;
	printf("PREFLIGHT UNKNOWN: %s\n", message(options->lang, "format.usage"));
	return NAGIOS_UNKNOWN;
}

/* A command line; report as in desktop.h. */
static int run_words(int argc, char **argv, const char *report)
{
	struct options options;
	struct diags diags = {0};
	int code = EXIT_USAGE;

	if (options_parse(&options, argc, argv, &diags) != 0) {
		command_complain(&diags);
	} else {
		options.brief = report != NULL;
		if (report != NULL)
			strs_add(&options.outputs, report);
		code = dispatch(&options);
	}
	code = as_plugin(&options, code);
	options_release(&options);
	return code;
}

int main(int argc, char **argv)
{
	int code;

	libraries_watch_memory();
	platform_console_init();
	platform_arguments(&argc, &argv);
	code = desktop_is_start(argc, argv) ? desktop_run(argc, argv, run_words)
					    : run_words(argc, argv, NULL);
	code = output_finish(stdout, "standard output", code);
	fflush(stderr);
	platform_console_end();
	if (!PREFLIGHT_TIDY_EXIT)
		_Exit(code);
	return code;
}
