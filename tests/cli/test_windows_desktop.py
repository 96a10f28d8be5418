"""
The Windows program on a console: started by a double click, and from a shell in any code page. A terminal under Wine
is a console; the program alone on it has it for itself, as in a window of its own.
"""
import datetime
import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time

import pytest

import client_certificate

pytestmark = pytest.mark.only_on_windows

TOP = pathlib.Path(__file__).resolve().parents[2]
EXE = TOP / "build" / "windows" / "preflight.exe"
QUICK = ["--only", "term-disk"]
ASK, KEY = "結果を開きますか？ [Y/n] ", "何かキーを押すと、この画面を閉じます。"
LEAVE = [(ASK, "n\r"), (KEY, "x")]


def plain(output):
    """What is on the screen: the console moves its cursor over blanks, hides it while it draws, sets its title."""
    text = re.sub(r"\x1b\[\?25[lh]|\x1b\]0;[^\x07\x1b]*(\x07|\x1b\\)", "", output.decode(errors="replace"))
    text = re.sub(r"\x1b\[K\x1b\[(\d*)C", lambda found: " " * int(found[1] or 1), text)
    return re.sub(r"\x1b\[[0-9;]*m", "", text).replace("\r", "")


class Ended:
    def __init__(self, output, code):
        self.raw, self.text, self.code = output, plain(output), code

    def __repr__(self):
        return f"{self.code}:\n{self.text}"


def reads_keys(master):
    """Wine takes a terminal's keys as they are once a program wants them; before, Enter is another key."""
    return not termios.tcgetattr(master)[3] & termios.ICANON


def read_until_end(process, master, keys):
    """Types each text once what goes before it is seen, in this order; Ctrl-C whether or not it is read."""
    output, seen, keys, end = b"", 0, list(keys), time.monotonic() + 120
    while time.monotonic() < end:
        if keys and keys[0][0] in plain(output)[seen:] and (keys[0][1] == "\x03" or reads_keys(master)):
            seen = len(plain(output))
            os.write(master, keys.pop(0)[1].encode())
        if select.select([master], [], [], 0.1)[0]:
            try:
                more = os.read(master, 65536)
            except OSError:
                break
            output += more
            if not more:
                break
        elif process.poll() is not None:
            break
    assert not keys, (keys, plain(output))
    return output


@pytest.fixture
def console(program, tmp_path):
    def run(*words, exe=EXE, keys=(), columns=240, cwd=tmp_path, **more):
        """words of cmd.exe, or of the program itself, which then has the console alone."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        env = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/", "LANG": "ja_JP.UTF-8", **more,
               "PREFLIGHT_EXE": str(exe)}
        process = subprocess.Popen(["/usr/bin/unshare", "-n", program, *words], cwd=cwd, env=env, stdin=slave,
                                   stdout=slave, stderr=slave, start_new_session=True,
                                   preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        try:
            output = read_until_end(process, master, keys)
            return Ended(output, process.wait(20))
        finally:
            process.kill()
            process.wait()
            os.close(master)
    return run


@pytest.fixture
def shell(console):
    return lambda line, **more: console("/c", line, exe="cmd.exe", **more)


def windows_path(path):
    return "Z:" + str(path).replace("/", "\\")


@pytest.fixture
def stick(tmp_path):
    """A folder with nothing but the program in it."""
    folder = tmp_path / "USB メモリ"
    folder.mkdir()
    shutil.copy(EXE, folder / "preflight.exe")
    return folder


def reports(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".exe")


# ---- a double click ----

def test_a_window_of_its_own(console, stick):
    done = console(exe=stick / "preflight.exe", keys=LEAVE)
    assert done.code == 1, done
    assert re.match(r"\s*preflight \S+: 端末・ネットワーク・通信回線を確認します。設定は変更しません。\n", done.text), done
    names = reports(stick)
    assert len(names) == 1 and re.fullmatch(r"preflight-\d{8}-\d{4}\.html", names[0])
    report = (stick / names[0]).read_text()
    assert report.endswith("</html>\n") and "net.no-route" in report and 'lang="ja"' in report
    # What is being checked may come and go between two looks of the console.
    order = ["判定: 準備ができていません\n", "場所  端末\n", "担当  IT担当者、ネットワーク管理者\n",
             f"結果を保存しました: {windows_path(stick)}\\{names[0]}\n", ASK, KEY]
    assert [word for word in order if word not in done.text] == [], done
    assert sorted(order, key=done.text.index) == order, done
    assert "確認の結果" not in done.text and "確認の結果" in report  # the screen tells what matters, the report all
    assert "別の場所" not in done.text


def test_in_english(console, stick):
    done = console(exe=stick / "preflight.exe", LANG="C.UTF-8",
                   keys=[("Open the report? [Y/n] ", "maybe\r"), ("press Enter: ", "N\r"), ("close this window.", " ")])
    assert done.code == 1 and "Verdict: NOT READY" in done.text
    assert 'lang="en"' in (stick / reports(stick)[0]).read_text()


def test_a_report_never_replaces_another(console, stick):
    """Whatever minute it is: every name of the next hour is taken, some of them twice."""
    now = datetime.datetime.now()
    for minutes in range(-1, 60):
        stem = f"preflight-{now + datetime.timedelta(minutes=minutes):%Y%m%d-%H%M}"
        (stick / f"{stem}.html").write_text("mine")
        (stick / f"{stem}-3.html").write_text("mine")
    before = set(reports(stick))
    for number in ("2", "4"):
        done = console(exe=stick / "preflight.exe", keys=LEAVE)
        new = sorted(set(reports(stick)) - before)
        before |= set(new)
        assert len(new) == 1 and (new[0].endswith(f"-{number}.html") or new[0].endswith("-2.html")), (new, done)
    assert [(stick / name).read_text() for name in before].count("mine") == 122


@pytest.fixture
def users(program):
    """The folders of the users of the Windows that the program runs in: each worker has its own."""
    shared = program.parent == TOP / "tests" / "wine"
    prefix = TOP / "build" / "windows" / "wine" if shared else program.parents[1] / "prefix"
    return prefix / "drive_c" / "users"


@pytest.fixture
def documents(users):
    """Wine's own links lead into the home of whoever runs the tests."""
    home, = [path for path in users.iterdir() if path.name != "Public"]
    folder = home / "Documents"
    link = os.readlink(folder) if folder.is_symlink() else None
    if link is not None:
        folder.unlink()
    there = folder.is_dir()
    folder.mkdir(exist_ok=True)
    yield folder
    if not there:
        shutil.rmtree(folder)
    if link is not None:
        folder.symlink_to(link)


