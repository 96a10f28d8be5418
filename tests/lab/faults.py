"""Faults: what to break, as data.

A fault file holds `name`, `title`, `kind`, `touches`, `break` (a list of actions, each a mapping with one key) and `expect`. The actions
are the functions below whose names start with `do_`; README.md describes them.
"""

import re
from pathlib import Path

import yaml

import credentials
import net
import odd_chains
import servers
import windows
from windows import support_dates

HERE = Path(__file__).resolve().parent
FOLDER = HERE / "faults"
ADDRESSES = {
    "$terminal": net.TERMINAL_IP, "$router": net.FACILITY_IP, "$dns": net.DNS_IP, "$dns2": net.DNS2_IP,
    "$sec": net.SEC_IP, "$mio": net.MIO_IP, "$mio_new": net.MIO_NEW_IP, "$portal": net.PORTAL_IP, "$portal2": net.PORTAL2_IP,
    "$orca_tls": net.ORCA_TLS_IP, "$orca_vpn": net.ORCA_VPN_IP, "$orca_auth": net.ORCA_AUTH_IP,
    "$orca_sms": net.ORCA_SMS_IP, "$mio_intra": net.MIO_INTRA_IP, "$sec6": net.SEC_IP6, "$mio6": net.MIO_IP6, "$info": net.INFO_IP,
}


def names():
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load(name):
    path = Path(name) if str(name).endswith(".yaml") else FOLDER / f"{name}.yaml"
    fault = yaml.safe_load(path.read_text())
    unknown = fault.keys() - {"name", "title", "kind", "touches", "shows", "break", "expect", "args", "user"}
    if unknown or fault["name"] != path.stem:
        raise ValueError(f"{path}: unknown keys {sorted(unknown)}, or its name is not that of the file")
    for action in fault["break"]:
        if len(action) != 1 or f"do_{next(iter(action))}" not in globals():
            raise ValueError(f"{path}: unknown action {action}")
    if "support" in fault["expect"]:
        fault["expect"] = support_dates.expected(fault["expect"]["support"])
    return fault


def relay_of(fault):
    """Whether a fault needs a lab with a relay."""
    return any("relay" in action for action in fault["break"])


def apply(lab, fault):
    for action in fault["break"]:
        (verb, value), = action.items()
        globals()[f"do_{verb}"](lab, value)


def fill(text):
    for word in sorted(ADDRESSES, key=len, reverse=True):
        text = text.replace(word, ADDRESSES[word])
    return text


def fill_all(value):
    if isinstance(value, str):
        return fill(value)
    if isinstance(value, list):
        return [fill_all(item) for item in value]
    if isinstance(value, dict):
        return {key: fill_all(item) for key, item in value.items()}
    return value


def do_nft(lab, value):
    if "define" in value:
        lab.add_rule(value["at"], "define", fill(value["define"]))
    for rule in value["rule"] if isinstance(value.get("rule"), list) else [value["rule"]] if "rule" in value else []:
        lab.add_rule(value["at"], value["chain"], fill(rule))


def do_ip(lab, value):
    """Commands of `ip` at a node; `undo` takes back those that are not "add"."""
    node, (lines, undo) = lab.world[value["at"]], (tunnelled(lab, value.get(key, [])) for key in ("do", "undo"))
    undo += [line.replace(" add ", " del ", 1) for line in lines if " add " in line]
    node.ip(*lines)
    # One by one: what hung on something else may have gone with it.
    lab.on_revert(lambda: [net.run(["ip", "-n", node.name, *line.split()], check=False) for line in reversed(undo)])


def tunnelled(lab, lines):
    """Texts with their addresses, and the name that the terminal's tunnel has here."""
    return [line.replace("$tunnel", lab.tunnel) for line in fill_all(lines)]


def do_sysctl(lab, value):
    """Settings of the kernel at a node."""
    node, values = lab.world[value["at"]], value["values"]
    before = {key: node.sysctl_value(key) for key in values}
    node.sysctl(values)
    lab.on_revert(lambda: node.sysctl(before))


