/* What Windows' numbers and texts mean, and its rules for single names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dns_rule.h"
#include "windows_data.h"

/* ---- versions ---- */

struct described {
	unsigned long major, minor, build;
	bool workstation, s_mode;
	int service_pack;
	const char *installation, *edition, *release;
	const char *name, *version, *channel;
};

static const struct described systems[] = {
	{10, 0, 26200, true, false, 0, "Client", "Professional", "25H2", "Windows 11 Pro 25H2",
		"11", "home-pro"},
	{10, 0, 22000, true, false, 0, "Client", "Core", "21H2", "Windows 11 Home 21H2", "11",
		"home-pro"},
	{10, 0, 21999, true, false, 0, "Client", "Core", "21H2", "Windows 10 Home 21H2", "10",
		"home-pro"},
	{10, 0, 22631, true, true, 0, "Client", "CoreSingleLanguage", "23H2",
		"Windows 11 Home 23H2 S mode", "11", "home-pro"},
	{10, 0, 26100, true, false, 0, "Client", "EnterpriseS", "24H2",
		"Windows 11 Enterprise LTSC 24H2", "11", "ltsc"},
	{10, 0, 26100, true, false, 0, "Client", "IoTEnterpriseS", "24H2",
		"Windows 11 IoT Enterprise LTSC 24H2", "11", "iot-ltsc"},
	{10, 0, 19044, true, false, 0, "Client", "IoTEnterpriseSK", "21H2",
		"Windows 10 IoTEnterpriseSK 21H2", "10", "iot-ltsc"},
	{10, 0, 19045, true, false, 0, "Client", "Education", "22H2", "Windows 10 Education 22H2",
		"10", "enterprise"},
	{10, 0, 26100, true, false, 0, "Client", "CloudEdition", "24H2", "Windows 11 SE 24H2", "11",
		"home-pro"},
	{10, 0, 22631, false, false, 0, "Client", "ServerRdsh", "23H2",
		"Windows 11 Enterprise multi-session 23H2", "11", "enterprise"},
	{10, 0, 26100, false, false, 0, "Server", "ServerStandard", "24H2",
		"Windows Server 2025 24H2", "2025", "server"},
	{10, 0, 20348, false, false, 0, "Server Core", "ServerDatacenter", "21H2",
		"Windows Server 2022 21H2", "2022", "server"},
	{10, 0, 10240, true, false, 0, "Client", "Enterprise", "", "Windows 10 Enterprise", "10",
		"enterprise"},
	{6, 3, 9600, true, false, 0, "Client", "CoreARM", "", "Windows 8.1 RT", "8.1", "home-pro"},
	{6, 3, 9600, false, false, 0, "Server", "ServerStandard", "", "Windows Server 2012 R2",
		"2012 R2", "server"},
	{6, 1, 7601, true, false, 1, "Client", "Professional", "", "Windows 7 Pro SP1", "7",
		"home-pro"},
	{6, 1, 7601, true, false, 1, "", "", "", "Windows 7 SP1", "7", ""},
	{11, 0, 40000, true, false, 0, "Client", "Core", "", "Windows Home", "", "home-pro"},
};

static void systems_are_told_by_their_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
		const struct described *d = &systems[i];
		struct windows_version v = {.major = d->major,
			.minor = d->minor,
			.build = d->build,
			.workstation = d->workstation};
		struct os_info info = {.service_pack = d->service_pack, .s_mode = d->s_mode};
		snprintf(v.installation, sizeof v.installation, "%s", d->installation);
		snprintf(info.edition, sizeof info.edition, "%s", d->edition);
		snprintf(info.release, sizeof info.release, "%s", d->release);
		windows_describe(&v, &info);
		assert_string_equal(info.name, d->name);
		assert_string_equal(info.version, d->version);
		assert_string_equal(info.channel, d->channel);
		assert_int_equal(info.build, d->build);
	}
}

static void processors_have_one_name(void **state)
{
	(void)state;
	assert_string_equal(windows_machine_name(0x8664), "x86_64");
	assert_string_equal(windows_machine_name(0xaa64), "aarch64");
	assert_string_equal(windows_machine_name(0x1c4), "arm");
	assert_string_equal(windows_machine_name(0), "");
	assert_string_equal(windows_processor_name(0), "x86");
	assert_string_equal(windows_processor_name(12), "aarch64");
	assert_string_equal(windows_processor_name(77), "");
}

