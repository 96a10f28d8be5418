/*
 * The catalogue: the support code and what is read from it.
 */
#include "messages.h"

static const struct message_row decode[] = {
	MESSAGE("decode.bad-check",
		"一文字以上が間違っているか、入れ替わっています。もう一度聞き取ってください。["
		"（間違い"
		"が一文字だけなら、{position} 文字目です{wrong}）][（{position} 文字目と {next} "
		"文字目が入れ替わっているかもしれません{swapped}）]",
		"one or more symbols are wrong or swapped; ask for them again[ (if it is only one, "
		"it is number {position}{wrong})][ (perhaps numbers {position} and {next} are "
		"swapped{swapped})]"),
	MESSAGE("decode.bad-content", "サポートコードではありません。もう一度聞き取ってください。",
		"no report has such a code; ask for it again"),
	MESSAGE("decode.bad-length",
		"{position} 文字です。サポートコードは 8、12、16、20 文字のどれかです。",
		"has {position} symbols; support codes have 8, 12, 16 or 20"),
	MESSAGE("decode.bad-symbol",
		"{position} "
		"文字目は、サポートコードに使われない文字です（使うのは数字と、I・L・O・U "
		"を除く英字）。",
		"symbol {position} does not occur in support codes (they have digits, and letters "
		"other than I, L, O and U)"),
	MESSAGE("decode.bad-version",
		"形式 {position} のサポートコードです。この preflight が読めるのは形式 {version} "
		"です。コードを作った版の preflight で読んでください。",
		"is a support code of format {position}; this preflight reads format {version}; "
		"use "
		"the version that made it"),
	MESSAGE("decode.causes-only",
		"項目が多いため、このコードには各項目の判定は含まれていません。",
		"With so many checks, this code does not hold their verdicts."),
	MESSAGE("decode.match",
		"{code} · 規則は一致しています · プロファイル {profile_names} · {phase_name}",
		"{code} · made with these rules · profile {profile_names} · {phase_name}"),
	MESSAGE("decode.more", "ほかにも原因があります（コードに入りきりませんでした）。",
		"There are more causes than the code had room for."),
	MESSAGE("decode.no-match",
		"{code} · 別の規則で作られたコードです（規則の識別 "
		"{fingerprint}"
		"）。読み取れるのは判定と原因だけです。各項目の判定も読むには、コードを作っ"
		"たときと同じ版の preflight を使い、同じ規則を --rules と --set "
		"で指定してください。",
		"{code} · made with other rules (fingerprint {fingerprint}). Only the verdict and "
		"the causes can be read. To read every check, use the version of preflight that "
		"made "
		"it, with the same --rules and --set."),
	MESSAGE("decode.unknown-cause", "この版の preflight が知らない原因（番号 {number}）",
		"a cause that this version of preflight does not know (number {number})"),
	MESSAGE("footer.code", "サポートコード: {support_code}（電話でサポートにお伝えください）",
		"Support code: {support_code} (read it out to the service desk on the phone)"),
	MESSAGE("heading.decoded-causes", "原因", "Causes"),
};

const struct message_table messages_decode = {
	.rows = decode, .count = sizeof decode / sizeof decode[0], .templates = true};
