"""A slow file read inside a coroutine holds the event loop until its data is there."""

import asyncio
import os
import threading


def write_later(path):
    """Somebody else writes the file, which takes a while."""

    def write():
        with open(path, "w") as file:
            file.write("x")

    threading.Timer(0.8, write).start()


async def load():
    print("Load starting.")
    os.mkfifo("slow")
    write_later("slow")
    with open("slow") as file:  # blocking call
        file.read()
    print("Load done.")


async def quick_task():
    print("Quick task starting.")
    await asyncio.sleep(0.2)
    print("Quick task done.")


async def main():
    await asyncio.gather(load(), quick_task())


asyncio.run(main())
