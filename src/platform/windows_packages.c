/*
 * What is installed: uninstall entries, Windows Installer's upgrade codes, services and drivers,
 * adapters, Winsock providers, packages of the store, and the switches that rules ask for. An
 * ordinary user may read nearly all of it; a kind with a part that he may not is not complete, and
 * the reason says which part.
 *
 * Programs of other users are read where their part of the registry is loaded and open to this one;
 * elsewhere Windows shows them to nobody but an administrator, and they are none of this terminal's
 * conflicts: what drives the network is installed for all.
 */
#include "windows.h"
#include "sockets.h"

#include <iphlpapi.h>
#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <ws2spi.h>

#include "windows_data.h"

#define UNINSTALL L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
#define SERVICES  L"SYSTEM\\CurrentControlSet\\Services"
#define STORE                                                                                      \
	L"Software\\Classes\\Local Settings\\Software\\Microsoft\\Windows\\CurrentVersion"         \
	L"\\AppModel\\Repository\\Packages"
#define SHARING  L"SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters"
#define EXPLORER L"SOFTWARE\\Microsoft\\Internet Explorer"

/* Of services and drivers: SERVICE_* of winnt.h. */
#define TYPE_DRIVERS  (SERVICE_KERNEL_DRIVER | SERVICE_FILE_SYSTEM_DRIVER)
#define TYPE_SERVICES (SERVICE_WIN32_OWN_PROCESS | SERVICE_WIN32_SHARE_PROCESS)

#define WHY_SEPARATOR "; "

struct reading {
	struct inventory *inventory;
	struct strbuf *why; /* or NULL */
	bool complete;      /* of what is being read */
};

/* Something could not be read. */
static void missing(struct reading *r, const char *what, const char *name, LONG code)
{
	char text[320];

	r->complete = false;
	if (r->why == NULL)
		return;
	if (r->why->len > 0)
		strbuf_adds(r->why, WHY_SEPARATOR);
	snprintf(text, sizeof text, "%s%s%s", what, *name != '\0' ? " " : "", name);
	windows_why(r->why, text, (unsigned long)code);
}

static void read_subkeys(struct reading *r, HKEY root, const wchar_t *path, REGSAM view,
	windows_subkey_fn *fn, const char *what)
{
	LONG code = windows_subkeys(root, path, view, fn, r);

	if (code != ERROR_SUCCESS)
		missing(r, what, "", code);
}

/* ---- programs ---- */

/* One without a title is not shown to people, but has its code. */
static void add_program(void *arg, HKEY key, const char *name, LONG code)
{
	struct reading *r = arg;
	char *title, *version, *publisher;

	if (key == NULL) {
		missing(r, "uninstall entry", name, code);
		return;
	}
	title = windows_string_value(key, L"DisplayName");
	version = windows_string_value(key, L"DisplayVersion");
	publisher = windows_string_value(key, L"Publisher");
	if (title != NULL && *title != '\0')
		inventory_add(r->inventory, INVENTORY_PROGRAM, title, version, publisher, name);
	else if (windows_is_guid(name))
		inventory_add(r->inventory, INVENTORY_PROGRAM, name, version, publisher, name);
	free(title);
	free(version);
	free(publisher);
}

/* This user's own part of HKEY_USERS, which HKEY_CURRENT_USER is; "" when it cannot be told. */
static void own_part(char *name, size_t size)
{
	union {
		TOKEN_USER user;
		BYTE bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
	} buffer;
	HANDLE token;
	DWORD len = 0;
	wchar_t *sid = NULL;

	name[0] = '\0';
	if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
		return;
	if (GetTokenInformation(token, TokenUser, &buffer, sizeof buffer, &len) &&
		ConvertSidToStringSidW(buffer.user.User.Sid, &sid))
		windows_copy(name, size, sid);
	LocalFree(sid);
	CloseHandle(token);
}

/* People of this computer, of a domain, and of Entra; not services, not their Classes. */
static bool is_person(const char *name)
{
	return (strncmp(name, "S-1-5-21-", 9) == 0 || strncmp(name, "S-1-12-1-", 9) == 0) &&
	       strchr(name, '_') == NULL;
}

static void add_user(void *arg, HKEY key, const char *name, LONG code)
{
	struct reading *r = arg;
	char own[SECURITY_MAX_SID_SIZE * 4];
	bool before = r->complete;
	struct strbuf *why = r->why;

	(void)code;
	own_part(own, sizeof own);
	if (key == NULL || !is_person(name) || strcmp(name, own) == 0)
		return;
	r->why = NULL;
	windows_subkeys(key, UNINSTALL, 0, add_program, r);
	r->why = why;
	r->complete = before;
}

