"""Saved terminals (tests/inventories) are judged exactly as expected.yaml says, without a network."""
import datetime
import json
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

from support_dates import AS_OF_TODAY

TOP = pathlib.Path(__file__).resolve().parents[2]
FOLDER = TOP / "tests" / "inventories"
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text())
RULES = yaml.safe_load((TOP / "rules.yaml").read_text())
SOFTWARE = RULES["software"]
ITEMS = range(1, 22)
FOR_A_PERSON = {12, 16}  # nothing of them can be seen on a terminal
NAMES = sorted(EXPECTED)
TWICE = re.compile(r"(?<![\w.-])([\w.]+) \1(?![\w.])")


def preflight(program, *words):
    return subprocess.run([shutil.which("unshare"), "-n", program, *words], capture_output=True,
                          text=True, timeout=60, stdin=subprocess.DEVNULL)


def judge(program, path, *words):
    done = preflight(program, "--inventory", path, "--only", "term-*", "--format", "json", *AS_OF_TODAY, *words)
    assert done.returncode in (0, 1, 3), done.stderr
    return json.loads(done.stdout)


def verdict(check):
    return check["verdict"] + (f" {check['cause']}" if check["cause"] else "")


def found_in(report):
    """{product: exact or other} of the conflict list; one exact entry decides."""
    found = {}
    for check in report["checks"]:
        if check["type"] != "software":
            continue
        for hit in check["facts"].get("found", []):
            if found.get(hit["id"]) != "exact":
                found[hit["id"]] = "exact" if hit["exact"] else "other"
    return found


def expected_os(days):
    today = datetime.datetime.now(datetime.timezone.utc).date()
    return [text for day, text in sorted(days.items()) if day <= today][-1]


def test_every_inventory_has_an_expectation():
    assert NAMES == sorted(path.stem for path in FOLDER.glob("*.json"))
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_verdicts(program, name):
    report = judge(program, FOLDER / f"{name}.json")
    checks = {check["id"]: check for check in report["checks"]}
    expected = {"term-os": expected_os(EXPECTED[name]["os"]), **EXPECTED[name]["checks"]}

    assert report["saved_inventory"] is True
    assert {id: verdict(checks[id]) for id in expected} == expected
    assert found_in(report) == EXPECTED[name]["found"]
    for id in ("term-clock", "term-proxy"):
        assert (checks[id]["verdict"], checks[id]["skip_reason"]) == ("skip", "saved-terminal")


def test_support_dates_are_fresh(program):
    """The other tests take them for those of today; this one tells in time that they are not."""
    date = RULES["lifecycle"]["date"] - datetime.timedelta(days=60)
    done = preflight(program, "--inventory", FOLDER / "macos-26.json", "--only", "term-os", "--format", "json",
                     "--set", f"lifecycle.date={date}")
    found = verdict(json.loads(done.stdout)["checks"][0])
    assert found == "pass", "refresh the support dates: look up what rules.yaml has in lifecycle, and set its date"


def test_years_differ(program):
    """A mobile line is ruled out by the conditions of 2017; those of 2021 leave it to radio reception."""
    path = FOLDER / "windows-10-20h2-mobile.json"
    verdicts = {}
    for profile, link in (("ccr-2017", "link-2017"), ("ccr-2021", "term-link")):
        done = preflight(program, "--inventory", path, "--profile", profile, "--only", "os-20*", "--only", link,
                         "--format", "json")
        checks = {check["id"]: verdict(check) for check in json.loads(done.stdout)["checks"]}
        assert checks.pop(profile.replace("ccr", "os")) == "pass"
        verdicts[profile] = (done.returncode, checks[link])
    assert verdicts == {"ccr-2017": (1, "fail link.mobile"), "ccr-2021": (0, "warn link.mobile")}


@pytest.mark.parametrize("item", [item for item in ITEMS if item not in FOR_A_PERSON])
def test_item_is_found(program, item):
    products = {id for id, entry in SOFTWARE.items() if entry["item"] == item}
    names = [name for name in NAMES if products & set(EXPECTED[name]["found"])]
    assert names, f"no inventory holds item {item}"
    for name in names:
        assert products & set(found_in(judge(program, FOLDER / f"{name}.json")))


def test_no_near_name_matches(program, tmp_path):
    """Each alone, so that none hides behind another; a true name in the same place is found."""
    document = json.loads((FOLDER / "near-names.json").read_text())
    assert len(document["software"]) > 40
    assert found_in(judge(program, FOLDER / "near-names.json")) == {}
    path = tmp_path / "one.json"
    document["software"].append({"kind": "program", "name": "Bonjour", "publisher": "Apple Inc."})
    path.write_text(json.dumps(document))
    assert found_in(judge(program, path)) == {"bonjour": "exact"}


@pytest.mark.parametrize("kind", ["program", "service", "driver", "adapter", "lsp", "store", "state"])
def test_a_kind_that_is_not_complete_leaves_it_open(program, tmp_path, kind):
    document = json.loads((FOLDER / "near-names.json").read_text())
    document["complete"].remove(kind)
    path = tmp_path / "incomplete.json"
    path.write_text(json.dumps(document))
    checks = {check["id"]: check for check in judge(program, path)["checks"]}
    assert verdict(checks["term-software"]) == "unknown run.unreadable"
    assert "complete only for" in checks["term-software"]["evidence"]["en"]


