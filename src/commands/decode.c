/* preflight decode: a support code, back to verdicts and causes. */
#include "decode.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "platform.h"
#include "strbuf.h"
#include "verdict.h"

#define TYPED_MAX 1024
#define WIDTH     80 /* where the output is no terminal */

static const char *const problem_ids[] = {
	[SUPPORT_CODE_OK] = "",
	[SUPPORT_CODE_SYMBOL] = "decode.bad-symbol",
	[SUPPORT_CODE_LENGTH] = "decode.bad-length",
	[SUPPORT_CODE_CHECK] = "decode.bad-check",
	[SUPPORT_CODE_VERSION_OTHER] = "decode.bad-version",
	[SUPPORT_CODE_CONTENT] = "decode.bad-content",
};

static void complain(const char *typed, const struct support_code_problem *problem, enum lang lang)
{
	bool check = problem->error == SUPPORT_CODE_CHECK && problem->position > 0;
	json_int_t position = (json_int_t)problem->position;
	json_t *values = json_pack("{s:I, s:I, s:i}", "position", position, "next", position + 1,
		"version", SUPPORT_CODE_VERSION);
	struct strbuf text;

	if (check)
		json_object_set_new(values, problem->swapped ? "swapped" : "wrong", json_true());
	strbuf_init(&text, TYPED_MAX);
	template_expand(&text, message(lang, problem_ids[problem->error]), values);
	fputs("preflight: decode: ", stderr);
	report_print_safe(stderr, typed);
	fputs(": ", stderr);
	report_print_safe(stderr, text.data);
	fputc('\n', stderr);
	strbuf_release(&text);
	json_decref(values);
}

/* The operands as one code: groups may have been typed as words of their own. */
static void join(struct strbuf *typed, const struct strs *words)
{
	strbuf_init(typed, TYPED_MAX);
	for (size_t i = 0; i < words->count; i++)
		strbuf_addf(typed, "%s%s", i > 0 ? " " : "", words->items[i]);
}

static void write_document(const struct options *options, const json_t *document)
{
	bool terminal = platform_is_terminal(stdout);
	struct report_options how = {
		.lang = options->lang,
		.color = command_wants_color(options, stdout),
		.width = terminal ? platform_terminal_width(stdout) : WIDTH,
	};

	if (options->format != NULL && strcmp(options->format, "json") == 0) {
		json_dumpf(document, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		decode_write_text(stdout, document, &how);
	}
}

/* As it is written: groups of four, capitals. */
static void normalise(const char *typed, char code[SUPPORT_CODE_SIZE])
{
	uint8_t data[SUPPORT_CODE_SYMBOLS];
	struct support_code_problem problem;
	size_t count;

	*code = '\0';
	if (support_code_read(typed, data, &count, &problem) == 0)
		support_code_write(data, count, code);
}

int command_decode(const struct options *options)
{
	struct rules *rules = command_rules(options);
	struct support_code_problem problem;
	struct support_content content;
	struct strbuf typed;
	char code[SUPPORT_CODE_SIZE];
	int exit_code = EXIT_USAGE;

	if (rules == NULL)
		return EXIT_USAGE;
	join(&typed, &options->args);
	if (support_code_unpack(&content, typed.data, rules, &problem) != 0) {
		complain(typed.data, &problem, options->lang);
	} else {
		normalise(typed.data, code);
		json_t *document = decode_document(&content, rules, code);
		write_document(options, document);
		json_decref(document);
		exit_code = EXIT_READY;
	}
	support_content_release(&content);
	strbuf_release(&typed);
	rules_free(rules);
	return exit_code;
}
