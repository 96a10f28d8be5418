"""How the terminal asks for names: its resolv.conf and nsswitch.conf, as people and programs write them."""

from dimensions import _tools as t
from dimensions._tools import DNS, DNS2, DNS6, lines, resolv

DIMENSION = "resolver"
GOOD = [DNS, DNS2, DNS6]


def servers(*addresses):
    return [f"nameserver {address}" for address in addresses]


def search_with_wildcard(rng):
    """Every name of the facility's own domain exists, and the search list goes first when ndots says so."""
    domain, ndots = t.domain(rng), rng.choice([1, 2, 3, 4, 5, 6, 10, 15, 20])
    address = rng.choice([*t.NOBODY[:4], *t.PRIVATE[:4], "203.0.113.80"])
    first = ndots > 3  # sec.ccr.ncc.go.jp has four dots, ctrl.glcmo.orcamo.jp three
    option = rng.choice([f"options ndots:{ndots}", f"options timeout:2 ndots:{ndots}", f"options\tndots:{ndots} attempts:2"])
    return {"name": f"search-{domain}-ndots-{ndots}-wildcard-{address}",
            "break": [resolv(lines(*rng.sample([f"search {domain}", option, f"nameserver {DNS}"], 3))),
                      {"dns": {"wildcard": {domain: address}}}],
            "causes": ["dns.*"] if first else [], "touches": ["resolver", "dns-server"]}


def search_without_wildcard(rng):
    domains = [t.domain(rng) for _ in range(rng.choice([1, 2, 3, 6, 8]))]
    ndots = rng.choice([None, 1, 3, 5, 9])
    word = rng.choice(["search", "domain"]) if len(domains) == 1 else "search"
    return {"name": f"{word}-{len(domains)}-domains-ndots-{ndots}",
            "break": [resolv(lines(f"{word} {' '.join(domains)}", f"nameserver {DNS}",
                                   *([f"options ndots:{ndots}"] if ndots else [])))],
            "causes": [], "touches": ["resolver"]}


def search_domain_says(rng):
    """The search domain's own servers fail; the search list goes first."""
    domain, code = t.domain(rng), rng.choice(["servfail", "refused", "silent", "notimp", "nodata"])
    names = [f"{name}.{domain}".lower() for name in t.NAMES.values()]
    return {"name": f"search-{domain}-ndots-5-{code}",
            "break": [resolv(lines(f"search {domain}", f"nameserver {DNS}", "options ndots:5 timeout:1")),
                      {"dns": {"mode": {"a": code, "aaaa": code, "only": names}}}],
            "causes": ["dns.*"] if code != "nodata" else [], "touches": ["resolver", "dns-server"]}


def options(rng):
    """Options that change how is asked, of servers that can take it."""
    some = rng.sample(["rotate", "single-request", "single-request-reopen", "edns0", "trust-ad", "use-vc", "no-tld-query",
                       "inet6", "debug", "timeout:1", "timeout:30", "attempts:1", "attempts:5", "ndots:0", "ndots:1",
                       "ndots:2", "no-such-option", "timeout:0", "attempts:0", "ndots:99", "no-reload"],
                      rng.choice([1, 2, 3, 5]))
    place = rng.sample([f"options {' '.join(some)}", *servers(*rng.sample([DNS, DNS2], rng.choice([1, 2])))], k=2)
    if not any(line.startswith("nameserver") for line in place):
        place.append(f"nameserver {DNS}")
    return {"name": "options-" + "-".join(some).replace(":", ""), "break": [resolv(lines(*place))],
            "causes": ["dns.*"] if "attempts:0" in some else [], "touches": ["resolver"]}


def order(rng):
    """Several servers, some of which do not work."""
    dead = {"none": rng.choice(["203.0.113.99", "192.168.10.77", "10.255.0.53"]), "closed": "192.168.10.1",
            "router6": "2001:db8:10::1"}
    kinds = rng.choice([["none", "good"], ["good", "none"], ["closed", "good"], ["good", "closed"], ["router6", "good"],
                        ["none", "none", "good"], ["closed", "closed", "good"], ["none", "none", "none"],
                        ["none", "closed", "none", "good"], ["closed", "none", "closed", "good"], ["good", "good"],
                        ["good", "none", "none", "none"]])
    addresses = [rng.choice(GOOD) if kind == "good" else dead[kind] for kind in kinds]
    option = rng.choice([[], [], ["options timeout:1"], ["options rotate"], ["options timeout:1 attempts:1"],
                         ["options timeout:3 rotate"], ["options timeout:10"]])
    works = "good" in kinds[:3]  # a fourth server is never asked
    return {"name": f"servers-{'-'.join(kinds)}{'-' + option[0].replace(' ', '-').replace(':', '') if option else ''}",
            "break": [resolv(lines(*servers(*addresses), *option))],
            "causes": ["dns.*", *([] if works else ["net.*"])] if kinds not in (["good", "good"],) else [],
            "touches": ["resolver"]}


