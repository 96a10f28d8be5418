/* The program: reads the command line and calls the command. */
#include <stdio.h>

#include "commands.h"
#include "platform.h"
#include "verdict.h"

const struct command commands[] = {
	{"run", "", 0, 0, 1 << 0, command_run,
		{"確認を実行します（コマンドを省略した場合も同じ）",
			"run the checks (the default)"}},
	{"plan", "", 0, 0, 1 << 1, command_plan,
		{"通信先をすべて表示します（何も送信しません）",
			"show every host and port that a run contacts; sends nothing"}},
	{"list", "", 0, 0, 1 << 2, command_list,
		{"確認項目の一覧を表示します", "list the checks of a profile"}},
	{"explain", "ID|CAUSE", 1, 1, 1 << 3, command_explain,
		{"項目・要件・原因の意味と対処を説明します",
			"explain a check, a requirement or a cause, and who fixes it"}},
	{"lint", "FILE...", 1, 1000, 1 << 4, command_lint,
		{"規則ファイルを検査します", "check rule files: all problems at once"}},
	{"schema", "rules|report", 1, 1, 1 << 5, command_schema,
		{"JSON Schema を表示します", "print the JSON Schema of either"}},
	{.name = NULL},
};

void command_complain(struct diags *diags)
{
	diags_sort(diags);
	diags_print(diags, stderr);
	diags_release(diags);
}

static int dispatch(const struct options *options)
{
	if (options->help) {
		options_usage(stdout, options->lang);
		return EXIT_READY;
	}
	if (options->version) {
		puts("preflight " PREFLIGHT_VERSION);
		return EXIT_READY;
	}
	return options->command->run(options);
}

int main(int argc, char **argv)
{
	struct options options;
	struct diags diags = {0};
	int code = EXIT_USAGE;

	platform_console_init();
	if (options_parse(&options, argc, argv, &diags) != 0)
		command_complain(&diags);
	else
		code = dispatch(&options);
	options_release(&options);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		perror("preflight: standard output");
		code = EXIT_UNKNOWN;
	}
	return code;
}
