/*
 * Questions to configured DNS servers by c-ares: one channel per server, so that every answer has
 * a server; the packet's own header tells rcode and flags (RFC 1035 section 4.1.1).
 *
 * A truncated answer is handed to us (ARES_FLAG_IGNTC) and asked again on a second channel that
 * speaks TCP only, so that it is known which questions needed it.
 */
#include "names_private.h"

#ifndef CARES_NO_DEPRECATED
#define CARES_NO_DEPRECATED /* 1.34 would rather have its own record type */
#endif
#include <ares.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libraries.h"
#include "mem.h"

/*
 * UDP: 1 s at first, then doubling: sent at 0, 1 and 3 s, and where the server answers others, with
 * a second asking at 2 and 3 s (newer versions of c-ares learn the round trip and are quicker). TCP
 * repeats by itself. Our own deadline (names_settle.c) comes before the end of both.
 */
#define UDP_TRY_MS 1000
#define UDP_TRIES  4
#define TCP_TRY_MS 15000
#define TCP_TRIES  1

#define ARES_TAKES_ZONES (ARES_VERSION >= 0x012200) /* 1.34 */

#define ADDRS_MAX 32
#define HEADER    12

enum rcode { RCODE_NOERROR = 0, RCODE_SERVFAIL = 2, RCODE_NXDOMAIN = 3, RCODE_REFUSED = 5 };

#define TYPE_A    1
#define TYPE_AAAA 28
#define CLASS_IN  1

/* ---- channels ---- */

static void channel_rearm(struct channel *ch)
{
	struct timeval wait;

	if (ch->ares != NULL && ares_timeout(ch->ares, NULL, &wait) != NULL)
		loop_timer_at(ch->names->loop, &ch->timer,
			loop_now(ch->names->loop) + (double)wait.tv_sec +
				(double)wait.tv_usec / 1e6 + 0.001);
	else
		loop_timer_stop(ch->names->loop, &ch->timer);
}

static void channel_process(struct channel *ch, ares_socket_t readable, ares_socket_t writable)
{
	struct names *names = ch->names;

	ares_process_fd(ch->ares, readable, writable);
	queue_pump(ch->server);
	channel_rearm(ch);
	names_settle(names);
}

