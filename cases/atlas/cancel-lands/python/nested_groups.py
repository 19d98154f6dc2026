"""Two groups, one in the other, fail at once, and the work handles the error of the inner one."""

import asyncio


async def fail(error):
    raise error


async def main():
    end = "Work was ended."
    try:
        async with asyncio.TaskGroup() as outer:
            outer.create_task(fail(ValueError()))
            try:
                async with asyncio.TaskGroup() as inner:
                    inner.create_task(fail(KeyError()))
            except* KeyError:
                pass
            await asyncio.sleep(0.02)
            end = "Work went on."
    except* ValueError:
        print(end)


asyncio.run(main())
