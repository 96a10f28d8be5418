#!/usr/bin/python3
"""Every single fault and every pair of independent ones: does the checker name the right causes, and nothing else?"""

import argparse
import fnmatch
import functools
import os
import signal
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True

import faults  # noqa: E402
import judge  # noqa: E402
import matrix_report  # noqa: E402
import pairs  # noqa: E402
import windows  # noqa: E402
import workers  # noqa: E402
from lab import TOP, Labs  # noqa: E402
from matrix_report import HEAD, expected_text  # noqa: E402

def options():
    parser = argparse.ArgumentParser(prog="matrix", description="Run the checker in every fault and in every pair of "
                                     "independent faults; the exit code is 0 when all of them are named, and nothing else.")
    parser.add_argument("--only", metavar="GLOB", action="append", help="only faults (or pairs, NAME+NAME) of this name")
    parser.add_argument("--singles", action="store_true", help="single faults only")
    parser.add_argument("--pairs", action="store_true", help="pairs only")
    parser.add_argument("--list", action="store_true", help="list them and run nothing")
    parser.add_argument("--jobs", metavar="N", type=int, default=2, help="labs at the same time (2)")
    parser.add_argument("--times", metavar="N", type=int, default=1, help="how often everything is run (1)")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write the tables as Markdown, when everything was run")
    parser.add_argument("--skipped", action="store_true",
                        help="for the Windows program: also what windows.yaml skips, which is expected to be wrong")
    parser.add_argument("--program", metavar="FILE", default=os.environ.get("PREFLIGHT", TOP / "preflight"),
                        help="the checker (PREFLIGHT, or ./preflight)")
    given = parser.parse_args()
    if given.jobs < 1 or given.times < 1:
        parser.error("--jobs and --times are 1 at least")
    if given.report and (given.only or given.pairs or given.skipped or given.singles and not windows.runs(given.program)):
        parser.error("--report needs a whole run")
    return given


def select(given):
    singles = [faults.load(name) for name in faults.names()]
    if windows.runs(given.program):
        singles = [windows.adapt(fault) for fault in singles if given.skipped or not windows.skipped(fault["name"])]
    both = [] if given.singles else pairs.generate(singles)
    singles = [] if given.pairs else singles
    wanted = given.only or ["*"]
    return [fault for fault in singles + both if any(fnmatch.fnmatchcase(fault["name"], glob) for glob in wanted)]


# Running

def attempt(program, labs, fault):
    """Findings and the seconds that they took."""
    start = time.monotonic()
    try:
        with labs.healthy(fault, program) as lab:
            findings = judge.run(lab, program, fault)
    except Exception as error:  # of the lab: told, and the others go on
        findings = judge.Findings(missed=list(fault["expect"]["causes"]),
                                  others=[f"could not be run: {type(error).__name__}: {str(error)[:500]}"])
    return findings, time.monotonic() - start


# Telling

def row(results):
    """Faults, those correctly named, causes missed, causes named for nothing, seconds."""
    return (len(results), sum(not findings.wrong() for findings, _ in results),
            sum(len(findings.missed) for findings, _ in results), sum(len(findings.alarms) for findings, _ in results),
            round(sum(seconds for _, seconds in results)))


def table(chosen, results, seconds):
    """One row for each kind of single fault, one for each kind with pairs, and the sums."""
    by_kind, by_pair = {}, {}
    for fault, result in zip(chosen, results):
        if "of" not in fault:
            by_kind.setdefault(fault["kind"], []).append(result)
            continue
        for kind in sorted(set(fault["kind"].split(" × "))):
            by_pair.setdefault(kind, []).append(result)
    pair_results = [result for fault, result in zip(chosen, results) if "of" in fault]
    single_results = [result for fault, result in zip(chosen, results) if "of" not in fault]
    rows = [(kind, *row(found)) for kind, found in sorted(by_kind.items())]
    if single_results:
        rows.append(("all single faults", *row(single_results)))
    rows += [(f"pairs with {kind}", *row(found)) for kind, found in sorted(by_pair.items())]
    if pair_results:
        rows.append(("all pairs", *row(pair_results)))
    return [*rows, ("total", *row(results)[:4], round(seconds))]


def show_table(rows):
    print(f"\n{'':26}" + "".join(f"{head:>17}" for head in HEAD))
    for name, *numbers in rows:
        print(f"{name:26}" + "".join(f"{number:17}" for number in numbers))


def show_wrong(chosen, results):
    for fault, (findings, _) in zip(chosen, results):
        if findings.wrong():
            print(f"\nWRONG {fault['name']}: {fault['title']}\n  expected: {expected_text(fault)}")
            print("".join(f"  {line}\n" for line in findings.lines()), end="")


def main():
    given = options()
    signal.signal(signal.SIGTERM, workers.stop)
    chosen = select(given)
    if not chosen:
        print("nothing has this name", file=sys.stderr)
        return 2
    if given.list:
        print("\n".join(f"{fault['name']:50} {expected_text(fault)}" for fault in chosen))
        return 0
    wrong = False

    def show(count, fault, result):
        findings, seconds = result
        print(f"{count:4}/{len(chosen)} {'WRONG' if findings.wrong() else 'right'} {seconds:5.1f} s  {fault['name']}",
              flush=True)
        for line in findings.lines():
            print(f"{'':21}{line}", flush=True)

    for _ in range(given.times):
        start = time.monotonic()
        tried = functools.partial(attempt, Path(given.program).resolve())
        results = workers.run_all("matrix", chosen, given.jobs, Labs, tried, show)
        rows = table(chosen, results, time.monotonic() - start)
        show_wrong(chosen, results)
        show_table(rows)
        wrong = wrong or any(findings.wrong() for findings, _ in results)
    if given.report and not wrong:
        matrix_report.write(given.report, chosen, rows, windows.runs(given.program))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
