"""Which check, profile and test answers for every requirement row; ends 1 when something is missing.

    make coverage-rows
"""
import fnmatch
import sys
from pathlib import Path

import yaml

TESTS = Path(__file__).resolve().parents[1]
SIDES = ("met", "broken")
WORLDS = {"fault": TESTS / "lab/faults", "inventory": TESTS / "inventories"}
ENDINGS = {"fault": "yaml", "inventory": "json"}
# Types of checks that look at different things of the terminal: one of each type that answers for a row is tested.
TERMINAL = {"os", "disk", "software", "installed", "cert", "dump"}
KEYS = {"fault", "inventory", "profile", "check", "args", "verdict", "skip", "cause"}


def load(path):
    return yaml.safe_load(path.read_text())


def checks_of(rules, profile):
    entry = rules["profiles"][profile]
    return [check for check in rules["checks"]
            if any(fnmatch.fnmatchcase(check, glob) for glob in entry["checks"])
            and not any(fnmatch.fnmatchcase(check, glob) for glob in entry.get("except", []))]


def answers(rules):
    """Row: [(check, [profile])]"""
    members = {profile: checks_of(rules, profile) for profile in rules["profiles"]}
    found = {row: [] for row in rules["requirements"]}
    for check, entry in rules["checks"].items():
        source = entry.get("source", [])
        for row in [source] if isinstance(source, str) else source:
            found.setdefault(row, []).append((check, [name for name, ids in members.items() if check in ids]))
    return found


def tests_of(entry, side):
    """The tests of a row's side, of which there may be several."""
    tests = entry.get(side)
    return tests if isinstance(tests, list) else [tests]


def untested(entry, side, checks, rules):
    """The types of checks that answer for a row and look at the terminal, but that no test is about."""
    types = {rules["checks"][check]["check"] for check, _ in checks} & TERMINAL
    tests = [test for test in tests_of(entry, side) if test and "never" not in test]
    return sorted(types - {rules["checks"].get(test.get("check"), {}).get("check") for test in tests}) if tests else []


def test_problem(test, checks, rules):
    """What is wrong with one side's test, or None."""
    if not test:
        return "no test and no reason"
    if "never" in test:
        return None if set(test) == {"never"} and str(test["never"]).strip() else "a reason stands alone, in words"
    world = [kind for kind in WORLDS if kind in test]
    if len(world) != 1 or set(test) - KEYS or not {"profile", "check"} <= set(test):
        return "needs one of fault and inventory, profile and check"
    if not (WORLDS[world[0]] / f"{test[world[0]]}.{ENDINGS[world[0]]}").is_file():
        return f"{world[0]} {test[world[0]]} does not exist"
    if test["profile"] not in rules["profiles"]:
        return f"no profile {test['profile']}"
    if test["check"] not in dict(checks) or test["profile"] not in dict(checks)[test["check"]]:
        return f"{test['check']} does not answer for it in {test['profile']}"
    return None


def problems(rules, tests):
    found = []
    for row, checks in answers(rules).items():
        if row not in rules["requirements"]:
            found.append(f"{row}: no such row")
        if not checks:
            found.append(f"{row}: no check")
        elif not any(profiles for _, profiles in checks):
            found.append(f"{row}: no profile has its checks")
        for side in SIDES:
            entry = tests.get(row, {})
            told = [test_problem(test, checks, rules) for test in tests_of(entry, side)]
            told += [f"no test about {kind}" for kind in untested(entry, side, checks, rules)]
            found += [f"{row}: {side}: {problem}" for problem in told if problem]
    return found + [f"{row}: tested, but no such row" for row in tests if row not in rules["requirements"]]


def told(test):
    if not test:
        return "MISSING"
    if "never" in test:
        return f"never: {test['never']}"
    name = test.get("fault") or test.get("inventory")
    return f"{name}: {test.get('check')} ({test.get('profile')})"


def table(rules, tests):
    for row, checks in answers(rules).items():
        yield row
        for check, profiles in checks:
            yield f"    {check:24}{' '.join(profiles) or 'NO PROFILE'}"
        for side in SIDES:
            yield from (f"    {side + ':':8}{told(test)}" for test in tests_of(tests.get(row, {}), side))


def main():
    rules, tests = load(TESTS.parent / "rules.yaml"), load(TESTS / "lab/rows.yaml")
    print("\n".join(table(rules, tests)))
    found = problems(rules, tests)
    print("\n".join(f"coverage-rows: {problem}" for problem in found), file=sys.stderr, end="\n" if found else "")
    print(f"{len(rules['requirements'])} rows, {len(rules['profiles'])} profiles, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
