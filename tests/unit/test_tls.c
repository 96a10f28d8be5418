/* The tls check: verdicts from facts, and real handshakes over loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "judge_rows.h"
#include "mem.h"
#include "tls_mock.h"

/* ---- verdicts ---- */

#define TITLE "title: {ja: あ, en: a}"
static const char rules_text[] =
	"version: 1\n"
	"hosts:\n"
	"  gw: {name: gw.test.example}\n"
	"interceptors:\n"
	"  fortigate: {name: FortiGate, issuer: 'FortiGate CA*'}\n"
	"certificates:\n"
	"  own: {role: client, file: ['*.p12']}\n"
	"checks:\n"
	"  plain: {check: tls, host: gw, " TITLE "}\n"
	"  shown: {check: tls, host: gw, client-certificate: requested, certificate: own, " TITLE
	"}\n"
	"  new: {check: tls, host: gw, min-version: '1.3', " TITLE "}\n"
	"  must: {check: tls, host: gw, client-certificate: requested, " TITLE "}\n"
	"  never: {check: tls, host: gw, client-certificate: none, " TITLE "}\n"
	"profiles:\n"
	"  all: {" TITLE ", checks: ['*']}\n";

#define UP          "\"connected\":true,"
#define SHAKEN      UP "\"handshake\":true,\"version\":\"TLSv1.3\","
#define FAILED(e)   UP "\"handshake\":false,\"error\":\"" e "\","
#define GOOD        SHAKEN "\"verified\":true,\"name_ok\":true,"
#define STRANGE     SHAKEN "\"verified\":false,\"name_ok\":true,\"verify_errors\":"
#define EXPIRED     "X509_V_ERR_CERT_HAS_EXPIRED"
#define EARLY       "X509_V_ERR_CERT_NOT_YET_VALID"
#define NO_ISSUER   "X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY"
#define SELF        "X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT"
#define IN_CHAIN    "X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN"
#define PROBLEM(w)  "\"problem\":\"" w "\","
#define WITHIN      "\"valid_from_epoch\":1000000,\"valid_until_epoch\":2000000,"
#define VALID       "\"not_before_epoch\":1000000,\"not_after_epoch\":2000000,"
#define RSA(bits)   "\"key_type\":\"RSA\",\"key_bits\":" bits ","
#define REQUESTED   "\"client_cert_requested\":true,"
#define UNASKED     "\"client_cert_requested\":false,"
#define ALERT(num)  "\"alert\":" num ","
#define SENT        REQUESTED "\"certificate_sent\":true,"
#define KEPT        "\"certificate_kept\":true,"
#define TRUSTED     "\"verified\":true,\"name_ok\":true,"
#define REFUSED(n)  FAILED("alert") SENT ALERT(n) TRUSTED
#define ANSWER(a)   "\"client_cert_answer\":\"" a "\","
#define OURS(name)  "\"certificate_issuers\":[\"" name "\"],"
#define TAKES(name) "\"client_ca_names\":[\"CN=Other\",\"" name "\"],"

