/* The words of languages, verdicts, severities and phases. */
#include <string.h>

#include "lang.h"
#include "verdict.h"

static const char *const languages[LANG_COUNT] = {[LANG_JA] = "ja", [LANG_EN] = "en"};

static const char *const verdicts[VERDICT_COUNT] = {
	[VERDICT_PASS] = "pass",
	[VERDICT_WARN] = "warn",
	[VERDICT_FAIL] = "fail",
	[VERDICT_UNKNOWN] = "unknown",
	[VERDICT_SKIP] = "skip",
	[VERDICT_MANUAL] = "manual",
};

static const char *const severities[SEVERITY_COUNT] = {
	[SEVERITY_REQUIRED] = "required",
	[SEVERITY_RECOMMENDED] = "recommended",
	[SEVERITY_INFO] = "info",
};

static const char *const phases[PHASE_COUNT] = {
	[PHASE_ANY] = "any",
	[PHASE_BEFORE_VPN] = "before-vpn",
	[PHASE_IN_VPN] = "in-vpn",
};

const char *lang_name(enum lang lang)
{
	return languages[lang];
}

int lang_parse(const char *name, enum lang *lang)
{
	for (int i = 0; i < LANG_COUNT; i++) {
		size_t len = strlen(languages[i]);
		if (strncmp(name, languages[i], len) == 0 &&
			(name[len] == '\0' || strchr("_-.@", name[len]) != NULL)) {
			*lang = (enum lang)i;
			return 0;
		}
	}
	return -1;
}

const char *verdict_name(enum verdict verdict)
{
	return verdicts[verdict];
}

const char *overall_name(enum verdict overall)
{
	return overall == VERDICT_PASS   ? "ready"
	       : overall == VERDICT_FAIL ? "not-ready"
					 : "unknown";
}

const char *severity_name(enum severity severity)
{
	return severities[severity];
}

const char *phase_name(enum phase phase)
{
	return phases[phase];
}
