"""The pairs of faults: which are independent, and which are chosen."""

import json
import subprocess
import sys

import pytest

import faults
import judge
import pairs
from lab import HERE

SINGLES = {name: faults.load(name) for name in faults.names()}
INDEPENDENT = pairs.independent(list(SINGLES.values()))
PAIRS = pairs.generate()
KINDS = {"certificate", "clock", "disk", "dns", "gateway", "hosts", "http", "icmp", "ipv6", "line", "mtu", "nat", "nothing",
         "os", "portal", "proxy", "routing", "software", "tcp", "tls", "udp", "vpn"}


def why(a, b):
    return pairs.why_dependent(SINGLES[a], SINGLES[b])


def test_every_kind_is_there():
    assert {fault["kind"] for fault in SINGLES.values()} == KINDS
    assert len([fault for fault in SINGLES.values() if pairs.has_effect(fault)]) >= 80


def test_what_is_touched_is_known():
    for name, fault in SINGLES.items():
        assert fault["kind"] == "nothing" or fault["touches"], name
        assert {*fault["touches"], *fault.get("shows", [])} <= set(pairs.NEEDS), name
    for needs in pairs.NEEDS.values():
        assert set(needs) <= set(pairs.NEEDS)


def test_reach():
    assert pairs.reach(frozenset(["disk"])) == {"disk"}
    assert pairs.reach(frozenset(["mio-tls"])) == {"mio-tls", "mio-http", "clock-check"}
    assert {"sec-udp-500", "sec-fragments", "mio-http", "orca-tls"} < pairs.reach(frozenset(["resolver"]))
    assert "portal-tcp" not in pairs.reach(frozenset(["line"]))


@pytest.mark.parametrize("a, b", [
    ("udp-4500-dropped", "cert-expired-sec"), ("dns-address-changed", "udp-500-rejected"), ("disk-full", "no-internet"),
    ("cert-expired", "cert-expired-sec"), ("vpn-portal-down", "disk-full"),
    ("orca-cert-expired", "udp-500-dropped"), ("clock-two-years-off", "udp-500-dropped")])
def test_independent(a, b):
    assert why(a, b) is None and why(b, a) is None


@pytest.mark.parametrize("a, b, reason", [
    ("dns-silent", "cert-expired", "changes mio-tls"),
    ("no-internet", "udp-500-dropped", "changes sec-udp-500"),
    ("udp-500-dropped", "udp-replies-dropped", "changes sec-udp-500"),
    ("clock-two-years-off", "cert-expired", "changes mio-tls"),
    ("tcp-mio-down", "clock-one-hour-behind", "changes clock-check"),
    ("vpn-portal-down", "udp-500-dropped", "changes sec-udp-500"),
    ("mtu-black-hole", "udp-500-rejected", "changes icmp"), ("vpn-portal-down", "link-mobile", "changes outside"),
    ("orca-cert-expired", "orca-cert-wrong-password", "changes client-cert"),
    ("vpn-not-connected", "disk-full", "other checks"),
    ("orca-cert-unreadable", "disk-full", "another user")])
def test_dependent(a, b, reason):
    assert reason in why(a, b) and why(b, a)


def test_enough_and_all_different():
    names = [pair["name"] for pair in PAIRS]
    assert len(names) == len(set(names)) >= 200
    met = {frozenset(SINGLES[name]["kind"] for name in pair["of"]) for pair in PAIRS}
    assert met == {frozenset((a["kind"], b["kind"])) for a, b in INDEPENDENT}


def test_every_fault_that_can_be_is_in_pairs():
    possible = {}
    for a, b in INDEPENDENT:
        for fault in (a, b):
            possible[fault["name"]] = possible.get(fault["name"], 0) + 1
    for name, count in possible.items():
        assert sum(name in pair["of"] for pair in PAIRS) >= min(count, pairs.ATTEMPTS), name


