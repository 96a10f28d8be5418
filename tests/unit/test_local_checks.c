/* The checks that read this terminal: software matching, operating systems, judges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "check.h"
#include "match.h"
#include "plan.h"
#include "run.h"
#include "support.h"

#define TITLE        "title: {ja: あ, en: a}"
#define DAY(days)    ((double)(days)*86400 + 43200)
#define D_2026_11_21 20778

/* Vendor dates after endoflife.date, snapshot of 2026-08-22. */
static const char rule_text[] =
	"version: 1\n"
	"hosts:\n"
	"  sec: {name: sec.example.jp, addresses: [192.0.2.1, 192.0.2.2]}\n"
	"checks:\n"
	"  vendor: {check: os, lifecycle: true, " TITLE "}\n"
	"  plain: {check: os, " TITLE "}\n"
	"  listed: {check: os, allow: [windows 7 sp1+, windows 8.1, windows 10 build 19042,\n"
	"    macos 10.12], deny-editions: RT, " TITLE "}\n"
	"  both: {check: os, lifecycle: true, allow: [linux debian], warn-before: 0, " TITLE "}\n"
	"  disk: {check: disk, path-linux: /, " TITLE "}\n"
	"  software: {check: software, " TITLE "}\n"
	"  some: {check: software, match: [openvpn, k*], " TITLE "}\n"
	"  vpn: {check: vpn, names: [main-*], " TITLE "}\n"
	"  link: {check: link, " TITLE "}\n"
	"  link-2017: {check: link, mobile: fail, wifi: pass, " TITLE "}\n"
	"  proxy: {check: proxy, host: sec, " TITLE "}\n"
	"  proxy-shown: {check: proxy, " TITLE "}\n"
	"  ask: {check: manual, question: {ja: あ, en: a}, ask: carrier, " TITLE "}\n"
	"  ask-it: {check: manual, question: {ja: あ, en: a}, " TITLE "}\n"
	"lifecycle:\n"
	"  date: 2026-08-22\n"
	"  entries:\n"
	"    w11-25h2: {os: windows, build: 26200, channel: home-pro, name: W, end: 2027-10-12}\n"
	"    w11-24h2: {os: windows, build: 26100, channel: home-pro, name: W, end: 2026-10-13}\n"
	"    w11-24h2-e: {os: windows, build: 26100, channel: enterprise, name: W,\n"
	"      end: 2027-10-12}\n"
	"    w10-22h2: {os: windows, build: 19045, name: W, end: 2025-10-14,\n"
	"      extended: 2028-10-10, extended-name: ESU}\n"
	"    w7: {os: windows, build: 7601, name: W, end: 2020-01-14}\n"
	"    m26: {os: macos, version: '26*', name: M, end: none}\n"
	"    m13: {os: macos, version: '13*', name: M, end: 2025-09-15}\n"
	"    d13: {os: linux, distro: debian, version: '13', name: D, end: 2028-08-09,\n"
	"      extended: 2030-06-30}\n"
	"    d12: {os: linux, distro: debian, version: '12', name: D, end: 2026-07-11,\n"
	"      extended: 2028-06-30, extended-name: LTS}\n"
	"    d11: {os: linux, distro: debian, version: '11', name: D, end: 2024-08-14,\n"
	"      extended: 2026-08-31, extended-name: LTS}\n"
	"    u24: {os: linux, distro: ubuntu, version: '24.04', name: U, end: 2027-01-31}\n"
	"    r9: {os: linux, distro: rhel, version: '9*', name: R, end: 2032-05-31}\n"
	"software:\n"
	"  bonjour: {" TITLE ", item: 1, match: [{os: windows, kind: program, name: Bonjour,\n"
	"      publisher: Apple Inc.}, {os: windows, kind: service, name: Bonjour Service}]}\n"
	"  itunes: {" TITLE ", item: 1, match: [{os: windows, kind: program, name: iTunes,\n"
	"      publisher: Apple Inc.}]}\n"
	"  cs3: {" TITLE ", item: 1, match: [{os: windows, kind: program,\n"
	"      name: Adobe Creative Suite 3*, publisher: Adobe*}]}\n"
	"  att: {" TITLE ", item: 2, match: [\n"
	"      {os: windows, kind: program, name: AT&T Communication* Manager*,\n"
	"        version: 6.2 | 6.7},\n"
	"      {os: windows, kind: program, name: AT&T Communication* Manager*, other: true}]}\n"
	"  kaspersky: {" TITLE ", item: 7, except: ['*password*', '*vpn secure*', '*safe kids*',\n"
	"      '*network agent*', '*removal*'], match: [\n"
	"      {os: windows, kind: program, name: Kaspersky*, publisher: '*Kaspersky*',\n"
	"        version: 6.*},\n"
	"      {os: windows, kind: program, name: Kaspersky*, publisher: '*Kaspersky*',\n"
	"        other: true}]}\n"
	"  mcafee: {" TITLE ", item: 8, match: [\n"
	"      {os: windows, kind: program, name: McAfee *Firewall*, publisher: 'McAfee*',\n"
	"        version: 5},\n"
	"      {os: windows, kind: program, name: McAfee *Firewall*, other: true}]}\n"
	"  openvpn: {" TITLE ", item: 11, match: [\n"
	"      {os: linux, kind: package, name: openvpn},\n"
	"      {os: windows, kind: program, name: OpenVPN 2*},\n"
	"      {os: windows, kind: program, code: '{461BDF86-D389-4471-BF36-99806B64C127}'}]}\n"
	"  eset: {" TITLE ", item: 14, match: [{os: windows, kind: program,\n"
	"      name: ESET NOD32*, publisher: ESET*}]}\n"
	"  venturi: {" TITLE ", item: 15, match: [{os: windows, kind: program,\n"
	"      name: '*Venturi*', publisher: Venturi Wireless*}]}\n"
	"  checkpoint: {" TITLE ", item: 17, match: [\n"
	"      {os: windows, kind: program, name: Check Point VPN},\n"
	"      {os: windows, kind: program, name: Check Point Endpoint Security}]}\n"
	"  vms: {" TITLE ", item: 18, match: [\n"
	"      {os: linux, kind: driver, name: vboxnetflt},\n"
	"      {os: windows, kind: driver, name: VBoxNetLwf}]}\n"
	"profiles:\n"
	"  all: {" TITLE ", checks: ['*']}\n";

