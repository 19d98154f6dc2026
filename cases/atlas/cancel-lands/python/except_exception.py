"""The work handles every Exception."""

import asyncio


async def work():
    try:
        await asyncio.sleep(10)
    except Exception:
        pass
    print("Work went on.")


async def main():
    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    if task.cancelled():
        print("Work was ended.")


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
