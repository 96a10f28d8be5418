"""What only the Windows program has to show, under Wine: names, files, words of Windows."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.only_on_windows

TOP = pathlib.Path(__file__).resolve().parents[2]
EXE = TOP / "build" / "windows" / "preflight.exe"
QUICK = ["--only", "term-disk", "--lang", "en"]


@pytest.fixture
def run(program, tmp_path):
    def run(*words, stdin=subprocess.DEVNULL, **more):
        env = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/", "LANG": "C.UTF-8", **more}
        return subprocess.run(["/usr/bin/unshare", "-n", program, *words], cwd=tmp_path, env=env, timeout=60,
                              stdin=stdin, capture_output=True, check=False)
    return run


def test_japanese_names_everywhere(run, tmp_path):
    """The program, its folder, the rules, a report, a folder that is made an argument."""
    folder = tmp_path / "がん登録 1"
    folder.mkdir()
    shutil.copy(EXE, folder / "接続確認.exe")
    (folder / "規則.yaml").write_text("version: 1\nchecks:\n  term-disk: {free: 100000 GB}\n")
    done = run("--only", "term-disk", "--lang", "ja", "--rules", "がん登録 1/規則.yaml", "-o", "がん登録 1/結果①.json",
               "-o", f"{folder}/結果.txt", PREFLIGHT_EXE=str(folder / "接続確認.exe"))
    assert done.returncode == 1 and done.stderr == b"", done
    assert "準備ができていません" in done.stdout.decode()
    assert json.loads((folder / "結果①.json").read_text())["rules"][1]["file"].endswith("規則.yaml")
    assert "準備ができていません" in (folder / "結果.txt").read_text()
    assert sorted(os.listdir(folder)) == sorted(["接続確認.exe", "規則.yaml", "結果①.json", "結果.txt"])


@pytest.mark.parametrize("words", [["--help"], ["list"], QUICK, ["plan"], ["--only", "term-*", "--format", "json"]])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_is_redirected_is_utf_8_with_line_feeds(run, words, lang):
    done = run(*words, "--lang", lang)
    assert done.returncode in (0, 1) and done.stderr == b""
    assert b"\r" not in done.stdout and b"\x1b" not in done.stdout and b"\0" not in done.stdout
    assert done.stdout.decode().endswith("\n")


@pytest.mark.parametrize("name", ["ready", "two-causes"])
@pytest.mark.parametrize("ending", ["txt", "json", "html", "xml", "tap", "prom"])
def test_shows_byte_for_byte_what_the_other_systems_show(run, tmp_path, name, ending):
    saved = TOP / "tests" / "fixtures" / "runs" / f"{name}.json"
    for lang in ("ja", "en"):
        ours = run("show", saved, "-q", "--lang", lang, "-o", f"ours.{ending}")
        theirs = subprocess.run([TOP / "preflight", "show", saved, "-q", "--lang", lang, "-o", f"theirs.{ending}"],
                                cwd=tmp_path, capture_output=True, check=False, timeout=60)
        assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)
        assert (tmp_path / f"ours.{ending}").read_bytes() == (tmp_path / f"theirs.{ending}").read_bytes()


def test_standard_input_is_not_translated(run, tmp_path):
    """Text mode would end at Ctrl-Z and drop carriage returns."""
    saved = json.loads((TOP / "tests" / "fixtures" / "runs" / "ready.json").read_text())
    (tmp_path / "in.json").write_text("\r\n" + json.dumps(saved) + "\r\n\x1a")
    with (tmp_path / "in.json").open("rb") as text:
        done = run("show", "-", "--lang", "en", stdin=text)
    assert done.returncode == 2 and done.stderr.startswith(b"(standard input):3:1: error: JSON syntax"), done


def test_names_that_differ_in_capitals_are_one_file(run, tmp_path):
    for other in ("A.txt", ".\\a.txt", f"{tmp_path}/A.txt", "Z:" + str(tmp_path).replace("/", "\\") + "\\a.txt"):
        done = run(*QUICK, "-o", "a.txt", "-o", other)
        assert done.returncode == 2 and done.stdout == b"", (other, done)
        assert b"the same file as --output a.txt" in done.stderr
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("path, number", [
    ("missing/a.json", 3), ("missing\\a.json", 3), ("folder.json", 267), ("file/a.json", 3), ("a?.json", 123),
    ("a\nb.json", 123), ("x" * 251 + ".json", 206)])
def test_what_cannot_be_written_is_told_first(run, tmp_path, path, number):
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "file").write_text("")
    before = sorted(os.listdir(tmp_path))
    done = run(*QUICK, "-o", "good.txt", "-o", path)
    assert (done.returncode, done.stdout) == (3, b""), done
    said = done.stderr.decode()
    assert said.startswith(f"preflight: {path}: ") and said.count("(error ") == 1, said
    assert said.endswith(f" (error {number})\n"), said
    assert sorted(os.listdir(tmp_path)) == before


def test_a_disk_that_is_full(run, tmp_path):
    (tmp_path / "full.json").symlink_to("/dev/full")
    done = run(*QUICK, "-o", "full.json")
    assert done.returncode == 3 and b"READY" in done.stdout
    assert re.fullmatch(rb"preflight: full\.json: .* \(error (112|29)\)\n", done.stderr), done.stderr


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KiB. Wine's server opens files: it has to see it."""
    folder = tmp_path / "小さい"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], check=True)
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_without_room(run, small_disk):
    """The old file stays, and what fits is written."""
    (small_disk / "a.html").write_text("old")
    (small_disk / "fill").write_bytes(b"\0" * 49152)
    done = run(*QUICK, "-o", f"{small_disk}/a.html", "-o", f"{small_disk}/a.txt")
    assert done.returncode == 3 and b"READY" in done.stdout
    assert re.fullmatch(r"preflight: .*/a\.html: .* \(error (112|29)\)\n", done.stderr.decode()), done.stderr
    assert (small_disk / "a.html").read_text() == "old" and "READY" in (small_disk / "a.txt").read_text()
    assert sorted(os.listdir(small_disk)) == ["a.html", "a.txt", "fill"]


