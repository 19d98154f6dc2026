"""gather() makes a task of each coroutine and waits for all of them."""

import asyncio


async def step(number):
    print(f"Step {number} starting.")
    await asyncio.sleep(0.5)
    print(f"Step {number} done.")


async def main():
    await asyncio.gather(step(1), step(2), step(3))


asyncio.run(main())
