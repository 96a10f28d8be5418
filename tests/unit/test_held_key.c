/* Keys that somebody else holds: what OpenSSL gets from them, and what it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>

#include "identity/held_key.h"
#include "tls_mock.h"
#include "trust.h"

/* Holds an ordinary key, as a store of the OS would. */
struct keeper {
	EVP_PKEY *key;
	bool refuses, own_salt;
	int asked, released;
	enum platform_scheme scheme;
	size_t salt;
	char digest[32];
};

static bool set_scheme(EVP_PKEY_CTX *context, const struct platform_signing *what, bool own_salt)
{
	int salt = own_salt ? RSA_PSS_SALTLEN_MAX : (int)what->salt;

	switch (what->scheme) {
	case PLATFORM_SIGN_ECDSA:
		return true;
	case PLATFORM_SIGN_PKCS1:
		return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
	case PLATFORM_SIGN_PSS:
		return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt) == 1;
	}
	return false;
}

/* As Windows gives it: r and s, each as long as the group's order. */
static void from_der(EVP_PKEY *key, uint8_t *signature, size_t *len)
{
	const unsigned char *p = signature;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)*len);
	int half = (EVP_PKEY_get_bits(key) + 7) / 8;

	assert_non_null(sig);
	uint8_t numbers[2 * 66];
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(sig), numbers, half), half);
	assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(sig), numbers + half, half), half);
	*len = (size_t)half * 2;
	memcpy(signature, numbers, *len);
	ECDSA_SIG_free(sig);
}

static int sign(void *arg, const struct platform_signing *what, uint8_t *signature, size_t *len)
{
	struct keeper *k = arg;
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(k->key, NULL);
	EVP_MD *md = EVP_MD_fetch(NULL, what->digest, NULL);
	int result = -1;

	k->asked++;
	k->scheme = what->scheme;
	k->salt = what->salt;
	snprintf(k->digest, sizeof k->digest, "%s", what->digest);
	assert_non_null(md);
	assert_int_equal(EVP_MD_get_size(md), what->len);
	if (!k->refuses && EVP_PKEY_sign_init(context) == 1 &&
		set_scheme(context, what, k->own_salt) &&
		EVP_PKEY_CTX_set_signature_md(context, md) == 1 &&
		EVP_PKEY_sign(context, signature, len, what->hash, what->len) == 1)
		result = 0;
	if (result == 0 && what->scheme == PLATFORM_SIGN_ECDSA)
		from_der(k->key, signature, len);
	EVP_MD_free(md);
	EVP_PKEY_CTX_free(context);
	return result;
}

static void release(void *arg)
{
	((struct keeper *)arg)->released++;
}

static EVP_PKEY *held_by(struct keeper *k, EVP_PKEY *public_key)
{
	return held_key_new(
		public_key, &(struct key_holder){.sign = sign, .release = release, .arg = k});
}

static const struct {
	const char *name, *type;
	int size; /* RSA: bits */
	const char *group;
} kinds[] = {{"RSA", "RSA", 2048, NULL}, {"RSA, an odd size", "RSA", 2056, NULL},
	{"P-256", "EC", 0, "P-256"}, {"P-384", "EC", 0, "P-384"}, {"P-521", "EC", 0, "P-521"}};

static EVP_PKEY *make_key(size_t kind)
{
	if (kinds[kind].group != NULL)
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", kinds[kind].group);
	return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)kinds[kind].size);
}

/* ---- what it is ---- */

