/* What was learnt about a name, as facts: see dns_facts.h. */
#include "dns_facts.h"

#include <stdio.h>
#include <string.h>

#include "dns_rule.h"
#include "route_facts.h"

#define TYPE_A    1
#define TYPE_AAAA 28
#define DNS_PORT  53
#define LATE_MS   900.0  /* the OS's least time limit is 1 s */
#define SLOW_MS   1900.0 /* from then on a user notices; one lost packet takes our question 1 s */

static void add_addr(struct facts *f, const char *name, const struct net_addr *addr)
{
	char text[NET_ADDR_STRLEN];

	net_addr_format(addr, text);
	if (!facts_list_has(f, name, text))
		facts_add(f, name, text);
}

static void add_addrs(struct facts *f, const char *name, const struct net_addr *addrs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_addr(f, name, &addrs[i]);
}

static const char *server_text(const struct net_addr *addr, uint16_t port, char *buf, size_t size)
{
	char text[NET_ADDR_STRLEN];

	net_addr_format(addr, text);
	if (port == DNS_PORT)
		snprintf(buf, size, "%s", text);
	else
		snprintf(buf, size, addr->family == 6 ? "[%s]:%u" : "%s:%u", text, (unsigned)port);
	return buf;
}

static void add_server(
	struct facts *f, const char *name, const struct net_addr *addr, uint16_t port)
{
	char text[NET_ADDR_STRLEN + 16];
	facts_add(f, name, server_text(addr, port, text, sizeof text));
}

/* ---- servers ---- */

/* Which of two outcomes says more about the name: the lower. */
static int outcome_rank(enum dns_outcome outcome)
{
	switch (outcome) {
	case DNS_ANSWER:
		return 0;
	case DNS_NODATA:
		return 1;
	case DNS_NXDOMAIN:
		return 2;
	case DNS_REFUSED:
		return 3;
	case DNS_SERVFAIL:
		return 4;
	case DNS_OTHER_RCODE:
		return 5;
	case DNS_MALFORMED:
		return 6;
	case DNS_UNREACHABLE:
		return 7;
	case DNS_SILENT:
		return 8;
	case DNS_PENDING:
		return 9;
	}
	return 10;
}

static const struct dns_reply *best_reply(const struct name_facts *n, int type)
{
	const struct dns_reply *best = NULL;

	for (size_t i = 0; i < n->reply_count; i++)
		if (n->replies[i].type == type &&
			(best == NULL ||
				outcome_rank(n->replies[i].outcome) < outcome_rank(best->outcome)))
			best = &n->replies[i];
	return best;
}

static void fill_reply(json_t *server, const char *type, const struct dns_reply *reply)
{
	char name[32], text[NET_ADDR_STRLEN];

	json_object_set_new(server, type, json_string(dns_outcome_name(reply->outcome)));
	if (reply->rcode >= 0) {
		snprintf(name, sizeof name, "%s_rcode", type);
		json_object_set_new(server, name, json_integer(reply->rcode));
	}
	if (reply->addr_count > 0) {
		json_t *list = json_array();
		for (size_t i = 0; i < reply->addr_count; i++)
			json_array_append_new(
				list, json_string(net_addr_format(&reply->addrs[i], text)));
		snprintf(name, sizeof name, "%s_addresses", type);
		json_object_set_new(server, name, list);
	}
}

/* Replies come by server, A before AAAA. */
static void fill_servers(const struct dns_view *view, struct facts *f)
{
	const struct name_facts *n = view->facts;
	json_t *servers = json_array();
	char text[NET_ADDR_STRLEN + 16];
	bool any_tcp = false;

	for (size_t i = 0; i + 1 < n->reply_count; i += 2) {
		const struct dns_reply *a = &n->replies[i], *aaaa = a + 1;
		bool tcp = a->truncated || (view->ipv6 && aaaa->truncated);
		json_t *server = json_object();
		server_text(&a->server, a->port, text, sizeof text);
		json_object_set_new(server, "server", json_string(text));
		fill_reply(server, "a", a);
		if (view->ipv6)
			fill_reply(server, "aaaa", aaaa);
		json_object_set_new(server, "tcp", json_boolean(tcp));
		json_array_append_new(servers, server);
		any_tcp = any_tcp || tcp;
	}
	facts_json(f, "servers", servers);
	facts_bool(f, "tcp_fallback", any_tcp);
}

