"""A coroutine does nothing until it is awaited: making all of them first begins none."""

import asyncio


async def step(number):
    print(f"Step {number} starting.")
    await asyncio.sleep(0.5)
    print(f"Step {number} done.")


async def main():
    steps = [step(number) for number in (1, 2, 3)]
    for each in steps:
        await each


asyncio.run(main())
