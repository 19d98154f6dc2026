"""What wait_for waits for is done in the same turn in which the work is cancelled."""

import asyncio


async def main():
    loop = asyncio.get_running_loop()
    answer = loop.create_future()

    async def work():
        await asyncio.wait_for(answer, 10)
        print("Work went on.")

    task = loop.create_task(work())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    answer.set_result(1)
    task.cancel()
    await asyncio.wait([task])
    if task.cancelled():
        print("Work was ended.")


asyncio.run(main())