def second_server_says(rng):
    """The other server does not work, or says something else; which of them is asked, the list decides."""
    mode = rng.choice(["silent", "refuse", "servfail", {"a": "nxdomain", "aaaa": "nxdomain"}, {"a": "nodata", "aaaa": "nodata"},
                       {"a": "refused"}, {"a": "notimp", "aaaa": "notimp"}, {"a": "formerr", "aaaa": "formerr"},
                       {"edns": "formerr"}, {"tcp": "closed"}, {"delay_ms": rng.choice([200, 900, 1800])}])
    bad_first = rng.random() < 0.6
    first = [DNS2, DNS] if bad_first else [DNS, DNS2]
    said = mode if isinstance(mode, str) else "-".join(f"{key}-{value}" for key, value in mode.items())
    option = rng.choice([[], [], ["options rotate"], ["options timeout:1"]])
    return {"name": f"{'first' if bad_first else 'second'}-server-{said}{'-' + option[0].split()[1] if option else ''}",
            "break": [resolv(lines(*servers(*first), *option)), {"dns": {"server": "dns2", "mode": mode}}],
            "causes": ["dns.*"], "touches": ["resolver", "dns-server"]}


def spelling(rng):
    """Lines as people write them; the system reads some, and ignores others."""
    reads = [f"nameserver {DNS}", f"nameserver\t{DNS}", f"nameserver   {DNS}  ", f"nameserver {DNS} # the router",
             f"nameserver {DNS} ; old: 10.0.0.1", f"# nameserver 10.1.1.1\nnameserver {DNS}",
             f"; nameserver 10.1.1.1\nnameserver {DNS}", f"nameserver {DNS} {DNS2}", f"nameserver {DNS}\nnameserver {DNS}",
             f"sortlist 130.155.160.0/255.255.240.0\nnameserver {DNS}", f"lookup file bind\nnameserver {DNS}",
             f"\n\n\nnameserver {DNS}\n\n", f"nameserver {DNS6}", f"nameserver 10.0.0\nnameserver {DNS}"]
    odd = [f" nameserver {DNS}", f"\tnameserver {DNS}", f"Nameserver {DNS}", f"NAMESERVER {DNS}", f"nameserver={DNS}",
           f"nameserver: {DNS}", f"nameservers {DNS}", f"nameserver {DNS}:53", f"nameserver [{DNS6}]", f"nameserver {DNS},{DNS2}",
           "nameserver 203.0.113.053", f"nameserver {DNS}/32", f"nameserver dns.example.jp", "nameserver", f"name server {DNS}",
           f"nameserver\u3000{DNS}", f"nameserver \uff12\uff10\uff13.0.113.53", f"nameserver {DNS}\u00a0", "", "# nothing here",
           "nameserver 0.0.0.0", "nameserver 255.255.255.255", "nameserver 127.0.0.53", "nameserver ::1",
           f"nameserver ::ffff:{DNS}", f"nameserver \"{DNS}\""]
    text = rng.choice(reads) if rng.random() < 0.5 else rng.choice(odd)
    ending = rng.choice(["\n", "\n", "\n", "", "\n# last line"])
    return {"name": "written-" + repr(text + ending)[1:-1], "break": [resolv(text + ending)],
            "causes": [] if text in reads else ["dns.*", "net.*"], "touches": ["resolver"]}


def windows_line_ends(rng):
    """The file was edited with an editor of Windows, wholly or in part."""
    first = rng.choice([[], ["search hospital.lan"], ["# by hand"], [f"nameserver {DNS2}"], ["options timeout:1"]])
    whole = rng.random() < 0.6
    text = "".join(line + ("\r\n" if whole else "\n") for line in first) + f"nameserver {DNS}\r\n"
    if rng.random() < 0.3:
        text += f"nameserver {DNS}\n"
    if rng.random() < 0.2:
        text = "\ufeff" + text
    return {"name": "crlf-" + repr(text)[1:-1], "break": [resolv(text)], "causes": ["dns.*", "net.*"], "touches": ["resolver"]}