static struct rules *rules;

static int load(void **state)
{
	struct rule_source source = {"rules.yaml", rule_text, sizeof rule_text - 1};
	struct diags diags = {0};
	(void)state;

	rules = rules_load(&source, 1, &diags);
	diags_print(&diags, stderr);
	diags_release(&diags);
	return rules != NULL ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	rules_free(rules);
	return 0;
}

static struct judgement judge(const char *id, const struct facts *facts, double now, bool vpn)
{
	struct judge_input in = {.check = rules_check(rules, id),
		.rules = rules,
		.facts = facts,
		.now = now,
		.vpn_required = vpn};
	struct judgement out = {.verdict = VERDICT_COUNT};

	assert_non_null(in.check);
	in.check->type->judge(&in, &out);
	/* What a judge says must stand in its table. */
	for (size_t i = 0; out.cause != NULL; i++) {
		assert_non_null(in.check->type->causes[i]);
		if (strcmp(in.check->type->causes[i], out.cause) == 0)
			break;
	}
	assert_true(out.cause == NULL || cause_find(out.cause) != NULL);
	return out;
}

static void expect(const char *what, struct judgement out, enum verdict verdict, const char *cause)
{
	if (out.verdict != verdict || (out.cause == NULL) != (cause == NULL) ||
		(cause != NULL && strcmp(out.cause, cause) != 0))
		fail_msg("%s: %s %s", what, verdict_name(out.verdict), out.cause ? out.cause : "-");
}

/* Runs a check's collect slot for a made-up terminal. */
static void collect(const char *id, const struct terminal *terminal, struct facts *facts)
{
	struct plan plan = {.rules = rules, .terminal = terminal};
	struct run *run = run_new(&plan);
	struct check_run c = {.check = rules_check(rules, id), .run = run};

	facts_init(&c.facts);
	facts_init(&c.timings);
	assert_non_null(c.check);
	c.check->type->collect(&c);
	facts_release(&c.timings);
	*facts = c.facts;
	run_free(run);
}

/* ---- software ---- */

static void match(const char *id, const struct inventory *inv, struct match_hits *hits)
{
	match_software(inv, rules, rule_list(rules_check(rules, id), "match"), hits);
}

static void programs(struct inventory *inv, const char *const rows[][3], size_t count)
{
	inventory_init(inv, "windows");
	for (int kind = 0; kind < INVENTORY_KIND_COUNT; kind++)
		inv->complete[kind] = true;
	for (size_t i = 0; i < count; i++)
		inventory_add(inv, INVENTORY_PROGRAM, rows[i][0], rows[i][1], rows[i][2], NULL);
}

