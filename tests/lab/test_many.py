"""
Many terminals behind one address, and one terminal again and again: all are told rightly, or told to be limited by the
gateway. The terminals of a facility share its half-open limit.
"""
import json
import subprocess

import judge

GATEWAY = ["--only", "sec-udp-*", "--only", "sec-ike-mtu"]


def several(lab, program, count, *words):
    """So many runs at once; their reports."""
    argv = lab.command([program, "--format", "json", *GATEWAY, *words, *judge.AGELESS])
    runs = [subprocess.Popen(argv, env=lab.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True) for _ in range(count)]
    return [json.loads(run.communicate(timeout=120)[0]) for run in runs]


def codes(report):
    return {cause["code"] for cause in report["causes"]} - judge.USUAL_WARNINGS


def are_right(reports):
    for report in reports:
        assert report["exit_code"] == 0 and not codes(report), json.dumps(report["causes"])


def test_many_at_once(lab, program):
    lab.reset_ike()
    are_right(several(lab, program, 8))


def test_again_and_again(lab, program):
    """Without forgetting anything: the gateway's limit is never reached, and no flow is another's."""
    lab.reset_ike()
    are_right([report for _ in range(6) for report in several(lab, program, 1)])


def test_the_same_flow_again(lab, program):
    """A router that lets one VPN at a time pass knows the next run for the same one."""
    lab.apply("vpn-passthrough-one-port")
    for _ in range(3):
        report, = several(lab, program, 1)
        assert report["exit_code"] == 0 and codes(report) == {"udp.one-flow"}, json.dumps(report["causes"])


def test_nat_ports_are_not_used_up(lab, program):
    lab.apply("udp-four-ports")
    are_right([report for _ in range(4) for report in several(lab, program, 1)])


def test_a_gateway_that_is_busy_with_others(lab, program):
    """Half-open connections of the same address: COOKIE is an answer, and leaves no state."""
    lab.reset_ike()
    for _ in range(6):
        lab.run(["python3", judge.faults.HERE / "ike_probe.py", "219.97.232.64", "500", "good"])
    are_right(several(lab, program, 4))
