/* IKE messages: what is built, and what counts as an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <stdlib.h>
#include <string.h>

#include "ike.h"
#include "ike_writer.h"

#define SPI    0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88
#define NO_SPI 0, 0, 0, 0, 0, 0, 0, 0

static const uint8_t spi[8] = {SPI};

static struct ike_request request_of(enum ike_question question)
{
	struct ike_request request = {
		.question = question, .group = 19, .local_port = 40000, .remote_port = 500};

	memcpy(request.spi, spi, 8);
	net_addr_parse("192.0.2.1", &request.local);
	net_addr_parse("198.51.100.2", &request.remote);
	return request;
}

static struct ike_reply parse(const struct ike_request *request, const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1); /* so that reading beyond is seen */
	struct ike_reply reply;

	memcpy(copy, bytes, len);
	ike_parse(request, copy, len, &reply);
	free(copy);
	return reply;
}

/* ---- building ---- */

/* Follows the payloads; returns how many there are of `type`, -1 when the chain is broken. */
static int payloads(const uint8_t *bytes, size_t len, unsigned type, const uint8_t **first)
{
	size_t at = IKE_HEADER_SIZE;
	unsigned next = bytes[16];
	int found = 0;

	while (next != 0) {
		if (len - at < 4)
			return -1;
		size_t size = (size_t)bytes[at + 2] << 8 | bytes[at + 3];
		if (size < 4 || size > len - at)
			return -1;
		if (next == type && found++ == 0 && first != NULL)
			*first = bytes + at;
		next = bytes[at];
		at += size;
	}
	return at == len ? found : -1;
}

/* What a guard looks at: the version is 2, nothing old is offered, and no version 3 but on demand.
 */
static void a_client_begins_with_version_2(void **state)
{
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	uint8_t buf[IKE_MAX], odd[IKE_MAX];
	(void)state;

	size_t len = ike_build(&request, buf, sizeof buf);
	assert_true(len > 400 && len < 900);
	assert_int_equal(buf[17], 0x20);
	for (size_t i = IKE_HEADER_SIZE; i + 8 <= len; i++)
		assert_memory_not_equal(buf + i, "\3\0\0\10\1\0\0\3", 8); /* 3DES */
	request.question = IKE_ASK_VERSION;
	assert_int_equal(ike_build(&request, odd, sizeof odd), len);
	assert_int_equal(odd[17], 0x30);
}

static void marker_comes_first_and_is_not_counted(void **state)
{
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	uint8_t buf[IKE_MAX];
	(void)state;

	size_t bare = ike_build(&request, buf, sizeof buf);
	request.marker = true;
	assert_int_equal(ike_build(&request, buf, sizeof buf), bare + 4);
	assert_memory_equal(buf, "\0\0\0\0", 4);
	assert_memory_equal(buf + 4, spi, 8);
	assert_int_equal(buf[4 + 26] << 8 | buf[4 + 27], bare);
}

static const enum ike_question all_questions[] = {
	IKE_ASK_VERSION, IKE_ASK_PROPOSAL, IKE_ASK_V1_MAIN};

static void padding_gives_the_size_that_was_asked_for(void **state)
{
	static const size_t wanted[] = {1000, 1400, 1900, IKE_MAX};
	uint8_t buf[IKE_MAX];
	(void)state;

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < 4; k++) {
			struct ike_request request = request_of(all_questions[i]);
			request.pad_to = wanted[k];
			request.marker = k % 2 == 1;
			assert_int_equal(ike_build(&request, buf, sizeof buf), wanted[k]);
			size_t skip = request.marker ? 4 : 0;
			bool v1 = all_questions[i] == IKE_ASK_V1_MAIN;
			assert_int_equal(
				payloads(buf + skip, wanted[k] - skip,
					v1 ? IKE_V1_PAYLOAD_VENDOR : IKE_PAYLOAD_VENDOR, NULL),
				v1 ? 3 : 1);
		}
}

static void nothing_is_written_beyond_the_buffer(void **state)
{
	uint8_t whole[IKE_MAX];
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct ike_request request = request_of(all_questions[i]);
		size_t len = ike_build(&request, whole, sizeof whole);
		assert_true(len > 0);
		for (size_t size = 0; size < len; size++) {
			uint8_t *buf = malloc(size + 1);
			buf[size] = 0xa5;
			assert_int_equal(ike_build(&request, buf, size), 0);
			assert_int_equal(buf[size], 0xa5);
			free(buf);
		}
	}
}

