/* The dns check: facts from what names learnt, and verdicts from facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "../../checks/dns_facts.h"
#include "cause.h"
#include "check.h"

extern const struct check_type check_dns;

#define DOC      "219.97.232.64"
#define NEW      "219.97.232.65"
#define DOC6     "2400:1234::64"
#define F        SEGMENT_FACILITY
#define FIRST_NO "\"first_outcome\":\"nxdomain\","
#define ANSWER(via, addr)                                                                          \
	"\"via\":\"" via "\",\"addresses\":[\"" addr "\"],\"a\":[\"" addr                          \
	"\"],\"outcome\":\"answer\","
#define DNS(addr)  ANSWER("dns", addr) "\"first_outcome\":\"answer\","
#define NO(word)   "\"via\":\"documented\",\"outcome\":\"" word "\",\"first_outcome\":\"" word "\","
#define OS(addr)   "\"os\":\"ok\",\"os_addresses\":[\"" addr "\"]"
#define OS_NO      "\"os\":\"not-found\",\"os_code\":-2"
#define PENDING    "\"os\":\"pending\""
#define HOSTS(a)   "\"hosts\":[\"" a "\"],\"hosts_line\":3,"
#define PRIVATE    "\"server_private\":true,"
#define HERE       "\"server_loopback\":true,"
#define CLASS(cls) "\"class\":\"" cls "\","
#define WILD(addr) "\"wildcard\":[\"" addr "\"],"

/* ---- verdicts ---- */

enum host_kind {
	PLAIN,       /* no documented address */
	DOCUMENTED,  /* DOC */
	DOCUMENTED6, /* DOC and DOC6 */
	INTERNAL
};

struct verdict_row {
	const char *facts; /* between the braces */
	enum host_kind host;
	enum verdict verdict;
	const char *cause;
	unsigned segments;
};

