/* Root causes from made-up results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "diagnose.h"
#include "judge.h"

#define MOST 12

/* A small world: the real check types, hosts mio and sec, and results set by hand. */
struct world {
	struct rule_host hosts[2];
	struct rule_check checks[MOST];
	struct value values[MOST][12];
	struct rule_certificate certificates[2];
	struct facts facts[MOST];
	struct diagnosis d;
};

enum { MIO, SEC, NOWHERE };

static struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof *w);

	w->hosts[MIO] = (struct rule_host){.id = (char *)"mio", .name = (char *)"mio.example"};
	w->hosts[SEC] = (struct rule_host){.id = (char *)"sec", .name = (char *)"sec.example"};
	w->d.results = calloc(MOST, sizeof w->d.results[0]);
	return w;
}

static void world_free(struct world *w)
{
	for (size_t i = 0; i < w->d.result_count; i++)
		facts_release(&w->facts[i]);
	diagnosis_release(&w->d);
	free(w);
}

/* Adds a result; returns its index. */
static size_t add(struct world *w, const char *type, const char *id, int host, enum verdict verdict,
	const char *cause)
{
	size_t n = w->d.result_count++;
	struct rule_check *check = &w->checks[n];
	const struct cause_info *info = cause_find(cause);

	assert_true(n < MOST);
	check->id = (char *)(uintptr_t)id;
	check->type = check_type_find(type);
	assert_non_null(check->type);
	check->values = w->values[n];
	for (size_t k = 0; host != NOWHERE && k < check->type->key_count; k++)
		if (strcmp(check->type->keys[k].name, "host") == 0)
			check->values[k] = (struct value){.set = true, .host = &w->hosts[host]};
	facts_init(&w->facts[n]);
	w->d.results[n] = (struct result){
		.check = check,
		.facts = &w->facts[n],
		.verdict = verdict,
		.cause = info != NULL ? info->code : NULL,
		.segments = info != NULL ? info->segments : 0,
		.actors = info != NULL ? info->actors : 0,
		.state = RUN_FINISHED,
		.root = -1,
	};
	return n;
}

/* Makes a result's check name a certificate; returns the result's facts. */
static struct facts *with_certificate(struct world *w, size_t n, int certificate)
{
	const struct check_type *type = w->checks[n].type;
	bool named = false;

	for (size_t k = 0; k < type->key_count; k++)
		if (type->keys[k].type == KEY_CERTIFICATE) {
			w->values[n][k].certificate = &w->certificates[certificate];
			named = true;
		}
	assert_true(named);
	return &w->facts[n];
}

/* A result of a server that asked for a certificate and proved who it is. */
static size_t add_asked(
	struct world *w, const char *type, const char *id, enum verdict verdict, const char *cause)
{
	size_t n = add(w, type, id, SEC, verdict, cause);

	facts_bool(&w->facts[n], "client_cert_requested", true);
	facts_bool(&w->facts[n], "verified", true);
	return n;
}

/* A proxy that browsers send a host's page through, which works. */
static size_t add_proxied(struct world *w, int host)
{
	size_t n = add(w, "proxy", "proxied", host, VERDICT_PASS, NULL);

	w->checks[n].severity = SEVERITY_REQUIRED;
	facts_bool(&w->facts[n], "proxy_works", true);
	return n;
}

static void add_connected(struct world *w, const char *id, int host)
{
	facts_bool(&w->facts[add(w, "tcp", id, host, VERDICT_PASS, NULL)], "connected", true);
}

static void assert_root(
	const struct world *w, size_t i, const char *code, size_t evidence, size_t symptoms)
{
	assert_true(i < w->d.root_count);
	assert_string_equal(w->d.roots[i].cause, code);
	assert_int_equal(w->d.roots[i].evidence_count, evidence);
	assert_int_equal(w->d.roots[i].symptom_count, symptoms);
}

static void all_passes_is_ready(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	add(w, "manual", "man", NOWHERE, VERDICT_MANUAL, NULL);
	diagnose(&w->d, false);
	assert_int_equal(w->d.exit_code, EXIT_READY);
	assert_int_equal(w->d.root_count, 0);
	world_free(w);
}

static void nothing_shown_is_not_ready(void **state)
{
	struct world *w = world_new();
	(void)state;

	add(w, "manual", "man", NOWHERE, VERDICT_MANUAL, NULL);
	add(w, "tcp", "portal", MIO, VERDICT_SKIP, NULL);
	diagnose(&w->d, false);
	assert_int_equal(w->d.exit_code, EXIT_UNKNOWN);
	world_free(w);
}

static void no_route_explains_the_network(void **state)
{
	struct world *w = world_new();
	(void)state;

	add(w, "dns", "sec-dns", SEC, VERDICT_FAIL, "dns.unreachable");
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "net.no-route");
	add(w, "link", "link", NOWHERE, VERDICT_FAIL, "net.no-route");
	add(w, "tls", "sec-tls", SEC, VERDICT_UNKNOWN, "run.blocked");
	add(w, "disk", "disk", NOWHERE, VERDICT_FAIL, "disk.low");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	assert_root(w, 0, "net.no-route", 2, 2);
	assert_root(w, 1, "disk.low", 1, 0);
	assert_int_equal(w->d.exit_code, EXIT_NOT_READY);
	world_free(w);
}

static void two_silent_ports_are_one_cause(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "sec-tcp", SEC);
	add(w, "ike", "sec-500", SEC, VERDICT_FAIL, "udp.silent");
	add(w, "ike", "sec-4500", SEC, VERDICT_FAIL, "udp.silent");
	add(w, "ike-mtu", "sec-mtu", SEC, VERDICT_UNKNOWN, "run.blocked");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "udp.silent", 2, 1);
	world_free(w);
}

static void add_silent(struct world *w, const char *id, int host, const char *reach,
	const char *last, unsigned where)
{
	size_t n = add(w, "tcp", id, host, VERDICT_FAIL, "tcp.silent");

	facts_str(&w->facts[n], "path_reach", reach);
	facts_str(&w->facts[n], "path_last", last);
	if (where != 0)
		w->d.results[n].segments = where;
}

