"""What lets packets through, and what does not."""

from dimensions import _tools as t

DIMENSION = "firewall"
SILENT = ["*.silent", "net.*"]
ENDS = {  # what becomes of a packet, and how that may be named
    "drop": SILENT,
    "reject": ["*.refused", "*.unreachable", "*.prohibited", "net.*"],
    "reject with icmpx type host-unreachable": ["*.unreachable", "*.refused", "*.prohibited", "net.*"],
    "reject with icmp type net-unreachable": ["*.unreachable", "net.*"],
    "reject with icmpx type admin-prohibited": ["*.prohibited", "*.unreachable", "net.*"],
    "reject with icmp type net-prohibited": ["*.prohibited", "*.unreachable", "net.*"],
}
PLACES = {"facility": "forward", "isp": "forward", "sec": "input"}
ONE = "set {name} {{\n type {type}\n flags dynamic,timeout\n timeout {seconds}s\n size {size}\n }}"


def short(end):
    return end.split()[-1]


def forward(place, rule, **more):
    return {"nft": {"at": place, "chain": "forward", "rule": rule, **more}}


def udp_port(rng):
    port, end, place = rng.choice([500, 4500]), rng.choice(list(ENDS)), rng.choice(list(PLACES))
    return {"name": f"udp-{port}-{short(end)}-at-{place}",
            "break": [{"nft": {"at": place, "chain": PLACES[place], "rule": f"ip daddr $sec udp dport {port} {end}"}}],
            "causes": ENDS[end], "touches": [f"sec-udp-{port}"], "profiles": t.PROFILES["sec"]}


def udp_answers(rng):
    port, place = rng.choice([500, 4500]), rng.choice(["facility", "isp"])
    return {"name": f"udp-{port}-answers-dropped-at-{place}",
            "break": [forward(place, f"ip saddr $sec udp sport {port} drop")],
            "causes": SILENT, "touches": [f"sec-udp-{port}"], "profiles": t.PROFILES["sec"]}


def tcp_port(rng):
    which, end = rng.choice(["sec", "mio", "orca"]), rng.choice([*ENDS, "reject with tcp reset"])
    place = rng.choice(["facility", "isp"])
    direction = rng.choice(["there", "there", "back"]) if end == "drop" else "there"
    where = f"ip daddr ${t_word(which)} tcp dport 443" if direction == "there" else f"ip saddr ${t_word(which)} tcp sport 443"
    return {"name": f"tcp-443-{which}-{short(end)}-{direction}-at-{place}", "break": [forward(place, f"{where} {end}")],
            "causes": [*ENDS.get(end, ["tcp.*", "net.*"]), "tcp.*"], "touches": [f"{which}-tcp"], "profiles": t.PROFILES[which]}


def t_word(which):
    return "orca_tls" if which == "orca" else which


def tcp_later(rng):
    """The connection comes about, and then something happens to it."""
    which = rng.choice(["sec", "mio", "orca"])
    ip = f"ip daddr ${t_word(which)}"
    rule = rng.choice([f"{ip} tcp dport 443 ct state established meta length > 120 reject with tcp reset",
                       f"{ip} tcp dport 443 ct state established meta length > 120 drop",
                       f"ip saddr ${t_word(which)} tcp sport 443 meta length > {rng.choice([100, 600, 1000, 1400])} drop",
                       f"{ip} tcp dport 443 ct original packets > {rng.choice([2, 4, 5])} drop",
                       f"{ip} tcp dport 443 ct original packets > {rng.choice([3, 5])} reject with tcp reset"])
    return {"name": f"{which}-later-{rule.partition('443 ')[2].replace(' ', '-')}", "break": [forward("facility", rule)],
            "causes": ["tls.*", "tcp.*", "http.*", "*mtu*"], "touches": [f"{which}-tcp", f"{which}-tls"], "profiles": t.PROFILES[which]}


def local(rng):
    """The terminal's own firewall."""
    what = rng.choice(["udp dport 500", "udp dport 4500", "udp dport { 500, 4500 }", "ip daddr $sec", "ip daddr $mio", "tcp dport 443",
                       "udp dport 53", "tcp dport 53", "udp dport 123", "tcp dport 25", "tcp dport { 135, 445 }", "meta l4proto icmp"])
    end = rng.choice(["drop", "drop", "reject"])
    harmless = what in ("udp dport 123", "tcp dport 25", "tcp dport { 135, 445 }", "tcp dport 53", "meta l4proto icmp")
    tags = {"udp dport 500": ["sec-udp-500"], "udp dport 4500": ["sec-udp-4500"], "udp dport 53": ["resolver"]}
    return {"name": f"own-{what.replace(' ', '-')}-{end}", "break": [{"nft": {"at": "terminal", "chain": "output", "rule": f"{what} {end}"}}],
            "causes": [] if harmless else ["net.*", "*.prohibited", "*.refused", "dns.*", "*.unreachable", "*.silent"],
            "touches": ["local-firewall", *tags.get(what, [])]}


