"""The terminal's routes and families."""

from dimensions import _tools as t
import net

DIMENSION = "routes"
KINDS = ["unreachable", "throw", "blackhole", "prohibit"]


def host_route(rng):
    """A route for one host, as a VPN client that was killed leaves it behind."""
    which, kind = t.host(rng), rng.choice(KINDS)
    address = t.ADDRESSES[which]
    prefix = rng.choice(["", "/32", "/24"]) if which == "sec" else rng.choice(["", "/32"])
    network = str(address).rsplit(".", 1)[0] + ".0/24" if prefix == "/24" else address + prefix
    cut = kind != "throw"  # throw: the next table is asked, and there is none
    return {"name": f"{which}-{kind}{prefix}", "break": [{"ip": {"at": "terminal", "do": [f"route add {kind} {network}"]}}],
            "causes": ["net.*", "*.unreachable", "*.prohibited", "*.silent"], "touches": [f"{which}-route"],
            "profiles": t.PROFILES[which], "notes": "" if cut else "the look-up fails all the same"}


def host_route_elsewhere(rng):
    """A route for one host by way of somebody who is there, or is not."""
    which = t.host(rng)
    via, works = rng.choice([("192.168.10.1", True), ("192.168.10.77", False), ("192.168.10.254", False)])
    return {"name": f"{which}-via-{via}", "break": [{"ip": {"at": "terminal", "do": [f"route add {t.ADDRESSES[which]} via {via}"]}}],
            "causes": [] if works else ["net.*", "*.unreachable", "*.silent"], "touches": [f"{which}-route"],
            "profiles": t.PROFILES[which]}


def host_routes_beside(rng):
    """Such routes for somebody else."""
    address = rng.choice([*t.NOBODY, "219.97.232.65", "133.162.82.104", "10.90.0.10"])
    kind = rng.choice(KINDS)
    return {"name": f"{kind}-{address}", "break": [{"ip": {"at": "terminal", "do": [f"route add {kind} {address}"]}}],
            "causes": [], "touches": ["other-route"], "phases": t.BOTH if not address.startswith("10.90") else ["before-vpn"]}


def default_in_another_table(rng):
    """Policy routing: no default route in the main table, one in another."""
    table = rng.choice([50, 100, 200, 254 - rng.randrange(1, 50), 1000, 51820])
    how = rng.choice(["all", "to", "not fwmark 0x51", "from", "wrong-source", "low-priority"])
    rule = {"all": f"rule add from all lookup {table}", "to": f"rule add to 0.0.0.0/0 lookup {table}",
            "not fwmark 0x51": f"rule add not fwmark 0x51 lookup {table}", "from": f"rule add from 192.168.10.10 lookup {table}",
            "wrong-source": f"rule add from 192.168.77.0/24 lookup {table}",
            "low-priority": f"rule add from all lookup {table} priority 40000"}[how]
    works = how not in ("from", "wrong-source")
    return {"name": f"default-in-table-{table}-for-{how.replace(' ', '-')}",
            "break": [{"ip": {"at": "terminal", "do": [f"route add default via 192.168.10.1 dev eth0 table {table}", rule,
                                                       "route del default"],
                              "undo": ["route replace default via 192.168.10.1 dev eth0"]}}],
            "causes": [] if works else ["net.*", "dns.*", "*.unreachable"], "touches": ["routes"]}


def rule_for_host(rng):
    """A rule of its own for one host, to a table that has a way, or none, or refuses."""
    which = t.host(rng)
    what, works = rng.choice([("way", True), ("empty", True), ("unreachable", False), ("blackhole", False), ("prohibit", False),
                              ("dead", False)])
    do = {"way": ["route add default via 192.168.10.1 dev eth0 table 77"], "empty": [],
          "dead": ["route add default via 192.168.10.99 dev eth0 table 77"]}.get(what, [f"route add {what} default table 77"])
    return {"name": f"rule-{which}-to-{what}",
            "break": [{"ip": {"at": "terminal", "do": [*do, f"rule add to {t.ADDRESSES[which]} lookup 77"]}}],
            "causes": [] if works else ["net.*", "*.unreachable", "*.prohibited", "*.silent"], "touches": [f"{which}-route"],
            "profiles": t.PROFILES[which]}


