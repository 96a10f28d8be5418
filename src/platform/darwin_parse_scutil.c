/*
 * What scutil(8) prints: DNS, proxies, VPN services.
 */
#include "darwin.h"
#include "proxies.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LINE 1024

/* ---- DNS ---- */

/* One resolver of the list; servers without a domain are those for every name. */
struct resolver {
	struct net_addr addrs[8];
	size_t count;
	char interface[64];
	uint32_t index; /* of the interface */
	uint16_t port;
	bool domain;
};

static bool same_server(const struct dns_server *a, const struct dns_server *b)
{
	return net_addr_equal(&a->addr, &b->addr) && a->port == b->port;
}

static void take_resolver(const struct resolver *r, struct dns_servers *servers)
{
	for (size_t i = 0; i < r->count && !r->domain; i++) {
		struct dns_server server = {.addr = r->addrs[i], .port = r->port};
		bool known = false;

		snprintf(server.interface, sizeof server.interface, "%s", r->interface);
		if (net_addr_class(&server.addr) == NET_LINK_LOCAL && server.addr.family == 6)
			server.addr.scope = r->index;
		for (size_t k = 0; k < servers->count; k++)
			known = known || same_server(&servers->items[k], &server);
		if (known)
			continue;
		servers->items = mem_grow(
			servers->items, servers->count, &servers->capacity, sizeof *servers->items);
		servers->items[servers->count++] = server;
	}
}

static void take_server(struct resolver *r, char *value)
{
	value[strcspn(value, "%")] = '\0'; /* its zone is the interface's */
	if (r->count < sizeof r->addrs / sizeof r->addrs[0] &&
		net_addr_parse(value, &r->addrs[r->count]))
		r->count++;
}

/* "4 (en0)" */
static void take_interface(struct resolver *r, const char *value)
{
	const char *open = strchr(value, '(');

	r->index = (uint32_t)strtoul(value, NULL, 10);
	if (open != NULL)
		snprintf(r->interface, sizeof r->interface, "%.*s", (int)strcspn(open + 1, ")"),
			open + 1);
}

static void take_resolver_line(struct resolver *r, char *line)
{
	char *value = darwin_value(line);

	if (value == NULL)
		return;
	if (strncmp(line, "nameserver[", 11) == 0)
		take_server(r, value);
	else if (strcmp(line, "domain") == 0)
		r->domain = true;
	else if (strcmp(line, "if_index") == 0)
		take_interface(r, value);
	else if (strcmp(line, "port") == 0)
		r->port = (uint16_t)strtoul(value, NULL, 10);
}

void darwin_parse_dns(const char *text, struct dns_servers *servers)
{
	static const struct resolver none = {.port = 53};
	struct resolver r = none;
	char line[LINE];

	while (darwin_line(&text, line, sizeof line)) {
		/* What follows is for sockets that are bound to an interface. */
		if (strstr(line, "(for scoped queries)") != NULL)
			break;
		if (strncmp(line, "resolver #", 10) == 0) {
			take_resolver(&r, servers);
			r = none;
		} else {
			take_resolver_line(&r, line);
		}
	}
	take_resolver(&r, servers);
}

/* ---- proxies ---- */

struct proxy {
	const char *word;   /* its keys begin with it */
	const char *source; /* of the setting */
	const char *scheme;
	bool on;
	char host[256], port[8];
};

struct proxies {
	struct proxy kinds[2];
	struct proxy script;
	char url[512]; /* of the script */
	bool detect;   /* look for a script in the network */
	struct strbuf bypass;
};

static void take_proxy_key(struct proxy *proxy, const char *key, const char *value)
{
	size_t len = strlen(proxy->word);

	if (strncmp(key, proxy->word, len) != 0)
		return;
	if (strcmp(key + len, "Enable") == 0)
		proxy->on = strcmp(value, "0") != 0;
	else if (strcmp(key + len, "Proxy") == 0)
		snprintf(proxy->host, sizeof proxy->host, "%s", value);
	else if (strcmp(key + len, "Port") == 0)
		snprintf(proxy->port, sizeof proxy->port, "%.7s", value);
}

/* depth 1: the keys of the dictionary; 2: of what is in it. */
static void take_proxy_line(struct proxies *p, char *line, int depth, bool exceptions)
{
	char *value = darwin_value(line);

	if (value == NULL)
		return;
	if (depth == 2 && exceptions) {
		strbuf_addf(&p->bypass, "%s%s", p->bypass.len > 0 ? "," : "", value);
	} else if (depth == 1) {
		for (size_t i = 0; i < 2; i++)
			take_proxy_key(&p->kinds[i], line, value);
		take_proxy_key(&p->script, line, value);
		if (strcmp(line, "ProxyAutoConfigURLString") == 0)
			snprintf(p->url, sizeof p->url, "%s", value);
		else if (strcmp(line, "ProxyAutoDiscoveryEnable") == 0)
			p->detect = strcmp(value, "0") != 0;
	}
}

static int add_proxy(struct proxy_settings *list, const struct proxies *p, const char *source,
	const char *url, bool automatic)
{
	struct proxy_setting setting = {.automatic = automatic, .browsers = true};

	snprintf(setting.source, sizeof setting.source, "%s", source);
	if (!automatic)
		snprintf(setting.bypass, sizeof setting.bypass, "%s", p->bypass.data);
	if (proxy_setting_url(&setting, url) != 0)
		return -1;
	list->items = mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = setting;
	return 0;
}

