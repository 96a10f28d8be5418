/*
 * Answers of twelve bytes: some servers refuse with a header that does not repeat the question
 * (unbound's "access-control: refuse", unbound.conf(5)). c-ares compares the question and takes
 * such an answer for none. It is given the question that belongs to the answer's id; that the
 * answer comes from the server is certain, since the socket is connected.
 */
#include "names_private.h"

#include <string.h>

#define HEADER    12
#define LABEL_MAX 63
#define CLASS_IN  1

enum { RCODE_FORMERR = 1, RCODE_SERVFAIL = 2, RCODE_NOTIMP = 4, RCODE_REFUSED = 5 };

static uint16_t packet_id(const uint8_t *packet)
{
	return (uint16_t)(packet[0] << 8 | packet[1]);
}

/* Called for every packet; a repeated one has the id of the first. */
static void on_sent(void *arg, const uint8_t *packet, size_t len)
{
	struct channel *ch = arg;

	if (ch->sending == NULL || len < HEADER)
		return;
	ch->sending->id = packet_id(packet);
	ch->sending->has_id = true;
}

/* This terminal's own firewall: nothing left. */
static void on_failed(void *arg, enum net_error error)
{
	struct channel *ch = arg;

	ch->server->denied = ch->server->denied || error == NET_LOCAL_DENIED;
}

/* RFC 1035 section 4.1.1: QR set, OPCODE 0, QDCOUNT 0, an error that is not about the name. */
static bool is_bare_error(const uint8_t *packet, size_t len)
{
	int rcode = packet[3] & 0x0f;

	if (len != HEADER || (packet[2] & 0xf8) != 0x80 || packet[4] != 0 || packet[5] != 0)
		return false;
	return rcode == RCODE_FORMERR || rcode == RCODE_SERVFAIL || rcode == RCODE_NOTIMP ||
	       rcode == RCODE_REFUSED;
}

static struct question *find_question(const struct server *server, uint16_t id)
{
	for (struct question *q = server->sent; q != NULL; q = q->next)
		if (q->state == QUESTION_ASKED && q->has_id && q->id == id)
			return q;
	return NULL;
}

/* QNAME, QTYPE, QCLASS; 0 when it does not fit. */
static size_t put_question(const struct question *q, uint8_t *out, size_t size)
{
	const char *text = q->text;
	size_t at = 0;

	while (*text != '\0') {
		size_t label = strcspn(text, ".");
		if (label == 0 || label > LABEL_MAX || at + label + 6 > size)
			return 0;
		out[at++] = (uint8_t)label;
		memcpy(out + at, text, label);
		at += label;
		text += label + (text[label] == '.');
	}
	if (at + 5 > size)
		return 0;
	out[at++] = 0;
	out[at++] = (uint8_t)(q->reply->type >> 8);
	out[at++] = (uint8_t)q->reply->type;
	out[at++] = 0;
	out[at++] = CLASS_IN;
	return at;
}

static size_t on_received(void *arg, uint8_t *packet, size_t len, size_t size)
{
	struct channel *ch = arg;
	struct question *q;

	if (len < HEADER)
		return len;
	q = find_question(ch->server, packet_id(packet));
	if (q != NULL && (packet[2] & 0x80) != 0)
		q->spoiled = true; /* unless c-ares ends it now */
	if (!is_bare_error(packet, len))
		return len;
	size_t more = q != NULL ? put_question(q, packet + HEADER, size - HEADER) : 0;
	if (more == 0)
		return len;
	memset(packet + 4, 0, HEADER - 4);
	packet[5] = 1; /* QDCOUNT */
	return HEADER + more;
}

void channel_watch(struct channel *ch)
{
	ch->watch = (struct dns_watch){.sent = on_sent,
		.failed = on_failed,
		.received = on_received,
		.arg = ch,
		.scope = ch->server->addr.scope};
	platform_dns_watch(ch->ares, &ch->watch);
}
