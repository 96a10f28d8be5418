"""
A Japanese user, whose desktop holds the program: every file that it reads or writes has a name that no code page of
Windows holds, in folders of such names, longer than 260 characters, and in every way that Windows writes paths.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "wine"))
from plant import Windows  # noqa: E402

pytestmark = pytest.mark.only_on_windows
USER = "山田 太郎"
FOLDER = "検査 ①😀 Ａ"  # full width, beyond the first plane, and spaces
HOME = f"C:\\users\\{USER}"
DESK = f"{HOME}\\デスクトップ\\{FOLDER}\\"
ENDINGS = ("txt", "json", "html", "xml", "tap", "prom")
TOO_LITTLE = "version: 1\nchecks:\n  term-disk: {free: 100000 GB}\n"
LONG = [f"長い名前のフォルダー{n:02}{'〇' * 20}" for n in range(8)]  # 8 × 33 characters
CLIENT = """\
version: 1
certificates:
  mine: {role: client, file: ["*.p12"], use: {ja: あ, en: a}}
  theirs: {role: ca, file: ["*.pem"], use: {ja: あ, en: a}}
checks:
  mine: {check: cert, certificate: mine, aspect: password, title: {ja: あ, en: a}}
  theirs: {check: cert, certificate: theirs, aspect: certificate, title: {ja: あ, en: a}}
profiles:
  mine: {title: {ja: あ, en: a}, checks: [mine, theirs]}
