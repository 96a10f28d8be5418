/*
 * Names: asking all sources for a name at once, and who waits for it. The sources are in
 * names_query.c and names_os.c, what is made of their answers in names_choice.c and names_settle.c.
 */
#include "names_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

#define TYPE_A    1
#define TYPE_AAAA 28

static const struct names_times default_times = {
	.patience = NAMES_PATIENCE,
	.budget = NAMES_BUDGET,
	.grace = 0.05,
	.silence = 2.5,
	.late = 1.0,
	.os_least = 3.0,
	.os_factor = 5.0,
	.os_limit = NAMES_OS_LIMIT,
	.os_again = 0.1,
	.os_beside = 0.5,
	.again = 2.0,
	.lapse = 0.25,
	.least = 0.5,
	.spread = 1.2,
};

const char *name_via_name(enum name_via via)
{
	switch (via) {
	case NAME_VIA_LITERAL:
		return "literal";
	case NAME_VIA_HOSTS:
		return "hosts";
	case NAME_VIA_DNS:
		return "dns";
	case NAME_VIA_OS:
		return "os";
	case NAME_VIA_DOCUMENTED:
		return "documented";
	case NAME_VIA_NONE:
		return "none";
	}
	return "?";
}

const char *dns_outcome_name(enum dns_outcome outcome)
{
	switch (outcome) {
	case DNS_PENDING:
		return "pending";
	case DNS_ANSWER:
		return "answer";
	case DNS_NODATA:
		return "nodata";
	case DNS_NXDOMAIN:
		return "nxdomain";
	case DNS_SERVFAIL:
		return "servfail";
	case DNS_REFUSED:
		return "refused";
	case DNS_OTHER_RCODE:
		return "other-rcode";
	case DNS_MALFORMED:
		return "malformed";
	case DNS_UNREACHABLE:
		return "unreachable";
	case DNS_SILENT:
		return "silent";
	}
	return "?";
}

/* ---- starting a name ---- */

