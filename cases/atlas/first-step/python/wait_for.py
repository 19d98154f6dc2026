"""A coroutine under wait_for, where a callback waits for its turn."""

import asyncio


async def step():
    print("First step.")


async def main():
    asyncio.get_event_loop().call_soon(print, "Others go on.")
    await asyncio.wait_for(step(), 1)


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
