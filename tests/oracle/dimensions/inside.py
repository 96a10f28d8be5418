"""What is inside the VPN."""

DIMENSION = "inside"
PHASE = {"phases": ["in-vpn"]}
GENERAL = {**PHASE, "profiles": ["registry", "gtol"]}
PORTAL, PORTAL2, MIO_INTRA = ("portal.internal.gtol.ncc.go.jp", "portal2.internal.gtol.ncc.go.jp", "mio.intra.ccr.ncc.go.jp")
HOSTS = {"portal": PORTAL, "portal2": PORTAL2, "mio_intra": MIO_INTRA}
ENDS = ["drop", "reject", "reject with tcp reset"]
NAMED = ["tcp.*", "vpn.portal-down", "http.*", "net.*", "dns.*", "tls.*"]


def closed(rng):
    """One or both portals, or mio, are closed."""
    which = rng.choice(["portal", "portal2", "mio_intra", "both"])
    end = rng.choice(ENDS)
    among = "{ $portal, $portal2 }" if which == "both" else f"${which}"
    return {"name": f"{which}-{end.split()[-1]}", "break": [{"nft": {"at": "inside", "chain": "input", "rule": f"ip daddr {among} tcp dport 443 {end}"}}],
            "causes": NAMED, "touches": ["portal-tcp", "mio-intra-tcp"], **GENERAL}


def portals_differ(rng):
    """The portal is down, and the second one works, or does not help either."""
    second = rng.choice(["works", "503", "404", "expired", "silent", "closed", "elsewhere", "unknown-ca"])
    action = {"works": [], "503": [{"server": {"name": "inside", "site": PORTAL2, "body": "location / { return 503; }"}}],
              "404": [{"server": {"name": "inside", "site": PORTAL2, "body": "location / { return 404; }"}}],
              "expired": [{"server": {"name": "inside", "site": PORTAL2, "cert": "expired"}}],
              "unknown-ca": [{"server": {"name": "inside", "site": PORTAL2, "cert": "unknown-ca"}}],
              "silent": [{"web": {"site": "portal2", "answer": {"end": "silent"}}}],
              "closed": [{"nft": {"at": "inside", "chain": "input", "rule": "ip daddr $portal2 tcp dport 443 reject with tcp reset"}}],
              "elsewhere": [{"server": {"name": "inside", "site": PORTAL2, "body": "return 302 https://www.example.jp/;"}}]}[second]
    first = rng.choice([{"nft": {"at": "inside", "chain": "input", "rule": f"ip daddr $portal tcp dport 443 {rng.choice(ENDS)}"}},
                        {"server": {"name": "inside", "site": PORTAL, "body": "location / { return 500; }"}}])
    return {"name": f"portal-{next(iter(first))}-portal2-{second}", "break": [*action, first], "causes": NAMED,
            "touches": ["portal-tcp", "portal-http", "portal2-http", "inside-tls", "web-inside"], **GENERAL}


def names(rng):
    """What the inside's DNS server says."""
    mode = rng.choice(["silent", "refuse", "servfail", {"aaaa": "silent"}, {"aaaa": "refused"}, {"delay_ms": 1200}, {"tcp": "closed"},
                       {"a": "nxdomain", "aaaa": "nxdomain", "only": [PORTAL]}, {"a": "servfail", "only": [MIO_INTRA]}, {"edns": "formerr"},
                       {"a": ["10.90.0.99"], "only": [PORTAL]}, {"fails": {"from": 3, "count": 1, "code": "servfail"}}, {"per_second": 4}])
    said = mode if isinstance(mode, str) else "-".join(f"{key}-{value}" for key, value in mode.items())
    return {"name": f"inside-dns-{said}", "break": [{"dns": {"server": "inside-dns", "mode": mode}}],
            "causes": ["dns.*", "vpn.portal-down", "tcp.*", "net.*"], "touches": ["inside-dns"], **PHASE}


def sizes(rng):
    """Large packets get lost in the tunnel, or around it."""
    size, where = rng.choice([1400, 1300, 1200, 1000, 600]), rng.choice(["sec", "isp"])
    rule = f'iifname {"inside0" if where == "sec" else "to-sec"} meta length > {size} drop'
    return {"name": f"larger-than-{size}-lost-at-{where}", "break": [{"nft": {"at": where, "chain": "raw", "rule": rule}}],
            "causes": ["tls.*", "http.*", "*mtu*", "vpn.portal-down", "tcp.*", "dns.*"], "touches": ["inside-size"], **PHASE}


def outside_closed(rng):
    """What lies outside is closed, which does not matter in the VPN."""
    rule = rng.choice(["ip daddr $mio drop", "udp dport 53 ip daddr $dns drop", "tcp dport 80 drop", "udp dport 500 drop"])
    return {"name": f"outside-{rule.replace(' ', '-')}", "break": [{"nft": {"at": "facility", "chain": "forward", "rule": rule}}],
            "causes": [], "touches": ["outside"], **PHASE}


def slow_start(rng):
    """The portal's first byte takes its time."""
    seconds, site = rng.choice([1, 3, 6, 9, 11, 15, 20]), rng.choice(["portal", "mio-intra"])
    return {"name": f"{site}-after-{seconds}-s", "break": [{"web": {"site": site, "answer": {"wait_first": seconds}}}],
            "causes": ["http.*", "vpn.portal-down", "tls.*"], "touches": ["web-inside", f"{site}-http"], **GENERAL}


INGREDIENTS = [closed, portals_differ, names, sizes, outside_closed, slow_start]
