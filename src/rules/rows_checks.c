/* Rows of requirements, hosts, checks, causes and profiles. */
#include "field_rows.h"

#include <assert.h>

#include "report.h"
#include "scalar.h"

#define AT(type, member) .offset = offsetof(struct rule_##type, member)

static const char *const phases[] = {"any", "before-vpn", "in-vpn", NULL};
static const char *const severities[] = {"required", "recommended", "info", NULL};
static const char *const actors[] = {"it", "network", "carrier", "desk", NULL};
static const char *const reaches[] = {"internet", "vpn", NULL};

static_assert(sizeof phases / sizeof phases[0] == PHASE_COUNT + 1, "every phase");
static_assert(sizeof severities / sizeof severities[0] == SEVERITY_COUNT + 1, "every severity");

const struct field requirement_fields[] = {
	{
		.key = {.name = "text",
			.type = KEY_TEXT,
			.required = true,
			.text = "The requirement, as the document puts it."},
		.store = STORE_TEXT,
		AT(requirement, text),
	},
	{
		.key = {.name = "source",
			.type = KEY_TEXT,
			.required = true,
			.text = "Title and date of the document that says so."},
		.store = STORE_TEXT,
		AT(requirement, source),
	},
	{
		.key = {.name = "ask",
			.type = KEY_ENUM,
			.choices = actors,
			.fallback = "network",
			.text = "Whom the sheet of `request` asks to meet it, where it needs "
				"traffic: "
				"the network administrator also opens what another is asked for."},
		.store = STORE_STRING,
		AT(requirement, ask),
	},
	{
		.key = {.name = "note",
			.type = KEY_TEXT,
			.text = "What the sheet of `request` tells them to mind, in one or two "
				"sentences."},
		.store = STORE_TEXT,
		AT(requirement, note),
	},
};

const struct field host_fields[] = {
	{
		.key = {.name = "name",
			.type = KEY_STR,
			.required = true,
			.max = 254,
			.validate = scalar_host_name,
			.text = "DNS name of the host, or an address where it has none."},
		.store = STORE_NAME,
		AT(host, name),
	},
	{
		.key = {.name = "addresses",
			.type = KEY_STRS,
			.max = 45,
			.text = "Documented IPv4 and IPv6 addresses; tried when the name does "
				"not resolve, and compared with what it resolves to."},
		.store = STORE_ADDRESSES,
		AT(host, addresses),
	},
	{
		.key = {.name = "zone",
			.type = KEY_STR,
			.max = 254,
			.validate = scalar_dns_name,
			.text = "DNS zone in which a random label must not exist; without it, "
				"the parent of the name."},
		.store = STORE_NAME,
		AT(host, zone),
	},
	{
		.key = {.name = "use",
			.type = KEY_TEXT,
			.max = TITLE_MAX,
			.text = "What the host is for, in a few words."},
		.store = STORE_TEXT,
		AT(host, use),
	},
	{
		.key = {.name = "reach",
			.type = KEY_ENUM,
			.choices = reaches,
			.fallback = "internet",
			.text = "From where it can be reached: the Internet, or the VPN only."},
		.store = STORE_FLAG,
		AT(host, internal),
	},
	{
		.key = {.name = "fallback",
			.type = KEY_HOST,
			.text = "Another host, by its id in `hosts`, that does the same: where "
				"it can be used, a failure of this one is no obstacle."},
		.store = STORE_HOST,
		AT(host, fallback),
		.ref = REF_HOST,
	},
};

