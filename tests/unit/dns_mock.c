/* A DNS server for unit tests: see dns_mock.h. */
#include "dns_mock.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdio.h>

#define HEADER 12
#define PACKET 512

#define require(what)                                                                              \
	do {                                                                                       \
		if (!(what)) {                                                                     \
			perror(#what);                                                             \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

struct query {
	uint8_t bytes[PACKET];
	size_t question_end; /* behind QTYPE and QCLASS */
	char name[256];
	int type;
};

/* Fills question_end, name and type; the queries are c-ares's and well-formed. */
static bool parse_query(struct query *q, size_t len)
{
	size_t at = HEADER, out = 0;

	while (at < len && q->bytes[at] != 0) {
		size_t label = q->bytes[at++];
		if (label > 63 || at + label >= len || out + label + 2 > sizeof q->name)
			return false;
		for (size_t i = 0; i < label; i++) {
			char c = (char)q->bytes[at++];
			q->name[out++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
		}
		q->name[out++] = '.';
	}
	if (at + 5 > len || out == 0)
		return false;
	q->name[out - 1] = '\0';
	q->type = q->bytes[at + 1] << 8 | q->bytes[at + 2];
	q->question_end = at + 5;
	return true;
}

/* ---- answers ---- */

struct answer {
	uint8_t bytes[PACKET];
	size_t len;
};

static void put(struct answer *a, const void *bytes, size_t len)
{
	require(a->len + len <= sizeof a->bytes);
	memcpy(a->bytes + a->len, bytes, len);
	a->len += len;
}

/* A record whose owner is at offset `owner` of the packet; the data follow. */
static void put_record(struct answer *a, size_t owner, int type, size_t data_len)
{
	const uint8_t head[12] = {(uint8_t)(0xc0 | owner >> 8), (uint8_t)owner, 0, (uint8_t)type, 0,
		1, 0, 0, 0, 60, (uint8_t)(data_len >> 8), (uint8_t)data_len};

	put(a, head, sizeof head);
	a->bytes[7]++; /* ANCOUNT */
}

static void put_address(struct answer *a, size_t owner, int type, const char *text)
{
	uint8_t bytes[16];
	size_t len = type == 1 ? 4 : 16;

	require(inet_pton(type == 1 ? AF_INET : AF_INET6, text, bytes) == 1);
	put_record(a, owner, type, len);
	put(a, bytes, len);
}

static void begin(struct answer *a, const struct query *q, int rcode)
{
	a->len = 0;
	put(a, q->bytes, q->question_end);
	a->bytes[2] = 0x81; /* QR, RD */
	a->bytes[3] = (uint8_t)(0x80 | rcode);
	memset(a->bytes + 6, 0, 6);
}

/* The header alone. */
static void begin_bare(struct answer *a, const struct query *q, int rcode)
{
	begin(a, q, rcode);
	a->bytes[5] = 0; /* QDCOUNT */
	a->len = HEADER;
}

static void answer_name(struct dns_mock *mock, const struct query *q, struct answer *a)
{
	static const uint8_t alias[] = {5, 'a', 'l', 'i', 'a', 's', 0};
	const char *text = q->type == 1 ? mock->a : mock->aaaa;
	size_t owner = HEADER;

	begin(a, q, 0);
	if (mock->mode == MOCK_CNAME) {
		put_record(a, owner, 5, sizeof alias);
		owner = a->len;
		put(a, alias, sizeof alias);
	}
	if (text != NULL)
		put_address(a, owner, q->type, text);
}

static void answer_other(struct dns_mock *mock, const struct query *q, struct answer *a)
{
	begin(a, q, mock->wildcard != NULL ? 0 : 3);
	if (mock->wildcard != NULL && q->type == 1)
		put_address(a, HEADER, 1, mock->wildcard);
}

static void answer_zone(struct dns_mock *mock, const struct query *q, struct answer *a)
{
	if (strcmp(q->name, mock->name) == 0)
		answer_name(mock, q, a);
	else
		answer_other(mock, q, a);
}

/* What to send; len 0: nothing. */
static void make_answer(struct dns_mock *mock, const struct query *q, bool tcp, struct answer *a)
{
	a->len = 0;
	switch (mock->mode) {
	case MOCK_ANSWER:
	case MOCK_CNAME:
		answer_zone(mock, q, a);
		break;
	case MOCK_NXDOMAIN:
		begin(a, q, 3);
		break;
	case MOCK_NODATA:
		begin(a, q, 0);
		break;
	case MOCK_SERVFAIL:
		begin(a, q, 2);
		break;
	case MOCK_REFUSED:
		begin(a, q, 5);
		break;
	case MOCK_NOTIMP:
		begin(a, q, 4);
		break;
	case MOCK_BARE_REFUSED:
		begin_bare(a, q, 5);
		break;
	case MOCK_BARE_SERVFAIL:
		begin_bare(a, q, 2);
		break;
	case MOCK_BARE_NXDOMAIN:
		begin_bare(a, q, 3);
		break;
	case MOCK_BARE_WRONG_ID:
		begin_bare(a, q, 5);
		a->bytes[0] ^= 0x5a;
		break;
	case MOCK_BARE_QUERY:
		begin_bare(a, q, 5);
		a->bytes[2] &= 0x7f;
		break;
	case MOCK_SILENT:
		break;
	case MOCK_TRUNCATE:
	case MOCK_TRUNCATE_SILENT:
		if (tcp && mock->mode == MOCK_TRUNCATE_SILENT)
			break;
		answer_zone(mock, q, a);
		if (!tcp) {
			begin(a, q, 0);
			a->bytes[2] |= 0x02;
		}
		break;
	case MOCK_WRONG_ID:
		answer_zone(mock, q, a);
		a->bytes[0] ^= 0x5a;
		break;
	case MOCK_SHORT:
		put(a, "???", 3);
		break;
	case MOCK_CUT:
		answer_zone(mock, q, a);
		a->len -= 3;
		break;
	case MOCK_A_SILENT:
	case MOCK_AAAA_SILENT:
		if (q->type != (mock->mode == MOCK_A_SILENT ? 1 : 28))
			answer_zone(mock, q, a);
		break;
	}
}

static void count_query(struct dns_mock *mock, const struct query *q)
{
	if (strcmp(q->name, mock->name) != 0) {
		mock->asked_other++;
		memcpy(mock->other, q->name, sizeof mock->other);
	} else if (q->type == 1) {
		mock->asked_a++;
	} else {
		mock->asked_aaaa++;
	}
}

/* ---- sockets ---- */

static void on_udp(void *arg, intptr_t fd, int events)
{
	struct dns_mock *mock = arg;
	struct sockaddr_in from;
	socklen_t from_len = sizeof from;
	struct query q;
	struct answer a;
	ssize_t len;

	(void)events;
	len = recvfrom((int)fd, q.bytes, sizeof q.bytes, 0, (struct sockaddr *)&from, &from_len);
	if (len < HEADER || !parse_query(&q, (size_t)len))
		return;
	count_query(mock, &q);
	make_answer(mock, &q, false, &a);
	if (q.type == 1 && mock->lost < mock->lose)
		mock->lost++;
	else if (a.len > 0)
		sendto((int)fd, a.bytes, a.len, 0, (struct sockaddr *)&from, from_len);
}

static void close_conn(struct dns_mock *mock, int fd)
{
	for (size_t i = 0; i < mock->conn_count; i++)
		if (mock->conns[i] == fd)
			mock->conns[i] = mock->conns[--mock->conn_count];
	loop_fd(mock->loop, fd, 0, NULL, NULL);
	close(fd);
}

/* c-ares writes length and query at once; on loopback they come at once. */
static void on_conn(void *arg, intptr_t fd, int events)
{
	struct dns_mock *mock = arg;
	uint8_t in[PACKET], out[PACKET + 2];
	struct query q;
	struct answer a;
	ssize_t len = recv((int)fd, in, sizeof in, 0);

	(void)events;
	if (len <= 2 + HEADER) {
		close_conn(mock, (int)fd);
		return;
	}
	for (size_t at = 0; at + 2 < (size_t)len;) {
		size_t size = (size_t)(in[at] << 8 | in[at + 1]);
		if (at + 2 + size > (size_t)len)
			break;
		memcpy(q.bytes, in + at + 2, size);
		at += 2 + size;
		if (!parse_query(&q, size))
			break;
		mock->asked_tcp++;
		make_answer(mock, &q, true, &a);
		out[0] = (uint8_t)(a.len >> 8);
		out[1] = (uint8_t)a.len;
		memcpy(out + 2, a.bytes, a.len);
		if (a.len > 0)
			require(send((int)fd, out, a.len + 2, MSG_NOSIGNAL) >= 0);
	}
}

static void on_listen(void *arg, intptr_t fd, int events)
{
	struct dns_mock *mock = arg;
	int conn = accept((int)fd, NULL, NULL);

	(void)events;
	if (conn < 0)
		return;
	require(mock->conn_count < sizeof mock->conns / sizeof mock->conns[0]);
	mock->conns[mock->conn_count++] = conn;
	loop_fd(mock->loop, conn, LOOP_READ, on_conn, mock);
}

/* Binds a socket; port 0: any. Returns -1 when the port is taken. */
static int bound(int type, uint16_t *port)
{
	struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(*port)};
	socklen_t len = sizeof addr;
	int fd = socket(AF_INET, type, 0);

	require(fd >= 0);
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)&addr, sizeof addr) != 0) {
		close(fd);
		return -1;
	}
	require(getsockname(fd, (struct sockaddr *)&addr, &len) == 0);
	*port = ntohs(addr.sin_port);
	return fd;
}

