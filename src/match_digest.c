/* Whether two rule files look for the same software. */
#include <stdio.h>
#include <string.h>

#include "match.h"
#include "rules/sha256.h"

#define DIGEST_TEXT_MAX (4u * 1024 * 1024)

void match_digester_init(struct match_digester *d)
{
	strbuf_init(&d->text, DIGEST_TEXT_MAX);
}

/* Each text with its length, so that no two rows read alike. */
void match_digester_text(struct match_digester *d, const char *text)
{
	if (text == NULL)
		strbuf_adds(&d->text, "-,");
	else
		strbuf_addf(&d->text, "%zu:%s,", strlen(text), text);
}

void match_digester_product(struct match_digester *d, const struct rule_software *s)
{
	match_digester_text(d, s != NULL ? s->id : NULL);
	for (size_t i = 0; s != NULL && i < s->match_count; i++) {
		const struct rule_match *m = &s->matches[i];
		const char *const texts[] = {m->os, m->kind, m->publisher, m->code, m->version};
		for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
			match_digester_text(d, texts[k]);
		for (size_t k = 0; k < m->names.count; k++)
			match_digester_text(d, m->names.items[k]);
		match_digester_text(d, m->other ? "other" : "named");
		match_digester_text(d, m->no_publisher ? "or none" : "told");
	}
	for (size_t i = 0; s != NULL && i < s->except.count; i++)
		match_digester_text(d, s->except.items[i]);
}

void match_digester_end(struct match_digester *d, char digest[MATCH_DIGEST_SIZE])
{
	char hex[65];

	sha256_hex(d->text.data, d->text.len, hex);
	snprintf(digest, MATCH_DIGEST_SIZE, "%.16s", hex);
	strbuf_release(&d->text);
}

void match_digest(const struct rules *rules, const struct strs *ids, char digest[MATCH_DIGEST_SIZE])
{
	struct match_digester d;

	match_digester_init(&d);
	for (size_t i = 0; i < rules->software_count; i++)
		if (match_is_asked(&rules->software[i], ids))
			match_digester_product(&d, &rules->software[i]);
	match_digester_end(&d, digest);
}
