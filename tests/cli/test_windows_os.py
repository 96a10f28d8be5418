"""What the Windows program reads of Windows' own settings, planted in a registry under Wine: rules for names, proxies
and their scripts, editions; and paths that are longer than Windows' functions take as they stand."""
import hashlib
import json
import os
import pathlib
import struct
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "wine"))
from plant import Windows  # noqa: E402

pytestmark = pytest.mark.only_on_windows

MULTI = 7  # REG_MULTI_SZ
POLICY = r"HKLM\Software\Policies\Microsoft\Windows NT\DNSClient\DnsPolicyConfig"
OWN = r"HKLM\System\CurrentControlSet\Services\Dnscache\Parameters\DnsPolicyConfig"
GENERIC, DIRECT_ACCESS = 8, 4


@pytest.fixture
def windows(program, tmp_path):
    return Windows(tmp_path / "wine")


def facts(windows, check, *words):
    with windows:
        done = windows.run("--format", "json", "--only", check, *words)
    assert done.returncode in (0, 1, 3) and done.stderr == b"", done
    return next(c for c in json.loads(done.stdout)["checks"] if c["id"] == check)["facts"]


# ---- rules for names ----

def rule(windows, root, name, spaces, options=GENERIC, **servers):
    windows.key(f"{root}\\{name}", Name=(MULTI, "".join(f"{space}\0" for space in spaces)), ConfigOptions=options,
                Version=1, **servers)


def of_rules(found):
    return {name: value for name, value in found.items() if name.startswith("os_rule")}


def test_a_rule_for_a_name_is_told(windows):
    rule(windows, OWN, "{1}", [".example.org"], GenericDNSServers="192.0.2.1")
    rule(windows, OWN, "{2}", [".example.net", ".ncc.go.jp"], GenericDNSServers="192.0.2.2;192.0.2.3",
         DirectAccessDNSServers="192.0.2.4")
    rule(windows, OWN, "{3}", ["."], GenericDNSServers="192.0.2.5")
    assert of_rules(facts(windows, "sec-dns")) == {
        "os_rule": ".ncc.go.jp", "os_rule_servers": "192.0.2.2;192.0.2.3", "os_rule_policy": False}


def test_group_policy_replaces_the_computers_own_rules(windows):
    rule(windows, OWN, "{1}", [".ncc.go.jp"], GenericDNSServers="192.0.2.1")
    rule(windows, POLICY, "{2}", ["."], DIRECT_ACCESS, DirectAccessDNSServers="192.0.2.2", GenericDNSServers="192.0.2.3")
    assert of_rules(facts(windows, "sec-dns")) == {
        "os_rule": ".", "os_rule_servers": "192.0.2.2", "os_rule_policy": True}


def test_rules_for_other_names_are_not_told(windows):
    rule(windows, OWN, "{1}", [".example.org"], GenericDNSServers="192.0.2.1")
    windows.key(f"{OWN}\\" + "{2}", ConfigOptions=GENERIC, GenericDNSServers="192.0.2.9")  # no name
    assert of_rules(facts(windows, "sec-dns")) == {}


# ---- proxies ----

CONNECTIONS = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings\Connections"
DIRECT, NAMED, SCRIPT, DETECT = 1, 2, 4, 8
PROXY_RULES = "version: 1\nchecks:\n  shown: {check: proxy, severity: info, title: {ja: あ, en: a}}\nprofiles:\n" \
    "  shown: {title: {ja: あ, en: a}, checks: [shown]}\n"


def settings(magic, flags, *texts):
    """DefaultConnectionSettings and WinHttpSettings: flags, then texts with their lengths."""
    return struct.pack("<3I", magic, 0, flags) + b"".join(
        struct.pack("<I", len(text)) + text.encode() for text in texts) + bytes(32)


def internet_options(windows, flags, proxy="", bypass="", script=""):
    windows.key(f"HKCU\\{CONNECTIONS}", DefaultConnectionSettings=settings(0x46, flags, proxy, bypass, script))


def proxies(windows, **env):
    rules = windows.folder.parent / "shown.yaml"
    rules.write_text(PROXY_RULES)
    with windows:
        done = windows.run("--format", "json", "--rules", str(rules), "--profile", "shown", **env)
    assert done.returncode == 0 and done.stderr == b"" and b"secret" not in done.stdout, done
    found = json.loads(done.stdout)["checks"][0]["facts"]
    return found, [(p["source"], p["url"], p["automatic"], p.get("bypass")) for p in found["proxies"]]


