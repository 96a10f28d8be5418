/* Signatures of keys that somebody else holds: OpenSSL's hash, and what the holder makes of it. */
#include "held_private.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "mem.h"

#define DIGEST_NAME 32

/* One signature that is being made. */
struct signing {
	struct held *held;
	EVP_MD_CTX *hash;
	char digest[DIGEST_NAME];
	enum platform_scheme scheme;
	size_t salt; /* of PSS; SIZE_MAX: as long as the digest */
};

static void *signing_new(void *provider, const char *properties)
{
	struct signing *s = mem_alloc(sizeof *s);

	(void)provider;
	(void)properties;
	s->hash = EVP_MD_CTX_new();
	s->salt = SIZE_MAX;
	return s;
}

static void signing_free(void *context)
{
	struct signing *s = context;

	if (s == NULL)
		return;
	EVP_MD_CTX_free(s->hash);
	held_unref(s->held);
	free(s);
}

static void *signing_dup(void *context)
{
	const struct signing *s = context;
	struct signing *copy = signing_new(NULL, NULL);
	EVP_MD_CTX *hash = copy->hash;

	*copy = *s;
	copy->hash = hash;
	if (copy->held != NULL)
		copy->held->references++;
	if (hash != NULL && EVP_MD_CTX_copy_ex(hash, s->hash) == 1)
		return copy;
	signing_free(copy);
	return NULL;
}

/* By number (RSA_PKCS1_PSS_PADDING) or by name. */
static int set_padding(struct signing *s, const OSSL_PARAM *p)
{
	const char *name = p->data_type == OSSL_PARAM_UTF8_STRING ? p->data : NULL;
	int number = 0;

	if (name != NULL)
		number = strcmp(name, OSSL_PKEY_RSA_PAD_MODE_PSS) == 0       ? RSA_PKCS1_PSS_PADDING
			 : strcmp(name, OSSL_PKEY_RSA_PAD_MODE_PKCSV15) == 0 ? RSA_PKCS1_PADDING
									     : 0;
	else if (!OSSL_PARAM_get_int(p, &number))
		return 0;
	if (number != RSA_PKCS1_PSS_PADDING && number != RSA_PKCS1_PADDING)
		return 0;
	s->scheme = number == RSA_PKCS1_PSS_PADDING ? PLATFORM_SIGN_PSS : PLATFORM_SIGN_PKCS1;
	return 1;
}

/* A number, or a word; of the words only what TLS asks for: as long as the digest. */
static int set_salt(struct signing *s, const OSSL_PARAM *p)
{
	const char *text = p->data_type == OSSL_PARAM_UTF8_STRING ? p->data : NULL;
	int number = RSA_PSS_SALTLEN_DIGEST;

	if (text != NULL && strcmp(text, OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST) != 0)
		number = strspn(text, "0123456789") == strlen(text) ? atoi(text)
								    : RSA_PSS_SALTLEN_MAX;
	else if (text == NULL && !OSSL_PARAM_get_int(p, &number))
		return 0;
	if (number < 0 && number != RSA_PSS_SALTLEN_DIGEST)
		return 0;
	s->salt = number < 0 ? SIZE_MAX : (size_t)number;
	return 1;
}

static int signing_set_params(void *context, const OSSL_PARAM params[])
{
	struct signing *s = context;
	const OSSL_PARAM *padding, *salt;

	if (params == NULL || s->scheme == PLATFORM_SIGN_ECDSA)
		return 1;
	padding = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PAD_MODE);
	salt = OSSL_PARAM_locate_const(params, OSSL_SIGNATURE_PARAM_PSS_SALTLEN);
	return (padding == NULL || set_padding(s, padding)) && (salt == NULL || set_salt(s, salt));
}

static const OSSL_PARAM *signing_settable_params(void *context, void *provider)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, NULL, 0), OSSL_PARAM_END};

	(void)context;
	(void)provider;
	return types;
}

static int begin(struct signing *s, const char *digest, void *keydata, enum platform_scheme scheme,
	const OSSL_PARAM params[])
{
	EVP_MD *md =
		EVP_MD_fetch(NULL, digest != NULL && *digest != '\0' ? digest : "SHA256", NULL);
	int ready = 0;

	if (md != NULL && keydata != NULL) {
		held_unref(s->held);
		s->held = ((struct keydata *)keydata)->held;
		s->held->references++;
		s->scheme = scheme;
		snprintf(s->digest, sizeof s->digest, "%s", EVP_MD_get0_name(md));
		ready = EVP_DigestInit_ex2(s->hash, md, NULL) == 1 && signing_set_params(s, params);
	}
	EVP_MD_free(md);
	return ready;
}

