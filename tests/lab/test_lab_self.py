"""The lab itself: the healthy world works, and each fault breaks what it says and nothing else."""

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time

import pytest

import faults
import net
import servers
from lab import HERE, STATE, Lab

SEC, MIO, ORCA = "sec.ccr.ncc.go.jp", "mio.ccr.ncc.go.jp", "ctrl.glcmo.orcamo.jp"
OK, NO_NAME, NO_CONNECT, TIMEOUT, TLS_FAILED, RECEIVE, BAD_CERTIFICATE = 0, 6, 7, 28, 35, 56, 60


def dig(lab, name=SEC, *options):
    """The answer's status (or "silent", "refused connection") and its addresses."""
    out = lab.run(["dig", "+tries=1", "+time=1", *options, name]).stdout
    status = re.search(r"status: (\w+)", out)
    addresses = re.findall(r"^\S+\s+\d+\s+IN\s+A{1,4}\s+(\S+)$", out, re.M)
    if status:
        return status[1], addresses
    return ("closed" if "connection refused" in out else "silent"), addresses


def lookup(lab, name=SEC):
    """What the operating system's resolver says."""
    return lab.run(["getent", "ahosts", name]).stdout.split()[:1]


def curl(lab, host=MIO, *options):
    """curl's exit code, the certificate's verification result and the body."""
    done = lab.run(["curl", "-s", "-4", "-m", "1.5", "--noproxy", "*", "-w", "\n%{ssl_verify_result} %{http_code}", *options,
                    host if "://" in host else f"https://{host}/"])
    body, _, numbers = done.stdout.rpartition("\n")
    verified, status = numbers.split()
    return done.returncode, int(verified), int(status), body


def code(lab, host=MIO, *options):
    return curl(lab, host, *options)[0]


def ike(lab, port, *questions, host=net.SEC_IP):
    done = lab.run([sys.executable, HERE / "ike_probe.py", host, port, *questions])
    return json.loads(done.stdout)


def kinds(lab, port, *questions):
    return [answer["answer"] for answer in ike(lab, port, *questions).values()]


def healthy_tls(lab):
    return code(lab, MIO) == OK and code(lab, SEC) == OK


def healthy_ike(lab):
    return kinds(lab, 500, "v3") == kinds(lab, 4500, "v3") == ["ike"]


def certificate(lab, variant_result, host=MIO, other=SEC):
    exit_code, verified, _, _ = curl(lab, host)
    return exit_code == BAD_CERTIFICATE and verified == variant_result and (other is None or code(lab, other) == OK)


def issuer(lab, host):
    out = lab.run(["sh", "-c", f"openssl s_client -connect {host}:443 -servername {host} </dev/null 2>/dev/null"]).stdout
    return re.search(r"^issuer=(.*)", out, re.M)[1]


def udp_443(lab):
    script = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(0.5); "
              f"s.connect(('{net.SEC_IP}', 443)); s.send(b'x'); s.recv(1)")
    done = lab.run([sys.executable, "-c", script])
    return done.stderr.strip().splitlines()[-1].split(":")[0]


def packages(lab):
    status = lab.run(["cat", "/var/lib/dpkg/status"]).stdout
    return {match[1]: match[0] for match in re.finditer(r"Package: (\S+)\n(?:.+\n)*", status)}


def package_version(lab, name):
    return lab.run(["dpkg-query", "-W", "-f", "${Version}", name]).stdout


def installed(lab, name):
    listed = lab.run(["dpkg-query", "-W", "-f=${Status}", name]).stdout
    return "base-files" in packages(lab) and listed == "install ok installed"


def os_release(lab):
    return dict(line.split("=", 1) for line in lab.run(["cat", "/etc/os-release"]).stdout.replace('"', "").splitlines())


def portal(lab, name="portal.internal.gtol.ncc.go.jp"):
    return code(lab, name)


def tunnel_carries(lab):
    """Whether what goes to the portal leaves in UDP 4500 only."""
    with lab.capture() as seen:
        portal(lab)
    return {(protocol, port) for protocol, _, port in seen.sent()} == {("udp", 4500)}


def proxied(lab):
    return lab.run(["curl", "-s", "-m", "2", "-o", "/dev/null", f"https://{MIO}/"]).returncode == OK


