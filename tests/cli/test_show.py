"""Saved reports on the command line: shown, judged again, compared; damaged ones refused."""
import json
import pathlib
import shutil
import subprocess

import pytest

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
HEALTHY = FIXTURES / "saved-healthy.json"
EXPIRED = FIXTURES / "saved-cert-expired.json"
OLD = FIXTURES / "report-udp4500.json"  # schema_version 1.0


def preflight(program, *words, stdin=None, lang="en"):
    return subprocess.run([shutil.which("unshare"), "-n", program, *words, "--lang", lang], input=stdin,
                          capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("path,code,english,japanese", [
    (HEALTHY, 0, "READY", "準備完了"),
    (EXPIRED, 1, "NOT READY", "準備ができていません"),
    (OLD, 1, "NOT READY", "準備ができていません")])
def test_verdict_and_exit_code_are_the_runs(program, path, code, english, japanese):
    for lang, expected in (("en", f"Verdict: {english}\n"), ("ja", f"判定: {japanese}\n")):
        done = preflight(program, "show", path, lang=lang)
        assert done.returncode == code and done.stdout.startswith(expected), done.stdout + done.stderr
        assert done.stderr == ""


def test_json_is_the_saved_document(program):
    for path in (HEALTHY, EXPIRED, OLD):
        done = preflight(program, "show", path, "--format", "json")
        assert json.loads(done.stdout) == json.loads(path.read_text())


def test_standard_input_and_files(program, tmp_path):
    done = preflight(program, "show", "-", "-q", "-o", tmp_path / "a.txt", "-o", tmp_path / "a.json",
                     stdin=EXPIRED.read_text())
    assert done.returncode == 1, done.stderr
    assert (tmp_path / "a.txt").read_text() == done.stdout
    again = json.loads((tmp_path / "a.json").read_text())
    assert again["redacted"] is True and "192.168.10.1" not in json.dumps(again)
    # What is redacted already stays as it is.
    done = preflight(program, "show", tmp_path / "a.json", "-o", tmp_path / "b.json")
    assert (tmp_path / "b.json").read_text() == (tmp_path / "a.json").read_text()
    assert preflight(program, "show", EXPIRED, "--identify", "-o", tmp_path / "c.json").returncode == 1
    assert json.loads((tmp_path / "c.json").read_text()) == json.loads(EXPIRED.read_text())


ASKED = [((), None, None),
         (("--only", "term-*", "--skip", "term-pdf"), "Not all checks were made: --only term-*, --skip term-pdf",
          "確認する項目を限定しています: --only term-*、--skip term-pdf"),
         (("--set", "checks.term-disk.free=1MB"), "Values of the rules were changed (--set: 1)", "規則の値を変えています（--set 1 件）"),
         (("--only", "term-disk", "--set", "checks.term-disk.free=1MB"),
          "Not all checks were made: --only term-disk · Values of the rules were changed (--set: 1)",
          "確認する項目を限定しています: --only term-disk · 規則の値を変えています（--set 1 件）")]


@pytest.mark.parametrize("words,english,japanese", ASKED, ids=["all", "selected", "set", "both"])
@pytest.mark.parametrize("format", ["text", "html", "nagios"])
def test_what_was_asked_for_stands_by_the_verdict(program, tmp_path, words, english, japanese, format):
    path = tmp_path / "a.json"
    printed = preflight(program, *words, "-o", path, "--format", format).stdout
    for lang, line in (("en", english), ("ja", japanese)):
        shown = preflight(program, "show", path, "--format", format, lang=lang).stdout
        for text in (shown, printed) if lang == "en" else (shown,):
            head = {"text": " ".join(text.splitlines()[:4]), "html": text.split("</style>")[-1].split("</header>")[0],
                    "nagios": text.splitlines()[0]}[format]
            assert (line in head) if line else not any(word in head for word in ("--only", "--skip", "--set")), head


def test_unwritable_output(program, tmp_path):
    done = preflight(program, "show", HEALTHY, "-o", tmp_path / "none" / "a.txt")
    assert done.returncode == 3 and "a.txt" in done.stderr


def test_verbose_shows_facts(program):
    assert "fingerprint" in preflight(program, "show", HEALTHY, "-v").stdout
    assert "fingerprint" not in preflight(program, "show", HEALTHY).stdout


@pytest.mark.parametrize("name,change,expected", [
    ("word", ('"verdict": "pass"', '"verdict": "fine"'), 'r.json:{line}:18: error: checks[0].verdict: "fine" must be'),
    ("cut", (None, None), "r.json:{line}:"),
    ("version", ('"schema_version": "1.1"', '"schema_version": "2.0"'),
     "r.json:{line}:21: error: schema_version: 2.0 is another version than this program's, which reads 1.x; "
     "use a newer preflight")])
def test_damaged(program, tmp_path, name, change, expected):
    text = HEALTHY.read_text()
    if name == "cut":
        text = text[:3000]
        line = text.count("\n") + 1
    else:
        before, old = text.partition(change[0])[:2]
        assert old
        line = before.count("\n") + 1
        text = text.replace(*change, 1)
    (tmp_path / "r.json").write_text(text)
    for words in (["show"], ["diff", HEALTHY]):
        done = preflight(program, *words, tmp_path / "r.json")
        assert done.returncode == 2 and done.stdout == ""
        assert done.stderr.startswith(f"{tmp_path}/" + expected.format(line=line)), done.stderr


def test_missing_and_too_large(program, tmp_path):
    done = preflight(program, "show", tmp_path / "none.json")
    assert done.returncode == 2 and done.stderr == f"{tmp_path}/none.json: error: No such file or directory\n"
    (tmp_path / "large.json").write_bytes(b" " * (16 * 1024 * 1024 + 1))
    done = preflight(program, "show", tmp_path / "large.json")
    assert done.returncode == 2 and "is longer than 16777216 bytes" in done.stderr


HOSTILE = "\x1b]0;title\x07\x1b[31m\u202e\u009b2J<script>alert(1)</script>"


@pytest.mark.parametrize("words", [["show"], ["show", "-v"], ["show", "-f", "json"], ["diff", HEALTHY]])
def test_hostile_strings_never_reach_the_terminal(program, tmp_path, words):
    report = json.loads(HEALTHY.read_text())
    report["program"]["version"] = report["terminal"]["os"] = HOSTILE
    for check in report["checks"]:
        check["title"] = check["evidence"] = {"ja": HOSTILE, "en": HOSTILE}
        check["facts"] = {"issuer": HOSTILE, HOSTILE: [HOSTILE], "a": [HOSTILE]}
    (tmp_path / "r.json").write_text(json.dumps(report))
    for lang in ("ja", "en"):
        done = preflight(program, *words, tmp_path / "r.json", lang=lang)
        assert done.returncode in (0, 1) and done.stdout, done.stderr
        for character in "\x1b\x07\u202e\u009b":
            assert character not in done.stdout


def judged_again(program, path, *words):
    done = preflight(program, "show", path, "--format", "json", *words)
    assert done.returncode in (0, 1, 3), done.stderr
    return done.returncode, json.loads(done.stdout)


def test_another_limit_changes_the_verdict(program):
    code, report = judged_again(program, HEALTHY, "--set", "checks.term-disk.free=900TB")
    disk = next(check for check in report["checks"] if check["id"] == "term-disk")
    assert code == 1 and report["verdict"] == "not-ready" and disk["cause"] == "disk.low"
    assert report["rules"][-1]["file"] == "--set"
    assert report["judged_again"]["rules"] == json.loads(HEALTHY.read_text())["rules"]
    text = preflight(program, "show", HEALTHY, "--set", "checks.term-disk.free=900TB").stdout
    assert "judges a saved report again" in text and "900000.0 GB" in text


def test_what_is_not_saved_is_unknown(program, tmp_path):
    (tmp_path / "new.yaml").write_text("version: 1\nhosts: {mio: {name: other.example.jp}}\n")
    code, report = judged_again(program, HEALTHY, "--rules", tmp_path / "new.yaml")
    states = {check["id"]: (check["state"], check["verdict"], check["cause"]) for check in report["checks"]}
    assert code == 3 and states["mio-dns"] == ("not-saved", "unknown", "run.not-saved")
    assert states["term-disk"] == ("finished", "pass", None)
    text = preflight(program, "show", HEALTHY, "--rules", tmp_path / "new.yaml", lang="ja").stdout
    assert "保存した結果だけでは判定できない確認があります" in text


def test_a_profile_that_is_gone(program, tmp_path):
    report = json.loads(HEALTHY.read_text())
    report["profiles"][0]["id"] = "gone"
    (tmp_path / "r.json").write_text(json.dumps(report))
    done = preflight(program, "show", tmp_path / "r.json", "--set", "checks.term-disk.free=1GB")
    assert done.returncode == 2 and 'profiles[0].id: the rules have no profile "gone"' in done.stderr


def test_diff(program):
    done = preflight(program, "diff", HEALTHY, HEALTHY)
    assert done.returncode == 0 and done.stdout.endswith("\nNothing changed.\n"), done.stdout
    done = preflight(program, "diff", HEALTHY, EXPIRED)
    assert done.returncode == 1 and "Verdict: READY → NOT READY" in done.stdout, done.stdout
    done = preflight(program, "diff", EXPIRED, HEALTHY, "--format", "json")
    diff = json.loads(done.stdout)
    assert done.returncode == 1 and diff["changed"] is True
    assert [(cause["change"], cause["code"]) for cause in diff["causes"]] == [("gone", "tls.expired")]
    assert [check["id"] for check in diff["checks"]] == ["mio-tls", "mio-http"]


def test_nothing_in_common(program, tmp_path):
    report = json.loads(HEALTHY.read_text())
    for check in report["checks"]:
        check["id"] += "-other"
    (tmp_path / "r.json").write_text(json.dumps(report))
    done = preflight(program, "diff", HEALTHY, tmp_path / "r.json")
    assert done.returncode == 2 and done.stdout == ""
    assert "have no check in common, so they cannot be compared" in done.stderr


INVENTORY = FIXTURES.parent / "inventories" / "conflicts-windows.json"


@pytest.mark.parametrize("words", [
    ["--inventory", INVENTORY], ["--phase", "in-vpn", "--strict", "--profile", "orca"],
    ["--waive", "mio-dns=known", "--skip", "sec-*"]], ids=["inventory", "forced", "waived"])
def test_judged_by_the_same_rules_a_run_is_the_same(program, tmp_path, words):
    (tmp_path / "nothing.yaml").write_text("version: 1\n")
    ran = preflight(program, "run", "--format", "json", *words)
    done = preflight(program, "show", "-", "--format", "json", "--rules", tmp_path / "nothing.yaml", stdin=ran.stdout)
    assert done.returncode == ran.returncode, done.stderr
    saved, again = json.loads(ran.stdout), json.loads(done.stdout)
    for report in (saved, again):
        del report["rules"], report["judged_again"], report["support_code"]  # which tells rules apart
    assert again == saved
