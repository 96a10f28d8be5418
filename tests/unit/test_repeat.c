/* --wait and --every: what is kept between runs, what is told, and how it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "commands/watch.h"
#include "progress.h"
#include "report.h"
#include "span.h"

/* ---- times ---- */

static void assert_span(enum lang lang, double seconds, const char *expected)
{
	char *text = span_text(lang, seconds);

	assert_string_equal(text, expected);
	free(text);
}

static void test_spans(void **state)
{
	(void)state;
	assert_span(LANG_EN, 0, "0 s");
	assert_span(LANG_EN, -5, "0 s");
	assert_span(LANG_EN, 59.4, "59 s");
	assert_span(LANG_EN, 59.6, "1 min 0 s");
	assert_span(LANG_JA, 61, "1 分 1 秒");
	assert_span(LANG_EN, 3600, "1 h 0 min 0 s");
	assert_span(LANG_JA, 86399, "23 時間 59 分 59 秒");
	assert_true(span_parse("1970-01-02T00:00:01Z") == 86401);
	assert_true(span_parse("2026-11-21T07:30:00Z") == 1795246200);
	assert_true(span_parse("yesterday") == 0);
}

static void test_clock(void **state)
{
	char clock[16];

	(void)state;
	span_clock(clock, 1795246200);
	assert_int_equal(strlen(clock), 8);
	assert_string_equal(clock + 5, ":00"); /* no zone is off by seconds */
}

/* ---- the line of --wait ---- */

static json_t *json(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, 0, &error);

	if (value == NULL)
		fail_msg("%s: %s", text, error.text);
	return value;
}

static void test_waiting_line(void **state)
{
	json_t *report = json("{\"causes\": [{\"verdict\": \"fail\", \"title\": {\"ja\": \"切断\", "
			      "\"en\": \"The line is cut\"}}, {\"verdict\": \"warn\", \"title\": "
			      "{\"ja\": \"古い\", \"en\": \"Old\"}}, {\"verdict\": \"unknown\", "
			      "\"title\": {\"ja\": \"時計\", \"en\": \"The clock\"}}]}");
	struct progress_waiting waiting = {report, 2, 590.4, 8};

	(void)state;
	char *line = progress_waiting_line(LANG_EN, &waiting, 0);
	assert_string_equal(line, "waiting (tried 2, next in 8 s, 9 min 50 s left): "
				  "The line is cut, The clock");
	free(line);
	for (int width = 40; width < 120; width++) {
		line = progress_waiting_line(LANG_JA, &waiting, width);
		assert_true(report_text_width(line) < width);
		assert_true(strstr(line, "…") != NULL || strstr(line, "切断、時計") != NULL);
		free(line);
	}
	json_decref(report);
}

/* ---- events ---- */

#define CHECK(id, verdict, root)                                                                   \
	"{\"id\": \"" id "\", \"title\": {\"ja\": \"" id "の確認\", \"en\": \"Check " id           \
	"\"}, \"verdict\": \"" verdict "\", \"root\": " root                                       \
	", \"evidence\": {\"ja\": \"見えた\", \"en\": \"seen\"}}"
#define CAUSE(code, title)                                                                         \
	"{\"code\": \"" code "\", \"verdict\": \"fail\", \"title\": {\"ja\": \"" title             \
	"\", \"en\": \"" title "\"}}"
#define REPORT(verdict, phase, causes, checks)                                                     \
	"{\"verdict\": \"" verdict "\", \"phase\": \"" phase                                       \
	"\", \"counts\": {\"pass\": 0, \"fail\": 2}, \"causes\": [" causes                         \
	"], \"checks\": [" checks "]}"

static const char good[] = REPORT("ready", "before-vpn", "",
	CHECK("a", "pass", "null") "," CHECK("b", "pass", "null") "," CHECK("c", "warn", "null"));
static const char cut[] = REPORT("not-ready", "before-vpn", CAUSE("tcp.silent", "Cut\\u001b[2J"),
	CHECK("a", "fail", "0") "," CHECK("b", "fail", "0") "," CHECK("c", "warn", "null"));
static const char inside[] = REPORT("ready", "in-vpn", "",
	CHECK("a", "skip", "null") "," CHECK("b", "pass", "null") "," CHECK("c", "fail", "null"));

static json_t *events_of(const char *before, const char *after)
{
	json_t *old = before != NULL ? json(before) : NULL, *fresh = json(after);
	json_t *events = watch_events(old, fresh, 7, 1795246200);

	json_decref(old);
	json_decref(fresh);
	return events;
}

