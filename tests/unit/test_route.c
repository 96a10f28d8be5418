/* Look-ups of routes, in a network namespace of this program's own, which no packet leaves. */
#define _GNU_SOURCE /* unshare(2) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "platform.h"
#include "route_facts.h"

static bool ready;

static int run(const char *command)
{
	return system(command);
}

/* A LAN that nobody else is on. Who may not make one skips these tests. */
static int make_lan(void **state)
{
	(void)state;
	if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return 0;
	ready = run("exec 2>/dev/null; ip link add lan0 type veth peer name far0 &&"
		    " ip address add 192.168.10.10/24 dev lan0 && ip link set far0 up &&"
		    " ip address add 2001:db8::10/64 dev lan0 nodad &&"
		    " ip link set lan0 up") == 0;
	return 0;
}

static struct net_addr address(const char *text)
{
	struct net_addr addr;

	assert_true(net_addr_parse(text, &addr));
	return addr;
}

static void send_one(const char *to)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(500)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(inet_pton(AF_INET, to, &name.sin_addr), 1);
	assert_int_equal(connect(fd, (struct sockaddr *)&name, sizeof name), 0);
	assert_int_equal(send(fd, "", 1, 0), 1);
	assert_int_equal(close(fd), 0);
}

/* Of several next hops that one is told which the kernel then asks for its hardware address. */
static void the_next_hop_is_the_connections_own(void **state)
{
	const struct net_addr first = address("192.168.10.77"), second = address("192.168.10.78");
	int seen[2] = {0, 0};
	struct strbuf why;
	(void)state;

	if (!ready)
		skip();
	strbuf_init(&why, 200);
	assert_int_equal(run("ip route add 203.0.113.0/24 nexthop via 192.168.10.77"
			     " nexthop via 192.168.10.78"),
		0);
	for (int i = 1; i <= 24; i++) {
		struct route_info route = {0};
		char to[32];

		snprintf(to, sizeof to, "203.0.113.%d", i);
		const struct net_addr addr = address(to);
		assert_int_equal(platform_route(&addr, &route, &why), 0);
		assert_true(route.present);
		assert_string_equal(route.interface, "lan0");
		bool is_second = net_addr_equal(&route.gateway, &second);
		assert_true(is_second || net_addr_equal(&route.gateway, &first));
		seen[is_second]++;
		assert_int_equal(run("ip neighbour flush dev lan0"), 0);
		assert_false(platform_neighbour_silent(&route.gateway, "lan0"));
		send_one(to);
		assert_true(platform_neighbour_silent(&route.gateway, "lan0"));
		assert_false(platform_neighbour_silent(is_second ? &first : &second, "lan0"));
	}
	assert_true(seen[0] > 0 && seen[1] > 0);
	strbuf_release(&why);
}

static void a_host_may_be_refused(void **state)
{
	const struct net_addr addr = address("198.51.100.9");
	struct route_info route = {0};
	struct strbuf why;
	(void)state;

	if (!ready)
		skip();
	strbuf_init(&why, 200);
	assert_int_equal(run("ip route add prohibit 198.51.100.9"), 0);
	platform_route(&addr, &route, &why);
	assert_false(route.present);
	assert_int_equal(route.refusal, ROUTE_PROHIBITED);
	strbuf_release(&why);
}

/* The OS's first family, then the other; what has no way comes last. */
static void the_order_is_the_systems_own(void **state)
{
	static const char *const sorted[] = {
		"2001:db8::1", "2001:db8::2", "192.168.10.1", "2001:db9::1", "100.64.0.1"};
	struct name_address list = {.count = 5, .preferred = 3};
	(void)state;

	if (!ready)
		skip();
	list.addrs[0] = address("100.64.0.1");
	list.addrs[1] = address("192.168.10.1");
	list.addrs[2] = address("2001:db9::1");
	list.addrs[3] = address("2001:db8::1");
	list.addrs[4] = address("2001:db8::2");
	route_sort(&list);
	assert_int_equal(list.preferred, 0);
	for (size_t i = 0; i < list.count; i++) {
		const struct net_addr right = address(sorted[i]);
		assert_true(net_addr_equal(&list.addrs[i], &right));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_hop_is_the_connections_own),
		cmocka_unit_test(a_host_may_be_refused),
		cmocka_unit_test(the_order_is_the_systems_own),
	};

	return cmocka_run_group_tests(tests, make_lan, NULL);
}
