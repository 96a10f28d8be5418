/* The other checks that read this terminal: disk, vpn, link, proxy, manual. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cause.h"
#include "local_rules.h"
#include "plan.h"
#include "run.h"

/* ---- disk ---- */

static void judge_disk(void **state)
{
	static const struct {
		const char *os;
		long long available;
		bool read_only;
		enum verdict verdict;
		const char *cause;
	} cases[] = {
		{"linux", 100000000, false, VERDICT_PASS, NULL},
		{"linux", 99999999, false, VERDICT_FAIL, "disk.low"},
		{"windows", 99999999, false, VERDICT_FAIL, "disk.low"},
		{"macos", 50000000, false, VERDICT_PASS, NULL},
		{"macos", 49999999, false, VERDICT_FAIL, "disk.low"},
		{"linux", 1000000000, true, VERDICT_FAIL, "disk.read-only"},
		{"linux", 0, true, VERDICT_FAIL, "disk.read-only"},
		{"linux", -1, false, VERDICT_UNKNOWN, "run.unreadable"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct facts facts;

		facts_init(&facts);
		facts_str(&facts, "os", cases[i].os);
		if (cases[i].available >= 0)
			facts_int(&facts, "available", cases[i].available);
		facts_bool(&facts, "read_only", cases[i].read_only);
		local_expect(cases[i].os, local_judge("disk", &facts, 0, false), cases[i].verdict,
			cases[i].cause);
		facts_release(&facts);
	}
}

static void disk_of_this_machine(void **state)
{
	struct terminal t = {.os = {.family = "linux"}};
	struct facts facts;
	(void)state;

	local_collect("disk", &t, &facts);
	assert_string_equal(facts_get_str(&facts, "path"), "/");
	assert_int_equal(facts_get_int(&facts, "required", -1), 100000000);
	assert_true(facts_get_int(&facts, "total", -1) > 0);
	assert_true(facts_has(&facts, "available") && facts_has(&facts, "read_only"));
	facts_release(&facts);
}

/* ---- VPN, link, proxy, manual ---- */

static void vpns(void **state)
{
	struct vpn_connection list[] = {
		{"tun9", "tun", "tun9", false, false}, {"main-gtol-vpn", "ikev2", "", true, false}};
	struct terminal t = {.vpns = {list, 2, 2}, .vpns_known = true};
	struct facts facts;
	(void)state;

	strbuf_init(&t.why, 100);
	local_collect("vpn", &t, &facts);
	assert_true(facts_get_bool(&facts, "connected", false));
	assert_true(facts_get_bool(&facts, "expected_connected", false));
	assert_int_equal(facts_count(&facts, "connections"), 2);
	local_expect("up", local_judge("vpn", &facts, 0, true), VERDICT_PASS, NULL);
	facts_release(&facts);
	t.vpns.count = 1;
	local_collect("vpn", &t, &facts);
	assert_false(facts_get_bool(&facts, "connected", true));
	local_expect(
		"down", local_judge("vpn", &facts, 0, false), VERDICT_SKIP, "vpn.not-connected");
	local_expect(
		"down", local_judge("vpn", &facts, 0, true), VERDICT_FAIL, "vpn.not-connected");
	facts_release(&facts);
	t.vpns_known = false;
	local_collect("vpn", &t, &facts);
	local_expect("unreadable", local_judge("vpn", &facts, 0, true), VERDICT_UNKNOWN,
		"run.unreadable");
	facts_release(&facts);
	strbuf_release(&t.why);
}

static void expect_link(struct terminal *t, enum netif_kind kind, const char *check,
	enum verdict verdict, const char *cause)
{
	struct facts facts;

	t->interfaces.items[0].kind = kind;
	local_collect(check, t, &facts);
	local_expect(netif_kind_name(kind), local_judge(check, &facts, 0, false), verdict, cause);
	facts_release(&facts);
}

static void links(void **state)
{
	struct net_addr addr = {.family = 4, .bytes = {192, 0, 2, 10}};
	struct net_addr gateway = {.family = 4, .bytes = {192, 0, 2, 1}};
	struct netif netif = {.name = "if0",
		.description = "d",
		.up = true,
		.speed = 1000,
		.addrs = &addr,
		.addr_count = 1};
	struct vpn_connection vpn = {.name = "tun0", .connected = true};
	struct terminal t = {.interfaces = {&netif, 1, 1},
		.interfaces_known = true,
		.routes_known = true,
		.route4 = {true, "if0", gateway}};
	struct facts facts;
	(void)state;

	strbuf_init(&t.why, 100);
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_PASS, NULL);
	expect_link(&t, NETIF_WIFI, "link", VERDICT_WARN, "link.wifi");
	expect_link(&t, NETIF_WWAN, "link", VERDICT_WARN, "link.mobile");
	expect_link(&t, NETIF_PPP, "link", VERDICT_PASS, NULL);
	expect_link(&t, NETIF_WIFI, "link-2017", VERDICT_PASS, NULL);
	expect_link(&t, NETIF_WWAN, "link-2017", VERDICT_FAIL, "link.mobile");
	local_collect("link", &t, &facts);
	assert_string_equal(facts_get_str(&facts, "interface"), "if0");
	assert_string_equal(facts_get_str(&facts, "kind"), "wwan");
	assert_string_equal(facts_get_str(&facts, "gateway"), "192.0.2.1");
	assert_string_equal(facts_item(&facts, "addresses", 0), "192.0.2.10");
	assert_int_equal(facts_get_int(&facts, "speed", -1), 1000);
	facts_release(&facts);
	/* IPv6 alone is a route too. */
	t.route6 = t.route4;
	t.route4.present = false;
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_PASS, NULL);
	t.route6.present = false;
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_FAIL, "net.no-route");
	t.vpns = (struct vpn_connections){&vpn, 1, 1};
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_PASS, NULL);
	t.routes_known = false;
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_UNKNOWN, "run.unreadable");
	strbuf_release(&t.why);
}