const struct field check_fields[] = {
	{
		.key = {.name = "check",
			.type = KEY_STR,
			.required = true,
			.text = "The check type; it decides which further keys there are."},
		.store = STORE_TYPE,
	},
	{
		.key = {.name = "phase",
			.type = KEY_ENUM,
			.choices = phases,
			.fallback = "any",
			.text = "When the check makes sense."},
		.store = STORE_ENUM,
		AT(check, phase),
	},
	{
		.key = {.name = "severity",
			.type = KEY_ENUM,
			.choices = severities,
			.fallback = "required",
			.text = "What a failure means: not ready, a warning, or information."},
		.store = STORE_ENUM,
		AT(check, severity),
	},
	{
		.key = {.name = "source",
			.type = KEY_STRS,
			.max = 16,
			.validate = scalar_requirement,
			.text = "Requirements that the check answers for, ids in `requirements`."},
		.store = STORE_STRS,
		AT(check, sources),
		.ref = REF_REQUIREMENT,
	},
	{
		.key = {.name = "needs",
			.type = KEY_STRS,
			.max = 64,
			.validate = scalar_id,
			.text = "Checks whose failure explains a failure of this one."},
		.store = STORE_STRS,
		AT(check, needs),
		.ref = REF_CHECK,
	},
	{
		.key = {.name = "title",
			.type = KEY_TEXT,
			.required = true,
			.max = TITLE_MAX,
			.validate = scalar_line,
			.text = "What is checked, in one line."},
		.store = STORE_TEXT,
		AT(check, title),
	},
	{
		.key = {.name = "why", .type = KEY_TEXT, .text = "Why it is required."},
		.store = STORE_TEXT,
		AT(check, why),
	},
	{
		.key = {.name = "remedy",
			.type = KEY_TEXT,
			.text = "Who does what next, by cause code; instead of the text in "
				"`causes`."},
		.store = STORE_REMEDY,
		AT(check, remedies),
	},
};

const struct field cause_fields[] = {
	{
		.key = {.name = "title",
			.type = KEY_TEXT,
			.required = true,
			.max = TITLE_MAX,
			.validate = scalar_line,
			.text = "What is broken, in one line."},
		.store = STORE_TEXT,
		AT(cause, title),
	},
	{
		.key = {.name = "evidence",
			.type = KEY_TEXT,
			.validate = template_check,
			.text = "What was seen: a template in which {name} stands for a fact, "
				"and a [bracketed] part is left out when one of its facts is "
				"missing."},
		.store = STORE_TEXT,
		AT(cause, evidence),
	},
	{
		.key = {.name = "remedy",
			.type = KEY_TEXT,
			.required = true,
			.text = "Who does what next."},
		.store = STORE_TEXT,
		AT(cause, remedy),
	},
};

const struct field profile_fields[] = {
	{
		.key = {.name = "title",
			.type = KEY_TEXT,
			.required = true,
			.max = TITLE_MAX,
			.validate = scalar_line,
			.text = "What the profile is for, in one line."},
		.store = STORE_TEXT,
		AT(profile, title),
	},
	{
		.key = {.name = "service",
			.type = KEY_TEXT,
			.max = TITLE_MAX,
			.validate = scalar_line,
			.text = "What the letters of `request` call the service; without it, the "
				"title."},
		.store = STORE_TEXT,
		AT(profile, service),
	},
	{
		.key = {.name = "checks",
			.type = KEY_STRS,
			.required = true,
			.max = 64,
			.validate = scalar_id_glob,
			.text = "Ids and globs of the checks that belong to it."},
		.store = STORE_STRS,
		AT(profile, checks),
		.ref = REF_CHECKS,
	},
	{
		.key = {.name = "except",
			.type = KEY_STRS,
			.max = 64,
			.validate = scalar_id_glob,
			.text = "Ids and globs of checks to leave out again."},
		.store = STORE_STRS,
		AT(profile, except),
		.ref = REF_CHECKS,
	},
	{
		.key = {.name = "when-vpn",
			.type = KEY_STRS,
			.max = 200,
			.validate = scalar_name_glob,
			.text = "Sign that the profile fits this terminal: globs of the names of "
				"connected VPNs."},
		.store = STORE_STRS,
		AT(profile, when_vpn),
	},
	{
		.key = {.name = "when-file",
			.type = KEY_STRS,
			.max = 200,
			.validate = scalar_file_glob,
			.text = "Sign that the profile fits this terminal: globs of the names of "
				"files in the working directory."},
		.store = STORE_STRS,
		AT(profile, when_file),
	},
};
