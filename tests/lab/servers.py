"""The real servers of the lab, their configuration files and how to tell that they are ready."""

import copy
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import net
import odd_chains
from pki import faketime_environment
from process import Process, accepts, answers_dns

HERE = Path(__file__).resolve().parent
VPN_USER, VPN_PASSWORD = "clinic", "lab-password"

PUBLIC_NAMES = {
    "sec.ccr.ncc.go.jp": [net.SEC_IP],
    "mio.ccr.ncc.go.jp": [net.MIO_IP],
    "ganjoho.jp": [net.INFO_IP],
    "www.ganjoho.jp": [net.INFO_IP],
    "ctrl.glcmo.orcamo.jp": [net.ORCA_TLS_IP],
}
INSIDE_NAMES = {
    "portal.internal.gtol.ncc.go.jp": [net.PORTAL_IP],
    "portal2.internal.gtol.ncc.go.jp": [net.PORTAL2_IP],
    "mio.intra.ccr.ncc.go.jp": [net.MIO_INTRA_IP],
    "ctrl.cmo.orcamo.jp": [net.ORCA_VPN_IP],
    "auth.cmo.orcamo.jp": [net.ORCA_AUTH_IP],
    "sms.orca.orcamo.jp": [net.ORCA_SMS_IP],
}


class Server:
    """A process that is started again when its settings change; `down` in the settings leaves it stopped."""

    defaults = {}
    stop_signal = signal.SIGKILL

    def __init__(self, namespace, directory, **defaults):
        self.namespace = namespace
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.defaults = {"down": False, **copy.deepcopy(self.defaults), **defaults}
        self.settings = copy.deepcopy(self.defaults)
        self.process = None

    def start(self):
        self.launch()
        self.wait()

    def launch(self):
        if self.settings["down"]:
            return
        argv, env = self.command()
        self.process = Process(self.namespace, argv, self.directory / "log", env)

    def wait(self):
        if self.process:
            self.process.wait_until(self.ready)

    def stop(self):
        if self.process:
            self.process.stop(self.stop_signal)
            self.process = None

    def restart(self):
        self.stop()
        self.start()

    def change(self, **settings):
        unknown = settings.keys() - self.settings.keys()
        if unknown:
            raise ValueError(f"{type(self).__name__} has no setting {', '.join(sorted(unknown))}")
        self.settings.update(settings)
        self.restart()

    def reset(self):
        if self.settings != self.defaults:
            self.settings = copy.deepcopy(self.defaults)
            self.restart()

    def write(self, name, text):
        path = self.directory / name
        path.write_text("".join(line.lstrip(" ") for line in text.splitlines(keepends=True)))
        return path


class Unbound(Server):
    """A resolver whose whole world is one zone file.

    names     name -> addresses (IPv4 and IPv6)
    wildcard  zone -> address: every name in the zone that does not exist has this address
    mode      normal · refuse (REFUSED) · silent (drops every query) · servfail · truncate (TC on UDP, answers on TCP) ·
              a mode or the peculiarities of dns_stub.py, which then takes its place
    dns64     a prefix: names without IPv6 addresses get their IPv4 addresses behind it
    """

    defaults = {"mode": "normal", "names": {}, "wildcard": {}, "dns64": None}

    def stands_in(self):
        return self.settings["mode"] not in ("normal", "refuse", "silent", "servfail", "truncate")

    def command(self):
        mode = self.settings["mode"]
        if self.stands_in():
            names = self.write("names.json", json.dumps(self.settings["names"]))
            text = mode if isinstance(mode, str) else json.dumps(mode)
            return [sys.executable, "-B", HERE / "dns_stub.py", text, names, *self.settings["listen"]], {}
        lines = ["$TTL 300", "@ IN SOA ns.invalid. root.invalid. 1 3600 600 86400 300", "@ IN NS ns.invalid."]
        named = list(self.settings["names"].items())
        named += [(f"*.{zone}", [address]) for zone, address in self.settings["wildcard"].items()]
        lines += [f"{name}. IN {'AAAA' if ':' in address else 'A'} {address}"
                  for name, addresses in named for address in addresses]
        zone = self.write("zone", "\n".join(lines) + "\n")
        access = {"refuse": "refuse", "silent": "deny"}.get(mode, "allow")
        addresses = "\n".join(f"interface: {address}" for address in self.settings["listen"])
        source = f"auth-zone:\n name: .\n zonefile: {zone}\n for-downstream: no\n for-upstream: yes\n"
        if mode == "servfail":
            source = "auth-zone:\n name: .\n primary: 127.0.0.1\n for-downstream: no\n for-upstream: yes\n"
        policy = ["* CNAME rpz-tcp-only."] if mode == "truncate" else []
        dns64 = self.settings["dns64"]
        rules = self.write("policy", "\n".join(["$ORIGIN policy.", *lines[:3], *policy]) + "\n")
        source += f"rpz:\n name: policy.\n zonefile: {rules}\n"
        config = self.write("conf", f"""server:
            {addresses}
            username: ""
            chroot: ""
            directory: "{self.directory}"
            pidfile: ""
            use-syslog: no
            verbosity: 1
            do-daemonize: no
            module-config: "respip {'dns64 ' if dns64 else ''}iterator"
            {f'dns64-prefix: {dns64}' if dns64 else ''}
            do-not-query-localhost: no
            num-threads: 1
            edns-tcp-keepalive: no
            access-control: 0.0.0.0/0 {access}
            access-control: ::/0 {access}
            remote-control:
            control-enable: no
            {source}""")
        return ["unbound", "-d", "-c", config], {}

    def ready(self):
        if self.stands_in():  # perhaps not over TCP
            return "ready" in (self.directory / "log").read_text()
        return answers_dns(self.namespace, self.settings["listen"][0])

    def launch(self):
        (self.directory / "log").unlink(missing_ok=True)
        super().launch()


