"""The work ends as it is told."""

import asyncio


async def work():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        raise


async def main():
    try:
        await asyncio.wait_for(work(), 0.02)
        print("Result.")
    except asyncio.TimeoutError:
        print("Timeout.")


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
