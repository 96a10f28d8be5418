"""Asks an IKE responder a few questions and prints its answers as JSON, for the lab's own tests.

    ike_probe.py HOST PORT QUESTION...       questions: v3 (a version that does not exist) · bad (a proposal that
                                             nobody takes) · good · v1 · big (a good one in fragments) · whole (a
                                             large one that may not be fragmented) · large (one whose answer
                                             is large)
"""

import hashlib
import json
import os
import socket
import struct
import sys

IP_MTU_DISCOVER, IP_PMTUDISC_DO = 10, 2
NOTIFIES = {5: "INVALID_MAJOR_VERSION", 7: "INVALID_SYNTAX", 14: "NO_PROPOSAL_CHOSEN", 17: "INVALID_KE_PAYLOAD",
            16390: "COOKIE"}


def chain(payloads):
    body = b""
    for (_, data), (following, _) in zip(payloads, [*payloads[1:], (0, None)]):
        body += struct.pack(">BBH", following, 0, 4 + len(data)) + data
    return body


def transforms(entries):
    data = b""
    for number, (kind, name, bits) in enumerate(entries):
        attribute = struct.pack(">HH", 0x800E, bits) if bits else b""
        data += struct.pack(">BBHBBH", 0 if number == len(entries) - 1 else 3, 0, 8 + len(attribute), kind, 0, name)
        data += attribute
    return struct.pack(">BBHBBBB", 0, 0, 8 + len(data), 1, 1, 0, len(entries)) + data


def nat_hash(spi, name):
    return hashlib.sha1(spi + socket.inet_pton(socket.AF_INET, name[0]) + struct.pack(">H", name[1])).digest()


def v2(spi, local, remote, question):
    good = question in ("good", "big", "whole", "large")
    group, size = (18, 1024) if question == "large" else (14, 256) if good else (2, 128)
    suite = [(1, 12, 256), (2, 5, 0), (3, 12, 0)] if good else [(1, 3, 0), (2, 1, 0), (3, 1, 0)]
    suite.append((4, group, 0))
    payloads = [(33, transforms(suite)), (34, struct.pack(">HH", group, 0) + b"\1" + os.urandom(size - 1)),
                (40, os.urandom(32)),
                (41, struct.pack(">BBH", 0, 0, 16388) + nat_hash(spi + bytes(8), local)),
                (41, struct.pack(">BBH", 0, 0, 16389) + nat_hash(spi + bytes(8), remote))]
    if question == "big":
        payloads.append((43, os.urandom(1400)))
    if question == "whole":
        payloads.append((43, os.urandom(950)))
    return header(spi, 33, 0x30 if question == "v3" else 0x20, 34, 8, chain(payloads))


def header(spi, first, version, exchange, flags, body):
    return spi + bytes(8) + struct.pack(">4BII", first, version, exchange, flags, 0, 28 + len(body)) + body


def v1(spi):
    attributes = b"".join(struct.pack(">HH", 0x8000 | key, value)
                          for key, value in ((1, 7), (14, 256), (2, 4), (4, 14), (3, 1), (11, 1), (12, 3600)))
    transform = struct.pack(">BBHBBH", 0, 0, 8 + len(attributes), 1, 1, 0) + attributes
    proposal = struct.pack(">BBHBBBB", 0, 0, 8 + len(transform), 1, 1, 0, 1) + transform
    return header(spi, 1, 0x10, 2, 0, chain([(1, struct.pack(">II", 1, 1) + proposal)]))


def describe(answer, request, local, remote):
    spi = request[:8]
    if answer == request:
        return {"answer": "echo"}
    if len(answer) < 28 or answer[:8] != spi or struct.unpack(">I", answer[24:28])[0] != len(answer):
        return {"answer": "not-ike"}
    result = {"answer": "ike", "version": answer[17], "exchange": answer[18], "notifies": [], "payloads": []}
    kind, rest = answer[16], answer[28:]
    while kind and len(rest) >= 4:
        following, _, length = struct.unpack(">BBH", rest[:4])
        data = rest[4:length]
        result["payloads"].append(kind)
        if kind == 41:
            number = struct.unpack(">H", data[2:4])[0]
            result["notifies"].append(NOTIFIES.get(number, number))
            if number == 16388:
                result["server_nat"] = data[4:] != nat_hash(answer[:16], remote)
            if number == 16389:
                result["client_nat"] = data[4:] != nat_hash(answer[:16], local)
        kind, rest = following, rest[length:]
    return result


def ask(host, port, question):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(0.6)
    if question == "whole":
        sock.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO)
    spi = os.urandom(8)
    marker = bytes(4) if port == 4500 else b""
    try:
        sock.connect((host, port))
        local, remote = sock.getsockname(), (host, port)
        request = v1(spi) if question == "v1" else v2(spi, local, remote, question)
        sock.send(marker + request)
        answer = sock.recv(65535)
    except TimeoutError:
        return {"answer": "silent"}
    except OSError as error:
        return {"answer": type(error).__name__ if error.errno == 111 else os.strerror(error.errno)}
    if marker and answer[:4] != marker:
        return {"answer": "not-ike"}
    return describe(answer[len(marker):], request, local, remote)


if __name__ == "__main__":
    print(json.dumps({question: ask(sys.argv[1], int(sys.argv[2]), question) for question in sys.argv[3:]}))
