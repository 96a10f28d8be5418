/* OpenSSL's callbacks. All of them only look; none ends a handshake. */
#include "tls_evidence.h"

#include <stdint.h>
#include <stdlib.h>

#include <openssl/x509v3.h>

#include "mem.h"
#include "net.h"
#include "platform.h"
#include "root_list.h"

#define CLIENT_CAS_MAX 20

struct tls_evidence *tls_evidence_new(struct trust *trust, const char *host)
{
	struct tls_evidence *e = mem_alloc(sizeof *e);

	facts_init(&e->facts);
	e->alert = e->alert_sent = -1;
	e->trust = trust;
	e->host = mem_strdup(host);
	e->references = 1;
	return e;
}

void tls_evidence_unref(struct tls_evidence *e)
{
	if (e == NULL || --e->references > 0)
		return;
	facts_release(&e->facts);
	free(e->host);
	free(e);
}

/* ---- whose context it is ---- */

static int slot = -1; /* OpenSSL's, the same for the process */

static void on_context_freed(
	void *parent, void *ptr, CRYPTO_EX_DATA *data, int index, long argl, void *argp)
{
	(void)parent;
	(void)data;
	(void)index;
	(void)argl;
	(void)argp;
	tls_evidence_unref(ptr);
}

static bool keep_with(struct tls_evidence *e, SSL_CTX *ctx)
{
	if (slot < 0)
		slot = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, on_context_freed);
	if (slot < 0 || SSL_CTX_set_ex_data(ctx, slot, e) != 1)
		return false;
	e->references++;
	return true;
}

static struct tls_evidence *evidence_of(const SSL_CTX *ctx)
{
	return ctx != NULL && slot >= 0 ? SSL_CTX_get_ex_data(ctx, slot) : NULL;
}

/* ---- certificates ---- */

/* A verification under way. */
struct verifying {
	struct tls_evidence *evidence;
	struct tls_findings *findings;
};

static void on_verify_error(void *arg, const struct trust_error *error)
{
	struct verifying *v = arg;

	v->evidence->verified = false;
	if (error->number != X509_V_ERR_CERT_HAS_EXPIRED &&
		error->number != X509_V_ERR_CERT_NOT_YET_VALID)
		v->evidence->dates_only = false;
	tls_findings_add(v->findings, error);
}

static bool name_matches(X509 *leaf, const char *host)
{
	struct net_addr addr;

	if (net_addr_parse(host, &addr))
		return X509_check_ip(leaf, addr.bytes, addr.family == 6 ? 16 : 4, 0) == 1;
	return X509_check_host(leaf, host, 0,
		       X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
		       NULL) == 1;
}

static void note_session(struct tls_evidence *e, const SSL *ssl)
{
	const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);

	if (cipher == NULL)
		cipher = SSL_get_pending_cipher(ssl);
	e->version = SSL_version(ssl);
	facts_str(&e->facts, "version", SSL_get_version(ssl));
	if (cipher != NULL)
		facts_str(&e->facts, "cipher", SSL_CIPHER_get_name(cipher));
}

static STACK_OF(X509) * authorities_of(const struct tls_evidence *e)
{
	return e->identity != NULL ? identity_authorities(e->identity) : NULL;
}

/* The chain is verified with every error passed over; the rest follows from which there were. */
static void verify(struct tls_evidence *e, X509 *leaf, STACK_OF(X509) * sent)
{
	STACK_OF(X509) *authorities = authorities_of(e);
	struct verifying v = {.evidence = e, .findings = tls_findings_new(&e->facts, leaf)};
	bool roots = trust_has_roots(e->trust);

	e->verified = roots || sk_X509_num(authorities) > 0;
	e->dates_only = true;
	trust_verify_with(e->trust, authorities, leaf, sent, on_verify_error, &v);
	tls_findings_end(v.findings);
	roots = roots || e->verified;
	e->dates_only = e->dates_only && !e->verified && roots;
	facts_bool(&e->facts, "trust", roots);
	facts_bool(&e->facts, "verified", e->verified);
}