def do_nat64(lab, value):
    """A mobile line: the terminal has IPv6 only, the carrier's NAT64 leads to IPv4 and its DNS64 to the NAT64. `clat`: the
    terminal's own translator gives it an IPv4 address too (true), or swallows what it is given ("dead")."""
    prefix, clat = value.get("prefix", "64:ff9b::/96"), value.get("clat", False)
    do_ip(lab, {"at": net.TERMINAL, "do": ["route del default", "addr del $terminal/24 dev eth0"],
                "undo": ["route replace default via $router", "addr add $terminal/24 dev eth0"]})
    do_nft(lab, {"at": net.ISP, "chain": "srcnat",
                 "rule": f"ip saddr {net.NAT64_POOL} oifname != nat64 snat ip to {net.ISP_IP}"})
    lab.servers["nat64"].change(down=False, prefix=prefix)
    do_dns(lab, {"dns64": prefix if value.get("dns64", True) else None})
    do_resolvers(lab, [net.DNS_IP6])
    if not clat:
        return
    do_sysctl(lab, {"at": net.TERMINAL, "values": {"net.ipv6.conf.all.forwarding": 1}})
    do_ip(lab, {"at": net.FACILITY, "do": [f"-6 route add {net.CLAT_IP6} via {net.TERMINAL_IP6}"]})
    lab.servers["clat"].change(down=False, prefix=prefix)
    if clat == "dead":
        do_nft(lab, {"at": net.FACILITY, "chain": "forward", "rule": f"ip6 saddr {net.CLAT_IP6} drop"})


def do_dns(lab, value):
    value = fill_all(value)
    server = lab.servers[value.pop("server", "dns")]
    names = {**server.settings["names"], **value.pop("names", {})}
    for name in value.pop("remove", []):
        del names[name]
    server.change(names=names, **value)


def do_resolvers(lab, value):
    lab.set_resolvers(fill_all(value))


def do_hosts(lab, value):
    lab.set_hosts(fill_all(value))


def do_server(lab, value):
    """Changes a server: settings of its own, or those of one of its sites when `site` names it."""
    value = dict(value)
    server = lab.servers[value.pop("name")]
    if "site" in value:
        server.change_site(value.pop("site"), **{key: value.pop(key) for key in ("cert", "tls", "body", "client_ca")
                                                    if key in value})
    server.change(**value)


WEB_SITES = {"sec": net.SEC_IP, "mio": net.MIO_IP, "orca": net.ORCA_TLS_IP, "portal": net.PORTAL_IP, "portal2": net.PORTAL2_IP,
             "mio-intra": net.MIO_INTRA_IP, "orca-vpn": net.ORCA_VPN_IP, "orca-auth": net.ORCA_AUTH_IP, "orca-sms": net.ORCA_SMS_IP}


def do_web(lab, value):
    """An odd server in the place of a site: settings of Web, and `times`: only so many connections get to it, then again
    the usual one; `after`: the first ones get to the usual one. What a chain ends in, the terminal trusts."""
    value = fill_all(dict(value))
    site, times, after = value.pop("site"), value.pop("times", None), value.pop("after", None)
    address = WEB_SITES[site]
    host, = (name for name, found in {**servers.PUBLIC_NAMES, **servers.INSIDE_NAMES}.items()
             if found == [address] and "ganjoho" not in name)
    node = next(node for node, found in net.SERVICE_ADDRESSES.items() if address in found) if not address.startswith("10.") \
        else net.INSIDE
    lab.servers[f"web-{node}"].change(down=False, host=host, **value)
    if value.get("cert", "").startswith(odd_chains.PREFIX):
        lab.trust_only([*lab.trusted, *odd_chains.make(lab.pki, host, value["cert"])[1]])
    limit = f"quota until {times * 60} bytes" if times else f"quota over {after * 60} bytes" if after else ""
    do_nft(lab, {"at": node, "chain": "dstnat",
                 "rule": f"ip daddr {address} tcp dport 443 {limit} redirect to :{servers.Web.PORT}"})


def do_ike(lab, value):
    lab.servers["ike"].change(responder=value)


def do_nat(lab, value):
    lab.world.masquerade(value)
    lab.on_revert(lambda: lab.world.masquerade(lab.default_nat))


def do_hop(lab, value):
    """One router more on the line."""
    if value != net.ISP:
        raise ValueError(f"no second hop at {value}")
    lab.world.second_isp_hop(True)
    lab.on_revert(lambda: lab.world.second_isp_hop(False))


