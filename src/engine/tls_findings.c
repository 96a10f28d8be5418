/* What a verification finds: every error by name, the one that explains most, and what is weak. */
#include "tls_evidence.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509_vfy.h>

#include "http_parse.h"
#include "mem.h"
#include "tls_problem.h"

#define SECURITY_BITS 112 /* of OpenSSL's security level 2 (SSL_CTX_set_security_level(3)) */
#define NAME_SIZE     256

struct tls_findings {
	struct facts *facts;
	const char *word; /* told so far; NULL: none */
	int depth;        /* of its certificate */
	bool dated;       /* some dates are wrong */
	long long from, until;
};

/* ---- names and times ---- */

static long long epoch_of(const ASN1_TIME *time, long long otherwise)
{
	struct tm tm = {0};

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
		return otherwise;
	return days_from_civil(tm.tm_year + 1900LL, tm.tm_mon + 1, tm.tm_mday) * 86400 +
	       tm.tm_hour * 3600LL + tm.tm_min * 60LL + tm.tm_sec;
}

static void time_fact(struct facts *facts, const char *name, const ASN1_TIME *time)
{
	struct tm tm = {0};
	char text[64];

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
		return;
	snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	facts_str(facts, name, text);
}

/* The common name alone, where there is one. */
static void subject_fact(struct facts *facts, const char *fact, X509 *certificate)
{
	const X509_NAME *name = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	unsigned char *utf8 = NULL;
	int len = at < 0 ? -1
			 : ASN1_STRING_to_UTF8(
				   &utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));

	if (len > 0)
		facts_bytes(facts, fact, utf8, (size_t)len);
	else
		tls_name_fact(facts, fact, name, false);
	OPENSSL_free(utf8);
}

/* ---- what is weak ---- */

static void add_weak(struct facts *facts, const char *whose, const char *what)
{
	char text[NAME_SIZE + 96];

	snprintf(text, sizeof text, "%s: %s", whose, what);
	if (!facts_list_has(facts, "weak", text))
		facts_add(facts, "weak", text);
}

static void key_words(char words[96], const EVP_PKEY *key)
{
	const char *type = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;

	if (type != NULL)
		snprintf(words, 96, "%s %d bit", type, EVP_PKEY_get_bits(key));
	else
		snprintf(words, 96, "key");
}

/* "RSA-SHA1"; RSASSA-PSS does not say its digest in its name. */
static void signature_words(char words[96], X509 *certificate)
{
	int number = X509_get_signature_nid(certificate), digest = NID_undef;

	if (number == NID_rsassaPss &&
		X509_get_signature_info(certificate, &digest, NULL, NULL, NULL) == 1)
		snprintf(words, 96, "%s %s", OBJ_nid2sn(number), OBJ_nid2sn(digest));
	else
		snprintf(words, 96, "%s", OBJ_nid2sn(number));
}

static void weak_certificate(struct facts *facts, const struct trust_error *error)
{
	struct facts named;
	char words[96];

	if (error->certificate == NULL)
		return;
	if (error->number == X509_V_ERR_CA_MD_TOO_WEAK)
		signature_words(words, error->certificate);
	else
		key_words(words, X509_get0_pubkey(error->certificate));
	facts_init(&named);
	subject_fact(&named, "subject", error->certificate);
	const char *subject = facts_get_str(&named, "subject");
	char whose[NAME_SIZE];
	snprintf(whose, sizeof whose, "%s", subject != NULL && *subject != '\0' ? subject : "-");
	add_weak(facts, whose, words);
	facts_release(&named);
}

bool tls_weak_handshake(struct facts *facts, SSL *ssl)
{
	EVP_PKEY *key = NULL;
	char words[96];
	int digest = NID_undef;

	if (SSL_get_peer_tmp_key(ssl, &key) == 1 &&
		EVP_PKEY_get_security_bits(key) < SECURITY_BITS) {
		key_words(words, key);
		add_weak(facts, "TLS", words);
	}
	EVP_PKEY_free(key);
	if (SSL_get_peer_signature_nid(ssl, &digest) == 1 && digest != NID_undef) {
		const EVP_MD *md = EVP_get_digestbynid(digest);
		if (md != NULL && EVP_MD_get_size(md) * 4 < SECURITY_BITS)
			add_weak(facts, "TLS", OBJ_nid2sn(digest));
	}
	/* OpenSSL 3 and curl end the handshake with such a server. */
	if (SSL_version(ssl) < TLS1_3_VERSION && SSL_is_init_finished(ssl) &&
		SSL_get_secure_renegotiation_support(ssl) == 0)
		add_weak(facts, "TLS", "no secure renegotiation (RFC 5746)");
	return facts_count(facts, "weak") > 0;
}

