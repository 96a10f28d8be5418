/* Names that other entries must have. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include "scalar.h"

void refs_add(struct loader *l, enum ref_kind kind, const struct section *section, const char *id,
	const char *key, const struct node *node)
{
	l->refs = mem_grow(l->refs, l->ref_count, &l->ref_capacity, sizeof l->refs[0]);
	l->refs[l->ref_count++] = (struct ref){kind, section, id, key, node, l->file};
}

const char *hint_id(const struct loader *l, enum section_id number, const char *word,
	const char *except, char buf[HINT_SIZE])
{
	const struct section *section = &rule_sections[number];
	size_t total = section_count(l->rules, section), count = 0;
	const char **names = mem_alloc((total + 1) * sizeof names[0]);

	for (size_t i = 0; i < total; i++) {
		const char *id = *entry_id(section_entry(l->rules, section, i));
		if (except == NULL || strcmp(id, except) != 0)
			names[count++] = id;
	}
	hint(l, word, names, buf);
	free(names);
	return buf;
}

static enum section_id target_of(enum ref_kind kind)
{
	switch (kind) {
	case REF_REQUIREMENT:
		return SECTION_REQUIREMENTS;
	case REF_CHECK:
	case REF_CHECKS:
	case REF_NONE:
		return SECTION_CHECKS;
	case REF_HOST:
		return SECTION_HOSTS;
	case REF_SOFTWARE:
		return SECTION_SOFTWARE;
	case REF_CERTIFICATE:
		return SECTION_CERTIFICATES;
	}
	return SECTION_CHECKS;
}

static bool glob_hits(const struct loader *l, const struct section *section, const char *glob)
{
	for (size_t i = 0; i < section_count(l->rules, section); i++)
		if (glob_match(glob, *entry_id(section_entry(l->rules, section, i)), false))
			return true;
	return false;
}

/* A host's fallback; where several files name one, the last is resolved last. */
static void resolve_host(
	struct loader *l, const struct ref *ref, const struct path *path, const struct node *name)
{
	const struct index *index = &l->sections[SECTION_HOSTS].index;
	uint32_t from = index_get(index, ref->id), to = index_get(index, name->text);

	if (from == to)
		report(l, path, name, "%s is this host itself: another one is expected", ref->id);
	else
		l->rules->hosts[from].fallback = &l->rules->hosts[to];
}

/* A certificate's CA, likewise. */
static void resolve_ca(
	struct loader *l, const struct ref *ref, const struct path *path, const struct node *name)
{
	const struct index *index = &l->sections[SECTION_CERTIFICATES].index;
	uint32_t from = index_get(index, ref->id), to = index_get(index, name->text);
	const struct rule_certificate *ca = &l->rules->certificates[to];

	if (from == to)
		report(l, path, name, "%s is this certificate itself: another one is expected",
			ref->id);
	else if (!ca->authority)
		report(l, path, name, "%s is not of role ca", name->text);
	else
		l->rules->certificates[from].ca = ca;
}

/* The kinds of which an entry cannot name itself. */
static bool names_another(enum ref_kind kind)
{
	return kind == REF_HOST || kind == REF_CERTIFICATE;
}

static void resolve(
	struct loader *l, const struct ref *ref, const struct path *path, const struct node *name)
{
	enum section_id number = target_of(ref->kind);
	const struct section *target = &rule_sections[number];
	char near[HINT_SIZE];

	if (name->kind != NODE_SCALAR ||
		(ref->kind == REF_REQUIREMENT && section_count(l->rules, target) == 0))
		return;
	if ((ref->kind == REF_CHECKS || ref->kind == REF_SOFTWARE) && scalar_is_glob(name->text)) {
		if (!glob_hits(l, target, name->text))
			report(l, path, name, "%s matches no %s", name->text, target->noun);
	} else if (index_get(&l->sections[number].index, name->text) == INDEX_NONE) {
		report(l, path, name, "unknown %s %s%s", target->noun, name->text,
			hint_id(l, number, name->text, names_another(ref->kind) ? ref->id : NULL,
				near));
	} else if (ref->kind == REF_HOST) {
		resolve_host(l, ref, path, name);
	} else if (ref->kind == REF_CERTIFICATE) {
		resolve_ca(l, ref, path, name);
	}
}

void refs_resolve(struct loader *l)
{
	for (size_t i = 0; i < l->ref_count; i++) {
		const struct ref *ref = &l->refs[i];
		struct path entry = {NULL, ref->section->noun, ref->id},
			    path = {&entry, ref->key, NULL};

		l->file = ref->file;
		if (ref->node->kind != NODE_LIST) {
			resolve(l, ref, &path, ref->node);
			continue;
		}
		for (const struct node *n = ref->node->first; n != NULL; n = n->next)
			resolve(l, ref, &path, n);
	}
}
