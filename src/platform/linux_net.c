/*
 * Routes, read from /proc.
 */
#include "linux.h"
#include "proxies.h"
#include "posix.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROC_MAX     (8 * 1024 * 1024)
#define RTF_UP       0x0001u
#define RTF_REJECT   0x0200u
#define IPV6_HEX_LEN 32

/* ---- routes ---- */

static void take_route(
	struct route_info *route, const char *interface, const struct net_addr *gateway)
{
	route->present = true;
	snprintf(route->interface, sizeof route->interface, "%s", interface);
	route->gateway = *gateway;
}

static struct net_addr ipv4_of(unsigned raw)
{
	struct net_addr addr = {.family = raw != 0 ? 4 : 0};
	uint32_t bytes = raw;

	memcpy(addr.bytes, &bytes, 4);
	return addr;
}

/*
 * The kernel prints addresses as native integers of network-order bytes. VPN clients replace the
 * default route by two halves (0.0.0.0/1 and 128.0.0.0/1) that win over it.
 */
void linux_parse_route(const char *text, struct route_info *route)
{
	struct route_info whole = {0}, half = {0};
	unsigned best = UINT_MAX;
	bool upper = false;
	uint8_t one_bytes[4] = {128, 0, 0, 0};
	uint32_t one;

	memcpy(&one, one_bytes, sizeof one);
	for (const char *line = text; (line = strchr(line, '\n')) != NULL;) {
		char interface[IF_NAMESIZE + 1];
		unsigned destination, gateway, flags, metric, mask;

		line++;
		if (sscanf(line, "%16s %x %x %x %*s %*s %u %x", interface, &destination, &gateway,
			    &flags, &metric, &mask) != 6 ||
			(flags & RTF_UP) == 0 || (flags & RTF_REJECT) != 0)
			continue;
		struct net_addr addr = ipv4_of(gateway);
		if (destination == 0 && mask == 0 && (!whole.present || metric < best)) {
			best = metric;
			take_route(&whole, interface, &addr);
		} else if (destination == 0 && mask == one) {
			take_route(&half, interface, &addr);
		} else if (destination == one && mask == one) {
			upper = true;
		}
	}
	*route = half.present && upper ? half : whole;
}

static bool parse_hex_addr(const char *hex, struct net_addr *addr)
{
	memset(addr, 0, sizeof *addr);
	for (size_t i = 0; i < sizeof addr->bytes; i++) {
		unsigned byte;

		if (sscanf(hex + 2 * i, "%2x", &byte) != 1)
			return false;
		addr->bytes[i] = (uint8_t)byte;
		if (byte != 0)
			addr->family = 6;
	}
	return true;
}

void linux_parse_route6(const char *text, struct route_info *route)
{
	static const char zero[] = "00000000000000000000000000000000";
	unsigned best = UINT_MAX;

	memset(route, 0, sizeof *route);
	for (const char *line = text; *line != '\0';) {
		char destination[IPV6_HEX_LEN + 1], gateway[IPV6_HEX_LEN + 1];
		char interface[IF_NAMESIZE + 1];
		unsigned prefix, metric, flags;
		struct net_addr addr;
		const char *end = line + strcspn(line, "\n");

		if (sscanf(line, "%32s %x %*s %*s %32s %x %*s %*s %x %16s", destination, &prefix,
			    gateway, &metric, &flags, interface) == 6 &&
			prefix == 0 && strcmp(destination, zero) == 0 && (flags & RTF_UP) != 0 &&
			(flags & RTF_REJECT) == 0 && strcmp(interface, "lo") != 0 &&
			(!route->present || metric < best) && strlen(gateway) == IPV6_HEX_LEN &&
			parse_hex_addr(gateway, &addr)) {
			best = metric;
			take_route(route, interface, &addr);
		}
		line = *end == '\n' ? end + 1 : end;
	}
}

int platform_default_route(int family, struct route_info *route, struct strbuf *why)
{
	const char *path = family == 6 ? "/proc/net/ipv6_route" : "/proc/net/route";
	size_t len;
	char *text = posix_read_file(path, PROC_MAX, &len, NULL);

	memset(route, 0, sizeof *route);
	/* A kernel without IPv6 has no such file and no such route. */
	if (text == NULL && !(family == 6 && errno == ENOENT)) {
		posix_why(why, path, errno);
		return -1;
	}
	if (text != NULL && family == 6)
		linux_parse_route6(text, route);
	else if (text != NULL)
		linux_parse_route(text, route);
	free(text);
	return 0;
}

/* ---- proxies ---- */

int platform_proxies(struct proxy_settings *list, struct strbuf *why)
{
	memset(list, 0, sizeof *list);
	return environment_proxies(list, true, why);
}
