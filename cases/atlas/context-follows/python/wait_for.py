"""Out of a coroutine under wait_for, to whoever awaits it."""

import asyncio
import contextvars

variable = contextvars.ContextVar("variable", default="unset")


async def enter():
    variable.set("set")


async def main():
    await asyncio.wait_for(enter(), 1)
    print("Context kept." if variable.get() == "set" else "Context lost.")


asyncio.run(main())
