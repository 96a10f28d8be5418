"""Chromium in the terminal, for some pages one after the other: the job is JSON on stdin, each answer a line of JSON.

    profile      a folder that it makes, with the certificates that this Chromium trusts
    trust        CA certificates
    certificate  a PEM file with a client certificate and its key, or nothing
    limit        seconds for each page
    pages        [{site, url}]

It is spoken to over its debugging pipe; nothing else stands between the page and the answer.
"""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

POLICIES = "/etc/chromium/policies/managed"


class Chromium:
    def __init__(self, profile):
        self.number, self.rest, self.events = 0, b"", []
        to_child, self.output = os.pipe()
        self.input, from_child = os.pipe()
        log = open(profile / "log", "w")

        def connect():
            high = [os.dup(to_child), os.dup(from_child)]  # neither may be closed by what follows
            high = [os.dup(each) for each in high]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.child = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", f"--user-data-dir={profile}/data", "--no-first-run",
             "--no-default-browser-check", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
             "--disable-features=Translate,OptimizationHints,MediaRouter", "about:blank"],
            preexec_fn=connect, pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, "HOME": str(profile)})
        os.close(to_child)
        os.close(from_child)

    def message(self, deadline):
        """The next message, or None when it is too late or Chromium ended."""
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.input], [], [], max(0, deadline - time.monotonic()))
            data = os.read(self.input, 65536) if ready else b""
            if not data:
                return None
            self.rest += data
        text, _, self.rest = self.rest.partition(b"\0")
        return json.loads(text)

    def ask(self, method, deadline, session=None, **params):
        """The answer to a command, or None; events that come before it are kept."""
        self.number += 1
        number = self.number
        text = {"id": number, "method": method, "params": params, **({"sessionId": session} if session else {})}
        os.write(self.output, json.dumps(text).encode() + b"\0")
        while (message := self.message(deadline)) is not None:
            if message.get("id") == number:
                return message.get("result", {"error": message.get("error")})
            self.events.append(message)
        return None

    def event(self, deadline):
        return self.events.pop(0) if self.events else self.message(deadline)


def trust(profile, job):
    """The store that Chromium reads on Linux; and that the user chose the certificate for the sites that ask."""
    database = profile / ".pki/nssdb"
    database.mkdir(parents=True)
    run("certutil", "-N", "-d", f"sql:{database}", "--empty-password")
    for number, authority in enumerate(job["trust"]):
        run("certutil", "-A", "-d", f"sql:{database}", "-n", f"lab-{number}", "-t", "C,,", "-i", authority)
    if job.get("certificate"):
        packed = profile / "client.p12"
        run("openssl", "pkcs12", "-export", "-in", job["certificate"], "-passout", "pass:x", "-out", packed)
        run("pk12util", "-d", f"sql:{database}", "-i", packed, "-W", "x", "-K", "")
        policies = profile / "policies"
        policies.mkdir()
        chosen = [json.dumps({"pattern": f"https://{page['url'].split('/')[2]}", "filter": {}})
                  for page in job["pages"]]
        (policies / "choice.json").write_text(json.dumps({"AutoSelectCertificateForUrls": chosen}))
        os.makedirs(POLICIES, exist_ok=True)
        run("mount", "--bind", policies, POLICIES)  # goes with the mount namespace of this run


def run(*argv):
    subprocess.run([str(word) for word in argv], check=True, capture_output=True, stdin=subprocess.DEVNULL)


def visit(chromium, url, limit):
    """Whether the page was shown, what is told of it, and whether Chromium is what failed."""
    deadline = time.monotonic() + limit
    target = chromium.ask("Target.createTarget", deadline, url="about:blank")
    if not target or "targetId" not in target:
        return False, ["no page could be opened"], True
    session = chromium.ask("Target.attachToTarget", deadline, targetId=target["targetId"], flatten=True)["sessionId"]
    for domain in ("Network", "Page"):
        chromium.ask(f"{domain}.enable", deadline, session)
    gone = chromium.ask("Page.navigate", deadline, session, url=url)
    if gone is None:
        return False, ["nothing within the time"], False
    if gone.get("errorText"):
        return False, [gone["errorText"]], False
    frame, last = gone["frameId"], None
    while (event := chromium.event(deadline)) is not None:
        what, params = event.get("method"), event.get("params", {})
        if what == "Network.responseReceived" and params.get("frameId") == frame and params["type"] == "Document":
            last = params["response"]
        if what == "Page.loadEventFired":
            break
    chromium.ask("Target.closeTarget", deadline, targetId=target["targetId"])
    if last is None:
        return False, ["loaded without a response" if event else "nothing within the time"], False
    return event is not None and 200 <= last["status"] < 400, [f"{last['status']} {last['url']}"], False


def main():
    job = json.load(sys.stdin)
    profile = Path(job["profile"])
    profile.mkdir()
    trust(profile, job)
    chromium = Chromium(profile)
    try:
        for page in job["pages"]:
            start = time.monotonic()
            good, told, broken = visit(chromium, page["url"], job["limit"])
            if broken:
                told += (profile / "log").read_text(errors="replace").splitlines()[-3:]
            print(json.dumps({"site": page["site"], "ok": good, "told": told, "broken": broken,
                              "seconds": round(time.monotonic() - start, 1)}), flush=True)
    finally:
        chromium.child.kill()
        chromium.child.wait()


if __name__ == "__main__":
    main()