@pytest.fixture
def protected(stick):
    subprocess.run(["mount", "-t", "tmpfs", "none", stick], check=True)
    try:
        shutil.copy(EXE, stick / "preflight.exe")
        subprocess.run(["mount", "-o", "remount,ro", stick], check=True)
        yield stick
    finally:
        subprocess.run(["umount", "-l", stick], check=True)


def test_where_nothing_can_be_written_it_goes_into_documents(console, protected, documents):
    before = set(reports(documents))
    done = console(exe=protected / "preflight.exe", keys=LEAVE)
    new = sorted(set(reports(documents)) - before)
    assert done.code == 1 and len(new) == 1, done
    assert "プログラムのあるフォルダには書き込めないため、別の場所に保存しました。\n" in done.text
    assert f"C:\\users\\{documents.parent.name}\\Documents\\{new[0]}\n" in done.text
    assert reports(protected) == []
    (documents / new[0]).unlink()


def test_from_an_archive_it_goes_into_documents(console, users, documents):
    """Explorer unpacks what is started inside an archive to a temporary folder, which it empties."""
    home = users / documents.parent.name
    folder = next((home / "AppData" / "Local").glob("[Tt]emp"), home / "Temp") / "Temp1_preflight.zip"
    folder.mkdir(parents=True)
    try:
        shutil.copy(EXE, folder)
        before = set(reports(documents))
        done = console(exe=folder / "preflight.exe", keys=LEAVE)
        assert len(set(reports(documents)) - before) == 1 and reports(folder) == [], done
        assert "別の場所" not in done.text
    finally:
        shutil.rmtree(folder)


def test_a_rule_file_that_is_dropped_onto_it(console, stick):
    rules = stick / "規則.yaml"
    rules.write_text("version: 1\nchecks:\n  term-disk: {free: 100000 GB}\n")
    done = console(windows_path(rules), exe=stick / "preflight.exe", keys=LEAVE)
    assert done.code == 1 and "disk.low" in done.text
    assert len(reports(stick)) == 2


def test_a_saved_report_that_is_dropped_onto_it(console, stick):
    shutil.copy(TOP / "tests" / "fixtures" / "runs" / "ready.json", stick / "結果.JSON")
    done = console(windows_path(stick / "結果.JSON"), exe=stick / "preflight.exe", keys=LEAVE)
    assert done.code == 0 and "判定: 準備完了\n" in done.text, done
    assert [name for name in reports(stick) if name.endswith(".html")] != []


@pytest.mark.parametrize("name, text, said", [
    ("規則.yaml", "version: 1\nchekcs: {}\n", "規則.yaml:2:1: error: "),
    ("メモ.txt", "", "メモ.txt: 規則ファイル（.yaml）でも保存した結果（.json）でもありません。"),
])
def test_what_is_no_good_is_told_and_stays_on_the_screen(console, stick, name, text, said):
    (stick / name).write_text(text)
    done = console(windows_path(stick / name), exe=stick / "preflight.exe", keys=[(KEY, "\r")])
    assert done.code == 2 and said in done.text, done
    assert reports(stick) == [name] and ASK not in done.text


