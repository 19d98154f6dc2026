"""A semaphore, which is released and at once asked for again."""

import asyncio


async def wait(lock):
    async with lock:
        print("Waiter has it.")


async def main():
    lock = asyncio.Semaphore(1)
    await lock.acquire()
    waiter = asyncio.ensure_future(wait(lock))
    await asyncio.sleep(0)
    lock.release()
    async with lock:
        print("Latecomer has it.")
    await waiter


loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
loop.run_until_complete(main())
loop.close()
