"""Pairs of independent faults, generated from the single ones. README.md tells the rule."""

import functools
import hashlib
from itertools import combinations

import faults
import judge

HOSTS = ("mio", "sec", "orca")  # outside the VPN
INSIDE = ("portal", "portal2", "mio-intra", "orca-vpn", "orca-auth", "orca-sms")

# What each thing needs. A fault of what it needs shows in the thing too, or hides what would show there.
NEEDS = {
    # The terminal; none of this needs the network.
    "os": (), "disk": (), "software": (), "installed": (), "adapter": (), "proxy": (), "clock": (), "orca-ca": (),
    "client-cert": ("clock", "orca-ca"),
    # The way out: whether the terminal is outside the VPN, its line, and the resolver.
    "outside": (), "line": ("outside",), "nat": ("line",), "resolver": ("line",),
    "line-quality": ("line",), "icmp": ("line",), "mtu": ("line",),
    **{f"{host}-name": ("resolver",) for host in HOSTS},
    **{f"{host}-tcp": (f"{host}-name",) for host in HOSTS},
    **{f"{host}-tls": (f"{host}-tcp", "clock") for host in HOSTS},
    "orca-tls": ("orca-tcp", "clock", "client-cert"),
    **{f"{host}-http": (f"{host}-tls",) for host in HOSTS},
    "sec-udp-500": ("sec-name", "nat"), "sec-udp-4500": ("sec-name", "nat"), "sec-udp-443": ("sec-name",),
    "sec-fragments": ("sec-udp-4500",),
    "info-http": ("resolver",),
    "clock-check": ("clock", "mio-http"),  # it looks at the time that mio tells
    # In the VPN.
    "inside": (), "inside-resolver": ("inside",),
    **{f"{host}-tcp": ("inside-resolver",) for host in INSIDE},
    **{f"{host}-tls": (f"{host}-tcp", "clock") for host in INSIDE},
    **{f"{host}-http": (f"{host}-tls",) for host in INSIDE},
}
ATTEMPTS = 4  # pairs that each fault is in, where that many are independent


@functools.cache
def reach(touched):
    """What is touched (a frozenset), with all that needs it."""
    found = set(touched)
    while True:
        more = {thing for thing, needs in NEEDS.items() if found & set(needs)} - found
        if not more:
            return found
        found |= more


def is_in_vpn(fault):
    return any("vpn" in action for action in fault["break"])


def touched(fault, other):
    """Connecting the VPN takes everything outside out of reach, unless both are there anyway."""
    leaves = ["outside"] if is_in_vpn(fault) and not is_in_vpn(other) else []
    return frozenset([*fault["touches"], *leaves])


def profiles(fault):
    """The profiles that a fault's run asks for; None when it has options that reach beyond its own checks."""
    args = fault.get("args", [])
    if not set(args[::2]) <= {"--profile", "--set"}:
        return None
    return [value for option, value in zip(args, args[1:]) if option == "--profile"] or ["registry"]


def joined_args(a, b):
    """One command line that asks for both, or None."""
    if a.get("args", []) == b.get("args", []):
        return a.get("args", [])
    if profiles(a) is None or profiles(b) is None:
        return None
    wanted = [part for name in dict.fromkeys(profiles(a) + profiles(b)) for part in ("--profile", name)]
    for fault in (a, b):
        args = fault.get("args", [])
        rest = [args[i:i + 2] for i in range(0, len(args), 2) if args[i] != "--profile"]
        wanted += [part for option in rest for part in option]
    return wanted


def why_dependent(a, b):
    """The reason why two faults are no pair, or None."""
    if a.get("user") != b.get("user"):
        return "another user runs the checker"
    if joined_args(a, b) is None:
        return "other checks are asked for"
    for one, other in ((a, b), (b, a)):
        both = reach(touched(one, other)) & {*other["touches"], *other.get("shows", [])}
        if both:
            return f"{one['name']} changes {', '.join(sorted(both))}, where {other['name']} shows"
    return None


def has_effect(fault):
    """Whether a fault is to be named, or is one of the line, which must not hide or bring about anything."""
    expect = fault["expect"]
    usual = {"os.unsupported"} if "orca" in (profiles(fault) or []) else set()
    return bool(expect["causes"] or set(expect.get("warnings", [])) - usual or fault["touches"] == ["line-quality"])


def joined_break(a, b):
    """Both breaks. What both say is done once; of two sets of credentials, that of the fault which is about them."""
    actions = list(a["break"])
    for action in b["break"]:
        rival = [found for found in actions if "credentials" in found and "credentials" in action]
        if not rival:
            actions += [action] if action not in actions else []
        elif {"client-cert", "orca-ca"} & set(b["touches"]):
            actions[actions.index(rival[0])] = action
    return actions


def failing(checks):
    """What a fault expects to pass, the other may break."""
    return {name: wanted for name, wanted in checks.items() if wanted["verdict"] != "pass"}


def joined_expect(a, b):
    return {"exit": max(a["exit"], b["exit"], key=judge.EXITS.index), "causes": sorted(a["causes"] + b["causes"]),
            "warnings": sorted({*a.get("warnings", []), *b.get("warnings", [])}),
            "or": {**a.get("or", {}), **b.get("or", {})},
            "checks": {**failing(a.get("checks", {})), **failing(b.get("checks", {}))}}


def join(a, b):
    return {"name": f"{a['name']}+{b['name']}", "title": f"{a['title']}; {b['title']}", "of": (a["name"], b["name"]),
            "kind": " × ".join(sorted((a["kind"], b["kind"]))), "break": joined_break(a, b),
            "args": joined_args(a, b), "user": a.get("user"), "expect": joined_expect(a["expect"], b["expect"])}


def independent(singles):
    """All pairs of faults that are independent, in an order that has nothing to do with their names."""
    broken = [fault for fault in singles if has_effect(fault)]
    found = [(a, b) for a, b in combinations(broken, 2) if why_dependent(a, b) is None]
    return sorted(found, key=lambda pair: hashlib.sha256(f"{pair[0]['name']}+{pair[1]['name']}".encode()).digest())


def choose(pairs):
    """Each two kinds of fault that meet at all, and each fault ATTEMPTS times, where there are so many."""
    met, times, chosen = set(), {}, []
    for a, b in pairs:
        kinds = frozenset((a["kind"], b["kind"]))
        if kinds in met and min(times.get(a["name"], 0), times.get(b["name"], 0)) >= ATTEMPTS:
            continue
        met.add(kinds)
        for fault in (a, b):
            times[fault["name"]] = times.get(fault["name"], 0) + 1
        chosen.append((a, b))
    return chosen


def generate(singles=None):
    singles = singles or [faults.load(name) for name in faults.names()]
    return sorted((join(a, b) for a, b in choose(independent(singles))), key=lambda pair: pair["name"])
