/* The certificates of a run: CAs first, since they tell which clients' certificates will do. */
#include "private.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "platform.h"

struct identities {
	const struct rules *rules;
	struct identity **items; /* parallel to rules->certificates */
};

static void identity_free(struct identity *identity)
{
	if (identity == NULL)
		return;
	candidates_release(&identity->candidates);
	sk_X509_pop_free(identity->authorities, X509_free);
	facts_release(&identity->facts);
	free(identity);
}

static void add_authority(struct identity *identity, X509 *certificate)
{
	if (X509_check_ca(certificate) > 0 && X509_up_ref(certificate) == 1 &&
		sk_X509_push(identity->authorities, certificate) <= 0)
		X509_free(certificate);
}

/* The chosen candidate's CA certificates, and whether the OS trusts the first. */
static void settle_authority(struct identity *identity, struct trust *trust)
{
	const struct candidate *c = identity->chosen;

	if (c == NULL || c->certificate == NULL)
		return;
	add_authority(identity, c->certificate);
	for (int i = 0; i < sk_X509_num(c->chain); i++)
		add_authority(identity, sk_X509_value(c->chain, i));
	if (c->path == NULL) {
		identity->in_store_known = identity->in_store = true;
	} else if (trust != NULL && trust_has_roots(trust)) {
		identity->in_store_known = true;
		identity->in_store = trust_has(trust, c->certificate);
	}
}

static struct identity *identity_new(
	const struct rule_certificate *entry, const struct identity *ca, struct search *search)
{
	struct identity *identity = mem_alloc(sizeof *identity);

	identity->entry = entry;
	identity->ca = ca;
	identity->authorities = sk_X509_new_null();
	facts_init(&identity->facts);
	candidates_find(&identity->candidates, entry, ca != NULL ? ca->authorities : NULL, search);
	return identity;
}

static void load_authority(
	struct identities *all, size_t i, struct search *search, struct trust *trust, double now)
{
	struct identity *identity = identity_new(&all->rules->certificates[i], NULL, search);

	all->items[i] = identity;
	identity_choose(identity, now);
	settle_authority(identity, trust);
	identity_tell(identity);
}

/* ---- CAs that are in the OS's store only ---- */

static X509 *stored_issuer(const struct candidate *c, struct trust *trust)
{
	X509 *issuer = c->certificate != NULL ? trust_issuer(trust, c->certificate) : NULL;

	for (int i = 0; issuer == NULL && i < sk_X509_num(c->chain); i++)
		issuer = trust_issuer(trust, sk_X509_value(c->chain, i));
	return issuer;
}

/*
 * A store that cannot be listed can still be asked who issued a certificate: a CA that no file
 * holds is then that one, if its name is what the rules want.
 */
static void adopt_issuer(
	struct identity *ca, const struct candidates *clients, struct trust *trust, double now)
{
	for (size_t i = 0; i < clients->count && ca->chosen == NULL; i++) {
		X509 *issuer = stored_issuer(&clients->items[i], trust);
		if (issuer == NULL)
			continue;
		if (!issuer_fits(ca->entry, issuer)) {
			X509_free(issuer);
			continue;
		}
		candidates_add_stored(&ca->candidates, issuer, false);
		identity_choose(ca, now);
		settle_authority(ca, trust);
		identity_tell(ca);
	}
}

/* ---- the whole ---- */

static struct identity *at(const struct identities *all, const struct rule_certificate *entry)
{
	return entry != NULL ? all->items[entry - all->rules->certificates] : NULL;
}

static void load_client(
	struct identities *all, size_t i, struct search *search, struct trust *trust, double now)
{
	const struct rule_certificate *entry = &all->rules->certificates[i];
	struct identity *ca = at(all, entry->ca);
	struct identity *identity = identity_new(entry, ca, search);

	all->items[i] = identity;
	if (ca != NULL && ca->chosen == NULL && ca->entry->store && trust != NULL &&
		search->inputs->saved == NULL && search->inputs->authorities.count == 0)
		adopt_issuer(ca, &identity->candidates, trust, now);
	identity_choose(identity, now);
	if (identity->chosen != NULL)
		candidate_take_stored_key(identity->chosen);
	identity_tell(identity);
}

struct identities *identities_load(const struct rules *rules, const bool *wanted,
	const struct inputs *inputs, struct trust *trust)
{
	struct identities *all = mem_alloc(sizeof *all);
	struct search search = {.inputs = inputs, .trust = trust};
	double now = platform_wall();

	if (inputs->memory != NULL)
		search.typed = inputs->memory->typed;
	trust_library_init();
	all->rules = rules;
	all->items = mem_alloc(rules->certificate_count * sizeof(struct identity *));
	for (int authority = 1; authority >= 0; authority--)
		for (size_t i = 0; i < rules->certificate_count; i++) {
			if (!wanted[i] || rules->certificates[i].authority != (authority == 1))
				continue;
			if (authority == 1)
				load_authority(all, i, &search, trust, now);
			else
				load_client(all, i, &search, trust, now);
		}
	if (inputs->memory != NULL)
		inputs->memory->typed = search.typed;
	else
		search_release(&search);
	return all;
}

void identities_forget(struct secret_memory *memory)
{
	struct search search = {.typed = memory->typed};

	search_release(&search);
	memory->typed = NULL;
}

void identities_free(struct identities *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->rules->certificate_count; i++)
		identity_free(all->items[i]);
	free(all->items);
	free(all);
}

const struct identity *identities_find(
	const struct identities *all, const struct rule_certificate *certificate)
{
	return all != NULL ? at(all, certificate) : NULL;
}

const struct facts *identity_facts(const struct identity *identity)
{
	return &identity->facts;
}

X509 *identity_x509(const struct identity *identity)
{
	return identity->chosen != NULL ? identity->chosen->certificate : NULL;
}

EVP_PKEY *identity_key(const struct identity *identity)
{
	return identity->chosen != NULL && identity->chosen->key_matches ? identity->chosen->key
									 : NULL;
}

const char *identity_kept(const struct identity *identity)
{
	const struct candidate *c = identity->chosen;

	if (c == NULL || c->path != NULL || !c->key_matches)
		return NULL;
	if (c->key == NULL)
		return c->key_text != NULL ? c->key_text : "";
	return c->refusal != NULL && c->refusal->len > 0 ? c->refusal->data : NULL;
}

STACK_OF(X509) * identity_chain(const struct identity *identity)
{
	return identity->chosen != NULL ? identity->chosen->chain : NULL;
}

STACK_OF(X509) * identity_authorities(const struct identity *identity)
{
	if (identity->entry->authority)
		return identity->authorities;
	return identity->ca != NULL ? identity->ca->authorities : NULL;
}
