/* preflight show. */
#include "commands.h"
#include "verdict.h"

int command_show(const struct options *options)
{
	(void)options;
	return EXIT_USAGE;
}