static const struct judge_row rows[] = {
	{"plain", GOOD RSA("2048"), VERDICT_PASS, NULL},
	{"plain", GOOD "\"key_type\":\"EC\",\"key_bits\":256,", VERDICT_PASS, NULL},
	/* not reached */
	{"plain", "", VERDICT_UNKNOWN, "run.blocked"},
	{"plain", "\"connected\":false,\"error\":\"refused\",", VERDICT_UNKNOWN, "run.blocked"},
	/* no handshake */
	{"plain", FAILED("alert") ALERT("70"), VERDICT_FAIL, "tls.protocol"},
	{"plain", FAILED("other") "\"alert_sent\":70,", VERDICT_FAIL, "tls.protocol"},
	{"plain", FAILED("alert") ALERT("40"), VERDICT_FAIL, "tls.handshake"},
	{"plain", FAILED("reset"), VERDICT_FAIL, "tls.reset"},
	{"plain", FAILED("silent"), VERDICT_FAIL, "tls.silent"},
	/* sizes */
	{"plain", FAILED("silent") "\"small_packets\":\"silent\",", VERDICT_FAIL, "tls.silent"},
	{"plain", FAILED("silent") "\"small_packets\":\"answered\",", VERDICT_FAIL,
		"udp.mtu-black-hole"},
	{"plain", FAILED("reset") "\"small_packets\":\"answered\",", VERDICT_FAIL, "tls.reset"},
	{"plain", GOOD "\"large_hello\":\"answered\",", VERDICT_PASS, NULL},
	{"plain", GOOD "\"large_hello\":\"silent\",\"small_packets\":\"silent\",", VERDICT_PASS,
		NULL},
	{"plain", GOOD "\"large_hello\":\"silent\",\"small_packets\":\"answered\",", VERDICT_FAIL,
		"udp.mtu-black-hole"},
	{"plain", FAILED("closed"), VERDICT_FAIL, "tls.handshake"},
	{"plain", FAILED("not-tls"), VERDICT_FAIL, "tls.handshake"},
	/* version */
	{"plain", GOOD "\"version\":\"TLSv1.1\",", VERDICT_FAIL, "tls.protocol"},
	{"plain", GOOD "\"version\":\"TLSv1.2\",", VERDICT_PASS, NULL},
	{"new", GOOD "\"version\":\"TLSv1.2\",", VERDICT_FAIL, "tls.protocol"},
	{"new", GOOD, VERDICT_PASS, NULL},
	/* who signed */
	{"plain", STRANGE "[\"" IN_CHAIN "\"],\"issuers\":[\"Fortinet\",\"FortiGate CA 7\"],",
		VERDICT_FAIL, "tls.intercepted"},
	{"plain", GOOD "\"issuers\":[\"fortigate ca\"],", VERDICT_FAIL, "tls.intercepted"},
	{"plain", GOOD "\"issuers\":[\"Not FortiGate CA\"],", VERDICT_PASS, NULL},
	/* dates */
	{"plain", STRANGE "[\"" EXPIRED "\"],", VERDICT_FAIL, "tls.expired"},
	{"plain", STRANGE "[\"" EARLY "\"],", VERDICT_FAIL, "tls.not-yet-valid"},
	{"plain", STRANGE "[\"" EXPIRED "\"]," VALID "\"date\":1500000,\"date_skew\":-900000,",
		VERDICT_FAIL, "clock.skew"},
	{"plain", STRANGE "[\"" EARLY "\"]," VALID "\"date\":1500000,\"date_skew\":900000,",
		VERDICT_FAIL, "clock.skew"},
	/* by the server's own clock as well */
	{"plain", STRANGE "[\"" EXPIRED "\"]," VALID "\"date\":2500000,\"date_skew\":-900000,",
		VERDICT_FAIL, "tls.expired"},
	/* an intermediate expired; the leaf is valid by both clocks */
	{"plain", STRANGE "[\"" EXPIRED "\"]," VALID "\"date\":1500000,\"date_skew\":400,",
		VERDICT_FAIL, "tls.expired"},
	/* the clock of a stranger explains nothing, and its dates matter less than who it is */
	{"plain",
		STRANGE "[\"" EXPIRED "\",\"" IN_CHAIN "\"]," VALID
			"\"date\":1500000,\"date_skew\":-900000,",
		VERDICT_FAIL, "tls.untrusted"},
	{"plain", STRANGE "[\"" EXPIRED "\",\"" SELF "\"],\"self_signed\":true,", VERDICT_FAIL,
		"tls.self-signed"},
	/* what has expired: one that was sent along, or the terminal's own */
	{"plain", STRANGE "[\"" EXPIRED "\"]," PROBLEM("chain-expired"), VERDICT_FAIL,
		"tls.chain-expired"},
	{"plain", STRANGE "[\"" EARLY "\"]," PROBLEM("chain-early"), VERDICT_FAIL,
		"tls.chain-expired"},
	{"plain", STRANGE "[\"" EXPIRED "\"]," PROBLEM("root-expired"), VERDICT_FAIL,
		"tls.root-expired"},
	/* or neither has, by the server's clock, which all of them are valid by */
	{"plain",
		STRANGE "[\"" EXPIRED "\"]," PROBLEM("root-expired") WITHIN
		"\"date\":1500000,\"date_skew\":-900000,",
		VERDICT_FAIL, "clock.skew"},
	{"plain",
		STRANGE "[\"" EXPIRED "\"]," PROBLEM("root-expired") WITHIN
		"\"date\":2500000,\"date_skew\":-900000,",
		VERDICT_FAIL, "tls.root-expired"},
	/* name and chain */
	{"plain", GOOD "\"name_ok\":false,", VERDICT_FAIL, "tls.wrong-name"},
	{"plain", STRANGE "[\"" SELF "\"],\"self_signed\":true,\"chain_root\":true,", VERDICT_FAIL,
		"tls.self-signed"},
	{"plain", STRANGE "[\"" NO_ISSUER "\"],\"aia_issuers\":true,\"chain_root\":false,",
		VERDICT_FAIL, "tls.incomplete-chain"},
	/* Windows and macOS fetch it */
	{"plain",
		STRANGE "[\"" NO_ISSUER
			"\"],\"aia_issuers\":true,\"chain_root\":false,\"issuers_fetched\":true,",
		VERDICT_UNKNOWN, "tls.incomplete-chain"},
	{"plain",
		STRANGE "[\"" NO_ISSUER
			"\"],\"aia_issuers\":false,\"chain_root\":false,\"issuers_fetched\":true,",
		VERDICT_FAIL, "tls.untrusted"},
	{"plain", STRANGE "[\"" NO_ISSUER "\"],\"aia_issuers\":false,\"chain_root\":false,",
		VERDICT_FAIL, "tls.untrusted"},
	{"plain", STRANGE "[\"" IN_CHAIN "\"],\"aia_issuers\":true,\"chain_root\":true,",
		VERDICT_FAIL, "tls.untrusted"},
	/* a root that Windows knows by name only */
	{"plain", STRANGE "[\"" NO_ISSUER "\"],\"aia_issuers\":true,\"root_on_demand\":true,",
		VERDICT_UNKNOWN, "tls.root-on-demand"},
	{"plain", STRANGE "[\"" IN_CHAIN "\"],\"chain_root\":true,\"root_on_demand\":true,",
		VERDICT_UNKNOWN, "tls.root-on-demand"},
	{"plain", STRANGE "[\"" NO_ISSUER "\",\"" EXPIRED "\"],\"root_on_demand\":true,",
		VERDICT_FAIL, "tls.expired"},
	{"plain", STRANGE "[\"X509_V_ERR_INVALID_PURPOSE\"],\"root_on_demand\":true,", VERDICT_FAIL,
		"tls.invalid"},
	{"plain", STRANGE "[\"X509_V_ERR_PERMITTED_VIOLATION\"]," PROBLEM("name-constraints"),
		VERDICT_FAIL, "tls.invalid"},
	/* an error that nobody foresaw is told as such; one of our own is no finding */
	{"plain", STRANGE "[\"X509_V_ERR_999\"],", VERDICT_FAIL, "tls.invalid"},
	{"plain", STRANGE "[\"X509_V_ERR_OUT_OF_MEM\"],", VERDICT_UNKNOWN, "run.local-error"},
	{"plain", STRANGE "[\"X509_V_ERR_CA_KEY_TOO_SMALL\"],", VERDICT_FAIL, "tls.too-weak"},
	{"plain", GOOD "\"weak\":[\"TLS: DH 1024 bit\"],", VERDICT_FAIL, "tls.too-weak"},
	/* names */
	{"plain", SHAKEN "\"verified\":true,\"name_ok\":false,\"names\":[],", VERDICT_FAIL,
		"tls.no-names"},
	{"plain", SHAKEN "\"verified\":true,\"name_ok\":false,\"names\":[\"a.example\"],",
		VERDICT_FAIL, "tls.wrong-name"},
	{"plain",
		SHAKEN "\"verified\":false,\"name_ok\":false,\"names\":[],\"self_signed\":true,"
		       "\"verify_errors\":[\"" SELF "\"],",
		VERDICT_FAIL, "tls.self-signed"},
	{"plain",
		SHAKEN "\"verified\":false,\"name_ok\":false,\"names\":[\"a.example\"],"
		       "\"verify_errors\":[\"" EXPIRED "\"],",
		VERDICT_FAIL, "tls.wrong-name"},
	/* another connection met another server */
	{"plain", GOOD "\"inconsistent\":true,\"odd_problem\":\"self-signed\",", VERDICT_FAIL,
		"tls.inconsistent"},
	{"plain", STRANGE "[\"" SELF "\"],\"inconsistent\":true,", VERDICT_FAIL,
		"tls.inconsistent"},
	/* of several addresses */
	{"plain", GOOD "\"address\":\"192.0.2.1\",\"good_addresses\":[\"192.0.2.2\"],",
		VERDICT_PASS, NULL},
	{"plain", GOOD "\"bad_addresses\":[\"192.0.2.2\"],\"odd_problem\":\"name\",", VERDICT_WARN,
		"tls.inconsistent"},
	{"plain", GOOD "\"silent_addresses\":[\"192.0.2.2\"],", VERDICT_WARN, "net.address-silent"},
	{"plain",
		STRANGE "[\"" SELF
			"\"],\"address\":\"192.0.2.1\",\"bad_addresses\":[\"192.0.2.1\"],"
			"\"good_addresses\":[\"192.0.2.2\"],",
		VERDICT_FAIL, "tls.inconsistent"},
	{"plain",
		STRANGE "[\"" SELF
			"\"],\"address\":\"192.0.2.1\",\"bad_addresses\":[\"192.0.2.2\"],",
		VERDICT_FAIL, "tls.self-signed"},
	{"plain", STRANGE "[\"X509_V_ERR_CERT_REVOKED\"],", VERDICT_FAIL, "tls.revoked"},
	{"plain", STRANGE "[],\"trust\":false,", VERDICT_UNKNOWN, "run.unreadable"},
	/* client certificates */
	{"plain", FAILED("alert") REQUESTED ALERT("40") "\"verified\":true,\"name_ok\":true,",
		VERDICT_FAIL, "tls.client-missing"},
	{"plain", FAILED("reset") REQUESTED "\"verified\":true,\"name_ok\":true,", VERDICT_FAIL,
		"tls.client-missing"},
	{"plain", FAILED("alert") REQUESTED ALERT("40") "\"verified\":true,\"name_ok\":false,",
		VERDICT_FAIL, "tls.wrong-name"},
	{"plain", GOOD REQUESTED ALERT("116"), VERDICT_FAIL, "tls.client-missing"},
	{"plain", GOOD REQUESTED, VERDICT_PASS, NULL},
	{"must", FAILED("alert") REQUESTED ALERT("40") "\"verified\":true,\"name_ok\":true,",
		VERDICT_PASS, NULL},
	{"must", GOOD REQUESTED ALERT("116"), VERDICT_PASS, NULL},
	{"must", GOOD UNASKED, VERDICT_FAIL, "tls.client-not-asked"},
	{"shown", GOOD UNASKED, VERDICT_FAIL, "tls.client-not-asked"},
	{"shown", GOOD UNASKED "\"issuers\":[\"FortiGate CA\"],", VERDICT_FAIL, "tls.intercepted"},
	{"shown", GOOD REQUESTED ALERT("116"), VERDICT_FAIL, "tls.client-missing"},
	/* the OS has its key, but did not sign: not when it was tried, not when it was needed */
	{"shown", GOOD REQUESTED KEPT ALERT("116"), VERDICT_UNKNOWN, "tls.client-kept"},
	{"shown", FAILED("alert") REQUESTED TRUSTED KEPT ALERT("40"), VERDICT_UNKNOWN,
		"tls.client-kept"},
	{"shown", FAILED("other") SENT TRUSTED KEPT "\"alert_sent\":80,", VERDICT_UNKNOWN,
		"tls.client-kept"},
	{"shown", GOOD REQUESTED KEPT, VERDICT_PASS, NULL},
	{"shown", GOOD UNASKED KEPT, VERDICT_FAIL, "tls.client-not-asked"},
	{"shown", REFUSED("44"), VERDICT_FAIL, "tls.client-revoked"},
	{"shown", REFUSED("45"), VERDICT_FAIL, "tls.client-expired"},
	{"shown", REFUSED("48") OURS("CN=Ours") TAKES("CN=Theirs"), VERDICT_FAIL,
		"tls.client-unknown-ca"},
	{"shown", REFUSED("42") OURS("CN=Ours") TAKES("CN=Theirs"), VERDICT_FAIL,
		"tls.client-not-accepted"},
	{"shown", REFUSED("42") OURS("CN=Ours") TAKES("CN=Ours"), VERDICT_FAIL,
		"tls.client-refused"},
	{"shown", REFUSED("80"), VERDICT_FAIL, "tls.client-refused"},
	{"shown", FAILED("reset") SENT TRUSTED, VERDICT_FAIL, "tls.client-refused"},
	{"shown", GOOD SENT ANSWER("reset"), VERDICT_FAIL, "tls.client-refused"},
	{"shown", GOOD SENT ANSWER("alert") ALERT("48"), VERDICT_FAIL, "tls.client-unknown-ca"},
	{"shown", GOOD SENT ANSWER("silent"), VERDICT_UNKNOWN, "tls.silent"},
	{"shown", GOOD SENT, VERDICT_UNKNOWN, "tls.silent"},
	{"shown", GOOD SENT ANSWER("status"), VERDICT_PASS, NULL},
	{"shown", GOOD SENT "\"version\":\"TLSv1.2\",", VERDICT_PASS, NULL},
	{"shown", GOOD SENT ANSWER("status") OURS("CN=Ours") TAKES("CN=Theirs"), VERDICT_WARN,
		"tls.client-not-accepted"},
	{"never", GOOD UNASKED, VERDICT_PASS, NULL},
	{"never", GOOD REQUESTED, VERDICT_WARN, "tls.client-certificate"},
	{"never", GOOD REQUESTED ALERT("116"), VERDICT_FAIL, "tls.client-certificate"},
	/* weak */
	{"plain", GOOD RSA("1024"), VERDICT_WARN, "tls.weak"},
	{"plain", GOOD "\"cipher\":\"DES-CBC3-SHA\",", VERDICT_WARN, "tls.weak"},
};

