#!/usr/bin/env python3
"""How many of the names that belong to the conflict list are found, and how many near ones are taken for them.

    python3 tests/inventories/names.py --program ./preflight [RULES...]

Each name is judged alone, on a terminal that has nothing else, so that none hides behind another. Exit code 1
when recall or precision is below what the project promises.
"""
import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile

import yaml

FOLDER = pathlib.Path(__file__).resolve().parent
RECALL, PRECISION = 0.95, 0.98
KINDS = {"windows": ["program", "service", "driver", "adapter", "lsp", "store", "state"],
         "macos": ["bundle", "receipt", "state"], "linux": ["package", "driver", "adapter"]}
EMPTY = {"windows": "windows-11-24h2", "macos": "macos-26", "linux": "ubuntu-24-04"}


def rows(path):
    """Each name with what its group says: {os, kind, name, publisher, product, item, ...}"""
    for group in yaml.safe_load(pathlib.Path(path).read_text()):
        for name in group["names"]:
            row = {"os": "windows", "publisher": group["publisher"], "product": group.get("product"),
                   "item": group["item"]}
            row |= {"program": name} if isinstance(name, str) else name
            kind, = row.keys() & {"program", "service", "driver", "adapter", "lsp", "store", "state", "bundle",
                                  "receipt", "package"}
            if kind != "program" and (isinstance(name, str) or "publisher" not in name):
                row["publisher"] = ""
            row["kind"], row["name"] = kind, row.pop(kind)
            yield row


def terminal(row):
    """A saved terminal that has nothing but this."""
    document = json.loads((FOLDER / f"{EMPTY[row['os']]}.json").read_text())
    entry = {"kind": row["kind"], "name": row["name"]}
    for key in ("publisher", "version", "code"):
        if row.get(key):
            entry[key] = str(row[key])
    document["complete"] = KINDS[row["os"]]
    document["software"] = [entry]
    return document


def found(program, rules, row):
    """The products that are found: {id: exact}"""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(terminal(row), file)
        file.flush()
        done = subprocess.run([program, "--inventory", file.name, "--only", "term-software", "--format", "json",
                               *(word for path in rules for word in ("--rules", path))],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{row['name']}: {done.stderr}")
    check, = json.loads(done.stdout)["checks"]
    return {hit["id"]: hit["exact"] for hit in check["facts"].get("found", [])}


def judge(program, rules, path, every):
    listed = list(rows(path))[::every]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(zip(listed, pool.map(lambda row: found(program, rules, row), listed)))


def shown(row):
    return f"{row['item']:>2}  {row['os']} {row['kind']}  {row['name']}  ({row['publisher'] or 'no publisher'})"


def measure(program, rules=(), every=1):
    """Recall, precision, and what is wrong; of each `every`th name only where a run takes long."""
    to_find = judge(program, rules, FOLDER / "names-to-find.yaml", every)
    near = judge(program, rules, FOLDER / "names-near.yaml", every)
    right = [row for row, hits in to_find if row["product"] in hits]
    wrong = [f"missed  {shown(row)}" + (f" but {', '.join(hits)}" if hits else "")
             for row, hits in to_find if row["product"] not in hits]
    taken = [f"taken   {shown(row)} for {', '.join(hits)}" for row, hits in near if hits]
    return {"to_find": len(to_find), "found": len(right), "near": len(near), "taken": len(taken),
            "recall": len(right) / len(to_find), "precision": len(right) / (len(right) + len(taken)),
            "wrong": wrong + taken}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default="./preflight")
    parser.add_argument("rules", nargs="*", help="rule files besides the built-in ones")
    options = parser.parse_args()
    figures = measure(pathlib.Path(options.program).resolve(), options.rules)
    print(*figures["wrong"], sep="\n")
    print(f"recall    {figures['recall']:6.1%}  {figures['found']} of {figures['to_find']} names found\n"
          f"precision {figures['precision']:6.1%}  {figures['taken']} of {figures['near']} near names taken")
    return figures["recall"] < RECALL or figures["precision"] < PRECISION


if __name__ == "__main__":
    sys.exit(main())
