/* The readers of the macOS OS layer over texts in the formats of its commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "macos_fixture.h"
#include "platform/darwin.h"

static void assert_addr(const struct net_addr *addr, const char *expected)
{
	char text[NET_ADDR_STRLEN];

	if (*expected == '\0')
		assert_int_equal(addr->family, 0);
	else
		assert_string_equal(net_addr_format(addr, text), expected);
}

/* ---- versions ---- */

static void versions(void **state)
{
	static const struct {
		const char *told, *kernel, *version;
		bool agrees;
	} cases[] = {
		{"10.11.6", "15.6.0", "10.11.6", true},
		{"10.12.6", "16.7.0", "10.12.6", true},
		{"10.10", "14.5.0", "10.10", true},
		{"10.15.7", "19.6.0", "10.15.7", true},
		{"11.7.10", "20.6.0", "11.7.10", true},
		{"15.7.1", "24.6.0", "15.7.1", true},
		{"26.1", "25.1.0", "26.1", true},
		{"26", "25.0.0", "26", true},
		{"27.0", "26.0.0", "27.0", true},
		/* What programs of old systems are told. */
		{"16.0", "25.1.0", "26", false},
		{"10.16", "20.6.0", "11", false},
		{"10.16", "25.0.0", "26", false},
		{"", "24.6.0", "15", false},
		/* One number is the beginning of another. */
		{"10.1", "14.0.0", "10.10", false},
		{"110.1", "20.0.0", "11", false},
		{"11", "5.0.0", "10.1", false},
		{"10.11.6", "15x", "10.11.6", true},
		{"14.1", "", "14.1", true},
		{"", "", "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char version[32] = "x";

		assert_int_equal(
			darwin_version(cases[i].told, cases[i].kernel, version, sizeof version),
			cases[i].agrees);
		assert_string_equal(version, cases[i].version);
	}
}

static void names(void **state)
{
	static const char *const cases[][2] = {
		{"26.1", "macOS 26.1 (Tahoe)"},
		{"15.7.1", "macOS 15.7.1 (Sequoia)"},
		{"10.12.6", "macOS 10.12.6 (Sierra)"},
		{"10.11.6", "OS X 10.11.6 (El Capitan)"},
		{"10.10", "OS X 10.10 (Yosemite)"},
		{"10.1", "OS X 10.1"},
		{"27.0", "macOS 27.0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char name[128];

		darwin_name(cases[i][0], name, sizeof name);
		assert_string_equal(name, cases[i][1]);
	}
}

/* ---- scutil ---- */

static void read_dns(const char *name, struct dns_servers *servers)
{
	size_t len;
	char *text = macos_fixture(name, &len);

	memset(servers, 0, sizeof *servers);
	darwin_parse_dns(text, servers);
	free(text);
}

static void dns_servers_of_every_domain(void **state)
{
	static const struct {
		const char *addr, *interface;
		uint16_t port;
		uint32_t scope;
	} expected[] = {
		{"192.168.10.1", "en0", 53, 0},
		{"fe80::20d:b9ff:fe12:3456", "en0", 53, 14},
		{"192.168.10.2", "", 5353, 0},
		{"192.168.10.1", "", 5353, 0},
	};
	struct dns_servers servers;

	(void)state;
	read_dns("dns.txt", &servers);
	assert_int_equal(servers.count, 4);
	for (size_t i = 0; i < servers.count; i++) {
		assert_addr(&servers.items[i].addr, expected[i].addr);
		assert_string_equal(servers.items[i].interface, expected[i].interface);
		assert_int_equal(servers.items[i].port, expected[i].port);
		assert_int_equal(servers.items[i].addr.scope, expected[i].scope);
	}
	dns_servers_release(&servers);
	read_dns("dns-10.11.txt", &servers);
	assert_int_equal(servers.count, 2);
	assert_addr(&servers.items[1].addr, "2001:db8::53");
	dns_servers_release(&servers);
	read_dns("dns-none.txt", &servers);
	assert_int_equal(servers.count, 0);
}

static void proxies_that_are_on(void **state)
{
	static const char *const expected[][3] = {
		{"PAC", "http://proxy.clinic.example/proxy.pac", ""},
		{"scutil HTTPS", "http://proxy.clinic.example:8080",
			"*.local,169.254/16,*.clinic.example"},
		{"scutil SOCKS", "socks5://[2001:db8::1]:1080",
			"*.local,169.254/16,*.clinic.example"},
	};
	struct proxy_settings list = {0};
	size_t len;
	char *text = macos_fixture("proxy.txt", &len);

	(void)state;
	assert_int_equal(darwin_parse_proxies(text, &list), 0);
	assert_int_equal(list.count, 3);
	assert_true(list.detect);
	for (size_t i = 0; i < list.count; i++) {
		assert_string_equal(list.items[i].source, expected[i][0]);
		assert_string_equal(list.items[i].url, expected[i][1]);
		assert_string_equal(list.items[i].bypass, expected[i][2]);
		assert_int_equal(list.items[i].automatic, i == 0);
	}
	proxy_settings_release(&list);
	free(text);
	list.detect = false;
	text = macos_fixture("proxy-off.txt", &len);
	assert_int_equal(darwin_parse_proxies(text, &list), 0);
	assert_int_equal(list.count, 0);
	assert_false(list.detect);
	free(text);
}

static void proxies_hostile(void **state)
{
	struct proxy_settings list = {0};

	(void)state;
	assert_int_equal(darwin_parse_proxies("", &list), 0);
	assert_int_equal(darwin_parse_proxies("}\n}\nHTTPSEnable : 1\nHTTPSProxy : a\n", &list), 0);
	assert_int_equal(darwin_parse_proxies("<dictionary> {\nHTTPSEnable : 1\n}\n", &list), 0);
	assert_int_equal(darwin_parse_proxies("<dictionary> {\n:\n : \nHTTPS\n}\n", &list), 0);
	assert_int_equal(list.count, 0);
	/* The setting of a single interface, which is not the one in use. */
	assert_int_equal(darwin_parse_proxies("<dictionary> {\n__SCOPED__ : <dictionary> {\n"
					      "ProxyAutoDiscoveryEnable : 1\n}\n}\n",
				 &list),
		0);
	assert_false(list.detect);
}

static void vpn_services(void **state)
{
	static const struct {
		const char *name, *kind, *identifier;
		bool connected;
	} expected[] = {
		{"病院 VPN (L2TP)", "l2tp", "6D1F6C5B-2E0A-4C40-9A6B-0F3A7F7F2B11", false},
		{"main-gtol-vpn", "ipsec", "940C2D07-8CF4-492C-A7DE-DD50C337149F", true},
		{"office [wg]", "wireguard", "F866AE22-4EC1-4524-8769-86A290A0C582", false},
		{"AnyConnect", "anyconnect", "0A1B2C3D-0000-4000-8000-000000000001", false},
		{"例", "vpn", "0A1B2C3D-0000-4000-8000-000000000002", false},
		{"Cisco AnyConnect Socket Filter", "anyconnect",
			"0A1B2C3D-0000-4000-8000-000000000004", true},
	};
	struct vpn_connections list = {0};
	struct strs identifiers = {0};
	size_t len;
	char *text = macos_fixture("nc-list.txt", &len);

	(void)state;
	darwin_parse_services(text, &list, &identifiers);
	free(text);
	assert_int_equal(list.count, 6); /* PPPoE is no VPN */
	assert_int_equal(identifiers.count, 6);
	for (size_t i = 0; i < list.count; i++) {
		assert_string_equal(list.items[i].name, expected[i].name);
		assert_string_equal(list.items[i].kind, expected[i].kind);
		assert_string_equal(identifiers.items[i], expected[i].identifier);
		assert_int_equal(list.items[i].connected, expected[i].connected);
	}
	vpn_connections_release(&list);
	strs_release(&identifiers);
}

/* What has no interface filters the traffic of programs; nothing travels inside it. */
static void vpn_service_status(void **state)
{
	static const struct {
		const char *file, *interface;
	} cases[] = {
		{"nc-status.txt", "utun4"},
		{"nc-status-filter.txt", ""},
		{"dns-none.txt", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct vpn_connection vpn = {.interface = "x", .connected = true};
		size_t len;
		char *text = macos_fixture(cases[i].file, &len);

		darwin_parse_service_status(text, &vpn);
		assert_string_equal(vpn.interface, cases[i].interface);
		assert_int_equal(vpn.connected, cases[i].interface[0] != '\0');
		free(text);
	}
}

static void vpn_services_hostile(void **state)
{
	static const char *const texts[] = {"", "*", "* (", "* (Connected", "* (Connected)",
		"* (Connected) ", "* (Connected) XYZ \"a\" [b]", "* (Connected) 12-34",
		"No services\n", "* Connected) 12-34 x"};
	struct vpn_connections list = {0};
	struct strs identifiers = {0};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		darwin_parse_services(texts[i], &list, &identifiers);
	assert_int_equal(list.count, 0);
	darwin_parse_services("* (Connected) 12-34 \"\n* (Connected) 12-34 ]a[\n* (Connected) 12 [",
		&list, &identifiers);
	assert_int_equal(list.count, identifiers.count);
	assert_int_equal(list.count, 3);
	vpn_connections_release(&list);
	strs_release(&identifiers);
}

/* ---- routes and interfaces ---- */

static void default_routes(void **state)
{
	static const struct {
		const char *file, *interface, *gateway;
	} cases[] = {
		{"routes.txt", "en0", "192.168.10.1"},
		{"routes-10.11.txt", "en0", "192.168.1.1"},
		{"routes-vpn.txt", "utun4", "10.60.0.1"},
		{"routes-vpn-default.txt", "utun3", ""},
		{"routes-mesh.txt", "en0", "192.168.10.1"},
		{"routes-half.txt", "en0", "192.168.10.1"},
		{"routes-halves-apart.txt", "en0", "192.168.10.1"},
		{"routes6-vpn.txt", "utun3", "fe80::"},
		{"routes6.txt", "en0", "fe80::20d:b9ff:fe12:3456"},
		{"routes-none.txt", "", ""},
		{"routes6-tunnels.txt", "", ""},
		{"dns.txt", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct route_info route;
		size_t len;
		char *text = macos_fixture(cases[i].file, &len);

		darwin_parse_routes(text, &route);
		assert_int_equal(route.present, cases[i].interface[0] != '\0');
		assert_string_equal(route.interface, cases[i].interface);
		assert_addr(&route.gateway, cases[i].gateway);
		free(text);
	}
}

static void route_on_link(void **state)
{
	struct route_info route;

	(void)state;
	darwin_parse_routes("Destination Gateway Flags Netif Expire\n"
			    "default link#20 UCS ppp0\n",
		&route);
	assert_true(route.present);
	assert_string_equal(route.interface, "ppp0");
	assert_int_equal(route.gateway.family, 0);
	/* Without headings nobody knows which column is which. */
	darwin_parse_routes("default 192.168.1.1 UGSc en0\n", &route);
	assert_false(route.present);
	darwin_parse_routes("Destination Gateway Flags Netif\ndefault 192.168.1.1\n", &route);
	assert_false(route.present);
}

static void port_names(void **state)
{
	static const char *const cases[][2] = {{"en0", "Ethernet"}, {"en1", "Wi-Fi"},
		{"en10", "iPhone USB"}, {"bridge0", "Thunderbolt ブリッジ"}, {"en", ""}, {"", ""}};
	size_t len;
	char *text = macos_fixture("ports.txt", &len), name[32], small[4];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		darwin_port_name(text, cases[i][0], name, sizeof name);
		assert_string_equal(name, cases[i][1]);
	}
	darwin_port_name(text, "en0", small, sizeof small);
	assert_string_equal(small, "Eth");
	free(text);
}

static void interface_kinds(void **state)
{
	static const struct {
		struct darwin_netif_hints hints;
		enum netif_kind kind;
	} cases[] = {
		{{.name = "lo0", .port = "", .type = 0x18, .loopback = true}, NETIF_LOOPBACK},
		{{.name = "en0", .port = "Ethernet", .type = 0x06}, NETIF_ETHERNET},
		{{.name = "en1", .port = "Wi-Fi", .type = 0x06, .wireless = true}, NETIF_WIFI},
		{{.name = "en7", .port = "", .type = 0x06, .wireless = true}, NETIF_WIFI},
		{{.name = "awdl0", .port = "", .type = 0x06, .wireless = true}, NETIF_VIRTUAL},
		{{.name = "ap1", .port = "", .type = 0x06, .wireless = true}, NETIF_VIRTUAL},
		{{.name = "en10", .port = "iPhone USB", .type = 0x06}, NETIF_WWAN},
		{{.name = "pdp_ip0", .port = "", .type = 0xff}, NETIF_WWAN},
		{{.name = "utun3", .port = "", .type = 0x01}, NETIF_TUNNEL},
		{{.name = "ipsec0", .port = "", .type = 0x01}, NETIF_TUNNEL},
		{{.name = "gif0", .port = "", .type = 0x37}, NETIF_TUNNEL},
		{{.name = "ppp0", .port = "", .type = 0x17}, NETIF_PPP},
		{{.name = "bridge100", .port = "", .type = 0xd1}, NETIF_VIRTUAL},
		{{.name = "vboxnet0", .port = "", .type = 0x06}, NETIF_VIRTUAL},
		{{.name = "vlan0", .port = "", .type = 0x87}, NETIF_ETHERNET},
		{{.name = "new0", .port = "", .type = 0x01}, NETIF_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(darwin_netif_kind(&cases[i].hints), cases[i].kind);
}

static struct route_info route_of(const char *file)
{
	struct route_info route;
	size_t len;
	char *text = macos_fixture(file, &len);

	darwin_parse_routes(text, &route);
	free(text);
	return route;
}

/* Tailscale and Zscaler keep a utun whose address shows no more than that they are installed. */
static void vpn_interfaces(void **state)
{
	static const struct {
		const char *name, *addr, *routes, *routes6, *kind;
		enum netif_kind netif;
		bool up;
	} cases[] = {
		{"utun4", "10.60.7.21", "routes-vpn.txt", "routes6.txt", "tun", NETIF_TUNNEL, true},
		{"utun3", "10.60.7.21", "routes-vpn-default.txt", "routes6.txt", "tun",
			NETIF_TUNNEL, true},
		{"utun3", "100.70.1.2", "routes-vpn-default.txt", "routes6.txt", "tun",
			NETIF_TUNNEL, true},
		{"utun3", "2001:db8::21", "routes-none.txt", "routes6-vpn.txt", "tun", NETIF_TUNNEL,
			true},
		{"utun3", "100.70.1.2", "routes-mesh.txt", "routes6.txt", "", NETIF_TUNNEL, true},
		{"utun3", "100.70.1.2", "routes-vpn.txt", "routes6.txt", "", NETIF_TUNNEL, true},
		{"utun3", "10.60.7.21", "routes.txt", "routes6.txt", "", NETIF_TUNNEL, true},
		{"utun3", "10.60.7.21", "routes-half.txt", "routes6.txt", "", NETIF_TUNNEL, true},
		{"utun3", "10.60.7.21", "routes-halves-apart.txt", "routes6.txt", "", NETIF_TUNNEL,
			true},
		{"utun3", "fd7a:115c:a1e0::1", "routes-none.txt", "routes6-vpn.txt", "",
			NETIF_TUNNEL, true},
		{"utun3", "10.60.7.21", "routes-none.txt", "routes6-tunnels.txt", "", NETIF_TUNNEL,
			true},
		/* Those that nothing but a VPN makes. */
		{"ipsec0", "10.60.7.21", "routes.txt", "routes6.txt", "ipsec", NETIF_TUNNEL, true},
		{"tun0", "10.60.7.21", "routes.txt", "routes6.txt", "tun", NETIF_TUNNEL, true},
		{"tun0", "fd7a:115c:a1e0::1", "routes.txt", "routes6.txt", "", NETIF_TUNNEL, true},
		{"utun0", "fe80::1", "routes.txt", "routes6-vpn.txt", "", NETIF_TUNNEL, true},
		{"utun4", "10.60.7.21", "routes-vpn.txt", "routes6.txt", "", NETIF_TUNNEL, false},
		{"gif0", "10.60.7.21", "routes.txt", "routes6.txt", "", NETIF_TUNNEL, true},
		{"en0", "10.60.7.21", "routes.txt", "routes6.txt", "", NETIF_ETHERNET, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct netif netif = {.kind = cases[i].netif, .up = cases[i].up, .addr_count = 1};
		struct route_info routes[] = {
			route_of(cases[i].routes), route_of(cases[i].routes6)};
		struct net_addr addr;
		struct vpn_connection vpn = {.kind = ""};
		bool expected = cases[i].kind[0] != '\0';

		assert_true(net_addr_parse(cases[i].addr, &addr));
		netif.addrs = &addr;
		snprintf(netif.name, sizeof netif.name, "%s", cases[i].name);
		assert_int_equal(darwin_vpn(&netif, routes, &vpn), expected);
		assert_string_equal(vpn.kind, cases[i].kind);
		assert_string_equal(vpn.interface, expected ? cases[i].name : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions),
		cmocka_unit_test(names),
		cmocka_unit_test(dns_servers_of_every_domain),
		cmocka_unit_test(proxies_that_are_on),
		cmocka_unit_test(proxies_hostile),
		cmocka_unit_test(vpn_services),
		cmocka_unit_test(vpn_service_status),
		cmocka_unit_test(vpn_services_hostile),
		cmocka_unit_test(default_routes),
		cmocka_unit_test(route_on_link),
		cmocka_unit_test(port_names),
		cmocka_unit_test(interface_kinds),
		cmocka_unit_test(vpn_interfaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
