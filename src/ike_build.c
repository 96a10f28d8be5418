/* IKE requests; the reasons for each question are in ike.h. */
#include "ike.h"

#include <string.h>

#include <openssl/evp.h>

#include "ike_writer.h"

#define NONCE_SIZE 32

/* ---- proposals ---- */

enum { ENCR = 1, PRF = 2, INTEG = 3, GROUP = 4 };

/* RFC 7296 section 3.3.2 and IANA's "IKEv2 Parameters". */
struct transform {
	uint8_t type;
	uint8_t id;
	uint16_t key_bits; /* 0: none */
};

static const struct transform wide_cbc[] = {
	{ENCR, 12, 256}, /* AES-CBC */
	{ENCR, 12, 192}, /* AES-CBC */
	{ENCR, 12, 128}, /* AES-CBC */
	{INTEG, 12, 0},  /* HMAC-SHA2-256-128 */
	{INTEG, 13, 0},  /* HMAC-SHA2-384-192 */
	{INTEG, 14, 0},  /* HMAC-SHA2-512-256 */
	{INTEG, 2, 0},   /* HMAC-SHA1-96 */
};

static const struct transform wide_gcm[] = {
	{ENCR, 20, 256}, /* AES-GCM, 16 octets of ICV */
	{ENCR, 20, 128}, /* AES-GCM, 16 octets of ICV */
};

static const struct transform wide_prf[] = {
	{PRF, 5, 0}, /* HMAC-SHA2-256 */
	{PRF, 6, 0}, /* HMAC-SHA2-384 */
	{PRF, 7, 0}, /* HMAC-SHA2-512 */
	{PRF, 2, 0}, /* HMAC-SHA1 */
};

static const uint8_t wide_groups[] = {19, 31, 20, 21, 14, 15, 16, 5, 2};
static const uint8_t large_groups[] = {18, 17, 16};