def local_input(rng):
    """The terminal's own firewall for what comes in: as strict ones are, with and without memory of what went out."""
    rule, works = rng.choice([("ct state established,related accept\nmeta l4proto { icmpv6 } accept\niifname != lo drop", True),
                              ("ct state established accept\nmeta l4proto { icmp, icmpv6 } accept\niifname != lo drop", True),
                              ("udp sport { 500, 4500 } drop", False), ("tcp sport 443 drop", False), ("ct state related drop", True),
                              ("udp sport 53 drop", False), ("icmp type destination-unreachable drop", True)])
    return {"name": f"own-input-{rule.splitlines()[-1].replace(' ', '-')}-{len(rule.splitlines())}",
            "break": [{"nft": {"at": "terminal", "chain": "input", "rule": rule.splitlines()}}],
            "causes": [] if works else ["*.silent", "net.*", "dns.*"], "touches": ["local-firewall"]}


def host(rng):
    """One host is closed to the facility: a country or a list blocks it."""
    which, end, place = t.host(rng), rng.choice(list(ENDS)), rng.choice(["facility", "isp"])
    return {"name": f"{which}-closed-{short(end)}-at-{place}", "break": [forward(place, f"ip daddr ${t_word(which)} {end}")],
            "causes": [*ENDS[end], "tcp.*", "udp.*"],
            "touches": [f"{which}-tcp", f"{which}-route", "sec-udp-500", "sec-udp-4500"], "profiles": t.PROFILES[which]}


def few_ports(rng):
    """Only what the facility knows may go out."""
    allowed, works = rng.choice([
        ("tcp dport { 80, 443 } accept\nudp dport 53 accept", False),
        ("tcp dport { 80, 443 } accept\nudp dport { 53, 123, 443 } accept", False),
        ("tcp dport { 80, 443 } accept\nudp dport { 53, 500, 4500 } accept\nmeta l4proto icmp accept", True),
        ("tcp dport { 80, 443 } accept\nudp dport { 53, 500, 4500 } accept", True),
        ("meta l4proto tcp accept\nudp dport 53 accept", False),
        ("meta l4proto udp accept", False),
        ("ip daddr { $sec, $mio, $orca_tls, $dns, $dns2 } accept", True),
        ("ip daddr { $mio, $orca_tls, $dns } accept", False),
        ("udp dport { 53, 500 } accept\ntcp dport 443 accept", False)])
    end = rng.choice(["drop", "drop", "reject", "reject with icmpx type admin-prohibited"])
    rules = [f"iifname lan0 {line}" for line in allowed.splitlines()] + [f"iifname lan0 {end}"]
    return {"name": f"only-{allowed.replace(' accept', '').replace(chr(10), '-and-').replace(' ', '-')}-{short(end)}",
            "break": [forward("facility", rules)], "causes": [] if works else ["udp.*", "tcp.*", "net.*"],
            "touches": ["sec-udp-500", "sec-udp-4500", "sec-tcp", "mio-tcp", "orca-tcp", "six"]}


def fragments(rng):
    """Fragments, or large datagrams, are lost: in one direction, or both."""
    what = rng.choice(["ip frag-off & 0x1fff != 0", "ip frag-off & 0x3fff != 0", "ip frag-off & 0x2000 != 0",
                       "meta l4proto udp meta length > 1200", "meta l4proto udp meta length > 1000", "meta l4proto udp meta length > 1400",
                       "udp dport { 500, 4500 } meta length > 600", "udp sport { 500, 4500 } meta length > 600"])
    direction = rng.choice(["iifname lan0", "iifname wan0", ""])
    return {"name": f"{what.replace(' ', '-')}-{direction.split()[-1] if direction else 'both'}-lost",
            "break": [{"nft": {"at": "facility", "chain": "raw", "rule": f"{direction} {what} drop".strip()}}],
            "causes": ["udp.*", "*mtu*"], "touches": ["mtu", "sec-udp-500", "sec-udp-4500"], "profiles": t.PROFILES["sec"]}


