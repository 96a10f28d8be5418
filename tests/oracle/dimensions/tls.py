"""Certificates, trust, and how TLS is spoken."""

from dimensions import _tools as t
import odd_chains

DIMENSION = "tls"
BAD = {"expired": ["tls.expired"], "not-yet-valid": ["tls.not-yet-valid"], "two-years-ahead": ["tls.not-yet-valid"],
       "wrong-name": ["tls.wrong-name"], "unknown-ca": ["tls.untrusted"], "self-signed": ["tls.self-signed", "tls.untrusted"],
       "incomplete-chain": ["tls.incomplete-chain"], "intercepted": ["tls.intercepted"]}
NODES = {"mio": "mio", "orca": "orca"}


def show(which, cert):
    """The host shows this certificate."""
    return {"server": {"name": "sec", "cert": cert} if which == "sec" else
            {"name": NODES[which], "site": t.NAMES[which], "cert": cert}}


def certificate(rng):
    which, kind = t.host(rng), rng.choice(list(BAD))
    return {"name": f"{which}-{kind}", "break": [show(which, kind)], "causes": [*BAD[kind], "clock.skew"],
            "touches": [f"{which}-tls"], "profiles": t.PROFILES[which]}


def inside_certificate(rng):
    site = rng.choice(["portal.internal.gtol.ncc.go.jp", "mio.intra.ccr.ncc.go.jp"])
    kind = rng.choice(list(BAD))
    return {"name": f"{site.split('.')[0]}-{kind}", "break": [{"server": {"name": "inside", "site": site, "cert": kind}}],
            "causes": [*BAD[kind], "clock.skew", "vpn.portal-down"], "touches": ["inside-tls"], "phases": ["in-vpn"],
            "profiles": ["registry", "gtol"]}


def versions(rng):
    """The versions that mio speaks."""
    spoken = rng.choice(["1.2", "1.3", "1.2 1.3", "1.1", "1", "1 1.1", "1 1.1 1.2", "1.1 1.2 1.3"])  # as nginx calls them
    works = "1.2" in spoken or "1.3" in spoken
    return {"name": f"mio-tls-{spoken.replace(' ', '-')}", "break": [{"server": {"name": "mio", "site": t.MIO, "tls": spoken}}],
            "causes": [] if works else ["tls.protocol", "tls.handshake"], "touches": ["mio-tls"], "profiles": t.PROFILES["mio"]}


def strength(rng):
    """Ciphers, groups and signatures that mio insists on."""
    ways, causes = rng.choice([
        ({"groups": "X25519"}, []), ({"groups": "P-256"}, []), ({"groups": "P-384"}, []),
        ({"ciphers": "ECDHE-ECDSA-AES128-GCM-SHA256", "versions": "1.2"}, []),
        ({"ciphers": "ECDHE-ECDSA-AES256-SHA", "versions": "1.2"}, []),
        ({"ciphers": "ECDHE-ECDSA-CHACHA20-POLY1305", "versions": "1.2"}, []),
        ({"ciphers": "ECDHE-ECDSA-NULL-SHA", "versions": "1.2"}, ["tls.*"]),
        ({"ciphers": "ADH-AES128-SHA", "versions": "1.2"}, ["tls.*"]),
        ({"signatures": "ECDSA+SHA256", "versions": "1.2"}, []), ({"signatures": "ECDSA+SHA1", "versions": "1.2"}, ["tls.*"]),
        ({"cert": "rsa", "ciphers": "AES128-SHA", "versions": "1.2"}, []),
        ({"cert": "rsa", "ciphers": "AES256-GCM-SHA384", "versions": "1.2"}, []),
        ({"cert": "rsa", "ciphers": "DHE-RSA-AES128-GCM-SHA256", "versions": "1.2", "dh": 1024}, ["tls.*"]),
        ({"cert": "rsa", "ciphers": "DHE-RSA-AES128-GCM-SHA256", "versions": "1.2", "dh": 2048}, []),
        ({"cert": "rsa", "signatures": "RSA+SHA1", "versions": "1.2", "ciphers": "ECDHE-RSA-AES128-SHA"}, ["tls.*"]),
        ({"cert": "rsa", "signatures": "RSA-PSS+SHA256"}, []), ({"cert": "rsa-1024"}, ["tls.*"]), ({"cert": "rsa-4096"}, []),
        ({"cert": "p-384"}, []), ({"cert": "p-192", "versions": "1.2"}, ["tls.*"])])
    return {"name": "mio-" + "-".join(f"{key}-{value}".replace(" ", "-") for key, value in ways.items()),
            "break": [{"web": {"site": "mio", **ways}}], "causes": causes, "touches": ["mio-tls", "mio-http"],
            "profiles": t.PROFILES["mio"]}


