"""--wait and --every: what is repeated, when it ends, and what it says."""
import contextlib
import json
import signal
import subprocess

import pytest

import judge

SIGNALS = pytest.mark.not_on_windows("a signal ends the shell that holds Wine's processes, not the program")
LIMIT = 120  # seconds, for the test as a whole to end when something hangs


@contextlib.contextmanager
def started(lab, program, *words, lang="en"):
    """The program in the terminal, its pipes open; killed if it is still there at the end."""
    child = subprocess.Popen(lab.command([program, "--lang", lang, *words]), env=lab.environment(),
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def read_until(stream, word):
    """All lines up to the one that has the word."""
    lines = []
    for line in stream:
        lines.append(line)
        if word in line:
            return lines
    raise AssertionError(f"{word} never came: {lines}")


def ended(child, sign=None):
    if sign:
        child.send_signal(sign)
    output, errors = child.communicate(timeout=LIMIT)
    return child.returncode, output, errors


def test_wait_ends_once_the_fault_is_lifted(lab, program):
    lab.apply("tcp-443-refused")
    with started(lab, program, "--wait", "10m", "-v", "--format", "json", *judge.AGELESS) as child:
        first = read_until(child.stderr, "tried 1,")
        lab.revert()
        code, output, errors = ended(child)
    report = json.loads(output)
    assert code == 0 and report["verdict"] == "ready", output
    assert report["attempts"] >= 2 and report["waited_ms"] > 0
    assert not report["interrupted"]
    # what passed at first is not asked again
    assert "tcp.refused" not in output
    assert any("sec-udp-500" in line for line in first)
    assert "sec-tcp-443" in errors and "sec-udp-500" not in errors and "term-disk" not in errors
    verdicts = {check["id"]: check["verdict"] for check in report["checks"]}
    assert verdicts["sec-udp-500"] == verdicts["sec-tcp-443"] == verdicts["mio-tls"] == "pass"


def test_wait_gives_up_when_the_time_is_over(lab, program):
    lab.apply("tcp-443-refused")
    with started(lab, program, "--wait", "3s", "--only", "mio-*", "--format", "json") as child:
        code, output, errors = ended(child)
    report = json.loads(output)
    assert code == 1 and report["verdict"] == "not-ready" and errors == ""
    assert report["attempts"] >= 2 and report["waited_ms"] >= 3000
    assert {"mio-dns", "mio-tcp-443", "mio-tls", "mio-http"} <= {check["id"] for check in report["checks"]}
    assert report["causes"][0]["code"] == "tcp.refused"


@SIGNALS
def test_wait_that_is_interrupted_reports(lab, program, tmp_path):
    lab.apply("tcp-443-refused")
    saved = tmp_path / "report.json"
    with started(lab, program, "--wait", "10m", "-v", "--only", "mio-*", "-o", saved) as child:
        read_until(child.stderr, "tried 1,")
        code, output, _ = ended(child, signal.SIGINT)
    report = json.loads(saved.read_text())
    assert code == 3 and report["exit_code"] == 3 and report["interrupted"]
    assert "NOT READY" in output and "interrupted" in output
    assert {check["id"]: check["verdict"] for check in report["checks"]}["mio-tcp-443"] == "fail"


@pytest.mark.not_on_windows("Wine reads which DNS servers there are once in a program's life")
def test_wait_notices_the_vpn(lab, program):
    """Before it is connected nothing can be checked; then the plan is another."""
    with started(lab, program, "--wait", "10m", "-v", "--only", "portal-*", "--format", "json") as child:
        read_until(child.stderr, "tried 1,")
        lab.vpn_up()
        code, output, _ = ended(child)
    report = json.loads(output)
    assert code == 0 and report["phase"] == "in-vpn"
    assert {check["verdict"] for check in report["checks"]} == {"pass"}


def test_wait_that_is_ready_at_once_does_not_wait(lab, program):
    with started(lab, program, "--wait", "10m", "--only", "mio-*", "--format", "json") as child:
        code, output, errors = ended(child)
    assert code == 0 and json.loads(output)["attempts"] == 1 and errors == ""


def event(child, name):
    """The next event, which must be of this kind."""
    found = json.loads(child.stdout.readline())
    assert found["event"] == name, found
    return found


def changes(child, before, after):
    """Events of checks up to that of the verdict; ids of the checks."""
    ids = []
    while True:
        found = json.loads(child.stdout.readline())
        if found["event"] == "verdict":
            assert (found["before"], found["after"]) == (before, after)
            return ids
        assert found["event"] == "check", found
        ids.append(found["id"])


@SIGNALS
def test_every_tells_each_change_in_order(lab, program, tmp_path):
    saved = tmp_path / "last.html.json"
    with started(lab, program, "--every", "5s", "--only", "mio-*", "--format", "json", "-o", saved) as child:
        first = event(child, "first")
        assert first["verdict"] == "ready" and first["run"] == 1 and first["counts"]["pass"] == 4
        lab.apply("tcp-443-refused")
        assert changes(child, "ready", "not-ready") == ["mio-tcp-443", "mio-tls", "mio-http"]
        lab.revert()
        assert changes(child, "not-ready", "ready") == ["mio-tcp-443", "mio-tls", "mio-http"]
        code, output, errors = ended(child, signal.SIGINT)
    summary = json.loads(output)
    assert summary["event"] == "summary" and summary["run"] >= 3 and errors == ""
    # up at the end, and yet it failed
    assert code == summary["exit_code"] == 1 and summary["verdict"] == "not-ready"
    rows = {row["id"]: row for row in summary["checks"]}
    assert set(rows) == {"mio-tcp-443", "mio-tls", "mio-http"}
    row = rows["mio-tcp-443"]
    assert row["changes"] == 2 and 1 <= row["bad"] < row["runs"] == summary["run"]
    assert row["share"] == row["bad"] / row["runs"] and row["longest_seconds"] > 0
    assert row["first"] <= row["last"]
    assert json.loads(saved.read_text())["verdict"] == "ready"


@SIGNALS
def test_every_in_words(lab, program):
    lab.apply("tcp-443-refused")
    with started(lab, program, "--every", "5s", "--only", "mio-*", lang="ja") as child:
        assert "準備ができていません · 合格 1 件" in child.stdout.readline()
        lab.revert()
        lines = read_until(child.stdout, "判定: 準備ができていません → 準備完了")
        code, output, _ = ended(child, signal.SIGTERM)
    # one cause, one line
    assert len([line for line in lines if " → 合格" in line]) <= 2
    assert any("mio への TCP 443" in line and "不合格 → 合格" in line for line in lines), lines
    assert "終了: " in output and "合格しなかったのは" in output
    assert code == 1


@SIGNALS
def test_every_without_changes(lab, program):
    with started(lab, program, "--every", "1h", "--only", "mio-*") as child:
        assert "READY · 4 passed" in child.stdout.readline()
        code, output, _ = ended(child, signal.SIGTERM)
    assert code == 0 and "Nothing changed." in output and "runs: 1" in output
