"""
Every requirement row of the documents: where it is met, its check passes (or asks a person), and where it is broken,
its check says so. What is run is in rows.yaml; runs that rows share are made once.
"""
import copy
import json

import pytest

import coverage_rows as coverage
import faults
import judge
import windows

# The documents, by title and date, and the rows that each puts on a terminal, its network or its line. Written here
# again, so that a row that gets lost in rules.yaml is missed.
ROWS_OF_DOCUMENTS = {
    ("VPNを利用したオンライン届出接続条件について（詳細）", "2017年3月7日"):
        "L1 L2 L3 L4 L5 T2 T5 T7 T8 C1 C3 C4 C5 C7 C8",
    ("ご利用手続き", "2018年10月9日"): "T10 T12 T13 T14 C9 C10 V1 V2",
    ("医療機関向けシステム管理サイトアクセス手順", "2019年9月30日"): "T9 O1 O2 O3 O4 O5 O6 O7 O8 O9 O10",
    ("がん登録オンライン利用準備", "2021年ごろ"):
        "L1 L2 L3 L4 L5 T1 T3 T4 T5 T6 T7 T8 T9 T10 T11 T14 C1 C2 C3 C4 C6 C7 C8 C9",
    ("サインイン・サインアウト", "2026年3月2日"): "T4 V1 V3 V4 V5",
}
ROWS = {row for rows in ROWS_OF_DOCUMENTS.values() for row in rows.split()}
USUAL = {"met": {"pass"}, "broken": {"fail", "warn"}}

RULES = coverage.load(coverage.TESTS.parent / "rules.yaml")
TESTS = coverage.load(coverage.TESTS / "lab/rows.yaml")


def sides():
    for row, tests in TESTS.items():
        for side in coverage.SIDES:
            for number, test in enumerate(coverage.tests_of(tests, side)):
                if "never" not in test:
                    yield pytest.param(row, side, test, id=f"{row}-{side}" + (f"-{number + 1}" if number else ""))


@pytest.fixture(scope="session")
def reports():
    """What the runs said, by program, world and options."""
    return {}


def words(test):
    more = [str(word).replace("{tests}", str(coverage.TESTS)) for word in test.get("args", [])]
    if "inventory" in test:
        more = ["--inventory", coverage.WORLDS["inventory"] / f"{test['inventory']}.json", *more]
    return ["--profile", test["profile"], *judge.AGELESS, *more]


def report_of(lab, program, reports, test):
    world, options = test.get("fault", "healthy"), [str(word) for word in words(test)]
    key = (str(program), world, *options)
    if key not in reports:
        fault = faults.load(world)
        fault = lab.apply(windows.adapt(fault) if windows.runs(program) else fault)
        done = lab.run([program, "--format", "json", *options], timeout=60, user=fault.get("user"))
        assert done.returncode in (0, 1, 3), f"exit {done.returncode}\n{done.stderr}"
        reports[key] = json.loads(done.stdout)
    return reports[key]


@pytest.mark.parametrize("row, side, test", sides())
def test_row(lab, program, reports, row, side, test):
    other = windows.exception(test.get("fault", "healthy")) if windows.runs(program) else {}
    if other.keys() & {"skip", "expect"}:
        pytest.skip(other["reason"])
    report = report_of(lab, program, reports, test)
    found = {check["id"]: check for check in report["checks"]}[test["check"]]
    told = json.dumps(found, ensure_ascii=False)
    assert row in found["source"], told
    assert found["verdict"] in ({test["verdict"]} if "verdict" in test else USUAL[side]), told
    assert "skip" not in test or found["skip_reason"] == test["skip"], told
    assert "cause" not in test or found["cause"] == test["cause"], told
    if side == "broken":
        causes = [cause for cause in report["causes"] if test["check"] in cause["checks"] + cause["symptoms"]]
        assert len(causes) == 1, told
        assert causes[0]["actors"] and causes[0]["remedy"]["ja"] and causes[0]["remedy"]["en"], told


@pytest.mark.parametrize("fault, seen", [("healthy", "present"), ("healthy-no-nat", "none")])
def test_translation_never_fails(lab, program, reports, fault, seen):
    """C7: a passing check says whether there is a translator."""
    report = report_of(lab, program, reports, {"fault": fault, "profile": "registry"})
    found = {check["id"]: check for check in report["checks"]}["sec-udp-4500"]
    assert found["verdict"] == "pass" and found["facts"]["nat_local"] == seen, found


def test_no_row_is_lost():
    assert set(RULES["requirements"]) == ROWS
    assert set(TESTS) == ROWS


@pytest.mark.parametrize("document", ROWS_OF_DOCUMENTS, ids=" ".join)
def test_rows_name_their_documents(document):
    title, date = document
    for row, entry in RULES["requirements"].items():
        named = title in entry["source"]["ja"]
        assert named == (row in ROWS_OF_DOCUMENTS[document].split()), row
        assert not named or date in entry["source"]["ja"], row


def test_every_row_has_check_profile_and_tests():
    assert coverage.problems(RULES, TESTS) == []


def test_every_world_is_known():
    for tests in TESTS.values():
        for test in (test for side in tests for test in coverage.tests_of(tests, side)):
            assert "fault" not in test or test["fault"] in faults.names()


def without(row, what):
    """The rules or tests with something of a row taken away."""
    rules, tests = copy.deepcopy(RULES), copy.deepcopy(TESTS)
    if what == "check":
        for check in rules["checks"].values():
            check["source"] = [source for source in check.get("source", []) if source != row]
    elif what == "profile":
        rules["profiles"] = {name: {"checks": []} for name in rules["profiles"]}
    elif what == "row":
        del rules["requirements"][row]
    else:
        del tests[row][what]
    return rules, tests


@pytest.mark.parametrize("what", ["check", "profile", "row", "met", "broken"])
def test_what_is_missing_is_told(what):
    assert any(problem.startswith("C3:") for problem in coverage.problems(*without("C3", what)))


def test_a_side_without_a_reason_is_told():
    tests = copy.deepcopy(TESTS)
    tests["L1"]["broken"] = {"never": " "}
    assert any(problem.startswith("L1: broken:") for problem in coverage.problems(RULES, tests))


@pytest.mark.parametrize("side", coverage.SIDES)
def test_a_thing_that_no_test_is_about_is_told(side):
    """O8 asks for a system and a browser."""
    tests = copy.deepcopy(TESTS)
    tests["O8"][side] = [test for test in tests["O8"][side] if test["check"] != "orca-os"]
    assert coverage.problems(RULES, tests) == [f"O8: {side}: no test about os"]
