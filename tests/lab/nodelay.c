/*
 * Preloaded into ocserv in a lab with a slow line: switches Nagle's algorithm off on the
 * connections it accepts (TCP_NODELAY, RFC 9293 section 3.7.4). ocserv writes its first TLS
 * flight in two pieces, and the second would wait a round trip for the first to be acknowledged,
 * which no client can do anything about.
 */
#define _GNU_SOURCE /* RTLD_NEXT, accept4 */
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static int without_delay(int fd)
{
	int on = 1;

	if (fd >= 0)
		setsockopt(
			fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* fails on other sockets */
	return fd;
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict len)
{
	int (*real)(int, struct sockaddr *, socklen_t *);

	*(void **)&real = dlsym(RTLD_NEXT, "accept");
	return without_delay(real(fd, address, len));
}

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict len, int flags)
{
	int (*real)(int, struct sockaddr *, socklen_t *, int);

	*(void **)&real = dlsym(RTLD_NEXT, "accept4");
	return without_delay(real(fd, address, len, flags));
}
