/* Proxy settings as libcurl and browsers read them; fixtures/proxy-exemptions.json says how. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "proxy_rules.h"

static void expect(const json_t *row, const char *who, bool exempt)
{
	bool expected = json_is_true(json_object_get(row, who));

	if (exempt != expected)
		fail_msg("\"%s\" of %s: %s for %s", json_string_value(json_object_get(row, "list")),
			json_string_value(json_object_get(row, "host")),
			expected ? "exempt" : "not exempt", who);
}

/* What curl 7.88 and Chromium 156 did with each list; the system's as Chromium's source has it. */
static void exemptions(void **state)
{
	json_t *rows = json_load_file("tests/fixtures/proxy-exemptions.json", 0, NULL), *row;
	size_t i;
	(void)state;

	assert_true(json_array_size(rows) > 50);
	json_array_foreach(rows, i, row)
	{
		const char *list = json_string_value(json_object_get(row, "list"));
		const char *host = json_string_value(json_object_get(row, "host"));
		expect(row, "curl", proxy_exempt_curl(list, host));
		expect(row, "environment",
			proxy_exempt_browser(list, PROXY_LIST_ENVIRONMENT, host, 443));
		expect(row, "system", proxy_exempt_browser(list, PROXY_LIST_SYSTEM, host, 443));
	}
	json_decref(rows);
}

static void long_entries_are_no_match(void **state)
{
	char list[2000];
	(void)state;

	memset(list, 'a', sizeof list);
	strcpy(list + sizeof list - 20, ",.example.jp");
	assert_true(proxy_exempt_curl(list, "mio.example.jp"));
	assert_true(proxy_exempt_browser(list, PROXY_LIST_ENVIRONMENT, "mio.example.jp", 443));
	memset(list, '.', sizeof list - 1);
	list[sizeof list - 1] = '\0';
	assert_false(proxy_exempt_curl(list, "mio.example.jp"));
	assert_false(proxy_exempt_browser(list, PROXY_LIST_SYSTEM, "mio.example.jp", 443));
}

/* What Chromium took for a proxy, and what it passed over and went directly. */
static void values(void **state)
{
	static const char *const proxies[] = {"http://p:3128", "http://p:3128/", "p:3128", "p",
		"http://u:p@p:3128", "HTTP://p:1", " http://p:1", "http://p:1 ", "http://p:1/foo",
		"socks5://p:1", "socks5h://p", "socks://p:1", "socks4://p:1", "http://p:0", "none",
		"http://[2001:db8::1]:3128", "[2001:db8::1]", "https://p:3128", "foo://p:1"};
	static const char *const others[] = {"", " ", "http://p:abc", "http://p:99999", "direct://",
		"http://", "http://p:1;http://q:1", "http://p:1 http://q:1", "http://:3128",
		"http://p:", "/"};
	(void)state;

	for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++)
		if (!proxy_browser_value(proxies[i]))
			fail_msg("no proxy: %s", proxies[i]);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (proxy_browser_value(others[i]))
			fail_msg("a proxy: %s", others[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exemptions),
		cmocka_unit_test(long_entries_are_no_match),
		cmocka_unit_test(values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
