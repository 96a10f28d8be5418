/* The tcp, http, captive and clock checks: what is read of HTTP, and verdicts from facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
#include <string.h>

#include "../../src/engine/fetch_private.h"
#include "cause.h"
#include "check.h"
#include "http_parse.h"
#include "judge_rows.h"

/* ---- reading ---- */

static void test_header(void **state)
{
	static const char line[] = "LOCATION: \t https://a.example/ \r\n";
	size_t len;
	(void)state;

	const char *value = http_header(line, strlen(line), "Location", &len);
	assert_int_equal(len, 18);
	assert_memory_equal(value, "https://a.example/", 18);
	assert_null(http_header(line, strlen(line), "Locatio", &len));
	assert_null(http_header(line, 8, "Location", &len));
	assert_null(http_header("Locations: x", 12, "Location", &len));
	assert_non_null(http_header("Date:", 5, "Date", &len));
	assert_int_equal(len, 0);
}

static void test_date(void **state)
{
	static const struct {
		const char *text;
		long long seconds; /* -1: none */
	} rows[] = {
		{"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
		{"Thu, 01 Jan 1970 00:00:00 GMT", 0},
		{"Thu, 29 Feb 2024 23:59:60 GMT", 1709251200},
		{"Sun, 06 Nov 1994 08:49:37 UTC", -1},
		{"Sun, 06 Nov 1994 24:49:37 GMT", -1},
		{"Sun, 06 Nov 1994 08:60:37 GMT", -1},
		{"Sun, 00 Nov 1994 08:49:37 GMT", -1},
		{"Sun, 06 nov 1994 08:49:37 GMT", -1},
		{"Sun, 06 Nov -994 08:49:37 GMT", -1},
		{"Sun, 31 Feb 2024 08:49:37 GMT", -1},
		{"Tue, 29 Feb 2023 08:49:37 GMT", -1},
		{"Sun, 06 Nov 1994 08:49:37 +0900", -1},
		{"Sun, 6 Nov 1994 08:49:37 GMT", -1},
		{"1994-11-06T08:49:37Z", -1},
		/* the two forms of old servers */
		{"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
		{"Wednesday, 02-Dec-26 00:00:00 GMT", 1796169600},
		{"Sun, 06-Nov-94 08:49:37 GMT", -1},
		{"Sunday, 06-Nov-1994 08:49:37 GMT", -1},
		{"Sunday, 06-Nov-94 08:49:37 EST", -1},
		{"Sun Nov  6 08:49:37 1994", 784111777},
		{"Sun Nov 16 08:49:37 1994", 784975777},
		{"Sun Nov 6 08:49:37 1994", -1},
		{"Sun Nov  0 08:49:37 1994", -1},
		{"Sun Nov  6 08:49:37 94  ", -1},
		{"", -1},
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		long long seconds = -1;
		bool good = http_date(rows[i].text, strlen(rows[i].text), &seconds);
		assert_int_equal(good, rows[i].seconds != -1);
		if (good)
			assert_int_equal(seconds, rows[i].seconds);
	}
}

static void test_age(void **state)
{
	static const struct {
		const char *text;
		long long seconds; /* -1: none */
	} rows[] = {{"0", 0}, {"1800", 1800}, {"99999999999999999999", HTTP_AGE_MAX}, {"", -1},
		{"-1", -1}, {"1.5", -1}, {"10, 20", -1}};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		long long seconds = -1;
		bool good = http_age(rows[i].text, strlen(rows[i].text), &seconds);
		assert_int_equal(good, rows[i].seconds != -1);
		if (good)
			assert_int_equal(seconds, rows[i].seconds);
	}
}

static void test_location(void **state)
{
	static const struct {
		const char *text;
		bool good, absolute, plain;
		const char *host, *path;
		int port;
	} rows[] = {
		{"https://A.Example/x?y#z", true, true, false, "a.example", "/x?y", 0},
		{"http://a.example", true, true, true, "a.example", "/", 0},
		{"http://a.example?q", true, true, true, "a.example", "/?q", 0},
		{"http://u:p@a.example.:8080/", true, true, true, "a.example", "/", 8080},
		{"http://good.example@evil.example/", true, true, true, "evil.example", "/", 0},
		{"https://[2001:DB8::1]:8443/", true, true, false, "2001:db8::1", "/", 8443},
		{"//b.example/c", true, true, false, "b.example", "/c", 0},
		{"/+CSCOE+/logon.html", true, false, false, "", "/+CSCOE+/logon.html", 0},
		{"logon.html", true, false, false, "", "logon.html", 0},
		{"?a:b", true, false, false, "", "?a:b", 0},
		{"javascript:alert(1)", false, false, false, NULL, NULL, 0},
		{"ftp://a.example/", false, false, false, NULL, NULL, 0},
		{"https://", false, false, false, NULL, NULL, 0},
		{"https:///x", false, false, false, NULL, NULL, 0},
		{"https://[::1", false, false, false, NULL, NULL, 0},
		{"https://a.example:99999/", false, false, false, NULL, NULL, 0},
		{"https://a.example:x/", false, false, false, NULL, NULL, 0},
		{"/a b", false, false, false, NULL, NULL, 0},
		{"", false, false, false, NULL, NULL, 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct http_location location;
		bool good = http_location_parse(rows[i].text, strlen(rows[i].text), &location);
		if (good != rows[i].good)
			fail_msg("%s", rows[i].text);
		if (!good)
			continue;
		assert_string_equal(location.host, rows[i].host);
		assert_string_equal(location.path, rows[i].path);
		assert_int_equal(location.absolute, rows[i].absolute);
		assert_int_equal(location.plain, rows[i].plain);
		assert_int_equal(location.port, rows[i].port);
	}
}

static void test_long_location(void **state)
{
	char text[3000];
	struct http_location location;
	(void)state;

	memset(text, 'a', sizeof text);
	text[0] = '/';
	assert_false(http_location_parse(text, sizeof text, &location));
	memcpy(text, "https://", 8);
	assert_true(http_location_parse(text, 600, &location));
	assert_int_equal(strlen(location.host), sizeof location.host - 1);
}

static void test_title(void **state)
{
	static const struct {
		const char *body, *title; /* NULL: none */
	} rows[] = {
		{"<html><TITLE lang=ja>  Sign\r\n in </Title>", "Sign in"},
		{"<title>a</title><title>b</title>", "a"},
		{"<title></title>", NULL},
		{"<title>never closed", NULL},
		{"<title", NULL},
		{"no title", NULL},
		{"", NULL},
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct strbuf sb;
		strbuf_init(&sb, 100);
		bool found = html_title(rows[i].body, strlen(rows[i].body), &sb);
		assert_int_equal(found, rows[i].title != NULL);
		if (found)
			assert_string_equal(sb.data, rows[i].title);
		strbuf_release(&sb);
	}
}

static void test_status_patterns(void **state)
{
	(void)state;
	assert_true(http_status_match("200", 200));
	assert_false(http_status_match("200", 201));
	assert_true(http_status_match("3xx", 302));
	assert_true(http_status_match("30X", 307));
	assert_false(http_status_match("30X", 310));
	assert_false(http_status_match("2xx", 0));
	assert_false(http_status_match("2x", 200));
	assert_null(http_status_validate("404"));
	assert_non_null(http_status_validate("xxx"));
	assert_non_null(http_status_validate("600"));
	assert_non_null(http_status_validate("20"));
	assert_non_null(http_status_validate("2000"));
}

static void test_site(void **state)
{
	static const struct {
		const char *name, *other;
		bool same;
	} rows[] = {
		{"mio.ccr.ncc.go.jp", "MIO.ccr.ncc.go.jp", true},
		{"mio.ccr.ncc.go.jp", "sso.ncc.go.jp", true},
		{"mio.ccr.ncc.go.jp", "ncc.go.jp", true},
		{"mio.ccr.ncc.go.jp", "evilncc.go.jp", false},
		{"mio.ccr.ncc.go.jp", "other.go.jp", false},
		{"mio.ccr.ncc.go.jp", "portal.hotel.example", false},
		{"ganjoho.jp", "www.ganjoho.jp", true},
		{"ganjoho.jp", "other.jp", false},
		{"www.example.com", "example.com", true},
		{"www.example.com", "www.example.org", false},
		{"ncc.go.jp", "x.go.jp", false},
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "1.192.0.2.1", false},
		{"a.example", "192.0.2.1", false},
		{"localhost", "localhost", true},
	};
	(void)state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (host_same_site(rows[i].name, rows[i].other) != rows[i].same)
			fail_msg("%s %s", rows[i].name, rows[i].other);
}

/* ---- verdicts ---- */

#define TITLE "title: {ja: あ, en: a}"
static const char rules_text[] =
	"version: 1\n"
	"hosts:\n"
	"  gw: {name: gw.test.example}\n"
	"checks:\n"
	"  tcp: {check: tcp, host: gw, " TITLE "}\n"
	"  http: {check: http, host: gw, " TITLE "}\n"
	"  only200: {check: http, host: gw, expect: '200', " TITLE "}\n"
	"  only302: {check: http, host: gw, expect: '302', " TITLE "}\n"
	"  signin: {check: http, host: gw, sites: ['*.login.example.net'], " TITLE "}\n"
	"  vpn: {check: http, host: gw, path: /, gateway: anyconnect, " TITLE "}\n"
	"  portal: {check: captive, host: gw, " TITLE "}\n"
	"  clock: {check: clock, host: gw, max-skew: 60s, " TITLE "}\n"
	"profiles:\n"
	"  all: {" TITLE ", checks: ['*']}\n";

#define UP        "\"connected\":true,"
#define DOWN(e)   "\"connected\":false,\"error\":\"" e "\","
#define TRUSTED   UP "\"handshake\":true,\"verified\":true,\"name_ok\":true,"
#define STRANGER  UP "\"handshake\":true,\"verified\":false,\"name_ok\":true,"
#define STATUS(n) "\"status\":" n ","
#define TO(host)  "\"location_host\":\"" host "\","
#define LED       STATUS("302") "\"led_to\":\"http://gw.test.example\","
#define EXPIRED   "\"verify_errors\":[\"X509_V_ERR_CERT_HAS_EXPIRED\"],"
#define UNKNOWNCA                                                                                  \
	"\"verify_errors\":[\"X509_V_ERR_CERT_HAS_EXPIRED\","                                      \
	"\"X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN\"],"
#define SKEW(n)  "\"date\":1500000000,\"date_skew\":" n ","
#define TLS_BAD  "\"tls_verified\":false,\"tls_handshake\":true,\"tls_chain_ok\":false,"
#define NO_TLS   "\"tls_verified\":false,\"tls_handshake\":false,"
#define ASKED    "\"client_cert_requested\":true,"
#define SENT     ASKED "\"certificate_sent\":true,"
#define KEPT     "\"certificate_kept\":true,"
#define OTHER_CA "\"client_ca_names\":[\"CN=a\"],\"certificate_issuers\":[\"CN=b\"],"
#define PAGE(t)  "\"body_title\":\"" t "\","
#define PLAIN(n) "\"plain_status\":" n ","

static const struct judge_row rows[] = {
	{"tcp", UP, VERDICT_PASS, NULL},
	{"tcp", "", VERDICT_UNKNOWN, "run.blocked"},
	{"tcp", "\"connected\":false,\"blocked_by\":\"name\",", VERDICT_UNKNOWN, "run.blocked"},
	{"tcp", DOWN("refused"), VERDICT_FAIL, "tcp.refused"},
	{"tcp", DOWN("reset"), VERDICT_FAIL, "tcp.reset"},
	{"tcp", DOWN("timeout"), VERDICT_FAIL, "tcp.silent"},
	{"tcp", DOWN("prohibited"), VERDICT_FAIL, "tcp.prohibited"},
	{"tcp", DOWN("no-route"), VERDICT_FAIL, "net.no-route"},
	{"tcp", DOWN("local-denied"), VERDICT_FAIL, "net.local-denied"},
	{"tcp", UP "\"silent_addresses\":[\"192.0.2.1\"],", VERDICT_WARN, "net.address-silent"},
	{"tcp", DOWN("timeout") "\"no_route\":\"terminal\",", VERDICT_FAIL, "net.no-route"},
	{"tcp", DOWN("timeout") "\"no_route\":\"family\",", VERDICT_FAIL, "net.no-route-family"},
	{"tcp", DOWN("timeout") "\"no_route\":\"host\",", VERDICT_FAIL, "net.no-route-host"},
	{"tcp", DOWN("timeout") "\"gateway_silent\":true,", VERDICT_FAIL, "net.gateway-silent"},
	{"tcp", DOWN("timeout") "\"on_link_silent\":true,", VERDICT_FAIL, "net.on-link"},
	{"tcp", DOWN("unreachable-host"), VERDICT_FAIL, "tcp.unreachable"},
	{"tcp", DOWN("other"), VERDICT_UNKNOWN, "run.local-error"},
	{"tcp", DOWN("local-error"), VERDICT_UNKNOWN, "run.local-error"},
	{"tcp", DOWN("other") "\"icmp_type\":3,", VERDICT_FAIL, "tcp.unreachable"},

	{"http", TRUSTED STATUS("200"), VERDICT_PASS, NULL},
	{"http", TRUSTED STATUS("302") TO("sso.test.example"), VERDICT_PASS, NULL},
	{"http", TRUSTED STATUS("302") TO("portal.hotel.net"), VERDICT_FAIL, "http.off-site"},
	{"http", TRUSTED STATUS("200") TO("portal.hotel.net"), VERDICT_PASS, NULL},
	{"signin", TRUSTED STATUS("302") TO("gtol.Login.example.net"), VERDICT_PASS, NULL},
	{"signin", TRUSTED STATUS("302") TO("login.example.net"), VERDICT_FAIL, "http.off-site"},
	/* what counts is the page that a redirect leads to */
	{"http", TRUSTED LED "\"led_status\":200,", VERDICT_PASS, NULL},
	{"http", TRUSTED LED "\"led_status\":404,", VERDICT_FAIL, "http.redirect"},
	{"http", TRUSTED LED "\"led_error\":\"refused\",", VERDICT_FAIL, "http.redirect"},
	{"http", TRUSTED LED "\"led_status\":200,\"waited_s\":9,", VERDICT_WARN, "http.slow"},
	{"http", TRUSTED LED "\"led_status\":302,\"led_off_site\":\"hotel.net\",", VERDICT_FAIL,
		"http.off-site"},
	{"http", TRUSTED STATUS("302") "\"led_error\":\"invalid\",", VERDICT_FAIL, "http.redirect"},
	{"only302", TRUSTED LED "\"led_error\":\"refused\",", VERDICT_PASS, NULL},
	{"only200", TRUSTED LED "\"led_status\":200,", VERDICT_PASS, NULL},
	{"only200", TRUSTED LED "\"led_status\":204,", VERDICT_FAIL, "http.redirect"},
	{"http", STRANGER LED "\"led_status\":200,", VERDICT_UNKNOWN, "run.blocked"},
	{"http", TRUSTED STATUS("404"), VERDICT_FAIL, "http.status"},
	{"only200", TRUSTED STATUS("200"), VERDICT_PASS, NULL},
	{"only200", TRUSTED STATUS("204"), VERDICT_FAIL, "http.status"},
	{"only302", TRUSTED STATUS("200") "\"first_status\":302,", VERDICT_PASS, NULL},
	{"http", TRUSTED STATUS("500") "\"first_status\":302,", VERDICT_FAIL, "http.status"},
	{"http", DOWN("refused"), VERDICT_UNKNOWN, "run.blocked"},
	{"http", UP "\"handshake\":false,", VERDICT_UNKNOWN, "run.blocked"},
	{"http", TRUSTED "\"error\":\"alert\",", VERDICT_UNKNOWN, "run.blocked"},
	{"http", TRUSTED "\"error\":\"silent\",", VERDICT_FAIL, "http.silent"},
	{"http", TRUSTED STATUS("200") "\"error\":\"silent\",", VERDICT_FAIL, "http.silent"},
	{"http", TRUSTED "\"error\":\"reset\",", VERDICT_FAIL, "http.broken"},
	{"http", TRUSTED STATUS("200") "\"error\":\"truncated\",", VERDICT_FAIL, "http.broken"},
	{"http", TRUSTED "\"error\":\"not-http\",", VERDICT_FAIL, "http.broken"},
	{"http", STRANGER STATUS("200"), VERDICT_UNKNOWN, "run.blocked"},
	{"http", STRANGER STATUS("302") TO("portal.hotel.net"), VERDICT_FAIL,
		"http.captive-portal"},
	{"http", STRANGER EXPIRED STATUS("302") TO("portal.hotel.net"), VERDICT_UNKNOWN,
		"run.blocked"},
	/* what nginx says of client certificates */
	{"http", TRUSTED ASKED STATUS("400") PAGE("400 No required SSL certificate was sent"),
		VERDICT_FAIL, "tls.client-missing"},
	{"http", TRUSTED SENT STATUS("400") PAGE("400 The SSL certificate error"), VERDICT_FAIL,
		"tls.client-refused"},
	{"http", TRUSTED SENT STATUS("400") PAGE("400 The SSL certificate error") OTHER_CA,
		VERDICT_FAIL, "tls.client-not-accepted"},
	{"http", TRUSTED ASKED STATUS("496"), VERDICT_FAIL, "tls.client-missing"},
	{"http", TRUSTED ASKED KEPT STATUS("496"), VERDICT_UNKNOWN, "tls.client-kept"},
	{"http", TRUSTED ASKED KEPT STATUS("500"), VERDICT_FAIL, "http.status"},
	{"http", TRUSTED SENT STATUS("495"), VERDICT_FAIL, "tls.client-refused"},
	{"http", TRUSTED SENT STATUS("400") PAGE("400 Bad Request"), VERDICT_FAIL, "http.status"},
	{"http", TRUSTED STATUS("400") PAGE("400 The SSL certificate error"), VERDICT_FAIL,
		"http.status"},
	{"http", TRUSTED STATUS("496"), VERDICT_FAIL, "http.status"},
	{"http", TRUSTED SENT "\"error\":\"reset\",\"client_cert_answer\":\"reset\",",
		VERDICT_UNKNOWN, "run.blocked"},
	{"http", TRUSTED SENT "\"error\":\"silent\",\"client_cert_answer\":\"silent\",",
		VERDICT_FAIL, "http.silent"},
	{"vpn", TRUSTED STATUS("200") "\"anyconnect\":true,", VERDICT_PASS, NULL},
	{"vpn", TRUSTED STATUS("200") "\"anyconnect\":false,", VERDICT_WARN, "http.not-gateway"},
	{"http", TRUSTED STATUS("200") "\"waited_s\":9,", VERDICT_WARN, "http.slow"},
	{"http", TRUSTED STATUS("503") "\"waited_s\":9,", VERDICT_FAIL, "http.status"},

	{"portal", "\"tls_verified\":true,", VERDICT_PASS, NULL},
	{"portal", "", VERDICT_UNKNOWN, "run.blocked"},
	{"portal", NO_TLS PLAIN("511"), VERDICT_FAIL, "http.captive-portal"},
	{"portal", NO_TLS PLAIN("302") "\"plain_location_host\":\"portal.hotel.net\",",
		VERDICT_FAIL, "http.captive-portal"},
	{"portal", NO_TLS PLAIN("301") "\"plain_location_host\":\"gw.test.example\",",
		VERDICT_UNKNOWN, "run.blocked"},
	{"portal", TLS_BAD "\"tls_name_ok\":false," PLAIN("200"), VERDICT_FAIL,
		"http.captive-portal"},
	/* an interceptor on the TLS port, the host itself on the other */
	{"portal", TLS_BAD "\"tls_name_ok\":true," PLAIN("200"), VERDICT_UNKNOWN, "run.blocked"},
	/* the host itself may serve a page while its TLS port is closed */
	{"portal", NO_TLS PLAIN("200"), VERDICT_UNKNOWN, "run.blocked"},

	/* the answer to the redirect came from somebody else */
	{"http", TRUSTED STATUS("302") "\"error\":\"stranger\",\"inconsistent\":true,",
		VERDICT_FAIL, "tls.inconsistent"},

	{"clock", TRUSTED SKEW("60"), VERDICT_PASS, NULL},
	/* no Date is no failure; no answer is no evidence */
	{"clock", TRUSTED STATUS("200") "\"date_problem\":\"missing\",", VERDICT_WARN,
		"clock.not-told"},
	{"clock", TRUSTED, VERDICT_UNKNOWN, "run.blocked"},
	{"clock", STRANGER EXPIRED STATUS("200"), VERDICT_UNKNOWN, "run.blocked"},
	{"clock", TRUSTED SKEW("-60"), VERDICT_PASS, NULL},
	{"clock", TRUSTED SKEW("61"), VERDICT_FAIL, "clock.skew"},
	{"clock", TRUSTED SKEW("-61"), VERDICT_FAIL, "clock.skew"},
	{"clock", TRUSTED, VERDICT_UNKNOWN, "run.blocked"},
	{"clock", STRANGER EXPIRED SKEW("90000"), VERDICT_FAIL, "clock.skew"},
	{"clock", STRANGER UNKNOWNCA SKEW("90000"), VERDICT_UNKNOWN, "run.blocked"},
	{"clock", UP "\"handshake\":true,\"verified\":true,\"name_ok\":false," SKEW("90000"),
		VERDICT_UNKNOWN, "run.blocked"},
};

static void test_verdicts(void **state)
{
	struct rules *rules = judge_rules(rules_text);
	(void)state;

	judge_rows(rules, rows, sizeof rows / sizeof rows[0]);
	rules_free(rules);
}

#define PROHIBITED_BY(is)                                                                          \
	"{\"connected\":false,\"error\":\"prohibited\",\"offender\":\"192.0.2.1\",\"offender_"     \
	"is\":\"" is "\"}"

/* Who rejects is where it is. */
static void test_tcp_segments(void **state)
{
	static const struct {
		const char *facts;
		unsigned segments;
	} cases[] = {
		{PROHIBITED_BY("gateway"), SEGMENT_FACILITY},
		{PROHIBITED_BY("facility"), SEGMENT_FACILITY},
		{PROHIBITED_BY("carrier"), SEGMENT_LINE},
		{PROHIBITED_BY("target"), SEGMENT_SERVICE},
		{PROHIBITED_BY("other"), SEGMENT_FACILITY | SEGMENT_LINE},
		{PROHIBITED_BY("nobody"), 0},
		{"{\"connected\":false,\"error\":\"prohibited\"}", 0},
	};
	struct rules *rules = judge_rules(rules_text);
	const struct rule_check *check = rules_check(rules, "tcp");
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct facts facts = {.object = json_loads(cases[i].facts, 0, NULL)};
		struct judge_input in = {.check = check, .rules = rules, .facts = &facts};
		struct judgement out = {.verdict = VERDICT_COUNT};
		check->type->judge(&in, &out);
		assert_int_equal(out.segments, cases[i].segments);
		facts_release(&facts);
	}
	rules_free(rules);
}

