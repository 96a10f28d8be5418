/*
 * Vendor support of an operating system, from the lifecycle data of the rules.
 */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "version.h"

static bool same_system(const struct rule_lifecycle *entry, const struct os_info *os)
{
	if (strcmp(entry->os, os->family) != 0)
		return false;
	return entry->distro == NULL || strcmp(entry->distro, os->distro) == 0;
}

static bool applies(const struct rule_lifecycle *entry, const struct os_info *os)
{
	if (!same_system(entry, os) || (entry->build == 0 && entry->version == NULL))
		return false;
	if (entry->build != 0 && entry->build != os->build)
		return false;
	if (entry->version != NULL && !version_match(entry->version, os->version))
		return false;
	return entry->channel == NULL || strcmp(entry->channel, os->channel) == 0;
}

/* How much an entry says; of two that apply the more particular one counts. */
static int weight(const struct rule_lifecycle *entry)
{
	return (entry->channel != NULL ? 4 : 0) + (entry->build != 0 ? 2 : 0) +
	       (entry->version != NULL ? 1 : 0);
}

static const struct rule_lifecycle *find_entry(const struct rules *rules, const struct os_info *os)
{
	const struct rule_lifecycle *best = NULL;

	for (size_t i = 0; i < rules->lifecycle_count; i++) {
		const struct rule_lifecycle *entry = &rules->lifecycle[i];

		if (applies(entry, os) && (best == NULL || weight(entry) > weight(best)))
			best = entry;
	}
	return best;
}

/* Where a version and a build stand to those that an entry begins at ("10.12*" is 10.12). */
static int compare_to_entry(
	const char *version, long long build, const struct rule_lifecycle *entry)
{
	char plain[64];

	if (entry->build != 0 && build != 0)
		return (build > entry->build) - (build < entry->build);
	if (entry->version == NULL || version == NULL)
		return 0;
	snprintf(plain, sizeof plain, "%.*s", (int)strcspn(entry->version, "*?"), entry->version);
	return version_compare(version, plain);
}

static bool has_ended(const struct rule_lifecycle *entry, long long day)
{
	return entry->end >= 0 && entry->end < day && entry->extended_end < day;
}

/* Where an OS without an entry stands among those of its kind. */
static struct support place(const struct rules *rules, const struct os_info *os, long long day)
{
	const struct rule_lifecycle *oldest = NULL;
	bool newer = os->version[0] != '\0' || os->build != 0, older = newer;

	for (size_t i = 0; i < rules->lifecycle_count; i++) {
		const struct rule_lifecycle *entry = &rules->lifecycle[i];
		int d;

		if (!same_system(entry, os))
			continue;
		d = compare_to_entry(os->version, os->build, entry);
		newer = newer && d > 0;
		older = older && d < 0;
		if (oldest == NULL || compare_to_entry(entry->version, entry->build, oldest) < 0)
			oldest = entry;
	}
	if (oldest != NULL && newer)
		return (struct support){SUPPORT_NEWER, NULL};
	if (oldest != NULL && older && has_ended(oldest, day))
		return (struct support){SUPPORT_ENDED, oldest};
	return (struct support){SUPPORT_UNKNOWN, NULL};
}

struct support support_find(
	const struct rules *rules, const struct os_info *os, long long day, long long warn_days)
{
	struct support s = {SUPPORT_CURRENT, find_entry(rules, os)};

	if (s.entry == NULL)
		return place(rules, os, day);
	if (has_ended(s.entry, day))
		s.state = SUPPORT_ENDED;
	else if (s.entry->end >= 0 && s.entry->end < day)
		s.state = SUPPORT_EXTENDED;
	else if (s.entry->end >= 0 && s.entry->end - day <= warn_days)
		s.state = SUPPORT_ENDING;
	return s;
}