def test_always_the_same():
    listed = [subprocess.run([sys.executable, "-B", HERE / "matrix.py", "--pairs", "--list"], check=True, text=True,
                             env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"}, capture_output=True).stdout
              for seed in ("1", "2")]
    assert listed[0] == listed[1] and len(listed[0].splitlines()) == len(PAIRS)


def test_expectations_are_the_union():
    for pair in PAIRS:
        a, b = (SINGLES[name]["expect"] for name in pair["of"])
        assert set(pair["expect"]["causes"]) == {*a["causes"], *b["causes"]}
        assert set(pair["expect"]["warnings"]) == {*a.get("warnings", []), *b.get("warnings", [])}
        assert pair["expect"]["exit"] == max(a["exit"], b["exit"], key=judge.EXITS.index)


def test_credentials_are_those_of_the_fault_about_them():
    good, bad = SINGLES["orca-vpn-sms-down"], SINGLES["orca-cert-expired"]
    for pair in ((good, bad), (bad, good)):
        placed = [action["credentials"] for action in pairs.joined_break(*pair) if "credentials" in action]
        assert placed == [bad["break"][0]["credentials"]]


def finished(report, code=1):
    return subprocess.CompletedProcess([], code, stdout=report, stderr="")


def cause(code, verdict="fail", **changed):
    text = {"ja": "x", "en": "x"}
    return {"code": code, "verdict": verdict, "checks": [code], "symptoms": [], "title": text, "evidence": text,
            "remedy": text, "actors": ["it"], **changed}


def findings(*causes, code=1, expected=("disk.low",), **expect):
    report = json.dumps({"causes": causes, "checks": [{"id": "term-disk", "verdict": "fail"}]})
    return judge.compare({"exit": 1, "causes": list(expected), **expect}, finished(report, code))


def test_a_code_that_may_as_well_be_named():
    either = {"or": {"udp.unreachable": "udp.silent"}}
    assert not findings(cause("udp.unreachable"), expected=("udp.silent",), **either).wrong()
    assert not findings(cause("udp.silent"), expected=("udp.silent",), **either).wrong()
    assert findings(cause("udp.prohibited"), expected=("udp.silent",), **either).missed == ["udp.silent"]
    assert findings(cause("udp.unreachable"), cause("udp.silent"), expected=("udp.silent",), **either).wrong()


def test_judge_finds_nothing_wrong():
    assert not findings(cause("disk.low"), cause("dtls.silent", "warn")).wrong()
    assert not findings(cause("udp.prohibited", checks=["a"]), cause("udp.prohibited", checks=["b"]),
                        expected=("udp.prohibited", "udp.prohibited")).wrong()


@pytest.mark.parametrize("wrong, line", [
    (findings(), "not named: disk.low"),
    (findings(cause("disk.low"), cause("os.unknown", "unknown")), "named for nothing: os.unknown"),
    (findings(cause("disk.low"), cause("link.mobile", "warn")), "named for nothing: link.mobile"),
    (findings(cause("disk.low"), warnings=["link.mobile"]), "not named: link.mobile"),
    (findings(cause("disk.low"), cause("disk.low", checks=["b"])), "named 2 times: disk.low"),
    (findings(cause("disk.low"), code=0), "exit code 0 instead of 1"),
    (findings(cause("disk.low", actors=[])), "disk.low: nobody acts"),
    (findings(cause("disk.low", remedy={"ja": "", "en": "x"})), "disk.low: without checks, title, evidence or remedy"),
    (findings(cause("disk.low"), cause("dtls.silent", "warn", symptoms=["disk.low"])), "disk.low belongs to two causes"),
    (findings(cause("disk.low"), checks={"term-disk": {"verdict": "pass"}}),
     "term-disk: {'verdict': 'fail'} instead of {'verdict': 'pass'}"),
    (judge.compare({"exit": 1, "causes": []}, finished("no JSON")), "no report; exit code 1"),
    (judge.compare({"exit": 1, "causes": []}, finished('{"causes": [], "checks": [], "x": "' + judge.SECRET + '"}')),
     "a password is told")])
def test_judge_finds(wrong, line):
    assert wrong.lines() == [line]
