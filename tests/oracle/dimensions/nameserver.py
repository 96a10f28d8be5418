"""What the DNS servers are and say: home gateways with their own proxies, answers by type, filters."""

from dimensions import _tools as t

DIMENSION = "nameserver"
ROUTER = {"resolvers": ["192.168.10.1"]}
# What becomes of a home gateway's own DNS proxy; the first ones do no harm to a resolver that asks for A and AAAA over UDP.
PROXIES = [
    {"tcp": "closed"}, {"tcp": "silent"}, {"edns": "formerr"}, {"edns": "notimp"}, {"edns": "silent"}, {"edns": "servfail"},
    {"aaaa": "nodata"}, {"aaaa": "refused"}, {"aaaa": "notimp"}, {"aaaa": "formerr"}, {"aaaa": "servfail"}, {"aaaa": "nxdomain"},
    {"aaaa": "silent"}, {"aaaa": "a"}, {"serial": True, "delay_ms": 20}, {"serial": True, "delay_ms": 300}, {"per_port": True},
    {"per_second": 5}, {"per_second": 2}, {"delay_ms": 400}, {"cold_ms": 2500}, {"ttl": 0}, {"ttl": 2147483647},
    {"delay_ms": 1500}, {"aaaa": "refused", "tcp": "closed", "edns": "formerr"}, {"serial": True, "delay_ms": 60, "tcp": "closed"},
    {"aaaa": "silent", "tcp": "closed"}, {"per_port": True, "tcp": "closed"}, {"a": "a", "aaaa": "a", "ttl": 0},
]


def word(ways):
    return "-".join(f"{key}-{value}" for key, value in ways.items()).replace("_", "-")


def home_gateway(rng):
    ways = dict(rng.choice(PROXIES))
    option = rng.choice([None, None, None, "single-request", "single-request-reopen", "edns0", "use-vc", "rotate"])
    actions = [{"dns": {"server": "home-dns", "down": False, "mode": ways}}, ROUTER]
    if option:
        actions[1] = t.resolv(t.lines("nameserver 192.168.10.1", f"options {option}"))
    return {"name": f"home-gateway-{word(ways)}{'-' + option if option else ''}", "break": actions,
            "causes": ["dns.*"], "touches": ["resolver", "dns-server"]}


def home_gateway_well(rng):
    """One that answers as it should."""
    return {"name": "home-gateway", "break": [{"dns": {"server": "home-dns", "down": False}},
                                              rng.choice([ROUTER, {"resolvers": ["192.168.10.1", t.DNS]},
                                                          {"resolvers": ["2001:db8:10::1"]}])],
            "causes": [], "touches": ["resolver", "dns-server"]}


def by_type(rng):
    """What one name, or all, is told of one type."""
    which = rng.choice(["sec", "mio", "orca", "all", "all"])
    kind = rng.choice(["a", "aaaa", "aaaa", "both"])
    code = rng.choice(["nxdomain", "servfail", "refused", "nodata", "notimp", "formerr", "silent"])
    ways = {each: code for each in (["a", "aaaa"] if kind == "both" else [kind])}
    if which != "all":
        ways["only"] = [t.NAMES[which]]
    return {"name": f"{which}-{kind}-{code}", "break": [{"dns": {"mode": ways}}],
            "causes": ["dns.*", "net.*"] if kind != "aaaa" else ["dns.*"], "touches": ["dns-server"],
            **({"profiles": t.PROFILES[which]} if which != "all" else {})}


def whole_server(rng):
    mode = rng.choice(["silent", "refuse", "servfail", "truncate", "garbage", "forged-first", "noise", "no-addresses"])
    works = mode in ("truncate", "forged-first", "noise")
    return {"name": f"server-{mode}", "break": [{"dns": {"mode": mode}}],
            "causes": ["dns.*"] if works else ["dns.*", "net.*"], "touches": ["dns-server"]}


def one_question_fails(rng):
    """Right before and after."""
    number, count = rng.randrange(1, 16), rng.choice([1, 1, 1, 2])
    code = rng.choice(["servfail", "servfail", "refused", "silent", "nxdomain"])
    return {"name": f"questions-{number}-to-{number + count - 1}-{code}",
            "break": [{"dns": {"mode": {"fails": {"from": number, "count": count, "code": code}}}}],
            "causes": ["dns.*"], "touches": ["dns-server"]}