/* No gateway takes these, so a group that is offered with them only is never chosen. */
static const struct transform odd[] = {
	{ENCR, 3, 0},  /* 3DES */
	{INTEG, 1, 0}, /* HMAC-MD5-96 */
	{PRF, 1, 0},   /* HMAC-MD5 */
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A proposal whose transforms are added one by one. */
struct proposal {
	size_t start;
	size_t last; /* where the last transform's "more follow" mark is */
	uint8_t count;
};

static struct proposal proposal_begin(struct writer *w, uint8_t number, bool more)
{
	struct proposal p = {.start = w->len};

	writer_8(w, more ? 2 : 0);
	writer_8(w, 0);
	writer_16(w, 0);
	writer_8(w, number);
	writer_8(w, 1); /* protocol: IKE */
	writer_8(w, 0); /* no SPI */
	writer_8(w, 0); /* transforms, filled in at the end */
	return p;
}

static void proposal_add(struct writer *w, struct proposal *p, const struct transform *t)
{
	size_t start = w->len;

	p->last = start;
	p->count++;
	writer_8(w, 3); /* more follow */
	writer_8(w, 0);
	writer_16(w, 0);
	writer_8(w, t->type);
	writer_8(w, 0);
	writer_16(w, t->id);
	if (t->key_bits != 0) {
		writer_16(w, 0x800e); /* key length, as type and value */
		writer_16(w, t->key_bits);
	}
	writer_length(w, start + 2, start);
}

static void proposal_add_all(
	struct writer *w, struct proposal *p, const struct transform *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		proposal_add(w, p, &list[i]);
}

static void proposal_end(struct writer *w, const struct proposal *p)
{
	if (w->full)
		return;
	w->buf[p->last] = 0;
	w->buf[p->start + 7] = p->count;
	writer_length(w, p->start + 2, p->start);
}

bool ike_group_large(int group)
{
	for (size_t i = 0; i < COUNT(large_groups); i++)
		if (large_groups[i] == group)
			return true;
	return false;
}

static void proposal_add_group(struct writer *w, struct proposal *p, int group)
{
	struct transform t = {GROUP, (uint8_t)group, 0};

	proposal_add(w, p, &t);
}

/* The group of the key exchange first, as an initiator that prefers it would. */
static void proposal_add_groups(struct writer *w, struct proposal *p, int first)
{
	proposal_add_group(w, p, first);
	for (size_t i = 0; i < COUNT(wide_groups); i++)
		if (wide_groups[i] != first)
			proposal_add_group(w, p, wide_groups[i]);
}

static void put_wide_sa(struct writer *w, int group)
{
	size_t start = payload_begin(w, IKE_PAYLOAD_SA);
	struct proposal p = proposal_begin(w, 1, true);

	proposal_add_all(w, &p, wide_cbc, COUNT(wide_cbc));
	proposal_add_all(w, &p, wide_prf, COUNT(wide_prf));
	proposal_add_groups(w, &p, group);
	proposal_end(w, &p);
	p = proposal_begin(w, 2, false);
	proposal_add_all(w, &p, wide_gcm, COUNT(wide_gcm));
	proposal_add_all(w, &p, wide_prf, COUNT(wide_prf));
	proposal_add_groups(w, &p, group);
	proposal_end(w, &p);
	payload_end(w, start);
}

static void put_group(struct writer *w, uint8_t number, int group, bool more)
{
	struct proposal p = proposal_begin(w, number, true);

	proposal_add_all(w, &p, wide_cbc, COUNT(wide_cbc));
	proposal_add_all(w, &p, wide_prf, COUNT(wide_prf));
	proposal_add_group(w, &p, group);
	proposal_end(w, &p);
	p = proposal_begin(w, (uint8_t)(number + 1), more);
	proposal_add_all(w, &p, wide_gcm, COUNT(wide_gcm));
	proposal_add_all(w, &p, wide_prf, COUNT(wide_prf));
	proposal_add_group(w, &p, group);
	proposal_end(w, &p);
}

/*
 * A proposal of its own for each group: of several in one, gateways choose what they like best and
 * not the largest. The key exchange has to be of a group that is offered (RFC 7296 section 3.4).
 */
static void put_large_offer(struct writer *w, int group)
{
	size_t start = payload_begin(w, IKE_PAYLOAD_SA);
	uint8_t number = 1;

	for (size_t i = 0; i < COUNT(large_groups); i++, number += 2)
		put_group(w, number, large_groups[i], true);
	struct proposal p = proposal_begin(w, number, false);
	proposal_add_all(w, &p, odd, COUNT(odd));
	proposal_add_group(w, &p, group);
	proposal_end(w, &p);
	payload_end(w, start);
}

static void put_sa(struct writer *w, const struct ike_request *request)
{
	if (request->question != IKE_ASK_LARGE) {
		put_wide_sa(w, request->group);
	} else if (ike_group_large(request->group)) {
		size_t start = payload_begin(w, IKE_PAYLOAD_SA);
		put_group(w, 1, request->group, false);
		payload_end(w, start);
	} else {
		put_large_offer(w, request->group);
	}
}

/* ---- key exchange ---- */

static void put_ke(struct writer *w, int id)
{
	const struct ike_group *group = ike_group_find(id);

	if (group == NULL) {
		w->full = true;
		return;
	}
	size_t start = payload_begin(w, IKE_PAYLOAD_KE);
	writer_16(w, (unsigned)id);
	writer_16(w, 0);
	size_t value = w->len;
	if (group->base != NULL)
		writer_bytes(w, group->base, group->size);
	else
		writer_random(w, group->size);
	if (group->base == NULL && !w->full)
		w->buf[value] &= 0x7f; /* stays below every MODP modulus */
	payload_end(w, start);
}

static void put_nonce(struct writer *w)
{
	size_t start = payload_begin(w, IKE_PAYLOAD_NONCE);

	writer_random(w, NONCE_SIZE);
	payload_end(w, start);
}

/* ---- notifies ---- */

static void put_notify(struct writer *w, unsigned type, const void *data, size_t len)
{
	size_t start = payload_begin(w, IKE_PAYLOAD_NOTIFY);

	writer_16(w, 0); /* no protocol, no SPI */
	writer_16(w, type);
	writer_bytes(w, data, len);
	payload_end(w, start);
}

bool ike_natd_hash(const uint8_t *spi_i, const uint8_t *spi_r, const struct net_addr *addr,
	uint16_t port, uint8_t hash[IKE_NATD_SIZE])
{
	uint8_t input[8 + 8 + 16 + 2];
	size_t addr_len = addr->family == 6 ? 16 : 4;
	size_t len = 0;

	if (addr->family != 4 && addr->family != 6)
		return false;
	memcpy(input, spi_i, 8);
	memcpy(input + 8, spi_r, 8);
	len = 16;
	memcpy(input + len, addr->bytes, addr_len);
	len += addr_len;
	input[len++] = (uint8_t)(port >> 8);
	input[len++] = (uint8_t)(port & 0xff);
	return EVP_Digest(input, len, hash, NULL, EVP_sha1(), NULL) == 1;
}

static void put_natd(struct writer *w, const struct ike_request *request)
{
	static const uint8_t no_spi[8];
	uint8_t hash[IKE_NATD_SIZE];

	if (ike_natd_hash(request->spi, no_spi, &request->local, request->local_port, hash))
		put_notify(w, IKE_N_NAT_DETECTION_SOURCE_IP, hash, sizeof hash);
	if (ike_natd_hash(request->spi, no_spi, &request->remote, request->remote_port, hash))
		put_notify(w, IKE_N_NAT_DETECTION_DESTINATION_IP, hash, sizeof hash);
}

/* ---- messages ---- */

static void put_header(struct writer *w, const struct ike_request *request)
{
	static const uint8_t no_spi[8];
	bool v1 = request->question == IKE_ASK_V1_MAIN;
	unsigned version = v1 ? 0x10 : request->question == IKE_ASK_VERSION ? 0x30 : 0x20;

	writer_bytes(w, request->spi, 8);
	writer_bytes(w, no_spi, 8);
	w->next_at = w->len;
	writer_8(w, 0);
	writer_8(w, version);
	writer_8(w, v1 ? IKE_V1_EXCHANGE_MAIN : IKE_EXCHANGE_SA_INIT);
	writer_8(w, v1 ? 0 : IKE_FLAG_INITIATOR);
	writer_32(w, 0); /* message id */
	writer_32(w, 0); /* length, filled in at the end */
}

static void put_proposal(struct writer *w, const struct ike_request *request)
{
	static const uint8_t hashes[] = {0, 2, 0, 3, 0, 4}; /* SHA2-256, -384, -512 */

	put_sa(w, request);
	put_ke(w, request->group);
	put_nonce(w);
	put_natd(w, request);
	put_notify(w, IKE_N_FRAGMENTATION_SUPPORTED, "", 0);
	put_notify(w, IKE_N_SIGNATURE_HASH_ALGORITHMS, hashes, sizeof hashes);
	put_notify(w, IKE_N_REDIRECT_SUPPORTED, "", 0);
}

static void put_payloads(struct writer *w, const struct ike_request *request)
{
	switch (request->question) {
	case IKE_ASK_VERSION:
	case IKE_ASK_PROPOSAL:
	case IKE_ASK_LARGE:
		put_proposal(w, request);
		break;
	case IKE_ASK_V1_MAIN:
		writer_v1_main(w);
		break;
	}
}

size_t ike_build(const struct ike_request *request, uint8_t *buf, size_t size)
{
	struct writer w = {.buf = buf, .size = size};
	bool v1 = request->question == IKE_ASK_V1_MAIN;

	if (request->marker)
		writer_32(&w, 0);
	size_t start = w.len;
	put_header(&w, request);
	put_payloads(&w, request);
	if (request->pad_to > w.len + PAYLOAD_HEADER)
		writer_vendor(&w, v1 ? IKE_V1_PAYLOAD_VENDOR : IKE_PAYLOAD_VENDOR, NULL,
			request->pad_to - w.len - PAYLOAD_HEADER);
	if (w.full)
		return 0;
	writer_length(&w, start + 26, start); /* of 32 bits the lower half */
	return w.len;
}
