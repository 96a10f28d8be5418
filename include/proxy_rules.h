/*
 * How software reads proxy settings: which hosts a list of exemptions leaves out, and which values
 * name a proxy. Two readings decide: libcurl's (and of what follows it) and the browsers', here
 * Chromium's, on which Edge and Chrome build. Both were compared with the real programs.
 */
#ifndef PREFLIGHT_PROXY_RULES_H
#define PREFLIGHT_PROXY_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a list of exemptions, with its end; companies have long ones. */
#define PROXY_BYPASS_MAX 8192

/*
 * no_proxy as libcurl reads it (lib/noproxy.c): a lone "*"; names and their domains, with or
 * without a dot before or behind, by commas or blanks; addresses and networks for hosts that are
 * addresses.
 */
bool proxy_exempt_curl(const char *list, const char *host);

/*
 * A list as browsers read it (net/proxy_resolution/proxy_bypass_rules.cc): globs, with a scheme or
 * a port if need be; a dot before a name means its subdomains; "<local>" means names without a dot.
 */
enum proxy_list {
	PROXY_LIST_ENVIRONMENT, /* by commas or semicolons; each entry is the end of a name */
	PROXY_LIST_SYSTEM /* of Windows and macOS: by blanks too; each entry is a whole name */
};
bool proxy_exempt_browser(const char *list, enum proxy_list form, const char *host, uint16_t port);

/*
 * Whether browsers take a variable's value for a proxy; what they cannot read they pass over. The
 * scheme does not matter: all but SOCKS mean a proxy that is spoken to in plain HTTP.
 */
bool proxy_browser_value(const char *value);

#endif