class Nginx(Server):
    """TLS and HTTP sites.

    sites  list of: host, listen, cert (a variant of pki.py, or none for plain HTTP), tls ("1.1" and so on), body,
           client_ca (a CA of pki.py: who connects must show a certificate of it; what is wrong with it, nginx says
           in a page with status 400)
    days   how far ahead the server's clock and certificates are
    """

    defaults = {"sites": [], "days": 0}

    def __init__(self, namespace, directory, pki, **defaults):
        super().__init__(namespace, directory, **defaults)
        self.pki = pki

    def site(self, site, listening):
        lines = ["server {"]
        tls = " ssl" if site.get("cert") else ""
        for address in site["listen"]:
            lines.append(f"listen {address}{tls}{'' if address in listening else ' backlog=4096'};")
            listening.add(address)
        lines.append(f"server_name {site['host']};")
        if tls:
            certificate = self.pki.server(site["host"], site["cert"])
            version = site.get("tls", "1.2 1.3")
            lines += [f"ssl_certificate {certificate.chain};", f"ssl_certificate_key {certificate.key};",
                      "ssl_protocols " + " ".join("TLSv" + v for v in version.split()) + ";"]
            if min(version.split()) < "1.2":
                lines.append('ssl_ciphers "ALL:@SECLEVEL=0";')
        if site.get("client_ca"):
            lines += [f"ssl_client_certificate {self.pki.authority(site['client_ca'])};",
                      f"ssl_crl {self.pki.revocations(site['client_ca'])};", "ssl_verify_client on;"]
        return "\n".join([*lines, site["body"], "}"])

    def command(self):
        listening = set()
        sites = "\n".join(self.site(site, listening) for site in self.settings["sites"])
        config = self.write("conf", f"""user root;
            worker_processes 1;
            daemon off;
            pid {self.directory}/pid;
            error_log {self.directory}/log warn;
            events {{ worker_connections 8192; }}
            http {{
            access_log off;
            server_tokens off;
            default_type text/html;
            types {{ text/html html; }}
            client_body_temp_path {self.directory}/t1;
            proxy_temp_path {self.directory}/t2;
            fastcgi_temp_path {self.directory}/t3;
            uwsgi_temp_path {self.directory}/t4;
            scgi_temp_path {self.directory}/t5;
            {sites}
            }}
            """)
        days = self.settings["days"]
        env = {"OPENSSL_CONF": str(self.write("openssl.cnf", ""))}
        return ["nginx", "-e", self.directory / "log", "-c", config], {**env, **(faketime_environment(days) if days else {})}

    def ready(self):
        address, port = self.settings["sites"][0]["listen"][0].rsplit(":", 1)
        return accepts(self.namespace, address.strip("[]"), int(port))

    def change_site(self, host, **changes):
        sites = copy.deepcopy(self.settings["sites"])
        found = [site for site in sites if site["host"] == host]
        for site in found:
            site.update(changes)
        if not found:
            raise ValueError(f"no site {host}")
        self.settings["sites"] = sites


