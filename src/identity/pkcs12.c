/*
 * PKCS#12 (RFC 7292), walked part by part: PKCS12_parse would not tell a key that fits no
 * certificate from none, nor bound what deriving the keys costs.
 */
#include "private.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#define DEPTH_MAX 4 /* bags in bags */

struct walk {
	struct container *out;
	const char *password; /* NULL: none, which PKCS#12 tells from an empty one */
	int len;
	bool authentic; /* the MAC was right: then a failure to decrypt is no wrong password */
};

static enum opening walk_bags(struct walk *w, const STACK_OF(PKCS12_SAFEBAG) * bags, int depth);

static enum opening failure(const struct walk *w)
{
	return container_errors(w->authentic ? OPEN_DAMAGED : OPEN_PASSWORD);
}

static enum opening walk_shrouded_key(struct walk *w, const PKCS12_SAFEBAG *bag)
{
	const X509_SIG *sealed = PKCS12_SAFEBAG_get0_pkcs8(bag);
	const X509_ALGOR *algorithm = NULL;
	PKCS8_PRIV_KEY_INFO *key;

	if (sealed == NULL)
		return OPEN_DAMAGED;
	X509_SIG_get0(sealed, &algorithm, NULL);
	enum opening result = container_encryption(w->out, algorithm);
	if (result != OPEN_DONE)
		return result;
	key = PKCS12_decrypt_skey(bag, w->password, w->len);
	if (key == NULL)
		return failure(w);
	EVP_PKEY *opened = EVP_PKCS82PKEY(key);
	PKCS8_PRIV_KEY_INFO_free(key);
	if (opened == NULL)
		return failure(w);
	container_add_key(w->out, opened);
	return OPEN_DONE;
}

static enum opening walk_bag(struct walk *w, const PKCS12_SAFEBAG *bag, int depth)
{
	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_keyBag:
		container_add_key(w->out, EVP_PKCS82PKEY(PKCS12_SAFEBAG_get0_p8inf(bag)));
		return OPEN_DONE;
	case NID_pkcs8ShroudedKeyBag:
		return walk_shrouded_key(w, bag);
	case NID_certBag:
		if (PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate)
			container_add(w->out, PKCS12_SAFEBAG_get1_cert(bag));
		return OPEN_DONE;
	case NID_safeContentsBag:
		if (depth >= DEPTH_MAX)
			return OPEN_DAMAGED;
		return walk_bags(w, PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
	default: /* CRLs, secrets */
		return OPEN_DONE;
	}
}

static enum opening walk_bags(struct walk *w, const STACK_OF(PKCS12_SAFEBAG) * bags, int depth)
{
	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
		enum opening result = walk_bag(w, sk_PKCS12_SAFEBAG_value(bags, i), depth);
		if (result != OPEN_DONE)
			return result;
	}
	return OPEN_DONE;
}

static enum opening walk_safe(struct walk *w, PKCS7 *safe)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	enum opening result = OPEN_DONE;

	if (PKCS7_type_is_data(safe)) {
		bags = PKCS12_unpack_p7data(safe);
	} else if (PKCS7_type_is_encrypted(safe)) {
		if (safe->d.encrypted == NULL || safe->d.encrypted->enc_data == NULL)
			return OPEN_DAMAGED;
		result = container_encryption(w->out, safe->d.encrypted->enc_data->algorithm);
		if (result != OPEN_DONE)
			return result;
		bags = PKCS12_unpack_p7encdata(safe, w->password, w->len);
	} else {
		return OPEN_UNSUPPORTED; /* sealed for a public key */
	}
	if (bags == NULL)
		return failure(w);
	result = walk_bags(w, bags, 0);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	return result;
}

static bool mac_is_bounded(const PKCS12 *file)
{
	const ASN1_INTEGER *iterations = NULL;
	int64_t number = 0;

	PKCS12_get0_mac(NULL, NULL, NULL, &iterations, file);
	return iterations == NULL || (ASN1_INTEGER_get_int64(&number, iterations) == 1 &&
					     number >= 0 && number <= IDENTITY_ITERATIONS);
}

static enum opening verify(struct walk *w, PKCS12 *file, const struct secret *password)
{
	w->password = password->len > 0 ? password->bytes : NULL;
	w->len = (int)password->len;
	if (!PKCS12_mac_present(file))
		return OPEN_DONE;
	if (!mac_is_bounded(file))
		return OPEN_UNSUPPORTED;
	if (PKCS12_verify_mac(file, w->password, w->len) != 1) {
		if (password->len > 0 || PKCS12_verify_mac(file, "", 0) != 1)
			return container_errors(OPEN_DAMAGED);
		w->password = "";
	}
	ERR_clear_error();
	w->authentic = true;
	return OPEN_DONE;
}

enum opening pkcs12_open(struct container *out, const unsigned char *bytes, size_t len,
	const struct secret *password)
{
	PKCS12 *file = d2i_PKCS12(NULL, &(const unsigned char *){bytes}, (long)len);
	STACK_OF(PKCS7) *safes = NULL;
	struct walk w = {.out = out};
	enum opening result = OPEN_DAMAGED;

	if (file == NULL)
		goto out;
	out->format = "pkcs12";
	result = verify(&w, file, password);
	if (result != OPEN_DONE)
		goto out;
	safes = PKCS12_unpack_authsafes(file);
	if (safes == NULL)
		result = OPEN_DAMAGED;
	for (int i = 0; result == OPEN_DONE && i < sk_PKCS7_num(safes); i++)
		result = walk_safe(&w, sk_PKCS7_value(safes, i));
out:
	sk_PKCS7_pop_free(safes, PKCS7_free);
	PKCS12_free(file);
	return result;
}
