#include "release.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "fields.h"

void value_release(struct value *value)
{
	free(value->string);
	strs_release(&value->list);
	text_release(&value->text);
	memset(value, 0, sizeof *value);
}

void rule_requirement_release(void *entry)
{
	struct rule_requirement *r = entry;

	free(r->id);
	text_release(&r->text);
	text_release(&r->source);
}

void rule_host_release(void *entry)
{
	struct rule_host *h = entry;

	free(h->id);
	free(h->name);
	free(h->addresses);
	free(h->zone);
	text_release(&h->use);
}

void rule_check_release_typed(struct rule_check *check)
{
	for (size_t i = 0; check->values != NULL && i < check->type->key_count; i++)
		value_release(&check->values[i]);
	for (size_t i = 0; i < check->remedy_count; i++) {
		free(check->remedies[i].cause);
		text_release(&check->remedies[i].text);
	}
	free(check->values);
	free(check->remedies);
	check->values = NULL;
	check->remedies = NULL;
	check->remedy_count = 0;
}

void rule_check_release(void *entry)
{
	struct rule_check *c = entry;

	rule_check_release_typed(c);
	free(c->id);
	strs_release(&c->sources);
	strs_release(&c->needs);
	text_release(&c->title);
	text_release(&c->why);
}

void rule_match_release(struct rule_match *match)
{
	free(match->os);
	free(match->kind);
	free(match->name);
	free(match->publisher);
	free(match->code);
	free(match->version);
}

void rule_software_release(void *entry)
{
	struct rule_software *s = entry;

	for (size_t i = 0; i < s->match_count; i++)
		rule_match_release(&s->matches[i]);
	free(s->matches);
	free(s->id);
	text_release(&s->title);
	strs_release(&s->except);
	text_release(&s->remedy);
}

void rule_lifecycle_release(void *entry)
{
	struct rule_lifecycle *l = entry;

	free(l->id);
	free(l->os);
	free(l->distro);
	free(l->version);
	free(l->channel);
	free(l->name);
	free(l->extended_name);
}

void rule_interceptor_release(void *entry)
{
	struct rule_interceptor *i = entry;

	free(i->id);
	free(i->name);
	free(i->issuer);
}

void rule_cause_release(void *entry)
{
	struct rule_cause *c = entry;

	free(c->code);
	text_release(&c->title);
	text_release(&c->evidence);
	text_release(&c->remedy);
}

void rule_profile_release(void *entry)
{
	struct rule_profile *p = entry;

	free(p->id);
	text_release(&p->title);
	strs_release(&p->checks);
	strs_release(&p->except);
}

void rules_free(struct rules *rules)
{
	if (rules == NULL)
		return;
	for (size_t s = 0; s < SECTION_COUNT; s++) {
		const struct section *section = &rule_sections[s];
		for (size_t i = 0; i < section_count(rules, section); i++)
			section->release(section_entry(rules, section, i));
		free(*(void **)(void *)((char *)rules + section->items_offset));
	}
	for (size_t i = 0; i < rules->file_count; i++)
		free(rules->files[i].name);
	free(rules->files);
	free(rules);
}
