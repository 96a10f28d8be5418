/* The program: reads the command line and calls the command. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
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

int main(int argc, char **argv)
{
	struct options options;
	struct diags diags = {0};
	int code = EXIT_USAGE;

	platform_console_init();
	platform_arguments(&argc, &argv);
	if (options_parse(&options, argc, argv, &diags) != 0)
		command_complain(&diags);
	else
		code = dispatch(&options);
	code = as_plugin(&options, code);
	options_release(&options);
	code = output_finish(stdout, "standard output", code);
	fflush(stderr);
	platform_console_end();
	if (!PREFLIGHT_TIDY_EXIT)
		_Exit(code);
	return code;
}
