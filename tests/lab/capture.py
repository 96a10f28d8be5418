"""What the terminal sent, seen on its interface."""

import socket
import struct
import time

import net
from process import Process

ETHERNET, ANY_INTERFACE = 1, 276  # otherwise plain IP packets
IPV4, IPV6 = b"\x08\x00", b"\x86\xdd"
HOUSEKEEPING6 = {130, 131, 132, 133, 134, 135, 136, 143}  # neighbour discovery and multicast listeners
PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 50: "esp", 58: "icmp6"}


class Capture:
    """`with lab.capture() as seen: ...`, then seen.sent() and seen.count()."""

    def __init__(self, namespace, interface, path):
        self.path = path
        self.interface = interface
        self.namespace = namespace
        self.fragments = {}

    def __enter__(self):
        log = str(self.path) + ".log"
        self.process = Process(self.namespace, ["tcpdump", "-n", "-p", "-Z", "root", "--immediate-mode", "-U", "-s", "0",
                                                "-B", "8192", "-i", self.interface, "-w", self.path], log)

        def listening():
            with open(log) as text:
                return "listening on" in text.read()

        self.process.wait_until(listening)
        return self

    def __exit__(self, *_):
        time.sleep(0.03)
        self.process.stop(2)
        return False

    def packets(self):
        """(seconds, protocol, source, destination, destination port or None, length) of each IP packet."""
        data = self.path.read_bytes()
        link = struct.unpack("<I", data[20:24])[0]
        at = 24
        while at + 16 <= len(data):
            seconds, micro, length, _ = struct.unpack("<IIII", data[at:at + 16])
            frame = data[at + 16:at + 16 + length]
            at += 16 + length
            if link == ETHERNET:
                kind, frame = frame[12:14], frame[14:]
            elif link == ANY_INTERFACE:
                kind, frame = frame[:2], frame[20:]
            else:
                kind = IPV4
            if kind not in (IPV4, IPV6):
                continue
            packet = self.parse(frame)
            if packet:
                yield (seconds + micro / 1e6, *packet)

    def parse(self, ip):
        if ip[0] >> 4 == 4:
            header = (ip[0] & 15) * 4
            number, identity = ip[9], ip[4:6]
            source, target = (socket.inet_ntop(socket.AF_INET, ip[i:i + 4]) for i in (12, 16))
            first = struct.unpack(">H", ip[6:8])[0] & 0x1FFF == 0
            payload = ip[header:]
        else:
            number, payload, identity, first = ip[6], ip[40:], None, True
            source, target = (socket.inet_ntop(socket.AF_INET6, ip[i:i + 16]) for i in (8, 24))
            if number == 0:  # hop-by-hop options
                number, payload = payload[0], payload[(payload[1] + 1) * 8:]
            if number == 44:  # fragment
                number, identity = payload[0], payload[4:8]
                first = struct.unpack(">H", payload[2:4])[0] >> 3 == 0
                payload = payload[8:]
        if number == 2 or (number == 58 and payload[0] in HOUSEKEEPING6):
            return None
        protocol = PROTOCOLS.get(number, str(number))
        port = None
        if protocol in ("tcp", "udp"):
            key = (source, target, number, identity)
            port = struct.unpack(">H", payload[2:4])[0] if first else self.fragments.get(key)
            self.fragments[key] = port
        elif protocol in ("icmp", "icmp6"):
            port = payload[0]
        return protocol, source, target, port, len(ip)

    def outgoing(self):
        own = {net.TERMINAL_IP, net.TERMINAL_IP6}
        return [p for p in self.packets() if p[2] in own or p[2].startswith("10.91.0.")]

    def sent(self):
        """The set of (protocol, address, port) that packets were sent to; for ICMP the port is its type."""
        return {(protocol, target, port) for _, protocol, _, target, port, _ in self.outgoing()}

    def count(self):
        return len(self.outgoing())
