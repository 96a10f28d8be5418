#include "net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool parse_v4(const char *text, size_t len, uint8_t out[4])
{
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		unsigned value = 0, digits = 0;
		while (at < len && text[at] >= '0' && text[at] <= '9' && digits < 4) {
			value = value * 10 + (unsigned)(text[at++] - '0');
			digits++;
		}
		if (digits == 0 || digits > 3 || value > 255 ||
			(digits > 1 && text[at - digits] == '0'))
			return false;
		out[i] = (uint8_t)value;
		if (i < 3 && (at >= len || text[at++] != '.'))
			return false;
	}
	return at == len;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* One side of "::", groups separated by single colons; returns the bytes written or -1. */
static int parse_groups(const char *text, size_t len, uint8_t *out, int room)
{
	int bytes = 0;
	size_t at = 0;

	while (at < len) {
		size_t end = at;
		while (end < len && text[end] != ':')
			end++;
		if (end == len && memchr(text + at, '.', len - at) != NULL) {
			if (room - bytes < 4 || !parse_v4(text + at, len - at, out + bytes))
				return -1;
			return bytes + 4;
		}
		if (end == at || end - at > 4 || room - bytes < 2)
			return -1;
		unsigned value = 0;
		for (; at < end; at++) {
			int digit = hex_digit(text[at]);
			if (digit < 0)
				return -1;
			value = value << 4 | (unsigned)digit;
		}
		out[bytes++] = (uint8_t)(value >> 8);
		out[bytes++] = (uint8_t)value;
		if (at < len && ++at == len)
			return -1; /* a trailing colon */
	}
	return bytes;
}

static bool parse_v6(const char *text, size_t len, uint8_t out[16])
{
	const char *gap = strstr(text, "::");
	uint8_t tail[16];

	if (gap == NULL)
		return parse_groups(text, len, out, 16) == 16;
	size_t head_len = (size_t)(gap - text);
	int head = parse_groups(text, head_len, out, 14);
	int rest = parse_groups(gap + 2, len - head_len - 2, tail, 14);
	if (head < 0 || rest < 0 || head + rest > 14)
		return false;
	memset(out + head, 0, (size_t)(16 - head - rest));
	memcpy(out + 16 - rest, tail, (size_t)rest);
	return true;
}

bool net_addr_parse(const char *text, struct net_addr *addr)
{
	size_t len = strlen(text);

	memset(addr, 0, sizeof *addr);
	if (len >= NET_ADDR_STRLEN)
		return false;
	if (parse_v4(text, len, addr->bytes))
		addr->family = 4;
	else if (strchr(text, ':') != NULL && parse_v6(text, len, addr->bytes))
		addr->family = 6;
	return addr->family != 0;
}

/* RFC 5952: the longest run of at least two zero groups becomes "::". */
static void format_v6(const uint8_t *b, char *buf)
{
	unsigned group[8];
	int best = -1, best_len = 1;
	size_t at = 0;

	for (int i = 0; i < 8; i++)
		group[i] = (unsigned)(b[2 * i] << 8 | b[2 * i + 1]);
	for (int i = 0; i < 8; i++) {
		int run = 0;
		while (i + run < 8 && group[i + run] == 0)
			run++;
		if (run > best_len) {
			best = i;
			best_len = run;
		}
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			at += (size_t)snprintf(buf + at, NET_ADDR_STRLEN - at, "::");
			i += best_len - 1;
			continue;
		}
		bool colon = at > 0 && buf[at - 1] != ':';
		at += (size_t)snprintf(
			buf + at, NET_ADDR_STRLEN - at, "%s%x", colon ? ":" : "", group[i]);
	}
}