static void lower(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

static void look_in_hosts(struct name *name)
{
	const struct terminal *t = name->names->terminal;
	struct name_facts *facts = &name->facts;

	facts->hosts_addrs = mem_alloc((t->host_count + 1) * sizeof facts->hosts_addrs[0]);
	facts->hosts_lines = mem_alloc((t->host_count + 1) * sizeof facts->hosts_lines[0]);
	for (size_t i = 0; i < t->host_count; i++) {
		if (strcmp(t->hosts[i].name, name->text) != 0)
			continue;
		facts->hosts_addrs[facts->hosts_count] = t->hosts[i].addr;
		facts->hosts_lines[facts->hosts_count++] = t->hosts[i].line;
	}
}

static void ask_servers(struct name *name)
{
	struct names *names = name->names;
	size_t count = 2 * names->server_count;

	name->questions = mem_alloc((count + 1) * sizeof name->questions[0]);
	name->facts.replies = mem_alloc((count + 1) * sizeof name->facts.replies[0]);
	name->facts.reply_count = count;
	for (size_t i = 0; i < count; i++) {
		struct question *q = &name->questions[i];
		question_init(q, &names->servers[i / 2], &name->facts.replies[i],
			i % 2 == 0 ? TYPE_A : TYPE_AAAA);
		q->names = names;
		q->name = name;
		q->text = name->text;
	}
	for (size_t i = 0; i < count; i++)
		question_ask(&name->questions[i]);
}

/* A proxy's host is made anew for each connection: where nothing is documented, the name tells. */
static bool same_host(const struct rule_host *a, const struct rule_host *b)
{
	return a == b || (a->address_count == 0 && b->address_count == 0 && a->zone == NULL &&
				 b->zone == NULL && strcmp(a->name, b->name) == 0);
}

static struct name *name_find(const struct names *names, const struct rule_host *host)
{
	struct name *name = names->first;

	while (name != NULL && !same_host(name->host, host))
		name = name->next;
	return name;
}

static struct name *name_start(struct names *names, const struct rule_host *host)
{
	struct name *name = mem_alloc(sizeof *name);
	struct net_addr literal;

	name->names = names;
	name->host = host;
	name->text = mem_strdup(host->name);
	lower(name->text);
	name->started = loop_now(names->loop);
	name->positive_at = name->answered_at = -1;
	loop_timer_init(&name->timer, names_on_timer, name);
	*names->last = name;
	names->last = &name->next;
	if (net_addr_parse(name->text, &literal)) {
		name_use(name, NAME_VIA_LITERAL, &literal, 1);
		return name;
	}
	look_in_hosts(name);
	ask_servers(name);
	os_job_start(name);
	return name;
}

/* ---- random labels ---- */

static void random_label(char label[NAMES_PROBE_LABEL + 1])
{
	static const char alphabet[36] = "abcdefghijklmnopqrstuvwxyz0123456789";
	const uint8_t fair = 256 / sizeof alphabet * sizeof alphabet; /* 252 */
	size_t len = 0;

	while (len < NAMES_PROBE_LABEL) {
		uint8_t bytes[2 * NAMES_PROBE_LABEL];
		platform_random(bytes, sizeof bytes);
		for (size_t i = 0; i < sizeof bytes && len < NAMES_PROBE_LABEL; i++)
			if (bytes[i] < fair)
				label[len++] = alphabet[bytes[i] % sizeof alphabet];
	}
	label[len] = '\0';
}

struct zone *zone_ask(struct names *names, const char *text, const char *probe_name, int type)
{
	struct zone *zone = mem_alloc(sizeof *zone);

	zone->text = mem_strdup(text);
	zone->started = loop_now(names->loop);
	snprintf(zone->probe_name, sizeof zone->probe_name, "%s", probe_name);
	zone->replies = mem_alloc((names->server_count + 1) * sizeof zone->replies[0]);
	zone->questions = mem_alloc((names->server_count + 1) * sizeof zone->questions[0]);
	zone->next = names->zones;
	names->zones = zone;
	for (size_t i = 0; i < names->server_count; i++) {
		struct question *q = &zone->questions[i];
		question_init(q, &names->servers[i], &zone->replies[i], type);
		q->names = names;
		q->zone = zone;
		q->text = zone->probe_name;
		question_ask(q);
	}
	return zone;
}

static struct zone *zone_start(struct names *names, const char *text)
{
	char label[NAMES_PROBE_LABEL + 1], name[256];

	random_label(label);
	snprintf(name, sizeof name, "%s.%s", label, text);
	return zone_ask(names, text, name, TYPE_A);
}

/* The zone to probe: as the rule file says, else what follows the first dot; "" for none. */
static const char *zone_text(const struct name *name)
{
	const char *dot = strchr(name->text, '.');

	if (name->host->zone != NULL)
		return name->host->zone;
	return dot != NULL ? dot + 1 : "";
}

static void start_probe(struct name *name)
{
	struct names *names = name->names;
	const char *text = zone_text(name);
	struct zone *zone = names->zones;
	size_t len = strlen(text);

	if (name->zone != NULL || name_is_literal(name) || names->server_count == 0 || len == 0 ||
		len + NAMES_PROBE_LABEL + 1 > 253)
		return;
	while (zone != NULL && strcmp(zone->text, text) != 0)
		zone = zone->next;
	name->zone = zone != NULL ? zone : zone_start(names, text);
	memcpy(name->facts.probe_name, name->zone->probe_name, sizeof name->facts.probe_name);
	name->facts.probes = name->zone->replies;
	name->facts.probe_count = names->server_count;
}

/* ---- interface ---- */

struct names *names_new(struct loop *loop, const struct terminal *terminal)
{
	struct names *names = mem_alloc(sizeof *names);

	names->loop = loop;
	names->terminal = terminal;
	names->times = default_times;
	names->resolve = platform_resolve;
	names->ipv4_first = true;
	names->last = &names->first;
	servers_init(names);
	return names;
}

void names_use_rtts(struct names *names, struct rtt_board *rtts)
{
	names->rtts = rtts;
}

static struct name *name_get(struct names *names, const struct rule_host *host)
{
	struct name *name = name_find(names, host);

	if (name == NULL)
		name = name_start(names, host);
	name->changed = true;
	return name;
}

void names_address(
	struct names *names, const struct rule_host *host, names_address_fn *fn, void *arg)
{
	struct name *name = name_get(names, host);

	name->addresses = mem_grow(name->addresses, name->address_count, &name->address_capacity,
		sizeof name->addresses[0]);
	name->addresses[name->address_count++] = (struct address_waiter){.fn = fn, .arg = arg};
	names_settle(names);
}

void names_complete(struct names *names, const struct rule_host *host, bool probe,
	names_complete_fn *fn, void *arg)
{
	struct name *name = name_get(names, host);

	if (probe)
		start_probe(name);
	name->completes = mem_grow(name->completes, name->complete_count, &name->complete_capacity,
		sizeof name->completes[0]);
	name->completes[name->complete_count++] =
		(struct complete_waiter){.fn = fn, .arg = arg, .probe = probe};
	names_settle(names);
}

void names_forget(struct names *names, const void *arg)
{
	for (struct name *name = names->first; name != NULL; name = name->next) {
		size_t kept = 0;
		for (size_t i = 0; i < name->address_count; i++)
			if (name->addresses[i].arg != arg)
				name->addresses[kept++] = name->addresses[i];
		name->address_count = kept;
		kept = 0;
		for (size_t i = 0; i < name->complete_count; i++)
			if (name->completes[i].arg != arg)
				name->completes[kept++] = name->completes[i];
		name->complete_count = kept;
	}
}

void names_on_final(struct names *names, names_final_fn *fn, void *arg)
{
	names->on_final = fn;
	names->on_final_arg = arg;
}

bool names_is_final(const struct names *names, const struct rule_host *host)
{
	const struct name *name = name_find(names, host);
	return name == NULL || name->final;
}

const struct name_address *names_current(const struct names *names, const struct rule_host *host)
{
	const struct name *name = name_find(names, host);
	return name != NULL && name->decided ? &name->address : NULL;
}

const struct name_facts *names_peek(const struct names *names, const struct rule_host *host)
{
	const struct name *name = name_find(names, host);
	return name != NULL ? &name->facts : NULL;
}

static void replies_free(struct dns_reply *replies, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(replies[i].addrs);
	free(replies);
}

static void name_free(struct name *name)
{
	loop_timer_stop(name->names->loop, &name->timer);
	os_jobs_forget(name);
	replies_free(name->facts.replies, name->facts.reply_count);
	free(name->facts.os.addrs);
	free(name->facts.hosts_addrs);
	free(name->facts.hosts_lines);
	free(name->questions);
	free(name->addresses);
	free(name->completes);
	free(name->text);
	free(name);
}

void names_free(struct names *names)
{
	if (names == NULL)
		return;
	names->stopping = true;
	servers_release(names);
	for (struct name *name = names->first, *next; name != NULL; name = next) {
		next = name->next;
		name_free(name);
	}
	for (struct zone *zone = names->zones, *next; zone != NULL; zone = next) {
		next = zone->next;
		replies_free(zone->replies, names->server_count);
		free(zone->questions);
		free(zone->text);
		free(zone);
	}
	free(names);
}
