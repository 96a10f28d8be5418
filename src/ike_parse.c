/*
 * Reading what comes back: a datagram is an answer only when it is a well-formed IKE message that
 * carries our SPI, says that it is a response (IKEv2) or comes from a responder that chose a cookie
 * or sends a notify (IKEv1), and its payloads end where its length says. Our own packet sent back
 * to us is none.
 */
#include "ike.h"

#include <stdio.h>
#include <string.h>

/* A message being read; `at` never passes `len`. */
struct reader {
	const uint8_t *bytes;
	size_t len, at;
	unsigned next; /* type of the next payload, 0: none */
};

struct payload {
	unsigned type;
	const uint8_t *body;
	size_t len;
};

static unsigned get16(const uint8_t *bytes)
{
	return (unsigned)bytes[0] << 8 | bytes[1];
}

static uint32_t get32(const uint8_t *bytes)
{
	return (uint32_t)get16(bytes) << 16 | get16(bytes + 2);
}

/* The next payload; false at the end, and with *bad set when the chain is malformed. */
static bool next_payload(struct reader *r, struct payload *out, bool *bad)
{
	size_t left = r->len - r->at;

	if (r->next == 0) {
		*bad = left != 0;
		return false;
	}
	*bad = true;
	if (left < 4)
		return false;
	const uint8_t *head = r->bytes + r->at;
	size_t size = get16(head + 2);
	if (size < 4 || size > left)
		return false;
	*out = (struct payload){.type = r->next, .body = head + 4, .len = size - 4};
	r->next = head[0];
	r->at += size;
	*bad = false;
	return true;
}

/* ---- vendors ---- */

struct vendor {
	const char *name;
	const char *prefix;
	size_t len;
};

#define VENDOR(label, bytes)                                                                       \
	{                                                                                          \
		.name = (label), .prefix = (bytes), .len = sizeof(bytes) - 1                       \
	}

/* From the vendors' own sources as strongSwan (ike_vendor.c) and libreswan (vendorid.c) list them.
 */
static const struct vendor vendors[] = {
	VENDOR("Cisco", "CISCO-DELETE-REASON"),
	VENDOR("Cisco", "CISCO(COPYRIGHT)&Copyright (c) 2009 Cisco Systems, Inc."),
	VENDOR("Cisco", "FLEXVPN-SUPPORTED"),
	VENDOR("Microsoft", "\x1e\x2b\x51\x69\x05\x99\x1c\x7d\x7c\x96\xfc\xbf\xb5\x87\xe4\x61"),
	VENDOR("Fortinet FortiGate",
		"\x1d\x6e\x17\x8f\x6c\x2c\x0b\xe2\x84\x98\x54\x65\x45\x0f\xe9\xd4"),
	VENDOR("Juniper SRX", "\xfd\x88\x08\x04\xdf\x73\xb1\x51\x50\x70\x9d\x87\x80\x44\xcd\xe0"
			      "\xac\x1e\xfc\xde"),
	VENDOR("strongSwan", "\x88\x2f\xe5\x6d\x6f\xd2\x0d\xbc\x22\x51\x61\x3b\x2e\xbe\x5b\xeb"),
	VENDOR("libreswan", "OE-Libreswan-"),
};

static void read_vendor(const struct payload *p, struct ike_reply *reply)
{
	for (size_t i = 0; reply->vendor == NULL && i < sizeof vendors / sizeof vendors[0]; i++)
		if (p->len >= vendors[i].len &&
			memcmp(p->body, vendors[i].prefix, vendors[i].len) == 0)
			reply->vendor = vendors[i].name;
}

/* ---- IKEv2 ---- */

/* What an IKEv2 message contained. */
struct seen {
	bool sa, ke, nonce, cookie, redirect, malformed;
	bool source, source_match, destination, destination_match;
};

static bool hash_matches(const struct ike_request *request, const uint8_t *spi_r,
	const struct net_addr *addr, uint16_t port, const uint8_t *hash, size_t len)
{
	uint8_t ours[IKE_NATD_SIZE];

	return len == sizeof ours && ike_natd_hash(request->spi, spi_r, addr, port, ours) &&
	       memcmp(ours, hash, sizeof ours) == 0;
}

