"""gather(return_exceptions=True) waits for both and keeps what became of each."""

import asyncio
import os
import sys
from urllib.parse import urlsplit


async def get(path):
    """The body of the answer; an error where its status is 400 or more."""
    server = urlsplit(os.environ["REPRO_STAND_IN"])
    reader, writer = await asyncio.open_connection(server.hostname, server.port)
    try:
        request = f"GET {path} HTTP/1.1\r\nHost: {server.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        answer = (await reader.read()).decode()
    finally:
        writer.close()
    head, body = answer.split("\r\n\r\n", 1)
    status = int(head.split()[1])
    if status >= 400:
        raise OSError(f"HTTP error! Status: {status}")
    return body


async def fetch(path):
    try:
        return await get(path)
    except OSError as error:
        print(f"Error fetching data: {error}", file=sys.stderr)
        raise


def report(name, outcome):
    if isinstance(outcome, Exception):
        print(f"{name} rejected: {outcome}")
    else:
        print(f"{name} fulfilled: {outcome}")


async def main():
    requests = fetch("/data1"), fetch("/data2")
    data1, data2 = await asyncio.gather(*requests, return_exceptions=True)
    report("data1", data1)
    report("data2", data2)


asyncio.run(main())
