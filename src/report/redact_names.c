/*
 * Redaction, first half: which strings identify. Names of this computer and its user, and what
 * the report's facts hold of the client certificate, its own addresses, proxies and devices.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "platform.h"
#include "redact.h"

#define NAME_LEAST   4 /* shorter names would be found in the middle of sentences */
#define VALUE_LEAST  3
#define SERIAL_LEAST 10 /* characters of a device's serial number, and digits among them */
#define DIGITS_LEAST 5

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void add_pair(struct redaction *r, const char *from, size_t len, const char *to)
{
	if (len < VALUE_LEAST)
		return;
	for (size_t i = 0; i < r->count; i++)
		if (strlen(r->pairs[i].from) == len && memcmp(r->pairs[i].from, from, len) == 0)
			return;
	r->pairs = mem_grow(r->pairs, r->count, &r->capacity, sizeof r->pairs[0]);
	r->pairs[r->count++] =
		(struct redact_pair){.from = mem_strndup(from, len), .to = mem_strdup(to)};
}

/* A word with a number of its own: "issuer-2". The same string keeps its word. */
static void add_numbered(struct redaction *r, const char *from, size_t len, const char *word)
{
	size_t number = 1, stem = strlen(word);
	char to[64];

	for (size_t i = 0; i < r->count; i++) {
		const char *other = r->pairs[i].to;
		size_t taken = strncmp(other, word, stem) == 0 && other[stem] == '-'
				       ? strtoul(other + stem + 1, NULL, 10)
				       : 0;
		number = taken >= number ? taken + 1 : number;
	}
	snprintf(to, sizeof to, "%s-%zu", word, number);
	add_pair(r, from, len, to);
}

/* ---- this computer ---- */

/* Names that say nothing about anybody. */
static bool is_common(const char *name)
{
	static const char *const common[] = {"admin", "administrator", "debian", "default", "guest",
		"home", "localhost", "macos", "nobody", "owner", "preflight", "root", "server",
		"system", "terminal", "test", "ubuntu", "user", "users", "windows"};

	if (strlen(name) < NAME_LEAST)
		return true;
	for (size_t i = 0; i < COUNT(common); i++) {
		size_t k = 0;
		while (common[i][k] != '\0' && tolower((unsigned char)name[k]) == common[i][k])
			k++;
		if (common[i][k] == '\0' && name[k] == '\0')
			return true;
	}
	return false;
}

/* Whether a name is a part of a host's that the rules name: it is then no secret. */
static bool is_of_rules(const json_t *report, const char *name)
{
	const json_t *checks = json_object_get(report, "checks");
	size_t len = strlen(name);

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *host = json_object_get(json_array_get(checks, i), "host");
		const char *found = strstr(member_string(host, "name"), name);
		if (found != NULL && (found[len] == '.' || found[len] == '\0'))
			return true;
	}
	return false;
}

static void add_names(
	struct redaction *r, const json_t *report, const struct strs *names, const char *to)
{
	for (size_t i = 0; i < names->count; i++)
		if (!is_common(names->items[i]) && !is_of_rules(report, names->items[i]))
			add_pair(r, names->items[i], strlen(names->items[i]), to);
}

static void add_computer(struct redaction *r, const json_t *report)
{
	struct strs users = {0}, hosts = {0};

	platform_identity(&users, &hosts, &r->homes);
	add_names(r, report, &users, "user-name");
	add_names(r, report, &hosts, "host-name");
	strs_release(&users);
	strs_release(&hosts);
}

/* ---- facts ---- */

static void add_fact(struct redaction *r, const json_t *fact, const char *word)
{
	const char *text = json_string_value(fact);

	if (text != NULL)
		add_numbered(r, text, strlen(text), word);
}

/* The common name of a certificate whose full name has a word already: the same one. */
static void add_common_name(
	struct redaction *r, const json_t *facts, const char *full, const char *common)
{
	const char *name = member_string(facts, common), *whole = member_string(facts, full);

	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->pairs[i].from, whole) == 0) {
			add_pair(r, name, strlen(name), r->pairs[i].to);
			return;
		}
}

static void add_list(struct redaction *r, const json_t *list, const char *word)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		add_fact(r, json_array_get(list, i), word);
}

/* Whom a client's certificate was issued to and by whom. */
static void add_certificate(struct redaction *r, const json_t *facts)
{
	const json_t *candidates = json_object_get(facts, "candidates");

	/* Only a client's has this fact; one that signed itself may be a CA as well. */
	if (json_is_true(json_object_get(facts, "is_ca")) &&
		json_object_get(facts, "has_key") == NULL)
		return;
	add_fact(r, json_object_get(facts, "subject"), "certificate");
	add_common_name(r, facts, "subject", "subject_cn");
	add_fact(r, json_object_get(facts, "issuer"), "issuer");
	add_common_name(r, facts, "issuer", "issuer_cn");
	add_list(r, json_object_get(facts, "issuers"), "issuer");
	for (size_t i = 0; i < json_array_size(candidates); i++) {
		const json_t *candidate = json_array_get(candidates, i);
		add_fact(r, json_object_get(candidate, "subject"), "certificate");
		add_fact(r, json_object_get(candidate, "issuer"), "issuer");
	}
}

