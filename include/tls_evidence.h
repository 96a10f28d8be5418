/*
 * What OpenSSL's callbacks see of one server: version, certificates, alerts. The handshake goes on
 * whatever they see.
 *
 * Facts (struct fetch_result, tls):
 *   version          str   "TLSv1.3"
 *   cipher           str   OpenSSL's name
 *   alert            int   first fatal alert that the server sent (RFC 8446 section 6)
 *   alert_name       str   "handshake_failure"
 *   alert_sent       int   first fatal alert that OpenSSL sent itself
 *   not_tls          bool  the server's first bytes are no TLS record
 *   verified         bool  the chain leads to a root of the OS and no error was found, at OpenSSL's
 *                          security level 2
 *   verify_errors    list  "X509_V_ERR_CERT_HAS_EXPIRED", each once
 *   verify_codes     list  the same as numbers
 *   problem          str   that of them which is told, a word of tls_problem.h; and of the
 *                          certificate whose fault it is:
 *   problem_code, problem_openssl   its number, and OpenSSL's text
 *   problem_subject  str   common name, or RFC 2253
 *   problem_not_before, problem_not_after   str
 *   valid_from_epoch, valid_until_epoch   int, the time for which nothing is wrong with the dates
 * of the leaf and of those that are wrong now; only when some are weak             list  what is
 * below 112 bits in the chain and in the handshake: "Old CA: RSA 1024 bit", "TLS: DH 1024 bit"
 *   root_on_demand   bool  true: not verified, and the OS has the missing root's name in a list of
 *                          those that it fetches when needed (root_list.h)
 *   issuers_fetched  bool  true: not verified, and the OS fetches from their issuers what a
 *                          server did not send
 *   trust            bool  false: this OS has no roots that could be read
 *   name_ok          bool  the certificate is for the host (subjectAltName only, RFC 9110 4.3.4)
 *   names            list  DNS names and addresses of subjectAltName, at most 20
 *   subject, issuer  str   RFC 2253
 *   issuer_cn, issuer_o, issuer_ou  str
 *   issuers          list  CN, O and OU of the issuers of every certificate sent, at most 40
 *   not_before, not_after              str, "2026-01-31T00:00:00Z"
 *   not_before_epoch, not_after_epoch  int, seconds since 1970
 *   chain            list  subjects as sent, leaf first, at most 10
 *   chain_length     int   certificates sent
 *   chain_root       bool  a self-signed certificate was sent
 *   aia_issuers      bool  that whose issuer was not found (else the last one sent) says by http
 *                          where its issuer can be had
 *   self_signed      bool  the leaf is
 *   key_type         str   "RSA", "EC", "ED25519"
 *   key_bits         int
 *   signature        str   the leaf's algorithm
 *   digests          list  digests of all signatures sent, self-signed ones left out
 *   fingerprint      str   SHA-256 of the leaf, hexadecimal
 *   client_cert_requested  bool
 *   client_ca_names        list  RFC 2253, at most 20
 *   certificate_sent       bool  we had one and sent it; only when one was requested
 *   certificate_withheld   bool  true: we have one, and did not show it, as the server has not
 * proved who it is; only when one was requested certificate_kept       bool  true: we have one, but
 * the OS did not sign with its key (identity.h); only when one was requested key_text str   and why
 *   certificate_issuers    list  RFC 2253: who issued ours, up to the root; only when it was sent
 *   client_cert_answer     str   after a handshake in which one was requested: what a request
 *                                brought: "status", or the http stage's error
 *
 * Over several connections to the same host (fetch.c):
 *   tls_connections        int   with a certificate, when more than one
 *   inconsistent           bool  true: one of them was genuine and the other not, or less so; of
 * the worse one: odd_problem            str   as problem, or "name" odd_subject, odd_issuer  str
 */
#ifndef PREFLIGHT_TLS_EVIDENCE_H
#define PREFLIGHT_TLS_EVIDENCE_H

#include <stdbool.h>

#include <openssl/ssl.h>

#include "facts.h"
#include "identity.h"
#include "trust.h"

struct tls_evidence {
	struct facts facts;
	bool seen;     /* a certificate came and was verified */
	bool verified; /* chain and dates */
	bool name_ok;
	bool dates_only; /* not verified, but for nothing else than dates */
	bool weak;       /* something in chain or handshake is below 112 bits */
	bool client_cert_requested, certificate_sent;
	int version;               /* TLS1_3_VERSION, …; 0: none negotiated */
	int alert, alert_sent;     /* -1: none */
	bool not_tls, record_seen; /* record_seen: something came that looked at */

	struct trust *trust; /* borrowed; used in handshakes only */
	/* What to show and whom to trust besides; NULL: nothing. Borrowed, as trust. */
	const struct identity *identity;
	int max_version; /* newest that is offered; 0: no limit */
	char *host;
	int references;
};

/* One reference for the caller. host: name or address that the certificate must be for. */
struct tls_evidence *tls_evidence_new(struct trust *trust, const char *host);
void tls_evidence_unref(struct tls_evidence *evidence);

/*
 * Makes every connection of ctx report here and accept old servers, so that they can be seen and
 * named: TLS 1.0 and security level 0. ctx holds a reference of its own, since libraries may keep
 * connections longer than we know.
 */
void tls_evidence_attach(struct tls_evidence *evidence, SSL_CTX *ctx);

/* "X509_V_ERR_CERT_HAS_EXPIRED"; NULL for a number that has no name here. Static storage. */
const char *tls_verify_error_name(int error);
/* The other way round; -1: none has this name. */
int tls_verify_error_number(const char *name);
/* How far a connection has proved whose it is. */
enum tls_standing {
	TLS_UNSEEN,  /* no certificate came */
	TLS_STRANGE, /* it proves nothing */
	TLS_DATED,   /* it does, its dates apart */
	TLS_GENUINE
};
enum tls_standing tls_evidence_standing(const struct tls_evidence *evidence);

/* "handshake_failure"; NULL for an unknown number. Static storage. */
const char *tls_alert_name(int alert);

/* A name as RFC 2253 text in UTF-8; add: appended to a list. */
void tls_name_fact(struct facts *facts, const char *fact, const X509_NAME *name, bool add);

/* What a verification finds, told as the facts from verify_errors to weak. */
struct tls_findings;
struct tls_findings *tls_findings_new(struct facts *facts, X509 *leaf);
void tls_findings_add(void *findings, const struct trust_error *error); /* a trust_error_fn */
void tls_findings_end(struct tls_findings *findings);
/* What is weak in a handshake, into the list `weak`; true when something is. */
bool tls_weak_handshake(struct facts *facts, SSL *ssl);

/* Whether a certificate says by http where its issuer's can be had (RFC 5280 section 4.2.2.1). */
bool tls_has_http_issuer(X509 *cert);

/* A leaf certificate's and its chain's facts. sent: leaf first; may be NULL. */
void tls_certificate_facts(struct facts *facts, X509 *leaf, STACK_OF(X509) * sent);

#endif
