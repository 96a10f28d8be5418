#include "held_key.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "mem.h"

#define PROVIDER      "preflight"
#define PARAM_KEY     "preflight-key" /* octets: the address of a struct held */
#define SIGNATURE_MAX 2048            /* of RSA with 16384 bits */
#define DIGEST_NAME   32

/* A key as OpenSSL's key management hands it around. */
struct held {
	struct key_holder holder;
	EVP_PKEY *public_key;
	int references;
};

/* What EVP_PKEY owns: provider functions get this. */
struct keydata {
	struct held *held;
};

static struct held *held_of(void *keydata)
{
	return ((struct keydata *)keydata)->held;
}

static void held_unref(struct held *held)
{
	if (held == NULL || --held->references > 0)
		return;
	held->holder.release(held->holder.arg);
	EVP_PKEY_free(held->public_key);
	free(held);
}

/* ---- key management ---- */

static void *key_new(void *provider)
{
	(void)provider;
	return mem_alloc(sizeof(struct keydata));
}

static void key_free(void *keydata)
{
	if (keydata != NULL)
		held_unref(held_of(keydata));
	free(keydata);
}

static int key_has(const void *keydata, int selection)
{
	(void)selection;
	return ((const struct keydata *)keydata)->held != NULL;
}

static int key_import(void *keydata, int selection, const OSSL_PARAM params[])
{
	const OSSL_PARAM *p = OSSL_PARAM_locate_const(params, PARAM_KEY);
	struct held *held;

	(void)selection;
	if (p == NULL || p->data_size != sizeof held)
		return 0;
	memcpy(&held, p->data, sizeof held);
	held->references++;
	((struct keydata *)keydata)->held = held;
	return 1;
}

static const OSSL_PARAM *key_import_types(int selection)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_octet_string(PARAM_KEY, NULL, 0), OSSL_PARAM_END};

	(void)selection;
	return types;
}

/* The public part only: whoever wants more has to come here for a signature. */
static int key_export(void *keydata, int selection, OSSL_CALLBACK *callback, void *arg)
{
	OSSL_PARAM *params = NULL;
	int result = 0;

	if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 &&
		EVP_PKEY_todata(held_of(keydata)->public_key, EVP_PKEY_PUBLIC_KEY, &params) == 1)
		result = callback(params, arg);
	OSSL_PARAM_free(params);
	return result;
}

static const OSSL_PARAM *key_export_types(int selection)
{
	static const OSSL_PARAM types[] = {OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, NULL, 0),
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0), OSSL_PARAM_END};

	return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 ? types : NULL;
}

static int key_get_params(void *keydata, OSSL_PARAM params[])
{
	return EVP_PKEY_get_params(held_of(keydata)->public_key, params);
}

static const OSSL_PARAM *key_gettable_params(void *provider)
{
	static const OSSL_PARAM types[] = {OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0), OSSL_PARAM_END};

	(void)provider;
	return types;
}

static const char *rsa_operation(int operation)
{
	return operation == OSSL_OP_SIGNATURE ? "RSA" : NULL;
}

static const char *ec_operation(int operation)
{
	return operation == OSSL_OP_SIGNATURE ? "ECDSA" : NULL;
}

/* OpenSSL keeps functions of all kinds in one type; their numbers say which each is. */
#define FUNCTION(number, function)                                                                 \
	{                                                                                          \
		number, (void (*)(void))(function)                                                 \
	}
#define KEY_FUNCTIONS                                                                              \
	FUNCTION(OSSL_FUNC_KEYMGMT_NEW, key_new), FUNCTION(OSSL_FUNC_KEYMGMT_FREE, key_free),      \
		FUNCTION(OSSL_FUNC_KEYMGMT_HAS, key_has),                                          \
		FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT, key_import),                                    \
		FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, key_import_types),                        \
		FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT, key_export),                                    \
		FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, key_export_types),                        \
		FUNCTION(OSSL_FUNC_KEYMGMT_GET_PARAMS, key_get_params),                            \
		FUNCTION(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, key_gettable_params)

static const OSSL_DISPATCH rsa_key_functions[] = {
	KEY_FUNCTIONS, FUNCTION(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, rsa_operation), {0, NULL}};
static const OSSL_DISPATCH ec_key_functions[] = {
	KEY_FUNCTIONS, FUNCTION(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, ec_operation), {0, NULL}};

static const OSSL_ALGORITHM key_managers[] = {
	{"RSA:rsaEncryption:1.2.840.113549.1.1.1", "provider=" PROVIDER, rsa_key_functions, NULL},
	{"EC:id-ecPublicKey:1.2.840.10045.2.1", "provider=" PROVIDER, ec_key_functions, NULL},
	{NULL, NULL, NULL, NULL}};

/* ---- signatures ---- */

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
		s->held = held_of(keydata);
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

static const OSSL_ALGORITHM signatures[] = {
	{"RSA:rsaEncryption:1.2.840.113549.1.1.1", "provider=" PROVIDER, rsa_functions, NULL},
	{"ECDSA", "provider=" PROVIDER, ec_functions, NULL}, {NULL, NULL, NULL, NULL}};

