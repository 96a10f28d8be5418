"""
Secrets appear nowhere, and what identifies in no saved report unless --identify is given. Both are planted wherever
a run looks: environment, files, certificates, network interfaces, host name; every format is then searched for them.
Everything happens in namespaces of its own, with a network that leads nowhere.
"""
import json
import os
import subprocess

import pytest

pytestmark = pytest.mark.not_on_windows("Wine's server has another network, and host name: test_windows_redaction.py")
USER, HOST, DOMAIN = "tanakataro", "tanaka-pc01", "suzuki-hp.example"
ADDRESS, GATEWAY, OWN = "192.168.77.23", "192.168.77.1", "2400:4050:1:2::77aa"
MAC = "02:77:aa:bb:cc:dd"
LINK_LOCAL = "fe80::77:aaff:febb:ccdd"
SECRETS = {
    "password": "Geheim-4711-PW", "password file": "Datei-0815-PW", "proxy": "Pr0xy-Secret-1",
    "proxy in capitals": "Pr0xy%2FSecret-2",
}
SUBJECT = {"CN": "TANAKA Taro 0042", "OU": "Innere Abteilung 7", "serialNumber": "JPN-SERIAL-771133"}
SERIAL = 0x77AABBCCDDEE1122
FILES = ["a.txt", "a.json", "a.html", "a.xml", "a.tap", "a.prom"]
STDOUT = [["--format", "text"], ["--format", "text", "-v"], ["--format", "text", "-v", "--lang", "ja"],
          ["--format", "json"], ["--format", "html"], ["--format", "junit"], ["--format", "tap"],
          ["--format", "nagios", "-v"], ["--format", "prometheus"]]


# In a mount, network and host name namespace of its own; what is sent is not answered.
WORLD = """
set -e
hostname "$HOST.$DOMAIN"
mount -t tmpfs -o mode=755 none /run
printf 'search %s\\nnameserver %s\\n' "$DOMAIN" "$GATEWAY" > /run/resolv.conf
printf '127.0.0.1 localhost\\n%s %s.%s %s\\n' "$ADDRESS" "$HOST" "$DOMAIN" "$HOST" > /run/hosts
mount --bind /run/resolv.conf "$(readlink -f /etc/resolv.conf)"
mount --bind /run/hosts /etc/hosts
ip link set lo up
ip link add lan0 address "$MAC" type veth peer name lan1
ip link set lan1 up
ip link set lan0 up
ip address add "$ADDRESS/24" dev lan0
ip address add "$OWN/64" dev lan0 nodad
ip route add default via "$GATEWAY"
cd "$HOME"
exec "$@"
"""


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def make_certificates(home):
    subject = "".join(f"/{name}={value}" for name, value in SUBJECT.items())
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl(home, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=Planted CA 9", "-days", "90")
    openssl(home, "req", *key, "-keyout", "client.key", "-out", "client.csr", "-subj", subject)
    openssl(home, "x509", "-req", "-in", "client.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-out", "client.crt",
            "-days", "60", "-set_serial", str(SERIAL))
    for name, password in (("env", SECRETS["password"]), ("file", SECRETS["password file"])):
        openssl(home, "pkcs12", "-export", "-inkey", "client.key", "-in", "client.crt", "-out", f"{USER}-{name}.p12",
                "-passout", f"pass:{password}")
    openssl(home, "req", "-x509", "-key", "client.key", "-out", "self.crt", "-subj", subject, "-days", "60",
            "-set_serial", str(SERIAL))  # a CA too, as openssl makes them
    (home / "self.pem").write_text((home / "self.crt").read_text() + (home / "client.key").read_text())
    (home / "both.pem").write_text((home / "client.crt").read_text() + (home / "client.key").read_text())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("redaction") / "home" / USER
    folder.mkdir(parents=True)
    make_certificates(folder)
    (folder / "password.txt").write_text(SECRETS["password file"])
    (folder / "our.yaml").write_text("version: 1\nchecks:\n  term-disk: {free: 100000 GB}\n")
    (folder / "x.dump").write_bytes(b"PGDMP broken")
    return folder


def in_world(home, command, **more):
    env = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8", "HOME": str(home), "USER": USER, "LOGNAME": USER,
           "https_proxy": f"http://{USER}:{SECRETS['proxy']}@proxy.{DOMAIN}:3128",
           "all_proxy": f"socks5://{USER}:{SECRETS['proxy in capitals']}@10.77.0.9:1080",
           "no_proxy": f".{DOMAIN},10.77.0.0/16", "PREFLIGHT_CERT_PASSWORD": SECRETS["password"],
           "HOST": HOST, "DOMAIN": DOMAIN, "GATEWAY": GATEWAY, "ADDRESS": ADDRESS, "OWN": OWN, "MAC": MAC,
           **{name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}}
    more = {"stdout": subprocess.PIPE, **more}
    return subprocess.run(["/usr/bin/unshare", "-nmu", "sh", "-c", WORLD, "sh", *command], env=env,
                          stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=60, check=False, **more)


