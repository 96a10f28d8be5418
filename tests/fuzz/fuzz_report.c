/*
 * Fuzz target: a saved report, loaded and shown in every format and language, judged again by the
 * built-in rules, and compared with itself and the one before it.
 *
 * With -DFUZZ_REPLAY it has a main that replays the files given as arguments.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rejudge.h"
#include "report.h"
#include "report_build.h"
#include "report_diff.h"
#include "report_load.h"
#include "rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written must hold no control character but line ends and tabs. */
static void check_text(const char *text, size_t len)
{
	for (size_t k = 0; k < len; k++)
		if ((unsigned char)text[k] < 0x20 && text[k] != '\n' && text[k] != '\t')
			abort();
}

static void show(const json_t *report)
{
	for (const struct report_format *format = report_formats; format->name != NULL; format++)
		for (int i = 0; i < LANG_COUNT * 3; i++) {
			struct report_options how = {.lang = (enum lang)(i % LANG_COUNT),
				.verbosity = i / LANG_COUNT - 1,
				.width = i % 2 == 0 ? 80 : 0};
			char *text = NULL;
			size_t len = 0;
			FILE *out = open_memstream(&text, &len);
			format->write(out, report, &how);
			fclose(out);
			check_text(text, len);
			free(text);
		}
}

static struct rules *builtin(void)
{
	static struct rules *rules;
	struct rule_source source = rules_builtin();
	struct diags diags = {0};

	if (rules == NULL)
		rules = rules_load(&source, 1, &diags);
	return rules;
}

/* What was judged again is a report, too. */
static void judge_again(const json_t *report)
{
	struct diags diags = {0};
	struct strbuf why;
	json_t *again = report_rejudge(report, "fuzz", builtin(), "0", &diags);

	if ((again == NULL) != (diags.count > 0))
		abort();
	strbuf_init(&why, 1000);
	if (again != NULL && !report_valid(again, &why))
		abort();
	strbuf_release(&why);
	json_decref(again);
	diags_release(&diags);
}

/* Whether the two differ, after that was written in every language. */
static bool compare(const json_t *before, const json_t *after)
{
	json_t *diff = report_diff(before, after);

	for (int i = 0; diff != NULL && i < LANG_COUNT; i++) {
		struct report_options how = {.lang = (enum lang)i, .width = 80};
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		report_diff_text(out, diff, &how);
		fclose(out);
		check_text(text, len);
		free(text);
	}
	bool changed = json_is_true(json_object_get(diff, "changed"));
	json_decref(diff);
	return changed;
}

/* A report does not differ from itself; with the one before it anything may come out. */
static void compare_all(json_t *report)
{
	static json_t *last;
	json_t *copy = json_deep_copy(report);

	if (compare(report, copy))
		abort();
	if (last != NULL) {
		compare(last, report);
		compare(report, last);
	}
	json_decref(last);
	last = copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diags diags = {0};
	json_t *report = report_parse("fuzz", (const char *)data, size, &diags);

	if ((report == NULL) != (diags.count > 0))
		abort();
	for (size_t i = 0; i < diags.count; i++)
		if (diags.items[i].text[0] == '\0' || diags.items[i].line < 0)
			abort();
	diags_release(&diags);
	if (report != NULL) {
		show(report);
		judge_again(report);
		compare_all(report);
		report_redact(report);
		show(report);
	}
	json_decref(report);
	return 0;
}

#ifdef FUZZ_REPLAY
#include "replay.h"
#endif
