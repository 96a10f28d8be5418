/*
 * The catalogue: what a check saw, in one line, when no cause of the rule file says it better.
 */
#include "messages.h"

static const struct message_row evidence[] = {
	MESSAGE("evidence.captive", "HTTP の応答を確認しました[（状態 {plain_status}）]。",
		"The HTTP answer was looked at[ (status {plain_status})]."),
	MESSAGE("evidence.captive.pass", "ありません[（HTTP {plain_status}）]。",
		"None stands in between[ (HTTP {plain_status})]."),
	MESSAGE("evidence.captive.unknown", "判断できる応答がありませんでした[（{error_text}）]。",
		"There was no answer to judge by[ ({error_text})]."),
	MESSAGE("evidence.cert", "[{subject}（{file}）|{subject}|{file}]",
		"[{subject} ({file})|{subject}|{file}]"),
	MESSAGE("evidence.cert.pass", "[「{subject}」|証明書][（{file}）][、期限 {not_after_date}]",
		"[{subject}|The certificate][ ({file})][, valid until {not_after_date}]"),
	MESSAGE("evidence.clock", "サーバの時刻との差[は {date_skew} 秒です|がわかりません]。",
		"[Difference from the servers' clocks: {date_skew} s|The difference from the "
		"servers' clocks is not known]."),
	MESSAGE("evidence.clock.pass", "合っています[（サーバとの差 {date_skew} 秒）]。",
		"Right[ (differs from the servers' by {date_skew} s)]."),
	MESSAGE("evidence.clock.unknown", "サーバから時刻を得られませんでした。",
		"No server told the time."),
	MESSAGE("evidence.disk", "[{path}: ]空き[ {available_size}][（必要 {required_size}）]",
		"[{path}: ][{available_size} ]free[ (needed: {required_size})]"),
	MESSAGE("evidence.disk.unknown",
		"[{path} の]空き容量を読み取れませんでした[（{error_text}）]。",
		"The free space[ on {path}] could not be read[ ({error_text})]."),
	MESSAGE("evidence.dns",
		"[{host}: {outcome_text}（DNSサーバ {server}）|{host}: "
		"{outcome_text}|{outcome_text}]",
		"[{host}: {outcome_text} (DNS server {server})|{host}: "
		"{outcome_text}|{outcome_text}]"),
	MESSAGE("evidence.dns.pass", "[{addresses}（{via_text}）|{addresses}]",
		"[{addresses} (from {via_text})|{addresses}]"),
	MESSAGE("evidence.dns.skip", "アドレスが直接指定されているため、名前解決は不要です。",
		"The host is given by address; there is no name to resolve."),
	MESSAGE("evidence.dns.unknown",
		"名前解決の結果を得られませんでした[（DNSサーバ {server}）]。",
		"The name could not be resolved for certain[ (DNS server {server})]."),
	MESSAGE("evidence.dtls", "[{address} は]問い合わせに応答しません。",
		"[{address}: ]no answer."),
	MESSAGE("evidence.dtls.pass", "[{address} が]応答しました。", "[{address}: ]answered."),
	MESSAGE("evidence.dtls.unknown",
		"応答がありません。遮断されているか、サーバが応答しない設定かは区別できません。",
		"No answer. A blocked path and a server that stays silent cannot be told apart."),
	MESSAGE("evidence.dtls.warn",
		"応答がありません。遮断されているか、サーバが応答しない設定かは区別できません。",
		"No answer. A blocked path and a server that stays silent cannot be told apart."),
	MESSAGE("evidence.dump",
		"[{file}（形式 {kind}、文字コード {encoding}）|{file}（形式 "
		"{kind}）|{file}（{error_text}）|{file}]",
		"[{file} (format {kind}, encoding {encoding})|{file} (format {kind})|{file} "
		"({error_text})|{file}]"),
	MESSAGE("evidence.dump.pass",
		"[{file}: ]カスタム形式[、文字コード {encoding}][、PostgreSQL {server_version}]。",
		"[{file}: ]custom format[, encoding {encoding}][, PostgreSQL {server_version}]."),
	MESSAGE("evidence.dump.skip", "ダンプファイルはありません。", "There is no dump file."),
	MESSAGE("evidence.dump.unknown", "[{file}: ]確認できませんでした[（{error_text}）]。",
		"[{file}: ]it could not be told[ ({error_text})]."),
	MESSAGE("evidence.http", "[HTTP {status} → {location}|HTTP {status}]",
		"[HTTP {status} → {location}|HTTP {status}]"),
	MESSAGE("evidence.http.pass", "応答しました[（HTTP {status}）][。転送先: {location}]。",
		"Answered[ (HTTP {status})][, pointing to {location}]."),
	MESSAGE("evidence.http.unknown", "HTTP の応答を確認できませんでした[（{error_text}）]。",
		"The HTTP answer could not be checked[ ({error_text})]."),
	MESSAGE("evidence.ike", "[{address} の]応答を確認しました。", "[{address}: ]asked by IKE."),
	MESSAGE("evidence.ike-mtu", "大きなパケットの通過[: 経路 MTU {path_mtu}]。",
		"Large packets[: path MTU {path_mtu}]."),
	MESSAGE("evidence.ike-mtu.pass",
		"送った大きなパケットは、分割されたものも届きます[（経路の MTU {path_mtu}）]。"
		"[{inbound_bytes} "
		"バイトの応答も届きます。それより大きな応答は、サインインするまで確認"
		"できません{inbound_answered}。]"
		"[受信方向の大きなパケットは、サインインするまで確認できません{inbound_not_known}"
		"。]",
		"Large packets arrive at the other end, fragmented ones too[ (path MTU "
		"{path_mtu})]."
		"[ An answer of {inbound_bytes} bytes arrives, too; larger ones cannot be tried "
		"before signing in{inbound_answered}.]"
		"[ Large packets on the way back cannot be tried before signing "
		"in{inbound_not_known}.]"),
	MESSAGE("evidence.ike-mtu.skip", "IKE の応答がないため、確認していません。",
		"IKE was not answered, so large packets were not tried."),
	MESSAGE("evidence.ike-mtu.unknown", "大きな IKE パケットが届くかは確認できませんでした。",
		"Whether large IKE packets arrive could not be told."),
	MESSAGE("evidence.ike.pass",
		"[{address} が]応答しました[（{vendor}）]。"
		"[アドレス変換（NAT）: あり{nat_local_present}][アドレス変換（NAT）: "
		"なし{nat_local_none}]",
		"[{address}: ]answered[ ({vendor})]."
		"[ Address translation (NAT): yes{nat_local_present}]"
		"[ Address translation (NAT): none{nat_local_none}]"),
	MESSAGE("evidence.ike.unknown", "応答の有無を判定できませんでした[（{error_text}）]。",
		"Whether it answers could not be told[ ({error_text})]."),
	MESSAGE("evidence.installed", "[{products}: {found}|{found}|{products}]",
		"[{products}: {found}|{found}|{products}]"),
	MESSAGE("evidence.installed.skip", "このOSでは対象外です。", "Does not concern this OS."),
	MESSAGE("evidence.installed.unknown",
		"インストール済みソフトウェアの一覧を読み取れませんでした[（{error_text}）]。",
		"The list of installed software could not be read[ ({error_text})]."),
	MESSAGE("evidence.link", "[{kind_text}（{interface}）|{kind_text}|{interface}]",
		"[{kind_text} ({interface})|{kind_text}|{interface}]"),
	MESSAGE("evidence.link.pass",
		"[{kind_text}（{interface}）を|{kind_text} を|{interface} "
		"を|この種類の回線を]使用しています。",
		"[{kind_text} ({interface})|{kind_text}|{interface}|A line that may be used] is in "
		"use."),
	MESSAGE("evidence.link.unknown", "使用中の回線の種類を判別できませんでした。",
		"The kind of connection in use could not be told."),
	MESSAGE("evidence.manual", "人による確認が必要です。", "A person has to confirm this."),
	MESSAGE("evidence.manual.skip", "このOSでは対象外です。", "Does not concern this OS."),
	MESSAGE("evidence.os",
		"[{name}、サポートは {support_end} まで|{name}|サポートは {support_end} まで]",
		"[{name}, supported until {support_end}|{name}|Supported until {support_end}]"),
	MESSAGE("evidence.os.unknown", "OSのバージョンを判別できませんでした[（{name}）]。",
		"The version of the OS could not be told[ ({name})]."),
	MESSAGE("evidence.proxy", "[プロキシの設定: {proxies}]", "[Configured: {proxies}]"),
	MESSAGE("evidence.proxy.pass",
		"[設定されていません{not_configured}。|{host} "
		"は、プロキシの除外先です{exempt}（設定: {proxies}）。|設定: {proxies}]",
		"[None is configured{not_configured}.|{host} is exempt from the proxy{exempt} "
		"(configured: {proxies}).|Configured: {proxies}]"),
	MESSAGE("evidence.proxy.unknown", "プロキシの設定を読み取れませんでした。",
		"The proxy settings could not be read."),
	MESSAGE("evidence.software", "[{found}]", "[{found}]"),
	MESSAGE("evidence.software.pass", "見つかりませんでした[（{inventory_count} 件を照合）]。",
		"None found[ ({inventory_count} entries compared)]."),
	MESSAGE("evidence.software.skip", "このOSには該当する項目がありません。",
		"None of the listed items concerns this OS."),
	MESSAGE("evidence.software.unknown",
		"インストール済みソフトウェアの一覧を読み取れませんでした[（{error_text}）]。",
		"The list of installed software could not be read[ ({error_text})]."),
	MESSAGE("evidence.tcp",
		"[{address} ポート {port}: {error_text}|{address} ポート "
		"{port}|{error_text}|{address}]",
		"[{address} port {port}: {error_text}|{address} port "
		"{port}|{error_text}|{address}]"),
	MESSAGE("evidence.tcp.pass", "[{address} に]接続できました。", "[{address}: ]connected."),
	MESSAGE("evidence.tcp.unknown",
		"TCP で接続できるか判定できませんでした[（{error_text}）]。",
		"Whether TCP connects could not be told[ ({error_text})]."),
	MESSAGE("evidence.tls", "[{version}|TLS][、証明書 {subject}][、発行者 {issuer_cn}]",
		"[{version}|TLS][, certificate {subject}][, issued by {issuer_cn}]"),
	MESSAGE("evidence.tls.pass",
		"[{version}、]証明書は[ {not_after_date} まで]有効です[（発行者 {issuer_cn}）]。",
		"[{version}; ]the certificate is valid[ until {not_after_date}][, issued by "
		"{issuer_cn}]."),
	MESSAGE("evidence.tls.unknown", "TLS を確認できませんでした[（{error_text}）]。",
		"TLS could not be checked[ ({error_text})]."),
	MESSAGE("evidence.vpn", "VPN の状態[: {connections}]", "VPN[: {connections}]"),
	MESSAGE("evidence.vpn.fail", "VPN に接続していません。", "No VPN is connected."),
	MESSAGE("evidence.vpn.pass", "VPN に接続しています[（{connections}）]。",
		"The VPN is connected[ ({connections})]."),
	MESSAGE("evidence.vpn.skip", "VPN に接続していません。", "No VPN is connected."),
	MESSAGE("evidence.vpn.unknown", "VPN の状態を判別できませんでした。",
		"Whether a VPN is connected could not be told."),
};

const struct message_table messages_evidence = {
	.rows = evidence, .count = sizeof evidence / sizeof evidence[0], .templates = true};
