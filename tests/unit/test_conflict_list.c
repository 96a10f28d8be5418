/* The built-in conflict list: what it must find, and near names that it must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "match.h"
#include "rules.h"

struct row {
	const char *os, *kind, *name, *version, *publisher, *code;
	const char *product; /* id of the only product found; NULL: none */
	bool exact;
};

static const struct row rows[] = {
	{"windows", "program", "Bonjour", "3.1.0.1", "Apple Inc.", "", "bonjour", true},
	{"windows", "program", "iTunes", "12.1", "Apple Inc.", "", "bonjour", true},
	{"windows", "program", "Adobe Creative Suite 3 Design Premium", "3.0",
		"Adobe Systems Incorporated", "", "bonjour", true},
	{"windows", "store", "AppleInc.iTunes_12.13_x64__nzyj5cx40ttqa", "", "", "", "bonjour",
		true},
	{"windows", "program", "AT&T Communication Manager", "6.7.1", "AT&T", "",
		"att-communication-manager", true},
	{"windows", "program", "AT&T Communications Manager", "8.0", "AT&T", "",
		"att-communication-manager", false},
	{"windows", "program", "AT&T Global Network Client", "9", "AT&T", "", "att-global-dialer",
		false},
	{"windows", "program", "Citrix Access Gateway Plug-in", "2.2.1.4", "Citrix Systems, Inc.",
		"", "citrix-gateway", true},
	{"windows", "program", "Citrix Gateway Plug-in", "22.3", "Citrix Systems, Inc.", "",
		"citrix-gateway", false},
	{"windows", "program", "Citrix Secure Access", "24.1", "Cloud Software Group", "",
		"citrix-gateway", false},
	{"windows", "program", "Odyssey Access Client", "5.6", "Juniper Networks", "",
		"juniper-odyssey", true},
	{"windows", "program", "Kaspersky Anti-Virus 6.0 for Windows Workstations", "6.0.4.1424",
		"Kaspersky Lab", "", "kaspersky-workstation-6", true},
	{"windows", "program", "Kaspersky Endpoint Security for Windows", "12.3",
		"AO Kaspersky Lab", "", "kaspersky", true},
	{"windows", "program", "Kaspersky", "21.15", "Kaspersky", "", "kaspersky", true},
	{"windows", "program", "McAfee Firewall 5.0", "5.0", "McAfee, Inc.", "", "mcafee-firewall",
		true},
	{"windows", "program", "McAfee LiveSafe", "16", "McAfee, LLC", "", "mcafee-firewall",
		false},
	{"windows", "program", "OpenVPN 2.6.19-I001 amd64", "2.6.1901", "OpenVPN, Inc.", "",
		"openvpn", true},
	{"windows", "program", "OpenVPN Connect", "3.8.0", "OpenVPN Inc.", "", "openvpn", true},
	{"windows", "program", "ESET Security", "17.0", "ESET, spol. s r.o.", "", "eset-nod32",
		true},
	{"windows", "program", "ESET NOD32 Antivirus", "17.0", "ESET, spol. s r.o.", "",
		"eset-nod32", true},
	{"windows", "lsp", "NOD32 protected [MSAFD Tcpip [TCP/IP]]", "", "", "",
		"layered-service-provider", true},
	{"windows", "lsp", "Foo LSP over [MSAFD Tcpip [TCP/IP]]", "", "", "",
		"layered-service-provider", true},
	{"windows", "program", "Check Point Endpoint Security", "88",
		"Check Point Software Technologies Ltd.", "", "check-point", true},
	{"windows", "program", "Check Point VPN", "98", "Check Point Software Technologies", "",
		"check-point", true},
	{"windows", "program", "Oracle VirtualBox 7.2.4", "7.2.4", "Oracle and/or its affiliates",
		"", "virtualbox", true},
	{"windows", "program", "Oracle VM VirtualBox 6.1.40", "6.1.40", "Oracle Corporation", "",
		"virtualbox", true},
	{"windows", "program", "VMware Workstation", "17.5", "VMware, Inc.", "", "vmware", true},
	{"windows", "program", "HP ProtectTools Security Manager", "7", "Hewlett-Packard", "",
		"hp-protecttools", true},
	{"windows", "program", "HP Client Security Manager", "9", "HP Inc.", "", "hp-protecttools",
		false},
	{"windows", "program", "Wave EMBASSY Trust Suite by Wave Systems", "1",
		"Wave Systems Corp.", "", "wave-embassy", true},
	{"windows", "service", "RemoteAccess", "", "", "", "routing-remote-access", true},
	{"linux", "package", "openvpn", "2.6.14-1", "Bernhard Schmidt", "", "openvpn", true},
	{"linux", "package", "kesl", "12.1", "AO Kaspersky Lab", "", "kaspersky", true},
	{"linux", "package", "eea", "11", "ESET, spol. s r.o.", "", "eset-nod32", true},
	{"linux", "package", "virtualbox-7.1", "7.1", "Oracle", "", "virtualbox", true},
	{"linux", "package", "VirtualBox-7.0", "7.0", "Oracle Corporation", "", "virtualbox", true},
	{"linux", "driver", "vmnet", "", "", "", "vmware", true},
	{"macos", "bundle", "Tunnelblick", "4", "", "net.tunnelblick.tunnelblick", "openvpn", true},

	/* versions, processors, languages and platforms at the end of a name, and names without
	   publisher */
	{"windows", "program", "OpenVPN 2.3.18-I602 ", "2.3.18-I602", "", "", "openvpn", true},
	{"windows", "program", "OpenVPN 2.0.9-gui-1.0.3", "", "", "", "openvpn", true},
	{"windows", "service", "OpenVPNServiceInteractive$corp", "", "", "", "openvpn", true},
	{"windows", "program", "Kaspersky Security Cloud", "21.3.10.391", "Kaspersky", "",
		"kaspersky", true},
	{"windows", "program", "Kaspersky Endpoint Security 10 Service Pack 2 MR3 for Windows",
		"10.3", "AO Kaspersky Lab", "", "kaspersky", true},
	{"windows", "program", "Kaspersky Security 10.1.2 for Windows Server", "10.1", "", "",
		"kaspersky", true},
	{"windows", "program", "Kaspersky Anti-Virus 5.0 for Windows Workstations", "5.0.712", "",
		"", "kaspersky", true},
	{"windows", "program", "カスペルスキー　インターネット セキュリティ 2012", "12.0", "", "",
		"kaspersky", true},
	{"windows", "program", "ESET Endpoint Security (x64)", "11", "ESET, spol. s r.o.", "",
		"eset-nod32", true},
	{"windows", "program", "ESET NOD32 アンチウイルス", "9", "", "", "eset-nod32", true},
	{"windows", "program", "McAfee Host Intrusion Prevention 8.0 Patch 4", "8.0", "", "",
		"mcafee-firewall", false},
	{"windows", "program", "Microsoft Virtual PC 2007 SP1", "6.0.192.0",
		"Microsoft Corporation", "", "virtual-pc", true},
	{"windows", "driver", "VPCNetS2", "", "", "", "virtual-pc", true},
	{"windows", "program", "Oracle VM VirtualBox 6.1.38 (64-bit)", "6.1.38", "", "",
		"virtualbox", true},
	{"windows", "adapter", "VirtualBox Host-Only Ethernet Adapter #2", "", "", "", "virtualbox",
		true},
	{"windows", "program", "iTunes (64 ビット)", "12.13", "", "", "bonjour", true},
	{"windows", "program", "Drive Encryption For HP ProtectTools 7.0.28.30376", "7.0", "", "",
		"hp-protecttools", true},

	/* near names, and parts of the OS */
	{"windows", "program", "ESET Endpoint Encryption", "5.2.0", "ESET, spol. s r.o.", "", NULL,
		false},
	{"windows", "program", "ESET Endpoint Encryption (x64)", "5.2.0", "", "", NULL, false},
	{"windows", "program", "Kaspersky Endpoint Security 10 for Windows Administration Plug-in",
		"10", "AO Kaspersky Lab", "", NULL, false},
	{"windows", "program", "カスペルスキー パスワード マネージャー", "9", "AO Kaspersky Lab",
		"", NULL, false},
	{"windows", "program", "ZoneAlarm Security Toolbar", "1.0", "Check Point", "", NULL, false},
	{"windows", "program", "TAP-Windows 9.21.2", "9.21.2", "", "", NULL, false},
	{"windows", "program", "Mobile Hotspot", "1.0", "Someone", "", NULL, false},
	{"windows", "service", "OpenVPNServiceInteractives", "", "", "", NULL, false},
	{"windows", "program", "Apple Mobile Device Support", "1.0", "Apple Inc.", "", NULL, false},
	{"windows", "program", "Apple Application Support (64-bit)", "1.0", "Apple Inc.", "", NULL,
		false},
	{"windows", "program", "Apple Software Update", "1.0", "Apple Inc.", "", NULL, false},
	{"windows", "program", "iCloud", "1.0", "Apple Inc.", "", NULL, false},
	{"windows", "program", "Bonjour SDK", "1.0", "Apple Inc.", "", NULL, false},
	{"windows", "program", "Bonjour", "1.0", "Other GmbH", "", NULL, false},
	{"windows", "program", "Bonjour Browser", "1.0", "Hobbyist", "", NULL, false},
	{"windows", "program", "Adobe Creative Suite 4 Design Premium", "1.0",
		"Adobe Systems Incorporated", "", NULL, false},
	{"windows", "program", "Adobe Creative Cloud", "1.0", "Adobe Inc.", "", NULL, false},
	{"windows", "program", "Adobe Acrobat Reader", "1.0", "Adobe", "", NULL, false},
	{"windows", "program", "Adobe Creative Suite 33", "1.0", "Adobe", "", NULL, false},
	{"windows", "program", "Cisco Jabber", "1.0", "Cisco Systems, Inc.", "", NULL, false},
	{"windows", "program", "Cisco Secure Client - AnyConnect VPN ", "1.0",
		"Cisco Systems, Inc.", "", NULL, false},
	{"windows", "program", "Citrix Workspace 2402", "1.0", "Citrix Systems, Inc.", "", NULL,
		false},
	{"windows", "program", "Citrix Endpoint Analysis", "1.0", "Citrix", "", NULL, false},
	{"windows", "program", "Citrix Secure Access Endpoint Analysis", "1.0", "Citrix", "", NULL,
		false},
	{"windows", "program", "Kaspersky Password Manager", "1.0", "AO Kaspersky Lab", "", NULL,
		false},
	{"windows", "program", "Kaspersky VPN Secure Connection", "1.0", "Kaspersky", "", NULL,
		false},
	{"windows", "program", "Kaspersky Security Center Network Agent", "1.0", "AO Kaspersky Lab",
		"", NULL, false},
	{"windows", "program", "Kaspersky Safe Kids", "1.0", "Kaspersky", "", NULL, false},
	{"windows", "program", "Kaspersky Virus Removal Tool", "1.0", "Kaspersky Lab", "", NULL,
		false},
	{"windows", "program", "McAfee WebAdvisor", "1.0", "McAfee, LLC", "", NULL, false},
	{"windows", "program", "McAfee Security Scan Plus", "1.0", "McAfee, LLC", "", NULL, false},
	{"windows", "program", "McAfee Agent", "1.0", "McAfee", "", NULL, false},
	{"windows", "program", "McAfee SiteAdvisor", "1.0", "McAfee", "", NULL, false},
	{"windows", "program", "ESET AV Remover", "1.0", "ESET, spol. s r.o.", "", NULL, false},
	{"windows", "program", "ESET Online Scanner", "1.0", "ESET, spol. s r.o.", "", NULL, false},
	{"windows", "program", "ESET Password Manager", "1.0", "ESET, spol. s r.o.", "", NULL,
		false},
	{"windows", "program", "OpenVPN Access Server", "1.0", "OpenVPN Inc.", "", NULL, false},
	{"windows", "program", "OpenVPN Server Manual", "1.0", "Someone", "", NULL, false},
	{"windows", "program", "OpenVPN 2 Cookbook", "1.0", "Packt", "", NULL, false},
	{"windows", "program", "Check Point SmartConsole R81", "1.0",
		"Check Point Software Technologies", "", NULL, false},
	{"windows", "program", "Java 8 Update 401", "1.0", "Oracle Corporation", "", NULL, false},
	{"windows", "program", "HP Support Assistant", "1.0", "HP Inc.", "", NULL, false},
	{"windows", "program", "Lenovo Vantage", "1.0", "Lenovo", "", NULL, false},
	{"windows", "program", "Lenovo System Update", "1.0", "Lenovo", "", NULL, false},
	{"windows", "program", "VMware Horizon Client", "1.0", "VMware, Inc.", "", NULL, false},
	{"windows", "program", "VMware Tools", "1.0", "VMware, Inc.", "", NULL, false},
	{"windows", "program", "Venturi Studio", "1.0", "Acme", "", NULL, false},
	{"windows", "program", "Windows Firewall Control", "1.0", "Malwarebytes", "", NULL, false},
	{"windows", "program", "Symantec Endpoint Protection Manager", "1.0", "Symantec", "", NULL,
		false},
	{"windows", "program", "Oracle VirtualBox Guest Additions 7.0", "1.0", "Oracle", "", NULL,
		false},
	{"windows", "adapter", "Hyper-V Virtual Ethernet Adapter", "", "", "", NULL, false},
	{"windows", "adapter", "Microsoft Wi-Fi Direct Virtual Adapter", "", "", "", NULL, false},
	{"windows", "lsp", "MSAFD Tcpip [TCP/IP]", "", "", "", NULL, false},
	{"windows", "lsp", "RSVP TCPv6 Service Provider", "", "", "", NULL, false},
	{"windows", "state", "internet-explorer", "11.0", "", "", NULL, false},
	{"linux", "package", "easy-rsa", "1", "", "", NULL, false},
	{"linux", "package", "network-manager-openvpn", "1", "", "", NULL, false},
	{"linux", "package", "openvpn-auth-ldap", "1", "", "", NULL, false},
	{"linux", "package", "virtualbox-guest-utils", "1", "", "", NULL, false},
	{"linux", "package", "virtualbox-dkms", "1", "", "", NULL, false},
	{"linux", "package", "icaclient", "1", "Citrix Systems, Inc.", "", NULL, false},
	{"linux", "package", "efs", "1", "Somebody", "", NULL, false},
	{"linux", "package", "libnss-mdns", "1", "", "", NULL, false},
	{"linux", "package", "avahi-daemon", "1", "", "", NULL, false},
	{"linux", "driver", "vmw_vmci", "", "", "", NULL, false},
	{"linux", "driver", "vboxguest", "", "", "", NULL, false},
	{"linux", "driver", "bridge", "", "", "", NULL, false},
	{"linux", "driver", "vmxnet3", "", "", "", NULL, false},
	{"macos", "bundle", "iTunes", "12", "", "com.apple.iTunes", NULL, false},
};

