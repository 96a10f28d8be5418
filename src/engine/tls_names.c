/* Names of the numbers by which TLS failures are told. */
#include "tls_evidence.h"

#include <stddef.h>
#include <string.h>

#include <openssl/x509_vfy.h>

struct named {
	int number;
	const char *name;
};

#define NAMED(name)                                                                                \
	{                                                                                          \
		X509_V_ERR_##name, "X509_V_ERR_" #name                                             \
	}

static const struct named verify_errors[] = {
	NAMED(UNSPECIFIED),
	NAMED(UNABLE_TO_GET_ISSUER_CERT),
	NAMED(UNABLE_TO_GET_CRL),
	NAMED(UNABLE_TO_DECRYPT_CERT_SIGNATURE),
	NAMED(UNABLE_TO_DECRYPT_CRL_SIGNATURE),
	NAMED(UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY),
	NAMED(CERT_SIGNATURE_FAILURE),
	NAMED(CRL_SIGNATURE_FAILURE),
	NAMED(CERT_NOT_YET_VALID),
	NAMED(CERT_HAS_EXPIRED),
	NAMED(CRL_NOT_YET_VALID),
	NAMED(CRL_HAS_EXPIRED),
	NAMED(ERROR_IN_CERT_NOT_BEFORE_FIELD),
	NAMED(ERROR_IN_CERT_NOT_AFTER_FIELD),
	NAMED(ERROR_IN_CRL_LAST_UPDATE_FIELD),
	NAMED(ERROR_IN_CRL_NEXT_UPDATE_FIELD),
	NAMED(OUT_OF_MEM),
	NAMED(DEPTH_ZERO_SELF_SIGNED_CERT),
	NAMED(SELF_SIGNED_CERT_IN_CHAIN),
	NAMED(UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
	NAMED(UNABLE_TO_VERIFY_LEAF_SIGNATURE),
	NAMED(CERT_CHAIN_TOO_LONG),
	NAMED(CERT_REVOKED),
	NAMED(NO_ISSUER_PUBLIC_KEY),
	NAMED(PATH_LENGTH_EXCEEDED),
	NAMED(INVALID_PURPOSE),
	NAMED(CERT_UNTRUSTED),
	NAMED(CERT_REJECTED),
	NAMED(SUBJECT_ISSUER_MISMATCH),
	NAMED(AKID_SKID_MISMATCH),
	NAMED(AKID_ISSUER_SERIAL_MISMATCH),
	NAMED(KEYUSAGE_NO_CERTSIGN),
	NAMED(UNABLE_TO_GET_CRL_ISSUER),
	NAMED(UNHANDLED_CRITICAL_EXTENSION),
	NAMED(KEYUSAGE_NO_CRL_SIGN),
	NAMED(UNHANDLED_CRITICAL_CRL_EXTENSION),
	NAMED(INVALID_NON_CA),
	NAMED(PROXY_PATH_LENGTH_EXCEEDED),
	NAMED(KEYUSAGE_NO_DIGITAL_SIGNATURE),
	NAMED(PROXY_CERTIFICATES_NOT_ALLOWED),
	NAMED(INVALID_EXTENSION),
	NAMED(INVALID_POLICY_EXTENSION),
	NAMED(NO_EXPLICIT_POLICY),
	NAMED(DIFFERENT_CRL_SCOPE),
	NAMED(UNSUPPORTED_EXTENSION_FEATURE),
	NAMED(UNNESTED_RESOURCE),
	NAMED(PERMITTED_VIOLATION),
	NAMED(EXCLUDED_VIOLATION),
	NAMED(SUBTREE_MINMAX),
	NAMED(APPLICATION_VERIFICATION),
	NAMED(UNSUPPORTED_CONSTRAINT_TYPE),
	NAMED(UNSUPPORTED_CONSTRAINT_SYNTAX),
	NAMED(UNSUPPORTED_NAME_SYNTAX),
	NAMED(CRL_PATH_VALIDATION_ERROR),
	NAMED(PATH_LOOP),
	NAMED(HOSTNAME_MISMATCH),
	NAMED(EMAIL_MISMATCH),
	NAMED(IP_ADDRESS_MISMATCH),
	NAMED(DANE_NO_MATCH),
	NAMED(EE_KEY_TOO_SMALL),
	NAMED(CA_KEY_TOO_SMALL),
	NAMED(CA_MD_TOO_WEAK),
	NAMED(INVALID_CALL),
	NAMED(STORE_LOOKUP),
	NAMED(NO_VALID_SCTS),
	NAMED(PROXY_SUBJECT_NAME_VIOLATION),
	NAMED(OCSP_VERIFY_NEEDED),
	NAMED(OCSP_VERIFY_FAILED),
	NAMED(OCSP_CERT_UNKNOWN),
	NAMED(UNSUPPORTED_SIGNATURE_ALGORITHM),
	NAMED(SIGNATURE_ALGORITHM_MISMATCH),
	NAMED(SIGNATURE_ALGORITHM_INCONSISTENCY),
	NAMED(INVALID_CA),
	NAMED(PATHLEN_INVALID_FOR_NON_CA),
	NAMED(PATHLEN_WITHOUT_KU_KEY_CERT_SIGN),
	NAMED(KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA),
	NAMED(ISSUER_NAME_EMPTY),
	NAMED(SUBJECT_NAME_EMPTY),
	NAMED(MISSING_AUTHORITY_KEY_IDENTIFIER),
	NAMED(MISSING_SUBJECT_KEY_IDENTIFIER),
	NAMED(EMPTY_SUBJECT_ALT_NAME),
	NAMED(EMPTY_SUBJECT_SAN_NOT_CRITICAL),
	NAMED(CA_BCONS_NOT_CRITICAL),
	NAMED(AUTHORITY_KEY_IDENTIFIER_CRITICAL),
	NAMED(SUBJECT_KEY_IDENTIFIER_CRITICAL),
	NAMED(CA_CERT_MISSING_KEY_USAGE),
	NAMED(EC_KEY_EXPLICIT_PARAMS),
};

/* IANA, "TLS Alerts" registry. */
static const struct named alerts[] = {
	{0, "close_notify"},
	{10, "unexpected_message"},
	{20, "bad_record_mac"},
	{22, "record_overflow"},
	{30, "decompression_failure"},
	{40, "handshake_failure"},
	{41, "no_certificate"},
	{42, "bad_certificate"},
	{43, "unsupported_certificate"},
	{44, "certificate_revoked"},
	{45, "certificate_expired"},
	{46, "certificate_unknown"},
	{47, "illegal_parameter"},
	{48, "unknown_ca"},
	{49, "access_denied"},
	{50, "decode_error"},
	{51, "decrypt_error"},
	{70, "protocol_version"},
	{71, "insufficient_security"},
	{80, "internal_error"},
	{86, "inappropriate_fallback"},
	{90, "user_canceled"},
	{100, "no_renegotiation"},
	{109, "missing_extension"},
	{110, "unsupported_extension"},
	{111, "certificate_unobtainable"},
	{112, "unrecognized_name"},
	{113, "bad_certificate_status_response"},
	{115, "unknown_psk_identity"},
	{116, "certificate_required"},
	{120, "no_application_protocol"},
};

static const char *name_of(const struct named *table, size_t count, int number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

const char *tls_verify_error_name(int error)
{
	return name_of(verify_errors, sizeof verify_errors / sizeof verify_errors[0], error);
}

int tls_verify_error_number(const char *name)
{
	for (size_t i = 0; i < sizeof verify_errors / sizeof verify_errors[0]; i++)
		if (strcmp(verify_errors[i].name, name) == 0)
			return verify_errors[i].number;
	return -1;
}

const char *tls_alert_name(int alert)
{
	return name_of(alerts, sizeof alerts / sizeof alerts[0], alert);
}
