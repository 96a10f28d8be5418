/* What only the merged rules can tell: required keys, and keys that need each other. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

static struct where *where_of(const struct section *section, void *entry)
{
	return (struct where *)(void *)((char *)entry + section->where_offset);
}

static void lifecycle_finish(
	const struct loader *l, const struct path *path, const struct rule_lifecycle *e)
{
	const struct where *at = &e->where;
	bool windows = e->os != NULL && strcmp(e->os, "windows") == 0;
	bool is_linux = e->os != NULL && strcmp(e->os, "linux") == 0;

	if (e->version == NULL && e->build == 0)
		report_at(l, path, at, "the key version or build is missing");
	if (is_linux && e->distro == NULL)
		report_at(l, path, at, "the key distro is missing (os is linux)");
	if (!is_linux && e->os != NULL && e->distro != NULL)
		report_at(l, path, at, "the key distro is for os: linux only");
	if (!windows && e->os != NULL && (e->build != 0 || e->channel != NULL))
		report_at(l, path, at, "the key %s is for os: windows only",
			e->build != 0 ? "build" : "channel");
	if (!windows && e->os != NULL && (e->editions.count > 0 || e->arch != NULL))
		report_at(l, path, at, "the key %s is for os: windows only",
			e->editions.count > 0 ? "edition" : "arch");
	if (e->branch != NULL && e->build == 0)
		report_at(l, path, at, "branch is given, but build is not");
	if (e->extended_end >= 0 && e->extended_end <= e->end)
		report_at(l, path, at, "extended is not after end");
	if (e->extended_end >= 0 && e->end < 0)
		report_at(l, path, at, "extended is given, but end is none");
	if (e->extended_name != NULL && e->extended_end < 0)
		report_at(l, path, at, "extended-name is given, but extended is not");
}

static void certificate_finish(
	const struct loader *l, const struct path *path, const struct rule_certificate *e)
{
	if (e->authority && e->passwords.count > 0)
		report_at(l, path, &e->where, "the key password-file is for role: client only");
	if (!e->store && e->issuers.count > 0)
		report_at(l, path, &e->where, "issuer is given, but store is not true");
	if (!e->store && e->except.count > 0)
		report_at(l, path, &e->where, "except-issuer is given, but store is not true");
}

static void profile_finish(
	const struct loader *l, const struct path *path, const struct rule_profile *profile)
{
	bool hit = false;

	for (size_t i = 0; i < l->rules->check_count; i++) {
		const char *id = l->rules->checks[i].id;
		if (!glob_match_any(&profile->checks, id, false))
			continue;
		if (!glob_match_any(&profile->except, id, false))
			return;
		hit = true;
	}
	if (hit) /* that `checks` matches nothing is reported where it stands */
		report_at(l, path, &profile->where, "except leaves no check of it");
}

/* Required keys and complete texts of one entry. */
static void rows_finish(const struct loader *l, const struct path *path,
	const struct section *section, uint32_t given, void *entry)
{
	const struct where *where = where_of(section, entry);

	/* What belongs to no check, by a misspelt id perhaps, was reported as that. */
	if (section->number == SECTION_CHECKS && ((const struct rule_check *)entry)->type == NULL)
		return;
	for (size_t i = 0; i < section->field_count; i++) {
		const struct field *field = &section->fields[i];
		struct path at = {path, field->key.name, NULL};
		bool missing = !(given >> i & 1);

		if (missing && field->key.required && field->store != STORE_TYPE)
			report_at(l, path, where, "the key %s is missing", field->key.name);
		else if (!missing && field->store == STORE_TEXT)
			text_finish(l, &at, where,
				(const struct text *)(const void *)((char *)entry + field->offset),
				false);
	}
}

void entries_finish(struct loader *l)
{
	for (size_t s = 0; s < SECTION_COUNT; s++) {
		const struct section *section = &rule_sections[s];
		for (size_t i = 0; i < section_count(l->rules, section); i++) {
			void *entry = section_entry(l->rules, section, i);
			struct path path = {NULL, section->noun, *entry_id(entry)};

			rows_finish(l, &path, section, l->sections[s].given[i], entry);
			if (s == SECTION_CHECKS)
				check_finish(l, &path, entry);
			else if (s == SECTION_LIFECYCLE)
				lifecycle_finish(l, &path, entry);
			else if (s == SECTION_CERTIFICATES)
				certificate_finish(l, &path, entry);
			else if (s == SECTION_PROFILES)
				profile_finish(l, &path, entry);
		}
	}
}
