/*
 * The catalogue: the letters of `preflight request`. They are sent as they are, so they are written
 * as one writes to a business partner. request.ORIGIN.ACTOR.PART is one part of one kind of letter.
 */
#include "messages.h"

static const struct message_row rows[] = {
	MESSAGE("request.addressee.carrier",
		"回線業者・インターネットサービスプロバイダ（ISP） ご担当者 様",
		"Line carrier and Internet service provider (ISP)"),
	MESSAGE("request.addressee.desk", "サービス窓口 ご担当者 様", "Service desk"),
	MESSAGE("request.addressee.network", "ネットワーク管理者 様", "Network administrator"),
	MESSAGE("request.any", "任意", "any"),
	MESSAGE("request.ask.allow", "通信の許可", "allow the traffic"),
	MESSAGE("request.ask.carrier", "制限の有無の確認", "see whether it is restricted"),
	MESSAGE("request.ask.desk", "サービス側の状態の確認",
		"see whether the service is in order"),
	MESSAGE("request.ask.exempt", "TLS検査・Webフィルタ等の対象からの除外",
		"exempt it from TLS inspection, web filter and the like"),
	MESSAGE("request.ask.fragments", "大きなパケット（IPフラグメント等）を含む通信の許可",
		"allow the traffic, large packets (IP fragments) included"),
	MESSAGE("request.ask.names", "名前解決ができる設定", "let these names be resolved"),
	MESSAGE("request.ask.sign-in", "ログイン画面（認証）の対象からの除外",
		"exempt it from the sign-in page"),
	MESSAGE("request.blank", "＿＿＿＿＿＿＿＿＿＿＿＿＿＿", "____________________________"),
	MESSAGE("request.blank.contact", "連絡先", "Contact"),
	MESSAGE("request.blank.contract", "契約名義・お客様番号", "Contract and customer number"),
	MESSAGE("request.blank.date", "＿＿＿＿年＿＿月＿＿日", "Date: ______________________"),
	MESSAGE("request.blank.facility", "施設名", "Facility"),
	MESSAGE("request.blank.person", "部署・担当者", "Department and name"),
	MESSAGE("request.column.address", "IPアドレス", "IP address"),
	MESSAGE("request.column.ask", "依頼内容", "Request"),
	MESSAGE("request.column.basis", "根拠", "Basis"),
	MESSAGE("request.column.direction", "方向", "Direction"),
	MESSAGE("request.column.document", "根拠の資料", "Documents"),
	MESSAGE("request.column.finding", "確認の結果", "What was found"),
	MESSAGE("request.column.host", "宛先ホスト", "Destination host"),
	MESSAGE("request.column.number", "番号", "No."),
	MESSAGE("request.column.port", "宛先ポート", "Port"),
	MESSAGE("request.column.protocol", "プロトコル", "Protocol"),
	MESSAGE("request.column.purpose", "用途", "Purpose"),
	MESSAGE("request.column.severity", "区分", "Importance"),
	MESSAGE("request.column.source", "送信元", "Source"),
	MESSAGE("request.column.source-port", "送信元ポート", "Source port"),
	MESSAGE("request.column.to", "依頼先", "To"),
	MESSAGE("request.direction.both", "双方向", "both ways"),
	MESSAGE("request.direction.names", "端末→DNSサーバ", "terminal to DNS server"),
	MESSAGE("request.direction.out", "内→外", "outbound"),
	MESSAGE("request.dns-server", "DNSサーバ（端末に設定されたもの）",
		"the DNS servers set on the terminal"),
	MESSAGE("request.end", "以上", "Yours faithfully"),
	MESSAGE("request.intro", "送信元ポートは、いずれも任意です。応答（戻りの通信）を含みます。",
		"From any source port; replies included."),
	MESSAGE("request.label.advice", "確認プログラムの案内", "What the checker advises"),
	MESSAGE("request.label.checked", "確認日時", "Checked at"),
	MESSAGE("request.label.closing", "設定後の確認とご連絡", "When it is done"),
	MESSAGE("request.label.closing.answer", "ご回答について", "Your answer"),
	MESSAGE("request.label.documents", "根拠の資料（英数字は確認プログラムの要件番号）",
		"Documents (letter and number: requirement, as the checker counts)"),
	MESSAGE("request.label.findings", "確認の結果", "What was found"),
	MESSAGE("request.label.notes", "設定にあたってのお願い", "To mind when setting it up"),
	MESSAGE("request.label.notes.answer", "補足", "Remarks"),
	MESSAGE("request.label.offender", "拒否の通知元", "Refusal sent by"),
	MESSAGE("request.label.rows", "対象", "Concerns"),
	MESSAGE("request.label.seen", "状況", "Seen"),
	MESSAGE("request.label.subject", "件名", "Subject"),
	MESSAGE("request.label.where", "疑われる区間", "Suspected"),
	MESSAGE("request.none.inside",
		"ネットワーク管理者や回線業者に依頼することはありません。見つかった原因は、VPN "
		"の中のものです。結果の「対応」をご覧ください。",
		"There is nothing to ask of the network administrator or the carrier: what was "
		"found is inside the VPN. The report says what to do."),
	MESSAGE("request.none.not-blocked",
		"この結果では、遮断されている通信は見つかりませんでした。依頼書は必要ありません。",
		"This report found nothing blocked: there is nothing to request."),
	MESSAGE("request.none.not-checked",
		"依頼書は作成していません。この結果には、通信の確認が含まれていません。VPN "
		"に接続せずに「{command} -o 結果.json」を実行し、その結果から作成してください。",
		"No letter was made: this report holds no checks of the network. Without the VPN "
		"connected, run \"{command} -o report.json\", and make the letters from that."),
	MESSAGE("request.none.own",
		"ネットワーク管理者や回線業者に依頼することはありません。この端末の側で対応してくだ"
		"さい。",
		"There is nothing to ask of the network administrator or the carrier: this is to "
		"be mended at the terminal."),
	MESSAGE("request.none.undecided",
		"依頼書は作成していません。この結果では、必須の通信を確認できていません。「{"
		"command} -o 結果.json」をもう一度実行し、その結果から作成してください。",
		"No letter was made: this report leaves required traffic undecided. Run "
		"\"{command} -o report.json\" again, and make the letters from that."),
	MESSAGE("request.none.vpn-only",
		"依頼書は作成していません。このプロファイルの通信は、すべて VPN "
		"の中を通ります。VPN の接続に必要な通信の依頼書は、「preflight "
		"request」で作成できます。",
		"No letter was made: all traffic of this profile is inside the VPN. \"preflight "
		"request\" makes the letters about what the VPN itself needs."),
	MESSAGE("request.note.hidden", "private-1 等は、伏せた施設内のアドレスです。",
		"private-1 and the like stand for addresses inside the facility."),
	MESSAGE("request.note.inside",
		"VPN に接続したあとに使うホスト（{hosts}）との通信は、VPN "
		"の中を通ります。施設内の機器での許可は不要です。",
		"Traffic to hosts used once the VPN is up ({hosts}) is inside the VPN: nothing has "
		"to be allowed for it."),
	MESSAGE("request.profile.carrier.body",
		"いつもお世話になっております。\n当施設では、{service}"
		"の利用を予定しています。利用するには、貴社と契約している回線（インターネット接続サ"
		"ービス）で、下記の通信ができる必要があります。\nお手数ですが、回線・プロバイダの側"
		"で下記の通信を制限していないか、ご確認をお願いいたします。制限している場合は、解除"
		"の方法をお知らせください。",
		"Our facility is going to use {service}. For that, the traffic below must be able "
		"to pass over the line (Internet access) that we have from you.\nPlease see "
		"whether line or provider restrict it, and if so, tell us how to have that "
		"lifted."),
	MESSAGE("request.profile.carrier.closing", "ご回答は、上記の連絡先までお願いいたします。",
		"Please answer to the contact above."),
	MESSAGE("request.profile.carrier.rows", "ご確認をお願いする通信", "Traffic that must pass"),
	MESSAGE("request.profile.carrier.subject",
		"{service}を利用するための通信についてのお問い合わせ",
		"Question about traffic for {service}"),
	MESSAGE("request.profile.desk.body",
		"いつもお世話になっております。\n当施設では、{service}"
		"の利用を予定しています。\nお手数ですが、下記の通信に必要な手続きや設定がありました"
		"ら、お知らせください。",
		"Our facility is going to use {service}.\nPlease tell us what has to be applied "
		"for or set up for the traffic below."),
	MESSAGE("request.profile.desk.closing", "ご回答は、上記の連絡先までお願いいたします。",
		"Please answer to the contact above."),
	MESSAGE("request.profile.desk.rows", "対象の通信", "Traffic"),
	MESSAGE("request.profile.desk.subject", "{service}の通信についてのお問い合わせ",
		"Question about traffic for {service}"),
	MESSAGE("request.profile.network.body",
		"いつもお世話になっております。\n当施設では、{service}"
		"の利用を予定しています。利用するには、施設内ネットワークからインターネットへ、下記"
		"の通信ができる必要があります。\nお手数ですが、ルータ・ファイアウォール等の設定をご"
		"確認のうえ、許可されていない通信がありましたら、許可をお願いいたします。",
		"Our facility is going to use {service}. For that, the traffic below must be able "
		"to pass from our network to the Internet.\nPlease look at the settings of router "
		"and firewall, and allow what is not allowed yet."),
	MESSAGE("request.profile.network.closing",
		"設定が済みましたら、ご連絡をお願いいたします。当方で確認プログラム preflight "
		"を実行し、通信できることを確認します。\nコマンド: {command}",
		"Please tell us when it is done. We then run the checker and see that the traffic "
		"passes.\nCommand: {command}"),
	MESSAGE("request.profile.network.rows", "許可をお願いする通信", "Traffic to allow"),
	MESSAGE("request.profile.network.subject", "{service}を利用するための通信許可のお願い",
		"Traffic to allow for {service}"),
	MESSAGE("request.protocol.DNS", "UDP/TCP", "UDP/TCP"),
	MESSAGE("request.protocol.ESP", "ESP（IPプロトコル50）", "ESP (IP protocol 50)"),
	MESSAGE("request.purpose.esp", "IPsec-VPN の通信（アドレス変換を行わない構成の場合）",
		"IPsec traffic, where addresses are not translated"),
	MESSAGE("request.purpose.names", "{names} の名前解決", "resolving {names}"),
	MESSAGE("request.remark.own",
		"この端末の側で対応する原因（依頼書に含めていません）: {title}（{code}）",
		"To be mended at the terminal, and not in the letters: {title} ({code})"),
	MESSAGE("request.report.carrier.body",
		"いつもお世話になっております。\n当施設では、貴社と契約している回線（インターネット"
		"接続サービス）で{service}"
		"を利用しますが、端末で確認したところ、下記の通信ができませんでした。施設内の機器の"
		"設定は、別に確認しています。\nお手数ですが、回線・プロバイダの側で下記の通信を制限"
		"していないか、ご確認をお願いいたします。制限している場合は、解除の方法をお知らせく"
		"ださい。",
		"Over the line (Internet access) that we have from you, our facility uses "
		"{service}. On its terminal the traffic below was tried and did not pass. The "
		"settings of our own devices are being looked at separately.\nPlease see whether "
		"line or provider restrict it, and if so, tell us how to have that lifted."),
	MESSAGE("request.report.carrier.closing", "ご回答は、上記の連絡先までお願いいたします。",
		"Please answer to the contact above."),
	MESSAGE("request.report.carrier.rows", "ご確認をお願いする通信",
		"Traffic that has to pass"),
	MESSAGE("request.report.carrier.subject", "{service}の通信についてのお問い合わせ",
		"Question about traffic for {service}"),
	MESSAGE("request.report.desk.body",
		"いつもお世話になっております。\n{service}"
		"を利用する端末で通信を確認したところ、下記の結果になりました。\nお手数ですが、サー"
		"ビス側に障害・メンテナンス・設定の変更がないか、ご確認をお願いいたします。",
		"On the terminal that uses {service}, a check of the traffic gave the result "
		"below.\nPlease see whether there is a failure, maintenance or a change on the "
		"side of the service."),
	MESSAGE("request.report.desk.closing", "ご回答は、上記の連絡先までお願いいたします。",
		"Please answer to the contact above."),
	MESSAGE("request.report.desk.rows", "対象の通信", "Traffic"),
	MESSAGE("request.report.desk.subject", "{service}への接続についてのお問い合わせ",
		"Question about connecting to {service}"),
	MESSAGE("request.report.network.body",
		"いつもお世話になっております。\n{service}"
		"を利用する端末で通信を確認したところ、下記の通信ができませんでした。\nお手数ですが"
		"、ルータ・ファイアウォール等の設定と記録（ログ）をご確認のうえ、必要な設定をお願い"
		"いたします。詳しくは「確認の結果」をご覧ください。",
		"On the terminal that uses {service}, the traffic below was tried and did not "
		"pass.\nPlease look at the settings and logs of router, firewall and the like, and "
		"set up what is needed. Details are under \"What was found\"."),
	MESSAGE("request.report.network.closing",
		"設定が済みましたら、ご連絡をお願いいたします。当方で確認プログラム preflight "
		"を実行し、通信できることを確認します。施設内に原因が見つからない場合も、お知らせく"
		"ださい。回線業者・ISP またはサービス窓口に問い合わせます。\nコマンド: {command}",
		"Please tell us when it is done. We then run the checker and see that the traffic "
		"passes. Tell us too when the cause is not in the facility: we then ask the line "
		"carrier, the ISP or the service desk.\nCommand: {command}"),
	MESSAGE("request.report.network.rows", "設定をお願いする通信", "Traffic that has to pass"),
	MESSAGE("request.report.network.subject", "{service}の通信についての設定確認のお願い",
		"Settings to check for {service}"),
	MESSAGE("request.source", "{service}を利用する端末", "the terminal for {service}"),
	MESSAGE("request.when.carrier",
		"施設内に原因が見つからないとき、または回線・プロバイダで利用できるか不明なときに送"
		"ってください。",
		"Send this one when the cause is not in the facility, or when it is not known "
		"whether line and provider let the traffic pass."),
	MESSAGE("request.when.desk", "施設内と回線に原因が見つからないときに送ってください。",
		"Send this one when the cause is neither in the facility nor in the line."),
	MESSAGE("request.when.network", "端末の側に原因が見つからないときに送ってください。",
		"Send this one when the cause is not in the terminal."),
};

const struct message_table messages_request = {
	.rows = rows, .count = sizeof rows / sizeof rows[0], .templates = true};
