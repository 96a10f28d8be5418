/* What a certificate is good for: the choice among several, and the facts about the chosen one. */
#include "private.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "tls_evidence.h"

#define ISSUERS_MAX 20

/* ---- issued by ---- */

/* Whether the chain's links hold is asked here; dates, purposes and sizes are told elsewhere. */
static int on_error(int ok, X509_STORE_CTX *ctx)
{
	switch (X509_STORE_CTX_get_error(ctx)) {
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_INVALID_CA:
	case X509_V_ERR_INVALID_PURPOSE:
	case X509_V_ERR_PATH_LENGTH_EXCEEDED:
	case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
	case X509_V_ERR_CA_MD_TOO_WEAK:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
	case X509_V_ERR_EE_KEY_TOO_SMALL:
		return 1;
	default:
		return ok;
	}
}

bool issued_by(const struct candidate *candidate, STACK_OF(X509) * authorities)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool result = false;

	for (int i = 0; store != NULL && i < sk_X509_num(authorities); i++)
		X509_STORE_add_cert(store, sk_X509_value(authorities, i));
	if (store != NULL && ctx != NULL &&
		X509_STORE_CTX_init(ctx, store, candidate->certificate, candidate->chain) == 1) {
		X509_STORE_CTX_set_flags(
			ctx, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
		X509_STORE_CTX_set_verify_cb(ctx, on_error);
		result = X509_verify_cert(ctx) == 1;
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	ERR_clear_error();
	return result;
}

/* ---- the choice ---- */

static bool is_ca(X509 *certificate)
{
	int kind = X509_check_ca(certificate);

	return kind == 1 || kind == 3; /* basicConstraints; a root of X.509 version 1 */
}

static bool is_for_clients(X509 *certificate)
{
	return X509_check_purpose(certificate, X509_PURPOSE_SSL_CLIENT, 0) == 1;
}

static const STACK_OF(X509) * required_authorities(const struct identity *identity)
{
	return identity->ca != NULL ? identity->ca->authorities : NULL;
}

static bool from_required_ca(const struct identity *identity, const struct candidate *candidate)
{
	const struct identity *ca = identity->ca;

	return sk_X509_num(required_authorities(identity)) <= 0 ||
	       issued_by(candidate, ca->authorities);
}

static void examine(const struct identity *identity, struct candidate *c, double now)
{
	struct facts facts;

	if (c->certificate == NULL)
		return;
	facts_init(&facts);
	tls_certificate_facts(&facts, c->certificate, NULL);
	c->not_after = facts_get_int(&facts, "not_after_epoch", 0);
	bool in_time = (double)facts_get_int(&facts, "not_before_epoch", INT64_MAX) <= now &&
		       now <= (double)c->not_after;
	facts_release(&facts);
	if (identity->entry->authority)
		c->usable = in_time && is_ca(c->certificate);
	else
		c->usable = in_time && c->key_matches && is_for_clients(c->certificate) &&
			    from_required_ca(identity, c);
}

static int rank(const struct candidate *c)
{
	if (c->usable)
		return c->path != NULL ? 5 : 4; /* the key of a file is at hand */
	if (c->certificate != NULL)
		return c->key_matches ? 3 : 2;
	return c->error != NULL && strcmp(c->error, "not-found") == 0 ? 0 : 1;
}

void identity_choose(struct identity *identity, double now)
{
	struct candidates *list = &identity->candidates;

	identity->chosen = NULL;
	for (size_t i = 0; i < list->count; i++) {
		struct candidate *c = &list->items[i], *best = identity->chosen;
		examine(identity, c, now);
		if (best == NULL || rank(c) > rank(best) ||
			(rank(c) == rank(best) && c->not_after > best->not_after))
			identity->chosen = c;
	}
	ERR_clear_error();
}

/* ---- facts ---- */

static bool was_found(const struct candidate *c)
{
	return c->error == NULL || strcmp(c->error, "not-found") != 0;
}

static void place_fact(struct facts *facts, const struct candidate *c)
{
	facts_str(facts, "source", c->path != NULL ? "file" : "store");
	if (c->path != NULL)
		facts_str(facts, "file", path_base(c->path));
}

static json_t *candidate_json(const struct candidate *c)
{
	struct facts facts, all;

	facts_init(&facts);
	facts_init(&all);
	if (c->path != NULL)
		facts_str(&facts, "file", path_base(c->path));
	else
		facts_str(&facts, "source", "store");
	if (c->certificate != NULL) {
		tls_certificate_facts(&all, c->certificate, NULL);
		facts_str(&facts, "subject", facts_get_str(&all, "subject"));
		facts_str(&facts, "issuer", facts_get_str(&all, "issuer"));
		facts_str(&facts, "not_after", facts_get_str(&all, "not_after"));
	}
	facts_bool(&facts, "usable", c->usable);
	facts_release(&all);
	return facts.object;
}

static void candidate_facts(struct identity *identity)
{
	const struct candidates *list = &identity->candidates;
	json_t *listed = json_array();
	long long found = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (!was_found(&list->items[i]))
			continue;
		if (found++ < IDENTITY_LISTED)
			json_array_append_new(listed, candidate_json(&list->items[i]));
	}
	facts_int(&identity->facts, "candidate_count", found);
	facts_json(&identity->facts, "candidates", listed);
}

