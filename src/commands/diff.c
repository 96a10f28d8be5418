/* preflight diff. */
#include "commands.h"
#include "verdict.h"

int command_diff(const struct options *options)
{
	(void)options;
	return EXIT_USAGE;
}
