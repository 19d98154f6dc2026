"""A task."""

import asyncio


async def step():
    print("First step.")


async def main():
    task = asyncio.create_task(step())
    print("Others go on.")
    await task


asyncio.run(main())
