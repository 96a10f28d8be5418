/*
 * Reports that leave the facility: addresses that mean something only inside it become words. The
 * same address gets the same word throughout, so that the report stays readable.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "mem.h"
#include "net.h"
#include "report_build.h"

#define STRING_MAX (64 * 1024)

static bool is_address_char(char c)
{
	return c != '\0' && strchr("0123456789abcdefABCDEF:.", c) != NULL;
}

static bool is_inside(const struct net_addr *addr)
{
	switch (net_addr_class(addr)) {
	case NET_PRIVATE:
	case NET_LINK_LOCAL:
	case NET_SHARED:
		return true;
	case NET_GLOBAL:
	case NET_LOOPBACK:
	case NET_DOCUMENTATION:
	case NET_UNSPECIFIED:
	case NET_MULTICAST:
	case NET_RESERVED:
		return false;
	}
	return false;
}

/*
 * Reads an address at the start of a run of address characters; the run may end in punctuation or
 * a port ("10.0.0.1:53."). Returns its length, 0 when there is none.
 */
static size_t address_length(const char *run, size_t len, struct net_addr *addr)
{
	char text[NET_ADDR_STRLEN];

	for (size_t n = len < sizeof text ? len : sizeof text - 1; n > 1; n--) {
		if (n < len && run[n] != '.' && run[n] != ':')
			continue;
		memcpy(text, run, n);
		text[n] = '\0';
		if (net_addr_parse(text, addr))
			return n;
	}
	return 0;
}

/* The number of an address; it is new when it has none yet. */
static size_t number_of(struct strs *seen, const struct net_addr *addr)
{
	char text[NET_ADDR_STRLEN];

	net_addr_format(addr, text);
	for (size_t i = 0; i < seen->count; i++)
		if (strcmp(seen->items[i], text) == 0)
			return i + 1;
	strs_add(seen, text);
	return seen->count;
}

/* Returns the string with words for addresses, or NULL when it holds none. */
static json_t *redact_string(const json_t *string, struct strs *seen)
{
	const char *text = json_string_value(string);
	bool changed = false;
	struct strbuf out;

	strbuf_init(&out, STRING_MAX);
	for (size_t i = 0; text[i] != '\0';) {
		struct net_addr addr;
		size_t run = 0, len;
		while (is_address_char(text[i + run]))
			run++;
		len = run > 1 ? address_length(text + i, run, &addr) : 0;
		if (len > 0 && is_inside(&addr)) {
			strbuf_addf(&out, "private-%zu", number_of(seen, &addr));
			changed = true;
		} else {
			len = run > 0 ? run : 1;
			strbuf_add(&out, text + i, len);
		}
		i += len;
	}
	json_t *result = changed ? json_stringn(out.data, out.len) : NULL;
	strbuf_release(&out);
	return result;
}

/* A value's replacement, or NULL when it stays; objects and lists are changed in place. */
static json_t *redact(json_t *value, struct strs *seen)
{
	const char *name;
	json_t *item, *other;
	void *next;
	size_t i;

	json_object_foreach_safe(value, next, name, item)
	{
		other = redact(item, seen);
		if (other != NULL)
			json_object_set_new(value, name, other);
	}
	json_array_foreach(value, i, item)
	{
		other = redact(item, seen);
		if (other != NULL)
			json_array_set_new(value, i, other);
	}
	return json_is_string(value) ? redact_string(value, seen) : NULL;
}

void report_redact(json_t *report)
{
	struct strs seen = {0};

	redact(report, &seen);
	json_object_set_new(report, "redacted", json_true());
	strs_release(&seen);
}
