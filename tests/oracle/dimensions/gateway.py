"""What the gateway answers IKE with, and what answers in its place."""

from dimensions import _tools as t

DIMENSION = "gateway"
TAGS = ["sec-udp-500", "sec-udp-4500", "gateway"]


def stand_in(rng):
    """Something that answers, and is no VPN gateway for this terminal. (Who refuses every proposal, asks everybody for
    cookies for ever, or answers the first message of IKEv1 and no other, cannot be told from a gateway that likes others'
    proposals, or others.)"""
    what = rng.choice(["garbage", "echo"])
    return {"name": what, "break": [{"ike": what}], "causes": ["udp.*"], "touches": TAGS, "profiles": t.PROFILES["sec"]}


def version_one(rng):
    """A gateway of IKEv1, whose users have a client of it; IKEv2 it refuses, or ignores as many products do."""
    ignores = rng.random() < 0.5
    drop = "udp dport 500 @th,200,4 2 drop\nudp dport 4500 @th,64,32 0 @th,232,4 2 drop"
    return {"name": f"strongswan-v1{'-ignores-v2' if ignores else ''}",
            "break": [{"ike": "strongswan-v1"}, *([{"nft": {"at": "sec", "chain": "input", "rule": drop}}] if ignores else [])],
            "causes": [], "touches": TAGS, "profiles": t.PROFILES["sec"]}


def limits(rng):
    """How many half-open sessions it bears, and when it asks for cookies or blocks who begins too many."""
    option, number = rng.choice([("cookie_threshold", 1), ("cookie_threshold", 2), ("cookie_threshold_ip", 1), ("cookie_threshold_ip", 2),
                                 ("block_threshold", 1), ("block_threshold", 2), ("block_threshold", 3), ("init_limit_half_open", 1),
                                 ("init_limit_half_open", 2), ("init_limit_half_open", 5), ("half_open_timeout", 5)])
    also = rng.choice(["", "", "half_open_timeout = 5"])
    return {"name": f"{option.replace('_', '-')}-{number}{'-short' if also else ''}",
            "break": [{"server": {"name": "ike", "options": "\n".join(filter(None, [f"{option} = {number}", also]))}}],
            "causes": ["udp.*"] if option in ("block_threshold", "init_limit_half_open") else [], "touches": TAGS,
            "profiles": t.PROFILES["sec"]}


def slow(rng):
    """It takes its time."""
    way, delay = rng.choice(["receive_delay", "send_delay"]), rng.choice([100, 400, 900, 1500, 2500, 4000])
    return {"name": f"{way.replace('_', '-')}-{delay}", "break": [{"server": {"name": "ike", "options": f"{way} = {delay}"}}],
            "causes": ["udp.*"] if delay >= 900 else [], "touches": TAGS, "profiles": t.PROFILES["sec"]}


def proposals(rng):
    """What else it takes, and what it likes best. It always takes what the client offers: one that refuses that likes the
    proposals of others (the registry's own client, Windows', strongSwan's defaults), of which no document tells. Its
    refusal proves that the port is open both ways, which is what the rules ask for, so preflight says READY there."""
    first = rng.sample(["aes256gcm16-prfsha384-ecp384", "aes256-sha512-modp4096", "aes128-sha256-modp2048", "aes256-sha384-ecp521",
                        "aes256-sha256-curve25519", "3des-sha1-modp1024"], rng.choice([1, 2, 3]))
    text = ",".join(rng.sample([*first, "aes256-sha256-modp2048"], len(first) + 1))
    return {"name": f"takes-{text}", "break": [{"server": {"name": "ike", "proposals": text}}], "causes": [], "touches": TAGS,
            "profiles": t.PROFILES["sec"]}


def own_vpn(rng):
    """The facility's own VPN sits on these ports, and answers in the gateway's place."""
    ports = rng.choice(["500", "500", "4500", "{ 500, 4500 }"])
    who = rng.choice(["strongswan", "strongswan", "strongswan-v1", "v1-only"])
    return {"name": f"own-{who}-on-{ports.replace(' ', '')}",
            "break": [{"server": {"name": "utm-ike", "down": False, "responder": who}},
                      {"nft": {"at": "facility", "chain": "dstnat", "rule": f"iifname lan0 ip daddr $sec udp dport {ports} redirect"}}],
            "causes": ["udp.*"], "touches": TAGS, "profiles": t.PROFILES["sec"]}


def own_vpn_beside(rng):
    """The facility has a VPN of its own, which takes nothing away from others."""
    return {"name": "own-beside", "break": [{"server": {"name": "utm-ike", "down": False}}], "causes": [], "touches": ["gateway"],
            "profiles": t.PROFILES["sec"]}


def gone(rng):
    """A part of the gateway does not run."""
    what, actions, causes = rng.choice([
        ("ike", [{"server": {"name": "ike", "down": True}}], ["udp.*"]), ("anyconnect", [{"server": {"name": "sec", "down": True}}], ["tcp.*", "net.*"]),
        ("both", [{"server": {"name": "ike", "down": True}}, {"server": {"name": "sec", "down": True}}], ["udp.*", "tcp.*", "net.*"]),
        ("dtls", [{"server": {"name": "sec", "udp": False}}], ["dtls.*", "udp.*"])])
    return {"name": f"without-{what}", "break": actions, "causes": causes, "touches": [*TAGS, "sec-tcp"], "profiles": t.PROFILES["sec"]}


INGREDIENTS = [stand_in, version_one, limits, limits, slow, proposals, own_vpn, own_vpn_beside, gone]
