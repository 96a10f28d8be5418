/* preflight show: a saved report in any format and language, judged again where rules are given. */
#include <string.h>

#include "commands.h"
#include "rejudge.h"
#include "report_load.h"
#include "rules.h"
#include "verdict.h"

/* The exit code of the run that wrote it. */
static int exit_code(const json_t *report)
{
	static const struct {
		const char *verdict;
		int code;
	} codes[] = {{"ready", EXIT_READY}, {"not-ready", EXIT_NOT_READY}};
	const char *verdict = json_string_value(json_object_get(report, "verdict"));

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (strcmp(verdict, codes[i].verdict) == 0)
			return codes[i].code;
	return EXIT_UNKNOWN;
}

/* The report by the rules of the options; NULL when they or the report do not allow it. */
static json_t *judge_again(const struct options *options, const json_t *saved, struct diags *diags)
{
	struct rules *rules = command_rules(options);
	json_t *report = NULL;

	if (rules != NULL)
		report = report_rejudge(
			saved, options->args.items[0], rules, PREFLIGHT_VERSION, diags);
	rules_free(rules);
	return report;
}

int command_show(const struct options *options)
{
	struct diags diags = {0};
	json_t *report = report_load(options->args.items[0], &diags);
	int code = EXIT_USAGE;

	if (report != NULL && (options->rules.count > 0 || options->set.count > 0)) {
		json_t *saved = report;
		report = judge_again(options, saved, &diags);
		json_decref(saved);
	}
	if (report != NULL)
		code = command_deliver(options, report, exit_code(report));
	json_decref(report);
	command_complain(&diags);
	return code;
}
