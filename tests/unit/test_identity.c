/* Certificates as users have them: every format and encryption, every way in which they are wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "check.h"
#include "diag.h"
#include "identity.h"
#include "judge_rows.h"
#include "plan.h"
#include "platform.h"
#include "tls_mock.h"

#define TITLE "title: {ja: あ, en: a}"

static const char rule_text[] =
	"version: 1\n"
	"certificates:\n"
	"  ca: {role: ca, file: [ca*.crt], store: true, issuer: ['Test *'], use: {ja: あ, en: a}}\n"
	"  client: {role: client, file: ['client*.p12', 'client*.pem'], password-file: "
	"['*.pass'],\n"
	"    store: true, ca: ca, use: {ja: あ, en: a}}\n"
	"  lone: {role: client, file: ['lone*.p12'], use: {ja: あ, en: a}}\n"
	"checks:\n"
	"  cert: {check: cert, certificate: client, " TITLE "}\n"
	"  password: {check: cert, certificate: client, aspect: password, " TITLE "}\n"
	"  warned: {check: cert, certificate: client, missing: warn, " TITLE "}\n"
	"  skipped: {check: cert, certificate: client, missing: skip, " TITLE "}\n"
	"  lone: {check: cert, certificate: lone, " TITLE "}\n"
	"  ca: {check: cert, certificate: ca, expiring: 10, " TITLE "}\n"
	"profiles:\n"
	"  all: {title: {ja: あ, en: a}, checks: ['*']}\n";

static struct world {
	struct rules *rules;
	struct mock_cert ca, issuing, other_ca, good, longer, expired, early, foreign, deep, server;
	char directory[64], old[1024];
} w;

/* ---- making files ---- */

static struct mock_cert make_server_only(void)
{
	struct mock_cert made =
		mock_cert_make(&(struct mock_cert_spec){.cn = "server", .issuer = &w.ca});
	X509_EXTENSION *use = X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage, "serverAuth");

	assert_non_null(use);
	X509_add_ext(made.cert, use, -1);
	X509_EXTENSION_free(use);
	assert_true(X509_sign(made.cert, w.ca.key, EVP_sha256()) > 0);
	return made;
}

static int make_world(void **state)
{
	(void)state;
	trust_library_init();
	w.rules = judge_rules(rule_text);
	w.ca = mock_cert_make(&(struct mock_cert_spec){.cn = "Test CA", .ca = true});
	w.issuing = mock_cert_make(
		&(struct mock_cert_spec){.cn = "Test Issuing", .ca = true, .issuer = &w.ca});
	w.other_ca = mock_cert_make(&(struct mock_cert_spec){.cn = "Other CA", .ca = true});
	w.good = mock_cert_make(&(struct mock_cert_spec){.cn = "病院", .issuer = &w.ca});
	w.longer = mock_cert_make(&(struct mock_cert_spec){
		.cn = "longer", .issuer = &w.ca, .from_days = -10, .until_days = 900});
	w.expired = mock_cert_make(&(struct mock_cert_spec){
		.cn = "expired", .issuer = &w.ca, .from_days = -90, .until_days = -3});
	w.early = mock_cert_make(&(struct mock_cert_spec){
		.cn = "early", .issuer = &w.ca, .from_days = 5, .until_days = 2000});
	w.foreign =
		mock_cert_make(&(struct mock_cert_spec){.cn = "foreign", .issuer = &w.other_ca});
	w.deep = mock_cert_make(&(struct mock_cert_spec){.cn = "deep", .issuer = &w.issuing});
	w.server = make_server_only();
	return 0;
}

static int free_world(void **state)
{
	struct mock_cert *const all[] = {&w.ca, &w.issuing, &w.other_ca, &w.good, &w.longer,
		&w.expired, &w.early, &w.foreign, &w.deep, &w.server};
	(void)state;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		mock_cert_free(all[i]);
	rules_free(w.rules);
	return 0;
}

static int enter(void **state)
{
	(void)state;
	strcpy(w.directory, "/tmp/preflight-test-XXXXXX");
	unsetenv(INPUTS_PASSWORD_VARIABLE);
	return getcwd(w.old, sizeof w.old) != NULL && mkdtemp(w.directory) != NULL &&
			       chdir(w.directory) == 0
		       ? 0
		       : -1;
}

