/*
 * Network interfaces and the VPNs that show as one: getifaddrs(3), ethtool and sysfs.
 */
#include "linux.h"
#include "posix.h"
#include "sockets.h"

#include <errno.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef ARPHRD_RAWIP
#define ARPHRD_RAWIP 519
#endif
#define HATYPE_UNKNOWN 0xffffu

/* ---- kind ---- */

static bool any_of(const char *word, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(word, *words) == 0)
			return true;
	return false;
}

enum netif_kind linux_netif_kind(const struct linux_netif_hints *h)
{
	static const char *const mobile[] = {"ipheth", "wwan", NULL}; /* drivers and sysfs types */
	static const char *const tunnels[] = {"tun", "wireguard", "xfrm", "vti", "vti6", NULL};
	static const char *const lines[] = {"bond", "bonding", "vlan", "dsa", NULL};

	if (h->loopback || h->hatype == ARPHRD_LOOPBACK)
		return NETIF_LOOPBACK;
	if (h->wireless || strcmp(h->devtype, "wlan") == 0)
		return NETIF_WIFI;
	if (any_of(h->devtype, mobile) || any_of(h->driver, mobile) || h->hatype == ARPHRD_RAWIP)
		return NETIF_WWAN;
	if (h->tun || any_of(h->devtype, tunnels) || any_of(h->driver, tunnels))
		return NETIF_TUNNEL;
	switch (h->hatype) {
	case ARPHRD_PPP:
		return NETIF_PPP;
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case ARPHRD_NONE:
		return NETIF_TUNNEL;
	case ARPHRD_ETHER:
		if (h->physical || any_of(h->devtype, lines) || any_of(h->driver, lines))
			return NETIF_ETHERNET;
		return NETIF_VIRTUAL;
	}
	return NETIF_UNKNOWN;
}

/* ---- sysfs and ethtool ---- */

/* The first line of a small file below /sys/class/net/NAME; "" when it cannot be read. */
static void sys_read(const char *name, const char *file, char *buf, size_t size)
{
	char path[128];
	FILE *in;

	buf[0] = '\0';
	snprintf(path, sizeof path, "/sys/class/net/%s/%s", name, file);
	in = fopen(path, "re");
	if (in == NULL)
		return;
	buf[fread(buf, 1, size - 1, in)] = '\0';
	fclose(in);
}

static bool sys_exists(const char *name, const char *file)
{
	char path[128];
	struct stat st;

	snprintf(path, sizeof path, "/sys/class/net/%s/%s", name, file);
	return stat(path, &st) == 0;
}

static void sys_devtype(const char *name, char *buf, size_t size)
{
	char text[512];
	const char *at;

	sys_read(name, "uevent", text, sizeof text);
	at = strstr(text, "DEVTYPE=");
	if (at == NULL || (at != text && at[-1] != '\n'))
		at = "DEVTYPE=";
	at += strlen("DEVTYPE=");
	snprintf(buf, size, "%.*s", (int)strcspn(at, "\n"), at);
}

static long long sys_speed(const char *name)
{
	char text[32];
	long long speed;

	sys_read(name, "speed", text, sizeof text);
	if (*text == '\0')
		return -1;
	speed = strtoll(text, NULL, 10);
	return speed > 0 ? speed : -1;
}

static void driver_name(int fd, const char *name, char *buf, size_t size)
{
	struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
	struct ifreq ifr = {0};

	buf[0] = '\0';
	snprintf(ifr.ifr_name, sizeof ifr.ifr_name, "%.*s", (int)sizeof ifr.ifr_name - 1, name);
	ifr.ifr_data = (char *)&info;
	if (fd >= 0 && ioctl(fd, SIOCETHTOOL, &ifr) == 0)
		snprintf(buf, size, "%.*s", (int)sizeof info.driver, info.driver);
}

/* ---- interfaces ---- */

