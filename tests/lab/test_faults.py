"""
Runs the checker against every fault and compares what it says with what the fault file expects:
exit code, the root causes (all of them, nothing else), warnings, and single checks.
"""
import json
import shutil
import subprocess

import pytest

import credentials
import faults

SECRET = credentials.PASSWORD[:-1]  # what all passwords of the faults start with

# A gateway does not answer strangers on UDP 443, so this warning stands wherever nothing bigger
# explains it (row C2).
USUAL_WARNINGS = {"dtls.silent"}


def codes(report, warnings):
    return sorted(cause["code"] for cause in report["causes"] if (cause["verdict"] == "warn") == warnings)


def assert_told_once(report, told):
    """A root cause has evidence and a remedy that names who acts, and no check belongs to two."""
    seen = []
    for cause in report["causes"]:
        members = cause["checks"] + cause["symptoms"]
        assert members, told
        seen += members
        for lang in ("ja", "en"):
            assert cause["title"][lang] and cause["evidence"][lang], told
            assert cause["remedy"][lang] or cause["code"].startswith("run."), told
        assert cause["actors"] or cause["code"].startswith("run."), told
    assert len(seen) == len(set(seen)), told


def assert_judged_again_alike(program, folder, text, args, told):
    """The saved report, judged again by the same rules, is the same but for what says so."""
    rules = [word for at, option in enumerate(args) if option in ("--rules", "--set") for word in args[at:at + 2]]
    (folder / "nothing.yaml").write_text("version: 1\n")
    done = subprocess.run([shutil.which("unshare"), "-n", program, "show", "-", "--format", "json", *rules,
                           "--rules", folder / "nothing.yaml"], input=text, capture_output=True, text=True, timeout=60)
    saved, again = json.loads(text), json.loads(done.stdout)
    assert again["judged_again"]["rules"] == saved["rules"], told
    for report in (saved, again):
        for member in ("rules", "judged_again"):
            del report[member]
    assert again == saved, told
    assert done.returncode == saved["exit_code"], told


@pytest.mark.parametrize("name", faults.names())
def test_fault(lab, program, tmp_path, name):
    fault = lab.apply(name)
    done = lab.run([program, "--format", "json", *fault.get("args", [])], timeout=60, user=fault.get("user"))
    expected = fault["expect"]
    told = f"exit {done.returncode}\n{done.stdout[:6000]}\n{done.stderr[:2000]}"
    assert done.returncode in (0, 1, 3), told
    report = json.loads(done.stdout)
    assert codes(report, False) == sorted(expected["causes"]), told
    assert set(codes(report, True)) - USUAL_WARNINGS == set(expected.get("warnings", [])), told
    assert_told_once(report, told)
    assert SECRET not in done.stdout + done.stderr, told
    assert_judged_again_alike(program, tmp_path, done.stdout, fault.get("args", []), told)
    checks = {check["id"]: check for check in report["checks"]}
    for check, wanted in expected.get("checks", {}).items():
        found = {key: checks[check].get(key) for key in wanted}
        assert found == wanted, f"{check}\n{told}"
    for cause in report["causes"]:
        assert cause["segments"] == expected.get("segments", {}).get(cause["code"], cause["segments"]), told
    for key, fragments in expected.get("shown", {}).items():
        for cause in report["causes"]:
            if cause["code"] == key:
                for fragment in fragments:
                    assert fragment in cause["evidence"]["ja"], told
                    assert fragment in cause["evidence"]["en"], told
    assert done.returncode == expected["exit"], told
