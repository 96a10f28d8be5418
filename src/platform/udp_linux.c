/*
 * Connected UDP sockets with the error queue of Linux (ip(7), ipv6(7): IP_RECVERR, IPV6_RECVERR,
 * MSG_ERRQUEUE). Without the queue host and net unreachable stay invisible, and nobody says who
 * sent the ICMP message.
 *
 * An ICMP error also fails the next send or receive. The queue is therefore read first, and a send
 * that fails while an ICMP error is queued is tried again: the failure belonged to an earlier
 * datagram. Entries of local origin repeat what the send itself has returned and are passed over.
 */
#define _GNU_SOURCE
#include "udp.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <netinet/icmp6.h>
#include <time.h>
#include <linux/errqueue.h>
#include <unistd.h>
#include <stdlib.h>

#include "mem.h"
#include "sockets.h"

#define STASH 4 /* errors found while sending, kept for udp_receive */

/* ICMP codes that the headers name differently from one C library to the next. */
enum {
	ICMP_ADMIN_NET = 9,
	ICMP_ADMIN_HOST = 10,
	ICMP_ADMIN_FILTERED = 13,
	ICMP6_POLICY_FAILED = 5,
	ICMP6_REJECT = 6
};

struct udp_socket {
	int fd;
	int family; /* 4 or 6 */
	struct udp_error stash[STASH];
	size_t stashed;
};

/* What a number means when the path said it (by ICMP). */
static enum net_error error_of_path(int number)
{
	switch (number) {
	case ECONNREFUSED:
		return NET_REFUSED;
	case ENETUNREACH:
		return NET_UNREACH_NET;
	case EHOSTUNREACH:
	case EHOSTDOWN:
		return NET_UNREACH_HOST;
	case ENOPROTOOPT:
		return NET_UNREACH_PROTO;
	case EACCES:
		return NET_PROHIBITED;
	case EMSGSIZE:
		return NET_MSGSIZE;
	case ETIMEDOUT:
		return NET_TIMEOUT;
	}
	return platform_is_shortage(number) ? NET_LOCAL_ERROR : NET_OTHER;
}

/* What a number means when this terminal's own kernel returned it at once. */
static enum net_error error_at_once(int number)
{
	switch (number) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return NET_NO_ROUTE;
	case EPERM:
	case EACCES:
		return NET_LOCAL_DENIED;
	}
	return error_of_path(number);
}

static enum net_error error_of_icmp(int type, int code, int number)
{
	if (type == ICMP_TIME_EXCEEDED)
		return NET_TTL_EXCEEDED;
	if (type != ICMP_DEST_UNREACH)
		return error_of_path(number);
	switch (code) {
	case ICMP_NET_UNREACH:
		return NET_UNREACH_NET;
	case ICMP_HOST_UNREACH:
		return NET_UNREACH_HOST;
	case ICMP_PROT_UNREACH:
		return NET_UNREACH_PROTO;
	case ICMP_PORT_UNREACH:
		return NET_REFUSED;
	case ICMP_FRAG_NEEDED:
		return NET_MSGSIZE;
	case ICMP_ADMIN_NET:
	case ICMP_ADMIN_HOST:
	case ICMP_ADMIN_FILTERED:
		return NET_PROHIBITED;
	}
	return error_of_path(number);
}

static enum net_error error_of_icmp6(int type, int code, int number)
{
	if (type == ICMP6_TIME_EXCEEDED)
		return NET_TTL_EXCEEDED;
	if (type == ICMP6_PACKET_TOO_BIG)
		return NET_MSGSIZE;
	if (type != ICMP6_DST_UNREACH)
		return error_of_path(number);
	switch (code) {
	case ICMP6_DST_UNREACH_NOROUTE:
		return NET_UNREACH_NET;
	case ICMP6_DST_UNREACH_ADDR:
		return NET_UNREACH_HOST;
	case ICMP6_DST_UNREACH_NOPORT:
		return NET_REFUSED;
	case ICMP6_DST_UNREACH_ADMIN:
	case ICMP6_POLICY_FAILED:
	case ICMP6_REJECT:
		return NET_PROHIBITED;
	}
	return error_of_path(number);
}

static void error_init(struct udp_error *error, enum net_error kind, int number)
{
	*error = (struct udp_error){
		.error = kind, .number = number, .icmp_type = -1, .icmp_code = -1};
}

static void set_option(int fd, int level, int name, int value)
{
	(void)setsockopt(fd, level, name, &value, sizeof value);
}

/* Binds to a port on every address, so that connect still chooses the address. */
static int bind_port(int fd, int family, uint16_t port)
{
	struct net_addr any = {.family = family};
	union socket_address address;
	socklen_t len = socket_address(&address, &any, port);

	return bind(fd, &address.any, len);
}

