"""Out of a task, to whoever awaits it: a task has a copy of the context."""

import asyncio
import contextvars

variable = contextvars.ContextVar("variable", default="unset")


async def enter():
    variable.set("set")


async def main():
    await asyncio.create_task(enter())
    print("Context kept." if variable.get() == "set" else "Context lost.")


asyncio.run(main())