/* ---- errors ---- */

struct tls_findings *tls_findings_new(struct facts *facts, X509 *leaf)
{
	static const char *const old[] = {"verify_errors", "verify_codes", "problem",
		"problem_code", "problem_openssl", "problem_subject", "problem_not_before",
		"problem_not_after", "valid_from_epoch", "valid_until_epoch", "aia_issuers"};
	struct tls_findings *f = mem_alloc(sizeof *f);

	for (size_t i = 0; i < sizeof old / sizeof old[0]; i++)
		json_object_del(facts->object, old[i]);
	facts_list(facts, "verify_errors");
	facts_list(facts, "verify_codes");
	f->facts = facts;
	f->from = epoch_of(X509_get0_notBefore(leaf), LLONG_MIN);
	f->until = epoch_of(X509_get0_notAfter(leaf), LLONG_MAX);
	return f;
}

static void list_error(struct facts *facts, int number)
{
	const char *name = tls_verify_error_name(number);
	char unknown[48];

	if (name == NULL) {
		snprintf(unknown, sizeof unknown, "X509_V_ERR_%d", number);
		name = unknown;
	}
	if (facts_list_has(facts, "verify_errors", name))
		return;
	facts_add(facts, "verify_errors", name);
	json_array_append_new(json_object_get(facts->object, "verify_codes"), json_integer(number));
}

/* The certificate whose fault it is. */
static void tell(struct tls_findings *f, const char *word, const struct trust_error *error)
{
	static const char *const of_certificate[] = {
		"problem_subject", "problem_not_before", "problem_not_after"};

	f->word = word;
	f->depth = error->depth;
	facts_str(f->facts, "problem", word);
	facts_int(f->facts, "problem_code", error->number);
	facts_str(f->facts, "problem_openssl", X509_verify_cert_error_string(error->number));
	for (size_t i = 0; i < 3; i++)
		json_object_del(f->facts->object, of_certificate[i]);
	if (error->certificate == NULL)
		return;
	subject_fact(f->facts, "problem_subject", error->certificate);
	time_fact(f->facts, "problem_not_before", X509_get0_notBefore(error->certificate));
	time_fact(f->facts, "problem_not_after", X509_get0_notAfter(error->certificate));
}

/* The time at which none of these would be wrong. */
static void narrow(struct tls_findings *f, X509 *certificate)
{
	long long from = epoch_of(X509_get0_notBefore(certificate), f->from);
	long long until = epoch_of(X509_get0_notAfter(certificate), f->until);

	f->dated = true;
	f->from = from > f->from ? from : f->from;
	f->until = until < f->until ? until : f->until;
}

static enum tls_place place_of(const struct trust_error *error)
{
	if (error->depth == 0)
		return TLS_LEAF;
	return error->stored ? TLS_ROOT : TLS_CHAIN;
}

void tls_findings_add(void *findings, const struct trust_error *error)
{
	struct tls_findings *f = findings;
	const char *word = tls_problem_word(error->number, place_of(error));

	list_error(f->facts, error->number);
	if (error->certificate != NULL &&
		(error->number == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
			error->number == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT))
		facts_bool(f->facts, "aia_issuers", tls_has_http_issuer(error->certificate));
	if (strcmp(word, "weak") == 0)
		weak_certificate(f->facts, error);
	if (tls_problem_is_date(word) && error->certificate != NULL)
		narrow(f, error->certificate);
	if (f->word == NULL || tls_problem_compare(word, f->word) < 0)
		tell(f, word, error);
}

void tls_findings_end(struct tls_findings *f)
{
	if (f->dated && f->from != LLONG_MIN && f->until != LLONG_MAX) {
		facts_int(f->facts, "valid_from_epoch", f->from);
		facts_int(f->facts, "valid_until_epoch", f->until);
	}
	free(f);
}
