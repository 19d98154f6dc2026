# Starts both tasks, then awaits them.
import asyncio


async def task(number):
    print(f"Task {number} starts.")
    await asyncio.sleep(0.4)
    print(f"Task {number} is done.")


async def main():
    await asyncio.gather(task(1), task(2))


asyncio.run(main())