def page(title):
    return f'location / {{ return 200 "<!DOCTYPE html><title>{title}</title>"; }}'


def mio_sites():
    return [
        {"host": "mio.ccr.ncc.go.jp", "cert": "good",
         "listen": [f"{net.MIO_IP}:443", f"{net.MIO_NEW_IP}:443", f"[{net.MIO_IP6}]:443"], "body": page("Hospital connection service")},
        {"host": "ganjoho.jp", "listen": [f"{net.INFO_IP}:443"], "cert": "good", "body": page("Information")},
        {"host": "ganjoho.jp", "listen": [f"{net.INFO_IP}:80"], "body": "return 301 https://ganjoho.jp/;"},
    ]


def inside_sites():
    sites = [{"host": name, "listen": [f"{addresses[0]}:443"], "cert": "good", "body": page("Sign in")}
             for name, addresses in INSIDE_NAMES.items() if name.startswith("portal")]
    return sites + [{"host": "mio.intra.ccr.ncc.go.jp", "listen": [f"{net.MIO_INTRA_IP}:443"], "cert": "good",
                     "body": "location = / { return 404; } "
                             'location /ikss/ { return 200 "<!DOCTYPE html><title>Sign in</title>"; }'}]


def orca_sites():
    return [{"host": "ctrl.glcmo.orcamo.jp", "listen": [f"{net.ORCA_TLS_IP}:443"], "cert": "orca", "client_ca": "orca",
             "tls": "1.2 1.3", "body": page("Management site")}]


def orca_inside_sites():
    """Besides the site itself, which asks for a certificate, the pages that it leads to."""
    sites = [{"host": name, "listen": [f"{INSIDE_NAMES[name][0]}:443"], "cert": "orca", "body": page(title)}
             for name, title in (("ctrl.cmo.orcamo.jp", "Management site"), ("auth.cmo.orcamo.jp", "Sign in"),
                                 ("sms.orca.orcamo.jp", "Receipt software management"))]
    sites[0]["client_ca"] = "orca"
    return sites


class Orca(Nginx):
    """The TLS 1.2 service: nginx, or (mode "alerts") tls_server.py, which refuses certificates with TLS alerts.

    days  in mode "alerts" only the clock that certificates are checked by is ahead
    """

    defaults = {**Nginx.defaults, "mode": "nginx"}

    def command(self):
        if self.settings["mode"] == "nginx":
            return super().command()
        site, = self.settings["sites"]
        certificate = self.pki.server(site["host"], site["cert"])
        asks = site.get("client_ca")
        address, port = site["listen"][0].rsplit(":", 1)
        config = self.write("json", json.dumps({
            "address": address, "port": int(port), "chain": str(certificate.chain), "key": str(certificate.key),
            "versions": site["tls"].split(), "title": "Management site", "days": self.settings["days"],
            "ca": str(self.pki.authority(asks)) if asks else None,
            "crl": str(self.pki.revocations(asks)) if asks else None}))
        days = self.settings["days"]
        return [sys.executable, HERE / "tls_server.py", config], {"PYTHONDONTWRITEBYTECODE": "1",
                                                                  **(faketime_environment(days) if days else {})}


class Web(Server):
    """web_server.py in the place of a site: what goes to the site's port 443 is led to it.

    host      whose certificate it shows (`cert`, a variant of pki.py, or a row of odd_chains.py); `versions`, `ciphers`,
              `dh` (bits), `signatures` and `groups` (lists of OpenSSL) of TLS
    answer    what it says, see Answer there
    """

    PORT = 8450
    defaults = {"down": True, "host": None, "cert": "good", "versions": "1.2 1.3", "ciphers": "", "dh": None, "signatures": "",
                "groups": "", "answer": {}}

    def __init__(self, namespace, directory, pki, **defaults):
        super().__init__(namespace, directory, **defaults)
        self.pki = pki

    def dh_parameters(self, bits):
        made = self.directory / f"dh-{bits}"
        if not made.exists():
            subprocess.run(["openssl", "dhparam", "-dsaparam", "-out", made, str(bits)], check=True, capture_output=True)
        return made

    def command(self):
        now = self.settings
        odd = now["cert"].startswith(odd_chains.PREFIX)
        certificate = odd_chains.make(self.pki, now["host"], now["cert"])[0] if odd else self.pki.server(now["host"], now["cert"])
        config = self.write("json", json.dumps({
            "port": self.PORT, "chain": str(certificate.chain), "key": str(certificate.key), "versions": now["versions"],
            "ciphers": now["ciphers"], "dh": str(self.dh_parameters(now["dh"])) if now["dh"] else None, "answer": now["answer"]}))
        options = "".join(f"{name} = {now[key]}\n" for name, key in (("SignatureAlgorithms", "signatures"), ("Groups", "groups"))
                          if now[key])
        openssl = self.write("openssl.cnf", "openssl_conf = all\n[all]\nssl_conf = tls\n[tls]\nsystem_default = server\n"
                                            f"[server]\nCipherString = ALL:@SECLEVEL=0\n{options}")
        return [sys.executable, "-B", HERE / "web_server.py", config], {"OPENSSL_CONF": str(openssl)}

    def ready(self):
        return "ready" in (self.directory / "log").read_text()

    def launch(self):
        (self.directory / "log").unlink(missing_ok=True)
        super().launch()


