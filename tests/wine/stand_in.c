/*
 * Stands in for three of Wine's libraries where they do not do what Windows does: the Winsock
 * catalogue, which is fixed in Wine, and the names of network adapters, which are those of the
 * system below, are read from the registry; keys of certificates come from CNG. Everything else
 * goes on to Wine's own; plant.py writes the list of what. Its program is the one under test, with
 * this library's name in its table of imports.
 */
#define _WIN32_WINNT 0x0A00
#include <winsock2.h>
#include <ws2spi.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <ncrypt.h>
#include <stdlib.h>
#include <string.h>

#define CATALOG L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\Parameters\\Protocol_Catalog9\\"
#define ADAPTERS                                                                                   \
	L"SYSTEM\\CurrentControlSet\\Control\\Class\\{4D36E972-E325-11CE-BFC1-08002BE10318}\\"

/* PackedCatalogItem, as Windows has it. */
struct item {
	char library[MAX_PATH];
	WSAPROTOCOL_INFOW protocol;
};

static int read_catalog(const wchar_t *path, WSAPROTOCOL_INFOW *list, DWORD *size, int *error)
{
	DWORD count = 0, room = list != NULL ? *size / (DWORD)sizeof *list : 0,
	      got = sizeof(struct item);
	struct item item;
	wchar_t name[64];
	HKEY key, entry;

	if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ, &key) != ERROR_SUCCESS)
		return 0;
	for (; RegEnumKeyW(key, count, name, 64) == ERROR_SUCCESS; count++, got = sizeof item) {
		if (RegOpenKeyExW(key, name, 0, KEY_READ, &entry) != ERROR_SUCCESS)
			continue;
		RegQueryValueExW(entry, L"PackedCatalogItem", NULL, NULL, (BYTE *)&item, &got);
		RegCloseKey(entry);
		if (count < room)
			list[count] = item.protocol;
	}
	RegCloseKey(key);
	*size = count * (DWORD)sizeof *list;
	if (count <= room)
		return (int)count;
	*error = WSAENOBUFS;
	return SOCKET_ERROR;
}

int WSPAPI stand_in_protocols(int *wanted, WSAPROTOCOL_INFOW *list, DWORD *size, int *error)
{
	(void)wanted;
	return read_catalog(CATALOG L"Catalog_Entries64", list, size, error);
}

int WSPAPI stand_in_protocols32(int *wanted, WSAPROTOCOL_INFOW *list, DWORD *size, int *error)
{
	(void)wanted;
	return read_catalog(CATALOG L"Catalog_Entries", list, size, error);
}

static void describe(IP_ADAPTER_ADDRESSES *adapter)
{
	wchar_t path[512] = ADAPTERS, text[256];
	DWORD size = sizeof text;

	wcsncat(path, adapter->FriendlyName, 200);
	if (RegGetValueW(HKEY_LOCAL_MACHINE, path, L"DriverDesc", RRF_RT_REG_SZ, NULL, text,
		    &size) == ERROR_SUCCESS)
		adapter->Description = _wcsdup(text);
}

ULONG WINAPI stand_in_adapters(
	ULONG family, ULONG flags, void *reserved, IP_ADAPTER_ADDRESSES *list, ULONG *size)
{
	ULONG code = GetAdaptersAddresses(family, flags, reserved, list, size);

	for (IP_ADAPTER_ADDRESSES *a = code == NO_ERROR ? list : NULL; a != NULL; a = a->Next)
		describe(a);
	return code;
}

/* ---- keys ---- */

static BYTE *put_reversed(BYTE *to, const BYTE *from, DWORD len)
{
	for (DWORD i = 0; i < len; i++)
		to[i] = from[len - 1 - i];
	return to + len;
}

/* The numbers of a PRIVATEKEYBLOB, lowest octet first, as CNG wants them; returns the length. */
static DWORD translate(const BYTE *from, BYTE *to)
{
	const RSAPUBKEY *key = (const void *)(from + sizeof(BLOBHEADER));
	DWORD size = key->bitlen / 8, half = key->bitlen / 16;
	const BYTE *numbers = (const BYTE *)(key + 1);
	BCRYPT_RSAKEY_BLOB header = {BCRYPT_RSAPRIVATE_MAGIC, key->bitlen, 3, size, half, half};
	BYTE *end = to + sizeof header;

	memcpy(to, &header, sizeof header);
	end = put_reversed(end, (const BYTE *)&key->pubexp, 3);
	end = put_reversed(end, numbers, size);
	end = put_reversed(end, numbers + size, half);
	end = put_reversed(end, numbers + size + half, half);
	return (DWORD)(end - to);
}

static BYTE taken[4096]; /* the key that was opened last */
static DWORD taken_len;
static int signatures; /* asked for */

static NCRYPT_KEY_HANDLE import_taken(void)
{
	NCRYPT_PROV_HANDLE storage;
	NCRYPT_KEY_HANDLE made = 0;

	if (NCryptOpenStorageProvider(&storage, MS_KEY_STORAGE_PROVIDER, 0) == ERROR_SUCCESS)
		NCryptImportKey(
			storage, 0, BCRYPT_RSAPRIVATE_BLOB, NULL, &made, taken, taken_len, 0);
	return made;
}

static NCRYPT_KEY_HANDLE take_over(HCRYPTPROV provider)
{
	BYTE blob[4096];
	DWORD size = sizeof blob;
	HCRYPTKEY key;

	if (!CryptGetUserKey(provider, AT_KEYEXCHANGE, &key) ||
		!CryptExportKey(key, 0, PRIVATEKEYBLOB, 0, blob, &size))
		return 0;
	taken_len = translate(blob, taken);
	return import_taken();
}

/* A key of Wine's that has signed by PSS does not sign otherwise any more: each time a new one. */
SECURITY_STATUS WINAPI stand_in_sign(NCRYPT_KEY_HANDLE handle, void *padding, BYTE *hash, DWORD len,
	BYTE *signature, DWORD size, DWORD *made, DWORD flags)
{
	NCRYPT_KEY_HANDLE key = import_taken();
	SECURITY_STATUS status;

	(void)handle;
	if (GetEnvironmentVariableW(L"SIGNS_ONCE", NULL, 0) > 0 && signatures++ > 0)
		return NTE_SILENT_CONTEXT;
	status = NCryptSignHash(key, padding, hash, len, signature, size, made, flags);
	NCryptFreeObject(key);
	return status;
}

/* Windows opens keys of its older providers by CNG too, when that is asked for; Wine does not. */
BOOL WINAPI stand_in_key(PCCERT_CONTEXT certificate, DWORD flags, void *parameters,
	HCRYPTPROV_OR_NCRYPT_KEY_HANDLE *handle, DWORD *kind, BOOL *ours)
{
	if (!CryptAcquireCertificatePrivateKey(
		    certificate, flags, parameters, handle, kind, ours) ||
		(flags & CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG) == 0)
		return FALSE;
	*handle = take_over(*handle);
	*kind = CERT_NCRYPT_KEY_SPEC;
	*ours = TRUE;
	return *handle != 0;
}
