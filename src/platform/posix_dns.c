/*
 * Sockets for c-ares whose packets are seen: ares_set_socket_functions(3). c-ares leaves the
 * sockets of such a channel as they are made, hence non-blocking here.
 */
#ifndef CARES_NO_DEPRECATED
#define CARES_NO_DEPRECATED /* 1.34 has another function, which 1.18 has not */
#endif
#include "platform.h"

#include <ares.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static ares_socket_t open_socket(int family, int type, int protocol, void *arg)
{
	int fd = (int)platform_socket(family, type, protocol);

	(void)arg;
	if (fd < 0)
		return ARES_SOCKET_BAD;
	if (fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
		return fd;
	int number = errno;
	close(fd);
	errno = number;
	return ARES_SOCKET_BAD;
}

static int close_socket(ares_socket_t fd, void *arg)
{
	(void)arg;
	return close(fd);
}

static int connect_socket(
	ares_socket_t fd, const struct sockaddr *addr, ares_socklen_t len, void *arg)
{
	const struct dns_watch *watch = arg;
	struct sockaddr_in6 zoned;

	if (watch->scope == 0 || addr->sa_family != AF_INET6 || len < sizeof zoned)
		return connect(fd, addr, len);
	memcpy(&zoned, addr, sizeof zoned);
	zoned.sin6_scope_id = watch->scope;
	return connect(fd, (const struct sockaddr *)&zoned, sizeof zoned);
}

static ares_ssize_t receive(ares_socket_t fd, void *data, size_t size, int flags,
	struct sockaddr *from, ares_socklen_t *from_len, void *arg)
{
	const struct dns_watch *watch = arg;
	ssize_t len = recvfrom(fd, data, size, flags, from, from_len);

	if (len > 0)
		len = (ssize_t)watch->received(watch->arg, data, (size_t)len, size);
	return len;
}

static ares_ssize_t send_parts(ares_socket_t fd, const struct iovec *parts, int count, void *arg)
{
	const struct dns_watch *watch = arg;

	if (count == 1) /* a datagram is in one part */
		watch->sent(watch->arg, parts[0].iov_base, parts[0].iov_len);
	ssize_t len = writev(fd, parts, count);
	int number = errno;
	if (len < 0 && number != EAGAIN && number != EWOULDBLOCK && number != EINTR)
		watch->failed(watch->arg, platform_net_error(number));
	errno = number;
	return len;
}

static const struct ares_socket_functions functions = {
	.asocket = open_socket,
	.aclose = close_socket,
	.aconnect = connect_socket,
	.arecvfrom = receive,
	.asendv = send_parts,
};

void platform_dns_watch(struct ares_channeldata *channel, const struct dns_watch *watch)
{
	ares_set_socket_functions(channel, &functions, (void *)(uintptr_t)watch);
}
