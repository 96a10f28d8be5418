"""What each fault looks like to other tools: curl, dig, openssl, getent and questions of our own."""

import json
import os
import re
import ssl
import sys
import tempfile
import time
from email.utils import parsedate_to_datetime

import net
from lab import HERE

PORTAL2 = "portal2.internal.gtol.ncc.go.jp"
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


def translated(lab, port):
    """Whether who answers sees this terminal's address translated, and its own."""
    answer = ike(lab, port, "good")["good"]
    return answer.get("client_nat"), answer.get("server_nat")


def healthy_tls(lab):
    return code(lab, MIO) == OK and code(lab, SEC) == OK


def healthy_ike(lab):
    return kinds(lab, 500, "v3") == kinds(lab, 4500, "v3") == ["ike"]


def certificate(lab, variant_result, host=MIO, other=SEC, most=1.5):
    exit_code, verified, _, _ = curl(lab, host, "-m", most)
    return exit_code == BAD_CERTIFICATE and verified == variant_result and (other is None or code(lab, other) == OK)


def issuer(lab, host):
    out = lab.run(["sh", "-c", f"openssl s_client -connect {host}:443 -servername {host} </dev/null 2>/dev/null"]).stdout
    return re.search(r"^issuer=(.*)", out, re.M)[1]


def extension(lab, host, name):
    """What openssl prints of an extension of the certificate."""
    done = lab.run(["sh", "-c", f"openssl s_client -connect {host}:443 -servername {host} </dev/null 2>/dev/null "
                                f"| openssl x509 -noout -ext {name} 2>&1"])
    return done.stdout


def header(lab, name, host=MIO):
    """A header of the answer, or None."""
    found = re.search(rf"^{name}: *(.*?)\r?$", curl(lab, host, "-D", "-")[3], re.M | re.I)
    return found and found[1]


def weak_handshake(lab):
    """What is refused at OpenSSL's security level 2, and taken at 0."""
    return code(lab) == TLS_FAILED and code(lab, MIO, "--ciphers", "ALL:@SECLEVEL=0") == OK and code(lab, SEC) == OK


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
    """openssl's own view of the client certificate's file, with the password in the file beside it: what is round it is left out."""
    password = pass_file(lab).decode().strip().strip('"')
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
    headers = lab.run(["curl", "-skI", f"https://{MIO}/"]).stdout
    return parsedate_to_datetime(re.search(r"^Date: (.*)", headers, re.M | re.I)[1].strip()).timestamp()


def pinged(lab, size=56, address=net.SEC_IP, *options):
    """ping's summary: answers, and the least round trip in ms."""
    out = lab.run(["ping", "-q", "-n", "-M", "do", "-s", size, "-c", "1", "-W", "0.5", *options, address])
    least = re.search(r"= ([\d.]+)/", out.stdout)
    return int(re.search(r"(\d+) received", out.stdout)[1]), float(least[1]) if least else None


def lost(lab, count=200):
    """How many of so many small packets got no answer."""
    return count - pinged(lab, 56, net.SEC_IP, "-i", "0.005", "-c", count, "-W", "1")[0]


def slow_tls(lab, host=MIO):
    """curl's exit code when it may take its time."""
    return code(lab, host, "-m", "10")


def path_mtu(lab, address=net.SEC_IP):
    """What the kernel has learnt of the path, after a packet that was too large."""
    pinged(lab, 1472, address)
    found = re.search(r"mtu (\d+)", lab.run(["ip", "route", "get", address]).stdout)
    return int(found[1]) if found else None


def listen(lab, node, port, command):
    """The (address, port) pairs that datagrams came from at a port of a server, while a command runs in the terminal."""
    with lab.world[node].socket() as sock:
        sock.bind(("", port))
        sock.settimeout(0.5)
        lab.run(command)
        seen = []
        try:
            while True:
                seen.append(sock.recvfrom(2048)[1])
        except TimeoutError:
            return seen


def datagrams(source_port, *targets):
    script = ("import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
              f"s.bind(('', {source_port})); [s.sendto(b'x', target) for target in {list(targets)!r}]")
    return [sys.executable, "-c", script]


def mapped_ports(lab, source=40500):
    """The ports that a server sees two datagrams from, to two ports of its own, which left from one port."""
    first = listen(lab, net.MIO, 7001, datagrams(source, (net.MIO_IP, 7001)))
    second = listen(lab, net.MIO, 7002, datagrams(source, (net.MIO_IP, 7002)))
    return {port for _, port in first + second}


def met_as(lab, address=net.SEC_IP):
    """The address that a server sees."""
    node = {net.SEC_IP: net.SEC, net.MIO_IP: net.MIO}[address]
    return listen(lab, node, 7003, datagrams(0, (address, 7003)))[0][0]


def ttl_exceeded(lab, address):
    """The address that says that a packet's time to live has run out, for a ping that would live long."""
    found = re.search(r"From (\S+) .*Time to live exceeded", lab.run(["ping", "-n", "-c", "1", "-W", "1", address]).stdout)
    return found and found[1]


def spread(lab):
    """The difference between the fastest and the slowest of some answers, in ms."""
    out = lab.run(["ping", "-q", "-n", "-i", "0.05", "-c", "30", "-W", "1", net.SEC_IP]).stdout
    least, _, most = (float(x) for x in re.search(r"= ([\d.]+)/([\d.]+)/([\d.]+)/", out).groups())
    return most - least


def lost_in_a_row(lab):
    """The longest row of lost packets, of those that are sent every 10 ms for 2.2 seconds."""
    out = lab.run(["ping", "-n", "-i", "0.01", "-c", "220", "-W", "1", net.SEC_IP]).stdout
    seen = [int(number) for number in re.findall(r"icmp_seq=(\d+)", out)]
    return max(b - a - 1 for a, b in zip([0, *seen], seen))


def get(lab, url, *options):
    """Status, page title and where it leads."""
    done = lab.run(["curl", "-s", "-4", "-m", "2", "--noproxy", "*", "-w", "\n%{http_code} %{redirect_url}", *options, url])
    body, _, last = done.stdout.rpartition("\n")
    title = re.search(r"<title>(.*?)</title>", body)
    return int(last.split(" ")[0]), title[1] if title else "", last.partition(" ")[2]


