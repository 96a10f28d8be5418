/* The catalogue: what is said to those who started the program by a double click. */
#include "messages.h"

static const struct message_row words[] = {
	MESSAGE("desktop.ask", "結果を開きますか？ [Y/n] ", "Open the report? [Y/n] "),
	MESSAGE("desktop.ask-again",
		"開くときは Y、開かないときは N を入力して Enter キーを押してください: ",
		"Type Y to open it or N not to, then press Enter: "),
	MESSAGE("desktop.key", "何かキーを押すと、この画面を閉じます。",
		"Press any key to close this window."),
	MESSAGE("desktop.title", "preflight: 利用前の確認",
		"preflight: check of this terminal and its network"),
};

const struct message_table messages_desktop = {
	.rows = words, .count = sizeof words / sizeof words[0]};

static const struct message_row templates[] = {
	MESSAGE("desktop.begin",
		"preflight {version}: 端末・ネットワーク・通信回線を確認します。設定は変更しません"
		"。",
		"preflight {version} checks this terminal, its network and its line. Nothing is "
		"changed."),
	MESSAGE("desktop.cannot-open",
		"結果を開けませんでした（{what}）。ファイルをブラウザで開いてください。",
		"The report could not be opened ({what}). Please open the file in a browser."),
	MESSAGE("desktop.dropped",
		"{what}: 規則ファイル（.yaml）でも保存した結果（.json）でもありません。",
		"{what}: neither a rule file (.yaml) nor a saved report (.json)."),
	MESSAGE("desktop.elsewhere",
		"プログラムのあるフォルダには書き込めないため、別の場所に保存しました。",
		"The folder of the program cannot be written to, so the report is elsewhere."),
	MESSAGE("desktop.nowhere",
		"結果を保存できるフォルダがありません。この画面の内容を控えてください。",
		"There is no folder that the report could be saved in. Please note what this "
		"window "
		"says."),
	MESSAGE("desktop.wait", "結果が出るまで、この画面を閉じずにお待ちください。",
		"Please leave this window open until the result is shown."),
	MESSAGE("desktop.written", "結果を保存しました: {what}", "Report saved: {what}"),
};

const struct message_table messages_desktop_templates = {
	.rows = templates, .count = sizeof templates / sizeof templates[0], .templates = true};
