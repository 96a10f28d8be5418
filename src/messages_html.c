/* The catalogue: words of the HTML report that the other formats have not. */
#include "messages.h"

static const struct message_row rows[] = {
	MESSAGE("html.again", "対応が終わったら、もう一度 preflight を実行して確認してください。",
		"When this is done, run preflight again."),
	MESSAGE("html.ask-anyone", "確認してください", "Please confirm"),
	MESSAGE("html.chart", "応答時間", "Response times"),
	MESSAGE("html.chart.text",
		"接続先ごとに、名前解決から応答までにかかった時間です（単位: ミリ秒）。",
		"The time for each host from the lookup of its name to its answer, in "
		"milliseconds."),
	MESSAGE("html.checklist",
		"この端末からは確認できない項目です。確認できたら □ に印を付けてください。",
		"What cannot be seen from this terminal. Tick the box when it is confirmed."),
	MESSAGE("html.code", "原因コード", "Cause code"),
	MESSAGE("html.documented",
		"* "
		"名前解決ができないため、資料に記載のアドレスに接続しました。名前解決の値は、待った"
		"時間です。",
		"* No address came from name resolution, so the documented one was used. The value "
		"of the name is the time waited."),
	MESSAGE("html.duration", "所要時間", "Duration"),
	MESSAGE("html.layer.large", "大きなUDP", "large UDP"),
	MESSAGE("html.layer.name", "名前解決", "name"),
	MESSAGE("html.layer.tcp", "TCP", "TCP"),
	MESSAGE("html.layer.udp", "UDP", "UDP"),
	MESSAGE("html.layer.web", "HTTPS", "HTTPS"),
	MESSAGE("html.next", "次にすること", "What is left to do"),
	MESSAGE("html.node.facility", "施設内\nネットワーク", "Facility\nnetwork"),
	MESSAGE("html.node.line", "回線・ISP", "Line, ISP"),
	MESSAGE("html.node.portal", "VPN内の\nシステム", "Systems in\nthe VPN"),
	MESSAGE("html.node.service", "サービス側", "Service"),
	MESSAGE("html.node.terminal", "この端末", "This\nterminal"),
	MESSAGE("html.node.vpn", "VPN", "VPN"),
	MESSAGE("html.none", "–", "–"),
	MESSAGE("html.one-of", "原因はこの範囲のどこか", "one of these"),
	MESSAGE("html.path", "どこまで届いているか", "How far the traffic gets"),
	MESSAGE("html.port", "ポート", "Port"),
	MESSAGE("html.reach.fail", "ここで止まっている（点線: 止まっている可能性のある範囲）",
		"stopped here (dashed: somewhere in this range)"),
	MESSAGE("html.reach.pass", "届いている", "gets there"),
	MESSAGE("html.reach.unknown", "確認できない", "cannot be told"),
	MESSAGE("html.reach.warn", "注意", "needs a look"),
	MESSAGE("html.redacted", "端末を特定する情報（内部のアドレスなど）は伏せてあります。",
		"What identifies the terminal (such as private addresses) was replaced."),
	MESSAGE("html.severity", "重要度", "Severity"),
	MESSAGE("html.signature", "確認日:　　　　年　　月　　日　　確認者:",
		"Date:                              Confirmed by:"),
	MESSAGE("html.stage.answer", "応答", "Answer"),
	MESSAGE("html.stage.host", "接続先", "Host"),
	MESSAGE("html.stage.name", "名前解決", "Name"),
	MESSAGE("html.stage.tcp", "TCP", "TCP"),
	MESSAGE("html.stage.tls", "TLS", "TLS"),
	MESSAGE("html.stage.total", "計", "Total"),
	MESSAGE("html.state.broken", "× 原因はここ", "× cause is here"),
	MESSAGE("html.state.down", "– 未接続", "– not up"),
	MESSAGE("html.state.open", "? 不明", "? unclear"),
	MESSAGE("html.state.suspect", "× 疑いあり", "× suspect"),
	MESSAGE("html.state.unseen", "– 未確認", "– not checked"),
	MESSAGE("html.state.works", "✓ 動作を確認", "✓ works"),
	MESSAGE("html.support-code", "サポートコード: ", "Support code: "),
	MESSAGE("html.symbol.fail", "×", "×"),
	MESSAGE("html.symbol.manual", "□", "□"),
	MESSAGE("html.symbol.pass", "✓", "✓"),
	MESSAGE("html.symbol.skip", "–", "–"),
	MESSAGE("html.symbol.unknown", "?", "?"),
	MESSAGE("html.symbol.warn", "!", "!"),
	MESSAGE("html.unfold", "項目を選ぶと、記録した値が開きます。印刷ではすべて開きます。",
		"Select a check to see the values behind it. On paper all are shown."),
	MESSAGE("html.verdict.fail", "不合格", "Fail"),
	MESSAGE("html.verdict.manual", "人による確認", "For a person"),
	MESSAGE("html.verdict.pass", "合格", "Pass"),
	MESSAGE("html.verdict.skip", "対象外", "Skipped"),
	MESSAGE("html.verdict.unknown", "不明", "Unknown"),
	MESSAGE("html.verdict.warn", "注意", "Warning"),
};

const struct message_table messages_html = {
	.rows = rows, .count = sizeof rows / sizeof rows[0], .templates = false};

static const struct message_row templates[] = {
	MESSAGE("html.cause-number", "原因 {value}", "cause {value}"),
	MESSAGE("html.more-lanes", "ほか {value} 件は「確認の結果」にあります。",
		"{value} more are listed below."),
	MESSAGE("html.next.manual", "「人による確認」の {value} 件を確認してください。",
		"Have the list for people confirmed ({value})."),
	MESSAGE("html.next.warnings", "「注意」の {value} 件を見てください。",
		"Look at the warnings ({value})."),
};

const struct message_table messages_html_templates = {
	.rows = templates, .count = sizeof templates / sizeof templates[0], .templates = true};