def do_route(lab, value):
    """Takes a route away; `via`: unreachable (the router says so), blackhole, or another router's address."""
    node = lab.world[value["at"]]
    family = ["-6"] if value.get("ipv6") else []
    target = fill(value["to"])
    if value.get("via") == "unreachable":
        # The kernel's own answer for such a route comes five times, then once a second at most.
        return lab.add_rule(value["at"], "forward", f"ip daddr {target} reject with icmp type host-unreachable")
    before = node.route(*family, "route", "show", target).splitlines()
    if not before:
        raise ValueError(f"{value['at']} has no route to {target}")
    via = fill(value.get("via", ""))
    change = f"replace {target} via {via} dev {value.get('dev')}" if via else f"del {target}"
    if via == "blackhole":
        change = f"replace {via} {target}"
    node.ip(" ".join([*family, "route", change]))
    lab.on_revert(lambda: node.ip(*(" ".join([*family, "route replace", line]) for line in before)))


def do_mtu(lab, value):
    """The largest packet that an interface sends."""
    node = lab.world[value["at"]]
    node.ip(f"link set {value['device']} mtu {value['mtu']}")

    def mend():
        node.ip(f"link set {value['device']} mtu 1500")
        for each in net.NODES:  # what they learnt of the path
            lab.world[each].ip("route flush cache", "-6 route flush cache")

    lab.on_revert(mend)


def do_link(lab, value):
    """An interface goes down; `wwan`, `wlan`: the terminal's is one of a mobile line or wireless, says the kernel."""
    if value in ("wwan", "wlan"):
        return do_file(lab, {"/sys/class/net/eth0/uevent": f"DEVTYPE={value}\nINTERFACE=eth0\nIFINDEX=2\n"})
    node, device = lab.world[value["at"]], value["device"]
    routes = [family + "route replace " + line.replace("linkdown", "") + f" dev {device}"
              for family, option in (("", "-4"), ("-6 ", "-6"))
              for line in node.route(option, "route", "show", "dev", device).splitlines() if "proto kernel" not in line]
    addresses = re.findall(r"inet6 (\S+) scope global", node.route("-6", "addr", "show", "dev", device))
    node.ip(f"link set {device} down")
    # The kernel forgets IPv6 addresses, and all routes but those of IPv4 addresses.
    lab.on_revert(lambda: node.ip(f"link set {device} up", *(f"addr replace {each} dev {device} nodad" for each in addresses),
                                  *routes))


def do_env(lab, value):
    lab.env.update(fill_all(value))


def do_file(lab, value):
    for number, (target, content) in enumerate(value.items()):
        source = lab.work / f"file-{number}-{Path(target).name}"
        source.write_text(content)
        lab.binds[target] = source


def do_credentials(lab, value):
    """Files in a directory of their own, in which the program then runs."""
    lab.directory = credentials.place(lab.pki, lab.work / "credentials", value)


def do_package(lab, value):
    """An installed Debian package: its fields, on top of usual ones."""
    fields = {"Status": "install ok installed", "Priority": "optional", "Section": "net", "Installed-Size": 1024,
              "Maintainer": "Unknown <unknown@example.org>", "Architecture": "amd64", "Description": "package",
              **value}
    stanza = "".join(f"{key}: {field}\n" for key, field in
                     sorted(fields.items(), key=lambda item: item[0] != "Package"))
    before = Path(lab.binds["/var/lib/dpkg/status"]).read_text().rstrip("\n")
    status = lab.work / "dpkg-status"
    status.write_text(before + "\n\n" + stanza + "\n")
    lab.binds["/var/lib/dpkg/status"] = status
    lab.windows = {**lab.windows, "packages": [*lab.windows["packages"], value]}


def do_programs(lab, value):
    """The programs that are installed, if the terminal is a Windows: values of their uninstall entries."""
    lab.windows = {**lab.windows, "programs": value}


def do_os(lab, value):
    """Which Windows the terminal is, if it is one."""
    lab.windows = {**lab.windows, "os": value}


def do_registry(lab, value):
    """More of HKEY_LOCAL_MACHINE, if the terminal is a Windows."""
    lab.windows = {**lab.windows, "registry": {**lab.windows["registry"], **value}}


def do_tmpfs(lab, value):
    lab.tmpfs.update(value)


def do_relay(lab, value):
    lab.set_relay(**value)
    lab.on_revert(lab.set_relay)


def do_trust(lab, value):
    """The terminal trusts one more CA of the lab, or, with `without`, one less."""
    if isinstance(value, dict):
        lab.trust_only([name for name in lab.trusted if name != value["without"]])
    else:
        lab.trust_only([*lab.trusted, value])


def do_vpn(lab, value):
    if value == "up":
        lab.vpn_up()
    elif value == "ikev2":
        lab.ikev2_up()
    elif value == "other":
        lab.other_vpn_up()
    elif value == "killed":
        lab.vpn_killed()
    else:
        lab.vpn_down()
