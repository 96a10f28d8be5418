/* The program: reads the command line and calls the command. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "platform.h"
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
	return options->command->run(options);
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
	options_release(&options);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("preflight: standard output");
		code = EXIT_UNKNOWN;
	}
	fflush(stderr);
	platform_console_end();
	if (!PREFLIGHT_TIDY_EXIT)
		_Exit(code);
	return code;
}