def one_session(rng):
    """VPN passthrough for one at a time: one terminal, or one source port."""
    ports = rng.choice(["{ 500, 4500 }", "4500", "500"])
    key, kind = rng.choice([("ip saddr", "ipv4_addr"), ("ip saddr . udp sport", "ipv4_addr . inet_service"),
                            ("ip saddr . udp sport . udp dport", "ipv4_addr . inet_service . inet_service")])
    size, seconds = rng.choice([1, 1, 2, 4]), rng.choice([3, 20, 60])
    return {"name": f"{size}-sessions-of-{key.replace(' ', '-')}-to-{ports.replace(' ', '')}-for-{seconds}-s",
            "break": [forward("facility", [f"iifname lan0 udp dport {ports} update @one {{ {key} }} accept",
                                           f"iifname lan0 udp dport {ports} drop"],
                              define=ONE.format(name="one", type=kind, seconds=seconds, size=size))],
            "causes": ["udp.*"] if "sport" in key else [], "touches": ["sec-udp-500", "sec-udp-4500"], "profiles": t.PROFILES["sec"]}


def new_flows(rng):
    """So many new flows, no more."""
    kind = rng.choice(["meta l4proto udp", "udp dport { 500, 4500 }", "meta l4proto { tcp, udp }", "meta l4proto tcp"])
    rate, burst = rng.choice([(1, 1), (1, 5), (2, 2), (5, 5), (10, 10), (30, 30), (100, 100)])
    return {"name": f"{rate}-new-a-second-burst-{burst}-{kind.replace(' ', '-')}",
            "break": [forward("facility", f"iifname lan0 {kind} ct state new limit rate over {rate}/second burst {burst} packets drop")],
            "causes": ["udp.*", "dns.*", "tcp.*"] if rate < 30 else [], "touches": ["flows", "sec-udp-500", "sec-udp-4500"]}


def packets(rng):
    """So many packets to the gateway's IKE, no more."""
    rate, burst = rng.choice([(1, 1), (1, 2), (2, 2), (4, 4), (10, 5)])
    place = rng.choice(["facility", "sec"])
    chain = "forward" if place == "facility" else "input"
    return {"name": f"{rate}-ike-a-second-burst-{burst}-at-{place}", "break": [{"nft": {
        "at": place, "chain": chain, "rule": f"udp dport {{ 500, 4500 }} limit rate over {rate}/second burst {burst} packets drop"}}],
        "causes": ["udp.*"], "touches": ["sec-udp-500", "sec-udp-4500"], "profiles": t.PROFILES["sec"]}


def forgets(rng):
    """The router forgets flows soon."""
    seconds = rng.choice([1, 2, 3, 5, 10])
    return {"name": f"udp-forgotten-after-{seconds}-s", "break": [{"sysctl": {"at": "facility", "values": {
        "net.netfilter.nf_conntrack_udp_timeout": seconds, "net.netfilter.nf_conntrack_udp_timeout_stream": seconds}}}],
        "causes": ["udp.*"] if seconds < 3 else [], "touches": ["flows"]}


def source_port(rng):
    """The translator keeps IKE's own port as the source, for one flow only."""
    rule = rng.choice(["udp dport 500 masquerade to :500", "udp dport 4500 masquerade to :4500",
                       "udp dport { 500, 4500 } masquerade to :500", "udp dport { 500, 4500 } masquerade to :4500"])
    return {"name": rule.replace(" ", "-"), "break": [{"nft": {"at": "facility", "chain": "srcnat", "rule": f"oifname wan0 meta nfproto ipv4 {rule}"}}],
            "causes": ["udp.*"], "touches": ["nat", "sec-udp-500", "sec-udp-4500"], "profiles": t.PROFILES["sec"]}


