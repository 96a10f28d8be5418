/*
 * Windows' certificate stores. The user's roots show the machine's too; his personal store shows
 * his own certificates only, and so do browsers.
 */
#include "windows.h"

#include <stdlib.h>
#include <string.h>
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

static HCERTSTORE open_store(const wchar_t *name, DWORD place)
{
	return CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
		place | CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG, name);
}

/* Who has none of his own sees the machine's. */
static HCERTSTORE open_shared_store(const wchar_t *name)
{
	HCERTSTORE handle = open_store(name, CERT_SYSTEM_STORE_CURRENT_USER);

	if (handle == NULL && GetLastError() == ERROR_FILE_NOT_FOUND)
		handle = open_store(name, CERT_SYSTEM_STORE_LOCAL_MACHINE);
	return handle;
}

static void tell_all(HCERTSTORE store, platform_certificate_fn *fn, void *arg)
{
	PCCERT_CONTEXT certificate = NULL;

	while ((certificate = CertEnumCertificatesInStore(store, certificate)) != NULL)
		fn(arg, certificate->pbCertEncoded, certificate->cbCertEncoded,
			has_key(certificate));
	CertCloseStore(store, 0);
}

/* ---- roots ---- */

/* Windows can limit a root to other purposes than servers, without a word in the certificate. */
static bool is_for_servers(PCCERT_CONTEXT root)
{
	union {
		CERT_ENHKEY_USAGE usage;
		BYTE bytes[4096];
	} limits;
	DWORD size = sizeof limits;

	if (!CertGetEnhancedKeyUsage(
		    root, CERT_FIND_PROP_ONLY_ENHKEY_USAGE_FLAG, &limits.usage, &size))
		return true; /* there is no limit, or none of a sensible length */
	if (limits.usage.cUsageIdentifier == 0)
		return GetLastError() ==
		       (DWORD)CRYPT_E_NOT_FOUND; /* for everything; else for nothing */
	for (DWORD i = 0; i < limits.usage.cUsageIdentifier; i++)
		if (strcmp(limits.usage.rgpszUsageIdentifier[i], szOID_PKIX_KP_SERVER_AUTH) == 0)
			return true;
	return false;
}

static bool is_in(HCERTSTORE store, PCCERT_CONTEXT certificate)
{
	PCCERT_CONTEXT found = store != NULL ? CertFindCertificateInStore(store, X509_ASN_ENCODING,
						       0, CERT_FIND_EXISTING, certificate, NULL)
					     : NULL;

	CertFreeCertificateContext(found);
	return found != NULL;
}

static void tell_roots(HCERTSTORE store, platform_certificate_fn *fn, void *arg)
{
	HCERTSTORE forbidden = open_shared_store(L"Disallowed");
	PCCERT_CONTEXT root = NULL;

	while ((root = CertEnumCertificatesInStore(store, root)) != NULL)
		if (is_for_servers(root) && !is_in(forbidden, root))
			fn(arg, root->pbCertEncoded, root->cbCertEncoded, false);
	if (forbidden != NULL)
		CertCloseStore(forbidden, 0);
	CertCloseStore(store, 0);
}

int platform_certificates(
	enum platform_store store, platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	bool personal = store == PLATFORM_STORE_PERSONAL;
	HCERTSTORE handle = personal ? open_store(L"MY", CERT_SYSTEM_STORE_CURRENT_USER)
				     : open_shared_store(L"ROOT");

	if (handle == NULL) {
		if (GetLastError() == ERROR_FILE_NOT_FOUND)
			return 0; /* nothing was ever put there */
		windows_why(why, personal ? "MY" : "ROOT", GetLastError());
		return -1;
	}
	if (personal)
		tell_all(handle, fn, arg);
	else
		tell_roots(handle, fn, arg);
	return 0;
}

void platform_intermediates(platform_certificate_fn *fn, void *arg)
{
	HCERTSTORE handle = open_shared_store(L"CA");

	if (handle != NULL)
		tell_all(handle, fn, arg);
}

bool platform_fetches_issuers(void)
{
	return true;
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
