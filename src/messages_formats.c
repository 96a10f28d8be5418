/*
 * The catalogue: texts of the formats for other programs (JUnit, TAP, Nagios, Prometheus).
 */
#include "messages.h"

static const struct message_row formats[] = {
	MESSAGE("format.cause", "原因コード", "Cause"),
	MESSAGE("format.usage",
		"使い方または規則ファイルの誤りです（標準エラー出力を参照してください）。",
		"wrong usage or rule file, see standard error"),
	MESSAGE("metric.cause_info", "原因（順位、コード、場所、担当、題名）",
		"Root causes: order, code, segments, actors, title."),
	MESSAGE("metric.certificate_expiry_timestamp_seconds", "証明書の有効期限（UNIX 時刻）",
		"End of the certificate's validity, Unix time."),
	MESSAGE("metric.check_cause_info", "項目ごとの原因コードと、免除の理由",
		"Cause code of each check that has one, and the reason of its waiver."),
	MESSAGE("metric.check_duration_seconds", "項目ごとの所要時間",
		"From the start of a check to its end."),
	MESSAGE("metric.check_info", "確認項目（種類、重要度、時期、接続先、題名）",
		"Checks: type, severity, phase, host, title."),
	MESSAGE("metric.check_timing_seconds", "項目ごとの段階別の時間",
		"Parts of a check, such as connect and tls."),
	MESSAGE("metric.check_verdict", "項目ごとの結果（該当する結果が 1）",
		"Verdict of each check: 1 for the one it has."),
	MESSAGE("metric.checks", "結果ごとの項目数", "Number of checks by verdict."),
	MESSAGE("metric.exit_code",
		"終了コード（0 準備完了、1 準備ができていません、3 判断できません）",
		"Exit code: 0 ready, 1 not ready, 3 cannot tell."),
	MESSAGE("metric.info", "プログラムの版、プロファイル、時期",
		"Version of the program, profiles and phase of the run."),
	MESSAGE("metric.rules_info", "規則ファイルと SHA-256", "Rule files and their SHA-256."),
	MESSAGE("metric.run_duration_seconds", "全体の所要時間", "Duration of the run."),
	MESSAGE("metric.run_timestamp_seconds", "開始した時刻（UNIX 時刻）",
		"Start of the run, Unix time."),
	MESSAGE("metric.verdict", "全体の判定（該当する判定が 1）",
		"Verdict of the run: 1 for the one it has."),
};

const struct message_table messages_formats = {
	.rows = formats, .count = sizeof formats / sizeof formats[0], .templates = false};
