/* Root causes: how they are made and what they take with them. */
#include "private.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct root_cause *root_new(struct context *x, const char *code, size_t lead)
{
	struct diagnosis *d = x->d;
	const struct result *r = &d->results[lead];
	const struct cause_info *info = cause_find(code);

	d->roots = mem_grow(d->roots, d->root_count, &d->root_capacity, sizeof d->roots[0]);
	struct root_cause *root = &d->roots[d->root_count++];
	*root = (struct root_cause){
		.cause = info->code,
		.segments = result_has_cause(r, code) ? r->segments : info->segments,
		.actors = result_has_cause(r, code) ? r->actors : info->actors,
		.lead = lead,
		.verdict = r->verdict,
	};
	return root;
}

static void add_index(size_t **list, size_t *count, size_t *capacity, size_t index)
{
	*list = mem_grow(*list, *count, capacity, sizeof **list);
	(*list)[(*count)++] = index;
}

int verdict_order(enum verdict verdict)
{
	static const int order[VERDICT_COUNT] = {
		[VERDICT_FAIL] = 0,
		[VERDICT_UNKNOWN] = 1,
		[VERDICT_WARN] = 2,
		[VERDICT_PASS] = 3,
		[VERDICT_SKIP] = 3,
		[VERDICT_MANUAL] = 3,
	};
	return order[verdict];
}

void root_join(struct context *x, struct root_cause *root, size_t index, bool evidence)
{
	struct result *r = &x->d->results[index];

	r->root = (int)(root - x->d->roots);
	if (evidence)
		add_index(&root->evidence, &root->evidence_count, &root->evidence_capacity, index);
	else
		add_index(&root->symptoms, &root->symptom_count, &root->symptom_capacity, index);
	if (verdict_order(r->verdict) < verdict_order(root->verdict))
		root->verdict = r->verdict;
}

/* Takes every open result that passes the test as a symptom. */
void root_take_symptoms(struct context *x, struct root_cause *root, result_test *test)
{
	for (size_t i = 0; i < x->d->result_count; i++)
		if (result_is_open(&x->d->results[i]) && test(x, root, &x->d->results[i]))
			root_join(x, root, i, false);
}

struct root_cause *root_of_those(struct context *x, const char *code, member_test *test)
{
	struct root_cause *root = NULL;

	for (size_t i = 0; i < x->d->result_count; i++) {
		if (!test(x, &x->d->results[i], code))
			continue;
		if (root == NULL)
			root = root_new(x, code, i);
		root_join(x, root, i, true);
	}
	return root;
}

static bool shows(const struct context *x, const struct result *r, const char *code)
{
	(void)x;
	return result_is_open(r) && result_has_cause(r, code);
}

static bool fails_by(const struct context *x, const struct result *r, const char *code)
{
	return shows(x, r, code) && r->verdict != VERDICT_WARN;
}

struct root_cause *root_make(struct context *x, const char *code, bool failures_only)
{
	return root_of_those(x, code, failures_only ? fails_by : shows);
}

struct root_cause *root_of_cause(struct context *x, const char *code)
{
	return root_make(x, code, false);
}

bool root_shares_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	const struct rule_host *host = result_host(r);

	for (size_t i = 0; host != NULL && i < root->evidence_count; i++)
		if (result_host(&x->d->results[root->evidence[i]]) == host)
			return true;
	return false;
}

bool root_breaks_host(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	const struct rule_host *host = result_host(r);

	for (size_t i = 0; host != NULL && i < root->symptom_count; i++) {
		const struct result *symptom = &x->d->results[root->symptoms[i]];
		if (result_host(symptom) == host && symptom->verdict == VERDICT_FAIL)
			return true;
	}
	return false;
}

bool root_shares_certificate(
	const struct context *x, const struct root_cause *root, const struct result *r)
{
	const struct rule_certificate *certificate = result_certificate(r);

	for (size_t i = 0; certificate != NULL && i < root->evidence_count; i++)
		if (result_certificate(&x->d->results[root->evidence[i]]) == certificate)
			return true;
	return false;
}
