/*
 * The keychains, as security(1) shows them. Private keys never leave them: that one is there is
 * all that is told.
 */
#include "darwin.h"
#include "plist.h"
#include "posix.h"

#include <stdlib.h>

#define OUTPUT_MAX (32u * 1024 * 1024)
#define TIMEOUT    20.0 /* seconds */
#define ROOTS      "/System/Library/Keychains/SystemRootCertificates.keychain"
#define ADDED      "/Library/Keychains/System.keychain"
#define TRUST      "/Library/Security/Trust Settings/Admin.plist"

/* keychain NULL: those that this user's programs look into. */
static int list_certificates(const char *keychain, const struct strs *digests,
	platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	const char *const argv[] = {
		"/usr/bin/security", "find-certificate", "-a", "-p", keychain, NULL};
	struct strbuf out;
	int result;

	strbuf_init(&out, OUTPUT_MAX);
	result = posix_run(argv, TIMEOUT, &out, why);
	if (result == 0)
		darwin_each_certificate(out.data, digests, fn, arg);
	strbuf_release(&out);
	return result;
}

static int list_personal(platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	static const char *const argv[] = {"/usr/bin/security", "find-identity", NULL};
	struct strs digests = {0};
	struct strbuf out;
	int result;

	strbuf_init(&out, OUTPUT_MAX);
	result = posix_run(argv, TIMEOUT, &out, why);
	if (result == 0) {
		darwin_parse_identities(out.data, &digests);
		result = list_certificates(NULL, &digests, fn, arg, why);
	}
	strs_release(&digests);
	strbuf_release(&out);
	return result;
}

/* ---- roots ---- */

struct added {
	platform_certificate_fn *fn;
	void *arg;
};

static void tell_added(void *arg, const uint8_t *der, size_t len, bool listed)
{
	const struct added *added = arg;

	if (listed)
		added->fn(added->arg, der, len, false);
}

/* Apple's, and those that administrators made trusted (a company's own, of a TLS inspection). */
static int list_roots(platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	static const struct strs none = {0};
	struct added added = {fn, arg};
	struct strs digests = {0};
	size_t len;
	char *bytes;

	if (list_certificates(ROOTS, &none, fn, arg, why) != 0)
		return -1;
	bytes = posix_read_file(TRUST, PLIST_BYTES_MAX, &len, NULL);
	if (bytes != NULL && darwin_parse_trust(bytes, len, &digests) == 0 && digests.count > 0)
		list_certificates(ADDED, &digests, tell_added, &added, NULL);
	strs_release(&digests);
	free(bytes);
	return 0;
}

int platform_certificates(
	enum platform_store store, platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	return store == PLATFORM_STORE_ROOT ? list_roots(fn, arg, why)
					    : list_personal(fn, arg, why);
}
