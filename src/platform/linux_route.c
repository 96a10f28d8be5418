/*
 * How packets to one address leave: a connected UDP socket tells whether they do, by every rule and
 * table and the binding that this process has; rtnetlink(7) tells through what. Nothing is sent.
 */
#include "posix.h"
#include "sockets.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#define ANSWER_MAX 8192

/* ---- a question to the kernel ---- */

struct question {
	struct nlmsghdr header;
	union {
		struct rtmsg route;
		struct ndmsg neighbour;
		char room[128];
	} body;
};

static size_t address_size(int family)
{
	return family == 6 ? 16 : 4;
}

static void add_attribute(struct question *q, unsigned short type, const void *data, size_t len)
{
	struct rtattr attribute = {.rta_len = (unsigned short)RTA_LENGTH(len), .rta_type = type};
	char *at = (char *)q + NLMSG_ALIGN(q->header.nlmsg_len);

	memcpy(at, &attribute, sizeof attribute);
	memcpy(at + RTA_LENGTH(0), data, len);
	q->header.nlmsg_len = NLMSG_ALIGN(q->header.nlmsg_len) + (unsigned)RTA_SPACE(len);
}

/* The answer's length, -1 when there is none. The kernel answers before send(2) returns. */
static ssize_t ask(struct question *q, char *answer, size_t size)
{
	int fd = (int)platform_socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t len = -1;

	if (fd < 0)
		return -1;
	q->header.nlmsg_flags = NLM_F_REQUEST;
	if (send(fd, q, q->header.nlmsg_len, 0) == (ssize_t)q->header.nlmsg_len)
		len = recv(fd, answer, size, MSG_DONTWAIT);
	close(fd);
	return len;
}

/* The data of an attribute of the answer, at least `least` bytes; NULL: there is none. */
static const void *attribute_of(
	const char *answer, size_t len, size_t body, unsigned short type, size_t least)
{
	size_t at = NLMSG_LENGTH(body);

	while (at + sizeof(struct rtattr) <= len) {
		struct rtattr attribute;

		memcpy(&attribute, answer + at, sizeof attribute);
		if (attribute.rta_len < sizeof attribute || at + attribute.rta_len > len)
			return NULL;
		if (attribute.rta_type == type && attribute.rta_len >= RTA_LENGTH(least))
			return answer + at + RTA_LENGTH(0);
		at += RTA_ALIGN(attribute.rta_len);
	}
	return NULL;
}

static bool is_answer(const char *answer, ssize_t len, unsigned short type)
{
	struct nlmsghdr header;

	if (len < (ssize_t)sizeof header)
		return false;
	memcpy(&header, answer, sizeof header);
	return header.nlmsg_type == type && header.nlmsg_len <= (size_t)len;
}

/* ---- routes ---- */

static void read_gateway(const char *answer, size_t len, int family, struct net_addr *gateway)
{
	const size_t size = address_size(family), body = sizeof(struct rtmsg);
	const void *direct = attribute_of(answer, len, body, RTA_GATEWAY, size);
	const char *via = attribute_of(answer, len, body, RTA_VIA, sizeof(struct rtvia) + 16);

	if (direct != NULL) {
		gateway->family = family;
		memcpy(gateway->bytes, direct, size);
	} else if (via != NULL) { /* IPv4 by way of a router's IPv6 address (RFC 5549) */
		gateway->family = 6;
		memcpy(gateway->bytes, via + sizeof(struct rtvia), 16);
	}
}

/* What the kernel says of the way. from: one of this machine's addresses; family 0: any. */
static ssize_t ask_way(const struct net_addr *addr, const struct net_addr *from, unsigned bound,
	char answer[static ANSWER_MAX])
{
	struct question q = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof q.body.route),
				     .nlmsg_type = RTM_GETROUTE}};

	q.body.route.rtm_family = addr->family == 6 ? AF_INET6 : AF_INET;
	q.body.route.rtm_dst_len = (unsigned char)(8 * address_size(addr->family));
	add_attribute(&q, RTA_DST, addr->bytes, address_size(addr->family));
	if (bound != 0)
		add_attribute(&q, RTA_OIF, &bound, sizeof bound);
	if (from->family == addr->family) {
		q.body.route.rtm_src_len = q.body.route.rtm_dst_len;
		add_attribute(&q, RTA_SRC, from->bytes, address_size(from->family));
	}
	ssize_t len = ask(&q, answer, ANSWER_MAX);
	return is_answer(answer, len, RTM_NEWROUTE) ? len : -1;
}

/* A route with several next hops takes one by source and destination, as for a connection. */
static void read_way(const struct net_addr *addr, int fd, unsigned bound, struct route_info *route)
{
	static const struct net_addr any;
	char answer[ANSWER_MAX], name[IF_NAMESIZE];
	union socket_address own;
	socklen_t own_len = sizeof own;
	struct net_addr from = any;
	unsigned index = 0;

	if (getsockname(fd, &own.any, &own_len) == 0)
		net_addr_of(&own.any, &from);
	ssize_t len = ask_way(addr, &from, bound, answer);
	if (len < 0)
		len = ask_way(addr, &any, bound, answer);
	if (len < 0)
		return;
	const void *oif =
		attribute_of(answer, (size_t)len, sizeof(struct rtmsg), RTA_OIF, sizeof index);
	if (oif != NULL)
		memcpy(&index, oif, sizeof index);
	if (index != 0 && if_indextoname(index, name) != NULL)
		snprintf(route->interface, sizeof route->interface, "%s", name);
	read_gateway(answer, (size_t)len, addr->family, &route->gateway);
}

static unsigned bound_interface(int fd)
{
	char name[IF_NAMESIZE] = "";
	socklen_t len = sizeof name - 1;

	if (getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len) != 0 || name[0] == '\0')
		return 0;
	return if_nametoindex(name);
}

int platform_route(const struct net_addr *addr, struct route_info *route, struct strbuf *why)
{
	int fd, result = posix_route_try(addr, route, &fd, why);

	if (fd >= 0) {
		read_way(addr, fd, bound_interface(fd), route);
		close(fd);
	}
	return result;
}

/* ---- neighbours ---- */

bool platform_neighbour_silent(const struct net_addr *addr, const char *interface)
{
	struct question q = {.header = {.nlmsg_len = NLMSG_LENGTH(sizeof q.body.neighbour),
				     .nlmsg_type = RTM_GETNEIGH}};
	char answer[ANSWER_MAX];
	struct ndmsg told;

	q.body.neighbour.ndm_family = addr->family == 6 ? AF_INET6 : AF_INET;
	q.body.neighbour.ndm_ifindex = (int)if_nametoindex(interface);
	if (q.body.neighbour.ndm_ifindex == 0)
		return false;
	add_attribute(&q, NDA_DST, addr->bytes, address_size(addr->family));
	ssize_t len = ask(&q, answer, sizeof answer);
	if (!is_answer(answer, len, RTM_NEWNEIGH) || len < (ssize_t)NLMSG_LENGTH(sizeof told))
		return false;
	memcpy(&told, answer + NLMSG_LENGTH(0), sizeof told);
	return (told.ndm_state & (NUD_FAILED | NUD_INCOMPLETE)) != 0;
}
