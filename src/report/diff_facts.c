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
};

static const struct fact_row rows[] = {
	{"os", "name", FORM_VALUE},
	{"os", "version", FORM_VALUE},
	{"os", "release", FORM_VALUE},
	{"os", "build", FORM_VALUE},
	{"os", "edition", FORM_VALUE},
	{"disk", "path", FORM_VALUE},
	{"software", "found", FORM_PRODUCTS},
	{"installed", "found", FORM_PRODUCTS},
	{"link", "kind", FORM_VALUE},
	{"link", "gateway", FORM_VALUE},
	{"link", "addresses", FORM_ADDRESSES},
	{"proxy", "proxies", FORM_URLS},
	{"vpn", "connections", FORM_CONNECTIONS},
	{"captive", "plain_location_host", FORM_VALUE},
	{"dns", "a", FORM_SET},
	{"dns", "aaaa", FORM_SET},
	{"dns", "os_addresses", FORM_SET},
	{"dns", "hosts", FORM_SET},
	{"dns", "silent_servers", FORM_SET},
	{"tls", "subject", FORM_VALUE},
	{"tls", "issuer", FORM_VALUE},
	{"tls", "not_after", FORM_DAY},
	{"tls", "version", FORM_VALUE},
	{"http", "status", FORM_VALUE},
	{"http", "location", FORM_VALUE},
	{"http", "server", FORM_VALUE},
	{"cert", "subject", FORM_VALUE},
	{"cert", "issuer", FORM_VALUE},
	{"cert", "not_after", FORM_DAY},
	{"cert", "file", FORM_VALUE},
	{"dump", "file", FORM_VALUE},
	{"dump", "kind", FORM_VALUE},
	{"dump", "encoding", FORM_VALUE},
	{"dump", "archive_version", FORM_VALUE},
	{"ike", "answer", FORM_VALUE},
	{"ike", "nat_local", FORM_VALUE},
	{"ike", "nat_remote", FORM_VALUE},
	{"ike", "ipv6_answer", FORM_VALUE},
	{"ike-mtu", "df", FORM_VALUE},
	{"ike-mtu", "fragmented", FORM_VALUE},
	{NULL, "error", FORM_VALUE},
	{NULL, "offender", FORM_VALUE},
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
		return json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return json_is_string(value) ? json_string(json_string_value(value)) : NULL;
}

/* "2026-11-21" of "2026-11-21T09:30:00Z". */
static json_t *day_text(const json_t *value)
{
	const char *text = json_string_value(value);
	const char *end = text != NULL ? strchr(text, 'T') : NULL;

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

json_t *diff_facts(const char *type, const json_t *before, const json_t *after)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].type == NULL || strcmp(rows[i].type, type) == 0)
			diff_add(list, rows[i].fact, fact_text(before, &rows[i]),
				fact_text(after, &rows[i]));
	return list;
}
