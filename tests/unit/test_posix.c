/* Files, processes, threads, clocks, names, proxies: the primitives on this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/linux.h"
#include "platform/posix.h"
#include "platform/proxies.h"

static char scratch[64];

static int make_scratch(void **state)
{
	(void)state;
	strcpy(scratch, "/tmp/preflight-test-XXXXXX");
	return mkdtemp(scratch) != NULL ? 0 : -1;
}

static int remove_scratch(void **state)
{
	(void)state;
	return rmdir(scratch);
}

static const char *in_scratch(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", scratch, name);
	return path;
}

static void write_file(const char *name, const char *bytes, size_t len)
{
	FILE *file = fopen(in_scratch(name), "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static void files_are_read(void **state)
{
	char big[5000];
	struct strbuf why;
	size_t len = 0;
	(void)state;

	strbuf_init(&why, 1000);
	memset(big, 'x', sizeof big);
	write_file("file", big, sizeof big);
	char *text = posix_read_file(in_scratch("file"), sizeof big, &len, &why);
	assert_non_null(text);
	assert_int_equal(len, sizeof big);
	assert_int_equal(strlen(text), sizeof big);
	free(text);
	assert_null(posix_read_file(in_scratch("file"), sizeof big - 1, &len, &why));
	assert_int_equal(errno, EFBIG);
	unlink(in_scratch("file"));
	strbuf_reset(&why);
	assert_null(posix_read_file(in_scratch("file"), 10, &len, &why));
	assert_int_equal(errno, ENOENT);
	assert_non_null(strstr(why.data, in_scratch("file")));
	assert_null(posix_read_file(scratch, 10, &len, NULL));
	assert_int_equal(errno, EISDIR);
	strbuf_release(&why);
}

static void files_replace_others(void **state)
{
	struct platform_output out;
	char old[128];
	struct strbuf why;
	size_t len;
	(void)state;

	strbuf_init(&why, 1000);
	write_file("old", "old", 3);
	strcpy(old, in_scratch("old"));
	assert_int_equal(platform_output_open(&out, old, &why), 0);
	fputs("new", out.file);
	char *text = posix_read_file(old, 10, &len, &why);
	assert_string_equal(text, "old");
	free(text);
	assert_int_equal(platform_output_commit(&out, &why), 0);
	text = posix_read_file(old, 10, &len, &why);
	assert_string_equal(text, "new");
	free(text);
	assert_int_equal(platform_output_open(&out, in_scratch("none/new"), &why), -1);
	assert_true(why.len > 0);
	unlink(old);
	strbuf_release(&why);
}

static void hash_links(void **state)
{
	(void)state;
	assert_false(linux_has_hash_links(in_scratch("none")));
	assert_false(linux_has_hash_links(scratch));
	write_file("ca-certificates.crt", "", 0);
	write_file("1a2b3c4d.pem", "", 0);
	assert_false(linux_has_hash_links(scratch));
	write_file("1a2b3c4d.0", "", 0);
	assert_true(linux_has_hash_links(scratch));
	unlink(in_scratch("ca-certificates.crt"));
	unlink(in_scratch("1a2b3c4d.pem"));
	unlink(in_scratch("1a2b3c4d.0"));
}

static void free_space(void **state)
{
	struct disk_info info;
	struct strbuf why;
	(void)state;

	strbuf_init(&why, 1000);
	assert_int_equal(platform_disk(in_scratch("a/b/c"), &info, &why), 0);
	assert_string_equal(info.path, scratch);
	assert_true(info.total > 0 && info.available <= info.total);
	assert_int_equal(platform_disk("nowhere", &info, &why), 0);
	assert_string_equal(info.path, ".");
	assert_int_equal(platform_disk("/preflight-nowhere/x", &info, &why), 0);
	assert_string_equal(info.path, "/");
	strbuf_release(&why);
}

static int run(const char *script, double timeout, size_t max, struct strbuf *out)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	struct strbuf why;
	int result;

	strbuf_init(out, max);
	strbuf_init(&why, 1000);
	result = posix_run(argv, timeout, out, &why);
	assert_int_equal(result == 0, why.len == 0);
	strbuf_release(&why);
	return result;
}

static void programs_are_run(void **state)
{
	const char *const missing[] = {"/nowhere/program", NULL};
	struct strbuf out;
	(void)state;

	assert_int_equal(
		run("printf '%s|' \"$LC_ALL\" \"$HOME\"; cat; echo lost >&2", 60, 100, &out), 0);
	assert_string_equal(out.data, "C||");
	strbuf_release(&out);
	assert_int_equal(run("echo x; exit 3", 60, 100, &out), -1);
	strbuf_release(&out);
	/* Longer than the cap: cut off, and a failure. */
	assert_int_equal(run("while :; do echo x; done", 60, 100, &out), -1);
	strbuf_release(&out);
	/* A program that never ends is ended. */
	assert_int_equal(run("exec sleep 1000", 0.05, 100, &out), -1);
	assert_int_equal(posix_run(missing, 60, &out, NULL), -1);
	strbuf_release(&out);
}

