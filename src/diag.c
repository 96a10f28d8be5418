#include "diag.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

void diags_add(struct diags *d, const char *file, int line, int column, const char *fmt, ...)
{
	if (d->count >= DIAG_MAX) {
		d->dropped++;
		return;
	}
	struct strbuf text;
	va_list ap;

	strbuf_init(&text, 2000);
	va_start(ap, fmt);
	strbuf_vaddf(&text, fmt, ap);
	va_end(ap);
	d->items = mem_grow(d->items, d->count, &d->capacity, sizeof d->items[0]);
	d->items[d->count++] = (struct diag){
		.file = mem_strdup(file),
		.line = line,
		.column = column,
		.text = strbuf_detach(&text),
	};
}

static size_t file_order(const struct diags *d, const char *file)
{
	for (size_t i = 0; i < d->count; i++)
		if (strcmp(d->items[i].file, file) == 0)
			return i;
	return d->count;
}

static bool comes_before(const struct diag *a, size_t order_a, const struct diag *b, size_t order_b)
{
	if (order_a != order_b)
		return order_a < order_b;
	if (a->line != b->line)
		return a->line < b->line;
	return a->column < b->column;
}

void diags_sort(struct diags *d)
{
	/* The order of files is fixed first: sorting moves their first appearances. */
	size_t *order = mem_alloc((d->count + 1) * sizeof order[0]);
	for (size_t i = 0; i < d->count; i++)
		order[i] = file_order(d, d->items[i].file);
	for (size_t i = 1; i < d->count; i++) {
		struct diag moving = d->items[i];
		size_t rank = order[i], at = i;
		for (; at > 0 && comes_before(&moving, rank, &d->items[at - 1], order[at - 1]);
			at--) {
			d->items[at] = d->items[at - 1];
			order[at] = order[at - 1];
		}
		d->items[at] = moving;
		order[at] = rank;
	}
	free(order);
}

static void print_escaped(const char *text, FILE *out)
{
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;
		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

void diags_print(const struct diags *d, FILE *out)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct diag *item = &d->items[i];
		print_escaped(item->file, out);
		if (item->line > 0)
			fprintf(out, ":%d", item->line);
		if (item->line > 0 && item->column > 0)
			fprintf(out, ":%d", item->column);
		fputs(item->file[0] != '\0' ? ": error: " : "preflight: ", out);
		print_escaped(item->text, out);
		fputc('\n', out);
	}
	if (d->dropped > 0)
		fprintf(out, "preflight: %zu more problems not shown\n", d->dropped);
}

void diags_release(struct diags *d)
{
	for (size_t i = 0; i < d->count; i++) {
		free(d->items[i].file);
		free(d->items[i].text);
	}
	free(d->items);
	memset(d, 0, sizeof *d);
}

#define SUGGEST_MAX 64

/* Edit distance with adjacent swaps counted as one (optimal string alignment). */
static size_t distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	size_t row[3][SUGGEST_MAX + 1];

	if (la > SUGGEST_MAX || lb > SUGGEST_MAX)
		return SUGGEST_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[la % 3][lb];
}

const char *diag_suggest(const char *word, const char *const *names)
{
	size_t limit = strlen(word) / 3 > 0 ? strlen(word) / 3 : 1;
	const char *best = NULL;

	for (; *names != NULL; names++) {
		size_t d = distance(word, *names);
		if (d <= limit) {
			limit = d > 0 ? d - 1 : 0;
			best = *names;
			if (d == 0)
				break;
		}
	}
	return best;
}
