/*
 * A PEM file of roots, indexed by subject: a root is decoded only when a chain asks for it, since
 * decoding them all takes longer than a handshake.
 */
#ifndef PREFLIGHT_TRUST_BUNDLE_H
#define PREFLIGHT_TRUST_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>

/* One certificate of the bundle, not decoded. */
struct bundled {
	unsigned long subject; /* X509_NAME_hash_ex */
	const char *begin;     /* its PEM block, borrowed from the text */
	size_t len;
	bool added; /* to the store */
};

struct trust_bundle {
	char *text; /* owned, as the items */
	bool read;
	struct bundled *items;
	size_t count, capacity;
};

/* Reads and indexes the file when that was not done yet; file "": there is none. */
void trust_bundle_read(struct trust_bundle *bundle, const char *file);
void trust_bundle_release(struct trust_bundle *bundle);

#endif
