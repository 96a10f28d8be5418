/*
 * Waiting on sockets. select() and not WSAPoll(): before Windows 10 2004 the latter does not tell
 * that a connection failed. Windows' sets are lists, as long as FD_SETSIZE says.
 */
#define FD_SETSIZE 1024 /* of each of the three sets; a run has some hundred sockets */
#include "windows.h"

#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "verdict.h"

struct sets {
	fd_set read, write, failed;
};

static void add(fd_set *set, SOCKET socket)
{
	if (set->fd_count < FD_SETSIZE)
		set->fd_array[set->fd_count++] = socket;
}

static void fill(struct sets *sets, const struct platform_pollfd *fds, size_t count)
{
	FD_ZERO(&sets->read);
	FD_ZERO(&sets->write);
	FD_ZERO(&sets->failed);
	for (size_t i = 0; i < count; i++) {
		SOCKET socket = (SOCKET)fds[i].fd;
		if (fds[i].events & LOOP_READ)
			add(&sets->read, socket);
		if (fds[i].events & LOOP_WRITE) {
			add(&sets->write, socket);
			add(&sets->failed, socket);
		}
	}
}

static int ready_events(const struct platform_pollfd *fd, struct sets *sets)
{
	SOCKET socket = (SOCKET)fd->fd;

	if (FD_ISSET(socket, &sets->failed))
		return fd->events;
	return (FD_ISSET(socket, &sets->read) ? LOOP_READ : 0) |
	       (FD_ISSET(socket, &sets->write) ? LOOP_WRITE : 0);
}

int platform_poll(struct platform_pollfd *fds, size_t count, double seconds)
{
	static const struct timeval longest = {.tv_sec = 3600};
	struct sets *sets = mem_alloc(sizeof *sets);
	struct timeval limit = longest;

	for (size_t i = 0; i < count; i++)
		fds[i].ready = 0;
	if (seconds >= 0 && seconds < 3600) {
		limit.tv_sec = (long)seconds;
		limit.tv_usec = (long)((seconds - (double)limit.tv_sec) * 1e6 + 0.999);
	}
	fill(sets, fds, count);
	if (sets->read.fd_count + sets->write.fd_count == 0) {
		/* select() refuses three empty sets. */
		Sleep((DWORD)limit.tv_sec * 1000 + (DWORD)(limit.tv_usec + 999) / 1000);
		free(sets);
		return 0;
	}
	int ready = select(0, &sets->read, &sets->write, &sets->failed, &limit);
	for (size_t i = 0; ready > 0 && i < count; i++)
		fds[i].ready = ready_events(&fds[i], sets);
	free(sets);
	return ready == SOCKET_ERROR ? -1 : 0;
}

/* A UDP socket of the loopback interface that sends to itself. */
struct platform_waker {
	SOCKET socket;
};

struct platform_waker *platform_waker_new(void)
{
	struct platform_waker *waker = mem_alloc(sizeof *waker);
	struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int len = sizeof own;
	u_long on = 1;

	waker->socket = socket(AF_INET, SOCK_DGRAM, 0);
	if (waker->socket == INVALID_SOCKET ||
		bind(waker->socket, (struct sockaddr *)&own, sizeof own) != 0 ||
		getsockname(waker->socket, (struct sockaddr *)&own, &len) != 0 ||
		connect(waker->socket, (struct sockaddr *)&own, len) != 0 ||
		ioctlsocket(waker->socket, (long)FIONBIO, &on) != 0) {
		fprintf(stderr, "preflight: a socket of the loopback interface: error %d\n",
			WSAGetLastError());
		exit(EXIT_UNKNOWN);
	}
	return waker;
}

void platform_waker_free(struct platform_waker *waker)
{
	if (waker == NULL)
		return;
	closesocket(waker->socket);
	free(waker);
}

intptr_t platform_waker_fd(const struct platform_waker *waker)
{
	return (intptr_t)waker->socket;
}

void platform_waker_wake(struct platform_waker *waker)
{
	send(waker->socket, "!", 1, 0); /* a full buffer wakes as well */
}

void platform_waker_clear(struct platform_waker *waker)
{
	char drain[64];

	while (recv(waker->socket, drain, sizeof drain, 0) > 0)
		continue;
}
