#include "proxy_rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"
#include "rules.h"

#define ENTRY_MAX 256 /* bytes of one entry; host names have at most 253 */

/* ASCII case is ignored. */
static bool same_text(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i]))
			return false;
	return true;
}

static bool is_word(const char *text, size_t len, const char *word)
{
	return len == strlen(word) && same_text(text, word, len);
}

/* ---- networks ---- */

/* Whether the first bits of two addresses of one family agree. */
static bool same_network(const struct net_addr *a, const struct net_addr *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	unsigned mask = rest > 0 ? 0xffu << (8 - rest) & 0xffu : 0;

	return a->family == b->family && memcmp(a->bytes, b->bytes, whole) == 0 &&
	       (rest == 0 || ((unsigned)(a->bytes[whole] ^ b->bytes[whole]) & mask) == 0);
}

/* "192.0.2.0/24" or an address; length < 0: no length is given. */
static bool parse_network(const char *text, struct net_addr *addr, long *length)
{
	const char *slash = strchr(text, '/');
	char address[ENTRY_MAX];
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	bool bracket = len >= 2 && text[0] == '[' && text[len - 1] == ']';

	if (len >= sizeof address)
		return false;
	memcpy(address, text + (bracket ? 1 : 0), len - (bracket ? 2 : 0));
	address[len - (bracket ? 2 : 0)] = '\0';
	*length = slash != NULL ? strtol(slash + 1, NULL, 10) : -1;
	return net_addr_parse(address, addr);
}

static unsigned address_bits(const struct net_addr *addr)
{
	return addr->family == 6 ? 128 : 32;
}

/* ---- libcurl ---- */

/* A length of 0 compares the whole address, and one too long is no match, as in libcurl. */
static bool curl_address_matches(const char *entry, const struct net_addr *host)
{
	struct net_addr addr;
	long length;

	if (!parse_network(entry, &addr, &length) || addr.family != host->family ||
		length > (long)address_bits(host))
		return false;
	return same_network(&addr, host, length > 0 ? (unsigned)length : address_bits(host));
}

static bool curl_name_matches(const char *entry, size_t len, const char *host, size_t host_len)
{
	if (len > 0 && entry[len - 1] == '.')
		len--;
	if (len > 0 && entry[0] == '.') {
		entry++;
		len--;
	}
	if (len == 0 || len > host_len || !same_text(entry, host + (host_len - len), len))
		return false;
	return len == host_len || host[host_len - len - 1] == '.';
}

static bool curl_entry_matches(const char *entry, size_t len, const char *host, size_t host_len,
	const struct net_addr *addr)
{
	char text[ENTRY_MAX];

	if (addr->family == 0)
		return curl_name_matches(entry, len, host, host_len);
	if (len >= sizeof text)
		return false;
	memcpy(text, entry, len);
	text[len] = '\0';
	return curl_address_matches(text, addr);
}

bool proxy_exempt_curl(const char *list, const char *host)
{
	size_t host_len = strlen(host);
	struct net_addr addr = {0};

	if (strcmp(list, "*") == 0)
		return true;
	if (!net_addr_parse(host, &addr))
		addr.family = 0;
	if (host_len > 0 && host[host_len - 1] == '.')
		host_len--;
	while (*list != '\0') {
		size_t len;
		list += strspn(list, " \t,");
		len = strcspn(list, " \t,");
		if (len > 0 && curl_entry_matches(list, len, host, host_len, &addr))
			return true;
		list += len;
	}
	return false;
}

/* ---- browsers ---- */

/* Takes a ":port" off an entry; false when what stands behind the colon is none. */
static bool take_port(char *entry, long *port)
{
	char *colon = strrchr(entry, ':'), *end;

	*port = -1;
	if (colon == NULL)
		return true;
	if (!isdigit((unsigned char)colon[1]))
		return false;
	*port = strtol(colon + 1, &end, 10);
	*colon = '\0';
	return *end == '\0' && *port <= 65535;
}

