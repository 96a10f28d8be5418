/* What a support code says, as symbols of an arithmetic code. */
#include "support_code.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cause.h"
#include "rules/sha256.h"
#include "strbuf.h"
#include "support_code_coder.h"
#include "support_code_verdicts.h"

#define BITS_PER_SYMBOL 5
#define ROOM            (BITS_PER_SYMBOL * (SUPPORT_CODE_SYMBOLS - 2))
#define VERSIONS        8
#define KINDS           2
#define OVERALLS        3
#define BYTE            256

enum { MARK_CAUSE, MARK_END, MARK_MORE, MARK_COUNT };

static const uint8_t overalls[OVERALLS] = {VERDICT_PASS, VERDICT_FAIL, VERDICT_UNKNOWN};

void support_content_release(struct support_content *content)
{
	plan_release(&content->plan);
	free(content->verdicts);
	memset(content, 0, sizeof *content);
}

uint16_t support_code_fingerprint(const struct rules *rules)
{
	struct strbuf all;
	char hex[65];
	unsigned value = 0;

	strbuf_init(&all, rules->file_count * 64);
	for (size_t i = 0; i < rules->file_count; i++)
		strbuf_adds(&all, rules->files[i].sha256);
	sha256_hex(all.data, all.len, hex);
	strbuf_release(&all);
	sscanf(hex, "%4x", &value);
	return (uint16_t)value;
}

/* The whole profiles in a phase: what both sides of a code can know. */
static int make_universe(
	struct plan *universe, const struct rules *rules, const bool *profiles, enum phase phase)
{
	static const struct terminal nowhere;
	struct plan_request request = {
		.phase = phase == PHASE_IN_VPN ? PHASE_CHOICE_IN_VPN : PHASE_CHOICE_BEFORE_VPN};
	struct diags diags = {0};

	for (size_t i = 0; i < rules->profile_count; i++)
		if (profiles[i])
			strs_add(&request.profiles, rules->profiles[i].id);
	int status = request.profiles.count > 0
			     ? plan_make(universe, &request, rules, &nowhere, &diags)
			     : -1;
	strs_release(&request.profiles);
	diags_release(&diags);
	return status;
}

/* ---- what is coded; each function encodes or decodes ---- */