def rule_refuses(rng):
    """A rule without a table."""
    which, kind = t.host(rng), rng.choice(["unreachable", "blackhole", "prohibit"])
    return {"name": f"rule-{which}-{kind}", "break": [{"ip": {"at": "terminal", "do": [f"rule add to {t.ADDRESSES[which]} {kind}"]}}],
            "causes": ["net.*", "*.unreachable", "*.prohibited", "*.silent"], "touches": [f"{which}-route"],
            "profiles": t.PROFILES[which]}


def split_default(rng):
    """Two halves instead of a default route, as VPN clients and some routers' clients set them."""
    where, works = rng.choice([("192.168.10.1", True), ("192.168.10.99", False)])
    keep = rng.random() < 0.5
    undo = [] if keep else ["route replace default via 192.168.10.1 dev eth0"]
    return {"name": f"halves-via-{where}{'' if keep else '-alone'}",
            "break": [{"ip": {"at": "terminal", "do": [f"route add 0.0.0.0/1 via {where}", f"route add 128.0.0.0/1 via {where}",
                                                       *([] if keep else ["route del default"])], "undo": undo}}],
            "causes": [] if works else ["net.*", "dns.*", "*.unreachable"], "touches": ["routes"]}


def no_way(rng):
    """No default route, or one that leads to nobody, or is told to lead nowhere."""
    kind = rng.choice(["none", "nobody", "unreachable", "blackhole", "prohibit"])
    new = {"none": "route del default", "nobody": f"route replace default via 192.168.10.{rng.randrange(100, 250)} dev eth0"}.get(
        kind, f"route replace {kind} default")
    undo = (["route del default"] if kind in KINDS else []) + ["route replace default via 192.168.10.1 dev eth0"]
    return {"name": f"default-{kind}", "break": [{"ip": {"at": "terminal", "do": [*(["route del default"] if kind in KINDS else []), new],
                                                         "undo": list(reversed(undo))}}],
            "causes": ["net.*", "dns.*", "*.unreachable"], "touches": ["routes"]}


def metrics(rng):
    """Two default routes over one adapter; the smaller number counts."""
    dead_first = rng.random() < 0.5
    first, second = ("192.168.10.99", "192.168.10.1") if dead_first else ("192.168.10.1", "192.168.10.99")
    a, b = sorted(rng.sample([0, 1, 50, 100, 256, 600, 1024], 2))
    return {"name": f"default-{first}-metric-{a}-and-{second}-metric-{b}",
            "break": [{"ip": {"at": "terminal", "do": ["route del default", f"route add default via {first} dev eth0 metric {a}",
                                                       f"route add default via {second} dev eth0 metric {b}"],
                              "undo": ["route replace default via 192.168.10.1 dev eth0"]}}],
            "causes": ["net.*", "dns.*", "*.unreachable"] if dead_first else [], "touches": ["routes"]}


def other_adapters(rng):
    """Adapters of virtual machines, containers and old modems, up or down, with addresses and routes of their own."""
    kinds = rng.sample([("docker0", "172.17.0.1/16"), ("virbr0", "192.168.122.1/24"), ("vboxnet0", "192.168.56.1/24"),
                        ("wwan0", "100.64.3.7/30"), ("enp5s0", "169.254.7.7/16"), ("br-lan", "10.0.75.1/20"),
                        ("vEthernet", "172.28.80.1/20")], rng.choice([1, 2, 3]))
    do = []
    for name, address in kinds:
        up = rng.random() < 0.7
        do += [f"link add {name} type veth peer name {name[:10]}-p", f"addr add {address} dev {name}",
               *([f"link set {name} up", f"link set {name[:10]}-p up"] if up else [])]
        if up and rng.random() < 0.3:
            do.append(f"route add default dev {name} metric {rng.choice([2000, 4096, 9000])}")
    return {"name": "adapters-" + "-".join(name for name, _ in kinds), "break": [{"ip": {
        "at": "terminal", "do": do, "undo": [f"link del {name}" for name, _ in kinds]}}], "causes": [], "touches": ["adapters"]}


