/*
 * Connected UDP sockets. Windows tells that a datagram was refused (WSAECONNRESET) or that its time
 * was exceeded (WSAENETRESET), not who said so, and nothing of prohibitions. Its headers name an
 * option that might tell (IP_RECVERR), but nothing says how it answers, and an answer that is
 * misread would be a false finding: it is left alone.
 */
#include "windows.h"

#include <mswsock.h>
#include <stdlib.h>
#include <string.h>

#include "udp.h"
#include "sockets.h"

#ifndef SIO_UDP_CONNRESET
#define SIO_UDP_CONNRESET _WSAIOW(IOC_VENDOR, 12)
#endif
#ifndef SIO_UDP_NETRESET
#define SIO_UDP_NETRESET _WSAIOW(IOC_VENDOR, 15)
#endif
#ifndef IP_MTU
#define IP_MTU 73
#endif
#ifndef IPV6_MTU
#define IPV6_MTU 72
#endif
#ifndef IPV6_DONTFRAG
#define IPV6_DONTFRAG 14
#endif

struct udp_socket {
	SOCKET socket;
	int family; /* 4 or 6 */
};

/* at_once: this terminal's own answer to a call, not something from the path. */
static enum net_error error_of(int number, bool at_once)
{
	switch (number) {
	case WSAECONNRESET:
	case WSAECONNREFUSED:
		return NET_REFUSED;
	case WSAENETRESET:
		return NET_TTL_EXCEEDED;
	case WSAENETUNREACH:
		return at_once ? NET_NO_ROUTE : NET_UNREACH_NET;
	case WSAEHOSTUNREACH:
		return at_once ? NET_NO_ROUTE : NET_UNREACH_HOST;
	case WSAENETDOWN:
	case WSAEADDRNOTAVAIL:
	case WSAEAFNOSUPPORT:
		return NET_NO_ROUTE;
	case WSAEACCES:
		return at_once ? NET_LOCAL_DENIED : NET_PROHIBITED;
	case WSAEMSGSIZE:
		return NET_MSGSIZE;
	}
	return platform_is_shortage(number) ? NET_LOCAL_ERROR : NET_OTHER;
}

static void set_error(struct udp_error *error, enum net_error kind, int number)
{
	*error = (struct udp_error){
		.error = kind, .number = number, .icmp_type = -1, .icmp_code = -1};
}

/*
 * Non-blocking; told of refusals (the default, which some layered providers change), and that a
 * datagram's time was exceeded.
 */
static bool prepare(SOCKET socket)
{
	u_long on = 1;
	BOOL told = TRUE;
	DWORD got = 0;

	WSAIoctl(socket, SIO_UDP_CONNRESET, &told, sizeof told, NULL, 0, &got, NULL, NULL);
	WSAIoctl(socket, SIO_UDP_NETRESET, &told, sizeof told, NULL, 0, &got, NULL, NULL);
	return ioctlsocket(socket, (long)FIONBIO, &on) == 0;
}

struct udp_socket *udp_open(
	const struct net_addr *addr, uint16_t port, uint16_t source_port, struct udp_error *error)
{
	struct net_addr any = {.family = addr->family};
	union socket_address peer, own;
	int peer_len = socket_address(&peer, addr, port);
	int own_len = socket_address(&own, &any, source_port);
	struct udp_socket *s = NULL;
	SOCKET fd = socket(peer.any.sa_family, SOCK_DGRAM, IPPROTO_UDP);

	set_error(error, NET_OK, 0);
	if (fd == INVALID_SOCKET) {
		int number = WSAGetLastError();
		set_error(error, error_of(number, true), number);
		return NULL;
	}
	if (!prepare(fd) || (source_port != 0 && bind(fd, &own.any, own_len) != 0)) {
		set_error(error, NET_OTHER, WSAGetLastError()); /* a port in use is no firewall */
	} else if (connect(fd, &peer.any, peer_len) != 0) {
		int number = WSAGetLastError();
		set_error(error, error_of(number, true), number);
	} else {
		s = mem_alloc(sizeof *s);
		*s = (struct udp_socket){.socket = fd, .family = addr->family};
		return s;
	}
	closesocket(fd);
	return NULL;
}

void udp_close(struct udp_socket *s)
{
	if (s == NULL)
		return;
	closesocket(s->socket);
	free(s);
}

intptr_t udp_fd(const struct udp_socket *s)
{
	return (intptr_t)s->socket;
}

int udp_local(const struct udp_socket *s, struct net_addr *addr, uint16_t *port)
{
	union socket_address name;
	int len = sizeof name;

	memset(addr, 0, sizeof *addr);
	memset(&name, 0, sizeof name);
	if (getsockname(s->socket, &name.any, &len) != 0)
		return -1;
	net_addr_of(&name.any, addr);
	*port = socket_port(&name);
	return 0;
}

int udp_dont_fragment(struct udp_socket *s, bool on)
{
	DWORD value = on;

	if (s->family == 6)
		return setsockopt(s->socket, IPPROTO_IPV6, IPV6_DONTFRAG, (const char *)&value,
			       sizeof value) == 0
			       ? 0
			       : -1;
	return setsockopt(s->socket, IPPROTO_IP, IP_DONTFRAGMENT, (const char *)&value,
		       sizeof value) == 0
		       ? 0
		       : -1;
}

/* Path MTU as Windows knows it now; 0 when it does not say. */
static long known_mtu(const struct udp_socket *s)
{
	DWORD mtu = 0;
	int len = sizeof mtu;
	int result = s->family == 6
			     ? getsockopt(s->socket, IPPROTO_IPV6, IPV6_MTU, (char *)&mtu, &len)
			     : getsockopt(s->socket, IPPROTO_IP, IP_MTU, (char *)&mtu, &len);

	return result == 0 && mtu <= UINT16_MAX ? (long)mtu : 0;
}

/* A refusal while sending belongs to an earlier datagram: it is told once, then one can send. */
int udp_send(struct udp_socket *s, const void *bytes, size_t len, struct udp_error *error)
{
	if (send(s->socket, bytes, (int)len, 0) >= 0)
		return 0;
	int number = WSAGetLastError();
	set_error(
		error, error_of(number, number != WSAECONNRESET && number != WSAENETRESET), number);
	if (error->error == NET_MSGSIZE)
		error->mtu = known_mtu(s);
	return -1;
}

enum udp_event udp_receive(
	struct udp_socket *s, void *buf, size_t size, size_t *len, struct udp_error *error)
{
	int got = recv(s->socket, buf, (int)size, 0);
	int number = got >= 0 ? 0 : WSAGetLastError();

	*len = 0;
	if (got >= 0 || number == WSAEMSGSIZE) { /* longer than the buffer: cut off */
		*len = got >= 0 ? (size_t)got : size;
		return UDP_DATAGRAM;
	}
	if (number == WSAEWOULDBLOCK || number == WSAEINTR)
		return UDP_NOTHING;
	set_error(error, error_of(number, false), number);
	return UDP_ERROR;
}