def byte_order_mark(rng):
    """UTF-8 with a mark in front: the first line is none to the system."""
    first = rng.choice([f"nameserver {DNS}\n", f"# comment\nnameserver {DNS}\n", f"nameserver {DNS}\nnameserver {DNS2}\n",
                        f"search lan\nnameserver {DNS}\n", f"\nnameserver {DNS}\n"])
    lost = first == f"nameserver {DNS}\n"
    return {"name": "bom-" + repr(first)[1:-1], "break": [resolv("\ufeff" + first)],
            "causes": ["dns.*", "net.*"] if lost else [], "touches": ["resolver"]}


def link_local(rng):
    """A DNS server by a link-local address, as routers announce it."""
    alive = rng.random() < 0.5
    address = "fe80::53:1%eth0" if alive else rng.choice(["fe80::dead%eth0", "fe80::53:1", "fe80::1%eth7", "fe80::1%99"])
    beside = rng.choice([[], [DNS], [DNS, DNS2]])
    first = rng.random() < 0.7 or not beside
    addresses = [address, *beside] if first else [*beside, address]
    actions = [resolv(lines(*servers(*addresses)))]
    if alive:
        actions += [{"ip": {"at": "facility", "do": ["-6 addr add fe80::53:1/64 dev lan0 nodad"],
                            "undo": ["addr del fe80::53:1/64 dev lan0"]}},
                    {"dns": {"server": "home-dns", "down": False, "listen": ["192.168.10.1", "fe80::53:1%lan0"]}}]
    return {"name": f"link-local-{'-'.join(addresses)}-{'alive' if alive else 'dead'}", "break": actions,
            "causes": ([] if alive else ["dns.*"] if beside else ["dns.*", "net.*"]), "touches": ["resolver"]}


def services(rng):
    """The order of sources, as distributions and people write it."""
    plain = ["hosts: files dns", "hosts: dns files", "hosts:files dns", "hosts:\tfiles\tdns", "hosts: files dns # comment",
             "hosts: files mdns4_minimal [NOTFOUND=return] dns", "hosts: files mymachines dns myhostname",
             "hosts: mymachines resolve [!UNAVAIL=return] files myhostname dns", "hosts: files resolve [!UNAVAIL=return] dns",
             "hosts: dns [!UNAVAIL=return] files", "hosts: files [SUCCESS=return] dns", "hosts: dns", "passwd: files",
             "hosts: files wins dns", "hosts: files [UNAVAIL=return] dns", "#hosts: files\nhosts: files dns",
             "hosts: files dns [!UNAVAIL=return]", "hosts: files libvirt libvirt_guest dns"]
    cut = ["hosts: files", "hosts: files [NOTFOUND=return] dns", "hosts: files [!SUCCESS=return] dns", "hosts: db files",
           "hosts: mdns4_minimal", "hosts:", "hosts: nis", "hosts: files [NOTFOUND=return UNAVAIL=continue] dns"]
    line = rng.choice(plain) if rng.random() < 0.6 else rng.choice(cut)
    return {"name": "nsswitch-" + repr(line)[1:-1].replace("hosts:", "", 1).strip(),
            "break": [{"file": {"/etc/nsswitch.conf": f"passwd: files\ngroup: files\n{line}\n"}}],
            "causes": [] if line in plain else ["dns.*", "net.*"], "touches": ["nsswitch"]}


def slow_servers(rng):
    """Each answer takes its time."""
    delay, cold = rng.choice([(0, 1200), (250, 0), (700, 0), (1200, 800), (2000, 0), (0, 3000), (2600, 0), (4000, 0)])
    timeout = rng.choice([None, None, 1, 2, 10])
    return {"name": f"answers-after-{delay}-{cold}-ms-timeout-{timeout}",
            "break": [resolv(lines(f"nameserver {DNS}", *([f"options timeout:{timeout}"] if timeout else []))),
                      {"dns": {"mode": {"delay_ms": delay, "cold_ms": cold}}}],
            "causes": ["dns.*"], "touches": ["resolver", "dns-server"]}


INGREDIENTS = [search_with_wildcard, search_without_wildcard, search_domain_says, options, order, second_server_says, spelling,
               windows_line_ends, byte_order_mark, link_local, services, slow_servers]
