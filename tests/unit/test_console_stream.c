/* What is printed as a console takes it: UTF-16, colours, erasing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "console_stream.h"
#include "strbuf.h"

/* What the console was told, as text: units in hex or ASCII, <n> for tones, <K> for erasing, <!>
 * for marks. */
struct told {
	struct strbuf log;
	size_t longest;
};

static void on_text(void *arg, const uint16_t *units, size_t count)
{
	struct told *told = arg;

	assert_true(count == 0 || (units[0] & 0xfc00) != 0xdc00); /* half a character */
	told->longest = count > told->longest ? count : told->longest;
	for (size_t i = 0; i < count; i++) {
		if (units[i] >= ' ' && units[i] < 0x7f)
			strbuf_addc(&told->log, (char)units[i]);
		else
			strbuf_addf(&told->log, "{%x}", units[i]);
	}
}

static void on_tone(void *arg, unsigned number)
{
	strbuf_addf(&((struct told *)arg)->log, "<%u>", number);
}

static void on_erase(void *arg)
{
	strbuf_adds(&((struct told *)arg)->log, "<K>");
}

static void on_mark(void *arg)
{
	strbuf_adds(&((struct told *)arg)->log, "<!>");
}

/* In pieces of `step` bytes. */
static char *tell(const char *bytes, size_t len, size_t step, size_t *longest)
{
	struct told told = {0};
	const struct console_sink sink = {on_text, on_tone, on_erase, on_mark, &told};
	struct console_stream stream;

	strbuf_init(&told.log, 1 << 20);
	console_stream_init(&stream, &sink);
	for (size_t i = 0; i < len; i += step) {
		size_t count = step < len - i ? step : len - i;
		char *piece = malloc(count);
		memcpy(piece, bytes + i, count);
		console_stream_feed(&stream, piece, count);
		free(piece);
	}
	console_stream_end(&stream);
	if (longest != NULL)
		*longest = told.longest;
	return strbuf_detach(&told.log);
}

static const struct {
	const char *bytes, *told;
} cases[] = {
	{"", ""},
	{"a\n", "a{d}{a}"},
	{"\r12", "{d}12"},
	{"判定", "{5224}{5b9a}"},
	{"é✓𠮷", "{e9}{2713}{d842}{dfb7}"},
	{"\033[1;31m不\033[0m.", "<1><31>{4e0d}<0>."},
	{"\033[ma\033[;m", "<0>a<0><0>"},
	{"\r\033[Ka\033[2K", "{d}<K>a<K>"},
	{"a" CONSOLE_STREAM_MARK "b", "a<!>b"},
	{"\033[2Ja\033[10;4Hb\033c!", "ab!"},
	{"\033[99999999999999999999mx", "<999>x"},
	{"\033[1\n2", "2"},
	{"\x80", "{fffd}"},
	{"\xe5\x88", "{fffd}{fffd}"},
	{"\xe5\x88"
	 "a",
		"{fffd}{fffd}a"},
	{"\xe5\033[31m\x88", "{fffd}<31>{fffd}"},
	{"\xc0\xaf\xed\xa0\x80\xf5\xff", "{fffd}{fffd}{fffd}{fffd}{fffd}{fffd}{fffd}"},
	{"\xf0\x9f", "{fffd}{fffd}"},
	{"\xf0\x8f\xbf\xbf", "{fffd}{fffd}{fffd}{fffd}"},
};

static void the_same_in_any_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (size_t step = 1; step < 8; step++) {
			char *told = tell(cases[i].bytes, strlen(cases[i].bytes), step, NULL);
			assert_string_equal(told, cases[i].told);
			free(told);
		}
	}
}

static void long_text_in_portions_of_whole_characters(void **state)
{
	struct strbuf text;
	size_t longest = 0;
	(void)state;

	strbuf_init(&text, 1 << 20);
	strbuf_addc(&text, 'a');
	for (int i = 0; i < 5000; i++)
		strbuf_adds(&text, "𠮷");
	char *told = tell(text.data, text.len, text.len, &longest);
	assert_int_equal(strlen(told), 1 + 5000 * strlen("{d842}{dfb7}"));
	assert_true(longest <= 1024);
	free(told);
	strbuf_release(&text);
}

static void a_zero_byte_is_text(void **state)
{
	(void)state;
	char *told = tell("a\0b", 3, 1, NULL);
	assert_string_equal(told, "a{0}b");
	free(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_in_any_pieces),
		cmocka_unit_test(long_text_in_portions_of_whole_characters),
		cmocka_unit_test(a_zero_byte_is_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
