/* preflight diff: what changed between two saved reports. */
#include <string.h>

#include "commands.h"
#include "platform.h"
#include "report_diff.h"
#include "report_load.h"
#include "verdict.h"

/* Of this command alone; the same list stands in preflight(1), EXIT STATUS. */
enum { DIFF_SAME = 0, DIFF_CHANGED = 1 };

static void print(const struct options *options, const json_t *diff)
{
	struct report_options how = {
		.lang = options->lang,
		.color = command_wants_color(options, stdout),
		.width = platform_is_terminal(stdout) ? platform_terminal_width(stdout) : 80,
	};

	if (options->format != NULL && strcmp(options->format, "json") == 0)
		report_format_find("json")->write(stdout, diff, &how);
	else
		report_diff_text(stdout, diff, &how);
}

static int compare(const struct options *options, const json_t *before, const json_t *after,
	struct diags *diags)
{
	json_t *diff = report_diff(before, after);
	int code = EXIT_USAGE;

	if (diff != NULL) {
		print(options, diff);
		code = json_is_true(json_object_get(diff, "changed")) ? DIFF_CHANGED : DIFF_SAME;
	} else {
		diags_add(diags, "", 0, 0,
			"%s and %s have no check in common, so they cannot be compared",
			options->args.items[0], options->args.items[1]);
	}
	json_decref(diff);
	return code;
}

int command_diff(const struct options *options)
{
	struct diags diags = {0};
	json_t *before = report_load(options->args.items[0], &diags);
	json_t *after = report_load(options->args.items[1], &diags);
	int code = EXIT_USAGE;

	if (before != NULL && after != NULL)
		code = compare(options, before, after, &diags);
	json_decref(before);
	json_decref(after);
	command_complain(&diags);
	return code;
}
