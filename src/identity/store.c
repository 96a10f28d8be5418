/*
 * Certificates of the OS's store that may be the one that is meant. A personal store holds others
 * too: what signs a terminal in to an organisation, encrypts its files or signs mail is not
 * missing, expired or wrong for the purpose of a rule that does not mean it.
 */
#include "private.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "platform.h"

#define CHAIN_MAX 5

struct store_search {
	struct candidates *list;
	const struct rule_certificate *entry;
	STACK_OF(X509) * authorities, *intermediates;
};

static X509 *decode(const uint8_t *der, size_t len)
{
	const unsigned char *p = der;
	X509 *certificate = len <= IDENTITY_FILE_MAX ? d2i_X509(NULL, &p, (long)len) : NULL;

	ERR_clear_error();
	return certificate;
}

/* ---- names ---- */

static bool name_matches(const struct strs *globs, const X509_NAME *name, int nid)
{
	bool found = false;

	for (int i = -1; !found && (i = X509_NAME_get_index_by_NID(name, nid, i)) >= 0;) {
		unsigned char *utf8 = NULL;
		int len = ASN1_STRING_to_UTF8(
			&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, i)));
		if (len < 0)
			continue;
		found = strlen((char *)utf8) == (size_t)len &&
			glob_match_any(globs, (char *)utf8, true);
		OPENSSL_free(utf8);
	}
	return found;
}

static bool issuer_matches(const struct strs *globs, const X509 *certificate)
{
	const X509_NAME *name = X509_get_issuer_name(certificate);

	return name_matches(globs, name, NID_commonName) ||
	       name_matches(globs, name, NID_organizationName);
}

bool issuer_fits(const struct rule_certificate *entry, const X509 *certificate)
{
	return (entry->issuers.count == 0 || issuer_matches(&entry->issuers, certificate)) &&
	       !issuer_matches(&entry->except, certificate);
}

/* ---- chains ---- */

static bool is_self_issued(const X509 *certificate)
{
	return X509_NAME_cmp(
		       X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

static X509 *issuer_among(STACK_OF(X509) * list, X509 *certificate)
{
	for (int i = 0; i < sk_X509_num(list); i++)
		if (X509_check_issued(sk_X509_value(list, i), certificate) == X509_V_OK)
			return sk_X509_value(list, i);
	return NULL;
}

/* What the OS's own programs would send along. */
static void add_chain(struct candidate *c, STACK_OF(X509) * intermediates)
{
	X509 *last = c->certificate;

	while (sk_X509_num(c->chain) < CHAIN_MAX && !is_self_issued(last)) {
		X509 *issuer = issuer_among(intermediates, last);
		if (issuer == NULL || is_self_issued(issuer) || X509_up_ref(issuer) != 1)
			return;
		if (sk_X509_push(c->chain, issuer) <= 0) {
			X509_free(issuer);
			return;
		}
		last = issuer;
	}
}

/* ---- candidates ---- */

/* By what is known of the issuer; where that is nothing, whatever a TLS client could use. */
static bool is_meant(const struct store_search *s, const struct candidate *c)
{
	if (!issuer_fits(s->entry, c->certificate))
		return false;
	if (s->entry->authority)
		return true;
	if (sk_X509_num(s->authorities) > 0)
		return issued_by(c, s->authorities);
	return s->entry->issuers.count > 0 ||
	       (!is_self_issued(c->certificate) &&
		       X509_check_purpose(c->certificate, X509_PURPOSE_SSL_CLIENT, 0) == 1);
}

static struct candidate from_store(X509 *certificate, bool has_key)
{
	return (struct candidate){.certificate = certificate,
		.chain = sk_X509_new_null(),
		.has_key = has_key,
		.key_matches = has_key};
}

void candidates_add_stored(struct candidates *list, X509 *certificate, bool has_key)
{
	*candidates_add(list) = from_store(certificate, has_key);
}

static void take_stored(void *arg, const uint8_t *der, size_t len, bool has_key)
{
	struct store_search *s = arg;
	X509 *certificate = decode(der, len);

	if (certificate == NULL)
		return;
	struct candidate c = from_store(certificate, has_key);
	add_chain(&c, s->intermediates);
	if (s->list->count < IDENTITY_CANDIDATES && is_meant(s, &c))
		*candidates_add(s->list) = c;
	else
		candidate_release(&c);
}

/* The roots of a system are many: without a word about the issuer none of them is meant. */
bool candidates_find_stored(struct candidates *list, const struct rule_certificate *entry,
	STACK_OF(X509) * authorities, const struct search *search)
{
	struct store_search s = {.list = list, .entry = entry, .authorities = authorities};
	struct strbuf why;

	if (!entry->store || (entry->authority && entry->issuers.count == 0))
		return false;
	strbuf_init(&why, 1024);
	if (!entry->authority && search->trust != NULL)
		s.intermediates = trust_others(search->trust);
	int result = platform_certificates(
		entry->authority ? PLATFORM_STORE_ROOT : PLATFORM_STORE_PERSONAL, take_stored, &s,
		&why);
	if (result < 0)
		list->store_error = mem_strdup(why.data);
	strbuf_release(&why);
	return result == 0;
}