static void proposal_carries_what_the_answers_need(void **state)
{
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	static const uint8_t hash[] = {/* SHA-1(11..88 00..00 c0000201 9c40) */
		0x97, 0x8c, 0x2d, 0x42, 0xcd, 0x8e, 0x98, 0x9c, 0x4d, 0xb4, 0x6d, 0xa9, 0x54, 0x41,
		0x46, 0xeb, 0x70, 0x6b, 0x3b, 0x6b};
	uint8_t buf[IKE_MAX];
	const uint8_t *notify = NULL;
	(void)state;

	size_t len = ike_build(&request, buf, sizeof buf);
	assert_in_range(len, 400, 1280);
	assert_int_equal(payloads(buf, len, IKE_PAYLOAD_SA, NULL), 1);
	assert_int_equal(payloads(buf, len, IKE_PAYLOAD_NONCE, NULL), 1);
	assert_int_equal(payloads(buf, len, IKE_PAYLOAD_NOTIFY, &notify), 5);
	assert_int_equal(notify[6] << 8 | notify[7], IKE_N_NAT_DETECTION_SOURCE_IP);
	assert_memory_equal(notify + 8, hash, sizeof hash);
	request.local.family = 0;
	len = ike_build(&request, buf, sizeof buf);
	assert_int_equal(payloads(buf, len, IKE_PAYLOAD_NOTIFY, NULL), 4);
}

static void key_exchange_fits_its_group(void **state)
{
	static const struct {
		int group, size, curve;
	} rows[] = {
		{14, 256, 0},
		{15, 384, 0},
		{16, 512, 0},
		{17, 768, 0},
		{18, 1024, 0},
		{19, 64, NID_X9_62_prime256v1},
		{20, 96, NID_secp384r1},
		{21, 132, NID_secp521r1},
		{31, 32, 0},
	};
	uint8_t buf[IKE_MAX], point[1 + 132];
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ike_request request = request_of(IKE_ASK_PROPOSAL);
		const uint8_t *ke = NULL;
		request.group = rows[i].group;
		size_t len = ike_build(&request, buf, sizeof buf);
		assert_int_equal(payloads(buf, len, IKE_PAYLOAD_KE, &ke), 1);
		assert_int_equal(ke[2] << 8 | ke[3], 8 + rows[i].size);
		assert_int_equal(ke[5], rows[i].group);
		assert_int_equal(ike_group_size(rows[i].group), rows[i].size);
		if (rows[i].curve == 0)
			continue;
		EC_GROUP *curve = EC_GROUP_new_by_curve_name(rows[i].curve);
		EC_POINT *on = EC_POINT_new(curve);
		point[0] = 4; /* uncompressed */
		memcpy(point + 1, ke + 8, (size_t)rows[i].size);
		assert_int_equal(
			EC_POINT_oct2point(curve, on, point, 1 + (size_t)rows[i].size, NULL), 1);
		EC_POINT_free(on);
		EC_GROUP_free(curve);
	}
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	request.group = 24;
	assert_int_equal(ike_build(&request, buf, sizeof buf), 0);
	assert_false(ike_group_known(24));
	assert_int_equal(ike_group_size(24), 0);
}

/* How many proposals of an SA offer the group, and whether the last one does. */
static int offers(const uint8_t *sa, uint8_t group, bool *last)
{
	size_t end = (size_t)sa[2] << 8 | sa[3], at = 4;
	int found = 0;

	while (at < end) {
		size_t next = at + ((size_t)sa[at + 2] << 8 | sa[at + 3]);
		*last = false;
		for (size_t t = at + 8; t < next; t += (size_t)sa[t + 2] << 8 | sa[t + 3])
			if (sa[t + 4] == 4 && sa[t + 7] == group)
				*last = true;
		found += *last;
		at = next;
	}
	assert_int_equal(at, end);
	return found;
}

