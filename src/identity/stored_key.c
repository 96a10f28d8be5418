/*
 * The key of a certificate in the OS's store. Whether the OS signs with it, and whether it is the
 * certificate's, is tried before a server asks for it.
 */
#include "private.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "held_key.h"

#define WHY_CAP 512

struct stored {
	struct platform_key *key;
	struct strbuf why; /* of the first signature that was refused */
};

static int sign(void *arg, const struct platform_signing *what, uint8_t *signature, size_t *len)
{
	struct stored *stored = arg;
	struct strbuf *why = stored->why.len == 0 ? &stored->why : NULL;

	return platform_key_sign(stored->key, what, signature, len, why);
}

static void release(void *arg)
{
	struct stored *stored = arg;

	platform_key_close(stored->key);
	strbuf_release(&stored->why);
	free(stored);
}

static struct platform_key *open_key(X509 *certificate, struct strbuf *why)
{
	unsigned char *der = NULL;
	int len = i2d_X509(certificate, &der);
	struct platform_key *key = len > 0 ? platform_key_open(der, (size_t)len, why) : NULL;

	OPENSSL_free(der);
	return key;
}

/* The OS has the key; from here on `stored` belongs to what held_key_new makes. */
static void try_key(struct candidate *c, struct stored *stored, struct strbuf *why)
{
	const struct key_holder holder = {.sign = sign, .release = release, .arg = stored};
	EVP_PKEY *public_key = X509_get0_pubkey(c->certificate);
	EVP_PKEY *key = public_key != NULL ? held_key_new(public_key, &holder) : NULL;

	if (public_key == NULL)
		release(stored);
	if (key == NULL) {
		strbuf_adds(why, "a key of this kind is not supported");
		return;
	}
	enum held_key_answer answer = held_key_try(key, public_key);
	if (answer == HELD_KEY_FITS) {
		c->key = key;
		c->refusal = &stored->why;
		return;
	}
	c->key_matches = answer == HELD_KEY_REFUSED;
	strbuf_adds(why, stored->why.len > 0 ? stored->why.data : "no signature by RSASSA-PSS");
	EVP_PKEY_free(key);
}

void candidate_take_stored_key(struct candidate *c)
{
	struct strbuf why;

	if (c->path != NULL || !c->has_key || c->key != NULL)
		return;
	strbuf_init(&why, WHY_CAP);
	struct platform_key *key = open_key(c->certificate, &why);
	if (key != NULL) {
		struct stored *stored = mem_alloc(sizeof *stored);
		stored->key = key;
		strbuf_init(&stored->why, WHY_CAP);
		try_key(c, stored, &why);
	}
	if (c->key == NULL && why.len > 0)
		c->key_text = mem_strdup(why.data);
	strbuf_release(&why);
}
