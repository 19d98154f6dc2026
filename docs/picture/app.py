import asyncio, time

async def report(name):
    print(f"{name} starts")
    time.sleep(1)
    print(f"{name} is done")

async def main():
    await asyncio.gather(report("sales"), report("stock"))

asyncio.run(main())
