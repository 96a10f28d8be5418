"""The checker in the healthy lab, and what a run promises: no other address, the phase, an end."""
import json
import signal
import subprocess

import pytest

import judge
import net
import windows

IN_VPN = ("mio-intra-", "portal-", "portal2-")


def report_of(lab, program, *words, **more):
    lab.reset_ike()
    done = lab.run([program, "--format", "json", *judge.AGELESS, *words], timeout=60, **more)
    assert done.returncode in (0, 1, 3), done.stderr
    return done.returncode, json.loads(done.stdout)


def verdicts(report):
    return {check["id"]: check["verdict"] for check in report["checks"]}


def facts(report, check):
    return next(row["facts"] for row in report["checks"] if row["id"] == check)


# Rows T10 to T12: installed once the application was granted, and not asked for before.
AFTER_ENROLMENT = {"term-vpn-client", "term-keymanager", "term-certificate"}


def test_healthy_passes_with_evidence(lab, program):
    code, report = report_of(lab, program)
    assert code == 0 and report["verdict"] == "ready"
    for check in report["checks"]:
        name = check["id"]
        told = json.dumps(check, ensure_ascii=False)
        if name.startswith(IN_VPN) or name == "vpn-up":
            assert check["verdict"] == "skip", told
        elif check["type"] == "manual":
            assert check["verdict"] == "manual", told
        elif name in AFTER_ENROLMENT:
            assert check["verdict"] == "skip" and check["cause"] in ("software.missing", "cert.not-found"), told
        elif name == "sec-udp-443":
            assert check["verdict"] == "warn" and check["cause"] == "dtls.silent", told
        else:
            assert check["verdict"] == "pass", told
            assert check["facts"] and check["evidence"]["ja"] and check["evidence"]["en"], told
            assert "?" not in check["evidence"]["en"] and "？" not in check["evidence"]["ja"], told


def test_flows_are_new_one_after_the_other(lab, program):
    """Some routers take one new flow a second: DTLS, which proves nothing, leaves it to IKE."""
    with lab.capture() as seen:
        report_of(lab, program)
    flows = [port for _, protocol, _, target, port, _ in seen.outgoing() if protocol == "udp" and target == net.SEC_IP]
    assert list(dict.fromkeys(flows)) == [500, 4500, 443]


@pytest.mark.not_on_windows("who is on the way, Windows tells for TCP only, and Wine not at all")
@pytest.mark.parametrize("readme", ["README.md", "README.ja.md"])
def test_the_readme_shows_a_real_run(lab, program, readme):
    text = (windows.TOP / readme).read_text()
    shown = text.partition("<!-- BEGIN TRANSCRIPT -->\n```\n$ ")[2].partition("```")[0].splitlines()
    lab.apply("udp-4500-dropped")
    done = lab.run([program, "--lang", "ja" if ".ja." in readme else "en", *judge.AGELESS], timeout=60)
    lines = iter(done.stdout.splitlines())
    for line in (line for line in shown[1:] if line not in ("…", "")):
        assert line in lines, line  # those in between are left out


def test_translation_is_seen_when_there_is_one(lab, program):
    _, report = report_of(lab, program, "--only", "sec-udp-4500")
    assert facts(report, "sec-udp-4500")["nat_local"] == "present"
    assert facts(report, "sec-udp-4500")["nat_remote"] == "none"


def test_no_translation_is_seen_when_there_is_none(lab, program):
    lab.apply("healthy-no-nat")
    _, report = report_of(lab, program, "--only", "sec-udp-4500")
    assert facts(report, "sec-udp-4500")["nat_local"] == "none"


def planned(lab, program, *words):
    done = lab.run([program, "plan", "--format", "json", *words], timeout=20)
    allowed = set()
    for target in json.loads(done.stdout)["targets"]:
        for protocol in target["protocol"].lower().split("/"):
            allowed.add((protocol, target["address"], target["port"]))
    return allowed


def sent_by(lab, program, *words):
    with lab.capture(interface="eth0") as seen:
        lab.run([program, *words], timeout=60)
    return {(protocol.lower(), address, port) for protocol, address, port in seen.sent()}


def test_nothing_is_sent_to_an_unplanned_address(lab, program):
    allowed = planned(lab, program)
    sent = sent_by(lab, program)
    assert ("udp", "219.97.232.64", 4500) in sent and ("tcp", "133.162.82.105", 443) in sent
    assert sent <= allowed, sent - allowed


