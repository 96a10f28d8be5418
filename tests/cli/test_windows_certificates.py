"""
Certificates in Windows' stores, put there as people do it (tests/wine/import.c), and shown to a server in the network
that Wine makes its sockets in. Wine opens keys by its older interface (CAPI) only: where Windows signs, the program
under test has tests/wine/stand_in.c, which takes such a key over into CNG; signing itself is Wine's.
"""
import json
import os
import pathlib
import subprocess
import sys

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
WINE = TOP / "tests" / "wine"
sys.path[:0] = [str(WINE), str(TOP / "tests" / "lab")]
from pki import faketime_environment  # noqa: E402
from plant import Windows  # noqa: E402

pytestmark = pytest.mark.only_on_windows
PORT = 44301
RULES = f"""version: 1
hosts:
  gw: {{name: gw.example, addresses: [127.0.0.1]}}
certificates:
  ca: {{role: ca, issuer: [Planted CA], store: true, use: {{ja: あ, en: a}}}}
  mine: {{role: client, store: true, ca: ca, use: {{ja: あ, en: a}}}}
checks:
  ca: {{check: cert, certificate: ca, severity: required, title: {{ja: あ, en: a}}}}
  mine: {{check: cert, certificate: mine, severity: required, title: {{ja: あ, en: a}}}}
  tls: {{check: tls, host: gw, port: {PORT}, client-certificate: requested, certificate: mine, severity: required,
        title: {{ja: あ, en: a}}}}
  http: {{check: http, host: gw, port: {PORT}, certificate: mine, severity: required, title: {{ja: あ, en: a}}}}
profiles:
  store: {{title: {{ja: あ, en: a}}, checks: [ca, mine, tls, http]}}
"""


@pytest.fixture(scope="session")
def importer(tmp_path_factory):
    exe = tmp_path_factory.mktemp("import") / "import.exe"
    subprocess.run(["x86_64-w64-mingw32-gcc", "-std=c11", "-O1", "-Wall", "-Wextra", "-static", "-o", exe,
                    WINE / "import.c", "-lcrypt32"], check=True)
    return exe


