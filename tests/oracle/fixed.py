#!/usr/bin/python3
"""Chooses the fixed worlds of make test from what `run.py` found: fixed.py [-n 100] RESULTS...

Those in which preflight and the clients agree, quick ones first, so that every dimension, every kind of ingredient and
every outcome of a dimension has its share.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True

import world as worlds  # noqa: E402

FOLDER = worlds.HERE / "worlds"
LARGE = 8000  # bytes of a world that is not kept


def kinds(record):
    """What a world is an example of."""
    verdict = next((line.split()[2] for line in record["told"] if line.startswith("preflight: exit")), "?")
    ingredients = {each.partition("-")[0] for each in record["ingredients"]}
    dimensions = {each.partition("/")[0] for each in record["ingredients"]}
    return {*ingredients, *((each, verdict) for each in dimensions), (record["profile"], record["phase"], verdict)}


def worth(record, seen):
    return sum(1 / (1 + 3 * seen[kind]) for kind in kinds(record)) / record["seconds"] ** 0.5


def choose(records, count):
    """Ever the one that has most of what is rare among those that were taken."""
    left = sorted(records, key=lambda record: record["seconds"])
    taken, seen = [], Counter()
    while left and len(taken) < count:
        best = max(left, key=lambda record: worth(record, seen))
        left.remove(best)
        taken.append(best)
        seen.update(kinds(best))
    return taken


def main():
    parser = argparse.ArgumentParser(prog="fixed", description="Choose the fixed worlds from results of earlier runs.")
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("results", metavar="RESULTS", nargs="+", type=Path)
    given = parser.parse_args()
    records = [json.loads(line) for path in given.results for line in path.read_text().splitlines()]
    agreed = {record["name"]: record for record in records if record["outcome"] == "agree" and record["ingredients"]
              and len(json.dumps(record["world"])) < LARGE}
    for record in choose(agreed.values(), given.n):
        world = worlds.from_data(record["world"], record["name"])
        dimensions = "-".join(each["dimension"] for each in world.ingredients)
        worlds.save(world, FOLDER / f"{record['name']}-{dimensions}.yaml")
    return 0


if __name__ == "__main__":
    sys.exit(main())