/* What nothing could be compared with joins what is known, unless it got further. */
static void bare_silence_joins_what_is_known(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "life", SEC);
	add_silent(w, "mio-1", MIO, "unknown", NULL, 0);
	add_silent(w, "mio-2", MIO, "alone", "10.0.0.1", 0);
	add_silent(w, "mio-3", MIO, "alone", "133.162.1.1",
		SEGMENT_FACILITY | SEGMENT_LINE | SEGMENT_SERVICE);
	add_silent(w, "sec-1", SEC, "between", "10.0.0.1", SEGMENT_FACILITY);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	assert_root(w, 0, "tcp.silent", 3, 0);
	assert_int_equal(w->d.roots[0].segments, SEGMENT_FACILITY);
	assert_string_equal(w->d.results[w->d.roots[0].lead].check->id, "sec-1");
	assert_root(w, 1, "tcp.silent", 1, 0);
	assert_int_equal(w->d.roots[1].segments, SEGMENT_FACILITY | SEGMENT_LINE | SEGMENT_SERVICE);
	world_free(w);
}

/* A silent port of sec whose packets got `hops` routers far. */
static void add_followed(
	struct world *w, const char *id, const char *reach, int hops, bool doubtful, unsigned where)
{
	size_t n = add(w, "ike", id, SEC, VERDICT_FAIL, "udp.silent");
	json_t *path = json_array();

	for (int i = 1; i <= hops; i++)
		json_array_append_new(path, json_pack("{s:i}", "ttl", i));
	facts_json(&w->facts[n], "path", path);
	facts_str(&w->facts[n], "path_reach", reach);
	if (doubtful)
		facts_bool(&w->facts[n], "path_doubtful", true);
	w->d.results[n].segments = where;
}

#define LOCAL  (SEGMENT_TERMINAL | SEGMENT_FACILITY)
#define BEYOND (SEGMENT_FACILITY | SEGMENT_LINE | SEGMENT_SERVICE)

/* On a line that is away for moments, two ports that are silent alike seem to end at two places. */
static void a_line_that_is_away_is_no_second_cause(void **state)
{
	static const struct {
		const char *reach, *other;
		int hops, other_hops;
		bool doubtful, other_doubtful;
		unsigned where, other_where;
		size_t roots;
		unsigned told;
	} rows[] = {
		{"end", "between", 2, 1, false, true, BEYOND, SEGMENT_FACILITY, 1, BEYOND},
		{"end", "start", 2, 0, true, true, BEYOND, LOCAL, 1, BEYOND},
		{"between", "start", 1, 0, true, true, SEGMENT_FACILITY, LOCAL, 1,
			SEGMENT_FACILITY},
		{"end", "between", 2, 1, false, false, BEYOND, SEGMENT_FACILITY, 2, 0},
		/* what surely ends nearer is another's doing */
		{"between", "start", 1, 0, true, false, SEGMENT_FACILITY, LOCAL, 2, 0},
	};
	(void)state;

	for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
		struct world *w = world_new();
		size_t row = i / 2;
		add_connected(w, "sec-tcp", SEC);
		if (i % 2 == 0)
			add_followed(w, "sec-500", rows[row].reach, rows[row].hops,
				rows[row].doubtful, rows[row].where);
		add_followed(w, "sec-4500", rows[row].other, rows[row].other_hops,
			rows[row].other_doubtful, rows[row].other_where);
		if (i % 2 == 1)
			add_followed(w, "sec-500", rows[row].reach, rows[row].hops,
				rows[row].doubtful, rows[row].where);
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, rows[row].roots);
		if (rows[row].roots == 1)
			assert_int_equal(w->d.roots[0].segments, rows[row].told);
		world_free(w);
	}
}

static void different_offenders_are_two_causes(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "sec-tcp", SEC);
	facts_str(&w->facts[add(w, "ike", "a", SEC, VERDICT_FAIL, "udp.refused")], "offender",
		"10.0.0.1");
	facts_str(&w->facts[add(w, "ike", "b", SEC, VERDICT_FAIL, "udp.refused")], "offender",
		"10.0.0.2");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	world_free(w);
}

/* Four ports of a host that a router shuts off; of which it tells so is chance. */
static const struct shut {
	const char *type, *id, *family, *silent;
	enum verdict verdict;
} shut[] = {
	{"tcp", "tcp-443", "tcp", "tcp.silent", VERDICT_FAIL},
	{"ike", "udp-500", "udp", "udp.silent", VERDICT_FAIL},
	{"ike", "udp-4500", "udp", "udp.silent", VERDICT_FAIL},
	{"dtls", "udp-443", "udp", "dtls.silent", VERDICT_WARN},
};
#define SHUT (sizeof shut / sizeof shut[0])

struct shutter {
	const char *kind, *address, *offender, *is;
	unsigned segments;
};

static void add_shut(struct world *w, int host, size_t port, bool notice, const struct shutter *by)
{
	char code[32];

	snprintf(code, sizeof code, "%s.%s", shut[port].family, by->kind);
	size_t n = add(w, shut[port].type, shut[port].id, host, shut[port].verdict,
		notice ? code : shut[port].silent);
	facts_str(&w->facts[n], "address", by->address);
	if (!notice)
		return;
	facts_str(&w->facts[n], "offender", by->offender);
	facts_str(&w->facts[n], "offender_is", by->is);
	w->d.results[n].segments = by->segments;
}

static const struct shutter shutters[] = {
	{"prohibited", "192.0.2.1", "10.0.0.1", "gateway", SEGMENT_FACILITY},
	{"prohibited", "192.0.2.1", "198.51.100.1", "other", SEGMENT_FACILITY | SEGMENT_LINE},
	{"refused", "192.0.2.1", "10.0.0.1", "gateway", SEGMENT_FACILITY},
	{"unreachable", "2001:db8::1", "fe80::1", "gateway", SEGMENT_FACILITY},
};
#define SHUTTERS (sizeof shutters / sizeof shutters[0])

