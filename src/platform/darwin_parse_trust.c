/*
 * Which certificates this system's administrators and this user trust, or do not: the settings, as
 * security(1) exports them.
 */
#include "darwin.h"
#include "plist.h"
#include "posix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT    20.0 /* seconds */
#define OUTPUT_MAX 4096

/* ---- settings ---- */

/* kSecTrustSettingsResult of SecTrustSettings.h; RESULT_AS_ROOT: of what signs not itself. */
enum { RESULT_ROOT = 1, RESULT_AS_ROOT = 2, RESULT_DENY = 3 };

/* What one rule says of TLS servers; 0 when it is about something else. */
static long long result_of(const struct plist *list, const struct plist_value *rule)
{
	const char *policy = plist_text(list, rule, "kSecTrustSettingsPolicyName");
	const struct plist_value *result = plist_get(list, rule, "kSecTrustSettingsResult");

	if (*policy != '\0' && strcmp(policy, "sslServer") != 0)
		return 0;
	if (result == NULL)
		return RESULT_ROOT;
	/* Denied for a single host: the name of that one is not at hand here. */
	if (result->type != PLIST_NUMBER ||
		(result->number == RESULT_DENY &&
			plist_get(list, rule, "kSecTrustSettingsPolicyString") != NULL))
		return 0;
	return result->number;
}

static void add_once(struct strs *digests, const char *digest)
{
	if (!strs_contains(digests, digest))
		strs_add(digests, digest);
}

/* rules NULL or empty: "always trust". */
static void take_rules(struct darwin_trust *trust, const char *digest, const struct plist *list,
	const struct plist_value *rules)
{
	bool trusted = rules == NULL || rules->count == 0, denied = false;

	for (size_t i = 0; rules != NULL && i < rules->count; i++) {
		long long result = result_of(list, plist_at(list, rules, i, NULL));

		trusted = trusted || result == RESULT_ROOT || result == RESULT_AS_ROOT;
		denied = denied || result == RESULT_DENY;
	}
	if (denied)
		add_once(&trust->denied, digest);
	else if (trusted)
		add_once(&trust->trusted, digest);
}

int darwin_parse_trust(const void *plist, size_t len, struct darwin_trust *trust)
{
	struct plist *list = plist_parse(plist, len, NULL);
	const struct plist_value *all, *one;
	const char *digest;

	if (list == NULL)
		return -1;
	all = plist_get(list, plist_root(list), "trustList");
	for (size_t i = 0; (one = plist_at(list, all, i, &digest)) != NULL; i++)
		if (digest != NULL)
			take_rules(trust, digest, list, plist_get(list, one, "trustSettings"));
	plist_free(list);
	return 0;
}

void darwin_trust_release(struct darwin_trust *trust)
{
	strs_release(&trust->trusted);
	strs_release(&trust->denied);
}

/* ---- the program that tells them ---- */

static bool read_list(const char *path, struct darwin_trust *trust)
{
	size_t len;
	char *bytes = posix_read_file(path, PLIST_BYTES_MAX, &len, NULL);
	bool read = bytes != NULL && darwin_parse_trust(bytes, len, trust) == 0;

	free(bytes);
	return read;
}

/* Where nothing is set, the program ends with an error and writes no file. */
static bool export_list(
	const char *program, const char *domain, const char *file, struct darwin_trust *trust)
{
	const char *const argv[] = {program, "trust-settings-export",
		domain != NULL ? domain : file, domain != NULL ? file : NULL, NULL};
	struct strbuf out;
	bool read;

	strbuf_init(&out, OUTPUT_MAX);
	(void)posix_run(argv, TIMEOUT, &out, NULL);
	read = read_list(file, trust);
	strbuf_release(&out);
	(void)unlink(file);
	return read;
}

/* A new folder that nobody else can look into. */
static bool make_folder(char *path, size_t size)
{
	const char *place = getenv("TMPDIR");
	int n;

	if (place == NULL || place[0] != '/')
		place = "/tmp";
	n = snprintf(path, size, "%s/preflight-XXXXXX", place);
	return n > 0 && (size_t)n < size && mkdtemp(path) != NULL;
}

void darwin_read_trust(const char *program, const char *old, struct darwin_trust *trust)
{
	char folder[1024], file[sizeof folder + 16];
	bool admin = false;

	if (make_folder(folder, sizeof folder)) {
		snprintf(file, sizeof file, "%s/trust.plist", folder);
		admin = export_list(program, "-d", file, trust);
		export_list(program, NULL, file, trust);
		(void)rmdir(folder);
	}
	if (!admin)
		read_list(old, trust);
}