/* Whether the root that was not found is one that the OS would fetch for its own programs. */
static void note_root_list(struct tls_evidence *e, const X509 *leaf, STACK_OF(X509) * sent)
{
	size_t len = 0;
	uint8_t *list = platform_root_list(&len);
	bool listed = list != NULL && root_list_has_issuer(list, len, leaf);

	for (int i = 0; i < sk_X509_num(sent) && list != NULL && !listed; i++)
		listed = root_list_has_issuer(list, len, sk_X509_value(sent, i));
	if (listed)
		facts_bool(&e->facts, "root_on_demand", true);
	if (platform_fetches_issuers())
		facts_bool(&e->facts, "issuers_fetched", true);
	free(list);
}

enum tls_standing tls_evidence_standing(const struct tls_evidence *e)
{
	if (!e->seen)
		return TLS_UNSEEN;
	if (!e->name_ok || (!e->verified && !e->dates_only))
		return TLS_STRANGE;
	return e->verified ? TLS_GENUINE : TLS_DATED;
}

/*
 * Stands in for OpenSSL's own verification (SSL_CTX_set_cert_verify_callback(3)). In a
 * renegotiation it is called again: a server that was once a stranger stays one.
 */
static int on_certificates(X509_STORE_CTX *ctx, void *arg)
{
	struct tls_evidence *e = arg;
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);
	STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(ctx);
	const SSL *ssl = X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx());

	X509_STORE_CTX_set_error(ctx, X509_V_OK);
	if (leaf == NULL || tls_evidence_standing(e) == TLS_STRANGE)
		return 1;
	e->seen = true;
	if (ssl != NULL)
		note_session(e, ssl);
	verify(e, leaf, sent);
	if (!e->verified)
		note_root_list(e, leaf, sent);
	e->name_ok = name_matches(leaf, e->host);
	facts_bool(&e->facts, "name_ok", e->name_ok);
	tls_certificate_facts(&e->facts, leaf, sent);
	return 1;
}

/* Before the handshake, or as soon as it ends for want of a signature. */
static void note_kept(struct tls_evidence *e)
{
	const char *reason = e->identity != NULL ? identity_kept(e->identity) : NULL;

	if (reason == NULL)
		return;
	facts_bool(&e->facts, "certificate_kept", true);
	if (*reason != '\0')
		facts_str(&e->facts, "key_text", reason);
}

static void note_strength(struct tls_evidence *e, SSL *ssl)
{
	if (tls_weak_handshake(&e->facts, ssl))
		e->weak = true;
}

/* Only what has its key can be shown. The chain goes along as it is, nothing is added to it. */
static void show(const struct identity *identity, SSL *ssl)
{
	X509 *certificate = identity_x509(identity);
	EVP_PKEY *key = identity_key(identity);

	if (certificate == NULL || key == NULL || SSL_use_certificate(ssl, certificate) != 1 ||
		SSL_use_PrivateKey(ssl, key) != 1)
		return;
	SSL_set_mode(ssl, SSL_MODE_NO_AUTO_CHAIN);
	SSL_set1_chain(ssl, identity_chain(identity));
}

/*
 * Ours is shown, and signs, only for a server that has proved who it is: chain and name right, and
 * nothing weak in between.
 */
static void show_or_withhold(struct tls_evidence *e, SSL *ssl)
{
	if (e->identity == NULL || identity_x509(e->identity) == NULL)
		return;
	if (tls_evidence_standing(e) == TLS_GENUINE && !e->weak) {
		show(e->identity, ssl);
		return;
	}
	SSL_certs_clear(ssl);
	facts_bool(&e->facts, "certificate_withheld", true);
}

/*
 * Called on a client when the server asks for a certificate (SSL_CTX_set_cert_cb(3)): with every
 * version of TLS after the server's own was verified and its signature checked.
 */
