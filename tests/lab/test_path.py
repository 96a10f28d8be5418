"""How far the packets of a silent port get: what it costs, and that only silence costs it."""
import json

import pytest

import judge
import net

pytestmark = pytest.mark.not_on_windows("Wine tells nothing of the routers on the way of UDP packets")
NEAR = 32  # hop limits below are the probe's; the OS begins with 64


def report_of(lab, program, *words):
    done = lab.run([program, "--format", "json", *judge.AGELESS, *words], timeout=60)
    return json.loads(done.stdout)


def facts(report, check):
    return next(row["facts"] for row in report["checks"] if row["id"] == check)


def limited(seen):
    """(hop limit, protocol, destination port) of what the terminal sent for a few hops only."""
    found = []
    data = seen.path.read_bytes()
    at = 24
    while at + 16 <= len(data):
        length = int.from_bytes(data[at + 8:at + 12], "little")
        frame = data[at + 16:at + 16 + length]
        at += 16 + length
        ip = frame[14:]
        if frame[12:14] == b"\x08\x00" and ip[12:16] == bytes(map(int, net.TERMINAL_IP.split("."))) and ip[8] < NEAR:
            start = (ip[0] & 15) * 4
            found.append((ip[8], {6: "TCP", 17: "UDP"}[ip[9]], int.from_bytes(ip[start + 2:start + 4], "big")))
    return found


def test_a_healthy_run_follows_nothing(lab, program):
    with lab.capture() as seen:
        report = report_of(lab, program)
    assert report["verdict"] == "ready"
    # One question on each port that answered, which no router may pass on, and no path.
    assert sorted(limited(seen)) == [(1, "UDP", 500), (1, "UDP", 4500)]
    assert all("path_sent" not in check["facts"] for check in report["checks"])


def test_one_silent_port_costs_few_packets(lab, program):
    lab.apply("udp-500-dropped")
    with lab.capture() as seen:
        report = report_of(lab, program)
    sent = limited(seen)
    sent.remove((1, "UDP", 4500))  # the port that answers: whether it does on this side of the router
    # One hop answers; three more are tried, twice, and the router that the compared port got to a third time. That one
    # is answered at the third.
    assert sorted(limit for limit, protocol, _ in sent if protocol == "UDP") == [1, 2, 2, 2, 3, 3, 4, 4]
    assert {port for _, protocol, port in sent if protocol == "UDP"} == {500}
    assert {port for _, protocol, port in sent if protocol == "TCP"} == {443}
    # A connection that stands takes a few packets more to close.
    assert {limit for limit, protocol, _ in sent if protocol == "TCP"} == {1, 2, 3}
    assert facts(report, "sec-udp-500")["path_sent"] == 11
    assert "path" not in facts(report, "sec-udp-4500") and "path" not in facts(report, "sec-tcp-443")


def test_silence_everywhere_is_bounded(lab, program):
    lab.apply("no-internet")
    with lab.capture() as seen:
        report_of(lab, program)
    assert 0 < len(limited(seen)) <= 6 * 8


def test_alone_it_is_not_compared(lab, program):
    lab.apply("udp-500-dropped")
    with lab.capture() as seen:
        report = report_of(lab, program, "--only", "sec-udp-500")
    found = facts(report, "sec-udp-500")
    assert found["path_reach"] == "alone" and found["path_last"] == net.FACILITY_IP
    assert {(protocol, port) for _, protocol, port in limited(seen)} == {("UDP", 500)}
    assert "比べられません" in report["causes"][0]["evidence"]["ja"]


def test_routers_may_limit_their_notices(lab, program):
    """Linux's own limit, about one a second after the first six, is no obstacle."""
    for node in (net.FACILITY, net.ISP):
        lab.world[node].sysctl({"net.ipv4.icmp_ratelimit": 1000})
        lab.on_revert(lambda node=node: lab.world[node].sysctl({"net.ipv4.icmp_ratelimit": 0}))
    lab.add_rule(net.FACILITY, "forward", "udp dport { 500, 4500 } drop")
    report = report_of(lab, program)
    for check in ("sec-udp-500", "sec-udp-4500"):
        found = facts(report, check)
        assert (found["path_last"], found["path_next"]) == (net.FACILITY_IP, net.ISP_IP), found
    assert [cause["code"] for cause in report["causes"] if cause["verdict"] == "fail"] == ["udp.silent"]


def test_over_ipv6(lab, program):
    server = lab.servers["dns"]
    server.change(names={**server.settings["names"], "sec.ccr.ncc.go.jp": [net.SEC_IP6]})
    lab.add_rule(net.FACILITY, "forward", "meta nfproto ipv6 udp dport 500 drop")
    report = report_of(lab, program, "--only", "sec-*")
    found = facts(report, "sec-udp-500")
    assert found["address"] == net.SEC_IP6
    assert (found["path_reach"], found["path_last"], found["path_next"]) == ("between", net.FACILITY_IP6, net.ISP_IP6)
    assert found["path_last_kind"] == "facility"


def test_saved_reports_hide_the_facility(lab, program, tmp_path):
    lab.apply("udp-500-dropped")
    saved = tmp_path / "report.json"
    lab.run([program, "-o", saved], timeout=60)
    text = saved.read_text()
    assert net.FACILITY_IP not in text and net.TERMINAL_IP not in text
    found = facts(json.loads(text), "sec-udp-500")
    assert found["path_last"].startswith("private-") and found["path"][0]["address"] == found["path_last"]
    assert found["path_next"] == net.ISP_IP


def test_a_slow_line(program):
    from lab import Lab
    with Lab(relay={"rtt_ms": 200, "loss": 0, "jitter_ms": 20}) as slow:
        slow.apply("udp-500-dropped")
        report = report_of(slow, program)
    found = facts(report, "sec-udp-500")
    assert (found["path_reach"], found["path_last"], found["path_next"]) == ("between", net.FACILITY_IP, net.ISP_IP)
