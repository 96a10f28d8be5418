"""preflight plan: what its last line counts."""
import json
import re
import subprocess

import pytest


def plan(program, *words):
    return subprocess.run([program, "plan", *words], capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("words", [("--phase", "before-vpn"), ("--phase", "in-vpn"), ("--only", "sec-*"), ("-p", "orca")])
def test_hosts_are_counted_and_rows_too(program, words):
    targets = json.loads(plan(program, "--format", "json", *words))["targets"]
    hosts = {target["host"] or target["address"] for target in targets}
    for lang, pattern in (("en", r"Hosts contacted: (\d+) \(rows: (\d+);"), ("ja", r"通信先は (\d+) 件です（通信 (\d+) 件、")):
        assert re.search(pattern, plan(program, "--lang", lang, *words)).groups() == (str(len(hosts)), str(len(targets)))


def test_documented_addresses_are_listed_for_tls(program):
    """They are tried where nobody serves at the addresses that a name leads to."""
    rows = json.loads(plan(program, "--format", "json", "--phase", "before-vpn"))["targets"]
    tls = {(row["host"], row["address"]) for row in rows if row["check"] in ("mio-tls", "sec-tls")}
    assert tls == {("mio.ccr.ncc.go.jp", "133.162.82.105"), ("sec.ccr.ncc.go.jp", "219.97.232.64")}
