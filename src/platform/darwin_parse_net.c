/*
 * Routes and interfaces: what netstat(1) and networksetup(8) print, and what an interface is.
 */
#include "darwin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE 512

/* Numbers of net/if_types.h. */
enum {
	TYPE_ETHER = 0x06,
	TYPE_PPP = 0x17,
	TYPE_LOOP = 0x18,
	TYPE_GIF = 0x37,
	TYPE_STF = 0x39,
	TYPE_IEEE80211 = 0x47,
	TYPE_VLAN = 0x87,
	TYPE_BOND = 0x88,
	TYPE_BRIDGE = 0xd1,
	TYPE_CELLULAR = 0xff
};

/* ---- routes ---- */

struct columns {
	int flags, interface; /* their numbers; -1 before the headings came */
};

static size_t split(char *line, char *words[], size_t max)
{
	size_t count = 0;
	char *rest = NULL;

	for (char *word = strtok_r(line, " \t", &rest); word != NULL && count < max;
		word = strtok_r(NULL, " \t", &rest))
		words[count++] = word;
	return count;
}

static void take_headings(char *words[], size_t count, struct columns *columns)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], "Flags") == 0)
			columns->flags = (int)i;
		else if (strcmp(words[i], "Netif") == 0)
			columns->interface = (int)i;
	}
}

/* On-link ("link#4", an Ethernet address) has family 0. */
static struct net_addr gateway_of(char *word)
{
	struct net_addr addr = {0};

	word[strcspn(word, "%")] = '\0';
	if (!net_addr_parse(word, &addr))
		memset(&addr, 0, sizeof addr);
	return addr;
}

/*
 * Up, not rejected or thrown away; and not only for sockets that are bound to the interface, which
 * macOS has for every network beside the first.
 */
static bool is_usable(const char *flags)
{
	return strchr(flags, 'U') != NULL && strpbrk(flags, "RBI") == NULL;
}

/* 0: neither; 1: the whole default; 2, 3: the lower and the upper half of it. */
static int part_of(const char *destination)
{
	static const struct {
		const char *text;
		int part;
	} parts[] = {{"default", 1}, {"0.0.0.0/0", 1}, {"::/0", 1}, {"0/1", 2}, {"0.0.0.0/1", 2},
		{"::/1", 2}, {"128.0/1", 3}, {"128/1", 3}, {"128.0.0.0/1", 3}, {"8000::/1", 3}};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strcmp(destination, parts[i].text) == 0)
			return parts[i].part;
	return 0;
}

/* VPN clients replace the default route by two halves that win over it. */
void darwin_parse_routes(const char *text, struct route_info *route)
{
	struct route_info found[4] = {{0}};
	struct columns columns = {-1, -1};
	char line[LINE], *words[12];

	while (darwin_line(&text, line, sizeof line)) {
		size_t count = split(line, words, sizeof words / sizeof words[0]);

		if (count > 0 && strcmp(words[0], "Destination") == 0)
			take_headings(words, count, &columns);
		int part = count > 0 ? part_of(words[0]) : 0;
		if (part == 0 || columns.flags < 0 || columns.interface < 0 ||
			count <= (size_t)columns.interface || count <= (size_t)columns.flags ||
			!is_usable(words[columns.flags]) || found[part].present)
			continue;
		found[part].present = true;
		found[part].gateway = gateway_of(words[1]);
		snprintf(found[part].interface, sizeof found[part].interface, "%s",
			words[columns.interface]);
	}
	bool halves = found[2].present && found[3].present &&
		      strcmp(found[2].interface, found[3].interface) == 0;
	*route = found[halves ? 2 : 1];
}

/* ---- interfaces ---- */

void darwin_port_name(const char *text, const char *device, char *name, size_t size)
{
	char line[LINE], port[128] = "";

	name[0] = '\0';
	while (darwin_line(&text, line, sizeof line)) {
		const char *value = darwin_value(line);

		if (value != NULL && strcmp(line, "Hardware Port") == 0)
			snprintf(port, sizeof port, "%.127s", value);
		else if (value != NULL && strcmp(line, "Device") == 0 && strcmp(value, device) == 0)
			snprintf(name, size, "%.*s", (int)size - 1, port);
	}
}

static bool begins(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strncmp(text, *words, strlen(*words)) == 0)
			return true;
	return false;
}

