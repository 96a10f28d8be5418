/*
 * Certificates on this terminal: an entry of the rules' `certificates`, looked for in files and in
 * the OS's store, opened and examined. Read before a run starts, shared read-only afterwards.
 *
 * Facts (identity_facts):
 *   source           str   "file" or "store"
 *   file             str   base name of the file
 *   format           str   "pkcs12", "pem", "der"
 *   candidates       list  of objects: file or source "store", subject, issuer, not_after,
 *                          usable (bool): all that were found, at most 20
 *   candidate_count  int   0: none was found
 *   error            str   why the chosen one could not be used: "not-found", "unreadable",
 *                          "no-password", "wrong-password", "unsupported", "store-unreadable";
 *                          "not-saved": a saved inventory holds no certificates
 *   sought           str   where it was not found: "named" (the files that were), "folder",
 *                          "store", "folder-and-store"; absent: nowhere, the OS has no store
 *   error_text       str   the OS's reason, for "unreadable" and "store-unreadable"
 *   encryption       str   OpenSSL's name of the PKCS#12 or PEM encryption
 *   legacy           bool  it took OpenSSL's legacy provider
 *   password_from    str   "file", "environment", "terminal", "none"
 *   password_file    str   base name
 *   password_trailing str  what had to be removed around the password to make it work, joined by
 *                          "+": "byte-order-mark", "utf-16", "quotes", "full-width-characters";
 *                          "space", "tab", "full-width-space", "no-break-space", "invisible",
 *                          "newline", "nul" at its end, the same after "leading-" before it
 *   password_trailing_count int  characters removed
 *   has_key          bool
 *   key_matches      bool
 *   key_text         str   the OS's reason, when it has the key, but does not sign with it for us
 *   subject, issuer  str   RFC 2253;  subject_cn, issuer_cn
 *   not_before, not_after, not_before_epoch, not_after_epoch   as in tls_evidence.h
 *   is_ca            bool  basicConstraints CA
 *   client_purpose   bool  usable as a TLS client's (X509_check_purpose)
 *   ca_known         bool  the CA that must have issued it was found
 *   issued_by_ca     bool  and it did (signature verified); only with ca_known
 *   in_root_store    bool  of a CA: the OS trusts it; absent when that cannot be told
 *   issuers          list  RFC 2253: issuers of it and of the CAs beside it, at most 20
 * Passwords and keys are never facts.
 */
#ifndef PREFLIGHT_IDENTITY_H
#define PREFLIGHT_IDENTITY_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "diag.h"
#include "facts.h"
#include "inputs.h"
#include "rules.h"
#include "trust.h"

struct identity;

/* One per entry of rules->certificates, those that are not wanted left NULL. */
struct identities;

/*
 * Looks for and opens the entries whose number in rules->certificates is set in `wanted`. May ask
 * for a password (inputs->may_ask). trust: the OS's roots, or NULL where they are not known.
 */
struct identities *identities_load(const struct rules *rules, const bool *wanted,
	const struct inputs *inputs, struct trust *trust);
void identities_free(struct identities *all); /* keys are wiped */
/* Complains about a file that was named for a password and cannot be read. A pipe is left unread.
 */
void password_file_check(const char *path, struct diags *diags);
/* Wipes what was typed (inputs->memory). */
void identities_forget(struct secret_memory *memory);

/* NULL for an entry that was not wanted, or certificate NULL. */
const struct identity *identities_find(
	const struct identities *all, const struct rule_certificate *certificate);

const struct facts *identity_facts(const struct identity *identity);

/* For use in a connection; all borrowed, NULL (an empty stack) where there is none. */
X509 *identity_x509(const struct identity *identity);
EVP_PKEY *identity_key(const struct identity *identity); /* only one that matches */
/*
 * The OS has the key, but does not sign with it for this program, or did not when a server asked:
 * the OS's reason, borrowed. NULL: it does, or the key is nobody else's.
 */
const char *identity_kept(const struct identity *identity);
STACK_OF(X509) * identity_chain(const struct identity *identity);
/* CAs of the entry's `ca` (or of itself, for a CA): roots to trust besides the OS's. */
STACK_OF(X509) * identity_authorities(const struct identity *identity);

#endif
