"""Network namespaces, links, addresses and packet filter rules."""

import ctypes
import os
import socket
import subprocess
import threading
from dataclasses import dataclass

CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)

TERMINAL, FACILITY, ISP, DNS, SEC, MIO, INSIDE = "terminal", "facility", "isp", "dns", "sec", "mio", "inside"
NODES = (TERMINAL, FACILITY, ISP, DNS, SEC, MIO, INSIDE)

TERMINAL_IP, TERMINAL_IP6 = "192.168.10.10", "2001:db8:10::10"
FACILITY_IP, FACILITY_IP6 = "192.168.10.1", "2001:db8:10::1"
FACILITY_WAN_IP, FACILITY_WAN_IP6 = "198.51.100.2", "2001:db8:100::2"
ISP_IP, ISP_IP6 = "198.51.100.1", "2001:db8:100::1"
ISP2_IP = "198.51.101.2"
DNS_IP, DNS2_IP, DNS_IP6 = "203.0.113.53", "203.0.113.54", "2001:db8:53::53"
SEC_IP, SEC_IP6 = "219.97.232.64", "2404:7a80:219::64"  # documentation addresses count as hijacked
MIO_IP, MIO_IP6 = "133.162.82.105", "2404:7a80:133::105"
MIO_NEW_IP = "133.162.82.106"
INFO_IP = "203.0.113.80"
ORCA_TLS_IP = "133.162.82.110"  # a public one: documentation addresses count as hijacked
INSIDE_GATEWAY_IP, INSIDE_DNS_IP = "10.90.0.1", "10.90.0.53"
PORTAL_IP, PORTAL2_IP, MIO_INTRA_IP = "10.90.0.10", "10.90.0.20", "10.90.0.30"
ORCA_VPN_IP, ORCA_AUTH_IP, ORCA_SMS_IP = "10.90.0.40", "10.90.0.50", "10.90.0.60"
INSIDE_ADDRESSES = (INSIDE_DNS_IP, PORTAL_IP, PORTAL2_IP, MIO_INTRA_IP, ORCA_VPN_IP, ORCA_AUTH_IP, ORCA_SMS_IP)
NAT64_POOL, NAT64_PEER_IP, NAT64_PEER_IP6 = "192.168.255.0/24", "192.168.255.1", "2001:db8:64:ffff::1"
CLAT_IP, CLAT_PEER_IP, CLAT_IP6, CLAT_PEER_IP6 = "192.0.0.1", "192.0.0.2", "2001:db8:10::464", "2001:db8:10::465"
VPN_POOL = "10.91.0.0/24"
IKE_POOL = "10.91.0.128/25"  # of the same network, for IKEv2

SERVICE_ADDRESSES = {DNS: (DNS_IP, DNS2_IP, DNS_IP6), SEC: (SEC_IP, SEC_IP6),
                     MIO: (MIO_IP, MIO_NEW_IP, INFO_IP, ORCA_TLS_IP, MIO_IP6)}

FAULT_CHAINS = {
    "raw": "type filter hook prerouting priority -450;",
    "dstnat": "type nat hook prerouting priority dstnat - 10;",
    "srcnat": "type nat hook postrouting priority srcnat - 10;",
    "forward": "type filter hook forward priority filter - 10;",
    "input": "type filter hook input priority filter - 10;",
    "output": "type filter hook output priority filter - 10;",
}


def set_namespace(path):
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.setns(fd, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"setns {path}")
    finally:
        os.close(fd)


