#!/usr/bin/python3
"""
make bench-windows: what the Windows program costs under Wine, beside a program that does nothing.

Both run by turns, under a Wine that is up, so that a machine that is busy or slow is so for both. Times are those of
Wine's loader with the program in it; Wine's server works beside it, the same for both.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(TOP / "tests" / "wine"))
from plant import Windows  # noqa: E402

EXE = TOP / "build" / "windows" / "preflight.exe"
MEASURE = TOP / "build" / "measure"
LOADER = "/usr/lib/wine/wine64"
NOTHING = "int main(void) { return 0; }\n"
TURNS = 41


def nothing(folder):
    """A program of the same compiler that needs no library but those every one of it needs."""
    (folder / "nothing.c").write_text(NOTHING)
    subprocess.run(["x86_64-w64-mingw32-gcc", "-O2", "-s", "-static", "-o", folder / "nothing.exe",
                    folder / "nothing.c"], check=True)
    return folder / "nothing.exe"


def once(windows, command):
    env = {**windows.env, "WINEPREFIX": windows.env["PREFLIGHT_WINEPREFIX"], "WINEDEBUG": "-all", "LC_CTYPE": "C.UTF-8"}
    done = subprocess.run(["/usr/bin/unshare", "-n", MEASURE, LOADER, *command], env=env, capture_output=True, check=True,
                          stdin=subprocess.DEVNULL, timeout=120)
    return json.loads(done.stdout)


def row(name, *cells):
    print(f"  {name:<26}" + "".join(f"{cell:>12}" for cell in cells), flush=True)


def main():
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        commands = {"a program of nothing": [nothing(folder)], "--version": [EXE, "--version"], "list": [EXE, "list"],
                    "lint rules.yaml": [EXE, "lint", TOP / "rules.yaml"],
                    "a run without a network": [EXE, "--format", "json"]}
        rows = {name: [] for name in commands}
        with Windows(folder / "wine") as windows:
            for _ in range(turns):
                for name, command in commands.items():
                    rows[name].append(once(windows, command))
        report(rows, turns)


def middle(rows, key):
    return statistics.median(row[key] for row in rows)


def report(rows, turns):
    base = rows["a program of nothing"]
    print(f"{EXE.stat().st_size / 2**20:.2f} MiB, {os.path.relpath(EXE, TOP)}; medians of {turns} turns, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}")
    row("", "wall ms", "ratio", "CPU ms", "CPU ratio", "peak MiB")
    for name, mine in rows.items():
        row(name, f"{middle(mine, 'wall'):.1f}", f"{middle(mine, 'wall') / middle(base, 'wall'):.2f}",
            f"{middle(mine, 'cpu'):.1f}", f"{middle(mine, 'cpu') / middle(base, 'cpu'):.2f}",
            f"{middle(mine, 'rss') / 1024:.1f}")


if __name__ == "__main__":
    main()
