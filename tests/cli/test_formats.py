"""
JUnit, TAP, Nagios and Prometheus, each read by what reads it in practice: xmllint with a schema, prove and
TAP::Parser, promtool, and a reader of plugin output by the guidelines. All formats of a case come from one run,
and say what its JSON says. No run has a network.
"""
import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest
import yaml

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"

HOSTILE = """\
version: 1
checks:
  term-disk:
    title:
      ja: "<b>空き</b> & \\"容量\\" # SKIP | 'x'=1 \\\\ {label=\\"}"
      en: "<b>free</b> & \\"space\\" # SKIP | 'x'=1 \\\\ {label=\\"}"
causes:
  disk.low:
    title: {ja: "不足 | x=1;2 # TODO ]]> --- ...", en: "low | x=1;2 # TODO ]]> --- ..."}
    evidence: {ja: "一行目\\n二行目 | \\\\", en: "first\\nsecond | \\\\"}
    remedy: {ja: "- a\\n  ---\\n  ...\\nBail out!", en: "- a\\n  ---\\n  ...\\nBail out!"}
"""
FULL = ["--set", "checks.term-disk.free=100000 GB"]
RECOMMENDED = ["--set", "checks.term-disk.severity=recommended"]
DISK = ["--only", "term-disk"]
# name: options, exit code, exit code of the plugin
CASES = {
    "ready": (DISK, 0, 0),
    "failed": (DISK + FULL, 1, 2),
    "warned": (DISK + FULL + RECOMMENDED, 0, 1),
    "strict": (DISK + FULL + RECOMMENDED + ["--strict"], 1, 2),
    "informed": (DISK + FULL + ["--set", "checks.term-disk.severity=info"], 0, 0),
    "waived": (DISK + FULL + ["--waive", "term-disk=x | # \"<\\"], 3, 3),
    "skipped": (["--only", "portal-*"], 3, 3),
    "asked": (["--only", "man-*"], 3, 3),
    "no network": ([], 1, 2),
    "hostile": (DISK + FULL + ["--rules", "hostile.yaml"], 1, 2),
}
STATES = ["pass", "warn", "fail", "unknown", "skip", "manual"]


def run(program, folder, words):
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/",
           **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}}
    return subprocess.run(["/usr/bin/unshare", "-n", program, *words], cwd=folder, env=env, capture_output=True,
                          timeout=120, stdin=subprocess.DEVNULL, check=False)


class Case:
    def __init__(self, program, folder, name, lang):
        self.name, self.lang, self.folder = name, lang, folder
        words, self.code, self.plugin_code = CASES[name]
        (folder / "hostile.yaml").write_text(HOSTILE)
        files = [word for ending in ("json", "xml", "tap", "prom") for word in ("-o", f"a.{ending}")]
        self.done = run(program, folder, [*words, "--lang", lang, "--format", "nagios", *files])
        self.report = json.loads((folder / "a.json").read_text())
        self.checks = self.report["checks"]

    def text(self, ending):
        return (self.folder / f"a.{ending}").read_text()


@pytest.fixture(scope="module", params=[(name, lang) for name in CASES for lang in ("ja", "en")],
                ids=lambda param: f"{param[0].replace(' ', '-')}-{param[1]}")
def case(request, program_of_module, tmp_path_factory):
    return Case(program_of_module, tmp_path_factory.mktemp("formats"), *request.param)


@pytest.fixture(scope="module")
def program_of_module(program):
    return program


def checked(command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)
    return done.returncode, done.stdout + done.stderr


# ---- JUnit ----

def test_junit_fits_the_schema(case):
    code, said = checked(["xmllint", "--noout", "--nonet", "--schema", FIXTURES / "junit.xsd", case.folder / "a.xml"])
    assert code == 0, said


def test_the_schema_refuses(tmp_path):
    (tmp_path / "a.xml").write_text('<testsuites name="a" tests="1"/>')
    assert checked(["xmllint", "--noout", "--nonet", "--schema", FIXTURES / "junit.xsd", tmp_path / "a.xml"])[0] != 0


def test_junit_counts_what_it_holds(case):
    suites = ElementTree.fromstring(case.text("xml"))
    cases = suites.findall("testsuite/testcase")
    for element in (suites, suites.find("testsuite")):
        assert int(element.get("tests")) == len(cases)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(attribute)) == len(suites.findall(f"testsuite/testcase/{tag}"))
    ids = [one.get("name").split(":")[0] for one in cases]
    extra = ["verdict"] if case.name in ("skipped", "asked") else []
    assert ids == [check["id"] for check in case.checks] + extra


def test_junit_is_green_only_when_ready(case):
    suites = ElementTree.fromstring(case.text("xml"))
    broken = int(suites.get("failures")) + int(suites.get("errors"))
    assert (broken == 0) == (case.code == 0)
    assert (int(suites.get("failures")) > 0) == (case.code == 1)


def test_junit_tells_cause_evidence_and_remedy(case):
    cases = {one.get("name").split(":")[0]: one
             for one in ElementTree.fromstring(case.text("xml")).findall("testsuite/testcase")}
    for check in case.checks:
        one = cases[check["id"]]
        output = one.find("system-out").text
        assert one.get("classname").startswith("preflight.") and one.get("classname").endswith("." + check["type"])
        assert check["cause"] is None or check["cause"] in output
        for member in ("evidence", "remedy"):
            if check[member]:
                assert check[member][case.lang].strip() in output
        problem = one.find("failure")
        if problem is not None:
            assert problem.get("type") == check["cause"]


# ---- TAP ----

