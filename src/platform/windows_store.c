/*
 * Windows' certificate stores. The user's roots show the machine's too; his personal store shows
 * his own certificates only, and so do browsers.
 */
#include "windows.h"

#include <stdlib.h>
#include <wincrypt.h>

#define UPDATE L"SOFTWARE\\Microsoft\\SystemCertificates\\AuthRoot\\AutoUpdate"
#define POLICY L"SOFTWARE\\Policies\\Microsoft\\SystemCertificates\\AuthRoot"

#define LIST_MAX (16 * 1024 * 1024)

const char *platform_ca_directory(void)
{
	return "";
}

const char *platform_ca_file(void)
{
	return "";
}

/* Whether the store says that there is a private key; the key itself is not touched. */
static bool has_key(PCCERT_CONTEXT certificate)
{
	DWORD size = 0;

	return CertGetCertificateContextProperty(
		       certificate, CERT_KEY_PROV_INFO_PROP_ID, NULL, &size) != 0;
}

static HCERTSTORE open_store(enum platform_store store, DWORD place)
{
	return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
		place | CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG,
		store == PLATFORM_STORE_PERSONAL ? L"MY" : L"ROOT");
}

/* Who has no roots of his own sees the machine's; nobody else's certificates are his. */
static HCERTSTORE open_users_store(enum platform_store store)
{
	HCERTSTORE handle = open_store(store, CERT_SYSTEM_STORE_CURRENT_USER);

	if (handle == NULL && GetLastError() == ERROR_FILE_NOT_FOUND &&
		store == PLATFORM_STORE_ROOT)
		handle = open_store(store, CERT_SYSTEM_STORE_LOCAL_MACHINE);
	return handle;
}

int platform_certificates(
	enum platform_store store, platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	HCERTSTORE handle = open_users_store(store);
	PCCERT_CONTEXT certificate = NULL;

	if (handle == NULL) {
		if (GetLastError() == ERROR_FILE_NOT_FOUND)
			return 0; /* nothing was ever put there */
		windows_why(why, store == PLATFORM_STORE_PERSONAL ? "MY" : "ROOT", GetLastError());
		return -1;
	}
	while ((certificate = CertEnumCertificatesInStore(handle, certificate)) != NULL)
		fn(arg, certificate->pbCertEncoded, certificate->cbCertEncoded,
			has_key(certificate));
	CertCloseStore(handle, 0);
	return 0;
}

/* Windows comes with few roots and fetches the others of its root program when they are needed. */
uint8_t *platform_root_list(size_t *len)
{
	HKEY key = windows_key(HKEY_LOCAL_MACHINE, UPDATE, KEY_WOW64_64KEY, NULL);
	DWORD off = 0, type = 0, size = 0;
	uint8_t *list = NULL;

	*len = 0;
	if (key != NULL &&
		!(windows_number(HKEY_LOCAL_MACHINE, POLICY, L"DisableRootAutoUpdate", &off) &&
			off != 0) &&
		RegQueryValueExW(key, L"EncodedCtl", NULL, &type, NULL, &size) == ERROR_SUCCESS &&
		type == REG_BINARY && size > 0 && size < LIST_MAX)
		list = mem_alloc(size);
	if (list != NULL &&
		RegQueryValueExW(key, L"EncodedCtl", NULL, &type, list, &size) != ERROR_SUCCESS) {
		free(list);
		list = NULL;
	}
	if (list != NULL)
		*len = size;
	if (key != NULL)
		RegCloseKey(key);
	return list;
}