/* RFC 5685 section 6: type of the identity (1 and 2 addresses, 3 a name), length, identity. */
static void read_redirect(const uint8_t *data, size_t len, struct ike_reply *reply)
{
	struct net_addr addr = {0};

	if (len < 2 || len - 2 < data[1])
		return;
	size_t size = data[1];
	const uint8_t *identity = data + 2;
	if ((data[0] == 1 && size == 4) || (data[0] == 2 && size == 16)) {
		char text[NET_ADDR_STRLEN];
		addr.family = data[0] == 1 ? 4 : 6;
		memcpy(addr.bytes, identity, size);
		snprintf(reply->redirect, sizeof reply->redirect, "%s",
			net_addr_format(&addr, text));
	} else if (data[0] == 3 && size < sizeof reply->redirect &&
		   memchr(identity, 0, size) == NULL) {
		memcpy(reply->redirect, identity, size);
		reply->redirect[size] = '\0';
	}
}

static void read_status(const struct ike_request *request, const uint8_t *spi_r, int type,
	const uint8_t *data, size_t len, struct seen *seen, struct ike_reply *reply)
{
	switch (type) {
	case IKE_N_COOKIE:
		seen->cookie = true;
		break;
	case IKE_N_REDIRECT:
		seen->redirect = true;
		read_redirect(data, len, reply);
		break;
	case IKE_N_FRAGMENTATION_SUPPORTED:
		reply->fragmentation = true;
		break;
	case IKE_N_NAT_DETECTION_SOURCE_IP:
		seen->source = true;
		seen->source_match |= hash_matches(
			request, spi_r, &request->remote, request->remote_port, data, len);
		break;
	case IKE_N_NAT_DETECTION_DESTINATION_IP:
		seen->destination = true;
		seen->destination_match |= hash_matches(
			request, spi_r, &request->local, request->local_port, data, len);
		break;
	}
}

static void read_notify(const struct ike_request *request, const uint8_t *spi_r,
	const struct payload *p, struct seen *seen, struct ike_reply *reply)
{
	if (p->len < 4 || p->len - 4 < p->body[1]) {
		seen->malformed = true;
		return;
	}
	int type = (int)get16(p->body + 2);
	const uint8_t *data = p->body + 4 + p->body[1];
	size_t len = p->len - 4 - p->body[1];

	if (type >= IKE_N_STATUS) {
		read_status(request, spi_r, type, data, len, seen, reply);
		return;
	}
	if (reply->notify == 0)
		reply->notify = type;
	if (type == IKE_N_INVALID_KE_PAYLOAD && len == 2)
		reply->wanted_group = (int)get16(data);
}

static enum ike_answer answer_of_notify(int type)
{
	switch (type) {
	case IKE_N_INVALID_KE_PAYLOAD:
		return IKE_INVALID_KE;
	case IKE_N_NO_PROPOSAL_CHOSEN:
		return IKE_NO_PROPOSAL;
	case IKE_N_INVALID_MAJOR_VERSION:
		return IKE_INVALID_MAJOR;
	case IKE_N_INVALID_SYNTAX:
		return IKE_INVALID_SYNTAX;
	}
	return IKE_OTHER_NOTIFY;
}

static enum ike_nat nat_of(bool told, bool match)
{
	return !told ? IKE_NAT_UNKNOWN : match ? IKE_NAT_NONE : IKE_NAT_PRESENT;
}

