#include "trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "mem.h"
#include "platform.h"
#include "trust_bundle.h"

#define OTHERS_MAX 500
#define ROUNDS     8 /* issuers of issuers that are looked for in the bundle */

struct trust {
	X509_STORE *store;
	char *file;
	struct trust_bundle bundle;
	bool directory;
	bool os_store; /* the OS's own roots are in the store */
	STACK_OF(X509) *
		others; /* authorities that the OS knows, but does not trust by themselves */
};

void trust_library_init(void)
{
	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

static void add_root(void *arg, const uint8_t *der, size_t len, bool has_key)
{
	struct trust *trust = arg;
	const unsigned char *p = der;
	X509 *root = d2i_X509(NULL, &p, (long)len);

	(void)has_key;
	if (root != NULL && X509_STORE_add_cert(trust->store, root) == 1)
		trust->os_store = true;
	X509_free(root);
}

static void add_other(void *arg, const uint8_t *der, size_t len, bool has_key)
{
	STACK_OF(X509) *others = arg;
	const unsigned char *p = der;
	X509 *other = sk_X509_num(others) < OTHERS_MAX ? d2i_X509(NULL, &p, (long)len) : NULL;

	(void)has_key;
	if (other != NULL && sk_X509_push(others, other) <= 0)
		X509_free(other);
}

static void add_os_store(struct trust *trust)
{
	platform_certificates(PLATFORM_STORE_ROOT, add_root, trust, NULL);
	trust->others = sk_X509_new_null();
	if (trust->others != NULL)
		platform_intermediates(add_other, trust->others);
}

struct trust *trust_new(const char *directory, const char *file)
{
	struct trust *trust = mem_alloc(sizeof *trust);
	X509_VERIFY_PARAM *param;

	trust->store = X509_STORE_new();
	trust->file = mem_strdup(file);
	if (trust->store == NULL)
		return trust;
	param = X509_STORE_get0_param(trust->store);
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
	if (directory[0] != '\0') {
		X509_LOOKUP *lookup = X509_STORE_add_lookup(trust->store, X509_LOOKUP_hash_dir());
		trust->directory = lookup != NULL &&
				   X509_LOOKUP_add_dir(lookup, directory, X509_FILETYPE_PEM) == 1;
	}
	if (directory[0] == '\0' && file[0] == '\0')
		add_os_store(trust);
	return trust;
}

void trust_free(struct trust *trust)
{
	if (trust == NULL)
		return;
	X509_STORE_free(trust->store);
	sk_X509_pop_free(trust->others, X509_free);
	trust_bundle_release(&trust->bundle);
	free(trust->file);
	free(trust);
}

bool trust_has_roots(const struct trust *trust)
{
	return trust->directory || trust->os_store || trust->file[0] != '\0';
}

STACK_OF(X509) * trust_others(const struct trust *trust)
{
	return trust->others;
}

/* ---- the bundle ---- */

static X509 *add_bundled(struct trust *trust, struct bundled *entry)
{
	BIO *bio = BIO_new_mem_buf(entry->begin, (int)entry->len);
	X509 *cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	entry->added = true;
	if (cert != NULL)
		X509_STORE_add_cert(trust->store, cert);
	return cert;
}

/* Adds what may have issued a certificate, and what may have issued that. */
static bool add_issuers(struct trust *trust, const X509 *cert, int rounds)
{
	unsigned long hash = X509_NAME_hash_ex(X509_get_issuer_name(cert), NULL, NULL, NULL);
	bool added = false;

	for (size_t i = 0; i < trust->bundle.count && rounds > 0; i++) {
		if (trust->bundle.items[i].subject != hash || trust->bundle.items[i].added)
			continue;
		X509 *issuer = add_bundled(trust, &trust->bundle.items[i]);
		if (issuer == NULL)
			continue;
		added = true;
		add_issuers(trust, issuer, rounds - 1);
		X509_free(issuer);
	}
	return added;
}

/* ---- verification ---- */

#define ERRORS_MAX 32
#define SECURITY_LEVEL                                                                             \
	2 /* of OpenSSL's programs and curl: 112 bits (SSL_CTX_set_security_level(3)) */

struct verification {
	struct trust_error errors[ERRORS_MAX]; /* each holds a reference */
	size_t count;
	bool incomplete; /* an issuer was not found */
};

static void verification_release(struct verification *v)
{
	for (size_t i = 0; i < v->count; i++)
		X509_free(v->errors[i].certificate);
	memset(v, 0, sizeof *v);
}

static bool is_incomplete(int error)
{
	return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
	       error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
	       error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
	       error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
}

static void note_error(struct verification *v, int error, int depth, X509 *certificate, bool stored)
{
	v->incomplete = v->incomplete || is_incomplete(error);
	if (v->count == ERRORS_MAX)
		return;
	if (certificate != NULL && X509_up_ref(certificate) != 1)
		certificate = NULL;
	v->errors[v->count++] = (struct trust_error){
		.number = error, .depth = depth, .certificate = certificate, .stored = stored};
}

static int on_error(int ok, X509_STORE_CTX *ctx)
{
	int depth = X509_STORE_CTX_get_error_depth(ctx);

	if (ok != 1)
		note_error(X509_STORE_CTX_get_app_data(ctx), X509_STORE_CTX_get_error(ctx), depth,
			X509_STORE_CTX_get_current_cert(ctx),
			depth >= X509_STORE_CTX_get_num_untrusted(ctx));
	return 1;
}

/* roots: in place of the OS's; NULL: the OS's. */
static void verify_once(struct trust *trust, STACK_OF(X509) * roots, X509 *leaf,
	STACK_OF(X509) * sent, struct verification *v)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();

	memset(v, 0, sizeof *v);
	if (ctx == NULL || trust->store == NULL ||
		X509_STORE_CTX_init(ctx, trust->store, leaf, sent) != 1) {
		note_error(v, X509_V_ERR_OUT_OF_MEM, 0, NULL, false);
	} else {
		X509_STORE_CTX_set_default(ctx, "ssl_server");
		X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(ctx), SECURITY_LEVEL);
		if (roots != NULL)
			X509_STORE_CTX_set0_trusted_stack(ctx, roots);
		X509_STORE_CTX_set_app_data(ctx, v);
		X509_STORE_CTX_set_verify_cb(ctx, on_error);
		/* A failure that the callback was not told of still counts. */
		if (X509_verify_cert(ctx) != 1 && v->count == 0)
			note_error(v, X509_STORE_CTX_get_error(ctx), 0, leaf, false);
	}
	X509_STORE_CTX_free(ctx);
}

