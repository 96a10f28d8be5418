/*
 * What the POSIX parts of the OS layer share: files, child processes, reasons.
 */
#ifndef PREFLIGHT_PLATFORM_POSIX_H
#define PREFLIGHT_PLATFORM_POSIX_H

#include <stddef.h>

#include "platform.h"
#include "strbuf.h"

/* Appends "WHAT: reason of the errno" to why; why may be NULL. */
void posix_why(struct strbuf *why, const char *what, int number);

/*
 * Reads a file, at most max bytes, NUL-terminated. The caller frees the result with free().
 * NULL, errno and a reason on failure, EFBIG when it is longer.
 */
char *posix_read_file(const char *path, size_t max, size_t *len, struct strbuf *why);

/*
 * Runs a program by absolute path with LC_ALL=C and no input, and collects its output until it
 * ends, fills `out` or `timeout` seconds have passed; then it is killed. 0 only when it ended by
 * itself with exit code 0 and nothing was cut off. argv is NULL-terminated.
 */
int posix_run(const char *const argv[], double timeout, struct strbuf *out, struct strbuf *why);

/* The interface of that name, added when it is new (speed -1); and one address more of it. */
struct sockaddr;
struct netif *posix_netif(struct netifs *list, const char *name);
void posix_netif_address(struct netif *netif, const struct sockaddr *sa);

/* Adds what platform_interfaces tells to an inventory, without loopback. */
int posix_adapters(struct inventory *inventory);

/*
 * Fills present and refusal of a route, with the connected UDP socket that told it in *fd (the
 * caller closes it; -1: none). -1 and the reason when the OS says neither.
 */
int posix_route_try(
	const struct net_addr *addr, struct route_info *route, int *fd, struct strbuf *why);

/* A pipe that child processes do not inherit; 0, or -1 and errno. */
int posix_pipe(int fds[2]);

/* poll(2) that waits as exactly as this system can; limit NULL: until something happens. */
struct pollfd;
struct timespec;
int posix_wait(struct pollfd *fds, size_t count, const struct timespec *limit);

#endif
