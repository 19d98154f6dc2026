"""That of wait_for, by the name that needs no import."""

import asyncio


async def main():
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except TimeoutError:
        print("Caught.")
    except Exception:
        print("Missed.")


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