/* Whichever ports get a notice, it is one cause of the same name, in the same place. */
static void a_router_that_rejects_is_one_cause_whomever_it_tells(void **state)
{
	char code[32];
	(void)state;

	for (unsigned row = 0; row < SHUTTERS * (1u << SHUT) * 4; row++) {
		const struct shutter *by = &shutters[row / (4 << SHUT)];
		unsigned notices = row / 4 % (1u << SHUT);
		bool backwards = row & 1, internal = row & 2;
		struct world *w = world_new();

		if (notices == 0)
			goto next;
		add_connected(w, "mio-tcp", MIO);
		facts_str(&w->facts[0], "address", "192.0.2.9");
		w->hosts[SEC].internal = internal;
		for (size_t i = 0; i < SHUT; i++) {
			size_t port = backwards ? SHUT - 1 - i : i;
			add_shut(w, SEC, port, notices >> port & 1, by);
		}
		add(w, "tls", "sec-tls", SEC, VERDICT_UNKNOWN, "run.blocked");
		diagnose(&w->d, false);
		snprintf(code, sizeof code, "tcp.%s", by->kind);
		assert_int_equal(w->d.root_count, 1);
		assert_root(w, 0, code, SHUT, 1);
		assert_int_equal(w->d.roots[0].segments, by->segments);
		assert_int_equal(w->d.roots[0].verdict, VERDICT_FAIL);
		assert_true(facts_has(w->d.results[w->d.roots[0].lead].facts, "offender"));
	next:
		world_free(w);
	}
}

/* Over IPv6 and IPv4, the router has two addresses. */
static void a_router_that_rejects_both_families(void **state)
{
	struct shutter six = shutters[3], four = shutters[0];
	struct world *w = world_new();
	(void)state;

	six.kind = "prohibited";
	add_connected(w, "mio-tcp", MIO);
	add_shut(w, SEC, 0, true, &six);
	add_shut(w, SEC, 1, true, &four);
	add_shut(w, SEC, 2, true, &four);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "tcp.prohibited", 3, 0);
	world_free(w);
}

/* What it shuts off elsewhere, or forbids to a host that answers otherwise, is no second cause. */
static void a_router_that_rejects_two_hosts(void **state)
{
	struct shutter there = shutters[0];
	(void)state;

	there.address = "192.0.2.2";
	for (unsigned row = 0; row < 8; row++) {
		struct world *w = world_new();
		add_shut(w, MIO, 0, true, &there);
		if (row & 4) {
			size_t n = add(w, "ike", "mio-500", MIO, VERDICT_PASS, NULL);
			facts_bool(&w->facts[n], "answered", true);
		}
		for (size_t i = 0; i < 3; i++)
			add_shut(w, SEC, i, i == 2 || row >> i & 1, &shutters[0]);
		facts_str(&w->facts[add(w, "dns", "dns", SEC, VERDICT_PASS, NULL)], "outcome",
			"answer");
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1);
		assert_root(w, 0, "tcp.prohibited", 4, 0);
		world_free(w);
	}
}

/* Where a port of the host is open, each port that is not stands for itself. */
static void a_router_that_rejects_some_of_a_host(void **state)
{
	struct world *w = world_new();
	(void)state;

	facts_bool(&w->facts[add(w, "ike", "open", SEC, VERDICT_PASS, NULL)], "answered", true);
	add_shut(w, SEC, 0, true, &shutters[0]);
	add_shut(w, SEC, 1, true, &shutters[0]);
	add_shut(w, SEC, 2, false, &shutters[0]);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 3);
	world_free(w);
	w = world_new(); /* nor is what two routers reject one cause */
	add_connected(w, "mio-tcp", MIO);
	add_shut(w, SEC, 0, true, &shutters[0]);
	add_shut(w, SEC, 1, true, &shutters[1]);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	world_free(w);
}

static void silence_everywhere_is_no_internet(void **state)
{
	struct world *w = world_new();
	(void)state;

	add(w, "dns", "sec-dns", SEC, VERDICT_FAIL, "dns.silent");
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
	add(w, "tcp", "mio-tcp", MIO, VERDICT_FAIL, "tcp.silent");
	add(w, "ike", "sec-500", SEC, VERDICT_FAIL, "udp.silent");
	add(w, "tls", "mio-tls", MIO, VERDICT_UNKNOWN, "run.blocked");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "net.no-internet", 0, 5);
	assert_int_equal(w->d.roots[0].verdict, VERDICT_FAIL);
	world_free(w);
}

static void one_sign_of_life_is_no_outage(void **state)
{
	struct world *w = world_new();
	(void)state;

	add(w, "dns", "sec-dns", SEC, VERDICT_FAIL, "dns.silent");
	add(w, "dns", "mio-dns", MIO, VERDICT_FAIL, "dns.silent");
	add_connected(w, "mio-tcp", MIO);
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	assert_root(w, 0, "dns.silent", 2, 0);
	assert_root(w, 1, "tcp.silent", 1, 0);
	world_free(w);
}

static void add_asked_server(
	struct world *w, const char *id, int host, const char *cause, const char *server)
{
	facts_str(&w->facts[add(w, "dns", id, host, VERDICT_FAIL, cause)], "server", server);
}

static void a_server_that_rejects_once_is_not_silent_too(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	add_asked_server(w, "mio-dns", MIO, "dns.unreachable", "192.0.2.53");
	add_asked_server(w, "sec-dns", SEC, "dns.silent", "192.0.2.53");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "dns.unreachable", 1, 1);
	world_free(w);
}

static void another_silent_server_is_a_cause_of_its_own(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	add_asked_server(w, "mio-dns", MIO, "dns.unreachable", "192.0.2.53");
	add_asked_server(w, "sec-dns", SEC, "dns.silent", "192.0.2.54");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	assert_root(w, 0, "dns.silent", 1, 0);
	assert_root(w, 1, "dns.unreachable", 1, 0);
	world_free(w);
}