/* No gateway takes the last proposal, whose group the key exchange is of. */
static void large_keys_are_offered_before_they_are_sent(void **state)
{
	struct ike_request request = request_of(IKE_ASK_LARGE);
	uint8_t buf[IKE_MAX];
	const uint8_t *sa = NULL, *ke = NULL;
	bool last;
	(void)state;

	request.group = 31;
	size_t len = ike_build(&request, buf, sizeof buf);
	assert_in_range(len, 400, 1280);
	assert_int_equal(payloads(buf, len, IKE_PAYLOAD_SA, &sa), 1);
	assert_int_equal(payloads(buf, len, IKE_PAYLOAD_KE, &ke), 1);
	assert_int_equal(ke[5], 31);
	for (uint8_t group = 16; group <= 18; group++) {
		assert_true(ike_group_large(group));
		assert_int_equal(offers(sa, group, &last), 2);
	}
	assert_int_equal(offers(sa, 31, &last), 1);
	assert_true(last);
	request.group = 18;
	len = ike_build(&request, buf, sizeof buf);
	assert_in_range(len, 1024, 1500 - 48 - IKE_MARKER_SIZE); /* in one packet */
	assert_int_equal(payloads(buf, len, IKE_PAYLOAD_SA, &sa), 1);
	assert_int_equal(offers(sa, 18, &last), 2);
	assert_int_equal(offers(sa, 17, &last), 0);
	assert_false(ike_group_large(14));
}

/* ---- answers of real gateways ---- */

#define NOTIFY_ANSWER(last)                                                                        \
	SPI, NO_SPI, 0x29, 0x20, 0x22, 0x20, 0, 0, 0, 0, 0, 0, 0, 0x24, 0, 0, 0, 8, 0, 0, 0, last

static const uint8_t no_proposal[] = {NOTIFY_ANSWER(14)};
static const uint8_t invalid_major[] = {NOTIFY_ANSWER(5)};
static const uint8_t invalid_syntax[] = {NOTIFY_ANSWER(7)};
static const uint8_t other_notify[] = {NOTIFY_ANSWER(24)};
static const uint8_t invalid_ke[] = {SPI, NO_SPI, 0x29, 0x20, 0x22, 0x20, 0, 0, 0, 0, 0, 0, 0, 0x26,
	0, 0, 0, 0x0a, 0, 0, 0, 0x11, 0, 0x0e};
static const uint8_t cookie[60] = {SPI, NO_SPI, 0x29, 0x20, 0x22, 0x20, 0, 0, 0, 0, 0, 0, 0, 0x3c,
	0, 0, 0, 0x20, 0, 0, 0x40, 0x06, 1, 2, 3};
static const uint8_t v1_no_proposal[] = {SPI, 9, 9, 9, 9, 9, 9, 9, 9, 11, 0x10, 5, 0, 1, 2, 3, 4, 0,
	0, 0, 0x28, 0, 0, 0, 12, 0, 0, 0, 1, 1, 0, 0, 14};
static const uint8_t v1_main[] = {SPI, 9, 9, 9, 9, 9, 9, 9, 9, 1, 0x10, 2, 0, 0, 0, 0, 0, 0, 0, 0,
	40, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 1};

static void known_answers_are_told_apart(void **state)
{
	static const struct {
		enum ike_question question;
		const uint8_t *bytes;
		size_t len;
		enum ike_answer answer;
		int notify, version;
	} rows[] = {
		{IKE_ASK_PROPOSAL, no_proposal, sizeof no_proposal, IKE_NO_PROPOSAL, 14, 2},
		{IKE_ASK_VERSION, invalid_major, sizeof invalid_major, IKE_INVALID_MAJOR, 5, 2},
		{IKE_ASK_PROPOSAL, invalid_syntax, sizeof invalid_syntax, IKE_INVALID_SYNTAX, 7, 2},
		{IKE_ASK_PROPOSAL, other_notify, sizeof other_notify, IKE_OTHER_NOTIFY, 24, 2},
		{IKE_ASK_PROPOSAL, invalid_ke, sizeof invalid_ke, IKE_INVALID_KE, 17, 2},
		{IKE_ASK_PROPOSAL, cookie, sizeof cookie, IKE_COOKIE, 0, 2},
		{IKE_ASK_V1_MAIN, v1_no_proposal, sizeof v1_no_proposal, IKE_V1_NOTIFY, 14, 1},
		{IKE_ASK_PROPOSAL, v1_no_proposal, sizeof v1_no_proposal, IKE_V1_NOTIFY, 14, 1},
		{IKE_ASK_V1_MAIN, v1_main, sizeof v1_main, IKE_V1_MAIN, 0, 1},
		{IKE_ASK_PROPOSAL, v1_main, sizeof v1_main, IKE_NOT_IKE, 0, 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ike_request request = request_of(rows[i].question);
		struct ike_reply reply = parse(&request, rows[i].bytes, rows[i].len);
		assert_string_equal(ike_answer_name(reply.answer), ike_answer_name(rows[i].answer));
		assert_int_equal(reply.notify, rows[i].notify);
		assert_int_equal(reply.version_major, rows[i].version);
		assert_int_equal(reply.wanted_group, rows[i].answer == IKE_INVALID_KE ? 14 : 0);
	}
	assert_string_equal(ike_notify_name(14), "NO_PROPOSAL_CHOSEN");
	assert_string_equal(ike_v1_notify_name(14), "NO-PROPOSAL-CHOSEN");
	assert_null(ike_notify_name(18));
}

static void a_redirect_tells_where_to(void **state)
{
	static const uint8_t head[] = {SPI, NO_SPI, 0x29, 0x20, 0x22, 0x20, 0, 0, 0, 0, 0, 0, 0};
	static const struct {
		const char *data; /* of N(REDIRECT) */
		size_t len;
		const char *where;
	} rows[] = {
		{"\1\4\300\0\2\7", 6, "192.0.2.7"},
		{"\3\12gw.example", 12, "gw.example"},
		{"\2\20\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1", 18, "2001:db8::1"},
		{"\1\5\300\0\2\7", 6, ""}, /* longer than it is */
		{"\3\3a\0b", 5, ""},
		{"", 0, ""},
	};
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint8_t bytes[64] = {0};
		size_t len = sizeof head + 1 + 8 + rows[i].len;
		memcpy(bytes, head, sizeof head);
		bytes[sizeof head] = (uint8_t)len;
		bytes[sizeof head + 4] = (uint8_t)(8 + rows[i].len);
		bytes[sizeof head + 7] = 0x40;
		bytes[sizeof head + 8] = 0x17;
		memcpy(bytes + sizeof head + 9, rows[i].data, rows[i].len);
		struct ike_reply reply = parse(&request, bytes, len);
		assert_int_equal(reply.answer, IKE_REDIRECT);
		assert_string_equal(reply.redirect, rows[i].where);
	}
}

