"""Serves every chain of table.py, asks the program and OpenSSL about each, and compares.

    python3 -B tests/lab/chains/run.py --program ./preflight [--only GLOB] [--table]

It runs itself in network and mount namespaces of its own, in which nothing but loopback exists, the hosts file names the
servers, and /etc/ssl trusts what the rows say. OpenSSL is its own s_client at security level 2 with the same trust, and
with partial chains, which curl turns on.
Exit code 1: the program was more lenient than OpenSSL, stricter without a reason, or named another cause.
"""

import argparse
import fnmatch
import json
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE))

import table  # noqa: E402
from make import Maker  # noqa: E402

FIRST_PORT = 20000
HOLES = [r"…", r"\(\s*\)", r"（\s*）", r"[\[\]{}]", r"「\s*」", r"\S  \S", r"\(\s", r"\s\)"]


class Case:
    def __init__(self, number, row, maker, work):
        self.row, self.port = row, FIRST_PORT + number
        self.host = f"c{number:03d}.chains.example.jp"
        self.work = work / f"{number:03d}"
        self.work.mkdir()
        sent, self.trusted = row.make(table.World(maker, self.host, f"{number:03d}"))
        self.sent = sent
        self.chain, self.key = self.work / "chain.pem", self.work / "key.pem"
        self.chain.write_text("".join(certificate.pem() for certificate in sent))
        self.key.write_text(sent[0].key_pem())

    def place(self):
        return {"chain": str(self.chain), "key": str(self.key), "port": self.port}

    def shown(self):
        """What the evidence must name, with the dates that the row asks for."""
        dates = {}
        for name, certificate in zip(("leaf", "middle"), self.sent):
            dates[f"{name}_from"] = f"{certificate.made.not_valid_before:%Y-%m-%d}"
            dates[f"{name}_until"] = f"{certificate.made.not_valid_after:%Y-%m-%d}"
        if self.trusted:
            dates["root_until"] = f"{self.trusted[0].made.not_valid_after:%Y-%m-%d}"
        return [text.format(**dates) for text in self.row.shown]


def own_server(case):
    """openssl's server, for what Python's cannot be told to do."""
    serve = case.row.serve
    (case.work / "leaf.pem").write_text(case.sent[0].pem())
    (case.work / "rest.pem").write_text("".join(certificate.pem() for certificate in case.sent[1:]))
    argv = ["openssl", "s_server", "-accept", f"127.0.0.1:{case.port}", "-cert", case.work / "leaf.pem", "-key", case.key,
            "-cert_chain", case.work / "rest.pem", "-no_dhe" if "dh" not in serve else "-www", "-quiet"]
    argv += ["-www"] if "dh" not in serve else []
    argv += ["-cipher", serve.get("ciphers", "ALL") + ":@SECLEVEL=0"]
    argv += {"1.1": ["-tls1_1"], "1.2": ["-tls1_2"], "1.3": ["-tls1_3"]}[serve["tls"]] if "tls" in serve else []
    argv += ["-sigalgs", serve["signatures"]] if "signatures" in serve else []
    argv += ["-groups", serve["groups"]] if "groups" in serve else []
    if "dh" in serve:
        argv += ["-dhparam", parameters(case.work, serve["dh"])]
    return subprocess.Popen([str(arg) for arg in argv], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


# RFC 2409 section 6.2; RFC 3526 section 3: taken from OpenSSL, which takes a second to find others.
OAKLEY_2 = """-----BEGIN DH PARAMETERS-----
MIGHAoGBAP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJR
Sgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHCReSFtXZiXn7G9ExC6aY37WsL
/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7OZTgf//////////AgEC
-----END DH PARAMETERS-----
"""


def parameters(work, bits):
    place = work / "dh.pem"
    if bits == 1024:
        place.write_text(OAKLEY_2)
    else:
        made = subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", f"group:modp_{bits}"],
                              check=True, capture_output=True, text=True).stdout
        place.write_text(made)
    return place


# ---- OpenSSL ----

