/*
 * What the parts of identity.h share: container.c (PKCS#12, PEM and DER as one), pkcs12.c and pem.c
 * (the formats), passwords.c (where one may come from), find.c (files), store.c (the OS's store),
 * stored_key.c and held_key.c (keys that the OS does not give away), examine.c (facts), identity.c
 * (the whole).
 */
#ifndef PREFLIGHT_IDENTITY_PRIVATE_H
#define PREFLIGHT_IDENTITY_PRIVATE_H

#include "identity.h"

#include <openssl/x509.h>

#define IDENTITY_FILE_MAX     (1024 * 1024)
#define IDENTITY_PASSWORD_MAX 4096
#define IDENTITY_ITERATIONS   10000000 /* of a key derivation */
#define IDENTITY_CANDIDATES   50       /* files and store entries that are opened */
#define IDENTITY_LISTED       20       /* of which facts tell */
#define IDENTITY_KEYS         8        /* private keys of one file that are looked at */

/* ---- containers ---- */

enum opening {
	OPEN_DONE,
	OPEN_PASSWORD,    /* it needs another password */
	OPEN_UNSUPPORTED, /* encrypted in a way that OpenSSL does not know here */
	OPEN_DAMAGED      /* none of the formats, or broken */
};

struct secret {
	const char *bytes; /* NUL-terminated */
	size_t len;
};

/* What a file holds. */
struct container {
	const char *format;     /* "pkcs12", "pem", "der"; NULL: none of them */
	const char *encryption; /* OpenSSL's name, static; NULL: none was met */
	bool legacy;            /* it takes the legacy provider */
	STACK_OF(X509) * certificates;
	EVP_PKEY *keys[IDENTITY_KEYS];
	size_t key_count;
};

/* Fills *out, to be released whatever comes out. */
enum opening container_open(struct container *out, const unsigned char *bytes, size_t len,
	const struct secret *password);
void container_release(struct container *container);

/* For the formats: each adds to *out. */
enum opening pkcs12_open(struct container *out, const unsigned char *bytes, size_t len,
	const struct secret *password);
enum opening pem_open(
	struct container *out, const char *text, size_t len, const struct secret *password);
/* Takes the references; NULL adds nothing. */
void container_add(struct container *out, X509 *certificate);
void container_add_key(struct container *out, EVP_PKEY *key);
/* Empties OpenSSL's queue of errors and says what they mean; `otherwise` when nothing known. */
enum opening container_errors(enum opening otherwise);
/* Notes an encryption; OPEN_UNSUPPORTED when its key takes too long to derive. */
enum opening container_encryption(struct container *out, const X509_ALGOR *algorithm);

/* ---- candidates ---- */

/* A file, or an entry of the OS's store, that may be the certificate. */
struct candidate {
	char *path; /* NULL: from the store */
	const char *format, *encryption;
	bool legacy;
	const char *error; /* as in the facts, static; NULL: opened */
	char *error_text;  /* owned, or NULL */
	const char *password_from;
	char *password_file; /* owned, or NULL */
	char trailing[200];  /* what had to be removed from the password; "": nothing */
	int trailing_count;
	X509 *certificate; /* NULL: not opened */
	EVP_PKEY *key;     /* the matching one, or any */
	STACK_OF(X509) * chain;
	bool has_key, key_matches;
	const struct strbuf
		*refusal; /* why the OS did not sign with `key`; lives as long as that */
	char *key_text;   /* why the OS does not sign with the key it has, owned; NULL: not so */
	bool usable;
	long long not_after;
};
void candidate_release(struct candidate *candidate);

struct candidates {
	struct candidate *items;
	size_t count, capacity;
	char *error_text;   /* why files could not be looked for, or NULL */
	char *store_error;  /* the same of the OS's store */
	const char *sought; /* where it was looked for, as in the facts, or "saved"; static */
};

/* What is shared while certificates are being looked for. */
struct search {
	const struct inputs *inputs;
	const struct trust *trust; /* what the OS knows of authorities, or NULL */
	char *typed;               /* the password that was typed, or NULL */
};
void search_release(struct search *search);

/* Everything that may be the entry's certificate, opened. */
void candidates_find(struct candidates *list, const struct rule_certificate *entry,
	STACK_OF(X509) * authorities, struct search *search);
/*
 * Those of the OS's store; false where there is none to ask. authorities: who must have issued it;
 * NULL or empty: not known.
 */
bool candidates_find_stored(struct candidates *list, const struct rule_certificate *entry,
	STACK_OF(X509) * authorities, const struct search *search);
void candidates_release(struct candidates *list);
struct candidate *candidates_add(struct candidates *list); /* a new one, zeroed */
/* An entry of the OS's store; takes the reference. */
void candidates_add_stored(struct candidates *list, X509 *certificate, bool has_key);
/* Makes the OS sign with the key that it has: `key`, or `key_text`. */
void candidate_take_stored_key(struct candidate *candidate);
/* Whether CN or O of its issuer is one that the entry wants, and none that it does not. */
bool issuer_fits(const struct rule_certificate *entry, const X509 *certificate);

/* Opens a file that has been read, trying every password that there is. */
void candidate_open(struct candidate *candidate, const unsigned char *bytes, size_t len,
	const struct rule_certificate *entry, struct search *search);
/* The base name in a path; borrowed. */
const char *path_base(const char *path);
/* Reads at most max bytes of a file, NUL-terminated; NULL and the errno. Free it, wiped if need be.
 */
char *file_read(const char *path, size_t max, size_t *len, int *number);

/* ---- examination ---- */

struct identity {
	const struct rule_certificate *entry;
	const struct identity *ca; /* of entry->ca, or NULL */
	struct candidates candidates;
	struct candidate *chosen; /* NULL: none was found */
	struct facts facts;
	STACK_OF(X509) * authorities; /* own CA certificates, when it is a CA */
	bool in_store_known, in_store;
};

/* Sets `usable` and not_after of every candidate and chooses one. */
void identity_choose(struct identity *identity, double now);
void identity_tell(struct identity *identity); /* the facts */
/* Whether one of the CAs issued it, by way of the certificates beside it. */
bool issued_by(const struct candidate *candidate, STACK_OF(X509) * authorities);

#endif
