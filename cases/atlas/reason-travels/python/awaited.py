"""To whoever awaits the task that was cancelled."""

import asyncio


async def main():
    task = asyncio.ensure_future(asyncio.sleep(10))
    await asyncio.sleep(0)
    task.cancel("reason")
    try:
        await task
    except asyncio.CancelledError as error:
        print("Reason arrived." if error.args == ("reason",) else "Reason was lost.")


asyncio.run(main())
