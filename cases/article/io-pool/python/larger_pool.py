"""One thread more than slow reads: it is there for the quick one."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor


def slow_read(number, pipe):
    os.read(pipe, 1)
    print(f"Slow read {number} done.\n", end="")


def quick_read(pipe):
    os.read(pipe, 1)
    print("Quick read done.\n", end="")


async def main():
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(max_workers=5)
    reads = []
    for number in range(4):
        source, sink = os.pipe()
        loop.call_later(1.5, os.write, sink, b"x")
        print(f"Slow read {number} starting.")
        reads.append(loop.run_in_executor(pool, slow_read, number, source))
    source, sink = os.pipe()
    os.write(sink, b"x")
    print("Quick read starting.")
    reads.append(loop.run_in_executor(pool, quick_read, source))
    await asyncio.gather(*reads)


asyncio.run(main())