static int add_proxies(struct proxy_settings *list, const struct proxies *p)
{
	int result = 0;

	if (p->script.on && p->url[0] != '\0')
		result = add_proxy(list, p, "PAC", p->url, true);
	for (size_t i = 0; i < 2 && result == 0; i++) {
		const struct proxy *proxy = &p->kinds[i];
		bool brackets = strchr(proxy->host, ':') != NULL; /* an IPv6 address */
		char url[320];

		if (!proxy->on || proxy->host[0] == '\0')
			continue;
		snprintf(url, sizeof url, "%s%s%s%s%s%s", proxy->scheme, brackets ? "[" : "",
			proxy->host, brackets ? "]" : "", proxy->port[0] != '\0' ? ":" : "",
			proxy->port);
		result = add_proxy(list, p, proxy->source, url, false);
	}
	return result;
}

int darwin_parse_proxies(const char *text, struct proxy_settings *list)
{
	struct proxies p = {
		.kinds = {{.word = "HTTPS", .source = "scutil HTTPS", .scheme = "http://"},
			{.word = "SOCKS", .source = "scutil SOCKS", .scheme = "socks5://"}},
		.script = {.word = "ProxyAutoConfig"},
	};
	char line[LINE];
	bool exceptions = false;
	int depth = 0, result;

	strbuf_init(&p.bypass, sizeof list->items[0].bypass - 1);
	while (darwin_line(&text, line, sizeof line)) {
		size_t len = strlen(line);

		if (len > 0 && line[len - 1] == '{') {
			exceptions = depth == 1 && strncmp(line, "ExceptionsList", 14) == 0;
			depth++;
		} else if (strcmp(line, "}") == 0) {
			depth--;
		} else {
			take_proxy_line(&p, line, depth, exceptions);
		}
	}
	list->detect = p.detect;
	result = add_proxies(list, &p);
	strbuf_release(&p.bypass);
	return result;
}

/* ---- VPN services ---- */

static bool contains(const char *text, const char *word)
{
	size_t len = strlen(word);

	for (; *text != '\0'; text++)
		if (strncasecmp(text, word, len) == 0)
			return true;
	return false;
}

/* The kind of "PPP --> L2TP … [PPP:L2TP]"; NULL for what is no VPN. */
static const char *service_kind(const char *type)
{
	static const struct {
		const char *word, *kind;
	} kinds[] = {
		{"PPPoE", NULL},
		{"PPPSerial", NULL},
		{"Modem", NULL},
		{"anyconnect", "anyconnect"},
		{"com.cisco", "anyconnect"},
		{"wireguard", "wireguard"},
		{"openvpn", "openvpn"},
		{"IKEv2", "ikev2"},
		{"L2TP", "l2tp"},
		{"PPTP", "pptp"},
		{"IPSec", "ipsec"},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (contains(type, kinds[i].word))
			return kinds[i].kind;
	return "vpn";
}

/* "* (Connected)  0A1B…  IPSec  "name"  [IPSec]": the part in the last brackets, cut off. */
static const char *take_type(char *rest)
{
	char *open = strrchr(rest, '[');

	if (open == NULL)
		return "";
	open[strcspn(open, "]")] = '\0';
	*open = '\0';
	return open + 1;
}

/* What stands in quotation marks, or else all of it. */
static void take_name(char *rest, char *name, size_t size)
{
	char *open = strchr(rest, '"'), *close = strrchr(rest, '"');
	size_t len;

	if (open != NULL && close > open) {
		*close = '\0';
		rest = open + 1;
	}
	len = strlen(rest);
	while (len > 0 && rest[len - 1] == ' ')
		len--;
	snprintf(name, size, "%.*s", (int)len, rest);
}

static bool take_service(char *line, struct vpn_connection *vpn, char **identifier)
{
	char *status = strchr(line, '('), *end = status != NULL ? strchr(status, ')') : NULL;

	if (end == NULL || (line[0] != '*' && line[0] != '('))
		return false;
	*end = '\0';
	*identifier = end + 1 + strspn(end + 1, " ");
	char *rest = *identifier + strspn(*identifier, "0123456789abcdefABCDEF-");
	if (rest == *identifier || *rest != ' ')
		return false;
	*rest++ = '\0';
	rest += strspn(rest, " ");
	const char *kind = service_kind(take_type(rest));
	if (kind == NULL)
		return false;
	memset(vpn, 0, sizeof *vpn);
	snprintf(vpn->kind, sizeof vpn->kind, "%s", kind);
	take_name(rest, vpn->name, sizeof vpn->name);
	vpn->connected = strcmp(status + 1, "Connected") == 0;
	return true;
}

void darwin_parse_services(const char *text, struct vpn_connections *list, struct strs *identifiers)
{
	char line[LINE], *identifier;
	struct vpn_connection vpn;

	while (darwin_line(&text, line, sizeof line)) {
		if (!take_service(line, &vpn, &identifier))
			continue;
		list->items =
			mem_grow(list->items, list->count, &list->capacity, sizeof *list->items);
		list->items[list->count++] = vpn;
		strs_add(identifiers, identifier);
	}
}

void darwin_parse_service_status(const char *text, struct vpn_connection *vpn)
{
	char line[LINE];

	vpn->interface[0] = '\0';
	while (darwin_line(&text, line, sizeof line)) {
		const char *value = darwin_value(line);

		if (value != NULL && strcmp(line, "InterfaceName") == 0)
			snprintf(vpn->interface, sizeof vpn->interface, "%s", value);
	}
	vpn->connected = vpn->interface[0] != '\0';
}
