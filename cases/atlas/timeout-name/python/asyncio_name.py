"""That of wait_for, by the name that asyncio has for it."""

import asyncio


async def main():
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except asyncio.TimeoutError:
        print("Caught.")
    except Exception:
        print("Missed.")


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
