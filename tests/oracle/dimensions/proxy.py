"""Proxy settings of the terminal's environment, and the proxies themselves."""

from dimensions import _tools as t

DIMENSION = "proxy"
LIVE = "http://$router:3128"
UP = {"server": {"name": "proxy", "down": False}}
DEAD = ["http://$router:3129", "http://192.168.10.77:8080", "http://proxy.hospital.lan:8080", "http://127.0.0.1:3128", "$router:3999",
        "https://$router:3128", "socks5://$router:1080"]
EXEMPT = ["*", ".ccr.ncc.go.jp,.orcamo.jp,.ncc.go.jp", "ccr.ncc.go.jp,orcamo.jp,ncc.go.jp", "sec.ccr.ncc.go.jp,mio.ccr.ncc.go.jp,ctrl.glcmo.orcamo.jp",
          "localhost, .go.jp , .jp", "jp", ".jp", "localhost,127.0.0.1,.go.jp,.orcamo.jp", "MIO.CCR.NCC.GO.JP,SEC.ccr.ncc.go.jp,CTRL.glcmo.orcamo.jp",
          "mio.ccr.ncc.go.jp sec.ccr.ncc.go.jp ctrl.glcmo.orcamo.jp", "mio.ccr.ncc.go.jp:443,sec.ccr.ncc.go.jp:443"]
OTHERS = ["localhost", "127.0.0.1,::1", ".example.jp", "192.168.0.0/16,10.0.0.0/8", "133.162.82.0/24,219.97.232.0/24", "ncc", "*.ccr.ncc.go.jp,*.orcamo.jp",
          "mio", "cr.ncc.go.jp", "xmio.ccr.ncc.go.jp", "133.162.82.105,219.97.232.64", "", "<local>", "*.go.jp;*.orcamo.jp"]


def variables(rng, proxy):
    names = rng.choice([["https_proxy"], ["HTTPS_PROXY"], ["all_proxy"], ["ALL_PROXY"], ["http_proxy", "https_proxy"],
                        ["HTTP_PROXY", "HTTPS_PROXY"], ["http_proxy", "https_proxy", "all_proxy"]])
    return {name: proxy for name in names}


def working(rng):
    """A proxy that gets out, beside a direct way."""
    skipped = rng.choice([None, *EXEMPT, *OTHERS])
    env = variables(rng, rng.choice([LIVE, LIVE, "$router:3128", LIVE + "/"]))
    if skipped is not None:
        env[rng.choice(["no_proxy", "NO_PROXY"])] = skipped
    return {"name": f"works-{'-'.join(env)}-{skipped}", "break": [UP, {"env": env}], "causes": ["proxy.*", "vpn.*", "net.*", "http.*"],
            "touches": ["proxy"], "phases": t.BOTH}


def dead(rng):
    """A proxy that is not there; hosts are exempt from it, or are not."""
    exempt = rng.random() < 0.6
    skipped = rng.choice(EXEMPT) if exempt else rng.choice(OTHERS)
    env = {**variables(rng, rng.choice(DEAD)), rng.choice(["no_proxy", "NO_PROXY"]): skipped}
    return {"name": f"dead-{'-'.join(env)}-{skipped}", "break": [{"env": env}], "causes": ["proxy.*", "net.*"], "touches": ["proxy"],
            "phases": t.BOTH}


def for_others(rng):
    """Settings for what is not asked: plain HTTP only, FTP, empty ones."""
    env = rng.choice([{"http_proxy": "http://$router:3129"}, {"HTTP_PROXY": "http://$router:3129"}, {"ftp_proxy": "http://$router:3129"},
                      {"https_proxy": ""}, {"all_proxy": ""}, {"no_proxy": "*"}, {"https_proxy": "", "HTTPS_PROXY": ""},
                      {"no_proxy": ".go.jp"}])
    return {"name": "-".join(f"{key}-{value.replace('$', '')}" for key, value in env.items()), "break": [{"env": env}],
            "causes": ["proxy.*"], "touches": ["proxy"], "phases": t.BOTH}


def automatic(rng):
    """A script says which proxy is to be used (PAC): it is there and says so or so, or is not there."""
    what = rng.choice(["direct", "proxy", "dead-proxy", "dead-proxy-or-direct", "gone", "not-found", "inside-direct"])
    says = {"direct": "DIRECT", "proxy": "PROXY 192.168.10.1:3128", "dead-proxy": "PROXY 192.168.10.1:3999",
            "dead-proxy-or-direct": "PROXY 192.168.10.1:3999; DIRECT"}.get(what, "PROXY 192.168.10.1:3999")
    test = "dnsDomainIs(host, 'go.jp') || dnsDomainIs(host, 'orcamo.jp') ? 'DIRECT' : " if what == "inside-direct" else ""
    script = f"function FindProxyForURL(url, host) {{ return {test}'{says}'; }}"
    body = "location / { return 404; }" if what == "not-found" else \
        f'location / {{ default_type application/x-ns-proxy-autoconfig; return 200 "{script}"; }}'
    place = "http://192.168.10.1:8081/proxy.pac" if what == "gone" else "http://192.168.10.1:8080/proxy.pac"
    return {"name": f"script-{what}", "break": [UP, {"server": {"name": "captive", "down": False, "site": "portal.hotel.example", "body": body}},
                                                {"env": {"auto_proxy": place}}],
            "causes": ["proxy.*", "net.*", "vpn.*", "http.*"], "touches": ["proxy", "captive"], "phases": t.BOTH}


def asks(rng):
    """A proxy that asks who is there."""
    user = rng.choice(["", "", "clinic:lab-password@", "clinic:wrong@"])
    skipped = rng.choice([None, rng.choice(EXEMPT)])
    env = {"https_proxy": f"http://{user}$router:3128", **({"no_proxy": skipped} if skipped else {})}
    return {"name": f"asks-{user.rstrip('@').replace(':', '-') or 'nobody'}-{skipped}",
            "break": [{"server": {"name": "proxy", "down": False, "auth": True}}, {"env": env}], "causes": ["proxy.*", "net.*"],
            "touches": ["proxy"]}


def only_way(rng):
    """The proxy is the only way out for some or all."""
    closed = rng.choice(["iifname lan0 tcp dport 443 drop", "iifname lan0 drop", "iifname lan0 tcp dport { 80, 443 } reject with tcp reset",
                         "iifname lan0 meta l4proto tcp drop"])
    return {"name": f"only-way-{closed.replace(' ', '-')}",
            "break": [UP, {"nft": {"at": "facility", "chain": "forward", "rule": closed}}, {"env": variables(rng, LIVE)}],
            "causes": ["net.*", "tcp.*", "dns.*", "proxy.*"], "touches": ["proxy", "sec-tcp", "mio-tcp", "orca-tcp", "sec-udp-500", "sec-udp-4500"]}


def script(rng):
    """A name server that knows wpad, with nobody there or a script; the terminal is not set to look for it."""
    return {"name": "wpad-name", "break": [{"dns": {"names": {"wpad": [rng.choice(["$router", "192.168.10.77"])],
                                                              "wpad.hospital.lan": ["$router"]}}}],
            "causes": [], "touches": ["dns-server"]}


INGREDIENTS = [working, dead, dead, for_others, automatic, asks, only_way, script]