struct counter {
	struct platform_lock *lock;
	int started, stop;
};

static void count(void *arg)
{
	struct counter *c = arg;

	platform_lock_acquire(c->lock);
	c->started++;
	platform_lock_signal(c->lock);
	while (!c->stop)
		platform_lock_wait(c->lock);
	platform_lock_release(c->lock);
}

static void threads_and_locks(void **state)
{
	struct counter c = {.lock = platform_lock_new()};
	struct platform_thread *threads[4];
	(void)state;

	for (int i = 0; i < 4; i++) {
		threads[i] = platform_thread_start(count, &c);
		assert_non_null(threads[i]);
	}
	platform_lock_acquire(c.lock);
	while (c.started < 4)
		platform_lock_wait(c.lock);
	c.stop = 1;
	platform_lock_signal(c.lock);
	platform_lock_release(c.lock);
	for (int i = 0; i < 4; i++)
		platform_thread_join(threads[i]);
	platform_lock_free(c.lock);
}

static void clocks_and_random(void **state)
{
	double a = platform_monotonic();
	uint8_t one[600] = {0}, two[600] = {0};
	(void)state;

	assert_true(platform_monotonic() >= a);
	assert_true(platform_wall() > 1600000000);
	platform_random(one, sizeof one);
	platform_random(two, sizeof two);
	assert_memory_not_equal(one, two, sizeof one);
	assert_memory_not_equal(one + 300, (const uint8_t[300]){0}, 300);
	platform_random(one, 0);
}

static void languages(void **state)
{
	static const struct {
		const char *all, *messages, *lang;
		enum lang expected;
	} cases[] = {
		{"", "", "ja_JP.UTF-8", LANG_JA},
		{"", "", "en_US.UTF-8", LANG_EN},
		{"", "ja_JP.UTF-8", "en_US.UTF-8", LANG_JA},
		{"C", "ja_JP.UTF-8", "ja_JP.UTF-8", LANG_EN},
		{"ja", "", "", LANG_JA},
		{"", "", "de_DE.UTF-8", LANG_EN},
		{"", "", "", LANG_EN},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		setenv("LC_ALL", cases[i].all, 1);
		setenv("LC_MESSAGES", cases[i].messages, 1);
		setenv("LANG", cases[i].lang, 1);
		assert_int_equal(platform_language(), cases[i].expected);
	}
}

static void names_of_this_machine(void **state)
{
	struct os_resolve_result result;
	struct net_addr loopback = {.family = 4, .bytes = {127, 0, 0, 1}};
	bool found = false;
	(void)state;

	platform_resolve("127.0.0.1", &result);
	assert_int_equal(result.status, OS_RESOLVE_OK);
	assert_int_equal(result.addr_count, 1);
	assert_true(net_addr_equal(&result.addrs[0], &loopback));
	free(result.addrs);
	platform_resolve("localhost", &result);
	assert_int_equal(result.status, OS_RESOLVE_OK);
	for (size_t i = 0; i < result.addr_count; i++)
		found = found || net_addr_class(&result.addrs[i]) == NET_LOOPBACK;
	assert_true(found);
	free(result.addrs);
}

/* ---- proxies ---- */

static void clear_proxies(void)
{
	static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy",
		"HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "auto_proxy",
		"SOCKS_SERVER", "SOCKS_VERSION"};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		unsetenv(names[i]);
}

static void proxies_of_the_environment(void **state)
{
	struct proxy_settings list;
	struct strbuf why;
	(void)state;

	strbuf_init(&why, 1000);
	clear_proxies();
	setenv("HTTP_PROXY", "http://not-read.example:1", 1);
	setenv("https_proxy", "", 1);
	assert_int_equal(platform_proxies(&list, &why), 0);
	assert_int_equal(list.count, 0);
	proxy_settings_release(&list);

	setenv("HTTPS_PROXY", "http://user:p@ss/w%ord@proxy.example:3128/", 1);
	setenv("http_proxy", "proxy.example:8080", 1);
	setenv("ALL_PROXY", "user:secret@socks.example:1080", 1);
	setenv("no_proxy", "localhost,.hospital.example", 1);
	assert_int_equal(platform_proxies(&list, &why), 0);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].source, "environment HTTPS_PROXY");
	assert_string_equal(list.items[0].url, "http://***@proxy.example:3128/");
	assert_string_equal(list.items[0].secret_url, "http://user:p@ss/w%ord@proxy.example:3128/");
	assert_string_equal(list.items[0].bypass, "localhost,.hospital.example");
	assert_false(list.items[0].automatic);
	assert_string_equal(list.items[1].url, "proxy.example:8080");
	assert_string_equal(list.items[2].url, "***@socks.example:1080");
	proxy_settings_release(&list);

	/* The lower-case name wins. */
	setenv("https_proxy", "http://lower.example:1", 1);
	assert_int_equal(platform_proxies(&list, &why), 0);
	assert_string_equal(list.items[0].source, "environment https_proxy");
	assert_string_equal(list.items[0].url, "http://lower.example:1");
	proxy_settings_release(&list);
	clear_proxies();
	strbuf_release(&why);
}

