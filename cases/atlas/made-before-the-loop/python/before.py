"""The queue is made first."""

import asyncio

queue = asyncio.Queue()


async def main():
    asyncio.get_running_loop().call_later(0.01, queue.put_nowait, 1)
    try:
        await queue.get()
        print("Got it.")
    except RuntimeError:
        print("Refused.")


asyncio.run(main())
