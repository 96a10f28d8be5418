"""Files that a terminal holds: CA certificates, client certificates with their keys, passwords.

`place` makes files from {name: what}; what is the name of a CA ("orca"), of a client certificate of pki.py ("good"), or
a mapping with

    client       a client certificate of pki.py
    form         p12 (default), pem (certificate and key), der (certificate)
    password     of the file (default PASSWORD)
    encryption   of a p12: modern (OpenSSL's default), rc2-40, 3des, or unknown, which no program knows
    key          that of another client certificate; none: without a key
    mode         of the file ("000")

or with `ca`, `form: pem | der`; or with `text`, the content; or with `directory: true`.
"""

import hashlib
import hmac
import os
import shutil
import subprocess

PASSWORD = "Lab-pass-0001"
ENCRYPTIONS = {
    "modern": [],
    "rc2-40": ["-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
    "3des": ["-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
    "unknown": [],
}
AES_256_CBC = bytes.fromhex("60864801650304012a")  # 2.16.840.1.101.3.4.1.42
UNASSIGNED = bytes.fromhex("60864801650304017f")  # 2.16.840.1.101.3.4.1.127


def place(pki, directory, files):
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir()
    directory.chmod(0o755)
    for name, what in files.items():
        make(pki, directory / name, what)
    return directory


def make(pki, path, what):
    if isinstance(what, str):
        what = {"ca": what} if what in ("orca", "stranger", "fortigate", "root") else {"client": what}
    if what.get("directory"):
        return path.mkdir()
    if "text" in what:
        path.write_text(what["text"])
    elif "ca" in what:
        write_certificate(pki.authority(what["ca"]), path, what.get("form", "pem"))
    else:
        write_client(pki, path, what)
    path.chmod(int(what.get("mode", "644"), 8))


def write_certificate(source, path, form):
    openssl("x509", "-in", source, "-outform", form, "-out", path)


def write_client(pki, path, what):
    certificate = pki.client(what["client"]).chain
    key = what.get("key", what["client"])
    key = pki.client(key).key if key != "none" else None
    form = what.get("form", "p12")
    if form == "der":
        write_certificate(certificate, path, form)
    elif form == "pem":
        path.write_text(certificate.read_text() + (key.read_text() if key else ""))
    else:
        write_p12(path, certificate, key, what.get("password", PASSWORD), what.get("encryption", "modern"))


def write_p12(path, certificate, key, password, encryption):
    openssl("pkcs12", "-export", "-in", certificate, *(["-inkey", key] if key else ["-nokeys"]),
            "-passout", f"pass:{password}", "-out", path, *ENCRYPTIONS[encryption])
    if encryption == "unknown":
        path.write_bytes(with_unknown_cipher(path.read_bytes(), password))


def openssl(*argv):
    done = subprocess.run(["openssl", *(str(arg) for arg in argv)], stdin=subprocess.DEVNULL, capture_output=True,
                          env={**os.environ})
    if done.returncode != 0:
        raise RuntimeError(f"openssl {argv}: {done.stderr.decode(errors='replace')}")
    return done.stdout


# A PKCS#12 file whose cipher is one that no program knows, and whose MAC is right for its password.

def der(data, at):
    """Start and end of the content of the DER value at an offset."""
    length, at = data[at + 1], at + 2
    if length >= 0x80:
        size = length & 0x7f
        length, at = int.from_bytes(data[at:at + size], "big"), at + size
    return at, at + length


def members(data, start, end):
    found = []
    while start < end:
        first, last = der(data, start)
        found.append((first, last))
        start = last
    return found


def with_unknown_cipher(data, password):
    changed = data.replace(AES_256_CBC, UNASSIGNED)
    _, (safe, safe_end), (mac, mac_end) = members(changed, *der(changed, 0))
    (explicit, _) = members(changed, safe, safe_end)[1]
    first, last = der(changed, explicit)
    (info, info_end), (salt, salt_end), (count, count_end) = members(changed, mac, mac_end)
    digest, digest_end = members(changed, info, info_end)[1]
    key = openssl("kdf", "-binary", "-keylen", 32, "-kdfopt", "digest:SHA256", "-kdfopt",
                  "hexpass:" + (password + "\0").encode("utf-16-be").hex(), "-kdfopt",
                  "hexsalt:" + changed[salt:salt_end].hex(), "-kdfopt",
                  f"iter:{int.from_bytes(changed[count:count_end], 'big')}", "-kdfopt", "id:3", "PKCS12KDF")
    sealed = hmac.new(key, changed[first:last], hashlib.sha256).digest()
    assert digest_end - digest == len(sealed)
    return changed[:digest] + sealed + changed[digest_end:]
