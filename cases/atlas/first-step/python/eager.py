"""A task of the eager factory."""

import asyncio


async def step():
    print("First step.")


async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    task = asyncio.create_task(step())
    print("Others go on.")
    await task


asyncio.run(main())