/* Who sends https where, as curl 7.88 and Chromium 156 did: "name:cb" for libcurl and browsers. */
static void whose_proxies_they_are(void **state)
{
	static const struct {
		const char *set[8];
		const char *expected;
	} cases[] = {
		{{"http_proxy=p:1"}, "http_proxy:"},
		{{"https_proxy=p:1", "http_proxy=p:2"}, "https_proxy:cb http_proxy:"},
		{{"HTTPS_PROXY=p:1"}, "HTTPS_PROXY:cb"},
		{{"https_proxy=", "HTTPS_PROXY=p:1"}, "HTTPS_PROXY:c"},
		{{"all_proxy=p:1"}, "all_proxy:cb"},
		{{"all_proxy=p:1", "https_proxy=p:2"}, "https_proxy:c all_proxy:b"},
		{{"all_proxy=foo://p:1", "https_proxy=p:2"}, "https_proxy:c all_proxy:b"},
		{{"https_proxy=https://p:1"}, "https_proxy:cb"},
		{{"SOCKS_SERVER=p:1"}, "SOCKS_SERVER:b"},
		{{"SOCKS_SERVER=p:1", "http_proxy=p:2"}, "http_proxy:"},
		{{"https_proxy=p:1", "no_proxy=", "NO_PROXY=*"}, "https_proxy:c https_proxy:b"},
		{{"https_proxy=p:1", "NO_PROXY=*"}, "https_proxy:cb"},
		{{"https_proxy=p:1", "auto_proxy=http://p/pac"}, "https_proxy:c auto_proxy:ab"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct proxy_settings list;
		struct strbuf found;
		clear_proxies();
		strbuf_init(&found, 1000);
		for (size_t k = 0; cases[i].set[k] != NULL; k++)
			assert_int_equal(putenv((char *)(uintptr_t)cases[i].set[k]), 0);
		assert_int_equal(platform_proxies(&list, NULL), 0);
		for (size_t k = 0; k < list.count; k++)
			strbuf_addf(&found, "%s%s:%s%s%s", k > 0 ? " " : "",
				list.items[k].source + strlen("environment "),
				list.items[k].curl ? "c" : "", list.items[k].automatic ? "a" : "",
				list.items[k].browsers ? "b" : "");
		assert_string_equal(found.data, cases[i].expected);
		strbuf_release(&found);
		proxy_settings_release(&list);
	}
	clear_proxies();
}

static void proxy_passwords_never_show(void **state)
{
	static const char *const urls[] = {"http://u:secret@h:1", "u:secret@h", "u://secret@h",
		"u:a://secret@h:1", "http://u:x/secret@h:1", "http://u:x?secret@h", "secret@",
		"http://u:x@secret@h:1", "socks5h://secret@[2001:db8::1]:1080"};
	char long_url[1000];
	struct proxy_setting setting;
	(void)state;

	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		memset(&setting, 0, sizeof setting);
		assert_int_equal(proxy_setting_url(&setting, urls[i]), 0);
		assert_null(strstr(setting.url, "secret"));
		assert_string_equal(setting.secret_url, urls[i]);
	}
	memset(long_url, 'a', sizeof long_url - 1);
	long_url[sizeof long_url - 1] = '\0';
	assert_int_equal(proxy_setting_url(&setting, long_url), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files_are_read, make_scratch, remove_scratch),
		cmocka_unit_test_setup_teardown(files_replace_others, make_scratch, remove_scratch),
		cmocka_unit_test_setup_teardown(hash_links, make_scratch, remove_scratch),
		cmocka_unit_test_setup_teardown(free_space, make_scratch, remove_scratch),
		cmocka_unit_test(programs_are_run),
		cmocka_unit_test(threads_and_locks),
		cmocka_unit_test(clocks_and_random),
		cmocka_unit_test(languages),
		cmocka_unit_test(names_of_this_machine),
		cmocka_unit_test(proxies_of_the_environment),
		cmocka_unit_test(whose_proxies_they_are),
		cmocka_unit_test(proxy_passwords_never_show),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
