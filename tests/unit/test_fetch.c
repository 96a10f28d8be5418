/* Connections over loopback: HTTP, merging, proxies, failures; and the five checks in a run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge_rows.h"
#include "mem.h"
#include "run.h"
#include "tls_mock.h"

#define TITLE "title: {ja: あ, en: a}"

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
		{"second", NULL, NULL, true},
		{"ftp://gw.test.example/second", NULL, NULL, false},
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

/* As many redirects as a browser follows; the same again and again is given up earlier. */
static void test_redirect_loop(void **state)
{
	static const struct {
		const char *cookie;
		int requests;
	} cases[] = {{"", 4}, {"Set-Cookie: session=1; Path=/; HttpOnly\r\n", 21}};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig rig;
		char response[256];
		start(&rig, MOCK_TLS);
		snprintf(response, sizeof response,
			"HTTP/1.1 302 Found\r\nLocation: /again\r\n%sContent-Length: 0\r\n\r\n",
			cases[i].cookie);
		rig.server.response = response;
		const struct facts *http = http_of(&rig, "/");
		assert_int_equal(facts_get_int(http, "status", 0), 302);
		assert_string_equal(facts_get_str(http, "error"), "redirects");
		assert_int_equal(rig.server.requests, cases[i].requests);
		if (cases[i].cookie[0] != '\0')
			assert_non_null(
				strstr(rig.server.last_request, "\r\nCookie: session=1\r\n"));
		rig_stop(&rig);
	}
}