static void test_verdicts(void **state)
{
	struct rules *rules = judge_rules(rules_text);
	(void)state;

	judge_rows(rules, rows, sizeof rows / sizeof rows[0]);
	rules_free(rules);
}

/* ---- certificates ---- */

static struct pki {
	struct mock_cert root, issuing, good, expired, early, wrong, self, weak, sha1, stranger,
		strange, aia, client, late, foreign;
	char *roots; /* PEM file: two other roots around ours */
} pki;

static const struct mock_cert *const with_issuing[] = {&pki.issuing};
static const struct mock_cert *const with_stranger[] = {&pki.stranger};

static struct mock_cert leaf(const struct mock_cert *issuer, struct mock_cert_spec spec)
{
	spec.cn = "gw";
	spec.issuer = issuer;
	if (spec.san == NULL)
		spec.san = "DNS:" MOCK_HOST ",IP:127.0.0.1";
	return mock_cert_make(&spec);
}

static int make_pki(void **state)
{
	struct mock_cert other = mock_cert_make(
		&(struct mock_cert_spec){.cn = "Other Root", .o = "Others", .ca = true});
	(void)state;

	trust_library_init();
	pki.root = mock_cert_make(
		&(struct mock_cert_spec){.cn = "Test Root", .o = "Preflight Tests", .ca = true});
	pki.issuing = mock_cert_make(&(struct mock_cert_spec){
		.cn = "Test Issuing", .o = "Preflight Tests", .ca = true, .issuer = &pki.root});
	pki.stranger = mock_cert_make(
		&(struct mock_cert_spec){.cn = "FortiGate CA", .o = "Fortinet", .ca = true});
	pki.good = leaf(&pki.issuing, (struct mock_cert_spec){0});
	pki.expired =
		leaf(&pki.issuing, (struct mock_cert_spec){.from_days = -90, .until_days = -30});
	pki.early = leaf(&pki.issuing, (struct mock_cert_spec){.from_days = 30, .until_days = 90});
	pki.wrong = leaf(&pki.issuing,
		(struct mock_cert_spec){.san = "DNS:other.example,DNS:*.example,IP:127.0.0.2"});
	pki.self = leaf(NULL, (struct mock_cert_spec){0});
	pki.weak = leaf(&pki.issuing, (struct mock_cert_spec){.rsa_bits = 1024});
	pki.sha1 = leaf(&pki.issuing, (struct mock_cert_spec){.sha1 = true});
	pki.strange = leaf(&pki.stranger, (struct mock_cert_spec){0});
	pki.aia = leaf(&pki.issuing,
		(struct mock_cert_spec){.aia = "caIssuers;URI:http://ca.example/issuing.crt"});
	pki.client = leaf(&pki.issuing, (struct mock_cert_spec){0});
	pki.late = leaf(&pki.issuing, (struct mock_cert_spec){.from_days = -90, .until_days = -30});
	pki.foreign = leaf(&pki.stranger, (struct mock_cert_spec){0});
	const struct mock_cert *const roots[] = {&other, &pki.root, &other};
	pki.roots = mock_pem_file(roots, 3);
	mock_cert_free(&other);
	return 0;
}