static int leave(void **state)
{
	struct strs names = {0};
	(void)state;

	platform_list(".", &names, NULL);
	for (size_t i = 0; i < names.count; i++)
		remove(names.items[i]);
	strs_release(&names);
	return chdir(w.old) == 0 && rmdir(w.directory) == 0 ? 0 : -1;
}

static void write_bytes(const char *name, const void *bytes, size_t len)
{
	FILE *file = fopen(name, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static void write_text(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

/* key NULL: none in it; beside: a CA that goes along, or NULL. */
static void write_p12(const char *name, const char *password, const struct mock_cert *cert,
	EVP_PKEY *key, const struct mock_cert *beside, int nid)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	FILE *file = fopen(name, "wb");

	if (beside != NULL)
		sk_X509_push(chain, beside->cert);
	PKCS12 *made = PKCS12_create(
		password, NULL, key, key != NULL ? cert->cert : NULL, chain, nid, nid, 0, 0, 0);
	if (key == NULL) {
		PKCS12_free(made);
		sk_X509_push(chain, cert->cert);
		made = PKCS12_create(password, NULL, NULL, NULL, chain, nid, nid, 0, 0, 0);
	}
	assert_non_null(made);
	assert_non_null(file);
	assert_int_equal(i2d_PKCS12_fp(file, made), 1);
	fclose(file);
	PKCS12_free(made);
	sk_X509_free(chain);
}

/* A key beside a certificate that it does not belong to: PKCS12_create would refuse. */
static void write_mismatched_p12(const char *name, const char *password)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	FILE *file = fopen(name, "wb");

	assert_non_null(PKCS12_add_cert(&bags, w.good.cert));
	assert_non_null(PKCS12_add_key(&bags, w.longer.key, 0, 0, NID_aes_256_cbc, password));
	assert_int_equal(PKCS12_add_safe(&safes, bags, -1, 0, NULL), 1);
	PKCS12 *made = PKCS12_add_safes(safes, 0);
	assert_int_equal(PKCS12_set_mac(made, password, -1, NULL, 0, 1000, EVP_sha256()), 1);
	assert_int_equal(i2d_PKCS12_fp(file, made), 1);
	fclose(file);
	PKCS12_free(made);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

static void write_certificate(const char *name, const struct mock_cert *cert, bool der)
{
	FILE *file = fopen(name, "wb");

	assert_int_equal(der ? i2d_X509_fp(file, cert->cert) : PEM_write_X509(file, cert->cert), 1);
	fclose(file);
}

/* password NULL: the key stands open. old: OpenSSL's own encryption, else PKCS#8's. */
static void write_pem(
	const char *name, const struct mock_cert *cert, const char *password, bool old)
{
	BIO *out = BIO_new_file(name, "w");
	const EVP_CIPHER *cipher = password != NULL ? EVP_aes_256_cbc() : NULL;
	int len = password != NULL ? (int)strlen(password) : 0;

	if (old)
		assert_int_equal(PEM_write_bio_PrivateKey_traditional(out, cert->key, cipher,
					 (unsigned char *)(uintptr_t)password, len, NULL, NULL),
			1);
	else
		assert_int_equal(PEM_write_bio_PKCS8PrivateKey(
					 out, cert->key, cipher, password, len, NULL, NULL),
			1);
	assert_int_equal(PEM_write_bio_X509(out, cert->cert), 1);
	BIO_free(out);
}

/* The openssl program makes what this process must not be able to make: see OSSL_PROVIDER_load. */
static void write_legacy_p12(const char *name, const char *password, const char *options)
{
	char command[512];

	write_pem("legacy.tmp", &w.good, NULL, false);
	snprintf(command, sizeof command,
		"openssl pkcs12 -export %s -in legacy.tmp -out %s -passout pass:%s", options, name,
		password);
	assert_int_equal(system(command), 0);
	remove("legacy.tmp");
}

/* ---- loading ---- */

static struct loaded {
	struct identities *all;
	const struct identity *client, *ca;
	const struct facts *facts, *ca_facts;
} l;

static void load_with(const struct inputs *inputs, struct trust *trust)
{
	const bool wanted[3] = {true, true, true};
	const struct rule_certificate *list = w.rules->certificates;

	identities_free(l.all);
	assert_int_equal(w.rules->certificate_count, 3);
	l.all = identities_load(w.rules, wanted, inputs, trust);
	l.ca = identities_find(l.all, &list[0]);
	l.client = identities_find(l.all, &list[1]);
	l.facts = identity_facts(l.client);
	l.ca_facts = identity_facts(l.ca);
}

static void load(void)
{
	load_with(&(struct inputs){0}, NULL);
}

static void unload(void)
{
	identities_free(l.all);
	l.all = NULL;
}

static void expect_str(const char *name, const char *expected)
{
	const char *value = facts_get_str(l.facts, name);

	if (expected == NULL ? value != NULL : value == NULL || strcmp(value, expected) != 0)
		fail_msg("%s is %s, not %s", name, value != NULL ? value : "absent",
			expected != NULL ? expected : "absent");
}

static struct judgement judge_at(const char *id, const struct facts *facts, double now)
{
	const struct rule_check *check = rules_check(w.rules, id);
	struct judge_input in = {.check = check, .rules = w.rules, .facts = facts, .now = now};
	struct judgement out = {.verdict = VERDICT_COUNT};

	check->type->judge(&in, &out);
	return out;
}

static void expect_facts(const char *id, const struct facts *facts, double now,
	enum verdict verdict, const char *cause)
{
	struct judgement out = judge_at(id, facts, now);

	if (out.verdict != verdict || (cause == NULL) != (out.cause == NULL) ||
		(cause != NULL && strcmp(out.cause, cause) != 0))
		fail_msg("%s: %s %s, expected %s %s", id,
			out.verdict < VERDICT_COUNT ? verdict_name(out.verdict) : "nothing",
			out.cause != NULL ? out.cause : "", verdict_name(verdict),
			cause != NULL ? cause : "");
}

static void expect(const char *id, enum verdict verdict, const char *cause)
{
	expect_facts(
		id, strcmp(id, "ca") == 0 ? l.ca_facts : l.facts, platform_wall(), verdict, cause);
}

/* ---- tests: files and formats ---- */

static void nothing_there(void **state)
{
	(void)state;
	load();
	expect_str("error", "not-found");
	assert_int_equal(facts_get_int(l.facts, "candidate_count", -1), 0);
	assert_null(identity_x509(l.client));
	assert_null(identity_key(l.client));
	expect("cert", VERDICT_FAIL, "cert.not-found");
	expect("warned", VERDICT_WARN, "cert.not-found");
	expect("skipped", VERDICT_SKIP, "cert.not-found");
	expect("password", VERDICT_UNKNOWN, "run.blocked");
	expect("ca", VERDICT_FAIL, "cert.not-found");
	assert_null(identities_find(l.all, NULL));
	unload();
}

static void good_file(void **state)
{
	(void)state;
	write_p12("client1.p12", "secret", &w.good, w.good.key, &w.issuing, 0);
	write_text("client1.pass", "secret");
	write_text("a.pass", "wrong");
	write_certificate("ca.crt", &w.ca, true);
	load();
	expect_str("error", NULL);
	expect_str("source", "file");
	expect_str("file", "client1.p12");
	expect_str("format", "pkcs12");
	expect_str("encryption", "AES-256-CBC");
	expect_str("password_from", "file");
	expect_str("password_file", "client1.pass");
	expect_str("password_trailing", NULL);
	expect_str("subject", "CN=病院");
	expect_str("subject_cn", "病院");
	expect_str("issuer", "CN=Test CA");
	expect_str("issuer_cn", "Test CA");
	assert_false(facts_get_bool(l.facts, "legacy", true));
	assert_true(facts_get_bool(l.facts, "has_key", false));
	assert_true(facts_get_bool(l.facts, "key_matches", false));
	assert_true(facts_get_bool(l.facts, "client_purpose", false));
	assert_true(facts_get_bool(l.facts, "ca_known", false));
	assert_true(facts_get_bool(l.facts, "issued_by_ca", false));
	assert_false(facts_get_bool(l.facts, "is_ca", true));
	assert_true(facts_list_has(l.facts, "issuers", "CN=Test CA"));
	assert_int_equal(X509_cmp(identity_x509(l.client), w.good.cert), 0);
	assert_int_equal(EVP_PKEY_eq(identity_key(l.client), w.good.key), 1);
	assert_int_equal(sk_X509_num(identity_chain(l.client)), 1);
	assert_int_equal(sk_X509_num(identity_authorities(l.client)), 1);
	assert_string_equal(facts_get_str(l.ca_facts, "format"), "der");
	assert_false(facts_has(l.ca_facts, "in_root_store"));
	expect("cert", VERDICT_PASS, NULL);
	expect("password", VERDICT_PASS, NULL);
	expect("ca", VERDICT_PASS, NULL);
	/* The secret is nowhere in what is told. */
	char *told = json_dumps(l.facts->object, 0);
	assert_null(strstr(told, "secret"));
	free(told);
	unload();
}

static void dates(void **state)
{
	double now = platform_wall(), day = 86400;
	(void)state;

	write_p12("client1.p12", NULL, &w.good, w.good.key, NULL, 0);
	load();
	expect_facts("cert", l.facts, now + 69 * day, VERDICT_PASS, NULL);
	expect_facts("cert", l.facts, now + 71 * day, VERDICT_WARN, "cert.expiring-soon");
	expect_facts("cert", l.facts, now + 101 * day, VERDICT_FAIL, "cert.expired");
	expect_facts("cert", l.facts, now - 11 * day, VERDICT_FAIL, "cert.not-yet-valid");
	expect_facts("password", l.facts, now + 101 * day, VERDICT_PASS, NULL);
	expect_str("password_from", "none");
	write_p12("client1.p12", NULL, &w.expired, w.expired.key, NULL, 0);
	load();
	expect("cert", VERDICT_FAIL, "cert.expired");
	write_p12("client1.p12", NULL, &w.early, w.early.key, NULL, 0);
	load();
	expect("cert", VERDICT_FAIL, "cert.not-yet-valid");
	unload();
}

static void keys_and_purpose(void **state)
{
	(void)state;
	write_p12("client.p12", "pw", &w.good, NULL, NULL, 0);
	write_text("client.pass", "pw");
	load();
	assert_false(facts_get_bool(l.facts, "has_key", true));
	expect("cert", VERDICT_FAIL, "cert.no-private-key");
	assert_null(identity_key(l.client));
	write_mismatched_p12("client.p12", "pw");
	load();
	assert_true(facts_get_bool(l.facts, "has_key", false));
	assert_false(facts_get_bool(l.facts, "key_matches", true));
	expect("cert", VERDICT_FAIL, "cert.key-mismatch");
	assert_null(identity_key(l.client));
	write_p12("client.p12", "pw", &w.server, w.server.key, NULL, 0);
	load();
	expect("cert", VERDICT_FAIL, "cert.wrong-purpose");
	unload();
}

static void issuers(void **state)
{
	(void)state;
	write_certificate("ca.crt", &w.ca, false);
	write_p12("client.p12", "", &w.foreign, w.foreign.key, &w.other_ca, 0);
	load();
	expect("cert", VERDICT_FAIL, "cert.not-issued-by-ca");
	/* through a CA that stands beside it, and without that one */
	write_p12("client.p12", "", &w.deep, w.deep.key, &w.issuing, 0);
	load();
	assert_true(facts_get_bool(l.facts, "issued_by_ca", false));
	expect("cert", VERDICT_PASS, NULL);
	write_p12("client.p12", "", &w.deep, w.deep.key, NULL, 0);
	load();
	expect("cert", VERDICT_FAIL, "cert.not-issued-by-ca");
	remove("ca.crt");
	load();
	assert_false(facts_get_bool(l.facts, "ca_known", true));
	assert_false(facts_has(l.facts, "issued_by_ca"));
	expect("cert", VERDICT_PASS, NULL);
	unload();
}

static void authorities(void **state)
{
	char *roots = mock_pem_file((const struct mock_cert *const[]){&w.other_ca, &w.ca}, 2);
	struct trust *trust = trust_new("", roots);
	struct trust *other;
	(void)state;

	write_certificate("ca.crt", &w.ca, false);
	load_with(&(struct inputs){0}, trust);
	assert_true(facts_get_bool(l.ca_facts, "in_root_store", false));
	expect("ca", VERDICT_PASS, NULL);
	write_certificate("ca.crt", &w.issuing, false);
	load_with(&(struct inputs){0}, trust);
	assert_false(facts_get_bool(l.ca_facts, "in_root_store", true));
	expect("ca", VERDICT_WARN, "cert.not-trusted");
	expect_facts(
		"ca", l.ca_facts, platform_wall() + 200 * 86400.0, VERDICT_FAIL, "cert.expired");
	write_certificate("ca.crt", &w.good, false);
	load_with(&(struct inputs){0}, trust);
	expect("ca", VERDICT_FAIL, "cert.not-a-ca");
	/* No file, but the OS trusts who issued the client's. */
	remove("ca.crt");
	write_p12("client.p12", "", &w.good, w.good.key, NULL, 0);
	load_with(&(struct inputs){0}, trust);
	assert_string_equal(facts_get_str(l.ca_facts, "source"), "store");
	assert_true(facts_get_bool(l.facts, "issued_by_ca", false));
	expect("ca", VERDICT_PASS, NULL);
	/* A CA of another name is not the one that is meant. */
	write_p12("client.p12", "", &w.foreign, w.foreign.key, NULL, 0);
	other = trust_new("", roots);
	load_with(&(struct inputs){0}, other);
	expect("ca", VERDICT_FAIL, "cert.not-found");
	unload();
	trust_free(other);
	trust_free(trust);
	remove(roots);
	free(roots);
}

static void legacy(void **state)
{
	(void)state;
	/* RC2-40 for the certificates, as Windows and OpenSSL 1 wrote them */
	write_legacy_p12("client.p12", "pw", "-legacy");
	write_text("client.pass", "pw");
	for (int again = 0; again < 2; again++) {
		load();
		expect_str("error", NULL);
		assert_true(facts_get_bool(l.facts, "legacy", false));
		expect_str("encryption", "PBE-SHA1-RC2-40");
		assert_int_equal(EVP_PKEY_eq(identity_key(l.client), w.good.key), 1);
	}
	write_text("client.pass", "wrong");
	load();
	expect_str("error", "wrong-password");
	/* 3DES is in the default provider */
	write_legacy_p12(
		"client.p12", "pw", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1");
	write_text("client.pass", "pw");
	load();
	expect_str("error", NULL);
	expect_str("encryption", "PBE-SHA1-3DES");
	assert_false(facts_get_bool(l.facts, "legacy", true));
	unload();
}

/* Encrypted by an algorithm that no provider has: its OID is changed to a private one. */
static void unknown_encryption(void **state)
{
	/* 1.2.840.113549.1.12.1.3, pbeWithSHAAnd3-KeyTripleDES-CBC */
	static const unsigned char oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 1, 3};
	unsigned char bytes[8192];
	size_t changed = 0;
	(void)state;

	write_p12("client.p12", NULL, &w.good, w.good.key, NULL,
		NID_pbe_WithSHA1And3_Key_TripleDES_CBC);
	FILE *file = fopen("client.p12", "rb");
	size_t len = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	for (size_t i = 0; i + sizeof oid < len; i++)
		if (memcmp(bytes + i, oid, sizeof oid) == 0) {
			bytes[i + sizeof oid - 1] = 0x7e;
			changed++;
		}
	assert_true(changed >= 2);
	/* the MAC is over what was changed */
	PKCS12 *p12 = d2i_PKCS12(NULL, &(const unsigned char *){bytes}, (long)len);
	assert_int_equal(PKCS12_set_mac(p12, "pw", -1, NULL, 0, 1000, EVP_sha256()), 1);
	file = fopen("client.p12", "wb");
	assert_int_equal(i2d_PKCS12_fp(file, p12), 1);
	fclose(file);
	PKCS12_free(p12);
	write_text("client.pass", "pw");
	load();
	expect_str("error", "unsupported");
	assert_false(facts_get_bool(l.facts, "legacy", true));
	expect("password", VERDICT_FAIL, "cert.unsupported-encryption");
	expect("cert", VERDICT_UNKNOWN, "run.blocked");
	unload();
}

/* A file that would keep the terminal busy for hours is refused at once. */
static void iterations(void **state)
{
	STACK_OF(X509) *none = sk_X509_new_null();
	clock_t begun = clock();
	(void)state;

	PKCS12 *p12 = PKCS12_create(
		"pw", NULL, w.good.key, w.good.cert, none, 0, 0, 0, -1, 0); /* no MAC */
	assert_non_null(p12);
	assert_int_equal(PKCS12_set_mac(p12, "pw", -1, NULL, 0, 2, EVP_sha256()), 1);
	unsigned char *bytes = NULL;
	int len = i2d_PKCS12(p12, &bytes);
	/* the MAC's iterations are the last INTEGER: 2 becomes 2^31-1 by a longer encoding */
	static const unsigned char many[] = {0x02, 0x04, 0x7f, 0xff, 0xff, 0xff};
	unsigned char *longer = mem_alloc((size_t)len + 3);
	assert_true(bytes[0] == 0x30 && bytes[1] == 0x82);
	assert_memory_equal(bytes + len - 3, ((unsigned char[]){2, 1, 2}), 3);
	memcpy(longer, bytes, (size_t)len - 3);
	memcpy(longer + len - 3, many, sizeof many);
	unsigned total = (unsigned)len - 4 + 3;
	longer[2] = (unsigned char)(total >> 8);
	longer[3] = (unsigned char)total;
	/* the MAC's own SEQUENCE begins at `mac` and reaches to the end */
	unsigned char *mac = longer + len - 3;
	while (mac > longer &&
		!(mac[0] == 0x30 && mac + 2 + mac[1] + 3 == longer + len + 3 && mac[1] > 40))
		mac--;
	assert_true(mac > longer);
	mac[1] = (unsigned char)(mac[1] + 3);
	write_bytes("client.p12", longer, (size_t)len + 3);
	write_text("client.pass", "pw");
	load();
	expect_str("format", "pkcs12");
	expect_str("error", "unsupported");
	assert_true(clock() - begun < 5 * CLOCKS_PER_SEC);
	OPENSSL_free(bytes);
	free(longer);
	PKCS12_free(p12);
	sk_X509_free(none);
	unload();
}

static void pem(void **state)
{
	static const struct {
		const char *password;
		bool old;
	} cases[] = {{NULL, false}, {NULL, true}, {"pw", false}, {"pw", true}};
	(void)state;

	write_text("client.pass", "pw\n");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		write_pem("client.pem", &w.good, cases[i].password, cases[i].old);
		load();
		expect_str("error", NULL);
		expect_str("format", "pem");
		expect_str("password_from", cases[i].password != NULL ? "file" : "none");
		expect_str("password_trailing", cases[i].password != NULL ? "newline" : NULL);
		expect_str("encryption", cases[i].password != NULL ? "AES-256-CBC" : NULL);
		assert_int_equal(EVP_PKEY_eq(identity_key(l.client), w.good.key), 1);
	}
	write_text("client.pass", "wrong");
	for (size_t i = 2; i < sizeof cases / sizeof cases[0]; i++) {
		write_pem("client.pem", &w.good, cases[i].password, cases[i].old);
		load();
		expect_str("error", "wrong-password");
	}
	unload();
}

static void garbage(void **state)
{
	static char big[1024 * 1024 + 1];
	unsigned char p12[8192];
	(void)state;

	write_bytes("client.p12", big, sizeof big);
	load();
	expect_str("error", "unreadable");
	assert_non_null(facts_get_str(l.facts, "error_text"));
	expect("cert", VERDICT_FAIL, "cert.unreadable");
	expect("password", VERDICT_UNKNOWN, "run.blocked");
	static const char *const texts[] = {"", "x", "\x30\x80", "\x30\x84\xff\xff\xff\xff",
		"-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE "
		"KEY-----\n",
		"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,1\n\nAAAA\n"
		"-----END RSA PRIVATE KEY-----\n"};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		write_text("client.p12", texts[i]);
		load();
		assert_non_null(facts_get_str(l.facts, "error"));
		assert_null(identity_x509(l.client));
	}
	/* cut off anywhere, and with any byte wrong, it is never opened as something else */
	write_p12("client.p12", "pw", &w.good, w.good.key, NULL,
		NID_pbe_WithSHA1And3_Key_TripleDES_CBC);
	FILE *file = fopen("client.p12", "rb");
	size_t len = fread(p12, 1, sizeof p12, file);
	fclose(file);
	setenv(INPUTS_PASSWORD_VARIABLE, "pw", 1);
	for (size_t cut = 0; cut < len; cut += 97) {
		write_bytes("client.p12", p12, cut);
		load();
		assert_null(identity_x509(l.client));
	}
	for (size_t at = 0; at < len; at += 41) {
		p12[at] ^= 0x41;
		write_bytes("client.p12", p12, len);
		load();
		p12[at] ^= 0x41;
		assert_true(identity_x509(l.client) == NULL ||
			    X509_cmp(identity_x509(l.client), w.good.cert) == 0);
	}
	unload();
}

