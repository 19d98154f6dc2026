"""The work waits, and handles nothing."""

import asyncio


async def work():
    await asyncio.sleep(10)
    print("Work went on.")


async def main():
    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    if task.cancelled():
        print("Work was ended.")


asyncio.run(main())
