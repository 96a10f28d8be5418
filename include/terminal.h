/*
 * A snapshot of this terminal's network configuration, taken once before anything is sent: it
 * decides the phase, feeds the plan and is shared read-only by all checks.
 */
#ifndef PREFLIGHT_TERMINAL_H
#define PREFLIGHT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "platform.h"

/* One line of the hosts file that names something. */
struct hosts_entry {
	char *name; /* lower case, no trailing dot; owned */
	struct net_addr addr;
	int line; /* 1-based */
};

struct terminal {
	struct os_info os;
	bool os_known;
	struct netifs interfaces;
	bool interfaces_known;
	struct route_info route4, route6;
	bool routes_known;
	struct dns_servers dns;
	bool dns_known;
	struct proxy_settings proxies;
	bool proxies_known;
	struct vpn_connections vpns;
	bool vpns_known;
	char hosts_path[512];
	struct hosts_entry *hosts; /* owned */
	size_t host_count, host_capacity;
	bool hosts_known;
	struct strbuf why; /* what could not be read: reasons separated by "; " */
};

void terminal_read(struct terminal *t);
void terminal_release(struct terminal *t);

/* Parses a hosts file's text (BOM, CRLF, comments, several names a line) into entries. */
void terminal_parse_hosts(struct terminal *t, const char *text, size_t len);

/*
 * A VPN that is connected and carries what goes to the Internet, or NULL: the registry's does
 * (manual of 2018), remote maintenance and the like mostly do not.
 */
const struct vpn_connection *terminal_vpn(const struct terminal *t);

/* The interface of the IPv4 default route (else IPv6), or NULL. */
const struct netif *terminal_default_interface(const struct terminal *t);

/* Whether addr is one of this terminal's own, or its default gateway. */
bool terminal_is_own(const struct terminal *t, const struct net_addr *addr);
bool terminal_is_gateway(const struct terminal *t, const struct net_addr *addr);

#endif