def inspected(rng):
    """IKE is looked into: what is no IKEv1, or has an odd version, or all of it, is dropped; or who sends it is blocked."""
    what = rng.choice(["version-3", "version-3-blocks", "no-v1", "no-v2", "all", "zero-spi", "ntp-only", "new-spi"])
    at500, at4500 = "udp dport 500", "udp dport 4500"
    version500, version4500 = "@th,200,4", "@th,232,4"
    blocked = ONE.format(name="bad", type="ipv4_addr", seconds=rng.choice([5, 10, 30]), size=100)
    rules = {
        "version-3": [f"{at500} {version500} 3 drop", f"{at4500} {version4500} 3 drop"],
        "version-3-blocks": ["udp dport { 500, 4500 } ip saddr @bad drop",
                             f"{at500} {version500} 3 update @bad {{ ip saddr }} drop", f"{at4500} {version4500} 3 update @bad {{ ip saddr }} drop"],
        "no-v1": [f"{at500} {version500} 1 drop", f"{at4500} {version4500} 1 drop"],
        "no-v2": [f"{at500} {version500} 2 drop", f"{at4500} {version4500} 2 drop"],
        "all": [f"{at500} {version500} 1-3 drop", f"{at4500} {version4500} 1-3 drop"],
        "zero-spi": [f"{at500} @th,64,32 0 drop"],
        "new-spi": [f"{at500} @th,64,32 set {rng.randrange(1, 2 ** 32)}", f"{at4500} @th,64,32 0 @th,96,32 set {rng.randrange(1, 2 ** 32)}"], "ntp-only": ["udp dport 123 @th,64,8 0 drop"]}[what]
    return {"name": f"ike-{what}", "break": [forward("facility", [f"iifname lan0 {rule}" for rule in rules],
                                                     **({"define": blocked} if "blocks" in what else {}))],
            "causes": ["udp.*"] if what in ("no-v2", "all", "new-spi") else [], "touches": ["sec-udp-500", "sec-udp-4500"],
            "profiles": t.PROFILES["sec"]}


def guard(rng):
    """Who does too much in a short time is blocked for a while, as port scanners are."""
    count, seconds = rng.choice([5, 12, 30, 60, 200]), rng.choice([5, 20, 60])
    return {"name": f"{count}-flows-block-for-{seconds}-s", "break": [forward("facility", [
        "iifname lan0 ip saddr @bad drop",
        f"iifname lan0 ct state new limit rate over {count}/second burst {count} packets update @bad {{ ip saddr }} drop"],
        define=ONE.format(name="bad", type="ipv4_addr", seconds=seconds, size=100))],
        "causes": ["*"] if count <= 30 else [], "touches": ["flows", "sec-udp-500", "sec-udp-4500"]}


def asleep(rng):
    """The first packets to the gateway are lost: something has to wake up first."""
    what, amount = rng.choice([("udp dport { 500, 4500 }", "900 bytes"), ("udp dport 500", "500 bytes"), ("udp dport 4500", "500 bytes"),
                               ("tcp dport 443", "120 bytes")])
    return {"name": f"first-{amount.replace(' ', '-')}-of-{what.replace(' ', '-')}-lost",
            "break": [forward("facility", f"iifname lan0 {what} quota until {amount} drop")], "causes": [],
            "touches": ["sec-udp-500", "sec-udp-4500", "sec-tcp", "mio-tcp"]}


def untold(rng):
    """Closed for others: what the terminal does not need."""
    rule = rng.choice(["tcp dport { 25, 110, 143, 465, 587 } drop", "udp dport 123 drop", "ip protocol esp drop", "ip protocol gre drop",
                       "tcp dport 1723 drop", "udp dport 1701 drop", "udp dport { 5353, 5355, 137 } drop", "ip daddr 1.1.1.1 drop",
                       "tcp dport 80 drop", "tcp dport 53 drop", "tcp dport 853 drop", "meta nfproto ipv6 drop", "meta l4proto icmp drop"])
    return {"name": f"closed-{rule.replace(' ', '-')}", "break": [forward("facility", f"iifname lan0 {rule}")], "causes": [],
            "touches": ["others"], "phases": t.BOTH}


def rewrites(rng):
    """The router changes what it passes on, and does no harm."""
    rule = rng.choice(["tcp flags syn reset tcp option timestamp", "tcp flags syn reset tcp option sack-perm", "tcp flags syn reset tcp option window",
                       "ip dscp set 0", "ip dscp set 46", "ip ttl set 32", "ip ttl set 255", "tcp flags syn tcp option maxseg size set 1200",
                       "tcp flags syn tcp option maxseg size set 536", "ip ecn set not-ect"])
    return {"name": f"rewrites-{rule.replace(' ', '-')}", "break": [forward("facility", rule)], "causes": [], "touches": ["rewrites", "hop"],
            "phases": t.BOTH}


def dtls(rng):
    """UDP 443 is closed; AnyConnect works without it."""
    end = rng.choice(list(ENDS))
    return {"name": f"udp-443-{short(end)}", "break": [forward("facility", f"iifname lan0 udp dport 443 {end}")],
            "causes": ["dtls.*", "udp.*"], "touches": ["sec-udp-443"], "profiles": t.PROFILES["sec"]}


INGREDIENTS = [udp_port, udp_port, udp_answers, tcp_port, tcp_port, tcp_later, local, local_input, host, few_ports, fragments, one_session,
               new_flows, packets, forgets, source_port, inspected, guard, asleep, untold, rewrites,
               dtls]
