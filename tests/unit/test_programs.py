"""Runs every cmocka program and every replay of a fuzz corpus, in each build."""
import pathlib
import re
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
UNIT = sorted(path.stem for path in (TOP / "tests" / "unit").glob("test_*.c"))
FUZZ = sorted(path.stem for path in (TOP / "tests" / "fuzz").glob("fuzz_*.c"))


@pytest.mark.parametrize("name", UNIT)
def test_unit(build, name):
    done = subprocess.run([build / "tests" / name], cwd=TOP, capture_output=True, text=True,
                          errors="replace", timeout=300)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    ran = re.search(r"\[=+\] (?:\S+: )?(\d+) test\(s\) run", output)
    assert ran and int(ran.group(1)) > 0, "no test ran:\n" + output


def corpus(name):
    short = name.removeprefix("fuzz_")
    folder = TOP / "tests" / "fuzz" / "corpus" / short
    files = sorted(folder.glob("*")) if folder.is_dir() else []
    if short == "rules":
        files += sorted((TOP / "tests" / "rules").glob("*/*.yaml"))
    if short == "pg_dump":
        files += sorted(path for path in (TOP / "tests" / "fixtures" / "dumps").rglob("*") if path.is_file())
    return files


@pytest.mark.parametrize("name", FUZZ)
def test_replay(build, name):
    files = corpus(name)
    assert files, f"{name} has no corpus"
    done = subprocess.run([build / "replay" / name, *files], cwd=TOP, capture_output=True,
                          text=True, errors="replace", timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