# ORCA: what the terminal holds, and how the server takes it.

def files(lab):
    return sorted(os.listdir(lab.directory))


def pass_file(lab):
    return (lab.directory / "client-0001.pass").read_bytes()


def p12(lab, *options):
    """openssl's own view of the client certificate's file, with the password of the file beside it, blanks removed."""
    password = pass_file(lab).decode().strip()
    return lab.run(["openssl", "pkcs12", "-in", "client-0001.p12", "-passin", f"pass:{password}", *options])


def orca_p12(lab, *options):
    return p12(lab, "-noout", *options).returncode == 0


def p12_error(lab):
    return p12(lab, "-noout").stderr


def p12_info(lab, *options):
    done = p12(lab, "-info", *(options or ["-noout"]), "-legacy")
    return done.stdout + done.stderr


def public_key(lab, *command):
    out = lab.run(["openssl", command[0], "-in", "client-0001.pem", "-noout", *command[1:]]
                  if command[0] == "x509" else ["openssl", command[0], "-in", "client-0001.pem", *command[1:]]).stdout
    assert "BEGIN PUBLIC KEY" in out
    return out


def client_pem(lab):
    """The client certificate and its key as curl takes them."""
    name = "client-lab.pem"
    made = lab.directory / name
    if not made.exists():
        made.write_text(p12(lab, "-nodes", "-legacy").stdout)
    return name


def orca(lab, certificate=None, tls="1.2", host=ORCA):
    """curl's exit code and the status; certificate: "none", or that of the terminal."""
    shown = [] if certificate == "none" else ["--cert", client_pem(lab)]
    exit_code, _, status, _ = curl(lab, host, f"--tlsv{tls}", "--tls-max", tls, *shown)
    return exit_code, status


def orca_verify(lab):
    """What openssl holds against the client certificate, given the CA."""
    out = lab.run(["openssl", "verify", "-purpose", "sslclient", "-CAfile", "ca.crt", client_pem(lab)])
    found = re.search(r"error \d+ at 0 depth lookup: (.*)", out.stdout + out.stderr)
    return found and found[1]


def days_left(lab):
    until = lab.run(["openssl", "x509", "-noout", "-enddate", "-in", client_pem(lab)]).stdout.partition("=")[2]
    return (ssl.cert_time_to_seconds(until.strip()) - time.time()) / 86400


def refusal(lab, tls):
    """Which CAs the server names (None: it does not ask), and the alert, or the status and the page's title."""
    shown = ["-cert", client_pem(lab), "-key", client_pem(lab)] if "client-0001.p12" in files(lab) else []
    version = "-tls" + tls.replace(".", "_")
    out = lab.run(["openssl", "s_client", "-connect", f"{ORCA}:443", "-servername", ORCA, version, "-ign_eof", *shown],
                  input=f"GET / HTTP/1.1\r\nHost: {ORCA}\r\nConnection: close\r\n\r\n")
    text = out.stdout + out.stderr
    names = re.search(r"Acceptable client certificate CA names\n.*CN = (.*)", text)
    asked = names[1] if names else "" if "Client Certificate Types" in text or "alert" in text else None
    if "Requested Signature Algorithms" in text and asked is None:
        asked = ""
    alert = re.search(r"SSL alert number (\d+)", text)
    if alert:
        return asked, f"alert number {alert[1]}"
    status = int(re.search(r"HTTP/1.1 (\d+)", text)[1])
    return asked, status, re.search(r"<title>(?:\d+ )?(.*?)</title>", text)[1]


