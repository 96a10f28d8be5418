/*
 * The snapshot of this terminal's network configuration.
 */
#include "terminal.h"
#include "platform.h"
#include "shortage.h"
#include "udp.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOSTS_MAX (32u * 1024 * 1024) /* bytes; lists that block advertisements are long */
#define NAME_MAX  255

#define DISCARD_PORT 9

/* ---- hosts file ---- */

/* The next word of a line that ends at `end`; NULL when there is none. */
static const char *next_word(const char **at, const char *end, size_t *len)
{
	const char *p = *at, *start;

	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\f' || *p == '\v'))
		p++;
	start = p;
	while (p < end && *p != ' ' && *p != '\t' && *p != '\r' && *p != '\f' && *p != '\v')
		p++;
	*at = p;
	*len = (size_t)(p - start);
	return *len > 0 ? start : NULL;
}

/* An address, possibly with a zone (fe80::1%lo0), which names nothing remote and is dropped. */
static bool parse_address(const char *word, size_t len, struct net_addr *addr)
{
	char buf[NET_ADDR_STRLEN];
	char *zone;

	if (len >= sizeof buf)
		return false;
	memcpy(buf, word, len);
	buf[len] = '\0';
	zone = strchr(buf, '%');
	if (zone != NULL)
		*zone = '\0';
	return net_addr_parse(buf, addr);
}

static void add_host(
	struct terminal *t, const char *name, size_t len, const struct net_addr *addr, int line)
{
	struct hosts_entry *entry;

	if (name[len - 1] == '.')
		len--;
	if (len == 0 || len > NAME_MAX || memchr(name, '\0', len) != NULL)
		return;
	t->hosts = mem_grow(t->hosts, t->host_count, &t->host_capacity, sizeof *t->hosts);
	entry = &t->hosts[t->host_count++];
	*entry = (struct hosts_entry){.name = mem_strndup(name, len), .addr = *addr, .line = line};
	for (char *c = entry->name; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
}

static void parse_hosts_line(struct terminal *t, const char *line, const char *end, int number)
{
	const char *comment = memchr(line, '#', (size_t)(end - line));
	const char *word;
	struct net_addr addr;
	size_t len;

	if (comment != NULL)
		end = comment;
	word = next_word(&line, end, &len);
	if (word == NULL || !parse_address(word, len, &addr))
		return;
	while ((word = next_word(&line, end, &len)) != NULL)
		add_host(t, word, len, &addr, number);
}

void terminal_parse_hosts(struct terminal *t, const char *text, size_t len)
{
	const char *end = text + len;
	int number = 0;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3;
	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		const char *stop = eol != NULL ? eol : end;

		parse_hosts_line(t, text, stop, ++number);
		text = eol != NULL ? eol + 1 : end;
	}
}

static int read_hosts(struct terminal *t, FILE *in, const char *path, struct strbuf *why)
{
	struct strbuf text;
	char buf[16384];
	size_t n;
	int result = -1;

	strbuf_init(&text, HOSTS_MAX);
	while ((n = fread(buf, 1, sizeof buf, in)) > 0)
		strbuf_add(&text, buf, n);
	if (ferror(in))
		strbuf_addf(why, "%s: cannot be read", path);
	else if (text.truncated)
		strbuf_addf(why, "%s: longer than %u bytes", path, HOSTS_MAX);
	else
		result = 0;
	if (result == 0)
		terminal_parse_hosts(t, text.data, text.len);
	strbuf_release(&text);
	return result;
}

/* A terminal without a hosts file has no entries. */
static int load_hosts(struct terminal *t, struct strbuf *why)
{
	FILE *in;
	int result;

	if (platform_hosts_path(t->hosts_path, sizeof t->hosts_path, why) != 0)
		return -1;
	in = platform_open(t->hosts_path, "rb");
	if (in == NULL && errno == ENOENT)
		return 0;
	if (in == NULL) {
		strbuf_addf(why, "%s: %s", t->hosts_path, strerror(errno));
		return -1;
	}
	result = read_hosts(t, in, t->hosts_path, why);
	fclose(in);
	return result;
}

/* ---- the snapshot ---- */

/* Whether a reader succeeded; its reason is added to `why`. */
static bool known(struct terminal *t, int result, struct strbuf *reason)
{
	if (result != 0 && reason->len > 0) {
		if (t->why.len > 0)
			strbuf_adds(&t->why, "; ");
		strbuf_adds(&t->why, reason->data);
	}
	strbuf_reset(reason);
	return result == 0;
}

/* ---- routes to the Internet ---- */

/*
 * Addresses that stand for the Internet when its route is looked up (nothing is sent): TEST-NETs of
 * both halves (RFC 5737), IPv6's documentation network and a carrier's NAT64 (RFC 6052).
 */
static const char *const far_addresses[] = {
	"192.0.2.1", "93.184.0.1", "2001:db8::1", "2400::1", "64:ff9b::c000:201", NULL};

/*
 * What the OS does with packets counts, not what its main table holds: rules may lead elsewhere,
 * and routes may refuse. *told: the OS has said.
 */
