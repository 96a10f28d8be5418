"""Reports to files: complete or not at all, told before anything is sent, and never a temporary file left behind."""
import json
import os
import shutil
import stat
import subprocess
import threading
import xml.etree.ElementTree as ElementTree

import pytest

QUICK = ["--only", "term-disk", "--lang", "en"]
NOBODY = ["setpriv", "--reuid", "65534", "--clear-groups"]


@pytest.fixture
def run(program, tmp_path):
    def run(*words, through=(), **more):
        env = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": "/",
               **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}}
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        return subprocess.run(["/usr/bin/unshare", "-n", *through, program, *words], cwd=tmp_path, env=env,
                              timeout=60, stdin=subprocess.DEVNULL, check=False, **more)
    return run


MOUNTS = pytest.mark.not_on_windows("Wine's server opens files, outside of the test's mount namespace: test_windows.py")
LINKS = pytest.mark.not_on_windows("symbolic links of the system below Wine are no links to a Windows program")
DEVICES = pytest.mark.not_on_windows("Windows has neither permission bits nor devices and pipes with names in folders")
NAMES = pytest.mark.not_on_windows("names are text there")
WORDS = pytest.mark.not_on_windows("Windows has words of its own: test_windows.py")


def refused(done, said):
    """Nothing was done: exit 3, one message, and no report on standard output."""
    assert (done.returncode, done.stdout) == (3, b""), done
    assert done.stderr.decode(errors="surrogateescape") == f"preflight: {said}\n"


def parts(folder):
    return [name for name in os.listdir(folder) if name.endswith(".part")]


def test_every_format_from_one_run(run, tmp_path):
    files = [f"a.{ending}" for ending in ("txt", "json", "html", "xml", "tap", "prom")]
    done = run(*QUICK, *[word for name in files for word in ("-o", name)])
    assert done.returncode == 0 and done.stderr == b""
    assert sorted(os.listdir(tmp_path)) == sorted(files)
    assert "READY" in (tmp_path / "a.txt").read_text()
    assert json.loads((tmp_path / "a.json").read_text())["verdict"] == "ready"
    ElementTree.parse(tmp_path / "a.xml")
    assert (tmp_path / "a.tap").read_text().startswith("TAP version")
    assert "preflight_exit_code 0" in (tmp_path / "a.prom").read_text()


@LINKS
def test_the_same_file_twice(run, tmp_path):
    (tmp_path / "link.txt").symlink_to("a.txt")
    for other in ("a.txt", "./a.txt", f"{tmp_path}/a.txt", "link.txt"):
        done = run(*QUICK, "-o", "a.txt", "-o", other)
        assert done.returncode == 2 and done.stdout == b""
        assert b"the same file as --output a.txt" in done.stderr
    assert os.listdir(tmp_path) == ["link.txt"]


@WORDS
@pytest.mark.parametrize("path, why", [
    ("missing/a.json", "No such file or directory"), ("folder.json", "Is a directory"),
    ("file/a.json", "Not a directory"), ("loop.json", "Too many levels of symbolic links"),
    ("dangling.json", "No such file or directory"), ("x" * 251 + ".json", "File name too long"),
])
def test_what_cannot_be_written_is_told_first(run, tmp_path, path, why):
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "dangling.json").symlink_to("missing/a.json")
    before = sorted(os.listdir(tmp_path))
    # The other file, which could be written, is not: nothing is done.
    refused(run(*QUICK, "-o", "good.txt", "-o", path), f"{path}: {why}")
    assert sorted(os.listdir(tmp_path)) == before


@DEVICES
def test_without_permission(run, program, tmp_path):
    tmp_path.chmod(0o777)
    shutil.copy(program, tmp_path / "program")  # where it is, nobody may not come
    (tmp_path / "locked").mkdir(mode=0o555)
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "mine.txt").chmod(0o444)
    parent = tmp_path.parent
    opened = [(path, path.stat().st_mode) for path in (parent, parent.parent)]
    for path, mode in opened:
        path.chmod(mode | 0o011)
    try:
        for path in ("locked/a.txt", "mine.txt"):
            done = run(*QUICK, "-o", path, through=[*NOBODY, "sh", "-c", 'shift; exec ./program "$@"', "sh"])
            refused(done, f"{path}: Permission denied")
    finally:
        for path, mode in opened:
            path.chmod(stat.S_IMODE(mode))
    assert (tmp_path / "mine.txt").read_text() == "mine" and not parts(tmp_path)


def in_small_disk(program, folder, script):
    """A script in a mount namespace, in a directory that is a file system of 64 KiB."""
    whole = f"mount -t tmpfs -o size=64k none {folder} && cd {folder} && {script}"
    env = {**os.environ, "LANG": "C.UTF-8", "P": str(program)}
    return subprocess.run(["/usr/bin/unshare", "-nm", "sh", "-c", whole], env=env, capture_output=True, timeout=60,
                          check=False)


@MOUNTS
def test_full_disk(program, tmp_path):
    done = in_small_disk(program, tmp_path, """
        echo old > a.json; head -c 57344 /dev/zero > fill
        $P --lang en -q -o a.json > /dev/null; echo "code $?"; cat a.json; ls -A""")
    out = done.stdout.decode().split("\n")
    assert out == ["code 3", "old", "a.json", "fill", ""], done
    assert done.stderr.endswith(b"preflight: a.json: No space left on device\n")


