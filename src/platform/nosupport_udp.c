/*
 * Connected UDP sockets where the OS is any POSIX system: errors by number only, without the ICMP
 * message behind them and without its sender. "Refused" may then also mean "prohibited": some
 * systems map both to ECONNREFUSED.
 */
#include "udp.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mem.h"
#include "sockets.h"

struct udp_socket {
	int fd;
};

/* at_once: this terminal's own answer to a call, not something from the path. */
static enum net_error error_of(int number, bool at_once)
{
	switch (number) {
	case ECONNREFUSED:
		return NET_REFUSED;
	case ENETUNREACH:
		return at_once ? NET_NO_ROUTE : NET_UNREACH_NET;
	case EHOSTUNREACH:
	case EHOSTDOWN:
		return at_once ? NET_NO_ROUTE : NET_UNREACH_HOST;
	case ENETDOWN:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return NET_NO_ROUTE;
	case EPERM:
	case EACCES:
		return at_once ? NET_LOCAL_DENIED : NET_PROHIBITED;
	case EMSGSIZE:
		return NET_MSGSIZE;
	}
	return platform_is_shortage(number) ? NET_LOCAL_ERROR : NET_OTHER;
}

static void set_error(struct udp_error *error, enum net_error kind, int number)
{
	*error = (struct udp_error){
		.error = kind, .number = number, .icmp_type = -1, .icmp_code = -1};
}

struct udp_socket *udp_open(
	const struct net_addr *addr, uint16_t port, uint16_t source_port, struct udp_error *error)
{
	struct net_addr any = {.family = addr->family};
	union socket_address peer, own;
	socklen_t peer_len = socket_address(&peer, addr, port);
	socklen_t own_len = socket_address(&own, &any, source_port);
	struct udp_socket *s = NULL;
	int fd = socket(peer.any.sa_family, SOCK_DGRAM, 0);

	set_error(error, NET_OK, 0);
	if (fd < 0) {
		set_error(error, error_of(errno, true), errno);
		goto out;
	}
	if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 ||
		(source_port != 0 && bind(fd, &own.any, own_len) != 0)) {
		set_error(error, NET_OTHER, errno); /* a port in use or reserved is no firewall */
		goto out;
	}
	if (connect(fd, &peer.any, peer_len) != 0) {
		set_error(error, error_of(errno, true), errno);
		goto out;
	}
	s = mem_alloc(sizeof *s);
	s->fd = fd;
out:
	if (s == NULL && fd >= 0)
		close(fd);
	return s;
}

void udp_close(struct udp_socket *s)
{
	if (s == NULL)
		return;
	close(s->fd);
	free(s);
}

intptr_t udp_fd(const struct udp_socket *s)
{
	return s->fd;
}

int udp_local(const struct udp_socket *s, struct net_addr *addr, uint16_t *port)
{
	union socket_address name;
	socklen_t len = sizeof name;

	memset(addr, 0, sizeof *addr);
	memset(&name, 0, sizeof name);
	if (getsockname(s->fd, &name.any, &len) != 0)
		return -1;
	net_addr_of(&name.any, addr);
	*port = socket_port(&name);
	return 0;
}

/*
 * A refusal while sending belongs to an earlier datagram: the OS tells it once, then sends. So does
 * a host that is out of reach; that there is no route was told by connect.
 */
static bool is_at_once(int number)
{
	return number != ECONNREFUSED && number != EHOSTUNREACH && number != EHOSTDOWN;
}

int udp_send(struct udp_socket *s, const void *bytes, size_t len, struct udp_error *error)
{
	if (send(s->fd, bytes, len, 0) >= 0)
		return 0;
	set_error(error, error_of(errno, is_at_once(errno)), errno);
	return -1;
}

enum udp_event udp_receive(
	struct udp_socket *s, void *buf, size_t size, size_t *len, struct udp_error *error)
{
	ssize_t got = recv(s->fd, buf, size, 0);

	*len = 0;
	if (got >= 0) {
		*len = (size_t)got;
		return UDP_DATAGRAM;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return UDP_NOTHING;
	set_error(error, error_of(errno, false), errno);
	return UDP_ERROR;
}