/* ---- the provider ---- */

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache)
{
	(void)provider;
	*no_cache = 0;
	return operation == OSSL_OP_KEYMGMT     ? key_managers
	       : operation == OSSL_OP_SIGNATURE ? signatures
						: NULL;
}

static int provider_init(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in,
	const OSSL_DISPATCH **out, void **context)
{
	static const OSSL_DISPATCH functions[] = {
		FUNCTION(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query), {0, NULL}};

	(void)core;
	(void)in;
	*out = functions;
	*context = (void *)(uintptr_t)core; /* something that is not NULL; nothing here needs it */
	return 1;
}

/* The context lives as long as the program, as keys may. Made by the first key, on the main thread.
 */
static OSSL_LIB_CTX *library(void)
{
	static OSSL_LIB_CTX *context;

	if (context != NULL)
		return context;
	context = OSSL_LIB_CTX_new();
	if (context != NULL && (OSSL_PROVIDER_add_builtin(context, PROVIDER, provider_init) != 1 ||
				       OSSL_PROVIDER_load(context, PROVIDER) == NULL)) {
		OSSL_LIB_CTX_free(context);
		context = NULL;
	}
	return context;
}

/* ---- keys ---- */

static EVP_PKEY *make(struct held *held, const char *type)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(PARAM_KEY, &held, sizeof held), OSSL_PARAM_END};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(library(), type, NULL);
	EVP_PKEY *key = NULL;

	if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	return key;
}

EVP_PKEY *held_key_new(EVP_PKEY *public_key, const struct key_holder *holder)
{
	struct held *held = mem_alloc(sizeof *held);
	const char *type = EVP_PKEY_is_a(public_key, "RSA")  ? "RSA"
			   : EVP_PKEY_is_a(public_key, "EC") ? "EC"
							     : NULL;
	EVP_PKEY *key = NULL;

	*held = (struct held){.holder = *holder, .references = 1};
	if (EVP_PKEY_up_ref(public_key) == 1)
		held->public_key = public_key;
	if (type != NULL && held->public_key != NULL && library() != NULL)
		key = make(held, type);
	held_unref(held);
	ERR_clear_error();
	return key;
}

/* ---- trying ---- */

static bool set_padding_of(EVP_PKEY_CTX *context, int padding)
{
	return padding == 0 || (EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1 &&
				       (padding != RSA_PKCS1_PSS_PADDING ||
					       EVP_PKEY_CTX_set_rsa_pss_saltlen(
						       context, RSA_PSS_SALTLEN_DIGEST) == 1));
}

static const unsigned char words[] = "preflight: is this the certificate's key?";

static bool sign_words(EVP_PKEY *key, int padding, unsigned char *signature, size_t *len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *scheme = NULL;
	bool made = context != NULL &&
		    EVP_DigestSignInit_ex(context, &scheme, "SHA256", NULL, NULL, key, NULL) == 1 &&
		    set_padding_of(scheme, padding) &&
		    EVP_DigestSign(context, signature, len, words, sizeof words) == 1;

	EVP_MD_CTX_free(context);
	return made;
}

static bool confirms(EVP_PKEY *public_key, int padding, const unsigned char *signature, size_t len)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *scheme = NULL;
	bool right = context != NULL &&
		     EVP_DigestVerifyInit_ex(
			     context, &scheme, "SHA256", NULL, NULL, public_key, NULL) == 1 &&
		     set_padding_of(scheme, padding) &&
		     EVP_DigestVerify(context, signature, len, words, sizeof words) == 1;

	EVP_MD_CTX_free(context);
	return right;
}

static enum held_key_answer try_padding(EVP_PKEY *key, EVP_PKEY *public_key, int padding)
{
	unsigned char signature[SIGNATURE_MAX];
	size_t len = sizeof signature;
	enum held_key_answer answer = HELD_KEY_REFUSED;

	if (sign_words(key, padding, signature, &len))
		answer = confirms(public_key, padding, signature, len) ? HELD_KEY_FITS
								       : HELD_KEY_OTHER;
	ERR_clear_error();
	return answer;
}

/*
 * TLS 1.3 wants PSS and a salt as long as the digest (RFC 8446 section 4.2.3). Security chips may
 * not make that, or with a salt of their own; that it is the right key shows by the older scheme
 * then.
 */
enum held_key_answer held_key_try(EVP_PKEY *key, EVP_PKEY *public_key)
{
	enum held_key_answer answer, older;

	if (!EVP_PKEY_is_a(public_key, "RSA"))
		return try_padding(key, public_key, 0);
	answer = try_padding(key, public_key, RSA_PKCS1_PSS_PADDING);
	if (answer == HELD_KEY_FITS)
		return answer;
	older = try_padding(key, public_key, RSA_PKCS1_PADDING);
	return older == HELD_KEY_FITS ? HELD_KEY_REFUSED : older;
}
