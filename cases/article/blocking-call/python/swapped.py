"""The listing with the two arguments of gather() swapped: the quick task gets to start."""

import asyncio
import time


async def blocking_task(duration):
    print(f"Starting blocking task for {duration} seconds.")
    time.sleep(duration)  # holds the thread, and with it the whole event loop
    print(f"Blocking task done after {duration} seconds.")


async def non_blocking_task(duration):
    print(f"Starting non-blocking task for {duration} seconds.")
    await asyncio.sleep(duration)
    print(f"Non-blocking task done after {duration} seconds.")


async def main():
    # The quick task's timer runs out on time, but nobody is free to notice.
    await asyncio.gather(non_blocking_task(1), blocking_task(2))


if __name__ == "__main__":
    asyncio.run(main())
