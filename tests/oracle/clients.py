"""What the user of a terminal runs, and whether it works for that user.

Each client is a function of a Terminal that returns an Outcome. They run in the terminal's namespace, with its files,
proxy settings and trust. Whoever is served within the time that a person waits is served, however slowly.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from world import BEFORE, HERE, INSIDE

import credentials
import net
import servers
from ike_client import Session

SEC, MIO, MIO_INTRA = "sec.ccr.ncc.go.jp", "mio.ccr.ncc.go.jp", "mio.intra.ccr.ncc.go.jp"
PORTAL, PORTAL2 = "portal.internal.gtol.ncc.go.jp", "portal2.internal.gtol.ncc.go.jp"
ORCA, ORCA_VPN, ORCA_AUTH, ORCA_SMS = ("ctrl.glcmo.orcamo.jp", "ctrl.cmo.orcamo.jp", "auth.cmo.orcamo.jp",
                                       "sms.orca.orcamo.jp")

# Which of them must succeed where preflight says READY: what the checks of that profile and phase demand (severity
# required). UDP 443 is recommended only. In the VPN and for ORCA the user's software is a browser.
REGISTRY = ["name:mio", "name:sec", "page:mio", "anyconnect", "ike-500", "ike-4500"]
REQUIRED = {
    ("registry", BEFORE): REGISTRY,
    ("registry", INSIDE): ["name:portal", "name:mio-intra", "browser:portal", "browser:mio-intra"],
    ("gtol", INSIDE): ["name:portal", "browser:portal"],
    ("ccr-2021", BEFORE): REGISTRY,
    ("ccr-2017", BEFORE): ["name:sec", "anyconnect", "ike-500", "ike-4500"],
    ("orca", BEFORE): ["name:orca", "page:orca", "browser:orca"],
    ("orca", INSIDE): ["name:orca-vpn", "name:orca-auth", "name:orca-sms", "page:orca-vpn", "browser:orca-vpn",
                       "browser:orca-auth", "browser:orca-sms"],
}
# Those that are only told, where they say something.
ASIDE = {("registry", INSIDE): ["page:portal", "page:mio-intra"], ("gtol", INSIDE): ["page:portal"]}
# Name, URL, and whether the client shows its certificate. What is right is a page that is no error of the server's.
SITES = {
    "mio": (MIO, f"https://{MIO}/", False),
    "sec": (SEC, f"https://{SEC}/", False),
    "portal": (PORTAL, f"https://{PORTAL}/", False),
    "portal2": (PORTAL2, f"https://{PORTAL2}/", False),
    "mio-intra": (MIO_INTRA, f"https://{MIO_INTRA}/ikss/", False),
    "orca": (ORCA, f"https://{ORCA}/", True),
    "orca-vpn": (ORCA_VPN, f"https://{ORCA_VPN}/", True),
    "orca-auth": (ORCA_AUTH, f"https://{ORCA_AUTH}/", False),
    "orca-sms": (ORCA_SMS, f"https://{ORCA_SMS}/", False),
}
# What a browser sends, from its first packet on, is more than one packet holds.
COOKIE = "Cookie: seen=" + "x" * 1900
NAME_LIMIT, ANSWER_LIMIT, PAGE_LIMIT = 30, 12, 28  # seconds that a person waits for a name, a first answer, a page


@dataclass
class Outcome:
    client: str
    ok: bool
    seconds: float = 0
    told: list = field(default_factory=list)  # exit code and last lines

    def line(self):
        return f"{self.client}: {'works' if self.ok else 'FAILS'} in {self.seconds:.1f} s; {' | '.join(self.told)}"


class Stopped(Exception):
    """Another client failed already, which decides."""


class Terminal:
    """The lab's terminal as its user has it, for one round of clients."""

    def __init__(self, lab, world, patience=1, stop=None):
        self.lab, self.world, self.patience = lab, world, patience
        self.stop = stop or threading.Event()
        self.slow = line_delay(world)
        self.folder = Path(tempfile.mkdtemp(prefix="oracle-", dir=lab.work))

    def limit(self, seconds):
        """So long a user waits here: on a slow line a little longer, when tried again longer."""
        return seconds * self.patience + self.slow

    def run(self, argv, limit, env=None, text=None):
        """Exit code (None: it was too slow) and output. Ends early when nobody wants to know any more."""
        start = time.monotonic()
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            child = subprocess.Popen(self.lab.command(argv), env=self.lab.environment(env), stdout=output,
                                     stderr=output, stdin=subprocess.PIPE if text else subprocess.DEVNULL, text=True,
                                     start_new_session=True)
            try:
                if text:
                    child.stdin.write(text)
                    child.stdin.close()
                code = self.wait(child, start + limit)
            finally:
                end(child)
            output.seek(0)
            return code, output.read(), time.monotonic() - start

    def wait(self, child, deadline):
        while child.poll() is None:
            if self.stop.is_set():
                raise Stopped
            if time.monotonic() > deadline:
                return None
            time.sleep(0.02)
        return child.returncode