/* A page that is shown once its cookie is there, as sign-in pages do, is no loop. */
static void test_redirect_with_cookie(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	rig.server.response = "HTTP/1.1 302 Found\r\nLocation: /in?a=1\r\nSet-Cookie: a=old\r\n"
			      "Set-Cookie: a=new; Secure\r\nSet-Cookie: b=2\r\n"
			      "Content-Length: 0\r\n\r\n";
	rig.server.second_path = "/in?a=1";
	rig.server.second_response = "HTTP/1.1 204 No Content\r\n\r\n";
	const struct facts *http = http_of(&rig, "/");
	assert_int_equal(facts_get_int(http, "status", 0), 204);
	assert_non_null(strstr(rig.server.last_request, "\r\nCookie: a=new; b=2\r\n"));
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
			rig.fetches->page_budget = 0.3;
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

/* Handshake and page are waited for as long as browsers do, and as the user's limit allows. */
static void test_patience_with_pages(void **state)
{
	static const struct {
		enum mock_mode mode;
		double page, limit, least, most; /* seconds; limit 0: none */
	} cases[] = {
		{MOCK_TLS_SILENT, 0.6, 0, 0.55, 5},
		{MOCK_SILENT, 0.6, 0, 0.55, 5},
		{MOCK_TLS_SILENT, 0.1, 1.3, 0.6, 5},
		{MOCK_TLS_SILENT, 0.6, 0.7, 0.55, 5},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig rig;
		start(&rig, cases[i].mode);
		rig.fetches->answer_budget = 0.1;
		rig.fetches->page_budget = cases[i].page;
		if (cases[i].limit > 0)
			fetches_set_limit(rig.fetches, loop_now(rig.loop) + cases[i].limit);
		http_of(&rig, "/");
		double ms =
			json_real_value(json_object_get(rig.result->timings.object, "total_ms"));
		assert_true(ms >= cases[i].least * 1000 && ms <= cases[i].most * 1000);
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

/* One of a host's addresses alone; it shares nothing with a request for any of them. */
static void test_only_address(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	static const char hosts[] = "127.0.0.1 two.example\n127.0.0.2 two.example\n";
	static char name[] = "two.example";
	terminal_parse_hosts(&rig.terminal, hosts, sizeof hosts - 1);
	rig.host.name = name;
	struct fetch_want want = rig_want(&rig, FETCH_CONNECT);
	assert_true(facts_get_bool(&rig_fetch(&rig, &want)->connect, "connected", false));
	assert_true(net_addr_parse("127.0.0.2", &want.only));
	const struct fetch_result *result = rig_fetch(&rig, &want);
	assert_false(facts_get_bool(&result->connect, "connected", true));
	assert_string_equal(facts_get_str(&result->connect, "address"), "127.0.0.2");
	assert_string_equal(facts_get_str(&result->connect, "error"), "refused");
	rig_stop(&rig);
}

static void never_told(void *arg, const struct fetch_result *result)
{
	(void)arg;
	(void)result;
	fail();
}

/* What goes to an address that the OS does not give ends untold; then it is asked anew. */
static void test_forgotten(void **state)
{
	struct rig rig;
	(void)state;

	for (int steps = 0; steps < 4; steps++) {
		start(&rig, MOCK_TLS);
		struct fetch_want want = rig_want(&rig, FETCH_TLS);
		fetch_add(rig.fetches, &want, never_told, NULL);
		for (int i = 0; i < steps; i++)
			loop_step(rig.loop, 0.1);
		fetches_forget(rig.fetches, &rig.host, false);
		assert_false(facts_has(&fetch_peek(rig.fetches, &want)->connect, "address"));
		const struct fetch_result *result = rig_fetch(&rig, &want);
		assert_true(facts_get_bool(&result->connect, "connected", false));
		assert_string_equal(facts_get_str(&result->connect, "via"), "hosts");
		assert_int_equal(rig.fetches->count, 2);
		assert_int_equal(rig.fetches->running, 0);
		rig_stop(&rig);
	}
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

/* One certificate, one version limit: one transfer; a bare connection goes with any. */
static void test_merge_by_identity(void **state)
{
	struct mock_identity own;
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	mock_identity_make(&own, &pki.leaf, NULL, NULL);
	struct fetch_want tcp = rig_want(&rig, FETCH_CONNECT), none = rig_want(&rig, FETCH_TLS);
	struct fetch_want shown = none, old = none, http = rig_want(&rig, FETCH_HTTP);
	shown.identity = http.identity = own.identity;
	old.max_version = TLS1_2_VERSION;
	rig_add(&rig, &tcp);
	rig_add(&rig, &shown);
	rig_add(&rig, &none);
	rig_add(&rig, &old);
	rig_add(&rig, &http);
	rig_turn(&rig, 5);
	assert_int_equal(rig.server.accepted, 3);
	assert_int_equal(rig.server.requests, 1);
	assert_string_equal(
		facts_get_str(&fetch_peek(rig.fetches, &old)->tls, "version"), "TLSv1.2");
	assert_string_equal(
		facts_get_str(&fetch_peek(rig.fetches, &none)->tls, "version"), "TLSv1.3");
	assert_ptr_equal(fetch_peek(rig.fetches, &shown), fetch_peek(rig.fetches, &http));
	assert_ptr_not_equal(fetch_peek(rig.fetches, &shown), fetch_peek(rig.fetches, &none));
	rig_stop(&rig);
	mock_identity_free(&own);
}

/* A server that hangs up on a request once it has seen the certificate (ocserv does). */
static void test_reset_after_certificate(void **state)
{
	struct mock_identity own;
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS_RESET);
	mock_server_demand(&rig.server, &pki.root);
	mock_identity_make(&own, &pki.leaf, NULL, NULL);
	struct fetch_want want = rig_want(&rig, FETCH_TLS);
	want.identity = own.identity;
	const struct facts *tls = &rig_fetch(&rig, &want)->tls;
	assert_true(facts_get_bool(tls, "handshake", false));
	assert_true(facts_get_bool(tls, "certificate_sent", false));
	assert_string_equal(facts_get_str(tls, "client_cert_answer"), "reset");
	assert_string_equal(facts_item(tls, "certificate_issuers", 0), "CN=Test Root");
	rig_stop(&rig);
	mock_identity_free(&own);
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

/* ---- a second connection for one that stays silent ---- */

static void test_second_connection(void **state)
{
	static const struct {
		unsigned mute, accepted;
		const char *response, *error;
		long long status, first_status;
	} cases[] = {
		{0, 1, "HTTP/1.1 204 No Content\r\n\r\n", NULL, 204, 0},
		{1, 2, "HTTP/1.1 204 No Content\r\n\r\n", NULL, 204, 0},
		{1, 2, "220 mail.example ESMTP\r\n\r\n", "not-http", 0, 0},
		{1, 3, "HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n", NULL, 200, 302},
		{2, 3, "HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n", NULL, 200, 302},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct rig rig;
		start(&rig, MOCK_TLS);
		rig.server.mute = cases[i].mute;
		rig.server.response = cases[i].response;
		rig.server.second_path = "/next";
		rig.server.second_response = "HTTP/1.1 200 OK\r\n\r\n";
		/* long enough that a busy machine has taken the first connection by then */
		rig.fetches->patience = cases[i].mute != 0 ? 0.5 : 60;
		const struct facts *http = http_of(&rig, "/");
		assert_true(rig.server.accepted >= cases[i].accepted);
		assert_int_equal(rig.server.accepted > 1, cases[i].accepted > 1);
		assert_int_equal(facts_get_int(http, "status", 0), cases[i].status);
		assert_int_equal(facts_get_int(http, "first_status", 0), cases[i].first_status);
		assert_int_equal(
			facts_get_bool(&rig.result->connect, "second", false), cases[i].mute != 0);
		assert_true(facts_get_bool(&rig.result->tls, "verified", false));
		assert_true(facts_has(&rig.result->timings, "tls_ms"));
		if (cases[i].error == NULL)
			assert_false(facts_has(http, "error"));
		else
			assert_string_equal(facts_get_str(http, "error"), cases[i].error);
		rig_stop(&rig);
	}
}

/* Two are enough: what stays silent then is silent. */
static void test_silent_twice(void **state)
{
	static const enum fetch_depth depths[] = {FETCH_TLS, FETCH_HTTP};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct rig rig;
		start(&rig, MOCK_TLS);
		rig.server.mute = ~0U;
		rig.fetches->patience = 0.05;
		rig.fetches->answer_budget = 0.3;
		rig.fetches->page_budget = 0.3;
		struct fetch_want want = rig_want(&rig, depths[i]);
		rig_fetch(&rig, &want);
		assert_int_equal(rig.server.accepted, 2);
		assert_true(facts_get_bool(&rig.result->connect, "connected", false));
		assert_false(facts_has(&rig.result->connect, "second"));
		assert_string_equal(facts_get_str(&rig.result->tls, "error"), "silent");
		rig_stop(&rig);
	}
}

/* Freed while both are under way: nothing is told, nothing leaks. */
static void test_second_cut_short(void **state)
{
	struct rig rig;
	(void)state;

	start(&rig, MOCK_TLS);
	rig.server.mute = ~0U;
	rig.fetches->patience = 0.05;
	struct fetch_want want = rig_want(&rig, FETCH_HTTP);
	rig_add(&rig, &want);
	while (rig.server.accepted < 2)
		loop_step(rig.loop, loop_now(rig.loop) + 1);
	const struct fetch_result *result = fetch_peek(rig.fetches, &want);
	assert_true(facts_get_bool(&result->connect, "connected", false));
	assert_int_equal(rig.told, 0);
	rig_stop(&rig);
}

/* ---- a page in drops ---- */

struct dripping {
	struct rig *rig;
	struct loop_timer timer;
	unsigned left;
};

static void on_drop(void *arg)
{
	struct dripping *d = arg;

	if (mock_server_drip(&d->rig->server, d->left == 1))
		d->left--;
	if (d->left > 0)
		loop_timer_at(d->rig->loop, &d->timer, loop_now(d->rig->loop) + 0.25);
}

/* Bytes that come keep a page alive beyond the budget of silence, up to twice of it. */
static void test_drops(void **state)
{
	static const struct {
		unsigned drops;
		bool whole;
	} cases[] = {{12, true}, {100, false}};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct rig rig;
		struct dripping d = {.rig = &rig, .left = cases[i].drops};
		start(&rig, MOCK_TLS);
		rig.server.response = "HTTP/1.1 200 OK\r\n\r\n";
		rig.server.hold = true;
		rig.fetches->page_budget = 2;
		loop_timer_init(&d.timer, on_drop, &d);
		loop_timer_at(rig.loop, &d.timer, loop_now(rig.loop) + 0.25);
		const struct facts *http = http_of(&rig, "/");
		assert_int_equal(facts_get_int(http, "status", 0), 200);
		assert_int_equal(facts_has(http, "error"), !cases[i].whole);
		double ms =
			json_real_value(json_object_get(rig.result->timings.object, "total_ms"));
		assert_true(ms >= (cases[i].whole ? 2800 : 3900));
		loop_timer_stop(rig.loop, &d.timer);
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

/* A browser waits for a proxy that took the connection as long as for a page, whichever it is. */
static void test_slow_proxy(void **state)
{
	static const char *const schemes[] = {"http", "socks5"};
	static const enum fetch_depth depths[] = {FETCH_HTTP, FETCH_CONNECT};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		static char far[] = "far.example";
		char proxy[128];
		struct rig rig;
		start(&rig, MOCK_SILENT);
		rig.host.name = far;
		rig.fetches->connect_budget = rig.fetches->least_connect = 0.5;
		rig.fetches->answer_budget = 0.5;
		rig.fetches->page_budget = 1;
		snprintf(proxy, sizeof proxy, "%s://" MOCK_HOST ":%u", schemes[i],
			(unsigned)rig.server.port);
		struct fetch_want want = rig_want(&rig, depths[i]);
		want.port = 443;
		want.proxy = proxy;
		double begun = loop_now(rig.loop);
		const struct facts *connect = &rig_fetch(&rig, &want)->connect;
		assert_true(loop_now(rig.loop) - begun >= 1);
		assert_false(facts_get_bool(connect, "connected", true));
		assert_string_equal(facts_get_str(connect, "error"), "timeout");
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
static void scene_make(struct scene *s, enum mock_mode tls, enum mock_mode plain)
{
	struct plan_request request = {0};
	struct diags diags = {0};
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
	fetches_take_trust(run_fetches(s->run), trust_new("", pki.roots));
	run_fetches(s->run)->answer_budget = 1;
	run_fetches(s->run)->page_budget = 1;
	mock_server_attach(&s->tls, run_loop(s->run));
	mock_server_attach(&s->plain, run_loop(s->run));
}

static void scene_run(struct scene *s, enum mock_mode tls, enum mock_mode plain)
{
	struct run_options options = {0};

	scene_make(s, tls, plain);
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
	/* one transfer for five checks, and what the tls check asks about sizes */
	assert_int_equal(s.tls.requests, 1);
	assert_int_equal(s.tls.accepted, 2);
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

/* A page is the one that a redirect to another port or scheme leads to, as a browser shows it. */
static void test_run_led(void **state)
{
	static const struct {
		const char *place, *answer, *cause;
		enum verdict verdict;
		const char *error;
		long long status;
	} cases[] = {
		{"http", "200 OK", NULL, VERDICT_PASS, NULL, 200},
		{"http", "503 Busy", "http.redirect", VERDICT_FAIL, NULL, 503},
		{"http", "301 Moved\r\nLocation: ftp://127.0.0.1/", "http.redirect", VERDICT_FAIL,
			"scheme", 0},
		{"http", "301 Moved\r\nLocation: http://hotel.example/", "http.off-site",
			VERDICT_FAIL, NULL, 301},
		{"http", "307 Again\r\nLocation: next", "http.redirect", VERDICT_FAIL, "redirects",
			0},
		{"http", "307 Again\r\nLocation: //127.0.0.1:1/", "http.redirect", VERDICT_FAIL,
			"refused", 0},
		{"http", "302 Here\r\nLocation: ", NULL, VERDICT_PASS, NULL, 302},
		{"http", "302 There\r\nLocation: http://127.0.0.1:99999/", "http.redirect",
			VERDICT_FAIL, "invalid", 0},
		{"http", "302 There\r\nLocation: http:///x", "http.off-site", VERDICT_FAIL, NULL,
			302},
		{"https", "200 OK", "http.redirect", VERDICT_FAIL, "not-tls", 0},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct run_options options = {0};
		char first[256], second[256];
		struct scene s;
		scene_make(&s, MOCK_TLS, MOCK_PLAIN);
		snprintf(first, sizeof first,
			"HTTP/1.1 302 Found\r\nLocation: %s://127.0.0.1:%u/\r\n"
			"Content-Length: 0\r\n\r\n",
			cases[i].place, (unsigned)s.plain.port);
		snprintf(second, sizeof second, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n",
			cases[i].answer);
		s.tls.response = first;
		s.plain.response = second;
		run_start(s.run, &options);
		expect(&s, "http", cases[i].verdict, cases[i].cause);
		const struct facts *facts = &run_item(s.run, 2)->check.facts;
		assert_int_equal(facts_get_int(facts, "status", 0), 302);
		assert_int_equal(facts_get_int(facts, "led_status", 0), cases[i].status);
		if (cases[i].error != NULL)
			assert_string_equal(facts_get_str(facts, "led_error"), cases[i].error);
		else
			assert_false(facts_has(facts, "led_error"));
		scene_end(&s);
	}
}

static const char trust_rules[] =
	"version: 1\n"
	"hosts:\n"
	"  gw: {name: 127.0.0.1}\n"
	"certificates:\n"
	"  ca: {role: ca, file: [nothing.crt], use: {ja: あ, en: a}}\n"
	"checks:\n"
	"  disk: {check: disk, free: 1 MB, " TITLE "}\n"
	"  tcp: {check: tcp, host: gw, port: 1, " TITLE "}\n"
	"  tls: {check: tls, host: gw, port: 1, " TITLE "}\n"
	"  http: {check: http, host: gw, port: 1, " TITLE "}\n"
	"  clock: {check: clock, host: gw, port: 1, " TITLE "}\n"
	"  portal: {check: captive, host: gw, port: 1, tls-port: 1, " TITLE "}\n"
	"  proxy: {check: proxy, host: gw, port: 1, " TITLE "}\n"
	"  cert: {check: cert, certificate: ca, " TITLE "}\n"
	"profiles:\n"
	"  all: {" TITLE ", checks: ['*']}\n";

/*
 * What one check alone asks for: whether there are roots before the run, and after one in which
 * nobody listens.
 */
static void expect_trust(const char *id, const struct terminal *terminal, bool tls, bool before)
{
	struct run_options options = {.timeout = 0.05};
	char *profiles[] = {(char[]){"all"}}, *ids[] = {(char *)(uintptr_t)id};
	struct plan_request request = {
		.profiles = {.items = profiles, .count = 1}, .only = {.items = ids, .count = 1}};
	struct diags diags = {0};
	struct plan plan;
	struct rules *rules = judge_rules(trust_rules);

	assert_int_equal(plan_make(&plan, &request, rules, terminal, &diags), 0);
	assert_int_equal(plan_uses_tls(&plan), tls);
	struct run *run = run_new(&plan);
	assert_int_equal(run_fetches(run)->trust != NULL, before);
	run_start(run, &options);
	assert_int_equal(run_fetches(run)->trust != NULL, before || tls);
	run_free(run);
	plan_release(&plan);
	rules_free(rules);
}

/*
 * Here the roots are files: only certificates have them looked for before the run, and connections
 * take the same.
 */
static void test_trust(void **state)
{
	static const struct {
		const char *id;
		bool tls, before;
	} cases[] = {
		{"disk", false, false},
		{"tcp", false, false},
		{"proxy", false, false},
		{"tls", true, false},
		{"http", true, false},
		{"clock", true, false},
		{"portal", true, false},
		{"cert", false, true},
	};
	struct proxy_setting proxy = {
		.source = "x", .url = "http://127.0.0.1:1", .secret_url = "http://127.0.0.1:1"};
	struct terminal terminal = {.proxies_known = true};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		expect_trust(cases[i].id, &terminal, cases[i].tls, cases[i].before);
	terminal.proxies = (struct proxy_settings){.items = &proxy, .count = 1};
	expect_trust("proxy", &terminal, true, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_redirects),
		cmocka_unit_test(test_redirect_loop),
		cmocka_unit_test(test_redirect_with_cookie),
		cmocka_unit_test(test_anyconnect),
		cmocka_unit_test(test_large_body),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_patience_with_pages),
		cmocka_unit_test(test_hostile_headers),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_second_address),
		cmocka_unit_test(test_only_address),
		cmocka_unit_test(test_forgotten),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_merge_by_identity),
		cmocka_unit_test(test_reset_after_certificate),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_second_connection),
		cmocka_unit_test(test_silent_twice),
		cmocka_unit_test(test_second_cut_short),
		cmocka_unit_test(test_drops),
		cmocka_unit_test(test_proxy),
		cmocka_unit_test(test_slow_proxy),
		cmocka_unit_test(test_run_healthy),
		cmocka_unit_test(test_run_portal),
		cmocka_unit_test(test_run_led),
		cmocka_unit_test(test_trust),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