def test_nothing_is_sent_to_an_unplanned_address_when_names_fail(lab, program):
    lab.apply("dns-silent")
    allowed = planned(lab, program)
    sent = sent_by(lab, program)
    assert sent and sent <= allowed, sent - allowed


def test_a_part_of_the_checks_resolves_names_as_planned(lab, program):
    words = ("--only", "mio-tcp-443")
    sent = sent_by(lab, program, *words)
    assert ("udp", "203.0.113.53", 53) in sent
    assert sent <= planned(lab, program, *words)


def test_plan_sends_nothing(lab, program):
    with lab.capture(interface="any") as seen:
        assert lab.run([program, "plan"], timeout=20).returncode == 0
        assert lab.run([program, "list"], timeout=20).returncode == 0
    assert seen.count() == 0


def test_a_bad_rule_file_sends_nothing(lab, program, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("version: 1\nchecks: {sec-udp-500: {prot: 500}}\n")
    with lab.capture(interface="any") as seen:
        assert lab.run([program, "--rules", bad], timeout=20).returncode == 2
    assert seen.count() == 0


def test_the_run_ends_at_its_timeout(lab, program):
    lab.apply("no-internet")
    code, report = report_of(lab, program, "--timeout", "500ms")
    assert code == 3
    cut = [check for check in report["checks"] if check["cause"] == "run.deadline"]
    assert {check["verdict"] for check in cut} == {"unknown"}
    assert {"sec-udp-500", "mio-tcp-443"} <= {check["id"] for check in cut}


@pytest.mark.not_on_windows("Wine's process gets no Ctrl-C from a shell without a console")
def test_interrupt_reports_what_is_known(lab, program):
    lab.apply("no-internet")
    with subprocess.Popen(lab.command([program, "--format", "json", "-v"]), env=lab.environment(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        here = {"term-os", "term-disk", "term-software", "term-vpn-client", "term-browser", "term-keymanager", "term-pdf",
                "term-link", "term-proxy", "vpn-up"}
        while here:  # what is read on the terminal is done; what waits for the network is not
            line = child.stderr.readline()
            assert line, here
            here.discard(line.split()[-1])
        child.send_signal(signal.SIGINT)
        output, _ = child.communicate(timeout=30)
    report = json.loads(output)
    assert child.returncode == 3
    assert "run.interrupted" in {check["cause"] for check in report["checks"]}


def test_inside_the_vpn_internet_checks_are_skipped(lab, program):
    lab.vpn_up()
    try:
        _, report = report_of(lab, program)
        seen = verdicts(report)
        assert report["phase"] == "in-vpn"
        assert seen["vpn-up"] == "pass"
        assert seen["sec-tcp-443"] == "skip" and seen["mio-tls"] == "skip"
        assert seen["portal-http"] == "pass" and seen["mio-intra-http"] == "pass"
    finally:
        lab.vpn_down()


def test_asking_for_the_inside_without_a_tunnel_fails(lab, program):
    code, report = report_of(lab, program, "--phase", "in-vpn", "--only", "vpn-up")
    assert code == 1
    assert report["causes"][0]["code"] == "vpn.not-connected"


def test_the_report_fits_its_schema(lab, program):
    import jsonschema
    schema = json.loads(lab.run([program, "schema", "report"], timeout=20).stdout)
    for fault in (None, "udp-500-rejected", "no-internet"):
        if fault:
            lab.apply(fault)
        _, report = report_of(lab, program)
        jsonschema.validate(report, schema)


@pytest.mark.not_on_windows("Wine does not tell which router rejected UDP")
def test_saved_reports_leave_private_addresses_out(lab, program, tmp_path):
    lab.apply("udp-500-rejected")
    saved, kept = tmp_path / "saved.json", tmp_path / "kept.json"
    lab.run([program, "-o", saved, "-o", tmp_path / "saved.txt"], timeout=60)
    lab.run([program, "--identify", "-o", kept], timeout=60)
    assert "192.168." in kept.read_text()
    for path in (saved, tmp_path / "saved.txt"):
        assert "192.168." not in path.read_text() and "private-1" in path.read_text()
        assert "219.97.232.64" in path.read_text()
