/* A file's certificates and keys, whatever its format. */
#include "private.h"

#include <string.h>

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/proverr.h>
#include <openssl/provider.h>

#include "text_decode.h"

#define SCRYPT_WORK (1 << 24) /* N * r * p; OpenSSL itself bounds the memory */

void container_add(struct container *out, X509 *certificate)
{
	if (certificate != NULL && sk_X509_push(out->certificates, certificate) <= 0)
		X509_free(certificate);
}

void container_add_key(struct container *out, EVP_PKEY *key)
{
	if (key != NULL && out->key_count < IDENTITY_KEYS)
		out->keys[out->key_count++] = key;
	else
		EVP_PKEY_free(key);
}

/* ---- errors, by number ---- */

struct reason {
	int lib, reason;
};

static bool is_among(unsigned long error, const struct reason *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (ERR_GET_LIB(error) == list[i].lib && ERR_GET_REASON(error) == list[i].reason)
			return true;
	return false;
}

enum opening container_errors(enum opening otherwise)
{
	static const struct reason unsupported[] = {
		{ERR_LIB_EVP, ERR_R_UNSUPPORTED},
		{ERR_LIB_EVP, EVP_R_UNKNOWN_PBE_ALGORITHM},
		{ERR_LIB_EVP, EVP_R_UNKNOWN_CIPHER},
		{ERR_LIB_EVP, EVP_R_UNSUPPORTED_ALGORITHM},
		{ERR_LIB_EVP, EVP_R_UNSUPPORTED_CIPHER},
		{ERR_LIB_EVP, EVP_R_UNSUPPORTED_KEY_DERIVATION_FUNCTION},
		{ERR_LIB_EVP, EVP_R_UNSUPPORTED_PRF},
		{ERR_LIB_EVP, EVP_R_UNSUPPORTED_PRIVATE_KEY_ALGORITHM},
		{ERR_LIB_PEM, PEM_R_UNSUPPORTED_CIPHER},
		{ERR_LIB_PEM, PEM_R_UNSUPPORTED_ENCRYPTION},
		{ERR_LIB_PKCS12, PKCS12_R_UNKNOWN_DIGEST_ALGORITHM},
		{ERR_LIB_PKCS12, PKCS12_R_UNSUPPORTED_PKCS12_MODE},
	};
	static const struct reason password[] = {
		{ERR_LIB_EVP, EVP_R_BAD_DECRYPT},
		{ERR_LIB_PEM, PEM_R_BAD_DECRYPT},
		{ERR_LIB_PEM, PEM_R_BAD_PASSWORD_READ},
		{ERR_LIB_PKCS12, PKCS12_R_MAC_VERIFY_FAILURE},
		{ERR_LIB_PKCS12, PKCS12_R_PKCS12_CIPHERFINAL_ERROR},
		{ERR_LIB_PROV, PROV_R_BAD_DECRYPT},
	};
	enum opening found = otherwise;
	unsigned long error;

	while ((error = ERR_get_error()) != 0) {
		if (is_among(error, unsupported, sizeof unsupported / sizeof unsupported[0]))
			found = OPEN_UNSUPPORTED;
		else if (found != OPEN_UNSUPPORTED &&
			 is_among(error, password, sizeof password / sizeof password[0]))
			found = OPEN_PASSWORD;
	}
	return found;
}

/* ---- what a key derivation costs ---- */

static bool is_bounded(const ASN1_INTEGER *number, int64_t max, int64_t *value)
{
	return number != NULL && ASN1_INTEGER_get_int64(value, number) == 1 && *value >= 0 &&
	       *value <= max;
}

static bool scrypt_is_bounded(const ASN1_TYPE *parameter)
{
	SCRYPT_PARAMS *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), parameter);
	int64_t n = 0, r = 0, times = 0;
	bool good = p != NULL && is_bounded(p->costParameter, SCRYPT_WORK, &n) &&
		    is_bounded(p->blockSize, 64, &r) &&
		    is_bounded(p->parallelizationParameter, 64, &times) &&
		    n * r * times <= SCRYPT_WORK;

	SCRYPT_PARAMS_free(p);
	return good;
}

static bool pbkdf2_is_bounded(const ASN1_TYPE *parameter)
{
	PBKDF2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), parameter);
	int64_t iterations = 0;
	bool good = p != NULL && is_bounded(p->iter, IDENTITY_ITERATIONS, &iterations);

	PBKDF2PARAM_free(p);
	return good;
}

static bool pbe1_is_bounded(const ASN1_TYPE *parameter)
{
	PBEPARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), parameter);
	int64_t iterations = 0;
	bool good = p != NULL && is_bounded(p->iter, IDENTITY_ITERATIONS, &iterations);

	PBEPARAM_free(p);
	return good;
}

