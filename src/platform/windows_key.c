/*
 * Private keys of the certificate store: Windows signs with them (CNG). Keys that ask for a PIN or
 * a permission refuse, since nobody is asked here; so do those of old providers that CNG does not
 * know.
 */
#include "windows.h"

#include <ncrypt.h>
#include <stdlib.h>
#include <string.h>
#include <wincrypt.h>

struct platform_key {
	NCRYPT_KEY_HANDLE handle;
	BOOL ours; /* to be freed */
};

/* The store's own context of a certificate, which knows its key; NULL and *code. */
static PCCERT_CONTEXT find(HCERTSTORE store, const uint8_t *der, size_t len, DWORD *code)
{
	PCCERT_CONTEXT wanted = CertCreateCertificateContext(X509_ASN_ENCODING, der, (DWORD)len);
	PCCERT_CONTEXT found = NULL;

	if (wanted != NULL)
		found = CertFindCertificateInStore(
			store, X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, wanted, NULL);
	*code = GetLastError();
	CertFreeCertificateContext(wanted);
	return found;
}

/* A key of an older kind (CAPI), which cannot sign as TLS 1.3 wants it. */
static void give_back(HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle, BOOL ours)
{
	if (ours)
		CryptReleaseContext(handle, 0);
}

static struct platform_key *acquire(PCCERT_CONTEXT certificate, DWORD *code)
{
	const DWORD flags = CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG | CRYPT_ACQUIRE_SILENT_FLAG;
	HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle = 0;
	struct platform_key *key;
	DWORD kind = 0;
	BOOL ours = FALSE;

	if (!CryptAcquireCertificatePrivateKey(certificate, flags, NULL, &handle, &kind, &ours)) {
		*code = GetLastError();
		return NULL;
	}
	if (kind != CERT_NCRYPT_KEY_SPEC) {
		give_back(handle, ours);
		*code = (DWORD)NTE_BAD_PROV_TYPE;
		return NULL;
	}
	key = mem_alloc(sizeof *key);
	*key = (struct platform_key){.handle = handle, .ours = ours};
	return key;
}

struct platform_key *platform_key_open(const uint8_t *der, size_t len, struct strbuf *why)
{
	HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
		CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_READONLY_FLAG |
			CERT_STORE_OPEN_EXISTING_FLAG,
		L"MY");
	DWORD code = GetLastError();
	PCCERT_CONTEXT certificate = store != NULL ? find(store, der, len, &code) : NULL;
	struct platform_key *key = certificate != NULL ? acquire(certificate, &code) : NULL;

	if (key == NULL)
		windows_why(why, "CryptAcquireCertificatePrivateKey", code);
	CertFreeCertificateContext(certificate);
	if (store != NULL)
		CertCloseStore(store, 0);
	return key;
}

void platform_key_close(struct platform_key *key)
{
	if (key == NULL)
		return;
	if (key->ours)
		NCryptFreeObject(key->handle);
	free(key);
}

/* CNG's name of a digest; NULL: none is written into the signature (TLS 1.1 and older). */
static const wchar_t *name_of(const char *digest)
{
	static const struct {
		const char *name;
		const wchar_t *id;
	} names[] = {
		{"SHA1", BCRYPT_SHA1_ALGORITHM},
		{"SHA2-256", BCRYPT_SHA256_ALGORITHM},
		{"SHA2-384", BCRYPT_SHA384_ALGORITHM},
		{"SHA2-512", BCRYPT_SHA512_ALGORITHM},
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i].name, digest) == 0)
			return names[i].id;
	return NULL;
}

int platform_key_sign(struct platform_key *key, const struct platform_signing *what,
	uint8_t *signature, size_t *len, struct strbuf *why)
{
	BCRYPT_PKCS1_PADDING_INFO pkcs1 = {name_of(what->digest)};
	BCRYPT_PSS_PADDING_INFO pss = {name_of(what->digest), (ULONG)what->salt};
	const struct {
		void *info;
		DWORD flag;
	} padding[] = {
		[PLATFORM_SIGN_PKCS1] = {&pkcs1, BCRYPT_PAD_PKCS1},
		[PLATFORM_SIGN_PSS] = {&pss, BCRYPT_PAD_PSS},
		[PLATFORM_SIGN_ECDSA] = {NULL, 0},
	};
	DWORD made = 0;
	SECURITY_STATUS status = NCryptSignHash(key->handle, padding[what->scheme].info,
		(BYTE *)(uintptr_t)what->hash, (DWORD)what->len, signature, (DWORD)*len, &made,
		padding[what->scheme].flag | NCRYPT_SILENT_FLAG);

	if (status != ERROR_SUCCESS) {
		windows_why(why, "NCryptSignHash", (unsigned long)status);
		return -1;
	}
	*len = made;
	return 0;
}