/* A server that nobody can reach from here: what the terminal's own routes have to do with it. */
static void fill_routes(const struct dns_view *view, struct facts *f)
{
	const struct name_facts *n = view->facts;

	for (size_t i = 0; i < n->reply_count; i += 2) {
		enum dns_outcome outcome = n->replies[i].outcome;
		if (outcome == DNS_UNREACHABLE && n->replies[i].denied) {
			facts_bool(f, "denied", true);
			return;
		}
		if (outcome == DNS_SILENT || outcome == DNS_UNREACHABLE) {
			route_facts(f, &n->replies[i].server, view->terminal);
			return;
		}
	}
}

static void fill_silence(const struct name_facts *n, struct facts *f)
{
	size_t asked = 0, silent = 0, heard = 0;

	for (size_t i = 0; i < n->reply_count; i += 2) {
		asked++;
		if (n->replies[i].outcome != DNS_SILENT)
			continue;
		silent++;
		heard += n->replies[i].heard;
	}
	facts_bool(f, "all_silent", asked > 0 && silent == asked);
	if (silent > 0 && heard == silent)
		facts_bool(f, "silent_here_only", true);
	for (size_t i = 0; i < n->reply_count; i += 2) {
		const struct dns_reply *reply = &n->replies[i];
		if (reply->outcome != DNS_SILENT)
			continue;
		add_server(f, "silent_servers", &reply->server, reply->port);
		if (silent < asked)
			add_server(f, "some_silent", &reply->server, reply->port);
	}
}

/* Where the servers are that gave the deciding outcome. */
static void fill_places(const struct dns_view *view, enum dns_outcome outcome, struct facts *f)
{
	const struct name_facts *n = view->facts;
	bool private = true, loopback = true;

	for (size_t i = 0; i < n->reply_count; i += 2) {
		const struct dns_reply *reply = &n->replies[i];
		if (reply->outcome != outcome)
			continue;
		enum net_class cls = net_addr_class(&reply->server);
		loopback = loopback && cls == NET_LOOPBACK;
		private = private && (cls == NET_PRIVATE || cls == NET_LINK_LOCAL ||
					     terminal_is_gateway(view->terminal, &reply->server));
	}
	facts_bool(f, "server_private", private);
	facts_bool(f, "server_loopback", loopback);
}

/* The reply that the finding is about: the best one, but a resolver takes the first server's NO. */
static const struct dns_reply *deciding_reply(const struct name_facts *n)
{
	const struct dns_reply *best = best_reply(n, TYPE_A);
	bool os = n->os_done && n->os.status == OS_RESOLVE_OK && n->os.addr_count > 0;

	if (best != NULL && !os &&
		(n->replies[0].outcome == DNS_NXDOMAIN || n->replies[0].outcome == DNS_NODATA))
		return &n->replies[0];
	return best;
}

static void fill_outcome(const struct dns_view *view, struct facts *f)
{
	const struct dns_reply *a = best_reply(view->facts, TYPE_A);
	const struct dns_reply *aaaa = best_reply(view->facts, TYPE_AAAA);
	const struct dns_reply *deciding = deciding_reply(view->facts);
	char text[NET_ADDR_STRLEN + 16];

	if (a == NULL) {
		const struct dns_servers *list = &view->terminal->dns;
		if (list->count > 0)
			facts_str(f, "server",
				server_text(&list->items[0].addr, list->items[0].port, text,
					sizeof text));
		return;
	}
	facts_str(f, "outcome", dns_outcome_name(a->outcome));
	facts_str(f, "first_outcome", dns_outcome_name(view->facts->replies[0].outcome));
	if (view->ipv6 && aaaa != NULL)
		facts_str(f, "aaaa_outcome", dns_outcome_name(aaaa->outcome));
	facts_str(f, "server", server_text(&deciding->server, deciding->port, text, sizeof text));
	if (deciding != a && a->outcome == DNS_ANSWER)
		facts_str(f, "server_that_knows",
			server_text(&a->server, a->port, text, sizeof text));
	if (deciding->rcode >= 0)
		facts_int(f, "rcode", deciding->rcode);
	fill_places(view, deciding->outcome, f);
}

static bool was_asked(const struct name_facts *n, const struct dns_server *server)
{
	for (size_t i = 0; i < n->reply_count; i += 2)
		if (n->replies[i].port == server->port &&
			net_addr_equal(&n->replies[i].server, &server->addr))
			return true;
	return false;
}

