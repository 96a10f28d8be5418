/*
 * The readers of the Linux OS layer as pure functions over text, so that recorded files can be
 * given to them. Texts are NUL-terminated.
 */
#ifndef PREFLIGHT_PLATFORM_LINUX_H
#define PREFLIGHT_PLATFORM_LINUX_H

#include <stdbool.h>
#include <stddef.h>

#include "inventory.h"
#include "platform.h"

/* os-release(5): fills distro, name, version and edition; the defaults of the page where absent. */
void linux_parse_os_release(const char *text, struct os_info *info);

/* uname's machine as the contract names it: x86_64, aarch64, arm, x86. */
void linux_arch(const char *machine, char *arch, size_t size);

/*
 * resolv.conf(5) as glibc takes it: the first three usable nameserver lines, search list, ndots,
 * and the first nameserver line that it passes over. *servers: empty.
 */
void linux_parse_resolv_conf(const char *text, struct dns_servers *servers);

/* /proc/net/route and /proc/net/ipv6_route: the default route with the lowest metric. */
void linux_parse_route(const char *text, struct route_info *route);
void linux_parse_route6(const char *text, struct route_info *route);

/* What decides the kind of an interface. */
struct linux_netif_hints {
	const char *name;
	const char *devtype; /* DEVTYPE of sysfs uevent; "" when none */
	const char *driver;  /* as ethtool names it; "" when unknown */
	unsigned hatype;     /* ARPHRD_*, 0xffff: unknown */
	bool loopback;       /* IFF_LOOPBACK */
	bool wireless;       /* sysfs has wireless or phy80211 */
	bool tun;            /* sysfs has tun_flags */
	bool physical;       /* sysfs has a device */
};
enum netif_kind linux_netif_kind(const struct linux_netif_hints *hints);

/* Whether an interface shows a connected VPN: a tunnel of a VPN's kind, up, with an address that
 * is not link-local. */
bool linux_vpn(const struct netif *netif, struct vpn_connection *vpn);

/* dpkg's status file: every package whose files are installed. */
void linux_parse_dpkg_status(const char *text, size_t len, struct inventory *inventory);
/* Lines of NAME <tab> VERSION <tab> VENDOR, as asked of rpm. */
void linux_parse_rpm(char *text, struct inventory *inventory);
/* /proc/modules. */
void linux_parse_modules(const char *text, struct inventory *inventory);

/* Whether a directory holds certificates by subject hash (1a2b3c4d.0), as OpenSSL looks for. */
bool linux_has_hash_links(const char *directory);

#endif