/* TCP stays bound without listening when it is not wanted, so that nobody else listens there. */
void dns_mock_start(struct dns_mock *mock, struct loop *loop, bool tcp)
{
	mock->loop = loop;
	do {
		mock->port = 0;
		mock->udp = bound(SOCK_DGRAM, &mock->port);
		require(mock->udp >= 0);
		mock->tcp = bound(SOCK_STREAM, &mock->port);
		if (mock->tcp < 0)
			close(mock->udp);
	} while (mock->tcp < 0);
	loop_fd(loop, mock->udp, LOOP_READ, on_udp, mock);
	if (!tcp)
		return;
	require(listen(mock->tcp, 16) == 0);
	loop_fd(loop, mock->tcp, LOOP_READ, on_listen, mock);
}

void dns_mock_stop(struct dns_mock *mock)
{
	while (mock->conn_count > 0)
		close_conn(mock, mock->conns[0]);
	loop_fd(mock->loop, mock->udp, 0, NULL, NULL);
	loop_fd(mock->loop, mock->tcp, 0, NULL, NULL);
	close(mock->udp);
	close(mock->tcp);
}

uint16_t dns_mock_closed_port(void)
{
	uint16_t port = 0;
	int fd = bound(SOCK_DGRAM, &port);

	require(fd >= 0);
	close(fd);
	return port;
}