static int free_pki(void **state)
{
	struct mock_cert *const certs[] = {&pki.root, &pki.issuing, &pki.good, &pki.expired,
		&pki.early, &pki.wrong, &pki.self, &pki.weak, &pki.sha1, &pki.stranger,
		&pki.strange, &pki.aia, &pki.client, &pki.late, &pki.foreign};
	(void)state;

	for (size_t i = 0; i < sizeof certs / sizeof certs[0]; i++)
		mock_cert_free(certs[i]);
	remove(pki.roots);
	free(pki.roots);
	return 0;
}

/* ---- handshakes ---- */

static void test_names_of_numbers(void **state)
{
	(void)state;
	assert_string_equal(tls_verify_error_name(10), "X509_V_ERR_CERT_HAS_EXPIRED");
	assert_null(tls_verify_error_name(12345));
	assert_string_equal(tls_alert_name(116), "certificate_required");
	assert_null(tls_alert_name(255));
}

static const struct facts *tls_of(struct rig *rig)
{
	struct fetch_want want = rig_want(rig, FETCH_TLS);
	const struct fetch_result *result = rig_fetch(rig, &want);

	assert_true(facts_get_bool(&result->connect, "connected", false));
	return &result->tls;
}

static bool is(const struct facts *facts, const char *name)
{
	assert_true(facts_has(facts, name));
	return facts_get_bool(facts, name, false);
}