def other_adapter_preferred(rng):
    """A second adapter has the better default route, and leads nowhere, or to one host only the wrong way."""
    which = rng.choice(["all", "sec", "mio"])
    target = "default" if which == "all" else f"{t.ADDRESSES[which]}"
    metric = "metric 5" if which == "all" else ""
    undo = ["link del wwan0"]
    do = ["link add wwan0 type veth peer name wwan0-p", "addr add 100.80.3.7/24 dev wwan0", "link set wwan0 up", "link set wwan0-p up"]
    if which == "all":
        do += ["route del default", "route add default via 192.168.10.1 dev eth0 metric 100"]
        undo = ["route replace default via 192.168.10.1 dev eth0", "route del default via 192.168.10.1 metric 100", "link del wwan0"]
    do.append(f"route add {target} dev wwan0 {metric}")
    return {"name": f"{which}-over-dead-wwan", "break": [{"ip": {"at": "terminal", "do": do, "undo": undo}}],
            "causes": ["net.*", "dns.*", "*.unreachable", "*.silent"], "touches": ["routes", "adapters"],
            **({"profiles": t.PROFILES[which]} if which != "all" else {})}


def second_uplink(rng):
    """A second line beside the first one, which works too; one of them is preferred."""
    first = rng.random() < 0.5
    cut = rng.choice([None, None, "udp dport { 500, 4500 }", "tcp dport 443", "ip daddr $sec"])
    breaks = [
        # The router has a second address, and knows by it which line is meant.
        {"ip": {"at": "terminal", "do": ["addr add 192.168.20.10/24 dev eth0", "route del default",
                                         f"route add default via 192.168.20.1 dev eth0 src 192.168.20.10 metric {10 if first else 500}",
                                         "route add default via 192.168.10.1 dev eth0 metric 100"],
                "undo": ["route replace default via 192.168.10.1 dev eth0"]}},
        {"ip": {"at": "facility", "do": ["addr add 192.168.20.1/24 dev lan0", "addr add 198.51.100.3/24 dev wan0"]}},
        {"nft": {"at": "facility", "chain": "srcnat", "rule": "ip saddr 192.168.20.0/24 oifname wan0 snat ip to 198.51.100.3"}}]
    if cut:
        breaks.append({"nft": {"at": "facility", "chain": "forward", "rule": f"ip saddr 192.168.20.0/24 {cut} drop"}})
    return {"name": f"second-uplink-{'preferred' if first else 'beside'}{'-without-' + cut.replace(' ', '-') if cut else ''}",
            "break": breaks, "causes": ["*.silent", "net.*"] if cut and first else [], "touches": ["routes", "nat"]}


def own_address(rng):
    """The terminal has an address of another kind: shared, public, several of them."""
    kind = rng.choice(["100.64.7.8", "100.100.1.2", "172.20.1.5", "10.200.3.4", "198.51.100.77", "several"])
    if kind == "several":
        return {"name": "several-addresses", "break": [{"ip": {"at": "terminal", "do": [
            f"addr add {each} dev eth0" for each in ("192.168.10.11/24", "169.254.9.9/16", "10.1.2.3/8")]}}],
            "causes": [], "touches": ["routes"]}
    return {"name": f"terminal-is-{kind}", "break": [
        {"ip": {"at": "facility", "do": [f"route add {kind} dev lan0"]}},
        {"ip": {"at": "terminal", "do": [f"addr add {kind}/32 dev eth0", f"route replace default via 192.168.10.1 dev eth0 src {kind}"],
                "undo": ["route replace default via 192.168.10.1 dev eth0"]}},
        {"nft": {"at": "facility", "chain": "srcnat", "rule": f"ip saddr {kind} oifname wan0 masquerade"}}],
        "causes": [], "touches": ["routes", "nat"]}


