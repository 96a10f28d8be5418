/*
 * The first flight of DTLS (RFC 6347): a cookie-less ClientHello and what may come back.
 */
#ifndef PREFLIGHT_DTLS_H
#define PREFLIGHT_DTLS_H

#include <stddef.h>
#include <stdint.h>

enum dtls_answer {
	DTLS_NOT_DTLS,
	DTLS_HELLO_VERIFY, /* HelloVerifyRequest */
	DTLS_SERVER_HELLO,
	DTLS_ALERT
};
const char *dtls_answer_name(enum dtls_answer answer);

/* Builds the ClientHello; random: 32 bytes. Returns its size, 0 when it does not fit. */
size_t dtls_build(const uint8_t random[32], uint8_t *buf, size_t size);
/* Reads an answer; *alert gets the description of an alert, else -1. Never reads beyond len. */
enum dtls_answer dtls_parse(const uint8_t *bytes, size_t len, int *alert);

#endif
