/* Waiting on descriptors: poll(2) or ppoll(2), and a self-pipe. */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "loop.h"

#define STACK_FDS 64

static void to_poll(struct pollfd *to, const struct platform_pollfd *from)
{
	to->fd = (int)from->fd;
	to->events = (short)((from->events & LOOP_READ ? POLLIN : 0) |
			     (from->events & LOOP_WRITE ? POLLOUT : 0));
	to->revents = 0;
}

int platform_poll(struct platform_pollfd *fds, size_t count, double seconds)
{
	struct pollfd small[STACK_FDS], *list = small;
	struct timespec limit, *until = NULL;

	if (count > STACK_FDS)
		list = mem_alloc(count * sizeof list[0]);
	for (size_t i = 0; i < count; i++)
		to_poll(&list[i], &fds[i]);
	if (seconds >= 0) {
		limit.tv_sec = (time_t)seconds;
		limit.tv_nsec = (long)((seconds - (double)limit.tv_sec) * 1e9);
		until = &limit;
	}
	int ready = posix_wait(list, count, until);
	for (size_t i = 0; i < count; i++) {
		int events = ready > 0 ? list[i].revents : 0;
		fds[i].ready =
			(events & POLLIN ? LOOP_READ : 0) | (events & POLLOUT ? LOOP_WRITE : 0);
		if (events & (POLLERR | POLLHUP | POLLNVAL))
			fds[i].ready = fds[i].events;
	}
	if (list != small)
		free(list);
	return ready < 0 ? -1 : 0;
}

struct platform_waker {
	int ends[2];
};

struct platform_waker *platform_waker_new(void)
{
	struct platform_waker *waker = mem_alloc(sizeof *waker);

	if (posix_pipe(waker->ends) != 0 || fcntl(waker->ends[0], F_SETFL, O_NONBLOCK) != 0 ||
		fcntl(waker->ends[1], F_SETFL, O_NONBLOCK) != 0) {
		perror("preflight: pipe");
		exit(3);
	}
	return waker;
}

void platform_waker_free(struct platform_waker *waker)
{
	if (waker == NULL)
		return;
	close(waker->ends[0]);
	close(waker->ends[1]);
	free(waker);
}

intptr_t platform_waker_fd(const struct platform_waker *waker)
{
	return waker->ends[0];
}

void platform_waker_wake(struct platform_waker *waker)
{
	int saved = errno;
	ssize_t ignored = write(waker->ends[1], "!", 1);
	(void)ignored; /* a full pipe wakes as well */
	errno = saved;
}

void platform_waker_clear(struct platform_waker *waker)
{
	char drain[64];
	while (read(waker->ends[0], drain, sizeof drain) > 0)
		continue;
}
