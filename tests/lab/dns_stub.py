"""A DNS server with peculiarities: dns_stub.py MODE NAMES.json ADDRESS...

aaaa-silent    no answer to questions for IPv6 addresses, whatever the name has
aaaa-nxdomain  the name does not exist, says it of IPv6 addresses
aaaa-servfail  it cannot tell IPv6 addresses
no-addresses   names exist, and have no addresses
garbage        answers that cannot be read: they end in the middle of a name
forged-first   an answer of another identifier with a wrong address comes first
noise          an alias, a signature and EDNS besides each answer
slow           each answer comes after 1.5 seconds

Or MODE is a JSON object, of a server that is one in several ways, as DNS proxies of home gateways are:

a, aaaa     what it says to questions of this type instead: silent, nodata, nxdomain, servfail, refused, notimp, formerr;
            a list of addresses; "a": the IPv4 addresses, as an answer of the wrong type
only        the names for which the two above hold, instead of all
edns        what it says to questions with EDNS: as above
tcp         closed (it does not listen) or silent
delay_ms    how long each answer takes
cold_ms     how long the first answer about each name takes, besides
serial      one question at a time: those that come while one is being answered are lost
per_port    one answer to each source port: a second question from the same one is lost for 5 seconds
per_second  so many questions a second, more are lost
fails       {"from": N, "count": N, "code": servfail}: questions of these numbers get this code
fail_percent  so many of a hundred questions get "servfail", at random; with seed: the same ones each time
ttl         how long the answers may be kept
"""

import asyncio
import ipaddress
import json
import random
import struct
import sys

A, CNAME, AAAA, OPT, RRSIG = 1, 5, 28, 41, 46
CODES = {"nodata": 0, "formerr": 1, "servfail": 2, "nxdomain": 3, "notimp": 4, "refused": 5}
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
PORT_SECONDS = 5
MODES = {"aaaa-silent": {"aaaa": "silent"}, "aaaa-nxdomain": {"aaaa": "nxdomain"}, "aaaa-servfail": {"aaaa": "servfail"},
         "slow": {"delay_ms": 1500}}


