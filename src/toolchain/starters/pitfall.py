# Awaits each task before it starts the next.
import asyncio


async def task(number):
    print(f"Task {number} starts.")
    await asyncio.sleep(0.4)
    print(f"Task {number} is done.")


async def main():
    await task(1)
    await task(2)


asyncio.run(main())
