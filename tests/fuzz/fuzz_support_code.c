/* Reads a text as a support code; what is accepted and of these rules is written the same again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Never changed: codes of the corpus carry its fingerprint. */
static const char rule_text[] =
	"version: 1\n"
	"checks:\n"
	"  a: {check: disk, title: {ja: あ, en: a}}\n"
	"  b: {check: os, phase: before-vpn, title: {ja: い, en: b}}\n"
	"  c: {check: manual, ask: it, question: {ja: う, en: c}, title: {ja: う, en: c}}\n"
	"  d: {check: proxy, phase: in-vpn, severity: info, title: {ja: え, en: d}}\n"
	"  e: {check: link, severity: recommended, title: {ja: お, en: e}}\n"
	"profiles:\n"
	"  registry: {title: {ja: 一, en: one}, checks: '*'}\n"
	"  other: {title: {ja: 二, en: two}, checks: [a, c]}\n";

static struct rules *load(void)
{
	struct rule_source source = {
		.name = "fuzz", .text = rule_text, .len = sizeof rule_text - 1};
	struct diags diags = {0};
	struct rules *rules = rules_load(&source, 1, &diags);

	diags_print(&diags, stderr);
	if (rules == NULL)
		abort();
	return rules;
}

static void try_text(const char *text, const struct rules *rules)
{
	struct support_code_problem problem;
	struct support_content content;
	uint8_t symbols[SUPPORT_CODE_SYMBOLS];
	char given[SUPPORT_CODE_SIZE], again[SUPPORT_CODE_SIZE];
	size_t count;

	if (support_code_unpack(&content, text, rules, &problem) != 0) {
		if (problem.error == SUPPORT_CODE_OK)
			abort();
	} else if (content.rules_match) {
		if (support_code_read(text, symbols, &count, &problem) != 0)
			abort();
		support_code_write(symbols, count, given);
		if (support_code_pack(again, &content) != 0 || strcmp(given, again) != 0)
			abort();
	}
	support_content_release(&content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct rules *rules = load();

	memcpy(text, data, size);
	text[size] = '\0';
	try_text(text, rules);
	rules_free(rules);
	free(text);
	return 0;
}

#ifdef FUZZ_REPLAY
#include "replay.h"
#endif
