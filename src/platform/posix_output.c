/*
 * Files that are written: beside their place first, then put into it.
 */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as the kernel's own limit */
#define TRIES_MAX 16

static int fail(struct strbuf *why, int number)
{
	char text[128] = "";

	if (strerror_r(number, text, sizeof text) != 0)
		snprintf(text, sizeof text, "error %d", number);
	strbuf_adds(why, text);
	return -1;
}

/* Length of a path's directory with its last slash; 0: the working directory. */
static size_t directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

static char *in_directory_of(const char *path, const char *name)
{
	struct strbuf full;

	strbuf_init(&full, 2 * PATH_MAX);
	if (name[0] != '/')
		strbuf_add(&full, path, directory_length(path));
	strbuf_adds(&full, name);
	return strbuf_detach(&full);
}

static bool same_file(const struct stat *st, int fd)
{
	struct stat own;

	return fstat(fd, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino;
}

/* Devices and pipes, and what a standard stream goes to: a new file would not be that. */
static bool is_direct(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return same_file(st, STDOUT_FILENO) || same_file(st, STDERR_FILENO);
	return !S_ISDIR(st->st_mode);
}

/* Follows links, also one that leads to a file which does not exist yet. NULL and errno. */
static char *follow(const char *path)
{
	char *now = mem_strdup(path), name[PATH_MAX];

	for (int i = 0; i <= LINKS_MAX; i++) {
		struct stat st;
		if (stat(now, &st) == 0 && is_direct(&st))
			return now;
		ssize_t len = readlink(now, name, sizeof name - 1);
		if (len < 0 && (errno == EINVAL || errno == ENOENT))
			return now;
		if (len < 0)
			break;
		name[len] = '\0';
		char *next = in_directory_of(now, name);
		free(now);
		now = next;
		errno = ELOOP;
	}
	int number = errno;
	free(now);
	errno = number;
	return NULL;
}

/* A new file with a name of its own beside target; *name is owned. -1 and errno. */
static int create_beside(const char *target, mode_t mode, char **name)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
	int fd = -1;

	for (int i = 0; i < TRIES_MAX && fd < 0; i++) {
		char own[] = ".preflight-000000000000.part";
		unsigned char random[12];
		platform_random(random, sizeof random);
		for (size_t k = 0; k < sizeof random; k++)
			own[sizeof ".preflight-" - 1 + k] = digits[random[k] % 32];
		free(*name);
		*name = in_directory_of(target, own);
		fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, mode);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

/* What is replaced keeps its owner, if that can be, and its permissions. */
static void keep_owner(int fd, const struct stat *old)
{
	struct stat now;

	if (fstat(fd, &now) == 0 && (now.st_uid != old->st_uid || now.st_gid != old->st_gid) &&
		fchown(fd, old->st_uid, old->st_gid) != 0)
		errno = 0; /* then it is this user's */
	if (fchmod(fd, old->st_mode & 0777) != 0)
		errno = 0; /* some file systems have none */
}

static int open_target(struct platform_output *out)
{
	struct stat st;
	int fd;

	if (stat(out->target, &st) != 0) {
		if (errno != ENOENT)
			return -1;
		size_t len = strlen(out->target);
		if (len == 0 || out->target[len - 1] == '/') {
			errno = len == 0 ? ENOENT : EISDIR;
			return -1;
		}
		return create_beside(out->target, 0666, &out->temporary);
	}
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (is_direct(&st))
		return open(out->target, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
	if (access(out->target, W_OK) != 0)
		return -1;
	fd = create_beside(out->target, 0600, &out->temporary);
	if (fd >= 0)
		keep_owner(fd, &st);
	return fd;
}

static void release(struct platform_output *out)
{
	free(out->target);
	free(out->temporary);
	memset(out, 0, sizeof *out);
}

int platform_output_open(struct platform_output *out, const char *path, struct strbuf *why)
{
	int fd = -1;

	memset(out, 0, sizeof *out);
	out->target = follow(path);
	if (out->target != NULL)
		fd = open_target(out);
	if (fd >= 0)
		out->file = fdopen(fd, "wb");
	if (out->file != NULL)
		return 0;
	int number = errno;
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && out->temporary != NULL)
		unlink(out->temporary);
	release(out);
	return fail(why, number);
}

/* The directory's entry lasts too; where that cannot be asked for, it is as it is. */
static void sync_directory(const char *target)
{
	char *directory = in_directory_of(target, "./");
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(directory);
}

/* Why an earlier write failed, which stdio does not keep: what a further one would say. */
static int write_error(int fd)
{
	static const char zeros[4096];

	for (int i = 0; i < 16; i++)
		if (write(fd, zeros, sizeof zeros) < 0)
			return errno;
	return EIO;
}

static bool is_written(struct platform_output *out)
{
	if (fflush(out->file) != 0)
		return false;
	if (ferror(out->file)) {
		errno = out->temporary != NULL ? write_error(fileno(out->file)) : EIO;
		return false;
	}
	return out->temporary == NULL || fsync(fileno(out->file)) == 0 || errno == EINVAL ||
	       errno == ENOTSUP;
}

int platform_output_commit(struct platform_output *out, struct strbuf *why)
{
	int number = is_written(out) ? 0 : errno;

	if (fclose(out->file) != 0 && number == 0)
		number = errno;
	if (number == 0 && out->temporary != NULL && rename(out->temporary, out->target) != 0)
		number = errno;
	if (out->temporary != NULL && number != 0)
		unlink(out->temporary);
	if (out->temporary != NULL && number == 0)
		sync_directory(out->target);
	release(out);
	return number == 0 ? 0 : fail(why, number);
}

void platform_output_discard(struct platform_output *out)
{
	fclose(out->file);
	if (out->temporary != NULL)
		unlink(out->temporary);
	release(out);
}

char *platform_output_target(const char *path)
{
	char *target = follow(path), *directory, *full = NULL;
	struct stat st;

	if (target == NULL)
		return mem_strdup(path);
	if (stat(target, &st) == 0 && is_direct(&st)) {
		free(target);
		return NULL;
	}
	directory = in_directory_of(target, "./");
	char *real = realpath(directory, NULL);
	if (real != NULL) {
		struct strbuf whole;
		strbuf_init(&whole, 2 * PATH_MAX);
		strbuf_addf(&whole, "%s/%s", real, target + directory_length(target));
		full = strbuf_detach(&whole);
	}
	free(real);
	free(directory);
	if (full == NULL)
		return target;
	free(target);
	return full;
}

bool platform_reader_gone(FILE *stream)
{
	struct pollfd pfd = {.fd = fileno(stream), .events = POLLOUT};

	return poll(&pfd, 1, 0) == 1 && (pfd.revents & (POLLERR | POLLHUP)) != 0 &&
	       (pfd.revents & POLLNVAL) == 0;
}

bool platform_is_file(FILE *stream)
{
	struct stat st;

	return fstat(fileno(stream), &st) == 0 && S_ISREG(st.st_mode);
}
