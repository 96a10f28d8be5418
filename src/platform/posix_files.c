/*
 * Files and child processes.
 */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

void posix_why(struct strbuf *why, const char *what, int number)
{
	char text[128] = "";

	platform_is_shortage(number);
	if (why == NULL)
		return;
	if (strerror_r(number, text, sizeof text) != 0)
		snprintf(text, sizeof text, "error %d", number);
	strbuf_addf(why, "%s: %s", what, text);
}

/* Reads fd to its end; the buffer starts at `size` bytes and doubles up to max + 1. */
static char *read_all(int fd, size_t size, size_t max, size_t *len)
{
	char *data = mem_alloc(size);
	size_t used = 0;

	for (;;) {
		ssize_t n = read(fd, data + used, size - used - 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			data[used] = '\0';
			*len = used;
			if (n == 0)
				return data;
			break;
		}
		used += (size_t)n;
		if (used > max) {
			errno = EFBIG;
			break;
		}
		if (size - used < 2) {
			size *= 2;
			data = mem_realloc(data, size);
		}
	}
	int number = errno;
	free(data);
	errno = number;
	return NULL;
}

char *posix_read_file(const char *path, size_t max, size_t *len, struct strbuf *why)
{
	struct stat st;
	char *data = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && fstat(fd, &st) == 0) {
		size_t size = 4096;

		if (st.st_size > 0 && (unsigned long long)st.st_size <= max)
			size = (size_t)st.st_size + 2;
		data = read_all(fd, size, max, len);
	}
	int number = errno;
	if (fd >= 0)
		close(fd);
	if (data == NULL)
		posix_why(why, path, number);
	errno = number;
	return data;
}

FILE *platform_open(const char *path, const char *mode)
{
	FILE *file = fopen(path, mode);

	if (file == NULL)
		platform_is_shortage(errno);
	return file;
}

int posix_pipe(int fds[2])
{
	if (pipe(fds) != 0)
		return -1;
	for (int i = 0; i < 2; i++)
		if (fcntl(fds[i], F_SETFD, FD_CLOEXEC) != 0)
			return -1;
	return 0;
}

/* Starts argv with its output in the pipe; 0 or an errno. */
static int spawn(const char *const argv[], int output, pid_t *pid)
{
	char *env[] = {(char[]){"LC_ALL=C"}, (char[]){"PATH=/usr/bin:/bin:/usr/sbin:/sbin"}, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	int number;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	number = posix_spawn(pid, argv[0], &actions, &attr, (char *const *)(uintptr_t)argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return number;
}

/* Collects output until its end (0), the deadline (ETIMEDOUT) or the cap of `out` (EFBIG). */
static int collect(int fd, double deadline, struct strbuf *out)
{
	char buf[16384];

	for (;;) {
		double left = deadline - platform_monotonic();
		struct pollfd pfd = {.fd = fd, .events = POLLIN};

		if (left <= 0)
			return ETIMEDOUT;
		int ready = poll(&pfd, 1, (int)(left * 1000) + 1);
		if (ready < 0 && errno != EINTR)
			return errno;
		if (ready <= 0)
			continue;
		ssize_t n = read(fd, buf, sizeof buf);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return errno;
		if (n > 0)
			strbuf_add(out, buf, (size_t)n);
		if (out->truncated)
			return EFBIG;
	}
}

/* Waits for the child, killed first unless its output ended; 0 when it exited with code 0. */
static int reap(pid_t pid, bool ended)
{
	int status;

	if (!ended)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int posix_run(const char *const argv[], double timeout, struct strbuf *out, struct strbuf *why)
{
	double deadline = platform_monotonic() + timeout;
	int fds[2] = {-1, -1}, number, result = -1;
	pid_t pid;

	if (posix_pipe(fds) != 0) {
		posix_why(why, "pipe", errno);
		goto out;
	}
	number = spawn(argv, fds[1], &pid);
	close(fds[1]);
	fds[1] = -1;
	if (number == 0) {
		number = collect(fds[0], deadline, out);
		if (reap(pid, number == 0) == 0 && number == 0)
			result = 0;
	}
	if (number != 0)
		posix_why(why, argv[0], number);
	else if (result != 0 && why != NULL)
		strbuf_addf(why, "%s: ended with an error", argv[0]);
out:
	for (int i = 0; i < 2; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return result;
}