def chain(rng):
    """A chain of any shape, whose root the terminal trusts if the shape has one."""
    row = rng.choice([each for each in odd_chains.rows() if not each.serve])
    site, where = rng.choice([("mio", {"profiles": t.PROFILES["mio"]}), ("mio", {"profiles": t.PROFILES["mio"]}),
                              ("portal", {"profiles": ["registry", "gtol"], "phases": ["in-vpn"]})])
    return {"name": f"{site}-{'strict-' if row.stricter else ''}chain-{row.name}", "break": [{"web": {"site": site, "cert": f"chain:{row.name}"}}],
            "causes": ["tls.*", "clock.skew", "vpn.portal-down"] if row.cause else [],
            "touches": [f"{site}-tls", f"{site}-http", "trust", "web-inside"], **where}


def another_answers(rng):
    """Of several connections one, or all but one, get to somebody else."""
    kind = rng.choice(["self-signed", "expired", "wrong-name", "unknown-ca", "good"])
    when = rng.choice([{"times": 1}, {"times": 2}, {"after": 1}, {"after": 2}])
    return {"name": f"mio-{kind}-{'-'.join(f'{key}-{value}' for key, value in when.items())}",
            "break": [{"web": {"site": "mio", "cert": kind, **when}}],
            "causes": [] if kind == "good" else ["tls.*"], "touches": ["mio-tls", "mio-http"], "profiles": t.PROFILES["mio"]}


def interception(rng):
    """An appliance opens TLS; the terminal trusts its CA, or does not."""
    hosts, trusted = rng.choice(["mio", "sec", "both", "orca"]), rng.random() < 0.5
    among = {"mio": "$mio", "sec": "$sec", "both": "{ $sec, $mio }", "orca": "$orca_tls"}[hosts]
    return {"name": f"intercepted{'-trusted' if trusted else ''}-{hosts}",
            "break": [*([{"trust": "fortigate"}] if trusted else []), {"server": {"name": "interceptor", "down": False}},
                      {"nft": {"at": "facility", "chain": "dstnat", "rule": f"iifname lan0 ip daddr {among} tcp dport 443 redirect to :8444"}}],
            "causes": ["tls.intercepted", "tls.client-not-asked", "tls.client*", "http.*"],
            "touches": ["sec-tls", "mio-tls", "orca-tls", "trust"],
            "profiles": {"orca": ["orca"], "both": ["registry", "ccr-2021"]}.get(hosts, t.PROFILES.get(hosts, []))}


def trust(rng):
    """CAs that the terminal trusts besides, or does not."""
    what = rng.choice([{"without": "root"}, "fortigate", "stranger"])
    works = isinstance(what, str)
    return {"name": f"trust-{what if works else 'without-root'}", "break": [{"trust": what}],
            "causes": [] if works else ["tls.untrusted", "tls.incomplete-chain", "tls.root-on-demand"], "touches": ["trust"],
            "profiles": ["registry", "ccr-2021"], "phases": t.BOTH}


INGREDIENTS = [certificate, certificate, inside_certificate, versions, strength, strength, chain, chain,
               chain, another_answers, interception, trust]
