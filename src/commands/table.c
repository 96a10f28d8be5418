/* The table of commands. */
#include "commands.h"

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
	{"inventory", "", 0, 0, 1 << 6, command_inventory,
		{"この端末の情報を、--inventory 用のファイルとして表示します",
			"print this terminal as a file for --inventory"}},
	{.name = NULL},
};