/* ---- tests: passwords ---- */

static void passwords(void **state)
{
	static const struct {
		const char *text; /* of the file; the password is "p w" */
		const char *trailing;
		int count;
	} cases[] = {
		{"p w", NULL, -1},
		{"p w\n", "newline", 1},
		{"p w\r\n", "newline", 2},
		{"p w ", "space", 1},
		{"p w\t ", "space+tab", 2},
		{"p w \n", "space+newline", 2},
		{"p w　", "full-width-space", 1},
		{"p w　\r\n", "full-width-space+newline", 3},
		{"\xEF\xBB\xBFp w", "byte-order-mark", 1},
		{"\xEF\xBB\xBFp w\r\n", "byte-order-mark+newline", 3},
		{" p w", "leading-space", 1},
		{" p w\n", "leading-space+newline", 2},
		{"\n p w", "leading-space+leading-newline", 2},
		{"　p w　", "leading-full-width-space+full-width-space", 2},
		{"\tp w", "leading-tab", 1},
		{"\xC2\xA0p w\xC2\xA0", "leading-no-break-space+no-break-space", 2},
		{"\xE2\x80\x8Bp w", "leading-invisible", 1},
		{"\xEF\xBB\xBF p w \r\n", "byte-order-mark+leading-space+space+newline", 5},
		{"\"p w\"\r\n", "quotes+newline", 4},
		{"'p w'", "quotes", 2},
		{"「p w」", "quotes", 2},
		{" “p w” ", "leading-space+quotes+space", 4},
		{"ｐ w\n", "newline+full-width-characters", 2},
	};
	static const struct {
		const char *bytes;
		size_t len;
		const char *trailing;
	} others[] = {
		{"\xFF\xFEp\0 \0w\0", 8, "utf-16"},
		{"\xFF\xFEp\0 \0w\0\r\0\n\0", 12, "utf-16+newline"},
		{"\xFE\xFF\0p\0 \0w\0 ", 10, "utf-16+space"},
		{"p\0 \0w\0\r\0\n\0", 10, "utf-16+newline"},
		{"p w\0", 4, "nul"},
		{"p w\n\0", 5, "newline+nul"},
	};
	(void)state;

	write_p12("client.p12", "p w", &w.good, w.good.key, NULL, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		write_text("client.pass", cases[i].text);
		load();
		expect_str("error", NULL);
		expect_str("password_trailing", cases[i].trailing);
		assert_int_equal(
			facts_get_int(l.facts, "password_trailing_count", -1), cases[i].count);
		expect("password", cases[i].trailing != NULL ? VERDICT_WARN : VERDICT_PASS,
			cases[i].trailing != NULL ? "cert.password-trailing-space" : NULL);
		expect("cert", VERDICT_PASS, NULL);
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		write_bytes("client.pass", others[i].bytes, others[i].len);
		load();
		expect_str("error", NULL);
		expect_str("password_trailing", others[i].trailing);
	}
	/* a space that belongs to it stays */
	write_p12("client.p12", "p w ", &w.good, w.good.key, NULL, 0);
	write_text("client.pass", "p w \n");
	load();
	expect_str("password_trailing", "newline");
	write_text("client.pass", "p w");
	load();
	expect_str("error", "wrong-password");
	expect_str("password_file", "client.pass");
	expect("password", VERDICT_FAIL, "cert.wrong-password");
	expect("cert", VERDICT_UNKNOWN, "run.blocked"); /* the other check tells */
	expect_facts("lone", l.facts, platform_wall(), VERDICT_FAIL, "cert.wrong-password");
	remove("client.pass");
	load();
	expect_str("error", "no-password");
	expect("password", VERDICT_UNKNOWN, "cert.password-missing");
	unload();
}

