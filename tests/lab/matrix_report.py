"""MATRIX.md: a part about the program for Linux, and one about that for Windows; each run writes its own."""

import faults
import windows

HEAD = ("faults", "correctly named", "missed", "false alarms", "seconds")
WINDOWS = "# The Windows program under Wine"


def expected_text(fault):
    expect = fault["expect"]
    codes = expect["causes"] + [f"{code} (warning)" for code in expect.get("warnings", [])]
    return ", ".join(codes) or "nothing"


def sums(rows):
    return ["| kind | " + " | ".join(HEAD[:4]) + " |", "|---|" + "---:|" * 4,
            *(f"| {name} | " + " | ".join(str(number) for number in numbers[:4]) + " |" for name, *numbers in rows)]


def pair_lines(chosen):
    return ["", "## Pairs", "", "| one fault | another | causes |", "|---|---|---|",
            *(f"| {fault['of'][0]} | {fault['of'][1]} | {expected_text(fault)} |" for fault in chosen if "of" in fault)]


def linux_part(chosen, rows):
    singles = [fault for fault in chosen if "of" not in fault]
    return ["# What is broken, and whether the checker names it", "",
            "`matrix.py --report` writes this file. The warning that stands everywhere (dtls.silent) is not listed.", "",
            *sums(rows), "", "## Single faults", "", "| fault | kind | what is broken | causes |", "|---|---|---|---|",
            *(f"| {fault['name']} | {fault['kind']} | {fault['title']} | {expected_text(fault)} |" for fault in singles),
            *pair_lines(chosen)]


def exceptions(wanted):
    return [(name, entry) for name, entry in sorted(windows.table()["faults"].items()) if wanted in entry]


def windows_part(chosen, rows):
    """What was run, and the exceptions of windows.yaml; all else is told as above."""
    by_name = {fault["name"]: fault for fault in chosen}
    text = [WINDOWS, "", "`make matrix-windows` writes this part. What is not listed is told as above.", "", *sums(rows),
            "", "## Another cause is right", "", "| fault | causes | on Linux | reason |", "|---|---|---|---|"]
    text += [f"| {name} | {expected_text(by_name[name])} | {expected_text(faults.load(name))} | {entry['reason']} |"
             for name, entry in exceptions("expect")]
    text += ["", "## Broken in another way", "", "| fault | causes | reason |", "|---|---|---|"]
    text += [f"| {name} | {expected_text(by_name[name])} | {entry['reason']} |" for name, entry in exceptions("break")]
    text += ["", "## Never told", "", "| code | reason |", "|---|---|"]
    text += [f"| {code} | {reason} |" for code, reason in sorted(windows.table()["never"].items())]
    text += ["", "## Not to be shown", "", "| fault | reason |", "|---|---|"]
    text += [f"| {name} | {entry['reason']} |" for name, entry in exceptions("skip")]
    return text + (pair_lines(chosen) if any("of" in fault for fault in chosen) else [])


def write(path, chosen, rows, on_windows):
    """Replaces one of the two parts; the other stays as it is."""
    before = path.read_text() if path.exists() else ""
    linux, _, other = before.partition(WINDOWS)
    if on_windows:
        path.write_text("\n".join([linux.rstrip("\n"), "", *windows_part(chosen, rows)]) + "\n")
    else:
        path.write_text("\n".join(linux_part(chosen, rows)) + "\n" + ("\n" + WINDOWS + other if other else ""))
