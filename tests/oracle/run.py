#!/usr/bin/python3
"""Worlds by the hundred: what preflight says of each, and what the real clients do there."""

import argparse
import functools
import json
import random
import signal
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True

import table  # noqa: E402
import world as worlds  # noqa: E402
from compare import CHANCE, DISAGREEMENTS, LAB  # noqa: E402
from play import Worlds  # noqa: E402
from shrink import shrink  # noqa: E402

import windows  # noqa: E402
import workers  # noqa: E402
from lab import TOP  # noqa: E402

KEPT = TOP / "build" / "oracle"


def options():
    parser = argparse.ArgumentParser(prog="oracle", description="Draw worlds, ask preflight and the real clients, and "
                                     "tell where they differ; the exit code is 0 when they never do.")
    parser.add_argument("-n", type=int, default=100, help="worlds (100)")
    parser.add_argument("--seed", action="append", help="what they are drawn from; several share the worlds (1)")
    parser.add_argument("--jobs", type=int, default=6, help="labs at the same time (6); they wait more than they work")
    parser.add_argument("--program", default=TOP / "preflight", help="the checker (./preflight)")
    parser.add_argument("--replay", metavar="FILE", action="append", type=Path, help="these worlds instead")
    parser.add_argument("--only", metavar="DIMENSION", help="only worlds with an ingredient of it")
    parser.add_argument("--profile", choices=sorted(worlds.PROFILES), help="only terminals of this profile")
    parser.add_argument("--no-shrink", action="store_true", help="leave disagreements as large as they were found")
    parser.add_argument("--results", metavar="FILE", action="append", type=Path, default=[],
                        help="what earlier runs wrote: it is summed up, and nothing is run")
    parser.add_argument("--report", metavar="FILE", type=Path, help="write the sums into this README")
    return parser.parse_args()


# Which worlds

def usable(world, program):
    """Without what the Windows program cannot be told of; Wine has no RAS, which makes Windows' own IKEv2 connections."""
    if not windows.runs(program):
        return world
    left = world.without([each for each in world.ingredients if "windows" not in each])
    left.vpn = "up"
    return left


def drawn(given):
    """(name, world), so many as were asked for."""
    seeds = given.seed or ["1"]
    found, number = [], 0
    while len(found) < given.n and number < 200 * given.n + 1000:
        seed = f"{seeds[number % len(seeds)]}-{number // len(seeds)}"
        number += 1
        world = usable(worlds.generate(random.Random(seed), given.profile, seed=seed), given.program)
        if given.only and not any(each["dimension"] == given.only for each in world.ingredients):
            continue
        found.append((seed, world))
    return found


def chosen(given):
    if given.replay:
        return [(path.stem, worlds.load(path)) for path in given.replay]
    return drawn(given)


# Running

def attempt(program, shrinks, labs, item):
    """Result, and of a disagreement the smallest world and its result."""
    _, world = item
    result = labs.play(world, program)
    if result.outcome == LAB:  # once more, in another lab
        result = labs.play(world, program)
    if not shrinks or result.outcome not in DISAGREEMENTS or len(world.ingredients) < 2:
        return result, world, result
    return (result, *shrink(world, result, lambda each: labs.play(each, program)))


# Telling

def told(result):
    """All lines about a result: why, what preflight said, what the clients said."""
    lines = [result.note] if result.note else []
    if result.said:
        lines.append(f"preflight: {result.said.line()}, in {result.said.seconds} s")
        lines += [f"  {line}" for line in result.said.lines]
    return lines + [each.line() for each in result.clients]


def keep(name, least, result, program):
    """A disagreement, as a world to be replayed, with what was said."""
    path = KEPT / f"{'windows-' if windows.runs(program) else ''}{name}.yaml"
    worlds.save(least, path, found=[result.outcome, *told(result)])
    return path


def to_record(name, world, result, least):
    return {"name": name, "outcome": result.outcome, "seconds": round(result.seconds, 1), "profile": world.profile,
            "phase": world.phase, "ingredients": [f"{each['dimension']}/{each['name']}" for each in world.ingredients],
            "least": least.name(), "note": result.note, "told": told(result), "world": world.to_data()}


def main():
    given = options()
    if given.results:
        records = [json.loads(line) for path in given.results for line in path.read_text().splitlines()]
        print("\n".join(table.lines(records)))
        report(given, records)
        return 0
    signal.signal(signal.SIGTERM, workers.stop)
    given.program = Path(given.program).resolve()
    listed = chosen(given)
    KEPT.mkdir(parents=True, exist_ok=True)
    log = KEPT / f"results-{'windows-' if windows.runs(given.program) else ''}{time.strftime('%m%d-%H%M%S')}.jsonl"
    records, start = [], time.monotonic()

    def show(count, item, found):
        name, world = item
        result, least, least_result = found
        records.append(to_record(name, world, result, least))
        with open(log, "a") as file:
            file.write(json.dumps(records[-1], ensure_ascii=False) + "\n")
        print(f"{count:4}/{len(listed)} {result.outcome:20} {result.seconds:5.1f} s  {name}: {world.profile} "
              f"{world.phase}, {world.name()}", flush=True)
        if result.outcome in (*DISAGREEMENTS, LAB, CHANCE) or given.replay:
            if len(least.ingredients) < len(world.ingredients):
                print(f"      the least: {least.name()}")
            if result.outcome in DISAGREEMENTS and not given.replay:
                print(f"      kept: {keep(name, least, least_result, given.program)}")
            print("".join(f"      {line}\n" for line in told(least_result)), end="", flush=True)

    tried = functools.partial(attempt, given.program, not given.no_shrink)
    workers.run_all("oracle", listed, given.jobs, Worlds, tried, show)
    print("\n".join(table.lines(records, time.monotonic() - start)))
    print(f"  all of it: {log}")
    report(given, records)
    return 1 if any(record["outcome"] in (*DISAGREEMENTS, LAB) for record in records) else 0


def report(given, records):
    if given.report:
        table.write(given.report, "windows" if windows.runs(given.program) else "linux", records)


if __name__ == "__main__":
    sys.exit(main())
