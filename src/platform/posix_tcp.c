/*
 * TCP sockets of libraries: what is the same on every POSIX system.
 */
#include "platform.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "sockets.h"

int platform_tcp_close(intptr_t fd)
{
	return close((int)fd);
}

/* What leaves has an address: a message that comes back finds one. */
bool platform_tcp_no_route(int number, const struct tcp_end *end)
{
	return (number == ENETUNREACH || number == ENETDOWN || number == EHOSTUNREACH ||
		       number == EHOSTDOWN) &&
	       end->icmp_type < 0 && end->local.family == 0;
}

/* A window into which one segment of this size fits; the kernel has a least one of its own. */
enum { SMALL_SEGMENT = 900, SMALL_WINDOW = 1000 };

static void keep_small(int fd)
{
	int segment = SMALL_SEGMENT, window = SMALL_WINDOW, on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
#ifdef TCP_WINDOW_CLAMP
	(void)setsockopt(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, &window, sizeof window);
#else
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
#endif
}

static bool set_up(int fd, bool small)
{
	int flags = fcntl(fd, F_GETFL);

	if (small)
		keep_small(fd);
	return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	       fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

intptr_t platform_tcp_open(const struct net_addr *addr, uint16_t port, bool small)
{
	union socket_address peer;
	socklen_t len = socket_address(&peer, addr, port);
	int fd = socket(peer.any.sa_family, SOCK_STREAM, 0);

	if (fd < 0)
		return -1;
	if (set_up(fd, small) && (connect(fd, &peer.any, len) == 0 || errno == EINPROGRESS))
		return fd;
	close(fd);
	return -1;
}

bool platform_tcp_stands(intptr_t fd)
{
	union socket_address peer;
	socklen_t len = sizeof peer;

	return getpeername((int)fd, &peer.any, &len) == 0;
}
