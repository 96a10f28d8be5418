/*
 * Fuzz target: the rule file's parser, alone and on top of other rules, and --set.
 *
 * With -DFUZZ_REPLAY it has a main that replays the files given as arguments.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TITLE "title: {ja: a, en: a}"

/* Something that overrides can meet. */
static const char base[] = "version: 1\n"
			   "hosts: {sec: {name: sec.example.jp}}\n"
			   "checks:\n"
			   "  disk: {check: disk, free: 5 GB, " TITLE "}\n"
			   "  ike: {check: ike, host: sec, port: 500, needs: disk, " TITLE "}\n"
			   "profiles: {all: {checks: '*', " TITLE "}}\n";

/* Loads and checks what the loader promises. */
static void load(const struct rule_source *sources, size_t count)
{
	struct diags diags = {0};
	struct rules *rules = rules_load(sources, count, &diags);

	if ((rules == NULL) != (diags.count > 0))
		abort();
	for (size_t i = 0; i < diags.count; i++)
		if (diags.items[i].text[0] == '\0' || diags.items[i].line < 0)
			abort();
	for (size_t i = 0; rules != NULL && i < rules->check_count; i++)
		if (rules->checks[i].type == NULL || rules->checks[i].title.in[LANG_EN] == NULL)
			abort();
	rules_free(rules);
	diags_release(&diags);
}

/* Settings that are accepted must be well-formed YAML of one document. */
static void set(const char *text)
{
	struct diags diags = {0};
	char *yaml = rules_from_setting(text, &diags);

	if ((yaml == NULL) != (diags.count > 0))
		abort();
	diags_release(&diags);
	if (yaml != NULL) {
		struct rule_source sources[2] = {
			{.name = "base", .text = base, .len = sizeof base - 1},
			{.name = "set", .text = yaml, .len = strlen(yaml)}};
		struct rules *rules = rules_load(sources, 2, &diags);
		for (size_t i = 0; i < diags.count; i++)
			if (strncmp(diags.items[i].text, "YAML syntax", 11) == 0)
				abort();
		rules_free(rules);
		diags_release(&diags);
	}
	free(yaml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	const struct rule_source sources[2] = {
		{.name = "base", .text = base, .len = sizeof base - 1},
		{.name = "fuzz", .text = text, .len = size}};
	load(sources + 1, 1);
	load(sources, 2);
	set(text);
	free(text);
	return 0;
}

#ifdef FUZZ_REPLAY
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct diags diags = {0};
		char *text = NULL;
		size_t len = 0;
		if (rules_read_file(argv[i], &text, &len, &diags) != 0) {
			diags_print(&diags, stderr);
			diags_release(&diags);
			return 2;
		}
		LLVMFuzzerTestOneInput((const uint8_t *)text, len);
		free(text);
	}
	return 0;
}
#endif
