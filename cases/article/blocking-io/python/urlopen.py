"""A synchronous request inside a coroutine holds the event loop until its answer is there."""

import asyncio
import os
from urllib.request import urlopen


async def load():
    print("Load starting.")
    with urlopen(os.environ["REPRO_STAND_IN"] + "/page") as response:  # blocking call
        response.read()
    print("Load done.")


async def quick_task():
    print("Quick task starting.")
    await asyncio.sleep(0.2)
    print("Quick task done.")


async def main():
    await asyncio.gather(load(), quick_task())


asyncio.run(main())
