#!/usr/bin/env python3
"""The support dates of rules.yaml beside those of endoflife.date.

    python3 tests/lifecycle/endoflife.py                    what differs from the saved extract (make lifecycle)
    python3 tests/lifecycle/endoflife.py extract CLONE      the extract of a clone of endoflife.date, to save it

A difference is right when differences.yaml says why. Exit code 1 when there is another one.
"""
import datetime
import pathlib
import re
import subprocess
import sys

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
RULES = FOLDER.parents[1] / "rules.yaml"
EXTRACT, DIFFERENCES = FOLDER / "endoflife.yaml", FOLDER / "differences.yaml"
PRODUCTS = ["windows", "windows-server", "macos", "ubuntu", "debian", "rhel", "almalinux", "rocky-linux", "fedora"]
FIELDS = {"eol": "end", "eoes": "extended"}

# What the data set has and the rules need not: older than what a terminal of a hospital still runs, or not Windows'
# ordinary editions. An older system than all in the rules has ended when the oldest of them has.
LEFT_OUT = {
    "windows": ["5-sp3", "10-1507-iot"],
    "windows-server": ["1809-sac", "2003*", "2000"],
    "macos": ["10.[0-8]"],
    "ubuntu": ["[4-9].*", "1[0-2].*", "13.04"],
    "debian": ["[1-6]", "[1-3].*"],
    "rhel": ["4", "5"],
    "fedora": ["?", "[12]?", "3[0-3]"],
}


def cycle_of(id, entry):
    """The product and the cycle of the data set that an entry of the rules stands for."""
    version = str(entry.get("version", "")).rstrip("*")
    if entry["os"] == "macos":
        return "macos", version
    if entry["os"] == "linux":
        return {"rocky": "rocky-linux"}.get(entry["distro"], entry["distro"]), version
    server = re.fullmatch(r"windows-server-(.+)", id)
    if server:
        name = server[1]
        special = {"2008-r2": "2008-r2-sp1", "2008": "2008-sp2", "23h2": "23h2-ac"}
        is_year = re.fullmatch(r"20[0-2]\d(-r2)?", name) and name != "2004"
        return "windows-server", special.get(name, name if is_year else f"{name}-sac")
    special = {"windows-vista-sp2": "6-sp2", "windows-7-sp1": "7-sp1", "windows-8": "8", "windows-8-1": "8.1"}
    if id in special:
        return "windows", special[id]
    release = re.fullmatch(r"windows-(1[01])-(\d\dh\d|\d{4})(?:-(home|pro|enterprise|ltsc|ltsb|iot-ltsc))?", id)
    if release is None:
        return "windows", None
    ending = {None: "", "home": "-w", "pro": "-w", "enterprise": "-e", "ltsc": "-e-lts", "ltsb": "-e-lts",
              "iot-ltsc": "-iot-lts"}[release[3]]
    cycle = f"{release[1]}-{release[2]}"
    return "windows", cycle if cycle == "10-22h2" else cycle + ending


def extract(clone):
    """The dates of the products that the rules know, by cycle."""
    commit = subprocess.run(["git", "-C", clone, "log", "-1", "--format=%h %cs"], capture_output=True, text=True,
                            check=True).stdout.split()
    found = {}
    for product in PRODUCTS:
        text = subprocess.run(["git", "-C", clone, "show", f"HEAD:products/{product}.md"], capture_output=True,
                              text=True, check=True).stdout
        found[product] = {str(release["releaseCycle"]): {ours: release[theirs] or "none"
                                                         for theirs, ours in FIELDS.items() if theirs in release}
                          for release in yaml.safe_load(text.split("\n---")[0].removeprefix("---"))["releases"]}
    return commit, found


def print_extract(clone):
    (commit, day), found = extract(clone)
    print("# Days on which vendors end their support, by product and cycle of endoflife.date. Dates are facts; made by\n"
          f"# endoflife.py extract.\nsource: https://github.com/endoflife-date/endoflife.date, commit {commit}\n"
          f"date: {day}\nproducts:")
    for product, cycles in found.items():
        print(f"  {product}:")
        for cycle, dates in cycles.items():
            print(f'    "{cycle}": {{{", ".join(f"{key}: {value}" for key, value in dates.items())}}}')


def day(value):
    return value if isinstance(value, datetime.date) else str(value)


def differences(rules, data):
    """{what: how it differs}; what is an entry of the rules, or PRODUCT CYCLE."""
    found, seen = {}, set()
    for id, entry in rules["lifecycle"]["entries"].items():
        product, cycle = cycle_of(id, entry)
        theirs = data["products"][product].get(cycle)
        seen.add((product, cycle))
        if theirs is None:
            found[id] = f"is not in the data set ({entry['end']})"
            continue
        for key in ("end", "extended"):
            ours = entry.get(key)
            if day(ours) != day(theirs.get(key)):
                found[id] = f"{key}: {ours} here, {theirs.get(key)} there"
    for product, cycles in data["products"].items():
        for cycle, dates in cycles.items():
            if (product, cycle) not in seen and not any(
                    pathlib.PurePath(cycle).match(glob) for glob in LEFT_OUT.get(product, [])):
                found[f"{product} {cycle}"] = f"is not in the rules ({dates['end']})"
    return found


def main():
    if sys.argv[1:2] == ["extract"]:
        return print_extract(sys.argv[2])
    rules, data, known = (yaml.safe_load(path.read_text()) for path in (RULES, EXTRACT, DIFFERENCES))
    found = differences(rules, data)
    for what, how in sorted(found.items()):
        print(f"{'known  ' if what in known else 'differs'}  {what}: {how}"
              + (f"\n             {known[what]}" if what in known else ""))
    for what in sorted(known.keys() - found.keys()):
        print(f"over     {what}: does not differ any more: take it out of differences.yaml")
    wrong = found.keys() ^ known.keys()
    print(f"{len(rules['lifecycle']['entries'])} entries of {rules['lifecycle']['date']}, data set of {data['date']}: "
          f"{len(found)} differences, {len(found.keys() & known.keys())} of them known")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
