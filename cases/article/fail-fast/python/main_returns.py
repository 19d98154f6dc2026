"""When main() returns, asyncio.run() cancels whatever gather() left running."""

import asyncio
import os
import sys
import time
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


async def main():
    try:
        data1, data2 = await asyncio.gather(fetch("/data1"), fetch("/data2"))
        print("Fetched data:", data1, data2)
    except OSError:
        print("All operations failed as an error occurred", file=sys.stderr)


asyncio.run(main())
# The end of the program would drop the request too: go on until long after its answer was due.
time.sleep(2)
print("The program went on.")
