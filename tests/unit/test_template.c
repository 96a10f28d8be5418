/* Templates, columns of text, wrapping, and text from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report.h"
#include "report/internal.h"

static const char *const values_json =
	"{\"host\": \"sec\", \"port\": 4500, \"ms\": 12.34, \"slow\": 1234.6, \"list\": [\"a\", 2, "
	"\"\"],"
	" \"none\": null, \"empty\": \"\", \"nothing\": [], \"yes\": true, \"no\": false,"
	" \"found\": [{\"name\": \"P\", \"version\": \"6\"}, {\"server\": \"10.0.0.1\"}],"
	" \"vpns\": [{\"name\": \"a\", \"connected\": false}, {\"name\": \"b\", \"connected\": "
	"true}],"
	" \"twice\": [\"a\", \"b\", \"a\"],"
	" \"braces\": \"{host} [x\"}";

static void expands_to(const char *text, const char *expected)
{
	json_t *values = json_loads(values_json, 0, NULL);
	struct strbuf out;

	assert_non_null(values);
	strbuf_init(&out, 1000);
	template_expand(&out, text, values);
	assert_string_equal(out.data, expected);
	strbuf_release(&out);
	json_decref(values);
}

static void test_names(void **state)
{
	(void)state;
	expands_to("", "");
	expands_to("{host}:{port}", "sec:4500");
	expands_to("{ms} {slow}", "12 1235");
	expands_to("{list}", "a, 2");
	expands_to("{found}", "P 6, 10.0.0.1");
	expands_to("{twice}", "a, b");
	expands_to("{vpns}", "b");
	expands_to("{list}{list_separator}", "a, 2…");
	expands_to("{gone} {none} {empty} {nothing} {no}", "… … … … …");
	expands_to("<{yes}>", "<>");
	expands_to("{braces}", "{host} [x");
}

static void test_brackets(void **state)
{
	(void)state;
	expands_to("a[ ({host})]", "a (sec)");
	expands_to("a[ ({gone})]b", "ab");
	expands_to("a[ {host} {none}]b", "ab");
	expands_to("[{empty}][{nothing}][{no}]", "");
	expands_to("[yes{yes}][no{no}]", "yes");
	expands_to("[plain]", "plain");
	expands_to("[[x] {{host}", "[x] {host}");
	expands_to("[a [[{host}]", "a [sec");
}

/* The first alternative that misses nothing. */
static void test_alternatives(void **state)
{
	(void)state;
	expands_to("a[ {host}| b]c", "a secc");
	expands_to("a[ {gone}| b]c", "a bc");
	expands_to("a[ {gone}| {none}| {port}| d]", "a 4500");
	expands_to("a[ {gone}| {none}]c", "ac");
	expands_to("a[ {gone}|]c", "ac");
	expands_to("[{gone}|{host}", "sec");
	expands_to("a|b||c", "a|b||c");
	expands_to("[a||{host}]", "a|sec");
	expands_to("[{gone}|[[x]", "[x");
}

/* Whatever the text, expansion ends and reads nothing beyond it. */
static void test_malformed(void **state)
{
	(void)state;
	expands_to("{", "{");
	expands_to("{}", "{}");
	expands_to("{host", "{host");
	expands_to("{Host} {a b}", "{Host} {a b}");
	expands_to("[{host}", "sec");
	expands_to("[", "");
	expands_to("[|", "");
	expands_to("[{gone}|", "");
	expands_to("]}", "]}");
}

