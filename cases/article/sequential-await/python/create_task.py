"""A task runs by itself: all are begun before the first is awaited."""

import asyncio


async def step(number):
    print(f"Step {number} starting.")
    await asyncio.sleep(0.5)
    print(f"Step {number} done.")


async def main():
    steps = [asyncio.create_task(step(number)) for number in (1, 2, 3)]
    for each in steps:
        await each


asyncio.run(main())