class Pki:
    def __init__(self, folder):
        self.folder = folder
        for name, subject in (("ca", "/CN=Planted CA"), ("other", "/CN=Other CA"),
                              ("organization", "/CN=MS-Organization-Access")):
            self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out",
                         f"{name}.pem", "-days", "90", "-subj", subject, "-addext", "keyUsage=keyCertSign,cRLSign")
            self.openssl("x509", "-in", f"{name}.pem", "-outform", "der", "-out", f"{name}.der")
        self.issue("gw", "serverAuth", "subjectAltName=DNS:gw.example")
        self.issue("client", "clientAuth")
        self.issue("server-only", "serverAuth")
        self.issue("expired", "clientAuth", days="2", at=-9)
        self.issue("foreign", "clientAuth", ca="other")
        self.issue("device", "clientAuth", ca="organization")
        self.issue("middle", "clientAuth", "basicConstraints=critical,CA:TRUE", "keyUsage=keyCertSign")
        self.issue("deep", "clientAuth", ca="middle")

    def openssl(self, *words, at=0):
        done = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, check=False,
                              env={**os.environ, **faketime_environment(at)})
        assert done.returncode == 0, done.stderr

    def issue(self, name, use, *more, ca="ca", days="60", at=0):
        (self.folder / "extensions").write_text("\n".join([f"extendedKeyUsage={use}", *more]) + "\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                     "-subj", f"/CN={name}")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key",
                     "-CAcreateserial", "-days", days, "-extfile", "extensions", "-out", f"{name}.pem", at=at)
        self.openssl("x509", "-in", f"{name}.pem", "-outform", "der", "-out", f"{name}.der")
        self.openssl("pkcs12", "-export", "-inkey", f"{name}.key", "-in", f"{name}.pem", "-out", f"{name}.p12",
                     "-passout", "pass:abc", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1")


@pytest.fixture(scope="session")
def pki(tmp_path_factory):
    return Pki(tmp_path_factory.mktemp("pki"))


def checks_of(windows, pki, importer, imports, *server, **env):
    """{id: "verdict cause"} and the report of a run whose server asks for a certificate."""
    rules = windows.folder.parent / "store.yaml"
    rules.write_text(RULES)
    with windows:
        for words in imports:
            done = windows.run(*words, cwd=pki.folder, PREFLIGHT_EXE=str(importer))
            assert done.returncode == 0 and done.stderr == b"", done
        with subprocess.Popen(
                ["nsenter", "-t", windows.network(), "-n", "openssl", "s_server", "-accept", f"127.0.0.1:{PORT}", "-cert",
                 "gw.pem", "-key", "gw.key", "-CAfile", "ca.pem", "-verify_return_error", "-Verify", "2", "-www", *server],
                cwd=pki.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            while b"ACCEPT" not in process.stdout.readline():
                assert process.poll() is None
            done = windows.run("--format", "json", "--rules", str(rules), "--profile", "store", cwd=windows.folder,
                               **env)
            process.kill()
    assert done.stderr == b"", done
    report = json.loads(done.stdout)
    return {check["id"]: " ".join(filter(None, (check["verdict"], check["cause"]))) for check in report["checks"]}, report


CA = ("root", "ca.der")
ALL = {"ca": "pass", "mine": "pass", "tls": "pass", "http": "pass"}


@pytest.mark.parametrize("server", [("-tls1_3",), ("-tls1_2",), ("-tls1_2", "-client_sigalgs", "RSA+SHA256"),
                                    ("-tls1_2", "-client_sigalgs", "RSA-PSS+SHA512")])
def test_windows_signs_for_the_server(program, exe, pki, importer, tmp_path, server):
    """The key stays where it is; the server sees the certificate all the same."""
    windows = Windows(tmp_path / "wine", program=exe)
    found, report = checks_of(windows, pki, importer, [CA, ("p12", "client.p12", "abc")], *server)
    assert found == ALL
    facts = {check["id"]: check["facts"] for check in report["checks"]}
    assert facts["mine"]["source"] == "store" and facts["mine"]["has_key"] and facts["mine"]["key_matches"]
    assert facts["tls"]["certificate_sent"] is True and facts["ca"]["in_root_store"] is True


def test_of_several_the_right_one_is_shown(program, exe, pki, importer, tmp_path):
    windows = Windows(tmp_path / "wine", program=exe)
    others = [("p12", f"{name}.p12", "abc") for name in ("expired", "foreign", "server-only")]
    found, report = checks_of(windows, pki, importer, [CA, *others, ("p12", "client.p12", "abc")])
    assert found == ALL
    facts = next(check["facts"] for check in report["checks"] if check["id"] == "mine")
    assert facts["candidate_count"] == 3 and [each["usable"] for each in facts["candidates"]].count(True) == 1


@pytest.mark.parametrize("imports, mine", [
    ([("p12", "expired.p12", "abc")], "fail cert.expired"),
    ([("p12", "server-only.p12", "abc")], "fail cert.wrong-purpose"),
    ([("my", "client.der")], "fail cert.no-private-key"),
    ([("p12", "foreign.p12", "abc"), ("p12", "device.p12", "abc")], "fail cert.not-found"),  # others' business
    ([], "fail cert.not-found"),
])
def test_what_is_no_good(program, exe, pki, importer, tmp_path, imports, mine):
    windows = Windows(tmp_path / "wine", program=exe)
    found, report = checks_of(windows, pki, importer, [CA, *imports])
    assert found["ca"] == "pass" and found["mine"] == mine
    assert [cause["code"] for cause in report["causes"] if cause["verdict"] == "fail"] == [mine.split()[1]]


def test_the_chain_is_completed_from_the_store(program, exe, pki, importer, tmp_path):
    """As a browser does it: the server knows the root only."""
    windows = Windows(tmp_path / "wine", program=exe)
    found, report = checks_of(windows, pki, importer, [CA, ("ca", "middle.der"), ("p12", "deep.p12", "abc")])
    assert found == ALL


def test_without_the_intermediate_it_is_somebody_elses(program, exe, pki, importer, tmp_path):
    windows = Windows(tmp_path / "wine", program=exe)
    found, _ = checks_of(windows, pki, importer, [CA, ("p12", "deep.p12", "abc")])
    assert found["mine"] == "fail cert.not-found"


def test_a_root_that_windows_forbids(program, exe, pki, importer, tmp_path):
    windows = Windows(tmp_path / "wine", program=exe)
    found, _ = checks_of(windows, pki, importer, [CA, ("disallowed", "ca.der"), ("p12", "client.p12", "abc")])
    assert found["ca"] == "fail cert.not-found" and found["tls"] == "fail tls.untrusted"


# ---- the service certificate, whose issuer no document tells ----

@pytest.mark.parametrize("imports, expected", [
    ([], "skip cert.not-found"),
    ([("p12", "device.p12", "abc")], "skip cert.not-found"),  # signs the terminal in to an organisation
    ([("p12", "server-only.p12", "abc"), ("my", "other.der")], "skip cert.not-found"),  # no client's
    ([("p12", "client.p12", "abc")], "pass"),
    ([("p12", "expired.p12", "abc"), ("p12", "device.p12", "abc")], "warn cert.expired"),  # it is recommended
])
def test_the_service_certificate_among_others(program, pki, importer, tmp_path, imports, expected):
    with Windows(tmp_path / "wine") as windows:
        for words in imports:
            assert windows.run(*words, cwd=pki.folder, PREFLIGHT_EXE=str(importer)).returncode == 0
        done = windows.run("--format", "json", "--only", "term-certificate")
    check = json.loads(done.stdout)["checks"][0]
    assert " ".join(filter(None, (check["verdict"], check["cause"]))) == expected


def test_a_key_that_windows_keeps_to_itself(program, pki, importer, tmp_path):
    """No failure: a browser on this terminal may well show it. So it is with keys that ask for a PIN."""
    found, report = checks_of(Windows(tmp_path / "wine"), pki, importer, [CA, ("p12", "client.p12", "abc")])
    assert found == {"ca": "pass", "mine": "pass", "tls": "unknown tls.client-kept", "http": "unknown run.blocked"}
    assert report["verdict"] == "unknown"
    assert [cause["code"] for cause in report["causes"]] == ["tls.client-kept"]
    assert "CryptAcquireCertificatePrivateKey" in report["causes"][0]["evidence"]["en"]


@pytest.mark.parametrize("server", ["-tls1_3", "-tls1_2"])
def test_a_key_that_is_refused_when_it_is_needed(program, exe, pki, importer, tmp_path, server):
    """It signed when it was tried; that it does not now is not the server's fault."""
    found, report = checks_of(Windows(tmp_path / "wine", program=exe), pki, importer,
                              [CA, ("p12", "client.p12", "abc")], server, SIGNS_ONCE="1")
    assert found == {"ca": "pass", "mine": "pass", "tls": "unknown tls.client-kept", "http": "unknown run.blocked"}
    assert [cause["code"] for cause in report["causes"]] == ["tls.client-kept"]
    assert "NCryptSignHash" in report["causes"][0]["evidence"]["en"]


def test_a_ca_that_is_in_no_store(program, exe, pki, importer, tmp_path):
    found, report = checks_of(Windows(tmp_path / "wine", program=exe), pki, importer, [("p12", "client.p12", "abc")])
    assert found["ca"] == "fail cert.not-found" and found["mine"] == "pass"
    assert [cause["code"] for cause in report["causes"] if cause["verdict"] == "fail"] == ["cert.not-found"]
