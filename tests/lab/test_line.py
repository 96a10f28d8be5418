"""
Bad lines: what is lost or late is no fault of the hospital's, and what is broken is named all the same. The same seed
loses the same packets.
"""
import json

import pytest

import faults
import judge

LINES = {
    "slow-and-lossy": {"rtt_ms": 600, "loss": 5},
    "lossy": {"rtt_ms": 20, "loss": 5},
    "far": {"rtt_ms": 1200},
    "jitter": {"rtt_ms": 100, "jitter_ms": 300},
    "flapping": {"rtt_ms": 50, "every_ms": 5000, "down_ms": 1000},
}
RUNS = [("healthy", line, seed) for line in LINES for seed in (1, 2)]
RUNS += [("ike-v1-only", "slow-and-lossy", seed) for seed in (1, 2)] + [("gateway-rate-limited", "slow-and-lossy", 1)]
RUNS += [(fault, "slow-and-lossy", 3) for fault in ("udp-4500-dropped", "tcp-443-dropped", "tcp-443-stalled",
                                                    "dns-silent", "cert-expired-sec", "fragments-dropped", "no-internet")]
RUNS += [(fault, "far", 1) for fault in ("udp-500-dropped", "tcp-443-refused")]
RUNS += [(fault, "flapping", 1) for fault in ("tls-1.1-only", "udp-replies-dropped")]


def on_line(name, line, seed):
    """How far packets get is not always known in time on such a line; what is wrong is."""
    fault = faults.load(name)
    expect = {key: value for key, value in fault["expect"].items() if key not in ("segments", "shown")}
    return {**fault, "expect": expect, "break": [*fault["break"], {"relay": {**LINES[line], "seed": seed}}]}


@pytest.mark.parametrize("name, line, seed", RUNS)
def test_line(labs, program, name, line, seed):
    fault = on_line(name, line, seed)
    with labs.healthy(fault) as lab:
        findings = judge.run(lab, program, fault)
    assert not findings.wrong(), str(findings)


def test_a_slow_line_leaves_no_state_on_the_gateway(labs, program):
    """What is asked again while an answer is under way is the same packet, of a group that the gateway refuses."""
    fault = on_line("healthy", "far", 1)
    with labs.healthy(fault) as lab:
        lab.apply(fault)
        done = lab.run([program, "--format", "json", "--only", "sec-udp-500"], timeout=60)
    check, = [check for check in json.loads(done.stdout)["checks"] if check["id"] == "sec-udp-500"]
    assert check["verdict"] == "pass" and check["facts"]["answer"] == "INVALID_KE_PAYLOAD"
    assert check["facts"]["questions"] == ["proposal-21"]


def test_the_worst_line_ends_before_the_deadline(labs, program):
    """Some ten seconds, of the sixty that a run may take: how many is the benchmark's to say."""
    fault = on_line("tcp-443-stalled", "far", 1)
    with labs.healthy(fault) as lab:
        lab.apply(fault)
        done = lab.run([program, "--format", "json"], timeout=90)
    report = json.loads(done.stdout)
    assert not report["interrupted"]
    assert "run.deadline" not in {check["cause"] for check in report["checks"]}
