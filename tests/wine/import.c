/*
 * Puts certificates into the stores of this user's Windows, as people do it with a wizard:
 *
 *   import.exe p12 FILE PASSWORD    with their keys into the personal store
 *   import.exe my FILE              one in DER, without a key, into the personal store
 *   import.exe root|ca|disallowed FILE   one in DER into that store
 */
#define _WIN32_WINNT 0x0A00
#include <windows.h>
#include <wincrypt.h>
#include <stdio.h>
#include <string.h>

static BYTE bytes[64 * 1024];

static DWORD read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	DWORD len = file != NULL ? (DWORD)fread(bytes, 1, sizeof bytes, file) : 0;

	if (file != NULL)
		fclose(file);
	return len;
}

static BOOL put_packed(HCERTSTORE store, DWORD len, const char *password)
{
	CRYPT_DATA_BLOB blob = {len, bytes};
	PCCERT_CONTEXT certificate = NULL;
	wchar_t wide[64];

	MultiByteToWideChar(CP_UTF8, 0, password, -1, wide, 64);
	/* Exportable, so that stand_in.c can take the key over into CNG. */
	HCERTSTORE packed = PFXImportCertStore(&blob, wide, CRYPT_EXPORTABLE);
	BOOL done = packed != NULL;
	while (done && (certificate = CertEnumCertificatesInStore(packed, certificate)) != NULL)
		done = CertAddCertificateContextToStore(
			store, certificate, CERT_STORE_ADD_REPLACE_EXISTING, NULL);
	return done;
}

static const struct {
	const char *word;
	const wchar_t *store;
} stores[] = {{"p12", L"MY"}, {"my", L"MY"}, {"root", L"ROOT"}, {"ca", L"CA"},
	{"disallowed", L"Disallowed"}};

static HCERTSTORE open_store(const char *word)
{
	for (size_t i = 0; i < sizeof stores / sizeof stores[0]; i++)
		if (strcmp(stores[i].word, word) == 0)
			return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
				CERT_SYSTEM_STORE_CURRENT_USER, stores[i].store);
	return NULL;
}

int main(int argc, char **argv)
{
	HCERTSTORE store = argc > 2 ? open_store(argv[1]) : NULL;
	DWORD len = argc > 2 ? read_file(argv[2]) : 0;
	BOOL done;

	if (argc > 3)
		done = store != NULL && put_packed(store, len, argv[3]);
	else
		done = store != NULL && CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING,
						bytes, len, CERT_STORE_ADD_REPLACE_EXISTING, NULL);
	if (!done)
		fprintf(stderr, "import: error %lu\n", GetLastError());
	return store != NULL && CertCloseStore(store, 0) && done ? 0 : 1;
}