def gone(rng):
    """One family is not there."""
    kind = rng.choice(["no-ipv6-address", "no-ipv6-route", "ipv6-off", "ipv6-unreachable-route", "ipv6-dropped"])
    actions = {
        "no-ipv6-address": [{"ip": {"at": "terminal", "do": ["-6 route del default", f"-6 addr del {net.TERMINAL_IP6}/64 dev eth0"],
                                    "undo": [f"-6 route replace default via {net.FACILITY_IP6}",
                                             f"-6 addr add {net.TERMINAL_IP6}/64 dev eth0 nodad"]}}],
        "no-ipv6-route": [{"route": {"at": "terminal", "to": "default", "ipv6": True}}],
        "ipv6-off": [{"ip": {"at": "terminal", "do": [], "undo": [f"-6 route replace default via {net.FACILITY_IP6}",
                                                                  f"-6 addr add {net.TERMINAL_IP6}/64 dev eth0 nodad"]}},
                     {"sysctl": {"at": "terminal", "values": {"net.ipv6.conf.all.disable_ipv6": 1}}}],
        "ipv6-unreachable-route": [{"ip": {"at": "terminal", "do": ["-6 route add unreachable default metric 1"]}}],
        "ipv6-dropped": [{"nft": {"at": "facility", "chain": "forward", "rule": "meta nfproto ipv6 drop"}}],
    }[kind]
    both = rng.random() < 0.5
    if both:
        actions = [{"dns": {"names": {t.SEC: ["$sec", "$sec6"], t.MIO: ["$mio", "$mio6"]}}}, *actions]
    return {"name": kind + ("-names-have-both" if both else ""), "break": actions,
            "causes": ["net.*", "tcp.*", "udp.*"] if both else [],
            "touches": ["six", *(["dns-server", "sec-address", "mio-address"] if both else [])]}


def six_only_names(rng):
    """A host has IPv6 addresses only; the terminal has IPv6, or has not."""
    which, works = rng.choice(["sec", "mio"]), rng.random() < 0.5
    address = f"${which}6" if works else rng.choice([f"${which}6", "2400:4050::64"])
    actions = [{"dns": {"names": {t.NAMES[which]: [address]}}}]
    if not works:
        actions.append({"route": {"at": "terminal", "to": "default", "ipv6": True}})
    return {"name": f"{which}-is-{address}-{'with' if works else 'without'}-ipv6", "break": actions,
            "causes": ["dns.address-changed", "dns.hijacked"] if works else ["net.*", "dns.*", "*.unreachable"],
            "touches": ["six", "dns-server", f"{which}-address"], "profiles": t.PROFILES[which]}


def mobile(rng):
    """A mobile line: IPv6 only, with NAT64; the terminal's own translator lives, is dead, or is none."""
    clat = rng.choice([False, True, "dead"])
    prefix = rng.choice(["64:ff9b::/96", "2001:db8:64::/96", "2400:bead:64::/96"])
    without = rng.random() < 0.15
    return {"name": f"nat64-{prefix.split('/')[0]}-clat-{clat}{'-no-dns64' if without else ''}",
            "break": [{"nat64": {"prefix": prefix, "clat": clat, "dns64": not without}}],
            "causes": ["net.*", "dns.*", "*.silent", "*.unreachable"] if without else [],
            "touches": ["routes", "resolver", "dns-server", "six", "four", "nat"]}


def both_families(rng):
    """Hosts with addresses of both families, one of which is worse off."""
    end = rng.choice(["drop", "reject", "reject with icmpx type admin-prohibited", "none"])
    family = rng.choice(["ip", "ip6"])
    what = rng.choice(["tcp dport 443", "udp dport { 500, 4500 }", "meta l4proto { tcp, udp }"])
    actions = [{"dns": {"names": {t.SEC: ["$sec", "$sec6"], t.MIO: ["$mio", "$mio6"]}}}]
    if end != "none":
        hosts = "{ $sec, $mio }" if family == "ip" else "{ $sec6, $mio6 }"
        actions.append({"nft": {"at": "facility", "chain": "forward", "rule": f"{family} daddr {hosts} {what} {end}"}})
    return {"name": f"both-families-{family}-{what.split()[0]}-{end.split()[-1]}", "break": actions,
            "causes": [] if end == "none" else ["net.*", "tcp.*", "udp.*"],
            "touches": ["six", "dns-server", "sec-address", "mio-address", "sec-udp-500", "sec-udp-4500", "sec-tcp", "mio-tcp"]}


INGREDIENTS = [host_route, host_route_elsewhere, host_routes_beside, default_in_another_table, rule_for_host, rule_refuses,
               split_default, no_way, metrics, other_adapters, other_adapter_preferred, second_uplink, own_address, gone,
               six_only_names, mobile, mobile, both_families]