def end(child, first=signal.SIGKILL):
    for sign in (first, signal.SIGKILL):
        try:
            os.killpg(child.pid, sign)
        except ProcessLookupError:
            pass
        try:
            child.wait(2)
            return
        except subprocess.TimeoutExpired:
            continue


def line_delay(world):
    """Seconds that the line alone adds to what takes some round trips."""
    delay = 0
    for action in world.actions():
        relay = action.get("relay", {})
        delay += 12 * (relay.get("rtt_ms", 0) + relay.get("jitter_ms", 0)) / 1000 + (10 if relay.get("loss") else 0)
        delay += 10 if relay.get("every_ms") else 0
    return delay


def last(text, lines=4):
    return [line.strip()[:200] for line in text.strip().splitlines()[-lines:] if line.strip()]


# Names

def name(terminal, site):
    """What the operating system itself says, as every program asks it."""
    host = SITES[site][0]
    code, text, seconds = terminal.run(["getent", "ahosts", host], terminal.limit(NAME_LIMIT))
    found = sorted({line.split()[0] for line in text.splitlines() if "STREAM" in line})
    return Outcome(f"name:{site}", code == 0 and bool(found), seconds, [f"exit {code}", ", ".join(found) or "nothing"])


def addresses(terminal, host):
    """Addresses in the system's order, and the seconds that it took; the user waits for that too."""
    code, text, seconds = terminal.run(["getent", "ahosts", host], terminal.limit(NAME_LIMIT))
    found = [line.split()[0] for line in text.splitlines() if "STREAM" in line] if code == 0 else []
    return list(dict.fromkeys(found)), seconds


# Pages

def client_certificate(terminal):
    """Certificate and key of the terminal in files for curl, or nothing when its user cannot import them."""
    folder = terminal.lab.directory
    found = sorted(folder.glob("client*.p12")) if folder else []
    if not found:
        return None
    password = found[0].with_suffix(".pass")
    word = password.read_text().strip() if password.exists() else credentials.PASSWORD
    made = terminal.folder / "client.pem"
    done = subprocess.run(["openssl", "pkcs12", "-legacy", "-nodes", "-in", found[0], "-passin", f"pass:{word}",
                           "-out", made], capture_output=True, stdin=subprocess.DEVNULL)
    return made if done.returncode == 0 and "PRIVATE KEY" in made.read_text() else None


def page(terminal, site):
    """curl, with the system's trust and the terminal's proxy settings."""
    host, url, shows = SITES[site]
    _, waited = addresses(terminal, host)
    argv = ["curl", "-sS", "-L", "--max-redirs", "8", "-o", "/dev/null", "-w", "%{http_code} %{url_effective}",
            "-H", COOKIE,
            "--connect-timeout", f"{terminal.limit(ANSWER_LIMIT) + 2 * waited:.1f}",
            "--max-time", f"{terminal.limit(PAGE_LIMIT) + 2 * waited:.1f}"]
    certificate = client_certificate(terminal) if shows else None
    if shows and not certificate:
        return Outcome(f"page:{site}", False, 0, ["the certificate cannot be imported"])
    if certificate:
        argv += ["--cert", str(certificate)]
    code, text, seconds = terminal.run([*argv, url], terminal.limit(PAGE_LIMIT) + 2 * waited + 5)
    status = re.search(r"^(\d{3}) ", text, re.M)
    status = int(status[1]) if status else 0
    good = 200 <= status < 400 if shows or site.startswith(("portal", "mio-intra")) else 200 <= status < 500
    return Outcome(f"page:{site}", code == 0 and good, seconds, [f"exit {code}", *last(text)])


def browser(terminal, site):
    """Chromium, which must have shown the page itself."""
    return browse(terminal, [site])[0]


def browse(terminal, sites):
    """One Chromium for several pages, one after the other."""
    profile = terminal.folder / f"chromium-{'-'.join(sites)}"
    job = {"profile": str(profile), "trust": [str(terminal.lab.pki.authority(name)) for name in terminal.lab.trusted],
           "limit": terminal.limit(PAGE_LIMIT) + 10,
           "pages": [{"site": site, "url": SITES[site][1]} for site in sites]}
    if any(SITES[site][2] for site in sites):
        certificate = client_certificate(terminal)
        if not certificate:
            return [Outcome(f"browser:{site}", False, 0, ["the certificate cannot be imported"]) for site in sites]
        job["certificate"] = str(certificate)
    code, text, seconds = terminal.run([sys.executable, "-B", HERE / "browser.py"], job["limit"] * len(sites) + 20,
                                       text=json.dumps(job))
    told = {}
    for line in text.splitlines():
        if line.startswith("{"):
            each = json.loads(line)
            told[each["site"]] = each
    outcomes = []
    for site in sites:
        each = told.get(site, {"ok": False, "seconds": seconds, "told": [f"exit {code}", *last(text)], "broken": True})
        if each.get("broken"):
            raise RuntimeError(f"Chromium did not run: {each['told']}")
        outcomes.append(Outcome(f"browser:{site}", each["ok"], each["seconds"], each["told"]))
    return outcomes