static void japanese_password(void **state)
{
	(void)state;
	write_p12("client.p12", "ひみつ", &w.good, w.good.key, NULL, 0);
	write_text("client.pass", "ひみつ\n");
	load();
	expect_str("error", NULL);
	expect_str("password_trailing", "newline");
	write_legacy_p12("client.p12", "ひみつ", "-legacy");
	load();
	expect_str("error", NULL);
	unload();
}

static void password_sources(void **state)
{
	static char big[5000];
	struct inputs inputs = {.password_file = "named.txt"};
	(void)state;

	write_p12("client1.p12", "pw", &w.good, w.good.key, NULL, 0);
	write_text("other.pass", "pw");
	load();
	expect_str("password_file", "other.pass"); /* another stem will do */
	write_text("client1.pass", "pw");
	load();
	expect_str("password_file", "client1.pass");
	setenv(INPUTS_PASSWORD_VARIABLE, "pw ", 1);
	load();
	expect_str("password_from", "environment");
	expect_str("password_file", NULL);
	expect_str("password_trailing", "space");
	write_text("named.txt", "pw");
	load_with(&inputs, NULL);
	expect_str("password_from", "file");
	expect_str("password_file", "named.txt");
	unsetenv(INPUTS_PASSWORD_VARIABLE);
	remove("client1.pass");
	remove("other.pass");
	memset(big, 'x', sizeof big);
	write_bytes("named.txt", big, sizeof big);
	load_with(&inputs, NULL);
	expect_str("error", "no-password");
	assert_non_null(facts_get_str(l.facts, "error_text"));
	remove("named.txt");
	load_with(&inputs, NULL);
	expect_str("error", "no-password");
	unload();
}