def question(query):
    """The name as text, the type, and the bytes of the question."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii", "replace").lower())
        at += 1 + query[at]
    return ".".join(labels), struct.unpack(">H", query[at + 1:at + 3])[0], query[12:at + 5]


def record(name, kind, data, ttl=300):
    return name + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data


def wire_name(text):
    return b"".join(bytes([len(part)]) + part.encode() for part in text.split(".")) + b"\0"


def reply(query, code=NOERROR, answers=(), additional=(), identifier=None):
    head = struct.pack(">HHHHHH", struct.unpack(">H", query[:2])[0] if identifier is None else identifier,
                       0x8180 | code, 1, len(answers), 0, len(additional))
    return head + question(query)[2] + b"".join(answers) + b"".join(additional)


def addresses(names, name, kind):
    found = [ipaddress.ip_address(text).packed for text in names.get(name, [])]
    return [packed for packed in found if len(packed) == (4 if kind == A else 16)]


def noisy(query, found, kind):
    alias = wire_name("lb.example.jp")
    signature = struct.pack(">HBBIIIH", kind, 13, 3, 300, 1893456000, 1577836800, 4711) + b"\0" + bytes(64)
    answers = [record(b"\xc0\x0c", CNAME, alias)]
    answers += [record(alias, kind, packed) for packed in found]
    answers += [record(alias, RRSIG, signature)]
    return reply(query, NOERROR, answers if found else answers[:1], [b"\0" + struct.pack(">HHIH", OPT, 1232, 0x8000, 0)])


def replies(mode, names, query):
    """What goes back, in order."""
    name, kind, _ = question(query)
    found = addresses(names, name, kind) if kind in (A, AAAA) else []
    answers = [record(b"\xc0\x0c", kind, packed) for packed in found]
    plain = reply(query, NOERROR if name in names else NXDOMAIN, answers)
    if mode == "garbage":
        return [reply(query)[:12] + b"\x3fgarbage"]
    if mode == "no-addresses" and name in names:
        return [reply(query)]
    if mode == "forged-first" and kind == A and found:
        forged = [record(b"\xc0\x0c", A, ipaddress.ip_address("198.18.0.1").packed)]
        return [reply(query, NOERROR, forged, identifier=(query[0] ^ 255) << 8 | query[1]), plain]
    if mode == "noise" and name in names:
        return [noisy(query, found, kind)]
    return [plain]


def said(what, query, names, ttl):
    """The answers that a word of the peculiarities stands for."""
    name, kind, _ = question(query)
    if what == "silent":
        return []
    if what == "a":
        return [reply(query, NOERROR, [record(b"\xc0\x0c", A, packed, ttl) for packed in addresses(names, name, A)])]
    if isinstance(what, list):
        return [reply(query, NOERROR, [record(b"\xc0\x0c", kind, packed, ttl)
                                       for packed in addresses({name: what}, name, kind)])]
    return [reply(query, CODES[what])]


class Proxy:
    """A server with several peculiarities, and what it remembers of the questions that it was asked."""

    def __init__(self, ways, names):
        self.ways, self.names = ways, names
        self.random = random.Random(ways.get("seed"))
        self.asked, self.busy_until, self.met, self.ports, self.recent = 0, 0.0, set(), {}, []

    def lost(self, now, port):
        """Whether a question gets lost, before anybody has read it."""
        self.recent = [then for then in self.recent if now - then < 1]
        if self.ways.get("serial") and now < self.busy_until:
            return True
        if port is not None and self.ways.get("per_port") and now - self.ports.get(port, -PORT_SECONDS) < PORT_SECONDS:
            return True
        if len(self.recent) >= self.ways.get("per_second", len(self.recent) + 1):
            return True
        self.recent.append(now)
        self.ports[port] = now
        return False

    def replies(self, query):
        name, kind, _ = question(query)
        ttl, fails = self.ways.get("ttl", 300), self.ways.get("fails")
        self.asked += 1
        if fails and fails["from"] <= self.asked < fails["from"] + fails["count"]:
            return said(fails["code"], query, self.names, ttl)
        if self.random.random() * 100 < self.ways.get("fail_percent", 0):
            return said("servfail", query, self.names, ttl)
        if "edns" in self.ways and struct.unpack(">H", query[10:12])[0]:
            return said(self.ways["edns"], query, self.names, ttl)
        own = {A: "a", AAAA: "aaaa"}.get(kind)
        if own in self.ways and name in self.ways.get("only", [name]):
            return said(self.ways[own], query, self.names, ttl)
        found = addresses(self.names, name, kind) if kind in (A, AAAA) else []
        return [reply(query, NOERROR if name in self.names else NXDOMAIN,
                      [record(b"\xc0\x0c", kind, packed, ttl) for packed in found])]

    def wait(self, query, now):
        """How long the answer takes, in seconds."""
        name = question(query)[0]
        wait = (self.ways.get("delay_ms", 0) + (0 if name in self.met else self.ways.get("cold_ms", 0))) / 1000
        self.met.add(name)
        self.busy_until = now + wait
        return wait


class Stub:
    """A server of one of the modes that are no peculiarities of a proxy."""

    ways = {}

    def __init__(self, mode, names):
        self.mode, self.names = mode, names

    def lost(self, now, port):
        return False

    def replies(self, query):
        return replies(self.mode, self.names, query)

    def wait(self, query, now):
        return 0


class Udp(asyncio.DatagramProtocol):
    def __init__(self, server):
        self.server = server

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        loop = asyncio.get_running_loop()
        if self.server.lost(loop.time(), peer[1]):
            return
        wait = self.server.wait(data, loop.time())
        for message in self.server.replies(data):
            loop.call_later(wait, self.transport.sendto, message, peer)


async def serve(server, listen):
    async def tcp(reader, writer):
        try:
            size, = struct.unpack(">H", await reader.readexactly(2))
            query = await reader.readexactly(size)
            answers = [] if server.ways.get("tcp") == "silent" else server.replies(query)
            await asyncio.sleep(server.wait(query, asyncio.get_running_loop().time()) if answers else PORT_SECONDS)
            for message in answers:
                writer.write(struct.pack(">H", len(message)) + message)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    loop = asyncio.get_running_loop()
    for address in listen:
        await loop.create_datagram_endpoint(lambda: Udp(server), (address, 53))
        if server.ways.get("tcp") != "closed":
            await asyncio.start_server(tcp, address, 53)
    print("ready", flush=True)
    await asyncio.Event().wait()


def server_of(mode, names):
    if mode.startswith("{"):
        return Proxy(json.loads(mode), names)
    return Proxy(MODES[mode], names) if mode in MODES else Stub(mode, names)


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        asyncio.run(serve(server_of(sys.argv[1], json.load(file)), sys.argv[3:]))
