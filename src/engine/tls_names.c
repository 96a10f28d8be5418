/* Names of the numbers by which TLS failures are told. */
#include "tls_evidence.h"

#include <stddef.h>

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
	NAMED(UNABLE_TO_DECRYPT_CERT_SIGNATURE),
	NAMED(UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY),
	NAMED(CERT_SIGNATURE_FAILURE),
	NAMED(CERT_NOT_YET_VALID),
	NAMED(CERT_HAS_EXPIRED),
	NAMED(ERROR_IN_CERT_NOT_BEFORE_FIELD),
	NAMED(ERROR_IN_CERT_NOT_AFTER_FIELD),
	NAMED(OUT_OF_MEM),
	NAMED(DEPTH_ZERO_SELF_SIGNED_CERT),
	NAMED(SELF_SIGNED_CERT_IN_CHAIN),
	NAMED(UNABLE_TO_GET_ISSUER_CERT_LOCALLY),
	NAMED(UNABLE_TO_VERIFY_LEAF_SIGNATURE),
	NAMED(CERT_CHAIN_TOO_LONG),
	NAMED(CERT_REVOKED),
	NAMED(INVALID_CA),
	NAMED(PATH_LENGTH_EXCEEDED),
	NAMED(INVALID_PURPOSE),
	NAMED(CERT_UNTRUSTED),
	NAMED(CERT_REJECTED),
	NAMED(SUBJECT_ISSUER_MISMATCH),
	NAMED(AKID_SKID_MISMATCH),
	NAMED(AKID_ISSUER_SERIAL_MISMATCH),
	NAMED(KEYUSAGE_NO_CERTSIGN),
	NAMED(UNHANDLED_CRITICAL_EXTENSION),
	NAMED(INVALID_EXTENSION),
	NAMED(PERMITTED_VIOLATION),
	NAMED(EXCLUDED_VIOLATION),
	NAMED(UNSUPPORTED_CONSTRAINT_TYPE),
	NAMED(UNSUPPORTED_CONSTRAINT_SYNTAX),
	NAMED(UNSUPPORTED_NAME_SYNTAX),
	NAMED(PATH_LOOP),
	NAMED(EE_KEY_TOO_SMALL),
	NAMED(CA_KEY_TOO_SMALL),
	NAMED(CA_MD_TOO_WEAK),
	NAMED(NO_ISSUER_PUBLIC_KEY),
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

const char *tls_alert_name(int alert)
{
	return name_of(alerts, sizeof alerts / sizeof alerts[0], alert);
}
