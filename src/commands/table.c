/* The table of commands. */
#include "commands.h"

/* Words of --format; the default first. */
static const char *const report_words[] = {
	"text", "json", "html", "junit", "tap", "nagios", "prometheus", NULL};
static const char *const data_words[] = {"text", "json", NULL};
static const char *const request_words[] = {"text", "html", "csv", NULL};

const struct command commands[] = {
	{"run", "", 0, 0, 1 << 0, report_words, command_run,
		{"確認を実行します（コマンドを省略した場合も同じ）",
			"run the checks (the default)"}},
	{"plan", "", 0, 0, 1 << 1, data_words, command_plan,
		{"通信先をすべて表示します（何も送信しません）",
			"show every host and port that a run contacts; sends nothing"}},
	{"list", "", 0, 0, 1 << 2, data_words, command_list,
		{"確認項目の一覧を表示します", "list the checks of a profile"}},
	{"explain", "ID|CAUSE", 1, 1, 1 << 3, NULL, command_explain,
		{"項目・要件・原因の意味と対処を説明します",
			"explain a check, a requirement or a cause, and who fixes it"}},
	{"lint", "FILE...", 1, 1000, 1 << 4, NULL, command_lint,
		{"規則ファイルを検査します", "check rule files: all problems at once"}},
	{"schema", "rules|report", 1, 1, 1 << 5, NULL, command_schema,
		{"JSON Schema を表示します", "print the JSON Schema of either"}},
	{"inventory", "", 0, 0, 1 << 6, NULL, command_inventory,
		{"この端末の情報を、--inventory 用のファイルとして表示します",
			"print this terminal as a file for --inventory"}},
	{"show", "REPORT", 1, 1, 1 << 7, report_words, command_show,
		{"保存した結果を、別の形式・言語で表示し直します（--rules で判定し直します）",
			"show a saved report again, in any format or language; judge it by "
			"--rules"}},
	{"diff", "OLD NEW", 2, 2, 1 << 8, data_words, command_diff,
		{"保存した二つの結果の違いを表示します", "what changed between two saved reports"}},
	{"request", "[REPORT]", 0, 1, 1 << 9, request_words, command_request,
		{"ネットワーク管理者や回線業者に渡す、通信許可の依頼書を作ります",
			"the sheet for whoever has to open the network: what, and why"}},
	{"decode", "CODE...", 1, 20, 1 << 10, data_words, command_decode,
		{"電話で伝えられたサポートコードを読み解きます",
			"turn a support code back into verdicts and causes"}},
	{"completion", "bash|zsh", 1, 1, 1 << 11, NULL, command_completion,
		{"シェルの入力補完のスクリプトを表示します",
			"print the script that completes command lines in a shell"}},
	{.name = NULL},
};
