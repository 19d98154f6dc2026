"""Reads that the event loop does itself: no thread waits for data, so none is scarce."""

import asyncio
import os


async def read(pipe):
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: protocol, os.fdopen(pipe, "rb", 0))
    await reader.readexactly(1)
    transport.close()


async def slow_read(number, pipe):
    print(f"Slow read {number} starting.")
    await read(pipe)
    print(f"Slow read {number} done.")


async def quick_read(pipe):
    print("Quick read starting.")
    await read(pipe)
    print("Quick read done.")


async def main():
    loop = asyncio.get_running_loop()
    reads = []
    for number in range(4):
        source, sink = os.pipe()
        loop.call_later(1.5, os.write, sink, b"x")
        reads.append(slow_read(number, source))
    source, sink = os.pipe()
    os.write(sink, b"x")
    await asyncio.gather(*reads, quick_read(source))


asyncio.run(main())
