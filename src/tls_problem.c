#include "tls_problem.h"

#include <string.h>

#include <openssl/x509_vfy.h>

#include "tls_evidence.h"

/* In the order in which they explain: what is further up is told when several are wrong. */
static const struct {
	const char *word, *cause;
} problems[] = {
	{"local", "run.local-error"},
	{"revoked", "tls.revoked"},
	{"self-signed", "tls.self-signed"},
	{"not-a-ca", "tls.invalid"},
	{"issuer-key", "tls.invalid"},
	{"untrusted", "tls.untrusted"},
	{"weak", "tls.too-weak"},
	{"signature", "tls.invalid"},
	{"name-constraints", "tls.invalid"},
	{"path-length", "tls.invalid"},
	{"purpose", "tls.invalid"},
	{"extension", "tls.invalid"},
	{"malformed", "tls.invalid"},
	{"other", "tls.invalid"},
	{"expired", "tls.expired"},
	{"early", "tls.not-yet-valid"},
	{"chain-expired", "tls.chain-expired"},
	{"chain-early", "tls.chain-expired"},
	{"root-expired", "tls.root-expired"},
	{"root-early", "tls.root-expired"},
};

static const struct {
	int error;
	const char *word;
} words[] = {
	{X509_V_ERR_UNSPECIFIED, "local"},
	{X509_V_ERR_OUT_OF_MEM, "local"},
	{X509_V_ERR_APPLICATION_VERIFICATION, "local"},
	{X509_V_ERR_INVALID_CALL, "local"},
	{X509_V_ERR_STORE_LOOKUP, "local"},
	{X509_V_ERR_CERT_REVOKED, "revoked"},
	{X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, "self-signed"},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, "untrusted"},
	{X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, "untrusted"},
	{X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, "untrusted"},
	{X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, "untrusted"},
	{X509_V_ERR_CERT_UNTRUSTED, "untrusted"},
	{X509_V_ERR_CERT_REJECTED, "untrusted"},
	{X509_V_ERR_INVALID_CA, "not-a-ca"},
	{X509_V_ERR_INVALID_NON_CA, "not-a-ca"},
	{X509_V_ERR_KEYUSAGE_NO_CERTSIGN, "not-a-ca"},
	{X509_V_ERR_CA_CERT_MISSING_KEY_USAGE, "not-a-ca"},
	{X509_V_ERR_PATHLEN_INVALID_FOR_NON_CA, "not-a-ca"},
	{X509_V_ERR_PATHLEN_WITHOUT_KU_KEY_CERT_SIGN, "not-a-ca"},
	{X509_V_ERR_KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA, "not-a-ca"},
	{X509_V_ERR_PROXY_CERTIFICATES_NOT_ALLOWED, "not-a-ca"},
	{X509_V_ERR_SUBJECT_ISSUER_MISMATCH, "issuer-key"},
	{X509_V_ERR_AKID_SKID_MISMATCH, "issuer-key"},
	{X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH, "issuer-key"},
	{X509_V_ERR_SIGNATURE_ALGORITHM_MISMATCH, "issuer-key"},
	{X509_V_ERR_EE_KEY_TOO_SMALL, "weak"},
	{X509_V_ERR_CA_KEY_TOO_SMALL, "weak"},
	{X509_V_ERR_CA_MD_TOO_WEAK, "weak"},
	{X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, "signature"},
	{X509_V_ERR_UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY, "signature"},
	{X509_V_ERR_CERT_SIGNATURE_FAILURE, "signature"},
	{X509_V_ERR_NO_ISSUER_PUBLIC_KEY, "signature"},
	{X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM, "signature"},
	{X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY, "signature"},
	{X509_V_ERR_PERMITTED_VIOLATION, "name-constraints"},
	{X509_V_ERR_EXCLUDED_VIOLATION, "name-constraints"},
	{X509_V_ERR_SUBTREE_MINMAX, "name-constraints"},
	{X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE, "name-constraints"},
	{X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, "name-constraints"},
	{X509_V_ERR_UNSUPPORTED_NAME_SYNTAX, "name-constraints"},
	{X509_V_ERR_PATH_LENGTH_EXCEEDED, "path-length"},
	{X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED, "path-length"},
	{X509_V_ERR_CERT_CHAIN_TOO_LONG, "path-length"},
	{X509_V_ERR_INVALID_PURPOSE, "purpose"},
	{X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE, "purpose"},
	{X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION, "extension"},
	{X509_V_ERR_INVALID_EXTENSION, "extension"},
	{X509_V_ERR_INVALID_POLICY_EXTENSION, "extension"},
	{X509_V_ERR_UNSUPPORTED_EXTENSION_FEATURE, "extension"},
	{X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD, "malformed"},
	{X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD, "malformed"},
	{X509_V_ERR_EC_KEY_EXPLICIT_PARAMS, "malformed"},
	{X509_V_ERR_ISSUER_NAME_EMPTY, "malformed"},
	{X509_V_ERR_SUBJECT_NAME_EMPTY, "malformed"},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *date_word(int error, enum tls_place place)
{
	static const char *const late[] = {
		[TLS_LEAF] = "expired", [TLS_CHAIN] = "chain-expired", [TLS_ROOT] = "root-expired"};
	static const char *const early[] = {
		[TLS_LEAF] = "early", [TLS_CHAIN] = "chain-early", [TLS_ROOT] = "root-early"};

	if (error == X509_V_ERR_CERT_HAS_EXPIRED)
		return late[place];
	return error == X509_V_ERR_CERT_NOT_YET_VALID ? early[place] : NULL;
}

const char *tls_problem_word(int error, enum tls_place place)
{
	const char *word = date_word(error, place);

	for (size_t i = 0; word == NULL && i < COUNT(words); i++)
		if (words[i].error == error)
			word = words[i].word;
	return word != NULL ? word : "other";
}

static size_t rank(const char *word)
{
	size_t i = 0;

	while (i < COUNT(problems) && strcmp(problems[i].word, word) != 0)
		i++;
	return i;
}

int tls_problem_compare(const char *a, const char *b)
{
	size_t first = rank(a), second = rank(b);

	return first < second ? -1 : first > second;
}

const char *tls_problem_cause(const char *word)
{
	size_t at = rank(word);

	return at < COUNT(problems) ? problems[at].cause : NULL;
}

/* Reports of older versions name the errors only. */
static const char *from_names(const struct facts *tls)
{
	size_t count = facts_count(tls, "verify_errors");
	const char *told = NULL;

	for (size_t i = 0; i < count; i++) {
		const char *name = facts_item(tls, "verify_errors", i);
		int number = name != NULL ? tls_verify_error_number(name) : -1;
		const char *word = tls_problem_word(number, TLS_LEAF);
		if (told == NULL || tls_problem_compare(word, told) < 0)
			told = word;
	}
	return told;
}

const char *tls_problem_of(const struct facts *tls)
{
	const char *word = facts_get_str(tls, "problem");

	return word != NULL && tls_problem_cause(word) != NULL ? word : from_names(tls);
}

bool tls_problem_is_date(const char *word)
{
	return word != NULL && rank(word) >= rank("expired") && rank(word) < COUNT(problems);
}