static void test_good(void **state)
{
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
	const struct facts *tls = tls_of(&rig);
	assert_true(is(tls, "handshake"));
	assert_true(is(tls, "verified"));
	assert_true(is(tls, "name_ok"));
	assert_true(is(tls, "trust"));
	assert_false(is(tls, "client_cert_requested"));
	assert_false(facts_has(tls, "error"));
	assert_int_equal(facts_count(tls, "verify_errors"), 0);
	assert_string_equal(facts_get_str(tls, "version"), "TLSv1.3");
	assert_string_equal(facts_get_str(tls, "issuer_cn"), "Test Issuing");
	assert_string_equal(facts_get_str(tls, "issuer_o"), "Preflight Tests");
	assert_string_equal(facts_item(tls, "names", 0), MOCK_HOST);
	assert_string_equal(facts_item(tls, "names", 1), "127.0.0.1");
	assert_int_equal(facts_get_int(tls, "chain_length", 0), 2);
	assert_string_equal(facts_item(tls, "chain", 1), "CN=Test Issuing,O=Preflight Tests");
	assert_true(facts_list_has(tls, "issuers", "Test Root"));
	assert_string_equal(facts_get_str(tls, "key_type"), "EC");
	assert_int_equal(facts_get_int(tls, "key_bits", 0), 256);
	assert_int_equal(strlen(facts_get_str(tls, "fingerprint")), 64);
	assert_int_equal(facts_get_int(tls, "not_after_epoch", 0) -
				 facts_get_int(tls, "not_before_epoch", 0),
		110 * 86400);
	const struct fetch_result *r = rig.result;
	assert_string_equal(facts_get_str(&r->connect, "address"), "127.0.0.1");
	assert_string_equal(facts_get_str(&r->connect, "via"), "hosts");
	assert_string_equal(facts_get_str(&r->connect, "local_address"), "127.0.0.1");
	assert_false(facts_has(&r->connect, "error"));
	assert_true(facts_has(&r->timings, "connect_ms"));
	assert_true(facts_has(&r->timings, "tls_ms"));
	assert_true(facts_has(&r->timings, "total_ms"));
	assert_true(rtt_get(rig.rtts, &rig.terminal.hosts[0].addr) >= 0);
	/* TLS only: nothing was asked of the server. */
	assert_int_equal(rig.server.requests, 0);
	assert_int_equal(rig.server.accepted, 1);
	rig_stop(&rig);
}

struct bad_row {
	const struct mock_cert *cert;
	bool chain;
	const char *error; /* among verify_errors; NULL: none */
	bool name_ok;
};

static void test_bad_certificates(void **state)
{
	const struct bad_row bad[] = {
		{&pki.expired, true, EXPIRED, true},
		{&pki.early, true, EARLY, true},
		{&pki.wrong, true, NULL, false},
		{&pki.self, false, SELF, true},
		{&pki.good, false, NO_ISSUER, true},
		{&pki.aia, false, NO_ISSUER, true},
		{&pki.weak, true, "X509_V_ERR_EE_KEY_TOO_SMALL", true},
		{&pki.sha1, true, "X509_V_ERR_CA_MD_TOO_WEAK", true},
	};
	(void)state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, bad[i].cert, with_issuing, bad[i].chain ? 1 : 0);
		const struct facts *tls = tls_of(&rig);
		assert_true(is(tls, "handshake"));
		assert_int_equal(is(tls, "verified"), bad[i].error == NULL);
		assert_int_equal(is(tls, "name_ok"), bad[i].name_ok);
		if (bad[i].error != NULL)
			assert_true(facts_list_has(tls, "verify_errors", bad[i].error));
		assert_int_equal(is(tls, "self_signed"), bad[i].cert == &pki.self);
		assert_int_equal(is(tls, "aia_issuers"), bad[i].cert == &pki.aia);
		assert_int_equal(facts_list_has(tls, "digests", "SHA1"), bad[i].cert == &pki.sha1);
		assert_int_equal(
			facts_get_int(tls, "key_bits", 0) == 1024, bad[i].cert == &pki.weak);
		rig_stop(&rig);
	}
}

static void test_interceptor(void **state)
{
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.strange, with_stranger, 1);
	const struct facts *tls = tls_of(&rig);
	assert_false(is(tls, "verified"));
	assert_true(facts_list_has(tls, "verify_errors", IN_CHAIN));
	assert_true(facts_list_has(tls, "issuers", "FortiGate CA"));
	assert_true(is(tls, "chain_root"));
	rig_stop(&rig);
}

static void test_no_roots(void **state)
{
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, NULL);
	mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
	const struct facts *tls = tls_of(&rig);
	assert_false(is(tls, "trust"));
	assert_false(is(tls, "verified"));
	rig_stop(&rig);
}

/* Old servers are seen and named, not refused. */
static void test_old_version(void **state)
{
	static const int versions[] = {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION};
	static const char *const names[] = {"TLSv1", "TLSv1.1", "TLSv1.2"};
	(void)state;

	for (size_t i = 0; i < 3; i++) {
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
		SSL_CTX_set_max_proto_version(rig.server.ctx, versions[i]);
		const struct facts *tls = tls_of(&rig);
		assert_true(is(tls, "handshake"));
		assert_true(is(tls, "verified"));
		assert_string_equal(facts_get_str(tls, "version"), names[i]);
		rig_stop(&rig);
	}
}

/* A server that demands a certificate: TLS 1.2 says so at once, 1.3 only after a request. */
static void test_client_certificate(void **state)
{
	static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
		SSL_CTX_set_max_proto_version(rig.server.ctx, versions[i]);
		SSL_CTX_set_verify(
			rig.server.ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
		SSL_CTX_add_client_CA(rig.server.ctx, pki.root.cert);
		const struct facts *tls = tls_of(&rig);
		assert_true(is(tls, "client_cert_requested"));
		assert_string_equal(
			facts_item(tls, "client_ca_names", 0), "CN=Test Root,O=Preflight Tests");
		assert_true(is(tls, "verified"));
		assert_int_equal(is(tls, "handshake"), i == 1);
		assert_int_equal(facts_get_int(tls, "alert", -1), i == 0 ? 40 : 116);
		assert_string_equal(facts_get_str(tls, "alert_name"),
			i == 0 ? "handshake_failure" : "certificate_required");
		if (i == 0)
			assert_string_equal(facts_get_str(tls, "error"), "alert");
		assert_int_equal(rig.server.accepted, i + 1);
		rig_stop(&rig);
	}
}