enum netif_kind darwin_netif_kind(const struct darwin_netif_hints *h)
{
	static const char *const tunnels[] = {"utun", "ipsec", "tun", "tap", "gif", "stf", NULL};
	/* Apple's own between devices, and those of virtual machines. */
	static const char *const virtuals[] = {"awdl", "llw", "ap", "anpi", "bridge", "feth", "p2p",
		"vmnet", "vmenet", "vboxnet", "vnic", "XHC", "pktap", NULL};
	static const char *const mobile[] = {"iPhone", "iPad", NULL};

	if (h->loopback || h->type == TYPE_LOOP)
		return NETIF_LOOPBACK;
	if (h->wireless || h->type == TYPE_IEEE80211)
		return begins(h->name, virtuals) ? NETIF_VIRTUAL : NETIF_WIFI;
	if (h->type == TYPE_CELLULAR || begins(h->port, mobile))
		return NETIF_WWAN;
	if (begins(h->name, tunnels) || h->type == TYPE_GIF || h->type == TYPE_STF)
		return NETIF_TUNNEL;
	if (h->type == TYPE_PPP)
		return NETIF_PPP;
	if (begins(h->name, virtuals) || h->type == TYPE_BRIDGE)
		return NETIF_VIRTUAL;
	if (h->type == TYPE_ETHER || h->type == TYPE_VLAN || h->type == TYPE_BOND)
		return NETIF_ETHERNET;
	return NETIF_UNKNOWN;
}

/* Link-local ones are of macOS itself; fd00::/8 alone is of networks between devices. */
static bool has_routable_address(const struct netif *netif)
{
	for (size_t i = 0; i < netif->addr_count; i++) {
		enum net_class cls = net_addr_class(&netif->addrs[i]);

		if (cls != NET_LINK_LOCAL && (cls != NET_PRIVATE || netif->addrs[i].family == 4))
			return true;
	}
	return false;
}

static bool leads_to(const struct route_info *route, const struct netif *netif)
{
	return route->present && strcmp(route->interface, netif->name) == 0;
}

bool darwin_vpn(
	const struct netif *netif, const struct route_info routes[2], struct vpn_connection *vpn)
{
	static const char *const never[] = {"gif", "stf", NULL};
	static const char *const routed[] = {"utun", NULL};
	bool ipsec = strncmp(netif->name, "ipsec", 5) == 0;

	if (netif->kind != NETIF_TUNNEL || begins(netif->name, never) || !netif->up ||
		!has_routable_address(netif))
		return false;
	if (begins(netif->name, routed) && !leads_to(&routes[0], netif) &&
		!leads_to(&routes[1], netif))
		return false;
	memset(vpn, 0, sizeof *vpn);
	snprintf(vpn->name, sizeof vpn->name, "%s", netif->name);
	snprintf(vpn->interface, sizeof vpn->interface, "%s", netif->name);
	snprintf(vpn->kind, sizeof vpn->kind, "%s", ipsec ? "ipsec" : "tun");
	vpn->connected = true;
	return true;
}

/* ---- one route ---- */

/* A gateway of "link#5" is none: the address is in the interface's own network. */
static void read_route_line(char *line, struct route_info *route)
{
	char *value = darwin_value(line);

	if (value == NULL)
		return;
	if (strcmp(line, "gateway") == 0) {
		char *zone = strchr(value, '%');
		if (zone != NULL)
			*zone = '\0';
		net_addr_parse(value, &route->gateway);
	} else if (strcmp(line, "interface") == 0) {
		snprintf(route->interface, sizeof route->interface, "%s", value);
	} else if (strcmp(line, "flags") == 0) {
		if (strstr(value, "BLACKHOLE") != NULL)
			route->refusal = ROUTE_BLACKHOLE;
		else if (strstr(value, "REJECT") != NULL)
			route->refusal = ROUTE_UNREACHABLE;
	}
}

void darwin_parse_route_get(const char *text, struct route_info *route)
{
	char line[256];

	while (darwin_line(&text, line, sizeof line))
		read_route_line(line, route);
	route->present = route->refusal == ROUTE_NONE;
}

bool darwin_parse_neighbour_silent(const char *text)
{
	return strstr(text, "(incomplete)") != NULL;
}
