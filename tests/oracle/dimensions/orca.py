"""The receipt computer's service: its client certificate, and how the server takes it."""

DIMENSION = "orca"
ONLY = {"profiles": ["orca"], "phases": ["before-vpn", "in-vpn"]}
OUTSIDE = {"profiles": ["orca"]}
PASS = {"text": "Lab-pass-0001"}


def held(rng):
    """What the terminal holds."""
    what, breaks = rng.choice([("good", False), ("expired", True), ("expiring", False), ("not-yet-valid", True), ("revoked", True),
                               ("unknown-ca", True), ("server-purpose", True)])
    return {"name": f"certificate-{what}", "break": [{"credentials": {"ca.crt": "orca", "client-0001.p12": what, "client-0001.pass": PASS}}],
            "causes": ["cert.*", "tls.client*"] if breaks or what == "expiring" else [], "touches": ["credentials"], **ONLY}


def password(rng):
    """The file with the password, as people and programs write it."""
    text, breaks = rng.choice([("Lab-pass-0001\n", False), ("Lab-pass-0001\r\n", False), ("wrong", True), ("lab-pass-0001", True)])
    return {"name": f"password-{text!r}", "break": [{"credentials": {"ca.crt": "orca", "client-0001.p12": "good", "client-0001.pass": {"text": text}}}],
            "causes": ["cert.*"], "touches": ["credentials"], **ONLY}


def server(rng):
    """The server's own certificate, and its CA."""
    what = rng.choice([{"cert": "expired"}, {"cert": "wrong-name"}, {"cert": "self-signed"}, {"cert": "unknown-ca"}, {"client_ca": None},
                       {"client_ca": "stranger"}, {"cert": "good"}])
    return {"name": "server-" + "-".join(f"{key}-{value}" for key, value in what.items()),
            "break": [{"server": {"name": "orca", "site": "ctrl.glcmo.orcamo.jp", **what}}], "causes": ["tls.*", "cert.*", "http.*"],
            "touches": ["orca-tls"], **OUTSIDE}


def alerts(rng):
    """A server that refuses with TLS alerts."""
    days = rng.choice([0, 0, 500])
    return {"name": f"alerts-{days}", "break": [{"server": {"name": "orca", "mode": "alerts", "days": days}}],
            "causes": ["tls.client*"] if days else [], "touches": ["orca-tls", "clock"], **OUTSIDE}


def inside(rng):
    """Sites inside the VPN, one of them down."""
    which = rng.choice(["orca_vpn", "orca_auth", "orca_sms"])
    end = rng.choice(["drop", "reject", "reject with tcp reset"])
    return {"name": f"{which}-{end.split()[-1]}", "break": [{"nft": {"at": "inside", "chain": "input", "rule": f"ip daddr ${which} tcp dport 443 {end}"}}],
            "causes": ["tcp.*", "net.*", "http.*"], "touches": ["orca-inside"], "profiles": ["orca"], "phases": ["in-vpn"]}


INGREDIENTS = [held, password, server, alerts, inside]
