/*
 * Hop limits of TCP connections, and who ended them: since Windows 10 2004 a connect can fail with
 * the ICMP message that came, and the socket tells its sender (IPPROTO_TCP socket options:
 * TCP_FAIL_CONNECT_ON_ICMP_ERROR, TCP_ICMP_ERROR_INFO). Whether this Windows can is tried once.
 *
 * Of UDP, Windows tells an ordinary program that a datagram's time was exceeded (WSAENETRESET), not
 * where. IcmpSendEcho2Ex would tell the routers of an echo request, which filters treat unlike the
 * packets of the port that is silent: that is no evidence about the port, and is left alone.
 */
#include "windows.h"
#include "sockets.h"

#include "hops.h"

/* Of ws2ipdef.h: one SYN is sent, and a refusal is not asked again. */
#ifndef TCP_NOSYNRETRIES
#define TCP_NOSYNRETRIES 9
#endif

enum { TIME_EXCEEDED = 11, TIME_EXCEEDED6 = 3 }; /* ICMP, ICMPv6 */

bool hops_told(enum hops_protocol protocol)
{
	static int told = -1; /* on the loop's thread only */

	if (protocol != HOPS_TCP)
		return false;
	if (told < 0) {
		SOCKET fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
		told = fd != INVALID_SOCKET && windows_tcp_fail_on_icmp(fd);
		if (fd != INVALID_SOCKET)
			closesocket(fd);
	}
	return told == 1;
}

int hops_limit(intptr_t fd, int family, int hops)
{
	DWORD value = (DWORD)hops;
	const char *bytes = (const char *)&value;

	if (family == 6)
		return setsockopt((SOCKET)fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, bytes, sizeof value);
	return setsockopt((SOCKET)fd, IPPROTO_IP, IP_TTL, bytes, sizeof value);
}

intptr_t hops_connect(const struct net_addr *addr, uint16_t port, int hops)
{
	union socket_address peer;
	int len = socket_address(&peer, addr, port);
	SOCKET fd = socket(peer.any.sa_family, SOCK_STREAM, IPPROTO_TCP);
	u_long on = 1;
	DWORD once = 1;

	if (fd == INVALID_SOCKET)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NOSYNRETRIES, (const char *)&once, sizeof once);
	if (windows_tcp_fail_on_icmp(fd) && ioctlsocket(fd, (long)FIONBIO, &on) == 0 &&
		hops_limit((intptr_t)fd, addr->family, hops) == 0 &&
		(connect(fd, &peer.any, len) == 0 || WSAGetLastError() == WSAEWOULDBLOCK))
		return (intptr_t)fd;
	closesocket(fd);
	return -1;
}

/* NET_OK: it stands; NET_TIMEOUT: nothing yet. */
static enum net_error state_of(SOCKET fd)
{
	struct timeval at_once = {0};
	fd_set connected, failed;
	int number = 0, len = sizeof number;

	FD_ZERO(&connected);
	FD_ZERO(&failed);
	FD_SET(fd, &connected);
	FD_SET(fd, &failed);
	if (select(0, NULL, &connected, &failed, &at_once) <= 0)
		return NET_TIMEOUT;
	if (!FD_ISSET(fd, &failed))
		return NET_OK;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, (char *)&number, &len) != 0 || number == 0)
		return NET_OTHER;
	return platform_net_error(number);
}

enum net_error hops_result(intptr_t fd, struct net_addr *who)
{
	struct tcp_end end = {.icmp_type = -1, .icmp_code = -1};
	enum net_error state = state_of((SOCKET)fd);

	*who = (struct net_addr){0};
	if (state == NET_OK || state == NET_TIMEOUT || !windows_tcp_icmp((SOCKET)fd, &end))
		return state;
	*who = end.offender;
	return end.icmp_type == (end.offender.family == 6 ? TIME_EXCEEDED6 : TIME_EXCEEDED)
		       ? NET_TTL_EXCEEDED
		       : state;
}

void hops_close(intptr_t fd)
{
	if (fd >= 0)
		closesocket((SOCKET)fd);
}
