/*
 * What became of TCP connections that a library makes. With IP_RECVERR an ICMP error ends a connect
 * at once and stays in the error queue (ip(7); TCP puts it there since Linux 5.9), where it also
 * says who sent it.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "posix.h"
#include "sockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <time.h>
#include <linux/errqueue.h>
#include <unistd.h>

void platform_tcp_prepare(intptr_t fd)
{
	int on = 1;

	setsockopt((int)fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
	setsockopt((int)fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
}

static void read_local(int fd, struct net_addr *local)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof address;
	static const uint8_t zero[16];

	if (getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return;
	net_addr_of((struct sockaddr *)&address, local);
	if (memcmp(local->bytes, zero, sizeof zero) == 0)
		memset(local, 0, sizeof *local);
}

static void read_extended(struct cmsghdr *cmsg, struct tcp_end *end)
{
	struct sock_extended_err error;
	const size_t size = CMSG_LEN(sizeof error);

	if (cmsg->cmsg_len < size)
		return;
	memcpy(&error, CMSG_DATA(cmsg), sizeof error);
	if (error.ee_origin != SO_EE_ORIGIN_ICMP && error.ee_origin != SO_EE_ORIGIN_ICMP6)
		return;
	end->icmp_type = error.ee_type;
	end->icmp_code = error.ee_code;
	/* The offender's socket address follows the error (SO_EE_OFFENDER). */
	struct sockaddr_storage offender = {0};
	size_t rest = cmsg->cmsg_len - size;
	memcpy(&offender, CMSG_DATA(cmsg) + sizeof error,
		rest < sizeof offender ? rest : sizeof offender);
	net_addr_of((struct sockaddr *)&offender, &end->offender);
}

static void read_queue(int fd, struct tcp_end *end)
{
	union {
		struct cmsghdr align;
		char bytes[512];
	} control;
	char payload[128];
	struct iovec iov = {.iov_base = payload, .iov_len = sizeof payload};

	for (int i = 0; i < 4; i++) {
		struct msghdr message = {.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = control.bytes,
			.msg_controllen = sizeof control.bytes};
		if (recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL;
			c = CMSG_NXTHDR(&message, c))
			if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
				(c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
				read_extended(c, end);
	}
}

void platform_tcp_ask(intptr_t fd, struct tcp_end *end)
{
	memset(end, 0, sizeof *end);
	end->icmp_type = end->icmp_code = -1;
	end->known = true;
	read_local((int)fd, &end->local);
	read_queue((int)fd, end);
}
