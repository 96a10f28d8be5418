#!/usr/bin/python3
"""
make bench: what a run costs, in the lab.

  critical path   name + TCP + TLS 1.3 + HTTP = 4 round trips, name + IKE = 2; the round trip is
                  measured (the fastest of several TCP handshakes), not taken from the settings
  dropped         the router drops everything; against the longest single probe's budget

Absolute times drift on shared machines: look at ratios, instructions and medians.
"""
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "tests" / "lab"))
from lab import Lab  # noqa: E402

PROGRAM = TOP / "preflight"
MEASURE = TOP / "build" / "measure"
BUDGET = 5000.0  # ms; the longest single probe (NAMES_BUDGET, FETCH_CONNECT_BUDGET)

CONNECT = """
import socket, time
best = 9e9
for _ in range(9):
    s = socket.socket()
    start = time.perf_counter()
    s.connect(('133.162.82.105', 443))
    best = min(best, time.perf_counter() - start)
    s.close()
print(best * 1000)
"""


def measure(lab, *words, times=1):
    """Medians of several runs, and the last exit code."""
    rows = []
    for _ in range(times):
        lab.reset_ike()
        done = lab.run([MEASURE, PROGRAM, *words], timeout=120)
        rows.append(json.loads(done.stdout))
    middle = {key: statistics.median(row[key] for row in rows) for key in ("wall", "cpu", "rss")}
    middle["exit"] = rows[-1]["exit"]
    middle["best"] = min(row["wall"] for row in rows)
    return middle


def round_trip(lab):
    return float(lab.run(["/usr/bin/python3", "-c", CONNECT]).stdout)


def packets(lab, *words):
    lab.reset_ike()
    with lab.capture(interface="eth0") as seen:
        lab.run([PROGRAM, *words])
    return seen.count()


def instructions(lab, *words):
    lab.reset_ike()
    with tempfile.TemporaryDirectory() as folder:
        done = lab.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
                        PROGRAM, *words], timeout=300)
    found = re.search(r"Collected : (\d+)", done.stderr)
    return int(found.group(1)) / 1e6 if found else float("nan")


def row(name, *cells):
    print(f"  {name:<34}" + "".join(f"{cell:>14}" for cell in cells), flush=True)


def healthy(rtt, times):
    with Lab(relay={"rtt_ms": rtt, "loss": 0} if rtt else None) as lab:
        trip = round_trip(lab)
        print(f"\nhealthy network, round trip {trip:.2f} ms (medians of {times} runs)")
        row("", "wall ms", "path ms", "ratio", "CPU ms", "peak MiB", "packets")
        for name, words, trips in (("default profile", [], 4),
                                   ("one name + TCP + TLS + HTTP", ["--only", "mio-*"], 4),
                                   ("one name + IKE", ["--only", "sec-udp-500"], 2)):
            got = measure(lab, *words, times=times)
            path = trips * trip
            row(name, f"{got['wall']:.1f}", f"{path:.1f}", f"{got['wall'] / path:.3f}",
                f"{got['cpu']:.1f}", f"{got['rss'] / 1024:.1f}", packets(lab, *words))
        if not rtt:
            for name, words in (("--help", ["--help"]), ("lint", ["lint", TOP / "rules.yaml"]),
                                ("plan", ["plan"]), ("default profile", [])):
                row(f"instructions, {name}", f"{instructions(lab, *words):.1f} M")


def many(count):
    """A rule file with `count` TCP checks of as many hosts."""
    lines = ["version: 1", "hosts:"]
    for i in range(count):
        address = f"{100 + i // 250}.{60}.{i // 250}.{i % 250 + 1}"
        lines.append(f"  many-{i}: {{name: h{i}.ccr.ncc.go.jp, addresses: [{address}]}}")
    lines.append("checks:")
    for i in range(count):
        lines.append(f"  many-{i}: {{check: tcp, host: many-{i}, port: 443, "
                     f"title: {{ja: 'TCP {i}', en: 'TCP {i}'}}}}")
    lines.append("profiles:\n  many: {title: {ja: 多数, en: many}, checks: ['many-*']}")
    return "\n".join(lines) + "\n"


def dropped():
    print(f"\neverything dropped (budget of the longest probe {BUDGET:.0f} ms)")
    row("", "wall ms", "ratio", "CPU ms", "peak MiB", "packets")
    with Lab() as lab, tempfile.TemporaryDirectory() as folder:
        lab.apply("no-internet")
        cases = [("default profile", [])]
        for count in (10, 1000):
            path = pathlib.Path(folder) / f"many-{count}.yaml"
            path.write_text(many(count))
            cases.append((f"{count:,} TCP checks", ["--rules", path, "--profile", "many"]))
        for name, words in cases:
            got = measure(lab, *words)
            row(name, f"{got['wall']:.0f}", f"{got['wall'] / BUDGET:.3f}", f"{got['cpu']:.0f}",
                f"{got['rss'] / 1024:.1f}", packets(lab, *words))


if __name__ == "__main__":
    healthy(0, 15)
    healthy(50, 7)
    dropped()
