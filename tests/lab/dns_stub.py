"""A DNS server with a peculiarity: dns_stub.py MODE NAMES.json ADDRESS...

aaaa-silent    no answer to questions for IPv6 addresses, whatever the name has
aaaa-nxdomain  the name does not exist, says it of IPv6 addresses
aaaa-servfail  it cannot tell IPv6 addresses
no-addresses   names exist, and have no addresses
garbage        answers that cannot be read: they end in the middle of a name
forged-first   an answer of another identifier with a wrong address comes first
noise          an alias, a signature and EDNS besides each answer
slow           each answer comes after 1.5 seconds
"""

import asyncio
import ipaddress
import json
import struct
import sys

A, CNAME, AAAA, OPT, RRSIG = 1, 5, 28, 41, 46
NOERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
SLOW_SECONDS = 1.5


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
    if kind == AAAA and mode.startswith("aaaa-"):
        return {"aaaa-silent": [], "aaaa-nxdomain": [reply(query, NXDOMAIN)],
                "aaaa-servfail": [reply(query, SERVFAIL)]}[mode]
    if mode == "no-addresses" and name in names:
        return [reply(query)]
    if mode == "forged-first" and kind == A and found:
        forged = [record(b"\xc0\x0c", A, ipaddress.ip_address("198.18.0.1").packed)]
        return [reply(query, NOERROR, forged, identifier=(query[0] ^ 255) << 8 | query[1]), plain]
    if mode == "noise" and name in names:
        return [noisy(query, found, kind)]
    return [plain]


class Udp(asyncio.DatagramProtocol):
    def __init__(self, mode, names):
        self.mode, self.names = mode, names

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, peer):
        for message in replies(self.mode, self.names, data):
            asyncio.get_running_loop().call_later(SLOW_SECONDS if self.mode == "slow" else 0,
                                                  self.transport.sendto, message, peer)


async def serve(mode, names, listen):
    async def tcp(reader, writer):
        try:
            size, = struct.unpack(">H", await reader.readexactly(2))
            for message in replies(mode, names, await reader.readexactly(size)):
                writer.write(struct.pack(">H", len(message)) + message)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    loop = asyncio.get_running_loop()
    for address in listen:
        await loop.create_datagram_endpoint(lambda: Udp(mode, names), (address, 53))
        await asyncio.start_server(tcp, address, 53)
    await asyncio.Event().wait()


if __name__ == "__main__":
    with open(sys.argv[2]) as file:
        asyncio.run(serve(sys.argv[1], json.load(file), sys.argv[3:]))