const char *net_addr_format(const struct net_addr *addr, char buf[NET_ADDR_STRLEN])
{
	const uint8_t *b = addr->bytes;

	buf[0] = '\0';
	if (addr->family == 4)
		snprintf(buf, NET_ADDR_STRLEN, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
	else if (addr->family == 6)
		format_v6(b, buf);
	return buf;
}

bool net_addr_equal(const struct net_addr *a, const struct net_addr *b)
{
	return a->family == b->family && a->scope == b->scope &&
	       memcmp(a->bytes, b->bytes, a->family == 4 ? 4 : 16) == 0;
}

struct net_range {
	uint8_t bytes[16];
	int bits;
	enum net_class cls;
};

/* The first match counts. IANA special-purpose registries, RFC 6890. */
static const struct net_range ranges_v4[] = {
	{{0}, 8, NET_UNSPECIFIED},
	{{10}, 8, NET_PRIVATE},
	{{100, 64}, 10, NET_SHARED},
	{{127}, 8, NET_LOOPBACK},
	{{169, 254}, 16, NET_LINK_LOCAL},
	{{172, 16}, 12, NET_PRIVATE},
	{{192, 0, 0}, 24, NET_RESERVED},
	{{192, 0, 2}, 24, NET_DOCUMENTATION},
	{{192, 168}, 16, NET_PRIVATE},
	{{198, 18}, 15, NET_RESERVED},
	{{198, 51, 100}, 24, NET_DOCUMENTATION},
	{{203, 0, 113}, 24, NET_DOCUMENTATION},
	{{224}, 4, NET_MULTICAST},
	{{240}, 4, NET_RESERVED},
};

static const struct net_range ranges_v6[] = {
	{{0}, 128, NET_UNSPECIFIED},
	{{[15] = 1}, 128, NET_LOOPBACK},
	{{0x01}, 64, NET_RESERVED},
	{{0x20, 0x01, 0x0d, 0xb8}, 32, NET_DOCUMENTATION},
	{{0x3f, 0xff}, 20, NET_DOCUMENTATION},
	{{0xfc}, 7, NET_PRIVATE},
	{{0xfe, 0x80}, 10, NET_LINK_LOCAL},
	{{0xff}, 8, NET_MULTICAST},
};

static bool in_range(const uint8_t *bytes, const struct net_range *range)
{
	int whole = range->bits / 8, rest = range->bits % 8;

	if (memcmp(bytes, range->bytes, (size_t)whole) != 0)
		return false;
	if (rest == 0)
		return true;
	unsigned mask = 0xffu << (8 - rest) & 0xffu;
	return (bytes[whole] & mask) == (range->bytes[whole] & mask);
}

enum net_class net_addr_class(const struct net_addr *addr)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	const struct net_range *ranges = ranges_v6;
	size_t count = sizeof ranges_v6 / sizeof ranges_v6[0];
	const uint8_t *bytes = addr->bytes;

	if (addr->family == 6 && memcmp(bytes, mapped, 12) == 0)
		bytes += 12;
	if (addr->family == 4 || bytes != addr->bytes) {
		ranges = ranges_v4;
		count = sizeof ranges_v4 / sizeof ranges_v4[0];
	}
	for (size_t i = 0; i < count; i++)
		if (in_range(bytes, &ranges[i]))
			return ranges[i].cls;
	return NET_GLOBAL;
}

const char *net_class_name(enum net_class cls)
{
	static const char *const names[] = {
		[NET_GLOBAL] = "global",
		[NET_PRIVATE] = "private",
		[NET_LOOPBACK] = "loopback",
		[NET_LINK_LOCAL] = "link-local",
		[NET_SHARED] = "shared",
		[NET_DOCUMENTATION] = "documentation",
		[NET_UNSPECIFIED] = "unspecified",
		[NET_MULTICAST] = "multicast",
		[NET_RESERVED] = "reserved",
	};
	return names[cls];
}

const char *net_error_name(enum net_error error)
{
	static const char *const names[] = {
		[NET_OK] = "ok",
		[NET_REFUSED] = "refused",
		[NET_RESET] = "reset",
		[NET_UNREACH_NET] = "unreachable-net",
		[NET_UNREACH_HOST] = "unreachable-host",
		[NET_PROHIBITED] = "prohibited",
		[NET_UNREACH_PROTO] = "unreachable-protocol",
		[NET_NO_ROUTE] = "no-route",
		[NET_LOCAL_DENIED] = "local-denied",
		[NET_MSGSIZE] = "message-size",
		[NET_TTL_EXCEEDED] = "ttl-exceeded",
		[NET_TIMEOUT] = "timeout",
		[NET_LOCAL_ERROR] = "local-error",
		[NET_OTHER] = "other",
	};
	return names[error];
}