/* ---- tests: several ---- */

static void candidates(void **state)
{
	char *names[] = {(char[]){"missing.p12"}, (char[]){"good.p12"}};
	struct inputs inputs = {.certificates = {.items = names, .count = 2}};
	(void)state;

	write_p12("client1.p12", "", &w.good, w.good.key, NULL, 0);
	write_p12("client2.p12", "", &w.longer, w.longer.key, NULL, 0);
	write_p12("client3.p12", "", &w.early, w.early.key, NULL, 0);
	write_p12("CLIENT4.P12", "locked", &w.good, w.good.key, NULL, 0);
	write_text("client5.p12", "garbage");
	load();
	expect_str("file", "client2.p12"); /* usable, and valid longer than client1 */
	assert_int_equal(facts_get_int(l.facts, "candidate_count", -1), 5);
	size_t usable = 0;
	for (size_t i = 0; i < 5; i++)
		usable += json_is_true(json_object_get(
			json_array_get(facts_get(l.facts, "candidates"), i), "usable"));
	assert_int_equal(usable, 2);
	expect("cert", VERDICT_PASS, NULL);
	remove("client1.p12");
	remove("client2.p12");
	load();
	expect_str("file", "client3.p12");
	expect("cert", VERDICT_FAIL, "cert.not-yet-valid");
	/* --cert wins over all of them */
	write_p12("good.p12", "", &w.good, w.good.key, NULL, 0);
	load_with(&inputs, NULL);
	expect_str("file", "good.p12");
	assert_int_equal(facts_get_int(l.facts, "candidate_count", -1), 1);
	inputs.certificates.count = 1;
	load_with(&inputs, NULL);
	expect_str("error", "not-found");
	expect_str("file", "missing.p12");
	expect("cert", VERDICT_FAIL, "cert.not-found");
	names[0] = (char[]){"."};
	load_with(&inputs, NULL);
	expect_str("error", "unreadable");
	unload();
}

