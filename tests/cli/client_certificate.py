"""A folder with rules that judge one client certificate, and that certificate, locked by a password."""
import subprocess

RULES = """\
version: 1
certificates:
  mine: {role: client, file: ["*.p12"], use: {ja: あ, en: a}}
checks:
  mine: {check: cert, certificate: mine, aspect: password, title: {ja: あ, en: a}}
profiles:
  mine: {title: {ja: あ, en: a}, checks: [mine]}
"""


def make(folder, name, password):
    """Writes rules.yaml (profile mine) and the PKCS#12 file `name` into the folder."""
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
               "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=a", "-days", "90"]
    pack = ["openssl", "pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-out", name,
            "-passout", f"pass:{password}"]
    for command in request, pack:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    (folder / "rules.yaml").write_text(RULES)
