"""What lets packets through, and what does not."""

DIMENSION = "firewall"
ENDS = {"drop": ["*.silent"], "reject": ["*.refused", "*.unreachable", "*.rejected"]}


def udp_port(rng):
    port, end = rng.choice([500, 4500]), rng.choice(sorted(ENDS))
    place = rng.choice(["facility", "isp"])
    return {"name": f"udp-{port}-{end}-at-{place}",
            "break": [{"nft": {"at": place, "chain": "forward", "rule": f"ip daddr $sec udp dport {port} {end}"}}],
            "causes": [*ENDS[end], "net.*"], "touches": [f"sec-udp-{port}"]}


def tcp_port(rng):
    host, end = rng.choice(["sec", "mio"]), rng.choice([*ENDS, "reject with tcp reset"])
    return {"name": f"tcp-443-{host}-{end.split()[-1]}",
            "break": [{"nft": {"at": "facility", "chain": "forward", "rule": f"ip daddr ${host} tcp dport 443 {end}"}}],
            "causes": ["tcp.*", "net.*"], "touches": [f"{host}-tcp"]}


INGREDIENTS = [udp_port, tcp_port]
