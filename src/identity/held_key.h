/*
 * A private key that somebody else holds, such as the OS's certificate store, as OpenSSL takes it:
 * OpenSSL makes the hashes and says how to sign them, the holder signs. It is a key of a provider
 * of our own (provider-keymgmt(7), provider-signature(7)) in a library context of its own, so that
 * no other key ever comes into its hands.
 */
#ifndef PREFLIGHT_IDENTITY_HELD_KEY_H
#define PREFLIGHT_IDENTITY_HELD_KEY_H

#include <openssl/evp.h>

#include "platform.h"

/* Who holds a key. */
struct key_holder {
	/* As platform_key_sign. */
	int (*sign)(
		void *arg, const struct platform_signing *what, uint8_t *signature, size_t *len);
	void (*release)(void *arg); /* once, when nobody needs the key any more */
	void *arg;
};

/*
 * The key that belongs to a public one, RSA or EC; free it with EVP_PKEY_free, which releases the
 * holder. NULL for another kind of key, or when OpenSSL refuses; the holder is released then, too.
 */
EVP_PKEY *held_key_new(EVP_PKEY *public_key, const struct key_holder *holder);

/* Has something signed, as TLS would, and looks whether the public key confirms it. */
enum held_key_answer {
	HELD_KEY_FITS,
	HELD_KEY_OTHER,  /* another key signed */
	HELD_KEY_REFUSED /* nothing was signed, or not as TLS 1.3 wants it */
};
enum held_key_answer held_key_try(EVP_PKEY *key, EVP_PKEY *public_key);

#endif