static void responses_to_others_are_known_as_such(void **state)
{
	uint8_t marked[4 + sizeof no_proposal] = {0};
	(void)state;

	memcpy(marked + 4, no_proposal, sizeof no_proposal);
	assert_true(ike_is_response(no_proposal, sizeof no_proposal, false));
	assert_true(ike_is_response(marked, sizeof marked, true));
	assert_false(ike_is_response(no_proposal, sizeof no_proposal, true));
	assert_false(ike_is_response(no_proposal, sizeof no_proposal - 1, false));
	assert_true(ike_is_response(v1_main, sizeof v1_main, false));
	marked[4 + 19] = IKE_FLAG_INITIATOR;
	assert_false(ike_is_response(marked, sizeof marked, true));
}

static void marker_is_expected_where_it_was_sent(void **state)
{
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	uint8_t marked[4 + sizeof no_proposal] = {0};
	(void)state;

	memcpy(marked + 4, no_proposal, sizeof no_proposal);
	assert_int_equal(parse(&request, marked, sizeof marked).answer, IKE_NOT_IKE);
	request.marker = true;
	assert_int_equal(parse(&request, marked, sizeof marked).answer, IKE_NO_PROPOSAL);
	assert_int_equal(parse(&request, no_proposal, sizeof no_proposal).answer, IKE_NOT_IKE);
}

static void damaged_answers_are_none(void **state)
{
	static const struct {
		const uint8_t *bytes;
		size_t len;
	} rows[] = {{no_proposal, sizeof no_proposal}, {invalid_ke, sizeof invalid_ke},
		{cookie, sizeof cookie}, {v1_no_proposal, sizeof v1_no_proposal},
		{v1_main, sizeof v1_main}};
	uint8_t copy[80];
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct ike_request request = request_of(IKE_ASK_V1_MAIN);
		size_t len = rows[i].len;
		memset(copy, 0, sizeof copy);
		memcpy(copy, rows[i].bytes, len);
		assert_int_not_equal(parse(&request, copy, len).answer, IKE_NOT_IKE);
		for (size_t cut = 0; cut < len; cut++)
			assert_int_equal(parse(&request, copy, cut).answer, IKE_NOT_IKE);
		assert_int_equal(parse(&request, copy, len + 1).answer, IKE_NOT_IKE);
		copy[27]++; /* total length */
		assert_int_equal(parse(&request, copy, len).answer, IKE_NOT_IKE);
		assert_int_equal(parse(&request, copy, len + 1).answer, IKE_NOT_IKE);
		copy[27]--;
		copy[31]++; /* payload length */
		assert_int_equal(parse(&request, copy, len).answer, IKE_NOT_IKE);
		copy[31] = 3;
		assert_int_equal(parse(&request, copy, len).answer, IKE_NOT_IKE);
		copy[31] = rows[i].bytes[31];
		copy[28] = 41; /* a next payload that is not there */
		assert_int_equal(parse(&request, copy, len).answer, IKE_NOT_IKE);
		copy[28] = 0;
		copy[7] ^= 1; /* SPI */
		assert_int_equal(parse(&request, copy, len).answer, IKE_NOT_IKE);
		copy[7] ^= 1;
		copy[17] = 0x40; /* version */
		assert_int_equal(parse(&request, copy, len).answer, IKE_NOT_IKE);
	}
}