def captive_sites():
    redirect = "return 302 http://portal.hotel.example/login;"
    login = 'location /login { return 200 "<!DOCTYPE html><title>Welcome, please log in</title>"; } '
    return [
        {"host": "portal.hotel.example", "listen": [f"{net.FACILITY_IP}:8080"],
         "body": login + f"location / {{ {redirect} }}"},
        {"host": "portal.hotel.example", "listen": [f"{net.FACILITY_IP}:8443"], "cert": "self-signed",
         "body": f"location / {{ {redirect} }}"},
    ]


def intercepting_sites():
    return [{"host": host, "listen": [f"{net.FACILITY_IP}:8444"], "cert": "intercepted",
             "body": f"location / {{ proxy_pass https://{address}; proxy_ssl_server_name on; proxy_ssl_name {host}; "
                     f"proxy_set_header Host {host}; }}"}
            for host, address in (("mio.ccr.ncc.go.jp", net.MIO_IP), ("sec.ccr.ncc.go.jp", net.SEC_IP),
                                  ("ctrl.glcmo.orcamo.jp", net.ORCA_TLS_IP))]


class Ocserv(Server):
    """The AnyConnect service on TCP and UDP 443."""

    defaults = {"cert": "good", "days": 0, "udp": True}

    def __init__(self, namespace, directory, pki, preload=None, **defaults):
        super().__init__(namespace, directory, **defaults)
        self.pki = pki
        self.preload = preload
        hashed = subprocess.run(["openssl", "passwd", "-5", VPN_PASSWORD], check=True, capture_output=True, text=True)
        self.write("passwords", f"{VPN_USER}:*:{hashed.stdout.strip()}\n")

    def command(self):
        certificate = self.pki.server("sec.ccr.ncc.go.jp", self.settings["cert"])
        days = self.settings["days"]
        config = self.write("conf", f"""auth = "plain[passwd={self.directory}/passwords]"
            tcp-port = 443
            {'udp-port = 443' if self.settings['udp'] else ''}
            run-as-user = root
            run-as-group = root
            socket-file = {self.directory}/socket
            pid-file = {self.directory}/pid
            server-cert = {certificate.chain}
            server-key = {certificate.key}
            isolate-workers = false
            max-clients = 0
            max-same-clients = 0
            max-ban-score = 0
            rate-limit-ms = 0
            keepalive = 32400
            dpd = 90
            try-mtu-discovery = false
            tls-priorities = "NORMAL:%SERVER_PRECEDENCE:-VERS-SSL3.0:-VERS-TLS1.0:-VERS-TLS1.1"
            auth-timeout = 60
            cookie-timeout = 60
            rekey-time = 172800
            use-occtl = false
            device = vpns
            ipv4-network = {net.VPN_POOL}
            dns = {net.INSIDE_DNS_IP}
            tunnel-all-dns = true
            ping-leases = false
            cisco-client-compat = true
            dtls-legacy = true
            """)
        env = faketime_environment(days) if days else {}
        if self.preload:
            env["LD_PRELOAD"] = f"{env.get('LD_PRELOAD', '')} {self.preload}".strip()
        return ["ocserv", "-f", "-d", "1", "-c", config], env

    def ready(self):
        return accepts(self.namespace, net.SEC_IP, 443)


