/* Remedies of a root cause that several checks show, each in its own words. */
#include "internal.h"

#include <string.h>

#include "report.h"
#include "strbuf.h"

#define TITLES_MAX 2048

static bool same_words(const struct text *a, const struct text *b)
{
	for (int k = 0; a != b && k < LANG_COUNT; k++) {
		const char *one = a != NULL ? a->in[k] : NULL, *other = b != NULL ? b->in[k] : NULL;
		if (one == NULL || other == NULL ? one != other : strcmp(one, other) != 0)
			return false;
	}
	return true;
}

size_t remedies_group(const struct diagnosis *d, const struct root_cause *root,
	const struct rules *rules, size_t *group)
{
	size_t count = 0;

	for (size_t i = 0; i < root->evidence_count; i++) {
		const struct text *own =
			remedy_text(&d->results[root->evidence[i]], root->cause, rules);
		group[i] = count;
		for (size_t k = 0; k < i && group[i] == count; k++)
			if (same_words(own, remedy_text(&d->results[root->evidence[k]], root->cause,
						    rules)))
				group[i] = group[k];
		count += group[i] == count;
	}
	return count;
}

static const char *title_of(const struct rule_check *check, enum lang lang)
{
	const char *own = check->title.in[lang];

	if (own == NULL)
		own = check->title.in[1 - lang];
	return own != NULL ? own : check->id;
}

static void add_titles(struct strbuf *out, enum lang lang, const struct diagnosis *d,
	const struct root_cause *root, const size_t *group, size_t number)
{
	bool first = true;

	strbuf_adds(out, message(lang, "remedy.open"));
	for (size_t i = 0; i < root->evidence_count; i++) {
		if (group[i] != number)
			continue;
		if (!first)
			strbuf_adds(out, message(lang, "list.separator"));
		strbuf_adds(out, title_of(d->results[root->evidence[i]].check, lang));
		first = false;
	}
	strbuf_adds(out, message(lang, "remedy.close"));
}

void remedies_add(json_t *all, json_t *more, const struct diagnosis *d,
	const struct root_cause *root, const size_t *group, size_t number)
{
	for (int k = 0; k < LANG_COUNT; k++) {
		const char *key = lang_name((enum lang)k);
		const char *text = json_string_value(json_object_get(more, key));
		const char *old = json_string_value(json_object_get(all, key));
		struct strbuf titles;
		if (text == NULL)
			continue;
		strbuf_init(&titles, TITLES_MAX);
		add_titles(&titles, (enum lang)k, d, root, group, number);
		json_object_set_new(all, key,
			json_sprintf("%s%s%s%s", old != NULL ? old : "", old != NULL ? "\n" : "",
				titles.data, text));
		strbuf_release(&titles);
	}
	json_decref(more);
}
