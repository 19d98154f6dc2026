"""The connection is open, and its handler waits for the client."""

import asyncio


async def serve(reader, writer):
    await reader.read()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    _, client = await asyncio.open_connection(*server.sockets[0].getsockname())
    await asyncio.sleep(0.02)

    def leave():
        print("Client leaves.")
        client.close()

    asyncio.get_running_loop().call_later(0.1, leave)
    server.close()
    await server.wait_closed()
    print("Server closed.")
    await asyncio.sleep(0.15)


asyncio.run(main())