def ask_openssl(case, bundle):
    """Whether OpenSSL accepts the connection, and what it says."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{case.port}", "-servername", case.host, "-verify_hostname", case.host,
         "-verify_return_error", "-auth_level", "2", "-cipher", "DEFAULT:@SECLEVEL=2", "-CAfile", bundle, "-no-CApath",
         "-no-CAstore", "-partial_chain", "-brief"], input="", capture_output=True, text=True, timeout=30)
    said = done.stdout + done.stderr
    reason = re.search(r"verify error:num=(\d+):(.*)|error:\w+:[^:]*:[^:]*:([^:\n]*)", said)
    return done.returncode == 0 and "Verification: OK" in said, reason[0] if reason else ""


# ---- the program ----

def rules_of(cases):
    lines = ["version: 1", "hosts:"]
    lines += [f"  h{case.port}: {{name: {case.host}}}" for case in cases]
    lines.append("checks:")
    lines += [f"  t{case.port}: {{check: tls, host: h{case.port}, port: {case.port}, severity: required, "
              f"title: {{ja: '{case.row.name}', en: '{case.row.name}'}}}}" for case in cases]
    lines += ["profiles:", "  chains: {title: {ja: 連鎖, en: chains}, checks: ['t2*']}"]
    return "\n".join(lines) + "\n"


def ask_program(program, cases, work):
    """What the program says of every case: verdict, cause, evidence in both languages."""
    rules = work / "rules.yaml"
    rules.write_text(rules_of(cases))
    done = subprocess.run([program, "--rules", rules, "--profile", "chains", "--format", "json", "--identify"],
                          capture_output=True, text=True, timeout=120, cwd=work)
    if not done.stdout:
        raise SystemExit(done.stderr)
    report = json.loads(done.stdout)
    return {check["id"]: check for check in report["checks"]}


# ---- comparing ----

def problems_of(case, openssl, check):
    """What is wrong about what the program said."""
    verdict, cause = check["verdict"], check.get("cause")
    accepts = verdict in ("pass", "warn")
    text = " ".join((check.get("evidence") or {}).values())
    if accepts and not openssl[0]:
        yield f"more lenient than OpenSSL ({openssl[1]})"
    if not accepts and openssl[0] and not case.row.stricter:
        yield "stricter than OpenSSL"
    if case.row.stricter and not openssl[0]:
        yield "not stricter than OpenSSL at all"
    if (cause or None) != case.row.cause or (verdict != "fail") != (case.row.cause is None):
        yield f"{verdict} {cause}, not {case.row.cause or 'pass'}"
    for part in case.shown():
        if part not in text:
            yield f"does not name {part}"
    for hole in HOLES:
        if re.search(hole, text):
            yield f"a hole: {text}"


def ask(args, cases, work):
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda case: ask_openssl(case, work / "bundle.pem"), cases))
    return said, ask_program(Path(args.program).resolve(), cases, work)


def inside(args, work):
    """In the namespaces: serves, asks, compares. Returns the exit code."""
    maker = Maker(work)
    rows = [row for row in table.ROWS if fnmatch.fnmatch(row.name, args.only)]
    cases = [Case(number, row, maker, work) for number, row in enumerate(rows)]
    prepare(cases, work)
    (work / "places").write_text(json.dumps([case.place() for case in cases if not case.row.serve]))
    servers = [subprocess.Popen([sys.executable, "-B", HERE / "serve.py", work / "places"], stdout=subprocess.PIPE, text=True)]
    servers += [own_server(case) for case in cases if case.row.serve]
    try:
        if servers[0].stdout.readline() != "ready\n":
            raise SystemExit("the server did not start")
        said, checks = ask(args, cases, work)
        # A machine that is busy with other things lets a handshake take too long: what is wrong is asked once more.
        again = [case for case, openssl in zip(cases, said) if list(problems_of(case, openssl, checks[f"t{case.port}"]))]
        if again:
            answers, repeated = ask(args, again, work)
            said = [answers[again.index(case)] if case in again else openssl for case, openssl in zip(cases, said)]
            checks.update(repeated)
    finally:
        for server in servers:
            server.kill()
            server.wait()
    return tell(cases, said, checks, args.table)


def tell(cases, said, checks, whole):
    wrong = 0
    for case, openssl in zip(cases, said):
        check = checks[f"t{case.port}"]
        problems = list(problems_of(case, openssl, check))
        wrong += bool(problems)
        if whole or problems:
            word = "refused" if not openssl[0] else "taken"
            print(f"{case.row.category:16} {case.row.name:48} OpenSSL: {word:8} {check['verdict']:8} {check.get('cause') or ''}")
            if whole and not openssl[0]:
                print(f"{'':17}{openssl[1]}")
            if whole:
                print(f"{'':17}{(check.get('evidence') or {}).get('en', '')}")
        for problem in problems:
            print(f"    WRONG: {problem}")
    stricter = [case.row for case in cases if case.row.stricter]
    refused = sum(not accepted for accepted, _ in said)
    print(f"{len(cases)} chains in {len({case.row.category for case in cases})} categories: OpenSSL refuses {refused}; "
          f"right {len(cases) - wrong}, wrong {wrong}; stricter on purpose {len(stricter)}")
    if whole:
        for row in stricter:
            print(f"    {row.name}: {row.stricter}")
    return 1 if wrong else 0


def prepare(cases, work):
    """What the terminal trusts and knows, in place of the machine's own."""
    bundle = work / "bundle.pem"
    bundle.write_text("".join(certificate.pem() for case in cases for certificate in case.trusted))
    ssl = work / "ssl" / "certs"
    ssl.mkdir(parents=True)
    (ssl / "ca-certificates.crt").write_text(bundle.read_text())
    (work / "hosts").write_text("127.0.0.1 localhost\n" + "".join(f"127.0.0.1 {case.host}\n" for case in cases))
    (work / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    (work / "nsswitch.conf").write_text("hosts: files\n")
    for name in ("hosts", "resolv.conf", "nsswitch.conf"):
        subprocess.run(["mount", "--bind", work / name, Path("/etc") / name], check=True)
    subprocess.run(["mount", "--bind", work / "ssl", "/etc/ssl"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default="./preflight")
    parser.add_argument("--only", default="*", help="rows by name (glob)")
    parser.add_argument("--table", action="store_true", help="tell all, not only what is wrong")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        return inside(args, Path(args.inside))
    with tempfile.TemporaryDirectory(prefix="preflight-chains-") as work:
        again = ["unshare", "--net", "--mount", sys.executable, "-B", __file__, "--inside", work, "--program", args.program,
                 "--only", args.only, *(["--table"] if args.table else [])]
        return subprocess.run(again).returncode


if __name__ == "__main__":
    sys.exit(main())
