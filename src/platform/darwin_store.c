/*
 * The keychains, as security(1) shows them. Private keys never leave them: that one is there is
 * all that is told.
 */
#include "darwin.h"
#include "posix.h"

#define SECURITY   "/usr/bin/security"
#define OUTPUT_MAX (32u * 1024 * 1024)
#define TIMEOUT    20.0 /* seconds */
#define ROOTS      "/System/Library/Keychains/SystemRootCertificates.keychain"
#define SYSTEM     "/Library/Keychains/System.keychain"
/* Of administrators, before macOS kept it where programs cannot look. */
#define OLD_TRUST "/Library/Security/Trust Settings/Admin.plist"

/* In `out`, which the caller releases in any case. keychain NULL: those that this user's programs
 * look into. */
static int read_certificates(const char *keychain, struct strbuf *out, struct strbuf *why)
{
	const char *const argv[] = {SECURITY, "find-certificate", "-a", "-p", keychain, NULL};

	strbuf_init(out, OUTPUT_MAX);
	return posix_run(argv, TIMEOUT, out, why);
}

static int read_identities(struct strs *digests, struct strbuf *why)
{
	static const char *const argv[] = {SECURITY, "find-identity", NULL};
	struct strbuf out;
	int result;

	strbuf_init(&out, OUTPUT_MAX);
	result = posix_run(argv, TIMEOUT, &out, why);
	if (result == 0)
		darwin_parse_identities(out.data, digests);
	strbuf_release(&out);
	return result;
}

static int list_personal(platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	struct strs digests = {0};
	struct strbuf out;
	int result = read_identities(&digests, why);

	if (result == 0) {
		result = read_certificates(NULL, &out, why);
		if (result == 0)
			darwin_each_certificate(out.data, &digests, fn, arg);
		strbuf_release(&out);
	}
	strs_release(&digests);
	return result;
}

/* Apple's, and those that were made trusted here (a company's own, of a TLS inspection). */
static int list_roots(platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	static const struct {
		const char *keychain;
		bool added;
	} places[] = {{ROOTS, false}, {SYSTEM, true}, {NULL, true}};
	struct darwin_trust trust = {{0}, {0}};
	int result = 0;

	darwin_read_trust(SECURITY, OLD_TRUST, &trust);
	for (size_t i = 0; i < sizeof places / sizeof places[0] && result == 0; i++) {
		struct strbuf out;

		if (places[i].added && trust.trusted.count == 0)
			break;
		if (read_certificates(places[i].keychain, &out, places[i].added ? NULL : why) == 0)
			darwin_each_root(out.data, &trust, places[i].added, fn, arg);
		else if (!places[i].added)
			result = -1;
		strbuf_release(&out);
	}
	darwin_trust_release(&trust);
	return result;
}

int platform_certificates(
	enum platform_store store, platform_certificate_fn *fn, void *arg, struct strbuf *why)
{
	return store == PLATFORM_STORE_ROOT ? list_roots(fn, arg, why)
					    : list_personal(fn, arg, why);
}

/* As programs of Apple's framework do when they verify. */
bool platform_fetches_issuers(void)
{
	return true;
}
