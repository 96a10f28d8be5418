"""A report's support code, read out by phone: decode gives back what the report says."""
import json
import shutil
import subprocess

import pytest

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ONLY_DISK = ("--only", "term-disk")
TOO_LITTLE = ("--set", "checks.term-disk.free=100000 GB")


def run(program, *words):
    return subprocess.run([shutil.which("unshare"), "-n", program, *words], capture_output=True, text=True,
                          timeout=60, stdin=subprocess.DEVNULL,
                          env={**__import__("os").environ, "LANG": "en_US.UTF-8", "LC_ALL": ""})


def report(program, *words):
    return json.loads(run(program, "--format", "json", *words).stdout)


def decoded(program, code, *words):
    done = run(program, "decode", "--format", "json", *words, code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("words", [(), ("-p", "orca"), ("-p", "registry", "-p", "gtol"), ONLY_DISK,
                                   ("--skip", "sec-*"), ("--phase", "in-vpn"), (*ONLY_DISK, *TOO_LITTLE)])
def test_code_says_what_the_report_says(program, words):
    made = report(program, *words)
    rules = TOO_LITTLE if TOO_LITTLE[1] in words else ()
    found = decoded(program, made["support_code"], *rules)
    assert found["code"] == made["support_code"]
    assert found["rules_match"] is True
    assert found["verdict"] == made["verdict"]
    assert found["phase"] == made["phase"]
    assert {row["id"] for row in found["profiles"]} == {row["id"] for row in made["profiles"]}
    codes = [cause["code"] for cause in made["causes"]]
    assert [cause["code"] for cause in found["causes"]] == codes[:len(found["causes"])]
    assert found["more_causes"] == (len(found["causes"]) < len(codes))
    for cause in found["causes"]:
        assert cause["title"]["ja"] and cause["title"]["en"] and "actors" in cause
    if found["checks"] is not None:
        verdicts = {check["id"]: check["verdict"] for check in found["checks"] if check["verdict"]}
        assert verdicts == {check["id"]: check["verdict"] for check in made["checks"]}
    else:
        assert len(made["checks"]) > 20


def test_text_ends_with_the_code_and_decode_reads_it(program):
    text = run(program, *ONLY_DISK, *TOO_LITTLE, "--lang", "ja").stdout
    last = text.rstrip().splitlines()[-1]
    assert last.startswith("  サポートコード: ") and "電話" in last
    code = last.split(": ")[1].split("（")[0]
    spoken = code.lower().replace("-", " ").replace("0", "o").replace("1", "l").split()
    shown = run(program, "decode", *TOO_LITTLE, "--lang", "ja", *spoken).stdout
    assert "準備ができていません" in shown and "disk.low" in shown and "[不合格]" in shown
    assert "ディスクの空き容量 (term-disk)" in shown and "IT担当者" in shown
    assert "{" not in shown and "\\x" not in shown


def test_other_rules_are_said(program):
    code = report(program, *ONLY_DISK, *TOO_LITTLE)["support_code"]
    found = decoded(program, code)
    assert found["rules_match"] is False
    assert found["verdict"] == "not-ready" and found["causes"][0]["code"] == "disk.low"
    assert found["checks"] is None and found["profiles"] is None and found["phase"] is None
    shown = run(program, "decode", code).stdout
    assert "other rules" in shown and "disk.low" in shown and "term-disk" not in shown


def test_wrong_and_swapped_symbols(program):
    code = report(program, *ONLY_DISK)["support_code"]
    wrong = code[:2] + ALPHABET[(ALPHABET.index(code[2]) + 1) % 32] + code[3:]
    done = run(program, "decode", wrong)
    assert done.returncode == 2 and done.stdout == ""
    assert "one or more symbols are wrong or swapped" in done.stderr and "number 3" in done.stderr
    at = next(i for i in range(len(code) - 1) if "-" not in code[i:i + 2] and code[i] != code[i + 1])
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2:]
    done = run(program, "decode", swapped)
    assert done.returncode == 2 and "wrong or swapped" in done.stderr
    assert run(program, "decode", code).returncode == 0


@pytest.mark.parametrize("lang, typed, said", [
    ("en", "ABCU", "symbol 4 does not occur"), ("ja", "ABCU", "4 文字目"),
    ("en", "ABC", "has 3 symbols"), ("ja", "", "0 文字です"), ("en", "あ\033[2J", "symbol 1 does not")])
def test_what_is_no_code_is_refused(program, lang, typed, said):
    done = run(program, "decode", "--lang", lang, typed)
    assert done.returncode == 2 and done.stdout == ""
    assert said in done.stderr and "\033" not in done.stderr