static int on_certificate_request(SSL *ssl, void *arg)
{
	struct tls_evidence *e = arg;
	const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(ssl);

	note_strength(e, ssl);
	show_or_withhold(e, ssl);
	if (e->client_cert_requested)
		return 1;
	e->client_cert_requested = true;
	note_kept(e);
	facts_list(&e->facts, "client_ca_names");
	for (int i = 0; i < sk_X509_NAME_num(names) && i < CLIENT_CAS_MAX; i++)
		tls_name_fact(&e->facts, "client_ca_names", sk_X509_NAME_value(names, i), true);
	return 1;
}

/* Called at every step (SSL_CTX_set_info_callback(3)), for a context that is ours. */
static void on_step(const SSL *ssl, int where, int value)
{
	struct tls_evidence *e = evidence_of(SSL_get_SSL_CTX(ssl));

	(void)value;
	if ((where & SSL_CB_HANDSHAKE_DONE) != 0 && e != NULL)
		note_strength(e, (SSL *)(uintptr_t)ssl);
}

/*
 * Whether a Certificate message of ours has anything in it. RFC 5246 section 7.4.6, RFC 8446
 * section 4.4.2: [1.3: one octet of length and a context], three octets of length, the list.
 */
static bool has_certificate(const SSL *ssl, const unsigned char *octets, size_t len)
{
	size_t at = 4; /* type and length of the message */

	if (SSL_version(ssl) >= TLS1_3_VERSION && len > at)
		at += 1 + (size_t)octets[at];
	return len >= at + 3 && (octets[at] | octets[at + 1] | octets[at + 2]) != 0;
}

static void note_handshake(
	struct tls_evidence *e, const SSL *ssl, const unsigned char *octets, size_t len)
{
	if (e->identity == NULL || e->certificate_sent || len < 4 ||
		octets[0] != SSL3_MT_CERTIFICATE || !has_certificate(ssl, octets, len))
		return;
	e->certificate_sent = true;
	json_t *issuers = json_object_get(identity_facts(e->identity)->object, "issuers");
	if (issuers != NULL)
		json_object_set(e->facts.object, "certificate_issuers", issuers);
}

/* ---- records ---- */

static void note_alert(struct tls_evidence *e, bool sent, int number)
{
	if (number == SSL3_AD_CLOSE_NOTIFY || number == TLS1_AD_USER_CANCELLED)
		return;
	if (sent && e->alert_sent < 0) {
		e->alert_sent = number;
		facts_int(&e->facts, "alert_sent", number);
		if (e->certificate_sent)
			note_kept(e);
	} else if (!sent && e->alert < 0) {
		e->alert = number;
		facts_int(&e->facts, "alert", number);
		facts_str(&e->facts, "alert_name", tls_alert_name(number));
	}
}

static void on_message(
	int sent, int version, int type, const void *bytes, size_t len, SSL *ssl, void *arg)
{
	struct tls_evidence *e = arg;
	const unsigned char *octets = bytes;

	(void)version;
	if (type == SSL3_RT_HANDSHAKE && sent != 0)
		note_handshake(e, ssl, octets, len);
	if (type == SSL3_RT_ALERT && len == 2)
		note_alert(e, sent != 0, octets[1]);
	if (type == SSL3_RT_HEADER && sent == 0 && len >= 1 && !e->record_seen) {
		e->record_seen = true;
		e->not_tls = octets[0] < SSL3_RT_CHANGE_CIPHER_SPEC ||
			     octets[0] > SSL3_RT_APPLICATION_DATA;
		if (e->not_tls)
			facts_bool(&e->facts, "not_tls", true);
	}
}

/* ---- attaching ---- */

void tls_evidence_attach(struct tls_evidence *e, SSL_CTX *ctx)
{
	if (!keep_with(e, ctx))
		return;
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(ctx, e->max_version);
	SSL_CTX_set_options(ctx, SSL_OP_LEGACY_SERVER_CONNECT);
	SSL_CTX_set1_groups_list(ctx, TRUST_GROUPS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_cert_verify_callback(ctx, on_certificates, e);
	SSL_CTX_set_cert_cb(ctx, on_certificate_request, e);
	SSL_CTX_set_msg_callback(ctx, on_message);
	SSL_CTX_set_msg_callback_arg(ctx, e);
	SSL_CTX_set_info_callback(ctx, on_step);
}