def run(program, home, *words, cert="env", **more):
    given = {
        "env": ["--cert", home / f"{USER}-env.p12"],
        "file": ["--cert", home / f"{USER}-file.p12", "--password-file", home / "password.txt"],
        "wrong": ["--cert", home / f"{USER}-file.p12"],
        "pem": ["--cert", home / "both.pem"],
        "self": ["--cert", home / "self.pem"],
        "key": ["--cert", home / "client.key", "--ca", home / "ca.key"],
    }[cert]
    ca = [] if cert == "key" else ["--ca", home / "ca.crt"]
    return in_world(home, [program, "-p", "registry", "-p", "orca", *given, *ca, "--rules", home / "our.yaml",
                           "--dump", home / "x.dump", "--timeout", "1500ms",
                           "--waive", f"term-disk=asked {USER} on {HOST}, {MAC}", *words], **more)


def secrets(home):
    key = (home / "client.key").read_text().splitlines()
    return {**SECRETS, "key": key[1][:40], "end of key": key[-2], "key's mark": "PRIVATE KEY-----",
            "password decoded": "Pr0xy/Secret-2"}


def identities(home):
    return {"user": USER, "host": HOST, "domain": DOMAIN, "address": ADDRESS, "gateway": GATEWAY, "own": OWN,
            "link-local": LINK_LOCAL, "mac": MAC, "proxy address": "10.77.0.9", "bypass": "10.77.0.0",
            "home": str(home.parent), **SUBJECT, "issuer": "Planted CA 9", "serial": f"{SERIAL:x}",
            "serial in capitals": f"{SERIAL:X}", "serial with colons": "77:aa:bb", "decimal serial": str(SERIAL)}


def found(text, planted):
    text = text.decode(errors="replace").lower()
    return [name for name, value in planted.items() if value.lower() in text]


def saved(home, names):
    return {name: (home / name).read_bytes() for name in names}


@pytest.mark.parametrize("cert", ["env", "file", "wrong", "pem", "self", "key"])
def test_saved_reports(program, home, cert):
    words = [word for name in FILES for word in ("-o", name)]
    done = run(program, home, *words, "-v", cert=cert)
    assert done.returncode in (1, 3), done.stderr
    report = json.loads((home / "a.json").read_text())
    assert report["redacted"] is True
    planted = identities(home)
    if cert in ("wrong", "self"):  # nobody learned that this CA issues; its own file has its name
        del planted["issuer"]
    for name, text in saved(home, FILES).items():
        assert found(text, secrets(home)) == [], name
        assert found(text, planted) == [], name
    assert found(done.stdout + done.stderr, secrets(home)) == []
    assert not [name for name in os.listdir(home) if name.endswith(".part")]


def test_redacted_reports_stay_readable(program, home):
    run(program, home, "-o", "a.json", "-o", "a.txt")
    report = json.loads((home / "a.json").read_text())
    facts = {check["id"]: check["facts"] for check in report["checks"]}
    assert facts["term-link"]["gateway"].startswith("private-")
    assert facts["orca-client-cert"]["subject"] == "certificate-1"
    assert facts["orca-client-cert"]["issuer"].startswith("issuer-")
    assert facts["term-proxy"]["proxies"][0]["url"] == "http://***@proxy-1:3128"
    assert [rule["file"] for rule in report["rules"]] == ["(built-in)", "~/our.yaml"]
    waived = next(check["waived"] for check in report["checks"] if check["id"] == "term-disk")
    assert waived == "asked user-name on host-name, mac-address"
    assert "219.97.232.64" in json.dumps(report)  # what the rules name is no secret
    schema = json.loads(subprocess.run([program, "schema", "report"], capture_output=True, check=True).stdout)
    __import__("jsonschema").validate(report, schema)


def test_identify_keeps_them_but_no_secret(program, home):
    words = [word for name in FILES for word in ("-o", name)]
    run(program, home, "--identify", *words, "-v")
    report = json.loads((home / "a.json").read_text())
    assert not report["redacted"]
    told = found((home / "a.json").read_bytes(), identities(home))
    assert {"user", "host", "address", "gateway", "own", "link-local", "mac", "home", "CN", "issuer", "domain"} <= set(told)
    for name, text in saved(home, FILES).items():
        assert found(text, secrets(home)) == [], name


@pytest.mark.parametrize("words", STDOUT, ids=lambda words: "-".join(words).replace("--", ""))
def test_standard_output(program, home, words):
    """No secret on a terminal or in a pipe; in a file, which is saved, nothing that identifies either."""
    words = [*words, "--timeout", "500ms"]
    done = run(program, home, *words)
    assert done.returncode in (1, 2, 3)
    assert found(done.stdout + done.stderr, secrets(home)) == []
    with open(home / "out", "wb") as out:
        run(program, home, *words, stdout=out)
    assert found((home / "out").read_bytes(), {**secrets(home), **identities(home)}) == []


def test_the_terminal_shows_whose_certificate_it_is(program, home):
    """A person has to confirm it (requirement O4)."""
    assert SUBJECT["CN"] in run(program, home).stdout.decode()


@pytest.mark.parametrize("words", [["plan"], ["plan", "--format", "json"], ["list"], ["inventory"]],
                         ids=lambda words: "-".join(words))
def test_other_commands(program, home, words):
    done = in_world(home, [program, *words])
    assert done.returncode == 0, done.stderr
    assert found(done.stdout + done.stderr, secrets(home)) == []
    if words == ["inventory"]:  # a file for somebody else
        assert found(done.stdout, identities(home)) == []
