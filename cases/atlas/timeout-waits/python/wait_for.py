"""wait_for."""

import asyncio


async def work():
    try:
        await asyncio.sleep(10)
    finally:
        await asyncio.sleep(0.05)
        print("Work has cleaned up.")


async def main():
    try:
        await asyncio.wait_for(work(), 0.02)
    except asyncio.TimeoutError:
        print("Timeout.")
    await asyncio.sleep(0.1)


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