static void conflicts_are_found(void **state)
{
	static const struct {
		const char *name, *version, *publisher, *id;
		bool exact;
	} cases[] = {
		{"Bonjour", "3.1.0.1", "Apple Inc.", "bonjour", true},
		{" \xc2\xa0"
		 "Bonjour\xe3\x80\x80 ",
			"", "Apple  Inc.", "bonjour", true},
		{"\xef\xbc\xa2onjour", "", "apple inc.", "bonjour", true}, /* full-width B */
		{"iTunes", "12.13", "Apple Inc.", "itunes", true},
		{"Adobe Creative Suite 3 Design Premium", "1.0", "Adobe Systems Incorporated",
			"cs3", true},
		{"AT&T Communication Manager", "6.2.0.5", "AT&T", "att", true},
		{"AT&T Communications Manager 6.7", "6.7", "Smith Micro", "att", true},
		{"AT&T Communication Manager", "6.20", "AT&T", "att", false},
		{"AT&T Communication Manager", "", "AT&T", "att", false},
		{"Kaspersky Anti-Virus 6.0", "6.0.4.1424", "Kaspersky Lab", "kaspersky", true},
		{"Kaspersky Endpoint Security", "12.5.0.539", "AO Kaspersky Lab", "kaspersky",
			false},
		{"McAfee Personal Firewall", "5.0", "McAfee, Inc.", "mcafee", true},
		{"OpenVPN 2.6.19-I001 amd64", "2.6.1901", "OpenVPN, Inc.", "openvpn", true},
		{"ESET NOD32 Antivirus", "17", "ESET, spol. s r.o.", "eset", true},
		{"ESET\xc2\xae NOD32 Antivirus", "17", "ESET, spol. s r.o.", "eset", true},
		{"Venturi Client", "3", "Venturi Wireless", "venturi", true},
		{"Check Point VPN", "98", "Check Point Software Technologies", "checkpoint", true},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *const row[1][3] = {
			{cases[i].name, cases[i].version, cases[i].publisher}};
		struct inventory inv;
		struct match_hits hits;

		programs(&inv, row, 1);
		match("software", &inv, &hits);
		if (hits.count != 1)
			fail_msg("%s: %zu hits", cases[i].name, hits.count);
		assert_string_equal(hits.items[0].software->id, cases[i].id);
		assert_int_equal(hits.items[0].exact, cases[i].exact);
		assert_true(hits.complete);
		match_hits_release(&hits);
		inventory_release(&inv);
	}
}

/* A false alarm sends a hospital to uninstall something for nothing. */
static void near_names_do_not_match(void **state)
{
	static const char *const rows[][3] = {
		{"Apple Mobile Device Support", "17", "Apple Inc."},
		{"Apple Application Support (64-bit)", "8", "Apple Inc."},
		{"Apple Software Update", "2.7", "Apple Inc."},
		{"iCloud", "7", "Apple Inc."},
		{"Bonjour SDK", "3", "Apple Inc."},
		{"Bonjour", "1", "Bonjour Software SARL"},
		{"Bonjour Tristesse Reader", "1", "Apple Inc."},
		{"Adobe Creative Suite 4 Design Premium", "4", "Adobe Systems Incorporated"},
		{"Adobe Creative Cloud", "6", "Adobe Inc."},
		{"Adobe Acrobat Reader DC", "24", "Adobe Systems Incorporated"},
		{"Cisco Jabber", "14", "Cisco Systems, Inc"},
		{"Cisco Webex Meetings", "44", "Cisco Webex LLC"},
		{"Cisco Secure Endpoint", "8", "Cisco Systems, Inc."},
		{"Cisco Secure Client - Diagnostics and Reporting Tool", "5",
			"Cisco Systems, Inc."},
		{"Citrix Workspace 2402", "24", "Citrix Systems, Inc."},
		{"Citrix Endpoint Analysis", "21", "Citrix Systems, Inc."},
		{"Kaspersky Password Manager", "24", "Kaspersky"},
		{"Kaspersky VPN Secure Connection", "21", "Kaspersky"},
		{"Kaspersky Security Center Network Agent", "14", "AO Kaspersky Lab"},
		{"Kaspersky Safe Kids", "23", "Kaspersky"},
		{"Kaspersky Virus Removal Tool", "20", "AO Kaspersky Lab"},
		{"McAfee WebAdvisor", "4", "McAfee, LLC"},
		{"McAfee Security Scan Plus", "4", "McAfee, LLC"},
		{"McAfee Agent", "5", "McAfee, LLC"},
		{"McAfee SiteAdvisor", "3", "McAfee, Inc."},
		{"ESET AV Remover", "1", "ESET, spol. s r.o."},
		{"ESET Online Scanner", "3", "ESET, spol. s r.o."},
		{"ESET Password Manager", "3", "ESET, spol. s r.o."},
		{"OpenVPN Access Server", "2", "OpenVPN Inc."},
		{"OpenVPN server manual", "2", ""},
		{"My OpenVPN 2 notes", "2", ""},
		{"Check Point SmartConsole R81", "81", "Check Point Software Technologies"},
		{"Java 8 Update 401", "8", "Oracle Corporation"},
		{"HP Support Assistant", "9", "HP Inc."},
		{"Lenovo Vantage", "1", "Lenovo"},
		{"Lenovo System Update", "5", "Lenovo"},
		{"VMware Horizon Client", "8", "VMware, Inc."},
		{"VMware Tools", "12", "VMware, Inc."},
		{"Venturi Audio Player", "1", "Venturi Media"},
		{"", "", ""},
	};
	struct inventory inv;
	struct match_hits hits;
	(void)state;

	programs(&inv, rows, sizeof rows / sizeof rows[0]);
	match("software", &inv, &hits);
	for (size_t i = 0; i < hits.count; i++)
		fail_msg("%s taken for %s", hits.items[i].entry->name, hits.items[i].software->id);
	assert_true(hits.complete);
	match_hits_release(&hits);
	inventory_release(&inv);
}