static void opening_facts(struct facts *facts, const struct candidate *c)
{
	facts_str(facts, "format", c->format);
	facts_str(facts, "error", c->error);
	facts_str(facts, "error_text", c->error_text);
	facts_str(facts, "encryption", c->encryption);
	if (c->format != NULL)
		facts_bool(facts, "legacy", c->legacy);
	facts_str(facts, "password_from", c->password_from);
	facts_str(facts, "password_file", c->password_file);
	facts_str(facts, "password_trailing", c->trailing[0] != '\0' ? c->trailing : NULL);
	if (c->trailing[0] != '\0')
		facts_int(facts, "password_trailing_count", c->trailing_count);
}

static void common_name_fact(struct facts *facts, const char *fact, const X509_NAME *name)
{
	unsigned char *utf8 = NULL;
	int i = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	int len = i < 0 ? -1
			: ASN1_STRING_to_UTF8(
				  &utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));

	if (len >= 0)
		facts_bytes(facts, fact, utf8, (size_t)len);
	OPENSSL_free(utf8);
}

static void certificate_facts(struct facts *facts, const struct candidate *c)
{
	static const char *const taken[] = {"subject", "issuer", "not_before", "not_after",
		"not_before_epoch", "not_after_epoch"};
	struct facts all;

	facts_init(&all);
	tls_certificate_facts(&all, c->certificate, NULL);
	for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
		json_t *value = json_object_get(all.object, taken[i]);
		if (value != NULL)
			facts_json(facts, taken[i], json_incref(value));
	}
	facts_release(&all);
	common_name_fact(facts, "subject_cn", X509_get_subject_name(c->certificate));
	common_name_fact(facts, "issuer_cn", X509_get_issuer_name(c->certificate));
	facts_bool(facts, "is_ca", is_ca(c->certificate));
	facts_bool(facts, "client_purpose", is_for_clients(c->certificate));
}

static void issuers_fact(struct facts *facts, const struct candidate *c)
{
	tls_name_fact(facts, "issuers", X509_get_issuer_name(c->certificate), true);
	for (int i = 0; i < sk_X509_num(c->chain) && i + 1 < ISSUERS_MAX; i++)
		tls_name_fact(
			facts, "issuers", X509_get_issuer_name(sk_X509_value(c->chain, i)), true);
}

static void role_facts(struct identity *identity)
{
	const struct candidate *c = identity->chosen;
	struct facts *facts = &identity->facts;

	if (identity->entry->authority) {
		if (identity->in_store_known)
			facts_bool(facts, "in_root_store", identity->in_store);
		return;
	}
	facts_bool(facts, "has_key", c->has_key);
	if (c->has_key)
		facts_bool(facts, "key_matches", c->key_matches);
	facts_str(facts, "key_text", c->key_text);
	if (identity->ca == NULL)
		return;
	bool known = sk_X509_num(required_authorities(identity)) > 0;
	facts_bool(facts, "ca_known", known);
	if (known)
		facts_bool(facts, "issued_by_ca", issued_by(c, identity->ca->authorities));
}

static void missing_facts(struct facts *facts, const struct candidates *list)
{
	if (list->store_error != NULL) {
		facts_str(facts, "error", "store-unreadable");
		facts_str(facts, "error_text", list->store_error);
	} else if (list->sought != NULL && strcmp(list->sought, "saved") == 0) {
		facts_str(facts, "error", "not-saved");
	} else {
		facts_str(facts, "error", "not-found");
		facts_str(facts, "error_text", list->error_text);
		facts_str(facts, "sought", list->sought);
	}
}

void identity_tell(struct identity *identity)
{
	const struct candidate *c = identity->chosen;
	struct facts *facts = &identity->facts;

	json_object_clear(facts->object);
	if (c == NULL) {
		missing_facts(facts, &identity->candidates);
	} else {
		place_fact(facts, c);
		opening_facts(facts, c);
		if (!was_found(c))
			facts_str(facts, "sought", identity->candidates.sought);
	}
	if (c != NULL && c->certificate != NULL) {
		certificate_facts(facts, c);
		issuers_fact(facts, c);
		role_facts(identity);
	}
	candidate_facts(identity);
	ERR_clear_error();
}