static void the_far_end_is_not_blamed_alone(void **state)
{
	struct world *w = world_new();
	(void)state;

	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.refused");
	diagnose(&w->d, false);
	assert_int_equal(w->d.roots[0].segments, SEGMENT_FACILITY | SEGMENT_LINE);
	world_free(w);
	w = world_new();
	add_connected(w, "mio-tcp", MIO);
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.refused");
	diagnose(&w->d, false);
	assert_true(w->d.roots[0].segments & SEGMENT_SERVICE);
	world_free(w);
}

static void a_working_proxy_beside_a_blocked_path(void **state)
{
	struct world *w = world_new();
	(void)state;

	facts_bool(
		&w->facts[add(w, "proxy", "proxy", SEC, VERDICT_PASS, NULL)], "proxy_works", true);
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
	add(w, "tcp", "mio-tcp", MIO, VERDICT_FAIL, "tcp.silent");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "net.proxy-only", 0, 2);
	world_free(w);
}

/* Pages are judged by the way that the browser takes; what no proxy mends stays. */
static void a_page_through_the_proxy_needs_no_direct_way(void **state)
{
	static const struct {
		const char *type, *cause;
		enum verdict verdict, told;
		bool page, browsers;
	} cases[] = {
		{"tcp", "tcp.refused", VERDICT_FAIL, VERDICT_SKIP, true, true},
		{"tcp", "net.no-route-host", VERDICT_FAIL, VERDICT_SKIP, true, true},
		{"tls", "tls.intercepted", VERDICT_FAIL, VERDICT_SKIP, true, true},
		{"http", "run.blocked", VERDICT_UNKNOWN, VERDICT_SKIP, true, true},
		{"captive", "run.blocked", VERDICT_UNKNOWN, VERDICT_SKIP, true, true},
		{"tcp", "tcp.refused", VERDICT_FAIL, VERDICT_FAIL, false, true},
		{"tcp", "tcp.refused", VERDICT_FAIL, VERDICT_FAIL, true, false},
		{"tls", "tls.too-weak", VERDICT_FAIL, VERDICT_FAIL, true, true},
		{"tls", "tls.expired", VERDICT_FAIL, VERDICT_FAIL, true, true},
		{"http", "http.status", VERDICT_FAIL, VERDICT_FAIL, true, true},
		{"dns", "dns.nxdomain", VERDICT_FAIL, VERDICT_FAIL, true, true},
		{"http", "http.slow", VERDICT_WARN, VERDICT_WARN, true, true},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world *w = world_new();
		struct facts *proxy = &w->facts[add_proxied(w, MIO)];
		size_t n = add(w, cases[i].type, "it", MIO, cases[i].verdict, cases[i].cause);
		size_t other = add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
		facts_bool(proxy, "proxy_page", cases[i].page);
		facts_bool(proxy, "browsers", cases[i].browsers);
		diagnose(&w->d, false);
		assert_int_equal(w->d.results[n].verdict, cases[i].told);
		assert_int_equal(w->d.results[other].verdict, VERDICT_FAIL);
		if (cases[i].told == VERDICT_SKIP)
			assert_int_equal(w->d.results[n].skip, SKIP_PROXY);
		world_free(w);
	}
}

static void a_wrong_address_takes_its_host_along(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	add(w, "dns", "sec-dns", SEC, VERDICT_FAIL, "dns.hijacked");
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.refused");
	add(w, "ike", "sec-500", SEC, VERDICT_FAIL, "udp.refused");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "dns.hijacked", 1, 2);
	world_free(w);
}

/* A result of a name that leads to another address than the documented one. */
static void add_moved(struct world *w, const char *id, int host, const char *address)
{
	size_t n = add(w, "dns", id, host, VERDICT_WARN, "dns.address-changed");

	facts_add(&w->facts[n], "addresses", address);
}

/* No connection to where the name leads; whether the documented address proves to be the host. */
static void add_deserted(struct world *w, int host, const char *cause, bool documented_works)
{
	add(w, "tcp", "tcp", host, VERDICT_FAIL, cause);
	size_t n = add(w, "tls", "tls", host, VERDICT_UNKNOWN, "run.blocked");
	facts_bool(&w->facts[n], "connected", false);
	if (documented_works)
		facts_add(&w->facts[n], "documented_works", "192.0.2.1");
}

/* Whatever says that nobody is there, the name led there, while the host is where it was. */
static void a_host_that_is_where_it_was_is_led_away_from(void **state)
{
	static const char *const causes[] = {
		"tcp.silent", "tcp.refused", "tcp.reset", "tcp.unreachable", "tcp.prohibited"};
	(void)state;

	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		for (int host = MIO; host <= SEC; host++) {
			struct world *w = world_new();
			add_connected(w, "other", host == MIO ? SEC : MIO);
			add_moved(w, "dns", host, "203.0.113.1");
			add_deserted(w, host, causes[i], true);
			add(w, "ike", "ike", host, VERDICT_FAIL, "udp.silent");
			diagnose(&w->d, false);
			assert_int_equal(w->d.exit_code, EXIT_NOT_READY);
			assert_int_equal(w->d.root_count, 1);
			assert_root(w, 0, "dns.elsewhere", 1, 3);
			world_free(w);
		}
}

/* TLS that fails where the name leads is no stranger's certificate, and yet not the host's. */
static void a_connection_without_tls_is_led_away_too(void **state)
{
	(void)state;

	for (int works = 0; works < 2; works++) {
		struct world *w = world_new();
		add_connected(w, "sec-tcp", SEC);
		add_moved(w, "dns", MIO, "203.0.113.1");
		add_connected(w, "mio-tcp", MIO);
		size_t n = add(w, "tls", "mio-tls", MIO, VERDICT_FAIL, "tls.reset");
		if (works)
			facts_add(&w->facts[n], "documented_works", "192.0.2.1");
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 2 - works);
		if (works)
			assert_root(w, 0, "dns.elsewhere", 1, 1);
		else
			assert_root(w, 0, "tls.reset", 1, 0);
		world_free(w);
	}
}

