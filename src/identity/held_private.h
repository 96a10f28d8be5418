/*
 * What the provider's parts share: held_key.c (key management, the provider), held_signature.c.
 */
#ifndef PREFLIGHT_IDENTITY_HELD_PRIVATE_H
#define PREFLIGHT_IDENTITY_HELD_PRIVATE_H

#include "held_key.h"

#include <openssl/core.h>

#define PROVIDER      "preflight"
#define SIGNATURE_MAX 2048 /* of RSA with 16384 bits */

/* OpenSSL keeps functions of all kinds in one type; their numbers say which each is. */
#define FUNCTION(number, function)                                                                 \
	{                                                                                          \
		number, (void (*)(void))(function)                                                 \
	}

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

void held_unref(struct held *held);

extern const OSSL_ALGORITHM held_signatures[];

#endif
