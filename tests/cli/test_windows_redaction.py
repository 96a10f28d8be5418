"""
What test_redaction.py shows of the other systems, of the Windows program: secrets appear nowhere, and what identifies
in no saved report unless --identify is given. User, host name, network, proxies and a certificate are planted.
"""
import json
import pathlib
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "wine"))
from plant import Windows  # noqa: E402

pytestmark = pytest.mark.only_on_windows
USER, HOST = "鈴木 一郎", "naika-pc07"
ADDRESS, GATEWAY, OWN = "192.168.77.23", "192.168.77.1", "2400:4050:1:2::77aa"
SUBJECT = {"CN": "SUZUKI Ichiro 0042", "OU": "Innere Abteilung 7"}
ISSUER = "Planted CA 9"
PASSWORD, PROXY = "Geheim-4711-PW", "Pr0xy-Secret-1"
FILES = ["a.txt", "a.json", "a.html", "a.xml", "a.tap", "a.prom"]
IDENTITIES = {"user": USER, "host": HOST, "address": ADDRESS, "gateway": GATEWAY, "own": OWN, **SUBJECT,
              "issuer": ISSUER}
INTERNET = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Internet Settings"


@pytest.fixture(scope="module")
def windows(program, tmp_path_factory):
    windows = Windows(tmp_path_factory.mktemp("redaction") / "wine", user=USER, host=HOST, gateway=GATEWAY)
    windows.system(26200, EditionID="Core", DisplayVersion="25H2")
    windows.adapter("Intel(R) Ethernet Connection I219-V", f"{ADDRESS}/24")
    windows.adapter("Intel(R) Wi-Fi 6 AX201", f"{OWN}/64")
    windows.key(INTERNET, ProxyEnable=1, ProxyServer=f"http://{USER}:{PROXY}@10.77.0.9:3128")
    with windows:
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        subject = "".join(f"/{name}={text}" for name, text in SUBJECT.items())
        for words in (["req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-subj", f"/CN={ISSUER}", "-days", "90"],
                      ["req", *key, "-keyout", "client.key", "-out", "client.csr", "-subj", subject],
                      ["x509", "-req", "-in", "client.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                       "-out", "client.crt", "-days", "60"],
                      ["pkcs12", "-export", "-inkey", "client.key", "-in", "client.crt", "-out", f"{USER}.p12",
                       "-passout", f"pass:{PASSWORD}"]):
            subprocess.run(["openssl", *words], cwd=windows.home, check=True, capture_output=True)
        yield windows


def run(windows, *words):
    return windows.run("-p", "registry", "-p", "orca", "--cert", f"C:\\users\\{USER}\\{USER}.p12", "--timeout", "1500ms",
                       "--waive", f"term-disk=asked {USER} on {HOST}", *words, cwd=windows.home,
                       PREFLIGHT_CERT_PASSWORD=PASSWORD, https_proxy=f"http://{USER}:{PROXY}@10.77.0.9:3128")


def found(text, planted):
    text = text.decode(errors="replace").lower()
    return [name for name, secret in planted.items() if secret.lower() in text]


@pytest.mark.parametrize("identify", [False, True])
def test_saved_reports(windows, identify):
    words = [word for name in FILES for word in ("-o", name)]
    done = run(windows, "-v", *words, *(["--identify"] if identify else []))
    assert done.returncode in (1, 3), done.stderr
    report = json.loads((windows.home / "a.json").read_text())
    assert report["redacted"] is not identify
    for name in FILES:
        text = (windows.home / name).read_bytes()
        assert found(text, {"password": PASSWORD, "proxy": PROXY}) == [], name
        assert identify or found(text, IDENTITIES) == [], name
    told = found((windows.home / "a.json").read_bytes(), IDENTITIES)
    assert set(told) >= {"user", "host", "gateway", "CN"} if identify else told == []
    assert found(done.stdout + done.stderr, {"password": PASSWORD, "proxy": PROXY}) == []


@pytest.mark.parametrize("words", [["plan"], ["list"], ["inventory"]], ids=lambda words: words[0])
def test_other_commands(windows, words):
    done = windows.run(*words, https_proxy=f"http://{USER}:{PROXY}@10.77.0.9:3128")
    assert done.returncode == 0 and found(done.stdout + done.stderr, {"proxy": PROXY}) == []
    if words == ["inventory"]:  # a file for somebody else
        assert found(done.stdout, IDENTITIES) == []