static void fill_not_asked(const struct dns_view *view, struct facts *f)
{
	const struct dns_servers *list = &view->terminal->dns;

	facts_bool(f, "no_servers", view->terminal->dns_known && list->count == 0);
	if (list->spoilt_line != 0) {
		facts_int(f, "spoilt_line", list->spoilt_line);
		facts_str(f, "spoilt", list->spoilt);
		facts_bool(f, "spoilt_cr", list->spoilt_cr);
	}
	for (size_t i = 0; i < list->count; i++)
		if (!was_asked(view->facts, &list->items[i]))
			add_server(
				f, "servers_not_asked", &list->items[i].addr, list->items[i].port);
}

/* ---- other sources ---- */

/* The OS's own rule for this name: why its resolver may say otherwise than the servers. */
static void fill_rule(const struct dns_view *view, struct facts *f)
{
	const struct dns_rule *rule = dns_rule_for(&view->terminal->dns, view->host->name);

	if (rule == NULL)
		return;
	facts_str(f, "os_rule", rule->space);
	if (rule->servers[0] != '\0')
		facts_str(f, "os_rule_servers", rule->servers);
	facts_bool(f, "os_rule_policy", rule->policy);
}

static void fill_hosts(const struct dns_view *view, struct facts *f)
{
	const struct name_facts *n = view->facts;

	if (n->hosts_count == 0)
		return;
	add_addrs(f, "hosts", n->hosts_addrs, n->hosts_count);
	facts_int(f, "hosts_line", n->hosts_lines[0]);
	facts_str(f, "hosts_path", view->terminal->hosts_path);
}

static const char *os_word(const struct name_facts *n)
{
	if (!n->os_done)
		return "pending";
	switch (n->os.status) {
	case OS_RESOLVE_OK:
		return "ok";
	case OS_RESOLVE_NOT_FOUND:
		return "not-found";
	case OS_RESOLVE_TEMPORARY:
		return "temporary";
	case OS_RESOLVE_ERROR:
		return "error";
	}
	return "error";
}

/* Of the answers with addresses. */
static double slowest_answer(const struct name_facts *n)
{
	double ms = 0;

	for (size_t i = 0; i < n->reply_count; i++)
		if (n->replies[i].outcome == DNS_ANSWER && n->replies[i].ms > ms)
			ms = n->replies[i].ms;
	return ms;
}

/* All that a server answered took long: of two answers, a lost packet makes one late. */
static bool server_is_slow(const struct dns_reply *a, const struct dns_reply *aaaa)
{
	return (a->rcode >= 0 || aaaa->rcode >= 0) && (a->rcode < 0 || a->ms >= SLOW_MS) &&
	       (aaaa->rcode < 0 || aaaa->ms >= SLOW_MS);
}

/* Questions of ours were lost at a server that answers others. */
static bool server_loses(const struct dns_reply *reply)
{
	return (reply->outcome == DNS_SILENT && reply->heard) ||
	       (reply->rcode >= 0 && reply->ms >= LATE_MS);
}

/* Every server was silent as long as we waited, and has answered the OS, which waits longer. */
static bool answered_too_late(const struct name_facts *n)
{
	for (size_t i = 0; i < n->reply_count; i++)
		if (n->replies[i].outcome != DNS_SILENT || n->replies[i].heard)
			return false;
	return n->reply_count > 0 && n->hosts_count == 0 && n->os_ms >= NAMES_BUDGET * 1000;
}

/*
 * What made the OS wait: a server that is slow, that says nothing to any question for IPv6
 * addresses, or that loses some.
 */
static const char *slow_by(const struct name_facts *n)
{
	if (answered_too_late(n))
		return "server";
	for (size_t i = 0; i + 1 < n->reply_count; i += 2)
		if (server_is_slow(&n->replies[i], &n->replies[i + 1]))
			return "server";
	for (size_t i = 0; i + 1 < n->reply_count; i += 2)
		if (n->replies[i].outcome != DNS_SILENT &&
			n->replies[i + 1].outcome == DNS_SILENT && !n->replies[i + 1].heard)
			return "aaaa";
	for (size_t i = 0; i < n->reply_count; i++)
		if (server_loses(&n->replies[i]))
			return "losses";
	return NULL;
}

/*
 * A line that loses packets makes the OS wait now and then, a fault each time: it was asked several
 * times about this name, and took as long for every other.
 */
static bool slow_each_time(const struct name_facts *n)
{
	return n->os_asks > 1 && n->os_quickest_ms >= SLOW_MS;
}