static void test_it_is_the_key_of_its_public_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		EVP_PKEY *own = make_key(i), *other = make_key(i);
		struct keeper k = {.key = own};
		EVP_PKEY *held = held_by(&k, own);
		assert_non_null(held);
		assert_true(EVP_PKEY_is_a(held, kinds[i].type));
		assert_int_equal(EVP_PKEY_get_bits(held), EVP_PKEY_get_bits(own));
		assert_int_equal(EVP_PKEY_get_size(held), EVP_PKEY_get_size(own));
		assert_int_equal(EVP_PKEY_eq(own, held), 1);
		assert_int_not_equal(EVP_PKEY_eq(other, held), 1);
		assert_int_equal(held_key_try(held, own), HELD_KEY_FITS);
		assert_int_equal(held_key_try(held, other), HELD_KEY_OTHER);
		assert_int_equal(k.asked, EVP_PKEY_is_a(own, "RSA") ? 3 : 2);
		assert_int_equal(k.released, 0);
		EVP_PKEY_free(held);
		assert_int_equal(k.released, 1);
		EVP_PKEY_free(own);
		EVP_PKEY_free(other);
	}
}

static void test_its_private_part_stays_where_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		EVP_PKEY *own = make_key(i);
		struct keeper k = {.key = own};
		EVP_PKEY *held = held_by(&k, own);
		OSSL_PARAM *params = NULL;
		assert_int_not_equal(EVP_PKEY_todata(held, EVP_PKEY_KEYPAIR, &params), 1);
		assert_null(params);
		assert_int_equal(EVP_PKEY_todata(held, EVP_PKEY_PUBLIC_KEY, &params), 1);
		OSSL_PARAM_free(params);
		EVP_PKEY_free(held);
		EVP_PKEY_free(own);
	}
}

static void test_who_refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		EVP_PKEY *own = make_key(i);
		struct keeper k = {.key = own, .refuses = true};
		EVP_PKEY *held = held_by(&k, own);
		assert_int_equal(held_key_try(held, own), HELD_KEY_REFUSED);
		assert_int_equal(k.asked, EVP_PKEY_is_a(own, "RSA") ? 2 : 1);
		assert_int_equal(ERR_peek_error(), 0);
		EVP_PKEY_free(held);
		EVP_PKEY_free(own);
	}
}

/* A security chip whose salt is as long as fits: the key is right, but no use for TLS 1.3. */
static void test_a_salt_of_its_own(void **state)
{
	EVP_PKEY *own = make_key(0), *other = make_key(0);
	struct keeper k = {.key = own, .own_salt = true};
	EVP_PKEY *held = held_by(&k, own);
	(void)state;

	assert_int_equal(held_key_try(held, own), HELD_KEY_REFUSED);
	assert_int_equal(held_key_try(held, other), HELD_KEY_OTHER);
	EVP_PKEY_free(held);
	EVP_PKEY_free(own);
	EVP_PKEY_free(other);
}

static void test_kinds_that_are_not_supported(void **state)
{
	EVP_PKEY *edwards = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	EVP_PKEY *pss = EVP_PKEY_Q_keygen(NULL, NULL, "X25519");
	struct keeper k = {.key = edwards};
	(void)state;

	assert_null(held_by(&k, edwards));
	assert_null(held_by(&k, pss));
	assert_int_equal(k.released, 2);
	EVP_PKEY_free(edwards);
	EVP_PKEY_free(pss);
}

/* Other keys of the same kind are signed and verified by OpenSSL's own code, as ever. */
static void test_other_keys_are_left_alone(void **state)
{
	EVP_PKEY *own = make_key(0), *other = make_key(0);
	struct keeper k = {.key = own};
	EVP_PKEY *held = held_by(&k, own);
	(void)state;

	assert_int_equal(held_key_try(other, other), HELD_KEY_FITS);
	assert_int_equal(k.asked, 0);
	EVP_PKEY_free(held);
	EVP_PKEY_free(own);
	EVP_PKEY_free(other);
}

/* ---- in TLS ---- */

static int accept_any(int ok, X509_STORE_CTX *ctx)
{
	(void)ok;
	(void)ctx;
	return 1;
}

