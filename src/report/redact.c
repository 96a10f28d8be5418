/*
 * Reports that leave the facility: what identifies the terminal, its user and its place becomes
 * words. The same thing gets the same word throughout, so that the report stays readable.
 */
#include "redact.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "report_build.h"

#define STRING_MAX (64 * 1024)

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* ---- addresses ---- */

static bool is_inside(const struct redaction *r, const struct net_addr *addr)
{
	char text[NET_ADDR_STRLEN];

	switch (net_addr_class(addr)) {
	case NET_PRIVATE:
	case NET_LINK_LOCAL:
	case NET_SHARED:
		return true;
	case NET_GLOBAL:
		/* an interface identifier made of the device's MAC address */
		if (addr->family == 6 && addr->bytes[11] == 0xff && addr->bytes[12] == 0xfe)
			return true;
		return strs_contains(&r->own, net_addr_format(addr, text));
	case NET_LOOPBACK:
	case NET_DOCUMENTATION:
	case NET_UNSPECIFIED:
	case NET_MULTICAST:
	case NET_RESERVED:
		return false;
	}
	return false;
}

/* Whether an address may begin here: IPv4 not within a longer number, IPv6 not within a word. */
static bool may_begin(const char *text, size_t at, const char *set)
{
	char before = at > 0 ? text[at - 1] : ' ';

	if (text[at] == '\0' || strchr(set, text[at]) == NULL)
		return false;
	if (strchr(set, ':') == NULL)
		return !isdigit((unsigned char)before) && before != '.';
	return !isalnum((unsigned char)before) && before != ':' && before != '.';
}

/*
 * Reads an address of these characters at text[at]; it may be followed by punctuation or a port
 * ("10.0.0.1:53."). Returns its length, 0 when there is none.
 */
static size_t address_at(const char *text, size_t at, const char *set, struct net_addr *addr)
{
	char part[NET_ADDR_STRLEN];
	size_t run;

	if (!may_begin(text, at, set))
		return 0;
	run = strspn(text + at, set);
	for (size_t n = run < sizeof part ? run : sizeof part - 1; n > 1; n--) {
		char next = text[at + n];
		if (n < run && next != '.' && next != ':')
			continue;
		if (next == '.' && isdigit((unsigned char)text[at + n + 1]))
			continue;
		memcpy(part, text + at, n);
		part[n] = '\0';
		if (net_addr_parse(part, addr))
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

static bool is_version(const struct redaction *r, const char *text, size_t len)
{
	for (size_t i = 0; i < r->versions.count; i++)
		if (strncmp(r->versions.items[i], text, len) == 0 &&
			!isdigit((unsigned char)r->versions.items[i][len]))
			return true;
	return false;
}

static size_t redact_address(
	struct redaction *r, struct strbuf *out, const char *text, size_t at, bool version)
{
	struct net_addr addr;
	size_t len = address_at(text, at, "0123456789abcdefABCDEF:.", &addr);

	if (len == 0)
		len = address_at(text, at, "0123456789.", &addr);
	if (len == 0 || !is_inside(r, &addr) || version || is_version(r, text + at, len))
		return 0;
	strbuf_addf(out, "private-%zu", number_of(&r->addresses, &addr));
	return len;
}

/* ---- hardware addresses ---- */

/* aa:bb:cc:dd:ee:ff, with '-' too, and aabb.ccdd.eeff; not within a longer row of such. */
static size_t mac_at(const char *text, size_t at)
{
	static const struct {
		int digits, groups;
		char between;
	} forms[] = {{2, 6, ':'}, {2, 6, '-'}, {4, 3, '.'}};

	if (at > 0 && (is_word_char(text[at - 1]) || text[at - 1] == ':'))
		return 0;
	for (size_t f = 0; f < COUNT(forms); f++) {
		size_t i = at;
		int group = 0;
		for (; group < forms[f].groups; group++) {
			int digit = 0;
			if (group > 0 && text[i++] != forms[f].between)
				break;
			while (digit < forms[f].digits && isxdigit((unsigned char)text[i])) {
				digit++;
				i++;
			}
			if (digit < forms[f].digits)
				break;
		}
		if (group == forms[f].groups && !is_word_char(text[i]) && text[i] != ':')
			return i - at;
	}
	return 0;
}

/* ---- home directories ---- */

static bool is_separator(char c)
{
	return c == '/' || c == '\\';
}

static bool ends_component(char c)
{
	return c == '\0' || is_separator(c) || strchr(" \"'),;:\n", c) != NULL;
}

/* Windows writes one path with either separator, and in any letters. */
static bool same_path(const char *text, const char *path, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (tolower((unsigned char)text[i]) != tolower((unsigned char)path[i]) &&
			!(is_separator(text[i]) && is_separator(path[i])))
			return false;
	return true;
}

/* A home directory at text[at]: one of this user's, or where systems have everybody's. */
static size_t home_at(const struct redaction *r, const char *text, size_t at)
{
	static const char *const places[] = {"/home/", "/Users/", ":/Users/"};
	size_t drive = isalpha((unsigned char)text[at]) ? 1 : 0;

	if (at > 0 && (is_word_char(text[at - 1]) || is_separator(text[at - 1]) ||
			      text[at - 1] == '.' || text[at - 1] == '~'))
		return 0;
	for (size_t i = 0; i < r->homes.count; i++) {
		size_t len = strlen(r->homes.items[i]);
		if (same_path(text + at, r->homes.items[i], len) && ends_component(text[at + len]))
			return len;
	}
	for (size_t i = 0; i < COUNT(places); i++) {
		bool on_drive = places[i][0] == ':';
		size_t start = on_drive ? drive : 0, len = strlen(places[i]), name;
		if (on_drive ? drive == 0 || !same_path(text + at + start, places[i], len)
			     : strncmp(text + at, places[i], len) != 0)
			continue;
		name = strcspn(text + at + start + len, "/\\\"'\n");
		if (name > 0)
			return start + len + name;
	}
	return 0;
}

/* ---- names ---- */

static bool same_text(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i]))
			return false;
	return true;
}