# VPN clients

def inside_works(terminal, host, address, device):
    """Whether a host of the inside is served through a tunnel: a page, and what it is sent is more than one packet."""
    body, limit = terminal.folder / "body", terminal.limit(ANSWER_LIMIT)
    body.write_text("x" * 4000)
    code, text, _ = terminal.run(["curl", "-sS", "-o", "/dev/null", "--noproxy", "*", "-k", "--interface", device,
                                  "--resolve", f"{host}:443:{address}", "--data-binary", f"@{body}", "-H", "Expect:",
                                  "--max-time", f"{limit:.1f}", f"https://{host}/"], limit + 3)
    return code == 0, [f"traffic: exit {code}", *last(text, 1)]


def anyconnect(terminal, dtls=False):
    """openconnect: TLS, login, and a host of the inside. With `dtls` also whether DTLS came about."""
    lab, what = terminal.lab, "dtls" if dtls else "anyconnect"
    start = time.monotonic()
    _, waited = addresses(terminal, SEC)
    mark, device = terminal.folder / f"{what}-up", f"oc{int(dtls)}"
    env = {"ORACLE_MARK": str(mark), "ORACLE_INSIDE": net.ORCA_SMS_IP}
    argv = ["openconnect", "--protocol=anyconnect", f"--interface={device}", "--non-inter", "--no-proxy",
            f"--user={servers.VPN_USER}", "--passwd-on-stdin", f"--script={HERE / 'vpn-script'}",
            *([] if dtls else ["--no-dtls"]), SEC]
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        child = subprocess.Popen(lab.command(argv), env=lab.environment(env), stdin=subprocess.PIPE, stdout=output,
                                 stderr=output, text=True, start_new_session=True)
        try:
            child.stdin.write(servers.VPN_PASSWORD + "\n")
            child.stdin.close()
            deadline = time.monotonic() + terminal.limit(ANSWER_LIMIT + 3) + 2 * waited
            while not mark.exists() and child.poll() is None and time.monotonic() < deadline:
                if terminal.stop.is_set():
                    raise Stopped
                time.sleep(0.02)
            up = mark.exists()
            works, told = inside_works(terminal, ORCA_SMS, net.ORCA_SMS_IP, device) if up else (False, [])
        finally:
            end(child, signal.SIGTERM)
        output.seek(0)
        text = output.read()
    if dtls:
        works = works and "DTLS connect" in text and "handshake failed" not in text
    code = child.returncode if not up else "up"
    return Outcome(what, works, time.monotonic() - start, [f"exit {code}", *told, *([] if works else last(text))])


def ike(terminal, port):
    """IKE that begins on a port, IKE_AUTH, and a host of the inside; each address of the name in turn."""
    start = time.monotonic()
    found, _ = addresses(terminal, SEC)
    if not found:
        return Outcome(f"ike-{port}", False, time.monotonic() - start, ["the name has no address"])
    # Its users have been given a client of the gateway's version.
    version = 1 if terminal.lab.servers["ike"].settings["responder"].endswith("v1") else 2
    session = Session(terminal.lab, found[:3], port, version)
    try:
        session.started()
        for number, address in enumerate(found[:3]):
            code, text = session.initiate(number, terminal.limit(ANSWER_LIMIT + 3), terminal.stop.is_set)
            if terminal.stop.is_set():
                raise Stopped
            works, told = False, [f"{address} exit {code}", *last(text, 3)]
            if code == 0:
                works, more = inside_works(terminal, PORTAL2, net.PORTAL2_IP, "ipsec0")
                told = [told[0], *more]
                break
    finally:
        session.close()
    return Outcome(f"ike-{port}", works, time.monotonic() - start, told)


CLIENTS = {
    "name": name, "page": page, "browser": browser,
    "anyconnect": anyconnect, "dtls": lambda terminal: anyconnect(terminal, dtls=True),
    "ike-500": lambda terminal: ike(terminal, 500), "ike-4500": lambda terminal: ike(terminal, 4500),
}


def required(world):
    return REQUIRED[world.profile, world.phase]


def ask(terminal, wanted):
    """One client, by its name in REQUIRED."""
    kind, _, site = wanted.partition(":")
    return CLIENTS[kind](terminal, site) if site else CLIENTS[kind](terminal)