struct udp_socket *udp_open(
	const struct net_addr *addr, uint16_t port, uint16_t source_port, struct udp_error *error)
{
	struct udp_socket *s = NULL;
	union socket_address peer;
	socklen_t len = socket_address(&peer, addr, port);
	int fd = socket(peer.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	error_init(error, NET_OK, 0);
	if (fd < 0) {
		error_init(error, error_at_once(errno), errno);
		goto out;
	}
	if (addr->family == 6)
		set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
	else
		set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
	if (source_port != 0 && bind_port(fd, addr->family, source_port) != 0) {
		error_init(error, NET_OTHER, errno); /* a port in use or reserved is no firewall */
		goto out;
	}
	if (connect(fd, &peer.any, len) != 0) {
		error_init(error, error_at_once(errno), errno);
		goto out;
	}
	s = mem_alloc(sizeof *s);
	s->fd = fd;
	s->family = addr->family;
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

	memset(&name, 0, sizeof name);
	if (getsockname(s->fd, &name.any, &len) != 0)
		return -1;
	net_addr_of(&name.any, addr);
	*port = socket_port(&name);
	return addr->family != 0 ? 0 : -1;
}

int udp_dont_fragment(struct udp_socket *s, bool on)
{
	int value =
		on ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT; /* IPV6_PMTUDISC_* are the same numbers */

	if (s->family == 6)
		return setsockopt(s->fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &value, sizeof value);
	return setsockopt(s->fd, IPPROTO_IP, IP_MTU_DISCOVER, &value, sizeof value);
}

/* Path MTU as the kernel knows it now; 0 when it does not say. */
static long known_mtu(const struct udp_socket *s)
{
	int mtu = 0;
	socklen_t len = sizeof mtu;
	int failed = s->family == 6 ? getsockopt(s->fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &len)
				    : getsockopt(s->fd, IPPROTO_IP, IP_MTU, &mtu, &len);

	return failed ? 0 : mtu;
}

static void fill_extended(const struct sock_extended_err *from, struct udp_error *to)
{
	union socket_address offender;
	bool v6 = from->ee_origin == SO_EE_ORIGIN_ICMP6;

	error_init(to, NET_OTHER, (int)from->ee_errno);
	to->icmp_type = from->ee_type;
	to->icmp_code = from->ee_code;
	to->error = v6 ? error_of_icmp6(to->icmp_type, to->icmp_code, to->number)
		       : error_of_icmp(to->icmp_type, to->icmp_code, to->number);
	if (to->error == NET_MSGSIZE)
		to->mtu = (long)from->ee_info;
	memset(&offender, 0, sizeof offender);
	memcpy(&offender, SO_EE_OFFENDER(from),
		v6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
	net_addr_of(&offender.any, &to->offender);
}

/* The size that the extended error must have for its offender to be readable. */
static size_t extended_size(const struct sock_extended_err *from)
{
	return sizeof *from + (from->ee_origin == SO_EE_ORIGIN_ICMP6 ? sizeof(struct sockaddr_in6)
								     : sizeof(struct sockaddr_in));
}

/* Whether a control message is an ICMP error; fills *error then. */
static bool read_control(const struct cmsghdr *cmsg, struct udp_error *error)
{
	union {
		struct sock_extended_err err;
		unsigned char bytes[sizeof(struct sock_extended_err) + sizeof(struct sockaddr_in6)];
	} copy;
	size_t len = cmsg->cmsg_len - CMSG_LEN(0);

	if (!(cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_RECVERR) &&
		!(cmsg->cmsg_level == IPPROTO_IPV6 && cmsg->cmsg_type == IPV6_RECVERR))
		return false;
	if (len < sizeof copy.err)
		return false;
	memset(&copy, 0, sizeof copy);
	memcpy(&copy, CMSG_DATA(cmsg), len < sizeof copy ? len : sizeof copy);
	if (copy.err.ee_origin != SO_EE_ORIGIN_ICMP && copy.err.ee_origin != SO_EE_ORIGIN_ICMP6)
		return false;
	if (len < extended_size(&copy.err))
		return false;
	fill_extended(&copy.err, error);
	return true;
}

/* Takes the next ICMP error off the queue. */
static bool take_queued(struct udp_socket *s, struct udp_error *error)
{
	for (;;) {
		union {
			struct cmsghdr align;
			unsigned char bytes[512];
		} control;
		unsigned char payload[64]; /* the start of our own datagram, not needed */
		struct iovec part = {.iov_base = payload, .iov_len = sizeof payload};
		struct msghdr message = {.msg_iov = &part,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof control};

		if (recvmsg(s->fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return false;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c))
			if (read_control(c, error))
				return true;
	}
}

/* Moves queued errors to the stash; whether there was one. */
static bool stash_queued(struct udp_socket *s)
{
	struct udp_error error;
	bool found = false;

	while (take_queued(s, &error)) {
		found = true;
		if (s->stashed < STASH)
			s->stash[s->stashed++] = error;
	}
	return found;
}

int udp_send(struct udp_socket *s, const void *bytes, size_t len, struct udp_error *error)
{
	for (int retried = 0;; retried = 1) {
		if (send(s->fd, bytes, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
			return 0;
		int number = errno;
		if (!retried && number != EPERM && stash_queued(s))
			continue;
		error_init(error, error_at_once(number), number);
		if (error->error == NET_MSGSIZE)
			error->mtu = known_mtu(s);
		return -1;
	}
}

static bool take_stashed(struct udp_socket *s, struct udp_error *error)
{
	if (s->stashed == 0)
		return false;
	*error = s->stash[0];
	s->stashed--;
	memmove(s->stash, s->stash + 1, s->stashed * sizeof s->stash[0]);
	return true;
}

enum udp_event udp_receive(
	struct udp_socket *s, void *buf, size_t size, size_t *len, struct udp_error *error)
{
	*len = 0;
	if (take_stashed(s, error) || take_queued(s, error))
		return UDP_ERROR;
	ssize_t got = recv(s->fd, buf, size, MSG_DONTWAIT);
	if (got >= 0) {
		*len = (size_t)got;
		return UDP_DATAGRAM;
	}
	int number = errno;
	if (number == EAGAIN || number == EWOULDBLOCK || number == EINTR)
		return UDP_NOTHING;
	if (take_queued(s, error))
		return UDP_ERROR;
	error_init(error, error_of_path(number), number);
	return UDP_ERROR;
}