static void fill_os_time(const struct dns_view *view, struct facts *f)
{
	const struct name_facts *n = view->facts;

	if (view->complete && !n->os_done) {
		facts_int(f, "os_waited", (long long)NAMES_OS_LIMIT);
		return;
	}
	/* The OS gives up, and a server answers us later than that (resolv.conf: timeout). */
	if (n->os.status == OS_RESOLVE_TEMPORARY && slowest_answer(n) > n->os_ms * 0.9 &&
		slowest_answer(n) >= LATE_MS) {
		facts_int(f, "os_gave_up", (long long)(n->os_ms / 1000 + 0.5));
		facts_str(f, "slow_by", "server");
	}
	if (n->os_asks > 1)
		facts_int(f, "os_asks", n->os_asks);
	if (n->os.status != OS_RESOLVE_OK || n->os_ms < SLOW_MS)
		return;
	facts_int(f, "os_seconds", (long long)(n->os_ms / 1000 + 0.5));
	const char *by = slow_by(n);
	facts_bool(f, "os_always_slow",
		slow_each_time(n) || (by != NULL && strcmp(by, "losses") != 0));
	if (by != NULL)
		facts_str(f, "slow_by", by);
}

static void fill_os(const struct dns_view *view, struct facts *f)
{
	const struct name_facts *n = view->facts;

	facts_str(f, "os", os_word(n));
	if (n->os_done) {
		add_addrs(f, "os_addresses", n->os.addrs, n->os.addr_count);
		if (n->os.status != OS_RESOLVE_OK)
			facts_int(f, "os_code", n->os.code);
	}
	fill_os_time(view, f);
}

static void fill_probe(const struct name_facts *n, struct facts *f)
{
	if (n->probe_name[0] == '\0')
		return;
	facts_str(f, "probe_name", n->probe_name);
	facts_list(f, "wildcard");
	for (size_t i = 0; i < n->probe_count; i++)
		add_addrs(f, "wildcard", n->probes[i].addrs, n->probes[i].addr_count);
}

/* The name that the OS found with a domain of the search list behind it. */
static void fill_search(const struct dns_view *view, struct facts *f)
{
	const struct name_facts *n = view->facts;
	char text[NET_ADDR_STRLEN];

	for (size_t i = 0; i < n->search_count; i++) {
		const struct name_search *search = &n->searches[i];
		for (size_t k = 0; k < search->reply_count; k++)
			for (size_t m = 0; m < search->replies[k].addr_count; m++) {
				net_addr_format(&search->replies[k].addrs[m], text);
				if (!facts_list_has(f, "os_addresses", text))
					continue;
				facts_str(f, "search_name", search->name);
				facts_str(f, "search_domain",
					search->name + strlen(view->host->name) + 1);
				facts_int(f, "ndots", view->terminal->dns.ndots);
				return;
			}
	}
}

/* Block addresses that makers of DNS filters publish. */
static const struct {
	uint8_t net[3]; /* /24 */
	const char *maker;
} filters[] = {
	{{146, 112, 61}, "Cisco Umbrella"},
	{{67, 215, 65}, "OpenDNS"},
	{{208, 91, 112}, "FortiGuard"},
	{{198, 135, 184}, "Palo Alto Networks"},
};

static void fill_filter(struct facts *f)
{
	const char *list = facts_count(f, "os_addresses") > 0 ? "os_addresses" : "a";

	for (size_t i = 0; i < facts_count(f, list); i++)
		for (size_t k = 0; k < sizeof filters / sizeof filters[0]; k++) {
			struct net_addr addr;
			if (!net_addr_parse(facts_item(f, list, i), &addr) || addr.family != 4 ||
				memcmp(addr.bytes, filters[k].net, 3) != 0)
				continue;
			facts_str(f, "filter", filters[k].maker);
			return;
		}
}

/* ---- what the answers are ---- */

/* The names of the lists that hold answers. */
static const char *const answer_lists[] = {"a", "aaaa", "os_addresses"};

/* RFC 6052 section 2.2: where an IPv6 address has the bytes of the IPv4 address that it stands for,
 * by the length of the prefix: 32, 40, 48, 56, 64 and 96 bits. */
static const uint8_t embedded_at[][4] = {{4, 5, 6, 7}, {5, 6, 7, 9}, {6, 7, 9, 10}, {7, 9, 10, 11},
	{9, 10, 11, 12}, {12, 13, 14, 15}};