static void code_profiles(struct coder *c, bool *profiles, size_t count)
{
	static const unsigned single_or_several[] = {14, 2};
	size_t chosen = 0, first = count;

	for (size_t i = 0; i < count; i++) {
		chosen += profiles[i];
		if (profiles[i] && first == count)
			first = i;
	}
	if (coder_symbol(c, single_or_several, 2, chosen != 1) == 0) {
		first = coder_uniform(c, count, first);
		if (first < count)
			profiles[first] = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		profiles[i] = coder_uniform(c, 2, profiles[i]) == 1;
}

static const bool *profiles_of(bool *list, const struct plan *plan)
{
	const struct rules *rules = plan->rules;

	for (size_t i = 0; i < plan->profile_count; i++)
		for (size_t k = 0; k < rules->profile_count; k++)
			list[k] = list[k] || plan->profiles[i] == &rules->profiles[k];
	return list;
}

static void code_causes(struct coder *c, struct support_content *content)
{
	static const unsigned marks[MARK_COUNT] = {[MARK_CAUSE] = 10, [MARK_END] = 5, 1};
	size_t count = 0;

	for (;;) {
		size_t mark = count < content->cause_count ? MARK_CAUSE
			      : content->more              ? MARK_MORE
							   : MARK_END;
		mark = coder_symbol(c, marks, MARK_COUNT, mark);
		if (mark != MARK_CAUSE || count == SUPPORT_CODE_CAUSES) {
			content->more = mark == MARK_MORE;
			break;
		}
		size_t number = (size_t)content->causes[count];
		content->causes[count] = (int)coder_uniform(c, CAUSE_NUMBERS, number);
		count++;
	}
	content->cause_count = count;
}

/* What can be read without the rules. */
static void code_head(struct coder *c, struct support_content *content)
{
	size_t overall = 0;

	while (overall + 1 < OVERALLS && overalls[overall] != content->overall)
		overall++;
	content->has_verdicts = coder_uniform(c, KINDS, !content->has_verdicts) == 0;
	content->overall = (enum verdict)overalls[coder_uniform(c, OVERALLS, overall)];
	size_t high = coder_uniform(c, BYTE, content->fingerprint >> 8);
	size_t low = coder_uniform(c, BYTE, content->fingerprint & 255);
	content->fingerprint = (uint16_t)(high << 8 | low);
	code_causes(c, content);
}

/* ---- packing ---- */

static size_t symbols_for(size_t bits)
{
	size_t symbols = 2;

	while ((symbols + 2) % 4 != 0 || symbols < 6 || symbols * BITS_PER_SYMBOL < bits)
		symbols++;
	return symbols;
}

static void write_bits(char out[SUPPORT_CODE_SIZE], const struct coder *c)
{
	uint8_t data[SUPPORT_CODE_SYMBOLS] = {0};
	size_t count = symbols_for(c->count);

	for (size_t i = 0; i < c->count; i++)
		if (c->bits[i])
			data[i / BITS_PER_SYMBOL] |=
				(uint8_t)(1u << (BITS_PER_SYMBOL - 1 - i % BITS_PER_SYMBOL));
	support_code_write(data, count, out);
}

int support_code_pack(char out[SUPPORT_CODE_SIZE], const struct support_content *content)
{
	const struct plan *universe = &content->plan;
	size_t count = universe->rules->profile_count;
	bool *profiles = mem_alloc((count + 1) * sizeof profiles[0]);
	struct support_content copy = *content;
	struct coder c;

	profiles_of(profiles, universe);
	coder_encode(&c);
	coder_uniform(&c, VERSIONS, SUPPORT_CODE_VERSION);
	code_head(&c, &copy);
	code_profiles(&c, profiles, count);
	coder_uniform(&c, 2, universe->phase == PHASE_IN_VPN);
	if (content->has_verdicts)
		code_verdicts(&c, universe, content->verdicts);
	coder_finish(&c);
	free(profiles);
	if (c.count > ROOM)
		return -1;
	write_bits(out, &c);
	return 0;
}

/* As many causes as there is room for. */
static int pack_with_causes(char out[SUPPORT_CODE_SIZE], struct support_content *content)
{
	struct support_content part = *content;

	while (support_code_pack(out, &part) != 0) {
		if (part.cause_count == 0)
			return -1;
		part.cause_count--;
		part.more = true;
	}
	return 0;
}

static void take_verdicts(struct support_content *content, const struct diagnosis *d)
{
	const struct plan *universe = &content->plan;
	size_t next = 0;

	content->verdicts = mem_alloc(universe->item_count + 1);
	for (size_t i = 0; i < universe->item_count; i++) {
		content->verdicts[i] = SUPPORT_CODE_LEFT_OUT;
		if (next < d->result_count && d->results[next].check == universe->items[i].check)
			content->verdicts[i] = (uint8_t)d->results[next++].verdict;
	}
}

static void take_causes(struct support_content *content, const struct diagnosis *d)
{
	for (size_t i = 0; i < d->root_count && i < SUPPORT_CODE_CAUSES; i++) {
		const struct cause_info *info = cause_find(d->roots[i].cause);
		content->causes[content->cause_count++] = info != NULL ? info->number : 0;
	}
	content->more = d->root_count > SUPPORT_CODE_CAUSES;
}

void support_code_make(
	char out[SUPPORT_CODE_SIZE], const struct diagnosis *d, const struct plan *plan)
{
	struct support_content content = {.overall = d->overall, .has_verdicts = true};
	bool *profiles = mem_alloc((plan->rules->profile_count + 1) * sizeof profiles[0]);

	content.fingerprint = support_code_fingerprint(plan->rules);
	*out = '\0';
	if (make_universe(&content.plan, plan->rules, profiles_of(profiles, plan), plan->phase) ==
		0) {
		take_verdicts(&content, d);
		take_causes(&content, d);
		if (pack_with_causes(out, &content) != 0) {
			content.has_verdicts = false;
			if (pack_with_causes(out, &content) != 0)
				*out = '\0';
		}
	}
	free(profiles);
	support_content_release(&content);
}

/* ---- unpacking ---- */

static int refuse(struct support_code_problem *problem, enum support_code_error error, size_t what)
{
	*problem = (struct support_code_problem){.error = error, .position = what};
	return -1;
}

static bool causes_are_numbers(const struct support_content *content)
{
	for (size_t i = 0; i < content->cause_count; i++)
		if (content->causes[i] < 1)
			return false;
	return true;
}

/* Profiles, phase, verdicts: what takes the same rules. */
static int decode_body(struct coder *c, struct support_content *content, const struct rules *rules)
{
	bool *profiles = mem_alloc((rules->profile_count + 1) * sizeof profiles[0]);

	code_profiles(c, profiles, rules->profile_count);
	enum phase phase = coder_uniform(c, 2, 0) == 1 ? PHASE_IN_VPN : PHASE_BEFORE_VPN;
	int status = make_universe(&content->plan, rules, profiles, phase);
	free(profiles);
	if (status != 0)
		return -1;
	if (content->has_verdicts) {
		content->verdicts = mem_alloc(content->plan.item_count + 1);
		code_verdicts(c, &content->plan, content->verdicts);
	}
	return 0;
}

static size_t spread_bits(uint8_t *bits, const uint8_t *data, size_t count)
{
	for (size_t i = 0; i < count * BITS_PER_SYMBOL; i++)
		bits[i] = data[i / BITS_PER_SYMBOL] >> (BITS_PER_SYMBOL - 1 - i % BITS_PER_SYMBOL) &
			  1;
	return count * BITS_PER_SYMBOL;
}

/* Contents that packed again give another code were never packed. */
static bool is_genuine(const struct support_content *content, const uint8_t *data, size_t count)
{
	char again[SUPPORT_CODE_SIZE], given[SUPPORT_CODE_SIZE];

	support_code_write(data, count, given);
	return support_code_pack(again, content) == 0 && strcmp(again, given) == 0;
}

int support_code_unpack(struct support_content *content, const char *text,
	const struct rules *rules, struct support_code_problem *problem)
{
	uint8_t data[SUPPORT_CODE_SYMBOLS], bits[CODER_BITS_MAX];
	size_t count;
	struct coder c;

	*content = (struct support_content){.overall = VERDICT_UNKNOWN};
	if (support_code_read(text, data, &count, problem) != 0)
		return -1;
	coder_decode(&c, bits, spread_bits(bits, data, count));
	size_t version = coder_uniform(&c, VERSIONS, 0);
	if (version != SUPPORT_CODE_VERSION)
		return refuse(problem, SUPPORT_CODE_VERSION_OTHER, version);
	code_head(&c, content);
	content->rules_match = content->fingerprint == support_code_fingerprint(rules);
	if (content->rules_match &&
		(decode_body(&c, content, rules) != 0 || !is_genuine(content, data, count)))
		return refuse(problem, SUPPORT_CODE_CONTENT, 0);
	return causes_are_numbers(content) ? 0 : refuse(problem, SUPPORT_CODE_CONTENT, 0);
}
