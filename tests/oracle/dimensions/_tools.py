"""What several dimensions draw from."""

import net

SEC, MIO, ORCA = "sec.ccr.ncc.go.jp", "mio.ccr.ncc.go.jp", "ctrl.glcmo.orcamo.jp"
NAMES = {"sec": SEC, "mio": MIO, "orca": ORCA}
ADDRESSES = {"sec": net.SEC_IP, "mio": net.MIO_IP, "orca": net.ORCA_TLS_IP}
# Who has to do with which host.
PROFILES = {"sec": ["registry", "ccr-2021", "ccr-2017"], "mio": ["registry", "ccr-2021"], "orca": ["orca"]}
BOTH = ["before-vpn", "in-vpn"]
DNS, DNS2, DNS6 = net.DNS_IP, net.DNS2_IP, net.DNS_IP6
# Public addresses that nobody in the lab has.
NOBODY = ["1.66.98.7", "27.85.9.44", "36.55.240.12", "49.97.80.3", "60.32.85.210", "106.153.9.17", "118.103.20.5",
          "126.78.4.66", "153.120.43.9", "203.180.5.91", "210.150.26.8"]
PRIVATE = ["10.0.0.254", "10.66.3.20", "172.16.5.5", "172.31.0.80", "192.168.0.1", "192.168.10.250", "192.168.100.9"]


def host(rng, *among):
    return rng.choice(among or ["sec", "mio", "orca"])


def domain(rng):
    """A facility's own domain."""
    return rng.choice([f"hp{rng.randrange(1000)}.example.jp", f"clinic-{rng.randrange(100)}.local", "hospital.lan",
                       "ad.byoin.example.jp", "workgroup", "home.arpa", "corp.med.example.com"])


def resolv(text):
    return {"file": {"/etc/resolv.conf": text}}


def lines(*each):
    return "".join(f"{line}\n" for line in each)