static void proxy_targets(void **state)
{
	static const struct {
		const char *url, *host, *address;
		int port;
	} cases[] = {
		{"http://proxy.example:3128/", "proxy.example", "", 3128},
		{"http://***@proxy.example:8080", "proxy.example", "", 8080},
		{"proxy.example", "proxy.example", "", 1080},
		{"https://proxy.example", "proxy.example", "", 443},
		{"192.0.2.8:8080", "", "192.0.2.8", 8080},
		{"socks5h://[2001:db8::1]:1081", "", "2001:db8::1", 1081},
		{"http://[2001:db8::1]", "", "2001:db8::1", 1080},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct proxy_setting setting[2] = {{.automatic = true, .url = "http://pac/"}};
		struct terminal t = {.proxies = {setting, 2, 2}, .proxies_known = true};
		const struct rule_check *check = rules_check(local_rules(), "proxy");
		struct targets list = {0};

		strcpy(setting[1].url, cases[i].url);
		check->type->targets(check, &t, &list);
		assert_int_equal(list.count, 3); /* the proxy, and the host's two addresses */
		assert_string_equal(list.items[0].host, cases[i].host);
		assert_string_equal(list.items[0].address, cases[i].address);
		assert_int_equal(list.items[0].port, cases[i].port);
		assert_string_equal(list.items[1].host, "sec.example.jp");
		targets_release(&list);
		/* Without a host nothing is sent; nor with a script alone. */
		check = rules_check(local_rules(), "proxy-shown");
		check->type->targets(check, &t, &list);
		t.proxies.count = 1;
		check = rules_check(local_rules(), "proxy");
		check->type->targets(check, &t, &list);
		assert_int_equal(list.count, 0);
		targets_release(&list);
	}
}

static void judge_proxy(void **state)
{
	struct facts facts;
	(void)state;

	facts_init(&facts);
	local_expect("unreadable", local_judge("proxy", &facts, 0, false), VERDICT_UNKNOWN,
		"run.unreadable");
	facts_bool(&facts, "configured", false);
	local_expect("none", local_judge("proxy", &facts, 0, false), VERDICT_PASS, NULL);
	facts_bool(&facts, "configured", true);
	local_expect("not tried", local_judge("proxy", &facts, 0, false), VERDICT_PASS, NULL);
	facts_bool(&facts, "proxy_works", true);
	local_expect("works", local_judge("proxy", &facts, 0, false), VERDICT_PASS, NULL);
	facts_bool(&facts, "proxy_genuine", false);
	local_expect("another's certificate", local_judge("proxy", &facts, 0, false), VERDICT_FAIL,
		"proxy.configured");
	facts_bool(&facts, "proxy_genuine", true);
	local_expect("genuine", local_judge("proxy", &facts, 0, false), VERDICT_PASS, NULL);
	facts_bool(&facts, "proxy_works", false);
	local_expect(
		"broken", local_judge("proxy", &facts, 0, false), VERDICT_FAIL, "proxy.configured");
	facts_int(&facts, "proxy_status", 407);
	local_expect("sign-in", local_judge("proxy", &facts, 0, false), VERDICT_UNKNOWN,
		"proxy.sign-in");
	facts_bool(&facts, "exempt_elsewhere", true);
	local_expect("read otherwise", local_judge("proxy", &facts, 0, false), VERDICT_UNKNOWN,
		"proxy.bypass-unclear");
	facts_bool(&facts, "browsers", false);
	local_expect("no browser's", local_judge("proxy", &facts, 0, false), VERDICT_PASS, NULL);
	facts_bool(&facts, "script", true);
	local_expect("a script", local_judge("proxy", &facts, 0, false), VERDICT_UNKNOWN,
		"proxy.script");
	facts_release(&facts);
}