SYMPTOMS = {
    "healthy": lambda lab: healthy_tls(lab) and healthy_ike(lab),
    "healthy-no-nat": lambda lab: healthy_tls(lab) and not ike(lab, 500, "good")["good"]["client_nat"],
    "healthy-ipv6": lambda lab: lab.run(["curl", "-s6", "-o", "/dev/null", f"https://{MIO}"]).returncode == OK
    and lab.run(["curl", "-s6", "-o", "/dev/null", f"https://{SEC}"]).returncode == OK,
    "healthy-vpn-up": lambda lab: portal(lab) == OK,
    "healthy-vpn-ikev2": lambda lab: portal(lab) == OK and tunnel_carries(lab),
    "healthy-near-names": lambda lab: installed(lab, "icaclient") and not installed(lab, "openvpn"),
    "dns-nxdomain": lambda lab: dig(lab)[0] == "NXDOMAIN" and dig(lab, "ganjoho.jp")[0] == "NOERROR",
    "dns-silent": lambda lab: dig(lab) == ("silent", []) and code(lab, f"https://{net.MIO_IP}", "-k") == OK,
    "dns-refused": lambda lab: dig(lab)[0] == "REFUSED",
    "dns-port-closed": lambda lab: dig(lab)[0] == "closed",
    "dns-servfail": lambda lab: dig(lab)[0] == "SERVFAIL",
    "dns-hijacked": lambda lab: dig(lab) == ("NOERROR", ["10.66.0.1"]),
    "dns-hijacked-to-router": lambda lab: dig(lab, MIO) == ("NOERROR", [net.FACILITY_IP]),
    "dns-address-changed": lambda lab: dig(lab, MIO)[1] == [net.MIO_NEW_IP] and healthy_tls(lab),
    "dns-wildcard": lambda lab: dig(lab, "xyzzy.ccr.ncc.go.jp") == dig(lab) == ("NOERROR", [net.INFO_IP]),
    "dns-tcp-fallback": lambda lab: dig(lab, SEC, "+ignore")[1] == [] and dig(lab)[1] == [net.SEC_IP]
    and healthy_tls(lab),
    "dns-tcp-blocked": lambda lab: dig(lab, SEC, "+ignore")[0] == "NOERROR" and dig(lab)[1] == [],
    "dns-first-server-silent": lambda lab: dig(lab, SEC, f"@{net.DNS_IP}")[0] == "silent" and dig(lab)[1] == [net.SEC_IP],
    "dns-servers-differ": lambda lab: dig(lab)[0] == "NXDOMAIN" and dig(lab, SEC, f"@{net.DNS2_IP}")[1] == [net.SEC_IP],
    "dns-no-server": lambda lab: lookup(lab) == [] and lab.run(["cat", "/etc/resolv.conf"]).stdout == "",
    "hosts-stale": lambda lab: lookup(lab) == ["203.0.113.99"] and dig(lab)[1] == [net.SEC_IP],
    "hosts-right": lambda lab: healthy_tls(lab) and dig(lab)[0] == "NXDOMAIN",
    "tcp-443-dropped-at-gateway": lambda lab: code(lab) == code(lab, SEC) == TIMEOUT and healthy_ike(lab),
    "tcp-443-dropped-by-isp": lambda lab: code(lab) == code(lab, SEC) == TIMEOUT and healthy_ike(lab),
    "tcp-443-dropped-in-isp": lambda lab: code(lab) == code(lab, SEC) == TIMEOUT and healthy_ike(lab)
    and hop(lab, 500, 3) == net.ISP2_IP,
    "tcp-443-dropped": lambda lab: code(lab) == code(lab, SEC) == TIMEOUT and healthy_ike(lab),
    "tcp-443-rejected": lambda lab: code(lab) == NO_CONNECT and healthy_ike(lab),
    "tcp-443-refused": lambda lab: code(lab) == NO_CONNECT and healthy_ike(lab),
    "tcp-443-refused-by-host": lambda lab: code(lab, SEC) == NO_CONNECT and code(lab) == OK and healthy_ike(lab),
    "tcp-443-refused-in-isp": lambda lab: code(lab) == code(lab, SEC) == NO_CONNECT and healthy_ike(lab)
    and hop(lab, 500, 3) == net.ISP2_IP,
    "tcp-443-reset": lambda lab: code(lab) == code(lab, SEC) == TLS_FAILED,
    "tcp-443-stalled": lambda lab: code(lab) == TIMEOUT,
    "mio-unreachable": lambda lab: code(lab) == NO_CONNECT and code(lab, SEC) == OK,
    "udp-500-dropped-at-gateway": lambda lab: kinds(lab, 500, "v3") == ["silent"] and healthy_tls(lab)
    and hop(lab, 500, 1) is None and hop(lab, 4500, 1) == net.FACILITY_IP,
    "udp-500-dropped-by-isp": lambda lab: kinds(lab, 500, "v3") == ["silent"] and hop(lab, 500, 2) == net.ISP_IP,
    "udp-500-dropped-entering-isp": lambda lab: hop(lab, 500, 1) == net.FACILITY_IP and hop(lab, 500, 2) is None,
    "udp-500-dropped-in-isp": lambda lab: hop(lab, 500, 2) == net.ISP_IP and hop(lab, 500, 3) is None
    and hop(lab, 4500, 3) == net.ISP2_IP and healthy_tls(lab),
    "udp-500-dropped": lambda lab: kinds(lab, 500, "v3") == ["silent"] and kinds(lab, 4500, "v3") == ["ike"],
    "udp-500-rejected": lambda lab: kinds(lab, 500, "v3") == ["No route to host"] and kinds(lab, 4500, "v3") == ["ike"]
    and refused_by(lab, 500) == net.FACILITY_IP,
    "udp-500-rejected-by-isp": lambda lab: refused_by(lab, 500) == net.ISP_IP,
    "udp-500-refused": lambda lab: kinds(lab, 500, "v3") == ["ConnectionRefusedError"] and healthy_tls(lab),
    "udp-4500-dropped": lambda lab: kinds(lab, 4500, "v3") == ["silent"] and kinds(lab, 500, "v3") == ["ike"],
    "udp-replies-dropped": lambda lab: kinds(lab, 500, "v3") == kinds(lab, 4500, "v3") == ["silent"],
    "udp-local-drop": lambda lab: kinds(lab, 500, "v3") == ["Operation not permitted"],
    "fragments-dropped": lambda lab: kinds(lab, 500, "good", "big") == ["ike", "silent"],
    "ike-cookie-only": lambda lab: ike(lab, 4500, "good")["good"]["notifies"] == ["COOKIE"],
    "ike-no-proposal-only": lambda lab: ike(lab, 4500, "good")["good"]["notifies"] == ["NO_PROPOSAL_CHOSEN"],
    "ike-v1-only": lambda lab: kinds(lab, 500, "v3", "good", "v1") == ["silent", "silent", "ike"],
    "ike-v1-strongswan": lambda lab: ike(lab, 500, "v1")["v1"]["exchange"] == 2,
    "ike-garbage": lambda lab: kinds(lab, 500, "good") == kinds(lab, 4500, "v3") == ["not-ike"],
    "ike-echo": lambda lab: kinds(lab, 500, "good") == kinds(lab, 4500, "v3") == ["echo"],
    "udp-443-refused": lambda lab: udp_443(lab) == "ConnectionRefusedError" and code(lab, SEC) == OK,
    "cert-expired": lambda lab: certificate(lab, 10),
    "cert-expired-sec": lambda lab: certificate(lab, 10, SEC, MIO),
    "cert-not-yet-valid": lambda lab: certificate(lab, 9),
    "cert-wrong-name": lambda lab: code(lab) == BAD_CERTIFICATE and code(lab, SEC) == OK,
    "cert-unknown-ca": lambda lab: certificate(lab, 19),
    "cert-self-signed": lambda lab: certificate(lab, 18),
    "cert-incomplete-chain": lambda lab: certificate(lab, 20),
    "cert-intercepted": lambda lab: certificate(lab, 19, other=None) and "FortiGate CA" in issuer(lab, SEC)
    and "config-auth" in curl(lab, SEC, "-k")[3],
    "cert-intercepted-trusted": lambda lab: healthy_tls(lab) and "O = Fortinet" in issuer(lab, MIO),
    "tls-1.1-only": lambda lab: code(lab) == TLS_FAILED and code(lab, MIO, "--tls-max", "1.1", "--tlsv1.0", "--ciphers",
                                                                 "ALL:@SECLEVEL=0") == OK,
    "clock-two-years-off": lambda lab: certificate(lab, 9, other=None) and certificate(lab, 9, SEC, None)
    and 700 < (server_time(lab) - time.time()) / 86400 < 760,
    "captive-portal": lambda lab: dig(lab)[1] == [net.SEC_IP] and certificate(lab, 18, other=None)
    and curl(lab, f"http://{MIO}/")[2] == 302 and "log in" in curl(lab, f"http://{MIO}/", "-L")[3]
    and kinds(lab, 500, "v3") == ["silent"],
    "no-default-route": lambda lab: kinds(lab, 500, "v3") == ["Network is unreachable"],
    "cable-unplugged": lambda lab: kinds(lab, 500, "v3") == ["Network is unreachable"],
    "no-internet": lambda lab: dig(lab)[0] == "silent" and code(lab, net.MIO_IP) == TIMEOUT,
    "no-internet-rejected": lambda lab: code(lab, net.MIO_IP) == NO_CONNECT,
    "proxy-only": lambda lab: proxied(lab) and dig(lab)[0] == "silent" and code(lab) in (NO_NAME, TIMEOUT),
    "proxy-beside": lambda lab: proxied(lab) and healthy_tls(lab),
    "disk-full": lambda lab: lab.run(["df", "--output=avail", "/opt"]).stdout.split()[1] == "0",
    "os-unsupported": lambda lab: os_release(lab)["VERSION_ID"] == "10",
    "os-unsupported-ubuntu": lambda lab: os_release(lab)["ID"] == "ubuntu",
    "conflict-openvpn": lambda lab: installed(lab, "openvpn"),
    "conflict-virtualbox": lambda lab: installed(lab, "virtualbox-7.0"),
    "conflict-kaspersky": lambda lab: installed(lab, "kesl"),
    "conflict-eset": lambda lab: installed(lab, "eea"),
    "ipv6-broken": lambda lab: code(lab) == OK and lab.run(
        ["curl", "-s6", "-m", "0.5", f"https://{MIO}"]).returncode == TIMEOUT,
    "vpn-portal2-out-of-reach": lambda lab: portal(lab) == OK and portal(lab, "portal2.internal.gtol.ncc.go.jp") == TIMEOUT,
    "vpn-portal-down": lambda lab: portal(lab) == TIMEOUT and portal(lab, "portal2.internal.gtol.ncc.go.jp") == OK,
    "vpn-not-connected": lambda lab: healthy_tls(lab) and "tun0" not in lab.run(["ip", "link"]).stdout,
    "vpn-mio-intra-down": lambda lab: portal(lab, "mio.intra.ccr.ncc.go.jp/ikss/") == TIMEOUT and portal(lab) == OK,
    "vpn-portal-error": lambda lab: curl(lab, "portal.internal.gtol.ncc.go.jp")[2] == 500,
    "vpn-portals-down": lambda lab: portal(lab) == portal(lab, "portal2.internal.gtol.ncc.go.jp") == TIMEOUT,
    "orca-vpn-ctrl-down": lambda lab: code(lab, "ctrl.cmo.orcamo.jp") == TIMEOUT and code(lab, "auth.cmo.orcamo.jp") == OK,
    "vpn-client-installed": lambda lab: package_version(lab, "cisco-secure-client-vpn").startswith("5."),
    "vpn-client-too-old": lambda lab: package_version(lab, "cisco-secure-client-vpn").startswith("4.8"),
    "browser-installed": lambda lab: package_version(lab, "google-chrome-stable").startswith("142."),
    "browser-too-old": lambda lab: package_version(lab, "google-chrome-stable").startswith("76."),
    "pdf-reader-missing": lambda lab: package_version(lab, "dpkg") == "1.22.21" and not package_version(lab, "firefox-esr"),
    "link-mobile": lambda lab: "DEVTYPE=wwan" in lab.run(["cat", "/sys/class/net/eth0/uevent"]).stdout,
    "healthy-orca": lambda lab: orca_p12(lab) and orca(lab) == (OK, 200),
    "healthy-orca-alerts": lambda lab: orca(lab) == orca(lab, tls="1.3") == (OK, 200),
    "healthy-orca-rc2": lambda lab: orca_p12(lab, "-legacy") and not orca_p12(lab),
    "healthy-orca-3des": lambda lab: orca_p12(lab) and "TripleDES" in p12_info(lab),
    "healthy-orca-vpn": lambda lab: code(lab, "auth.cmo.orcamo.jp") == code(lab, "sms.orca.orcamo.jp") == OK
    and orca(lab, host="ctrl.cmo.orcamo.jp") == (OK, 200) and orca(lab, "none", host="ctrl.cmo.orcamo.jp") == (OK, 400),
    "orca-vpn-sms-down": lambda lab: code(lab, "sms.orca.orcamo.jp") == TIMEOUT and code(lab, "auth.cmo.orcamo.jp") == OK,
    "orca-cert-not-found": lambda lab: files(lab) == ["ca.crt"],
    "healthy-orca-ca-in-store": lambda lab: "ca.crt" not in files(lab) and code(lab, ORCA) == OK,
    "orca-ca-not-found": lambda lab: "ca.crt" not in files(lab) and code(lab, ORCA) == BAD_CERTIFICATE,
    "orca-ca-not-trusted": lambda lab: code(lab, ORCA) == BAD_CERTIFICATE
    and code(lab, ORCA, "--cacert", "ca.crt") == OK and code(lab) == OK,
    "orca-cert-unreadable": lambda lab: lab.run(["cat", "client-0001.p12"], user="nobody").returncode == 1
    and lab.run(["cat", "ca.crt"], user="nobody").returncode == 0,
    "orca-cert-damaged": lambda lab: "asn1" in p12_error(lab),
    "orca-cert-wrong-password": lambda lab: "invalid password" in p12_error(lab),
    "orca-cert-password-newline": lambda lab: orca_p12(lab) and pass_file(lab) == b"Lab-pass-0001\r\n",
    "orca-cert-password-space": lambda lab: orca_p12(lab) and pass_file(lab) == b"Lab-pass-0001 ",
    "orca-cert-unsupported-encryption": lambda lab: "invalid password" not in p12_error(lab)
    and "unsupported cipher" in p12_error(lab) and "MAC: sha256" in p12_info(lab),
    "orca-cert-no-private-key": lambda lab: orca_p12(lab) and "PRIVATE KEY" not in p12_info(lab, "-nodes"),
    "orca-cert-key-mismatch": lambda lab: public_key(lab, "x509", "-pubkey") != public_key(lab, "pkey", "-pubout"),
    "orca-cert-expired": lambda lab: orca_verify(lab) == "certificate has expired" and orca(lab) == (OK, 400),
    "orca-cert-expiring-soon": lambda lab: orca(lab) == (OK, 200) and 9 < days_left(lab) < 11,
    "orca-cert-not-yet-valid": lambda lab: orca_verify(lab) == "certificate is not yet valid",
    "orca-cert-wrong-purpose": lambda lab: orca_verify(lab) == "unsuitable certificate purpose" and orca(lab) == (OK, 400),
    "orca-cert-not-issued-by-ca": lambda lab: orca_verify(lab) == "unable to get local issuer certificate",
    **{f"orca-tls-{name}{ending}": (lambda lab, wanted=wanted, tls=tls: refusal(lab, tls) == wanted)
       for ending, tls in (("", "1.2"), ("-1.3", "1.3")) for name, wanted in (
           ("not-accepted", ("Someone Else CA", 400, "The SSL certificate error")),
           ("unknown-ca", ("", "alert number 48")), ("revoked", ("", "alert number 44")),
           ("expired", ("", "alert number 45")),
           ("missing", ("", "alert number " + ("116" if ending else "40"))), ("not-asked", (None, 200, "Management site")))},
    "orca-tls-revoked-nginx": lambda lab: refusal(lab, "1.2") == ("ORCA Lab CA", 400, "The SSL certificate error"),
    "orca-tls-missing-nginx": lambda lab: refusal(lab, "1.2") == ("ORCA Lab CA", 400, "No required SSL certificate was sent"),
    "orca-intercepted": lambda lab: "FortiGate CA" in issuer(lab, ORCA) and orca(lab) == (OK, 400),
    "orca-tls-1.3-only": lambda lab: orca(lab) == (TLS_FAILED, 0) and orca(lab, tls="1.3") == (OK, 200),
    "orca-tls-1.1-only": lambda lab: orca(lab) == (TLS_FAILED, 0) and orca(lab, tls="1.3") == (TLS_FAILED, 0),
    "vpn-inside-dns-silent": lambda lab: dig(lab, "portal.internal.gtol.ncc.go.jp")[0] == "silent",
}