static bool embeds(const struct net_addr *six, const struct net_addr *four)
{
	for (size_t i = 0; i < sizeof embedded_at / sizeof embedded_at[0]; i++) {
		size_t same = 0;
		while (same < 4 && six->bytes[embedded_at[i][same]] == four->bytes[same])
			same++;
		if (same == 4)
			return true;
	}
	return false;
}

/* Made by a DNS64 of a public IPv4 address among the answers: the way there is a translator's. */
static bool is_synthesized(const struct net_addr *addr, const struct facts *f)
{
	struct net_addr four;

	for (size_t k = 0; addr->family == 6 && k < sizeof answer_lists / sizeof answer_lists[0];
		k++)
		for (size_t i = 0; i < facts_count(f, answer_lists[k]); i++)
			if (net_addr_parse(facts_item(f, answer_lists[k], i), &four) &&
				four.family == 4 && net_addr_class(&four) == NET_GLOBAL &&
				embeds(addr, &four))
				return true;
	return false;
}

/* Of what the OS gives; without its answer, of the servers'. */
static void fill_class(const struct name_facts *n, struct facts *f)
{
	bool os = n->os_done && n->os.addr_count > 0;

	for (size_t k = os ? 2 : 0; k < (os ? 3 : 2); k++) {
		const char *list = answer_lists[k];
		for (size_t i = 0; i < facts_count(f, list); i++) {
			struct net_addr addr;
			if (!net_addr_parse(facts_item(f, list, i), &addr))
				continue;
			enum net_class cls = net_addr_class(&addr);
			if (cls != NET_GLOBAL && !is_synthesized(&addr, f)) {
				facts_str(f, "class", net_class_name(cls));
				return;
			}
		}
	}
}

static void fill_documented(const struct rule_host *host, struct facts *f)
{
	bool any = false, match = false;

	add_addrs(f, "documented", host->addresses, host->address_count);
	for (size_t k = 0; k < sizeof answer_lists / sizeof answer_lists[0]; k++)
		for (size_t i = 0; i < facts_count(f, answer_lists[k]); i++) {
			any = true;
			match = match ||
				facts_list_has(f, "documented", facts_item(f, answer_lists[k], i));
		}
	if (any && host->address_count > 0)
		facts_bool(f, "matches_documented", match);
}

void dns_facts_fill(const struct dns_view *view, struct facts *f)
{
	const struct name_facts *n = view->facts;

	facts_str(f, "host", view->host->name);
	if (n == NULL)
		return;
	if (view->address != NULL) {
		facts_str(f, "via", name_via_name(view->address->via));
		add_addrs(f, "addresses", view->address->addrs, view->address->count);
		if (view->address->via == NAME_VIA_LITERAL)
			return;
	}
	fill_outcome(view, f);
	for (size_t i = 0; i < n->reply_count; i++)
		if (n->replies[i].type == TYPE_A || view->ipv6)
			add_addrs(f, n->replies[i].type == TYPE_A ? "a" : "aaaa",
				n->replies[i].addrs, n->replies[i].addr_count);
	fill_hosts(view, f);
	fill_silence(n, f);
	fill_routes(view, f);
	fill_not_asked(view, f);
	fill_os(view, f);
	fill_rule(view, f);
	if (view->probe)
		fill_probe(n, f);
	fill_search(view, f);
	fill_filter(f);
	fill_class(n, f);
	fill_documented(view->host, f);
	fill_servers(view, f);
}

void dns_timings_fill(const struct dns_view *view, struct facts *timings)
{
	const struct name_facts *n = view->facts;
	char name[48];

	if (view->address != NULL)
		facts_real(timings, "address_ms", view->address->ms);
	if (n == NULL)
		return;
	const struct dns_reply *best = best_reply(n, TYPE_A);
	if (best != NULL && best->rcode >= 0)
		facts_real(timings, "dns_ms", best->ms);
	if (n->os_done)
		facts_real(timings, "os_ms", n->os_ms);
	for (size_t i = 0; i < n->reply_count; i++) {
		if (n->replies[i].rcode < 0 || (n->replies[i].type == TYPE_AAAA && !view->ipv6))
			continue;
		snprintf(name, sizeof name, "server_%zu_%s_ms", i / 2 + 1,
			n->replies[i].type == TYPE_A ? "a" : "aaaa");
		facts_real(timings, name, n->replies[i].ms);
	}
}
