/* preflight decode. */
#include "commands.h"
#include "verdict.h"

int command_decode(const struct options *options)
{
	(void)options;
	return EXIT_USAGE;
}