static void test_check(void **state)
{
	(void)state;
	assert_null(template_check("{host}[ {port}] [[ {{ ] }"));
	assert_null(template_check(""));
	assert_null(template_check("[ {host}| none]"));
	assert_non_null(template_check("{"));
	assert_non_null(template_check("{}"));
	assert_non_null(template_check("{Host}"));
	assert_non_null(template_check("{host"));
	assert_non_null(template_check("[{host}"));
	assert_non_null(template_check("[a [b]]"));
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(report_text_width(""), 0);
	assert_int_equal(report_text_width("abc"), 3);
	assert_int_equal(report_text_width("施設内（Ａ）"), 12);
	assert_int_equal(report_text_width("ｶﾅ"), 2);
	assert_int_equal(report_text_width("か\u3099"), 2); /* combining voiced mark */
	assert_int_equal(report_text_width("e\u0301"), 1);
	assert_int_equal(report_text_width("\u00e9□·…"), 4);
	assert_int_equal(report_text_width("\U0001f600\U00020000"), 4);
	assert_int_equal(report_text_width("\xff\xe3\x81"), 3); /* not UTF-8: one each */
	assert_int_equal(width_of(0x3000), 2);
	assert_int_equal(width_of(0x200b), 0);
	assert_int_equal(width_of(0x10ffff), 1);
}

/* Reads a stream back from its beginning; the caller frees the text. */
static char *text_of(FILE *file)
{
	char *text = calloc(1, 10000);

	rewind(file);
	text[fread(text, 1, 9999, file)] = '\0';
	fclose(file);
	return text;
}

static void prints_as(const char *text, const char *expected)
{
	FILE *file = tmpfile();

	report_print_safe(file, text);
	char *printed = text_of(file);
	assert_string_equal(printed, expected);
	free(printed);
}

static void test_safe(void **state)
{
	(void)state;
	prints_as("端末 ok", "端末 ok");
	prints_as("\x1b[31m\r\n\t\x7f", "\\x1B[31m\\x0D\\x0A\\x09\\x7F");
	prints_as("\xc2\x9b", "\\xC2\\x9B"); /* C1 CSI */
	prints_as("\u202e\u2066", "\\xE2\\x80\\xAE\\xE2\\x81\\xA6");
	prints_as("\xff\xc0\xaf\xe3\x81", "\\xFF\\xC0\\xAF\\xE3\\x81");
	prints_as("\xed\xa0\x80", "\\xED\\xA0\\x80"); /* surrogate */
}

static void wraps_to(int width, int indent, const char *text, const char *expected)
{
	FILE *file = tmpfile();
	struct page page = {.out = file, .width = width};

	page_pad(&page, indent);
	page_text(&page, indent, text);
	char *printed = text_of(file);
	assert_string_equal(printed, expected);
	free(printed);
}

/* A mark for each step; wrapped lines hang behind it; empty lines are no steps. */
static void test_steps(void **state)
{
	FILE *file = tmpfile();
	struct page page = {.out = file, .width = 12, .lang = LANG_JA};

	(void)state;
	page_steps(&page, 2, "あいうえおか\n\none two three\n");
	char *printed = text_of(file);
	assert_string_equal(printed, "  ・あいうえ\n    おか\n  ・one two\n    three\n");
	free(printed);
}

static void test_wrap(void **state)
{
	(void)state;
	wraps_to(10, 0, "one two three", "one two\nthree");
	wraps_to(0, 0, "one two three four five six", "one two three four five six");
	wraps_to(10, 2, "one two three", "  one two\n  three");
	wraps_to(10, 0, "あいうえおか", "あいうえお\nか");
	wraps_to(10, 0, "あいうえお。か", "あいうえ\nお。か"); /* 。 begins no line */
	wraps_to(10, 0, "あいうえ（か）", "あいうえ\n（か）"); /* （ ends none */
	wraps_to(10, 0, "あいう abcdef", "あいう\nabcdef");
	wraps_to(10, 0, "あいうabcdef", "あいう\nabcdef");
	wraps_to(10, 0, "abcdefghijklmn", "abcdefghij\nklmn");
	wraps_to(10, 0, "確認が 2 件ある", "確認が\n2 件ある");
	wraps_to(10, 2, "one\ntwo\n", "  one\n  two");
	wraps_to(2, 0, "。。。", "。\n。\n。");
	wraps_to(1, 0, "あい", "あ\nい");
	wraps_to(10, 0, "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_alternatives),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_safe),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
