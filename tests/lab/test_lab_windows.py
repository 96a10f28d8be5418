"""The terminal as a Windows: what windows.yaml may say, what is planted, and what a run leaves behind."""
import json
import os

import pytest

import faults
import net
import windows


def test_what_is_otherwise_has_reasons():
    assert windows.problems(faults.names()) == []


@pytest.mark.parametrize("entry, problem", [
    ({"skip": True}, "without a reason"),
    ({"reason": " ", "expect": {"causes": []}}, "without a reason"),
    ({"reason": "why"}, "nothing is otherwise"),
    ({"reason": "why", "skip": True, "expect": {}}, "skipped, and more"),
    ({"reason": "why", "causes": []}, "unknown keys"),
])
def test_entries_that_are_wrong(monkeypatch, entry, problem):
    monkeypatch.setattr(windows, "table", lambda: {"faults": {"healthy": entry}})
    assert any(problem in found for found in windows.problems(["healthy"]))
    assert any("there is no such fault" in found for found in windows.problems(["another"]))


def test_a_fault_is_told_as_on_linux_unless_the_table_says_otherwise():
    for name in faults.names():
        fault, adapted = faults.load(name), windows.adapt(faults.load(name))
        if not windows.exception(name):
            assert adapted["break"] == fault["break"]
            assert adapted["expect"]["causes"] == fault["expect"]["causes"]
            assert set(fault["expect"].get("warnings", [])) - set(adapted["expect"]["warnings"]) <= {"os.unsupported"}


def test_every_package_of_the_faults_has_a_program():
    for name in faults.names():
        for action in faults.load(name)["break"]:
            if "package" in action:
                assert windows.program_of(action["package"])["DisplayName"]
    with pytest.raises(ValueError, match="no program for the package nothing"):
        windows.program_of({"Package": "nothing", "Version": "1"})


def test_registry_text():
    text = windows.section("Software\\A", {"name": 'say "プ" \\', "number": 255})
    assert text.splitlines() == ["[Software\\\\A] 1700000000", '"name"="say \\"\\x30d7\\" \\\\"', '"number"=dword:000000ff', ""]


def inventory(lab, program):
    done = lab.run([program, "inventory"], timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.only_on_windows
def test_the_planted_windows_is_seen(lab, program):
    lab.apply({"name": "x", "break": [{"os": {"build": 22621, "revision": 7, "release": "22H2", "edition": "Core"}},
                                      {"programs": [{"DisplayName": "日本語 \"名\"", "DisplayVersion": "1.0"}]}]})
    found = inventory(lab, program)
    assert found["os"]["family"] == "windows" and found["os"]["build"] == 22621 and found["os"]["revision"] == 7
    assert found["os"]["release"] == "22H2" and found["os"]["edition"] == "Core"
    assert [each["name"] for each in found["software"] if each["kind"] == "program"] == ['日本語 "名"']
    lab.revert()
    assert inventory(lab, program)["os"]["build"] == windows.table()["os"]["build"]


@pytest.mark.only_on_windows
def test_each_run_has_a_windows_of_its_own(lab, program):
    kept = "C:\\users\\kept.json"
    assert lab.run([program, "--only", "term-os", "-o", kept], timeout=60).returncode == 0
    assert "kept.json" in lab.run([program, "show", kept], timeout=60).stderr
    # nothing of it is left behind
    pids = net.run(["ip", "netns", "pids", lab.world["terminal"].name]).stdout.split()
    commands = [open(f"/proc/{pid}/cmdline", errors="replace").read() for pid in pids if os.path.exists(f"/proc/{pid}")]
    assert not [each for each in commands if "wine" in each or "\\windows\\" in each]
