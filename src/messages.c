/* The catalogue: words and sentences of the program itself. */
#include "messages.h"

#include <stdlib.h>
#include <string.h>

#include "report.h"

static const struct message_row words[] = {
	MESSAGE("actor.carrier", "回線業者・ISP", "line carrier or ISP"),
	MESSAGE("actor.desk", "サービス窓口", "service desk"),
	MESSAGE("actor.it", "IT担当者", "IT staff"),
	MESSAGE("actor.network", "ネットワーク管理者", "network administrator"),
	MESSAGE("error.alert", "相手が TLS を拒否", "the other side refused TLS"),
	MESSAGE("error.bad-message", "壊れた応答", "a broken answer"),
	MESSAGE("error.certificate", "証明書の問題", "its certificate is not good"),
	MESSAGE("error.closed", "途中で切断", "closed half way"),
	MESSAGE("error.converted", "テキストとして変換された内容", "contents converted as text"),
	MESSAGE("error.ends-early", "途中で終わっている", "the file ends early"),
	MESSAGE("error.invalid", "正しくない転送先", "a redirect to what is no address"),
	MESSAGE("error.local-denied", "この端末の設定で拒否", "denied by this terminal"),
	MESSAGE("error.local-error", "この端末のエラー", "an error of this machine"),
	MESSAGE("error.message-size", "パケットが大きすぎる", "too large for the path"),
	MESSAGE("error.name", "名前解決の失敗", "its name has no address"),
	MESSAGE("error.newer-version", "このプログラムが知らない新しい形式",
		"a newer format than this program knows"),
	MESSAGE("error.no-route", "経路なし", "no route"),
	MESSAGE("error.not-http", "HTTP ではない応答", "an answer that is not HTTP"),
	MESSAGE("error.not-saved", "保存された端末情報にありません", "not in the saved inventory"),
	MESSAGE("error.not-tls", "TLS ではない応答", "an answer that is not TLS"),
	MESSAGE("error.other", "その他のエラー", "another error"),
	MESSAGE("error.out-of-range", "ありえない値", "an impossible value"),
	MESSAGE("error.prohibited", "経路上で禁止", "prohibited on the path"),
	MESSAGE("error.redirects", "終わらない転送の繰り返し", "redirects without end"),
	MESSAGE("error.refused", "拒否", "refused"),
	MESSAGE("error.reset", "切断", "reset"),
	MESSAGE("error.scheme", "Web ではない転送先", "a redirect to what is no web page"),
	MESSAGE("error.silent", "応答なし", "no answer"),
	MESSAGE("error.timeout", "応答なし", "no answer"),
	MESSAGE("error.truncated", "応答が途中まで", "an answer cut short"),
	MESSAGE("error.ttl-exceeded", "経路がループ（TTL 超過）",
		"lost on the path (TTL exceeded)"),
	MESSAGE("error.unreachable-host", "相手に到達不能", "host unreachable"),
	MESSAGE("error.unreachable-net", "ネットワークに到達不能", "network unreachable"),
	MESSAGE("error.unreachable-protocol", "プロトコルに到達不能", "protocol unreachable"),
	MESSAGE("error.unreadable", "内容を解釈できません", "its contents make no sense"),
	MESSAGE("explain.ask", "確認先", "Ask"),
	MESSAGE("explain.causes", "起こりうることと対応", "What can go wrong, and what to do"),
	MESSAGE("explain.checks", "この要件の確認項目", "Checks of this requirement"),
	MESSAGE("explain.flows", "通信", "Traffic"),
	MESSAGE("explain.for-check", "確認項目", "Of the check"),
	MESSAGE("explain.question", "質問", "Question"),
	MESSAGE("explain.requirements", "要件", "Requirements"),
	MESSAGE("explain.shown-by", "この原因を見つける確認項目", "Checks that find it"),
	MESSAGE("explain.source", "出典", "Source"),
	MESSAGE("explain.why", "理由", "Why"),
	MESSAGE("group.in-vpn", "VPN内", "Inside the VPN"),
	MESSAGE("group.names", "名前解決", "Name resolution"),
	MESSAGE("group.other", "その他", "Other"),
	MESSAGE("group.skipped", "対象外", "Not applicable now"),
	MESSAGE("group.terminal", "端末", "Terminal"),
	MESSAGE("group.transport", "通信（TCP・UDP）", "Connections (TCP, UDP)"),
	MESSAGE("group.web", "TLS・HTTP", "TLS and HTTP"),
	MESSAGE("heading.causes", "原因と対応", "Root causes and what to do"),
	MESSAGE("heading.checks", "確認の結果", "Checks"),
	MESSAGE("heading.footer", "確認の記録", "About this run"),
	MESSAGE("heading.manual", "人による確認", "For people to confirm"),
	MESSAGE("heading.warnings", "注意", "Warnings"),
	MESSAGE("kind.ethernet", "有線LAN", "wired LAN"),
	MESSAGE("kind.loopback", "ループバック", "loopback"),
	MESSAGE("kind.ppp", "PPP・PPPoE", "PPP or PPPoE"),
	MESSAGE("kind.tunnel", "トンネル（VPN）", "tunnel (VPN)"),
	MESSAGE("kind.unknown", "種別不明", "unknown kind"),
	MESSAGE("kind.virtual", "仮想アダプター", "virtual adapter"),
	MESSAGE("kind.wifi", "無線LAN", "wireless LAN"),
	MESSAGE("kind.wwan", "携帯電話回線", "mobile network"),
	MESSAGE("label.checks", "該当", "Shown by"),
	MESSAGE("label.evidence", "根拠", "Evidence"),
	MESSAGE("label.remedy", "対応", "What to do"),
	MESSAGE("label.source", "要件", "Requirement"),
	MESSAGE("label.symptoms", "影響", "Because of it"),
	MESSAGE("label.verdict", "判定: ", "Verdict: "),
	MESSAGE("label.where", "場所", "Where"),
	MESSAGE("label.who", "担当", "Who"),
	MESSAGE("list.documents", "要件の出典", "Sources of the requirements"),
	MESSAGE("list.or", " または ", " or "),
	MESSAGE("list.separator", "、", ", "),
	MESSAGE("list.step", "・", "- "),
	MESSAGE("mark.fail", "[不合格]", "[FAIL]"),
	MESSAGE("mark.manual", "[確認]", "[CHECK]"),
	MESSAGE("mark.pass", "[合格]", "[PASS]"),
	MESSAGE("mark.skip", "[対象外]", "[SKIP]"),
	MESSAGE("mark.unknown", "[不明]", "[UNKNOWN]"),
	MESSAGE("mark.warn", "[注意]", "[WARN]"),
	MESSAGE("nat_local.none", "なし", "none"),
	MESSAGE("nat_local.present", "あり", "present"),
	MESSAGE("os.error", "エラー", "an error"),
	MESSAGE("os.not-found", "名前が存在しない", "no such name"),
	MESSAGE("os.pending", "応答待ち", "no answer yet"),
	MESSAGE("os.temporary", "一時的なエラー", "a temporary failure"),
	MESSAGE("outcome.answer", "応答あり", "answered"),
	MESSAGE("outcome.malformed", "応答が壊れている", "a malformed answer"),
	MESSAGE("outcome.nodata", "アドレスの登録なし", "no address (NODATA)"),
	MESSAGE("outcome.nxdomain", "名前が存在しない（NXDOMAIN）", "no such name (NXDOMAIN)"),
	MESSAGE("outcome.other-rcode", "エラー応答", "an error answer"),
	MESSAGE("outcome.pending", "応答待ち", "no answer yet"),
	MESSAGE("outcome.refused", "問い合わせを拒否（REFUSED）",
		"the question was refused (REFUSED)"),
	MESSAGE("outcome.servfail", "DNSサーバのエラー（SERVFAIL）", "server failure (SERVFAIL)"),
	MESSAGE("outcome.silent", "応答なし", "no answer"),
	MESSAGE("outcome.unreachable", "DNSサーバに到達不能", "the DNS server is unreachable"),
	MESSAGE("overall.not-ready", "準備ができていません", "NOT READY"),
	MESSAGE("overall.ready", "準備完了", "READY"),
	MESSAGE("overall.unknown", "判断できません", "CANNOT TELL"),
	MESSAGE("password_trailing.both", "末尾の半角スペースと改行",
		"blanks and a line break at its end"),
	MESSAGE("password_trailing.byte-order-mark", "先頭の文字コードの印（BOM）",
		"a byte order mark (BOM) at its beginning"),
	MESSAGE("password_trailing.full-width-characters", "全角の英数字・記号（半角が正しい）",
		"letters of full width where usual ones are right"),
	MESSAGE("password_trailing.full-width-space", "末尾の全角スペース",
		"a full-width space at its end"),
	MESSAGE("password_trailing.invisible", "末尾の見えない文字",
		"an invisible character at its end"),
	MESSAGE("password_trailing.leading-full-width-space", "先頭の全角スペース",
		"a full-width space at its beginning"),
	MESSAGE("password_trailing.leading-invisible", "先頭の見えない文字",
		"an invisible character at its beginning"),
	MESSAGE("password_trailing.leading-newline", "先頭の改行", "a line break at its beginning"),
	MESSAGE("password_trailing.leading-no-break-space", "先頭の改行しないスペース（NBSP）",
		"a no-break space at its beginning"),
	MESSAGE("password_trailing.leading-nul", "先頭の NUL 文字",
		"a NUL character at its beginning"),
	MESSAGE("password_trailing.leading-space", "先頭の半角スペース",
		"a blank at its beginning"),
	MESSAGE("password_trailing.leading-tab", "先頭のタブ", "a tab at its beginning"),
	MESSAGE("password_trailing.newline", "末尾の改行", "a line break at its end"),
	MESSAGE("password_trailing.no-break-space", "末尾の改行しないスペース（NBSP）",
		"a no-break space at its end"),
	MESSAGE("password_trailing.nul", "末尾の NUL 文字", "a NUL character at its end"),
	MESSAGE("password_trailing.quotes", "前後の引用符", "quotation marks around it"),
	MESSAGE("password_trailing.space", "末尾の半角スペース", "a blank at its end"),
	MESSAGE("password_trailing.tab", "末尾のタブ", "a tab at its end"),
	MESSAGE("password_trailing.utf-16", "文字コード UTF-16 のための印とバイト",
		"the marks and bytes of the encoding UTF-16"),
	MESSAGE("phase.any", "常時", "any phase"),
	MESSAGE("phase.before-vpn", "VPN接続前", "before the VPN is connected"),
	MESSAGE("phase.in-vpn", "VPN接続中", "inside the VPN"),
	MESSAGE("plan.address", "アドレス", "ADDRESS"),
	MESSAGE("plan.check", "確認項目", "CHECK"),
	MESSAGE("plan.host", "ホスト", "HOST"),
	MESSAGE("plan.port", "ポート", "PORT"),
	MESSAGE("plan.protocol", "プロトコル", "PROTO"),
	MESSAGE("plan.purpose", "用途", "PURPOSE"),
	MESSAGE("progress.done", "確認済み", "done"),
	MESSAGE("progress.running", "確認中", "checking"),
	MESSAGE("purpose.DTLS", "DTLS", "DTLS"),
	MESSAGE("purpose.HTTP", "HTTP", "HTTP"),
	MESSAGE("purpose.IKE", "IKE", "IKE"),
	MESSAGE("purpose.TLS", "TLS", "TLS"),
	MESSAGE("purpose.connection", "接続", "connection"),
	MESSAGE("purpose.name", "名前解決", "name"),
	MESSAGE("purpose.proxy", "プロキシ", "proxy"),
	MESSAGE("remedy.close", "】", "] "),
	MESSAGE("remedy.open", "【", "["),
	MESSAGE("rules.(built-in)", "内蔵の規則", "built-in rules"),
	MESSAGE("segment.facility", "施設内ネットワーク", "facility network"),
	MESSAGE("segment.line", "回線・ISP", "line/ISP"),
	MESSAGE("segment.service", "サービス側", "service"),
	MESSAGE("segment.terminal", "端末", "terminal"),
	MESSAGE("segment.vpn", "VPN", "VPN"),
	MESSAGE("severity.info", "参考", "information"),
	MESSAGE("severity.recommended", "推奨", "recommended"),
	MESSAGE("severity.required", "必須", "required"),
	MESSAGE("slow_by.aaaa", "DNSサーバが IPv6 アドレス（AAAA）の問い合わせに応答しない",
		"the DNS server does not answer questions for IPv6 addresses (AAAA)"),
	MESSAGE("slow_by.losses", "DNSサーバが問い合わせの一部に応答しない",
		"the DNS server leaves some of the questions unanswered"),
	MESSAGE("slow_by.server", "DNSサーバの応答が遅い", "the DNS server answers slowly"),
	MESSAGE("suspect.one-of", "（疑い）", " (suspect)"),
	MESSAGE("suspect.only", "（ここ）", " (here)"),
	MESSAGE("unit.days", " 日", " days"),
	MESSAGE("unit.hours", " 時間", " hours"),
	MESSAGE("unit.minutes", " 分", " minutes"),
	MESSAGE("unit.seconds", " 秒", " seconds"),
	MESSAGE("via.dns", "DNS", "DNS"),
	MESSAGE("via.documented", "資料に記載のアドレス", "the documented address"),
	MESSAGE("via.hosts", "HOSTSファイル", "the hosts file"),
	MESSAGE("via.literal", "アドレス指定", "a literal address"),
	MESSAGE("via.none", "なし", "nothing"),
	MESSAGE("via.os", "OSの名前解決", "the OS resolver"),
};

