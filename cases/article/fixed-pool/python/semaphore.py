"""Four coroutines and two permits: no thread is scarce, and yet two of the tasks wait."""

import asyncio


async def perform_task(permits, task, seconds):
    async with permits:
        print(f"Task {task} starting.")
        await asyncio.sleep(seconds)
        print(f"Task {task} completed.")


async def main():
    permits = asyncio.Semaphore(2)
    await asyncio.gather(*(perform_task(permits, task, 1) for task in range(4)))


asyncio.run(main())
