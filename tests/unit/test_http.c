/*
 * The tcp, http, captive and clock checks: what is read of HTTP, verdicts from facts, and real
 * connections over loopback.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "http_parse.h"
#include "judge_rows.h"
#include "mem.h"
#include "run.h"
#include "tls_mock.h"

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
		{"Sunday, 06-Nov-94 08:49:37 GMT", -1},
		{"Sun Nov  6 08:49:37 1994", -1},
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
#define EXPIRED   "\"verify_errors\":[\"X509_V_ERR_CERT_HAS_EXPIRED\"],"
#define UNKNOWNCA                                                                                  \
	"\"verify_errors\":[\"X509_V_ERR_CERT_HAS_EXPIRED\","                                      \
	"\"X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN\"],"
#define SKEW(n)  "\"date\":1500000000,\"date_skew\":" n ","
#define TLS_BAD  "\"tls_verified\":false,\"tls_handshake\":true,\"tls_chain_ok\":false,"
#define NO_TLS   "\"tls_verified\":false,\"tls_handshake\":false,"
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
	{"tcp", DOWN("unreachable-host"), VERDICT_FAIL, "tcp.unreachable"},
	{"tcp", DOWN("other"), VERDICT_FAIL, "tcp.unreachable"},

	{"http", TRUSTED STATUS("200"), VERDICT_PASS, NULL},
	{"http", TRUSTED STATUS("302") TO("sso.test.example"), VERDICT_PASS, NULL},
	{"http", TRUSTED STATUS("302") TO("portal.hotel.net"), VERDICT_FAIL, "http.off-site"},
	{"http", TRUSTED STATUS("200") TO("portal.hotel.net"), VERDICT_PASS, NULL},
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
	{"vpn", TRUSTED STATUS("200") "\"anyconnect\":true,", VERDICT_PASS, NULL},
	{"vpn", TRUSTED STATUS("200") "\"anyconnect\":false,", VERDICT_WARN, "http.not-gateway"},

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

	{"clock", TRUSTED SKEW("60"), VERDICT_PASS, NULL},
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

/* A private address that refuses for a public one stands in the facility. */
static void test_tcp_segments(void **state)
{
	static const struct {
		const char *facts;
		unsigned segments;
	} cases[] = {
		{"{\"connected\":false,\"error\":\"prohibited\",\"address\":\"219.97.232.64\","
		 "\"offender\":\"192.168.1.1\"}",
			SEGMENT_FACILITY},
		{"{\"connected\":false,\"error\":\"prohibited\",\"address\":\"219.97.232.64\","
		 "\"offender\":\"133.162.82.1\"}",
			0},
		{"{\"connected\":false,\"error\":\"prohibited\",\"address\":\"10.0.0.1\","
		 "\"offender\":\"192.168.1.1\"}",
			0},
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

/* ---- connections ---- */

static struct pki {
	struct mock_cert root, leaf;
	char *roots;
} pki;

static int make_pki(void **state)
{
	(void)state;
	trust_library_init();
	pki.root = mock_cert_make(&(struct mock_cert_spec){.cn = "Test Root", .ca = true});
	pki.leaf = mock_cert_make(&(struct mock_cert_spec){
		.cn = "gw", .issuer = &pki.root, .san = "DNS:" MOCK_HOST ",IP:127.0.0.1"});
	pki.roots = mock_pem_file((const struct mock_cert *const[]){&pki.root}, 1);
	return 0;
}

static int free_pki(void **state)
{
	(void)state;
	mock_cert_free(&pki.root);
	mock_cert_free(&pki.leaf);
	remove(pki.roots);
	free(pki.roots);
	return 0;
}

static void start(struct rig *rig, enum mock_mode mode)
{
	rig_start(rig, mode, pki.roots);
	mock_server_identity(&rig->server, &pki.leaf, NULL, 0);
}

static const struct facts *http_of(struct rig *rig, const char *path)
{
	struct fetch_want want = rig_want(rig, FETCH_HTTP);

	want.path = path;
	return &rig_fetch(rig, &want)->http;
}

static void test_answer(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	rig.server.response = "HTTP/1.1 200 OK\r\nServer: nginx\r\nVia: 1.1 cache\r\n"
			      "X-Cache: MISS\r\nContent-Type: text/html\r\n"
			      "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 24\r\n\r\n"
			      "<title>Sign\n in</title>\r\n";
	const struct facts *http = http_of(&rig, "/ikss/");
	assert_int_equal(facts_get_int(http, "status", 0), 200);
	assert_string_equal(facts_get_str(http, "server"), "nginx");
	assert_string_equal(facts_get_str(http, "via"), "1.1 cache");
	assert_string_equal(facts_get_str(http, "x_cache"), "MISS");
	assert_string_equal(facts_get_str(http, "content_type"), "text/html");
	assert_int_equal(facts_get_int(http, "date", 0), 784111777);
	assert_true(facts_get_int(http, "date_skew", 0) < -900000000);
	assert_int_equal(facts_get_int(http, "body_bytes", 0), 24);
	assert_string_equal(facts_get_str(http, "body_title"), "Sign in");
	assert_false(facts_get_bool(http, "anyconnect", true));
	assert_false(facts_has(http, "error"));
	assert_true(facts_has(&rig.result->timings, "first_byte_ms"));
	const char *request = rig.server.last_request;
	assert_int_equal(strncmp(request, "GET /ikss/ HTTP/1.1\r\n", 21), 0);
	assert_non_null(strstr(request, "\r\nHost: " MOCK_HOST));
	assert_non_null(strstr(request, "\r\nUser-Agent: preflight/"));
	rig_stop(&rig);
}

static void test_redirects(void **state)
{
	static const struct {
		const char *before, *after; /* of the port; after NULL: no port */
		const char *host;           /* location_host; NULL: none */
		bool followed;
	} cases[] = {
		{"/second", NULL, NULL, true},
		{"https://gw.test.example:", "/second", NULL, true},
		{"http://gw.test.example:", "/second", "gw.test.example", false},
		{"https://portal.hotel.example/second", NULL, "portal.hotel.example", false},
		{"https://gw.test.example/second", NULL, "gw.test.example", false},
		{"second", NULL, NULL, false},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig rig;
		char location[256], response[512];
		start(&rig, MOCK_TLS);
		snprintf(location, sizeof location, "%s", cases[i].before);
		if (cases[i].after != NULL)
			snprintf(location, sizeof location, "%s%u%s", cases[i].before,
				(unsigned)rig.server.port, cases[i].after);
		snprintf(response, sizeof response,
			"HTTP/1.1 302 Found\r\nLocation: %s\r\nServer: first\r\n"
			"Content-Length: 0\r\n\r\n",
			location);
		rig.server.response = response;
		rig.server.second_path = "/second";
		rig.server.second_response = "HTTP/1.1 204 No Content\r\n\r\n";
		const struct facts *http = http_of(&rig, "/");
		assert_int_equal(facts_get_int(http, "status", 0), cases[i].followed ? 204 : 302);
		assert_int_equal(rig.server.requests, cases[i].followed ? 2 : 1);
		if (cases[i].followed) {
			assert_string_equal(facts_get_str(http, "followed"), "/second");
			assert_int_equal(facts_get_int(http, "first_status", 0), 302);
			assert_false(facts_has(http, "server"));
		} else if (cases[i].host != NULL) {
			assert_string_equal(facts_get_str(http, "location_host"), cases[i].host);
		} else {
			assert_false(facts_has(http, "location_host"));
		}
		rig_stop(&rig);
	}
}

/* Not more than one redirect, however many there are. */
static void test_redirect_loop(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	rig.server.response = "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n";
	const struct facts *http = http_of(&rig, "/");
	assert_int_equal(facts_get_int(http, "status", 0), 302);
	assert_int_equal(rig.server.requests, 2);
	rig_stop(&rig);
}

static void test_anyconnect(void **state)
{
	static const struct {
		const char *response, *evidence; /* NULL: none */
	} cases[] = {
		{"HTTP/1.1 200 OK\r\nX-Transcend-Version: 1\r\nContent-Length: 0\r\n\r\n",
			"header"},
		{"HTTP/1.1 200 OK\r\nSet-Cookie: webvpncontext=; path=/\r\nContent-Length: "
		 "0\r\n\r\n",
			"cookie"},
		{"HTTP/1.1 302 Moved\r\nLocation: /+CSCOE+/logon.html\r\nContent-Length: "
		 "0\r\n\r\n",
			"location"},
		{"HTTP/1.1 200 OK\r\nContent-Length: 38\r\n\r\n"
		 "<config-auth client=\"vpn\" type=\"a\">...",
			"body"},
		{"HTTP/1.1 200 OK\r\nSet-Cookie: session=webvpn\r\nContent-Length: 6\r\n\r\nwebvpn",
			NULL},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig rig;
		start(&rig, MOCK_TLS);
		rig.server.response = cases[i].response;
		const struct facts *http = http_of(&rig, NULL);
		assert_int_equal(
			facts_get_bool(http, "anyconnect", false), cases[i].evidence != NULL);
		if (cases[i].evidence != NULL)
			assert_true(facts_list_has(http, "anyconnect_evidence", cases[i].evidence));
		rig_stop(&rig);
	}
}

static void test_large_body(void **state)
{
	const size_t size = 200000;
	struct rig rig;
	struct strbuf response;
	(void)state;

	strbuf_init(&response, 2 * size);
	strbuf_addf(&response, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
	for (size_t i = 0; i < size; i++)
		strbuf_addc(&response, 'x');
	start(&rig, MOCK_TLS);
	rig.server.response = response.data;
	const struct facts *http = http_of(&rig, "/");
	assert_int_equal(facts_get_int(http, "status", 0), 200);
	assert_int_equal(facts_get_int(http, "body_bytes", 0), FETCH_BODY_MAX);
	assert_true(facts_get_bool(http, "body_truncated", false));
	assert_false(facts_has(http, "error"));
	rig_stop(&rig);
	strbuf_release(&response);
}

static void test_failures(void **state)
{
	static const struct {
		enum mock_mode mode;
		const char *response, *error;
		long long status; /* 0: none */
	} cases[] = {
		{MOCK_TLS_SILENT, "", "silent", 0},
		{MOCK_TLS_RESET, "", "reset", 0},
		{MOCK_TLS, "", "closed", 0},
		{MOCK_TLS, "220 mail.example ESMTP\r\n\r\n", "not-http", 0},
		{MOCK_TLS, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "truncated", 200},
		{MOCK_TLS, "HTTP/1.1 200 OK\r\n\r\nuntil the end", NULL, 200},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig rig;
		start(&rig, cases[i].mode);
		rig.server.response = cases[i].response;
		if (cases[i].mode == MOCK_TLS_SILENT)
			rig.fetches->answer_budget = 0.3;
		const struct facts *http = http_of(&rig, "/");
		assert_true(facts_get_bool(&rig.result->tls, "handshake", false));
		assert_int_equal(facts_get_int(http, "status", 0), cases[i].status);
		if (cases[i].error == NULL)
			assert_false(facts_has(http, "error"));
		else
			assert_string_equal(facts_get_str(http, "error"), cases[i].error);
		rig_stop(&rig);
	}
}

static void test_hostile_headers(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	rig.server.response = "HTTP/1.1 302 \x1b[2J\r\nServer: \x1b]0;owned\x07\xff\r\n"
			      "Location: https://\xe3\x81\x82:x/\r\nDate: never\r\n"
			      "Content-Length: 0\r\n\r\n";
	const struct facts *http = http_of(&rig, "/");
	assert_int_equal(facts_get_int(http, "status", 0), 302);
	assert_string_equal(facts_get_str(http, "server"), "\\x1B]0;owned\\x07\\xFF");
	assert_false(facts_has(http, "location_host"));
	assert_false(facts_has(http, "date"));
	rig_stop(&rig);
}

static void test_plain(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_PLAIN);
	rig.server.response = "HTTP/1.1 302 Found\r\nLocation: http://portal.hotel.example/\r\n"
			      "Content-Length: 0\r\n\r\n";
	struct fetch_want want = rig_want(&rig, FETCH_HTTP);
	want.plain = true;
	want.path = "/";
	const struct fetch_result *result = rig_fetch(&rig, &want);
	assert_int_equal(facts_get_int(&result->http, "status", 0), 302);
	assert_string_equal(facts_get_str(&result->http, "location_host"), "portal.hotel.example");
	assert_int_equal(json_object_size(result->tls.object), 0);
	assert_int_equal(rig.server.requests, 1);
	rig_stop(&rig);
}

static void test_refused(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	struct fetch_want want = rig_want(&rig, FETCH_HTTP);
	want.port = mock_closed_port();
	const struct fetch_result *result = rig_fetch(&rig, &want);
	assert_false(facts_get_bool(&result->connect, "connected", true));
	assert_string_equal(facts_get_str(&result->connect, "error"), "refused");
	assert_int_not_equal(facts_get_int(&result->connect, "errno", 0), 0);
	assert_int_equal(json_object_size(result->tls.object), 0);
	assert_int_equal(json_object_size(result->http.object), 0);
	rig_stop(&rig);
}

/* The second address is tried when the first refuses; the one that stood is told. */
static void test_second_address(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	/* Nobody listens on 127.0.0.2. */
	static const char hosts[] = "127.0.0.2 two.example\n127.0.0.1 two.example\n";
	static char name[] = "two.example";
	terminal_parse_hosts(&rig.terminal, hosts, sizeof hosts - 1);
	rig.host.name = name;
	struct fetch_want want = rig_want(&rig, FETCH_CONNECT);
	const struct fetch_result *result = rig_fetch(&rig, &want);
	assert_true(facts_get_bool(&result->connect, "connected", false));
	assert_string_equal(facts_get_str(&result->connect, "address"), "127.0.0.1");
	assert_int_equal(facts_get_int(&result->connect, "attempts", 0), 2);
	assert_false(facts_has(&result->connect, "error"));
	rig_stop(&rig);
}

static void test_no_address(void **state)
{
	static char name[] = "unknown.example";
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	rig.host.name = name;
	rig.names->times.patience = rig.names->times.budget = 0.1;
	struct fetch_want want = rig_want(&rig, FETCH_TLS);
	const struct fetch_result *result = rig_fetch(&rig, &want);
	assert_string_equal(facts_get_str(&result->connect, "blocked_by"), "name");
	assert_string_equal(facts_get_str(&result->connect, "via"), "none");
	rig_stop(&rig);
}

/* ---- merging ---- */

static void test_merge(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	struct fetch_want tcp = rig_want(&rig, FETCH_CONNECT), tls = rig_want(&rig, FETCH_TLS);
	struct fetch_want any = rig_want(&rig, FETCH_HTTP), path = any, other = any;
	path.path = "/a";
	other.path = "/b";
	rig_add(&rig, &tcp);
	rig_add(&rig, &any);
	rig_add(&rig, &tls);
	rig_add(&rig, &path);
	rig_add(&rig, &path);
	rig_turn(&rig, 5);
	assert_int_equal(rig.server.accepted, 1);
	assert_int_equal(strncmp(rig.server.last_request, "GET /a ", 7), 0);
	/* later: what is known is told again, what is not is asked */
	rig_add(&rig, &any);
	rig_add(&rig, &tls);
	rig_turn(&rig, 7);
	assert_int_equal(rig.server.accepted, 1);
	assert_ptr_equal(fetch_peek(rig.fetches, &tcp), rig.result);
	rig_add(&rig, &other);
	rig_turn(&rig, 8);
	assert_int_equal(rig.server.accepted, 2);
	assert_int_equal(strncmp(rig.server.last_request, "GET /b ", 7), 0);
	rig_stop(&rig);
}

/* More at once than may be in flight. */
static void test_queue(void **state)
{
	static char paths[20][16];
	const size_t count = sizeof paths / sizeof paths[0];
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	rig.fetches->in_flight_max = 3;
	for (size_t i = 0; i < count; i++) {
		struct fetch_want want = rig_want(&rig, FETCH_HTTP);
		snprintf(paths[i], sizeof paths[i], "/%zu", i);
		want.path = paths[i];
		rig_add(&rig, &want);
	}
	while (rig.told < count) {
		loop_step(rig.loop, loop_now(rig.loop) + 1);
		assert_true(rig.fetches->running <= 3);
	}
	assert_int_equal(rig.server.requests, count);
	assert_int_equal(rig.fetches->running, 0);
	rig_stop(&rig);
}

/* Freed in the middle: nothing is told, nothing leaks. */
static void test_cut_short(void **state)
{
	static const enum mock_mode modes[] = {MOCK_SILENT, MOCK_TLS_SILENT};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct rig rig;
		start(&rig, modes[i]);
		struct fetch_want want = rig_want(&rig, FETCH_HTTP);
		rig_add(&rig, &want);
		while (rig.server.accepted == 0)
			loop_step(rig.loop, loop_now(rig.loop) + 1);
		for (int j = 0; j < 20; j++)
			loop_step(rig.loop, loop_now(rig.loop) + 0.01);
		const struct fetch_result *result = fetch_peek(rig.fetches, &want);
		assert_true(facts_get_bool(&result->connect, "connected", false));
		assert_int_equal(facts_get_bool(&result->tls, "handshake", false), i == 1);
		assert_int_equal(facts_get_bool(&result->tls, "verified", false), i == 1);
		assert_int_equal(rig.told, 0);
		rig_stop(&rig);
	}
}

/* ---- proxies ---- */

static void test_proxy(void **state)
{
	static const struct {
		const char *response;
		bool connected;
		long long status;
	} cases[] = {
		{"HTTP/1.1 200 Connection established\r\n\r\n", true, 200},
		{"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", false, 403},
		{"HTTP/1.1 407 Authenticate\r\nContent-Length: 0\r\n\r\n", false, 407},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		static char far[] = "far.example";
		char proxy[128];
		struct rig rig;
		start(&rig, MOCK_PLAIN);
		rig.server.response = cases[i].response;
		rig.host.name = far; /* the proxy's to resolve */
		snprintf(proxy, sizeof proxy, "http://user:secret@" MOCK_HOST ":%u",
			(unsigned)rig.server.port);
		struct fetch_want want = rig_want(&rig, FETCH_CONNECT);
		want.port = 443;
		want.proxy = proxy;
		const struct facts *connect = &rig_fetch(&rig, &want)->connect;
		assert_int_equal(facts_get_bool(connect, "connected", false), cases[i].connected);
		assert_int_equal(facts_get_int(connect, "proxy_status", 0), cases[i].status);
		assert_null(strstr(facts_get_str(connect, "proxy"), "secret"));
		assert_int_equal(
			strncmp(rig.server.last_request, "CONNECT far.example:443 ", 24), 0);
		rig_stop(&rig);
	}
}

/* ---- whole checks ---- */

struct scene {
	struct mock_server tls, plain;
	struct rules *rules;
	struct terminal terminal;
	struct plan plan;
	struct run *run;
};

/* All five checks of 127.0.0.1, the servers on the run's own loop. */
static void scene_run(struct scene *s, enum mock_mode tls, enum mock_mode plain)
{
	struct plan_request request = {0};
	struct diags diags = {0};
	struct run_options options = {0};
	char text[2048];

	memset(s, 0, sizeof *s);
	strbuf_init(&s->terminal.why, 100);
	mock_server_start(&s->tls, NULL, tls);
	mock_server_start(&s->plain, NULL, plain);
	mock_server_identity(&s->tls, &pki.leaf, NULL, 0);
	s->tls.response = "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			  "Content-Length: 0\r\n\r\n";
	s->plain.response = "HTTP/1.1 302 Found\r\nLocation: http://portal.hotel.example/\r\n"
			    "Content-Length: 0\r\n\r\n";
	snprintf(text, sizeof text,
		"version: 1\n"
		"hosts:\n"
		"  gw: {name: 127.0.0.1}\n"
		"checks:\n"
		"  tcp: {check: tcp, host: gw, port: %u, " TITLE "}\n"
		"  tls: {check: tls, host: gw, port: %u, " TITLE "}\n"
		"  http: {check: http, host: gw, port: %u, " TITLE "}\n"
		"  clock: {check: clock, host: gw, port: %u, " TITLE "}\n"
		"  portal: {check: captive, host: gw, tls-port: %u, port: %u, " TITLE "}\n"
		"profiles:\n"
		"  all: {" TITLE ", checks: ['*']}\n",
		(unsigned)s->tls.port, (unsigned)s->tls.port, (unsigned)s->tls.port,
		(unsigned)s->tls.port, (unsigned)s->tls.port, (unsigned)s->plain.port);
	s->rules = judge_rules(text);
	strs_add(&request.profiles, "all");
	assert_int_equal(plan_make(&s->plan, &request, s->rules, &s->terminal, &diags), 0);
	strs_release(&request.profiles);
	s->run = run_new(&s->plan);
	run_fetches(s->run)->trust = trust_new("", pki.roots);
	run_fetches(s->run)->answer_budget = 1;
	mock_server_attach(&s->tls, run_loop(s->run));
	mock_server_attach(&s->plain, run_loop(s->run));
	run_start(s->run, &options);
}

static void scene_end(struct scene *s)
{
	mock_server_stop(&s->tls);
	mock_server_stop(&s->plain);
	run_free(s->run);
	plan_release(&s->plan);
	rules_free(s->rules);
	terminal_release(&s->terminal);
}

static void expect(const struct scene *s, const char *id, enum verdict verdict, const char *cause)
{
	for (size_t i = 0; i < run_count(s->run); i++) {
		const struct run_item *item = run_item(s->run, i);
		struct judge_input in = {
			.check = item->check.check, .rules = s->rules, .facts = &item->check.facts};
		struct judgement out = {.verdict = VERDICT_COUNT};
		if (strcmp(in.check->id, id) != 0)
			continue;
		assert_int_equal(item->state, RUN_FINISHED);
		in.check->type->judge(&in, &out);
		assert_int_equal(out.verdict, verdict);
		if (cause != NULL)
			assert_string_equal(out.cause, cause);
		return;
	}
	fail_msg("no check %s", id);
}

static void test_run_healthy(void **state)
{
	struct scene s;
	(void)state;

	scene_run(&s, MOCK_TLS, MOCK_PLAIN);
	expect(&s, "tcp", VERDICT_PASS, NULL);
	expect(&s, "tls", VERDICT_PASS, NULL);
	expect(&s, "http", VERDICT_PASS, NULL);
	expect(&s, "clock", VERDICT_FAIL, "clock.skew");
	expect(&s, "portal", VERDICT_PASS, NULL);
	/* one transfer for five checks */
	assert_int_equal(s.tls.accepted, 1);
	scene_end(&s);
}

static void test_run_portal(void **state)
{
	struct scene s;
	(void)state;

	scene_run(&s, MOCK_RESET, MOCK_PLAIN);
	expect(&s, "tcp", VERDICT_PASS, NULL);
	expect(&s, "tls", VERDICT_FAIL, "tls.reset");
	expect(&s, "http", VERDICT_UNKNOWN, "run.blocked");
	expect(&s, "clock", VERDICT_UNKNOWN, "run.blocked");
	expect(&s, "portal", VERDICT_FAIL, "http.captive-portal");
	scene_end(&s);
}

static void test_targets(void **state)
{
	struct rules *rules = judge_rules(rules_text);
	struct targets list = {0};
	(void)state;

	for (size_t i = 0; i < rules->check_count; i++)
		rules->checks[i].type->targets(&rules->checks[i], NULL, &list);
	assert_int_equal(list.count, 8); /* seven checks, captive on two ports */
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
		cmocka_unit_test(test_location),
		cmocka_unit_test(test_long_location),
		cmocka_unit_test(test_title),
		cmocka_unit_test(test_status_patterns),
		cmocka_unit_test(test_site),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_tcp_segments),
		cmocka_unit_test(test_net_errors),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_redirects),
		cmocka_unit_test(test_redirect_loop),
		cmocka_unit_test(test_anyconnect),
		cmocka_unit_test(test_large_body),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_hostile_headers),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_second_address),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_run_healthy),
		cmocka_unit_test(test_run_portal),
		cmocka_unit_test(test_targets),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
