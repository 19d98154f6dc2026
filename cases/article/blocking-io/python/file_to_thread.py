"""The same slow file, read in a thread of its own: the event loop stays free."""

import asyncio
import os
import threading


def write_later(path):
    """Somebody else writes the file, which takes a while."""

    def write():
        with open(path, "w") as file:
            file.write("x")

    threading.Timer(0.8, write).start()


def read(path):
    with open(path) as file:
        return file.read()


async def load():
    print("Load starting.")
    os.mkfifo("slow")
    write_later("slow")
    await asyncio.to_thread(read, "slow")
    print("Load done.")


async def quick_task():
    print("Quick task starting.")
    await asyncio.sleep(0.2)
    print("Quick task done.")


async def main():
    await asyncio.gather(load(), quick_task())


asyncio.run(main())
