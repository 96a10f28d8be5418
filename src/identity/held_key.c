#include "held_private.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "mem.h"

#define PARAM_KEY "preflight-key" /* octets: the address of a struct held */

void held_unref(struct held *held)
{
	if (held == NULL || --held->references > 0)
		return;
	held->holder.release(held->holder.arg);
	EVP_PKEY_free(held->public_key);
	free(held);
}

/* ---- key management ---- */

static void *key_new(void *provider)
{
	(void)provider;
	return mem_alloc(sizeof(struct keydata));
}

static void key_free(void *keydata)
{
	if (keydata != NULL)
		held_unref(((struct keydata *)keydata)->held);
	free(keydata);
}

static int key_has(const void *keydata, int selection)
{
	(void)selection;
	return ((const struct keydata *)keydata)->held != NULL;
}

static int key_import(void *keydata, int selection, const OSSL_PARAM params[])
{
	const OSSL_PARAM *p = OSSL_PARAM_locate_const(params, PARAM_KEY);
	struct held *held;

	(void)selection;
	if (p == NULL || p->data_size != sizeof held)
		return 0;
	memcpy(&held, p->data, sizeof held);
	held->references++;
	((struct keydata *)keydata)->held = held;
	return 1;
}

static const OSSL_PARAM *key_import_types(int selection)
{
	static const OSSL_PARAM types[] = {
		OSSL_PARAM_octet_string(PARAM_KEY, NULL, 0), OSSL_PARAM_END};

	(void)selection;
	return types;
}

/* The public part only: whoever wants more has to come here for a signature. */
static int key_export(void *keydata, int selection, OSSL_CALLBACK *callback, void *arg)
{
	OSSL_PARAM *params = NULL;
	int result = 0;

	if ((selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 &&
		EVP_PKEY_todata(((struct keydata *)keydata)->held->public_key, EVP_PKEY_PUBLIC_KEY,
			&params) == 1)
		result = callback(params, arg);
	OSSL_PARAM_free(params);
	return result;
}

static const OSSL_PARAM *key_export_types(int selection)
{
	static const OSSL_PARAM types[] = {OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_N, NULL, 0),
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_RSA_E, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, NULL, 0), OSSL_PARAM_END};

	return (selection & OSSL_KEYMGMT_SELECT_PRIVATE_KEY) == 0 ? types : NULL;
}

static int key_get_params(void *keydata, OSSL_PARAM params[])
{
	return EVP_PKEY_get_params(((struct keydata *)keydata)->held->public_key, params);
}

static const OSSL_PARAM *key_gettable_params(void *provider)
{
	static const OSSL_PARAM types[] = {OSSL_PARAM_int(OSSL_PKEY_PARAM_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_SECURITY_BITS, NULL),
		OSSL_PARAM_int(OSSL_PKEY_PARAM_MAX_SIZE, NULL),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_DEFAULT_DIGEST, NULL, 0),
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, NULL, 0), OSSL_PARAM_END};

	(void)provider;
	return types;
}

static const char *rsa_operation(int operation)
{
	return operation == OSSL_OP_SIGNATURE ? "RSA" : NULL;
}

static const char *ec_operation(int operation)
{
	return operation == OSSL_OP_SIGNATURE ? "ECDSA" : NULL;
}

#define KEY_FUNCTIONS                                                                              \
	FUNCTION(OSSL_FUNC_KEYMGMT_NEW, key_new), FUNCTION(OSSL_FUNC_KEYMGMT_FREE, key_free),      \
		FUNCTION(OSSL_FUNC_KEYMGMT_HAS, key_has),                                          \
		FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT, key_import),                                    \
		FUNCTION(OSSL_FUNC_KEYMGMT_IMPORT_TYPES, key_import_types),                        \
		FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT, key_export),                                    \
		FUNCTION(OSSL_FUNC_KEYMGMT_EXPORT_TYPES, key_export_types),                        \
		FUNCTION(OSSL_FUNC_KEYMGMT_GET_PARAMS, key_get_params),                            \
		FUNCTION(OSSL_FUNC_KEYMGMT_GETTABLE_PARAMS, key_gettable_params)

static const OSSL_DISPATCH rsa_key_functions[] = {
	KEY_FUNCTIONS, FUNCTION(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, rsa_operation), {0, NULL}};
static const OSSL_DISPATCH ec_key_functions[] = {
	KEY_FUNCTIONS, FUNCTION(OSSL_FUNC_KEYMGMT_QUERY_OPERATION_NAME, ec_operation), {0, NULL}};

static const OSSL_ALGORITHM key_managers[] = {
	{"RSA:rsaEncryption:1.2.840.113549.1.1.1", "provider=" PROVIDER, rsa_key_functions, NULL},
	{"EC:id-ecPublicKey:1.2.840.10045.2.1", "provider=" PROVIDER, ec_key_functions, NULL},
	{NULL, NULL, NULL, NULL}};

/* ---- the provider ---- */

static const OSSL_ALGORITHM *query(void *provider, int operation, int *no_cache)
{
	(void)provider;
	*no_cache = 0;
	return operation == OSSL_OP_KEYMGMT     ? key_managers
	       : operation == OSSL_OP_SIGNATURE ? held_signatures
						: NULL;
}

static int provider_init(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *in,
	const OSSL_DISPATCH **out, void **context)
{
	static const OSSL_DISPATCH functions[] = {
		FUNCTION(OSSL_FUNC_PROVIDER_QUERY_OPERATION, query), {0, NULL}};

	(void)core;
	(void)in;
	*out = functions;
	*context = (void *)(uintptr_t)core; /* something that is not NULL; nothing here needs it */
	return 1;
}

/* The context lives as long as the program, as keys may. Made by the first key, on the main thread.
 */
static OSSL_LIB_CTX *library(void)
{
	static OSSL_LIB_CTX *context;

	if (context != NULL)
		return context;
	context = OSSL_LIB_CTX_new();
	if (context != NULL && (OSSL_PROVIDER_add_builtin(context, PROVIDER, provider_init) != 1 ||
				       OSSL_PROVIDER_load(context, PROVIDER) == NULL)) {
		OSSL_LIB_CTX_free(context);
		context = NULL;
	}
	return context;
}

/* ---- keys ---- */

static EVP_PKEY *make(struct held *held, const char *type)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(PARAM_KEY, &held, sizeof held), OSSL_PARAM_END};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(library(), type, NULL);
	EVP_PKEY *key = NULL;

	if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
		EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEYPAIR, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	return key;
}

EVP_PKEY *held_key_new(EVP_PKEY *public_key, const struct key_holder *holder)
{
	struct held *held = mem_alloc(sizeof *held);
	const char *type = EVP_PKEY_is_a(public_key, "RSA")  ? "RSA"
			   : EVP_PKEY_is_a(public_key, "EC") ? "EC"
							     : NULL;
	EVP_PKEY *key = NULL;

	*held = (struct held){.holder = *holder, .references = 1};
	if (EVP_PKEY_up_ref(public_key) == 1)
		held->public_key = public_key;
	if (type != NULL && held->public_key != NULL && library() != NULL)
		key = make(held, type);
	held_unref(held);
	ERR_clear_error();
	return key;
}
