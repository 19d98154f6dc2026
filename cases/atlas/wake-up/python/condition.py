"""A condition: one waiter is woken, and cancelled before it runs."""

import asyncio


async def main():
    condition = asyncio.Condition()

    async def wait():
        async with condition:
            await condition.wait()

    first = asyncio.ensure_future(wait())
    second = asyncio.ensure_future(wait())
    await asyncio.sleep(0)
    async with condition:
        condition.notify(1)
    first.cancel()
    await asyncio.wait([second], timeout=0.1)
    print("Second is woken." if second.done() else "Second still sleeps.")
    second.cancel()


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
loop.run_until_complete(main())
loop.close()