static int rsa_begin(void *context, const char *digest, void *keydata, const OSSL_PARAM params[])
{
	return begin(context, digest, keydata, PLATFORM_SIGN_PKCS1, params);
}

static int ec_begin(void *context, const char *digest, void *keydata, const OSSL_PARAM params[])
{
	return begin(context, digest, keydata, PLATFORM_SIGN_ECDSA, params);
}

static int signing_update(void *context, const unsigned char *bytes, size_t len)
{
	return EVP_DigestUpdate(((struct signing *)context)->hash, bytes, len);
}

/* r and s, of the same length, as RFC 3279 section 2.2.3 wants them. */
static int to_der(
	const uint8_t *numbers, size_t len, unsigned char *der, size_t size, size_t *der_len)
{
	ECDSA_SIG *signature = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(numbers, (int)(len / 2), NULL);
	BIGNUM *s = BN_bin2bn(numbers + len / 2, (int)(len / 2), NULL);
	int length = 0;

	if (signature != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(signature, r, s) == 1) {
		r = s = NULL;
		length = i2d_ECDSA_SIG(signature, NULL);
		if (length > 0 && (size_t)length <= size)
			length = i2d_ECDSA_SIG(signature, &der);
		else
			length = 0;
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(signature);
	*der_len = length > 0 ? (size_t)length : 0;
	return length > 0;
}

static int ask_holder(struct signing *s, const struct platform_signing *what, unsigned char *out,
	size_t size, size_t *len)
{
	uint8_t signature[SIGNATURE_MAX];
	size_t made = sizeof signature;
	const struct key_holder *holder = &s->held->holder;

	if (holder->sign(holder->arg, what, signature, &made) != 0)
		return 0;
	if (s->scheme == PLATFORM_SIGN_ECDSA)
		return to_der(signature, made, out, size, len);
	if (made > size)
		return 0;
	memcpy(out, signature, made);
	*len = made;
	return 1;
}

static int signing_final(void *context, unsigned char *signature, size_t *len, size_t size)
{
	struct signing *s = context;
	uint8_t hash[EVP_MAX_MD_SIZE];
	unsigned hash_len = 0;

	if (signature == NULL) {
		*len = (size_t)EVP_PKEY_get_size(s->held->public_key);
		return 1;
	}
	if (EVP_DigestFinal_ex(s->hash, hash, &hash_len) != 1)
		return 0;
	struct platform_signing what = {.scheme = s->scheme,
		.digest = s->digest,
		.hash = hash,
		.len = hash_len,
		.salt = s->salt == SIZE_MAX ? hash_len : s->salt};
	return ask_holder(s, &what, signature, size, len);
}

#define SIGNATURE_FUNCTIONS                                                                        \
	FUNCTION(OSSL_FUNC_SIGNATURE_NEWCTX, signing_new),                                         \
		FUNCTION(OSSL_FUNC_SIGNATURE_FREECTX, signing_free),                               \
		FUNCTION(OSSL_FUNC_SIGNATURE_DUPCTX, signing_dup),                                 \
		FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_UPDATE, signing_update),                  \
		FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_FINAL, signing_final),                    \
		FUNCTION(OSSL_FUNC_SIGNATURE_SET_CTX_PARAMS, signing_set_params),                  \
		FUNCTION(OSSL_FUNC_SIGNATURE_SETTABLE_CTX_PARAMS, signing_settable_params)

static const OSSL_DISPATCH rsa_functions[] = {
	SIGNATURE_FUNCTIONS, FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, rsa_begin), {0, NULL}};
static const OSSL_DISPATCH ec_functions[] = {
	SIGNATURE_FUNCTIONS, FUNCTION(OSSL_FUNC_SIGNATURE_DIGEST_SIGN_INIT, ec_begin), {0, NULL}};

const OSSL_ALGORITHM held_signatures[] = {
	{"RSA:rsaEncryption:1.2.840.113549.1.1.1", "provider=" PROVIDER, rsa_functions, NULL},
	{"ECDSA", "provider=" PROVIDER, ec_functions, NULL}, {NULL, NULL, NULL, NULL}};