static void read_v2(const struct ike_request *request, struct reader *r, struct ike_reply *reply)
{
	const uint8_t *spi_r = r->bytes + 8;
	unsigned exchange = r->bytes[18], flags = r->bytes[19];
	struct seen seen = {0};
	struct payload p;

	if ((flags & IKE_FLAG_RESPONSE) == 0 ||
		(exchange != IKE_EXCHANGE_SA_INIT && exchange != IKE_EXCHANGE_INFORMATIONAL))
		return;
	while (next_payload(r, &p, &seen.malformed)) {
		seen.sa |= p.type == IKE_PAYLOAD_SA;
		seen.ke |= p.type == IKE_PAYLOAD_KE;
		seen.nonce |= p.type == IKE_PAYLOAD_NONCE;
		if (p.type == IKE_PAYLOAD_VENDOR)
			read_vendor(&p, reply);
		if (p.type == IKE_PAYLOAD_NOTIFY)
			read_notify(request, spi_r, &p, &seen, reply);
		if (seen.malformed)
			return;
	}
	if (seen.malformed)
		return;
	if (reply->notify != 0)
		reply->answer = answer_of_notify(reply->notify);
	else if (exchange == IKE_EXCHANGE_SA_INIT && seen.cookie)
		reply->answer = IKE_COOKIE;
	else if (exchange == IKE_EXCHANGE_SA_INIT && seen.redirect)
		reply->answer = IKE_REDIRECT;
	else if (exchange == IKE_EXCHANGE_SA_INIT && seen.sa && seen.ke && seen.nonce)
		reply->answer = IKE_SA_INIT;
	reply->nat_local = nat_of(seen.destination, seen.destination_match);
	reply->nat_remote = nat_of(seen.source, seen.source_match);
}

/* ---- IKEv1 ---- */

/* RFC 2408 section 3.14: DOI, protocol, SPI size, type, SPI, data. */
static bool read_v1_notify(const struct payload *p, struct ike_reply *reply)
{
	if (p->len < 8 || p->len - 8 < p->body[5])
		return false;
	reply->notify = (int)get16(p->body + 6);
	return true;
}

static void read_v1(const struct ike_request *request, struct reader *r, struct ike_reply *reply)
{
	static const uint8_t no_cookie[8];
	unsigned exchange = r->bytes[18], flags = r->bytes[19];
	bool chosen = memcmp(r->bytes + 8, no_cookie, 8) != 0;
	bool bad, sa = false, notify = false;
	struct payload p;

	if ((flags & IKE_V1_FLAG_ENCRYPTED) != 0)
		return;
	while (next_payload(r, &p, &bad)) {
		sa |= p.type == IKE_V1_PAYLOAD_SA;
		if (p.type == IKE_V1_PAYLOAD_VENDOR)
			read_vendor(&p, reply);
		if (p.type == IKE_V1_PAYLOAD_NOTIFY && !notify) {
			if (!read_v1_notify(&p, reply))
				return;
			notify = true;
		}
	}
	if (bad)
		return;
	if (exchange == IKE_V1_EXCHANGE_INFORMATIONAL && notify)
		reply->answer = IKE_V1_NOTIFY;
	else if (exchange == IKE_V1_EXCHANGE_MAIN && sa && chosen &&
		 request->question == IKE_ASK_V1_MAIN)
		reply->answer = IKE_V1_MAIN;
}

/* ---- both ---- */

void ike_parse(const struct ike_request *request, const uint8_t *bytes, size_t len,
	struct ike_reply *reply)
{
	static const uint8_t marker[IKE_MARKER_SIZE];
	struct reader r = {0};

	*reply = (struct ike_reply){.answer = IKE_NOT_IKE};
	if (request->marker) {
		if (len < sizeof marker || memcmp(bytes, marker, sizeof marker) != 0)
			return;
		bytes += sizeof marker;
		len -= sizeof marker;
	}
	if (len < IKE_HEADER_SIZE || memcmp(bytes, request->spi, 8) != 0 ||
		get32(bytes + 24) != len)
		return;
	r = (struct reader){.bytes = bytes, .len = len, .at = IKE_HEADER_SIZE, .next = bytes[16]};
	switch (bytes[17] >> 4) {
	case 1:
		read_v1(request, &r, reply);
		break;
	case 2:
		read_v2(request, &r, reply);
		break;
	}
	if (reply->answer == IKE_NOT_IKE)
		*reply = (struct ike_reply){.answer = IKE_NOT_IKE};
	else
		reply->version_major = bytes[17] >> 4;
}

bool ike_is_response(const uint8_t *bytes, size_t len, bool marker)
{
	size_t skip = marker ? IKE_MARKER_SIZE : 0;

	if (len < skip + IKE_HEADER_SIZE || get32(bytes + skip + 24) != len - skip)
		return false;
	const uint8_t *header = bytes + skip;
	unsigned version = header[17] >> 4;
	return (version == 2 && (header[19] & IKE_FLAG_RESPONSE) != 0) ||
	       (version == 1 && get32(header + 8) != 0);
}
