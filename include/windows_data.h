/*
 * What Windows' numbers and texts mean, without asking Windows: everything here is tested on any
 * system, and src/platform/windows_*.c only fetches what it is given.
 */
#ifndef PREFLIGHT_WINDOWS_DATA_H
#define PREFLIGHT_WINDOWS_DATA_H

#include <stdbool.h>
#include <stddef.h>

#include "platform.h"

/* ---- version and edition ---- */

struct windows_version {
	unsigned long major, minor, build; /* RtlGetVersion */
	bool workstation;                  /* wProductType is VER_NT_WORKSTATION */
	char installation[32];             /* InstallationType: "Client", "Server", "Server Core" */
};

/*
 * Fills version, channel and name of *info from the numbers and from what is in it already:
 * edition, release, service_pack, s_mode.
 */
void windows_describe(const struct windows_version *version, struct os_info *info);

/* "x86_64" of IMAGE_FILE_MACHINE_* (0x8664), or "" */
const char *windows_machine_name(unsigned machine);
/* The same of PROCESSOR_ARCHITECTURE_* */
const char *windows_processor_name(unsigned architecture);

/* ---- adapters and VPN connections ---- */

/* By IfType (iana-ifType-mib), and by the description: Ethernet is also what VPN adapters say. */
enum netif_kind windows_adapter_kind(unsigned long type, const char *description);

/* The client that an adapter's description belongs to, and its kind; false: none that is known. */
bool windows_vpn_client(const char *description, const char **name, const char **kind);

/* "ikev2" of RASCONN.szDeviceName ("WAN Miniport (IKEv2)"); "windows" when it says nothing. */
const char *windows_vpn_kind(const char *device);
/* The same of RASENTRY.dwVpnStrategy (VS_*). */
const char *windows_vpn_strategy(unsigned long strategy);

/* ---- software ---- */

#define WINDOWS_GUID_SIZE 39 /* "{8-4-4-4-12}" and the end */

/*
 * A product or upgrade code as Windows Installer writes it in names of keys: 32 hex digits, each
 * part backwards. False when it is none.
 */
bool windows_guid_unpack(const char *packed, char guid[WINDOWS_GUID_SIZE]);
bool windows_is_guid(const char *text);

/*
 * "AppleInc.iTunes_12.13.1.3_x64__nzyj5cx40ttqa": name, version, architecture, publisher's id. Both
 * results are to be freed; the version is NULL when the name has no such parts.
 */
void windows_store_name(const char *full, char **name, char **version);

/* ---- proxies ---- */

/*
 * Takes the next proxy that counts for HTTPS from "proxy:8080" or "http=a:80;https=b:80;socks=c",
 * with its scheme; false at the end. What does not fit is left out.
 */
bool windows_proxy_next(const char **at, char *url, size_t size);

#endif