/* ---- error numbers ---- */

static void test_net_errors(void **state)
{
	static const struct {
		const char *peer, *local, *offender;
		int type, code;
		enum net_error error;
	} icmp[] = {
		{"192.0.2.1", "10.0.0.2", "10.0.0.1", 3, 0, NET_UNREACH_NET},
		{"192.0.2.1", "10.0.0.2", "10.0.0.1", 3, 1, NET_UNREACH_HOST},
		{"192.0.2.1", "10.0.0.2", "10.0.0.2", 3, 1, NET_UNREACH_HOST}, /* no ARP answer */
		{"192.0.2.1", "10.0.0.2", "192.0.2.1", 3, 3, NET_REFUSED},
		{"192.0.2.1", "10.0.0.2", "10.0.0.2", 3, 3, NET_LOCAL_DENIED},
		{"192.0.2.1", "10.0.0.2", "10.0.0.2", 3, 13, NET_LOCAL_DENIED},
		{"10.0.0.2", "10.0.0.2", "10.0.0.2", 3, 13, NET_PROHIBITED},
		{"192.0.2.1", "10.0.0.2", "10.0.0.1", 3, 9, NET_PROHIBITED},
		{"192.0.2.1", "10.0.0.2", "10.0.0.1", 3, 10, NET_PROHIBITED},
		{"192.0.2.1", "10.0.0.2", "10.0.0.1", 3, 13, NET_PROHIBITED},
		{"192.0.2.1", "10.0.0.2", "10.0.0.1", 11, 0, NET_TTL_EXCEEDED},
		{"192.0.2.1", "10.0.0.2", "10.0.0.1", 3, 99, NET_OTHER},
		{"192.0.2.1", "10.0.0.2", "10.0.0.1", 3, 5, NET_OTHER},
		{"2001:db8::1", "2001:db8::2", "2001:db8::3", 1, 0, NET_UNREACH_NET},
		{"2001:db8::1", "2001:db8::2", "2001:db8::3", 1, 1, NET_PROHIBITED},
		{"2001:db8::1", "2001:db8::2", "2001:db8::3", 1, 3, NET_UNREACH_HOST},
		{"2001:db8::1", "2001:db8::2", "2001:db8::1", 1, 4, NET_REFUSED},
		{"2001:db8::1", "2001:db8::2", "2001:db8::3", 3, 0, NET_TTL_EXCEEDED},
	};
	(void)state;

	for (size_t i = 0; i < sizeof icmp / sizeof icmp[0]; i++) {
		struct tcp_end end = {
			.known = true, .icmp_type = icmp[i].type, .icmp_code = icmp[i].code};
		struct net_addr peer;
		net_addr_parse(icmp[i].peer, &peer);
		net_addr_parse(icmp[i].local, &end.local);
		net_addr_parse(icmp[i].offender, &end.offender);
		/* an errno of its own kind, which ICMP's codes go before */
		enum net_error error = fetch_net_error(-1, &end, &peer);
		if (error != icmp[i].error)
			fail_msg("row %zu: %s", i, net_error_name(error));
	}
}

