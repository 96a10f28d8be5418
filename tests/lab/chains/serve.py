"""Serves chains over TLS on 127.0.0.1.

    serve.py CONFIG    JSON: a list of chain, key (paths) and port. Says "ready" when all of them can be connected to.

One process for all of them; weak keys are served too. To a request it answers with an empty page and the time.
"""

import asyncio
import email.utils
import json
import ssl
import sys


def context_of(place):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(place["chain"], place["key"])
    return context


async def answer(reader, writer):
    try:
        await reader.readuntil(b"\r\n\r\n")
        date = email.utils.formatdate(usegmt=True)
        writer.write(f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
    except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


async def main():
    with open(sys.argv[1]) as file:
        places = json.load(file)
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)  # who hangs up is no error here
    for place in places:
        await asyncio.start_server(answer, "127.0.0.1", place["port"], ssl=context_of(place))
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
