"""A TLS server that refuses client certificates with TLS alerts, as most servers but nginx do.

    tls_server.py CONFIG    JSON: address, port, chain, key, versions, title, ca and crl (null: it asks for no
                            certificate), days (how far its clock is ahead: its Date header is right all the same)
"""

import email.utils
import json
import socket
import ssl
import sys
import threading
import time

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
LINGER = 2


def context_of(settings):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings["chain"], settings["key"])
    context.minimum_version = VERSIONS[min(settings["versions"])]
    context.maximum_version = VERSIONS[max(settings["versions"])]
    if settings["ca"]:
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        context.load_verify_locations(settings["ca"])
        context.load_verify_locations(settings["crl"])
    return context


def page(settings):
    body = f"<!DOCTYPE html><title>{settings['title']}</title>"
    date = email.utils.formatdate(time.time() - settings["days"] * 86400, usegmt=True)
    return (f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n\r\n{body}").encode()


def finish(connection):
    """Closes it when the client has: unread bytes would turn the close into a reset, which destroys the alert."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(LINGER)
    while connection.recv(4096):
        pass


def serve(raw, context, settings):
    raw.settimeout(10)
    try:
        with context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False) as connection:
            try:
                connection.do_handshake()
                request = b""
                while b"\r\n\r\n" not in request and len(request) < 65536:
                    part = connection.recv(4096)
                    if not part:
                        return
                    request += part
                connection.sendall(page(settings))
                connection.unwrap()
            except ssl.SSLError as error:
                print(error, file=sys.stderr, flush=True)
            finish(connection)
    except OSError as error:
        print(error, file=sys.stderr, flush=True)


def main():
    with open(sys.argv[1]) as file:
        settings = json.load(file)
    context = context_of(settings)
    with socket.create_server((settings["address"], settings["port"]), backlog=64) as listener:
        while True:
            raw, _ = listener.accept()
            threading.Thread(target=serve, args=(raw, context, settings), daemon=True).start()


if __name__ == "__main__":
    main()
