"""Files as Windows' own tools and editors write them are read, or what is wrong with them is told with its place."""
import json
import pathlib
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
INVENTORY = TOP / "tests" / "inventories" / "windows-11-24h2.json"
REPORT = TOP / "tests" / "fixtures" / "report-ready.json"
RULES = "version: 1\nchecks:\n  term-disk:\n    free: 0.5 GB\n"

WAYS = {
    "utf-16-le": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16-be": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16-without-mark": lambda text: text.encode("utf-16-le"),
    "utf-8-mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "crlf": lambda text: text.replace("\n", "\r\n").encode(),
    "utf-16-crlf": lambda text: b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"),
    "cr": lambda text: text.replace("\n", "\r").encode(),
    "nul": lambda text: text.encode() + b"\0",
}


def preflight(program, *words):
    return subprocess.run([shutil.which("unshare"), "-n", program, *words], capture_output=True, text=True,
                          timeout=60, stdin=subprocess.DEVNULL)


@pytest.fixture(params=sorted(WAYS))
def way(request):
    return WAYS[request.param]


def test_inventory(program, tmp_path, way):
    path = tmp_path / "saved.json"
    path.write_bytes(way(INVENTORY.read_text()))
    done = preflight(program, "--inventory", path, "--only", "term-software", "--format", "json")
    assert done.stderr == "" and json.loads(done.stdout)["checks"][0]["verdict"] == "fail"


def test_rules(program, tmp_path, way):
    path = tmp_path / "own.yaml"
    path.write_bytes(way(RULES))
    done = preflight(program, "lint", path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["show", "request"])
def test_report(program, tmp_path, way, command):
    path = tmp_path / "report.json"
    path.write_bytes(way(REPORT.read_text()))
    done = preflight(program, command, path)
    assert done.returncode in (0, 1, 3) and done.stderr == "", done.stderr


def test_two_reports(program, tmp_path, way):
    path = tmp_path / "report.json"
    path.write_bytes(way(REPORT.read_text()))
    assert preflight(program, "diff", REPORT, path).returncode == 0


@pytest.mark.parametrize("words, name, text, place", [
    (["lint"], "own.yaml", "version: 1\nhosts:\n  a: {name: x, title: 端末}\n", ":3:23: "),
    (["--inventory"], "saved.json", '{"preflight-inventory": 1,\n "x": "端末"}', ":2:8: "),
    (["show"], "report.json", '{"schema":\n "端末"}', ":2:3: "),
])
def test_shift_jis_is_named(program, tmp_path, words, name, text, place):
    path = tmp_path / name
    path.write_bytes(text.encode("cp932"))
    done = preflight(program, *words, path)
    assert done.returncode == 2
    assert f"{name}{place}" in done.stderr and "Shift_JIS" in done.stderr, done.stderr


@pytest.mark.parametrize("words, name", [(["--inventory"], "saved.json"), (["show"], "report.json"),
                                         (["lint"], "own.yaml")])
def test_an_empty_file_is_told(program, tmp_path, words, name):
    path = tmp_path / name
    path.write_bytes(b"")
    done = preflight(program, *words, path)
    assert done.returncode == 2 and "the file is empty" in done.stderr, done.stderr


@pytest.mark.parametrize("text, told", [
    ("version: 1\nchecks:\n　　term-disk:\n    free: 1 GB\n", "3:1: error: unknown section"),
    ("version: 1\nchecks:\n　　term-disk:\n    free: 1 GB\n", "column 1 has a full-width blank (U+3000)"),
    ("version: 1\nchecks:\n  term-disk:\n    free： 1 GB\n", "column 9 has a full-width colon (U+FF1A)"),
    ("version: 1\nchecks:\n  term-disk:\n    free: ５ GB\n", "column 11 has a full-width digit (U+FF15)"),
    ("version: 1\nchecks:\n  term-disk:\n\tfree: 1 GB\n", "column 1 has a tab (U+0009)"),
    ("version: 1\nchecks:\n  term-disk:\n    free: 0,5 GB\n", "has a comma in its number"),
])
def test_what_an_input_method_leaves_is_named(program, tmp_path, text, told):
    path = tmp_path / "own.yaml"
    path.write_text(text)
    done = preflight(program, "lint", path)
    assert done.returncode == 2 and told in done.stderr, done.stderr


def test_pem_certificates(program, tmp_path, way):
    """As an authority, beside one that is fine: both are read."""
    openssl = shutil.which("openssl")
    made = subprocess.run([openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                           "-subj", "/CN=ca", "-days", "30", "-keyout", "/dev/null"], capture_output=True, text=True)
    path = tmp_path / "ca.crt"
    path.write_bytes(way(made.stdout))
    done = preflight(program, "--ca", path, "-p", "orca", "--only", "orca-ca", "--format", "json")
    check, = json.loads(done.stdout)["checks"]
    assert check["facts"].get("subject_cn") == "ca" and check["facts"]["format"] == "pem", check
