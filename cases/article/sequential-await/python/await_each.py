"""Each await waits for one step before the next is even begun."""

import asyncio


async def step(number):
    print(f"Step {number} starting.")
    await asyncio.sleep(0.5)
    print(f"Step {number} done.")


async def main():
    for number in 1, 2, 3:
        await step(number)


asyncio.run(main())
