"""Certificates, made afresh with openssl for each lab, each when it is first asked for."""

import base64
import glob
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

CA_EXTENSIONS = ("basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign",
                 "subjectKeyIdentifier=hash")
LEAF_EXTENSIONS = ("basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                   "extendedKeyUsage=serverAuth", "subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid")
ORGANISATION = "/C=JP/O=Preflight Lab"
FORTINET = "/C=US/ST=California/L=Sunnyvale/O=Fortinet/OU=Certificate Authority"

# variant: issuing CA, first valid day from today, days valid, CAs sent along with the certificate
VARIANTS = {
    "good": ("issuing", -10, 398, ["issuing"]),
    "expired": ("issuing", -90, 60, ["issuing"]),
    "not-yet-valid": ("issuing", 30, 398, ["issuing"]),
    "two-years-ahead": ("issuing", 700, 398, ["issuing"]),
    "wrong-name": ("issuing", -10, 398, ["issuing"]),
    "unknown-ca": ("stranger", -10, 398, ["stranger"]),
    "self-signed": (None, -10, 398, []),
    "incomplete-chain": ("issuing", -10, 398, []),
    "intercepted": ("fortigate", -10, 398, ["fortigate"]),
    "orca": ("orca", -10, 398, []),
    "rsa": ("issuing", -10, 398, ["issuing"]),
    "rsa-1024": ("issuing", -10, 398, ["issuing"]),
    "rsa-4096": ("issuing", -10, 398, ["issuing"]),
    "p-384": ("issuing", -10, 398, ["issuing"]),
    "p-192": ("issuing", -10, 398, ["issuing"]),
    "authority-expired": ("old-issuing", -10, 398, ["old-issuing"]),
    "root-expired": ("old-root", -10, 398, []),
    "constrained": ("constrained", -10, 398, ["constrained"]),
    "weak-authority": ("weak", -10, 398, ["weak"]),
    "no-names": ("issuing", -10, 398, ["issuing"]),
    "for-clients": ("issuing", -10, 398, ["issuing"]),
}
# Authorities of single variants: the one above, first valid day from today, days valid, key, more extensions.
AUTHORITIES = {
    "old-issuing": ("Old Issuing CA", "root", -900, 880, None, ()),
    "old-root": ("Old Root CA", None, -3000, 2980, None, ()),
    "constrained": ("Constrained CA", "root", -100, 3650, None, ("nameConstraints=critical,permitted;DNS:example.jp",)),
    "weak": ("Weak CA", "root", -100, 3650, "rsa:1024", ()),
}
# variant: its key, if that is not of P-256
KEYS = {"rsa": "rsa:2048", "rsa-1024": "rsa:1024", "rsa-4096": "rsa:4096", "p-384": "P-384", "p-192": "P-192"}

# client certificate: issuing CA, first valid day from today, days valid, extended key usage
CLIENTS = {
    "good": ("orca", -10, 398, "clientAuth"),
    "expired": ("orca", -400, 370, "clientAuth"),
    "expiring": ("orca", -355, 365, "clientAuth"),
    "not-yet-valid": ("orca", 30, 398, "clientAuth"),
    "revoked": ("orca", -10, 398, "clientAuth"),
    "unknown-ca": ("stranger", -10, 398, "clientAuth"),
    "server-purpose": ("orca", -10, 398, "serverAuth"),
}
REVOKED = {"orca": ["revoked"]}


def faketime_environment(days):
    library = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")[0]
    return {"LD_PRELOAD": library, "FAKETIME": f"{days * 86400:+.0f}s", "DONT_FAKE_MONOTONIC": "1"}


def der_parts(data):
    """What the elements of a DER sequence hold (X.690 section 8.1)."""
    parts = []
    while data:
        length, begin = data[1], 2
        if length & 0x80:
            begin += length & 0x7f
            length = int.from_bytes(data[2:begin], "big")
        parts.append(data[begin:begin + length])
        data = data[begin + length:]
    return parts


def signature_numbers(pem):
    """r and s of a certificate's ECDSA signature (RFC 5280 section 4.1.1.3, RFC 3279 section 2.2.3)."""
    der = base64.b64decode("".join(pem.split("-----")[2].split()))
    signature = der_parts(der_parts(der)[0])[2]
    return [int.from_bytes(number, "big") for number in der_parts(der_parts(signature[1:])[0])]


def fills(pem):
    """Whether both numbers of a P-256 signature fill their 32 octets. Wine 8 takes a root whose numbers do not for
    wrongly signed, and leaves it out of its store: one in some 130 roots of the lab."""
    return min(signature_numbers(pem)) >> 248 != 0


@dataclass(frozen=True)
class Certificate:
    chain: Path  # what the server sends, its own certificate first
    key: Path


class Pki:
    def __init__(self, directory):
        self.directory = Path(directory)
        self.directory.mkdir()
        self.made = {}
        self.ca("root", ORGANISATION + "/CN=Preflight Lab Root CA")
        self.ca("issuing", ORGANISATION + "/CN=Preflight Lab Issuing CA", parent="root")
        self.authority("orca")

    def path(self, name, ending):
        return self.directory / f"{name}.{ending}"

    def openssl_request(self, name, subject, extensions, issuer, start, days, key=None):
        kind = [key] if key and key.startswith("rsa") else ["ec", "-pkeyopt", f"ec_paramgen_curve:{key or 'P-256'}"]
        argv = ["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-sha256", "-subj", subject, "-days", str(days),
                "-config", "/dev/null", "-keyout", self.path(name, "key"), "-out", self.path(name, "pem")]
        for extension in extensions:
            argv += ["-addext", extension]
        if issuer:
            argv += ["-CA", self.path(issuer, "pem"), "-CAkey", self.path(issuer, "key")]
        subprocess.run(argv, check=True, capture_output=True, env={**os.environ, **faketime_environment(start)})

    def ca(self, name, subject, parent=None):
        if not self.path(name, "pem").exists():
            self.openssl_request(name, subject, CA_EXTENSIONS, parent, -100, 3650)
            while not fills(self.path(name, "pem").read_text()):
                self.openssl_request(name, subject, CA_EXTENSIONS, parent, -100, 3650)
        return self.path(name, "pem")

    def authority(self, name):
        if name in AUTHORITIES:
            if not self.path(name, "pem").exists():
                title, parent, start, days, key, more = AUTHORITIES[name]
                self.openssl_request(name, f"{ORGANISATION}/CN=Preflight Lab {title}", (*CA_EXTENSIONS, *more), parent, start,
                                     days, key)
            return self.path(name, "pem")
        subjects = {"fortigate": FORTINET + "/CN=FortiGate CA", "stranger": "/C=JP/O=Someone Else/CN=Someone Else CA",
                    "orca": "/C=JP/O=ORCA Lab/CN=ORCA Lab CA"}
        return self.ca(name, subjects[name]) if name in subjects else self.path(name, "pem")

    def server(self, host, variant="good"):
        if (host, variant) not in self.made:
            self.made[host, variant] = self.make_server(host, variant)
        return self.made[host, variant]

    def make_server(self, host, variant):
        issuer, start, days, sent = VARIANTS[variant]
        if issuer:
            self.authority(issuer)
        name = f"{host}-{variant}"
        # As public CAs do: where the issuer's certificate is to be had (RFC 5280 section 4.2.2.1).
        access = ("authorityInfoAccess=caIssuers;URI:http://ca.example.jp/issuing.cer",) if issuer == "issuing" else ()
        shown = "www.example.jp" if variant == "wrong-name" else host
        names = () if variant == "no-names" else (f"subjectAltName=DNS:{shown}",)
        usage = LEAF_EXTENSIONS if variant != "for-clients" else \
            [each.replace("serverAuth", "clientAuth") for each in LEAF_EXTENSIONS]
        extensions = (*usage, *access, *names)
        self.openssl_request(name, f"{ORGANISATION}/CN={shown}", extensions,
                             issuer, start, days, key=KEYS.get(variant))
        chain = self.path(name, "chain.pem")
        chain.write_text("".join(self.path(part, "pem").read_text() for part in [name, *sent]))
        return Certificate(chain, self.path(name, "key"))

    def ike(self, name):
        """A certificate for IKE of one who is called `name`, whose key and names make it a large one, and its key."""
        file = f"ike-{name}"
        if not self.path(file, "pem").exists():
            names = [name, *(f"{number:02}.{name}" for number in range(40))]
            extensions = ("basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                          "extendedKeyUsage=serverAuth,clientAuth", "subjectKeyIdentifier=hash",
                          "authorityKeyIdentifier=keyid", "subjectAltName=" + ",".join(f"DNS:{each}" for each in names))
            self.openssl_request(file, f"{ORGANISATION}/CN={name}", extensions, "issuing", -10, 398, key="rsa:2048")
        return Certificate(self.path(file, "pem"), self.path(file, "key"))

    def client(self, kind="good"):
        """A client certificate of CLIENTS and its key, both PEM."""
        name = f"client-{kind}"
        if not self.path(name, "pem").exists():
            issuer, start, days, usage = CLIENTS[kind]
            self.authority(issuer)
            extensions = ("basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
                          f"extendedKeyUsage={usage}", "subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid")
            self.openssl_request(name, f"/C=JP/O=ORCA Lab/OU=Clinic 0001/CN=clinic-0001-{kind}", extensions,
                                 issuer, start, days)
        return Certificate(self.path(name, "pem"), self.path(name, "key"))

    def revocations(self, issuer):
        """The revocation list of a CA, valid for as long as the CA is."""
        made = self.path(issuer, "crl")
        if made.exists():
            return made
        self.authority(issuer)
        lines = []
        for kind in REVOKED.get(issuer, []):
            shown = subprocess.run(["openssl", "x509", "-noout", "-serial", "-in", self.client(kind).chain], check=True,
                                   capture_output=True, text=True).stdout
            lines.append(f"R\t350101000000Z\t240101000000Z\t{shown.strip().partition('=')[2]}\tunknown\t/CN={kind}\n")
        index = self.path(issuer, "index")
        index.write_text("".join(lines))
        config = self.path(issuer, "cnf")
        config.write_text(f"[ca]\ndefault_ca = this\n[this]\ndatabase = {index}\ndefault_md = sha256\n")
        subprocess.run(["openssl", "ca", "-gencrl", "-config", config, "-crldays", "3650", "-cert",
                        self.path(issuer, "pem"), "-keyfile", self.path(issuer, "key"), "-out", made],
                       check=True, capture_output=True)
        return made


def trust(certificate, etc_ssl):
    """Adds a CA to a copy of /etc/ssl: to the bundle, and to the directory under its hash."""
    certs = Path(etc_ssl) / "certs"
    text = Path(certificate).read_text()
    with open(certs / "ca-certificates.crt", "a") as bundle:
        bundle.write(text)
    digest = subprocess.run(["openssl", "x509", "-noout", "-hash", "-in", certificate], check=True,
                            capture_output=True, text=True).stdout.strip()
    number = 0
    while (certs / f"{digest}.{number}").exists():
        number += 1
    (certs / f"{digest}.{number}").write_text(text)
