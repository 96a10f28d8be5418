"""The line: what carriers in Japan give, sizes, loss and delay."""

from dimensions import _tools as t
import net

DIMENSION = "line"
SIZE_CAUSES = ["udp.large-answers", "*mtu*", "udp.fragments", "tls.silent", "tls.large*"]
NO_NOTICE = [{"nft": {"at": place, "chain": "output", "rule": "icmp type destination-unreachable icmp code frag-needed drop"}}
             for place in ("facility", "isp")]


def mtu(size):
    return [{"mtu": {"at": place, "device": "wan0", "mtu": size}} for place in ("facility", "isp")]


def clamp(size):
    return {"nft": {"at": "facility", "chain": "forward", "rule": f"tcp flags syn tcp option maxseg size set {size - 40}"}}


def smaller(rng):
    """A smaller line (PPPoE, tunnels, mobile); MSS is made to fit or not, and notices come or not."""
    size = rng.choice([1492, 1480, 1460, 1454, 1454, 1440, 1438, 1420, 1414, 1400, 1372, 1358, 1300, 1280])
    clamped, told = rng.random() < 0.5, rng.random() < 0.6
    where = rng.choice(["both", "both", "out", "in"])
    breaks = mtu(size) if where == "both" else mtu(size)[:1] if where == "out" else mtu(size)[1:]
    return {"name": f"mtu-{size}-{where}{'-clamped' if clamped else ''}{'' if told else '-without-notices'}",
            "break": [*breaks, *([clamp(size)] if clamped else []), *([] if told else NO_NOTICE)],
            "causes": SIZE_CAUSES, "touches": ["mtu", "icmp"]}


def frames_lost(rng):
    """A device below IP loses large packets, in one direction or both, of one kind or all."""
    size = rng.choice([1499, 1496, 1492, 1472, 1454, 1430, 1400, 1300, 1200, 1000, 800, 576])
    where, kind = rng.choice(["out", "in", "both"]), rng.choice(["", "", "meta l4proto udp", "meta l4proto tcp"])
    rule = f'iifname "wan0" {kind} meta length > {size} drop'.replace("  ", " ")
    places = {"out": ["isp"], "in": ["facility"], "both": ["facility", "isp"]}[where]
    return {"name": f"larger-than-{size}-{kind.split()[-1] if kind else 'any'}-lost-{where}",
            "break": [{"nft": {"at": place, "chain": "raw", "rule": rule}} for place in places],
            "causes": [*SIZE_CAUSES, "tls.*", "udp.silent"], "touches": ["mtu"]}


def map_e(rng):
    """MAP-E: one IPv4 address shared by ports, 1460 bytes."""
    count = rng.choice([16, 64, 240, 240, 1008])
    first = rng.randrange(1024, 64000, 16)
    flows = rng.choice([None, None, None, 8, 60, 200])
    breaks = [*mtu(1460), clamp(1460),
              {"nft": {"at": "facility", "chain": "srcnat", "rule": [
                  f"ip saddr 192.168.10.0/24 oifname wan0 meta l4proto {{ tcp, udp }} masquerade to :{first}-{first + count - 1}"
                  f"{rng.choice(['', ' random', ' fully-random'])}"]}}]
    if flows:
        breaks.append({"nft": {"at": "facility", "chain": "forward",
                               "rule": f"iifname lan0 oifname wan0 meta l4proto {{ tcp, udp }} ct state new ct count over {flows} drop"}})
    if rng.random() < 0.3:
        breaks.append({"sysctl": {"at": "facility", "values": {"net.netfilter.nf_conntrack_udp_timeout": rng.choice([5, 20, 30])}}})
    return {"name": f"map-e-{count}-ports{f'-{flows}-flows' if flows else ''}", "break": breaks,
            "causes": ["*"] if flows == 8 else SIZE_CAUSES, "touches": ["nat", "mtu", "sec-udp-500", "sec-udp-4500"]}


def few_ports(rng):
    """A translator with very few ports for UDP to one place."""
    count = rng.choice([1, 2, 3, 4, 8])
    first = rng.randrange(2000, 60000, 8)
    return {"name": f"{count}-udp-ports", "break": [{"nft": {"at": "facility", "chain": "srcnat", "rule":
            f"ip saddr 192.168.10.0/24 ip daddr $sec oifname wan0 meta l4proto udp masquerade to :{first}-{first + count - 1}"}}],
            "causes": ["udp.*"], "touches": ["nat", "sec-udp-500", "sec-udp-4500"], "profiles": t.PROFILES["sec"]}


def ds_lite(rng):
    """DS-Lite: the carrier translates, 1460 bytes."""
    clamped = rng.random() < 0.7
    ports = rng.choice(["", ":1024-2047", ":40000-40999 fully-random"])
    return {"name": f"ds-lite{'-clamped' if clamped else ''}{'-' + ports.split(' ')[0][1:] if ports else ''}", "break": [
        {"nat": False}, *mtu(1460), *([clamp(1460)] if clamped else []),
        {"nft": {"at": "isp", "chain": "srcnat", "rule": [
            f"ip saddr 192.168.10.0/24 oifname != wan0 meta l4proto {{ tcp, udp }} snat ip to {net.ISP_IP}{ports}",
            f"ip saddr 192.168.10.0/24 oifname != wan0 snat ip to {net.ISP_IP}"]}}],
        "causes": SIZE_CAUSES, "touches": ["nat", "mtu"]}