def hop(lab, port, ttl):
    """The router that a datagram with this TTL gets to, or None."""
    return refused_by(lab, port, ttl) or None


def refused_by(lab, port, ttl=64):
    """The address that an ICMP error came from, or an empty text."""
    script = f"""
import socket, struct, select
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, 11, 1)
s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, {ttl})
s.connect(("{net.SEC_IP}", {port}))
s.send(b"x")
if not select.select([], [], [s], 1)[2] and not select.select([s], [], [], 0)[0]:
    raise SystemExit
_, extra, _, _ = s.recvmsg(64, 512, socket.MSG_ERRQUEUE)
print(socket.inet_ntoa(extra[0][2][20:24]))
"""
    return lab.run([sys.executable, "-c", script]).stdout.strip()


def server_time(lab):
    from email.utils import parsedate_to_datetime
    headers = lab.run(["curl", "-skI", f"https://{MIO}/"]).stdout
    return parsedate_to_datetime(re.search(r"^Date: (.*)", headers, re.M | re.I)[1].strip()).timestamp()


def test_every_fault_has_a_symptom():
    assert set(SYMPTOMS) == set(faults.names())


@pytest.mark.parametrize("name", faults.names())
def test_fault_is_seen_and_mended(lab, name):
    lab.apply(name)
    assert SYMPTOMS[name](lab)
    lab.revert()
    assert SYMPTOMS["healthy"](lab)


