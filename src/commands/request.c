/* preflight request. */
#include "commands.h"
#include "verdict.h"

int command_request(const struct options *options)
{
	(void)options;
	return EXIT_USAGE;
}