static void everything_named_must_fit(void **state)
{
	struct inventory inv;
	struct match_hits hits;
	(void)state;

	programs(&inv, NULL, 0);
	/* By product code, whatever the localised name is. */
	inventory_add(
		&inv, INVENTORY_PROGRAM, "何か", "1", "", "{461bdf86-d389-4471-bf36-99806b64c127}");
	inventory_add(&inv, INVENTORY_PROGRAM, "何か", "1", "", "{461bdf86}");
	/* Another kind; a kind for another OS. */
	inventory_add(&inv, INVENTORY_SERVICE, "Bonjour", "", "Apple Inc.", "");
	inventory_add(&inv, INVENTORY_PACKAGE, "openvpn", "2.6", "", "");
	inventory_add(&inv, INVENTORY_SERVICE, "Bonjour Service", "", "", "");
	/* Twice the same program, as the 32- and 64-bit views show it; and another version. */
	inventory_add(&inv, INVENTORY_PROGRAM, "iTunes", "12", "Apple Inc.", "a");
	inventory_add(&inv, INVENTORY_PROGRAM, "iTunes", "12", "Apple Inc.", "b");
	inventory_add(&inv, INVENTORY_PROGRAM, "iTunes", "11", "Apple Inc.", "c");
	match("software", &inv, &hits);
	assert_int_equal(hits.count, 4);
	assert_string_equal(hits.items[0].entry->name, "Bonjour Service");
	assert_string_equal(hits.items[1].software->id, "itunes");
	assert_string_equal(hits.items[2].software->id, "itunes");
	assert_string_equal(hits.items[3].software->id, "openvpn");
	match_hits_release(&hits);
	/* Only what was asked for. */
	match("some", &inv, &hits);
	assert_int_equal(hits.count, 1);
	match_hits_release(&hits);
	inventory_release(&inv);
}

static void completeness_is_by_kind(void **state)
{
	struct inventory inv;
	struct match_hits hits;
	(void)state;

	inventory_init(&inv, "linux");
	inventory_add(&inv, INVENTORY_PACKAGE, "openvpn", "2.6", "", "");
	inventory_add(&inv, INVENTORY_DRIVER, "vboxnetflt", "", "", "");
	match("software", &inv, &hits);
	assert_int_equal(hits.count, 2);
	assert_false(hits.complete);
	match_hits_release(&hits);
	inv.complete[INVENTORY_PACKAGE] = true;
	match("software", &inv, &hits);
	assert_false(hits.complete); /* drivers are asked for too */
	match_hits_release(&hits);
	match("some", &inv, &hits);
	assert_true(hits.complete); /* but not here */
	match_hits_release(&hits);
	inventory_release(&inv);
}

static void names_are_normalised(void **state)
{
	static const char *const pairs[][2] = {
		{"  a \t b\r\n", "a b"},
		{"Cisco\xc2\xa0Secure Client ", "Cisco Secure Client"},
		{"\xe3\x80\x80\xef\xbc\xa1\xef\xbc\x91", "A1"},
		{"VMware\xe2\x84\xa2 Tools\xef\xbb\xbf", "VMware Tools"},
		{"Bonjour プリント", "Bonjour プリント"},
		{"\xff\xfe", "\xff\xfe"},
		{"", ""},
	};
	struct strbuf out;
	(void)state;

	strbuf_init(&out, 200);
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		match_normalise(pairs[i][0], &out);
		assert_string_equal(out.data, pairs[i][1]);
	}
	strbuf_release(&out);
}