/* Of two attempts at the same chain the better one stands; the other is released. */
static void keep_better(struct verification *v, struct verification *other)
{
	struct verification worse = *other;

	if (other->count == 0 || (v->incomplete && !other->incomplete)) {
		worse = *v;
		*v = *other;
	}
	verification_release(&worse);
}

/* The OS's programs complete what a server did not send by what the OS knows of others. */
static void verify_with_others(
	struct trust *trust, X509 *leaf, STACK_OF(X509) * sent, struct verification *v)
{
	STACK_OF(X509) *all = sk_X509_dup(trust->others);
	struct verification completed;

	for (int i = 0; i < sk_X509_num(sent); i++)
		sk_X509_push(all, sk_X509_value(sent, i));
	verify_once(trust, NULL, leaf, all, &completed);
	keep_better(v, &completed);
	sk_X509_free(all);
}

/* Whatever is wrong with one way to a root, another may be right: an expired cross-certificate. */
static void verify_by_os(
	struct trust *trust, X509 *leaf, STACK_OF(X509) * sent, struct verification *v)
{
	struct verification again;
	bool added;

	verify_once(trust, NULL, leaf, sent, v);
	if (v->count > 0 && sk_X509_num(trust->others) > 0)
		verify_with_others(trust, leaf, sent, v);
	if (v->count == 0 || trust->file[0] == '\0')
		return;
	trust_bundle_read(&trust->bundle, trust->file);
	added = add_issuers(trust, leaf, ROUNDS);
	for (int i = 0; i < sk_X509_num(sent); i++)
		added |= add_issuers(trust, sk_X509_value(sent, i), ROUNDS);
	if (!added)
		return;
	verify_once(trust, NULL, leaf, sent, &again);
	verification_release(v);
	*v = again;
}

/* ---- issuers that are there, and are none ---- */

/* All trusted certificates with this subject, or NULL. */
static STACK_OF(X509) * roots_named(struct trust *trust, const X509_NAME *name);

/*
 * OpenSSL passes over a certificate that has the issuer's name but cannot have signed, and then
 * says that there is no issuer. What is sent and is none is the better explanation; of what is
 * stored, only that it may not sign: another root of the same name is another authority.
 */