/* Networks and addresses are of hosts that are addresses; what is neither has no slash. */
static bool browser_address_matches(const char *entry, const char *host, bool *is_address)
{
	struct net_addr addr, own;
	long length;

	*is_address = parse_network(entry, &addr, &length);
	if (!*is_address || !net_addr_parse(host, &own) || addr.family != own.family ||
		length > (long)address_bits(&own))
		return false;
	return same_network(&addr, &own, length >= 0 ? (unsigned)length : address_bits(&own));
}

static bool browser_name_matches(char *entry, enum proxy_list form, const char *host, uint16_t port)
{
	char pattern[ENTRY_MAX + 1];
	bool star = entry[0] == '.' || (form == PROXY_LIST_ENVIRONMENT && entry[0] != '*');
	long own;

	if (strchr(entry, '/') != NULL || !take_port(entry, &own) || entry[0] == '\0')
		return false;
	pattern[0] = '*';
	strcpy(pattern + (star ? 1 : 0), entry);
	return (own < 0 || own == port) && glob_match(pattern, host, true);
}

static bool browser_entry_matches(
	char *entry, enum proxy_list form, const char *host, uint16_t port)
{
	char *scheme = strstr(entry, "://");
	bool is_address;

	if (is_word(entry, strlen(entry), "<local>"))
		return strchr(host, '.') == NULL && strchr(host, ':') == NULL;
	if (scheme != NULL) {
		if (!is_word(entry, (size_t)(scheme - entry), "https"))
			return false;
		entry = scheme + 3;
	}
	if (browser_address_matches(entry, host, &is_address))
		return true;
	return !is_address && browser_name_matches(entry, form, host, port);
}

bool proxy_exempt_browser(const char *list, enum proxy_list form, const char *host, uint16_t port)
{
	const char *separators = form == PROXY_LIST_SYSTEM ? ";, \t\r\n" : ",;";
	char entry[ENTRY_MAX];

	while (*list != '\0') {
		size_t len = strcspn(list, separators), end = len, begin = 0;
		while (begin < end && isspace((unsigned char)list[begin]))
			begin++;
		while (end > begin && isspace((unsigned char)list[end - 1]))
			end--;
		if (end > begin && end - begin < sizeof entry) {
			memcpy(entry, list + begin, end - begin);
			entry[end - begin] = '\0';
			if (browser_entry_matches(entry, form, host, port))
				return true;
		}
		list += len + (list[len] != '\0');
	}
	return false;
}

/* ---- values ---- */

/* host, host:port or [address]:port, up to a slash. */
static bool is_authority(const char *text, size_t len)
{
	const char *bracket = memchr(text, ']', len);
	const char *from = text[0] == '[' && bracket != NULL ? bracket : text;
	const char *colon = memchr(from, ':', len - (size_t)(from - text));
	size_t host = colon != NULL ? (size_t)(colon - text) : len;
	size_t digits = colon != NULL ? len - host - 1 : 0;

	if (host == 0 || memchr(text, ' ', len) != NULL || memchr(text, ';', len) != NULL)
		return false;
	return colon == NULL ||
	       (digits > 0 && digits <= 5 && strspn(colon + 1, "0123456789") >= digits &&
		       strtol(colon + 1, NULL, 10) <= 65535);
}

bool proxy_browser_value(const char *value)
{
	const char *scheme, *at, *authority;
	size_t len;

	while (isspace((unsigned char)*value))
		value++;
	len = strlen(value);
	while (len > 0 && isspace((unsigned char)value[len - 1]))
		len--;
	scheme = strstr(value, "://");
	authority = scheme != NULL ? scheme + 3 : value;
	at = strrchr(authority, '@');
	if (at != NULL)
		authority = at + 1;
	len -= (size_t)(authority - value) < len ? (size_t)(authority - value) : len;
	if (memchr(authority, '/', len) != NULL)
		len = strcspn(authority, "/");
	return len > 0 && is_authority(authority, len);
}
