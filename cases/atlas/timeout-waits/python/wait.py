"""wait, whose timeout cancels nothing by itself."""

import asyncio


async def work():
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(0.05)
        print("Work has cleaned up.")


async def main():
    task = asyncio.ensure_future(work())
    await asyncio.wait([task], timeout=0.02)
    task.cancel()
    print("Timeout.")
    await asyncio.sleep(0.1)


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
