/* Whether a key that somebody else holds signs, and whether it is the right one. */
#include "held_key.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#define SIGNATURE_MAX 2048 /* of RSA with 16384 bits */

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
