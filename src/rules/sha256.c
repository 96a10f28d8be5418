/*
 * OpenSSL's SHA-256 by its plain functions: the EVP ones load providers first, which takes longer
 * than reading the rules.
 */
#define OPENSSL_API_COMPAT 0x10101000L

#include "sha256.h"

#include <stdio.h>

#include <openssl/sha.h>

void sha256_hex(const char *bytes, size_t len, char out[65])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	SHA256_CTX context;

	SHA256_Init(&context);
	SHA256_Update(&context, bytes, len);
	SHA256_Final(digest, &context);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(out + 2 * i, 3, "%02x", digest[i]);
}
