/*
 * A ClientHello without session and without cookie, as any DTLS server that keeps no state before
 * the cookie would answer with HelloVerifyRequest (RFC 6347 section 4.2.1), and the first record of
 * what comes back.
 */
#include "dtls.h"

#include <stdbool.h>
#include <string.h>

enum {
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	HANDSHAKE_CLIENT_HELLO = 1,
	HANDSHAKE_SERVER_HELLO = 2,
	HANDSHAKE_HELLO_VERIFY = 3,
	RECORD_HEADER = 13,
	HANDSHAKE_HEADER = 12
};

#define VERSION_1_0     0xfeff
#define VERSION_1_2     0xfefd
#define VERSION_PRE_1_0 0x0100 /* of OpenSSL 0.9.8f and before, which AnyConnect gateways kept */

/* What follows session id and cookie: cipher suites, compression, extensions. */
static const uint8_t offer[] = {
	/* cipher suites */
	0x00, 0x20, 0xc0, 0x2c, 0xc0, 0x2b, 0xcc, 0xa9, 0xcc, 0xa8, /* ECDHE, AEAD */
	0xc0, 0x30, 0xc0, 0x2f, 0x00, 0x9f, 0x00, 0x9e,             /* ECDHE and DHE, GCM */
	0xc0, 0x28, 0xc0, 0x27, 0xc0, 0x14, 0xc0, 0x13,             /* ECDHE, CBC */
	0x00, 0x9d, 0x00, 0x35, 0x00, 0x2f,                         /* RSA */
	0x00, 0xff,                                                 /* RFC 5746 */
	/* compression: none */
	0x01, 0x00,
	/* extensions */
	0x00, 0x28,
	/* supported groups: X25519, P-256, P-384 */
	0x00, 0x0a, 0x00, 0x08, 0x00, 0x06, 0x00, 0x1d, 0x00, 0x17, 0x00, 0x18,
	/* point formats: uncompressed */
	0x00, 0x0b, 0x00, 0x02, 0x01, 0x00,
	/* signature algorithms: RSA-PSS, ECDSA and RSA with SHA-256, RSA with SHA-384, SHA-1 */
	0x00, 0x0d, 0x00, 0x0e, 0x00, 0x0c, 0x08, 0x04, 0x04, 0x03, 0x05, 0x03, 0x04, 0x01, 0x05,
	0x01, 0x02, 0x01,
	/* extended master secret */
	0x00, 0x17, 0x00, 0x00};

#define BODY_SIZE (2 + 32 + 1 + 1 + sizeof offer)

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)(value & 0xff);
}

static size_t get16(const uint8_t *at)
{
	return (size_t)at[0] << 8 | at[1];
}

static size_t get24(const uint8_t *at)
{
	return (size_t)at[0] << 16 | get16(at + 1);
}

const char *dtls_answer_name(enum dtls_answer answer)
{
	switch (answer) {
	case DTLS_NOT_DTLS:
		return "not-dtls";
	case DTLS_HELLO_VERIFY:
		return "hello-verify-request";
	case DTLS_SERVER_HELLO:
		return "server-hello";
	case DTLS_ALERT:
		return "alert";
	}
	return "?";
}

/* Epoch and sequence numbers, offsets and message number are zero: it is the first flight. */
size_t dtls_build(const uint8_t random[32], uint8_t *buf, size_t size)
{
	const size_t total = RECORD_HEADER + HANDSHAKE_HEADER + BODY_SIZE;
	uint8_t *handshake = buf + RECORD_HEADER;
	uint8_t *body = handshake + HANDSHAKE_HEADER;

	if (size < total)
		return 0;
	memset(buf, 0, total);
	buf[0] = RECORD_HANDSHAKE;
	put16(buf + 1, VERSION_1_0);
	put16(buf + 11, HANDSHAKE_HEADER + BODY_SIZE);
	handshake[0] = HANDSHAKE_CLIENT_HELLO;
	put16(handshake + 2, BODY_SIZE);
	put16(handshake + 10, BODY_SIZE);
	put16(body, VERSION_1_2);
	memcpy(body + 2, random, 32);
	memcpy(body + 2 + 32 + 2, offer, sizeof offer);
	return total;
}

static bool version_known(size_t version)
{
	return version == VERSION_1_0 || version == VERSION_1_2 || version == VERSION_PRE_1_0;
}

/* A handshake message that begins in this record; only its start needs to be here. */
static enum dtls_answer parse_handshake(const uint8_t *bytes, size_t len)
{
	if (len < HANDSHAKE_HEADER || get24(bytes + 6) != 0)
		return DTLS_NOT_DTLS;
	size_t whole = get24(bytes + 1), part = get24(bytes + 9);
	const uint8_t *body = bytes + HANDSHAKE_HEADER;

	if (part > len - HANDSHAKE_HEADER || part > whole || part < 3 ||
		!version_known(get16(body)))
		return DTLS_NOT_DTLS;
	if (bytes[0] == HANDSHAKE_HELLO_VERIFY && part == whole && body[2] == part - 3)
		return DTLS_HELLO_VERIFY;
	if (bytes[0] == HANDSHAKE_SERVER_HELLO && whole >= 2 + 32 + 1 + 2 + 1)
		return DTLS_SERVER_HELLO;
	return DTLS_NOT_DTLS;
}

enum dtls_answer dtls_parse(const uint8_t *bytes, size_t len, int *alert)
{
	*alert = -1;
	if (len < RECORD_HEADER || !version_known(get16(bytes + 1)) || get16(bytes + 3) != 0)
		return DTLS_NOT_DTLS;
	size_t size = get16(bytes + 11);
	const uint8_t *content = bytes + RECORD_HEADER;

	if (size > len - RECORD_HEADER)
		return DTLS_NOT_DTLS;
	if (bytes[0] == RECORD_HANDSHAKE)
		return parse_handshake(content, size);
	if (bytes[0] != RECORD_ALERT || size != 2 || content[0] < 1 || content[0] > 2)
		return DTLS_NOT_DTLS;
	*alert = content[1];
	return DTLS_ALERT;
}