/* Names stand alone: what precedes and follows is not part of a longer word. */
static const struct redact_pair *pair_at(const struct redaction *r, const char *text, size_t at)
{
	for (size_t i = 0; i < r->count; i++) {
		const char *from = r->pairs[i].from;
		size_t len = strlen(from);
		if (tolower((unsigned char)from[0]) != tolower((unsigned char)text[at]) ||
			strnlen(text + at, len) < len || !same_text(text + at, from, len))
			continue;
		if (at > 0 && isalnum((unsigned char)from[0]) &&
			isalnum((unsigned char)text[at - 1]))
			continue;
		if (isalnum((unsigned char)from[len - 1]) && isalnum((unsigned char)text[at + len]))
			continue;
		return &r->pairs[i];
	}
	return NULL;
}

/* ---- the document ---- */

/* Returns the string with words in place of what identifies, or NULL when it holds none. */
static json_t *redact_string(struct redaction *r, const json_t *string, bool version)
{
	const char *text = json_string_value(string);
	bool changed = false;
	struct strbuf out;

	strbuf_init(&out, STRING_MAX);
	for (size_t i = 0; text[i] != '\0';) {
		const struct redact_pair *pair = pair_at(r, text, i);
		size_t len = home_at(r, text, i);
		if (len > 0) {
			strbuf_adds(&out, "~");
		} else if (pair != NULL) {
			strbuf_adds(&out, pair->to);
			len = strlen(pair->from);
		} else if ((len = mac_at(text, i)) > 0) {
			strbuf_adds(&out, "mac-address");
		} else {
			len = redact_address(r, &out, text, i, version);
		}
		changed = changed || len > 0;
		if (len == 0)
			strbuf_addc(&out, text[i++]);
		i += len;
	}
	json_t *result = changed ? json_stringn(out.data, out.len) : NULL;
	if (changed && result == NULL) /* cut by the cap within a character */
		result = facts_safe_string(out.data, out.len);
	strbuf_release(&out);
	return result;
}

/* Words of the program and ids of the rules: they identify nobody, and must stay what they are. */
static bool is_fixed(const char *name)
{
	static const char *const names[] = {"schema", "schema_version", "program", "sha256", "id",
		"type", "severity", "phase", "state", "verdict", "cause", "code", "skip_reason",
		"ask", "actors", "segments", "source", "checks", "symptoms", "started", "reason",
		"support_code", "counts", "timings", "family"};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* A value's replacement, or NULL when it stays; objects and lists are changed in place. */
static json_t *redact(struct redaction *r, json_t *value, const char *under, bool facts)
{
	bool version = strstr(under, "version") != NULL || strcmp(under, "kernel") == 0;
	const char *name;
	json_t *item, *other;
	void *next;
	size_t i;

	if (json_is_string(value))
		return !facts && is_fixed(under) ? NULL : redact_string(r, value, version);
	json_object_foreach_safe(value, next, name, item)
	{
		other = redact(r, item, name, facts || strcmp(name, "facts") == 0);
		if (other != NULL)
			json_object_set_new(value, name, other);
	}
	json_array_foreach(value, i, item)
	{
		other = redact(r, item, under, facts);
		if (other != NULL)
			json_array_set_new(value, i, other);
	}
	return NULL;
}

void report_redact(json_t *report)
{
	struct redaction r;

	/* What is redacted already keeps its words. */
	if (json_is_true(json_object_get(report, "redacted")))
		return;
	redaction_gather(&r, report);
	redact(&r, report, "", false);
	redaction_release(&r);
	json_object_set_new(report, "redacted", json_true());
}