def elsewhere(rng):
    """A name leads to an address that is not the host's."""
    which = t.host(rng)
    address = rng.choice([*t.NOBODY, *t.PRIVATE, "127.0.0.1", "0.0.0.0", "192.0.2.1", "198.18.0.1", "169.254.1.1",
                          "100.64.0.9", "203.0.113.80", "133.162.82.105", "219.97.232.64"])
    harmless = address == t.ADDRESSES[which]
    return {"name": f"{which}-is-{address}", "break": [{"dns": {"names": {t.NAMES[which]: [address]}}}],
            "causes": [] if harmless else ["dns.*", "tcp.*", "tls.*", "net.*"], "touches": ["dns-server", f"{which}-address"],
            "profiles": t.PROFILES[which]}


def several_addresses(rng):
    """One of a host's addresses is dead, or none."""
    which = rng.choice(["sec", "mio"])
    dead = rng.sample([*t.NOBODY[:6]], rng.choice([1, 1, 2]))
    own = t.ADDRESSES[which]
    mixed = rng.choice([[*dead, own], [own, *dead], [own, own], [f"${which}6", own], ["2400:4050::64", own],
                        ["2001:db8:dead::1", own], [own, "64:ff9b::1:2"]])
    how = rng.choice(["drop", "reject", "reject with icmp type host-unreachable"])
    actions = [{"dns": {"names": {t.NAMES[which]: mixed}}}]
    for address in mixed:
        if address in dead and how != "reject":
            actions.append({"nft": {"at": "facility", "chain": "forward", "rule": f"ip daddr {address} {how}"}})
        elif address in dead:
            actions.append({"nft": {"at": "facility", "chain": "forward", "rule": f"ip daddr {address} tcp dport 443 reject with tcp reset"}})
    return {"name": f"{which}-has-{'-'.join(mixed)}-{how.split()[-1]}", "break": actions,
            "causes": ["dns.*", "tcp.*", "udp.*", "net.*"], "touches": ["dns-server", f"{which}-address"],
            "profiles": t.PROFILES[which]}


def wildcard(rng):
    """Names that do not exist have an address, as providers and portals do it; those that exist are right."""
    zones = rng.choice([["invalid"], ["ncc.go.jp"], ["jp"], ["invalid", "jp", "com"], ["ccr.ncc.go.jp"]])
    address = rng.choice([*t.NOBODY, *t.PRIVATE])
    return {"name": f"wildcard-{'-'.join(zones)}-{address}", "break": [{"dns": {"wildcard": {zone: address for zone in zones}}}],
            "causes": ["dns.*"], "touches": ["dns-server"]}


def dns64(rng):
    """DNS64 on a line that has a NAT64, or has none."""
    prefix = rng.choice(["64:ff9b::/96", "2001:db8:64::/96", "2400:bead:64::/96"])
    works = rng.random() < 0.5
    actions = [{"dns": {"dns64": prefix}}]
    if works:
        actions += [{"server": {"name": "nat64", "down": False, "prefix": prefix}},
                    {"nft": {"at": "isp", "chain": "srcnat",
                             "rule": "ip saddr 192.168.255.0/24 oifname != nat64 snat ip to 198.51.100.1"}}]
    return {"name": f"dns64-{prefix.split('/')[0]}-{'with' if works else 'without'}-nat64", "break": actions,
            "causes": [] if works else ["dns.*", "net.*", "tcp.*", "udp.*"], "touches": ["dns-server", "six"]}


def moved(rng):
    """The DNS servers are elsewhere: a private one of the facility, an IPv6 one, another port of call."""
    how = rng.choice(["dns2", "six", "facility", "both-families"])
    actions = {"dns2": [{"resolvers": ["$dns2"]}], "six": [{"resolvers": [t.DNS6]}],
               "both-families": [{"resolvers": [t.DNS6, t.DNS]}],
               "facility": [{"dns": {"server": "home-dns", "down": False}}, ROUTER]}[how]
    return {"name": f"servers-{how}", "break": actions, "causes": [], "touches": ["resolver"]}


INGREDIENTS = [home_gateway, home_gateway, home_gateway_well, by_type, by_type, whole_server, one_question_fails, elsewhere,
               several_addresses, wildcard, dns64, moved]
