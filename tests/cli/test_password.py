"""The password of a certificate is asked for on the terminal, unseen, and the terminal is left as it was."""
import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time

import pytest

import client_certificate

TERMINAL = pytest.mark.not_on_windows("a console of Wine draws on the terminal below it, and reads keys in its own way")


@pytest.fixture
def folder(tmp_path):
    client_certificate.make(tmp_path, "a.p12", "word")
    return tmp_path


def ask(program, folder, typed, *words):
    """Runs it on a terminal of its own; (output, exit code, echo while asking, echo afterwards)."""
    master, slave = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "PREFLIGHT_CERT_PASSWORD"}
    process = subprocess.Popen(
        [program, "--rules", "rules.yaml", "-p", "mine", "--lang", "en", "--no-color", *words], cwd=folder, env=environment,
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    output, asking, end = b"", None, time.monotonic() + 20
    try:
        while process.poll() is None and time.monotonic() < end:
            if select.select([master], [], [], 0.05)[0]:
                output += os.read(master, 4096)
            if asking is None and b"Password of a.p12: " in output:
                asking = echoes(slave)
                os.write(master, typed)
        while select.select([master], [], [], 0)[0]:
            output += os.read(master, 4096)
        return output.decode(), process.poll(), asking, echoes(slave)
    finally:
        process.kill()
        process.wait()
        os.close(master)
        os.close(slave)


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


@pytest.mark.parametrize("typed, code, shown", [
    (b"word\n", 0, "READY"),
    (b"not it\n", 1, "cert.wrong-password"),
    (b"\x04", 3, "cert.password-missing"),
])
@TERMINAL
def test_asked(program, folder, typed, code, shown):
    output, status, asking, after = ask(program, folder, typed)
    assert status == code
    assert shown in output
    assert asking is False and after is True


@pytest.mark.parametrize("typed, code, shown", [(b"not it\n", 1, "cert.wrong-password"), (b"word\n", 0, "READY")])
@TERMINAL
def test_asked_once_however_often_it_is_tried(program, folder, typed, code, shown):
    """What was typed is kept while waiting, and nobody is asked again."""
    output, status, _, _ = ask(program, folder, typed, "--wait", "1s")
    assert status == code and shown in output
    assert output.count("Password of a.p12: ") == 1
    assert "cert.password-missing" not in output and "not it" not in output
    assert ("tried 1," in output) == (code == 1)


@TERMINAL
def test_interrupted(program, folder):
    _, status, asking, after = ask(program, folder, b"\x03")
    assert status == -signal.SIGINT
    assert asking is False and after is True


def test_not_asked_without_a_terminal(program, folder):
    done = subprocess.run([program, "--rules", "rules.yaml", "-p", "mine", "--lang", "en"], cwd=folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    assert done.returncode == 3
    assert "cert.password-missing" in done.stdout
    assert "Password of" not in done.stdout + done.stderr


def judge(program, folder, password_file, **more):
    return subprocess.run([program, "--rules", "rules.yaml", "-p", "mine", "--lang", "en", "--password-file", password_file],
                          cwd=folder, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, **more)


def test_a_named_file_that_is_too_long_is_refused(program, folder):
    (folder / "long.pass").write_text("word" + 4096 * " ")
    done = judge(program, folder, "long.pass")
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "long.pass: error: File too large\n")


@pytest.mark.not_on_windows("/dev/fd")
def test_a_named_file_may_be_a_pipe(program, folder):
    """As a shell's <(command) gives it: it can be read once."""
    reader, writer = os.pipe()
    os.write(writer, b"word")
    os.close(writer)
    done = judge(program, folder, f"/dev/fd/{reader}", pass_fds=[reader])
    os.close(reader)
    assert done.returncode == 0, done.stdout + done.stderr
