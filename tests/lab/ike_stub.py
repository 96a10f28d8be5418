"""Answers on UDP 500 and 4500 in one way only.

cookie-only       COOKIE to every IKEv2 request, silence otherwise
no-proposal-only  NO_PROPOSAL_CHOSEN to every IKEv2 request, silence otherwise
v1-only           the first answer of main mode to IKEv1, silence otherwise
garbage           a datagram that is not IKE, to everything
echo              the datagram itself, to everything
"""

import hashlib
import select
import socket
import struct
import sys

SA_INIT, MAIN_MODE = 34, 2
SA, NOTIFY = 33, 41
V1_SA = 1
NO_PROPOSAL_CHOSEN, COOKIE = 14, 16390


def message(spi_i, spi_r, first, version, exchange, flags, body):
    return spi_i + spi_r + struct.pack(">4BII", first, version, exchange, flags, 0, 28 + len(body)) + body


def notify(request, kind, data=b""):
    body = struct.pack(">BBHBBH", 0, 0, 8 + len(data), 0, 0, kind) + data
    return message(request[:8], bytes(8), NOTIFY, 0x20, SA_INIT, 0x20, body)


def main_mode(request):
    """Chooses the first transform that was offered."""
    offered = request[28:]
    situation, proposal = offered[4:12], offered[12:]
    spi_size = proposal[6]
    transform = proposal[8 + spi_size:]
    transform = b"\0\0" + transform[2:struct.unpack(">H", transform[2:4])[0]]
    proposal = struct.pack(">BBH", 0, 0, 8 + len(transform)) + bytes([proposal[4], proposal[5], 0, 1]) + transform
    body = struct.pack(">BBH", 0, 0, 12 + len(proposal)) + situation + proposal
    spi_r = hashlib.sha256(request[:8]).digest()[:8]
    return message(request[:8], spi_r, V1_SA, 0x10, MAIN_MODE, 0, body)


def answer(mode, request):
    if mode == "garbage":
        return b"\x16\x03\x01 this is not the protocol you are looking for\r\n"
    if mode == "echo":
        return request
    if len(request) < 28:
        return None
    version, exchange = request[17], request[18]
    if mode == "v1-only":
        return main_mode(request) if version == 0x10 and exchange == MAIN_MODE and request[16] == V1_SA else None
    if version >> 4 != 2 or exchange != SA_INIT:
        return None
    if mode == "cookie-only":
        return notify(request, COOKIE, hashlib.sha256(request[:8]).digest()[:24])
    if mode == "no-proposal-only":
        return notify(request, NO_PROPOSAL_CHOSEN)
    raise SystemExit(f"unknown mode {mode}")


def serve(mode):
    sockets = {}
    for port in (500, 4500):
        sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind(("::", port))
        sockets[sock] = port
    answer(mode, bytes(28))
    print("ready", flush=True)
    while True:
        for sock in select.select(list(sockets), [], [])[0]:
            request, peer = sock.recvfrom(65535)
            marked = sockets[sock] == 4500
            if marked and mode not in ("garbage", "echo"):
                if request[:4] != bytes(4):
                    continue
                request = request[4:]
            reply = answer(mode, request)
            if reply is None:
                continue
            if marked and mode not in ("garbage", "echo"):
                reply = bytes(4) + reply
            sock.sendto(reply, peer)


if __name__ == "__main__":
    serve(sys.argv[1])