/* ---- tests: the command line ---- */

static size_t complaints(const char *only, const struct inputs *inputs)
{
	char *profiles[] = {(char[]){"all"}}, *ids[] = {(char *)(uintptr_t)only};
	struct plan_request request = {.profiles = {.items = profiles, .count = 1},
		.only = {.items = ids, .count = 1},
		.inputs = inputs};
	struct terminal terminal = {0};
	struct diags diags = {0};
	struct plan plan;

	int made = plan_make(&plan, &request, w.rules, &terminal, &diags);
	size_t count = diags.count;
	assert_int_equal(made, count > 0 ? -1 : 0);
	plan_release(&plan);
	diags_release(&diags);
	return count;
}

static void unused_files(void **state)
{
	char *names[] = {(char[]){"x"}};
	const struct strs one = {.items = names, .count = 1};
	(void)state;

	assert_int_equal(complaints("cert", &(struct inputs){.certificates = one}), 0);
	assert_int_equal(complaints("cert", &(struct inputs){.authorities = one}), 0);
	assert_int_equal(complaints("lone", &(struct inputs){.authorities = one}), 1);
	assert_int_equal(complaints("ca", &(struct inputs){.authorities = one}), 0);
	assert_int_equal(
		complaints("ca", &(struct inputs){.certificates = one, .password_file = "x"}), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_there),
		TEST(good_file),
		TEST(dates),
		TEST(keys_and_purpose),
		TEST(issuers),
		TEST(authorities),
		TEST(legacy),
		TEST(unknown_encryption),
		TEST(iterations),
		TEST(pem),
		TEST(garbage),
		TEST(passwords),
		TEST(japanese_password),
		TEST(password_sources),
		TEST(candidates),
		TEST(unused_files),
	};

	return cmocka_run_group_tests(tests, make_world, free_world);
}