def test_expectations_are_complete():
    for name in faults.names():
        expect = faults.load(name)["expect"]
        assert expect["exit"] in (0, 1, 3), name
        assert expect["exit"] == 0 or expect["causes"], name


def test_names(lab):
    assert dig(lab, SEC) == ("NOERROR", [net.SEC_IP])
    assert dig(lab, MIO) == ("NOERROR", [net.MIO_IP])
    assert dig(lab, "xyzzy.ccr.ncc.go.jp") == ("NXDOMAIN", [])
    assert dig(lab, "portal.internal.gtol.ncc.go.jp") == ("NXDOMAIN", [])
    assert dig(lab, SEC, "AAAA") == ("NOERROR", [])
    assert dig(lab, SEC, "+tcp")[1] == [net.SEC_IP]


def test_gateway(lab):
    exit_code, _, status, body = curl(lab, SEC)
    assert (exit_code, status) == (OK, 200)
    assert '<config-auth client="vpn"' in body
    assert udp_443(lab) == "TimeoutError"


def test_ike(lab):
    for port in (500, 4500):
        answers = ike(lab, port, "v3", "bad", "good", "big")
        assert answers["v3"]["notifies"] == ["INVALID_MAJOR_VERSION"]
        assert answers["bad"]["notifies"] == ["NO_PROPOSAL_CHOSEN"]
        assert answers["good"]["payloads"][:3] == [33, 34, 40]
        assert answers["big"]["answer"] == "ike"
        assert answers["good"]["client_nat"] and not answers["good"]["server_nat"]


