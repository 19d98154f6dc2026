"""A request that the event loop does itself: while it waits for the answer, others run."""

import asyncio
import os
from urllib.parse import urlsplit


async def load():
    print("Load starting.")
    server = urlsplit(os.environ["REPRO_STAND_IN"])
    reader, writer = await asyncio.open_connection(server.hostname, server.port)
    request = f"GET /page HTTP/1.1\r\nHost: {server.netloc}\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    await reader.read()
    writer.close()
    print("Load done.")


async def quick_task():
    print("Quick task starting.")
    await asyncio.sleep(0.2)
    print("Quick task done.")


async def main():
    await asyncio.gather(load(), quick_task())


asyncio.run(main())
