/* The verdicts in a support code, packed by what is likely. */
#include "support_code_verdicts.h"

#include <string.h>

#include "check.h"

/*
 * What verdicts follow on each other: counts that learn, by the verdict before, which is that of
 * the check of the same type before, or, if it is the first of its type, of the check before.
 */
struct model {
	unsigned counts[2][VERDICT_COUNT][VERDICT_COUNT]; /* first of its type or not */
	unsigned left_out[2][2];
	uint8_t before;
	bool before_left_out;
};

#define LEARN 24

/* A verdict's row: how often pass, warn, fail, unknown and skip follow on it. */
#define ROW(pass, warn, fail, unknown, skip)                                                       \
	{                                                                                          \
		pass, warn, fail, unknown, skip, 1                                                 \
	}

static const struct model fresh = {
	.counts = {{
			   [VERDICT_PASS] = ROW(70, 6, 8, 6, 6),
			   [VERDICT_WARN] = ROW(40, 4, 6, 12, 8),
			   [VERDICT_FAIL] = ROW(24, 4, 24, 24, 4),
			   [VERDICT_UNKNOWN] = ROW(16, 6, 24, 20, 4),
			   [VERDICT_SKIP] = ROW(60, 4, 4, 10, 20),
			   [VERDICT_MANUAL] = ROW(1, 1, 1, 1, 1),
		   },
		{
			[VERDICT_PASS] = ROW(100, 1, 3, 1, 1),
			[VERDICT_WARN] = ROW(12, 20, 4, 4, 4),
			[VERDICT_FAIL] = ROW(14, 2, 60, 4, 1),
			[VERDICT_UNKNOWN] = ROW(12, 2, 3, 60, 2),
			[VERDICT_SKIP] = ROW(8, 2, 4, 2, 60),
			[VERDICT_MANUAL] = ROW(1, 1, 1, 1, 1),
		}},
	.left_out = {{12, 12}, {12, 12}},
	.before = VERDICT_PASS,
};

/* The ordinary verdict of the same type before item `index`, or VERDICT_COUNT. */
static uint8_t same_type_before(const struct plan *universe, const uint8_t *verdicts, size_t index)
{
	const struct check_type *type = universe->items[index].check->type;

	for (size_t i = index; i-- > 0;)
		if (universe->items[i].check->type == type &&
			verdicts[i] != SUPPORT_CODE_LEFT_OUT &&
			universe->items[i].skip == SKIP_NONE)
			return verdicts[i];
	return VERDICT_COUNT;
}

/* What is all but certain: questions for people, and checks of the other phase. */
static enum verdict expected(const struct plan_item *item)
{
	if (strcmp(item->check->type->name, "manual") == 0)
		return VERDICT_MANUAL;
	return item->skip != SKIP_NONE ? VERDICT_SKIP : VERDICT_COUNT;
}

static uint8_t code_sure(struct coder *c, enum verdict sure, uint8_t verdict)
{
	unsigned counts[VERDICT_COUNT];

	for (int i = 0; i < VERDICT_COUNT; i++)
		counts[i] = i == (int)sure ? 500 : 1;
	return (uint8_t)coder_symbol(c, counts, VERDICT_COUNT, verdict);
}

static uint8_t code_verdict(struct coder *c, struct model *m, const struct plan_item *item,
	uint8_t same_type, uint8_t verdict)
{
	bool known = same_type != VERDICT_COUNT;
	unsigned *counts = m->counts[known][known ? same_type : m->before], now[VERDICT_COUNT];

	memcpy(now, counts, sizeof now);
	if (item->check->severity != SEVERITY_REQUIRED) {
		now[VERDICT_WARN] += now[VERDICT_FAIL];
		now[VERDICT_FAIL] = 1;
	}
	verdict = (uint8_t)coder_symbol(c, now, VERDICT_COUNT, verdict);
	counts[verdict] += LEARN;
	m->before = verdict;
	return verdict;
}

static bool code_left_out(struct coder *c, struct model *m, bool left_out)
{
	unsigned *counts = m->left_out[m->before_left_out];

	left_out = coder_symbol(c, counts, 2, left_out) == 1;
	counts[left_out] += LEARN;
	m->before_left_out = left_out;
	return left_out;
}

void code_verdicts(struct coder *c, const struct plan *universe, uint8_t *verdicts)
{
	static const unsigned whole_or_part[] = {15, 1};
	struct model m = fresh;
	bool part = false;

	for (size_t i = 0; i < universe->item_count; i++)
		part = part || verdicts[i] == SUPPORT_CODE_LEFT_OUT;
	part = coder_symbol(c, whole_or_part, 2, part) == 1;
	for (size_t i = 0; i < universe->item_count; i++) {
		enum verdict sure = expected(&universe->items[i]);
		if (part && code_left_out(c, &m, verdicts[i] == SUPPORT_CODE_LEFT_OUT))
			verdicts[i] = SUPPORT_CODE_LEFT_OUT;
		else if (sure != VERDICT_COUNT)
			verdicts[i] = code_sure(c, sure, verdicts[i]);
		else
			verdicts[i] = code_verdict(c, &m, &universe->items[i],
				same_type_before(universe, verdicts, i), verdicts[i]);
	}
}