READER = r"""
use TAP::Parser; my $parser = TAP::Parser->new({source => $ARGV[0]}); binmode STDOUT, ":utf8";
while (my $r = $parser->next) {
    printf "%s %d %d %d\n", ($r->description =~ /^- (\S+?):/)[0], $r->is_ok, $r->has_skip, $r->has_todo if $r->is_test;
    printf "yaml %s\n", $r->data->{verdict} if $r->is_yaml;
    print "unknown ", $r->raw, "\n" if $r->is_unknown || $r->is_bailout;
}
print "errors ", scalar($parser->parse_errors), " ", join("; ", $parser->parse_errors), "\n";
"""


def test_prove_agrees_with_the_exit_code(case):
    code, said = checked(["prove", "-e", "cat", case.folder / "a.tap"])
    assert (code == 0) == (case.code == 0), said
    assert "Parse errors" not in said, said


def test_every_tap_line_is_understood(case):
    code, said = checked(["perl", "-e", READER, case.folder / "a.tap"])
    lines = said.splitlines()
    assert code == 0 and lines[-1].startswith("errors 0"), said
    assert not [line for line in lines if line.startswith("unknown ")], said
    assert [line[5:] for line in lines if line.startswith("yaml ")] == [check["verdict"] for check in case.checks]
    seen = {words[0]: words[1:] for words in (line.split() for line in lines if len(line.split()) == 4)}
    for check in case.checks:
        _, skip, todo = seen[check["id"]]
        assert (todo == "1") == (check["verdict"] == "manual"), check["id"]
        assert (skip == "1") == (check["verdict"] == "skip" or (
            check["verdict"] == "unknown" and check["severity"] != "required")), check["id"]


def test_yaml_of_tap_is_the_json(case):
    blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.\n", case.text("tap"), re.M | re.S)
    assert len(blocks) == len(case.checks)
    for block, check in zip(blocks, case.checks):
        told = yaml.safe_load(block)
        assert told["verdict"] == check["verdict"] and told.get("cause") == check["cause"]
        assert told.get("facts", {}) == check["facts"] and told["source"] == check["source"]
        assert told.get("remedy") == (check["remedy"][case.lang] if check["remedy"] else None)


# ---- Prometheus ----

SAMPLE = re.compile(r'^(\w+)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)')


def samples(text):
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        labels = labels or ""
        assert LABEL.sub("", labels) == "", line
        key = tuple(sorted(LABEL.findall(labels)))
        assert (name, key) not in found, line
        found[name, key] = float(value)
    return found


def test_promtool_has_no_complaint(case):
    code, said = checked(["promtool", "check", "metrics"], input=case.text("prom"))
    assert code == 0 and said == "", said


def test_promtool_complains():
    assert checked(["promtool", "check", "metrics"], input="preflight_x{a=\"b} 1\n")[0] != 0


def test_metrics_say_what_the_report_says(case):
    found = samples(case.text("prom"))
    assert found["preflight_exit_code", ()] == case.report["exit_code"] == case.code
    assert found["preflight_run_duration_seconds", ()] == pytest.approx(case.report["duration_ms"] / 1000)
    for check in case.checks:
        for state in STATES:
            key = (("check", check["id"]), ("verdict", state))
            assert found["preflight_check_verdict", key] == (state == check["verdict"])
        for name, value in check["timings"].items():
            key = (("check", check["id"]), ("part", name.removesuffix("_ms")))
            assert found["preflight_check_timing_seconds", key] == pytest.approx(value / 1000)
    causes = {dict(key)["cause"] for (name, key) in found if name == "preflight_cause_info"}
    assert causes == {cause["code"] for cause in case.report["causes"]}


def test_names_and_labels_do_not_depend_on_the_language(program, tmp_path):
    seen = []
    for lang in ("ja", "en"):
        run(program, tmp_path, [*DISK, *FULL, "--lang", lang, "-o", f"{lang}.prom"])
        seen.append({(name, tuple(label for label in key if label[0] != "title"))
                     for name, key in samples((tmp_path / f"{lang}.prom").read_text())})
    assert seen[0] == seen[1]


# ---- Nagios ----

DATA = re.compile(r"'([^'=]+)'=(-?[0-9.]+)(s?);([0-9.]*);([0-9.]*);([0-9.]*)(?:;([0-9.]*))?(?: |$)")
WORDS = ["OK", "WARNING", "CRITICAL", "UNKNOWN"]


def test_plugin_output_follows_the_guidelines(case):
    assert case.done.returncode == case.plugin_code, case.done.stderr
    output = case.done.stdout.decode()
    first = output.splitlines()[0]
    assert first.startswith(f"PREFLIGHT {WORDS[case.plugin_code]}: ")
    assert output.count("|") == 1 and first.count("|") == 1
    status, data = first.split(" | ")
    assert len(status.encode()) < 2000
    assert DATA.sub("", data) == "", data
    values = {name: value for name, value, *_ in DATA.findall(data)}
    for verdict in STATES:
        assert int(values[verdict]) == case.report["counts"][verdict]
    for cause in case.report["causes"]:
        assert f"({cause['code']})" in output


@pytest.mark.parametrize("words", [["--bogus"], ["--only", "nothing-*"], ["--rules", "missing.yaml"],
                                   ["--set", "checks.term-disk.fre=1"], ["-o", "a.txt", "-o", "./a.txt"]])
def test_wrong_usage_is_unknown_to_a_monitor(program, tmp_path, words):
    done = run(program, tmp_path, ["--format", "nagios", *words])
    assert done.returncode == 3 and done.stdout.startswith(b"PREFLIGHT UNKNOWN: ") and done.stderr
    assert run(program, tmp_path, words).returncode == 2
