/*
 * The OS's trusted roots, shared by all connections: one store, into which a root is read when a
 * chain first asks for it.
 */
#ifndef PREFLIGHT_TRUST_H
#define PREFLIGHT_TRUST_H

#include <stdbool.h>

#include <openssl/x509.h>

struct trust;

/*
 * directory: certificates by subject hash (openssl-rehash(1)); file: a PEM bundle, which is read
 * and indexed only when the directory does not answer. Either may be ""; with both, the roots are
 * those of the OS's own store (Windows).
 */
struct trust *trust_new(const char *directory, const char *file);
void trust_free(struct trust *trust);

/* Whether there is anything to verify against. */
bool trust_has_roots(const struct trust *trust);

/* Whether the OS trusts this very certificate as a root. */
bool trust_has(struct trust *trust, X509 *certificate);
/* The trusted root that issued a certificate; a new reference, or NULL. */
X509 *trust_issuer(struct trust *trust, X509 *certificate);

/* Authorities that the OS knows, but does not trust by themselves; borrowed, NULL: none. */
STACK_OF(X509) * trust_others(const struct trust *trust);

/* What is wrong with one certificate of a chain. */
struct trust_error {
	int number;        /* of OpenSSL, X509_V_ERR_* */
	int depth;         /* 0: the server's own */
	X509 *certificate; /* whose fault it is; NULL: nobody's */
	bool stored;       /* which was not sent, but is the terminal's own */
};
/* Called for every error (at most 32); borrowed. */
typedef void trust_error_fn(void *arg, const struct trust_error *error);

/*
 * Verifies a server's certificate with the certificates that it sent along, for the present time
 * and at OpenSSL's security level 2, as curl and the like do: keys and digests below 112 bits are
 * errors, other than a root's own signature. Every error is told and passed over. Host names are
 * not looked at.
 */
void trust_verify(
	struct trust *trust, X509 *leaf, STACK_OF(X509) * sent, trust_error_fn *fn, void *arg);
/*
 * The same, for a connection that trusts other roots as well: where the OS's do not lead to an end,
 * those alone are tried. roots: NULL or empty: none.
 */
void trust_verify_with(struct trust *trust, STACK_OF(X509) * roots, X509 *leaf,
	STACK_OF(X509) * sent, trust_error_fn *fn, void *arg);

/* Prepares OpenSSL without reading its configuration file; before any other use of it. */
void trust_library_init(void);

/*
 * Key exchange groups. P-256 first: every TLS 1.3 server must know it (RFC 8446 section 9.1),
 * which saves the HelloRetryRequest of those that do not take X25519.
 */
#define TRUST_GROUPS                                                                               \
	"P-256:X25519:P-384:P-521:X448:ffdhe2048:ffdhe3072:ffdhe4096:ffdhe6144:ffdhe8192"

#endif
