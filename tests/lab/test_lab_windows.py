"""The terminal as a Windows: what windows.yaml may say, what is planted, and what a run leaves behind."""
import json
import os

import pytest

import faults
import net
import pki
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


# Two roots that OpenSSL made with one key. The first's r has 31 octets: Wine 8 leaves it out of its root store.
SHORT = """\
-----BEGIN CERTIFICATE-----
MIIBYzCCAQqgAwIBAgIUW/H3BJBzcpKe9WnE0Mj4aGQELKEwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFQ0ExMDcwHhcNMjYxMTIxMjI1MzUxWhcNMzYxMTE4MjI1MzUx
WjAQMQ4wDAYDVQQDDAVDQTEwNzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGuQ
CK0E5dR+LmaVryGQo6DxdUzDJvHgFXcjJKCqkHrQp9g8SClhmdm1vh/AOblCKVoj
vPSbKSS16OviHExCKj6jQjBAMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQD
AgEGMB0GA1UdDgQWBBRN0txsF2QR3S5fSWg0e4u05iCK3zAKBggqhkjOPQQDAgNH
ADBEAiAA9cLbd1DInn4iRfPbAGss7TYjW6G85yIPR/JQfLkYbwIgJm4+XKaFnp0w
aCjlGrE+Qkb3WnEohPIxfabBue0C+vQ=
-----END CERTIFICATE-----
"""
FULL = """\
-----BEGIN CERTIFICATE-----
MIIBYDCCAQagAwIBAgIUbnXRliamfBk2heY9AQW9mRYQLugwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDQ0ExMB4XDTI2MTEyMTIyNTM1MFoXDTM2MTExODIyNTM1MFow
DjEMMAoGA1UEAwwDQ0ExMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEa5AIrQTl
1H4uZpWvIZCjoPF1TMMm8eAVdyMkoKqQetCn2DxIKWGZ2bW+H8A5uUIpWiO89Jsp
JLXo6+IcTEIqPqNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYw
HQYDVR0OBBYEFE3S3GwXZBHdLl9JaDR7i7TmIIrfMAoGCCqGSM49BAMCA0gAMEUC
IF2qHEo4GJTHz5kz0XijGviyvdDyjfZ6fBXiTmAAQyB3AiEAyfYkPZqRKy07goRj
3174uKPoQaugu9FsWUlcHdJJNVI=
-----END CERTIFICATE-----
"""


def test_roots_are_signed_with_numbers_of_full_length(tmp_path, monkeypatch):
    assert [(number.bit_length() + 7) // 8 for number in pki.signature_numbers(SHORT)] == [31, 32]
    assert not pki.fills(SHORT) and pki.fills(FULL)
    made = []

    def request(self, name, *_):
        made.append(name)
        self.path(name, "pem").write_text(FULL if made.count(name) == 3 else SHORT)

    monkeypatch.setattr(pki.Pki, "openssl_request", request)
    pki.Pki(tmp_path / "pki")
    assert sorted(made) == ["issuing"] * 3 + ["orca"] * 3 + ["root"] * 3


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
