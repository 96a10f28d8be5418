/*
 * The catalogue: waiting until ready, and repeating.
 */
#include "messages.h"

static const struct message_row repeat[] = {
	MESSAGE("footer.waited", "準備完了を待って確認した回数: {attempts} 回（{waited}）",
		"Attempts while waiting to be ready: {attempts} ({waited})"),
	MESSAGE("repeat.fail", "不合格", "fail"),
	MESSAGE("repeat.manual", "人による確認", "for a person"),
	MESSAGE("repeat.pass", "合格", "pass"),
	MESSAGE("repeat.skip", "対象外", "skip"),
	MESSAGE("repeat.unknown", "不明", "unknown"),
	MESSAGE("repeat.warn", "注意", "warn"),
	MESSAGE("time.span", "[{hours} 時間 ][{minutes} 分 ]{seconds} 秒",
		"[{hours} h ][{minutes} min ]{seconds} s"),
	MESSAGE("wait.line", "待機中（{attempts} 回確認、次は {next}後、残り {left}）",
		"waiting (tried {attempts}, next in {next}, {left} left)"),
	MESSAGE("watch.change", "{title}[ ほか {more} 件]: {before} → {after}[（{detail}）]",
		"{title}[ and {more} more]: {before} → {after}[ ({detail})]"),
	MESSAGE("watch.check",
		"{title}: 合格しなかったのは {runs} 回中 {bad} 回（{share} %）、変化 {changes} "
		"回[、"
		"最長 {longest}][、最初 {first}][、最後 {last}]",
		"{title}: did not pass in {bad} of {runs} runs ({share} %), changes: {changes}[, "
		"longest {longest}][, first {first}][, last {last}]"),
	MESSAGE("watch.first", "{verdict} · {counts} · {phase}[ · 原因: {causes}]",
		"{verdict} · {counts} · {phase}[ · causes: {causes}]"),
	MESSAGE("watch.phase", "{before} → {after}", "{before} → {after}"),
	MESSAGE("watch.steady", "変化はありませんでした。", "Nothing changed."),
	MESSAGE("watch.summary", "終了: {span}、{runs} 回確認、最も悪かった判定: {verdict}",
		"End after {span}, runs: {runs}, worst verdict: {verdict}"),
	MESSAGE("watch.verdict", "判定: {before} → {after}", "Verdict: {before} → {after}"),
};

const struct message_table messages_repeat = {
	.rows = repeat, .count = sizeof repeat / sizeof repeat[0], .templates = true};