class StrongSwan(Server):
    """charon, with a directory of its own for what it would leave in /run."""

    def charon(self, connections, tunnel=False, options=""):
        """With `tunnel`, ESP runs in charon itself, through a TUN interface, ipsec0. `options` are more of charon's own."""
        runtime = self.directory / "run"
        shutil.rmtree(runtime, ignore_errors=True)
        runtime.mkdir()
        config = self.write("strongswan.conf", f"""charon {{
            load_modular = yes
            dh_exponent_ansi_x9_42 = no
            {options}
            install_routes = {'yes' if tunnel else 'no'}
            plugins {{
              include /etc/strongswan.d/charon/*.conf
              stroke {{ load = no }}
              bypass-lan {{ load = no }}
              dhcp {{ load = no }}
              resolve {{ load = no }}
              kernel-libipsec {{ load = {'yes' if tunnel else 'no'} }}
              vici {{ load = yes
                      socket = unix://{runtime}/vici }}
            }}
            filelog {{ {self.directory.name} {{ path = {self.directory}/charon.log
                                                default = 1
                                                flush_line = yes }} }}
            }}
            swanctl {{ load = pem pkcs1 x509 openssl random nonce }}
            """)
        swanctl = self.write("swanctl.conf", connections)
        # Its process id file has a fixed place, so it gets a /run of its own.
        script = (f"mount --bind {runtime} /run || exit 1; "
                  f"{{ until swanctl --load-all --file {swanctl} --uri unix://{runtime}/vici; do sleep 0.01; done; "
                  f"touch {runtime}/loaded; }} & exec /usr/lib/ipsec/charon")
        return ["unshare", "-m", "sh", "-c", script], {"STRONGSWAN_CONF": str(config), "SWANCTL_DIR": str(self.directory)}

    def hold(self, pki, name):
        """Puts a certificate for IKE, its key and the CAs where swanctl looks for them; returns the certificate."""
        certificate = pki.ike(name)
        for kind, file in (("x509ca", pki.authority("root")), ("x509ca", pki.authority("issuing")),
                           ("private", certificate.key)):
            (self.directory / kind).mkdir(exist_ok=True)
            shutil.copy(file, self.directory / kind)
        return certificate.chain

    def loaded(self):
        return (self.directory / "run/loaded").exists()


class Charon(StrongSwan):
    """IKE on UDP 500 and 4500: strongSwan, or a stand-in that answers in one way only.

    responder  strongswan · strongswan-v1 (IKEv1 only) · a mode of ike_stub.py
    tunnel     whoever knows the secret gets an address and reaches the inside
    certificates  so does whoever shows a certificate, in messages that are too large for one packet
    proposals  what it takes
    options  more of charon's own: limits on half-open IKE_SAs, delays
    """

    defaults = {"responder": "strongswan", "tunnel": False, "certificates": False, "options": "",
                "proposals": "aes256-sha256-modp2048,aes256-sha256-ecp256,aes256-sha256-curve25519,aes128-sha256-modp2048,"
                             "aes256-sha256-modp8192"}

    def __init__(self, namespace, directory, pki, **defaults):
        super().__init__(namespace, directory, **defaults)
        self.pki = pki

    def by_certificate(self, version, proposals):
        """Fragments of IP, none of IKE: what must be passed on for clients that know no others (RFC 7383)."""
        return f"""certificates {{
            version = {version}
            proposals = {proposals}
            fragmentation = no
            send_cert = always
            pools = inside
            local {{ auth = pubkey
                     certs = {self.hold(self.pki, "sec.ccr.ncc.go.jp")}
                     id = sec.ccr.ncc.go.jp }}
            remote {{ auth = pubkey
                      id = %any }}
            children {{ inside {{ local_ts = 10.90.0.0/24
                                  esp_proposals = aes256-sha256 }} }}
            }}"""

    def command(self):
        responder = self.settings["responder"]
        if not responder.startswith("strongswan"):
            return [sys.executable, HERE / "ike_stub.py", responder], {"PYTHONDONTWRITEBYTECODE": "1"}
        version = 1 if responder == "strongswan-v1" else 2
        proposals = self.settings["proposals"]
        tunnel, certificates = self.settings["tunnel"], self.settings["certificates"]
        return self.charon(f"""connections {{
            {self.by_certificate(version, proposals) if certificates else ''}
            terminals {{
            version = {version}
            proposals = {proposals}
            {'pools = inside' if tunnel else ''}
            local {{ auth = psk
                     id = sec.ccr.ncc.go.jp }}
            remote {{ auth = psk
                      id = {'clinic' if certificates else '%any'} }}
            children {{ inside {{ local_ts = 10.90.0.0/24
                                  {'esp_proposals = aes256-sha256' if tunnel else ''} }} }}
            }} }}
            pools {{ inside {{ addrs = {net.IKE_POOL} }} }}
            secrets {{ ike-lab {{ secret = lab }} }}
            """, tunnel, self.settings["options"])

    def ready(self):
        if self.settings["responder"].startswith("strongswan"):
            return self.loaded()
        return "ready" in (self.directory / "log").read_text()

    def launch(self):
        (self.directory / "log").unlink(missing_ok=True)
        super().launch()


