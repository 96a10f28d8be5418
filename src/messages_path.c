/* The catalogue: how far the packets of a silent port got (path_facts.h), what sizes, and who
 * refused. */
#include "messages.h"

static const struct message_row path[] = {
	MESSAGE("inbound.not-known", "不明", "not known"),
	MESSAGE("large_hello.answered", "応答あり", "answered"),
	MESSAGE("large_hello.silent", "応答なし", "no answer"),
	MESSAGE("local_error.buffers", "通信用のメモリの不足", "no memory for the network"),
	MESSAGE("local_error.descriptors", "同時に開けるファイルの数の上限",
		"no more files can be opened"),
	MESSAGE("local_error.memory", "メモリの不足", "no memory is left"),
	MESSAGE("local_error.other", "OSの内部エラー", "an error of the system's own"),
	MESSAGE("local_error.threads", "スレッドの数の上限", "no more threads can be started"),
	MESSAGE("offender_is.carrier", "回線業者の機器", "a device of the carrier"),
	MESSAGE("offender_is.facility", "施設内の機器", "a device in the facility"),
	MESSAGE("offender_is.gateway", "施設のルータ", "the facility's router"),
	MESSAGE("offender_is.neighbour", "接続先のネットワークの機器",
		"a device of the host's network"),
	MESSAGE("offender_is.other", "経路上の機器", "a device on the path"),
	MESSAGE("offender_is.self", "この端末", "this terminal"),
	MESSAGE("offender_is.target", "接続先", "the host itself"),
	MESSAGE("path_last_kind.facility", "施設内", "in the facility"),
	MESSAGE("path_last_kind.line", "回線・ISP", "line or ISP"),
	MESSAGE("path_last_kind.service", "接続先", "the host itself"),
	MESSAGE("path_next_kind.facility", "施設内", "in the facility"),
	MESSAGE("path_next_kind.line", "回線・ISP", "line or ISP"),
	MESSAGE("path_reach.alone", "途中まで（比較なし）", "part of the way; nothing to compare"),
	MESSAGE("path_reach.between", "途中まで", "part of the way"),
	MESSAGE("path_reach.end", "最後のルータまで", "to the last router"),
	MESSAGE("path_reach.start", "最初のルータの手前", "not to the first router"),
	MESSAGE("path_reach.unknown", "不明", "unknown"),
	MESSAGE("path_unavailable.limit", "調べるポートの上限", "enough ports were followed"),
	MESSAGE("path_unavailable.os", "このOSでは不明", "not told by this OS"),
	MESSAGE("path_unavailable.time", "時間切れ", "no time was left"),
	MESSAGE("path_unavailable.vpn", "VPN の中", "inside a VPN"),
	MESSAGE("small_packets.answered", "応答あり", "answered"),
	MESSAGE("small_packets.silent", "応答なし", "no answer"),
};

const struct message_table messages_path = {.rows = path, .count = sizeof path / sizeof path[0]};