@MOUNTS
def test_what_fits_is_written_when_another_does_not(program, tmp_path):
    done = in_small_disk(program, tmp_path, """
        head -c 53248 /dev/zero > fill
        $P --lang en -q -o big.json -o small.txt > /dev/null 2> err; echo "code $?"; cat err >&2; rm err; ls -A""")
    assert done.stdout == b"code 3\nfill\nsmall.txt\n", done


@MOUNTS
def test_read_only_file_system(program, tmp_path):
    done = in_small_disk(program, tmp_path, f"""
        mount -o remount,ro {tmp_path}; $P --lang en -o a.json --only term-disk; echo "code $?" """)
    assert done.stdout == b"code 3\n" and done.stderr == b"preflight: a.json: Read-only file system\n"


@DEVICES
def test_permissions_and_links_stay(run, tmp_path):
    (tmp_path / "kept.txt").write_text("old")
    (tmp_path / "kept.txt").chmod(0o640)
    (tmp_path / "deep").mkdir()
    (tmp_path / "link.txt").symlink_to("deep/real.txt")
    assert run(*QUICK, "-o", "kept.txt", "-o", "link.txt", "-o", "new.txt",
               through=["sh", "-c", 'umask 027; exec "$0" "$@"']).returncode == 0
    assert stat.S_IMODE((tmp_path / "kept.txt").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "new.txt").stat().st_mode) == 0o640
    assert (tmp_path / "link.txt").is_symlink() and os.readlink(tmp_path / "link.txt") == "deep/real.txt"
    for name in ("kept.txt", "deep/real.txt", "new.txt"):
        assert "READY" in (tmp_path / name).read_text()


def test_readers_see_the_old_or_the_new(run, tmp_path):
    """Who had the old file open still reads it whole."""
    path = tmp_path / "a.txt"
    path.write_text("old")
    with path.open() as before:
        assert run(*QUICK, "-o", "a.txt").returncode == 0
        assert before.read() == "old" and "READY" in path.read_text()


def test_devices_and_pipes_are_written_directly(run, tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "null.txt").symlink_to("/dev/null")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe.json").read_text()))
    reader.start()
    assert run(*QUICK, "-o", "pipe.json", "-o", "null.txt").returncode == 0
    reader.join(20)
    assert json.loads(read[0])["verdict"] == "ready"
    assert stat.S_ISFIFO((tmp_path / "pipe.json").stat().st_mode) and stat.S_ISCHR(os.stat("/dev/null").st_mode)


@DEVICES
def test_standard_output_by_its_name(run, tmp_path):
    """As a pipe and as a file; what was printed before is still there."""
    (tmp_path / "link.json").symlink_to("/dev/stdout")
    for words in ([], ["-o", "other.txt"]):
        piped = run(*QUICK, "-q", "-o", "link.json", *words).stdout.decode()
        with (tmp_path / "out").open("wb") as out:
            assert run(*QUICK, "-q", "-o", "link.json", *words, stdout=out).returncode == 0
        for text in (piped, (tmp_path / "out").read_text()):
            assert text.startswith("Verdict: READY")
            assert json.loads(text[text.index("{"):])["verdict"] == "ready"
    assert not parts(tmp_path)


@DEVICES
def test_a_full_device(run, tmp_path):
    (tmp_path / "full.json").symlink_to("/dev/full")
    done = run(*QUICK, "-o", "full.json")
    assert done.returncode == 3 and b"READY" in done.stdout
    assert done.stderr.endswith(b"preflight: full.json: No space left on device\n")


def test_two_at_once(run, tmp_path):
    """Each writes a file of its own, and one of the two reports is there in the end, whole."""
    codes = []
    threads = [threading.Thread(target=lambda: codes.append(run(*QUICK, "-o", "a.json").returncode)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert codes == [0] * 6
    assert json.loads((tmp_path / "a.json").read_text())["verdict"] == "ready" and os.listdir(tmp_path) == ["a.json"]


@pytest.mark.parametrize("name", [
    "結果 1.txt".encode(), b"-.txt", pytest.param(b"\xff\xfe.txt", marks=NAMES), pytest.param(b"a\nb.txt", marks=NAMES)])
def test_names_of_any_bytes(run, tmp_path, name):
    assert run(*QUICK, "-o", name).returncode == 0
    assert os.listdir(os.fsencode(tmp_path)) == [name]


# ---- standard output ----

@WORDS
@pytest.mark.parametrize("words", [["-q"], ["-v"], ["--format", "json"], ["--format", "nagios"], ["--help"]])
def test_standard_output_is_full(run, words):
    with open("/dev/full", "wb") as full:
        done = run("--lang", "en", *words, stdout=full)
    assert done.returncode == 3
    assert done.stderr.endswith(b"preflight: standard output: No space left on device\n")


def test_standard_output_is_closed(run, tmp_path):
    """Its number is not given to a file that is opened later, which would then get the text."""
    done = run(*QUICK, "-o", "a.json", through=["sh", "-c", 'exec "$0" "$@" >&-'])
    assert done.returncode == 3 and b"preflight: standard output: " in done.stderr
    assert json.loads((tmp_path / "a.json").read_text())["verdict"] == "ready"


@pytest.mark.parametrize("words, code", [(QUICK, 0), ([*QUICK, "--set", "checks.term-disk.free=100000 GB"], 1)])
@pytest.mark.parametrize("lines", [["-v"], ["--format", "html"]])
def test_a_reader_that_goes_away_changes_nothing(run, words, code, lines):
    gone, writer = os.pipe()
    os.close(gone)
    with os.fdopen(writer, "wb") as writer:
        done = run(*words, *lines, stdout=writer)
    assert done.returncode == code and b"standard output" not in done.stderr