static void describe(struct netif *netif, int fd, unsigned hatype, unsigned flags)
{
	char devtype[32];
	struct linux_netif_hints hints = {.name = netif->name, .devtype = devtype};

	sys_devtype(netif->name, devtype, sizeof devtype);
	driver_name(fd, netif->name, netif->description, sizeof netif->description);
	hints.driver = netif->description;
	hints.hatype = hatype;
	hints.loopback = (flags & IFF_LOOPBACK) != 0;
	hints.wireless = sys_exists(netif->name, "wireless") || sys_exists(netif->name, "phy80211");
	hints.tun = sys_exists(netif->name, "tun_flags");
	hints.physical = sys_exists(netif->name, "device");
	netif->kind = linux_netif_kind(&hints);
	netif->up = (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0;
	/* What a tunnel says about its speed means nothing. */
	netif->speed = netif->kind == NETIF_TUNNEL ? -1 : sys_speed(netif->name);
}

static unsigned hardware_type(const struct sockaddr *sa)
{
	struct sockaddr_ll ll;

	if (sa == NULL || sa->sa_family != AF_PACKET)
		return HATYPE_UNKNOWN;
	memcpy(&ll, sa, sizeof ll);
	return ll.sll_hatype;
}

int platform_interfaces(struct netifs *list, struct strbuf *why)
{
	struct ifaddrs *all = NULL;
	int fd;

	memset(list, 0, sizeof *list);
	if (getifaddrs(&all) != 0) {
		posix_why(why, "getifaddrs", errno);
		return -1;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	for (const struct ifaddrs *ifa = all; ifa != NULL; ifa = ifa->ifa_next) {
		size_t known = list->count;
		struct netif *netif = posix_netif(list, ifa->ifa_name);

		/* The link-level entry of an interface comes first. */
		if (list->count != known)
			describe(netif, fd, hardware_type(ifa->ifa_addr), ifa->ifa_flags);
		posix_netif_address(netif, ifa->ifa_addr);
	}
	if (fd >= 0)
		close(fd);
	freeifaddrs(all);
	return 0;
}

/* ---- VPNs ---- */

struct vpn_shape {
	const char *prefix; /* of the interface's name, or NULL */
	const char *driver; /* as ethtool names it, or NULL */
	const char *kind, *name;
};

/* In order; a row matches by either column. GRE, SIT and IP-in-IP tunnels are not VPNs. */
static const struct vpn_shape vpn_shapes[] = {
	{"cscotun", NULL, "anyconnect", "AnyConnect"},
	{"wg", "wireguard", "wireguard", NULL},
	{"ipsec", "xfrm", "ipsec", NULL},
	{"nm-xfrm", "vti", "ipsec", NULL},
	{NULL, "vti6", "ipsec", NULL},
	{"tun", "tun", "tun", NULL},
	{"tap", NULL, "tun", NULL},
};

static bool has_routable_address(const struct netif *netif)
{
	for (size_t i = 0; i < netif->addr_count; i++)
		if (net_addr_class(&netif->addrs[i]) != NET_LINK_LOCAL)
			return true;
	return false;
}

/* The terminal's own translator of IPv4 on a line that carries IPv6 only: 192.0.0.0/29, RFC 7335.
 */
static bool is_translator(const struct netif *netif)
{
	static const uint8_t prefix[3] = {192, 0, 0};

	for (size_t i = 0; i < netif->addr_count; i++) {
		const struct net_addr *addr = &netif->addrs[i];
		if (addr->family == 4 && memcmp(addr->bytes, prefix, sizeof prefix) == 0 &&
			addr->bytes[3] < 8)
			return true;
	}
	return false;
}

bool linux_vpn(const struct netif *netif, struct vpn_connection *vpn)
{
	if (netif->kind != NETIF_TUNNEL || is_translator(netif))
		return false;
	for (size_t i = 0; i < sizeof vpn_shapes / sizeof vpn_shapes[0]; i++) {
		const struct vpn_shape *s = &vpn_shapes[i];
		bool named = s->prefix != NULL &&
			     strncmp(netif->name, s->prefix, strlen(s->prefix)) == 0;

		if (!named && (s->driver == NULL || strcmp(netif->description, s->driver) != 0))
			continue;
		memset(vpn, 0, sizeof *vpn);
		snprintf(
			vpn->name, sizeof vpn->name, "%s", s->name != NULL ? s->name : netif->name);
		snprintf(vpn->kind, sizeof vpn->kind, "%s", s->kind);
		snprintf(vpn->interface, sizeof vpn->interface, "%s", netif->name);
		vpn->connected = netif->up && has_routable_address(netif);
		return true;
	}
	return false;
}

int platform_vpns(struct vpn_connections *list, struct strbuf *why)
{
	struct netifs netifs;

	memset(list, 0, sizeof *list);
	if (platform_interfaces(&netifs, why) != 0)
		return -1;
	for (size_t i = 0; i < netifs.count; i++) {
		struct vpn_connection vpn;

		if (!linux_vpn(&netifs.items[i], &vpn))
			continue;
		list->items =
			mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
		list->items[list->count++] = vpn;
	}
	netifs_release(&netifs);
	return 0;
}
