/*
 * Network configuration, as Apple's own commands tell it: without the frameworks nothing else does.
 */
#include "darwin.h"
#include "posix.h"
#include "proxies.h"

#include <string.h>
#include <unistd.h>

#define OUTPUT_MAX (1024u * 1024)
#define TIMEOUT    10.0 /* seconds */
#define QUICK      0.5  /* seconds, of what is asked while answers are timed */

/* What a command prints, in `out`, which the caller releases in any case. */
static int read_output(const char *const argv[], struct strbuf *out, struct strbuf *why)
{
	strbuf_init(out, OUTPUT_MAX);
	return posix_run(argv, TIMEOUT, out, why);
}

int platform_dns_servers(struct dns_servers *servers, struct strbuf *why)
{
	static const char *const argv[] = {"/usr/sbin/scutil", "--dns", NULL};
	struct strbuf out;
	int result = read_output(argv, &out, why);

	memset(servers, 0, sizeof *servers);
	if (result == 0)
		darwin_parse_dns(out.data, servers);
	strbuf_release(&out);
	return result;
}

int platform_proxies(struct proxy_settings *list, struct strbuf *why)
{
	static const char *const argv[] = {"/usr/sbin/scutil", "--proxy", NULL};
	struct strbuf out;
	int result;

	memset(list, 0, sizeof *list);
	strbuf_init(&out, OUTPUT_MAX);
	result = environment_proxies(list, false, why);
	if (result == 0)
		result = posix_run(argv, TIMEOUT, &out, why);
	if (result == 0 && darwin_parse_proxies(out.data, list) != 0) {
		if (why != NULL)
			strbuf_adds(why, "scutil --proxy: an address is too long");
		result = -1;
	}
	strbuf_release(&out);
	if (result != 0)
		proxy_settings_release(list);
	return result;
}

int platform_default_route(int family, struct route_info *route, struct strbuf *why)
{
	const char *const argv[] = {
		"/usr/sbin/netstat", "-rn", "-f", family == 6 ? "inet6" : "inet", NULL};
	struct strbuf out;
	int result = read_output(argv, &out, why);

	memset(route, 0, sizeof *route);
	if (result == 0)
		darwin_parse_routes(out.data, route);
	strbuf_release(&out);
	return result;
}

int platform_route(const struct net_addr *addr, struct route_info *route, struct strbuf *why)
{
	char text[NET_ADDR_STRLEN];
	const char *const argv[] = {"/sbin/route", "-n", "get",
		addr->family == 6 ? "-inet6" : "-inet", net_addr_format(addr, text), NULL};
	struct strbuf out;
	int fd, result = posix_route_try(addr, route, &fd, why);

	if (fd < 0)
		return result;
	close(fd);
	strbuf_init(&out, OUTPUT_MAX);
	if (posix_run(argv, QUICK, &out, NULL) == 0)
		darwin_parse_route_get(out.data, route);
	strbuf_release(&out);
	return 0;
}

bool platform_neighbour_silent(const struct net_addr *addr, const char *interface)
{
	char text[NET_ADDR_STRLEN];
	const char *const argv[] = {addr->family == 6 ? "/usr/sbin/ndp" : "/usr/sbin/arp", "-n",
		net_addr_format(addr, text), NULL};
	struct strbuf out;

	(void)interface;
	strbuf_init(&out, OUTPUT_MAX);
	bool silent =
		posix_run(argv, QUICK, &out, NULL) == 0 && darwin_parse_neighbour_silent(out.data);
	strbuf_release(&out);
	return silent;
}

/* ---- VPNs ---- */

static void read_status(struct vpn_connection *vpn, const char *identifier)
{
	const char *const argv[] = {"/usr/sbin/scutil", "--nc", "status", identifier, NULL};
	struct strbuf out;

	if (read_output(argv, &out, NULL) == 0)
		darwin_parse_service_status(out.data, vpn);
	strbuf_release(&out);
}

static int read_services(struct vpn_connections *list, struct strbuf *why)
{
	static const char *const argv[] = {"/usr/sbin/scutil", "--nc", "list", NULL};
	struct strs identifiers = {0};
	struct strbuf out;
	int result = read_output(argv, &out, why);

	if (result == 0)
		darwin_parse_services(out.data, list, &identifiers);
	for (size_t i = 0; result == 0 && i < identifiers.count; i++)
		if (list->items[i].connected)
			read_status(&list->items[i], identifiers.items[i]);
	strs_release(&identifiers);
	strbuf_release(&out);
	return result;
}

static bool has_interface(const struct vpn_connections *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].interface, name) == 0)
			return true;
	return false;
}

/* Clients such as AnyConnect, and macOS's own IKEv2, are no services: their interface shows. */
static int read_tunnels(struct vpn_connections *list, struct strbuf *why)
{
	struct netifs netifs = {0};
	struct route_info routes[2];

	if (platform_default_route(4, &routes[0], why) != 0 ||
		platform_default_route(6, &routes[1], why) != 0 ||
		platform_interfaces(&netifs, why) != 0)
		return -1;
	for (size_t i = 0; i < netifs.count; i++) {
		struct vpn_connection vpn;

		if (!darwin_vpn(&netifs.items[i], routes, &vpn) ||
			has_interface(list, vpn.interface))
			continue;
		list->items =
			mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
		list->items[list->count++] = vpn;
	}
	netifs_release(&netifs);
	return 0;
}

int platform_vpns(struct vpn_connections *list, struct strbuf *why)
{
	memset(list, 0, sizeof *list);
	if (read_services(list, why) == 0 && read_tunnels(list, why) == 0)
		return 0;
	vpn_connections_release(list);
	return -1;
}
