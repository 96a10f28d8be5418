/*
 * Looks an entry up by its bytes: the list is Windows' own, some hundred entries long, and a digest
 * with the DER before it stands nowhere by chance.
 */
#include "root_list.h"

#include <string.h>

#include <openssl/evp.h>

/* An attribute 1.3.6.1.4.1.311.10.11.29 (szOID_CERT_SUBJECT_NAME_MD5_HASH_PROP_ID) up to its
 * digest. */
static const uint8_t before_name[] = {0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0a,
	0x0b, 0x1d, 0x31, 0x12, 0x04, 0x10};
/* SubjectIdentifier of an entry up to its digest. */
static const uint8_t before_fingerprint[] = {0x04, 0x14};

#define DIGEST_MAX 20

static bool contains(const uint8_t *list, size_t len, const uint8_t *part, size_t part_len)
{
	for (size_t at = 0; len >= part_len && at <= len - part_len; at++)
		if (list[at] == part[0] && memcmp(list + at, part, part_len) == 0)
			return true;
	return false;
}

static bool has_digest(const uint8_t *list, size_t len, const uint8_t *before, size_t before_len,
	const uint8_t *digest, size_t digest_len)
{
	uint8_t part[sizeof before_name + DIGEST_MAX];

	memcpy(part, before, before_len);
	memcpy(part + before_len, digest, digest_len);
	return contains(list, len, part, before_len + digest_len);
}

static bool has_name(const uint8_t *list, size_t len, const X509_NAME *name)
{
	const unsigned char *der = NULL;
	size_t der_len = 0;
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned digest_len = 0;

	return X509_NAME_get0_der(name, &der, &der_len) == 1 &&
	       EVP_Digest(der, der_len, digest, &digest_len, EVP_md5(), NULL) == 1 &&
	       has_digest(list, len, before_name, sizeof before_name, digest, digest_len);
}

bool root_list_has_issuer(const uint8_t *list, size_t len, const X509 *certificate)
{
	const X509_NAME *issuer = X509_get_issuer_name(certificate);
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned digest_len = 0;

	if (X509_NAME_cmp(issuer, X509_get_subject_name(certificate)) != 0)
		return has_name(list, len, issuer);
	return X509_digest(certificate, EVP_sha1(), digest, &digest_len) == 1 &&
	       has_digest(list, len, before_fingerprint, sizeof before_fingerprint, digest,
		       digest_len);
}
