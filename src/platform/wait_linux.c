/* Waiting as exactly as the clock: ppoll(2). */
#define _GNU_SOURCE /* ppoll */
#include "posix.h"

#include <poll.h>

int posix_wait(struct pollfd *fds, size_t count, const struct timespec *limit)
{
	return ppoll(fds, (nfds_t)count, limit, NULL);
}