def test_ike_limit_and_reset(lab):
    answers = [ike(lab, 500, "good")["good"].get("notifies") for _ in range(4)]
    assert answers[3] == ["COOKIE"]
    lab.reset_ike()
    assert ike(lab, 500, "good")["good"]["payloads"][0] == 33


def test_nothing_leads_out(lab):
    for node in net.NODES:
        links = json.loads(lab.world[node].route("-j", "link", "show"))
        names = {link["ifname"] for link in links}
        assert names <= {"lo", "eth0", "lan0", "wan0", "inside0", "to-dns", "to-sec", "to-mio"}, node
    assert lab.run(["ping", "-c1", "-W1", "1.1.1.1"]).returncode != 0


def test_terminal_is_its_own(lab):
    assert os_release(lab)["VERSION_ID"] == "13"
    assert installed(lab, "firefox-esr") and not installed(lab, "nginx")
    user = lab.run(["id", "-un"], user="nobody").stdout.strip()
    assert user == "nobody"


def test_binds_and_tmpfs(lab, tmp_path):
    (tmp_path / "x").write_text("here\n")
    done = lab.run(["sh", "-c", "cat /etc/hostname; df --output=size -k /opt; echo $WORD"], env={"WORD": "said"},
                   binds={"/etc/hostname": tmp_path / "x"}, tmpfs={"/opt": "64k"})
    assert done.stdout.split() == ["here", "1K-blocks", "64", "said"]


