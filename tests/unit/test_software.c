/* Software rules against inventories: what must match, and what must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "local_rules.h"
#include "match.h"

static void match(const char *id, const struct inventory *inv, struct match_hits *hits)
{
	match_software(
		inv, local_rules(), rule_list(rules_check(local_rules(), id), "match"), hits);
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
		{"Bonjour ﾌﾟﾘﾝﾄ ｻｰﾋﾞｽ", "Bonjour プリント サービス"},
		{"フ\xe3\x82\x9aリント", "プリント"},
		{"cafe\xcc\x81 x", "café x"},
		{"\xe2\x91\xa0 \xe3\x8e\x86", "1 MB"},
		{"a\xc2\xa8", "a \xcc\x88"},
		{"\xff\xfe", "\xff\xfe"},
		{"ﾌ\xffﾟ", "フ\xff\xe3\x82\x9a"},
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
		local_expect(cases[i].exact, local_judge("software", &facts, 0, false),
			cases[i].verdict, cases[i].cause);
		facts_release(&facts);
	}
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
	};

	return cmocka_run_group_tests(tests, local_rules_load, local_rules_unload);
}