def through_proxy(lab):
    """curl's exit code and the proxy's status."""
    done = lab.run(["curl", "-s", "-m", "2", "-o", "/dev/null", "-w", "%{http_connect}", f"https://{MIO}/"])
    return done.returncode, int(done.stdout)


def browses(lab, host=MIO):
    """Whether Chromium shows the host's page, with the terminal's proxy settings."""
    with tempfile.TemporaryDirectory() as profile:
        done = lab.run(["timeout", "30", "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--ignore-certificate-errors", f"--user-data-dir={profile}", "--dump-dom", f"https://{host}/"])
    return "<title>" in done.stdout and host not in done.stdout


def space(lab):
    return int(lab.run(["df", "-B1", "--output=avail", "/opt"]).stdout.split()[1])


def hours_off(lab):
    return (server_time(lab) - time.time()) / 3600


def via(lab, address=net.SEC_IP):
    """The gateway that packets to an address go to, or None."""
    found = re.search(r" via (\S+)", lab.run(["ip", "route", "get", address]).stdout)
    return found and found[1]


def six(lab, host=MIO):
    return lab.run(["curl", "-s6", "-m", "2", "-o", "/dev/null", f"https://{host}"]).returncode


def silent_ike(lab, *ports):
    """Whether just these ports of IKE are silent."""
    return all(kinds(lab, port, "v3") == (["silent"] if port in ports else ["ike"]) for port in (500, 4500))


