"""Runs the checker against every fault and compares what it says with what the fault file expects."""

import json
import os

import pytest

import faults
from lab import TOP

PREFLIGHT = os.environ.get("PREFLIGHT", str(TOP / "preflight"))


@pytest.mark.parametrize("name", faults.names())
def test_fault(lab, name):
    assert os.access(PREFLIGHT, os.X_OK), f"{PREFLIGHT} is missing: build it first"
    fault = lab.apply(name)
    done = lab.run([PREFLIGHT, "--format", "json", *fault.get("args", [])], timeout=60)
    expected = fault["expect"]
    told = f"exit {done.returncode}\n{done.stdout[:4000]}\n{done.stderr[:2000]}"
    assert done.returncode in (0, 1, 2, 3), told
    report = json.loads(done.stdout)
    causes = [cause["code"] for cause in report["causes"]]
    assert len(causes) == len(set(causes)), f"a cause is named twice: {causes}"
    if "causes" in expected:
        assert sorted(causes) == sorted(expected["causes"]), told
    checks = {check["id"]: check for check in report["checks"]}
    for check, wanted in expected.get("checks", {}).items():
        found = {key: checks[check].get(key) for key in wanted}
        assert found == wanted, f"{check}\n{told}"
    assert done.returncode == expected["exit"], told
