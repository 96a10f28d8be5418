/* preflight lint: all problems of rule files at once. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "rules.h"
#include "verdict.h"

/* Each file is checked on top of the built-in rules, as --rules would use it. */
static int lint_file(const char *path, struct diags *diags)
{
	struct rule_source sources[2] = {rules_builtin()};
	size_t before = diags->count, len = 0;
	char *text = NULL;

	if (rules_read_file(path, &text, &len, diags) == 0) {
		sources[1] = (struct rule_source){.name = path, .text = text, .len = len};
		rules_free(rules_load(sources, 2, diags));
		free(text);
	}
	return diags->count == before ? 0 : -1;
}

int command_lint(const struct options *options)
{
	struct diags diags = {0};
	int code = EXIT_READY;

	for (size_t i = 0; i < options->args.count; i++) {
		if (lint_file(options->args.items[i], &diags) != 0)
			code = EXIT_USAGE;
		else
			printf("%s: OK\n", options->args.items[i]);
	}
	fflush(stdout);
	command_complain(&diags);
	return code;
}
