"""Runs the checker in a broken lab and compares what it says with what a fault expects of it."""

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import credentials
import faults
import windows
from support_dates import AS_OF_TODAY, for_ever

# The terminal's own system, on Linux and as a Windows, is one that does not age.
AGELESS = (*AS_OF_TODAY, *for_ever("debian-13", extended=True), *for_ever("windows-11-24h2-ltsc"))
SECRET = credentials.PASSWORD[:-1]  # what all passwords of the faults start with

# A gateway does not answer strangers on UDP 443, so this warning stands wherever nothing bigger
# explains it (row C2).
USUAL_WARNINGS = {"dtls.silent"}
EXITS = (0, 3, 1)  # from good to bad


@dataclass
class Findings:
    """What differs: causes that were not named, causes named for nothing, and anything else."""

    missed: list = field(default_factory=list)
    alarms: list = field(default_factory=list)
    others: list = field(default_factory=list)
    told: str = ""

    def wrong(self):
        return bool(self.missed or self.alarms or self.others)

    def lines(self):
        return ([f"not named: {code}" for code in self.missed] + [f"named for nothing: {code}" for code in self.alarms]
                + self.others)

    def __str__(self):
        return "\n".join([*self.lines(), self.told])


def causes(report, warnings):
    return sorted(cause["code"] for cause in report["causes"] if (cause["verdict"] == "warn") == warnings)


def compare_causes(findings, said, expected):
    findings.missed += sorted(set(expected) - set(said))
    findings.alarms += sorted(set(said) - set(expected))


def compare_repeats(findings, said, expected):
    """A cause is told once; in a pair of faults that are of the same cause, once or twice."""
    for code in sorted(set(said)):
        if said.count(code) > max(1, expected.count(code)):
            findings.others.append(f"named {said.count(code)} times: {code}")


def compare_told(findings, report):
    """A root cause has evidence and a remedy that names who acts, and no check belongs to two."""
    seen = []
    for cause in report["causes"]:
        members = cause["checks"] + cause["symptoms"]
        seen += members
        texts = [cause["title"], cause["evidence"]] + ([] if cause["code"].startswith("run.") else [cause["remedy"]])
        if not members or not all(text[lang] for text in texts for lang in ("ja", "en")):
            findings.others.append(f"{cause['code']}: without checks, title, evidence or remedy")
        if not cause["actors"] and not cause["code"].startswith("run."):
            findings.others.append(f"{cause['code']}: nobody acts")
    for member in sorted({member for member in seen if seen.count(member) > 1}):
        findings.others.append(f"{member} belongs to two causes")


def compare_checks(findings, report, expected):
    checks = {check["id"]: check for check in report["checks"]}
    for name, wanted in expected.items():
        found = {key: checks.get(name, {}).get(key) for key in wanted}
        if found != wanted:
            findings.others.append(f"{name}: {found} instead of {wanted}")


def is_traced(report, cause):
    """Whether the system told something of the routers on the way."""
    return any(check["facts"].get("path_known") for check in report["checks"] if check["id"] in cause["checks"])


def compare_places(findings, report, expected):
    """Where a cause is, and what its evidence must name in both languages; Windows may know less, but nothing else."""
    for cause in report["causes"]:
        wanted = expected.get("segments", {}).get(cause["code"])
        if windows.told(report) and not is_traced(report, cause):
            if wanted and not set(wanted) & set(cause["segments"]):
                findings.others.append(f"{cause['code']}: in {cause['segments']} instead of some of {wanted}")
            continue
        if wanted and cause["segments"] != wanted:
            findings.others.append(f"{cause['code']}: in {cause['segments']} instead of {wanted}")
        for fragment in expected.get("shown", {}).get(cause["code"], []):
            if not all(str(fragment) in cause["evidence"][lang] for lang in ("ja", "en")):
                findings.others.append(f"{cause['code']}: its evidence does not name {fragment}")


def compare_judged_again(program, text, args):
    """Findings about the saved report judged again by the same rules: it is the same but for what says so."""
    findings = Findings()
    rules = [word for at, option in enumerate(args) if option in ("--rules", "--set") for word in args[at:at + 2]]
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder) / "nothing.yaml"
        nothing.write_text("version: 1\n")
        argv = [program, "show", "-", "--format", "json", *rules, "--rules", nothing]
        argv = windows.alone(argv, folder) if windows.runs(program) else [shutil.which("unshare"), "-n", *argv]
        done = subprocess.run([str(word) for word in argv], input=text, capture_output=True, text=True, timeout=60)
    saved, again = json.loads(text), json.loads(done.stdout)
    if again["judged_again"]["rules"] != saved["rules"]:
        findings.others.append("judged again: it does not name the rules that judged it first")
    for report in (saved, again):
        for member in ("rules", "judged_again", "support_code"):  # the code holds the rules' fingerprint
            del report[member]
    if again != saved:
        findings.others.append("judged again, the report is another")
    if done.returncode != saved["exit_code"]:
        findings.others.append(f"judged again: exit code {done.returncode} instead of {saved['exit_code']}")
    return findings


def renamed(report, names):
    """The report with other codes for some causes: those that may as well be named."""
    for each in report["causes"]:
        each["code"] = names.get(each["code"], each["code"])
    for each in report["checks"]:
        each["cause"] = names.get(each.get("cause"), each.get("cause"))
    return report


def compare(expected, done):
    """Findings about a finished run of the checker with --format json."""
    findings = Findings(told=f"exit {done.returncode}\n{done.stdout[:6000]}\n{done.stderr[:2000]}")
    try:
        report = renamed(json.loads(done.stdout), expected.get("or", {}))
    except json.JSONDecodeError:
        findings.missed += expected["causes"]
        findings.others.append(f"no report; exit code {done.returncode}")
        return findings
    said, warned = causes(report, False), causes(report, True)
    compare_causes(findings, said, expected["causes"])
    # What is a cause as well may be told with it.
    told = set(warned) | set(said) & set(expected["causes"]) & set(expected.get("warnings", []))
    compare_causes(findings, told - USUAL_WARNINGS, expected.get("warnings", []))
    compare_repeats(findings, said, expected["causes"])
    compare_told(findings, report)
    compare_checks(findings, report, expected.get("checks", {}))
    compare_places(findings, report, expected)
    if SECRET in done.stdout + done.stderr:
        findings.others.append("a password is told")
    if done.returncode != expected["exit"]:
        findings.others.append(f"exit code {done.returncode} instead of {expected['exit']}")
    return findings


def run(lab, program, fault, again=False):
    """
    Breaks the healthy lab, asks the checker, and judges what it says; `again`: also what it says of the saved report.
    The caller reverts.
    """
    on_windows = windows.runs(program)
    fault = windows.adapt(fault) if on_windows else fault
    lab.apply(fault)
    words = [*AGELESS, *fault.get("args", [])]
    done = lab.run([program, "--format", "json", *words], timeout=60, user=fault.get("user"))
    findings = compare(fault["expect"], done)
    other = windows.exception(fault["name"]).get("expect") if on_windows else None
    if other and "or" not in other and not findings.wrong():
        if not compare(faults.load(fault["name"])["expect"], done).wrong():
            findings.others.append("it is told as on Linux: windows.yaml need not say otherwise")
    if again and not findings.wrong():
        return compare_judged_again(program, done.stdout, words)
    return findings