/* A payload shorter than its own header, after which the rest would make sense. */
static void payloads_do_not_overlap(void **state)
{
	static const uint8_t overlapping[] = {SPI, NO_SPI, 40, 0x20, 0x22, 0x20, 0, 0, 0, 0, 0, 0,
		0, 43, 41, 0, 0, 3, 0, 0, 8, 0, 0, 0, 14, 0, 0, 0, 4};
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	uint8_t apart[sizeof overlapping + 1];
	(void)state;

	assert_int_equal(parse(&request, overlapping, sizeof overlapping).answer, IKE_NOT_IKE);
	memcpy(apart, overlapping, 31); /* the same, but not overlapping */
	apart[27] = sizeof apart;
	apart[31] = 4;
	memcpy(apart + 32, overlapping + 31, sizeof overlapping - 31);
	assert_int_equal(parse(&request, apart, sizeof apart).answer, IKE_NO_PROPOSAL);
}

static void flags_and_exchange_must_fit(void **state)
{
	struct ike_request request = request_of(IKE_ASK_V1_MAIN);
	uint8_t copy[sizeof no_proposal], v1[sizeof v1_main];
	(void)state;

	memcpy(copy, no_proposal, sizeof copy);
	copy[19] = 0x08; /* no response */
	assert_int_equal(parse(&request, copy, sizeof copy).answer, IKE_NOT_IKE);
	copy[19] = 0x20;
	copy[18] = 35; /* IKE_AUTH */
	assert_int_equal(parse(&request, copy, sizeof copy).answer, IKE_NOT_IKE);
	copy[18] = 37;
	assert_int_equal(parse(&request, copy, sizeof copy).answer, IKE_NO_PROPOSAL);
	copy[29 + 4] = 200; /* an SPI longer than the notify */
	assert_int_equal(parse(&request, copy, sizeof copy).answer, IKE_NOT_IKE);
	memcpy(v1, v1_main, sizeof v1);
	memset(v1 + 8, 0, 8); /* a responder would have chosen a cookie */
	assert_int_equal(parse(&request, v1, sizeof v1).answer, IKE_NOT_IKE);
	memcpy(v1, v1_main, sizeof v1);
	v1[19] = 1; /* encrypted */
	assert_int_equal(parse(&request, v1, sizeof v1).answer, IKE_NOT_IKE);
}

static void our_own_packet_is_no_answer(void **state)
{
	uint8_t buf[IKE_MAX];
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct ike_request request = request_of(all_questions[i]);
		size_t len = ike_build(&request, buf, sizeof buf);
		assert_int_equal(parse(&request, buf, len).answer, IKE_NOT_IKE);
	}
}

/* ---- full answers ---- */

/* The hash of another of the gateway's addresses: one match among several is enough. */
static void other_address(struct writer *w)
{
	size_t start = payload_begin(w, IKE_PAYLOAD_NOTIFY);

	writer_16(w, 0);
	writer_16(w, IKE_N_NAT_DETECTION_SOURCE_IP);
	writer_bytes(w, "01234567890123456789", IKE_NATD_SIZE);
	payload_end(w, start);
}

/* A full answer with the hashes that a gateway at `seen_remote` gives a terminal at `seen_local`.
 */