def shared_address(rng):
    """100.64/10: translated by the facility, and by the carrier once more."""
    own = f"100.{rng.randrange(64, 128)}.{rng.randrange(256)}.{rng.randrange(1, 255)}"
    limit = rng.choice([None, None, 30, 100])
    breaks = [{"ip": {"at": "facility", "do": [f"addr add {own}/32 dev wan0"]}},
              {"ip": {"at": "isp", "do": [f"route add {own} via 198.51.100.2"]}},
              {"nft": {"at": "facility", "chain": "srcnat", "rule": f"ip saddr 192.168.10.0/24 oifname wan0 snat ip to {own}"}},
              {"nft": {"at": "isp", "chain": "srcnat", "rule": f"ip saddr {own} oifname != wan0 snat ip to {net.ISP_IP}"}}]
    if limit:
        breaks.append({"nft": {"at": "isp", "chain": "forward", "rule": f"ip saddr {own} ct state new ct count over {limit} drop"}})
    return {"name": f"behind-{own}{f'-{limit}-sessions' if limit else ''}", "break": breaks,
            "causes": ["*"] if limit == 30 else [], "touches": ["nat"]}


def translation(rng):
    """How the facility translates, or that it does not."""
    what = rng.choice(["none", "random", "low-ports", "same-port"])
    if what == "none":
        return {"name": "no-nat", "break": [{"nat": False}], "causes": [], "touches": ["nat"]}
    ports = {"random": ":20000-60000 fully-random", "low-ports": ":512-1023", "same-port": " persistent"}[what]
    return {"name": f"nat-{what}", "break": [{"nft": {"at": "facility", "chain": "srcnat", "rule":
            f"oifname wan0 meta nfproto ipv4 meta l4proto {{ tcp, udp }} masquerade{' to ' + ports if ports.startswith(':') else ports}"}}],
            "causes": [], "touches": ["nat"]}


def slow(rng):
    """Far away, or in jumps."""
    rtt = rng.choice([5, 15, 30, 60, 120, 200, 350, 600, 900])
    jitter = rng.choice([0, 0, 5, 20, 80, 250])
    return {"name": f"rtt-{rtt}-jitter-{jitter}", "break": [{"relay": {"rtt_ms": rtt, "jitter_ms": jitter, "seed": rng.randrange(10000)}}],
            "causes": [], "touches": ["relay"], "phases": ["before-vpn", "in-vpn"]}


def lossy(rng):
    """Packets get lost, one by one or in rows, in one direction or both."""
    loss, burst = rng.choice([0.5, 1, 2, 3, 5]), rng.choice([0, 0, 0, 3, 6])
    ways = {"loss": loss, "burst": burst, "rtt_ms": rng.choice([0, 10, 40, 90]), "directions": rng.choice([3, 3, 1, 2]),
            "seed": rng.randrange(10000)}
    return {"name": f"loss-{loss}-burst-{burst}-rtt-{ways['rtt_ms']}-way-{ways['directions']}", "break": [{"relay": ways}],
            "causes": [], "touches": ["relay"], "phases": ["before-vpn", "in-vpn"]}


def unsteady(rng):
    """Duplicates, packets that overtake others, short interruptions, and narrow lines."""
    ways = rng.choice([{"duplicated": 5}, {"duplicated": 50}, {"overtaking": 10}, {"overtaking": 40, "jitter_ms": 30},
                       {"every_ms": 2000, "down_ms": 150}, {"every_ms": 5000, "down_ms": 600}, {"kbit": 64}, {"kbit": 256},
                       {"kbit": 1000, "rtt_ms": 60}, {"duplicated": 20, "overtaking": 20, "loss": 1, "rtt_ms": 20}])
    return {"name": "-".join(f"{key}-{value}".replace("_", "-") for key, value in ways.items()),
            "break": [{"relay": {**ways, "seed": rng.randrange(10000)}}], "causes": [], "touches": ["relay"],
            "phases": ["before-vpn", "in-vpn"]}


def notices(rng):
    """ICMP is filtered, rare, or says nothing."""
    rule, where = rng.choice([("meta l4proto icmp drop", "forward"), ("icmp type destination-unreachable drop", "output"),
                              ("icmp type time-exceeded drop", "output"), ("icmp type echo-request drop", "forward"),
                              ("meta l4proto icmp limit rate over 1/second burst 1 packets drop", "output")])
    place = rng.choice(["facility", "isp"])
    return {"name": f"icmp-at-{place}-{rule.replace(' ', '-')}", "break": [{"nft": {"at": place, "chain": where, "rule": rule}}],
            "causes": [], "touches": ["icmp"]}


def more_routers(rng):
    return {"name": "one-router-more", "break": [{"hop": "isp"}], "causes": [], "touches": ["hop"]}


INGREDIENTS = [smaller, smaller, frames_lost, frames_lost, map_e, few_ports, ds_lite, shared_address, translation, slow, lossy,
               unsteady, notices, more_routers]
