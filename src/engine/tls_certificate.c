/* A certificate chain as facts. */
#include "tls_evidence.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "http_parse.h"
#include "net.h"

#define NAMES_MAX   20
#define CHAIN_MAX   10
#define ISSUERS_MAX 40

void tls_name_fact(struct facts *facts, const char *fact, const X509_NAME *name, bool add)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;

	if (bio == NULL)
		return;
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	long len = BIO_get_mem_data(bio, &text);
	if (add) {
		facts_list(facts, fact);
		json_array_append_new(json_object_get(facts->object, fact),
			facts_safe_string(text, len > 0 ? (size_t)len : 0));
	} else {
		facts_bytes(facts, fact, text, len > 0 ? (size_t)len : 0);
	}
	BIO_free(bio);
}

/* Calls the name's attributes of one kind; the first becomes a fact, all go into `issuers`. */
static void attribute_facts(struct facts *facts, const char *fact, const X509_NAME *name, int nid)
{
	for (int i = -1; (i = X509_NAME_get_index_by_NID(name, nid, i)) >= 0;) {
		unsigned char *utf8 = NULL;
		const ASN1_STRING *data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i));
		int len = ASN1_STRING_to_UTF8(&utf8, data);

		if (len < 0)
			continue;
		json_t *text = facts_safe_string((const char *)utf8, (size_t)len);
		OPENSSL_free(utf8);
		if (fact != NULL && !facts_has(facts, fact))
			facts_json(facts, fact, json_incref(text));
		if (facts_count(facts, "issuers") < ISSUERS_MAX &&
			!facts_list_has(facts, "issuers", json_string_value(text)))
			facts_add(facts, "issuers", json_string_value(text));
		json_decref(text);
	}
}

static void time_facts(
	struct facts *facts, const char *fact, const char *epoch_fact, const ASN1_TIME *time)
{
	struct tm tm = {0};
	char text[64];

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
		return;
	long long year = tm.tm_year + 1900LL;
	snprintf(text, sizeof text, "%04lld-%02d-%02dT%02d:%02d:%02dZ", year, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	facts_str(facts, fact, text);
	facts_int(facts, epoch_fact,
		days_from_civil(year, tm.tm_mon + 1, tm.tm_mday) * 86400 + tm.tm_hour * 3600LL +
			tm.tm_min * 60LL + tm.tm_sec);
}

static void alternative_name(struct facts *facts, const GENERAL_NAME *name)
{
	json_t *list = json_object_get(facts->object, "names");

	if (name->type == GEN_DNS) {
		const ASN1_STRING *dns = name->d.dNSName;
		json_array_append_new(
			list, facts_safe_string((const char *)ASN1_STRING_get0_data(dns),
				      (size_t)ASN1_STRING_length(dns)));
	} else if (name->type == GEN_IPADD) {
		const ASN1_STRING *ip = name->d.iPAddress;
		struct net_addr addr = {.family = ASN1_STRING_length(ip) == 16 ? 6 : 4};
		char text[NET_ADDR_STRLEN];
		if (ASN1_STRING_length(ip) != 4 && ASN1_STRING_length(ip) != 16)
			return;
		memcpy(addr.bytes, ASN1_STRING_get0_data(ip), (size_t)ASN1_STRING_length(ip));
		facts_add(facts, "names", net_addr_format(&addr, text));
	}
}

static void names_facts(struct facts *facts, X509 *cert)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);

	facts_list(facts, "names");
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
		if (facts_count(facts, "names") < NAMES_MAX)
			alternative_name(facts, sk_GENERAL_NAME_value(names, i));
	GENERAL_NAMES_free(names);
}

static void key_facts(struct facts *facts, X509 *cert)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);

	if (key == NULL)
		return;
	facts_str(facts, "key_type", EVP_PKEY_get0_type_name(key));
	facts_int(facts, "key_bits", EVP_PKEY_get_bits(key));
}

static void fingerprint_fact(struct facts *facts, X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char text[2 * EVP_MAX_MD_SIZE + 1] = "";
	unsigned len = 0;

	if (X509_digest(cert, EVP_sha256(), digest, &len) != 1)
		return;
	for (unsigned i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	facts_str(facts, "fingerprint", text);
}

bool tls_has_http_issuer(X509 *cert)
{
	AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(cert, NID_info_access, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
		const ACCESS_DESCRIPTION *one = sk_ACCESS_DESCRIPTION_value(access, i);
		if (OBJ_obj2nid(one->method) != NID_ad_ca_issuers || one->location->type != GEN_URI)
			continue;
		const ASN1_STRING *uri = one->location->d.uniformResourceIdentifier;
		if (ASN1_STRING_length(uri) > 4 &&
			memcmp(ASN1_STRING_get0_data(uri), "http", 4) == 0)
			found = true;
	}
	AUTHORITY_INFO_ACCESS_free(access);
	return found;
}

static bool is_self_signed(X509 *cert)
{
	return (X509_get_extension_flags(cert) & EXFLAG_SS) != 0;
}

static void digest_fact(struct facts *facts, X509 *cert)
{
	int digest = NID_undef, key = NID_undef;

	if (is_self_signed(cert) ||
		OBJ_find_sigid_algs(X509_get_signature_nid(cert), &digest, &key) != 1 ||
		digest == NID_undef)
		return;
	if (!facts_list_has(facts, "digests", OBJ_nid2sn(digest)))
		facts_add(facts, "digests", OBJ_nid2sn(digest));
}

static void chain_facts(struct facts *facts, STACK_OF(X509) * sent)
{
	int count = sk_X509_num(sent);
	bool root = false;

	facts_list(facts, "chain");
	facts_list(facts, "issuers");
	facts_list(facts, "digests");
	for (int i = 0; i < count && i < CHAIN_MAX; i++) {
		X509 *cert = sk_X509_value(sent, i);
		const X509_NAME *issuer = X509_get_issuer_name(cert);

		tls_name_fact(facts, "chain", X509_get_subject_name(cert), true);
		attribute_facts(facts, i == 0 ? "issuer_cn" : NULL, issuer, NID_commonName);
		attribute_facts(facts, i == 0 ? "issuer_o" : NULL, issuer, NID_organizationName);
		attribute_facts(
			facts, i == 0 ? "issuer_ou" : NULL, issuer, NID_organizationalUnitName);
		digest_fact(facts, cert);
		root = root || is_self_signed(cert);
	}
	facts_int(facts, "chain_length", count > 0 ? count : 0);
	facts_bool(facts, "chain_root", root);
	if (count > 0 && !facts_has(facts, "aia_issuers"))
		facts_bool(
			facts, "aia_issuers", tls_has_http_issuer(sk_X509_value(sent, count - 1)));
}

void tls_certificate_facts(struct facts *facts, X509 *leaf, STACK_OF(X509) * sent)
{
	names_facts(facts, leaf);
	tls_name_fact(facts, "subject", X509_get_subject_name(leaf), false);
	tls_name_fact(facts, "issuer", X509_get_issuer_name(leaf), false);
	time_facts(facts, "not_before", "not_before_epoch", X509_get0_notBefore(leaf));
	time_facts(facts, "not_after", "not_after_epoch", X509_get0_notAfter(leaf));
	facts_bool(facts, "self_signed", is_self_signed(leaf));
	key_facts(facts, leaf);
	facts_str(facts, "signature", OBJ_nid2sn(X509_get_signature_nid(leaf)));
	fingerprint_fact(facts, leaf);
	chain_facts(facts, sent);
}
