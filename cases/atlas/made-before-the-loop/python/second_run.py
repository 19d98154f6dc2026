"""The queue was waited for in a loop that has ended."""

import asyncio


async def main(queue):
    asyncio.get_running_loop().call_later(0.01, queue.put_nowait, 1)
    await queue.get()
    return queue


async def make():
    queue = asyncio.Queue()
    return await main(queue)


queue = asyncio.run(make())
try:
    asyncio.run(main(queue))
    print("Got it.")
except RuntimeError:
    print("Refused.")
