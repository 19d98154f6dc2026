"""The same synchronous request in a thread of its own: the event loop stays free."""

import asyncio
import os
from urllib.request import urlopen


def get(url):
    with urlopen(url) as response:
        return response.read()


async def load():
    print("Load starting.")
    await asyncio.to_thread(get, os.environ["REPRO_STAND_IN"] + "/page")
    print("Load done.")


async def quick_task():
    print("Quick task starting.")
    await asyncio.sleep(0.2)
    print("Quick task done.")


async def main():
    await asyncio.gather(load(), quick_task())


asyncio.run(main())