@dataclass(frozen=True)
class Namespace:
    name: str

    @property
    def path(self):
        return f"/run/netns/{self.name}"

    def call(self, function, *args):
        """Runs a function in a thread that has entered this namespace."""
        outcome = {}

        def body():
            try:
                set_namespace(self.path)
                outcome["value"] = function(*args)
            except BaseException as error:  # handed to the caller
                outcome["error"] = error

        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        if "error" in outcome:
            raise outcome["error"]
        return outcome["value"]

    def socket(self, family=socket.AF_INET, kind=socket.SOCK_DGRAM):
        return self.call(socket.socket, family, kind)

    def sysctl(self, values):
        def write():
            for key, value in values.items():
                with open("/proc/sys/" + key.replace(".", "/"), "w") as file:
                    file.write(str(value))

        self.call(write)

    def sysctl_value(self, key):
        def read():
            with open("/proc/sys/" + key.replace(".", "/")) as file:
                return file.read().strip()

        return self.call(read)

    def ip(self, *lines):
        """Runs `ip` commands in one process, then in another those that start with "-6"."""
        six = [line[3:] for line in lines if line.startswith("-6 ")]
        four = [line for line in lines if not line.startswith("-6 ")]
        for family, batch in (([], four), (["-6"], six)):
            if batch:
                run(["ip", *family, "-n", self.name, "-batch", "-"], "\n".join(batch) + "\n")

    def nft(self, text):
        run(["nsenter", "--net=" + self.path, "nft", "-f", "-"], text)

    def route(self, *selector):
        return run(["ip", "-n", self.name, *selector]).stdout

    def fault_rules(self, rules):
        """Puts (chain, rule) pairs in force, replacing earlier ones; an empty list takes all away. What stands at "define"
        (sets, timeouts) the rules can use."""
        text = "table inet fault\ndelete table inet fault\n"
        if rules:
            body = "".join(rule + "\n" for at, rule in rules if at == "define")
            for chain, head in FAULT_CHAINS.items():
                lines = [rule for at, rule in rules if at == chain]
                if lines:
                    body += f"chain {chain} {{ {head}\n" + "\n".join(lines) + "\n}\n"
            text += f"table inet fault {{\n{body}}}\n"
        self.nft(text)


def run(argv, text=None, check=True):
    done = subprocess.run(argv, input=text, stdin=None if text is not None else subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv)}: {done.stderr.strip()}\n{text or ''}")
    return done


