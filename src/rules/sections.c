/* The table of sections. */
#include <assert.h>
#include <limits.h>

#include "field_rows.h"
#include "scalar.h"

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

#define SECTION(type, member, counter)                                                             \
	.fields = type##_fields, .field_count = COUNT(type##_fields),                              \
	.entry_size = sizeof(struct rule_##type), .items_offset = offsetof(struct rules, member),  \
	.count_offset = offsetof(struct rules, counter),                                           \
	.where_offset = offsetof(struct rule_##type, where)

const struct section rule_sections[SECTION_COUNT] = {
	[SECTION_REQUIREMENTS] =
		{
			.number = SECTION_REQUIREMENTS,
			.name = "requirements",
			.noun = "requirement",
			.text = "Requirements of the source documents, by id.",
			SECTION(requirement, requirements, requirement_count),
			.validate_id = scalar_requirement,
			.id_pattern = PATTERN_REQUIREMENT,
		},
	[SECTION_HOSTS] =
		{
			.number = SECTION_HOSTS,
			.name = "hosts",
			.noun = "host",
			.text = "Hosts that checks contact, by id.",
			SECTION(host, hosts, host_count),
			.validate_id = scalar_id,
			.id_pattern = PATTERN_ID,
		},
	[SECTION_CHECKS] =
		{
			.number = SECTION_CHECKS,
			.name = "checks",
			.noun = "check",
			.text = "What is checked, by id.",
			SECTION(check, checks, check_count),
			.validate_id = scalar_id,
			.id_pattern = PATTERN_ID,
		},
	[SECTION_SOFTWARE] =
		{
			.number = SECTION_SOFTWARE,
			.name = "software",
			.noun = "software",
			.text = "Products that are known to conflict, by id.",
			SECTION(software, software, software_count),
			.validate_id = scalar_id,
			.id_pattern = PATTERN_ID,
		},
	[SECTION_PRODUCTS] =
		{
			.number = SECTION_PRODUCTS,
			.name = "products",
			.noun = "product",
			.text = "Products that must be installed, by id; keys as in `software`.",
			SECTION(software, products, product_count),
			.validate_id = scalar_id,
			.id_pattern = PATTERN_ID,
		},
	[SECTION_CERTIFICATES] =
		{
			.number = SECTION_CERTIFICATES,
			.name = "certificates",
			.noun = "certificate",
			.text = "Certificates that the terminal must have, and where to look for "
				"them, by id.",
			SECTION(certificate, certificates, certificate_count),
			.validate_id = scalar_id,
			.id_pattern = PATTERN_ID,
		},
	[SECTION_LIFECYCLE] =
		{
			.number = SECTION_LIFECYCLE,
			.name = "lifecycle",
			.noun = "lifecycle",
			.text = "Until when vendors support versions of operating systems.",
			SECTION(lifecycle, lifecycle, lifecycle_count),
			.own = lifecycle_own,
			.own_count = COUNT(lifecycle_own),
			.validate_id = scalar_id,
			.id_pattern = PATTERN_ID,
		},
	[SECTION_INTERCEPTORS] =
		{
			.number = SECTION_INTERCEPTORS,
			.name = "interceptors",
			.noun = "interceptor",
			.text = "Products that open TLS connections and sign in place of a "
				"public certification authority, by id.",
			SECTION(interceptor, interceptors, interceptor_count),
			.validate_id = scalar_id,
			.id_pattern = PATTERN_ID,
		},
	[SECTION_CAUSES] =
		{
			.number = SECTION_CAUSES,
			.name = "causes",
			.noun = "cause",
			.text = "Texts of the causes, by code.",
			SECTION(cause, causes, cause_count),
			.id_pattern = NULL,
		},
	[SECTION_PROFILES] =
		{
			.number = SECTION_PROFILES,
			.name = "profiles",
			.noun = "profile",
			.text = "Sets of checks, by id.",
			SECTION(profile, profiles, profile_count),
			.validate_id = scalar_id,
			.id_pattern = PATTERN_ID,
		},
};

static_assert(offsetof(struct rule_requirement, id) == 0, "the id is first");
static_assert(offsetof(struct rule_host, id) == 0, "the id is first");
static_assert(offsetof(struct rule_check, id) == 0, "the id is first");
static_assert(offsetof(struct rule_software, id) == 0, "the id is first");
static_assert(offsetof(struct rule_certificate, id) == 0, "the id is first");
static_assert(offsetof(struct rule_lifecycle, id) == 0, "the id is first");
static_assert(offsetof(struct rule_interceptor, id) == 0, "the id is first");
static_assert(offsetof(struct rule_cause, code) == 0, "the id is first");
static_assert(offsetof(struct rule_profile, id) == 0, "the id is first");
static_assert(sizeof(enum phase) == sizeof(int), "STORE_ENUM");
static_assert(sizeof(enum severity) == sizeof(int), "STORE_ENUM");

bool key_bounds(const struct check_key *key, long long *min, long long *max)
{
	bool capped = key->max != 0 || key->min < 0;

	*min = key->min;
	*max = key->max;
	if (key->min == 0 && key->max == 0 && key->type == KEY_INT)
		*min = INT_MIN;
	if (!capped)
		*max = key->type == KEY_INT ? INT_MAX : LLONG_MAX;
	return capped;
}

const char *key_unit(const struct check_key *key)
{
	if (key->type == KEY_SIZE)
		return " bytes";
	return key->type == KEY_DURATION ? " ms" : "";
}

char **entry_id(void *entry)
{
	return entry;
}

void *section_entry(const struct rules *rules, const struct section *section, size_t i)
{
	char *items = *(char *const *)(const void *)((const char *)rules + section->items_offset);

	return items + i * section->entry_size;
}

size_t section_count(const struct rules *rules, const struct section *section)
{
	return *(const size_t *)(const void *)((const char *)rules + section->count_offset);
}