/* Neither address works: what is in the way is told, and the new address beside it. */
static void a_moved_host_that_is_blocked_is_not_led_away_from(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "sec-tcp", SEC);
	add_moved(w, "dns", MIO, "203.0.113.1");
	add_deserted(w, MIO, "tcp.unreachable", false);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	assert_string_equal(w->d.roots[0].cause, "tcp.unreachable");
	assert_string_equal(w->d.roots[1].cause, "dns.address-changed");
	world_free(w);
}

/* One name leads away; the other's host has moved, and is blocked by something of its own. */
static void one_of_two_moved_hosts_is_led_away_from(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_moved(w, "mio-dns", MIO, "203.0.113.1");
	add_deserted(w, MIO, "tcp.unreachable", true);
	add_moved(w, "sec-dns", SEC, "203.0.113.2");
	add_deserted(w, SEC, "tcp.refused", false);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 3);
	assert_root(w, 0, "dns.elsewhere", 1, 2);
	assert_string_equal(w->d.roots[1].cause, "tcp.refused");
	assert_string_equal(w->d.roots[2].cause, "dns.address-changed");
	world_free(w);
}

/* One address for two hosts is a filter's, whether or not the documented ones work. */
static void an_address_for_two_hosts_is_a_filter(void **state)
{
	(void)state;

	for (int works = 0; works < 2; works++) {
		struct world *w = world_new();
		for (int host = MIO; host <= SEC; host++) {
			add_moved(w, "dns", host, "203.0.113.1");
			add_deserted(w, host, "tcp.silent", works);
		}
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1);
		assert_root(w, 0, "dns.filtered", 2, 4);
		world_free(w);
	}
}

static void a_host_that_moved_and_serves_is_ready(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_moved(w, "dns", MIO, "203.0.113.1");
	add_connected(w, "mio-tcp", MIO);
	add(w, "tls", "mio-tls", MIO, VERDICT_PASS, NULL);
	diagnose(&w->d, false);
	assert_int_equal(w->d.exit_code, EXIT_READY);
	assert_int_equal(w->d.root_count, 1);
	assert_string_equal(w->d.roots[0].cause, "dns.address-changed");
	world_free(w);
}

static void a_wrong_clock_explains_certificates(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	add(w, "clock", "clock", MIO, VERDICT_FAIL, "clock.skew");
	add(w, "tls", "mio-tls", MIO, VERDICT_FAIL, "clock.skew");
	add(w, "tls", "sec-tls", SEC, VERDICT_FAIL, "tls.not-yet-valid");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "clock.skew", 2, 1);
	world_free(w);
}

static void a_wrong_clock_explains_client_certificates(void **state)
{
	static const char *const causes[] = {"cert.expired", "cert.not-yet-valid"};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct world *w = world_new();
		add_connected(w, "mio-tcp", MIO);
		with_certificate(w, add(w, "cert", "own", NOWHERE, VERDICT_FAIL, causes[i]), 0);
		add(w, "clock", "clock", MIO, VERDICT_FAIL, "clock.skew");
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1);
		assert_root(w, 0, "clock.skew", 1, 1);
		world_free(w);
	}
}

static void a_bad_certificate_explains_refusals(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "sec-tcp", SEC);
	with_certificate(w, add(w, "cert", "own", NOWHERE, VERDICT_FAIL, "cert.expired"), 0);
	with_certificate(w, add_asked(w, "tls", "tls", VERDICT_FAIL, "tls.client-expired"), 0);
	with_certificate(w, add_asked(w, "http", "http", VERDICT_UNKNOWN, "run.blocked"), 0);
	with_certificate(w, add_asked(w, "http", "page", VERDICT_FAIL, "http.status"), 0);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "cert.expired", 1, 3);
	world_free(w);
}

/* One that could not be opened; what could not be told of it waits for the same. */
static void an_unopened_certificate_explains_its_other_check(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "sec-tcp", SEC);
	with_certificate(w, add(w, "cert", "own", NOWHERE, VERDICT_UNKNOWN, "run.blocked"), 0);
	with_certificate(w, add(w, "cert", "key", NOWHERE, VERDICT_FAIL, "cert.wrong-password"), 0);
	with_certificate(w, add_asked(w, "tls", "tls", VERDICT_FAIL, "tls.client-missing"), 0);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "cert.wrong-password", 1, 2);
	world_free(w);
}

/* Another certificate, a server that did not ask, a path that does not stand, a mere warning. */
static void a_bad_certificate_explains_no_more_than_that(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	with_certificate(w, add(w, "cert", "own", NOWHERE, VERDICT_FAIL, "cert.expired"), 0);
	with_certificate(w, add(w, "cert", "two", NOWHERE, VERDICT_WARN, "cert.expiring-soon"), 1);
	with_certificate(w, add(w, "tls", "a", MIO, VERDICT_FAIL, "tls.client-refused"), 1);
	with_certificate(w, add(w, "tls", "b", MIO, VERDICT_FAIL, "tls.client-not-asked"), 0);
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.refused");
	with_certificate(w, add(w, "http", "c", SEC, VERDICT_UNKNOWN, "run.blocked"), 0);
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 5);
	assert_root(w, 0, "tcp.refused", 1, 1);
	assert_root(w, 1, "tls.client-not-asked", 1, 0);
	assert_root(w, 2, "tls.client-refused", 1, 0);
	assert_root(w, 3, "cert.expired", 1, 0);
	assert_root(w, 4, "cert.expiring-soon", 1, 0);
	world_free(w);
}

/* A server under a CA that is not there; certificate 1 is the CA of certificate 0. */
static struct world *under_a_ca(const char *cause, const char *server_cause)
{
	struct world *w = world_new();
	enum verdict verdict = strcmp(cause, "cert.not-trusted") == 0 ? VERDICT_WARN : VERDICT_FAIL;

	w->certificates[1].authority = true;
	w->certificates[0].ca = &w->certificates[1];
	add_connected(w, "sec-tcp", SEC);
	with_certificate(w, add(w, "cert", "ca", NOWHERE, verdict, cause), 1);
	with_certificate(w, add(w, "tls", "tls", SEC, VERDICT_FAIL, server_cause), 0);
	with_certificate(w, add(w, "http", "http", SEC, VERDICT_UNKNOWN, "run.blocked"), 0);
	return w;
}

