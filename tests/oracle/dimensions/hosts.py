"""The hosts file, as people and programs leave it."""

from dimensions import _tools as t

DIMENSION = "hosts"
HEAD = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost\n127.0.1.1\tterminal\n"


def entry(rng):
    """One entry for a host: the right address or another."""
    which = t.host(rng)
    right = rng.random() < 0.4
    address = t.ADDRESSES[which] if right else rng.choice([*t.NOBODY, *t.PRIVATE, "127.0.0.1", "0.0.0.0", "::1", "203.0.113.99"])
    return {"name": f"{which}-{address}", "break": [{"hosts": {t.NAMES[which]: address}}],
            "causes": [] if right else ["dns.*"], "touches": ["hosts", f"{which}-address"], "profiles": t.PROFILES[which]}


def form(rng):
    """A stale entry, and how it is written; the system reads some forms, and not others."""
    which = t.host(rng)
    name, stale, right = t.NAMES[which], rng.choice(t.NOBODY), t.ADDRESSES[which]
    read = [f"{stale} {name}", f"{stale}\t\t{name}", f"  {stale} {name}", f"{stale} {name} # moved in 2019", f"{stale} {name.upper()}",
            f"{stale} vpn {name}", f"{stale} {name} vpn", f"{stale} {name}\r", f"{stale} {name}\n{right} {name}",
            f"{right} {name}\n{stale} {name}", f"2001:db8:dead::99 {name}", f"{stale} {name}."]
    ignored = [f"# {stale} {name}", f"#{stale} {name}", f"{stale}{name}", f"{name} {stale}", f"{stale}: {name}", f"{stale},{name}",
               f"300.1.1.1 {name}", f"1.2.3 .4 {name}", f"{stale} www.{name}", f"{stale} {name}x", f"{stale} x{name}",
               f"{stale}/32 {name}", f"[{stale}] {name}", f"http://{stale} {name}", f"{stale} {name.split('.')[0]}",
               f"{stale}\u3000{name}", f"; {stale} {name}", f"{stale} # {name}", f"{stale} *.{name.partition('.')[2]}"]
    line = rng.choice(read) if rng.random() < 0.5 else rng.choice(ignored)
    place = rng.choice(["first", "last", "last"])
    text = f"{line}\n{HEAD}" if place == "first" else f"{HEAD}{line}\n"
    return {"name": f"{which}-{place}-{line!r}", "break": [{"file": {"/etc/hosts": text}}],
            "causes": ["dns.*", "tcp.*"] if line in read else [], "touches": ["hosts", f"{which}-address"],
            "profiles": t.PROFILES[which], "windows": "the hosts file is written for Windows by its entries"}


def encoded(rng):
    """The whole file in another encoding or with other line ends."""
    which = t.host(rng)
    line = f"{rng.choice(t.NOBODY)} {t.NAMES[which]}\n"
    how = rng.choice(["bom-first", "bom-head", "bom-comment", "crlf", "cr", "no-newline", "empty", "only-localhost"])
    text = {"bom-first": "\ufeff" + line + HEAD, "bom-head": "\ufeff" + HEAD + line, "bom-comment": "\ufeff# hosts\n" + line + HEAD,
            "crlf": (HEAD + line).replace("\n", "\r\n"), "cr": (HEAD + line).replace("\n", "\r"), "no-newline": HEAD + line.strip(),
            "empty": "", "only-localhost": HEAD}[how]
    return {"name": f"{which}-{how}", "break": [{"file": {"/etc/hosts": text}}],
            "causes": ["dns.*", "tcp.*"] if how in ("bom-head", "bom-comment", "crlf", "cr", "no-newline") else [],
            "touches": ["hosts", f"{which}-address"], "profiles": t.PROFILES[which],
            "windows": "the hosts file is written for Windows by its entries"}


def with_order(rng):
    """A stale entry, and an order of sources that decides whether it counts."""
    which = t.host(rng)
    order, counts = rng.choice([("files dns", True), ("dns files", False), ("dns", False), ("dns [NOTFOUND=return] files", False),
                                ("myhostname files dns", True), ("files [SUCCESS=continue] dns", False)])
    return {"name": f"{which}-stale-with-{order}",
            "break": [{"hosts": {t.NAMES[which]: rng.choice(t.NOBODY)}},
                      {"file": {"/etc/nsswitch.conf": f"passwd: files\nhosts: {order}\n"}}],
            "causes": ["dns.*", "tcp.*"] if counts else [], "touches": ["hosts", "nsswitch", f"{which}-address"],
            "profiles": t.PROFILES[which]}


def without_dns(rng):
    """All names are in the hosts file and no DNS server answers."""
    mode = rng.choice(["silent", "refuse", "servfail", {"a": "nxdomain", "aaaa": "nxdomain"}])
    return {"name": f"all-names-and-dns-{mode if isinstance(mode, str) else 'nxdomain'}",
            "break": [{"hosts": {name: t.ADDRESSES[which] for which, name in t.NAMES.items()}}, {"dns": {"mode": mode}}],
            "causes": ["dns.*"], "touches": ["hosts", "dns-server", "sec-address", "mio-address", "orca-address"]}


def of_others(rng):
    """Many entries that have nothing to do with it."""
    count = rng.choice([3, 40, 2000, 20000])
    text = HEAD + "".join(f"0.0.0.0 ad{number}.{rng.randrange(1000)}.example.com\n" for number in range(count))
    return {"name": f"{count}-other-entries", "break": [{"file": {"/etc/hosts": text}}], "causes": [], "touches": ["hosts"],
            "windows": "the hosts file is written for Windows by its entries"}


INGREDIENTS = [entry, form, form, encoded, with_order, without_dns, of_others]