class IkeClient(StrongSwan):
    """The terminal's own IKEv2 tunnel to the gateway."""

    defaults = {"down": True}

    def command(self):
        return self.charon(f"""connections {{ gateway {{
            version = 2
            remote_addrs = {net.SEC_IP}
            vips = 0.0.0.0
            proposals = aes256-sha256-modp2048
            local {{ auth = psk
                     id = clinic }}
            remote {{ auth = psk
                      id = sec.ccr.ncc.go.jp }}
            children {{ inside {{ remote_ts = 10.90.0.0/24
                                  esp_proposals = aes256-sha256
                                  start_action = start }} }}
            }} }}
            secrets {{ ike-lab {{ secret = lab }} }}
            """, tunnel=True)

    def ready(self):
        """Its address comes with the tunnel."""
        shown = net.run(["ip", "-n", self.namespace.name, "-4", "addr", "show", "dev", "ipsec0"], check=False).stdout
        return self.loaded() and "inet " in shown


class Translator(Server):
    """IPv4 to IPv6 and back, with tayga: the NAT64 of a carrier, or (`own`) the CLAT of a terminal.

    prefix  the IPv6 network that stands for all IPv4 addresses
    """

    defaults = {"down": True, "prefix": "64:ff9b::/96"}

    def __init__(self, namespace, directory, own=False, **defaults):
        super().__init__(namespace, directory, **defaults)
        self.device = "clat" if own else "nat64"

    def command(self):
        config = self.write("conf", f"""tun-device {self.device}
            prefix {self.settings['prefix']}
            ipv4-addr {net.CLAT_PEER_IP if self.device == 'clat' else net.NAT64_PEER_IP}
            ipv6-addr {net.CLAT_PEER_IP6 if self.device == 'clat' else net.NAT64_PEER_IP6}
            {f'map {net.CLAT_IP} {net.CLAT_IP6}' if self.device == 'clat' else f'dynamic-pool {net.NAT64_POOL}'}
            data-dir {self.directory}
            """)
        if self.device == "clat":
            routes = (f"ip link set clat up mtu 1472 && ip addr add {net.CLAT_IP}/32 dev clat && "
                      f"ip route add default dev clat src {net.CLAT_IP} && ip -6 route add {net.CLAT_IP6} dev clat")
        else:
            routes = (f"ip link set nat64 up && ip route add {net.NAT64_POOL} dev nat64 && "
                      f"ip -6 route add {self.settings['prefix']} dev nat64")
        return ["sh", "-c", f"tayga -c {config} --mktun && {routes} && echo ready && exec tayga -d -c {config}"], {}

    def ready(self):
        return "ready" in (self.directory / "log").read_text()

    def launch(self):
        (self.directory / "log").unlink(missing_ok=True)
        super().launch()

    def stop(self):
        super().stop()
        net.run(["ip", "-n", self.namespace.name, "link", "del", self.device], check=False)


class Tinyproxy(Server):
    """auth: it asks who is there (407); ports: those that it opens the way to, others it refuses (403)."""

    defaults = {"down": True, "auth": False, "ports": [443]}

    def ports(self):
        return "\n            ".join(f"ConnectPort {port}" for port in self.settings["ports"])

    def command(self):
        config = self.write("conf", f"""Port 3128
            Listen {net.FACILITY_IP}
            Timeout 60
            LogLevel Info
            MaxClients 100
            Allow 192.168.10.0/24
            {self.ports()}
            {'BasicAuth clinic lab-password' if self.settings['auth'] else ''}
            """)
        return ["ip", "netns", "exec", self.namespace.name, "tinyproxy", "-d", "-c", config], {}

    def ready(self):
        return accepts(self.namespace, net.FACILITY_IP, 3128)