def test_what_explorer_tells_of_the_file(program):
    """In both languages; both name the version that the program itself says."""
    content = EXE.read_bytes()
    version = re.search(r'PREFLIGHT_VERSION "(.*)"', (TOP / "include" / "version.h").read_text())[1]
    for language, text in (("041104b0", "端末とネットワークの利用前の確認"), ("040904b0", "check of this terminal")):
        block = content[content.index(language.encode("utf-16-le")):][:1000]
        for word in ("FileDescription", text, "ProductName", "preflight.exe", version):
            assert word.encode("utf-16-le") in block, (language, word)
    assert (0x0411).to_bytes(2, "little") + b"\xb0\x04\x09\x04\xb0\x04" in content


# ---- from a shell ----

def test_from_a_shell_it_is_a_command_like_any_other(shell, stick):
    """Nothing is asked, nothing is written, and the shell goes on at once."""
    done = shell("preflight.exe & echo shell goes on", cwd=stick)
    assert "判定: 準備ができていません\n" in done.text and "確認の結果\n" in done.text, done
    assert done.text.rstrip().endswith("shell goes on")
    assert ASK not in done.text and KEY not in done.text and reports(stick) == []


@pytest.mark.parametrize("wanted", [0, 1, 2])
def test_exit_codes_of_a_shell(shell, tmp_path, wanted):
    (tmp_path / "rules.yaml").write_text(
        f"version: 1\nchecks:\n  term-disk: {{free: {'100000 GB' if wanted == 1 else '1 MB'}}}\n")
    words = "--only no-such-check" if wanted == 2 else "--only term-disk"
    assert shell(f"{windows_path(EXE)} --rules rules.yaml {words}").code == wanted


@pytest.mark.parametrize("page", [932, 65001, 437])
def test_the_same_on_every_code_page(shell, tmp_path, page):
    """On the console, in a file, and through a pipe; and the code page is left as it was."""
    exe, words = windows_path(EXE), "--only term-disk --lang ja"
    done = shell(f"chcp {page} & {exe} {words} & {exe} {words} > 結果.txt & {exe} {words} | more & chcp")
    pages = re.findall(r"(?:Active code page|コード ?ページ)\D*(\d+)", done.text)
    assert done.text.count("判定: 準備完了\n") >= 1 and "確認した範囲では、必須の要件を満たしています。\n" in done.text, done
    assert "\ufffd" not in done.text.split("サポートコード")[0]
    assert pages == [str(page)] * 2, done
    written = (tmp_path / "結果.txt").read_bytes()
    assert written.decode().startswith("判定: 準備完了\n") and b"\x1b" not in written and b"\r" not in written


def test_colours_and_none(console):
    green = b"\x1b[32m"
    shown = console(*QUICK)
    assert green in shown.raw and "判定: 準備完了\n" in shown.text
    for words, more in (([], {"NO_COLOR": "1"}), (["--no-color"], {})):
        none = console(*QUICK, *words, **more)
        assert green not in none.raw and "判定: 準備完了\n" in none.text


def test_as_wide_as_the_window(console):
    from unicodedata import east_asian_width
    for columns in (80, 132):
        lines = console("explain", "udp.silent", "--no-color", columns=columns).text.splitlines()
        widths = [sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in lines]
        assert max(widths) < columns, lines[widths.index(max(widths))]
        assert max(widths) > columns - 20


def test_ctrl_c_ends_a_run_that_repeats(console):
    done = console(*QUICK, "--every", "5s", keys=[("準備完了", "\x03")])
    assert done.code == 0 and re.search(r"\d 終了: .*最も悪かった判定: 準備完了\n", done.text), done


# ---- a password ----

@pytest.fixture
def keys_folder(tmp_path):
    client_certificate.make(tmp_path, "端末.p12", "hidden word")
    return tmp_path


@pytest.mark.parametrize("typed, code, shown", [
    ("hidden word\r", 0, "判定: 準備完了"), ("visible?\r", 1, "cert.wrong-password"), ("\r", 3, "cert.password-missing")])
def test_a_password_is_asked_for_unseen(console, keys_folder, typed, code, shown):
    done = console("--rules", "rules.yaml", "-p", "mine", keys=[("端末.p12 のパスワード: ", typed)])
    assert done.code == code and shown in done.text, done
    assert "hidden" not in done.text and "visible" not in done.text


@pytest.mark.parametrize("typed, code", [("hidden word\r", 0), ("sec\x03", None)])
def test_a_question_leaves_the_console_as_it_was(console, keys_folder, typed, code):
    """Also when Ctrl-C ends it: the shell's next line is seen again."""
    subprocess.run(["x86_64-w64-mingw32-gcc", "-municode", "-static", "-o", keys_folder / "parent.exe",
                    TOP / "tests" / "wine" / "parent.c"], check=True)
    done = console(windows_path(EXE), "--rules", "rules.yaml", "-p", "mine", exe=keys_folder / "parent.exe",
                   keys=[("端末.p12 のパスワード: ", typed)])
    states = re.findall(r"(before|after): (.*)$", done.text, re.M)
    assert [when for when, _ in states] == ["before", "after"] and states[0][1] == states[1][1], done
    assert states[1][1].endswith("echo on"), done
    assert code in (None, done.code)  # Windows says 0xc000013a of who was ended so, Wine 0
    assert "hidden" not in done.text and "sec\n" not in done.text