/* Whom a terminal's settings send https of sec.example.jp to: the port that is tried, 0: none. */
static void proxy_choices(void **state)
{
	static const struct {
		const char *what;
		struct proxy_setting one, other;
		int port;
	} cases[] = {
		{"browsers", {.url = "p:1", .environment = true, .browsers = true, .curl = true},
			{.url = ""}, 1},
		{"exempt",
			{.url = "p:1",
				.environment = true,
				.browsers = true,
				.curl = true,
				.bypass = "localhost, .example.jp"},
			{.url = ""}, 0},
		{"exempt for browsers alone",
			{.url = "p:1",
				.environment = true,
				.browsers = true,
				.curl = true,
				.bypass = "*.example.jp"},
			{.url = ""}, 0},
		{"exempt for others alone",
			{.url = "p:1",
				.environment = true,
				.browsers = true,
				.curl = true,
				.bypass = "localhost sec.example.jp"},
			{.url = ""}, 1},
		{"two variables", {.url = "p:1", .environment = true, .curl = true},
			{.url = "p:2", .environment = true, .browsers = true}, 2},
		{"no port",
			{.url = "http://p", .environment = true, .browsers = true, .curl = true},
			{.url = ""}, 80},
		{"no browser reads it", {.url = "http://p", .environment = true, .curl = true},
			{.url = ""}, 1080},
		{"nor need anybody",
			{.url = "p:1", .environment = true, .curl = true, .bypass = "*"},
			{.url = ""}, 0},
		{"for http", {.url = "p:1", .environment = true}, {.url = ""}, 0},
		{"of Windows", {.url = "p:1", .environment = true, .curl = true},
			{.url = "p:2", .browsers = true, .bypass = "<local>"}, 2},
		{"exempt in Windows", {.url = "p:1", .environment = true, .curl = true},
			{.url = "p:2", .browsers = true, .bypass = "10.*;*.EXAMPLE.jp"}, 0},
		{"of services", {.url = "p:1"}, {.url = ""}, 1},
	};
	const struct rule_check *check = rules_check(local_rules(), "proxy");
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct proxy_setting settings[2] = {cases[i].one, cases[i].other};
		size_t count = settings[1].url[0] != '\0' ? 2 : 1;
		struct terminal t = {.proxies = {settings, count, 2}, .proxies_known = true};
		struct targets list = {0};
		check->type->targets(check, &t, &list);
		if ((list.count > 0 ? list.items[0].port : 0) != cases[i].port)
			fail_msg("%s", cases[i].what);
		targets_release(&list);
	}
}

static void questions_stay_manual(void **state)
{
	struct judgement out;
	struct facts facts;
	(void)state;

	facts_init(&facts);
	out = local_judge("ask", &facts, 0, false);
	local_expect("ask", out, VERDICT_MANUAL, NULL);
	assert_int_equal(out.actors, ACTOR_CARRIER);
	assert_int_equal(local_judge("ask-it", &facts, 0, false).actors, ACTOR_IT);
	facts_release(&facts);
}

/* The facts of a question, asked on a made-up terminal. */
static void ask(const char *id, const struct terminal *terminal, struct facts *facts)
{
	struct plan plan = {.rules = local_rules(), .terminal = terminal};
	struct run *run = run_new(&plan);
	struct check_run c = {
		.check = rules_check(local_rules(), id), .run = run, .finished = true};

	facts_init(&c.facts);
	c.check->type->start(&c);
	*facts = c.facts;
	run_free(run);
}

static void questions_of_other_systems_are_skipped(void **state)
{
	static const struct {
		const char *id;
		struct terminal terminal;
		enum verdict verdict;
	} cases[] = {
		{"ask-on", {.os = {.family = "windows", .version = "10"}, .os_known = true},
			VERDICT_MANUAL},
		{"ask-on", {.os = {.family = "windows", .version = "11"}, .os_known = true},
			VERDICT_SKIP},
		{"ask-on", {.os = {.family = "macos", .version = "10.12.6"}, .os_known = true},
			VERDICT_MANUAL},
		{"ask-on", {.os = {.family = "linux"}, .os_known = true}, VERDICT_SKIP},
		{"ask-on", {.os_known = false}, VERDICT_MANUAL},
		{"ask-it", {.os = {.family = "linux"}, .os_known = true}, VERDICT_MANUAL},
		/* no certificate was looked for: nothing is shown, and the question stays */
		{"ask-certificate", {.os = {.family = "linux"}, .os_known = true}, VERDICT_MANUAL},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct facts facts;

		ask(cases[i].id, &cases[i].terminal, &facts);
		assert_string_equal(facts_get_str(&facts, "ask"), "it");
		assert_false(facts_has(&facts, "subject"));
		local_expect(cases[i].id, local_judge(cases[i].id, &facts, 0, false),
			cases[i].verdict, NULL);
		facts_release(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judge_disk),
		cmocka_unit_test(disk_of_this_machine),
		cmocka_unit_test(vpns),
		cmocka_unit_test(links),
		cmocka_unit_test(proxy_targets),
		cmocka_unit_test(judge_proxy),
		cmocka_unit_test(proxy_choices),
		cmocka_unit_test(questions_stay_manual),
		cmocka_unit_test(questions_of_other_systems_are_skipped),
	};

	return cmocka_run_group_tests(tests, local_rules_load, local_rules_unload);
}