static void read_programs(struct reading *r)
{
	read_subkeys(r, HKEY_LOCAL_MACHINE, UNINSTALL, KEY_WOW64_64KEY, add_program, "Uninstall");
	read_subkeys(r, HKEY_LOCAL_MACHINE, UNINSTALL, KEY_WOW64_32KEY, add_program,
		"Uninstall (32 bit)");
	read_subkeys(r, HKEY_CURRENT_USER, UNINSTALL, 0, add_program, "Uninstall (user)");
	windows_subkeys(HKEY_USERS, L"", 0, add_user, r);
	LONG code = windows_add_upgrade_codes(r->inventory);
	if (code != ERROR_SUCCESS)
		missing(r, "UpgradeCodes", "", code);
}

/* ---- services and drivers ---- */

/*
 * Software that defends itself keeps its key to itself; the service manager may tell its type. Not
 * every key is a service's: ERROR_SERVICE_DOES_NOT_EXIST.
 */
static DWORD ask_manager(const char *name, DWORD *type)
{
	SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
	wchar_t *wide = windows_wide(name);
	SC_HANDLE service =
		manager != NULL ? OpenServiceW(manager, wide, SERVICE_QUERY_STATUS) : NULL;
	SERVICE_STATUS status;
	DWORD code = ERROR_SUCCESS;

	if (service == NULL || !QueryServiceStatus(service, &status))
		code = GetLastError();
	else
		*type = status.dwServiceType;
	if (service != NULL)
		CloseServiceHandle(service);
	if (manager != NULL)
		CloseServiceHandle(manager);
	free(wide);
	return code;
}

/* One that is disabled does nothing: many come with Windows that way. */
static DWORD read_type(HKEY key)
{
	DWORD type = 0, start = SERVICE_DISABLED;

	return windows_number_value(key, L"Type", &type) &&
			       windows_number_value(key, L"Start", &start) &&
			       start != SERVICE_DISABLED
		       ? type
		       : 0;
}

static void add_service(void *arg, HKEY key, const char *name, LONG code)
{
	struct reading *r = arg;
	DWORD type = 0, asked = ERROR_SUCCESS;

	if (key != NULL)
		type = read_type(key);
	else
		asked = ask_manager(name, &type);
	if (asked != ERROR_SUCCESS && asked != ERROR_SERVICE_DOES_NOT_EXIST &&
		asked != ERROR_INVALID_NAME)
		missing(r, "service", name, code);
	else if (type & TYPE_DRIVERS)
		inventory_add(r->inventory, INVENTORY_DRIVER, name, NULL, NULL, NULL);
	else if (type & TYPE_SERVICES)
		inventory_add(r->inventory, INVENTORY_SERVICE, name, NULL, NULL, NULL);
}

static void read_services(struct reading *r)
{
	read_subkeys(r, HKEY_LOCAL_MACHINE, SERVICES, KEY_WOW64_64KEY, add_service, "Services");
}

/* ---- packages of the store ---- */

static void add_store(void *arg, HKEY key, const char *full, LONG code)
{
	struct reading *r = arg;
	char *name, *version;

	(void)key;
	(void)code;
	windows_store_name(full, &name, &version);
	inventory_add(r->inventory, INVENTORY_STORE, name, version, NULL, full);
	free(name);
	free(version);
}

static void read_store(struct reading *r)
{
	read_subkeys(r, HKEY_CURRENT_USER, STORE, 0, add_store, "Packages");
}

/* ---- Winsock providers ---- */

typedef int(WSAAPI *enum_protocols_fn)(int *, WSAPROTOCOL_INFOW *, DWORD *, int *);

/* Layered providers, and the chains that they are in; the base providers are Windows' own. */
static void add_providers(struct reading *r, const WSAPROTOCOL_INFOW *list, int count)
{
	for (int i = 0; i < count; i++) {
		if (list[i].ProtocolChain.ChainLen == BASE_PROTOCOL)
			continue;
		char *name = windows_utf8(list[i].szProtocol);
		inventory_add(r->inventory, INVENTORY_LSP, name, NULL, NULL, NULL);
		free(name);
	}
}

static void read_catalogue(struct reading *r, enum_protocols_fn enumerate, const char *what)
{
	DWORD size = 0;
	int code = WSAENOBUFS, count = SOCKET_ERROR;
	WSAPROTOCOL_INFOW *list = NULL;

	/* Entries may come between two calls. */
	for (int i = 0; i < 4 && count == SOCKET_ERROR && code == WSAENOBUFS; i++) {
		free(list);
		list = size > 0 ? mem_alloc(size) : NULL;
		count = enumerate(NULL, list, &size, &code);
	}
	if (count == SOCKET_ERROR)
		missing(r, what, "", code);
	else
		add_providers(r, list, count);
	free(list);
}