static void a_missing_ca_explains_untrusted_servers(void **state)
{
	static const char *const causes[] = {"cert.not-found", "cert.unreadable", "cert.not-a-ca"};
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct world *w = under_a_ca(causes[i], "tls.untrusted");
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1);
		assert_root(w, 0, causes[i], 1, 2);
		world_free(w);
	}
}

/* It is known who it is: then the server must be of that CA. */
static void a_known_ca_explains_its_own_servers(void **state)
{
	static const struct {
		const char *cause, *server_cause, *issuer;
		bool explained;
	} cases[] = {
		{"cert.not-trusted", "tls.untrusted", "Clinic CA", true},
		{"cert.not-trusted", "tls.untrusted", "Other CA", false},
		{"cert.expired", "tls.expired", "Clinic CA", true},
		{"cert.expired", "tls.expired", "Other CA", false},
		{"cert.expired", "tls.wrong-name", "Clinic CA", false},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world *w = under_a_ca(cases[i].cause, cases[i].server_cause);
		facts_str(&w->facts[1], "subject_cn", "Clinic CA");
		facts_add(&w->facts[2], "issuers", cases[i].issuer);
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, cases[i].explained ? 1 : 2);
		if (cases[i].explained)
			assert_root(w, 0, cases[i].cause, 1, 2);
		else
			assert_root(w, 0, cases[i].server_cause, 1, 1);
		world_free(w);
	}
}

static void a_missing_ca_explains_no_other_server(void **state)
{
	static const char *const causes[] = {"tls.self-signed", "tls.wrong-name", "tls.revoked"};
	(void)state;

	for (size_t i = 0; i < 4; i++) {
		struct world *w = under_a_ca("cert.not-found", causes[i % 3]);
		if (i == 3) { /* its certificate is of no CA, or of another */
			w->d.results[2].cause = cause_find("tls.untrusted")->code;
			w->certificates[0].ca = NULL;
		}
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 2);
		world_free(w);
	}
}

/* With the right time it would be expired as well. */
static void a_wrong_clock_does_not_hide_an_expired_certificate(void **state)
{
	(void)state;

	for (int expired = 0; expired < 2; expired++) {
		struct world *w = world_new();
		add_connected(w, "mio-tcp", MIO);
		facts_int(&w->facts[add(w, "clock", "clock", MIO, VERDICT_FAIL, "clock.skew")],
			"date", 1000000);
		size_t n = add(w, "tls", "sec-tls", SEC, VERDICT_FAIL, "tls.expired");
		facts_int(&w->facts[n], "not_before_epoch", 500000);
		facts_int(&w->facts[n], "not_after_epoch", expired == 1 ? 900000 : 1500000);
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1 + expired);
		assert_root(w, 0, "clock.skew", 1, expired == 1 ? 0 : 1);
		world_free(w);
	}
}

/* That the terminal has no DNS server is its own setting, whatever the line does. */
static void an_outage_does_not_hide_a_missing_dns_server(void **state)
{
	struct world *w = world_new();
	(void)state;

	add(w, "dns", "sec-dns", SEC, VERDICT_FAIL, "dns.no-server");
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
	add(w, "tcp", "mio-tcp", MIO, VERDICT_FAIL, "tcp.silent");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	assert_root(w, 0, "net.no-internet", 0, 2);
	assert_root(w, 1, "dns.no-server", 1, 0);
	world_free(w);
}

/* Row V4 is about a portal that is out of reach, not about what it says. */
static void a_portal_that_answers_is_not_down(void **state)
{
	static const char *const causes[] = {
		"tcp.silent", "tls.silent", "dns.nxdomain", "tls.expired", "http.status"};
	(void)state;

	for (size_t i = 0; i < 5; i++) {
		struct world *w = world_new();
		const char *type = causes[i][0] == 'h'   ? "http"
				   : causes[i][0] == 'd' ? "dns"
				   : causes[i][1] == 'l' ? "tls"
							 : "tcp";
		w->hosts[SEC].fallback = &w->hosts[MIO];
		add_connected(w, "portal2-tcp", MIO);
		add(w, "http", "portal2-http", MIO, VERDICT_PASS, NULL);
		add(w, type, "portal", SEC, VERDICT_FAIL, causes[i]);
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1);
		assert_root(w, 0, i < 3 ? "vpn.portal-down" : causes[i], 1, 0);
		world_free(w);
	}
}

/* Who is sent to the fallback has to see its page there. */
static void a_fallback_without_its_page_helps_nobody(void **state)
{
	static const struct {
		const char *type, *cause;
		enum verdict verdict;
	} cases[] = {
		{"http", "http.status", VERDICT_WARN},
		{"http", "http.silent", VERDICT_FAIL},
		{"tls", "tls.expired", VERDICT_WARN},
		{"tls", "tls.wrong-name", VERDICT_FAIL},
		{"http", "run.blocked", VERDICT_UNKNOWN},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world *w = world_new();
		w->hosts[SEC].fallback = &w->hosts[MIO];
		add_connected(w, "portal2-tcp", MIO);
		add(w, cases[i].type, "portal2", MIO, cases[i].verdict, cases[i].cause);
		add(w, "tcp", "portal", SEC, VERDICT_FAIL, "tcp.silent");
		diagnose(&w->d, false);
		for (size_t k = 0; k < w->d.root_count; k++)
			assert_string_not_equal(w->d.roots[k].cause, "vpn.portal-down");
		assert_int_equal(w->d.root_count, 2);
		world_free(w);
	}
}

/* What is left open without anything to solve first says so. */
static void nothing_to_solve_first(void **state)
{
	(void)state;

	for (int other = 0; other < 2; other++) {
		struct world *w = world_new();
		add(w, "clock", "clock", MIO, VERDICT_UNKNOWN, "run.blocked");
		if (other)
			add(w, "tcp", "sec", SEC, VERDICT_FAIL, "tcp.silent");
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1 + other);
		assert_string_equal(
			w->d.roots[other].cause, other ? "run.blocked" : "run.undecided");
		world_free(w);
	}
}

