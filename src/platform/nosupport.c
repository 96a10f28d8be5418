/*
 * An operating system whose own files are not written yet: what this terminal is and has cannot
 * be read, and every question says so. Goes with common.c and posix_*.c.
 */
#include "platform.h"

#include <string.h>

static int unsupported(struct strbuf *why, const char *what)
{
	if (why != NULL)
		strbuf_addf(why, "%s: unsupported on this operating system", what);
	return -1;
}

int platform_os(struct os_info *info, struct strbuf *why)
{
	memset(info, 0, sizeof *info);
	return unsupported(why, "operating system");
}

int platform_dns_servers(struct dns_servers *servers, struct strbuf *why)
{
	memset(servers, 0, sizeof *servers);
	return unsupported(why, "DNS servers");
}

int platform_interfaces(struct netifs *list, struct strbuf *why)
{
	memset(list, 0, sizeof *list);
	return unsupported(why, "network interfaces");
}

int platform_default_route(int family, struct route_info *route, struct strbuf *why)
{
	memset(route, 0, sizeof *route);
	return unsupported(why, family == 6 ? "IPv6 default route" : "IPv4 default route");
}

int platform_route(const struct net_addr *addr, struct route_info *route, struct strbuf *why)
{
	(void)addr;
	memset(route, 0, sizeof *route);
	return unsupported(why, "routes");
}

bool platform_neighbour_silent(const struct net_addr *addr, const char *interface)
{
	(void)addr;
	(void)interface;
	return false;
}

int platform_proxies(struct proxy_settings *list, struct strbuf *why)
{
	memset(list, 0, sizeof *list);
	return unsupported(why, "proxies");
}

int platform_vpns(struct vpn_connections *list, struct strbuf *why)
{
	memset(list, 0, sizeof *list);
	return unsupported(why, "VPN connections");
}

int platform_inventory(struct inventory *inventory, struct strbuf *why)
{
	(void)inventory;
	return unsupported(why, "installed software");
}

int platform_certificates(
	enum platform_store store, platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	(void)store;
	(void)fn;
	(void)arg;
	return unsupported(why, "certificate store");
}

const char *platform_ca_directory(void)
{
	return "";
}

const char *platform_ca_file(void)
{
	return "";
}

bool platform_fetches_issuers(void)
{
	return false;
}