static void explain_missing(struct trust *trust, STACK_OF(X509) * sent, struct verification *v,
	const struct trust_error *error)
{
	X509 *child = error->certificate;
	STACK_OF(X509) * roots;
	int reason = X509_V_OK;

	for (int i = 0; i < sk_X509_num(sent) && reason == X509_V_OK; i++) {
		X509 *other = sk_X509_value(sent, i);
		if (X509_cmp(other, child) == 0 || X509_NAME_cmp(X509_get_subject_name(other),
							   X509_get_issuer_name(child)) != 0)
			continue;
		reason = X509_check_issued(other, child);
		if (reason != X509_V_OK)
			note_error(v, reason, error->depth + 1, other, false);
	}
	roots = reason == X509_V_OK ? roots_named(trust, X509_get_issuer_name(child)) : NULL;
	for (int i = 0; i < sk_X509_num(roots) && reason == X509_V_OK; i++) {
		reason = X509_check_issued(sk_X509_value(roots, i), child);
		if (reason == X509_V_ERR_KEYUSAGE_NO_CERTSIGN)
			note_error(v, reason, error->depth + 1, sk_X509_value(roots, i), true);
	}
	sk_X509_pop_free(roots, X509_free);
}

static void explain(struct trust *trust, STACK_OF(X509) * sent, struct verification *v)
{
	for (size_t i = 0; i < v->count; i++) {
		struct trust_error first = v->errors[i];
		if (first.number != X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY &&
			first.number != X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT)
			continue;
		if (first.certificate != NULL)
			explain_missing(trust, sent, v, &first);
		return;
	}
}

void trust_verify(
	struct trust *trust, X509 *leaf, STACK_OF(X509) * sent, trust_error_fn *fn, void *arg)
{
	trust_verify_with(trust, NULL, leaf, sent, fn, arg);
}

void trust_verify_with(struct trust *trust, STACK_OF(X509) * roots, X509 *leaf,
	STACK_OF(X509) * sent, trust_error_fn *fn, void *arg)
{
	struct verification v, by_others;

	verify_by_os(trust, leaf, sent, &v);
	if (v.incomplete)
		platform_try_descriptors(); /* OpenSSL passes over a root that it cannot open */
	if (v.count > 0 && sk_X509_num(roots) > 0) {
		verify_once(trust, roots, leaf, sent, &by_others);
		keep_better(&v, &by_others);
	}
	explain(trust, sent, &v);
	for (size_t i = 0; i < v.count; i++)
		fn(arg, &v.errors[i]);
	verification_release(&v);
}

/* ---- single roots ---- */

/* Reads those of the bundle with this subject into the store. */
static void add_named(struct trust *trust, const X509_NAME *name)
{
	unsigned long hash = X509_NAME_hash_ex(name, NULL, NULL, NULL);

	trust_bundle_read(&trust->bundle, trust->file);
	for (size_t i = 0; i < trust->bundle.count; i++)
		if (trust->bundle.items[i].subject == hash && !trust->bundle.items[i].added)
			X509_free(add_bundled(trust, &trust->bundle.items[i]));
}

static STACK_OF(X509) * roots_named(struct trust *trust, const X509_NAME *name)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	STACK_OF(X509) *found = NULL;

	add_named(trust, name);
	if (ctx != NULL && trust->store != NULL &&
		X509_STORE_CTX_init(ctx, trust->store, NULL, NULL) == 1)
		found = X509_STORE_CTX_get1_certs(ctx, name);
	X509_STORE_CTX_free(ctx);
	return found;
}

static void free_stack(STACK_OF(X509) * certificates)
{
	sk_X509_pop_free(certificates, X509_free);
}

bool trust_has(struct trust *trust, X509 *certificate)
{
	STACK_OF(X509) *roots = roots_named(trust, X509_get_subject_name(certificate));
	bool found = false;

	for (int i = 0; i < sk_X509_num(roots) && !found; i++)
		found = X509_cmp(sk_X509_value(roots, i), certificate) == 0;
	free_stack(roots);
	return found;
}

X509 *trust_issuer(struct trust *trust, X509 *certificate)
{
	STACK_OF(X509) *roots = roots_named(trust, X509_get_issuer_name(certificate));
	X509 *issuer = NULL;

	for (int i = 0; i < sk_X509_num(roots) && issuer == NULL; i++) {
		X509 *root = sk_X509_value(roots, i);
		if (X509_check_issued(root, certificate) == X509_V_OK &&
			X509_verify(certificate, X509_get0_pubkey(root)) == 1 && X509_up_ref(root))
			issuer = root;
	}
	free_stack(roots);
	return issuer;
}