/* A server that only asks, and answers all the same. */
static void test_client_certificate_optional(void **state)
{
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
	SSL_CTX_set_verify(rig.server.ctx, SSL_VERIFY_PEER, NULL);
	const struct facts *tls = tls_of(&rig);
	assert_true(is(tls, "client_cert_requested"));
	assert_true(is(tls, "handshake"));
	assert_false(facts_has(tls, "alert"));
	assert_int_equal(facts_get_int(&rig.result->http, "status", 0), 200);
	rig_stop(&rig);
}

/* Wrong dates: the server's own clock is asked for in a second round. */
static void test_dates_ask_clock(void **state)
{
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.expired, with_issuing, 1);
	rig.server.response = "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			      "Content-Length: 0\r\n\r\n";
	assert_string_equal(facts_get_str(tls_of(&rig), "problem"), "expired");
	assert_int_equal(facts_get_int(&rig.result->http, "date", 0), 784111777);
	assert_true(facts_get_int(&rig.result->http, "date_skew", 0) < -86400);
	rig_stop(&rig);
}

/* ---- client certificates ---- */

struct client_row {
	const struct mock_cert *cert, *chain; /* ours; NULL: none */
	int error;         /* what the server is made to find in it, 0: nothing */
	bool handshake;    /* with TLS 1.2 */
	long long alert;   /* with TLS 1.2 and 1.3 alike; -1: none */
	const char *cause; /* of the check; NULL: passes */
};

/* Stands in for the server's own lists of what it does not take. */
static int finds_error(X509_STORE_CTX *ctx, void *arg)
{
	X509_STORE_CTX_set_error(ctx, *(const int *)arg);
	return 0;
}

static void assert_judged_by(
	const char *check, const struct facts *connect, const struct facts *tls, const char *cause)
{
	struct rules *rules = judge_rules(rules_text);
	struct facts facts;
	struct judgement out = {.verdict = VERDICT_COUNT};
	struct judge_input in = {
		.check = rules_check(rules, check), .rules = rules, .facts = &facts};

	facts_init(&facts);
	fetch_copy(&facts, connect, (const char *const[]){"connected", NULL});
	fetch_copy(&facts, tls, NULL);
	in.check->type->judge(&in, &out);
	assert_int_equal(out.verdict, cause != NULL ? VERDICT_FAIL : VERDICT_PASS);
	assert_string_equal(out.cause != NULL ? out.cause : "none", cause != NULL ? cause : "none");
	facts_release(&facts);
	rules_free(rules);
}

static void assert_judged(const struct facts *connect, const struct facts *tls, const char *cause)
{
	assert_judged_by("shown", connect, tls, cause);
}

static void assert_judged_plain(
	const struct facts *connect, const struct facts *tls, const char *cause)
{
	assert_judged_by("plain", connect, tls, cause);
}

static void show_to_server(const struct client_row *row, int version)
{
	int error = row->error;
	struct mock_identity own = {0};
	struct rig rig;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
	SSL_CTX_set_max_proto_version(rig.server.ctx, version);
	mock_server_demand(&rig.server, &pki.root);
	if (error != 0)
		SSL_CTX_set_cert_verify_callback(rig.server.ctx, finds_error, &error);
	if (row->cert != NULL)
		mock_identity_make(&own, row->cert, row->chain, NULL);
	struct fetch_want want = rig_want(&rig, FETCH_TLS);
	want.identity = own.identity;
	const struct fetch_result *result = rig_fetch(&rig, &want);
	const struct facts *tls = &result->tls;

	assert_true(is(tls, "client_cert_requested"));
	assert_int_equal(is(tls, "certificate_sent"), row->cert != NULL);
	assert_int_equal(is(tls, "handshake"), version == TLS1_3_VERSION || row->handshake);
	if (row->cert != NULL)
		assert_int_equal(facts_get_int(tls, "alert", -1), row->alert);
	if (version == TLS1_3_VERSION)
		assert_string_equal(facts_get_str(tls, "client_cert_answer"),
			row->cause == NULL ? "status" : "alert");
	assert_judged(&result->connect, tls, row->cause);
	rig_stop(&rig);
	if (row->cert != NULL)
		mock_identity_free(&own);
}

static void test_client_shown(void **state)
{
	const struct client_row shown[] = {
		{&pki.client, &pki.issuing, 0, true, -1, NULL},
		{NULL, NULL, 0, false, 0, "tls.client-missing"},
		{&pki.foreign, NULL, 0, false, 48, "tls.client-unknown-ca"},
		{&pki.late, &pki.issuing, 0, false, 45, "tls.client-expired"},
		{&pki.client, &pki.issuing, X509_V_ERR_CERT_REVOKED, false, 44,
			"tls.client-revoked"},
		{&pki.client, &pki.issuing, X509_V_ERR_CERT_REJECTED, false, 42,
			"tls.client-refused"},
		{&pki.foreign, NULL, X509_V_ERR_CERT_REJECTED, false, 42,
			"tls.client-not-accepted"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
		show_to_server(&shown[i], TLS1_2_VERSION);
		show_to_server(&shown[i], TLS1_3_VERSION);
	}
}

/* A server that does not ask sees nothing of it, and nothing is asked of it. */
static void test_client_not_asked(void **state)
{
	struct mock_identity own;
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
	mock_identity_make(&own, &pki.client, &pki.issuing, NULL);
	struct fetch_want want = rig_want(&rig, FETCH_TLS);
	want.identity = own.identity;
	const struct fetch_result *result = rig_fetch(&rig, &want);
	assert_false(is(&result->tls, "client_cert_requested"));
	assert_false(facts_has(&result->tls, "certificate_sent"));
	assert_int_equal(rig.server.requests, 0);
	assert_judged(&result->connect, &result->tls, "tls.client-not-asked");
	rig_stop(&rig);
	mock_identity_free(&own);
}

/* Its CA is trusted in that connection, and in no other. */
static void test_client_authority(void **state)
{
	struct mock_identity own;
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.strange, NULL, 0);
	mock_identity_make(&own, &pki.foreign, NULL, &pki.stranger);
	struct fetch_want want = rig_want(&rig, FETCH_TLS);
	want.identity = own.identity;
	assert_true(is(&rig_fetch(&rig, &want)->tls, "verified"));
	assert_int_equal(facts_count(&rig.result->tls, "verify_errors"), 0);
	want.identity = NULL;
	assert_false(is(&rig_fetch(&rig, &want)->tls, "verified"));
	assert_int_equal(rig.server.accepted, 3); /* a stranger is asked twice */
	rig_stop(&rig);
	mock_identity_free(&own);
}

