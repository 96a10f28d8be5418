"""A support code says what its report says, whatever is broken."""
import json

import pytest

FAULTS = [None, "udp-4500-dropped", "dns-silent", "no-internet", "no-default-route", "tcp-443-refused", "conflict-eset",
          "healthy-vpn-up", "captive-portal", "orca-cert-expired"]


@pytest.mark.parametrize("fault", FAULTS)
def test_code(lab, program, fault):
    words = lab.apply(fault).get("args", []) if fault else []
    report = json.loads(lab.run([program, "--format", "json", *words], timeout=60).stdout)
    done = lab.run([program, "decode", "--format", "json", report["support_code"]], timeout=20)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    told = f"{report['support_code']}\n{done.stdout}"
    assert found["rules_match"] and found["verdict"] == report["verdict"], told
    assert found["phase"] == report["phase"], told
    # a usual report fits with all of its verdicts
    verdicts = {check["id"]: check["verdict"] for check in found["checks"]}
    assert verdicts == {check["id"]: check["verdict"] for check in report["checks"]}, told
    codes = [cause["code"] for cause in report["causes"]]
    assert [cause["code"] for cause in found["causes"]] == codes[:len(found["causes"])], told
    assert found["more_causes"] == (len(found["causes"]) < len(codes)), told
    for cause in found["causes"]:
        assert cause["title"]["ja"] and cause["remedy"]["en"] and cause["actors"], told
        assert all(verdicts[check] in ("fail", "unknown", "warn") for check in cause["checks"]), told
