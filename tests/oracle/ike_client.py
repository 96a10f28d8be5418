"""A VPN client of IKEv2 (or IKEv1) in the terminal: strongSwan with a certificate.

It asks for an address and a part of the inside, and changes nothing else of the terminal. Its messages are too large
for one packet, and it knows no fragments but those of IP.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time

import net
import servers
from process import group_runs

NAME = "terminal.clinic.example.jp"
INSIDE = "10.90.0.0/27"  # with the gateway's own address, which its packets to the terminal come from


class IkeTerminal(servers.StrongSwan):
    """The daemon; used for its configuration only, as what runs must see the terminal's files."""

    def __init__(self, lab, directory):
        super().__init__(lab.world[net.TERMINAL], directory)
        self.lab = lab

    def command(self, addresses, port, version):
        chain = self.hold(self.lab.pki, NAME)
        connections = "".join(self.connection(version, number, address, port, chain)
                              for number, address in enumerate(addresses))
        return self.charon(f"connections {{\n{connections}}}\n", tunnel=True, options="retransmit_timeout = 2")

    def connection(self, version, number, address, port, chain):
        # On another port than 500 it begins there, as with a client that takes itself for behind a translator.
        local_port = f"local_port = {port}" if port != 500 else ""
        return f"""gateway-{number} {{
            version = {version}
            remote_addrs = {address}
            remote_port = {port}
            {local_port}
            vips = 0.0.0.0
            proposals = aes256-sha256-modp2048
            fragmentation = no
            send_cert = always
            local {{ auth = pubkey
                     certs = {chain} }}
            remote {{ auth = pubkey
                      id = sec.ccr.ncc.go.jp }}
            children {{ gateway-{number} {{ remote_ts = {INSIDE}
                                             esp_proposals = aes256-sha256 }} }}
            }}
            """


class Session:
    """One start of the client, ended with `close`."""

    def __init__(self, lab, addresses, port, version=2):
        self.lab = lab
        self.directory = tempfile.mkdtemp(prefix="ike-", dir=lab.work)
        self.daemon = IkeTerminal(lab, self.directory)
        argv, env = self.daemon.command(addresses, port, version)
        self.log = open(os.path.join(self.directory, "output"), "w+")
        self.child = subprocess.Popen(lab.command(argv), env={**lab.environment(), **env}, stdin=subprocess.DEVNULL,
                                      stdout=self.log, stderr=self.log, start_new_session=True)

    def started(self, limit=10):
        deadline = time.monotonic() + limit
        while not self.daemon.loaded():
            if self.child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the IKE client did not start: {self.text()[-800:]}")
            time.sleep(0.01)

    def initiate(self, number, seconds, stopped):
        """swanctl's exit code and output for one of the addresses; `stopped` is asked whether to give up."""
        argv = ["swanctl", "--initiate", "--child", f"gateway-{number}", "--timeout", str(max(1, round(seconds))),
                "--uri", f"unix://{self.directory}/run/vici"]
        with tempfile.TemporaryFile("w+", errors="replace") as output:
            child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
            deadline = time.monotonic() + seconds + 2
            while child.poll() is None and time.monotonic() < deadline and not stopped():
                time.sleep(0.02)
            child.kill()
            child.wait()
            output.seek(0)
            return child.returncode, output.read().strip()

    def text(self):
        self.log.seek(0)
        return self.log.read()

    def close(self):
        for sign in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.child.pid, sign)
            except ProcessLookupError:
                pass
            try:
                self.child.wait(1.5)
                break
            except subprocess.TimeoutExpired:
                continue
        deadline = time.monotonic() + 1
        while group_runs(self.child.pid) and time.monotonic() < deadline:
            time.sleep(0.005)
        self.log.close()
        for family in ("-4", "-6"):  # what it leaves behind if it was killed
            net.run(["ip", family, "-n", self.lab.world[net.TERMINAL].name, "rule", "del", "table", "220"], check=False)
        shutil.rmtree(self.directory, ignore_errors=True)