/* The host of a proxy's URL, unless it is an address, which has a word of its own. */
static void add_proxy(struct redaction *r, const char *url)
{
	const char *host = strstr(url, "://");
	struct net_addr addr;

	host = host != NULL ? host + 3 : url;
	if (strchr(host, '@') != NULL)
		host = strrchr(host, '@') + 1;
	size_t len = strcspn(host, ":/?#");
	char *name = mem_strndup(host, len);
	if (host[0] != '[' && !net_addr_parse(name, &addr) && !is_common(name))
		add_numbered(r, name, len, "proxy");
	free(name);
}

static void add_proxies(struct redaction *r, const json_t *facts)
{
	const json_t *proxies = json_object_get(facts, "proxies");

	for (size_t i = 0; i < json_array_size(proxies); i++) {
		const json_t *proxy = json_array_get(proxies, i);
		add_proxy(r, member_string(proxy, "url"));
		add_fact(r, json_object_get(proxy, "bypass"), "bypass");
	}
}

/* Device makers put the serial number into the name of the CA that a device is. */
static void add_serials(struct redaction *r, const char *text)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	for (size_t i = 0; text[i] != '\0';) {
		size_t len = strspn(text + i, letters), digits = 0;
		bool whole = (i == 0 || !isalnum((unsigned char)text[i - 1])) &&
			     !isalnum((unsigned char)text[i + len]);
		for (size_t k = 0; k < len; k++)
			digits += isdigit((unsigned char)text[i + k]) != 0;
		if (whole && len >= SERIAL_LEAST && digits >= DIGITS_LEAST)
			add_numbered(r, text + i, len, "serial");
		i += len > 0 ? len : 1;
	}
}

/* A redirection's query may name the terminal, its user or a session. */
static void add_query(struct redaction *r, const char *url)
{
	const char *query = strchr(url, '?');

	if (query != NULL && query[1] != '\0')
		add_pair(r, query + 1, strlen(query + 1), "…");
}

static void add_own(struct redaction *r, const char *text)
{
	struct net_addr addr;
	char canonical[NET_ADDR_STRLEN];

	if (net_addr_parse(text, &addr) && net_addr_class(&addr) == NET_GLOBAL)
		strs_add(&r->own, net_addr_format(&addr, canonical));
}

static void gather_value(struct redaction *r, const char *name, json_t *value);

static void gather_members(struct redaction *r, json_t *facts)
{
	const char *name;
	json_t *value;

	json_object_foreach(facts, name, value) gather_value(r, name, value);
}

static bool is_named(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* What identifies wherever it stands, by the name of the fact. */
static void gather_value(struct redaction *r, const char *name, json_t *value)
{
	static const char *const names[] = {"subject", "issuer", "issuer_cn", "issuer_o",
		"issuer_ou", "issuers", "chain", "client_ca_names"};
	static const char *const urls[] = {"location", "plain_location", "followed"};
	const char *text = json_string_value(value);
	json_t *item;
	size_t i;

	json_array_foreach(value, i, item) gather_value(r, name, item);
	if (json_is_object(value))
		gather_members(r, value);
	if (text == NULL)
		return;
	if (is_named(name, names, COUNT(names)))
		add_serials(r, text);
	if (is_named(name, urls, COUNT(urls)))
		add_query(r, text);
	if (strcmp(name, "local_address") == 0)
		add_own(r, text);
	if (strstr(name, "version") != NULL || strcmp(name, "kernel") == 0)
		strs_add(&r->versions, text);
	if (strcmp(name, "proxy") == 0)
		add_proxy(r, text);
}

static void gather_check(struct redaction *r, const json_t *check)
{
	json_t *facts = json_object_get(check, "facts");
	const json_t *addresses = json_object_get(facts, "addresses");

	if (member_is(check, "type", "cert"))
		add_certificate(r, facts);
	if (member_is(check, "type", "proxy"))
		add_proxies(r, facts);
	if (member_is(check, "type", "link"))
		for (size_t i = 0; i < json_array_size(addresses); i++) {
			const char *text = json_string_value(json_array_get(addresses, i));
			add_own(r, text != NULL ? text : "");
		}
	gather_members(r, facts);
}

static int by_length(const void *a, const void *b)
{
	size_t first = strlen(((const struct redact_pair *)a)->from);
	size_t second = strlen(((const struct redact_pair *)b)->from);

	return first < second ? 1 : first > second ? -1 : 0;
}

void redaction_gather(struct redaction *r, const json_t *report)
{
	const json_t *checks = json_object_get(report, "checks");

	*r = (struct redaction){0};
	add_computer(r, report);
	for (size_t i = 0; i < json_array_size(checks); i++)
		gather_check(r, json_array_get(checks, i));
	if (r->count > 0)
		qsort(r->pairs, r->count, sizeof r->pairs[0], by_length);
}

void redaction_release(struct redaction *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->pairs[i].from);
		free(r->pairs[i].to);
	}
	free(r->pairs);
	strs_release(&r->homes);
	strs_release(&r->addresses);
	strs_release(&r->own);
	strs_release(&r->versions);
}