/* What a host does without the proxy too is the host's; a dead proxy is a cause of its own. */
static void beyond_the_proxy(void **state)
{
	static const struct {
		long long status; /* 0: the proxy does not answer */
		bool works;       /* it opens the way, and another certificate comes */
		size_t roots;
	} cases[] = {{502, false, 1}, {0, true, 1}, {0, false, 2}, {403, false, 2}};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world *w = world_new();
		add_connected(w, "sec-tcp", SEC);
		add(w, "tcp", "mio-tcp", MIO, VERDICT_FAIL, "tcp.refused");
		size_t n = add(w, "proxy", "proxy", MIO, VERDICT_FAIL, "proxy.configured");
		facts_bool(&w->facts[n], "proxy_works", cases[i].works);
		if (cases[i].status != 0)
			facts_int(&w->facts[n], "proxy_status", cases[i].status);
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, cases[i].roots);
		assert_root(w, 0, "tcp.refused", 1, cases[i].roots == 1);
		world_free(w);
	}
}

/* It waits for a host in vain; that it is there, and the same one, another host's check shows. */
static void a_proxy_that_waits_for_the_host(void **state)
{
	static const struct {
		const char *other;
		long long status;
		size_t roots;
	} cases[] = {{"http://p:3128", 500, 1}, {"http://q:3128", 500, 2}, {"http://p:3128", 0, 2}};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world *w = world_new();
		add_connected(w, "mio-tcp", MIO);
		add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
		size_t n = add(w, "proxy", "sec-proxy", SEC, VERDICT_FAIL, "proxy.configured");
		facts_str(&w->facts[n], "proxy", "http://p:3128");
		facts_str(&w->facts[n], "error", "timeout");
		n = add(w, "proxy", "mio-proxy", MIO, VERDICT_PASS, NULL);
		facts_str(&w->facts[n], "proxy", cases[i].other);
		if (cases[i].status != 0)
			facts_int(&w->facts[n], "proxy_status", cases[i].status);
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, cases[i].roots);
		world_free(w);
	}
}

static void a_black_hole_explains_handshakes(void **state)
{
	(void)state;

	for (int stands = 0; stands < 2; stands++) {
		struct world *w = world_new();
		add_connected(w, "sec-tcp", SEC);
		add_connected(w, "mio-tcp", MIO);
		add(w, "ike-mtu", "sec-mtu", SEC, VERDICT_FAIL, "udp.mtu-black-hole");
		add(w, "tls", "sec-tls", SEC, VERDICT_FAIL, "tls.silent");
		add(w, "http", "sec-http", SEC, VERDICT_UNKNOWN, "run.blocked");
		add(w, "tls", "mio-tls", MIO, VERDICT_FAIL, "tls.silent");
		add(w, "http", "mio-http", MIO, VERDICT_UNKNOWN, "run.blocked");
		if (stands == 1)
			facts_bool(&w->facts[add(w, "tls", "orca", MIO, VERDICT_PASS, NULL)],
				"handshake", true);
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1 + stands);
		assert_root(w, 0, "udp.mtu-black-hole", 1, stands == 1 ? 2 : 4);
		if (stands == 1)
			assert_root(w, 1, "tls.silent", 1, 1);
		world_free(w);
	}
}

/* UDP may pass all the same. */
static void a_proxy_is_the_way_out_for_tcp(void **state)
{
	struct world *w = world_new();
	(void)state;

	facts_bool(
		&w->facts[add(w, "proxy", "proxy", SEC, VERDICT_PASS, NULL)], "proxy_works", true);
	facts_bool(&w->facts[add(w, "ike", "sec-500", SEC, VERDICT_PASS, NULL)], "answered", true);
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 1);
	assert_root(w, 0, "net.proxy-only", 0, 1);
	world_free(w);
}

static void blocked_udp_beside_udp_that_passes_is_no_matter_of_the_proxy(void **state)
{
	struct world *w = world_new();
	(void)state;

	facts_bool(
		&w->facts[add(w, "proxy", "proxy", SEC, VERDICT_PASS, NULL)], "proxy_works", true);
	facts_bool(&w->facts[add(w, "ike", "sec-4500", SEC, VERDICT_PASS, NULL)], "answered", true);
	add(w, "ike", "sec-500", SEC, VERDICT_FAIL, "udp.silent");
	add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
	diagnose(&w->d, false);
	assert_int_equal(w->d.root_count, 2);
	assert_root(w, 0, "net.proxy-only", 0, 1);
	assert_root(w, 1, "udp.silent", 1, 0);
	world_free(w);
}

/* It asks for a sign-in: the way out is there. */
static void a_proxy_with_sign_in_is_the_way_out(void **state)
{
	static const long long statuses[] = {407, 403};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct world *w = world_new();
		size_t n = add(w, "proxy", "proxy", SEC, VERDICT_WARN, "proxy.configured");
		facts_bool(&w->facts[n], "proxy_works", false);
		facts_int(&w->facts[n], "proxy_status", statuses[i]);
		add(w, "tcp", "sec-tcp", SEC, VERDICT_FAIL, "tcp.silent");
		add(w, "tcp", "mio-tcp", MIO, VERDICT_FAIL, "tcp.silent");
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1 + i);
		if (i == 0)
			assert_root(w, 0, "net.proxy-only", 1, 2);
		else
			assert_root(w, 0, "net.no-internet", 0, 2);
		assert_int_equal(w->d.roots[0].verdict, VERDICT_FAIL);
		world_free(w);
	}
}

