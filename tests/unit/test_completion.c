/* What completion scripts are made from: every argument of the tables is known, shell words are
 * quoted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "commands/completion.h"

static void expect_known(const char *argument)
{
	struct strbuf sources;

	strbuf_init(&sources, 1024);
	if (completion_sources(&sources, argument) != 0 || sources.len == 0)
		fail_msg(
			"%s: src/commands/completion.c does not know what it stands for", argument);
	strbuf_release(&sources);
}

static void every_argument_is_known(void **state)
{
	struct strbuf operand;

	(void)state;
	for (const struct option_row *row = option_rows; row->name != NULL; row++)
		if (row->argument != NULL)
			expect_known(row->argument);
	strbuf_init(&operand, 1024);
	for (const struct command *command = commands; command->name != NULL; command++)
		for (const char *rest = command->arguments;
			(rest = completion_operand(rest, &operand)) != NULL;)
			expect_known(operand.data);
	strbuf_release(&operand);
}

static void operands_are_taken_apart(void **state)
{
	static const struct {
		const char *arguments;
		const char *operands[3];
	} rows[] = {{"", {NULL}}, {"OLD NEW", {"OLD", "NEW"}}, {"[REPORT]", {"REPORT"}},
		{"FILE...", {"FILE"}}, {"ID|CAUSE", {"ID|CAUSE"}},
		{"OLD [NEW...]", {"OLD", "NEW"}}};
	struct strbuf operand;

	(void)state;
	strbuf_init(&operand, 1024);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *rest = rows[i].arguments;
		size_t count = 0;
		for (; (rest = completion_operand(rest, &operand)) != NULL; count++)
			assert_string_equal(operand.data, rows[i].operands[count]);
		assert_null(rows[i].operands[count]);
	}
	strbuf_release(&operand);
}

static void sources_are_words(void **state)
{
	static const char *const rows[][2] = {{"LANG", "word:ja word:en"},
		{"rules|report", "word:rules word:report"}, {"FORMAT", "formats"},
		{"PHASE", "word:auto word:before-vpn word:in-vpn"}};
	struct strbuf sources;

	(void)state;
	strbuf_init(&sources, 1024);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		strbuf_reset(&sources);
		assert_int_equal(completion_sources(&sources, rows[i][0]), 0);
		assert_string_equal(sources.data, rows[i][1]);
	}
	strbuf_reset(&sources);
	assert_int_equal(completion_sources(&sources, "ELEPHANT"), -1);
	assert_int_equal(sources.len, 0);
	strbuf_release(&sources);
}

static void words_are_quoted(void **state)
{
	static const char *const rows[][2] = {{"", "''"}, {"a b", "'a b'"},
		{"$(x)`y`\\", "'$(x)`y`\\'"}, {"it's", "'it'\\''s'"}, {"'", "''\\'''"},
		{"a\nb\033[1m", "'a\\x0Ab\\x1B[1m'"}, {"証明書", "'証明書'"}, {"\xff", "'\\xFF'"}};
	struct strbuf word;

	(void)state;
	strbuf_init(&word, 1024);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		strbuf_reset(&word);
		completion_quote(&word, rows[i][0]);
		assert_string_equal(word.data, rows[i][1]);
	}
	strbuf_release(&word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_argument_is_known),
		cmocka_unit_test(operands_are_taken_apart),
		cmocka_unit_test(sources_are_words),
		cmocka_unit_test(words_are_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
