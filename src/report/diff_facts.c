/*
 * Which facts matter when two reports are compared. All others are noise: times and durations,
 * ports of this side, random names, free space, numbers that repeat what a word says.
 */
#include <stdlib.h>
#include <string.h>

#include "diff_internal.h"
#include "internal.h"
#include "mem.h"
#include "net.h"

/* How a fact becomes a text, or a list of texts. */
enum form {
	FORM_VALUE,
	FORM_SET,         /* a list; its order means nothing */
	FORM_ADDRESSES,   /* the same without link-local ones, which some systems roll anew */
	FORM_DAY,         /* the day of a time */
	FORM_PRODUCTS,    /* objects with name and version */
	FORM_URLS,        /* objects with url */
	FORM_CONNECTIONS, /* objects with name and connected: those that are */
};

struct fact_row {
	const char *type; /* of the check; NULL: any */
	const char *fact;
	enum form form;
	bool both; /* only where both have it: its absence means that it was not asked for */
};

static const struct fact_row rows[] = {
	{"os", "name", FORM_VALUE, false},
	{"os", "version", FORM_VALUE, false},
	{"os", "release", FORM_VALUE, false},
	{"os", "build", FORM_VALUE, false},
	{"os", "edition", FORM_VALUE, false},
	{"disk", "path", FORM_VALUE, false},
	{"software", "found", FORM_PRODUCTS, false},
	{"installed", "found", FORM_PRODUCTS, false},
	{"link", "kind", FORM_VALUE, false},
	{"link", "gateway", FORM_VALUE, false},
	{"link", "addresses", FORM_ADDRESSES, false},
	{"proxy", "proxies", FORM_URLS, false},
	{"vpn", "connections", FORM_CONNECTIONS, false},
	{"captive", "plain_location_host", FORM_VALUE, false},
	{"dns", "a", FORM_SET, false},
	{"dns", "aaaa", FORM_SET, false},
	{"dns", "os_addresses", FORM_SET, false},
	{"dns", "hosts", FORM_SET, false},
	{"dns", "silent_servers", FORM_SET, false},
	{"tls", "subject", FORM_VALUE, true},
	{"tls", "issuer", FORM_VALUE, true},
	{"tls", "not_after", FORM_DAY, true},
	{"tls", "version", FORM_VALUE, true},
	{"http", "status", FORM_VALUE, true},
	{"http", "location", FORM_VALUE, false},
	{"http", "led_to", FORM_VALUE, false},
	{"http", "server", FORM_VALUE, true},
	{"cert", "subject", FORM_VALUE, true},
	{"cert", "issuer", FORM_VALUE, true},
	{"cert", "not_after", FORM_DAY, true},
	{"cert", "file", FORM_VALUE, false},
	{"dump", "file", FORM_VALUE, false},
	{"dump", "kind", FORM_VALUE, false},
	{"dump", "encoding", FORM_VALUE, false},
	{"dump", "archive_version", FORM_VALUE, false},
	{"ike", "answer", FORM_VALUE, false},
	{"ike", "nat_local", FORM_VALUE, true},
	{"ike", "nat_remote", FORM_VALUE, true},
	{"ike", "ipv6_answer", FORM_VALUE, false},
	{"ike-mtu", "df", FORM_VALUE, true},
	{"ike-mtu", "fragmented", FORM_VALUE, true},
	{NULL, "error", FORM_VALUE, false},
	{NULL, "offender", FORM_VALUE, false},
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

json_t *diff_sorted(const json_t *list)
{
	size_t count = json_array_size(list), kept = 0;

	if (!json_is_array(list))
		return NULL;
	const char **texts = mem_alloc((count + 1) * sizeof texts[0]);
	for (size_t i = 0; i < count; i++) {
		const char *text = json_string_value(json_array_get(list, i));
		if (text != NULL)
			texts[kept++] = text;
	}
	qsort(texts, kept, sizeof texts[0], by_text);
	json_t *sorted = json_array();
	for (size_t i = 0; i < kept; i++)
		if (i == 0 || strcmp(texts[i], texts[i - 1]) != 0)
			json_array_append_new(sorted, json_string(texts[i]));
	free(texts);
	return sorted;
}

static json_t *value_text(const json_t *value)
{
	if (json_is_integer(value))
		return json_sprintf("%lld", (long long)json_integer_value(value));
	return json_is_string(value) ? json_string(json_string_value(value)) : NULL;
}

/* "2026-11-21" of "2026-11-21T09:30:00Z", or of seconds since 1970. */
static json_t *day_text(const json_t *value)
{
	const char *text = json_string_value(value);
	const char *end = text != NULL ? strchr(text, 'T') : NULL;
	char day[64];

	if (json_is_integer(value)) {
		format_time(day, (double)json_integer_value(value));
		return json_stringn(day, strcspn(day, "T"));
	}
	return end != NULL ? json_stringn(text, (size_t)(end - text)) : value_text(value);
}

static bool is_link_local(const char *text)
{
	struct net_addr addr;

	return net_addr_parse(text, &addr) && net_addr_class(&addr) == NET_LINK_LOCAL;
}

static json_t *object_text(const json_t *item, enum form form)
{
	const char *name = member_string(item, "name"), *version = member_string(item, "version");

	switch (form) {
	case FORM_PRODUCTS:
		return json_sprintf("%s%s%s", name, *version != '\0' ? " " : "", version);
	case FORM_URLS:
		return json_string(member_string(item, "url"));
	case FORM_CONNECTIONS:
		return json_is_true(json_object_get(item, "connected")) ? json_string(name) : NULL;
	case FORM_ADDRESSES:
		return json_is_string(item) && !is_link_local(json_string_value(item))
			       ? json_string(json_string_value(item))
			       : NULL;
	case FORM_VALUE:
	case FORM_SET:
	case FORM_DAY:
		break;
	}
	return value_text(item);
}

/* An empty list says what a missing one does: there is none. */
static json_t *list_texts(const json_t *list, enum form form)
{
	json_t *texts = json_array();

	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *text = object_text(json_array_get(list, i), form);
		if (text != NULL)
			json_array_append_new(texts, text);
	}
	json_t *sorted = json_array_size(texts) > 0 ? diff_sorted(texts) : NULL;
	json_decref(texts);
	return sorted;
}

static json_t *fact_text(const json_t *facts, const struct fact_row *row)
{
	const json_t *value = json_object_get(facts, row->fact);
	json_t *text = row->form == FORM_VALUE ? value_text(value)
		       : row->form == FORM_DAY ? day_text(value)
					       : list_texts(value, row->form);

	return text != NULL ? text : json_null();
}

static void compare_fact(
	json_t *list, const struct fact_row *row, const json_t *before, const json_t *after)
{
	json_t *old = fact_text(before, row), *new = fact_text(after, row);

	if (row->both && json_is_null(old) != json_is_null(new)) {
		json_decref(old);
		json_decref(new);
	} else {
		diff_add(list, row->fact, old, new);
	}
}

json_t *diff_facts(const char *type, const json_t *before, const json_t *after)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].type == NULL || strcmp(rows[i].type, type) == 0)
			compare_fact(list, &rows[i], before, after);
	return list;
}
