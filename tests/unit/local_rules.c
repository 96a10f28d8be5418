/* Rules as a file has them, and what the tests of local checks share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "local_rules.h"

#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "plan.h"
#include "run.h"

#define TITLE "title: {ja: あ, en: a}"

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
	"  ask-on: {check: manual, question: {ja: あ, en: a}, 'on': [windows 10, macos 10.12],\n"
	"    " TITLE "}\n"
	"  ask-certificate: {check: manual, question: {ja: あ, en: a}, certificate: client,\n"
	"    " TITLE "}\n"
	"  fresh: {check: os, lifecycle: true, data-age: 30, " TITLE "}\n"
	"  browser: {check: installed, accept: [chrome >=77.0.3865.90, 'windows 10: ie >=11',\n"
	"    'windows 7 sp1+: ie >=10', 'macos: safari'], listed-on: [windows 10, macos 10.12],\n"
	"    " TITLE "}\n"
	"  browser-warn: {check: installed, accept: chrome >=77, missing: warn, " TITLE "}\n"
	"  browser-skip: {check: installed, accept: chrome >=77, missing: skip, " TITLE "}\n"
	"  only-on: {check: installed, accept: [chrome], 'on': [windows 10, macos], " TITLE "}\n"
	"  only-windows: {check: installed, accept: ['windows: chrome'], " TITLE "}\n"
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
	"products:\n"
	"  chrome: {" TITLE ", except: ['*remote desktop*'], match: [\n"
	"      {os: windows, kind: program, name: Google Chrome*, publisher: Google*},\n"
	"      {os: linux, kind: package, name: google-chrome-stable}]}\n"
	"  ie: {" TITLE ", match: [{os: windows, kind: service, name: Internet Explorer}]}\n"
	"  safari: {" TITLE ", match: [{os: macos, kind: bundle, code: com.apple.Safari}]}\n"
	"certificates:\n"
	"  client: {role: client, file: '*.p12', use: {ja: あ, en: a}}\n"
	"profiles:\n"
	"  all: {" TITLE ", checks: ['*']}\n";

static struct rules *rules;

int local_rules_load(void **state)
{
	struct rule_source source = {
		.name = "rules.yaml", .text = rule_text, .len = sizeof rule_text - 1};
	struct diags diags = {0};
	(void)state;

	rules = rules_load(&source, 1, &diags);
	diags_print(&diags, stderr);
	diags_release(&diags);
	return rules != NULL ? 0 : -1;
}

int local_rules_unload(void **state)
{
	(void)state;
	rules_free(rules);
	return 0;
}

const struct rules *local_rules(void)
{
	return rules;
}

struct judgement local_judge(const char *id, const struct facts *facts, double now, bool vpn)
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

void local_expect(const char *what, struct judgement out, enum verdict verdict, const char *cause)
{
	if (out.verdict != verdict || (out.cause == NULL) != (cause == NULL) ||
		(cause != NULL && strcmp(out.cause, cause) != 0))
		fail_msg("%s: %s %s", what, verdict_name(out.verdict), out.cause ? out.cause : "-");
}

void local_collect(const char *id, const struct terminal *terminal, struct facts *facts)
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
