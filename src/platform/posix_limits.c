/* Limits of this process. */
#include "platform.h"

#include <sys/resource.h>

#define DESCRIPTORS 16384 /* enough; programs that walk through all of them stay quick */

void platform_raise_limits(void)
{
	struct rlimit limit;
	rlim_t wanted = DESCRIPTORS;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted)
		wanted = limit.rlim_max;
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted;
	setrlimit(RLIMIT_NOFILE, &limit); /* macOS may refuse; then it stays as it is */
}
