"""
Runs the checker against every fault and compares what it says with what the fault file expects:
exit code, the root causes (all of them, nothing else), warnings, and single checks.
"""
import pytest

import faults
import judge
import windows


@pytest.mark.parametrize("name", faults.names())
def test_fault(lab_for_fault, program, name):
    if windows.runs(program) and windows.skipped(name):
        pytest.skip(windows.skipped(name))
    findings = judge.run(lab_for_fault, program, faults.load(name), again=True)
    assert not findings.wrong(), str(findings)