/* Nothing newer than the limit is offered; a server that has nothing else says so. */
static void test_version_limit(void **state)
{
	(void)state;

	for (int i = 0; i < 2; i++) {
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
		if (i == 1)
			SSL_CTX_set_min_proto_version(rig.server.ctx, TLS1_3_VERSION);
		struct fetch_want want = rig_want(&rig, FETCH_TLS);
		want.max_version = TLS1_2_VERSION;
		const struct fetch_result *result = rig_fetch(&rig, &want);
		assert_int_equal(is(&result->tls, "handshake"), i == 0);
		if (i == 0)
			assert_string_equal(facts_get_str(&result->tls, "version"), "TLSv1.2");
		else
			assert_judged(&result->connect, &result->tls, "tls.protocol");
		rig_stop(&rig);
	}
}

/* ---- each connection has its own evidence ---- */

/* What a server that has proved nothing says is no evidence, even behind one that has. */
static void test_impostor_behind_redirect(void **state)
{
	static const char *const paths[] = {"/", NULL};
	(void)state;

	for (size_t i = 0; i < 2; i++) { /* the second connection, and the first one */
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
		mock_server_odd(&rig.server, 1u << (1 - i), &pki.self, NULL, 0);
		rig.server.response = "HTTP/1.1 302 Found\r\nLocation: /second\r\n"
				      "Content-Length: 0\r\n\r\n";
		rig.server.second_path = "/second";
		rig.server.second_response =
			"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
			"Content-Length: 18\r\n\r\n<title>Gotcha</tit>";
		struct fetch_want want = rig_want(&rig, FETCH_HTTP);
		want.path = paths[0];
		const struct fetch_result *result = rig_fetch(&rig, &want);
		assert_int_equal(rig.server.accepted, 2);
		assert_int_equal(is(&result->tls, "verified"), i == 0);
		assert_true(is(&result->tls, "inconsistent"));
		assert_int_equal(facts_get_int(&result->tls, "tls_connections", 0), 2);
		assert_string_equal(facts_get_str(&result->tls, "odd_problem"), "self-signed");
		assert_string_equal(facts_get_str(&result->tls, "odd_issuer"), "gw");
		assert_false(facts_has(&result->http, i == 0 ? "date" : "error"));
		if (i == 0) {
			assert_int_equal(facts_get_int(&result->http, "status", 0), 302);
			assert_string_equal(facts_get_str(&result->http, "error"), "stranger");
			assert_false(facts_has(&result->http, "body_title"));
		}
		assert_judged(&result->connect, &result->tls, "tls.inconsistent");
		rig_stop(&rig);
	}
}

/* TLS 1.3: the request that shows whether our certificate was accepted meets somebody else. */
static void test_impostor_after_certificate_request(void **state)
{
	struct mock_identity own;
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
	mock_server_demand(&rig.server, &pki.root);
	mock_server_odd(&rig.server, 1u << 1, &pki.self, NULL, 0);
	mock_identity_make(&own, &pki.client, &pki.issuing, NULL);
	struct fetch_want want = rig_want(&rig, FETCH_TLS);
	want.identity = own.identity;
	const struct fetch_result *result = rig_fetch(&rig, &want);
	assert_int_equal(rig.server.accepted, 2);
	assert_false(facts_has(&result->tls, "client_cert_answer"));
	assert_false(facts_has(&result->http, "status"));
	assert_judged(&result->connect, &result->tls, "tls.inconsistent");
	rig_stop(&rig);
	mock_identity_free(&own);
}

/* One server of several is neglected; whichever is met first, both are seen. */
static void test_one_bad_server(void **state)
{
	(void)state;

	for (unsigned first = 0; first < 2; first++) {
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
		mock_server_odd(&rig.server, 1u << first, &pki.expired, with_issuing, 1);
		rig.server.response = "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
				      "Content-Length: 0\r\n\r\n";
		const struct facts *tls = tls_of(&rig);
		if (first == 0) {
			assert_int_equal(rig.server.accepted, 2);
			assert_true(is(tls, "inconsistent"));
			assert_string_equal(facts_get_str(tls, "odd_problem"), "expired");
			assert_judged(&rig.result->connect, tls, "tls.inconsistent");
		} else { /* nothing made a second connection worth while */
			assert_int_equal(rig.server.accepted, 1);
			assert_judged_plain(&rig.result->connect, tls, NULL);
		}
		rig_stop(&rig);
	}
}

/* The same stranger twice is no contradiction. */
static void test_stranger_twice(void **state)
{
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.self, NULL, 0);
	const struct facts *tls = tls_of(&rig);
	assert_int_equal(rig.server.accepted, 2);
	assert_int_equal(rig.server.requests, 0);
	assert_false(facts_has(tls, "inconsistent"));
	assert_judged_plain(&rig.result->connect, tls, "tls.self-signed");
	rig_stop(&rig);
}

