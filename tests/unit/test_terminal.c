/* The terminal's snapshot: hosts files and what is derived from the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "terminal.h"

static void parse(struct terminal *t, const char *text, size_t len)
{
	/* An exact copy, so that a sanitizer sees a read beyond the end. */
	char *copy = malloc(len > 0 ? len : 1);

	memset(t, 0, sizeof *t);
	strbuf_init(&t->why, 100);
	memcpy(copy, text, len);
	terminal_parse_hosts(t, copy, len);
	free(copy);
}

static void expect(const struct terminal *t, size_t i, const char *name, const char *addr, int line)
{
	char buf[NET_ADDR_STRLEN];

	assert_true(i < t->host_count);
	assert_string_equal(t->hosts[i].name, name);
	assert_string_equal(net_addr_format(&t->hosts[i].addr, buf), addr);
	assert_int_equal(t->hosts[i].line, line);
}

static void hosts_of_linux(void **state)
{
	static const char text[] = "127.0.0.1\tlocalhost\n"
				   "# 203.0.113.9 commented.example\n"
				   "\n"
				   "  198.51.100.7   MIO.Example.  mio # the old one\n"
				   "::1 localhost ip6-localhost\n"
				   "fe80::1%lo0 scoped\n"
				   "198.51.100.8 mio.example";
	struct terminal t;
	(void)state;

	parse(&t, text, sizeof text - 1);
	assert_int_equal(t.host_count, 7);
	expect(&t, 0, "localhost", "127.0.0.1", 1);
	expect(&t, 1, "mio.example", "198.51.100.7", 4);
	expect(&t, 2, "mio", "198.51.100.7", 4);
	expect(&t, 3, "localhost", "::1", 5);
	expect(&t, 4, "ip6-localhost", "::1", 5);
	expect(&t, 5, "scoped", "fe80::1", 6);
	expect(&t, 6, "mio.example", "198.51.100.8", 7);
	terminal_release(&t);
}

static void hosts_of_windows(void **state)
{
	static const char text[] = "\xef\xbb\xbf"
				   "192.0.2.1 first.example\r\n"
				   "#\t127.0.0.1 localhost\r\n"
				   "192.0.2.2\tsecond.example#glued\r\n"
				   "\r\n"
				   "192.0.2.3\r\n";
	struct terminal t;
	(void)state;

	parse(&t, text, sizeof text - 1);
	assert_int_equal(t.host_count, 2);
	expect(&t, 0, "first.example", "192.0.2.1", 1);
	expect(&t, 1, "second.example", "192.0.2.2", 3);
	terminal_release(&t);
}

static void hosts_that_are_broken(void **state)
{
	char long_name[400] = "192.0.2.1 ";
	static const char nul[] = "192.0.2.1 a\0b c\n192.0.2.2 d\n";
	/* UTF-16, as a careless editor saves it: no OS reads it either. */
	static const char wide[] = "\xff\xfe"
				   "1\0.\0\n\0";
	struct terminal t;
	(void)state;

	parse(&t, "", 0);
	assert_int_equal(t.host_count, 0);
	terminal_release(&t);
	parse(&t, "999.1.1.1 a\nname 192.0.2.1\n. .\n192.0.2.1 .\n", 44);
	assert_int_equal(t.host_count, 0);
	terminal_release(&t);
	memset(long_name + 10, 'x', 300);
	parse(&t, long_name, strlen(long_name));
	assert_int_equal(t.host_count, 0);
	terminal_release(&t);
	parse(&t, wide, sizeof wide - 1);
	assert_int_equal(t.host_count, 0);
	terminal_release(&t);
	parse(&t, nul, sizeof nul - 1);
	assert_int_equal(t.host_count, 2);
	expect(&t, 0, "c", "192.0.2.1", 1);
	expect(&t, 1, "d", "192.0.2.2", 2);
	terminal_release(&t);
}

static struct net_addr address(const char *text)
{
	struct net_addr addr;

	assert_true(net_addr_parse(text, &addr));
	return addr;
}

static void lookups(void **state)
{
	struct net_addr own = address("192.0.2.10"), gateway = address("192.0.2.1");
	struct net_addr other = address("192.0.2.2");
	struct netif netifs[2] = {{.name = "lo"}, {.name = "eth0", .addrs = &own, .addr_count = 1}};
	struct vpn_connection vpns[2] = {{.name = "down"}, {.name = "up", .connected = true}};
	struct terminal t = {.interfaces = {.items = netifs, .count = 2}, .vpns = {vpns, 1, 1}};
	(void)state;

	assert_null(terminal_default_interface(&t));
	assert_null(terminal_vpn(&t));
	assert_false(terminal_is_gateway(&t, &gateway));
	t.route6 = (struct route_info){.present = true, .interface = "lo"};
	assert_ptr_equal(terminal_default_interface(&t), &netifs[0]);
	t.route4 = (struct route_info){.present = true, .interface = "eth0", .gateway = gateway};
	assert_ptr_equal(terminal_default_interface(&t), &netifs[1]);
	strcpy(t.route4.interface, "gone");
	assert_null(terminal_default_interface(&t));
	t.vpns.count = 2;
	assert_string_equal(terminal_vpn(&t)->name, "up");
	assert_true(terminal_is_own(&t, &own));
	assert_false(terminal_is_own(&t, &gateway));
	assert_true(terminal_is_gateway(&t, &gateway));
	assert_false(terminal_is_gateway(&t, &other));
}

/* Whatever this machine is, the snapshot says for each part that it knows it, or why not. */
static void this_machine(void **state)
{
	struct terminal t;
	(void)state;

	terminal_read(&t);
	if (t.os_known) {
		assert_true(t.os.family[0] != '\0' && t.os.name[0] != '\0' && t.os.arch[0] != '\0');
	}
	if (!t.os_known || !t.interfaces_known || !t.dns_known || !t.proxies_known ||
		!t.vpns_known || !t.hosts_known)
		assert_true(t.why.len > 0);
	if (t.interfaces_known)
		assert_true(t.interfaces.count > 0);
	terminal_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_of_linux),
		cmocka_unit_test(hosts_of_windows),
		cmocka_unit_test(hosts_that_are_broken),
		cmocka_unit_test(lookups),
		cmocka_unit_test(this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
