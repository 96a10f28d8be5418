"""Other VPNs on the terminal, and what clients left behind."""

from dimensions import _tools as t

DIMENSION = "vpn"


def other(rng):
    """Somebody else's tunnel for a network of its own."""
    network = rng.choice(["10.99.0.0/16", "172.22.0.0/16", "192.168.77.0/24", "100.80.0.0/12"])
    return {"name": f"other-{network}", "break": [{"vpn": "other"}, {"ip": {"at": "terminal", "do": [f"route add {network} dev $tunnel"]}}],
            "causes": [], "touches": ["tunnel"]}


def other_takes(rng):
    """Somebody else's tunnel takes one of the hosts, or all."""
    which = rng.choice(["sec", "mio", "orca", "all", "dns"])
    to = {"all": ["0.0.0.0/1", "128.0.0.0/1"], "dns": [t.DNS]}.get(which) or [t.ADDRESSES[which]]
    return {"name": f"other-takes-{which}", "break": [{"vpn": "other"}, {"ip": {"at": "terminal", "do": [f"route add {each} dev $tunnel" for each in to]}}],
            "causes": ["*.silent", "net.*", "dns.*", "tcp.*", "udp.*", "*.unreachable"], "touches": ["tunnel", "routes", *(["resolver"] if which == "dns" else [])],
            **({"profiles": t.PROFILES[which]} if which in t.PROFILES else {})}


def killed(rng):
    """AnyConnect was killed: no default route, the inside's DNS server."""
    return {"name": "killed", "break": [{"vpn": "killed"}], "causes": ["net.*", "dns.*"], "touches": ["tunnel", "routes", "resolver"],
            "before": True}  # it must have been connected once


def left(rng):
    """What clients leave behind, piece by piece."""
    what = rng.choice(["dns", "dns-first", "route-sec", "address", "rule", "search"])
    actions, causes, touches = {
        "dns": ([{"resolvers": ["10.90.0.53"]}], ["dns.*", "net.*"], ["resolver"]),
        "dns-first": ([{"resolvers": ["10.90.0.53", t.DNS]}], ["dns.*"], ["resolver"]),
        "route-sec": ([{"ip": {"at": "terminal", "do": ["route add $sec via 192.168.10.1 dev eth0"]}}], [], ["sec-route", "four"]),
        "address": ([{"ip": {"at": "terminal", "do": ["addr add 10.91.0.77/32 dev lo"]}}], [], ["lo"]),
        "rule": ([{"ip": {"at": "terminal", "do": ["rule add from all lookup 220 priority 220"]}}], [], ["routes"]),
        "search": ([t.resolv(t.lines("search internal.gtol.ncc.go.jp", f"nameserver {t.DNS}"))], [], ["resolver"])}[what]
    return {"name": f"left-{what}", "break": actions, "causes": causes, "touches": [*touches, "tunnel"]}


def outer_dns_first(rng):
    """In the VPN the facility's DNS server stands before the VPN's, or beside it."""
    order = rng.choice([[t.DNS, "10.90.0.53"], [t.DNS2, "10.90.0.53"], ["192.168.10.1", "10.90.0.53"], ["10.90.0.53", t.DNS], [t.DNS],
                        ["192.168.10.77", "10.90.0.53"]])
    good = order[0] == "10.90.0.53"
    return {"name": f"in-vpn-dns-{'-'.join(order)}", "break": [{"resolvers": order}], "causes": [] if good else ["dns.*"],
            "touches": ["resolver"], "phases": ["in-vpn"]}


def inside_routes(rng):
    """In the VPN the terminal has a route of its own for the inside, as when the facility uses the same addresses."""
    network, works = rng.choice([("10.90.0.10", False), ("10.90.0.0/24", False), ("10.0.0.0/8", True), ("10.91.0.0/24", True),
                                 ("10.90.0.30", False), ("10.200.0.0/16", True)])
    kind = rng.choice(["via 192.168.10.1 dev eth0", "via 192.168.10.77 dev eth0"])
    return {"name": f"inside-{network}-{kind.split()[1]}", "break": [{"ip": {"at": "terminal", "do": [f"route add {network} {kind}"]}}],
            "causes": ["*.silent", "*.unreachable", "net.*", "vpn.portal-down", "tcp.*"] if not works or network == "10.0.0.0/8" else [],
            "touches": ["inside-route"], "phases": ["in-vpn"]}


INGREDIENTS = [other, other_takes, killed, left, outer_dns_first, outer_dns_first, inside_routes]