/* PBES2 (RFC 8018 section 6.2) names a derivation and a cipher; all else is PBES1 or PKCS#12's. */
static bool pbes2_is_bounded(const ASN1_TYPE *parameter, const char **name)
{
	PBE2PARAM *p = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), parameter);
	bool good = false;

	if (p != NULL && p->keyfunc != NULL && p->encryption != NULL) {
		int derivation = OBJ_obj2nid(p->keyfunc->algorithm);
		*name = OBJ_nid2sn(OBJ_obj2nid(p->encryption->algorithm));
		good = derivation == NID_id_scrypt ? scrypt_is_bounded(p->keyfunc->parameter)
						   : pbkdf2_is_bounded(p->keyfunc->parameter);
	}
	PBE2PARAM_free(p);
	return good;
}

enum opening container_encryption(struct container *out, const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *object = NULL;
	const void *unused = NULL;
	int type = 0;

	if (algorithm == NULL)
		return OPEN_DAMAGED;
	X509_ALGOR_get0(&object, &type, &unused, algorithm);
	const char *name = OBJ_nid2sn(OBJ_obj2nid(object));
	bool good = OBJ_obj2nid(object) == NID_pbes2 ? pbes2_is_bounded(algorithm->parameter, &name)
						     : pbe1_is_bounded(algorithm->parameter);
	out->encryption = name;
	ERR_clear_error();
	return good ? OPEN_DONE : OPEN_UNSUPPORTED;
}

/* ---- opening ---- */

static bool is_pem(const unsigned char *bytes, size_t len)
{
	static const char begin[] = "-----BEGIN ";
	size_t need = sizeof begin - 1;

	for (size_t i = 0; i + need <= len; i++)
		if (bytes[i] == '-' && memcmp(bytes + i, begin, need) == 0)
			return true;
	return false;
}

/* The text of a PEM file, in whatever encoding an editor saved it; false when it is none. */
static bool pem_text(const unsigned char *bytes, size_t len, struct strbuf *text)
{
	strbuf_init(text, 2 * len + 4);
	text_decode((const char *)bytes, len, text);
	return is_pem((const unsigned char *)text->data, text->len);
}

static enum opening open_once(struct container *out, const unsigned char *bytes, size_t len,
	const struct secret *password)
{
	const unsigned char *p = bytes;
	struct strbuf text;
	enum opening result;

	*out = (struct container){.certificates = sk_X509_new_null()};
	ERR_clear_error();
	if (out->certificates == NULL)
		return OPEN_DAMAGED;
	if (pem_text(bytes, len, &text)) {
		result = pem_open(out, text.data, text.len, password);
	} else {
		X509 *certificate = d2i_X509(NULL, &p, (long)len);
		container_add(out, certificate);
		if (certificate != NULL)
			out->format = "der";
		result = certificate != NULL ? OPEN_DONE : pkcs12_open(out, bytes, len, password);
	}
	OPENSSL_cleanse(text.data, text.len);
	strbuf_release(&text);
	ERR_clear_error();
	return result == OPEN_DONE && sk_X509_num(out->certificates) == 0 ? OPEN_DAMAGED : result;
}

/*
 * RC2 and the like are in OpenSSL's legacy provider, which is loaded for one file at a time. An
 * explicit load ends the implicit one of the default provider, which is asked for first.
 */
static OSSL_PROVIDER *load_legacy(void)
{
	static OSSL_PROVIDER *standard;

	if (standard == NULL)
		standard = OSSL_PROVIDER_load(NULL, "default");
	return standard != NULL ? OSSL_PROVIDER_load(NULL, "legacy") : NULL;
}

enum opening container_open(struct container *out, const unsigned char *bytes, size_t len,
	const struct secret *password)
{
	enum opening result = open_once(out, bytes, len, password);
	OSSL_PROVIDER *legacy;

	if (result != OPEN_UNSUPPORTED)
		return result;
	const char *encryption = out->encryption; /* what it takes, whatever else is in the file */
	legacy = load_legacy();
	if (legacy != NULL) {
		container_release(out);
		result = open_once(out, bytes, len, password);
		OSSL_PROVIDER_unload(legacy);
		out->encryption = encryption;
	}
	out->legacy = legacy == NULL || result != OPEN_UNSUPPORTED;
	ERR_clear_error();
	return result;
}

void container_release(struct container *container)
{
	sk_X509_pop_free(container->certificates, X509_free);
	for (size_t i = 0; i < container->key_count; i++)
		EVP_PKEY_free(container->keys[i]);
	*container = (struct container){0};
}
