/* The trust store: bundles and directories of roots, whole and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "root_list.h"
#include "tls_mock.h"

static struct pki {
	struct mock_cert root, issuing, good, expired, direct;
	char *roots; /* PEM file: another root before and behind ours */
} pki;

static int make_pki(void **state)
{
	struct mock_cert other = mock_cert_make(
		&(struct mock_cert_spec){.cn = "Other Root", .o = "Others", .ca = true});
	(void)state;

	trust_library_init();
	pki.root = mock_cert_make(&(struct mock_cert_spec){.cn = "Test Root", .ca = true});
	pki.issuing = mock_cert_make(
		&(struct mock_cert_spec){.cn = "Test Issuing", .ca = true, .issuer = &pki.root});
	pki.good = mock_cert_make(&(struct mock_cert_spec){.cn = "gw", .issuer = &pki.issuing});
	pki.direct = mock_cert_make(&(struct mock_cert_spec){.cn = "gw", .issuer = &pki.root});
	pki.expired = mock_cert_make(&(struct mock_cert_spec){
		.cn = "gw", .issuer = &pki.issuing, .from_days = -90, .until_days = -30});
	const struct mock_cert *const roots[] = {&other, &pki.root, &other};
	pki.roots = mock_pem_file(roots, 3);
	mock_cert_free(&other);
	return 0;
}

static int free_pki(void **state)
{
	(void)state;
	mock_cert_free(&pki.root);
	mock_cert_free(&pki.issuing);
	mock_cert_free(&pki.good);
	mock_cert_free(&pki.direct);
	mock_cert_free(&pki.expired);
	remove(pki.roots);
	free(pki.roots);
	return 0;
}

struct errors {
	int numbers[8], depths[8];
	bool stored[8];
	size_t count;
};

static void take_error(void *arg, const struct trust_error *error)
{
	struct errors *e = arg;

	assert_true(e->count < 8);
	e->numbers[e->count] = error->number;
	e->depths[e->count] = error->depth;
	e->stored[e->count++] = error->stored;
}

static struct errors verify(struct trust *trust, const struct mock_cert *cert, bool chain)
{
	STACK_OF(X509) *sent = sk_X509_new_null();
	struct errors errors = {0};

	sk_X509_push(sent, cert->cert);
	if (chain)
		sk_X509_push(sent, pki.issuing.cert);
	trust_verify(trust, cert->cert, sent, take_error, &errors);
	sk_X509_free(sent);
	return errors;
}

static void test_trust_file(void **state)
{
	struct trust *trust = trust_new("", pki.roots);
	struct errors errors;
	(void)state;

	assert_true(trust_has_roots(trust));
	assert_int_equal(verify(trust, &pki.good, true).count, 0);
	assert_int_equal(verify(trust, &pki.direct, false).count, 0);
	assert_int_equal(verify(trust, &pki.good, true).count, 0); /* again, from the store */
	errors = verify(trust, &pki.expired, true);
	assert_int_equal(errors.count, 1);
	assert_int_equal(errors.numbers[0], X509_V_ERR_CERT_HAS_EXPIRED);
	errors = verify(trust, &pki.good, false);
	assert_true(errors.count >= 1);
	assert_int_equal(errors.numbers[0], X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
	trust_free(trust);
}

static void test_trust_directory(void **state)
{
	char directory[] = "/tmp/preflight-test-XXXXXX", path[128];
	(void)state;

	assert_non_null(mkdtemp(directory));
	struct trust *trust = trust_new(directory, "");
	assert_true(trust_has_roots(trust));
	assert_true(verify(trust, &pki.good, true).count > 0);
	trust_free(trust);
	snprintf(path, sizeof path, "%s/%08lx.0", directory, X509_subject_name_hash(pki.root.cert));
	char *file = mock_pem_file((const struct mock_cert *const[]){&pki.root}, 1);
	assert_int_equal(rename(file, path), 0);
	free(file);
	trust = trust_new(directory, "");
	assert_int_equal(verify(trust, &pki.good, true).count, 0);
	trust_free(trust);
	/* a directory that does not know it, and a file that does */
	remove(path);
	trust = trust_new(directory, pki.roots);
	assert_int_equal(verify(trust, &pki.good, true).count, 0);
	trust_free(trust);
	remove(directory);
}

/* Damaged bundles are read as far as they go, and never beyond. */
static void test_trust_damaged(void **state)
{
	static const char *const texts[] = {
		"",
		"-----BEGIN CERTIFICATE-----",
		"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nMIIBIjAN\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\nMIT//////////w==\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\n*&%$\n-----END CERTIFICATE-----\n",
		"-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n",
	};
	(void)state;

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		char *path = mock_pem_file(NULL, 0);
		FILE *file = fopen(path, "w");
		fputs(texts[i], file);
		fclose(file);
		struct trust *trust = trust_new("", path);
		assert_true(verify(trust, &pki.good, true).count > 0);
		trust_free(trust);
		remove(path);
		free(path);
	}
	struct trust *trust = trust_new("", "/nonexistent/bundle.pem");
	assert_true(verify(trust, &pki.good, true).count > 0);
	trust_free(trust);
}

/* ---- roots that are fetched when needed ---- */

/* Two entries as Windows' list has them, around others: by name, by fingerprint. */
static size_t make_list(uint8_t *list, X509 *named, X509 *known)
{
	static const uint8_t name_attribute[] = {0x30, 0x1e, 0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04,
		0x01, 0x82, 0x37, 0x0a, 0x0b, 0x1d, 0x31, 0x12, 0x04, 0x10};
	unsigned len = 0;
	size_t at = 0;

	memset(list, 0x04, 64);
	at += 64;
	list[at++] = 0x04;
	list[at++] = 0x14;
	assert_int_equal(X509_digest(known, EVP_sha1(), list + at, &len), 1);
	at += len;
	memcpy(list + at, name_attribute, sizeof name_attribute);
	at += sizeof name_attribute;
	const unsigned char *der;
	size_t der_len;
	assert_int_equal(X509_NAME_get0_der(X509_get_subject_name(named), &der, &der_len), 1);
	assert_int_equal(EVP_Digest(der, der_len, list + at, &len, EVP_md5(), NULL), 1);
	return at + len;
}

static void roots_are_found_in_the_list(void **state)
{
	uint8_t list[256];
	size_t len = make_list(list, pki.root.cert, pki.root.cert);

	(void)state;
	assert_true(root_list_has_issuer(list, len, pki.issuing.cert)); /* by its issuer's name */
	assert_true(root_list_has_issuer(list, len, pki.root.cert));    /* by its fingerprint */
	assert_false(root_list_has_issuer(list, len, pki.good.cert));   /* under another */
	assert_false(root_list_has_issuer(list, len - 1, pki.issuing.cert));
	assert_false(root_list_has_issuer(list, 0, pki.issuing.cert));
	assert_false(root_list_has_issuer(list, 3, pki.root.cert));
	/* One of the same name that is another certificate is not found by its name. */
	len = make_list(list, pki.root.cert, pki.issuing.cert);
	assert_false(root_list_has_issuer(list, len, pki.root.cert));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roots_are_found_in_the_list),
		cmocka_unit_test(test_trust_file),
		cmocka_unit_test(test_trust_directory),
		cmocka_unit_test(test_trust_damaged),
	};

	return cmocka_run_group_tests(tests, make_pki, free_pki);
}
