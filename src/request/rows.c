/*
 * Rows: the traffic that checks stand for. Several checks of one port are one row, which answers
 * for the requirements of all of them; its purpose is that of the first. Names are one row for all
 * hosts, as it is the DNS server that is asked.
 */
#include <string.h>

#include "internal.h"
#include "net.h"
#include "report/internal.h"

/*
 * Which traffic a type of check stands for. Other types try what no document asks for. tells: its
 * reason is what the traffic is for; that of the others is what they look at in it.
 */
static const struct kind {
	const char *type, *protocol;
	bool tells;
} kinds[] = {
	{"tcp", "TCP", true},
	{"tls", "TCP", false},
	{"http", "TCP", false},
	{"ike", "UDP", true},
	{"ike-mtu", "UDP", false},
	{"dtls", "UDP", true},
	{"dns", "DNS", false},
};
static const struct kind esp = {"manual", "ESP", false};

static const struct kind *kind_of(const json_t *check)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (member_is(check, "type", kinds[i].type))
			return &kinds[i];
	return member_is(check, "protocol", "esp") ? &esp : NULL;
}

static const char *host_name(const json_t *check)
{
	return json_string_value(json_object_get(json_object_get(check, "host"), "name"));
}

/* The host as the rules know it; they may be others than the report was made with. */
static const struct rule_host *known_host(const json_t *check, const struct rules *rules)
{
	const char *name = host_name(check);

	for (size_t i = 0; name != NULL && i < rules->host_count; i++)
		if (strcmp(rules->hosts[i].name, name) == 0)
			return &rules->hosts[i];
	return NULL;
}

const char *check_inside(const json_t *check, const struct rules *rules)
{
	const struct rule_host *host = known_host(check, rules);
	bool inside = member_is(check, "phase", "in-vpn") || (host != NULL && host->internal);

	return inside ? host_name(check) : NULL;
}

bool row_is_traffic(const json_t *check, const struct rules *rules)
{
	return kind_of(check) != NULL && host_name(check) != NULL &&
	       check_inside(check, rules) == NULL;
}

/* ---- addresses ---- */

/* An address that may stand in a letter: one that means the same outside the facility. */
static bool is_public(const char *text)
{
	struct net_addr addr;

	if (text == NULL || !net_addr_parse(text, &addr))
		return false;
	enum net_class class = net_addr_class(&addr);
	return class == NET_GLOBAL || class == NET_DOCUMENTATION;
}

/* The documented ones, and the one in use. */
static void add_addresses(json_t *row, const json_t *check, const struct rules *rules)
{
	json_t *addresses = json_object_get(row, "addresses");
	const struct rule_host *host = known_host(check, rules);
	const char *used = member_string(json_object_get(check, "facts"), "address");
	char text[NET_ADDR_STRLEN];

	for (size_t i = 0; host != NULL && i < host->address_count; i++)
		add_once(addresses, net_addr_format(&host->addresses[i], text));
	if (is_public(used))
		add_once(addresses, used);
}

/* ---- rows ---- */

static json_t *find_row(const json_t *rows, const char *protocol, json_int_t port, const char *host)
{
	bool names = strcmp(protocol, "DNS") == 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i);
		if (member_is(row, "protocol", protocol) &&
			(names ||
				(member_is(row, "host", host) &&
					json_integer_value(json_object_get(row, "port")) == port)))
			return row;
	}
	return NULL;
}

/* What the traffic is for: the check's reason, or what the host is for. */
static json_t *purpose_of(const struct kind *kind, const json_t *check, const struct rules *rules)
{
	const struct rule_host *host = known_host(check, rules);
	json_t *why = json_object_get(check, "why");

	if (kind == &esp)
		return say("request.purpose.esp", NULL);
	if (kind->tells && json_is_object(why))
		return json_incref(why);
	return host != NULL && text_given(&host->use) ? text_plain(&host->use) : json_null();
}