def test_a_disk_that_is_read_only(run, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    done = run(*QUICK, "-o", f"{small_disk}/a.json")
    assert (done.returncode, done.stdout) == (3, b"") and os.listdir(small_disk) == []
    assert re.fullmatch(r"preflight: .*/a\.json: .* \(error (5|19)\)\n", done.stderr.decode()), done.stderr


def test_a_file_that_is_read_only(run, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "mine.txt").chmod(0o444)
    done = run(*QUICK, "-o", "other.txt", "-o", "mine.txt")
    assert (done.returncode, done.stdout) == (3, b"") and done.stderr.endswith(b" (error 5)\n")
    assert (tmp_path / "mine.txt").read_text() == "mine" and os.listdir(tmp_path) == ["mine.txt"]


def test_standard_output_is_full(program):
    for words in (["--help"], ["--only", "term-disk", "--format", "json"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(["/usr/bin/unshare", "-n", program, *words], stdout=full, stderr=subprocess.PIPE,
                                  stdin=subprocess.DEVNULL, timeout=60, check=False)
        assert done.returncode == 3 and done.stderr.startswith(b"preflight: standard output: "), done


def test_saved_reports_do_not_say_whose_they_are(run, tmp_path):
    """Wine tells its own user, whose home is C:\\users\\NAME; Windows' paths may be written in many ways."""
    mine = TOP / "build" / "windows" / "wine" / "drive_c" / "users"
    user = next(path.name for path in mine.iterdir() if path.name != "Public")
    homes = [f"C:\\users\\{user}", f"c:/Users/{user}", f"C:\\USERS\\{user.upper()}", "D:\\Users\\tanakataro"]
    files = [f"a.{ending}" for ending in ("txt", "json", "html", "xml", "tap", "prom")]
    for home in homes:
        done = run(*QUICK, "--waive", f"term-disk=see {home}\\x.txt", *[word for name in files for word in ("-o", name)])
        assert done.returncode in (0, 3) and done.stderr == b"", done
        report = json.loads((tmp_path / "a.json").read_text())
        assert report["redacted"] and report["checks"][0]["waived"] == "see ~\\x.txt"
        for name in files:
            assert home.split(":")[1] not in (tmp_path / name).read_text(), name
    done = run(*QUICK, "--waive", f"term-disk=see {homes[0]}\\x.txt", "--identify", "-o", "a.json")
    assert json.loads((tmp_path / "a.json").read_text())["checks"][0]["waived"] == f"see {homes[0]}\\x.txt"


def test_without_a_network_it_ends_at_once_and_says_so(run):
    done = run("--format", "json")
    report = json.loads(done.stdout)
    assert done.returncode == 1 and report["causes"][0]["code"] == "net.no-route"
    assert report["duration_ms"] < 20000 and not report["interrupted"]
    checks = {check["id"]: check for check in report["checks"]}
    for name in ("mio-tcp-443", "sec-tcp-443", "sec-udp-500", "sec-udp-4500"):
        assert checks[name]["verdict"] == "fail" and checks[name]["facts"]["error"] == "no-route", checks[name]
    assert [name for name, check in checks.items() if check["verdict"] == "unknown" and check["root"] is None] == []


def test_libraries_beside_the_program_are_not_loaded(run, tmp_path):
    """On a stick, or where downloads go, anybody may have put one."""
    shutil.copy(EXE, tmp_path / "preflight.exe")
    for name in ("bcrypt", "crypt32", "ole32", "rasapi32", "shell32", "user32", "winhttp", "iphlpapi", "rsaenh", "dnsapi"):
        (tmp_path / f"{name}.dll").write_text("no library")
    usual, watched = (run("--only", "term-*", "--format", "json", PREFLIGHT_EXE=str(exe))
                      for exe in (EXE, tmp_path / "preflight.exe"))
    verdicts = [[check["verdict"] for check in json.loads(done.stdout)["checks"]] for done in (usual, watched)]
    assert usual.stderr == watched.stderr == b"" and verdicts[0] == verdicts[1]
