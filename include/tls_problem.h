/*
 * What is wrong with a server's certificate, in one word, and the cause that stands for it. Every
 * error number of OpenSSL's verification has its word; those that nobody foresaw are "other", and
 * are told with their number and OpenSSL's text.
 *
 *   self-signed untrusted revoked    nobody vouches for it
 *   expired early                    the server's own certificate is outside its validity,
 *   chain-expired chain-early        one that was sent along,
 *   root-expired root-early          or one of the terminal's own
 *   weak                             a key or a digest below 112 bits
 *   not-a-ca issuer-key path-length  an issuer that may not issue, or did not
 *   name-constraints purpose         an issuer that may not issue this
 *   signature extension malformed other
 *   local                            not the certificate's fault: memory, a store
 */
#ifndef PREFLIGHT_TLS_PROBLEM_H
#define PREFLIGHT_TLS_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "facts.h"

/* Whose certificate it is. */
enum tls_place {
	TLS_LEAF,  /* the server's own */
	TLS_CHAIN, /* sent along */
	TLS_ROOT   /* the terminal's own */
};

/* The word for a number (X509_V_ERR_*) at a place. Static storage. */
const char *tls_problem_word(int error, enum tls_place place);

/* Which of two words explains more, and is told: < 0 the first. */
int tls_problem_compare(const char *a, const char *b);

/* Its cause; NULL for a word that is none. Static storage. */
const char *tls_problem_cause(const char *word);

/* The word of a connection's facts (tls_evidence.h), or NULL when nothing is wrong. */
const char *tls_problem_of(const struct facts *tls);

/* "expired" and "early" of any certificate. */
bool tls_problem_is_date(const char *word);

#endif