class World:
    """The namespaces of one lab and the links between them."""

    def __init__(self, prefix):
        self.nodes = {node: Namespace(f"{prefix}-{node}") for node in NODES}

    def __getitem__(self, node):
        return self.nodes[node]

    def create(self, wan_is_veth):
        links = [("lan0", FACILITY, "eth0", TERMINAL)]
        links += [("to-" + node, ISP, "eth0", node) for node in SERVICE_ADDRESSES]
        links += [("inside0", SEC, "eth0", INSIDE)]
        if wan_is_veth:
            links.append(("wan0", FACILITY, "wan0", ISP))
        names = [ns.name for ns in self.nodes.values()]
        run(["ip", "-batch", "-"], "".join(f"netns add {name}\n" for name in names))
        for node in NODES:
            self[node].sysctl(sysctls(node))
        run(["ip", "-batch", "-"], "".join(
            f"link add {a} netns {self[an].name} gso_max_segs 1 type veth peer name {b} gso_max_segs 1 "
            f"netns {self[bn].name}\n"
            for a, an, b, bn in links))

    def configure(self):
        """Addresses and routes; both ends of the WAN link must exist."""
        up = "link set lo up", "link set eth0 up"
        self[FACILITY].ip(
            "link set lo up", "link set lan0 up", "link set wan0 up mtu 1500",
            f"addr add {FACILITY_IP}/24 dev lan0", f"addr add {FACILITY_IP6}/64 dev lan0 nodad",
            f"addr add {FACILITY_WAN_IP}/24 dev wan0", f"addr add {FACILITY_WAN_IP6}/64 dev wan0 nodad",
            f"route add default via {ISP_IP} dev wan0", f"-6 route add default via {ISP_IP6} dev wan0")
        self[TERMINAL].ip(
            *up, f"addr add {TERMINAL_IP}/24 dev eth0", f"addr add {TERMINAL_IP6}/64 dev eth0 nodad",
            f"route add default via {FACILITY_IP}", f"-6 route add default via {FACILITY_IP6}")
        isp = ["link set lo up", "link set wan0 up mtu 1500", f"addr add {ISP_IP}/24 dev wan0",
               f"addr add {ISP_IP6}/64 dev wan0 nodad", f"route add 192.168.10.0/24 via {FACILITY_WAN_IP} dev wan0",
               f"-6 route add 2001:db8:10::/64 via {FACILITY_WAN_IP6} dev wan0"]
        for node, addresses in SERVICE_ADDRESSES.items():
            isp += [f"link set to-{node} up", f"addr add fe80::1/64 dev to-{node} nodad"]
            host = [*up, "addr add fe80::2/64 dev eth0 nodad"]
            for address in addresses:
                six = ":" in address
                isp.append(f"{'-6 ' if six else ''}route add {address} dev to-{node}"
                           + (" via fe80::2" if six else ""))
                host.append(f"addr add {address}/{'128 dev eth0 nodad' if six else '32 dev eth0'}")
            host += [f"route add default via {ISP_IP} dev eth0 onlink src {addresses[0]}",
                     f"-6 route add default via fe80::1 dev eth0 src {addresses[-1]}"]
            self[node].ip(*host)
        self[ISP].ip(*isp)
        self[SEC].ip("link set inside0 up", f"addr add {INSIDE_GATEWAY_IP}/24 dev inside0")
        self[INSIDE].ip(*up, *(f"addr add {address}/24 dev eth0" for address in INSIDE_ADDRESSES),
                        f"route add default via {INSIDE_GATEWAY_IP}")
        # Whoever is in the VPN reaches the inside only.
        self[SEC].nft(f"""table inet gateway {{ chain forward {{ type filter hook forward priority filter;
            ip saddr {VPN_POOL} ip daddr != 10.90.0.0/24 drop
            iifname eth0 oifname inside0 drop
            }}
            }}""")

    def second_isp_hop(self, on):
        """The ISP forwards what comes from the facility twice: a router more, which calls itself ISP2_IP."""
        isp = self[ISP]
        isp.sysctl({"net.ipv4.icmp_errors_use_inbound_ifaddr": int(on)})
        if not on:
            isp.ip("rule del iif wan0 lookup 100", "link del hop0")
            return
        isp.ip("link add hop0 type veth peer name hop1", "link set hop1 address 02:00:00:00:00:02",
               "link set hop0 up", "link set hop1 up", f"addr add {ISP2_IP}/24 dev hop1",
               "neigh add 198.51.101.9 lladdr 02:00:00:00:00:02 dev hop0",
               "route add default via 198.51.101.9 dev hop0 onlink table 100", "rule add iif wan0 lookup 100")

    def masquerade(self, on):
        rule = 'ip saddr 192.168.10.0/24 oifname "wan0" masquerade' if on else ""
        self[FACILITY].nft(f"""table inet router
            delete table inet router
            table inet router {{ chain postrouting {{ type nat hook postrouting priority srcnat;
            {rule}
            }}
            }}""")


def sysctls(node):
    values = {
        "net.ipv4.icmp_ratelimit": 0,
        "net.ipv6.icmp.ratelimit": 0,
        "net.ipv6.conf.default.accept_dad": 0,
        "net.ipv6.conf.default.accept_ra": 0,
        "net.ipv6.conf.default.router_solicitations": 0,
    }
    if node in (FACILITY, ISP, SEC):
        values.update({"net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1})
    return values


def destroy(prefix):
    """Ends every process in the namespaces of a lab and removes them."""
    names = [f"{prefix}-{node}" for node in NODES if os.path.exists(f"/run/netns/{prefix}-{node}")]
    for name in names:
        for pid in run(["ip", "netns", "pids", name], check=False).stdout.split():
            try:
                os.kill(int(pid), 9)
            except ProcessLookupError:
                pass
    if names:
        run(["ip", "-batch", "-"], "".join(f"netns del {name}\n" for name in names), check=False)
