"""An interrupt while asyncio.run() runs a coroutine."""

import asyncio
import os
import signal


async def main():
    os.kill(os.getpid(), signal.SIGINT)
    print("The next line runs.")
    await asyncio.sleep(10)


try:
    asyncio.run(main())
except KeyboardInterrupt:
    print("Interrupted.")