def test_capture(lab):
    with lab.capture() as seen:
        curl(lab, MIO)
        ike(lab, 500, "big")
    assert seen.sent() == {("udp", net.DNS_IP, 53), ("tcp", net.MIO_IP, 443), ("udp", net.SEC_IP, 500)}
    assert seen.count() > 6


def test_vpn(lab):
    lab.vpn_up()
    assert portal(lab) == OK
    assert curl(lab, "https://mio.intra.ccr.ncc.go.jp/ikss/")[2] == 200
    assert code(lab, net.MIO_IP) == TIMEOUT
    assert dig(lab, MIO)[0] == "NXDOMAIN"
    log = (lab.work / "openconnect.log").read_text()
    assert "SSL connected and DTLS connected" in log
    lab.vpn_down()
    assert healthy_tls(lab)
    assert portal(lab) == NO_NAME


@pytest.fixture(scope="module")
def relayed():
    with Lab(relay={"rtt_ms": 50}) as lab:
        yield lab


def pings(lab, count=40, interval=0.01):
    out = lab.run(["ping", "-q", "-i", interval, "-c", count, net.SEC_IP]).stdout
    least, mean = (float(x) for x in re.search(r"= ([\d.]+)/([\d.]+)/", out).groups())
    return least, mean, int(re.search(r"(\d+) received", out)[1])