/* Its page comes in place of the host's, and nothing else beyond the facility answers. */
static void a_portal_without_a_redirect(void **state)
{
	(void)state;

	for (int outside = 0; outside < 2; outside++) {
		struct world *w = world_new();
		size_t n = add(w, "dns", "mio-dns", MIO, VERDICT_PASS, NULL);
		facts_str(&w->facts[n], "outcome", "answer");
		n = add(w, "captive", "captive", MIO, VERDICT_UNKNOWN, "run.blocked");
		facts_int(&w->facts[n], "plain_status", 200);
		add(w, "tcp", "mio-tcp", MIO, VERDICT_FAIL, "tcp.silent");
		add(w, "ike", "sec-500", SEC, VERDICT_FAIL, "udp.silent");
		if (outside == 1)
			add_connected(w, "sec-tcp", SEC);
		diagnose(&w->d, false);
		assert_int_equal(w->d.root_count, 1 + outside);
		if (outside == 0)
			assert_root(w, 0, "http.captive-portal", 1, 2);
		else
			assert_root(w, 0, "tcp.silent", 1, 1);
		world_free(w);
	}
}

static void failures_come_before_warnings(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	add(w, "link", "link", NOWHERE, VERDICT_WARN, "link.wifi");
	add(w, "software", "software", NOWHERE, VERDICT_FAIL, "software.conflict");
	diagnose(&w->d, false);
	assert_root(w, 0, "software.conflict", 1, 0);
	assert_root(w, 1, "link.wifi", 1, 0);
	assert_int_equal(w->d.results[1].root, 1);
	assert_int_equal(w->d.results[2].root, 0);
	world_free(w);
}

static void waived_failures_are_never_ready(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	w->d.results[add(w, "disk", "disk", NOWHERE, VERDICT_FAIL, "disk.low")].waived = "known";
	diagnose(&w->d, false);
	assert_int_equal(w->d.exit_code, EXIT_UNKNOWN);
	world_free(w);
}

static void strict_counts_warnings_but_not_info(void **state)
{
	struct world *w = world_new();
	(void)state;

	add_connected(w, "mio-tcp", MIO);
	size_t n = add(w, "link", "link", NOWHERE, VERDICT_WARN, "link.wifi");
	w->checks[n].severity = SEVERITY_INFO;
	diagnose(&w->d, true);
	assert_int_equal(w->d.exit_code, EXIT_READY);
	w->checks[n].severity = SEVERITY_RECOMMENDED;
	assert_int_equal(judge_overall(w->d.results, w->d.result_count, true), VERDICT_FAIL);
	world_free(w);
}

static void every_cause_of_every_check_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; check_types[i] != NULL; i++)
		for (size_t k = 0; check_types[i]->causes[k] != NULL; k++)
			if (cause_find(check_types[i]->causes[k]) == NULL)
				fail_msg("%s: %s", check_types[i]->name, check_types[i]->causes[k]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_passes_is_ready),
		cmocka_unit_test(nothing_shown_is_not_ready),
		cmocka_unit_test(no_route_explains_the_network),
		cmocka_unit_test(two_silent_ports_are_one_cause),
		cmocka_unit_test(bare_silence_joins_what_is_known),
		cmocka_unit_test(a_line_that_is_away_is_no_second_cause),
		cmocka_unit_test(different_offenders_are_two_causes),
		cmocka_unit_test(a_router_that_rejects_is_one_cause_whomever_it_tells),
		cmocka_unit_test(a_router_that_rejects_both_families),
		cmocka_unit_test(a_router_that_rejects_two_hosts),
		cmocka_unit_test(a_router_that_rejects_some_of_a_host),
		cmocka_unit_test(silence_everywhere_is_no_internet),
		cmocka_unit_test(one_sign_of_life_is_no_outage),
		cmocka_unit_test(a_server_that_rejects_once_is_not_silent_too),
		cmocka_unit_test(another_silent_server_is_a_cause_of_its_own),
		cmocka_unit_test(the_far_end_is_not_blamed_alone),
		cmocka_unit_test(a_working_proxy_beside_a_blocked_path),
		cmocka_unit_test(a_page_through_the_proxy_needs_no_direct_way),
		cmocka_unit_test(a_wrong_address_takes_its_host_along),
		cmocka_unit_test(a_host_that_is_where_it_was_is_led_away_from),
		cmocka_unit_test(a_connection_without_tls_is_led_away_too),
		cmocka_unit_test(a_moved_host_that_is_blocked_is_not_led_away_from),
		cmocka_unit_test(one_of_two_moved_hosts_is_led_away_from),
		cmocka_unit_test(an_address_for_two_hosts_is_a_filter),
		cmocka_unit_test(a_host_that_moved_and_serves_is_ready),
		cmocka_unit_test(a_wrong_clock_explains_certificates),
		cmocka_unit_test(a_wrong_clock_explains_client_certificates),
		cmocka_unit_test(a_bad_certificate_explains_refusals),
		cmocka_unit_test(an_unopened_certificate_explains_its_other_check),
		cmocka_unit_test(a_bad_certificate_explains_no_more_than_that),
		cmocka_unit_test(a_missing_ca_explains_untrusted_servers),
		cmocka_unit_test(a_known_ca_explains_its_own_servers),
		cmocka_unit_test(a_missing_ca_explains_no_other_server),
		cmocka_unit_test(a_wrong_clock_does_not_hide_an_expired_certificate),
		cmocka_unit_test(an_outage_does_not_hide_a_missing_dns_server),
		cmocka_unit_test(a_portal_that_answers_is_not_down),
		cmocka_unit_test(a_fallback_without_its_page_helps_nobody),
		cmocka_unit_test(nothing_to_solve_first),
		cmocka_unit_test(beyond_the_proxy),
		cmocka_unit_test(a_proxy_that_waits_for_the_host),
		cmocka_unit_test(a_black_hole_explains_handshakes),
		cmocka_unit_test(a_proxy_is_the_way_out_for_tcp),
		cmocka_unit_test(blocked_udp_beside_udp_that_passes_is_no_matter_of_the_proxy),
		cmocka_unit_test(a_proxy_with_sign_in_is_the_way_out),
		cmocka_unit_test(a_portal_without_a_redirect),
		cmocka_unit_test(failures_come_before_warnings),
		cmocka_unit_test(waived_failures_are_never_ready),
		cmocka_unit_test(strict_counts_warnings_but_not_info),
		cmocka_unit_test(every_cause_of_every_check_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
