/* Problems: what they are about, where, and what may have been meant. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

static void add_path(struct strbuf *sb, const struct path *path)
{
	char buf[QUOTE_SIZE];

	if (path == NULL)
		return;
	add_path(sb, path->up);
	strbuf_adds(sb, quote(path->word, buf));
	if (path->id != NULL)
		strbuf_addf(sb, " %s", quote(path->id, buf));
	strbuf_adds(sb, ": ");
}

PF_PRINTF(4, 0)
static void report_v(const struct loader *l, const struct path *path, const struct where *where,
	const char *fmt, va_list ap)
{
	struct strbuf sb;

	strbuf_init(&sb, 1000);
	add_path(&sb, path);
	strbuf_vaddf(&sb, fmt, ap);
	diags_add(l->diags, where->file, where->line, where->column, "%s", sb.data);
	strbuf_release(&sb);
}

void report(const struct loader *l, const struct path *path, const struct node *node,
	const char *fmt, ...)
{
	struct where where = node_where(l, node);
	va_list ap;

	va_start(ap, fmt);
	report_v(l, path, &where, fmt, ap);
	va_end(ap);
}

void report_at(const struct loader *l, const struct path *path, const struct where *where,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report_v(l, path, where, fmt, ap);
	va_end(ap);
}

const char *hint(
	const struct loader *l, const char *word, const char *const *names, char buf[HINT_SIZE])
{
	/* After many problems the time for suggestions is better saved. */
	const char *name = l->diags->count < 100 ? diag_suggest(word, names) : NULL;

	if (name != NULL)
		snprintf(buf, HINT_SIZE, ", did you mean %s?", name);
	else
		buf[0] = '\0';
	return buf;
}

struct where node_where(const struct loader *l, const struct node *node)
{
	return (struct where){l->file, (int)node->line, (int)node->column};
}

static char *path_text(const struct path *path)
{
	struct strbuf sb;

	strbuf_init(&sb, 1000);
	add_path(&sb, path);
	return strbuf_detach(&sb);
}

void place_note(struct loader *l, const struct path *path, const struct node *node)
{
	l->places = mem_grow(l->places, l->place_count, &l->place_capacity, sizeof l->places[0]);
	l->places[l->place_count++] = (struct place){path_text(path), node_where(l, node)};
}

void text_finish(const struct loader *l, const struct path *path, const struct where *where,
	const struct text *text, bool required)
{
	char *wanted;

	if ((text->in[LANG_JA] != NULL) == (text->in[LANG_EN] != NULL) &&
		(text->in[LANG_JA] != NULL || !required))
		return;
	wanted = path_text(path);
	for (size_t i = 0; i < l->place_count; i++)
		if (strcmp(l->places[i].path, wanted) == 0)
			where = &l->places[i].where;
	free(wanted);
	for (int lang = 0; lang < LANG_COUNT; lang++)
		if (text->in[lang] == NULL)
			report_at(l, path, where, "the language %s is missing",
				lang_name((enum lang)lang));
}
