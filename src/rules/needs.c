/* `needs` must lead somewhere: cycles are reported once each. */
#include "load.h"

#include <stdlib.h>
#include <string.h>

enum colour {
	WHITE, /* not seen */
	GREY,  /* on the way that is being followed */
	BLACK  /* leads to no cycle that was not reported */
};

struct step {
	uint32_t check; /* position in rules->checks */
	size_t next;    /* of its needs */
};

struct walk {
	struct loader *l;
	uint8_t *colours; /* per check */
	struct step *steps;
	size_t depth;
};

/* The place where a check names another. */
static struct where place_of(const struct loader *l, const struct rule_check *check, const char *id)
{
	struct where where = check->where;

	for (size_t i = 0; i < l->ref_count; i++) {
		const struct ref *ref = &l->refs[i];
		if (ref->kind != REF_CHECK || strcmp(ref->id, check->id) != 0)
			continue;
		bool list = ref->node->kind == NODE_LIST;
		for (const struct node *n = list ? ref->node->first : ref->node; n != NULL;
			n = list ? n->next : NULL)
			if (n->kind == NODE_SCALAR && strcmp(n->text, id) == 0)
				where = (struct where){ref->file, (int)n->line, (int)n->column};
	}
	return where;
}

static void report_cycle(const struct walk *w, uint32_t to)
{
	const struct rule_check *checks = w->l->rules->checks;
	const struct rule_check *last = &checks[w->steps[w->depth - 1].check];
	struct where where = place_of(w->l, last, checks[to].id);
	size_t from = w->depth;
	struct path entry = {NULL, "check", last->id}, path = {&entry, "needs", NULL};
	struct strbuf way;

	while (w->steps[from - 1].check != to)
		from--;
	strbuf_init(&way, 500);
	for (size_t i = from - 1; i < w->depth; i++)
		strbuf_addf(&way, "%s -> ", checks[w->steps[i].check].id);
	strbuf_adds(&way, checks[to].id);
	report_at(w->l, &path, &where, "the checks need each other in a circle: %s", way.data);
	strbuf_release(&way);
}

static void push(struct walk *w, uint32_t check)
{
	w->colours[check] = GREY;
	w->steps[w->depth++] = (struct step){check, 0};
}

static void walk_from(struct walk *w, uint32_t start)
{
	push(w, start);
	while (w->depth > 0) {
		struct step *step = &w->steps[w->depth - 1];
		const struct rule_check *check = &w->l->rules->checks[step->check];
		if (step->next == check->needs.count) {
			w->colours[step->check] = BLACK;
			w->depth--;
			continue;
		}
		const char *need = check->needs.items[step->next++];
		uint32_t to = index_get(&w->l->sections[SECTION_CHECKS].index, need);
		if (to == INDEX_NONE) /* reported as unknown */
			continue;
		if (w->colours[to] == GREY)
			report_cycle(w, to);
		else if (w->colours[to] == WHITE)
			push(w, to);
	}
}

void needs_check(struct loader *l)
{
	size_t count = l->rules->check_count;
	struct walk w = {.l = l,
		.colours = mem_alloc(count),
		.steps = mem_alloc(count * sizeof(struct step))};

	for (size_t i = 0; i < count; i++)
		if (w.colours[i] == WHITE)
			walk_from(&w, (uint32_t)i);
	free(w.colours);
	free(w.steps);
}