def test_this_terminal_can_be_saved_and_judged(program, tmp_path):
    path = tmp_path / "this.json"
    done = preflight(program, "inventory")
    assert done.returncode == 0, done.stderr
    path.write_text(done.stdout)
    document = json.loads(done.stdout)
    assert document["preflight-inventory"] == 1 and document["software"]
    here = json.loads(preflight(program, "--only", "term-*", "--format", "json", *AS_OF_TODAY).stdout)
    there = judge(program, path)
    for report in (here, there):
        report["checks"] = [check for check in report["checks"]
                            if check["id"] in ("term-os", "term-disk", "term-software", "term-link")]
    assert list(map(verdict, here["checks"])) == list(map(verdict, there["checks"]))
    assert found_in(here) == found_in(there)
    assert (here["saved_inventory"], there["saved_inventory"]) == (False, True)


def test_nothing_is_contacted(program):
    path = FOLDER / "macos-26.json"
    done = preflight(program, "plan", "--inventory", path, "--format", "json")
    assert json.loads(done.stdout) == {"phase": "in-vpn", "targets": [], "redirects": []}


@pytest.mark.parametrize("lang, words", [("en", "This judges a saved inventory"),
                                         ("ja", "保存された端末情報")])
def test_the_text_says_so(program, lang, words):
    path = FOLDER / "ubuntu-24-04.json"
    done = preflight(program, "--inventory", path, "--only", "term-*", "--lang", lang)
    assert words in "".join(done.stdout.splitlines(keepends=True)[:3])


@pytest.mark.parametrize("version, build", [("10.0", 26200), ("10", 22000), ("11", 19045)])
def test_version_and_build_of_windows_must_agree(program, tmp_path, version, build):
    document = json.loads((FOLDER / "windows-11-24h2.json").read_text())
    document["os"] |= {"version": version, "build": build}
    path = tmp_path / "windows.json"
    path.write_text(json.dumps(document))
    done = preflight(program, "--inventory", path, "--only", "term-os")
    assert done.returncode == 2 and done.stdout == ""
    assert f"os.version: build {build} is" in done.stderr


@pytest.mark.parametrize("words", [("--only", "term-*"), ("-p", "ccr-2021", "-p", "ccr-2017", "--only", "os-*"),
                                   ("--only", "term-os", "--set", "lifecycle.date=2020-01-01")])
@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_said_twice(program, name, words):
    """The name of a system holds its release already."""
    done = preflight(program, "--inventory", FOLDER / f"{name}.json", "--format", "json", *words)
    report = json.loads(done.stdout)
    for each in report["checks"] + report["causes"]:
        for text in (each["evidence"] or {}).values():
            assert not TWICE.search(text), text


@pytest.mark.parametrize("name, change", [("windows-11-24h2", {"build": 26099}),
                                          ("ubuntu-24-04", {"version": "24.05", "name": "Ubuntu 24.05"})])
def test_a_system_without_dates_is_named_once(program, tmp_path, name, change):
    document = json.loads((FOLDER / f"{name}.json").read_text())
    document["os"] |= change
    path = tmp_path / "unknown.json"
    path.write_text(json.dumps(document))
    check, = json.loads(preflight(program, "--inventory", path, "--only", "term-os", "--format", "json").stdout)["checks"]
    assert verdict(check) == "unknown os.unknown"
    for text in check["evidence"].values():
        assert text.count(document["os"]["name"]) == 1 and not TWICE.search(text), text


def judge_orca(program, folder, *words):
    """By the profile orca, in a folder with a client certificate's file and a dump."""
    for name in ("client1.p12", "orca.dump"):
        (folder / name).write_text("of this machine")
    done = subprocess.run([shutil.which("unshare"), "-n", program, "--inventory", FOLDER / "windows-11-24h2.json",
                           "--format", "json", *words], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1, 3), done.stderr
    report = json.loads(done.stdout)
    return report, {check["id"]: check for check in report["checks"]}


def test_files_of_this_machine_tell_nothing_of_another(program, tmp_path):
    report, checks = judge_orca(program, tmp_path, "-p", "orca")
    for id in ("orca-ca", "orca-client-cert", "orca-client-password"):
        assert verdict(checks[id]) == "unknown run.unreadable"
        assert "not in the saved inventory" in checks[id]["evidence"]["en"]
        assert "保存された端末情報にありません" in checks[id]["evidence"]["ja"]
    assert (checks["orca-dump"]["verdict"], checks["orca-dump"]["skip_reason"]) == ("skip", "saved-terminal")
    assert report["verdict"] == "unknown" and "client1.p12" not in json.dumps(report)


def test_a_certificate_that_need_not_be_there_is_skipped(program, tmp_path):
    report, checks = judge_orca(program, tmp_path)
    check = checks["term-certificate"]
    assert (check["verdict"], check["skip_reason"]) == ("skip", "saved-terminal")
    assert report.get("suggested_profiles", []) == []


def test_named_files_are_looked_at(program, tmp_path):
    _, checks = judge_orca(program, tmp_path, "-p", "orca", "--cert", "client1.p12", "--dump", "orca.dump")
    assert verdict(checks["orca-client-cert"]) == "fail cert.unreadable"
    assert verdict(checks["orca-dump"]) == "fail dump.not-a-dump"
    assert verdict(checks["orca-ca"]) == "unknown run.unreadable"