/* The text that the events make, by the reader's clock taken off. */
static void assert_written(json_t *events, enum lang lang, const char *const *lines)
{
	char text[4096] = "";
	FILE *out = tmpfile();
	size_t len, at = 0;

	assert_non_null(out);
	watch_write(out, events, false, lang);
	rewind(out);
	len = fread(text, 1, sizeof text - 1, out);
	text[len] = '\0';
	fclose(out);
	for (; *lines != NULL; lines++) {
		assert_true(strlen(text + at) > 9);
		at += text[at] == ' ' ? 0 : 9;
		assert_memory_equal(text + at, *lines, strlen(*lines));
		at += strlen(*lines);
		assert_int_equal(text[at], '\n');
		at++;
	}
	assert_int_equal(at, len);
	json_decref(events);
}

static void test_events(void **state)
{
	json_t *events = events_of(good, cut);

	(void)state;
	assert_int_equal(json_array_size(events), 3);
	json_t *wanted =
		json("{\"time\": \"2026-11-21T07:30:00Z\", \"run\": 7, \"event\": \"check\", "
		     "\"id\": \"b\", \"title\": {\"ja\": \"bの確認\", \"en\": \"Check b\"}, "
		     "\"before\": \"pass\", \"after\": \"fail\", \"cause\": \"tcp.silent\", "
		     "\"detail\": {\"ja\": \"Cut\\u001b[2J\", \"en\": \"Cut\\u001b[2J\"}}");
	assert_true(json_equal(json_array_get(events, 1), wanted));
	json_decref(wanted);
	json_decref(events);
	events = events_of(good, good);
	assert_int_equal(json_array_size(events), 0);
	json_decref(events);
}

static void test_lines(void **state)
{
	(void)state;
	assert_written(events_of(NULL, cut), LANG_EN,
		(const char *[]){"NOT READY · 0 passed · 2 failed · before the VPN is connected · "
				 "causes: Cut\\x1B[2J",
			NULL});
	/* two checks, one cause, one line; what a server said is no markup */
	assert_written(events_of(good, cut), LANG_EN,
		(const char *[]){"Check a and 1 more: pass → fail (Cut\\x1B[2J)",
			"Verdict: READY → NOT READY", NULL});
	assert_written(events_of(cut, good), LANG_JA,
		(const char *[]){"aの確認 ほか 1 件: 不合格 → 合格",
			"判定: 準備ができていません → 準備完了", NULL});
	/* without a common cause, each has its own */
	assert_written(events_of(good, inside), LANG_EN,
		(const char *[]){"before the VPN is connected → inside the VPN",
			"Check a: pass → skip", "Check c: warn → fail (seen)", NULL});
}

static void test_json_lines(void **state)
{
	json_t *events = events_of(good, cut);
	char line[4096];
	FILE *out = tmpfile();
	size_t count = 0;

	(void)state;
	assert_non_null(out);
	watch_write(out, events, true, LANG_EN);
	rewind(out);
	while (fgets(line, sizeof line, out) != NULL) {
		json_t *event = json(line);
		assert_true(json_equal(event, json_array_get(events, count++)));
		json_decref(event);
	}
	assert_int_equal(count, 3);
	fclose(out);
	json_decref(events);
}

/* ---- history ---- */

static void add(struct watch_history *history, const char *report, double now)
{
	json_t *value = json(report);

	watch_history_add(history, value, now, 1795246200 + now);
	json_decref(value);
}

static void assert_row(const json_t *row, const char *expected)
{
	json_t *wanted = json(expected);

	json_object_set(wanted, "title", json_object_get(row, "title"));
	if (!json_equal(row, wanted))
		fail_msg("%s", json_dumps(row, 0));
	json_decref(wanted);
}

/* The longest outage lasts until the run that passes; a warning that stays is not told. */
static void test_history(void **state)
{
	struct watch_history history = {0};

	(void)state;
	add(&history, good, 100);
	add(&history, cut, 110);
	add(&history, cut, 120);
	add(&history, good, 130);
	add(&history, cut, 140);
	json_t *rows = watch_history_checks(&history, 145);
	assert_int_equal(history.runs, 5);
	assert_int_equal(json_array_size(rows), 2);
	assert_row(json_array_get(rows, 0),
		"{\"id\": \"a\", \"runs\": 5, \"bad\": 3, \"share\": 0.6, \"changes\": 3, "
		"\"longest_seconds\": 20.0, \"first\": \"2026-11-21T07:31:50Z\", "
		"\"last\": \"2026-11-21T07:32:20Z\"}");
	json_decref(rows);
	rows = watch_history_checks(&history, 170);
	assert_true(json_number_value(
			    json_object_get(json_array_get(rows, 0), "longest_seconds")) == 30);
	json_decref(rows);
	add(&history, inside, 180); /* skipped: no run of it */
	rows = watch_history_checks(&history, 190);
	assert_int_equal(json_array_size(rows), 3);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(rows, 0), "runs")), 5);
	json_decref(rows);
	watch_history_release(&history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_waiting_line),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_json_lines),
		cmocka_unit_test(test_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