static bool is_names(const struct kind *kind)
{
	return strcmp(kind->protocol, "DNS") == 0;
}

static json_t *row_new(const struct kind *kind, json_int_t port, const json_t *check)
{
	return json_pack("{s:s, s:o, s:s, s:s?, s:[], s:[], s:n, s:s, s:s, s:[], s:[]}", "protocol",
		kind->protocol, "port", kind == &esp ? json_null() : json_integer(port),
		"direction",
		is_names(kind) ? "names"
		: kind == &esp ? "both"
			       : "out",
		"host", is_names(kind) ? NULL : host_name(check), "names", "addresses", "purpose",
		"severity", member_string(check, "severity"), "ask",
		is_names(kind) ? "names" : "allow", "source", "checks");
}

static void add_purpose(
	json_t *row, const struct kind *kind, const json_t *check, const struct rules *rules)
{
	if (is_names(kind) || json_object_get(row, "told") != NULL)
		return;
	json_object_set_new(row, "purpose", purpose_of(kind, check, rules));
	if (kind->tells)
		json_object_set_new(row, "told", json_true());
}

static void add_severity(json_t *row, const json_t *check)
{
	if (member_is(check, "severity", "required"))
		json_object_set(row, "severity", json_object_get(check, "severity"));
}

/* What a check brings to its row. */
static void add_check(
	json_t *row, const struct kind *kind, const json_t *check, const struct rules *rules)
{
	const json_t *source = json_object_get(check, "source");

	add_purpose(row, kind, check, rules);
	add_severity(row, check);
	if (is_names(kind))
		add_once(json_object_get(row, "names"), host_name(check));
	else
		add_addresses(row, check, rules);
	add_once(json_object_get(row, "checks"), member_string(check, "id"));
	for (size_t i = 0; i < json_array_size(source); i++)
		add_once(json_object_get(row, "source"),
			json_string_value(json_array_get(source, i)));
}

static json_int_t port_of(const struct kind *kind, const json_t *check)
{
	return is_names(kind) ? 53 : json_integer_value(json_object_get(check, "port"));
}

static json_t *row_of(const json_t *rows, const struct kind *kind, const json_t *check)
{
	return find_row(rows, kind->protocol, port_of(kind, check), host_name(check));
}

bool rows_add(json_t *rows, const json_t *check, const struct rules *rules)
{
	const struct kind *kind = kind_of(check);

	if (!row_is_traffic(check, rules))
		return false;
	json_t *row = row_of(rows, kind, check);
	if (row == NULL) {
		row = row_new(kind, port_of(kind, check), check);
		json_array_append_new(rows, row);
	}
	add_check(row, kind, check, rules);
	return true;
}

void rows_complete(const json_t *rows, const json_t *checks, const struct rules *rules)
{
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *check = json_array_get(checks, i);
		json_t *row = NULL;
		if (row_is_traffic(check, rules))
			row = row_of(rows, kind_of(check), check);
		if (row != NULL) {
			add_purpose(row, kind_of(check), check, rules);
			add_severity(row, check);
		}
	}
}

/* ---- checks of the rules ---- */

json_t *check_of_rules(const struct rule_check *check)
{
	const struct rule_host *host = check_host(check);
	const struct value *protocol = rule_given(check, "protocol");
	long long port = check_port(check);
	json_t *source = json_array();

	for (size_t i = 0; i < check->sources.count; i++)
		json_array_append_new(source, json_string(check->sources.items[i]));
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:s?}", "id", check->id, "type",
		check->type->name, "host",
		host != NULL ? json_pack("{s:s, s:s}", "id", host->id, "name", host->name)
			     : json_null(),
		"port", port >= 0 ? json_integer(port) : json_null(), "why",
		text_given(&check->why) ? text_plain(&check->why) : json_null(), "severity",
		severity_name(check->severity), "phase", phase_name(check->phase), "source", source,
		"protocol", protocol != NULL ? protocol->string : NULL);
}
