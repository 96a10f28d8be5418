/*
 * What became of TCP connections that a library makes. Since Windows 10 2004 a connect can end with
 * the ICMP error that came, and the socket then knows who sent it; before, and where the option
 * cannot be set, only the error number is known. This end's address a socket may not know before
 * its connection stands.
 */
#include "windows.h"
#include "sockets.h"

#include <string.h>

#include "shortage.h"

/* Of ws2ipdef.h, newer than the cross compiler's. */
#ifndef TCP_FAIL_CONNECT_ON_ICMP_ERROR
#define TCP_FAIL_CONNECT_ON_ICMP_ERROR 18
#define TCP_ICMP_ERROR_INFO            19
#endif
struct icmp_info {
	SOCKADDR_INET source;
	int protocol;
	uint8_t type, code;
};

/* WSA_NOT_ENOUGH_MEMORY is also EAI_MEMORY. */
bool platform_is_shortage(int number)
{
	switch (number) {
	case WSAEMFILE:
	case ERROR_TOO_MANY_OPEN_FILES:
		shortage_note(SHORTAGE_DESCRIPTORS);
		return true;
	case WSA_NOT_ENOUGH_MEMORY:
	case ERROR_OUTOFMEMORY:
	case ERROR_NO_SYSTEM_RESOURCES:
		shortage_note(SHORTAGE_MEMORY);
		return true;
	case WSAENOBUFS:
		shortage_note(SHORTAGE_BUFFERS);
		return true;
	}
	return false;
}

/* Windows has no small limit that one runs into. */
void platform_try_descriptors(void)
{
}

intptr_t platform_socket(int family, int type, int protocol)
{
	SOCKET fd = socket(family, type, protocol);

	if (fd == INVALID_SOCKET)
		platform_is_shortage(WSAGetLastError());
	return (intptr_t)fd;
}

/* "Windows Sockets Error Codes". */
enum net_error platform_net_error(int number)
{
	switch (number) {
	case 0:
		return NET_OK;
	case WSAECONNREFUSED:
		return NET_REFUSED;
	case WSAECONNRESET:
	case WSAECONNABORTED:
		return NET_RESET;
	case WSAENETUNREACH:
	case WSAENETDOWN:
		return NET_UNREACH_NET;
	case WSAEHOSTUNREACH:
	case WSAEHOSTDOWN:
		return NET_UNREACH_HOST;
	case WSAENOPROTOOPT:
		return NET_UNREACH_PROTO;
	case WSAEACCES:
		return NET_LOCAL_DENIED;
	case WSAEADDRNOTAVAIL:
	case WSAEAFNOSUPPORT:
		return NET_NO_ROUTE;
	case WSAEMSGSIZE:
		return NET_MSGSIZE;
	case WSAETIMEDOUT:
		return NET_TIMEOUT;
	}
	return platform_is_shortage(number) ? NET_LOCAL_ERROR : NET_OTHER;
}

bool windows_tcp_fail_on_icmp(SOCKET socket)
{
	DWORD on = 1;

	return setsockopt(socket, IPPROTO_TCP, TCP_FAIL_CONNECT_ON_ICMP_ERROR, (const char *)&on,
		       sizeof on) == 0;
}

void platform_tcp_prepare(intptr_t fd)
{
	windows_tcp_fail_on_icmp((SOCKET)fd);
}

static void read_local(SOCKET socket, struct net_addr *local)
{
	struct sockaddr_storage address;
	int len = sizeof address;
	static const uint8_t zero[16];

	memset(&address, 0, sizeof address);
	if (getsockname(socket, (struct sockaddr *)&address, &len) != 0)
		return;
	net_addr_of((struct sockaddr *)&address, local);
	if (memcmp(local->bytes, zero, sizeof zero) == 0)
		memset(local, 0, sizeof *local);
}

bool windows_tcp_icmp(SOCKET socket, struct tcp_end *end)
{
	struct icmp_info info;
	int len = sizeof info;

	memset(&info, 0, sizeof info);
	if (getsockopt(socket, IPPROTO_TCP, TCP_ICMP_ERROR_INFO, (char *)&info, &len) != 0 ||
		len != sizeof info)
		return false;
	net_addr_of((const struct sockaddr *)&info.source, &end->offender);
	if (end->offender.family == 0)
		return false;
	end->icmp_type = info.type;
	end->icmp_code = info.code;
	return true;
}

void platform_tcp_ask(intptr_t fd, struct tcp_end *end)
{
	memset(end, 0, sizeof *end);
	end->icmp_type = end->icmp_code = -1;
	end->known = true;
	read_local((SOCKET)fd, &end->local);
	windows_tcp_icmp((SOCKET)fd, end);
}

int platform_tcp_close(intptr_t fd)
{
	return closesocket((SOCKET)fd);
}

/* Without a route connect() says so at once; what comes by ICMP is an unreachable host. */
bool platform_tcp_no_route(int number, const struct tcp_end *end)
{
	return number == WSAENETUNREACH && end->icmp_type < 0 && end->local.family == 0;
}

/* A window into which no large segment fits; their size itself cannot be limited. */
static void keep_small(SOCKET fd)
{
	DWORD window = 1000, on = 1;

	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, (const char *)&on, sizeof on);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, (const char *)&window, sizeof window);
}

static bool set_up(SOCKET fd, bool small)
{
	u_long on = 1;

	if (small)
		keep_small(fd);
	return ioctlsocket(fd, (long)FIONBIO, &on) == 0;
}

intptr_t platform_tcp_open(const struct net_addr *addr, uint16_t port, bool small)
{
	union socket_address peer;
	int len = socket_address(&peer, addr, port);
	SOCKET fd = socket(peer.any.sa_family, SOCK_STREAM, IPPROTO_TCP);

	if (fd == INVALID_SOCKET)
		return -1;
	if (set_up(fd, small) &&
		(connect(fd, &peer.any, len) == 0 || WSAGetLastError() == WSAEWOULDBLOCK))
		return (intptr_t)fd;
	closesocket(fd);
	return -1;
}

bool platform_tcp_stands(intptr_t fd)
{
	union socket_address peer;
	int len = sizeof peer;

	return getpeername((SOCKET)fd, &peer.any, &len) == 0;
}
