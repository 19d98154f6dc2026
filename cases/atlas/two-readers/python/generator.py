"""A generator that waits between two values."""

import asyncio


async def numbers():
    for number in ["one", "two", "three"]:
        await asyncio.sleep(0.01)
        yield number


async def read(generator):
    try:
        print("Got %s." % await generator.__anext__())
    except RuntimeError:
        print("Refused.")


async def main():
    generator = numbers()
    await asyncio.gather(read(generator), read(generator))


loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