static void on_timer(void *arg)
{
	channel_process(arg, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

static void on_socket(void *arg, intptr_t fd, int events)
{
	ares_socket_t s = (ares_socket_t)fd;
	channel_process(arg, events & LOOP_READ ? s : ARES_SOCKET_BAD,
		events & LOOP_WRITE ? s : ARES_SOCKET_BAD);
}

static void on_socket_state(void *arg, ares_socket_t s, int readable, int writable)
{
	struct channel *ch = arg;
	loop_fd(ch->names->loop, (intptr_t)s,
		(readable ? LOOP_READ : 0) | (writable ? LOOP_WRITE : 0), on_socket, ch);
}

static int channel_set_server(struct channel *ch)
{
	char text[NET_ADDR_STRLEN], csv[NET_ADDR_STRLEN + 32];
	const struct net_addr *addr = &ch->server->addr;
	int len = snprintf(csv, sizeof csv, addr->family == 6 ? "[%s]:%u" : "%s:%u",
		net_addr_format(addr, text), (unsigned)ch->server->port);

	if (ARES_TAKES_ZONES && addr->scope != 0 && len > 0 && (size_t)len < sizeof csv)
		snprintf(csv + len, sizeof csv - (size_t)len, "%%%lu", (unsigned long)addr->scope);
	return ares_set_servers_ports_csv(ch->ares, csv);
}

/*
 * Everything that c-ares would read from the system's files is given, so that it need not look:
 * a placeholder server, no domains, no sort list.
 */
static int channel_open(struct channel *ch)
{
	struct in_addr placeholder;
	struct ares_options options;
	char lookups[] = "b";
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS |
		   ARES_OPT_SERVERS | ARES_OPT_DOMAINS | ARES_OPT_LOOKUPS | ARES_OPT_SORTLIST |
		   ARES_OPT_SOCK_STATE_CB | ARES_OPT_NOROTATE;

	if (!ch->names->library) {
		ch->status = libraries_init_ares();
		if (ch->status != ARES_SUCCESS)
			return ch->status;
		ch->names->library = true;
	}
	memset(&placeholder, 0, sizeof placeholder);
	memset(&options, 0, sizeof options);
	options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOCHECKRESP | ARES_FLAG_IGNTC |
			(ch->tcp ? ARES_FLAG_USEVC : 0);
	options.timeout = ch->tcp ? TCP_TRY_MS : UDP_TRY_MS;
	options.tries = ch->tcp ? TCP_TRIES : UDP_TRIES;
	options.ndots = 1;
	options.servers = &placeholder;
	options.nservers = 1;
	options.lookups = lookups;
	options.sock_state_cb = on_socket_state;
	options.sock_state_cb_data = ch;
#ifdef ARES_OPT_QUERY_CACHE
	mask |= ARES_OPT_QUERY_CACHE;
	options.qcache_max_ttl = 0;
#endif
	ch->status = ares_init_options(&ch->ares, &options, mask);
	if (ch->status != ARES_SUCCESS) {
		ch->ares = NULL;
		return ch->status;
	}
	ch->status = channel_set_server(ch);
	if (ch->status != ARES_SUCCESS) {
		ares_destroy(ch->ares);
		ch->ares = NULL;
	} else if (!ch->tcp) {
		channel_watch(ch);
	}
	return ch->status;
}

static void channel_init(struct channel *ch, struct names *names, struct server *server, bool tcp)
{
	ch->names = names;
	ch->server = server;
	ch->tcp = tcp;
	loop_timer_init(&ch->timer, on_timer, ch);
}

static void channel_release(struct channel *ch)
{
	if (ch->ares != NULL)
		ares_destroy(ch->ares);
	ch->ares = NULL;
	loop_timer_stop(ch->names->loop, &ch->timer);
}

/* ---- answers ---- */

static void reply_add_v4(struct dns_reply *reply, const struct ares_addrttl *found)
{
	struct net_addr *addr = &reply->addrs[reply->addr_count++];

	*addr = (struct net_addr){.family = 4};
	memcpy(addr->bytes, &found->ipaddr, 4);
}

static void reply_add_v6(struct dns_reply *reply, const struct ares_addr6ttl *found)
{
	struct net_addr *addr = &reply->addrs[reply->addr_count++];

	*addr = (struct net_addr){.family = 6};
	memcpy(addr->bytes, &found->ip6addr, 16);
}

static int parse_addresses(struct dns_reply *reply, const unsigned char *packet, int len)
{
	struct ares_addrttl v4[ADDRS_MAX];
	struct ares_addr6ttl v6[ADDRS_MAX];
	int count = ADDRS_MAX;
	int status = reply->type == TYPE_A ? ares_parse_a_reply(packet, len, NULL, v4, &count)
					   : ares_parse_aaaa_reply(packet, len, NULL, v6, &count);

	if (status != ARES_SUCCESS || count <= 0)
		return status;
	reply->addrs = mem_alloc((size_t)count * sizeof reply->addrs[0]);
	for (int i = 0; i < count; i++) {
		if (reply->type == TYPE_A)
			reply_add_v4(reply, &v4[i]);
		else
			reply_add_v6(reply, &v6[i]);
	}
	return status;
}

/* NOERROR: with addresses, without, or not readable. */
static enum dns_outcome read_addresses(
	struct dns_reply *reply, const unsigned char *packet, int len)
{
	int status = parse_addresses(reply, packet, len);

	if (reply->addr_count > 0)
		return DNS_ANSWER;
	if (status == ARES_SUCCESS || status == ARES_ENODATA)
		return DNS_NODATA;
	reply->ares_status = status;
	return DNS_MALFORMED;
}

static enum dns_outcome read_packet(struct dns_reply *reply, const unsigned char *packet, int len)
{
	if (len < HEADER)
		return DNS_MALFORMED;
	reply->authoritative = (packet[2] & 0x04) != 0;
	reply->recursion_available = (packet[3] & 0x80) != 0;
	reply->rcode = packet[3] & 0x0f;
	switch (reply->rcode) {
	case RCODE_NOERROR:
		return read_addresses(reply, packet, len);
	case RCODE_NXDOMAIN:
		return DNS_NXDOMAIN;
	case RCODE_SERVFAIL:
		return DNS_SERVFAIL;
	case RCODE_REFUSED:
		return DNS_REFUSED;
	}
	return DNS_OTHER_RCODE;
}

static enum dns_outcome outcome_without_packet(const struct question *q, int status)
{
	switch (status) {
	case ARES_ETIMEOUT:
		return question_silence(q);
	case ARES_EBADRESP:
	case ARES_EFORMERR:
	case ARES_EBADNAME:
		return DNS_MALFORMED;
	}
	return DNS_UNREACHABLE;
}

static void on_answer(void *arg, int status, int timeouts, unsigned char *packet, int len)
{
	struct question *q = arg;
	bool truncated = packet != NULL && len >= HEADER && (packet[2] & 0x02) != 0;

	(void)timeouts;
	q->waiting--;
	if (q->names->stopping || q->state == QUESTION_DONE)
		return;
	if (status == ARES_ETIMEOUT && !truncated && q->waiting > 0)
		return; /* it was asked anew meanwhile */
	if (status == ARES_ETIMEOUT && question_may_repeat(q)) {
		question_repeat(q);
		return;
	}
	if (truncated && !q->reply->truncated) {
		q->reply->truncated = true;
		question_send(q, &q->server->tcp);
		return;
	}
	q->reply->ares_status = status;
	q->reply->denied = packet == NULL && q->server->denied;
	question_end(q, packet != NULL ? read_packet(q->reply, packet, len)
				       : outcome_without_packet(q, status));
}

/* ---- questions ---- */

void question_init(struct question *q, struct server *server, struct dns_reply *reply, int type)
{
	*reply = (struct dns_reply){
		.server = server->addr, .port = server->port, .type = type, .rcode = -1};
	q->server = server;
	q->reply = reply;
	q->state = QUESTION_UNASKED;
}

void question_send(struct question *q, struct channel *ch)
{
	if (ch->ares == NULL && channel_open(ch) != ARES_SUCCESS) {
		q->reply->ares_status = ch->status;
		question_end(q, DNS_UNREACHABLE);
		return;
	}
	ch->sending = q;
	q->asks++;
	q->waiting++;
	ares_query(ch->ares, q->text, CLASS_IN, q->reply->type, on_answer, q);
	ch->sending = NULL;
	channel_rearm(ch);
}

bool question_may_repeat(const struct question *q)
{
	double left = question_deadline(q) - loop_now(q->names->loop);

	return q->state == QUESTION_ASKED && q->reply->type == TYPE_A && q->server->heard &&
	       !q->reply->truncated && q->asks < NAMES_ASKS && left > q->names->times.least;
}

void question_repeat(struct question *q)
{
	question_send(q, &q->server->udp);
}

void channel_quiet(struct channel *ch)
{
	if (ch->ares != NULL)
		ares_cancel(ch->ares);
	channel_rearm(ch);
}

/* ---- servers ---- */

/*
 * Link-local servers need a zone; where c-ares takes none, connecting adds it (channel_watch).
 * fec0::/10 is no longer
 * in use (RFC 3879), yet Windows lists such servers; c-ares refuses them.
 */
static bool can_ask(const struct dns_server *server)
{
	const struct net_addr *addr = &server->addr;

	if (addr->family == 0 || server->port == 0)
		return false;
	if (addr->family == 6 && addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0xc0)
		return false;
	if (addr->family == 6 && net_addr_class(addr) == NET_LINK_LOCAL)
		return addr->scope != 0;
	return true;
}

static bool known_server(const struct names *names, const struct dns_server *server)
{
	for (size_t i = 0; i < names->server_count; i++)
		if (names->servers[i].port == server->port &&
			net_addr_equal(&names->servers[i].addr, &server->addr))
			return true;
	return false;
}

void servers_init(struct names *names)
{
	const struct dns_servers *list = &names->terminal->dns;

	for (size_t i = 0; i < list->count && names->server_count < NAMES_SERVERS_MAX; i++) {
		if (!can_ask(&list->items[i]) || known_server(names, &list->items[i]))
			continue;
		struct server *server = &names->servers[names->server_count++];
		server->addr = list->items[i].addr;
		server->port = list->items[i].port;
		queue_init(server, names);
		channel_init(&server->udp, names, server, false);
		channel_init(&server->tcp, names, server, true);
	}
}

void servers_release(struct names *names)
{
	for (size_t i = 0; i < names->server_count; i++) {
		loop_timer_stop(names->loop, &names->servers[i].turn);
		channel_release(&names->servers[i].udp);
		channel_release(&names->servers[i].tcp);
	}
	if (names->library)
		ares_library_cleanup();
}
