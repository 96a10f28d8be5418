"""A TLS and HTTP server that can be odd in any way; nginx is the one for what is usual.

    web_server.py CONFIG    JSON: port, chain, key, how TLS is spoken: versions, ciphers, dh (bits), config (an OpenSSL
                            configuration: signatures, groups) and what is answered, see Answer

It answers on all addresses of its node at one port, to which the lab leads what goes to the site's port 443.
"""

import email.utils
import json
import socket
import ssl
import struct
import sys
import threading
import time

VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
DATES = {
    "usual": lambda at: email.utils.formatdate(at, usegmt=True),
    "rfc850": lambda at: time.strftime("%A, %d-%b-%y %H:%M:%S GMT", time.gmtime(at)),
    "asctime": lambda at: time.asctime(time.gmtime(at)),
    "offset": lambda at: time.strftime("%a, %d %b %Y %H:%M:%S +0900", time.gmtime(at + 9 * 3600)),
    "garbage": lambda at: "soon",
}


class Answer:
    """What the server says: `status`, `reason`, `headers` (pairs), `body`, `version` of HTTP; when it is by its Date:
    `date` (none, or a form of DATES), `seconds` that it is ahead, `age` (of a cache: the Date is so much older); how it
    says it: `wait_accept`, `wait_first`, `wait_rest` (seconds before TLS, the first byte, and between pieces of the rest),
    `chunked`, `no_length` (the body ends with the connection), `early` (103 first); `from`: the rest holds from the
    connection or request of this number on, what comes before is answered with 200; `end`: instead of an answer the
    connection is closed, reset, or nothing comes at all (`silent`)."""

    defaults = {"status": 200, "reason": "OK", "headers": [["Content-Type", "text/html"]], "body": "<!DOCTYPE html><title>Sign in</title>",
                "version": "1.1", "date": "usual", "seconds": 0, "age": None, "wait_accept": 0, "wait_first": 0, "wait_rest": 0,
                "chunked": False, "no_length": False, "early": False, "end": None}

    def __init__(self, given):
        unknown = given.keys() - self.defaults.keys()
        if unknown:
            raise SystemExit(f"unknown: {sorted(unknown)}")
        self.__dict__.update(self.defaults, **given)

    def head(self, length):
        lines = [f"HTTP/{self.version} {self.status} {self.reason}"]
        now = time.time() + self.seconds - (self.age or 0)
        if self.date != "none":
            lines.append(f"Date: {DATES[self.date](now)}")
        if self.age is not None:
            lines.append(f"Age: {self.age}")
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
        elif not self.no_length:
            lines.append(f"Content-Length: {length}")
        lines += [f"{name}: {value}" for name, value in self.headers] + ["Connection: close"]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def pieces(self, method):
        body = self.body.encode()
        if self.early:
            yield b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
        yield self.head(len(body))
        if method == "HEAD" or self.status in (204, 304):
            return
        for at in range(0, len(body), 256):
            part = body[at:at + 256]
            yield f"{len(part):x}\r\n".encode() + part + b"\r\n" if self.chunked else part
        if self.chunked:
            yield b"0\r\n\r\n"

    def tell(self, connection, method):
        time.sleep(self.wait_first)
        if self.end == "silent":
            time.sleep(60)
        if self.end:
            return
        for number, piece in enumerate(self.pieces(method)):
            time.sleep(self.wait_rest if number else 0)
            connection.sendall(piece)


def context_of(settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers((settings["ciphers"] or "ALL") + ":@SECLEVEL=0")  # first: weak keys and groups are taken then, too
    context.load_cert_chain(settings["chain"], settings["key"])
    versions = settings["versions"].split()
    context.minimum_version, context.maximum_version = VERSIONS[min(versions)], VERSIONS[max(versions)]
    if settings["dh"]:
        context.load_dh_params(settings["dh"])
    context.set_alpn_protocols(["http/1.1"])
    return context


def reset(raw):
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raw.close()


def serve(raw, context, answer):
    raw.settimeout(60)
    try:
        time.sleep(answer.wait_accept)
        with context.wrap_socket(raw, server_side=True) as connection:
            request = b""
            while b"\r\n\r\n" not in request and len(request) < 65536:
                part = connection.recv(4096)
                if not part:
                    return
                request += part
            answer.tell(connection, request.split(b" ")[0].decode("ascii", "replace"))
            if answer.end == "reset":
                return reset(connection)
            connection.unwrap()
    except OSError as error:
        print(error, file=sys.stderr, flush=True)


def main():
    with open(sys.argv[1]) as file:
        settings = json.load(file)
    context, answer = context_of(settings), Answer(settings["answer"])
    listener = socket.create_server(("", settings["port"]), backlog=64, family=socket.AF_INET6, dualstack_ipv6=True)
    print("ready", flush=True)
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=serve, args=(raw, context, answer), daemon=True).start()


if __name__ == "__main__":
    main()