/* Without an address of its own a connection never left; with a message it did. */
static void test_no_route(void **state)
{
	struct net_addr peer;
	struct tcp_end end = {.known = true, .icmp_type = -1, .icmp_code = -1};
	(void)state;

	net_addr_parse("192.0.2.1", &peer);
	assert_int_equal(fetch_net_error(ENETUNREACH, &end, &peer), NET_NO_ROUTE);
	assert_int_equal(fetch_net_error(ECONNREFUSED, &end, &peer), NET_REFUSED);
	net_addr_parse("10.0.0.2", &end.local);
	assert_int_equal(fetch_net_error(ENETUNREACH, &end, &peer), NET_UNREACH_NET);
	assert_int_equal(fetch_net_error(EHOSTUNREACH, &end, &peer), NET_UNREACH_HOST);
	end = (struct tcp_end){.icmp_type = -1, .icmp_code = -1};
	assert_int_equal(fetch_net_error(ENETUNREACH, &end, &peer), NET_UNREACH_NET);
}

static void test_targets(void **state)
{
	struct rules *rules = judge_rules(rules_text);
	struct targets list = {0};
	(void)state;

	for (size_t i = 0; i < rules->check_count; i++)
		rules->checks[i].type->targets(&rules->checks[i], NULL, &list);
	assert_int_equal(list.count, 9); /* eight checks, captive on two ports */
	for (size_t i = 0; i < list.count; i++) {
		assert_string_equal(list.items[i].protocol, "TCP");
		assert_string_equal(list.items[i].host, "gw.test.example");
		assert_true(list.items[i].port == 443 || list.items[i].port == 80);
	}
	targets_release(&list);
	rules_free(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_location),
		cmocka_unit_test(test_long_location),
		cmocka_unit_test(test_title),
		cmocka_unit_test(test_status_patterns),
		cmocka_unit_test(test_site),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_tcp_segments),
		cmocka_unit_test(test_net_errors),
		cmocka_unit_test(test_no_route),
		cmocka_unit_test(test_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
