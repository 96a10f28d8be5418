"""fixtures/proxy-exemptions.json is what the curl of this machine does: a dead proxy, and hosts on loopback."""
import json
import os
import pathlib
import shutil
import subprocess

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
ROWS = json.loads((TOP / "tests" / "fixtures" / "proxy-exemptions.json").read_text())
PROXY_PORT, HOST_PORT = 1, 9  # nobody listens there


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['list']!r} {row['host']}")
def test_curl_reads_the_list_so(row):
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    host = row["host"]
    done = subprocess.run(["curl", "-sv", "-m", "5", "--connect-to", f"{host}:443:127.0.0.1:{HOST_PORT}", f"https://{host}/"],
                          env={**env, "https_proxy": f"http://127.0.0.1:{PROXY_PORT}", "no_proxy": row["list"]},
                          capture_output=True, text=True, timeout=20)
    assert done.returncode == 7, done.stderr
    assert (f"127.0.0.1:{PROXY_PORT}..." not in done.stderr) == row["curl"], done.stderr