def test_a_script_is_told_and_not_run(windows):
    internet_options(windows, DIRECT | SCRIPT, script="http://wpad.example.org/proxy.pac")
    found, listed = proxies(windows)
    assert listed == [("PAC", "http://wpad.example.org/proxy.pac", True, None)]
    assert (found["configured"], found["script_evaluated"], "detect" in found) == (True, False, False)


def test_automatic_detection_is_told_and_not_followed(windows):
    internet_options(windows, DIRECT | DETECT)
    found, listed = proxies(windows)
    assert listed == [] and (found["configured"], found["detect"], found["script_evaluated"]) == (False, True, False)


def test_proxies_of_every_place_are_in_one_list(windows):
    internet_options(windows, NAMED, "http=a.example:80;https=b.example:81;socks=c.example:1080", "<local>;*.example")
    windows.key(f"HKLM\\{CONNECTIONS}", WinHttpSettings=settings(0x18, 3, "e.example:8080", "*.example.org"))
    found, listed = proxies(windows, HTTPS_PROXY="http://user:secret@d.example:3128")
    assert listed == [("environment https_proxy", "http://***@d.example:3128", False, None),
                      ("WinINET", "http://b.example:81", False, "<local>;*.example"),
                      ("WinINET", "socks4://c.example:1080", False, "<local>;*.example"),
                      ("WinHTTP", "http://e.example:8080", False, "*.example.org")]
    assert "script_evaluated" not in found and "detect" not in found


# ---- editions ----

@pytest.mark.parametrize("build, product, values, name, channel", [
    (22631, "ServerNT", {"InstallationType": "Client", "EditionID": "ServerRdsh", "DisplayVersion": "23H2"},
     "Windows 11 Enterprise multi-session 23H2", "enterprise"),
    (26100, "WinNT", {"InstallationType": "Client", "EditionID": "IoTEnterpriseS", "DisplayVersion": "24H2"},
     "Windows 11 IoT Enterprise LTSC 24H2", "iot-ltsc"),
    (26100, "ServerNT", {"InstallationType": "Server Core", "EditionID": "ServerStandard", "DisplayVersion": "24H2"},
     "Windows Server 2025 24H2", "server"),
])
def test_editions(windows, build, product, values, name, channel):
    windows.system(build, product=product, **values)
    found = facts(windows, "term-os")
    assert (found["name"], found["channel"], found["build"]) == (name, channel, build)


def test_s_mode(windows):
    windows.system(26200, EditionID="Core", DisplayVersion="25H2", InstallationType="Client")
    windows.key(r"HKLM\System\CurrentControlSet\Control\CI\Policy", SkuPolicyRequired=1)
    found = facts(windows, "term-os")
    assert found["s_mode"] is True and found["name"] == "Windows 11 Home 25H2 S mode"


# ---- values that are not as they should be ----

def test_a_text_without_its_end_and_a_long_one(windows):
    """A text in the registry is whatever was written there, with or without a NUL, and of any length."""
    name = "長い名前 " * 100
    windows.program(name.strip(), "1", "P", code="Planted long")
    path = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\Planted raw"
    windows.key(path, DisplayName=name.strip(), Publisher=(2, "%SystemRoot%\\𠮷野家"))
    with windows:
        done = windows.run("inventory")
    found = [entry for entry in json.loads(done.stdout)["software"] if entry["name"].startswith("長い名前")]
    assert len(found) == 2 and {entry["name"] for entry in found} == {name.strip()}
    assert {entry["publisher"] for entry in found} == {"P", "C:\\windows\\𠮷野家"}


# ---- roots that Windows fetches when it needs them ----

LIST = r"HKLM\Software\Microsoft\SystemCertificates\AuthRoot\AutoUpdate"
LIST_POLICY = r"HKLM\Software\Policies\Microsoft\SystemCertificates\AuthRoot"
NAME_ATTRIBUTE = bytes.fromhex("060a2b060104018237 0a0b1d 31120410".replace(" ", ""))
PORT = 44300
TLS_RULES = f"""version: 1
hosts:
  gw: {{name: gw.example, addresses: [127.0.0.1]}}
checks:
  gw-tls: {{check: tls, host: gw, port: {PORT}, severity: required, title: {{ja: あ, en: a}}}}
profiles:
  tls: {{title: {{ja: あ, en: a}}, checks: [gw-tls]}}
"""