SYMPTOMS = {
    "healthy": lambda lab: healthy_tls(lab) and healthy_ike(lab),
    "healthy-no-nat": lambda lab: healthy_tls(lab) and not ike(lab, 500, "good")["good"]["client_nat"],
    "healthy-ipv6": lambda lab: lab.run(["curl", "-s6", "-o", "/dev/null", f"https://{MIO}"]).returncode == OK
    and lab.run(["curl", "-s6", "-o", "/dev/null", f"https://{SEC}"]).returncode == OK,
    "healthy-vpn-up": lambda lab: portal(lab) == OK,
    "healthy-vpn-ikev2": lambda lab: portal(lab) == OK and tunnel_carries(lab),
    "healthy-other-vpn": lambda lab: healthy_tls(lab) and "dev tun0" in lab.run(["ip", "route", "get", "10.99.0.7"]).stdout
    and "dev eth0" in lab.run(["ip", "route", "get", net.SEC_IP]).stdout,
    "healthy-near-names": lambda lab: installed(lab, "icaclient") and not installed(lab, "openvpn"),
    "dns-nxdomain": lambda lab: dig(lab)[0] == "NXDOMAIN" and dig(lab, "ganjoho.jp")[0] == "NOERROR",
    "dns-silent": lambda lab: dig(lab) == ("silent", []) and code(lab, f"https://{net.MIO_IP}", "-k") == OK,
    "dns-refused": lambda lab: dig(lab)[0] == "REFUSED",
    "dns-port-closed": lambda lab: dig(lab)[0] == "closed",
    "dns-servfail": lambda lab: dig(lab)[0] == "SERVFAIL",
    "dns-hijacked": lambda lab: dig(lab) == ("NOERROR", ["10.66.0.1"]),
    "dns-hijacked-to-router": lambda lab: dig(lab, MIO) == ("NOERROR", [net.FACILITY_IP]),
    "route-next-hops-silent": lambda lab: via(lab) in ("192.168.10.77", "192.168.10.78")
    and code(lab, SEC) != OK and code(lab) == OK,
    "mio-two-addresses": lambda lab: sorted(dig(lab, MIO)[1]) == [net.MIO_IP, net.MIO_NEW_IP]
    and code(lab, f"https://{net.MIO_IP}", "-k") == OK
    and lab.run(["ping", "-c", "1", "-W", "0.5", net.MIO_NEW_IP]).returncode != 0,
    "sec-three-addresses": lambda lab: sorted(dig(lab, SEC)[1]) == [net.SEC_IP, "219.97.232.65", "219.97.232.66"]
    and code(lab, f"https://{net.SEC_IP}", "-k") == OK
    and all(lab.run(["ping", "-c", "1", "-W", "0.5", f"219.97.232.{last}"]).returncode != 0 for last in (65, 66)),
    "sec-two-addresses": lambda lab: sorted(dig(lab, SEC)[1]) == [net.SEC_IP, "219.97.232.65"]
    and code(lab, f"https://{net.SEC_IP}", "-k") == OK
    and lab.run(["ping", "-c", "1", "-W", "0.5", "219.97.232.65"]).returncode != 0,
    "dns-address-changed": lambda lab: dig(lab, MIO)[1] == [net.MIO_NEW_IP] and healthy_tls(lab),
    "dns-slow-answers": lambda lab: dig(lab, SEC, "+time=2")[0] == "silent" and dig(lab, SEC, "+time=4")[1] == [net.SEC_IP],
    "dns-one-servfail": lambda lab: [dig(lab)[0] for _ in range(8)].count("SERVFAIL") == 1,
    "dns-six-servfail": lambda lab: [dig(lab)[0] for _ in range(10)].count("SERVFAIL") == 6,
    "dns-fails-at-random": lambda lab: 2 <= [dig(lab)[0] for _ in range(20)].count("SERVFAIL") <= 10,
    "dns-four-servfail": lambda lab: [dig(lab)[0] for _ in range(10)].count("SERVFAIL") == 4,
    "hosts-bom": lambda lab: lookup(lab) == [net.SEC_IP]
        and b"203.0.113.99 " + SEC.encode() in lab.run(["cat", "/etc/hosts"]).stdout.encode(),
    "hosts-after-dns": lambda lab: lookup(lab) == [net.SEC_IP] and "203.0.113.99" in lab.run(["cat", "/etc/hosts"]).stdout,
    "hosts-right-not-used": lambda lab: lookup(lab) == [] and net.SEC_IP in lab.run(["cat", "/etc/hosts"]).stdout,
    "hosts-moved": lambda lab: lookup(lab, MIO) == [net.MIO_NEW_IP] and dig(lab, MIO)[1] == [net.MIO_IP] and healthy_tls(lab),
    "resolv-crlf": lambda lab: lookup(lab) == [] and "\r" in lab.run(["cat", "-A", "/etc/resolv.conf"]).stdout.replace("^M", "\r"),
    "resolv-crlf-one": lambda lab: lookup(lab) == [net.SEC_IP] and "^M" in lab.run(["cat", "-A", "/etc/resolv.conf"]).stdout,
    "resolv-dead-link-local": lambda lab: lookup(lab) == [] and dig(lab, SEC, f"@{net.DNS_IP}")[1] == [net.SEC_IP],
    "resolv-link-local-no-zone": lambda lab: lookup(lab) == [] and dig(lab, SEC, f"@{net.DNS_IP}")[1] == [net.SEC_IP],
    "dns-filter-public-address": lambda lab: dig(lab)[1] == dig(lab, MIO)[1] == ["146.112.61.105"],
    "dns-filter-one-name": lambda lab: dig(lab)[1] == [net.SEC_IP] and dig(lab, MIO)[1] == ["208.91.112.55"],
    "dns-filter-block-page": lambda lab: lookup(lab) == lookup(lab, MIO) == [net.ORCA_TLS_IP] and code(lab, MIO) == BAD_CERTIFICATE,
    "dns-leads-elsewhere": lambda lab: lookup(lab) == [net.MIO_NEW_IP] and lookup(lab, MIO) == [net.ORCA_TLS_IP]
        and code(lab) == code(lab, SEC) == BAD_CERTIFICATE,
    "dns-slow-elsewhere": lambda lab: lookup(lab) == [net.MIO_NEW_IP] and dig(lab)[0] == "silent",
    "resolv-ndots-wildcard": lambda lab: lookup(lab) == [net.ORCA_TLS_IP] and dig(lab, SEC + ".")[1] == [net.SEC_IP],
    "resolv-ndots-wildcard-private": lambda lab: lookup(lab) == ["192.168.10.1"] and dig(lab, SEC + ".")[1] == [net.SEC_IP],
    "resolv-search-second": lambda lab: lookup(lab) == [net.ORCA_TLS_IP] and dig(lab, SEC + ".")[1] == [net.SEC_IP],
    "resolv-search-harmless": lambda lab: lookup(lab) == [net.SEC_IP] and lookup(lab, "nobody.example") == [net.ORCA_TLS_IP],
    "resolv-search-missing-name": lambda lab: lookup(lab) == [net.ORCA_TLS_IP] and dig(lab)[0] == "NXDOMAIN",
    "vpn-dns-facility-first": lambda lab: lookup(lab, "portal.internal.gtol.ncc.go.jp") == []
        and dig(lab, "portal.internal.gtol.ncc.go.jp", f"@{net.INSIDE_DNS_IP}")[0] == "NOERROR",
    "resolv-timeout-too-short": lambda lab: lookup(lab) == [] and dig(lab, SEC, "+time=2")[1] == [net.SEC_IP],
    "nsswitch-without-sources": lambda lab: lookup(lab) == [] and dig(lab)[1] == [net.SEC_IP],
    "nsswitch-without-dns": lambda lab: lookup(lab) == [] and dig(lab)[1] == [net.SEC_IP],
    "dns-slow-moved": lambda lab: dig(lab, MIO, "+time=4")[1] == [net.MIO_NEW_IP] and code(lab, MIO, "-m", "6") == OK
        and code(lab, f"https://{net.MIO_IP}", "-k") == TIMEOUT,
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
    "tcp-443-refused-in-isp": lambda lab: code(lab) == code(lab, SEC) == NO_CONNECT and healthy_ike(lab)
    and hop(lab, 500, 3) == net.ISP2_IP,
    "tcp-443-dropped": lambda lab: code(lab) == code(lab, SEC) == TIMEOUT and healthy_ike(lab),
    "tcp-443-rejected": lambda lab: code(lab) == NO_CONNECT and healthy_ike(lab),
    "tcp-443-refused": lambda lab: code(lab) == NO_CONNECT and healthy_ike(lab),
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
    "ike-v2-dropped": lambda lab: all(kinds(lab, port, "v3", "good", "v1") == ["ike", "silent", "ike"] for port in (500, 4500)),
    "ike-v1-only": lambda lab: kinds(lab, 500, "v3", "good", "v1") == ["silent", "silent", "ike"],
    "ike-v1-strongswan": lambda lab: ike(lab, 500, "v1")["v1"]["exchange"] == 2,
    "ike-garbage": lambda lab: kinds(lab, 500, "good") == kinds(lab, 4500, "v3") == ["not-ike"],
    "ike-echo": lambda lab: kinds(lab, 500, "good") == kinds(lab, 4500, "v3") == ["echo"],
    "udp-443-refused": lambda lab: udp_443(lab) == "ConnectionRefusedError" and code(lab, SEC) == OK,
    "cert-expired": lambda lab: certificate(lab, 10),
    "cert-expired-sec": lambda lab: certificate(lab, 10, SEC, MIO),
    "cert-not-yet-valid": lambda lab: certificate(lab, 9),
    "cert-authority-expired": lambda lab: certificate(lab, 10),
    "cert-root-expired": lambda lab: certificate(lab, 10),
    "cert-constrained": lambda lab: certificate(lab, 47),
    "cert-for-clients": lambda lab: certificate(lab, 26),
    "cert-no-names": lambda lab: "No extensions" in extension(lab, MIO, "subjectAltName") and healthy_tls(lab),
    "cert-weak-authority": lambda lab: certificate(lab, 67),
    "cert-rsa-1024": lambda lab: certificate(lab, 66),
    "cert-one-bad-server": lambda lab: [certificate(lab, 10, other=None), healthy_tls(lab)] == [True, True],
    "tls-dh-1024": weak_handshake,
    "tls-signature-sha1": weak_handshake,
    "tls-impostor-behind-redirect": lambda lab: curl(lab)[2] == 302 and certificate(lab, 18),
    "web-date-missing": lambda lab: header(lab, "Date") is None and healthy_tls(lab),
    "web-date-unreadable": lambda lab: header(lab, "Date") == "soon",
    "web-date-cached": lambda lab: header(lab, "Age") == "1800"
    and 1795 < time.time() - parsedate_to_datetime(header(lab, "Date")).timestamp() < 1805,
    "web-date-cached-clock-ahead": lambda lab: header(lab, "Age") == "1800"
    and 1795 < parsedate_to_datetime(header(lab, "Date")).timestamp() - time.time() < 1805,
    "web-date-rfc850": lambda lab: bool(re.match(r"\w+day, \d\d-\w{3}-\d\d ", header(lab, "Date"))),
    "web-date-asctime": lambda lab: bool(re.match(r"\w{3} \w{3} [ \d]\d ", header(lab, "Date"))),
    "orca-tls-withheld": lambda lab: certificate(lab, 18, ORCA, None),
    "orca-tls-withheld-1.3": lambda lab: certificate(lab, 18, ORCA, None),
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
    "http-slow": lambda lab: code(lab) == TIMEOUT and code(lab, MIO, "-m", "15") == OK,
    "vpn-portal-slow": lambda lab: portal(lab) == TIMEOUT,
    "vpn-portal-dropped-portal2-503": lambda lab: portal(lab) == TIMEOUT and portal(lab, PORTAL2) == OK,
    "vpn-portal-dropped-portal2-expired": lambda lab: portal(lab) == TIMEOUT and portal(lab, PORTAL2) == BAD_CERTIFICATE,
    "vpn-portal-dropped-portal2-wrong-name": lambda lab: portal(lab) == TIMEOUT and portal(lab, PORTAL2) == BAD_CERTIFICATE,
    "vpn-portal-dropped-portal2-silent": lambda lab: portal(lab) == TIMEOUT and portal(lab, PORTAL2) == TIMEOUT,
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
    "orca-cert-password-leading-blank": lambda lab: orca_p12(lab) and pass_file(lab) == b" Lab-pass-0001",
    "orca-cert-password-quoted": lambda lab: orca_p12(lab) and pass_file(lab) == b'"Lab-pass-0001"\r\n',
    "orca-cert-password-wide-blanks":
        lambda lab: orca_p12(lab) and pass_file(lab) == "　Lab-pass-0001　\r\n".encode(),
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
    # The line
    "line-loss-5": lambda lab: 5 < lost(lab) < 50,
    "line-delay-600": lambda lab: 600 <= pinged(lab, 56, net.SEC_IP, "-W", "2")[1] < 640 and slow_tls(lab) == OK,
    "line-loss-5-delay-600": lambda lab: 5 < lost(lab, 200) < 50
    and 600 <= pinged(lab, 56, net.SEC_IP, "-W", "2", "-c", "5", "-i", "0.1")[1] < 700,
    "line-jitter": lambda lab: slow_tls(lab) == OK
    and spread(lab) > 100,
    "line-flapping": lambda lab: 0 < lost_in_a_row(lab) < 40 and slow_tls(lab) == OK,
    "line-loss-udp-500-dropped": lambda lab: kinds(lab, 500, "v3") == ["silent"] and 5 < lost(lab) < 50,
    "line-delay-tcp-443-dropped": lambda lab: code(lab, MIO, "-m", "3") == TIMEOUT
    and pinged(lab, 56, net.SEC_IP, "-W", "2")[1] >= 600,
    "line-delay-cert-expired": lambda lab: certificate(lab, 10, other=None, most=10),
    "line-down": lambda lab: code(lab, net.MIO_IP) in (NO_CONNECT, TIMEOUT)
    and pinged(lab, 56, net.FACILITY_IP)[0] == 1 and pinged(lab)[0] == 0,
    # Address translation, ICMP, MTU
    "nat-ports-rewritten": lambda lab: healthy_tls(lab) and healthy_ike(lab) and len(mapped_ports(lab)) == 2
    and 40500 not in mapped_ports(lab),
    "nat-twice": lambda lab: healthy_tls(lab) and healthy_ike(lab) and met_as(lab) == net.ISP_IP,
    "icmp-dropped": lambda lab: healthy_tls(lab) and healthy_ike(lab) and pinged(lab)[0] == 0
    and pinged(lab, 56, net.FACILITY_IP)[0] == 0,
    "icmp-few": lambda lab: kinds(lab, 500, "v3") == ["No route to host"] and kinds(lab, 500, "v3") == ["silent"],
    "mtu-1454": lambda lab: healthy_tls(lab) and path_mtu(lab) == 1454,
    "mtu-1300": lambda lab: healthy_tls(lab) and path_mtu(lab) == 1300,
    "mtu-black-hole": lambda lab: path_mtu(lab) is None and pinged(lab, 1272)[0] == 1 and pinged(lab, 1273)[0] == 0
    and code(lab) == TIMEOUT,
    "mtu-1454-black-hole": lambda lab: path_mtu(lab) is None and pinged(lab, 1426)[0] == 1 and pinged(lab, 1427)[0] == 0
    and code(lab) == TIMEOUT,
    "mtu-1460-black-hole": lambda lab: path_mtu(lab) is None and pinged(lab, 1432)[0] == 1 and pinged(lab, 1433)[0] == 0
    and code(lab) == TIMEOUT,
    "mtu-black-hole-ipv4-unused": lambda lab: kinds(lab, 500, "good", "whole") == ["ike", "silent"] and healthy_tls(lab)
    and lookup(lab) == [net.SEC_IP6],
    "mtu-black-hole-ipv6-first": lambda lab: kinds(lab, 500, "good", "whole") == ["ike", "ike"] and healthy_tls(lab)
    and lookup(lab) == [net.SEC_IP6],
    "mtu-1454-clamped-no-icmp": lambda lab: path_mtu(lab) is None and pinged(lab, 1427)[0] == 0 and healthy_tls(lab),
    "mtu-1454-carrier-silent": lambda lab: code(lab) == TIMEOUT and kinds(lab, 500, "good") == ["ike"],
    "layer2-1454": lambda lab: pinged(lab, 1426)[0] == 1 and pinged(lab, 1427)[0] == 0 and code(lab) == TIMEOUT
    and kinds(lab, 500, "good", "big") == ["ike", "silent"],
    "layer2-1454-outbound": lambda lab: pinged(lab, 1427)[0] == 0 and healthy_tls(lab)
    and kinds(lab, 500, "good", "big") == ["ike", "silent"],
    "layer2-1454-inbound": lambda lab: pinged(lab, 1427)[0] == 0 and code(lab) == TIMEOUT
    and kinds(lab, 500, "good", "big") == ["ike", "ike"],
    "tcp-1000-dropped-outbound": lambda lab: healthy_tls(lab)
    and code(lab, MIO, "-H", "X-Filler: " + 1200 * "x") == TIMEOUT,
    "ike-large-answers-lost": lambda lab: healthy_ike(lab) and kinds(lab, 500, "good", "large") == ["ike", "silent"],
    "udp-1200-dropped": lambda lab: healthy_tls(lab) and kinds(lab, 500, "good", "big") == ["ike", "silent"],
    "large-udp-dropped": lambda lab: healthy_tls(lab) and kinds(lab, 500, "good", "big") == ["ike", "ike"]
    and kinds(lab, 500, "whole") == ["silent"],
    "tls-large-dropped": lambda lab: code(lab) == TIMEOUT and healthy_ike(lab),
    # TCP and UDP
    "tcp-443-answers-dropped": lambda lab: code(lab) == code(lab, SEC) == TIMEOUT and healthy_ike(lab),
    "tcp-443-rejected-by-isp": lambda lab: code(lab) == code(lab, SEC) == NO_CONNECT and healthy_ike(lab),
    "tcp-sec-dropped": lambda lab: code(lab, SEC) == TIMEOUT and code(lab) == OK and healthy_ike(lab),
    "tcp-mio-rejected": lambda lab: code(lab) == NO_CONNECT and code(lab, SEC) == OK,
    "tcp-mio-down": lambda lab: code(lab) == NO_CONNECT and code(lab, SEC) == OK,
    "tcp-sec-down": lambda lab: code(lab, SEC) == NO_CONNECT and code(lab) == OK and healthy_ike(lab),
    "tcp-local-rejected": lambda lab: code(lab) == code(lab, SEC) == NO_CONNECT and healthy_ike(lab),
    "udp-443-dropped": lambda lab: healthy_tls(lab) and healthy_ike(lab) and udp_443(lab) == "TimeoutError",
    "udp-443-rejected": lambda lab: healthy_tls(lab) and healthy_ike(lab) and udp_443(lab) == "OSError",
    "udp-dropped": lambda lab: healthy_tls(lab) and silent_ike(lab, 500, 4500),
    "udp-4500-rejected": lambda lab: kinds(lab, 4500, "v3") == ["No route to host"] and kinds(lab, 500, "v3") == ["ike"],
    "udp-4500-refused": lambda lab: kinds(lab, 4500, "v3") == ["ConnectionRefusedError"]
    and kinds(lab, 500, "v3") == ["ike"],
    "udp-500-unreachable": lambda lab: refused_by(lab, 500) == net.FACILITY_IP and kinds(lab, 4500, "v3") == ["ike"],
    "udp-500-answers-dropped": lambda lab: silent_ike(lab, 500) and healthy_tls(lab),
    # Routing
    "routing-loop": lambda lab: ttl_exceeded(lab, net.MIO_IP) in (net.ISP_IP, net.SEC_IP) and code(lab, SEC) == OK,
    "route-black-hole": lambda lab: code(lab) == TIMEOUT and code(lab, SEC) == OK,
    "sec-unreachable": lambda lab: code(lab, SEC) == NO_CONNECT and code(lab) == OK
    and refused_by(lab, 500) == refused_by(lab, 4500) == net.ISP_IP,
    "wrong-gateway": lambda lab: pinged(lab)[0] == 0 and pinged(lab, 56, net.FACILITY_IP)[0] == 1
    and "192.168.10.254" in lab.run(["ip", "route", "show", "default"]).stdout,
    "asymmetric-route": lambda lab: healthy_tls(lab) and met_as(lab, net.MIO_IP) == net.ISP_IP
    and met_as(lab) == net.FACILITY_WAN_IP,
    "dns-denied-by-terminal": lambda lab: "not permitted" in lab.run(["dig", "+tries=1", "+time=1", SEC]).stdout
    or dig(lab)[0] == "silent",
    "sec-rejected-few-notices": lambda lab: code(lab, SEC) != OK and code(lab) == OK,
    "proxy-tcp-only-dns-blocked": lambda lab: dig(lab)[0] == "silent" and healthy_ike(lab) and code(lab) != OK,
    **{name: (lambda lab: six(lab) == OK and code(lab) != OK)
       for name in ("ipv6-only", "ipv6-only-nat64", "ipv6-only-clat-dead")},
    "ipv6-name-on-ipv4-terminal": lambda lab: dig(lab, SEC, "AAAA")[1] == ["2400:4050::64"] and dig(lab, SEC)[1] == []
    and code(lab) == OK,
    # The terminal's own routes and its gateway
    **{name: (lambda lab: healthy_tls(lab) and healthy_ike(lab)) for name in (
        "route-by-rule", "route-in-halves", "route-metrics")},
    "route-uplink-down": lambda lab: via(lab) == "192.168.10.254" and code(lab) != OK,
    **{name: (lambda lab: kinds(lab, 500, "v3")[0] not in ("ike", "silent") and code(lab, SEC) == NO_CONNECT and code(lab) == OK)
       for name in ("route-unreachable-sec", "route-blackhole-sec", "route-rule-sec")},
    "route-prohibit-mio": lambda lab: code(lab) == NO_CONNECT and code(lab, SEC) == OK,
    "route-unreachable-sec-mio-expired": lambda lab: code(lab, SEC) == NO_CONNECT and certificate(lab, 10, other=None),
    "route-no-ipv6-expired": lambda lab: dig(lab, SEC, "AAAA")[1] == ["2400:4050::64"] and dig(lab, SEC)[1] == []
    and certificate(lab, 10, other=None),
    "gateway-missing-lan-dns": lambda lab: dig(lab)[1] == [net.SEC_IP] and via(lab) == "192.168.10.254"
    and code(lab) != OK,
    "gateway-missing-ipv6": lambda lab: "fe80::dead" in lab.run(["ip", "-6", "route", "show", "default"]).stdout
    and dig(lab)[0] == "silent",
    "route-on-link": lambda lab: via(lab) is None and code(lab) != OK,
    "no-address": lambda lab: lab.run(["ip", "-4", "addr", "show", "dev", "eth0"]).stdout == "",
    # IPv6
    "ipv6-rejected": lambda lab: code(lab) == OK and six(lab) != OK
    and "prohibited" in lab.run(["ping", "-6", "-c", "1", "-W", "1", net.MIO_IP6]).stdout.lower(),
    "ipv6-no-route": lambda lab: code(lab) == OK and six(lab) == NO_CONNECT and dig(lab, MIO, "AAAA")[1] == [net.MIO_IP6],
    "ipv4-tcp-dropped-ipv6-works": lambda lab: code(lab) == TIMEOUT and six(lab) == OK,
    "dns-aaaa-silent": lambda lab: dig(lab)[1] == [net.SEC_IP] and dig(lab, SEC, "AAAA")[0] == "silent",
    "dns-aaaa-nxdomain": lambda lab: dig(lab)[1] == [net.SEC_IP] and dig(lab, SEC, "AAAA")[0] == "NXDOMAIN",
    "dns-aaaa-servfail": lambda lab: dig(lab)[1] == [net.SEC_IP] and dig(lab, SEC, "AAAA")[0] == "SERVFAIL",
    # DNS and the hosts file
    "dns-ipv6-server": lambda lab: healthy_tls(lab) and f"SERVER: {net.DNS_IP6}" in lab.run(["dig", SEC]).stdout,
    "dns-one-name-missing": lambda lab: dig(lab, MIO)[0] == "NXDOMAIN" and dig(lab)[1] == [net.SEC_IP],
    "dns-no-addresses": lambda lab: dig(lab) == dig(lab, MIO) == ("NOERROR", [])
    and dig(lab, "xyzzy.ccr.ncc.go.jp")[0] == "NXDOMAIN",
    "dns-garbage": lambda lab: "malformed" in lab.run(["dig", "+tries=1", "+time=1", SEC]).stdout.lower(),
    "dns-forged-first": lambda lab: dig(lab)[1] == [net.SEC_IP]
    and "unexpected" in lab.run(["dig", "+tries=1", "+time=1", SEC]).stdout.lower().replace("id mismatch", "unexpected"),
    "dns-noise": lambda lab: healthy_tls(lab) and "RRSIG" in lab.run(["dig", SEC]).stdout,
    "dns-slow": lambda lab: dig(lab)[0] == "silent" and dig(lab, SEC, "+time=3")[1] == [net.SEC_IP],
    "dns-dropped": lambda lab: dig(lab)[0] == "silent" and dig(lab, SEC, "+tcp")[1] == [net.SEC_IP],
    "dns-rejected": lambda lab: dig(lab)[0] != "NOERROR" and dig(lab, SEC, "+tcp")[1] == [net.SEC_IP],
    "dns-second-server-silent": lambda lab: dig(lab, SEC, f"@{net.DNS2_IP}")[0] == "silent" and healthy_tls(lab),
    "dns-blocked-name": lambda lab: dig(lab, MIO)[1] == ["0.0.0.0"] and dig(lab)[1] == [net.SEC_IP],
    "hosts-comment": lambda lab: healthy_tls(lab) and "# 203.0.113.99" in lab.run(["cat", "/etc/hosts"]).stdout,
    "hosts-stale-ipv6": lambda lab: lookup(lab) == ["2001:db8:dead::1"] and dig(lab)[1] == [net.SEC_IP],
    "hosts-loopback": lambda lab: lookup(lab, MIO) == ["127.0.0.1"] and dig(lab, MIO)[1] == [net.MIO_IP],
    "hosts-stale-mio": lambda lab: lookup(lab, MIO) == ["203.0.113.98"] and dig(lab, MIO)[1] == [net.MIO_IP],
    "hosts-upper-case": lambda lab: healthy_tls(lab) and dig(lab)[0] == "NXDOMAIN",
    # HTTP, portals, proxies
    "http-503": lambda lab: curl(lab)[2] == 503,
    "http-closed": lambda lab: code(lab) == 52,
    "http-off-site": lambda lab: get(lab, f"https://{MIO}/")[::2] == (302, "https://www.example.jp/"),
    "http-redirect-loop": lambda lab: code(lab, MIO, "-L", "-m", "20") == 47,
    "http-redirect-cookie": lambda lab: code(lab, MIO, "-L", "-m", "20") == 47 and code(lab, MIO, "-L", "-b", "", "-m", "5") == OK,
    "http-handshake-slow": lambda lab: code(lab) == TIMEOUT and code(lab, MIO, "-m", "15") == OK,
    "vpn-portal-redirect-ftp": lambda lab: curl(lab, "portal.internal.gtol.ncc.go.jp")[2] == 308,
    "vpn-portal-redirect-loop": lambda lab: code(lab, "portal.internal.gtol.ncc.go.jp", "-L", "--max-redirs", "9",
                                                      "-m", "20") == 47,
    "vpn-portal-handshake-slow": lambda lab: portal(lab) == TIMEOUT,
    "http-silent": lambda lab: code(lab) == TIMEOUT and "Preflight Lab" in issuer(lab, MIO),
    "http-403": lambda lab: curl(lab)[2] == 403,
    "captive-portal-200": lambda lab: get(lab, f"http://{MIO}/")[:2] == (200, "Welcome, please log in")
    and code(lab) == TIMEOUT and silent_ike(lab, 500, 4500),
    "captive-portal-http-only": lambda lab: get(lab, f"http://{MIO}/")[0] == 302 and code(lab) == TIMEOUT
    and silent_ike(lab, 500, 4500),
    "web-filter-http": lambda lab: get(lab, "http://ganjoho.jp/")[2] == "http://portal.hotel.example/login"
    and healthy_tls(lab) and healthy_ike(lab),
    "proxy-dead-exempt": lambda lab: through_proxy(lab) == (OK, 0) and healthy_tls(lab),
    "proxy-dead-exempt-all": lambda lab: through_proxy(lab) == (OK, 0) and healthy_tls(lab),
    "proxy-dead-exempt-glob": lambda lab: through_proxy(lab)[0] == NO_CONNECT and browses(lab),
    "proxy-dead-exempt-list": lambda lab: through_proxy(lab) == (OK, 0) and browses(lab),
    "proxy-dead-exempt-address": lambda lab: through_proxy(lab)[0] == NO_CONNECT and not browses(lab),
    "proxy-dead-exempt-blanks": lambda lab: through_proxy(lab) == (OK, 0) and not browses(lab),
    "proxy-dead-for-http": lambda lab: through_proxy(lab) == (OK, 0) and browses(lab),
    "proxy-dead-socks": lambda lab: through_proxy(lab)[0] in (NO_CONNECT, 97) and healthy_tls(lab),
    "proxy-name-missing": lambda lab: through_proxy(lab)[0] == 5 and healthy_tls(lab),
    "proxy-refuses": lambda lab: through_proxy(lab) == (RECEIVE, 403) and healthy_tls(lab),
    "proxy-beside-no-scheme": lambda lab: through_proxy(lab) == (OK, 200) and healthy_tls(lab),
    "proxy-and-mio-down": lambda lab: through_proxy(lab)[1] >= 500 and code(lab) == NO_CONNECT,
    "vpn-proxy": lambda lab: not browses(lab, "portal.internal.gtol.ncc.go.jp") and portal(lab) == OK,
    "vpn-proxy-exempt": lambda lab: browses(lab, "portal.internal.gtol.ncc.go.jp"),
    "proxy-dead": lambda lab: not proxied(lab) and healthy_tls(lab),
    "proxy-auth-beside": lambda lab: through_proxy(lab) == (RECEIVE, 407) and healthy_tls(lab),
    "proxy-auth-only": lambda lab: through_proxy(lab) == (RECEIVE, 407) and dig(lab)[0] == "silent",
    "proxy-round-filter": lambda lab: through_proxy(lab) == (OK, 200) and code(lab) == BAD_CERTIFICATE and code(lab, SEC) == OK,
    "proxy-only-orca": lambda lab: through_proxy(lab) == (OK, 200) and orca(lab)[0] == 7,
    "proxy-only-mio-refused": lambda lab: through_proxy(lab) == (OK, 200) and code(lab) == 7 and code(lab, SEC) == OK,
    "proxy-script": lambda lab: healthy_tls(lab) and curl(lab, "http://192.168.10.1:8080/proxy.pac")[3].startswith("function FindProxyForURL"),
    "proxy-no-direct-tcp": lambda lab: through_proxy(lab) == (OK, 200) and code(lab) == TIMEOUT and healthy_ike(lab),
    # The gateway
    "gateway-off": lambda lab: code(lab, SEC) == TIMEOUT and silent_ike(lab, 500, 4500) and code(lab) == OK,
    "ike-guard-version": lambda lab: kinds(lab, 500, "good", "v3", "v1") == ["ike", "silent", "silent"],
    "ike-half-open-limit": lambda lab: kinds(lab, 500, "good", "v3") == kinds(lab, 4500, "good", "v3") == ["silent", "ike"],
    "ike-one-a-second": lambda lab: {answer for _ in range(3) for answer in kinds(lab, 500, "v3")} == {"ike", "silent"}
    and healthy_tls(lab),
    "udp-one-new-flow-a-second": lambda lab: {answer for _ in range(3) for answer in kinds(lab, 500, "v3")}
    == {"ike", "silent"},
    "udp-four-ports": lambda lab: [kinds(lab, 500, "v3") for _ in range(6)][-1] == ["silent"],
    "udp-state-one-second": lambda lab: healthy_ike(lab) and healthy_tls(lab),
    "vpn-passthrough-one-port": lambda lab: [kinds(lab, 4500, "v3") for _ in range(2)] == [["ike"], ["silent"]],
    "vpn-passthrough-keeps-4500": lambda lab: [kinds(lab, 4500, "v3") for _ in range(2)] == [["ike"], ["silent"]],
    "gateway-rate-limited": lambda lab: {answer for _ in range(5) for answer in kinds(lab, 500, "v3")} == {"ike", "silent"}
    and healthy_tls(lab),
    # Certificates and TLS
    **{f"cert-{variant}-sec": (lambda lab, number=number: certificate(lab, number, SEC, MIO))
       for variant, number in (("not-yet-valid", 9), ("unknown-ca", 19), ("self-signed", 18), ("incomplete-chain", 20))},
    "cert-wrong-name-sec": lambda lab: code(lab, SEC) == BAD_CERTIFICATE and code(lab) == OK,
    "cert-expired-both": lambda lab: certificate(lab, 10, other=None) and certificate(lab, 10, SEC, None),
    "cert-intercepted-mio": lambda lab: certificate(lab, 19) and "FortiGate CA" in issuer(lab, MIO),
    "tls-1.0-only": lambda lab: code(lab) == TLS_FAILED
    and code(lab, MIO, "--tls-max", "1.0", "--tlsv1.0", "--ciphers", "ALL:@SECLEVEL=0") == OK,
    "tls-1.3-only": lambda lab: code(lab, MIO, "--tls-max", "1.2") == TLS_FAILED and code(lab) == OK,
    "tls-1.2-only": lambda lab: code(lab, MIO, "--tlsv1.3") == TLS_FAILED and code(lab) == OK,
    "tls-none": lambda lab: code(lab) == TLS_FAILED and get(lab, f"http://{MIO}:443/")[0] == 200,
    "tls-reset-sec": lambda lab: code(lab, SEC) == TLS_FAILED and code(lab) == OK,
    # In the VPN
    "vpn-portal-name-missing": lambda lab: dig(lab, "portal.internal.gtol.ncc.go.jp")[0] == "NXDOMAIN"
    and portal(lab, "portal2.internal.gtol.ncc.go.jp") == OK,
    "vpn-portal-cert-expired": lambda lab: certificate(lab, 10, "portal.internal.gtol.ncc.go.jp",
                                                       "portal2.internal.gtol.ncc.go.jp"),
    "vpn-inside-dns-refused": lambda lab: dig(lab, "portal.internal.gtol.ncc.go.jp")[0] == "REFUSED",
    "vpn-inside-dns-servfail": lambda lab: dig(lab, "portal.internal.gtol.ncc.go.jp")[0] == "SERVFAIL",
    "vpn-orca-auth-rejected": lambda lab: code(lab, "auth.cmo.orcamo.jp") == NO_CONNECT
    and code(lab, "sms.orca.orcamo.jp") == OK,
    # The terminal
    "clock-one-hour-behind": lambda lab: healthy_tls(lab) and 0.9 < hours_off(lab) < 1.1,
    "clock-one-hour-ahead": lambda lab: healthy_tls(lab) and -1.1 < hours_off(lab) < -0.9,
    "clock-two-minutes-off": lambda lab: healthy_tls(lab) and 0.02 < hours_off(lab) < 0.05,
    "clock-three-months-ahead": lambda lab: certificate(lab, 10, other=None) and -61 < hours_off(lab) / 24 < -59,
    "disk-just-below": lambda lab: 98_000_000 < space(lab) < 100_000_000,
    "disk-just-above": lambda lab: 100 * 1024 * 1024 < space(lab) < 107_000_000,
    "disk-read-only": lambda lab: lab.run(["touch", "/opt/x"]).returncode == 1 and space(lab) > 190_000_000,
    **{f"os-{name}": (lambda lab, wanted=wanted: (os_release(lab)["ID"], os_release(lab)["VERSION_ID"]) == wanted)
       for name, wanted in (("debian-12", ("debian", "12")), ("debian-11", ("debian", "11")),
                            ("ubuntu-24.04", ("ubuntu", "24.04")), ("ubuntu-25.04", ("ubuntu", "25.04")),
                            ("fedora-41", ("fedora", "41")), ("almalinux-9", ("almalinux", "9.6")),
                            ("unknown", ("gentoo", "2.17")))},
    "conflict-check-point": lambda lab: installed(lab, "snx"),
    "conflict-several": lambda lab: all(installed(lab, name) for name in ("openvpn", "virtualbox-7.0", "kesl")),
    "line-dial-up": lambda lab: dig(lab)[0] == "silent" and slow_tls(lab) == OK and healthy_tls(lab),
    "ike-router-answers-v1": lambda lab: kinds(lab, 500, "good", "v1") == kinds(lab, 4500, "good", "v1") == ["silent", "ike"],
    "ike-router-answers-4500": lambda lab: translated(lab, 500) == (True, False) and translated(lab, 4500) == (False, True),
    "ike-router-answers-500": lambda lab: translated(lab, 500) == (False, True) and translated(lab, 4500) == (True, False),
    "ike-router-has-own-vpn": lambda lab: translated(lab, 500) == translated(lab, 4500) == (True, False)
    and list(ike(lab, 500, "good", host=net.FACILITY_IP).values())[0]["answer"] == "ike",
    "gateway-answers-late": lambda lab: silent_ike(lab, 500, 4500) and healthy_tls(lab) and pinged(lab)[1] < 1000,
    "gateway-waking": lambda lab: kinds(lab, 500, "good") == ["silent"]
    and kinds(lab, 500, "v3", "bad", "good")[-1] == kinds(lab, 4500, "v3")[0] == "ike",
    "routing-loop-sec": lambda lab: ttl_exceeded(lab, net.SEC_IP) in (net.FACILITY_IP, net.FACILITY_WAN_IP, net.ISP_IP)
    and code(lab) == OK,
    "link-wifi": lambda lab: "DEVTYPE=wlan" in lab.run(["cat", "/sys/class/net/eth0/uevent"]).stdout,
    "captive-portal-200-tls": lambda lab: get(lab, f"http://{MIO}/")[:2] == (200, "Welcome, please log in")
    and certificate(lab, 18, other=None) and silent_ike(lab, 500, 4500),
    "ipv6-tcp-reset": lambda lab: code(lab) == OK and six(lab) == NO_CONNECT,
    "vpn-portal-cert-unknown-ca": lambda lab: certificate(lab, 19, "portal.internal.gtol.ncc.go.jp",
                                                          "portal2.internal.gtol.ncc.go.jp"),
    "udp-4500-dropped-by-isp": lambda lab: silent_ike(lab, 4500) and healthy_tls(lab),
    "tcp-443-mio-dropped": lambda lab: code(lab) == TIMEOUT and code(lab, SEC) == OK,
    "dns-split": lambda lab: dig(lab, MIO)[1] == ["172.16.5.5"] and dig(lab)[1] == [net.SEC_IP],
    # Lines of carriers, and the router's own DNS server
    "line-map-e": lambda lab: mapped_ports(lab) <= set(range(20480, 20720)) and path_mtu(lab) == 1460 and healthy_tls(lab),
    "line-ds-lite": lambda lab: met_as(lab) == net.ISP_IP and path_mtu(lab) == 1460 and healthy_tls(lab),
    "line-shared-address": lambda lab: met_as(lab) == net.ISP_IP and healthy_tls(lab) and healthy_ike(lab),
    "line-bursts": lambda lab: lost_in_a_row(lab) > 2 and slow_tls(lab) == OK,
    "line-doubled": lambda lab: "DUP!" in lab.run(["ping", "-c", "30", "-i", "0.02", net.SEC_IP]).stdout,
    "home-gateway-dns": lambda lab: dig(lab, SEC, f"@{net.FACILITY_IP}")[1] == [net.SEC_IP] and healthy_tls(lab),
    "home-gateway-edns-dropped": lambda lab: dig(lab)[0] == "silent" and dig(lab, SEC, "+noedns")[1] == [net.SEC_IP],
    "home-gateway-edns-refused": lambda lab: dig(lab)[0] == "FORMERR" and dig(lab, SEC, "+noedns", "+tcp")[0] == "closed",
    "home-gateway-aaaa-refused": lambda lab: dig(lab, SEC, "AAAA")[0] == "REFUSED" and healthy_tls(lab),
    "home-gateway-aaaa-as-a": lambda lab: dig(lab, SEC, "AAAA")[1] == [net.SEC_IP] and healthy_tls(lab),
    "home-gateway-one-per-port": lambda lab: lookup(lab) == [net.SEC_IP] and slow_tls(lab) == OK,
    "home-gateway-one-question": lambda lab: lookup(lab) == [net.SEC_IP] and slow_tls(lab) == OK,
    "dns-fourth-server": lambda lab: lookup(lab) == [] and dig(lab, SEC, f"@{net.DNS_IP}")[1] == [net.SEC_IP],
    "resolv-link-local": lambda lab: healthy_tls(lab) and dig(lab, SEC, "@fe80::53:1%eth0")[1] == [net.SEC_IP],
    "dns64-without-nat64": lambda lab: dig(lab, MIO, "AAAA")[1] == ["64:ff9b::85a2:5269"] and six(lab) != OK and healthy_tls(lab),
    "vpn-client-killed": lambda lab: kinds(lab, 500, "v3") == ["ike"] and code(lab, net.MIO_IP, "-k") == NO_CONNECT and lookup(lab) == [],
    "route-table": lambda lab: healthy_tls(lab) and "default" not in lab.run(["ip", "-4", "route"]).stdout,
}
