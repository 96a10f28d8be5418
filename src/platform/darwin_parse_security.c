/*
 * What security(1) prints: identities and certificates.
 */
#include "darwin.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#define DIGITS (2 * SHA_DIGEST_LENGTH)

/* "1) 0123…CDEF "name" (CSSMERR_TP_CERT_EXPIRED)" */
void darwin_parse_identities(const char *text, struct strs *digests)
{
	char line[1024];

	while (darwin_line(&text, line, sizeof line)) {
		char *at = line + strspn(line, "0123456789");

		if (at == line || *at != ')')
			continue;
		at += 1 + strspn(at + 1, " ");
		if (strspn(at, "0123456789abcdefABCDEF") != DIGITS)
			continue;
		at[DIGITS] = '\0';
		for (char *c = at; *c != '\0'; c++)
			*c = (char)toupper((unsigned char)*c);
		if (!strs_contains(digests, at))
			strs_add(digests, at);
	}
}

static bool is_listed(const struct strs *digests, const uint8_t *der, size_t len)
{
	unsigned char digest[SHA_DIGEST_LENGTH];
	char text[DIGITS + 1];

	SHA1(der, len, digest);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(text + 2 * i, 3, "%02X", digest[i]);
	return strs_contains(digests, text);
}

void darwin_each_certificate(
	const char *pem, const struct strs *digests, platform_certificate_fn *fn, void *arg)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	char *name, *header;
	unsigned char *der;
	long len;

	if (bio == NULL)
		return;
	while (PEM_read_bio(bio, &name, &header, &der, &len) == 1) {
		if (strcmp(name, PEM_STRING_X509) == 0 && len > 0)
			fn(arg, der, (size_t)len, is_listed(digests, der, (size_t)len));
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_free(der);
	}
	ERR_clear_error(); /* the end of the text is one */
	BIO_free(bio);
}

/* ---- roots ---- */

struct roots {
	const struct darwin_trust *trust;
	bool added;
	platform_certificate_fn *fn;
	void *arg;
};

static void tell_root(void *arg, const uint8_t *der, size_t len, bool denied)
{
	const struct roots *roots = arg;

	if (!denied && (!roots->added || is_listed(&roots->trust->trusted, der, len)))
		roots->fn(roots->arg, der, len, false);
}

void darwin_each_root(const char *pem, const struct darwin_trust *trust, bool added,
	platform_certificate_fn *fn, void *arg)
{
	struct roots roots = {trust, added, fn, arg};

	darwin_each_certificate(pem, &trust->denied, tell_root, &roots);
}
