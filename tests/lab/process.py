"""Servers as child processes in a namespace."""

import ctypes
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time

import net

PR_SET_PDEATHSIG = 1


class Process:
    """A daemon in the foreground, ended with everything it started."""

    def __init__(self, namespace, argv, log, env=None, pipes=False, stdin=None):
        def enter():
            net.libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
            net.set_namespace(namespace.path)

        self.log = log
        pipe = subprocess.PIPE if pipes else None
        source = tempfile.TemporaryFile() if stdin is not None else subprocess.DEVNULL
        if stdin is not None:
            source.write(stdin.encode() + b"\n")
            source.seek(0)
        with open(log, "ab") as output:
            self.child = subprocess.Popen([str(arg) for arg in argv], stdin=pipe or source,
                                          stdout=pipe or output, stderr=output, env={**os.environ, **(env or {})},
                                          preexec_fn=enter, start_new_session=True, text=True, bufsize=1)

    def alive(self):
        return self.child.poll() is None

    def stop(self, first=signal.SIGKILL):
        for sign in (first, signal.SIGKILL):
            self.signal_group(sign)
            try:
                self.child.wait(1)
            except subprocess.TimeoutExpired:
                continue
        # Its children hold the same sockets: they must be gone too.
        deadline = time.monotonic() + 0.5
        while group_runs(self.child.pid) and time.monotonic() < deadline:
            time.sleep(0.002)
        for pipe in (self.child.stdin, self.child.stdout):
            if pipe:
                pipe.close()

    def signal_group(self, sign):
        try:
            os.killpg(self.child.pid, sign)
        except ProcessLookupError:
            pass

    def wait_until(self, ready, timeout=15):
        deadline = time.monotonic() + timeout
        while not ready():
            if not self.alive() or time.monotonic() > deadline:
                with open(self.log, errors="replace") as log:
                    raise RuntimeError(f"{self.child.args[0]} is not ready:\n{log.read()[-2000:]}")
            time.sleep(0.004)


def group_runs(group):
    """Whether a process of the group is more than a zombie that nobody has waited for."""
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", errors="replace") as file:  # a name may be cut within a letter
                state, _, member = file.read().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(member) == group and state not in "ZX":
            return True
    return False


def accepts(namespace, address, port):
    """Whether something listens on a TCP port, asked from inside the namespace itself."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with namespace.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(0.5)
        return sock.connect_ex((address, port)) == 0


def answers_dns(namespace, address):
    """Whether a DNS server runs: asked over TCP, as access rules may leave UDP unanswered."""
    if not accepts(namespace, address, 53):
        return False
    with namespace.socket() as sock:
        sock.settimeout(0.02)
        sock.connect((address, 53))
        sock.send(struct.pack(">6H", 0x1234, 0x0100, 1, 0, 0, 0) + b"\0\0\2\0\1")
        try:
            return bool(sock.recv(512))
        except TimeoutError:
            return True
        except ConnectionRefusedError:
            return False