def test_relay_delay(relayed):
    least, mean, received = pings(relayed)
    assert 50 <= least and mean < 50.8 and received == 40
    assert healthy_tls(relayed) and healthy_ike(relayed)


def test_relay_changes_while_running(relayed):
    relayed.set_relay(rtt_ms=10)
    assert 10 <= pings(relayed)[0] < 10.8
    relayed.set_relay(rtt_ms=10, jitter_ms=5)
    least, mean, _ = pings(relayed, 200)
    assert least >= 10 and 13 < mean < 17
    relayed.set_relay()


def test_relay_loses_the_same_packets_again(relayed):
    def lost():
        relayed.set_relay(rtt_ms=0, loss=10, seed=7)
        before = relayed.relay_stats()
        pings(relayed, 300, 0.002)
        after = relayed.relay_stats()
        return after[1] - before[1], after[3] - before[3]

    first = lost()
    assert all(10 < number < 60 for number in first)
    assert lost() == first
    relayed.set_relay()


def test_two_labs_at_once(lab):
    with Lab(nat=False) as other:
        assert other.prefix != lab.prefix
        other.apply("tcp-443-dropped")
        assert code(other) == TIMEOUT
        assert healthy_tls(lab)
        assert not ike(other, 500, "good")["good"]["client_nat"]
    assert healthy_tls(lab)


def leftovers(prefix):
    return [name for name in os.listdir("/run/netns") if name.startswith(prefix + "-")] + [
        name for name in os.listdir("/etc/netns") if name.startswith(prefix + "-")] + [
        name for name in os.listdir(STATE) if name == prefix]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_killed_lab_leaves_nothing(lab, sign):
    demo = subprocess.Popen([HERE / "demo", "--", "sh", "-c", "echo up; exec sleep 60"], stdout=subprocess.PIPE, text=True)
    assert demo.stdout.readline() == "up\n"
    prefix = f"pf{demo.pid}"
    assert leftovers(prefix)
    demo.send_signal(sign)
    demo.wait(10)
    if sign == signal.SIGKILL:
        with Lab():
            pass
    assert leftovers(prefix) == []


def test_demo_passes_the_exit_code_on(lab):
    done = subprocess.run([HERE / "demo", "--fault", "dns-nxdomain", "--", "sh", "-c", "cat; exit 7"], input="through\n",
                          capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (7, "through\n")


def test_names_of_the_inside_stay_inside(lab):
    assert not set(servers.INSIDE_NAMES) & set(servers.PUBLIC_NAMES)