/* Both ends take turns until nothing moves any more. */
static bool shake_hands(SSL *client, SSL *server)
{
	for (int i = 0; i < 20; i++) {
		int c = SSL_do_handshake(client), s = SSL_do_handshake(server);
		if (c == 1 && s == 1)
			return true;
	}
	return false;
}

static SSL *make_server(SSL_CTX *ctx, const struct mock_cert *cert, int version)
{
	assert_int_equal(SSL_CTX_use_certificate(ctx, cert->cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(ctx, cert->key), 1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any);
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, version);
	SSL *ssl = SSL_new(ctx);
	SSL_set_accept_state(ssl);
	return ssl;
}

static SSL *make_client(SSL_CTX *ctx, X509 *cert, EVP_PKEY *key)
{
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	assert_int_equal(SSL_CTX_use_certificate(ctx, cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(ctx, key), 1);
	SSL *ssl = SSL_new(ctx);
	SSL_set_connect_state(ssl);
	return ssl;
}

static void connect_both(SSL *client, SSL *server)
{
	BIO *a, *b;

	assert_int_equal(BIO_new_bio_pair(&a, 0, &b, 0), 1);
	SSL_set_bio(client, a, a);
	SSL_set_bio(server, b, b);
}

static bool handshake(const struct mock_cert *cert, EVP_PKEY *key, int version, bool *shown)
{
	SSL_CTX *client_ctx = SSL_CTX_new(TLS_client_method());
	SSL_CTX *server_ctx = SSL_CTX_new(TLS_server_method());
	SSL *client = make_client(client_ctx, cert->cert, key);
	SSL *server = make_server(server_ctx, cert, version);

	connect_both(client, server);
	bool done = shake_hands(client, server);
	X509 *peer = SSL_get1_peer_certificate(server);
	*shown = done && peer != NULL && X509_cmp(peer, cert->cert) == 0;
	X509_free(peer);
	SSL_free(client);
	SSL_free(server);
	SSL_CTX_free(client_ctx);
	SSL_CTX_free(server_ctx);
	ERR_clear_error();
	return done;
}

static void test_a_server_is_shown_the_certificate(void **state)
{
	static const struct {
		int version;
		enum platform_scheme scheme; /* of RSA */
	} versions[] = {{TLS1_3_VERSION, PLATFORM_SIGN_PSS}, {TLS1_2_VERSION, PLATFORM_SIGN_PSS},
		{TLS1_1_VERSION, PLATFORM_SIGN_PKCS1}};
	(void)state;

	for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
		for (int rsa = 0; rsa < 2; rsa++) {
			struct mock_cert cert = mock_cert_make(
				&(struct mock_cert_spec){.cn = "held", .rsa_bits = rsa ? 2048 : 0});
			struct keeper k = {.key = cert.key};
			EVP_PKEY *held = held_by(&k, X509_get0_pubkey(cert.cert));
			bool shown;
			assert_true(handshake(&cert, held, versions[i].version, &shown));
			assert_true(shown);
			assert_int_equal(k.asked, 1);
			assert_int_equal(k.scheme, rsa ? versions[i].scheme : PLATFORM_SIGN_ECDSA);
			if (k.scheme == PLATFORM_SIGN_PSS)
				assert_true(k.salt == 32 || k.salt == 48 || k.salt == 64);
			k.refuses = true;
			assert_false(handshake(&cert, held, versions[i].version, &shown));
			assert_int_equal(k.asked, 2);
			EVP_PKEY_free(held);
			assert_int_equal(k.released, 1);
			mock_cert_free(&cert);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_the_key_of_its_public_one),
		cmocka_unit_test(test_its_private_part_stays_where_it_is),
		cmocka_unit_test(test_who_refuses),
		cmocka_unit_test(test_a_salt_of_its_own),
		cmocka_unit_test(test_kinds_that_are_not_supported),
		cmocka_unit_test(test_other_keys_are_left_alone),
		cmocka_unit_test(test_a_server_is_shown_the_certificate),
	};

	trust_library_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
