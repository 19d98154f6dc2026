"""A TaskGroup cancels the other tasks at the first error, and waits until they have ended."""

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


async def main():
    try:
        async with asyncio.TaskGroup() as group:
            data1 = group.create_task(fetch("/data1"))
            data2 = group.create_task(fetch("/data2"))
        print("Fetched data:", data1.result(), data2.result())
    except* OSError:
        print("All operations failed as an error occurred", file=sys.stderr)
    # The end of the program would drop the request too: go on until long after its answer was due.
    await asyncio.sleep(2)
    print("The program went on.")


asyncio.run(main())
