/*
 * preflight request: the letters to whoever has to open the network; for profiles everything that
 * they need, for a saved report what it found blocked.
 */
#include "request.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "output.h"
#include "report_load.h"
#include "verdict.h"

/* All before the VPN, whatever is connected now: nothing is read of this terminal. */
static json_t *of_profiles(
	const struct options *options, const struct rules *rules, struct diags *diags)
{
	struct plan_request request = options->request;
	struct terminal terminal = {0};
	struct plan plan;
	json_t *sheet = NULL;

	request.phase = PHASE_CHOICE_BEFORE_VPN;
	request.inputs = NULL;
	if (plan_make(&plan, &request, rules, &terminal, diags) == 0)
		sheet = request_from_plan(&plan);
	plan_release(&plan);
	return sheet;
}

static json_t *of_report(
	const struct options *options, const struct rules *rules, struct diags *diags)
{
	if (options->request.profiles.count > 0) {
		diags_add(
			diags, "", 0, 0, "--profile: a report has its profiles; leave out either");
		return NULL;
	}
	json_t *report = report_load(options->args.items[0], diags);
	json_t *sheet = report != NULL ? request_from_report(report, rules) : NULL;

	json_decref(report);
	return sheet;
}

struct delivery {
	const struct request_format *format;
	const json_t *sheet;
	enum lang lang;
};

static void write_one(FILE *out, void *arg)
{
	const struct delivery *d = arg;

	d->format->write(out, d->sheet, d->lang);
}

static int deliver(const struct options *o, const json_t *sheet)
{
	const char *const *formats = o->command->formats;
	const char *state = json_string_value(json_object_get(sheet, "state"));
	struct delivery d = {.sheet = sheet, .lang = o->lang};
	bool open = strcmp(state, "undecided") == 0 || strcmp(state, "not-checked") == 0;
	int code = open ? EXIT_UNKNOWN : EXIT_READY;

	d.format = request_format_find(o->format != NULL ? o->format : formats[0]);
	write_one(stdout, &d);
	for (size_t i = 0; i < o->outputs.count; i++) {
		d.format = request_format_find(output_format(formats, o->outputs.items[i]));
		if (output_write(o->outputs.items[i], write_one, &d) != 0)
			code = EXIT_UNKNOWN;
	}
	return code;
}

int command_request(const struct options *options)
{
	struct diags diags = {0};
	struct rules *rules = command_rules(options);
	int code = EXIT_USAGE;

	if (rules == NULL)
		return EXIT_USAGE;
	json_t *sheet = options->args.count > 0 ? of_report(options, rules, &diags)
						: of_profiles(options, rules, &diags);
	if (sheet != NULL)
		code = deliver(options, sheet);
	json_decref(sheet);
	rules_free(rules);
	command_complain(&diags);
	return code;
}
