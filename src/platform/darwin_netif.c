/*
 * Network interfaces: getifaddrs(3), their media, and the names that macOS shows for them.
 */
#include "darwin.h"
#include "posix.h"
#include "sockets.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_dl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sockio.h>
#include <unistd.h>

#define OUTPUT_MAX (1024u * 1024)
#define TIMEOUT    10.0 /* seconds */

/* Of net/if_media.h, which not every set of headers has. */
enum { MEDIA_KIND = 0xe0, MEDIA_IEEE80211 = 0x80, MEDIA_VALID = 1, MEDIA_ACTIVE = 2 };

/* Whether the medium is wireless, and whether it is there at all (true: not told). */
static void read_media(int fd, const char *name, bool *wireless, bool *active)
{
	struct ifmediareq media;

	*wireless = false;
	*active = true;
	memset(&media, 0, sizeof media);
	snprintf(media.ifm_name, sizeof media.ifm_name, "%s", name);
	if (fd < 0 || ioctl(fd, SIOCGIFMEDIA, &media) != 0)
		return;
	*wireless = (media.ifm_current & MEDIA_KIND) == MEDIA_IEEE80211;
	if ((media.ifm_status & MEDIA_VALID) != 0)
		*active = (media.ifm_status & MEDIA_ACTIVE) != 0;
}

/* Mbit/s; -1 where the number of 32 bits is full or nothing. */
static long long speed_of(const struct if_data *data)
{
	if (data == NULL || data->ifi_baudrate == 0 || data->ifi_baudrate == UINT32_MAX)
		return -1;
	return data->ifi_baudrate / 1000000;
}

static void describe(struct netif *netif, const struct ifaddrs *link, int fd, const char *ports)
{
	struct darwin_netif_hints hints = {.name = netif->name, .port = netif->description};
	const struct if_data *data = link->ifa_data;
	bool active;

	darwin_port_name(ports, netif->name, netif->description, sizeof netif->description);
	read_media(fd, netif->name, &hints.wireless, &active);
	hints.type = data != NULL ? data->ifi_type : 0;
	hints.loopback = (link->ifa_flags & IFF_LOOPBACK) != 0;
	netif->kind = darwin_netif_kind(&hints);
	netif->up =
		(link->ifa_flags & IFF_UP) != 0 && (link->ifa_flags & IFF_RUNNING) != 0 && active;
	if (netif->kind == NETIF_ETHERNET || netif->kind == NETIF_WIFI)
		netif->speed = speed_of(data);
}

/* The kernel keeps the zone of fe80::/64 inside the address. */
static void take_address(struct netif *netif, const struct sockaddr *sa)
{
	struct sockaddr_in6 in6;

	if (sa == NULL || sa->sa_family != AF_INET6) {
		posix_netif_address(netif, sa);
		return;
	}
	memcpy(&in6, sa, sizeof in6);
	if (in6.sin6_addr.s6_addr[0] == 0xfe && (in6.sin6_addr.s6_addr[1] & 0xc0) == 0x80 &&
		(in6.sin6_addr.s6_addr[2] | in6.sin6_addr.s6_addr[3]) != 0) {
		in6.sin6_scope_id =
			(uint32_t)in6.sin6_addr.s6_addr[2] << 8 | in6.sin6_addr.s6_addr[3];
		in6.sin6_addr.s6_addr[2] = in6.sin6_addr.s6_addr[3] = 0;
	}
	posix_netif_address(netif, (const struct sockaddr *)&in6);
}

/* What networksetup prints; "" when it does not: names are for people only. */
static void read_ports(struct strbuf *ports)
{
	static const char *const argv[] = {"/usr/sbin/networksetup", "-listallhardwareports", NULL};

	if (posix_run(argv, TIMEOUT, ports, NULL) != 0)
		strbuf_reset(ports);
}

int platform_interfaces(struct netifs *list, struct strbuf *why)
{
	struct ifaddrs *all = NULL;
	struct strbuf ports;
	int fd;

	memset(list, 0, sizeof *list);
	if (getifaddrs(&all) != 0) {
		posix_why(why, "getifaddrs", errno);
		return -1;
	}
	strbuf_init(&ports, OUTPUT_MAX);
	read_ports(&ports);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (const struct ifaddrs *ifa = all; ifa != NULL; ifa = ifa->ifa_next) {
		struct netif *netif = posix_netif(list, ifa->ifa_name);

		if (ifa->ifa_addr != NULL && ifa->ifa_addr->sa_family == AF_LINK)
			describe(netif, ifa, fd, ports.data);
		else
			take_address(netif, ifa->ifa_addr);
	}
	if (fd >= 0)
		close(fd);
	strbuf_release(&ports);
	freeifaddrs(all);
	return 0;
}
