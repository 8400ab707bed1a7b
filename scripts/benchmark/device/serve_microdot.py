"""microdot on asyncio; what runs beside it is a task that yields at once.

MicroPython's asyncio takes the benchmark's sockets; CPython's makes its own, without the limits of a board.
"""

import asyncio
import sys

import work
from microdot import Microdot, Response, send_file


def run(pool, port, folder, beside):
    if sys.implementation.name != "cpython":
        from sockets_micropython import SocketModule

        sys.modules["socket"] = SocketModule(pool)
    app = Microdot()

    @app.get(work.JSON_PATH)
    async def _json(request):
        return Response(work.JSON_BODY, headers={"Content-Type": work.TYPE_JSON})

    @app.get(work.FILE_PATH)
    async def _file(request):
        return send_file(folder + "/" + work.FILE_NAME, content_type=work.TYPE_FILE)

    @app.post(work.POST_PATH)
    async def _post(request):
        work.Calls.count += 1
        size = len(request.body)
        return Response(work.post_body(size), headers={"Content-Type": work.TYPE_JSON})

    @app.get(work.RAISE_PATH)
    async def _raise(request):
        raise ValueError("as asked")

    @app.get(work.CALLS_PATH)
    async def _calls(request):
        return str(work.Calls.count)

    async def main():
        server = asyncio.create_task(app.start_server("127.0.0.1", port))
        await asyncio.sleep(0.01)  # until it listens
        for _ in beside:
            await asyncio.sleep(0)
        server.cancel()

    asyncio.run(main())