"""


@pytest.fixture(scope="module")
def windows(program, tmp_path_factory):
    windows = Windows(tmp_path_factory.mktemp("日本語") / "wine", user=USER)
    windows.system(26200, EditionID="Core", DisplayVersion="25H2")
    windows.key(r"HKCU\Environment", TEMP=f"{HOME}\\一時 フォルダー", TMP=f"{HOME}\\一時 フォルダー")
    with windows:
        yield windows


@pytest.fixture
def desk(windows, monkeypatch):
    """The folder on the desktop, with the program in it; it starts empty for each test."""
    folder = windows.home / "デスクトップ" / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(TOP / "build" / "windows" / "preflight.exe", folder / "接続確認 ﾃｽﾄ.exe")
    (folder / "規則.yaml").write_text(TOO_LITTLE)
    monkeypatch.setitem(windows.env, "PREFLIGHT_EXE", str(folder / "接続確認 ﾃｽﾄ.exe"))
    return folder


@pytest.fixture
def run(windows, desk):
    def run(*words, cwd=desk, **env):
        return windows.run(*words, cwd=cwd, **env)
    return run


def disk(run, rules, output, **more):
    return run("--only", "term-disk", "--lang", "en", "-q", "--rules", rules, "-o", output, **more)


def paths(desk):
    return {
        "relative": "結果.json", "with a dot": ".\\結果.json", "whole": f"{DESK}結果.json",
        "slashes": f"{DESK}結果.json".replace("\\", "/"), "without limits": f"\\\\?\\{DESK}結果.json",
        "device": f"\\\\.\\{DESK}結果.json", "of the drive": f"{DESK}結果.json"[2:], "beside the drive": "C:結果.json",
        "another drive": f"Z:{desk}/結果.json", "another drive, backslashes": f"Z:{desk}\\結果.json".replace("/", "\\"),
        "capitals": f"{DESK}結果.json".replace("users", "USERS"), "up and down": f"..\\{FOLDER}\\結果.json",
    }


@pytest.mark.parametrize("way", sorted(paths("")))
def test_every_way_to_write_a_path(run, desk, way):
    path = paths(desk)[way]
    done = disk(run, path.replace("結果.json", "規則.yaml"), path)
    assert done.returncode == 1 and done.stderr == b"", done
    report = json.loads((desk / "結果.json").read_text())
    assert report["verdict"] == "not-ready" and report["rules"][1]["file"].endswith("規則.yaml")
    assert sorted(os.listdir(desk)) == sorted(["接続確認 ﾃｽﾄ.exe", "規則.yaml", "結果.json"])


@pytest.mark.parametrize("output", ["\\\\server\\share\\結果.json", "\\\\server\\結果.json", "Q:\\結果.json"])
def test_shares_and_drives_that_are_not_there(run, desk, output):
    done = disk(run, "規則.yaml", output)
    assert done.returncode == 3 and done.stdout == b"", done
    assert done.stderr.decode().startswith(f"preflight: {output}: ") and b"(error " in done.stderr


@pytest.mark.parametrize("where", ["relative", "whole", "without limits"])
def test_paths_longer_than_260_characters(run, desk, where):
    """The working directory itself cannot be so long on Windows."""
    deep = desk.joinpath(*LONG)
    deep.mkdir(parents=True)
    (deep / "規則.yaml").write_text(TOO_LITTLE)
    way = "\\".join(LONG) + "\\"
    assert len(way) > 260
    front = {"relative": way, "whole": DESK + way, "without limits": f"\\\\?\\{DESK}{way}"}[where]
    done = disk(run, f"{front}規則.yaml", f"{front}結果.json")
    assert done.returncode == 1 and done.stderr == b"", done
    assert json.loads((deep / "結果.json").read_text())["verdict"] == "not-ready"
    assert sorted(os.listdir(deep)) == sorted(["規則.yaml", "結果.json"])


@pytest.mark.parametrize("name", ["あ" * 80 + ".json", "😀" * 60 + ".json"])  # the file system below Wine counts bytes
def test_long_names(run, desk, name):
    assert disk(run, "規則.yaml", name).returncode == 1
    assert (desk / name).is_file()


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def test_certificates_passwords_and_authorities(run, desk):
    openssl(desk, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "鍵.pem",
            "-out", "証明書①.pem", "-subj", "/CN=a", "-days", "90")
    openssl(desk, "pkcs12", "-export", "-inkey", "鍵.pem", "-in", "証明書①.pem", "-out", "病院 証明書.p12",
            "-passout", "pass:合言葉😀")
    (desk / "利用者.yaml").write_text(CLIENT)
    (desk / "合言葉.txt").write_text("合言葉😀\r\n")
    for front in ("", DESK):
        for password, code, shown in ((f"{front}合言葉.txt", 0, b"READY"), (f"{front}規則.yaml", 1, b"wrong-password"),
                                      (f"{front}ない.txt", 2, "ない.txt: error: ".encode())):
            done = run("--rules", f"{front}利用者.yaml", "-p", "mine", "--lang", "en", "--cert", f"{front}病院 証明書.p12",
                       "--ca", f"{front}証明書①.pem", "--password-file", password)
            assert done.returncode == code and shown in done.stdout + done.stderr, done
    found = run("--rules", "利用者.yaml", "-p", "mine", "--lang", "en", "--format", "json",
                PREFLIGHT_CERT_PASSWORD="合言葉😀")  # looked for in the working directory
    assert found.returncode == 0, found


@pytest.mark.parametrize("source, name", [("utf8.dump", "届出 ﾃﾞｰﾀ①.dump"), ("utf8.sql.gz", "届出.sql.gz"),
                                          ("directory", "フォルダー形式")])
def test_dumps(run, desk, source, name):
    source = TOP / "tests" / "fixtures" / "dumps" / source
    (shutil.copytree if source.is_dir() else shutil.copy)(source, desk / name)
    plain = subprocess.run([TOP / "preflight", "-p", "orca", "--only", "*dump*", "--format", "json", "--dump", source],
                           capture_output=True, check=False, timeout=60)
    for front in ("", DESK):
        done = run("-p", "orca", "--only", "*dump*", "--format", "json", "--dump", f"{front}{name}")
        ours, theirs = ({check["id"]: check["verdict"] for check in json.loads(text)["checks"]}
                        for text in (done.stdout, plain.stdout))
        assert ours and ours == theirs and set(ours.values()) != {"skip"} and done.stderr == b""


def test_saved_reports_and_inventories(run, desk):
    assert disk(run, "規則.yaml", "前①.json").returncode == disk(run, "規則.yaml", "後😀.json").returncode == 1
    assert run("show", "前①.json", "--lang", "ja", "-o", f"{DESK}見る.html").returncode == 1
    assert "準備" in (desk / "見る.html").read_text()
    assert run("diff", f"{DESK}前①.json", "後😀.json").returncode == 0
    assert run("request", "-o", "依頼書.html").returncode == 0
    (desk / "端末 一覧.json").write_bytes(run("inventory").stdout)
    done = run("--inventory", "端末 一覧.json", "--only", "term-os", "--format", "json")
    assert done.returncode in (0, 1) and json.loads(done.stdout)["saved_inventory"]
    assert run("lint", "規則.yaml", f"{DESK}規則.yaml").returncode == 0


def test_messages_name_the_file(run, desk):
    (desk / "誤り.yaml").write_text("version: 1\nchecks: [\n")
    for command in (["lint", f"{DESK}誤り.yaml"], ["list", "--rules", f"{DESK}誤り.yaml"]):
        done = run(*command, "--lang", "ja")
        said = (done.stdout + done.stderr).decode()
        assert done.returncode == 2 and f"{DESK}誤り.yaml:" in said, done
    done = run("show", "ない😀.json")
    assert done.returncode == 2 and "ない😀.json" in done.stderr.decode()


@pytest.mark.parametrize("reason", ['a "b" c', "ends in \\", '\\\\"', "*.yaml", "?", "", "  two  spaces ", "%PATH% ^ & | > <", "あ 😀"])
def test_words_of_the_command_line_stay_as_they_are(run, desk, reason):
    done = run("--only", "term-disk", "--rules", "規則.yaml", "--lang", "en", "--format", "json", "--waive",
               f"term-disk=x{reason}")
    assert json.loads(done.stdout)["checks"][0]["waived"] == f"x{reason}", done


# ---- saved reports do not say whose they are ----

NOTES = {
    f"see {HOME}\\x.txt": "see ~\\x.txt", f"c:/Users/{USER}/x y.txt": "~/x y.txt",
    f"C:\\USERS\\{USER}\\x": "~\\x", f"{USER} さんに確認": "user-name さんに確認", f"{USER}さんのPC": "user-nameさんのPC",
    f"\\\\SV01\\profiles\\{USER}\\x": "\\\\SV01\\profiles\\user-name\\x", "D:\\Users\\鈴木花子\\x": "~\\x",
    "C:\\Users\\YAMADA~1\\x": "~\\x", f"\\\\?\\{HOME}\\x": "\\\\?\\C:\\users\\user-name\\x", f"[{USER}]、「{USER}」": "[user-name]、「user-name」",
}


def save(run, *words):
    outputs = [word for ending in ENDINGS for word in ("-o", f"r.{ending}")]
    done = run("--only", "term-disk", "--lang", "ja", "--rules", f"{DESK}規則.yaml", *outputs, *words)
    assert done.returncode in (1, 3) and done.stderr == b"", done
    return done


@pytest.mark.parametrize("note", NOTES)
def test_the_users_name_is_left_out(run, desk, note):
    save(run, "--waive", f"term-disk={note}")
    report = json.loads((desk / "r.json").read_text())
    assert report["redacted"] and report["checks"][0]["waived"] == NOTES[note]
    assert report["rules"][1]["file"] == f"~\\デスクトップ\\{FOLDER}\\規則.yaml"
    for ending in ENDINGS:
        text = (desk / f"r.{ending}").read_text()
        assert USER not in text and "鈴木" not in text and "YAMADA" not in text.upper(), ending


def test_the_users_name_is_kept_when_asked(run, desk):
    save(run, "--identify")
    report = json.loads((desk / "r.json").read_text())
    assert not report["redacted"] and report["rules"][1]["file"] == f"{DESK}規則.yaml"


@pytest.mark.parametrize("words", [["--format", "text", "-v"], ["--format", "json"], ["--format", "html"]])
def test_standard_output_in_a_file_is_saved_too(windows, desk, words):
    with open(desk / "出力", "wb") as out:
        done = subprocess.run(windows.command("--only", "term-disk", "--rules", f"{DESK}規則.yaml", *words), cwd=desk,
                              env=windows.env, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, timeout=60,
                              check=False)
    assert done.returncode == 1 and USER not in done.stderr.decode()
    assert USER not in (desk / "出力").read_text()


def test_the_inventory_does_not_say_whose_it_is(run):
    assert USER not in run("inventory").stdout.decode()
