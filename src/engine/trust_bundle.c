#include "trust_bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "mem.h"
#include "platform.h"

#define BUNDLE_MAX (8 * 1024 * 1024)

static char *read_bundle(const char *path)
{
	FILE *file = platform_open(path, "rb");
	char *text = NULL;
	size_t len = 0, size = 0;

	if (file == NULL)
		return mem_strdup("");
	do {
		size += 256 * 1024;
		text = mem_realloc(text, size + 1);
		len += fread(text + len, 1, size - len, file);
	} while (len == size && size < BUNDLE_MAX);
	fclose(file);
	text[len] = '\0';
	return text;
}

/* Steps over one DER element; NULL when it does not fit. *content: where its contents begin. */
static const unsigned char *der_skip(
	const unsigned char *p, const unsigned char *end, const unsigned char **content)
{
	size_t len;

	if (end - p < 2)
		return NULL;
	len = p[1];
	p += 2;
	if ((len & 0x80) != 0) {
		size_t octets = len & 0x7f;
		if (octets == 0 || octets > 3 || (size_t)(end - p) < octets)
			return NULL;
		for (len = 0; octets > 0; octets--)
			len = len << 8 | *p++;
	}
	*content = p;
	return (size_t)(end - p) < len ? NULL : p + len;
}

/*
 * The hash of a certificate's subject, without decoding the rest. RFC 5280 section 4.1: Certificate
 * { TBSCertificate { [0] version, serialNumber, signature, issuer, validity, subject, ... } }.
 */
static bool subject_hash(const unsigned char *der, size_t len, unsigned long *hash)
{
	const unsigned char *end = der + len, *content = NULL, *p = der;
	X509_NAME *name;
	int ok = 0;

	for (int i = 0; i < 2; i++) { /* into both SEQUENCEs */
		if (der_skip(p, end, &content) == NULL)
			return false;
		p = content;
	}
	int before = p < end && *p == 0xa0 ? 5 : 4; /* fields before the subject */
	for (int i = 0; i < before && p != NULL; i++)
		p = der_skip(p, end, &content);
	if (p == NULL || der_skip(p, end, &content) == NULL)
		return false;
	name = d2i_X509_NAME(NULL, &p, (long)(end - p));
	if (name == NULL)
		return false;
	*hash = X509_NAME_hash_ex(name, NULL, NULL, &ok);
	X509_NAME_free(name);
	return ok == 1;
}

static void index_block(struct trust_bundle *bundle, const char *begin, const char *end)
{
	static const char first[] = "-----BEGIN CERTIFICATE-----";
	const char *base64 = begin + sizeof first - 1;
	size_t len = (size_t)(end - base64);
	unsigned char *der = mem_alloc(len + 3);
	EVP_ENCODE_CTX *decode = EVP_ENCODE_CTX_new();
	int out = 0, rest = 0;
	unsigned long hash;

	EVP_DecodeInit(decode);
	if (EVP_DecodeUpdate(decode, der, &out, (const unsigned char *)base64, (int)len) >= 0 &&
		EVP_DecodeFinal(decode, der + out, &rest) >= 0 &&
		subject_hash(der, (size_t)(out + rest), &hash)) {
		bundle->items = mem_grow(
			bundle->items, bundle->count, &bundle->capacity, sizeof *bundle->items);
		bundle->items[bundle->count++] = (struct bundled){.subject = hash,
			.begin = begin,
			.len = (size_t)(end - begin) + strlen("-----END CERTIFICATE-----")};
	}
	EVP_ENCODE_CTX_free(decode);
	free(der);
}

void trust_bundle_read(struct trust_bundle *bundle, const char *file)
{
	if (bundle->read || file[0] == '\0')
		return;
	bundle->read = true;
	bundle->text = read_bundle(file);
	for (const char *begin = bundle->text;
		(begin = strstr(begin, "-----BEGIN CERTIFICATE-----")) != NULL;) {
		const char *end = strstr(begin, "-----END CERTIFICATE-----");
		if (end == NULL)
			break;
		index_block(bundle, begin, end);
		begin = end;
	}
}

void trust_bundle_release(struct trust_bundle *bundle)
{
	free(bundle->items);
	free(bundle->text);
}