static bool is_right(const struct row *row, const struct match_hits *hits)
{
	if (row->product == NULL)
		return hits->count == 0;
	return hits->count == 1 && strcmp(hits->items[0].software->id, row->product) == 0 &&
	       hits->items[0].exact == row->exact;
}

static bool check_row(const struct row *row, const struct rules *rules, const struct strs *all)
{
	struct inventory inventory;
	struct match_hits hits;
	enum inventory_kind kind = INVENTORY_PACKAGE;

	assert_int_equal(inventory_kind_parse(row->kind, &kind), 0);
	inventory_init(&inventory, row->os);
	inventory_add(&inventory, kind, row->name, row->version, row->publisher, row->code);
	match_software(&inventory, rules, all, &hits);
	bool right = is_right(row, &hits);
	if (!right)
		print_error("%s %s %s: %zu found, the first %s\n", row->os, row->kind, row->name,
			hits.count, hits.count > 0 ? hits.items[0].software->id : "-");
	match_hits_release(&hits);
	inventory_release(&inventory);
	return right;
}

static void the_list_finds_what_it_must_and_nothing_else(void **state)
{
	struct diags diags = {0};
	struct rule_source source = rules_builtin();
	struct rules *rules = rules_load(&source, 1, &diags);
	struct strs all = {0};
	size_t wrong = 0;
	(void)state;

	assert_non_null(rules);
	strs_add(&all, "*");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		wrong += !check_row(&rows[i], rules, &all);
	assert_int_equal(wrong, 0);
	strs_release(&all);
	rules_free(rules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_finds_what_it_must_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
