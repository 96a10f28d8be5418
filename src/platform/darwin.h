/*
 * The readers of the macOS OS layer as pure functions over what its commands print and its files
 * hold, so that recorded texts can be given to them on any system. Texts are NUL-terminated; of
 * the commands, in the C locale.
 */
#ifndef PREFLIGHT_PLATFORM_DARWIN_H
#define PREFLIGHT_PLATFORM_DARWIN_H

#include <stdbool.h>
#include <stddef.h>

#include "inventory.h"
#include "platform.h"

/* ---- versions ---- */

/*
 * The version of macOS from what a program is told ("15.7.1") and the kernel's release ("24.6.0").
 * A program that was linked for an old system is told 10.16 on macOS 11 and later, and 16.0 on
 * macOS 26: the kernel decides. False when the two disagree; then version is only as exact as the
 * kernel's ("26").
 */
bool darwin_version(const char *told, const char *kernel, char *version, size_t size);

/* "macOS 26.1 (Tahoe)", "OS X 10.11.6 (El Capitan)". */
void darwin_name(const char *version, char *name, size_t size);

/* ---- network ---- */

/* scutil --dns: the servers for names of every domain, in order; those of one domain are left out.
 */
void darwin_parse_dns(const char *text, struct dns_servers *servers);

/* scutil --proxy: what is switched on. -1: one does not fit. */
int darwin_parse_proxies(const char *text, struct proxy_settings *list);

/* scutil --nc list: adds a VPN and its identifier for each. */
void darwin_parse_services(
	const char *text, struct vpn_connections *list, struct strs *identifiers);
/*
 * scutil --nc status IDENTIFIER, of a connected service: its interface. What has none is no
 * connected VPN: filters of programs' traffic (AnyConnect's "acsock") are services, too.
 */
void darwin_parse_service_status(const char *text, struct vpn_connection *vpn);

/* netstat -rn -f inet or inet6. */
void darwin_parse_routes(const char *text, struct route_info *route);

/* route -n get ADDRESS: interface, gateway, and whether the route refuses. */
void darwin_parse_route_get(const char *text, struct route_info *route);
/* arp -n ADDRESS, ndp -n ADDRESS: it was asked for, and nobody has answered. */
bool darwin_parse_neighbour_silent(const char *text);

/* networksetup -listallhardwareports: the name of the port whose device this is; "" for none. */
void darwin_port_name(const char *text, const char *device, char *name, size_t size);

/* What decides the kind of an interface. */
struct darwin_netif_hints {
	const char *name;
	const char *port; /* of networksetup; "" when none */
	unsigned type;    /* IFT_*, 0: unknown */
	bool loopback;    /* IFF_LOOPBACK */
	bool wireless;    /* its media are those of IEEE 802.11 */
};
enum netif_kind darwin_netif_kind(const struct darwin_netif_hints *hints);

/*
 * Whether an interface shows a connected VPN: a tunnel, up, with an address that others can reach.
 * A utun, which macOS itself and Tailscale, Zscaler and the like always have, must also be where
 * one of the default routes leads; routes: of IPv4 and of IPv6.
 */
bool darwin_vpn(
	const struct netif *netif, const struct route_info routes[2], struct vpn_connection *vpn);

/* ---- software ---- */

/*
 * Info.plist of an application in `folder` ("Safari.app"), NULL when it has none: then it is only a
 * name. -1, and nothing is added, when the list cannot be read.
 */
int darwin_add_bundle(struct inventory *inventory, const char *folder, const void *plist,
	size_t len, struct strbuf *why);
/* A property list of /var/db/receipts. */
int darwin_add_receipt(
	struct inventory *inventory, const void *plist, size_t len, struct strbuf *why);
/* com.apple.nat.plist: whether Internet Sharing is on; -1: not told. */
int darwin_sharing(const void *plist, size_t len);

/*
 * Adds the applications in a folder and in the folders within; the receipts of a folder; the state
 * of Internet Sharing by its file. False, with a reason, when not all could be read. plutil:
 * Apple's program, which is asked for property lists in forms that are not read here (OpenStep,
 * UTF-16).
 */
bool darwin_read_bundles(
	const char *folder, const char *plutil, struct inventory *inventory, struct strbuf *why);
bool darwin_read_receipts(const char *folder, struct inventory *inventory, struct strbuf *why);
bool darwin_read_sharing(const char *path, struct inventory *inventory, struct strbuf *why);

/* ---- certificates ---- */

/* security find-identity: SHA-1 digests of the certificates whose keys are there, upper case. */
void darwin_parse_identities(const char *text, struct strs *digests);
/* security find-certificate -a -p; has_key of those whose digest is in the list. */
void darwin_each_certificate(
	const char *pem, const struct strs *digests, platform_certificate_fn *fn, void *arg);

/*
 * What administrators and this user settled about certificates, for TLS servers: SHA-1 digests,
 * upper case. What stands in both lists is denied. Initialise with {0}.
 */
struct darwin_trust {
	struct strs trusted, denied;
};
void darwin_trust_release(struct darwin_trust *trust);
/* Adds what security trust-settings-export wrote, or Admin.plist has. -1: no such list. */
int darwin_parse_trust(const void *plist, size_t len, struct darwin_trust *trust);
/*
 * Adds the settings of administrators and of this user as `program` (security) exports them, by
 * way of a folder of its own that is gone afterwards; `old`: where old systems keep those of
 * administrators, for when the program tells none.
 */
void darwin_read_trust(const char *program, const char *old, struct darwin_trust *trust);
/*
 * security find-certificate -a -p: tells those that are roots. added: none but those that the
 * settings name; else all (Apple's own) that are not denied.
 */
void darwin_each_root(const char *pem, const struct darwin_trust *trust, bool added,
	platform_certificate_fn *fn, void *arg);

/* ---- for the readers ---- */

/* The next line without the blanks around it into line, cut off at size; false at the end. */
bool darwin_line(const char **text, char *line, size_t size);
/* The value of "key : value" or "key: value", its key being cut off in place; NULL for none. */
char *darwin_value(char *line);

#endif