static size_t full_answer(const struct ike_request *request, const char *seen_local,
	const char *seen_remote, bool other_source, uint8_t *buf, size_t size)
{
	static const uint8_t spi_r[8] = {8, 7, 6, 5, 4, 3, 2, 1};
	struct ike_request answer = *request;
	struct net_addr local, remote;
	uint8_t hash[IKE_NATD_SIZE];
	struct writer w = {.buf = buf, .size = size};

	answer.question = IKE_ASK_PROPOSAL;
	answer.local.family = 0; /* no hashes of the request's kind */
	answer.remote.family = 0;
	w.len = ike_build(&answer, buf, size);
	memcpy(buf + 8, spi_r, 8);
	buf[19] = IKE_FLAG_RESPONSE;
	net_addr_parse(seen_local, &local);
	net_addr_parse(seen_remote, &remote);
	for (size_t at = IKE_HEADER_SIZE; at < w.len;) { /* find the last payload */
		w.next_at = at;
		at += (size_t)buf[at + 2] << 8 | buf[at + 3];
	}
	if (other_source)
		other_address(&w);
	for (int i = 0; i < 2; i++) {
		size_t start = payload_begin(&w, IKE_PAYLOAD_NOTIFY);
		writer_16(&w, 0);
		writer_16(&w, i == 0 ? IKE_N_NAT_DETECTION_SOURCE_IP
				     : IKE_N_NAT_DETECTION_DESTINATION_IP);
		ike_natd_hash(request->spi, spi_r, i == 0 ? &remote : &local,
			i == 0 ? request->remote_port : request->local_port, hash);
		writer_bytes(&w, hash, sizeof hash);
		payload_end(&w, start);
	}
	if (other_source)
		other_address(&w);
	writer_vendor(&w, IKE_PAYLOAD_VENDOR, "OE-Libreswan-4.10", 17);
	writer_length(&w, 26, 0);
	return w.len;
}

static void full_answers_tell_about_translation(void **state)
{
	static const struct {
		const char *local, *remote;
		bool other_source;
		enum ike_nat nat_local, nat_remote;
	} rows[] = {
		{"192.0.2.1", "198.51.100.2", false, IKE_NAT_NONE, IKE_NAT_NONE},
		{"192.0.2.1", "198.51.100.2", true, IKE_NAT_NONE, IKE_NAT_NONE},
		{"203.0.113.9", "198.51.100.2", false, IKE_NAT_PRESENT, IKE_NAT_NONE},
		{"192.0.2.1", "10.0.0.2", false, IKE_NAT_NONE, IKE_NAT_PRESENT},
		{"2001:db8::1", "10.0.0.2", true, IKE_NAT_PRESENT, IKE_NAT_PRESENT},
	};
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	uint8_t buf[IKE_MAX];
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		size_t len = full_answer(&request, rows[i].local, rows[i].remote,
			rows[i].other_source, buf, sizeof buf);
		struct ike_reply reply = parse(&request, buf, len);
		assert_int_equal(reply.answer, IKE_SA_INIT);
		assert_int_equal(reply.nat_local, rows[i].nat_local);
		assert_int_equal(reply.nat_remote, rows[i].nat_remote);
		assert_true(reply.fragmentation);
		assert_string_equal(reply.vendor, "libreswan");
		for (size_t cut = 0; cut < len; cut++)
			assert_int_equal(parse(&request, buf, cut).answer, IKE_NOT_IKE);
	}
}

static void answers_without_hashes_tell_nothing(void **state)
{
	struct ike_request request = request_of(IKE_ASK_PROPOSAL);
	uint8_t buf[IKE_MAX];
	(void)state;

	request.local.family = request.remote.family = 0;
	size_t len = ike_build(&request, buf, sizeof buf);
	buf[19] = IKE_FLAG_RESPONSE;
	struct ike_reply reply = parse(&request, buf, len);
	assert_int_equal(reply.answer, IKE_SA_INIT);
	assert_int_equal(reply.nat_local, IKE_NAT_UNKNOWN);
	assert_int_equal(reply.nat_remote, IKE_NAT_UNKNOWN);
	assert_null(reply.vendor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_begins_with_version_2),
		cmocka_unit_test(marker_comes_first_and_is_not_counted),
		cmocka_unit_test(padding_gives_the_size_that_was_asked_for),
		cmocka_unit_test(nothing_is_written_beyond_the_buffer),
		cmocka_unit_test(proposal_carries_what_the_answers_need),
		cmocka_unit_test(key_exchange_fits_its_group),
		cmocka_unit_test(large_keys_are_offered_before_they_are_sent),
		cmocka_unit_test(known_answers_are_told_apart),
		cmocka_unit_test(a_redirect_tells_where_to),
		cmocka_unit_test(responses_to_others_are_known_as_such),
		cmocka_unit_test(marker_is_expected_where_it_was_sent),
		cmocka_unit_test(damaged_answers_are_none),
		cmocka_unit_test(payloads_do_not_overlap),
		cmocka_unit_test(flags_and_exchange_must_fit),
		cmocka_unit_test(our_own_packet_is_no_answer),
		cmocka_unit_test(full_answers_tell_about_translation),
		cmocka_unit_test(answers_without_hashes_tell_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
