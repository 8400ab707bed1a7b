"""microdot on asyncio; what runs beside it is a task that yields at once."""

import asyncio
import sys

import work
from microdot import Microdot, Response, send_file


def run(spec, pool, beside):
    sys.modules["socket"] = pool  # asyncio imports it when the server starts
    app = Microdot()

    @app.get(work.JSON_PATH)
    async def _json(request):
        return Response(work.JSON_BODY, headers={"Content-Type": work.TYPE_JSON})

    @app.get(work.FILE_PATH)
    async def _file(request):
        return send_file(spec["folder"] + "/" + work.FILE_NAME, content_type=work.TYPE_FILE)

    @app.post(work.POST_PATH)
    async def _post(request):
        return Response(work.posted(request.body), headers={"Content-Type": work.TYPE_JSON})

    async def main():
        server = asyncio.create_task(app.start_server("127.0.0.1", spec["port"]))
        await asyncio.sleep(0.01)  # until it listens
        for _ in beside:
            await asyncio.sleep(0)
        server.cancel()

    asyncio.run(main())
