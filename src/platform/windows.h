/*
 * What the Windows parts of the OS layer share: UTF-16, error texts, the registry, addresses.
 * Everything below is for Windows 10 and later; what the cross compiler's headers lack is loaded
 * by name. Include this before any header of Windows.
 */
#ifndef PREFLIGHT_PLATFORM_WINDOWS_H
#define PREFLIGHT_PLATFORM_WINDOWS_H

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
/* clang-format off */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <iphlpapi.h>
/* clang-format on */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

/* Windows' headers for C++ and COM make this ordinary word a macro. */
#undef interface

#include "platform.h"

/* ---- windows_text.c ---- */

/* UTF-8 to UTF-16 and back; what is malformed becomes U+FFFD. The caller frees with free(). */
wchar_t *windows_wide(const char *text);
char *windows_utf8(const wchar_t *text);
/*
 * A path as Windows' functions take it: what is too long for them as it stands becomes a full path
 * of the form \\?\C:\... or \\?\UNC\server\share\.... The caller frees with free().
 */
wchar_t *windows_path(const char *path);
/* Into a fixed buffer, cut at a whole character. */
void windows_copy(char *to, size_t size, const wchar_t *text);
/*
 * Appends "WHAT: reason (error N)" to why, which may be NULL; a code of GetLastError and kin. The
 * reason is in English where this Windows has it in English: reports of one kind should read alike.
 */
void windows_why(struct strbuf *why, const char *what, unsigned long code);

/* ---- windows_screen.c ---- */

/* From here on the standard streams that are consoles show UTF-8; until the end of the program. */
void windows_screen_begin(void);
void windows_screen_end(void);
/* Shows text on the console at once, behind all that was printed before. */
void windows_screen_show(const char *text);

/* ---- windows_ask.c ---- */

/* Whether nothing goes on but waiting for somebody at the keyboard: there is nothing to finish. */
bool windows_only_waits(void);

/* ---- windows_registry.c ---- */

/* A key of the 64-bit view for reading, NULL and *code when it cannot be opened. */
HKEY windows_key(HKEY root, const wchar_t *path, REGSAM view, LONG *code);
/* REG_SZ or REG_EXPAND_SZ (expanded) as UTF-8, malloc'd; NULL when there is none. */
char *windows_string_value(HKEY key, const wchar_t *name);
/* The same by root and path, of the 64-bit view, into a buffer; false when there is none. */
bool windows_string(HKEY root, const wchar_t *path, const wchar_t *name, char *to, size_t size);
/* REG_MULTI_SZ, or the only item of another string, added to a list. */
void windows_string_list(HKEY key, const wchar_t *name, struct strs *list);
/* REG_DWORD; false when there is none. */
bool windows_number_value(HKEY key, const wchar_t *name, DWORD *number);
bool windows_number(HKEY root, const wchar_t *path, const wchar_t *name, DWORD *number);
/*
 * Tells every subkey, by fn(arg, key, name, code): key NULL and the code for one that cannot be
 * opened. Returns ERROR_SUCCESS also where the parent is absent, else why the parent cannot be
 * read.
 */
typedef void windows_subkey_fn(void *arg, HKEY key, const char *name, LONG code);
LONG windows_subkeys(HKEY root, const wchar_t *path, REGSAM view, windows_subkey_fn *fn, void *arg);

/* ---- windows_installer.c ---- */

/*
 * Adds each program of the inventory whose upgrade code Windows Installer knows once more, with
 * that code. ERROR_SUCCESS, or why they cannot be read.
 */
LONG windows_add_upgrade_codes(struct inventory *inventory);

/* ---- windows_net.c ---- */

/* The adapters as the system lists them; the caller frees with free(). NULL and the reason. */
IP_ADAPTER_ADDRESSES *windows_adapters(struct strbuf *why);

/* ---- windows_nrpt.c ---- */

/* Adds the rules for single names. */
void windows_dns_rules(struct dns_servers *servers);
/* Sets the domains that are appended to names with dots. */
void windows_dns_suffixes(struct dns_servers *servers, const IP_ADAPTER_ADDRESSES *adapters);

/* ---- windows_tcp.c ---- */

/* Makes ICMP errors end a connect of this socket; false where Windows cannot (before 10 2004). */
bool windows_tcp_fail_on_icmp(SOCKET socket);
/* The ICMP message that ended a connect, into *end; false where there was none or it is not told.
 */
bool windows_tcp_icmp(SOCKET socket, struct tcp_end *end);

#endif