/* Our certificate is neither shown nor used for a signature before the server is known. */
static void test_certificate_withheld(void **state)
{
	const struct mock_cert *const servers[] = {
		&pki.self, &pki.strange, &pki.wrong, &pki.weak, &pki.expired};
	(void)state;

	for (size_t i = 0; i < 2 * sizeof servers / sizeof servers[0]; i++) {
		int version = i % 2 == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
		struct mock_identity own;
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, servers[i / 2], with_issuing, 1);
		SSL_CTX_set_max_proto_version(rig.server.ctx, version);
		mock_server_demand(&rig.server, &pki.root);
		mock_identity_make(&own, &pki.client, &pki.issuing, NULL);
		struct fetch_want want = rig_want(&rig, FETCH_TLS);
		want.identity = own.identity;
		const struct fetch_result *result = rig_fetch(&rig, &want);
		assert_true(is(&result->tls, "client_cert_requested"));
		assert_true(is(&result->tls, "certificate_withheld"));
		assert_false(is(&result->tls, "certificate_sent"));
		assert_int_equal(rig.server.shown, 0);
		rig_stop(&rig);
		mock_identity_free(&own);
	}
}

/* A handshake that OpenSSL would refuse at security level 2: what is weak in it is named. */
static void test_weak_handshake(void **state)
{
	static const struct {
		const char *ciphers, *signatures, *weak;
	} servers[] = {
		{"DHE-RSA-AES128-GCM-SHA256", NULL, "TLS: DH 1024 bit"},
		{"ECDHE-RSA-AES128-GCM-SHA256", "RSA+SHA1", "TLS: SHA1"},
		{"ECDHE-RSA-AES128-GCM-SHA256", "RSA+SHA256", NULL},
	};
	struct mock_cert rsa = leaf(&pki.issuing, (struct mock_cert_spec){.rsa_bits = 2048});
	(void)state;

	for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++) {
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, &rsa, with_issuing, 1);
		SSL_CTX_set_max_proto_version(rig.server.ctx, TLS1_2_VERSION);
		SSL_CTX_set_cipher_list(rig.server.ctx, servers[i].ciphers);
		mock_server_weak_group(&rig.server);
		if (servers[i].signatures != NULL)
			SSL_CTX_set1_sigalgs_list(rig.server.ctx, servers[i].signatures);
		const struct facts *tls = tls_of(&rig);
		assert_true(is(tls, "handshake"));
		assert_int_equal(facts_count(tls, "weak"), servers[i].weak != NULL);
		if (servers[i].weak != NULL)
			assert_string_equal(facts_item(tls, "weak", 0), servers[i].weak);
		assert_judged_plain(
			&rig.result->connect, tls, servers[i].weak != NULL ? "tls.too-weak" : NULL);
		rig_stop(&rig);
	}
	mock_cert_free(&rsa);
}

/* ---- handshakes that fail ---- */

struct failure_row {
	enum mock_mode mode;
	const char *error;
};

static void test_failures(void **state)
{
	static const struct failure_row failures[] = {
		{MOCK_PLAIN, "not-tls"},
		{MOCK_CLOSE, "closed"},
		{MOCK_RESET, "reset"},
		{MOCK_SILENT, "silent"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
		struct rig rig;
		rig_start(&rig, failures[i].mode, pki.roots);
		rig.server.response = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
		if (failures[i].mode == MOCK_SILENT)
			rig.fetches->answer_budget = 0.2;
		rig.fetches->page_budget = 0.2;
		const struct facts *tls = tls_of(&rig);
		assert_false(is(tls, "handshake"));
		assert_string_equal(facts_get_str(tls, "error"), failures[i].error);
		rig_stop(&rig);
	}
}

/* Nothing in common: the server says which alert. */
static void test_no_common_version(void **state)
{
	struct rig rig;
	(void)state;

	rig_start(&rig, MOCK_TLS, pki.roots);
	mock_server_identity(&rig.server, &pki.good, with_issuing, 1);
	SSL_CTX_set_max_proto_version(rig.server.ctx, TLS1_2_VERSION);
	SSL_CTX_set_cipher_list(rig.server.ctx, "aNULL");
	const struct facts *tls = tls_of(&rig);
	assert_false(is(tls, "handshake"));
	assert_string_equal(facts_get_str(tls, "error"), "alert");
	assert_int_equal(facts_get_int(tls, "alert", -1), 40);
	rig_stop(&rig);
}

/* A host that is an address is checked against the addresses of the certificate. */
static void test_address_as_name(void **state)
{
	static char address[] = "127.0.0.1";
	const struct mock_cert *const certs[] = {&pki.good, &pki.wrong};
	(void)state;

	for (size_t i = 0; i < 2; i++) {
		struct rig rig;
		rig_start(&rig, MOCK_TLS, pki.roots);
		mock_server_identity(&rig.server, certs[i], with_issuing, 1);
		rig.host.name = address;
		assert_int_equal(is(tls_of(&rig), "name_ok"), i == 0);
		assert_string_equal(facts_get_str(&rig.result->connect, "via"), "literal");
		rig_stop(&rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_names_of_numbers),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad_certificates),
		cmocka_unit_test(test_interceptor),
		cmocka_unit_test(test_no_roots),
		cmocka_unit_test(test_old_version),
		cmocka_unit_test(test_client_certificate),
		cmocka_unit_test(test_client_certificate_optional),
		cmocka_unit_test(test_client_shown),
		cmocka_unit_test(test_client_not_asked),
		cmocka_unit_test(test_client_authority),
		cmocka_unit_test(test_version_limit),
		cmocka_unit_test(test_dates_ask_clock),
		cmocka_unit_test(test_impostor_behind_redirect),
		cmocka_unit_test(test_impostor_after_certificate_request),
		cmocka_unit_test(test_one_bad_server),
		cmocka_unit_test(test_stranger_twice),
		cmocka_unit_test(test_certificate_withheld),
		cmocka_unit_test(test_weak_handshake),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_no_common_version),
		cmocka_unit_test(test_address_as_name),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
