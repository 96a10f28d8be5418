/* Waiting where there is no ppoll(2): whole milliseconds, never too few. */
#include "posix.h"

#include <limits.h>
#include <poll.h>
#include <time.h>

int posix_wait(struct pollfd *fds, size_t count, const struct timespec *limit)
{
	int milliseconds = -1;

	if (limit != NULL && limit->tv_sec >= INT_MAX / 1000)
		milliseconds = INT_MAX;
	else if (limit != NULL)
		milliseconds =
			(int)limit->tv_sec * 1000 + (int)((limit->tv_nsec + 999999) / 1000000);
	return poll(fds, (nfds_t)count, milliseconds);
}