/* Programs of 32 bits, as the VPN client may be one, have a catalogue of their own. */
static void read_providers(struct reading *r)
{
	HMODULE winsock = GetModuleHandleW(L"ws2_32.dll");
	enum_protocols_fn other =
		(enum_protocols_fn)(void *)GetProcAddress(winsock, "WSCEnumProtocols32");

	read_catalogue(r, WSCEnumProtocols, "WSCEnumProtocols");
	if (other != NULL)
		read_catalogue(r, other, "WSCEnumProtocols32");
}

/* ---- adapters and switches ---- */

/* The address that Windows gives to the adapter of a shared connection. */
static void sharing_address(struct net_addr *addr)
{
	char scope[NET_ADDR_STRLEN];

	if (!windows_string(HKEY_LOCAL_MACHINE, SHARING, L"ScopeAddress", scope, sizeof scope) ||
		!net_addr_parse(scope, addr))
		net_addr_parse("192.168.137.1", addr);
}

static bool has_address(const IP_ADAPTER_ADDRESSES *adapter, const struct net_addr *wanted)
{
	for (const IP_ADAPTER_UNICAST_ADDRESS *u = adapter->FirstUnicastAddress; u != NULL;
		u = u->Next) {
		struct net_addr addr;
		net_addr_of(u->Address.lpSockaddr, &addr);
		if (net_addr_equal(&addr, wanted))
			return true;
	}
	return false;
}

/* Mobile hotspot and hosted network are the same sharing, by an adapter that Windows makes. */
static void add_sharing(struct reading *r, const char *description)
{
	bool hotspot = strstr(description, "Wi-Fi Direct Virtual Adapter") != NULL ||
		       strstr(description, "Hosted Network Virtual Adapter") != NULL;

	inventory_add(
		r->inventory, INVENTORY_STATE, "internet-connection-sharing", NULL, NULL, NULL);
	if (hotspot)
		inventory_add(r->inventory, INVENTORY_STATE, "mobile-hotspot", NULL, NULL, NULL);
}

static void read_adapters(struct reading *r)
{
	struct strbuf why;
	struct net_addr shared;

	strbuf_init(&why, 512);
	sharing_address(&shared);
	IP_ADAPTER_ADDRESSES *adapters = windows_adapters(&why);
	if (adapters == NULL) {
		r->complete = false;
		if (r->why != NULL)
			strbuf_addf(r->why, "%s%s", r->why->len > 0 ? WHY_SEPARATOR : "", why.data);
	}
	for (const IP_ADAPTER_ADDRESSES *a = adapters; a != NULL; a = a->Next) {
		if (a->Description == NULL)
			continue;
		char *name = windows_utf8(a->Description);
		inventory_add(r->inventory, INVENTORY_ADAPTER, name, NULL, NULL, NULL);
		if (a->OperStatus == IfOperStatusUp && has_address(a, &shared))
			add_sharing(r, name);
		free(name);
	}
	free(adapters);
	strbuf_release(&why);
}

static void read_explorer(struct inventory *inventory)
{
	char version[64];

	/* Version stayed at 9.x from 10 on; svcVersion is the real one. */
	if (windows_string(HKEY_LOCAL_MACHINE, EXPLORER, L"svcVersion", version, sizeof version) ||
		windows_string(HKEY_LOCAL_MACHINE, EXPLORER, L"Version", version, sizeof version))
		inventory_add(inventory, INVENTORY_STATE, "internet-explorer", version, NULL, NULL);
}

/* Each part, and the kinds that it fills. */
static const struct {
	void (*read)(struct reading *r);
	enum inventory_kind kinds[2];
} parts[] = {
	{read_programs, {INVENTORY_PROGRAM, INVENTORY_PROGRAM}},
	{read_services, {INVENTORY_SERVICE, INVENTORY_DRIVER}},
	{read_store, {INVENTORY_STORE, INVENTORY_STORE}},
	{read_providers, {INVENTORY_LSP, INVENTORY_LSP}},
	{read_adapters, {INVENTORY_ADAPTER, INVENTORY_STATE}},
};

int platform_inventory(struct inventory *inventory, struct strbuf *why)
{
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		struct reading r = {.inventory = inventory, .why = why, .complete = true};
		parts[i].read(&r);
		for (size_t k = 0; k < 2; k++)
			inventory->complete[parts[i].kinds[k]] = r.complete;
	}
	read_explorer(inventory);
	return 0;
}
