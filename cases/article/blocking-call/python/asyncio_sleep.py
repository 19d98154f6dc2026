"""A sleep that gives the event loop back: both tasks make progress."""

import asyncio


async def blocking_task(duration):
    print(f"Starting blocking task for {duration} seconds.")
    await asyncio.sleep(duration)  # suspends this task alone
    print(f"Blocking task done after {duration} seconds.")


async def non_blocking_task(duration):
    print(f"Starting non-blocking task for {duration} seconds.")
    await asyncio.sleep(duration)
    print(f"Non-blocking task done after {duration} seconds.")


async def main():
    await asyncio.gather(blocking_task(2), non_blocking_task(1))


if __name__ == "__main__":
    asyncio.run(main())
