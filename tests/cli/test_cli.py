"""
Command-line tests as data: cases/*.yaml, each a list of

  name     what is shown
  args     words of the command line ({dir} is a fresh folder)
  files    {name: content} written into the folder first
  env      environment on top of a bare one (LANG=en_US.UTF-8)
  exit     exit code
  stdout, stderr            the whole text
  stdout_has, stderr_has    list of fragments
  stdout_not                list of fragments that must be absent
  json     {path: value}: the standard output is JSON with these members (a.b.0.c)
  written  {name: [fragments]}: files that must exist afterwards
  absent   [name]: files that must not
  windows  {member: value}: what is otherwise for the Windows program

Every case runs in a network namespace of its own without any interface but a downed loopback, so
that nothing can leave the machine.
"""
import json
import pathlib
import shutil
import subprocess

import pytest
import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
CASES = [pytest.param(case, id=f"{path.stem}-{case['name'].replace(' ', '-')}")
         for path in sorted((pathlib.Path(__file__).parent / "cases").glob("*.yaml"))
         for case in yaml.safe_load(path.read_text())]


def member(value, path):
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def run(program, case, folder):
    for name, content in case.get("files", {}).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    words = [str(word).replace("{dir}", str(folder)) for word in case.get("args", [])]
    env = {"PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8", **case.get("env", {})}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
        env[name] = __import__("os").environ[name]
    return subprocess.run([shutil.which("unshare"), "-n", program, *words], env=env, cwd=folder,
                          capture_output=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("case", CASES)
def test_case(program, case, tmp_path):
    if program.parent.name == "wine":
        case = {**case, **case.get("windows", {})}
    done = run(program, case, tmp_path)
    out, err = (text.decode("utf-8").replace(str(tmp_path), "{dir}")
                for text in (done.stdout, done.stderr))
    shown = f"exit {done.returncode}\n--- stdout\n{out}\n--- stderr\n{err}"
    assert done.returncode == case.get("exit", 0), shown
    if "stdout" in case:
        assert out == case["stdout"], shown
    if "stderr" in case:
        assert err == case["stderr"], shown
    for fragment in case.get("stdout_has", []):
        assert fragment in out, f"{fragment!r} missing: {shown}"
    for fragment in case.get("stderr_has", []):
        assert fragment in err, f"{fragment!r} missing: {shown}"
    for fragment in case.get("stdout_not", []):
        assert fragment not in out, f"{fragment!r} present: {shown}"
    for path, value in case.get("json", {}).items():
        assert member(json.loads(out), path) == value, f"{path}: {shown}"
    for name, fragments in case.get("written", {}).items():
        text = (tmp_path / name).read_text()
        for fragment in fragments:
            assert fragment in text, f"{fragment!r} missing in {name}"
    for name in case.get("absent", []):
        assert not (tmp_path / name).exists(), f"{name} exists"
