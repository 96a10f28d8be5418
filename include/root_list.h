/*
 * Roots that the OS has only in a list and fetches when its own verification first meets one:
 * Windows' certificate trust list of the root program. Each entry has the root's SHA-1 fingerprint,
 * and as an attribute the MD5 of its subject's name.
 */
#ifndef PREFLIGHT_ROOT_LIST_H
#define PREFLIGHT_ROOT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

/*
 * Whether the root above a certificate is in the list: by its name; a self-signed certificate by
 * its own fingerprint. Nothing is said about its signature: that needs the root itself.
 */
bool root_list_has_issuer(const uint8_t *list, size_t len, const X509 *certificate);

#endif