static void look_up(int family, struct route_info *route, bool *told)
{
	struct route_info found;
	struct net_addr addr;
	bool missing = false;

	for (size_t i = 0; far_addresses[i] != NULL; i++) {
		net_addr_parse(far_addresses[i], &addr);
		if (addr.family != family || platform_route(&addr, &found, NULL) != 0)
			continue;
		*told = true;
		if (found.present) {
			if (found.interface[0] != '\0')
				*route = found;
			route->present = true;
			return;
		}
		missing = true;
	}
	if (missing)
		memset(route, 0, sizeof *route);
}

/* ---- VPNs that carry some networks only ---- */

/* The address that packets to the Internet leave with; nothing is sent. TEST-NET-1, RFC 5737. */
static bool outgoing_address(struct net_addr *addr)
{
	struct net_addr far;
	struct udp_error error;
	uint16_t port;

	net_addr_parse("192.0.2.1", &far);
	struct udp_socket *socket = udp_open(&far, DISCARD_PORT, 0, &error);
	bool known = socket != NULL && udp_local(socket, addr, &port) == 0 && addr->family != 0;
	udp_close(socket);
	return known;
}

static bool has_address(
	const struct terminal *t, const char *interface, const struct net_addr *addr)
{
	for (size_t i = 0; i < t->interfaces.count; i++) {
		const struct netif *netif = &t->interfaces.items[i];
		for (size_t k = 0; k < netif->addr_count; k++)
			if (strcmp(netif->name, interface) == 0 &&
				net_addr_equal(&netif->addrs[k], addr))
				return true;
	}
	return false;
}

/* Of kinds that anything may be; the others are known by what they are. */
static bool may_be_any(const struct vpn_connection *vpn)
{
	return strcmp(vpn->kind, "tun") == 0 || strcmp(vpn->kind, "wireguard") == 0;
}

static void mark_partial(struct terminal *t)
{
	struct net_addr outgoing;

	if (!t->interfaces_known || !t->vpns_known || t->vpns.count == 0 ||
		!outgoing_address(&outgoing))
		return;
	for (size_t i = 0; i < t->vpns.count; i++) {
		struct vpn_connection *vpn = &t->vpns.items[i];
		vpn->partial = vpn->connected && may_be_any(vpn) &&
			       !has_address(t, vpn->interface, &outgoing);
	}
}

void terminal_read(struct terminal *t)
{
	struct strbuf reason;
	bool route4, route6;

	memset(t, 0, sizeof *t);
	shortage_reset();
	strbuf_init(&t->why, 8192);
	strbuf_init(&reason, 1024);
	t->os_known = known(t, platform_os(&t->os, &reason), &reason);
	t->interfaces_known = known(t, platform_interfaces(&t->interfaces, &reason), &reason);
	route4 = known(t, platform_default_route(4, &t->route4, &reason), &reason);
	route6 = known(t, platform_default_route(6, &t->route6, &reason), &reason);
	look_up(4, &t->route4, &route4);
	look_up(6, &t->route6, &route6);
	/* One that is there decides; that there is none needs both answers. */
	t->routes_known = (route4 && route6) || t->route4.present || t->route6.present;
	t->dns_known = known(t, platform_dns_servers(&t->dns, &reason), &reason);
	t->proxies_known = known(t, platform_proxies(&t->proxies, &reason), &reason);
	t->vpns_known = known(t, platform_vpns(&t->vpns, &reason), &reason);
	mark_partial(t);
	t->hosts_known = known(t, load_hosts(t, &reason), &reason);
	strbuf_release(&reason);
}

void terminal_release(struct terminal *t)
{
	for (size_t i = 0; i < t->host_count; i++)
		free(t->hosts[i].name);
	free(t->hosts);
	netifs_release(&t->interfaces);
	dns_servers_release(&t->dns);
	proxy_settings_release(&t->proxies);
	vpn_connections_release(&t->vpns);
	strbuf_release(&t->why);
	memset(t, 0, sizeof *t);
}

const struct vpn_connection *terminal_vpn(const struct terminal *t)
{
	for (size_t i = 0; i < t->vpns.count; i++)
		if (t->vpns.items[i].connected && !t->vpns.items[i].partial)
			return &t->vpns.items[i];
	return NULL;
}

const struct netif *terminal_default_interface(const struct terminal *t)
{
	const struct route_info *route = t->route4.present ? &t->route4 : &t->route6;

	if (!route->present)
		return NULL;
	for (size_t i = 0; i < t->interfaces.count; i++)
		if (strcmp(t->interfaces.items[i].name, route->interface) == 0)
			return &t->interfaces.items[i];
	return NULL;
}

bool terminal_is_own(const struct terminal *t, const struct net_addr *addr)
{
	for (size_t i = 0; i < t->interfaces.count; i++)
		for (size_t k = 0; k < t->interfaces.items[i].addr_count; k++)
			if (net_addr_equal(&t->interfaces.items[i].addrs[k], addr))
				return true;
	return false;
}

bool terminal_is_gateway(const struct terminal *t, const struct net_addr *addr)
{
	const struct route_info *routes[] = {&t->route4, &t->route6};

	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++)
		if (routes[i]->present && routes[i]->gateway.family != 0 &&
			net_addr_equal(&routes[i]->gateway, addr))
			return true;
	return false;
}