/* ---- adapters and VPN connections ---- */

static void adapters_have_a_kind(void **state)
{
	static const struct {
		unsigned long type;
		const char *description;
		enum netif_kind kind;
	} rows[] = {
		{6, "Intel(R) Ethernet Connection (16) I219-LM", NETIF_ETHERNET},
		{6, "Microsoft Hyper-V Network Adapter #2", NETIF_ETHERNET},
		{6, "VMware Accelerated AMD PCNet Adapter", NETIF_ETHERNET},
		{6, "Hyper-V Virtual Ethernet Adapter", NETIF_VIRTUAL},
		{6, "VMware Virtual Ethernet Adapter for VMnet8", NETIF_VIRTUAL},
		{6, "VirtualBox Host-Only Ethernet Adapter", NETIF_VIRTUAL},
		{6, "Cisco AnyConnect Virtual Miniport Adapter for Windows x64", NETIF_TUNNEL},
		{6, "TAP-Windows Adapter V9", NETIF_TUNNEL},
		{6, "Remote NDIS based Internet Sharing Device #2", NETIF_WWAN},
		{6, "Apple Mobile Device Ethernet", NETIF_WWAN},
		{6, "Bluetooth Device (Personal Area Network)", NETIF_WWAN},
		{53, "Wintun Userspace Tunnel", NETIF_TUNNEL},
		{131, "Teredo Tunneling Pseudo-Interface", NETIF_TUNNEL},
		{71, "Intel(R) Wi-Fi 6 AX201 160MHz", NETIF_WIFI},
		{71, "Microsoft Wi-Fi Direct Virtual Adapter #3", NETIF_VIRTUAL},
		{23, "main-gtol-vpn", NETIF_PPP},
		{243, "Sierra Wireless EM7455", NETIF_WWAN},
		{244, "", NETIF_WWAN},
		{24, "Software Loopback Interface 1", NETIF_LOOPBACK},
		{999, "", NETIF_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (windows_adapter_kind(rows[i].type, rows[i].description) != rows[i].kind)
			fail_msg("%s", rows[i].description);
}

static void vpn_connections_have_a_kind(void **state)
{
	const char *name = NULL, *kind = NULL;

	(void)state;
	assert_string_equal(windows_vpn_kind("WAN Miniport (IKEv2)"), "ikev2");
	assert_string_equal(windows_vpn_kind("WAN Miniport (L2TP)"), "l2tp");
	assert_string_equal(windows_vpn_kind(""), "windows");
	assert_string_equal(windows_vpn_strategy(7), "ikev2");
	assert_string_equal(windows_vpn_strategy(14), "ikev2");
	assert_string_equal(windows_vpn_strategy(6), "sstp");
	assert_string_equal(windows_vpn_strategy(0), "windows");
	assert_string_equal(windows_vpn_strategy(1000), "windows");
	assert_true(windows_vpn_client(
		"Cisco AnyConnect Virtual Miniport Adapter for Windows x64 #2", &name, &kind));
	assert_string_equal(name, "AnyConnect");
	assert_string_equal(kind, "anyconnect");
	assert_true(windows_vpn_client("WireGuard Tunnel", &name, &kind));
	assert_false(windows_vpn_client("Intel(R) AnyConnect-like", &name, &kind));
	assert_false(windows_vpn_client("", &name, &kind));
}

/* ---- software ---- */

static void packed_codes_are_unpacked(void **state)
{
	char guid[WINDOWS_GUID_SIZE];

	(void)state;
	assert_true(windows_guid_unpack("0123456789abcdef0123456789ABCDEF", guid));
	assert_string_equal(guid, "{76543210-BA98-FEDC-1032-547698BADCFE}");
	assert_true(windows_guid_unpack("B74A5911A73A5504D9437B6A197F9EB7", guid));
	assert_string_equal(guid, "{1195A47B-A37A-4055-9D34-B7A691F7E97B}");
	assert_true(windows_is_guid(guid));
	assert_false(windows_guid_unpack("0123456789abcdef0123456789ABCDE", guid));
	assert_false(windows_guid_unpack("0123456789abcdef0123456789ABCDEF0", guid));
	assert_false(windows_guid_unpack("0123456789abcdefg123456789ABCDEF", guid));
	assert_false(windows_guid_unpack("", guid));
	assert_false(windows_is_guid("{1195A47B-A37A-4055-9D34-B7A691F7E97B"));
	assert_false(windows_is_guid("{1195A47B-A37A-4055-9D34-B7A691F7E97B}x"));
	assert_false(windows_is_guid("{1195A47BxA37A-4055-9D34-B7A691F7E97B}"));
	assert_false(windows_is_guid("KB5034441"));
	assert_false(windows_is_guid(""));
}

static void store_names_have_parts(void **state)
{
	char *name, *version;

	(void)state;
	windows_store_name("AppleInc.iTunes_12.13.1.3_x64__nzyj5cx40ttqa", &name, &version);
	assert_string_equal(name, "AppleInc.iTunes");
	assert_string_equal(version, "12.13.1.3");
	free(name);
	free(version);
	windows_store_name("Odd_Name", &name, &version);
	assert_string_equal(name, "Odd_Name");
	assert_null(version);
	free(name);
}

/* ---- proxies ---- */

static void assert_proxies(const char *text, const char *expected)
{
	char all[512] = "", url[64];

	while (windows_proxy_next(&text, url, sizeof url)) {
		strcat(all, url);
		strcat(all, " ");
	}
	assert_string_equal(all, expected);
}

static void proxies_for_https_are_taken(void **state)
{
	(void)state;
	assert_proxies("proxy:8080", "http://proxy:8080 ");
	assert_proxies(
		"http=a:80;https=b:81;ftp=c:82;socks=d:1080", "http://b:81 socks4://d:1080 ");
	assert_proxies("HTTPS=b:81", "http://b:81 ");
	assert_proxies("https=https://b:443; http://a:80", "https://b:443 http://a:80 ");
	assert_proxies("http=a:80 https=b:81", "http://b:81 ");
	assert_proxies("", "");
	assert_proxies(" ; ;;https=;", "");
	assert_proxies("https=b:81;http=http://a:80", "http://b:81 ");
	assert_proxies(
		"https=a.name.longer.than.what.there.is.room.for.in.the.url.example.org:8080;c:1",
		"http://c:1 ");
}

/* ---- rules for single names ---- */

static void the_most_special_rule_counts(void **state)
{
	static struct dns_rule rules[] = {
		{.space = ".", .servers = "any"},
		{.space = ".ncc.go.jp", .servers = "domain"},
		{.space = ".internal.gtol.ncc.go.jp", .servers = "inner domain"},
		{.space = ".go.jp", .servers = "outer domain"},
		{.space = "Portal.internal.gtol.ncc.go.jp.", .servers = "name"},
		{.space = "sec", .servers = "label"},
		{.space = "", .servers = "nothing"},
	};
	static const struct {
		const char *name, *servers;
	} rows[] = {
		{"portal.INTERNAL.gtol.ncc.go.jp", "name"},
		{"portal2.internal.gtol.ncc.go.jp", "inner domain"},
		{"sec.ccr.ncc.go.jp", "label"},
		{"security.ccr.ncc.go.jp", "domain"},
		{"ncc.go.jp", "outer domain"},
		{"xncc.go.jp", "outer domain"},
		{"www.example.org.", "any"},
	};
	struct dns_servers servers = {.rules = rules, .rule_count = sizeof rules / sizeof rules[0]};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(dns_rule_for(&servers, rows[i].name)->servers, rows[i].servers);
	servers.rules = rules + 1;
	servers.rule_count--;
	assert_null(dns_rule_for(&servers, "www.example.org"));
	assert_null(dns_rule_for(&servers, ""));
	assert_null(dns_rule_for(&(struct dns_servers){0}, "sec.ccr.ncc.go.jp"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(systems_are_told_by_their_numbers),
		cmocka_unit_test(processors_have_one_name),
		cmocka_unit_test(adapters_have_a_kind),
		cmocka_unit_test(vpn_connections_have_a_kind),
		cmocka_unit_test(packed_codes_are_unpacked),
		cmocka_unit_test(store_names_have_parts),
		cmocka_unit_test(proxies_for_https_are_taken),
		cmocka_unit_test(the_most_special_rule_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