const struct message_table messages_words = {
	.rows = words, .count = sizeof words / sizeof words[0], .templates = false};

static const struct message_row templates[] = {
	MESSAGE("flow", "{host}[（{address}）]への {protocol} {port}",
		"{protocol} {port} to {host}[ ({address})]"),
	MESSAGE("footer.rules", "規則: {rules}", "Rules: {rules}"),
	MESSAGE("footer.run",
		"preflight {program_version} · プロファイル {profiles} · {phase}[（指定{forced}）] "
		"· {when} · {seconds} 秒",
		"preflight {program_version} · profile {profiles} · {phase}[ (as asked{forced})] · "
		"{when} · {seconds} s"),
	MESSAGE("footer.terminal",
		"端末: [{os}|OS不明][（ビルド {build}）][ {arch}][ · {interface}][ · "
		"VPN接続中{vpn_up}][ "
		"· "
		"VPN未接続{vpn_down}][ · プロキシの設定 {proxies} 件][ · DNSサーバ {dns_servers}]",
		"Terminal: [{os}|unknown OS][ (build {build})][ {arch}][ · {interface}][ · VPN "
		"connected{vpn_up}][ · VPN not connected{vpn_down}][ · proxies configured: "
		"{proxies}][ · DNS servers {dns_servers}]"),
	MESSAGE("format.waived", "免除: {value}", "Waived: {value}"),
	MESSAGE("hosts-entry", "「{address} {name}」", "\"{address} {name}\""),
	MESSAGE("list.more", " ほか {value} 件", " and {value} more"),
	MESSAGE("note.ask", "{value}に確認してください", "Ask the {value}"),
	MESSAGE("note.blocked", "原因 {value} を解決すると確認できます。",
		"Can be told once cause {value} is solved."),
	MESSAGE("note.duration", " ({value} ms)", " ({value} ms)"),
	MESSAGE("note.root", "→ 原因 {value}", "→ cause {value}"),
	MESSAGE("note.waived", " （免除: {value}）", " (waived: {value})"),
	MESSAGE("note.withheld",
		"サーバが本物と確認できないため、クライアント証明書は提示していません。",
		"As the server has not proved who it is, the client certificate was not shown to "
		"it."),
	MESSAGE("plan.end",
		"通信先は {places} 件です（通信 {targets} "
		"件、{phase}）。名前解決で別のアドレスが返っ"
		"た場合は、そのアドレスへ接続します。何も送信していません。",
		"Hosts contacted: {places} (rows: {targets}; {phase}). Where a name resolves to "
		"another address, that address is contacted. Nothing was sent."),
	MESSAGE("plan.none.saved-terminal", "保存された端末情報での確認では、通信しません。",
		"A saved inventory is judged without the network."),
	MESSAGE("plan.none.vpn-down",
		"通信する項目は、すべてVPN内のものです。VPN に接続してから実行するか、--phase "
		"in-vpn を指定すると表示します。",
		"All that would be contacted is inside the VPN: connect it first, or ask with "
		"--phase in-vpn."),
	MESSAGE("plan.none.vpn-up",
		"通信する項目は、すべてインターネット側のものです。VPN "
		"を切断してから実行するか、--phase before-vpn を指定すると表示します。",
		"All that would be contacted is outside the VPN: disconnect it first, or ask with "
		"--phase before-vpn."),
	MESSAGE("plan.redirects",
		"ページがほかの場所へ転送するときは、次のサイトに限り、転送先にも接続します: "
		"{sites}",
		"Where a page redirects, it is followed within these sites only: {sites}"),
	MESSAGE("skip.fallback", "主となるサーバに接続できているため、代替サーバの確認は不要です。",
		"The main server answers, so its fallback need not."),
	MESSAGE("skip.proxy",
		"ブラウザは、設定されたプロキシを通してこのページを開けるため、端末からの直接の接続"
		"は"
		"不要です。",
		"Browsers open this page through the proxy that is set: it need not be reached "
		"directly."),
	MESSAGE("skip.saved-terminal",
		"保存された端末情報での確認のため、確認していません。その端末で実行してください。",
		"Not checked, because a saved inventory is judged. Run this on that terminal."),
	MESSAGE("skip.vpn-down",
		"VPN に接続していないため、確認していません。VPN "
		"に接続してから、もう一度実行してください。",
		"Not checked, because no VPN is connected. Connect the VPN and run this again."),
	MESSAGE("skip.vpn-up",
		"VPN "
		"に接続しているため、確認していません（接続中に一般のインターネットサイトへ届かない"
		"のは正常です）。VPN を切断してから、もう一度実行してください。",
		"Not checked, because the VPN is connected (ordinary Internet sites are out of "
		"reach then, which is normal). Disconnect the VPN and run this again."),
	MESSAGE("skipped.proxy",
		"直接の接続についての {value} "
		"件は、ブラウザがプロキシを通してページを開けるため、不要です。",
		"Checks of direct connections that are not needed, as browsers open the pages "
		"through the proxy: {value}."),
	MESSAGE("skipped.saved-terminal", "ほかの {value} 件は、その端末で実行すると確認できます。",
		"Checks left to that terminal: {value}. Run this there."),
	MESSAGE("skipped.vpn-down",
		"VPN内の {value} 件は、VPN に接続してから実行すると確認できます。",
		"Checks inside the VPN: {value}. Connect the VPN and run this again."),
	MESSAGE("skipped.vpn-up",
		"インターネット側の {value} 件は、VPN を切断してから実行すると確認できます。",
		"Checks outside the VPN: {value}. Disconnect the VPN and run this again."),
	MESSAGE("sought.folder", "実行したフォルダのファイル",
		"among the files of the working directory"),
	MESSAGE("sought.folder-and-store", "実行したフォルダのファイルと、端末の証明書ストア",
		"among the files of the working directory and in the terminal's certificate store"),
	MESSAGE("sought.named", "指定された場所", "where it was said to be"),
	MESSAGE("sought.store", "端末の証明書ストア", "in the terminal's certificate store"),
	MESSAGE("state.deadline", "制限時間内に終わりませんでした。",
		"It did not end within the time limit."),
	MESSAGE("state.interrupted", "途中で中断されました。", "It was interrupted."),
	MESSAGE("suggest.file",
		"--profile {id} が合うかもしれません（ファイル「{name}」があります）。",
		"--profile {id} may fit better (there is a file \"{name}\")."),
	MESSAGE("suggest.vpn", "--profile {id} が合うかもしれません（VPN「{name}」に接続中）。",
		"--profile {id} may fit better (the VPN \"{name}\" is connected)."),
	MESSAGE("summary.counts",
		"[合格 {pass} 件][ · 注意 {warn} 件][ · 不合格 {fail} 件][ · 不明 {unknown} 件][ · "
		"対象外 {skip} 件][ · 人による確認 {manual} 件]",
		"[{pass} passed][ · {warn} warned][ · {fail} failed][ · {unknown} unknown][ · "
		"{skip} skipped][ · {manual} for a person]"),
	MESSAGE("summary.judged-again",
		"保存した結果（{when}、preflight {version}）を、指定された規則で判定し直しました。",
		"This judges a saved report again ({when}, preflight {version}), by the rules "
		"that were given."),
	MESSAGE("summary.not-ready",
		"[途中で中断されました{interrupted}。][必須の項目 {required_fail} "
		"件を満たしていません（原因 {fail_causes} 件）。][必須の項目 {required_unknown} "
		"件は確認できませんでした。][注意 {warn} "
		"件も不合格として扱いました（--strict{strict}）。]",
		"[The run was interrupted{interrupted}.][ Required checks not met: {required_fail} "
		"(root causes: {fail_causes}).][ Required checks left open: {required_unknown}.][ "
		"Warnings counted as failures (--strict{strict}): {warn}.]"),
	MESSAGE("summary.ready",
		"確認した範囲では、必須の要件を満たしています。[注意が {warn} "
		"件あります。][免除した確認が {waived} 件あります。][人による確認が {manual} "
		"件残っています。]",
		"As far as checked, the requirements are met.[ Warnings: {warn}.][ Waived: "
		"{waived}.][ Left for a person to confirm: {manual}.]"),
	MESSAGE("summary.saved",
		"保存された端末情報（--inventory）での判定です。この端末の判定ではありません。",
		"This judges a saved inventory (--inventory), not this terminal."),
	MESSAGE("summary.selection", "確認する項目を限定しています: {value}",
		"Not all checks were made: {value}"),
	MESSAGE("summary.set", "規則の値を変えています（--set {value} 件）",
		"Values of the rules were changed (--set: {value})"),
	MESSAGE("summary.unknown",
		"[途中で中断されました{interrupted}。]"
		"必須の項目に不合格はありませんが、準備完了とは言えません。[必須の項目 "
		"{required_unknown} 件を確認できませんでした。][免除した確認が {waived} "
		"件あります。]",
		"[The run was interrupted{interrupted}. ]No required check has failed, but "
		"readiness is not shown either.[ Required checks left open: {required_unknown}.][ "
		"Waived: {waived}.]"),
	MESSAGE("version.as", "{product}[ {version}]", "{product}[ {version}]"),
	MESSAGE("version.least", "{product} {version} 以降", "{product} {version} or later"),
};

const struct message_table messages_templates = {
	.rows = templates, .count = sizeof templates / sizeof templates[0], .templates = true};

const struct message_table *const message_tables[] = {&messages_words, &messages_templates,
	&messages_evidence, &messages_formats, &messages_facts, &messages_html,
	&messages_html_templates, &messages_diff, &messages_diff_notes, &messages_request,
	&messages_decode, &messages_repeat, &messages_path, &messages_tls, &messages_desktop,
	&messages_desktop_templates, NULL};

static int by_id(const void *id, const void *row)
{
	return strcmp(id, ((const struct message_row *)row)->id);
}

const char *message_or_null(enum lang lang, const char *id)
{
	for (size_t i = 0; message_tables[i] != NULL; i++) {
		const struct message_row *row = bsearch(id, message_tables[i]->rows,
			message_tables[i]->count, sizeof(struct message_row), by_id);
		if (row != NULL)
			return row->in[lang];
	}
	return NULL;
}

const char *message(enum lang lang, const char *id)
{
	const char *text = message_or_null(lang, id);

	return text != NULL ? text : id;
}