def der(tag, *parts):
    content = b"".join(parts)
    return bytes([tag, len(content)]) + content


def name_digest(common_name):
    """Of a name that has a common name only, as Windows' list has it."""
    name = der(0x30, der(0x31, der(0x30, bytes.fromhex("0603550403"), der(0x0c, common_name.encode()))))
    return hashlib.md5(name, usedforsecurity=False).digest()


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pki")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj",
            "/CN=Planted Root", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "gw.key", "-out", "gw.csr", "-subj", "/CN=gw.example")
    (folder / "san").write_text("subjectAltName=DNS:gw.example\n")
    openssl("x509", "-req", "-in", "gw.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "20",
            "-extfile", "san", "-out", "gw.pem")
    return folder


def judged(windows, pki):
    rules = windows.folder.parent / "tls.yaml"
    rules.write_text(TLS_RULES)
    with windows:
        with subprocess.Popen(
                ["nsenter", "-t", windows.network(), "-n", "openssl", "s_server", "-accept", f"127.0.0.1:{PORT}",
                 "-cert", "gw.pem", "-key", "gw.key"], cwd=pki, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
            while b"ACCEPT" not in server.stdout.readline():
                assert server.poll() is None
            done = windows.run("--format", "json", "--rules", str(rules), "--profile", "tls")
            server.kill()
    check = json.loads(done.stdout)["checks"][0]
    assert done.stderr == b"" and check["cause"] != "run.blocked", check
    return check["verdict"], check["cause"]


@pytest.mark.parametrize("name, policy, expected", [
    ("Planted Root", {}, ("unknown", "tls.root-on-demand")),
    ("Planted Root", {"DisableRootAutoUpdate": 1}, ("fail", "tls.untrusted")),
    ("Planted Root 2", {}, ("fail", "tls.untrusted")),
    (None, {}, ("fail", "tls.untrusted")),
])
def test_a_root_of_windows_list_is_no_stranger(windows, pki, name, policy, expected):
    if name is not None:
        windows.key(LIST, EncodedCtl=bytes(1000) + NAME_ATTRIBUTE + name_digest(name) + bytes(1000))
    if policy:
        windows.key(LIST_POLICY, **policy)
    assert judged(windows, pki) == expected


# ---- words and paths ----

def test_reasons_are_in_one_language(windows, tmp_path):
    with windows:
        for lang in ("ja", "en"):
            done = windows.run("--only", "term-disk", "--lang", lang, "-o", "missing/a.json",
                               LANG="ja_JP.UTF-8", LC_ALL="")
            assert done.returncode == 3 and done.stderr.isascii() and b"(error 3)" in done.stderr, done


def long_folder(top):
    folder = top
    for i in range(8):
        folder = folder / f"{'深いフォルダー' * 5}{i}"
    folder.mkdir(parents=True)
    return folder


def test_long_paths(windows, tmp_path):
    folder = long_folder(tmp_path)
    assert len(str(folder)) > 260
    rules = folder / "規則.yaml"
    rules.write_text("version: 1\nchecks:\n  term-disk: {free: 100000 GB}\n")
    with windows:
        for base in (str(folder), "Z:" + str(folder).replace("/", "\\"), os.path.relpath(folder, windows.folder)):
            for name in ("a.json", "a.txt"):
                (folder / name).write_text("old")
            done = windows.run("--only", "term-disk", "--rules", f"{base}/規則.yaml", "-o", f"{base}/a.json",
                               "-o", f"{base}\\A.TXT", "--lang", "en")
            assert done.returncode == 1 and done.stderr == b"", (base, done)
            assert json.loads((folder / "a.json").read_text())["verdict"] == "not-ready"
            assert sorted(os.listdir(folder)) == sorted(["a.json", "a.txt", "規則.yaml"])
            assert "NOT READY" in (folder / "a.txt").read_text()
        done = windows.run("--only", "term-disk", "-o", f"{folder}/a.json", "-o", f"{folder}/A.JSON")
    assert done.returncode == 2 and b"the same file" in done.stderr, done
