/* DTLS's first flight, against OpenSSL's server side and byte by byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dtls.h"

static const uint8_t zero_random[32];

static enum dtls_answer parse(const uint8_t *bytes, size_t len, int *alert)
{
	uint8_t *copy = malloc(len > 0 ? len : 1); /* so that reading beyond is seen */

	memcpy(copy, bytes, len);
	enum dtls_answer answer = dtls_parse(copy, len, alert);
	free(copy);
	return answer;
}

/* ---- a real server ---- */

static int cookie_make(SSL *ssl, unsigned char *cookie, unsigned int *len)
{
	(void)ssl;
	memcpy(cookie, "cookie", 6);
	*len = 6;
	return 1;
}

static int cookie_check(SSL *ssl, const unsigned char *cookie, unsigned int len)
{
	(void)ssl;
	return len == 6 && memcmp(cookie, "cookie", 6) == 0;
}

static SSL_CTX *server_context(void)
{
	SSL_CTX *ctx = SSL_CTX_new(DTLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();

	X509_gmtime_adj(X509_getm_notBefore(cert), 0);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_sign(cert, key, EVP_sha256());
	assert_int_equal(SSL_CTX_use_certificate(ctx, cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(ctx, key), 1);
	SSL_CTX_set_cookie_generate_cb(ctx, cookie_make);
	SSL_CTX_set_cookie_verify_cb(ctx, cookie_check);
	X509_free(cert);
	EVP_PKEY_free(key);
	return ctx;
}

/* What OpenSSL answers to `hello`: the first datagram. */
static size_t server_answers(
	const uint8_t *hello, size_t len, bool cookie, uint8_t *out, size_t size)
{
	SSL_CTX *ctx = server_context();
	SSL *ssl = SSL_new(ctx);
	BIO *in = BIO_new(BIO_s_mem()), *back = BIO_new(BIO_s_mem());

	if (cookie)
		SSL_set_options(ssl, SSL_OP_COOKIE_EXCHANGE);
	SSL_set_options(ssl, SSL_OP_NO_QUERY_MTU);
	SSL_set_mtu(ssl, 1400);
	BIO_write(in, hello, (int)len);
	SSL_set_bio(ssl, in, back);
	SSL_set_accept_state(ssl);
	SSL_do_handshake(ssl);
	int got = BIO_read(back, out, (int)size);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	return got > 0 ? (size_t)got : 0;
}

static void a_real_server_understands_the_hello(void **state)
{
	uint8_t hello[512], answer[2048];
	int alert;
	(void)state;

	size_t len = dtls_build(zero_random, hello, sizeof hello);
	assert_int_not_equal(len, 0);
	size_t got = server_answers(hello, len, true, answer, sizeof answer);
	assert_int_equal(parse(answer, got, &alert), DTLS_HELLO_VERIFY);
	got = server_answers(hello, len, false, answer, sizeof answer);
	assert_int_equal(parse(answer, got, &alert), DTLS_SERVER_HELLO);
	memset(hello + 63, 0x7a, 32); /* cipher suites that no server has */
	got = server_answers(hello, len, false, answer, sizeof answer);
	assert_int_equal(parse(answer, got, &alert), DTLS_ALERT);
	assert_int_equal(alert, 40); /* handshake_failure */
}

/* ---- building ---- */

static void hello_has_the_stateless_shape(void **state)
{
	uint8_t hello[512], random[32];
	(void)state;

	memset(random, 0xab, sizeof random);
	size_t len = dtls_build(random, hello, sizeof hello);
	assert_memory_equal(hello, "\x16\xfe\xff\0\0\0\0\0\0\0\0", 11);
	assert_int_equal(hello[11] << 8 | hello[12], len - 13);
	assert_int_equal(hello[13], 1);
	assert_int_equal(hello[15] << 8 | hello[16], len - 25);
	assert_memory_equal(hello + 14, hello + 22, 3); /* not fragmented */
	assert_memory_equal(hello + 25, "\xfe\xfd", 2);
	assert_memory_equal(hello + 27, random, 32);
	assert_memory_equal(hello + 59, "\0\0", 2); /* no session, no cookie */
	for (size_t size = 0; size < len; size++) {
		uint8_t *buf = malloc(size + 1);
		assert_int_equal(dtls_build(random, buf, size), 0);
		free(buf);
	}
}

/* ---- reading ---- */

#define RECORD(type, version, len) type, 0xfe, version, 0, 0, 0, 0, 0, 0, 0, 0, 0, len

static const uint8_t hello_verify[] = {
	RECORD(22, 0xff, 19), 3, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 7, 0xfe, 0xff, 4, 1, 2, 3, 4};
static const uint8_t alert_record[] = {RECORD(21, 0xfd, 2), 2, 40};

static void damaged_answers_are_none(void **state)
{
	uint8_t copy[sizeof hello_verify];
	int alert;
	(void)state;

	assert_int_equal(parse(hello_verify, sizeof hello_verify, &alert), DTLS_HELLO_VERIFY);
	assert_int_equal(alert, -1);
	for (size_t cut = 0; cut < sizeof hello_verify; cut++)
		assert_int_equal(parse(hello_verify, cut, &alert), DTLS_NOT_DTLS);
	static const struct {
		size_t at;
		uint8_t value;
	} damage[] = {
		{0, 23},  /* record type */
		{1, 3},   /* version */
		{4, 1},   /* epoch */
		{12, 18}, /* record length */
		{13, 1},  /* a ClientHello */
		{13, 4},  /* another message */
		{16, 6},  /* message shorter than its part */
		{21, 1},  /* not the first part */
		{24, 2},  /* part too short */
		{25, 3},  /* version in the message */
		{27, 5},  /* cookie longer than the message */
		{27, 3},  /* and shorter */
	};
	for (size_t i = 0; i < sizeof damage / sizeof damage[0]; i++) {
		memcpy(copy, hello_verify, sizeof copy);
		copy[damage[i].at] = damage[i].value;
		assert_int_equal(parse(copy, sizeof copy, &alert), DTLS_NOT_DTLS);
	}
}

static void alerts_are_read(void **state)
{
	uint8_t copy[sizeof alert_record];
	int alert;
	(void)state;

	assert_int_equal(parse(alert_record, sizeof alert_record, &alert), DTLS_ALERT);
	assert_int_equal(alert, 40);
	memcpy(copy, alert_record, sizeof copy);
	copy[13] = 3; /* no such level */
	assert_int_equal(parse(copy, sizeof copy, &alert), DTLS_NOT_DTLS);
	assert_int_equal(alert, -1);
	assert_string_equal(dtls_answer_name(DTLS_ALERT), "alert");
}

static void our_own_packet_is_no_answer(void **state)
{
	uint8_t hello[512];
	int alert;
	(void)state;

	size_t len = dtls_build(zero_random, hello, sizeof hello);
	assert_int_equal(parse(hello, len, &alert), DTLS_NOT_DTLS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_server_understands_the_hello),
		cmocka_unit_test(hello_has_the_stateless_shape),
		cmocka_unit_test(damaged_answers_are_none),
		cmocka_unit_test(alerts_are_read),
		cmocka_unit_test(our_own_packet_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