/* complete: -1 absent; the hits' `exact` as letters. */
static void judge_software(void **state)
{
	static const struct {
		int complete;
		const char *exact;
		enum verdict verdict;
		const char *cause;
	} cases[] = {
		{1, "", VERDICT_PASS, NULL},
		{1, "y", VERDICT_FAIL, "software.conflict"},
		{1, "n", VERDICT_WARN, "software.conflict-version"},
		{1, "nny", VERDICT_FAIL, "software.conflict"},
		{0, "", VERDICT_UNKNOWN, "run.unreadable"},
		{0, "y", VERDICT_FAIL, "software.conflict"},
		{0, "n", VERDICT_UNKNOWN, "run.unreadable"},
		{-1, "", VERDICT_UNKNOWN, "run.unreadable"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct facts facts;
		json_t *found = json_array();

		facts_init(&facts);
		if (cases[i].complete >= 0)
			facts_bool(&facts, "complete", cases[i].complete == 1);
		for (const char *c = cases[i].exact; *c != '\0'; c++)
			json_array_append_new(found, json_pack("{s:b}", "exact", *c == 'y'));
		facts_json(&facts, "found", found);
		expect(cases[i].exact, judge("software", &facts, 0, false), cases[i].verdict,
			cases[i].cause);
		facts_release(&facts);
	}
}

/* ---- operating systems ---- */

static void os_facts(struct facts *facts, const struct os_info *os)
{
	struct terminal t = {.os = *os, .os_known = true};

	strbuf_init(&t.why, 100);
	collect("vendor", &t, facts);
	strbuf_release(&t.why);
}

static void judge_os(void **state)
{
	static const struct {
		const char *check;
		struct os_info os;
		enum verdict verdict;
		const char *cause;
	} cases[] = {
	/* clang-format off */
#define WIN(v, b, c) {.family = "windows", .version = v, .build = b, .channel = c}
#define MAC(v) {.family = "macos", .version = v}
#define LIN(d, v) {.family = "linux", .distro = d, .version = v}
	        {"vendor", WIN("11", 26200, "home-pro"), VERDICT_PASS, NULL},
	        {"vendor", WIN("11", 26100, "home-pro"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", WIN("11", 26100, "enterprise"), VERDICT_PASS, NULL},
	        {"vendor", WIN("11", 26100, "server"), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", WIN("11", 28000, "home-pro"), VERDICT_PASS, NULL}, /* newer than the data */
	        {"vendor", WIN("11", 26150, "home-pro"), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", WIN("10", 19045, "home-pro"), VERDICT_WARN, "os.extended"},
	        {"vendor", WIN("7", 7601, "home-pro"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", WIN("XP", 2600, "home-pro"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", WIN("", 0, ""), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", MAC("26.6.2"), VERDICT_PASS, NULL},
	        {"vendor", MAC("27.0"), VERDICT_PASS, NULL},
	        {"vendor", MAC("13.7.8"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", MAC("10.12.6"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", MAC("14.1"), VERDICT_UNKNOWN, "os.unknown"}, /* a hole in the data */
	        {"vendor", LIN("debian", "13"), VERDICT_PASS, NULL},
	        {"vendor", LIN("debian", "12"), VERDICT_WARN, "os.extended"},
	        {"vendor", LIN("debian", "11"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", LIN("debian", "9"), VERDICT_FAIL, "os.end-of-life"},
	        {"vendor", LIN("debian", "14"), VERDICT_PASS, NULL},
	        {"vendor", LIN("debian", ""), VERDICT_UNKNOWN, "os.unknown"}, /* testing, sid */
	        {"vendor", LIN("ubuntu", "24.04"), VERDICT_WARN, "os.ending-soon"},
	        /* The oldest known is still supported: nothing follows for an older one. */
	        {"vendor", LIN("ubuntu", "22.04"), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", LIN("rhel", "9.4"), VERDICT_PASS, NULL},
	        {"vendor", LIN("arch", ""), VERDICT_UNKNOWN, "os.unknown"},
	        {"vendor", LIN("gentoo", "99"), VERDICT_UNKNOWN, "os.unknown"},
	        /* Without a list, support decides, never nothing. */
	        {"plain", WIN("11", 26100, "home-pro"), VERDICT_FAIL, "os.end-of-life"},
	        {"listed", WIN("10", 19042, "home-pro"), VERDICT_PASS, NULL},
	        {"listed", WIN("10", 19045, "home-pro"), VERDICT_FAIL, "os.unsupported"},
	        {"listed", WIN("7", 7600, "home-pro"), VERDICT_FAIL, "os.unsupported"},
	        {"listed", {.family = "windows", .version = "7", .service_pack = 1}, VERDICT_PASS, NULL},
	        {"listed", {.family = "windows", .version = "8.1", .arch = "x86_64"}, VERDICT_PASS, NULL},
	        {"listed", {.family = "windows", .version = "8.1", .arch = "arm"}, VERDICT_FAIL,
	                "os.unsupported"},
	        {"listed", {.family = "windows", .version = "8.1", .edition = "RT"}, VERDICT_FAIL,
	                "os.unsupported"},
	        {"listed", MAC("10.12.6"), VERDICT_PASS, NULL},
	        {"listed", MAC("10.13"), VERDICT_FAIL, "os.unsupported"},
	        {"listed", LIN("debian", "12"), VERDICT_FAIL, "os.unsupported"},
	        {"both", LIN("ubuntu", "24.04"), VERDICT_FAIL, "os.unsupported"},
	        {"both", LIN("debian", "11"), VERDICT_FAIL, "os.end-of-life"},
	        {"both", LIN("debian", "13"), VERDICT_PASS, NULL},
		/* clang-format on */
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct facts facts;

		os_facts(&facts, &cases[i].os);
		expect(cases[i].os.version, judge(cases[i].check, &facts, DAY(D_2026_11_21), false),
			cases[i].verdict, cases[i].cause);
		facts_release(&facts);
	}
}

/* The last day of support counts; `warn-before` counts back from it. */
static void support_ends_on_a_day(void **state)
{
	static const struct {
		long long day;
		enum support_state expected;
	} cases[] = {
		{20645 - 91, SUPPORT_CURRENT},
		{20645 - 90, SUPPORT_ENDING},
		{20645, SUPPORT_ENDING}, /* 2026-07-11 */
		{20645 + 1, SUPPORT_EXTENDED},
		{21365, SUPPORT_EXTENDED}, /* 2028-06-30 */
		{21365 + 1, SUPPORT_ENDED},
	};
	const struct os_info debian = LIN("debian", "12"), mac = MAC("26.1");
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(
			support_find(rules, &debian, cases[i].day, 90).state, cases[i].expected);
	assert_int_equal(support_find(rules, &mac, 99999, 90).state, SUPPORT_CURRENT);
}

static void os_facts_are_told(void **state)
{
	const struct os_info debian = {.family = "linux",
		.distro = "debian",
		.version = "12",
		.name = "Debian",
		.kernel = "6.1",
		.arch = "x86_64"};
	const struct os_info newer = WIN("11", 99999, "home-pro");
	struct terminal unknown = {0};
	struct facts facts;
	(void)state;

	os_facts(&facts, &debian);
	assert_string_equal(facts_get_str(&facts, "distro"), "debian");
	assert_int_equal(facts_get_int(&facts, "end", -1), 20645);
	assert_int_equal(facts_get_int(&facts, "extended_end", -1), 21365);
	assert_string_equal(facts_get_str(&facts, "extended_name"), "LTS");
	assert_false(facts_get_bool(&facts, "newer_than_data", true));
	assert_false(facts_has(&facts, "build"));
	facts_release(&facts);
	os_facts(&facts, &newer);
	assert_true(facts_get_bool(&facts, "newer_than_data", false));
	assert_int_equal(facts_get_int(&facts, "lifecycle_date", -1), 20687);
	facts_release(&facts);

	strbuf_init(&unknown.why, 100);
	strbuf_adds(&unknown.why, "no file");
	collect("vendor", &unknown, &facts);
	assert_string_equal(facts_get_str(&facts, "error"), "no file");
	expect("unreadable", judge("vendor", &facts, 0, false), VERDICT_UNKNOWN, "run.unreadable");
	facts_release(&facts);
	strbuf_release(&unknown.why);
}

static void os_expressions(void **state)
{
	static const char *const bad[] = {"", "win 10", "windows 10 pro", "windows build",
		"windows build x", "windows build 19041-", "windows 7 sp", "windows 7 spx",
		"macos debian 12", "macos 10.12 sp1", "linux debian ubuntu", "linux 12 debian",
		"windows 10 build 1234567890"};
	static const struct {
		const char *expression;
		struct os_info os;
		bool match;
	} cases[] = {
		/* clang-format off */
	        {"windows", WIN("10", 19041, ""), true},
	        {"Windows 10 Build 19041", WIN("10", 19041, ""), true},
	        {"windows 10 build 19041", WIN("10", 19042, ""), false},
	        {"windows 10 build 19041+", WIN("10", 19042, ""), true},
	        {"windows 10 build 19041+", WIN("10", 19040, ""), false},
	        {"windows 10", WIN("11", 22000, ""), false},
	        {"windows >=10", WIN("11", 22000, ""), true},
	        {"windows 10", WIN("10", 14393, "server"), false},
	        {"windows server 2022", WIN("2022", 20348, "server"), true},
	        {"windows 8.1", WIN("8", 9200, ""), false},
	        {"windows 7 sp1+", {.family = "windows", .version = "7", .service_pack = 2}, true},
	        {"windows 7 sp1", {.family = "windows", .version = "7", .service_pack = 2}, false},
	        {"macos 10.12", MAC("10.12.6"), true},
	        {"macos 10.1", MAC("10.12.6"), false},
	        {"macos >=10.12 <10.15", MAC("10.14.6"), true},
	        {"macos >=10.12 <10.15", MAC("10.15"), false},
	        {"macos", WIN("10", 1, ""), false},
	        {"linux debian 12", LIN("debian", "12"), true},
	        {"linux debian 12", LIN("ubuntu", "12"), false},
	        {"linux debian", LIN("debian", ""), true},
	        {"linux debian 12", LIN("debian", ""), false},
	        {"nonsense", WIN("10", 1, ""), false},
		/* clang-format on */
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (os_expression_match(cases[i].expression, &cases[i].os) != cases[i].match)
			fail_msg("\"%s\" against %s", cases[i].expression, cases[i].os.version);
	for (size_t i = 0; i + 1 < sizeof cases / sizeof cases[0]; i++)
		assert_null(os_expression_validate(cases[i].expression));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (os_expression_validate(bad[i]) == NULL)
			fail_msg("\"%s\" was taken", bad[i]);
}

/* ---- disk ---- */

static void judge_disk(void **state)
{
	static const struct {
		const char *os;
		long long available;
		bool read_only;
		enum verdict verdict;
		const char *cause;
	} cases[] = {
		{"linux", 100000000, false, VERDICT_PASS, NULL},
		{"linux", 99999999, false, VERDICT_FAIL, "disk.low"},
		{"windows", 99999999, false, VERDICT_FAIL, "disk.low"},
		{"macos", 50000000, false, VERDICT_PASS, NULL},
		{"macos", 49999999, false, VERDICT_FAIL, "disk.low"},
		{"linux", 1000000000, true, VERDICT_FAIL, "disk.read-only"},
		{"linux", 0, true, VERDICT_FAIL, "disk.read-only"},
		{"linux", -1, false, VERDICT_UNKNOWN, "run.unreadable"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct facts facts;

		facts_init(&facts);
		facts_str(&facts, "os", cases[i].os);
		if (cases[i].available >= 0)
			facts_int(&facts, "available", cases[i].available);
		facts_bool(&facts, "read_only", cases[i].read_only);
		expect(cases[i].os, judge("disk", &facts, 0, false), cases[i].verdict,
			cases[i].cause);
		facts_release(&facts);
	}
}

static void disk_of_this_machine(void **state)
{
	struct terminal t = {.os = {.family = "linux"}};
	struct facts facts;
	(void)state;

	collect("disk", &t, &facts);
	assert_string_equal(facts_get_str(&facts, "path"), "/");
	assert_int_equal(facts_get_int(&facts, "required", -1), 100000000);
	assert_true(facts_get_int(&facts, "total", -1) > 0);
	assert_true(facts_has(&facts, "available") && facts_has(&facts, "read_only"));
	facts_release(&facts);
}

/* ---- VPN, link, proxy, manual ---- */

static void vpns(void **state)
{
	struct vpn_connection list[] = {
		{"tun9", "tun", "tun9", false}, {"main-gtol-vpn", "ikev2", "", true}};
	struct terminal t = {.vpns = {list, 2, 2}, .vpns_known = true};
	struct facts facts;
	(void)state;

	strbuf_init(&t.why, 100);
	collect("vpn", &t, &facts);
	assert_true(facts_get_bool(&facts, "connected", false));
	assert_true(facts_get_bool(&facts, "expected_connected", false));
	assert_int_equal(facts_count(&facts, "connections"), 2);
	expect("up", judge("vpn", &facts, 0, true), VERDICT_PASS, NULL);
	facts_release(&facts);
	t.vpns.count = 1;
	collect("vpn", &t, &facts);
	assert_false(facts_get_bool(&facts, "connected", true));
	expect("down", judge("vpn", &facts, 0, false), VERDICT_SKIP, "vpn.not-connected");
	expect("down", judge("vpn", &facts, 0, true), VERDICT_FAIL, "vpn.not-connected");
	facts_release(&facts);
	t.vpns_known = false;
	collect("vpn", &t, &facts);
	expect("unreadable", judge("vpn", &facts, 0, true), VERDICT_UNKNOWN, "run.unreadable");
	facts_release(&facts);
	strbuf_release(&t.why);
}

static void expect_link(struct terminal *t, enum netif_kind kind, const char *check,
	enum verdict verdict, const char *cause)
{
	struct facts facts;

	t->interfaces.items[0].kind = kind;
	collect(check, t, &facts);
	expect(netif_kind_name(kind), judge(check, &facts, 0, false), verdict, cause);
	facts_release(&facts);
}

static void links(void **state)
{
	struct net_addr addr = {.family = 4, .bytes = {192, 0, 2, 10}};
	struct net_addr gateway = {.family = 4, .bytes = {192, 0, 2, 1}};
	struct netif netif = {
		.name = "if0", .description = "d", .speed = 1000, .addrs = &addr, .addr_count = 1};
	struct vpn_connection vpn = {.name = "tun0", .connected = true};
	struct terminal t = {.interfaces = {&netif, 1, 1},
		.interfaces_known = true,
		.routes_known = true,
		.route4 = {true, "if0", gateway}};
	struct facts facts;
	(void)state;

	strbuf_init(&t.why, 100);
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_PASS, NULL);
	expect_link(&t, NETIF_WIFI, "link", VERDICT_WARN, "link.wifi");
	expect_link(&t, NETIF_WWAN, "link", VERDICT_WARN, "link.mobile");
	expect_link(&t, NETIF_PPP, "link", VERDICT_PASS, NULL);
	expect_link(&t, NETIF_WIFI, "link-2017", VERDICT_PASS, NULL);
	expect_link(&t, NETIF_WWAN, "link-2017", VERDICT_FAIL, "link.mobile");
	collect("link", &t, &facts);
	assert_string_equal(facts_get_str(&facts, "interface"), "if0");
	assert_string_equal(facts_get_str(&facts, "kind"), "wwan");
	assert_string_equal(facts_get_str(&facts, "gateway"), "192.0.2.1");
	assert_string_equal(facts_item(&facts, "addresses", 0), "192.0.2.10");
	assert_int_equal(facts_get_int(&facts, "speed", -1), 1000);
	facts_release(&facts);
	/* IPv6 alone is a route too. */
	t.route6 = t.route4;
	t.route4.present = false;
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_PASS, NULL);
	t.route6.present = false;
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_FAIL, "net.no-route");
	t.vpns = (struct vpn_connections){&vpn, 1, 1};
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_PASS, NULL);
	t.routes_known = false;
	expect_link(&t, NETIF_ETHERNET, "link", VERDICT_UNKNOWN, "run.unreadable");
	strbuf_release(&t.why);
}

static void proxy_targets(void **state)
{
	static const struct {
		const char *url, *host, *address;
		int port;
	} cases[] = {
		{"http://proxy.example:3128/", "proxy.example", "", 3128},
		{"http://***@proxy.example:8080", "proxy.example", "", 8080},
		{"proxy.example", "proxy.example", "", 1080},
		{"https://proxy.example", "proxy.example", "", 443},
		{"192.0.2.8:8080", "", "192.0.2.8", 8080},
		{"socks5h://[2001:db8::1]:1081", "", "2001:db8::1", 1081},
		{"http://[2001:db8::1]", "", "2001:db8::1", 1080},
	};
	(void)state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct proxy_setting setting[2] = {{.automatic = true, .url = "http://pac/"}};
		struct terminal t = {.proxies = {setting, 2, 2}, .proxies_known = true};
		const struct rule_check *check = rules_check(rules, "proxy");
		struct targets list = {0};

		strcpy(setting[1].url, cases[i].url);
		check->type->targets(check, &t, &list);
		assert_int_equal(list.count, 3); /* the proxy, and the host's two addresses */
		assert_string_equal(list.items[0].host, cases[i].host);
		assert_string_equal(list.items[0].address, cases[i].address);
		assert_int_equal(list.items[0].port, cases[i].port);
		assert_string_equal(list.items[1].host, "sec.example.jp");
		targets_release(&list);
		/* Without a host nothing is sent; nor with a script alone. */
		check = rules_check(rules, "proxy-shown");
		check->type->targets(check, &t, &list);
		t.proxies.count = 1;
		check = rules_check(rules, "proxy");
		check->type->targets(check, &t, &list);
		assert_int_equal(list.count, 0);
		targets_release(&list);
	}
}

static void judge_proxy(void **state)
{
	struct facts facts;
	(void)state;

	facts_init(&facts);
	expect("unreadable", judge("proxy", &facts, 0, false), VERDICT_UNKNOWN, "run.unreadable");
	facts_bool(&facts, "configured", false);
	expect("none", judge("proxy", &facts, 0, false), VERDICT_PASS, NULL);
	facts_bool(&facts, "configured", true);
	expect("not tried", judge("proxy", &facts, 0, false), VERDICT_PASS, NULL);
	facts_bool(&facts, "proxy_works", true);
	expect("works", judge("proxy", &facts, 0, false), VERDICT_PASS, NULL);
	facts_bool(&facts, "proxy_works", false);
	expect("broken", judge("proxy", &facts, 0, false), VERDICT_WARN, "proxy.configured");
	facts_release(&facts);
}

static void questions_stay_manual(void **state)
{
	struct judgement out;
	struct facts facts;
	(void)state;

	facts_init(&facts);
	out = judge("ask", &facts, 0, false);
	expect("ask", out, VERDICT_MANUAL, NULL);
	assert_int_equal(out.actors, ACTOR_CARRIER);
	assert_int_equal(judge("ask-it", &facts, 0, false).actors, ACTOR_IT);
	facts_release(&facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conflicts_are_found),
		cmocka_unit_test(near_names_do_not_match),
		cmocka_unit_test(everything_named_must_fit),
		cmocka_unit_test(completeness_is_by_kind),
		cmocka_unit_test(names_are_normalised),
		cmocka_unit_test(judge_software),
		cmocka_unit_test(judge_os),
		cmocka_unit_test(support_ends_on_a_day),
		cmocka_unit_test(os_facts_are_told),
		cmocka_unit_test(os_expressions),
		cmocka_unit_test(judge_disk),
		cmocka_unit_test(disk_of_this_machine),
		cmocka_unit_test(vpns),
		cmocka_unit_test(links),
		cmocka_unit_test(proxy_targets),
		cmocka_unit_test(judge_proxy),
		cmocka_unit_test(questions_stay_manual),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