static const struct verdict_row verdict_rows[] = {
	/* resolves */
	{DNS(DOC) OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{DNS(NEW) OS(NEW), PLAIN, VERDICT_PASS, NULL, 0},
	{DNS(DOC) PENDING, DOCUMENTED, VERDICT_PASS, NULL, 0},
	{DNS("10.90.0.10") CLASS("private") OS("10.90.0.10"), INTERNAL, VERDICT_PASS, NULL, 0},
	{"\"via\":\"literal\",\"addresses\":[\"" DOC "\"]", PLAIN, VERDICT_SKIP, NULL, 0},
	{"\"via\":\"dns\",\"addresses\":[\"" DOC6 "\"],\"a\":[],\"aaaa\":[\"" DOC6 "\"],"
	 "\"outcome\":\"nodata\",\"first_outcome\":\"nodata\"," OS(DOC6),
		DOCUMENTED6, VERDICT_PASS, NULL, 0},
	/* does not */
	{"\"no_servers\":true,\"os\":\"temporary\",\"os_code\":-3", DOCUMENTED, VERDICT_FAIL,
		"dns.no-server", 0},
	{"\"no_servers\":true,\"spoilt_line\":2,\"os\":\"temporary\"", DOCUMENTED, VERDICT_FAIL,
		"dns.config", 0},
	{"\"no_servers\":true,\"spoilt_line\":2," OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{"\"servers_not_asked\":[\"fe80::1\"],\"os\":\"temporary\"", DOCUMENTED, VERDICT_FAIL,
		"dns.unreachable", 0},
	{NO("nxdomain") OS_NO, DOCUMENTED, VERDICT_FAIL, "dns.nxdomain", 0},
	{NO("nxdomain") PRIVATE OS_NO, DOCUMENTED, VERDICT_FAIL, "dns.nxdomain", 0},
	{NO("nxdomain") OS_NO, INTERNAL, VERDICT_FAIL, "dns.nxdomain", SEGMENT_VPN},
	{NO("nodata") OS_NO, DOCUMENTED, VERDICT_FAIL, "dns.nodata", 0},
	{NO("silent") PENDING, DOCUMENTED, VERDICT_FAIL, "dns.silent", 0},
	{NO("silent") PRIVATE PENDING, DOCUMENTED, VERDICT_FAIL, "dns.silent", F},
	{NO("silent") PRIVATE PENDING, INTERNAL, VERDICT_FAIL, "dns.silent", SEGMENT_VPN},
	{NO("unreachable") OS_NO, PLAIN, VERDICT_FAIL, "dns.unreachable", 0},
	{NO("unreachable") PRIVATE OS_NO, PLAIN, VERDICT_FAIL, "dns.unreachable", F},
	{NO("unreachable") HERE OS_NO, PLAIN, VERDICT_FAIL, "dns.unreachable", SEGMENT_TERMINAL},
	{NO("refused") OS_NO, PLAIN, VERDICT_FAIL, "dns.refused", 0},
	{NO("refused") PRIVATE OS_NO, PLAIN, VERDICT_FAIL, "dns.refused", F},
	{NO("servfail") PRIVATE OS_NO, PLAIN, VERDICT_FAIL, "dns.servfail", 0},
	{NO("other-rcode") OS_NO, PLAIN, VERDICT_FAIL, "dns.servfail", 0},
	{NO("malformed") OS_NO, PLAIN, VERDICT_FAIL, "dns.malformed", 0},
	{OS_NO, PLAIN, VERDICT_FAIL, "dns.nxdomain", 0},
	{PENDING, PLAIN, VERDICT_UNKNOWN, "run.unreadable", 0},
	{NO("pending") PENDING, DOCUMENTED, VERDICT_UNKNOWN, "run.deadline", 0},
	/* the first server's word counts, unless the OS found another */
	{ANSWER("dns", DOC) FIRST_NO OS_NO, DOCUMENTED, VERDICT_FAIL, "dns.nxdomain", 0},
	{ANSWER("dns", DOC) FIRST_NO PENDING, DOCUMENTED, VERDICT_FAIL, "dns.nxdomain", 0},
	{ANSWER("dns", DOC) FIRST_NO OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{ANSWER("dns", DOC) "\"first_outcome\":\"silent\"," PENDING, DOCUMENTED, VERDICT_WARN,
		"dns.silent", 0},
	{ANSWER("dns", DOC) "\"first_outcome\":\"unreachable\"," OS(DOC), DOCUMENTED, VERDICT_PASS,
		NULL, 0},
	/* another address */
	{DNS(NEW) OS(NEW), DOCUMENTED, VERDICT_WARN, "dns.address-changed", 0},
	{DNS("10.66.0.1") CLASS("private") OS("10.66.0.1"), DOCUMENTED, VERDICT_FAIL,
		"dns.hijacked", 0},
	{DNS("10.66.0.1") CLASS("private") PRIVATE OS("10.66.0.1"), PLAIN, VERDICT_FAIL,
		"dns.hijacked", F},
	{DNS("0.0.0.0") CLASS("unspecified") PENDING, PLAIN, VERDICT_FAIL, "dns.hijacked", 0},
	{DNS(NEW) WILD(NEW) OS(NEW), DOCUMENTED, VERDICT_FAIL, "dns.wildcard", 0},
	{DNS(NEW) WILD(NEW) PRIVATE OS(NEW), DOCUMENTED, VERDICT_FAIL, "dns.wildcard", F},
	{DNS("10.66.0.1") CLASS("private") WILD("10.66.0.1") PENDING, DOCUMENTED, VERDICT_FAIL,
		"dns.wildcard", 0},
	{DNS(DOC) WILD(NEW) OS(DOC), DOCUMENTED, VERDICT_WARN, "dns.wildcard", 0},
	{DNS(DOC) WILD(DOC) OS(DOC), DOCUMENTED, VERDICT_WARN, "dns.wildcard", 0},
	{DNS("10.90.0.10") CLASS("private") WILD("10.90.0.10") PENDING, INTERNAL, VERDICT_WARN,
		"dns.wildcard", SEGMENT_VPN},
	{DNS(DOC) "\"wildcard\":[]," OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	/* the OS's own resolver */
	{DNS(DOC) OS_NO, DOCUMENTED, VERDICT_FAIL, "dns.os-differs", 0},
	{DNS(NEW) OS_NO, DOCUMENTED, VERDICT_FAIL, "dns.os-differs", 0},
	{DNS(DOC) "\"os\":\"temporary\"", DOCUMENTED, VERDICT_FAIL, "dns.os-differs", 0},
	{DNS(DOC) "\"os\":\"error\"", DOCUMENTED, VERDICT_FAIL, "dns.os-differs", 0},
	{DNS(NEW) OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{DNS(NEW) OS(NEW) ",\"os_seconds\":5", PLAIN, VERDICT_PASS, NULL, 0}, /* a lost packet */
	{DNS(NEW) OS(NEW) ",\"os_seconds\":15,\"os_always_slow\":true", PLAIN, VERDICT_WARN,
		"dns.slow", 0},
	{DNS(DOC) "\"os\":\"temporary\",\"os_gave_up\":1,\"slow_by\":\"server\"", DOCUMENTED,
		VERDICT_FAIL, "dns.slow", 0},
	{DNS(NEW) "\"os_waited\":26," PENDING, PLAIN, VERDICT_UNKNOWN, "dns.slow", 0},
	{DNS(DOC) OS(NEW), DOCUMENTED, VERDICT_WARN, "dns.os-differs", 0},
	{DNS(DOC) OS(DOC6), DOCUMENTED6, VERDICT_PASS, NULL, 0},     /* nothing to compare */
	{NO("nxdomain") OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0}, /* split DNS */
	{"\"no_servers\":true," OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{NO("silent") OS(DOC), DOCUMENTED, VERDICT_WARN, "dns.silent", 0},
	{NO("silent") "\"slow_by\":\"server\",\"os_always_slow\":true," OS(DOC), DOCUMENTED,
		VERDICT_WARN, "dns.slow", 0},
	{NO("silent") "\"silent_here_only\":true," OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{NO("silent") "\"silent_here_only\":true,\"os_always_slow\":true," OS(DOC), DOCUMENTED,
		VERDICT_WARN, "dns.slow", 0},
	{NO("nxdomain") OS(NEW), DOCUMENTED, VERDICT_WARN, "dns.address-changed", 0},
	{NO("nxdomain") CLASS("private") OS("10.0.0.1"), PLAIN, VERDICT_FAIL, "dns.hijacked", 0},
	/* a search list, a filter, the wrong server first */
	{DNS(DOC) OS(NEW) ",\"search_name\":\"sec.example.jp.a.example\"", DOCUMENTED, VERDICT_FAIL,
		"dns.search", 0},
	{DNS(DOC) CLASS("private") OS("10.0.0.1") ",\"search_name\":\"sec.example.jp.a.example\"",
		DOCUMENTED, VERDICT_FAIL, "dns.search", 0},
	{DNS(NEW) OS(DOC) ",\"search_name\":\"sec.example.jp.a.example\"", DOCUMENTED, VERDICT_PASS,
		NULL, 0},
	{DNS(NEW) "\"filter\":\"X\"," OS(NEW), DOCUMENTED, VERDICT_FAIL, "dns.filtered", 0},
	{ANSWER("dns", "10.90.0.10") FIRST_NO OS_NO, INTERNAL, VERDICT_FAIL, "dns.wrong-server", 0},
	{ANSWER("dns", "10.90.0.10") FIRST_NO OS("10.90.0.10"), INTERNAL, VERDICT_PASS, NULL, 0},
	/* the hosts file */
	{HOSTS(DOC) DNS(DOC) OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{HOSTS(DOC) NO("nxdomain") OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{HOSTS(DOC) "\"no_servers\":true," OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{HOSTS(NEW) DNS(DOC) OS(NEW), DOCUMENTED, VERDICT_WARN, "dns.stale-hosts", 0},
	{HOSTS(DOC) DNS(NEW) OS(DOC), DOCUMENTED, VERDICT_WARN, "dns.stale-hosts", 0},
	/* a line that the OS does not read, or nsswitch.conf passes over */
	{HOSTS(NEW) DNS(DOC) OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{HOSTS(DOC) NO("nxdomain") OS_NO, DOCUMENTED, VERDICT_FAIL, "dns.nxdomain", 0},
	{HOSTS("127.0.0.1") DNS(DOC) OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{HOSTS(NEW) DNS(NEW) OS(NEW), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{HOSTS(NEW) NO("nxdomain") OS(NEW), DOCUMENTED, VERDICT_WARN, "dns.stale-hosts", 0},
	{HOSTS(NEW) NO("silent") OS(NEW), PLAIN, VERDICT_PASS, NULL, 0},
	{HOSTS("127.0.0.1") NO("silent") OS("127.0.0.1"), PLAIN, VERDICT_FAIL, "dns.stale-hosts",
		0},
	{HOSTS(DOC) DNS("10.66.0.1") CLASS("private") OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{HOSTS(DOC) DNS(NEW) WILD(NEW) OS(DOC), DOCUMENTED, VERDICT_PASS, NULL, 0},
	{HOSTS("10.90.0.10") DNS("10.90.0.11") CLASS("private") OS("10.90.0.10"), INTERNAL,
		VERDICT_FAIL, "dns.stale-hosts", 0},
	{HOSTS("10.90.0.10") PENDING, INTERNAL, VERDICT_PASS, NULL, 0},
	{HOSTS("10.90.0.10") NO("nxdomain") OS("10.90.0.10"), INTERNAL, VERDICT_PASS, NULL, 0},
};

struct sample {
	struct rule_host host;
	struct net_addr addresses[2];
	struct value values[3];
	struct rule_check check;
};

static void sample_init(struct sample *s, enum host_kind kind)
{
	static char name[] = "sec.example.jp", id[] = "sec-dns";

	memset(s, 0, sizeof *s);
	s->host.name = name;
	s->host.addresses = s->addresses;
	s->host.internal = kind == INTERNAL;
	if (kind == DOCUMENTED || kind == DOCUMENTED6)
		assert_true(net_addr_parse(DOC, &s->addresses[s->host.address_count++]));
	if (kind == DOCUMENTED6)
		assert_true(net_addr_parse(DOC6, &s->addresses[s->host.address_count++]));
	s->values[0].host = &s->host;
	s->values[1].boolean = s->values[2].boolean = true;
	s->check.id = id;
	s->check.type = &check_dns;
	s->check.values = s->values;
}

static bool is_listed(const char *cause)
{
	for (size_t i = 0; check_dns.causes[i] != NULL; i++)
		if (strcmp(check_dns.causes[i], cause) == 0)
			return cause_find(cause) != NULL;
	return false;
}

static void test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof verdict_rows / sizeof verdict_rows[0]; i++) {
		const struct verdict_row *row = &verdict_rows[i];
		struct sample s;
		sample_init(&s, row->host);
		char text[1024];
		snprintf(text, sizeof text, "{%s}", row->facts);
		struct facts facts = {.object = json_loads(text, 0, NULL)};
		struct judge_input in = {.check = &s.check, .facts = &facts};
		struct judgement out;
		if (facts.object == NULL)
			fail_msg("row %zu is not JSON: %s", i, text);
		check_dns.judge(&in, &out);
		const char *cause = out.cause != NULL ? out.cause : "none";
		const char *wanted = row->cause != NULL ? row->cause : "none";
		if (out.verdict != row->verdict || strcmp(cause, wanted) != 0 ||
			out.segments != row->segments)
			fail_msg("%s: got %s %s %u, expected %s %s %u", text,
				verdict_name(out.verdict), cause, out.segments,
				verdict_name(row->verdict), wanted, row->segments);
		if (out.cause != NULL)
			assert_true(is_listed(out.cause));
		facts_release(&facts);
	}
}

/* A judge must also stand a report that somebody edited. */
static void test_verdict_of_strange_facts(void **state)
{
	static const char *const texts[] = {"{}", "{\"hosts\":[1,null],\"a\":[{}],\"os\":5}",
		"{\"hosts\":[\"nonsense\"],\"a\":\"x\"}",
		"{\"a\":[null],\"addresses\":[1],\"via\":\"dns\",\"wildcard\":[null]}",
		"{\"outcome\":\"?\",\"first_outcome\":7,\"os\":\"ok\",\"os_addresses\":[[]]}"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct sample s;
		struct facts facts = {.object = json_loads(texts[i], 0, NULL)};
		struct judge_input in = {.check = &s.check, .facts = &facts};
		struct judgement out;
		assert_non_null(facts.object);
		sample_init(&s, DOCUMENTED);
		check_dns.judge(&in, &out);
		assert_int_not_equal(out.verdict, VERDICT_PASS);
		facts_release(&facts);
	}
}

/* ---- facts ---- */

/* Three servers: a public one that is silent, a private one that answers, one not asked. */
struct scene {
	struct terminal terminal;
	struct dns_server servers[3];
	struct dns_reply replies[4], probes[2];
	struct net_addr a[2], aaaa, ad, hosts, os[2];
	int line;
	struct name_facts names;
	struct name_address address;
	struct sample sample;
	struct dns_view view;
};

static struct net_addr addr(const char *text)
{
	struct net_addr value;
	assert_true(net_addr_parse(text, &value));
	return value;
}

static void reply(
	struct dns_reply *r, const char *server, int type, enum dns_outcome outcome, int rcode)
{
	*r = (struct dns_reply){.server = addr(server),
		.port = 53,
		.type = type,
		.outcome = outcome,
		.rcode = rcode,
		.ms = 12.5};
}

static void scene_init(struct scene *s)
{
	memset(s, 0, sizeof *s);
	sample_init(&s->sample, DOCUMENTED);
	s->servers[0] = (struct dns_server){.addr = addr("1.1.1.1"), .port = 53};
	s->servers[1] = (struct dns_server){.addr = addr("192.168.1.1"), .port = 53};
	s->servers[2] = (struct dns_server){.addr = addr("2400::53"), .port = 5353};
	s->terminal.dns = (struct dns_servers){.items = s->servers, .count = 3};
	s->terminal.dns_known = true;
	s->a[0] = addr(NEW);
	s->a[1] = addr("10.0.0.9");
	s->aaaa = addr(DOC6);
	s->ad = addr("8.8.8.8");
	reply(&s->replies[0], "1.1.1.1", 1, DNS_SILENT, -1);
	reply(&s->replies[1], "1.1.1.1", 28, DNS_SILENT, -1);
	reply(&s->replies[2], "192.168.1.1", 1, DNS_ANSWER, 0);
	reply(&s->replies[3], "192.168.1.1", 28, DNS_ANSWER, 0);
	s->replies[2].addrs = s->a;
	s->replies[2].addr_count = 2;
	s->replies[2].truncated = true;
	s->replies[3].addrs = &s->aaaa;
	s->replies[3].addr_count = 1;
	s->names = (struct name_facts){.replies = s->replies, .reply_count = 4};
	s->address = (struct name_address){
		.via = NAME_VIA_DNS, .addrs = {s->a[0], s->a[1], s->aaaa}, .count = 3, .ms = 20};
	s->view = (struct dns_view){.host = &s->sample.host,
		.terminal = &s->terminal,
		.facts = &s->names,
		.address = &s->address,
		.ipv6 = true,
		.probe = true};
}

static void expect_json(const struct scene *s, const char *expected)
{
	struct facts facts;
	json_error_t error;
	json_t *wanted = json_loads(expected, 0, &error);

	if (wanted == NULL)
		fail_msg("expected facts are not JSON: %s", error.text);
	facts_init(&facts);
	dns_facts_fill(&s->view, &facts);
	if (!json_equal(facts.object, wanted)) {
		char *text = json_dumps(facts.object, JSON_INDENT(1));
		fail_msg("got %s\nexpected %s", text, expected);
	}
	json_decref(wanted);
	facts_release(&facts);
}

static void test_facts(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	expect_json(&s,
		"{\"host\":\"sec.example.jp\",\"via\":\"dns\","
		"\"addresses\":[\"" NEW "\",\"10.0.0.9\",\"" DOC6 "\"],"
		"\"outcome\":\"answer\",\"first_outcome\":\"silent\","
		"\"aaaa_outcome\":\"answer\",\"server\":\"192.168.1.1\",\"rcode\":0,"
		"\"server_private\":true,\"server_loopback\":false,"
		"\"a\":[\"" NEW "\",\"10.0.0.9\"],\"aaaa\":[\"" DOC6 "\"],"
		"\"all_silent\":false,\"silent_servers\":[\"1.1.1.1\"],\"some_silent\":[\"1.1.1."
		"1\"],"
		"\"no_servers\":false,\"servers_not_asked\":[\"[2400::53]:5353\"],"
		"\"os\":\"pending\",\"class\":\"private\",\"documented\":[\"" DOC "\"],"
		"\"matches_documented\":false,\"servers\":["
		"{\"server\":\"1.1.1.1\",\"a\":\"silent\",\"aaaa\":\"silent\",\"tcp\":false},"
		"{\"server\":\"192.168.1.1\",\"a\":\"answer\",\"a_rcode\":0,"
		"\"a_addresses\":[\"" NEW "\",\"10.0.0.9\"],\"aaaa\":\"answer\","
		"\"aaaa_rcode\":0,\"aaaa_addresses\":[\"" DOC6 "\"],\"tcp\":true}],"
		"\"tcp_fallback\":true}");
}

static void test_facts_of_other_sources(void **state)
{
	struct scene s;
	char path[] = "hosts.txt";
	struct dns_rule rules[] = {{.space = ".example.com", .servers = "192.0.2.1"},
		{.space = ".example.jp", .servers = "192.0.2.2; 192.0.2.3", .policy = true}};

	(void)state;
	scene_init(&s);
	strcpy(s.terminal.hosts_path, path);
	s.terminal.dns.count = 1;
	s.names.reply_count = 2;
	s.hosts = addr("127.0.0.1");
	s.line = 9;
	s.names.hosts_addrs = &s.hosts;
	s.names.hosts_lines = &s.line;
	s.names.hosts_count = 1;
	s.os[0] = s.os[1] = addr(DOC);
	s.names.os_done = true;
	s.names.os = (struct os_resolve_result){.addrs = s.os, .addr_count = 2};
	strcpy(s.names.probe_name, "random.example.jp");
	reply(&s.probes[0], "1.1.1.1", 1, DNS_ANSWER, 0);
	s.probes[0].addrs = &s.ad;
	s.probes[0].addr_count = 1;
	s.names.probes = s.probes;
	s.names.probe_count = 1;
	s.address = (struct name_address){.via = NAME_VIA_HOSTS, .addrs = {s.hosts}, .count = 1};
	s.replies[1].addrs = &s.aaaa; /* not to be told */
	s.replies[1].addr_count = 1;
	s.view.ipv6 = false;
	s.terminal.dns.rules = rules;
	s.terminal.dns.rule_count = 2;
	expect_json(&s,
		"{\"host\":\"sec.example.jp\",\"via\":\"hosts\",\"addresses\":[\"127.0.0.1\"],"
		"\"outcome\":\"silent\",\"first_outcome\":\"silent\",\"server\":\"1.1.1.1\","
		"\"server_private\":false,\"server_loopback\":false,"
		"\"hosts\":[\"127.0.0.1\"],\"hosts_line\":9,\"hosts_path\":\"hosts.txt\","
		"\"all_silent\":true,\"silent_servers\":[\"1.1.1.1\"],\"no_servers\":false,\"os\":"
		"\"ok\","
		"\"os_addresses\":[\"" DOC "\"],\"os_rule\":\".example.jp\","
		"\"os_rule_servers\":\"192.0.2.2; 192.0.2.3\",\"os_rule_policy\":true,"
		"\"probe_name\":\"random.example.jp\","
		"\"wildcard\":[\"8.8.8.8\"],\"documented\":[\"" DOC "\"],"
		"\"matches_documented\":true,\"servers\":["
		"{\"server\":\"1.1.1.1\",\"a\":\"silent\",\"tcp\":false}],"
		"\"tcp_fallback\":false}");
}

/* A resolver takes the first server's NO, so that server is the one to name. */
static void test_facts_of_first_no(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.replies[0].outcome = DNS_NXDOMAIN;
	s.replies[0].rcode = 3;
	for (int found = 0; found < 2; found++) {
		struct facts f;
		s.os[0] = addr(DOC);
		s.names.os_done = true;
		s.names.os = (struct os_resolve_result){
			.status = found ? OS_RESOLVE_OK : OS_RESOLVE_NOT_FOUND,
			.addrs = s.os,
			.addr_count = (size_t)found};
		facts_init(&f);
		dns_facts_fill(&s.view, &f);
		assert_string_equal(facts_get_str(&f, "outcome"), "answer");
		assert_string_equal(facts_get_str(&f, "server"), found ? "192.168.1.1" : "1.1.1.1");
		assert_int_equal(facts_get_int(&f, "rcode", -1), found ? 0 : 3);
		assert_int_equal(facts_get_bool(&f, "server_private", !found), found);
		facts_release(&f);
	}
}

/* When the OS's wait is a fault's: not what a line that loses packets does now and then. */
static void test_facts_of_slowness(void **state)
{
	static const struct {
		enum dns_outcome a, aaaa;
		double a_ms, aaaa_ms;
		bool aaaa_heard;
		double os_ms;
		unsigned asks;
		double quickest_ms;
		const char *by; /* NULL: none */
		bool always;
	} rows[] = {
		{DNS_ANSWER, DNS_ANSWER, 20, 20, true, 30, 1, 30, NULL, false},
		{DNS_ANSWER, DNS_ANSWER, 3000, 3010, true, 3020, 1, 3020, "server", true},
		{DNS_ANSWER, DNS_ANSWER, 3000, 20, true, 5020, 1, 30, "losses", false},
		{DNS_ANSWER, DNS_SILENT, 20, 2500, false, 15000, 3, 15000, "aaaa", true},
		{DNS_ANSWER, DNS_SILENT, 20, 2500, true, 5020, 3, 30, "losses", false},
		{DNS_ANSWER, DNS_SILENT, 20, 2500, true, 5020, 3, 5020, "losses", true},
		{DNS_ANSWER, DNS_ANSWER, 20, 1020, true, 5020, 3, 5020, "losses", true},
		{DNS_ANSWER, DNS_ANSWER, 20, 20, true, 5020, 1, 5020, NULL, false},
		{DNS_ANSWER, DNS_ANSWER, 20, 20, true, 5020, 3, 5000, NULL, true},
		{DNS_SILENT, DNS_SILENT, 5000, 5000, false, 7500, 1, 7500, "server", true},
		{DNS_SILENT, DNS_SILENT, 5000, 5000, false, 20, 1, 20, NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct scene s;
		struct facts f;
		scene_init(&s);
		s.names.reply_count = 2;
		reply(&s.replies[0], "1.1.1.1", 1, rows[i].a, rows[i].a == DNS_SILENT ? -1 : 0);
		reply(&s.replies[1], "1.1.1.1", 28, rows[i].aaaa,
			rows[i].aaaa == DNS_SILENT ? -1 : 0);
		s.replies[0].ms = rows[i].a_ms;
		s.replies[1].ms = rows[i].aaaa_ms;
		s.replies[0].heard = rows[i].a != DNS_SILENT;
		s.replies[1].heard = rows[i].aaaa_heard;
		s.os[0] = addr(DOC);
		s.names.os_done = true;
		s.names.os = (struct os_resolve_result){.addrs = s.os, .addr_count = 1};
		s.names.os_ms = rows[i].os_ms;
		s.names.os_asks = rows[i].asks;
		s.names.os_quickest_ms = rows[i].quickest_ms;
		facts_init(&f);
		dns_facts_fill(&s.view, &f);
		assert_int_equal(facts_has(&f, "os_seconds"), rows[i].os_ms > 1900);
		assert_int_equal(facts_get_bool(&f, "os_always_slow", false), rows[i].always);
		assert_int_equal(facts_has(&f, "slow_by"), rows[i].by != NULL);
		if (rows[i].by != NULL)
			assert_string_equal(facts_get_str(&f, "slow_by"), rows[i].by);
		facts_release(&f);
	}
}

/* What a DNS64 makes of a public address is no private one, whatever its prefix. */
static void test_facts_of_class(void **state)
{
	static const struct {
		const char *four, *six, *class;
	} rows[] = {
		{"133.162.82.110", "2400:bead::1", NULL},
		{"133.162.82.110", "fd00:64::1", "private"},
		{"133.162.82.110", "fd00:64::85a2:526e", NULL},
		{"133.162.82.110", "fd00:64:0:0:85:a252:6e00:0", NULL},
		{"133.162.82.110", "fd00:64:85a2:526e::", NULL},
		{"10.1.2.3", "fd00:64::a01:203", "private"},
		{"133.162.82.110", "fd00:64::85a2:526f", "private"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct scene s;
		struct facts f;
		struct net_addr both[2] = {addr(rows[i].four), addr(rows[i].six)};
		scene_init(&s);
		s.names.os_done = true;
		s.names.os = (struct os_resolve_result){.addrs = both, .addr_count = 2};
		facts_init(&f);
		dns_facts_fill(&s.view, &f);
		const char *class = facts_get_str(&f, "class");
		assert_string_equal(
			class != NULL ? class : "", rows[i].class != NULL ? rows[i].class : "");
		facts_release(&f);
	}
}

static void test_facts_when_cut_short(void **state)
{
	struct scene s;

	(void)state;
	scene_init(&s);
	s.view.facts = NULL;
	s.view.address = NULL;
	expect_json(&s, "{\"host\":\"sec.example.jp\"}");
}

static void test_timings(void **state)
{
	struct scene s;
	struct facts timings;

	(void)state;
	scene_init(&s);
	facts_init(&timings);
	dns_timings_fill(&s.view, &timings);
	assert_int_equal(json_object_size(timings.object), 4);
	assert_true(json_real_value(facts_get(&timings, "dns_ms")) > 12);
	assert_true(json_real_value(facts_get(&timings, "address_ms")) > 19);
	assert_true(facts_has(&timings, "server_2_a_ms"));
	assert_true(facts_has(&timings, "server_2_aaaa_ms"));
	facts_release(&timings);
}

/* ---- plan ---- */

static void test_targets(void **state)
{
	struct scene s;
	struct targets list = {0};
	char literal[] = DOC;

	(void)state;
	scene_init(&s);
	check_dns.targets(&s.sample.check, &s.terminal, &list);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].protocol, "UDP/TCP");
	assert_string_equal(list.items[0].purpose, "name");
	assert_string_equal(list.items[0].address, "1.1.1.1");
	assert_int_equal(list.items[2].port, 5353);
	targets_release(&list);
	s.sample.host.name = literal;
	check_dns.targets(&s.sample.check, &s.terminal, &list);
	assert_int_equal(list.count, 0);
	targets_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_verdict_of_strange_facts),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_facts_of_other_sources),
		cmocka_unit_test(test_facts_of_first_no),
		cmocka_unit_test(test_facts_of_slowness),
		cmocka_unit_test(test_facts_of_class),
		cmocka_unit_test(test_facts_when_cut_short),
		cmocka_unit_test(test_timings),
		cmocka_unit_test(test_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
