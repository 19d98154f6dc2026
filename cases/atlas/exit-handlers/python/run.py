"""A job of the loop's own pool, and the end of asyncio.run()."""

import asyncio
import time


def job():
    time.sleep(0.1)
    print("Job is done.")


async def main():
    asyncio.get_running_loop().run_in_executor(None, job)


asyncio.run(main())
print("The end.")
