/*
 * Adapters, VPN connections, software and proxies as Windows names them.
 */
#include "windows_data.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"

/* ---- adapters and VPN connections ---- */

static bool mentions(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strstr(text, *words) != NULL)
			return true;
	return false;
}

enum netif_kind windows_adapter_kind(unsigned long type, const char *description)
{
	static const char *const tunnels[] = {"TAP-", "Wintun", "WireGuard", "AnyConnect",
		"Cisco Secure Client", "Check Point Virtual", "VPN", "Juniper", "Fortinet", "PANGP",
		NULL};
	/* A phone's line, by USB or Bluetooth. */
	static const char *const tethers[] = {
		"Remote NDIS", "RNDIS", "Apple Mobile Device", "Personal Area Network", NULL};
	/* "Microsoft Hyper-V Network Adapter" is what a virtual machine has for its network card.
	 */
	static const char *const virtuals[] = {"VirtualBox", "VMware Virtual", "Hyper-V Virtual",
		"Loopback", "Hosted Network", "Wi-Fi Direct", "Bluetooth", "Citrix Virtual",
		"Npcap", NULL};

	switch (type) {
	case 24: /* softwareLoopback */
		return NETIF_LOOPBACK;
	case 71: /* ieee80211 */
		return mentions(description, virtuals) ? NETIF_VIRTUAL : NETIF_WIFI;
	case 23: /* ppp */
		return NETIF_PPP;
	case 53:  /* propVirtual: Wintun */
	case 131: /* tunnel */
		return NETIF_TUNNEL;
	case 243: /* wwanPP */
	case 244: /* wwanPP2 */
		return NETIF_WWAN;
	case 6: /* ethernetCsmacd */
		if (mentions(description, tethers))
			return NETIF_WWAN;
		if (mentions(description, tunnels))
			return NETIF_TUNNEL;
		return mentions(description, virtuals) ? NETIF_VIRTUAL : NETIF_ETHERNET;
	}
	return NETIF_UNKNOWN;
}

bool windows_vpn_client(const char *description, const char **name, const char **kind)
{
	static const struct {
		const char *beginning, *name, *kind;
	} clients[] = {
		{"Cisco AnyConnect", "AnyConnect", "anyconnect"},
		{"Cisco Secure Client", "AnyConnect", "anyconnect"},
		{"TAP-Windows Adapter", "TAP", "tun"},
		{"Wintun", "Wintun", "tun"},
		{"WireGuard", "WireGuard", "wireguard"},
		{"Check Point Virtual", "Check Point", "tun"},
		{"PANGP Virtual", "GlobalProtect", "tun"},
		{"Fortinet", "FortiClient", "tun"},
		{"Juniper Networks Virtual", "Pulse Secure", "tun"},
	};

	for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++) {
		if (strncmp(description, clients[i].beginning, strlen(clients[i].beginning)) != 0)
			continue;
		*name = clients[i].name;
		*kind = clients[i].kind;
		return true;
	}
	return false;
}

const char *windows_vpn_kind(const char *device)
{
	static const struct {
		const char *word, *kind;
	} kinds[] = {{"IKEv2", "ikev2"}, {"L2TP", "l2tp"}, {"SSTP", "sstp"}, {"PPTP", "pptp"}};

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strstr(device, kinds[i].word) != NULL)
			return kinds[i].kind;
	return "windows";
}

/* Those that try one protocol first tell which; 0 and unknown ones leave it to Windows. */
const char *windows_vpn_strategy(unsigned long strategy)
{
	switch (strategy) {
	case 1:  /* VS_PptpOnly */
	case 2:  /* VS_PptpFirst */
	case 12: /* VS_PptpSstp */
		return "pptp";
	case 3:  /* VS_L2tpOnly */
	case 4:  /* VS_L2tpFirst */
	case 13: /* VS_L2tpSstp */
		return "l2tp";
	case 5: /* VS_SstpOnly */
	case 6: /* VS_SstpFirst */
		return "sstp";
	case 7:  /* VS_Ikev2Only */
	case 8:  /* VS_Ikev2First */
	case 14: /* VS_Ikev2Sstp */
		return "ikev2";
	}
	return "windows";
}

/* ---- software ---- */

static const char guid_shape[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";

bool windows_is_guid(const char *text)
{
	size_t i = 0;

	for (; guid_shape[i] != '\0'; i++)
		if (guid_shape[i] == 'x' ? !isxdigit((unsigned char)text[i])
					 : text[i] != guid_shape[i])
			return false;
	return text[i] == '\0';
}

/* Three numbers whose digits are reversed, then eight bytes with theirs changed over. */
bool windows_guid_unpack(const char *packed, char guid[WINDOWS_GUID_SIZE])
{
	static const unsigned char places[32] = {7, 6, 5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 15, 14, 13,
		12, 17, 16, 19, 18, 21, 20, 23, 22, 25, 24, 27, 26, 29, 28, 31, 30};
	size_t next = 0;

	if (strlen(packed) != 32 || strspn(packed, "0123456789abcdefABCDEF") != 32)
		return false;
	for (size_t i = 0; i < sizeof guid_shape; i++) {
		char c = guid_shape[i];
		guid[i] = c == 'x' ? (char)toupper((unsigned char)packed[places[next++]]) : c;
	}
	return true;
}

void windows_store_name(const char *full, char **name, char **version)
{
	const char *first = strchr(full, '_');
	const char *second = first != NULL ? strchr(first + 1, '_') : NULL;

	*name = second != NULL ? mem_strndup(full, (size_t)(first - full)) : mem_strdup(full);
	*version = second != NULL ? mem_strndup(first + 1, (size_t)(second - first - 1)) : NULL;
}

/* ---- proxies ---- */

struct proxy_entry {
	const char *protocol, *address;
	size_t protocol_len, address_len;
};

static struct proxy_entry split(const char *entry, size_t len)
{
	const char *equals = memchr(entry, '=', len);
	struct proxy_entry e = {.protocol = entry, .address = entry, .address_len = len};

	if (equals == NULL)
		return e;
	e.protocol_len = (size_t)(equals - entry);
	e.address = equals + 1;
	e.address_len = len - e.protocol_len - 1;
	return e;
}

static bool is_protocol(const struct proxy_entry *e, const char *name)
{
	size_t len = strlen(name);

	if (e->protocol_len != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (tolower((unsigned char)e->protocol[i]) != name[i])
			return false;
	return true;
}

static bool has_scheme(const struct proxy_entry *e)
{
	const char *mark = strstr(e->address, "://");

	return mark != NULL && mark < e->address + e->address_len;
}

static bool put_proxy(const struct proxy_entry *e, char *url, size_t size)
{
	bool socks = is_protocol(e, "socks");
	const char *scheme = has_scheme(e) ? "" : socks ? "socks4://" : "http://";

	if (e->address_len == 0 || strlen(scheme) + e->address_len >= size ||
		(e->protocol_len > 0 && !socks && !is_protocol(e, "https")))
		return false;
	snprintf(url, size, "%s%.*s", scheme, (int)e->address_len, e->address);
	return true;
}

bool windows_proxy_next(const char **at, char *url, size_t size)
{
	while (**at != '\0') {
		size_t len = strcspn(*at, "; \t\r\n");
		struct proxy_entry entry = split(*at, len);
		bool found = put_proxy(&entry, url, size);

		*at += len + ((*at)[len] != '\0');
		if (found)
			return true;
	}
	return false;
}
