"""The job takes the next of nothing."""

import asyncio
import os


def give_up():
    print("Still waiting.", flush=True)
    os._exit(0)


async def main():
    loop = asyncio.get_running_loop()
    loop.call_later(0.3, give_up)
    try:
        await loop.run_in_executor(None, next, iter([]))
    except Exception:
        print("Error is told.")


asyncio.run(main())
