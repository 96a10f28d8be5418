"""Every chain of chains/table.py: taken as OpenSSL at security level 2 takes it, and told for the cause that it has."""
import pathlib
import re
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
LEAST = 80


@pytest.mark.not_on_windows("the terminal's trust and names are bound in place of this machine's")
def test_chains(program):
    done = subprocess.run([sys.executable, "-B", HERE / "chains" / "run.py", "--program", program], capture_output=True,
                          text=True, timeout=300)
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^(\d+) chains", done.stdout, re.M)[1]) >= LEAST
