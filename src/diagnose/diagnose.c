/* Verdicts to root causes: the order of events, and the order in which causes are told. */
#include "private.h"

#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "mem.h"

static size_t rank_of(const struct root_cause *root)
{
	const struct cause_info *info = cause_find(root->cause);
	return info != NULL ? cause_rank(info) : cause_count;
}

static bool is_told_before(const struct root_cause *a, const struct root_cause *b)
{
	if (verdict_order(a->verdict) != verdict_order(b->verdict))
		return verdict_order(a->verdict) < verdict_order(b->verdict);
	return rank_of(a) < rank_of(b);
}

static void number_members(struct diagnosis *d)
{
	for (size_t i = 0; i < d->root_count; i++) {
		for (size_t k = 0; k < d->roots[i].evidence_count; k++)
			d->results[d->roots[i].evidence[k]].root = (int)i;
		for (size_t k = 0; k < d->roots[i].symptom_count; k++)
			d->results[d->roots[i].symptoms[k]].root = (int)i;
	}
}

static void sort_roots(struct diagnosis *d)
{
	for (size_t i = 1; i < d->root_count; i++) {
		struct root_cause moving = d->roots[i];
		size_t at = i;
		for (; at > 0 && is_told_before(&moving, &d->roots[at - 1]); at--)
			d->roots[at] = d->roots[at - 1];
		d->roots[at] = moving;
	}
	number_members(d);
}

/* The far end is blamed only if something else got out of the facility. */
static void acquit_the_far_end(struct context *x)
{
	for (size_t i = 0; i < x->d->root_count; i++) {
		struct root_cause *root = &x->d->roots[i];
		unsigned nearer = root->segments & ~(unsigned)SEGMENT_SERVICE;
		if (x->outside || !(root->segments & SEGMENT_SERVICE) ||
			!(strncmp(root->cause, "tcp.", 4) == 0 ||
				strncmp(root->cause, "udp.", 4) == 0))
			continue;
		root->segments = nearer != 0 ? nearer : SEGMENT_FACILITY | SEGMENT_LINE;
	}
}

void diagnose(struct diagnosis *d, bool strict)
{
	struct context x = {.d = d};

	for (size_t i = 0; i < d->result_count; i++)
		x.outside = x.outside || result_is_alive(&d->results[i]);
	passes_run(&x);
	acquit_the_far_end(&x);
	sort_roots(d);
	d->overall = judge_overall(d->results, d->result_count, strict);
	d->exit_code = judge_exit_code(d->overall);
}

void diagnosis_release(struct diagnosis *d)
{
	for (size_t i = 0; i < d->root_count; i++) {
		free(d->roots[i].evidence);
		free(d->roots[i].symptoms);
	}
	free(d->roots);
	free(d->results);
	memset(d, 0, sizeof *d);
}
