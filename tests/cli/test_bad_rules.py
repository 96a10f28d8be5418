"""
Every mistake of tests/rules/bad, given to the program with --rules: exit code 2, every problem with
its line and column, nothing on standard output. Each file says on its first lines what is expected
(# expect: LINE:COLUMN: part of the message).
"""
import pathlib
import re
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
# Mistakes only where the built-in rules, which come first here, do not supply what is missing; the
# unit tests load them alone.
ALONE = {"053-host-no-name", "103-check-source-unknown", "116-software-no-match", "149-cause-no-remedy",
         "150-requirement-source", "152-profile-glob"}
BAD = [path for path in sorted((TOP / "tests" / "rules" / "bad").glob("*.yaml")) if path.stem not in ALONE]


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in BAD])
def test_bad_rules(program, path):
    name = path.relative_to(TOP)
    done = subprocess.run([shutil.which("unshare"), "-n", program, "--rules", name], cwd=TOP, timeout=60,
                          capture_output=True, stdin=subprocess.DEVNULL)
    told = done.stderr.decode()
    assert done.returncode == 2, told
    assert done.stdout == b""
    expected = re.findall(rb"^# expect: (\d+):(\d+): (.*)$", path.read_bytes(), re.M)
    assert expected
    for line, column, part in expected:
        place = f"{name}:{int(line)}:{int(column)}: error: " if int(line) else f"{name}: error: "
        assert any(row.startswith(place) and part.decode() in row for row in told.splitlines()), told
