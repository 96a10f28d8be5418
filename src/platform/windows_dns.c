/*
 * Sockets for c-ares whose packets are seen: ares_set_socket_functions(3). c-ares leaves the
 * sockets of such a channel as they are made, hence non-blocking here.
 */
#define CARES_NO_DEPRECATED
#include "windows.h"

#include <ares.h>

/* c-ares names it and leaves it to those who know it from <sys/uio.h>; this is its form there. */
struct iovec {
	void *iov_base;
	size_t iov_len;
};

static ares_socket_t open_socket(int family, int type, int protocol, void *arg)
{
	SOCKET fd = (SOCKET)platform_socket(family, type, protocol);
	u_long on = 1;

	(void)arg;
	if (fd != INVALID_SOCKET && ioctlsocket(fd, (long)FIONBIO, &on) != 0) {
		closesocket(fd);
		fd = INVALID_SOCKET;
	}
	return fd;
}

static int close_socket(ares_socket_t fd, void *arg)
{
	(void)arg;
	return closesocket(fd);
}

static int connect_socket(
	ares_socket_t fd, const struct sockaddr *addr, ares_socklen_t len, void *arg)
{
	const struct dns_watch *watch = arg;
	struct sockaddr_in6 zoned;

	if (watch->scope == 0 || addr->sa_family != AF_INET6 || len < (int)sizeof zoned)
		return connect(fd, addr, len);
	memcpy(&zoned, addr, sizeof zoned);
	zoned.sin6_scope_id = watch->scope;
	return connect(fd, (const struct sockaddr *)&zoned, sizeof zoned);
}

static ares_ssize_t receive(ares_socket_t fd, void *data, size_t size, int flags,
	struct sockaddr *from, ares_socklen_t *from_len, void *arg)
{
	const struct dns_watch *watch = arg;
	int len = recvfrom(fd, data, (int)size, flags, from, from_len);

	if (len > 0)
		len = (int)watch->received(watch->arg, data, (size_t)len, size);
	return len;
}

static ares_ssize_t send_parts(ares_socket_t fd, const struct iovec *parts, int count, void *arg)
{
	const struct dns_watch *watch = arg;
	ares_ssize_t sent = 0;

	if (count == 1) /* a datagram is in one part */
		watch->sent(watch->arg, parts[0].iov_base, parts[0].iov_len);
	for (int i = 0; i < count; i++) {
		int len = send(fd, parts[i].iov_base, (int)parts[i].iov_len, 0);
		int number = WSAGetLastError();
		if (len < 0 && number != WSAEWOULDBLOCK)
			watch->failed(watch->arg, platform_net_error(number));
		WSASetLastError(number);
		if (len < 0)
			return sent > 0 ? sent : -1;
		sent += len;
		if ((size_t)len < parts[i].iov_len)
			break;
	}
	return sent;
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
