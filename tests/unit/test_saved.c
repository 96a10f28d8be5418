/* Saved terminals: what is read is what is written, and nothing is half-read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "saved.h"

#define FOLDER "tests/inventories/"
#define TAKEN  1795251600.0 /* 2026-11-21T09:00:00Z, as in the files */

static const char *const names[] = {"windows-11-25h2-home", "windows-7-sp1", "windows-8-1-rt",
	"windows-10-20h2-mobile", "macos-26", "ubuntu-24-04", "conflicts-windows",
	"windows-11-partial"};

static json_t *made_from(const struct saved *saved)
{
	return saved_make(&saved->terminal, saved->inventory_known ? &saved->inventory : NULL,
		saved->disk_known ? &saved->disk : NULL, TAKEN);
}

/* Every member of the file but zeros, which are not written. */
static void reading_and_writing_agree(void **state)
{
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct diags diags = {0};
		snprintf(path, sizeof path, FOLDER "%s.json", names[i]);
		struct saved *saved = saved_read(path, &diags);
		json_t *original = json_load_file(path, 0, NULL);

		assert_non_null(saved);
		assert_int_equal(diags.count, 0);
		json_t *made = made_from(saved);
		json_t *os = json_object_get(original, "os");
		if (json_integer_value(json_object_get(os, "revision")) == 0)
			json_object_del(os, "revision");
		json_object_del(original, "complete"); /* a set; told in another order */
		json_object_del(made, "complete");
		assert_true(json_equal(original, made));
		json_decref(original);
		json_decref(made);
		saved_free(saved);
	}
}

static void what_is_not_told_is_unknown(void **state)
{
	struct diags diags = {0};
	struct saved *saved = saved_read(FOLDER "windows-11-partial.json", &diags);

	(void)state;
	assert_non_null(saved);
	assert_false(saved->disk_known);
	assert_false(saved->terminal.routes_known);
	assert_false(saved->terminal.vpns_known);
	assert_true(saved->inventory.complete[INVENTORY_PROGRAM]);
	assert_false(saved->inventory.complete[INVENTORY_SERVICE]);
	assert_non_null(strstr(saved->terminal.why.data, "link: not in the saved inventory"));
	saved_free(saved);
}

static void a_mobile_line_is_the_default_route(void **state)
{
	struct diags diags = {0};
	struct saved *saved = saved_read(FOLDER "windows-10-20h2-mobile.json", &diags);

	(void)state;
	assert_non_null(saved);
	assert_non_null(terminal_default_interface(&saved->terminal));
	assert_int_equal(terminal_default_interface(&saved->terminal)->kind, NETIF_WWAN);
	saved_free(saved);
}

static void one_wrong_value_gives_nothing(void **state)
{
	struct diags diags = {0};

	(void)state;
	assert_null(saved_read(FOLDER "expected.yaml", &diags));
	assert_int_equal(diags.count, 1);
	assert_true(diags.items[0].line > 0);
	diags_release(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_and_writing_agree),
		cmocka_unit_test(what_is_not_told_is_unknown),
		cmocka_unit_test(a_mobile_line_is_the_default_route),
		cmocka_unit_test(one_wrong_value_gives_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
