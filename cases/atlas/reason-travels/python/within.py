"""To the task that was cancelled."""

import asyncio


async def work():
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError as error:
        print("Reason arrived." if error.args == ("reason",) else "Reason was lost.")


async def main():
    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    task.cancel("reason")
    await task


asyncio.run(main())
