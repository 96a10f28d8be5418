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

static bool same_channel(const struct rule_lifecycle *entry, const struct os_info *os)
{
	return entry->channel == NULL || strcmp(entry->channel, os->channel) == 0;
}

static bool applies(const struct rule_lifecycle *entry, const struct os_info *os)
{
	if (!same_system(entry, os) || (entry->build == 0 && entry->version == NULL))
		return false;
	if (entry->build != 0 && entry->build != os->build)
		return false;
	if (entry->version != NULL && !version_match(entry->version, os->version))
		return false;
	return same_channel(entry, os) &&
	       (entry->editions.count == 0 || os_edition_listed(&entry->editions, os));
}

/* How much an entry says; of two that apply the more particular one counts. */
static int weight(const struct rule_lifecycle *entry)
{
	return (entry->editions.count > 0 ? 8 : 0) + (entry->channel != NULL ? 4 : 0) +
	       (entry->build != 0 ? 2 : 0) + (entry->version != NULL ? 1 : 0);
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

/* ---- an OS without an entry ---- */

/* The entries of its kind that it may be compared with: what exists for its channel and its
 * processor. */
static bool is_comparable(const struct rule_lifecycle *entry, const struct os_info *os)
{
	if (!same_system(entry, os))
		return false;
	if (os->channel[0] != '\0' && !same_channel(entry, os))
		return false;
	return entry->arch == NULL || os->arch[0] == '\0' || strcmp(entry->arch, os->arch) == 0;
}

/* The same build in other channels: when all of them have ended, none of it is supported any more.
 */
static const struct rule_lifecycle *ended_in_every_channel(
	const struct rules *rules, const struct os_info *os, long long day)
{
	const struct rule_lifecycle *last = NULL;

	for (size_t i = 0; i < rules->lifecycle_count; i++) {
		const struct rule_lifecycle *entry = &rules->lifecycle[i];

		if (!same_system(entry, os) || entry->build == 0 || entry->build != os->build)
			continue;
		if (!has_ended(entry, day))
			return NULL;
		if (last == NULL || entry->end > last->end)
			last = entry;
	}
	return last;
}

/* The branch that a build belongs to is the last one that begins at it or before it. */
static const char *branch_of(const struct rules *rules, const struct os_info *os)
{
	const struct rule_lifecycle *best = NULL;

	for (size_t i = 0; i < rules->lifecycle_count; i++) {
		const struct rule_lifecycle *entry = &rules->lifecycle[i];

		if (!same_system(entry, os) || entry->branch == NULL || entry->build > os->build)
			continue;
		if (entry->arch != NULL && os->arch[0] != '\0' &&
			strcmp(entry->arch, os->arch) != 0)
			continue;
		if (best == NULL || entry->build > best->build)
			best = entry;
	}
	return best != NULL ? best->branch : NULL;
}

/* Whether a build is newer than all that its branch has for its channel, and these are not all
 * over. */
static enum support_state place_in_branch(
	const struct rules *rules, const struct os_info *os, const char *branch, long long day)
{
	const struct rule_lifecycle *newest = NULL;

	for (size_t i = 0; i < rules->lifecycle_count; i++) {
		const struct rule_lifecycle *entry = &rules->lifecycle[i];

		if (!is_comparable(entry, os) || entry->branch == NULL ||
			strcmp(entry->branch, branch) != 0)
			continue;
		if (newest == NULL || entry->build > newest->build)
			newest = entry;
	}
	if (newest == NULL || os->build <= newest->build)
		return SUPPORT_UNKNOWN;
	return newest->end < 0 || newest->end >= day ? SUPPORT_NEWER : SUPPORT_UNKNOWN;
}

/* Where an OS without an entry stands among those of its kind, by one list. */
struct place {
	bool own;                                   /* the data has its channel */
	bool newer, older;                          /* than all */
	const struct rule_lifecycle *oldest, *next; /* of all; and the next newer one */
};

static struct place place_in_list(const struct rules *rules, const struct os_info *os)
{
	bool known = os->version[0] != '\0' || os->build != 0;
	struct place p = {.own = os->channel[0] == '\0', .newer = known, .older = known};

	for (size_t i = 0; i < rules->lifecycle_count; i++) {
		const struct rule_lifecycle *entry = &rules->lifecycle[i];
		int d;

		if (!is_comparable(entry, os))
			continue;
		d = compare_to_entry(os->version, os->build, entry);
		p.own = p.own || entry->channel != NULL;
		p.newer = p.newer && d > 0;
		p.older = p.older && d < 0;
		if (p.oldest == NULL ||
			compare_to_entry(entry->version, entry->build, p.oldest) < 0)
			p.oldest = entry;
		if (d < 0 && (p.next == NULL ||
				     compare_to_entry(entry->version, entry->build, p.next) < 0))
			p.next = entry;
	}
	return p;
}

static struct support place(const struct rules *rules, const struct os_info *os, long long day)
{
	const struct rule_lifecycle *ended = ended_in_every_channel(rules, os, day);
	struct place p = place_in_list(rules, os);
	const char *branch;

	if (ended != NULL)
		return (struct support){SUPPORT_ENDED, ended};
	if (p.oldest == NULL)
		return (struct support){SUPPORT_UNKNOWN, NULL};
	if (p.newer)
		return (struct support){p.own ? SUPPORT_NEWER : SUPPORT_UNKNOWN, NULL};
	if (p.older && has_ended(p.oldest, day))
		return (struct support){SUPPORT_ENDED, p.oldest};
	if (os->build == 0)
		return (struct support){SUPPORT_UNKNOWN, NULL};
	branch = branch_of(rules, os);
	if (branch != NULL)
		return (struct support){place_in_branch(rules, os, branch, day), NULL};
	/* Windows goes forward: what comes before a release that is over is over, too. */
	if (p.next != NULL && has_ended(p.next, day))
		return (struct support){SUPPORT_ENDED, p.next};
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
